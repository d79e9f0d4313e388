"""A form that stays open until what it wants done is accepted, so that a refusal loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.timer import Timer

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import actions
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.drafting import dropping_draft, saving_draft
from tui.screens.form import FormDialog, Values
from tui.widgets.choices import Choices
from tui.widgets.fields import Field
from tui.widgets.form import Form
from tui.widgets.picker import Option
from tui.widgets.text import Tone, clean
from tui.words import refusal_text

OPEN_KNOWN = action("register.open_known", "f3")
DISCARD = action("register.discard", "f4")
#: What the store's drafts of the register's forms are called: this and the form's own name.
DRAFTS = "register:"
_PAUSE = 0.4  # seconds without a key before a draft is written


class SavingForm(FormDialog):
    """Performs `plan(values)`; `outcome` is None when there was nothing to do.

    Results in the values once they are accepted. What is half-typed is kept in
    the store, so that it outlives the app; F4 throws it away.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE, DISCARD)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        plan: Callable[[Values], Sequence[Intent]],
        *,
        draft_name: str,
        save: str = "",
        refuse: Callable[[Values], str | None] | None = None,
    ) -> None:
        super().__init__(title, fields, draft_name=draft_name, save=save, refuse=refuse)
        self.outcome: Outcome | None = None
        self._plan = plan
        self._saving = False
        self._unkept: dict[str, str] | None = None
        self._pause: Timer | None = None

    # Drafts

    def why_not(self, action_id: str) -> str | None:
        if action_id == DISCARD.id and self._draft_name not in self.linli.drafts:
            return t("register.nothing_typed")
        return super().why_not(action_id)

    def _keep(self, texts: dict[str, str]) -> None:
        """Keep what differs from what stands: inputs tell of their first texts as well."""
        if texts == {made.id: clean(made.value) for made in self._fields}:
            self._drop_draft()
        else:
            super()._keep(texts)
            self._unkept = texts
            if self._pause is not None:
                self._pause.stop()
            self._pause = self.set_timer(_PAUSE, self._write_draft)
        self.refresh_keys()

    def _write_draft(self) -> None:
        texts, self._unkept = self._unkept, None
        if texts is not None:
            self.tell(saving_draft(DRAFTS + self._draft_name, texts))

    def _drop_draft(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._unkept = None
        if self.linli.drafts.pop(self._draft_name, None) is not None:
            self.tell(dropping_draft(DRAFTS + self._draft_name))

    def do_back(self) -> None:
        self._write_draft()
        super().do_back()

    def on_unmount(self) -> None:
        # Quitting in the pause after the last key: the app drains its writes before it ends.
        texts, self._unkept = self._unkept, None
        if texts is not None:
            self.linli.asker.write(saving_draft(DRAFTS + self._draft_name, texts))

    async def action_act(self, action_id: str) -> None:
        """Hold keys off while the form saves: its closing must not meet another screen on top."""
        if self._saving:
            self.flash(t("register.saving"))
            return
        await super().action_act(action_id)

    def do_discard(self) -> None:
        for row in self.query_one(Form).rows:
            control = row.control
            if isinstance(control, Choices):
                control.chosen = row.field.value
            else:
                control.value = row.field.value
            row.tell(None)
        self._drop_draft()
        self.flash(t("register.discarded"))
        self.refresh_keys()

    # Saving

    def do_save(self) -> None:
        if self._saving:
            return  # a second F2 while the first is on its way would do it twice
        values = self.query_one(Form).values()
        if values is None:
            return
        wrong = self._refuse(values) if self._refuse is not None else None
        if wrong is not None:
            self.flash(wrong, Tone.BAD)
            return
        intents = tuple(self._plan(values))
        if not intents:
            self._close(values)
            return
        self._saving = True

        def perform(desk: Desk) -> Outcome:
            return desk.perform(*intents)

        def failed(_error: Exception) -> None:
            self._saving = False

        self.tell(perform, lambda outcome: self._judged(values, outcome), failed=failed)

    def _judged(self, values: Values, outcome: Outcome) -> None:
        self._saving = False
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return
        self.outcome = outcome
        self._close(values)

    def _close(self, values: Values) -> None:
        self._drop_draft()
        self.dismiss(values)


class AddingForm(SavingForm):
    """A form for something new that tells at once when the register seems to have it already.

    `look` reads from the texts typed so far what is known already, as options;
    F3 leaves the form for one of them: the result then carries `known`. With
    `strict` what is known cannot be added again; else a second F2 adds it.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE, OPEN_KNOWN, DISCARD)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        plan: Callable[[Values], Sequence[Intent]],
        look: Callable[[Desk, dict[str, str]], Sequence[Option]],
        tell_known: Callable[[Sequence[Option]], str],
        *,
        draft_name: str,
        strict: bool,
        save: str = "",
    ) -> None:
        super().__init__(title, fields, plan, draft_name=draft_name, save=save)
        self._look = look
        self._tell_known = tell_known
        self._strict = strict
        self._known: tuple[Option, ...] = ()
        self._warned: tuple[Option, ...] = ()

    def on_mount(self) -> None:
        self._look_up(self.query_one(Form).texts)

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN_KNOWN.id and not self._known:
            return t("register.nothing_known")
        return super().why_not(action_id)

    def _keep(self, texts: dict[str, str]) -> None:
        super()._keep(texts)
        self._look_up(texts)

    def _look_up(self, texts: dict[str, str]) -> None:
        look = self._look

        def question(desk: Desk) -> tuple[Option, ...]:
            return tuple(look(desk, texts))

        self.ask(question, self._show_known, latest="known")

    def _show_known(self, known: tuple[Option, ...]) -> None:
        if known == self._known:
            return
        self._known = known
        self.flash(self._tell_known(known) if known else "", Tone.WARN)
        self._warned = known
        self.refresh_keys()

    def do_save(self) -> None:
        """Look once more before adding: a fast typist saves before the answer is back."""
        texts = self.query_one(Form).texts
        if self.query_one(Form).values() is None:
            return
        look = self._look

        def question(desk: Desk) -> tuple[Option, ...]:
            return tuple(look(desk, texts))

        self.ask(question, self._save_unless, latest="known")

    def _save_unless(self, known: tuple[Option, ...]) -> None:
        warned, self._known, self._warned = self._warned, known, known
        if known and (self._strict or known != warned):
            self.flash(self._tell_known(known), Tone.WARN)
            return
        super().do_save()

    def do_open_known(self) -> None:
        if len(self._known) == 1:
            self._leave_for(self._known[0].id)
        else:
            self.choose(t("register.open_which"), self._known, self._leave_for)

    def _leave_for(self, option_id: str) -> None:
        # What was typed stays as a draft: the other may turn out to be somebody else.
        self._write_draft()
        self.dismiss({"known": option_id})
