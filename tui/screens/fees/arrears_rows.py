"""The door-to-door list as values: its columns, its pages, what it is narrowed by, and sums by building and volunteer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.queries_arrears import (
    ArrearsAsked,
    ArrearsLine,
    ArrearsOrder,
    ArrearsView,
    FoundDoors,
    arrears_lines,
    find_doors,
)
from models.fees.queries_arrears_totals import Total, Totals, arrears_totals, count_of, totals_of
from models.operations.roles import WORKERS
from tui.desk import Desk
from tui.fee_words import sum_text
from tui.i18n import t
from tui.row_words import building_word, listed
from tui.screens.fees.arrears_words import since_text, state_mark, talk_short
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView

BUILDINGS: Final = "buildings"
VOLUNTEERS: Final = "volunteers"
#: The tabs of doors, in their order.
DOOR_VIEWS: Final = (ArrearsView.DOORS, ArrearsView.FIX_FIRST, ArrearsView.PROMISES, ArrearsView.LATER)
_NONE: Final = "none"
_MINE: Final = "mine"
_NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class ArrearsFilters:
    """What is kept of every list: a building, the doors of one volunteer, or those that nobody visits."""

    building_id: UUID | None = None
    building: str = ""
    volunteer_id: UUID | None = None
    volunteer: str = ""
    unvisited: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.building_id or self.volunteer_id or self.unvisited)

    def words(self) -> tuple[str, ...]:
        """Return what stands in the title for these filters."""
        return tuple(
            word
            for word in (
                building_word(self.building) if self.building_id else "",
                self.volunteer,
                t("arrears.filter.nobody_short") if self.unvisited else "",
            )
            if word
        )

    def asked(
        self, today: date, view: ArrearsView, order: ArrearsOrder = ArrearsOrder.DOOR, text: str = ""
    ) -> ArrearsAsked:
        """Return the question for a view on a day."""
        return ArrearsAsked(
            today=today,
            view=view,
            order=order,
            building_id=self.building_id,
            volunteer_id=self.volunteer_id,
            unvisited=self.unvisited,
            text=text,
        )

    def taken(self, chosen: str, me: UUID | None, my_name: str) -> ArrearsFilters:
        """Return the filters after an option of `filter_options` was chosen; one that holds already goes."""
        kind, _, value = chosen.partition(":")
        row_id, _, name = value.partition(":")
        if kind == _NONE:
            return ArrearsFilters()
        if kind == _NOBODY:
            return replace(self, unvisited=not self.unvisited, volunteer_id=None, volunteer="")
        if kind == "building":
            gone = self.building_id == UUID(row_id)
            return replace(self, building_id=None if gone else UUID(row_id), building="" if gone else name)
        wanted, called = (me, my_name) if kind == _MINE else (UUID(row_id), name)
        gone = self.volunteer_id == wanted
        return replace(
            self, volunteer_id=None if gone else wanted, volunteer="" if gone else called, unvisited=False
        )


def filter_options(desk: Desk, filters: ArrearsFilters) -> tuple[Option, ...]:
    """Return what the list may be narrowed by: one's own doors, buildings that owe, volunteers whose doors do."""
    with desk.store.read() as session:
        whole = ArrearsFilters().asked(desk.today(), ArrearsView.ALL)
        totals = arrears_totals(session, desk.seat.compound_id, whole)
    return tuple(_options(desk, filters, totals))


def _options(desk: Desk, filters: ArrearsFilters, totals: Totals) -> Iterator[Option]:
    if filters.narrowed:
        yield Option(_NONE, t("tickets.filter.none"), t("tickets.filter.none_note"), "quanbu qb all")
    me = desk.seat.person_id
    yield Option(
        _MINE,
        t("arrears.filter.mine"),
        _note(filters.volunteer_id is not None and filters.volunteer_id == me, t("arrears.filter.mine_note")),
        "wode wd",
        reason=t("my_shifts.nobody") if me is None else None,
    )
    for one in totals.buildings:
        note = _note(filters.building_id == one.id, _of(one))
        yield Option(f"building:{one.id}:{one.name}", building_word(one.name), note, one.name)
    for one in totals.volunteers:
        if one.id is not None:
            note = _note(filters.volunteer_id == one.id, _of(one))
            yield Option(f"volunteer:{one.id}:{one.name}", one.name, note)
    if any(one.id is None for one in totals.volunteers):
        nobody = next(one for one in totals.volunteers if one.id is None)
        yield Option(_NOBODY, t("arrears.filter.nobody"), _note(filters.unvisited, _of(nobody)), "meiren mr")


def _note(there: bool, else_: str) -> str:  # noqa: FBT001 - one fact
    return t("tickets.filter.holds") if there else else_


def _of(total: Total) -> str:
    return t("arrears.doors_sum", n=total.doors, fen=sum_text(total.owed_fen))


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab; the least needed go first on a narrow terminal."""
    if view in {BUILDINGS, VOLUNTEERS}:
        return (
            Column(t(f"arrears.column.{view}"), 14, priority=9, grow=True),
            Column(t("arrears.column.doors"), 6, priority=8, align="right"),
            Column(t("arrears.column.owed"), 13, priority=9, align="right"),
            Column(t("arrears.column.due"), 13, priority=7, align="right"),
            Column(t("arrears.column.fix"), 9, priority=6, align="right"),
        )
    return (
        Column(t("arrears.column.door"), 9, priority=9),
        Column(t("arrears.column.owed"), 11, priority=9, align="right"),
        Column(t("arrears.column.since"), 7, priority=7),
        Column(t("arrears.column.state"), 17, priority=9, grow=True),
        Column(t("arrears.column.talk"), 20, priority=6, grow=True),
        Column(t("arrears.column.owner"), 8, priority=4),
        Column(t("arrears.column.contact"), 8, priority=3),
        Column(t("arrears.column.bills"), 5, priority=2, align="right"),
    )


@dataclass(slots=True)
class DoorRows:
    """The doors of a tab: found once, in their order, by the count; a page looks up the rest of its own.

    `known` keeps the doors of the pages read, so that a key need not ask again.
    """

    filters: ArrearsFilters
    view: ArrearsView
    order: ArrearsOrder
    text: str
    known: dict[str, ArrearsLine] = field(default_factory=dict)
    _found: FoundDoors = field(default_factory=lambda: FoundDoors(()))

    def count(self, desk: Desk) -> int:
        asked = self.filters.asked(desk.today(), self.view, self.order, self.text)
        with desk.store.read() as session:
            self._found = find_doors(session, desk.seat.compound_id, asked)
        return len(self._found)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        today = desk.today()
        with desk.store.read() as session:
            doors = self._found.doors(offset, limit)
            lines = arrears_lines(session, desk.seat.compound_id, doors, today=today)
        self.known.update((str(line.id), line) for line in lines)
        zone = ZoneInfo(desk.seat.zone)
        return [_row(line, zone, today) for line in lines]


def _row(line: ArrearsLine, zone: ZoneInfo, today: date) -> RowView:
    return RowView(
        str(line.id),
        (
            line.code,
            sum_text(line.door.owed_fen),
            since_text(line.door.since),
            state_mark(line, today),
            talk_short(line.talk, zone, today),
            listed(line.owners),
            line.contact or t("arrears.nobody"),
            str(line.door.bills),
        ),
        muted=line.archived,
    )


@dataclass(slots=True)
class TotalRows:
    """The sums of a tab, by building or by volunteer, over every door that owes."""

    filters: ArrearsFilters
    view: str
    text: str
    _rows: tuple[Total, ...] = ()

    def count(self, desk: Desk) -> int:
        asked = self.filters.asked(desk.today(), ArrearsView.ALL, text=self.text)
        with desk.store.read() as session:
            totals = arrears_totals(session, desk.seat.compound_id, asked)
        self._rows = totals.buildings if self.view == BUILDINGS else totals.volunteers
        return len(self._rows)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        del desk
        return [
            RowView(
                f"{one.id or ''}:{one.name}",
                (
                    building_word(one.name) if self.view == BUILDINGS else one.name or t("arrears.nobody"),
                    str(one.doors),
                    sum_text(one.owed_fen),
                    sum_text(one.due_fen),
                    str(one.fix_first or ""),
                ),
            )
            for one in self._rows[offset : offset + limit]
        ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the tabs hold, what all of it comes to, and who looks: `works` may ask households to pay."""

    of: dict[str, int]
    whole: Total
    me: UUID | None
    name: str
    works: bool
    today: date
    zone: ZoneInfo


def count_views(desk: Desk, filters: ArrearsFilters) -> Counts:
    """Count what the tabs hold; the cost follows the open bills."""
    today, compound_id = desk.today(), desk.seat.compound_id
    with desk.store.read() as session:
        doors = find_doors(session, compound_id, filters.asked(today, ArrearsView.ALL)).doors()
        counts = count_of(session, compound_id, doors, today=today)
        totals = totals_of(session, compound_id, doors, today=today)
    found = {view.value: counts[view] for view in DOOR_VIEWS}
    found |= {BUILDINGS: len(totals.buildings), VOLUNTEERS: len(totals.volunteers)}
    seat = desk.seat
    return Counts(
        found, totals.whole, seat.person_id, seat.person, desk.may(WORKERS), today, ZoneInfo(seat.zone)
    )
