"""A form in a dialog. Leaving it keeps what was typed; saving forgets the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui import actions
from tui.actions import Action
from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar, KeyView
from tui.widgets.fields import Field, Value
from tui.widgets.form import Form
from tui.widgets.text import Line, PushButton, set_border_title

Values = dict[str, Value]


class FormDialog(Modal[Values]):
    """Results in the values by field id, or in None after Esc.

    `draft_name` names the draft, which the app keeps until it ends; `drafts` is
    told each change as well, to keep it longer. `refuse` may look at all values
    together and return what is wrong as a sentence.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE,)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        draft_name: str = "",
        drafts: Callable[[dict[str, str]], object] | None = None,
        refuse: Callable[[Values], str | None] | None = None,
        save: str = "",
    ) -> None:
        super().__init__()
        self.heading = title
        self.purpose = t("form.purpose")
        self._fields = tuple(fields)
        self._draft_name = draft_name
        self._drafts = drafts
        self._refuse = refuse
        self._save = save or t("action.shell.save")
        self._restored = False

    def compose(self) -> ComposeResult:
        draft = self.linli.drafts.get(self._draft_name, {})
        self._restored = bool(draft)
        with Vertical(classes="dialog", id="form") as dialog:
            set_border_title(dialog, self.heading)
            yield Form(self._fields, draft=draft, drafts=self._keep)
            yield Line(id="said")
            with Horizontal(classes="buttons"):
                yield PushButton(self._save, id="save", variant="primary")
            yield KeyBar()

    def key_views(self) -> tuple[KeyView, ...]:
        """Return the keys; F2 carries the verb of the button that it presses."""
        return tuple(
            replace(view, label=self._save) if view.action_id == actions.SAVE.id else view
            for view in super().key_views()
        )

    def on_mount(self) -> None:
        if self._restored:
            self.flash(t("form.restored"))

    def _keep(self, texts: dict[str, str]) -> None:
        if self._draft_name:
            self.linli.drafts[self._draft_name] = texts
        if self._drafts is not None:
            self._drafts(texts)

    def on_form_finished(self) -> None:
        self.query_one("#save").focus()

    def on_button_pressed(self) -> None:
        self.do_save()

    def do_save(self) -> None:
        values = self.query_one(Form).values()
        if values is None:
            return
        wrong = self._refuse(values) if self._refuse is not None else None
        if wrong is not None:
            from tui.widgets.text import Tone

            self.flash(wrong, Tone.BAD)
            return
        self.linli.drafts.pop(self._draft_name, None)
        self.dismiss(values)
