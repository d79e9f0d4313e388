"""Taking bills back: it has a reason, and no key undoes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.i18n import t
from tui.screens.changing import Changing, Values
from tui.screens.form import FormDialog
from tui.widgets.fields import Field, TextField
from tui.widgets.text import Tone
from tui.words import refusal_text


class ForGood(Changing):
    """A room in which something is done that only another deed puts right again."""

    def ask_reason(
        self, verb: str, then: Callable[[Values], object], *fields: Field, draft: str, reason: str = ""
    ) -> None:
        """Ask for the reason, after what else there is to say."""
        why = TextField("reason", t("billing.reason"), value=reason, required=True, longest=200)
        self._show_modal(FormDialog(verb, [*fields, why], draft_name=draft, save=verb), then)

    def do_for_good(self, intents: Sequence[Intent], said: str, draft: str) -> None:
        """Perform a group, and say what became of it; what was typed for it is kept until it stands."""
        group = tuple(intents)

        def done(outcome: Outcome) -> None:
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
            else:
                self.linli.drafts.pop(draft, None)
                self.flash(said, Tone.GOOD)
            self.reread()

        self.tell(lambda desk: desk.perform(*group), done)
