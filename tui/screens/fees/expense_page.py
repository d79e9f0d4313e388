"""One expense: what it is for, who approved it, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from models.fees.money import yuan
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from tui.actions import Action, action
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.fees import expenses_store as store
from tui.screens.fees.expenses import state_mark
from tui.widgets.facts import Fact
from tui.widgets.fields import Field, PickField, TextField
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView

READ = action("expense.read", "enter", footer=False)
APPROVE = action("expense.approve", "1", footer=False)
DECLINE = action("expense.decline", "2", footer=False)
PAY = action("expense.pay", "3", footer=False)
REVERSE = action("expense.reverse", "4", footer=False)
_WHY_NOT: Final = {
    APPROVE.id: store.why_not_approve,
    DECLINE.id: store.why_not_decline,
    PAY.id: store.why_not_pay,
    REVERSE.id: store.why_not_reverse,
}


class ExpensePage(CardPage):
    """The page of one expense; beneath it stands who approved."""

    ROOM: ClassVar[str] = "expense"
    OPEN: ClassVar[Action] = READ
    DEEDS: ClassVar[tuple[Action, ...]] = (APPROVE, DECLINE, PAY, REVERSE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (READ, *DEEDS)
    _paper: store.Paper | None = None

    @property
    def heading(self) -> str:
        line = None if self._paper is None else self._paper.card.line
        name = "" if line is None else " ".join(filter(None, (line.voucher, line.account, yuan(line.fen))))
        return t("expense.of", name=name)

    @property
    def paper(self) -> store.Paper:
        """What is shown; deeds wait until it is read."""
        return known(self._paper)

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("expense.approver"), 12, priority=9),
            Column(t("expense.roles"), 16, priority=7, grow=True),
            Column(t("accounts.column.day"), 16, priority=8),
            Column(t("accounts.column.words"), 12, priority=6, grow=True),
        )

    def no_ties(self) -> str:
        return t("expense.nobody_yet")

    def reread(self) -> None:
        self.read(partial(store.read, expense_id=self.row_id), self._show, latest="expense")

    def _show(self, paper: store.Paper | None) -> None:
        if paper is None:
            self.flash(t("expense.gone"))
            return
        self._paper = paper
        zone = ZoneInfo(paper.zone)
        given = [
            RowView(
                str(one.person_id),
                (
                    one.person,
                    listed([role_word(role) for role in one.roles]),
                    f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
                    one.words,
                ),
            )
            for one in paper.card.given
        ]
        self.show_card(_facts(paper), given)

    def why_not(self, action_id: str) -> str | None:
        if action_id in _WHY_NOT:
            return t("list.reading") if self._paper is None else _WHY_NOT[action_id](self._paper)
        if action_id == READ.id and self.highlighted is None:
            return t("expense.nobody_yet")
        return super().why_not(action_id)

    def do_read(self) -> None:
        """Say the whole of what an approver said, which may have been cut."""
        one = next((one for one in self.paper.card.given if str(one.person_id) == self.highlighted), None)
        if one is not None:
            self.flash(f"{one.person} {one.words}".strip())

    def do_approve(self) -> None:
        self.change([self._intent("expense.approve")], t("expense.approved_said"))

    def do_decline(self) -> None:
        self._form("decline", [_reason("words", t("expense.form.why_not"))], "expense.decline")

    def do_pay(self) -> None:
        paper = self.paper
        fen = paper.card.line.fen
        options = tuple(
            Option(place, paper.named.word(place), t("expense.form.lies", fen=yuan(standing)))
            for place, standing in sorted(paper.held, key=lambda one: one[1] < fen)
        )
        fields = [
            PickField(id="out_of", label=t("expense.form.out_of"), options=options, required=True),
            TextField(
                id="voucher",
                label=t("accounts.form.voucher"),
                value=paper.card.line.voucher,
                longest=LONGEST_NAME,
            ),
        ]
        self._form("pay", fields, "expense.pay")

    def do_reverse(self) -> None:
        self._form("reverse", [_reason("reason", t("accounts.form.reason"))], "expense.reverse")

    def _form(self, verb: str, fields: Sequence[Field], kind: str) -> None:
        names = [field.id for field in fields]
        self.fill_in(
            t(f"expense.title.{verb}", fen=yuan(self.paper.card.line.fen)),
            fields,
            lambda values: [self._intent(kind, **{name: str(values[name] or "") for name in names})],
            lambda _values: t(f"expense.said.{verb}"),
            draft=f"expense:{verb}:{self.row_id}",
            save=t(f"action.expense.{verb}"),
        )

    def _intent(self, kind: str, **fields: str) -> Intent:
        return Intent(kind, {"expense": str(self.row_id), **fields})


def _reason(name: str, label: str) -> Field:
    return TextField(id=name, label=label, required=True, longest=LONGEST_NOTE)


def _facts(paper: store.Paper) -> list[Fact]:
    card, line = paper.card, paper.card.line
    facts = [
        Fact(t("accounts.column.amount"), yuan(line.fen)),
        Fact(t("accounts.column.state"), state_mark(line.state)),
        Fact(t("accounts.column.account"), line.account),
        Fact(t("expense.form.day"), line.spent_on.isoformat()),
        Fact(t("expense.form.payee"), line.payee),
        Fact(t("accounts.form.voucher"), line.voucher),
        Fact(t("expense.asked_by"), line.asked_by),
        Fact(t("expense.needs"), t("expense.so_far", who=store.needed_text(card.needed), n=card.counted)),
    ]
    if line.words:
        facts.append(Fact(t("expense.form.words"), line.words))
    if line.booked_on is not None:
        facts.append(Fact(t("expense.paid_by"), card.paid_by))
        facts.append(Fact(t("expense.form.out_of"), paper.named.word(line.paid_from)))
        facts.append(Fact(t("expense.booked_on"), line.booked_on.isoformat()))
    if line.reversed_on is not None:
        facts.append(Fact(t("expense.reversed"), f"{line.reversed_on.isoformat()} {line.reason}"))
    if line.decided_words:
        facts.append(Fact(t("expense.form.why_not"), line.decided_words))
    return facts
