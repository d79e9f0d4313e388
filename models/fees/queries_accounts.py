"""The books, read: sums by account without reading every entry, and the entries of a span of days a page at a time.

A source (queries_accounts_sources) is a table whose rows are entries of one kind. It names the columns that decide its
sides, so that sums are taken by these in the database and `journal` alone says which accounts they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Label,
    Select,
    Subquery,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from models.community.searching import chunks
from models.fees import journal
from models.fees.entries import Entry
from models.fees.journal import Flow
from models.fees.queries_accounts_sources import SOURCES, Source, Span

# -- sums --------------------------------------------------------------------------------


def flows(session: Session, compound_id: UUID, *, since: date | None = None, until: date) -> tuple[Flow, ...]:
    """Return what moved between which accounts from `since` (None: ever) up to but not including `until`, summed."""
    return tuple(flow for source, _, flow in _flows(session, compound_id, Span(since, until)))


def _flows(session: Session, compound_id: UUID, span: Span) -> Iterator[tuple[Source, tuple[Any, ...], Flow]]:
    for source in SOURCES:
        for *keys, fen in session.connection().execute(_sums(source, compound_id, span)):
            if fen is not None:  # without keys there is a row even of nothing
                yield source, tuple(keys), Flow(source.code, source.sides(*keys), int(fen))


def _sums(source: Source, compound_id: UUID, span: Span) -> Select[Any]:
    """Return the sums of a source by its keys: first day by day, as the index has them, so that only days are sorted."""
    keys = [_plain(key).label(f"key_{number}") for number, key in enumerate(source.keys)]
    chosen = source.select([*keys, func.sum(source.fen).label("fen")], compound_id, span)
    days = chosen.group_by(source.on, *(_plain(key) for key in source.keys)).subquery("days")
    held = [days.c[key.name] for key in keys]
    return select(*held, func.sum(days.c.fen)).group_by(*held)


def balances(session: Session, compound_id: UUID, until: date) -> dict[str, int]:
    """Return what stands on each account when a day begins, in fen; those with nothing on them are left out."""
    found = journal.moved(flows(session, compound_id, until=until))
    return {account: one.fen for account, one in sorted(found.items()) if one.fen}


def begun_on(session: Session, compound_id: UUID) -> date | None:
    """Return the day of the first entry, or None while there is none."""
    found = [
        session.connection().execute(chosen).scalar()
        for chosen in (
            source.select([func.min(source.on)], compound_id, Span(None, date.max)) for source in SOURCES
        )
    ]
    return min((day for day in found if day is not None), default=None)


# -- entries -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetLine:
    """An entry on the sheet of an account: what it adds there, and what stands there after it."""

    entry: Entry
    fen: int
    after_fen: int


def entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date
) -> tuple[Entry, ...]:
    """Return every entry from `since` (None: ever) up to but not including `until`, oldest first."""
    span = Span(since, until)
    found = [one for source in SOURCES for one in _read(session, compound_id, source, span).values()]
    return tuple(sorted(found, key=lambda one: (one.on, one.key)))


def count_entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date, account: str = ""
) -> int:
    """Return how many entries there are in a span, or how many touch an account."""
    lines = _lines(session, compound_id, Span(since, until), account)
    if lines is None:
        return 0
    return int(session.connection().execute(select(func.count()).select_from(lines)).scalar_one())


def page_of_entries(
    session: Session, compound_id: UUID, *, since: date | None = None, until: date, offset: int, limit: int
) -> tuple[Entry, ...]:
    """Return a page of the entries of a span, newest first."""
    span = Span(since, until)
    lines = _lines(session, compound_id, span, "")
    if lines is None:
        return ()
    chosen = select(lines.c.source, lines.c.id).order_by(*_newest(lines)).limit(limit).offset(offset)
    wanted = [(int(source), row_id) for source, row_id in session.connection().execute(chosen)]
    found = _by_place(session, compound_id, span, wanted)
    return tuple(found[place] for place in wanted)


def page_of_account(
    session: Session,
    compound_id: UUID,
    account: str,
    *,
    since: date | None = None,
    until: date,
    offset: int,
    limit: int,
    before_fen: int | None = None,
) -> tuple[SheetLine, ...]:
    """Return a page of an account's sheet over a span, newest first, with what stood on it after each entry.

    `before_fen` is what stood on it when the span began, for whoever knows that already.
    """
    span = Span(since, until)
    lines = _lines(session, compound_id, span, account)
    if lines is None:
        return ()
    if before_fen is None:
        before_fen = 0 if since is None else balances(session, compound_id, since).get(account, 0)
    running = func.sum(lines.c.fen).over(order_by=(lines.c.on, lines.c.source, lines.c.id), rows=(None, 0))
    chosen = (
        select(lines.c.source, lines.c.id, lines.c.fen, running)
        .order_by(*_newest(lines))
        .limit(limit)
        .offset(offset)
    )
    rows = [
        (int(source), row_id, int(fen), int(sum_))
        for source, row_id, fen, sum_ in session.connection().execute(chosen)
    ]
    found = _by_place(session, compound_id, span, [(source, row_id) for source, row_id, _, _ in rows])
    return tuple(
        SheetLine(found[source, row_id], fen, before_fen + after) for source, row_id, fen, after in rows
    )


def _newest(lines: Subquery) -> tuple[ColumnElement[Any], ...]:
    return lines.c.on.desc(), lines.c.source.desc(), lines.c.id.desc()


def _lines(session: Session, compound_id: UUID, span: Span, account: str) -> Subquery | None:
    """Return (source, id, on, fen) of the entries of a span; with an account those that touch it, and what they add."""
    parts: list[Select[Any]] = []
    if not account:
        for number, source in enumerate(SOURCES):
            parts.append(source.select(_columns(number, source, source.fen), compound_id, span))
    else:
        touching: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
        for source, keys, flow in _flows(session, compound_id, span):
            number = SOURCES.index(source)
            for sign, side in ((1, flow.sides.debit), (-1, flow.sides.credit)):
                if side == account:
                    touching[number, sign].append(keys)
        for (number, sign), held in touching.items():
            source = SOURCES[number]
            chosen = source.select(_columns(number, source, source.fen * sign), compound_id, span)
            parts.append(chosen.where(_one_of(source, held)) if source.keys else chosen)
    if not parts:
        return None
    together: Select[Any] | CompoundSelect[Any] = parts[0] if len(parts) == 1 else union_all(*parts)
    return together.subquery("lines")


def _columns(number: int, source: Source, fen: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(number).label("source"),
        source.row.c.id.label("id"),
        source.on.label("on"),
        fen.label("fen"),
    )


def _one_of(source: Source, held: Iterable[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return that a row's keys are some of these; the accounts of a row depend on nothing else."""
    return or_(
        *(and_(*(_is(key, value) for key, value in zip(source.keys, keys, strict=True))) for keys in held)
    )


def _plain(key: ColumnElement[Any]) -> ColumnElement[Any]:
    return key.element if isinstance(key, Label) else key


def _is(key: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    expression = _plain(key)
    if value is None:
        return expression.is_(None)
    same: ColumnElement[bool] = expression == value
    if isinstance(key.type, Boolean):
        same = expression if value else ~expression
    return same


def _by_place(
    session: Session, compound_id: UUID, span: Span, wanted: Iterable[tuple[int, UUID]]
) -> dict[tuple[int, UUID], Entry]:
    ids: dict[int, list[UUID]] = defaultdict(list)
    for number, row_id in wanted:
        ids[number].append(row_id)
    return {
        (number, row_id): one
        for number, some in ids.items()
        for chunk in chunks(some)
        for row_id, one in _read(session, compound_id, SOURCES[number], span, chunk).items()
    }


def _read(
    session: Session, compound_id: UUID, source: Source, span: Span, ids: Sequence[UUID] | None = None
) -> dict[UUID, Entry]:
    columns = [source.row.c.id, source.on, source.fen, *source.keys, *source.words]
    chosen = source.select(columns, compound_id, span, told=True)
    if ids is not None:
        chosen = chosen.where(source.row.c.id.in_(ids))
    split = len(source.keys)
    return {
        row_id: journal.entry(
            row_id, on, Flow(source.code, source.sides(*rest[:split]), fen), source.say(*rest[split:])
        )
        for row_id, on, fen, *rest in session.connection().execute(chosen)
    }
