"""The lists of changes as values: what to narrow them by, their columns, and rows read from the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from models.operations import changes, naming
from models.operations.change_lines import ChangeLine
from models.operations.changes import State, Wanted, Word
from models.operations.naming import Names
from models.operations.one_change import FieldLine
from models.replication.links import link_of
from tui.change_words import kinds_of, meant, state_of, who, whole
from tui.i18n import t
from tui.row_words import field_word, ids_in, names_of, value_words
from tui.screens.sync.rows import where_of
from tui.screens.sync.words import Where
from tui.widgets.rows import Column, RowView
from tui.widgets.search import folded
from tui.widgets.text import Mark, Tone, width

if TYPE_CHECKING:
    from sqlmodel import Session

    from tui.desk import Desk

#: Words of a search that are looked at; who types more has said enough.
_MOST_WORDS = 5
#: Cells of a time in a list, and of a day.
_WHEN, _DAY = 11, 10
_MARKS = {
    "kept": ("√", Tone.PLAIN),
    "waiting": ("↑", Tone.PLAIN),
    "held": ("◇", Tone.INFO),
    "doubt": ("!", Tone.WARN),
    "accepted": ("√", Tone.GOOD),
    "merged": ("=", Tone.INFO),
    "conflict": ("!", Tone.WARN),
    "rejected": ("×", Tone.BAD),
    "undone": ("←", Tone.MUTED),
    "partly": ("←", Tone.WARN),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to: ids with the words that the screen shows for them. Days are whole days."""

    person: UUID | None = None
    person_name: str = ""
    area: str = ""
    state: State | None = None
    days: str = ""
    since: date | None = None
    until: date | None = None
    laptop: UUID | None = None
    laptop_name: str = ""


def columns() -> tuple[Column, ...]:
    """Return the columns of every list of changes; the least needed go first on a narrow terminal."""
    states = max(width(str(state_mark(code))) for code in _MARKS)
    return (
        Column(t("changes.when"), _WHEN, priority=8),
        Column(t("changes.who"), 9, priority=7),
        Column(t("changes.what"), 36, priority=9, grow=True),
        Column(t("changes.laptop"), 8, priority=4),
        Column(t("changes.state"), states, priority=5),
    )


def field_columns() -> tuple[Column, ...]:
    return (
        Column(t("changes.field"), 12, priority=9),
        Column(t("changes.value"), 24, priority=8, grow=True),
        Column(t("changes.last_writer"), 14, priority=7),
        Column(t("changes.when"), 11, priority=6),
    )


def state_mark(code: str) -> Mark:
    symbol, tone = _MARKS[code]
    return Mark(symbol, t(f"changes.state.{code}"), tone)


def laptop_words(where: Where, device_id: UUID) -> str:
    """Return what a laptop is called in a list; this one says so."""
    name = where.laptops.get(device_id, "")
    if device_id == where.own:
        return t("changes.laptop_own", name=name) if name else t("changes.this_laptop")
    return name or t("changes.other_laptop")


@dataclass(slots=True)
class Changes:
    """The list under some filters and a search. What its words mean is found once, when it is counted."""

    filters: Filters
    text: str = ""
    _wanted: Wanted | None = field(default=None)

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            self._wanted = wanted_of(desk, session, self.filters, self.text)
            return changes.count_changes(session, desk.seat.compound_id, self._wanted)

    def page(self, desk: Desk, offset: int, limit: int) -> list[RowView]:
        with desk.store.read() as session:
            wanted = self._wanted or wanted_of(desk, session, self.filters, self.text)
            lines = changes.page_changes(session, desk.seat.compound_id, wanted, offset=offset, limit=limit)
            return rows_of(desk, session, lines)


@dataclass(slots=True)
class Parts:
    """What was done in one go, in its order."""

    change_id: UUID

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            return changes.count_parts(session, desk.seat.compound_id, self.change_id)

    def page(self, desk: Desk, offset: int, limit: int) -> list[RowView]:
        with desk.store.read() as session:
            lines = changes.page_parts(
                session, desk.seat.compound_id, self.change_id, offset=offset, limit=limit
            )
            return rows_of(desk, session, lines)


@dataclass(slots=True)
class History:
    """What happened to a row, told under these ids."""

    ids: frozenset[UUID]

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            return changes.count_history(session, desk.seat.compound_id, self.ids)

    def page(self, desk: Desk, offset: int, limit: int) -> list[RowView]:
        with desk.store.read() as session:
            lines = changes.page_history(session, desk.seat.compound_id, self.ids, offset=offset, limit=limit)
            return rows_of(desk, session, lines)


def wanted_of(desk: Desk, session: Session, filters: Filters, text: str) -> Wanted:
    """Return the filters and the words of a search as the models ask for them."""
    zone = ZoneInfo(desk.seat.zone)
    return Wanted(
        words=words_of(desk, session, text),
        person=filters.person,
        kinds=kinds_of(filters.area) if filters.area else None,
        device=filters.laptop,
        since=None if filters.since is None else midnight(filters.since, zone),
        until=None if filters.until is None else midnight(filters.until, zone, days=1),
        state=filters.state,
    )


def midnight(day: date, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """Return when a day begins in a zone; None at the ends of the calendar, where there is no such moment."""
    try:
        return datetime.combine(day + timedelta(days=days), time(), zone)
    except OverflowError:
        return None


def words_of(desk: Desk, session: Session, text: str) -> tuple[Word, ...]:
    """Return what the words of a search may mean."""
    where = where_of(desk, session)
    laptops = {one: laptop_words(where, one) for one in where.laptops}
    words = folded(text).split()[:_MOST_WORDS]
    return tuple(meant(session, desk.seat.compound_id, word, laptops) for word in words)


def rows_of(desk: Desk, session: Session, lines: Sequence[ChangeLine]) -> list[RowView]:
    """Return lines as rows: one lookup for all names on the page."""
    compound_id = desk.seat.compound_id
    names = naming.names_for(session, compound_id, lines)
    where = where_of(desk, session)
    linked = link_of(session, compound_id) is not None
    return [_row(line, names, where, linked=linked) for line in lines]


def _row(line: ChangeLine, names: Names, where: Where, *, linked: bool) -> RowView:
    said = whole(line, names)
    state = state_of(line, linked=linked)
    laptop = laptop_words(where, line.device_id)
    when = where.when(line.at)
    if len(when) > _WHEN:
        when = when[:_DAY]  # of another year the day is enough; the line beneath has the time
    # The last cell has no column: it is the whole sentence, for the line beneath the list.
    detail = " · ".join((where.when(line.at), who(line), said, laptop, str(state_mark(state))))
    cells = (when, who(line), said, laptop, state_mark(state), detail)
    return RowView(str(line.id), cells, muted=state == "undone")


def field_rows(desk: Desk, session: Session, lines: Iterable[FieldLine]) -> list[RowView]:
    """Return the fields of a row, each with who wrote it last."""
    shown = tuple(lines)
    where = where_of(desk, session)
    names = names_of(session, desk.seat.compound_id, [one for line in shown for one in ids_in(line.value)])
    rows = []
    for line in shown:
        value = value_words(line.name, line.value, names)
        writer = who(line.by) if line.by is not None else t("changes.never_written")
        when = where.when(line.by.at) if line.by is not None else ""
        laptop = laptop_words(where, line.by.device_id) if line.by is not None else ""
        detail = " · ".join(
            part for part in (field_word(line.name), value[:400], writer, when, laptop) if part
        )
        rows.append(
            RowView(
                str(line.by.id) if line.by is not None else f"field:{line.name}",
                (field_word(line.name), value[:400], writer, when, detail),
                muted=line.by is None,
            )
        )
    return rows
