"""The lists of the Sync screen as values: what waits for a person, what waits for the server, which laptops there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from models.operations import clocks, log, pending, queries
from models.operations.pending import ConflictView, FlagView, Pending, RefusedLine
from models.replication import identity, links, lists
from models.replication.lists import DeviceView
from tui.desk import Desk
from tui.i18n import MissingTextError, t
from tui.screens.sync.words import (
    Where,
    field_word,
    ids_in,
    kind_word,
    names_of,
    table_word,
    value_words,
)
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone
from tui.words import code_text

CONFLICTS, REFUSED, FLAGS, UNSENT, LAPTOPS = "conflicts", "refused", "flags", "unsent", "laptops"
VIEWS = (CONFLICTS, REFUSED, FLAGS, UNSENT, LAPTOPS)


@dataclass(frozen=True, slots=True)
class Contact:
    """How this laptop reaches its server, and how that went."""

    url: str
    last: datetime | None
    trouble: str | None
    state: str
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the Sync screen shows besides its lists. `contact` is None for a compound on this laptop alone.

    `known_as` is what the server calls this laptop. `beside` is a compound of
    this laptop's own that may be carried over into this one.
    """

    compound: str
    waits: Pending
    where: Where
    name: str
    known_as: str
    laptops: int
    contact: Contact | None
    shift_ms: int | None
    beside: tuple[UUID, str] | None = None


def overview(desk: Desk) -> Overview:
    """Ask the store how sync stands."""
    seat = desk.seat
    with desk.store.read() as session:
        link = links.link_of(session, seat.compound_id)
        devices = lists.device_views(session, seat.compound_id)
        return Overview(
            compound=seat.compound,
            waits=pending.pending(session, seat.compound_id),
            where=_where(desk, session, devices),
            name=identity.name_of(session) or "",
            known_as=next((view.name for view in devices if view.own), "") if link is not None else "",
            laptops=len(devices),
            contact=None
            if link is None
            else Contact(link.url, link.last_contact, link.trouble, link.state, link.up, link.down),
            shift_ms=clocks.shift_now(session),
            beside=_beside(session) if link is not None else None,
        )


def _beside(session: Session) -> tuple[UUID, str] | None:
    """Return a compound that was founded on this laptop and is on no server."""
    from models.community.tables import Compound
    from sync.enrolling import unlinked

    own = unlinked(session)
    compound = None if own is None else session.get(Compound, (own, own))
    return None if compound is None else (compound.id, compound.name)


def where_of(desk: Desk, session: Session, wanted: Sequence[Any] = ()) -> Where:
    """Return what words need to know, with the names of the ids in `wanted`."""
    devices = lists.device_views(session, desk.seat.compound_id)
    names = names_of(session, desk.seat.compound_id, [one for value in wanted for one in ids_in(value)])
    return _where(desk, session, devices, names)


def _where(
    desk: Desk, session: Session, devices: Sequence[DeviceView], names: dict[UUID, str] | None = None
) -> Where:
    return Where(
        zone=desk.seat.zone,
        today=desk.today(),
        laptops=lists.names_of_laptops(devices),
        own=log.device_id(session),
        names=names or {},
    )


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a view; the least needed go first on a narrow terminal."""
    who, when = Column(t("sync.who"), 10, priority=6), Column(t("sync.when"), 11, priority=5)
    what = Column(t("sync.what"), 14, priority=9)
    return {
        CONFLICTS: (
            Column(t("sync.where"), 18, priority=9),
            Column(t("sync.field"), 8, priority=8),
            Column(t("sync.stands"), 14, priority=7, grow=True),
            Column(t("sync.put_aside"), 14, priority=7, grow=True),
            Column(t("sync.when"), 11, priority=4),
        ),
        REFUSED: (what, Column(t("sync.why"), 24, priority=8, grow=True), who, when),
        FLAGS: (Column(t("sync.odd"), 28, priority=9, grow=True), who, when),
        UNSENT: (what, Column(t("sync.state"), 20, priority=8, grow=True), who, when),
        LAPTOPS: (
            Column(t("sync.laptop"), 20, priority=9, grow=True),
            Column(t("sync.state"), 10, priority=7),
            Column(t("sync.last_seen"), 16, priority=8),
            Column(t("sync.enrolled_at"), 16, priority=5),
        ),
    }[view]


@dataclass(slots=True)
class Shelf:
    """One list as it was read: its entries, from which rows are made only where they are looked at.

    The last cell of a row, which has no column, is its sentence for the line beneath the list.
    """

    read: Callable[[Desk], Sequence[Any]]
    row: Callable[[Any, Where], RowView]
    values: Callable[[Any], Any] = lambda _entry: None
    entries: Sequence[Any] = field(default_factory=list)

    def count(self, desk: Desk) -> int:
        self.entries = self.read(desk)
        return len(self.entries)

    def page(self, desk: Desk, offset: int, limit: int) -> list[RowView]:
        shown = self.entries[offset : offset + limit]
        with desk.store.read() as session:
            where = where_of(desk, session, [self.values(entry) for entry in shown])
        return [self.row(entry, where) for entry in shown]


class Outbox:
    """The operations that wait for the server; they are read a page at a time, there may be very many."""

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            if links.link_of(session, desk.seat.compound_id) is None:
                return 0  # nothing is on its way to anywhere
            return queries.count_operations(session, desk.seat.compound_id, waiting=True)

    def page(self, desk: Desk, offset: int, limit: int) -> list[RowView]:
        with desk.store.read() as session:
            lines = queries.page_operations(
                session, desk.seat.compound_id, waiting=True, offset=offset, limit=limit
            )
            where = where_of(desk, session)
        return [_unsent(line, where) for line in lines]


def shelf_of(view: str) -> Shelf | Outbox:
    """Return where the rows of a view come from."""
    if view == UNSENT:
        return Outbox()
    if view == CONFLICTS:
        return Shelf(read_conflicts, _conflict, ids_about)
    if view == REFUSED:
        return Shelf(read_refused, _refused)
    if view == FLAGS:
        return Shelf(_read_flags, _flag)
    return Shelf(_read_laptops, _laptop)


def read_conflicts(desk: Desk) -> list[ConflictView]:
    with desk.store.read() as session:
        return pending.conflicts(session, desk.seat.compound_id)


def read_refused(desk: Desk) -> list[RefusedLine]:
    with desk.store.read() as session:
        return pending.refused(session, desk.seat.compound_id)


def _read_flags(desk: Desk) -> list[FlagView]:
    with desk.store.read() as session:
        return pending.flags(session, desk.seat.compound_id)


def _read_laptops(desk: Desk) -> list[DeviceView]:
    with desk.store.read() as session:
        link = links.link_of(session, desk.seat.compound_id)
        last = None if link is None else link.last_contact
        return [
            # What the server last told of this laptop is older than what it knows itself.
            replace(view, last_seen=last) if view.own else view
            for view in lists.device_views(session, desk.seat.compound_id)
        ]


# -- rows


def row_name(view: ConflictView, where: Where) -> str:
    """Return what the row of a conflict is called; one without a name of its own by what it ties together."""
    return view.row or where.names.get(view.row_id) or t("sync.unknown_row")


def row_word(view: ConflictView, where: Where) -> str:
    """Return which row a conflict is about: `住户 1-1-101`."""
    return t("sync.row", table=table_word(view.table), row=row_name(view, where))


def ids_about(view: ConflictView) -> list[Any]:
    """Return the values of a conflict that may hold ids, and its row where that has no name."""
    return [view.kept, view.lost, *([] if view.row else [str(view.row_id)])]


def _conflict(view: ConflictView, where: Where) -> RowView:
    kept = value_words(view.field, view.kept, where.names)
    lost = value_words(view.field, view.lost, where.names)
    detail = t(
        "sync.conflict_detail",
        field=field_word(view.field),
        kept=kept,
        kept_by=where.writer(view.kept_by),
        lost=lost,
        lost_by=where.loser(view.kept_by, view.lost_by),
    )
    cells = (row_word(view, where), field_word(view.field), kept, lost, where.when(view.lost_by.at), detail)
    return RowView(str(view.id), cells)


def why_refused(line: RefusedLine) -> str:
    """Return the reason of a refusal as a sentence."""
    return code_text("refusal", line.code, line.params) if line.code else ""


def _refused(line: RefusedLine, where: Where) -> RowView:
    why = why_refused(line)
    cells = (
        kind_word(line.kind),
        Mark("×", why, Tone.BAD),
        line.doer,
        where.when(line.made_at),
        t("sync.refused_detail", why=why),
    )
    return RowView(str(line.id), cells)


def flag_words(view: FlagView) -> str:
    return code_text("flag", view.code, view.params)


def _flag(view: FlagView, where: Where) -> RowView:
    said = flag_words(view)
    kind = kind_word(view.by.kind) if view.by.kind else ""
    detail = t("sync.flag_detail", kind=kind, what=said, by=where.writer(view.by))
    return RowView(str(view.id), (Mark("!", said, Tone.WARN), view.by.person, where.when(view.by.at), detail))


def _unsent(line: queries.OperationLine, where: Where) -> RowView:
    if line.verdict == "held":
        state = Mark("◇", t("sync.held"), Tone.INFO)
        detail = t("sync.held_detail")
    elif line.doubt is not None:
        state = Mark("!", t("sync.doubtful"), Tone.WARN)
        detail = t("sync.doubt_detail", why=_doubt_words(line.doubt))
    else:
        state = Mark("↑", t("sync.waits"), Tone.PLAIN)
        detail = t("sync.unsent_detail")
    return RowView(str(line.id), (kind_word(line.kind), state, line.doer, where.when(line.made_at), detail))


def _doubt_words(code: str) -> str:
    """Return why something may be refused; a doubt keeps no parameters, so a sentence that needs some is left out."""
    try:
        said = code_text("refusal", code, {})
    except MissingTextError:
        return ""
    return "" if "{" in said else said


def _laptop(view: DeviceView, where: Where) -> RowView:
    if view.revoked_at is not None:
        state = Mark("×", t("sync.laptop_revoked"), Tone.BAD)
    elif view.own:
        state = Mark("●", t("sync.laptop_own"), Tone.GOOD)
    else:
        state = Mark("", "")
    detail = t("sync.own_detail") if view.own else ""
    return RowView(
        str(view.id),
        (
            view.name or t("sync.no_name"),
            state,
            where.when(view.last_seen),
            where.when(view.enrolled_at),
            detail,
        ),
        muted=view.revoked_at is not None,
    )
