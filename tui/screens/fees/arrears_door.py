"""One door that owes: what it waits for, what was said, its bills; and everything that is done in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.queries import BillLine, bill_lines
from models.fees.queries_arrears import ArrearsLine, one_door
from models.fees.queries_arrears_talks import Talk, talks_of
from models.fees.queries_promises import is_open
from models.fees.tables import Bill
from models.operations.envelope import Intent
from models.operations.roles import WORKERS
from models.tables import table_of
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_words import sum_text, way_word
from tui.i18n import t
from tui.paper.fee_letters import bill_span
from tui.row_words import listed
from tui.screens.card import CardPage
from tui.screens.changing import Ledger
from tui.screens.fees import dunning
from tui.screens.fees.arrears_words import (
    owed_line,
    pause_text,
    promise_text,
    rating_text,
    state_mark,
    talk_words,
)
from tui.screens.fees.dunning import DunningDeeds, Looker
from tui.ticket_words import state_word
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

_bill = table_of(Bill)
OPEN = action("arrears_door.open", "enter")
TAKE_AWAY = action("arrears_door.take_away", "5", footer=False)
CARD = action("arrears_door.card", "6", footer=False)


@dataclass(frozen=True, slots=True)
class DoorView:
    """A door as it was read, its open bills oldest first and its log newest first."""

    line: ArrearsLine
    bills: tuple[BillLine, ...]
    talks: tuple[Talk, ...]
    looker: Looker


def look(desk: Desk, household_id: UUID) -> DoorView | None:
    """Read a door; None when there is no such household."""
    today, compound_id = desk.today(), desk.seat.compound_id
    with desk.store.read() as session:
        line = one_door(session, compound_id, household_id, today=today)
        if line is None:
            return None
        bills = bill_lines(session, compound_id, *is_open(compound_id), _bill.c.household_id == household_id)
        talks = talks_of(session, compound_id, household_id)
    return DoorView(line, bills, talks, Looker(desk.may(WORKERS), today, ZoneInfo(desk.seat.zone)))


class ArrearsDoor(CardPage, DunningDeeds):
    """The page of one door."""

    ROOM: ClassVar[str] = "arrears_door"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (*dunning.DEEDS, TAKE_AWAY, CARD)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)

    def __init__(self, household_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(household_id, ledger)
        self._view: DoorView | None = None

    @property
    def heading(self) -> str:
        code = "" if self._view is None else self._view.line.code
        return t("arrears_door.heading", code=code) if code else super().heading

    @property
    def line(self) -> ArrearsLine | None:
        return None if self._view is None else self._view.line

    @property
    def looker(self) -> Looker | None:
        return None if self._view is None else self._view.looker

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("arrears_door.what"), 10, priority=9),
            Column(t("arrears_door.when"), 16, priority=8),
            Column(t("arrears_door.words"), 20, priority=7, grow=True),
            Column(t("arrears.column.owed"), 11, priority=8, align="right"),
            Column(t("arrears_door.who"), 8, priority=4),
        )

    def no_ties(self) -> str:
        return t("arrears_door.nothing")

    def reread(self) -> None:
        self.read(partial(look, household_id=self.row_id), self._show, latest="card")

    def _show(self, view: DoorView | None) -> None:
        self._view = view
        if view is not None:
            self.show_card(tuple(_facts(view)), tuple(_ties(view)))
        else:
            self.flash(t("arrears_door.gone"), Tone.WARN)

    # What can be done

    def _chosen(self) -> tuple[str, str]:
        kind, _, row_id = (self.highlighted or "").partition(":")
        return kind, row_id

    def why_not(self, action_id: str) -> str | None:
        kind, _ = self._chosen()
        if action_id == OPEN.id:
            if not kind:
                return t("dunning.nothing_in_front")
            return t("arrears_door.whole") if kind == "talk" else None
        if action_id == TAKE_AWAY.id:
            if self.looker is not None and not self.looker.works:
                return t("dunning.no_role")
            return None if kind == "talk" else t("arrears_door.choose_talk")
        return super().why_not(action_id)

    def do_open(self) -> None:
        kind, row_id = self._chosen()
        if kind == "ticket":
            self.open_ticket(UUID(row_id))
        elif kind == "bill":
            self.linli.enter(
                *(("bills",) if "bills" in self.linli.rooms else ("collect",)), household_id=self.row_id
            )

    def do_take_away(self) -> None:
        """Take a line of the log away that was noted by mistake; U brings it back."""
        _, row_id = self._chosen()
        self.change([Intent("dunning.archive", {"dunning": row_id})], t("arrears_door.taken_away"))

    def do_card(self) -> None:
        from tui.screens.register.household import HouseholdScreen

        self.app.push_screen(HouseholdScreen(self.row_id, self.ledger))


def _facts(view: DoorView) -> Iterator[Fact]:
    line, today = view.line, view.looker.today
    door = line.door
    yield Fact(t("arrears.column.state"), state_mark(line, today))
    yield Fact(t("arrears.column.owed"), owed_line(line))
    if door.due_fen != door.owed_fen:
        yield Fact(t("arrears.column.due"), sum_text(door.due_fen))
    yield Fact(t("arrears.column.owner"), listed(line.owners))
    yield Fact(t("arrears.column.phone"), listed(line.phones))
    yield Fact(t("arrears.column.contact"), line.contact or t("arrears.nobody"))
    yield Fact(t("arrears.column.rating"), rating_text(line))
    if line.promise is not None:
        yield Fact(t("arrears.column.promise"), promise_text(line.promise))
    for one in line.deferrals:
        words = t("arrears_door.deferral", day=one.defer_until.isoformat(), reason=one.reason)
        yield Fact(t("fee.concession.deferral"), words)
    if line.pause is not None:
        yield Fact(t("arrears.column.why"), pause_text(line))


def _ties(view: DoorView) -> Iterator[RowView]:
    line, zone, today = view.line, view.looker.zone, view.looker.today
    for one in (*line.grievance.open, *line.grievance.unrated):
        mark = Mark("!" if one in line.grievance.open else "?", t("arrears_door.ticket"), Tone.WARN)
        when = f"{one.opened_at.astimezone(zone):%Y-%m-%d}"
        said = f"{one.code} {state_word(one.state)} {one.what}"
        yield RowView(f"ticket:{one.id}", (mark, when, said, "", ""))
    for talk in view.talks:
        when = f"{talk.at.astimezone(zone):%Y-%m-%d %H:%M}"
        mark = Mark("·", way_word(talk.way), Tone.PLAIN)
        yield RowView(f"talk:{talk.id}", (mark, when, talk_words(talk), sum_text(talk.owed_fen), talk.by))
    for bill in view.bills:
        late = bill.due_on < today
        mark = Mark("●" if late else "○", t("arrears_door.bill"), Tone.PLAIN if late else Tone.MUTED)
        due = t("arrears_door.due", day=bill.due_on.isoformat())
        yield RowView(
            f"bill:{bill.id}", (mark, bill_span(bill), f"{bill.item} {due}", sum_text(bill.owed_fen), "")
        )
