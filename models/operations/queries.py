"""What screens ask of the operation log and the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session

from models.listings import ListingRow, listing
from models.operations.tables import OperationRow, OutboxRow
from models.tables import synced_models, table_of

_operation, _outbox = table_of(OperationRow), table_of(OutboxRow)


@dataclass(frozen=True, slots=True)
class OperationLine:
    """An operation in a list. `verdict` is None while no server has judged it.

    Names are empty for people this store does not know. `waiting` tells that it
    is in the outbox, `doubt` why it may be refused.
    """

    id: UUID
    group_id: UUID
    batch_id: UUID | None
    n: int
    rev: int | None
    kind: str
    doer_id: UUID
    doer: str
    recorder_id: UUID
    recorder: str
    happened_at: datetime
    made_at: datetime
    verdict: str | None
    code: str | None
    params: dict[str, Any]
    payload: dict[str, Any]
    waiting: bool
    doubt: str | None


def count_operations(session: Session, compound_id: UUID, *, waiting: bool = False) -> int:
    """Count what `page_operations` pages through."""
    table = _outbox if waiting else _operation
    statement = select(func.count()).select_from(table).where(table.c.compound_id == compound_id)
    return int(session.connection().execute(statement).scalar_one())


def page_operations(
    session: Session, compound_id: UUID, *, waiting: bool = False, offset: int = 0, limit: int = 50
) -> tuple[OperationLine, ...]:
    """Return operations, newest first; `waiting` keeps what is in the outbox."""
    statement = _statement(compound_id, waiting=waiting).offset(offset).limit(limit)
    return tuple(_line(row) for row in session.connection().execute(statement))


def every_operation(session: Session, compound_id: UUID, *, waiting: bool = False) -> Iterator[OperationLine]:
    """Yield operations, newest first, holding a few hundred at a time."""
    for part in session.connection().execute(_statement(compound_id, waiting=waiting)).partitions(500):
        yield from (_line(row) for row in part)


def _statement(compound_id: UUID, *, waiting: bool) -> Any:
    people = table_of(synced_models()["person"])
    doer, recorder = people.alias("doer"), people.alias("recorder")
    # The outbox is keyed by n, which other devices' operations have too.
    sent = (
        (_outbox.c.compound_id == _operation.c.compound_id)
        & (_outbox.c.n == _operation.c.n)
        & (_outbox.c.operation_id == _operation.c.id)
    )
    return (
        select(
            _operation,
            doer.c.name.label("doer"),
            recorder.c.name.label("recorder"),
            _outbox.c.n.label("outbox_n"),
            _outbox.c.doubt,
        )
        .join(_outbox, sent, isouter=not waiting)
        .outerjoin(
            doer, (doer.c.compound_id == _operation.c.compound_id) & (doer.c.id == _operation.c.doer_id)
        )
        .outerjoin(
            recorder,
            (recorder.c.compound_id == _operation.c.compound_id)
            & (recorder.c.id == _operation.c.recorder_id),
        )
        .where(_operation.c.compound_id == compound_id)
        # What waits is all of this device, so its count orders it, and the outbox is read from its end.
        .order_by(
            *([_outbox.c.n.desc()] if waiting else [_operation.c.made_at.desc(), _operation.c.n.desc()])
        )
    )


def _line(row: Any) -> OperationLine:
    return OperationLine(
        id=row.id,
        group_id=row.group_id,
        batch_id=row.batch_id,
        n=row.n,
        rev=row.rev,
        kind=row.kind,
        doer_id=row.doer_id,
        doer=row.doer or "",
        recorder_id=row.recorder_id,
        recorder=row.recorder or "",
        happened_at=row.happened_at,
        made_at=row.made_at,
        verdict=row.verdict,
        code=row.code,
        params=row.params,
        payload=row.payload,
        waiting=row.outbox_n is not None,
        doubt=row.doubt,
    )


_COLUMNS = ("id", "n", "kind", "doer", "doer_id", "recorder", "recorder_id", "happened_at", "made_at")


@listing("operations", *_COLUMNS, "verdict", "code", "rev", "group", "batch")
def list_operations(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield operations, newest first; times in the compound's zone."""
    zone = zone_of(session, compound_id)
    for line in every_operation(session, compound_id):
        yield _row(line, zone) | {
            "verdict": line.verdict,
            "code": line.code,
            "rev": line.rev,
            "group": str(line.group_id),
            "batch": None if line.batch_id is None else str(line.batch_id),
        }


@listing("outbox", *_COLUMNS, "doubt")
def list_outbox(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what no server has judged, newest first."""
    zone = zone_of(session, compound_id)
    for line in every_operation(session, compound_id, waiting=True):
        yield _row(line, zone) | {"doubt": line.doubt}


def _row(line: OperationLine, zone: ZoneInfo) -> ListingRow:
    return {
        "id": str(line.id),
        "n": line.n,
        "kind": line.kind,
        "doer": line.doer,
        "doer_id": str(line.doer_id),
        "recorder": line.recorder,
        "recorder_id": str(line.recorder_id),
        "happened_at": line.happened_at.astimezone(zone).isoformat(),
        "made_at": line.made_at.astimezone(zone).isoformat(),
    }


def zone_of(session: Session, compound_id: UUID) -> ZoneInfo:
    """Return the time zone a compound lives in."""
    compound = table_of(synced_models()["compound"])
    statement = select(compound.c.zone).where(compound.c.compound_id == compound_id)
    return ZoneInfo(session.connection().execute(statement).scalar() or "Asia/Shanghai")
