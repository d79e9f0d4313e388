"""What the rooms of expenses ask of the store, and why somebody may not do a thing. Rules are asked before the operation refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from models.fees.operations import APPROVERS, TREASURERS
from models.fees.queries_accounts import balances
from models.fees.queries_accounts_expenses import (
    ExpenseCard,
    ExpenseLine,
    count_expenses,
    expense_card,
    page_expenses,
)
from models.fees.queries_accounts_names import AccountLine, added_accounts, names_of, places
from models.fees.rules import Approval, ExpenseState, Side
from models.operations.roles import KEEPERS, Role
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.screens.fees.accounts_store import AFTER_ALL, Named

#: The tabs of expenses, and which states each shows.
OPEN, DONE = "open", "done"
STATES: Final = {
    OPEN: (ExpenseState.ASKED, ExpenseState.APPROVED),
    DONE: (ExpenseState.PAID, ExpenseState.REVERSED, ExpenseState.DECLINED),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What expenses are spent on and out of, and what whoever sits there may do."""

    today: date
    accounts: tuple[AccountLine, ...]
    may_record: bool
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """An expense with what can be done to it, by whoever sits there."""

    card: ExpenseCard
    zone: str
    person_id: UUID | None
    roles: frozenset[Role]
    held: tuple[tuple[str, int], ...]
    named: Named


def look(desk: Desk) -> Seen:
    """Read what a form of an expense offers."""
    with desk.store.read() as session:
        added = added_accounts(session, desk.seat.compound_id)
    accounts = tuple(one for one in added if one.side is Side.EXPENSE)
    return Seen(desk.today(), accounts, desk.may(KEEPERS), desk.may(TREASURERS))


def counts(desk: Desk) -> dict[str, int]:
    """Count the expenses of each tab."""
    with desk.store.read() as session:
        return {tab: count_expenses(session, desk.seat.compound_id, states) for tab, states in STATES.items()}


@dataclass(frozen=True, slots=True)
class Expenses:
    """The expenses of a tab that hold a text, read by pages."""

    tab: str
    text: str

    def count(self, desk: Desk) -> int:
        """Return how many there are."""
        with desk.store.read() as session:
            return count_expenses(session, desk.seat.compound_id, STATES[self.tab], self.text)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[ExpenseLine]:
        """Return a page of them."""
        with desk.store.read() as session:
            return page_expenses(
                session, desk.seat.compound_id, STATES[self.tab], self.text, offset=offset, limit=limit
            )


def read(desk: Desk, expense_id: UUID) -> Paper | None:
    """Read an expense, or None where there is none of that id."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        card = expense_card(session, compound_id, expense_id)
        if card is None:
            return None
        standing = balances(session, compound_id, AFTER_ALL)
        held = places(session, compound_id)
        named = Named(names_of(session, compound_id, {*held, card.line.paid_from}))
    roles = frozenset(role for role in Role if desk.may({role}))
    lies = tuple((place, standing.get(place, 0)) for place in held)
    return Paper(card, desk.seat.zone, desk.seat.person_id, roles, lies, named)


# -- why not -----------------------------------------------------------------------------


def needed_text(needed: Approval) -> str:
    """Return who has to approve, and how many of them."""
    roles = listed([role_word(role) for role in needed.roles])
    return t("expense.needed", n=needed.hands, roles=roles)


def why_not_approve(paper: Paper) -> str | None:
    """Return why whoever sits there may not approve an expense."""
    line = paper.card.line
    if line.state not in STATES[OPEN]:
        return t("expense.settled")
    if paper.person_id is None:
        return t("refusal.fee.nobody")
    if paper.person_id == line.asked_by_id:
        return t("expense.own")
    if not paper.roles & set(paper.card.needed.roles):
        return t("expense.not_your_role", who=needed_text(paper.card.needed))
    if any(one.person_id == paper.person_id for one in paper.card.given):
        return t("expense.approved_by_you")
    return None


def why_not_decline(paper: Paper) -> str | None:
    """Return why whoever sits there may not decline an expense."""
    if paper.card.line.state not in STATES[OPEN]:
        return t("expense.settled")
    return None if paper.roles & (APPROVERS | {Role.TREASURER}) else t("expense.deciders_only")


def why_not_pay(paper: Paper) -> str | None:
    """Return why an expense cannot be paid."""
    card = paper.card
    if card.line.state is ExpenseState.ASKED:
        return t("expense.approval_missing", who=needed_text(card.needed), n=card.counted)
    if card.line.state is not ExpenseState.APPROVED:
        return t("expense.settled")
    return None if paper.roles & TREASURERS else t("accounts.treasurers_only")


def why_not_reverse(paper: Paper) -> str | None:
    """Return why an expense cannot be taken back."""
    line = paper.card.line
    if line.state is not ExpenseState.PAID:
        return t("refusal.expense.not_paid")
    if not paper.roles & APPROVERS:
        return t("expense.committee_only")
    if paper.person_id is not None and paper.person_id == line.paid_by_id:
        return t("expense.payer_not_self")
    return None
