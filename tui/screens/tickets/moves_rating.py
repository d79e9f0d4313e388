"""The form of a rating: before a low score is saved it asks whether the ticket shall be opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.operations.envelope import Intent
from tui.i18n import t
from tui.screens.filling import SavingForm
from tui.widgets.fields import Field, Value
from tui.widgets.form import Form
from tui.widgets.picker import Option

Values = dict[str, Value]
_REOPEN, _LEAVE = "reopen", "leave"


class RatingForm(SavingForm):
    """Performs `plan(values, reopen)`; `reopen` is what was answered, False of a score that is not low."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        plan: Callable[[Values, bool], Sequence[Intent]],
        *,
        draft_name: str,
        save: str,
        low_score: int,
    ) -> None:
        super().__init__(
            title, fields, lambda values: plan(values, self.reopen), draft_name=draft_name, save=save
        )
        self.reopen = False
        self._low_score = low_score

    def do_save(self) -> None:
        values = self.query_one(Form).values()
        if values is None:
            return
        self.reopen = False
        if int(str(values["score"])) > self._low_score:
            super().do_save()
            return
        self.choose(
            t("ticket_move.low_title", n=values["score"]),
            [
                Option(_REOPEN, t("ticket_move.low_reopen"), t("ticket_move.low_reopen_note")),
                Option(_LEAVE, t("ticket_move.low_leave"), t("ticket_move.low_leave_note")),
            ],
            self._decided,
        )

    def _decided(self, chosen: str) -> None:
        self.reopen = chosen == _REOPEN
        super().do_save()
