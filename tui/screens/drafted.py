"""A page that is itself a form: what is half-typed on it is kept in the store while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.timer import Timer

from tui.actions import Action
from tui.context import Question
from tui.i18n import t
from tui.screens.changing import Changing
from tui.screens.drafting import dropping_draft, saving_draft
from tui.screens.filling import DISCARD

_PAUSE = 0.4  # seconds without a key before a draft is written


class Drafted(Changing):
    """A subclass names its draft, says what of it is worth keeping, and calls `keep_soon` after each change."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (DISCARD,)
    _pause: Timer | None = None
    #: What is to be written, as it stood at the last key: when the page is gone, its lines are gone before it.
    _unkept: Mapping[str, Any] | None = None

    @property
    def draft(self) -> str:
        """The subject under which the draft is kept."""
        raise NotImplementedError

    def half_typed(self) -> Mapping[str, Any]:
        """Return what is to be kept; empty when nothing is."""
        raise NotImplementedError

    def clear(self) -> None:
        """Show an empty page."""
        raise NotImplementedError

    def keep_soon(self) -> None:
        """Write the draft once typing pauses."""
        self._unkept = self.half_typed()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self._write)

    def kept(self) -> None:
        """Know that what is on the page is in the store by other ways, so that no draft of it is written."""
        self._unkept = None

    def _write(self) -> None:
        values, self._unkept = self._unkept, None
        if values is not None:
            self.tell(self._writing(values))

    def _writing(self, values: Mapping[str, Any]) -> Question[None]:
        return saving_draft(self.draft, values) if values else dropping_draft(self.draft)

    def do_back(self) -> None:
        self._write()
        super().do_back()

    def on_unmount(self) -> None:
        # Quitting in the pause after the last key: the app drains its writes before it ends.
        values, self._unkept = self._unkept, None
        if values is not None:
            self.linli.asker.write(self._writing(values))

    def why_not(self, action_id: str) -> str | None:
        if action_id == DISCARD.id and not self.half_typed():
            return t("register.nothing_typed")
        return super().why_not(action_id)

    def do_discard(self) -> None:
        self.clear()
        self.kept()
        self.tell(dropping_draft(self.draft))
        self.flash(t("register.discarded"))
