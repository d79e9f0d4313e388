"""The lists of requests and gaps as values: what each tab holds, its columns and rows, and what a request would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.disputes import DOUBLE, FULL, Dispute, Place, disputes
from models.duty.fitting import Bar
from models.duty.queries import ShiftLine
from models.duty.queries_home import gaps_ahead
from models.duty.queries_swaps import (
    SwapLine,
    answered,
    asked_by,
    bars_on,
    open_covers,
    requests_to,
)
from models.operations.roles import LEADERS, WORKERS
from tui import edge
from tui.desk import Desk
from tui.duty_words import GAP_SIGN, gap_text, points_text, shift_title, span_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.swaps_words import bars_mark, place_text, state_mark, wish_text
from tui.widgets.rows import Column, RowView
from tui.widgets.search import folded
from tui.widgets.status_words import moment
from tui.widgets.text import Mark, Tone

TO_ME, COVERS, ASKED, GAPS, CLASHES, ANSWERED = "to_me", "covers", "asked", "gaps", "clashes", "answered"
VIEWS: Final = (TO_ME, COVERS, ASKED, GAPS, CLASHES, ANSWERED)
#: Gaps are looked for so many days ahead.
GAP_DAYS: Final = 28

Entry = SwapLine | ShiftLine | Dispute


@dataclass(frozen=True, slots=True)
class Counts:
    """How much each tab holds, and what whoever acts may do."""

    of: dict[str, int]
    me: UUID | None
    name: str
    works: bool
    leads: bool


def count_views(desk: Desk) -> Counts:
    """Ask how much each tab holds; all of it is open, near or of late."""
    found = {view: len(read(desk, view)) for view in VIEWS if view != ANSWERED}
    seat = desk.seat
    return Counts(found, seat.person_id, seat.person, desk.may(WORKERS), desk.may(LEADERS))


def read(desk: Desk, view: str) -> Sequence[Entry]:
    """Return what a tab holds."""
    seat, now = desk.seat, edge.clock()
    compound_id, me = seat.compound_id, seat.person_id
    with desk.store.read() as session:
        match view:
            case "to_me":
                return () if me is None else requests_to(session, compound_id, me, now=now)
            case "covers":
                return open_covers(session, compound_id, now=now, but=me)
            case "asked":
                return () if me is None else asked_by(session, compound_id, me, now=now)
            case "gaps":
                return gaps_ahead(session, compound_id, now=now, today=desk.today(), days=GAP_DAYS)
            case "clashes":
                return disputes(session, compound_id)
            case _:
                return answered(session, compound_id, now=now)


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab; the least needed go first on a narrow terminal."""
    if view == GAPS:
        return (
            Column(t("my_shifts.shift"), 26, priority=9, grow=True),
            Column(t("my_shifts.time"), 15, priority=8),
            Column(t("swaps.lacks"), 16, priority=9, grow=True),
            Column(t("swaps.for_me"), 16, priority=7),
            Column(t("my_shifts.points"), 6, priority=4, align="right"),
        )
    if view == CLASHES:
        return (
            Column(t("swaps.what"), 18, priority=9),
            Column(t("swaps.this"), 20, priority=8, grow=True),
            Column(t("swaps.that"), 20, priority=8, grow=True),
        )
    who = Column(t("swaps.asked_of" if view == ASKED else "swaps.asker"), 10, priority=8)
    when = Column(t("swaps.answered_when" if view == ANSWERED else "swaps.when"), 11, priority=5)
    state = Column(t("swaps.state"), 20 if view == ANSWERED else 12, priority=7)
    return (who, Column(t("swaps.wish"), 30, priority=9, grow=True), state, when)


@dataclass(slots=True)
class SwapRows:
    """The rows of a tab that hold a text; they are few, and read at once. `known` keeps them for the keys."""

    view: str
    text: str
    known: dict[str, Entry] = field(default_factory=dict)
    _rows: list[RowView] = field(default_factory=list)

    def count(self, desk: Desk) -> int:
        entries = read(desk, self.view)
        look = _Look(desk, entries)
        rows = [look.row(one, self.view) for one in entries]
        self.known.update((_key(one), one) for one in entries)
        self._rows = [row for row in rows if _holds(row, self.text)]
        return len(self._rows)

    def page(self, _desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        return self._rows[offset : offset + limit]


def _holds(row: RowView, text: str) -> bool:
    told = folded(" ".join(str(cell) for cell in row.cells))
    return all(word in told for word in text.split())


def _key(one: Entry) -> str:
    return str(one.conflict_id if isinstance(one, Dispute) else one.id)


class _Look:
    """What the rows of a tab are drawn with: the zone, the day, and how shifts that lack hands fit whoever acts."""

    def __init__(self, desk: Desk, entries: Sequence[Entry]) -> None:
        seat = desk.seat
        self._zone = ZoneInfo(seat.zone)
        self._zone_name = seat.zone
        self._today = desk.today()
        gaps = [one for one in entries if isinstance(one, ShiftLine)]
        self._bars: dict[UUID, tuple[Bar, ...]] = {}
        if gaps and seat.person_id is not None:
            with desk.store.read() as session:
                self._bars = dict(bars_on(session, seat.compound_id, gaps, seat.person_id))

    def row(self, one: Entry, view: str) -> RowView:
        """Return the row of an entry."""
        if isinstance(one, ShiftLine):
            return self._gap(one)
        return self._clash(one) if isinstance(one, Dispute) else self._swap(one, view)

    def _gap(self, line: ShiftLine) -> RowView:
        return RowView(
            str(line.id),
            (
                shift_title(line),
                span_text(line.starts_at, line.ends_at, self._zone),
                Mark(GAP_SIGN, gap_text(line), Tone.WARN),
                bars_mark(self._bars.get(line.id, ())),
                points_text(line.points),
            ),
        )

    def _clash(self, one: Dispute) -> RowView:
        return RowView(
            str(one.conflict_id),
            (
                Mark("!", clash_word(one), Tone.BAD),
                clash_text(one, one.kept, self._zone),
                clash_text(one, one.lost, self._zone),
            ),
        )

    def _swap(self, line: SwapLine, view: str) -> RowView:
        who = line.to or t("swaps.everybody") if view == ASKED else line.asker
        at = line.answered_at if view == ANSWERED else line.asked_at
        return RowView(
            str(line.id), (who, wish_text(line), self._state(line, view), self._when(at)), muted=False
        )

    def _state(self, line: SwapLine, view: str) -> Mark:
        mark = state_mark(line)
        if view == ANSWERED and line.answered_by:
            return Mark(
                mark.symbol, t("swaps.answered_by", state=mark.word, person=line.answered_by), mark.tone
            )
        return mark

    def _when(self, at: datetime | None) -> str:
        return "" if at is None else moment(at, self._zone_name, self._today)


def clash_word(one: Dispute) -> str:
    """Return what cannot be: one person on two shifts, one too many on a shift, or two who took over the same."""
    if one.field == DOUBLE:
        return t("swaps.clash.double", person=one.kept.person)
    return t("swaps.clash.full" if one.field == FULL else "swaps.clash.answered")


def clash_text(one: Dispute, place: Place, zone: ZoneInfo) -> str:
    """Return one of the two that cannot both be."""
    return place_text(place, zone) if one.field == DOUBLE else listed([place.person, shift_title(place)])
