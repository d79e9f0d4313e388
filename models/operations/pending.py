"""What waits for a person: two values of one field, refused entries, facts with something odd, held operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.listings import ListingRow, listing
from models.operations.merge import same
from models.operations.queries import zone_of
from models.operations.tables import Conflict, Flag, OperationRow, OutboxRow, TrayRow
from models.tables import Json, encode, synced_models, table_of

_operation, _outbox, _tray = table_of(OperationRow), table_of(OutboxRow), table_of(TrayRow)
_conflict, _flag = table_of(Conflict), table_of(Flag)

#: What stands of a field that is no column: (table, field) -> a function of the row's columns and the two values.
STANDING: dict[tuple[str, str], Callable[[Session, Mapping[str, Any], Json, Json], Json]] = {}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote something, when, and on which laptop; empty where this store does not know."""

    operation_id: UUID | None = None
    person: str = ""
    at: datetime | None = None
    device_id: UUID | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two values of one field. `now` is what stands at present; `overtaken` tells that it is neither of them.

    `row` is the row's code or name. Values are JSON.
    """

    id: UUID
    table: str
    row_id: UUID
    row: str
    field: str
    kept: Json
    lost: Json
    now: Json
    kept_by: Writer
    lost_by: Writer
    status: str
    overtaken: bool


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A decision of this laptop that the server refused, and why."""

    id: UUID
    group_id: UUID
    kind: str
    code: str
    params: Mapping[str, Any]
    payload: Mapping[str, Any]
    doer: str
    recorder: str
    made_at: datetime
    settled: str | None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An operation that the server keeps until a version comes that can apply it."""

    id: UUID
    kind: str
    code: str
    doer: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FlagView:
    """A fact with something odd about it."""

    id: UUID
    code: str
    params: Mapping[str, Any]
    by: Writer
    settled: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """How much of each waits: unsent operations (of these in doubt), held, refused, conflicts, flags."""

    unsent: int = 0
    in_doubt: int = 0
    held: int = 0
    refused: int = 0
    conflicts: int = 0
    flags: int = 0


def pending(session: Session, compound_id: UUID) -> Pending:
    """Count what waits for the server, and what waits for a person."""
    connection = session.connection()

    def count(table: Any, *conditions: Any) -> int:
        statement = select(func.count()).select_from(table).where(table.c.compound_id == compound_id)
        return int(connection.execute(statement.where(*conditions)).scalar_one())

    outbox = count(_outbox)
    held = count(_operation, _operation.c.verdict == "held", _in_outbox())
    return Pending(
        unsent=outbox - held,
        in_doubt=count(_outbox, _outbox.c.doubt.is_not(None)) if outbox else 0,
        held=held,
        refused=count(_tray, _tray.c.settled.is_(None)),
        conflicts=count_conflicts(session, compound_id),
        flags=count(_flag, _flag.c.settled.is_(False), _flag.c.archived.is_(False)),
    )


def _in_outbox() -> Any:
    return _operation.c.id.in_(
        select(_outbox.c.operation_id).where(_outbox.c.compound_id == _operation.c.compound_id)
    )


def count_conflicts(session: Session, compound_id: UUID) -> int:
    """Count what `conflicts` returns. A status line asks after every change, so no more is read than it takes."""
    columns = ("table_name", "row_id", "field", "kept", "lost")
    statement = select(*(_conflict.c[name] for name in columns)).where(
        _conflict.c.compound_id == compound_id,
        _conflict.c.archived.is_(False),
        _conflict.c.status == "open",
    )
    rows = session.connection().execute(statement).all()
    standing = _rows_of(session, compound_id, [(row.table_name, row.row_id) for row in rows])
    return sum(
        (stands := standing.get((row.table_name, row.row_id))) is not None
        and same(_standing(session, stands, row), row.kept)
        for row in rows
    )


def _standing(session: Session, stands: Mapping[str, Any], row: Any) -> Json:
    """Return what stands of the field that a conflict is about."""
    standing = STANDING.get((row.table_name, row.field))
    if standing is not None:
        return standing(session, stands, row.kept, row.lost)
    return encode(stands.get(row.field))


def conflicts(session: Session, compound_id: UUID, *, every: bool = False) -> list[ConflictView]:
    """Return open conflicts, newest first; with `every` the settled and the overtaken ones too.

    One is overtaken when somebody has since written a third value, knowing of
    these: there is nothing left to choose.
    """
    statement = select(_conflict).where(
        _conflict.c.compound_id == compound_id, _conflict.c.archived.is_(False)
    )
    if not every:
        statement = statement.where(_conflict.c.status == "open")
    rows = session.connection().execute(statement).all()
    standing = _rows_of(session, compound_id, [(row.table_name, row.row_id) for row in rows])
    writers = _writers(session, compound_id, [by for row in rows for by in (row.kept_by, row.lost_by)])
    views = []
    for row in rows:
        stands = standing.get((row.table_name, row.row_id))
        now = None if stands is None else _standing(session, stands, row)
        view = ConflictView(
            id=row.id,
            table=row.table_name,
            row_id=row.row_id,
            row=_label(stands),
            field=row.field,
            kept=row.kept,
            lost=row.lost,
            now=now,
            kept_by=writers.get(row.kept_by, Writer()),
            lost_by=writers.get(row.lost_by, Writer()),
            status=row.status,
            overtaken=stands is None or not same(now, row.kept),
        )
        if every or not view.overtaken:
            views.append(view)
    views.sort(key=lambda view: (view.lost_by.at is not None, view.lost_by.at, view.id.hex), reverse=True)
    return views


def refused(session: Session, compound_id: UUID, *, every: bool = False) -> list[RefusedLine]:
    """Return what is in the tray, newest first; with `every` what was dealt with too."""
    people = table_of(synced_models()["person"])
    doer, recorder = people.alias("doer"), people.alias("recorder")
    statement = (
        select(_operation, _tray.c.settled, doer.c.name.label("doer"), recorder.c.name.label("recorder"))
        .join(
            _tray,
            (_tray.c.compound_id == _operation.c.compound_id) & (_tray.c.operation_id == _operation.c.id),
        )
        .outerjoin(
            doer, (doer.c.compound_id == _operation.c.compound_id) & (doer.c.id == _operation.c.doer_id)
        )
        .outerjoin(
            recorder,
            (recorder.c.compound_id == _operation.c.compound_id)
            & (recorder.c.id == _operation.c.recorder_id),
        )
        .where(_operation.c.compound_id == compound_id)
        .order_by(_operation.c.made_at.desc(), _operation.c.n.desc())
    )
    if not every:
        statement = statement.where(_tray.c.settled.is_(None))
    return [
        RefusedLine(
            id=row.id,
            group_id=row.group_id,
            kind=row.kind,
            code=row.code or "",
            params=row.params,
            payload=row.payload,
            doer=row.doer or "",
            recorder=row.recorder or "",
            made_at=row.made_at,
            settled=row.settled,
        )
        for row in session.connection().execute(statement)
    ]


def held(session: Session, compound_id: UUID) -> list[HeldLine]:
    """Return own operations that the server holds, oldest first."""
    statement = (
        select(_operation)
        .where(_operation.c.compound_id == compound_id, _operation.c.verdict == "held", _in_outbox())
        .order_by(_operation.c.n)
    )
    rows = session.connection().execute(statement).all()
    names = _names(session, compound_id, [row.doer_id for row in rows])
    return [
        HeldLine(row.id, row.kind, row.code or "", names.get(row.doer_id, ""), row.made_at) for row in rows
    ]


def flags(session: Session, compound_id: UUID, *, every: bool = False) -> list[FlagView]:
    """Return unsettled flags, newest first; with `every` the settled ones too."""
    statement = select(_flag).where(_flag.c.compound_id == compound_id, _flag.c.archived.is_(False))
    if not every:
        statement = statement.where(_flag.c.settled.is_(False))
    rows = session.connection().execute(statement).all()
    writers = _writers(session, compound_id, [row.operation_id for row in rows])
    views = [
        FlagView(row.id, row.code, row.params, writers.get(row.operation_id, Writer()), row.settled)
        for row in rows
    ]
    views.sort(key=lambda view: (view.by.at is not None, view.by.at, view.id.hex), reverse=True)
    return views


# -- lists ---------------------------------------------------------------------------


@listing(
    "conflicts",
    *("id", "status", "table", "row", "row_id", "field", "now", "kept", "lost"),
    *("kept_by", "kept_at", "lost_by", "lost_at"),
)
def list_conflicts(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield every conflict, open ones first; `status` is open, overtaken, kept or taken."""
    zone = zone_of(session, compound_id)

    def when(moment: datetime | None) -> Json:
        return None if moment is None else moment.astimezone(zone).isoformat()

    views = conflicts(session, compound_id, every=True)
    for view in sorted(views, key=lambda view: view.status != "open" or view.overtaken):
        yield {
            "id": str(view.id),
            "status": "overtaken" if view.status == "open" and view.overtaken else view.status,
            "table": view.table,
            "row": view.row,
            "row_id": str(view.row_id),
            "field": view.field,
            "now": view.now,
            "kept": view.kept,
            "lost": view.lost,
            "kept_by": view.kept_by.person,
            "kept_at": when(view.kept_by.at),
            "lost_by": view.lost_by.person,
            "lost_at": when(view.lost_by.at),
        }


@listing("tray", "id", "kind", "code", "doer", "recorder", "made_at", "settled", "group", "params", "payload")
def list_tray(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield what the server refused of this laptop, newest first; `settled` is empty while it waits."""
    zone = zone_of(session, compound_id)
    for line in refused(session, compound_id, every=True):
        yield {
            "id": str(line.id),
            "kind": line.kind,
            "code": line.code,
            "doer": line.doer,
            "recorder": line.recorder,
            "made_at": line.made_at.astimezone(zone).isoformat(),
            "settled": line.settled,
            "group": str(line.group_id),
            "params": dict(line.params),
            "payload": dict(line.payload),
        }


@listing("flags", "id", "code", "kind", "doer", "at", "settled", "operation_id", "params")
def list_flags(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield facts with something odd about them, newest first."""
    zone = zone_of(session, compound_id)
    for view in flags(session, compound_id, every=True):
        yield {
            "id": str(view.id),
            "code": view.code,
            "kind": view.by.kind,
            "doer": view.by.person,
            "at": None if view.by.at is None else view.by.at.astimezone(zone).isoformat(),
            "settled": view.settled,
            "operation_id": None if view.by.operation_id is None else str(view.by.operation_id),
            "params": dict(view.params),
        }


# -- inside --------------------------------------------------------------------------


def _rows_of(
    session: Session, compound_id: UUID, wanted: Iterable[tuple[str, UUID]]
) -> dict[tuple[str, UUID], Mapping[str, Any]]:
    models = synced_models()
    by_table: dict[str, set[UUID]] = {}
    for name, row_id in wanted:
        by_table.setdefault(name, set()).add(row_id)
    found: dict[tuple[str, UUID], Mapping[str, Any]] = {}
    for name, ids in by_table.items():
        if name not in models:
            continue
        table = table_of(models[name])
        for part in _portions(sorted(ids)):
            statement = select(table).where(table.c.compound_id == compound_id, table.c.id.in_(part))
            for row in session.connection().execute(statement).mappings():
                found[name, row["id"]] = dict(row)
    return found


def _label(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return str(row.get("code") or row.get("name") or row.get("text") or "")


def _writers(
    session: Session, compound_id: UUID, operation_ids: Iterable[UUID | None]
) -> dict[UUID | None, Writer]:
    wanted = sorted({one for one in operation_ids if one is not None})
    rows: list[Any] = []
    for part in _portions(wanted):
        statement = select(_operation).where(
            _operation.c.compound_id == compound_id, _operation.c.id.in_(part)
        )
        rows += session.connection().execute(statement).all()
    names = _names(session, compound_id, [row.doer_id for row in rows])
    return {
        row.id: Writer(row.id, names.get(row.doer_id, ""), row.at or row.made_at, row.device_id, row.kind)
        for row in rows
    }


def _names(session: Session, compound_id: UUID, people: Iterable[UUID]) -> dict[UUID, str]:
    person = table_of(synced_models()["person"])
    names: dict[UUID, str] = {}
    for part in _portions(sorted(set(people))):
        statement = select(person.c.id, person.c.name).where(
            person.c.compound_id == compound_id, person.c.id.in_(part)
        )
        names.update({row.id: row.name for row in session.connection().execute(statement)})
    return names


def _portions(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
