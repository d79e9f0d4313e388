"""What each side does with a message: the laptop fills a push and takes pages, the server judges and pages.

Each function works in the session it is given, inside the caller's one
transaction, and knows no network: `sync.client` and `sync.server` are two ways
to carry what is said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    Select,
    and_,
)
from sqlalchemy import select as core_select
from sqlmodel import Session

from models.operations import clocks, log, replica
from models.operations.digest import digests
from models.operations.judge import judge_all, lock
from models.operations.rows import Rows
from models.operations.tables import CursorRow, HeadRow, OperationRow, OutboxRow
from models.operations.verdicts import (
    Duplicate,
    Judgement,
    verdict_code,
    verdict_name,
    verdict_params,
)
from models.replication import twins
from models.replication.tables import Chain, Device
from models.tables import table_of
from sync import paging
from sync.messages import Operation, Page, Push, Verdicts

#: What one push may hold, and one page. A group is never cut, so a push may hold a group more.
MOST_OPERATIONS = 1000
MOST_BYTES = 768 * 1024
MOST_ROWS = 10_000
MOST_PAGE_BYTES = 4 * 1024 * 1024


class ForeignPush(ValueError):  # noqa: N818  # says whose fault it is
    """A push holds operations of another compound or device than it says: their fault, nothing is judged."""


class Gap(ValueError):  # noqa: N818  # says what is the case
    """Operations before these have not arrived. `last_n` is the last that has."""

    def __init__(self, last_n: int) -> None:
        super().__init__(f"the last operation here is number {last_n}")
        self.last_n = last_n


class Forked(ValueError):  # noqa: N818  # says what is the case
    """Two laptops count under one name: the store was copied, or put back from an old copy."""


class PageAhead(ValueError):  # noqa: N818  # says whose fault it is
    """A page begins after the laptop's cursor: taking it would skip rows for ever."""


# -- the laptop sends ----------------------------------------------------------------


def outgoing(
    session: Session,
    compound_id: UUID,
    *,
    after: int = 0,
    most: int | None = None,
    most_bytes: int = MOST_BYTES,
) -> Push:
    """Return what a laptop has to send: groups the server has not been heard to judge, oldest first.

    Operations the server holds stay in the outbox, but it has them already.
    `after` skips what went out earlier in the same round; `most` bounds the
    number of operations, `most_bytes` the size of their payloads as JSON.
    """
    operation, outbox = table_of(OperationRow), table_of(OutboxRow)
    statement = (
        core_select(operation, outbox.c.segment, outbox.c.shift_ms)
        .join(
            outbox,
            and_(outbox.c.compound_id == operation.c.compound_id, outbox.c.operation_id == operation.c.id),
        )
        .where(outbox.c.compound_id == compound_id, outbox.c.n > after, operation.c.verdict.is_(None))
        .order_by(outbox.c.n)
    )
    if most is not None:
        statement = statement.limit(most + 200)  # the last group comes whole
    right = clocks.put_right(session)
    waiting = []
    for row in session.connection().execute(statement):
        made = log.from_row(row)
        at = right(made.made_at, row.segment, row.shift_ms)
        if at != made.made_at:
            # What happened at the time it was written down, happened then by the right clock.
            happened_at = at if made.happened_at == made.made_at else made.happened_at
            made = replace(made, at=at, happened_at=happened_at)
        waiting.append(made)
    groups = log.groups_of(waiting)
    if most is not None and len(waiting) >= most + 200 and len(groups) > 1:
        groups.pop()  # it may have been cut
    return Push(compound_id, log.device_id(session), tuple(map(tuple, _first(groups, most, most_bytes))))


def _first(
    groups: Sequence[Sequence[Operation]], most: int | None, most_bytes: int
) -> Sequence[Sequence[Operation]]:
    if most is None:
        return groups
    count = size = 0
    for place, group in enumerate(groups):
        count += len(group)
        size += sum(len(to_json(operation.payload)) + 200 for operation in group)
        if place and (count > most or size > most_bytes):
            return groups[:place]
    return groups


# -- the server judges ---------------------------------------------------------------


def receive(session: Session, push: Push, *, received_at: datetime | None = None) -> Verdicts:
    """Judge a push on the server, group by group. A group that came before gets the verdict it got then.

    Raises `Gap` when an earlier operation is missing, and `Forked` when another
    operation has one of these numbers; then nothing is judged.
    """
    operations = [operation for group in push.groups for operation in group]
    for operation in operations:
        if operation.compound_id != push.compound_id or operation.device_id != push.device_id:
            raise ForeignPush(f"operation {operation.id} is not of this compound and device")
    lock(session, push.compound_id)
    chain = session.get(Chain, (push.device_id, push.compound_id))
    if chain is None:
        if not operations:
            return Verdicts(push.compound_id, ())
        when = received_at or operations[0].made_at
        chain = Chain(device_id=push.device_id, compound_id=push.compound_id, enrolled_at=when)
    last = _check_count(session, push, chain.last_n)
    groups: Sequence[Sequence[Operation]] = push.groups
    if received_at is not None:
        groups = _in_time(session, push.compound_id, groups, received_at)
    verdicts = _judge(session, push.compound_id, groups, received_at)
    chain.last_n = last
    session.add(chain)
    session.flush()
    return verdicts


def heal(
    session: Session, compound_id: UUID, groups: Sequence[Sequence[Operation]], *, received_at: datetime
) -> Verdicts:
    """Judge what laptops still have of operations that a restored server lost, in their old order.

    They may be of any device; each device's count goes on after its last. A number
    may have gone to another operation meanwhile: see `twins`.
    """
    lock(session, compound_id)
    known = _judgements(session, compound_id, [operation.id for group in groups for operation in group])
    groups = twins.told_apart(session, compound_id, groups, known)
    # They were put in time when they came first; what they had seen has other places now.
    in_time = [[_put_in_time(operation, {}, received_at) for operation in group] for group in groups]
    verdicts = _judge(session, compound_id, in_time, received_at)
    last: dict[UUID, int] = {}
    for operation in (operation for group in groups for operation in group):
        last[operation.device_id] = max(operation.n, last.get(operation.device_id, 0))
    for device_id, n in last.items():
        chain = session.get(Chain, (device_id, compound_id))
        if chain is None and session.get(Device, device_id) is not None:
            continue  # naming a laptop of another compound must not let it in here
        if chain is None:
            chain = Chain(device_id=device_id, compound_id=compound_id, enrolled_at=received_at)
        chain.last_n = max(chain.last_n, n)
        session.add(chain)
    session.flush()
    return verdicts


def _judge(
    session: Session,
    compound_id: UUID,
    groups: Sequence[Sequence[Operation]],
    received_at: datetime | None,
) -> Verdicts:
    judgements: dict[UUID, Judgement | None] = {}
    answers = judge_all(session, compound_id, groups, received_at=received_at)
    for group, judged in zip(groups, answers, strict=True):
        for operation, (verdict, rev) in zip(group, judged, strict=True):
            judgements[operation.id] = (
                None
                if isinstance(verdict, Duplicate)
                else Judgement(
                    operation.id,
                    operation.n,
                    verdict_name(verdict),
                    rev,
                    verdict_code(verdict),
                    verdict_params(verdict),
                )
            )
    replayed = [operation_id for operation_id, judgement in judgements.items() if judgement is None]
    judgements.update(_judgements(session, compound_id, replayed))
    said = tuple(judgement for judgement in judgements.values() if judgement is not None)
    return Verdicts(compound_id, said, frozenset(replayed))


def _check_count(session: Session, push: Push, last_n: int) -> int:
    operations = [operation for group in push.groups for operation in group]
    earlier = [operation.id for operation in operations if operation.n <= last_n]
    if len(_judgements(session, push.compound_id, earlier)) < len(set(earlier)):
        raise Forked
    last = last_n
    for operation in operations:
        if operation.n > last + 1:
            raise Gap(last)
        last = max(last, operation.n)
    return last


def _in_time(
    session: Session, compound_id: UUID, groups: Sequence[Sequence[Operation]], received_at: datetime
) -> list[list[Operation]]:
    """Put each operation's time between what its laptop had seen and now, whatever the clock there said."""
    seen = {operation.seen for group in groups for operation in group if operation.seen}
    heard: dict[int, datetime] = {}
    table = table_of(OperationRow)
    wanted = sorted(seen)
    for start in range(0, len(wanted), 500):
        statement = core_select(table.c.rev, table.c.at, table.c.made_at).where(
            table.c.compound_id == compound_id, table.c.rev.in_(wanted[start : start + 500])
        )
        heard.update({row.rev: row.at or row.made_at for row in session.connection().execute(statement)})
    return [[_put_in_time(operation, heard, received_at) for operation in group] for group in groups]


def _put_in_time(operation: Operation, heard: dict[int, datetime], received_at: datetime) -> Operation:
    at = min(max(operation.at, heard.get(operation.seen, operation.at)), received_at)
    return operation if at == operation.at else replace(operation, at=at)


_operation = table_of(OperationRow)
_SAID = ("id", "n", "verdict", "rev", "code", "params")


def _judgements(session: Session, compound_id: UUID, operation_ids: Sequence[UUID]) -> dict[UUID, Judgement]:
    found: dict[UUID, Judgement] = {}
    for start in range(0, len(operation_ids), 500):
        statement = _said(compound_id).where(_operation.c.id.in_(operation_ids[start : start + 500]))
        found.update(_spoken(session, statement))
    return found


def _said(compound_id: UUID) -> Select[Any]:
    return core_select(*(_operation.c[name] for name in _SAID)).where(
        _operation.c.compound_id == compound_id, _operation.c.verdict.is_not(None)
    )


def _spoken(session: Session, statement: Select[Any]) -> dict[UUID, Judgement]:
    return {row.id: Judgement(*row) for row in session.connection().execute(statement)}


# -- the server pages ----------------------------------------------------------------


def page(
    session: Session,
    compound_id: UUID,
    *,
    device_id: UUID,
    after: int,
    acked_n: int,
    held: Sequence[UUID] = (),
    place: str = "",
    most_rows: int = MOST_ROWS,
    most_bytes: int = MOST_PAGE_BYTES,
) -> Page:
    """Return rows with a rev beyond `after`, from `place` on, and what was judged of a device's operations.

    That is all after number `acked_n`, and those in `held`. The session's
    transaction is the snapshot: rows, verdicts, head and digests agree. Raises
    ValueError for a place that is none.
    """
    head = session.get(HeadRow, compound_id)
    tables: tuple[Rows, ...] = ()
    following = ""
    # At the head nothing has changed, and no table need be looked into.
    if place or head is None or head.head != after:
        tables, following = paging.rows_from(session, compound_id, after, place, (most_rows, most_bytes))
    chain = session.get(Chain, (device_id, compound_id))
    return Page(
        compound_id,
        after,
        0 if head is None else head.head,
        tables,
        () if following else _judged(session, compound_id, device_id, acked_n, held),
        following,
        0 if chain is None else chain.last_n,
        digests(session, compound_id),
    )


def _judged(
    session: Session, compound_id: UUID, device_id: UUID, acked_n: int, held: Sequence[UUID]
) -> tuple[Judgement, ...]:
    statement = (
        _said(compound_id)
        .where(_operation.c.device_id == device_id, _operation.c.n > acked_n)
        .order_by(_operation.c.n)
    )
    judged = _spoken(session, statement)
    missing = [operation_id for operation_id in held if operation_id not in judged]
    return (*judged.values(), *_judgements(session, compound_id, missing).values())


# -- the laptop takes ----------------------------------------------------------------


def wanted(session: Session, compound_id: UUID) -> tuple[UUID, int, int]:
    """Return what a laptop asks a page with: its device id, its cursor, and up to where it has verdicts."""
    cursor = session.get(CursorRow, compound_id) or CursorRow(compound_id=compound_id)
    return log.device_id(session), cursor.cursor, cursor.acked_n


def take_page(session: Session, received: Page) -> None:
    """Take a page that came first and last in on a laptop: rows, verdicts and cursor in one transaction."""
    take_pages(session, [received])


def take_pages(
    session: Session,
    pages: Sequence[Page],
    *,
    judgements: Sequence[Judgement] = (),
    afresh: bool = False,
) -> None:
    """Take all pages of a pull in, with what replies to pushes have said besides.

    `afresh` lets them replace everything confirmed before: another server's
    rows, or rows that do not agree with it.
    """
    first, final = pages[0], pages[-1]
    cursor = log.cursor_of(session, first.compound_id)
    if not afresh and first.after > cursor.cursor:
        raise PageAhead(f"page begins after {first.after}, the cursor is at {cursor.cursor}")
    replica.take(
        session,
        first.compound_id,
        pages=[received.tables for received in pages],
        judgements=[*judgements, *(said for received in pages for said in received.judgements)],
        head=final.head,
        afresh=afresh,
    )
