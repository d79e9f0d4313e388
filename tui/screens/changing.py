"""What the register's screens share: making a change, telling what became of it, undoing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from models.operations.drafts import load_drafts
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action, shown_key
from tui.context import Question
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.filling import DRAFTS, SavingForm
from tui.screens.register.words import verdict_words
from tui.widgets.fields import Field, Value
from tui.widgets.search import Entry
from tui.widgets.text import Tone
from tui.words import refusal_text

UNDO = action("register.undo", "u", "ctrl+z")

Values = dict[str, Value]
Planned = Callable[[Values], Sequence[Intent]]


@dataclass(slots=True)
class Ledger:
    """The changes made in the register since it was opened, newest last: what `u` takes back."""

    done: list[tuple[UUID, str]] = field(default_factory=list)


class Changing(LinliScreen):
    """A screen of the register. `reread` asks its questions again after a change."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (UNDO,)

    def __init__(self, ledger: Ledger | None = None) -> None:
        super().__init__()
        self.ledger = ledger or Ledger()

    def on_mount(self) -> None:
        def load(desk: Desk) -> dict[str, dict[str, Any]]:
            with desk.store.read() as session:
                return load_drafts(session, desk.seat.compound_id, DRAFTS)

        self.ask(load, self._take_drafts, latest="drafts")

    def _take_drafts(self, drafts: dict[str, dict[str, Any]]) -> None:
        """Know what was half-typed before the app was closed, so that a form opens with it at once."""
        for subject, texts in drafts.items():
            kept = {name: str(text) for name, text in texts.items()}
            self.linli.drafts.setdefault(subject.removeprefix(DRAFTS), kept)

    def reread(self) -> None:
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id == UNDO.id and not self.ledger.done:
            return t("register.nothing_to_undo")
        return super().why_not(action_id)

    # Changes

    def change(
        self, intents: Sequence[Intent], said: str, then: Callable[[Outcome], object] | None = None
    ) -> None:
        """Perform a group; `said` is what the status line tells when it stands."""

        def made(outcome: Outcome) -> None:
            if self.note_change(outcome, said) and then is not None:
                then(outcome)

        group = tuple(intents)
        self.tell(lambda desk: desk.perform(*group), made)

    def note_change(self, outcome: Outcome, said: str) -> bool:
        """Remember a change for undo, say it, and show what stands now; if it was refused, only say why.

        Tells whether it stands.
        """
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return False
        self.ledger.done.append((outcome.group_id, said))
        self.say_saved(verdict_words(said, outcome))
        self.reread()
        return True

    def say_saved(self, what: str) -> None:
        self.flash(t("register.saved", what=what, key=shown_key(self.undo_key())), Tone.GOOD)

    def undo_key(self) -> str:
        """Return the key that undoes as the screen stands: where text is typed a letter is only a letter."""
        keys = UNDO.current_keys
        typing = isinstance(self.focused, Entry)
        return next((key for key in keys if not typing or len(key) > 1), keys[0])

    def do_undo(self) -> None:
        # Off the ledger at once: who presses twice means two changes.
        group_id, said = self.ledger.done.pop()

        def taken_back(outcome: Outcome) -> None:
            if outcome.refused is not None:
                self.flash(t("register.not_undone", what=said, why=refusal_text(outcome.refused)), Tone.BAD)
            else:
                self.flash(t("register.undone", what=said), Tone.GOOD)
            self.reread()

        def failed(_error: Exception) -> None:
            self.ledger.done.append((group_id, said))

        self.tell(self.undoing(group_id), taken_back, failed=failed)

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        """Return what takes a change of the ledger back."""
        return lambda desk: desk.undo(group_id)

    # Forms

    def fill_in(
        self,
        title: str,
        fields: Sequence[Field],
        plan: Planned,
        said: Callable[[Values], str],
        *,
        draft: str,
        save: str = "",
        then: Callable[[Outcome], object] | None = None,
        refuse: Callable[[Values], str | None] | None = None,
    ) -> None:
        """Open a form that performs `plan(values)` and stays open until that is accepted.

        `refuse` looks at all values together first, and returns what is wrong as a sentence.
        """
        form = SavingForm(title, fields, plan, draft_name=draft, save=save, refuse=refuse)
        self.show_form(form, said, then)

    def show_form(
        self,
        form: SavingForm,
        said: Callable[[Values], str],
        then: Callable[[Outcome], object] | None = None,
    ) -> None:
        def saved(values: Values) -> None:
            if form.outcome is None:
                self.flash(t("register.nothing_changed"))
                return
            self.note_change(form.outcome, said(values))
            if then is not None:
                then(form.outcome)

        self._show_modal(form, saved)

    def read(self, question: Callable[[Desk], Any], then: Callable[[Any], object], *, latest: str) -> None:
        """Ask for what this screen shows; an earlier answer on its way is dropped."""
        asked: Question[Any] = question
        self.ask(asked, then, latest=latest)
