"""Which rows an operation is about, and which operations are one change: what the list of changes is read from.

It is derived from the log and kept beside it, on laptops only. Knows no kinds:
whatever id a payload holds as a value is a row it is about. The key of an
answer is no such id: an observation is not about the question that it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import and_, bindparam, case, delete, func, select, update
from sqlmodel import Session

from models.operations.envelope import Operation
from models.operations.tables import AboutRow, ChangeRow, OperationRow
from models.operations.writing import insert_values
from models.tables import table_of

_about, _change, _operation = table_of(AboutRow), table_of(ChangeRow), table_of(OperationRow)

_ID = re.compile(rb'"([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"(?!\s*:)')
#: A database takes a limited number of values in one statement.
_CHUNK = 500
#: Operations that a rebuilding holds in memory.
_AT_A_TIME = 2_000

_TELL = "INSERT INTO operation_about (compound_id, row_id, operation_id, change_id) VALUES (?, ?, ?, ?)"

Row = Mapping[str, Any]


def ids_in(payload: Mapping[str, Any]) -> set[UUID]:
    """Return every id that a payload holds as a value, however deep."""
    return {UUID(found) for found in _stored_ids(payload)}


def _stored_ids(payload: Mapping[str, Any]) -> set[str]:
    """Return these ids in the form that SQLite stores."""
    return {found.decode().replace("-", "").lower() for found in _ID.findall(to_json(payload))}


def note(session: Session, rows: Sequence[Row]) -> None:
    """List operations that were just written into the log, as its columns."""
    compound_id = rows[0]["compound_id"]
    if _taken_for_a_batch(session, compound_id, rows):
        rebuild(session, compound_id)
        return
    undone = _undone(session, compound_id, rows)
    changes = _changes_of(session, compound_id, rows, undone)
    undone |= _undone_undos(session, compound_id, undone, rows, changes)
    # A group that was just made here stands by itself; one that comes down may have come in part before.
    begun = {
        change_id
        for row, change_id in zip(rows, changes, strict=True)
        if row["batch_id"] is not None or row.get("verdict", "") is not None
    }
    facets = _Facets(session, compound_id, begun)
    about: list[tuple[str, str, str, str]] = []
    for row, change_id in zip(rows, changes, strict=True):
        facets.count(row, change_id, undone)
        key = row["id"].hex, change_id.hex
        about += [(compound_id.hex, one, *key) for one in _stored_ids(row["payload"])]
    facets.write()
    if about:
        # Past SQLAlchemy's types, as all that comes in bulk: an import names three rows in each operation.
        session.connection().exec_driver_sql(_TELL, sorted(about))


def rebuild(session: Session, compound_id: UUID) -> None:
    """List a compound's operations afresh, after some of them have left the log."""
    from models.operations import log  # here, because the log notes what is written into it

    connection = session.connection()
    for table in (_about, _change):
        connection.execute(delete(table).where(table.c.compound_id == compound_id))
    columns = [
        _operation.c[name]
        for name in (
            *("compound_id", "id", "device_id", "n", "group_id", "batch_id", "kind", "doer_id"),
            *("recorder_id", "payload", "made_at", "at", "seen"),
        )
    ]
    wanted = select(*columns).where(_operation.c.compound_id == compound_id)
    # As they were noted: own ones as they were made, after what had been seen by then, and others' as they came down.
    own = _operation.c.device_id == log.device_id(session)
    place = case((own, _operation.c.seen), else_=func.coalesce(_operation.c.rev, _operation.c.seen))
    ordered = wanted.order_by(place, own, _operation.c.n)
    for part in connection.execute(ordered).mappings().partitions(_AT_A_TIME):
        note(session, [dict(row) for row in part])


def put_right(session: Session, operation: Operation | OperationRow) -> None:
    """Let the change that an operation leads lie at the time to which that was put right."""
    names = [name for name in (operation.group_id, operation.batch_id) if name is not None]
    led = select(_change.c.id).where(
        _change.c.compound_id == operation.compound_id,
        _change.c.id.in_(names),
        _change.c.leading.is_(True),
        _change.c.operation_id == operation.id,
    )
    connection = session.connection()
    for change_id in connection.execute(led).scalars().all():
        connection.execute(
            update(_change)
            .where(_change.c.compound_id == operation.compound_id, _change.c.id == change_id)
            .values(at=operation.at or operation.made_at)
        )


def _taken_for_a_batch(session: Session, compound_id: UUID, rows: Sequence[Row]) -> bool:
    """Tell whether one of these groups, which came down, was taken back by what is listed as an import of its name.

    So it is after a server was restored: the log forgets what others did, but not who took it back here.
    """
    groups = {row["group_id"] for row in rows if row.get("verdict") is not None}
    for part in portions(sorted(groups)):
        statement = (
            select(_change.c.id)
            .join(
                _operation,
                (_operation.c.compound_id == _change.c.compound_id)
                & (_operation.c.id == _change.c.operation_id),
            )
            .where(
                _change.c.compound_id == compound_id,
                _change.c.id.in_(part),
                _operation.c.batch_id == _change.c.id,
            )
        )
        if session.connection().execute(statement.limit(1)).first() is not None:
            return True
    return False


def _changes_of(
    session: Session, compound_id: UUID, rows: Sequence[Row], undone: Mapping[UUID, UUID]
) -> list[UUID]:
    """Return the change each operation belongs to: the batch, else the group.

    What takes a group back is a change of its own. It may be more than a group
    holds: what follows at once on the same laptop, takes the same back and has seen the same
    is part of it, unless the first was refused, so that somebody tried again.
    """
    runs: dict[tuple[UUID, UUID], tuple[UUID, int, int]] = {}
    for part in portions(sorted(undone)):
        statement = (
            select(_change.c.id, _change.c.device_id, _change.c.undoes, _change.c.last_n, _operation.c.seen)
            .join(
                _operation,
                (_operation.c.compound_id == _change.c.compound_id)
                & (_operation.c.id == _change.c.operation_id),
            )
            .where(
                _change.c.compound_id == compound_id,
                _change.c.undoes.in_(part),
                _operation.c.verdict.is_distinct_from("rejected"),
            )
            .order_by(_change.c.last_n)
        )
        for standing in session.connection().execute(statement):
            runs[standing.device_id, standing.undoes] = standing.id, standing.last_n, standing.seen
    found: list[UUID] = []
    for row in rows:
        batch: UUID | None = row["batch_id"]
        change: UUID = row["group_id"] if batch is None else batch
        if batch is not None and batch in undone:
            run, *before = runs.get((row["device_id"], batch), (row["group_id"], 0, 0))
            change = run if before == [row["n"] - 1, row["seen"]] else row["group_id"]
            runs[row["device_id"], batch] = change, row["n"], row["seen"]
        found.append(change)
    return found


def _undone(session: Session, compound_id: UUID, rows: Sequence[Row]) -> dict[UUID, UUID]:
    """Return the groups that some of these operations take back, each with the change it is part of.

    Operations that take a group back carry that group as their batch; the batch
    of an import names no group.
    """
    batches = {row["batch_id"] for row in rows if row["batch_id"] is not None}
    if not batches:
        return {}
    found: dict[UUID, UUID | None] = {
        row["group_id"]: row["batch_id"] for row in rows if row["group_id"] in batches
    }
    for part in portions(sorted(batches)):
        statement = (
            select(_operation.c.group_id, _operation.c.batch_id)
            .where(_operation.c.compound_id == compound_id, _operation.c.group_id.in_(part))
            .distinct()
        )
        found.update({row.group_id: row.batch_id for row in session.connection().execute(statement)})
    whole: dict[UUID, UUID] = {}
    for group, batch in found.items():
        # An undo that is taken back has, as its batch, a group; an import's part has a name of its own.
        is_undo = batch is not None and (batch in found or _is_group(session, compound_id, batch))
        whole[group] = group if batch is None or is_undo else batch
    return whole


def _undone_undos(
    session: Session,
    compound_id: UUID,
    undone: Mapping[UUID, UUID],
    rows: Sequence[Row],
    changes: Sequence[UUID],
) -> dict[UUID, UUID]:
    """Return, for each group that is taken back and takes something back itself, the change that it is part of."""
    undos = [group for group, change in undone.items() if group == change]
    found: dict[UUID, UUID] = {}
    for part in portions(undos):
        statement = (
            select(_operation.c.group_id, _change.c.id)
            .join(
                _change,
                (_change.c.compound_id == _operation.c.compound_id)
                & (_change.c.undoes == _operation.c.batch_id)
                & (_change.c.device_id == _operation.c.device_id)
                & _operation.c.n.between(_change.c.first_n, _change.c.last_n),
            )
            .where(_operation.c.compound_id == compound_id, _operation.c.group_id.in_(part))
            .distinct()
        )
        found.update({row.group_id: row.id for row in session.connection().execute(statement)})
    here = {row["group_id"]: change for row, change in zip(rows, changes, strict=True)}
    return found | {group: here[group] for group in undos if group in here}


def _is_group(session: Session, compound_id: UUID, group_id: UUID) -> bool:
    statement = select(_operation.c.id).where(
        _operation.c.compound_id == compound_id, _operation.c.group_id == group_id
    )
    return session.connection().execute(statement.limit(1)).first() is not None


class _Facets:
    """The rows of some changes, as they stand and as operations are added to them."""

    def __init__(self, session: Session, compound_id: UUID, changes: set[UUID]) -> None:
        self._session = session
        self._leading: dict[UUID, Row] = {}
        self._rows: dict[tuple[UUID, str, UUID], dict[str, Any]] = {}
        self._new: list[dict[str, Any]] = []
        self._grown: dict[tuple[UUID, str, UUID], dict[str, Any]] = {}
        for part in portions(sorted(changes)):
            for found in (
                session.connection().execute(select(_change).where(_change.c.id.in_(part))).mappings()
            ):
                row = dict(found)
                if row["compound_id"] != compound_id:
                    continue
                self._rows[row["id"], row["kind"], row["doer_id"]] = row
                if row["leading"]:
                    self._leading[row["id"]] = row

    def count(self, row: Row, change_id: UUID, undone: Mapping[UUID, UUID]) -> None:
        key = (change_id, row["kind"], row["doer_id"])
        facet = self._rows.get(key)
        if facet is not None:
            facet["number"] += 1
            facet["first_n"] = min(facet["first_n"], row["n"])
            facet["last_n"] = max(facet["last_n"], row["n"])
            self._grown[key] = facet
            return
        leader = self._leading.get(change_id)
        takes_back = row["batch_id"] if row["batch_id"] in undone else None
        facet = {
            "compound_id": row["compound_id"],
            "at": (row["at"] or row["made_at"]) if leader is None else leader["at"],
            "n": row["n"] if leader is None else leader["n"],
            "id": change_id,
            "kind": row["kind"],
            "doer_id": row["doer_id"],
            "recorder_id": row["recorder_id"],
            "device_id": row["device_id"],
            "leading": leader is None,
            "operation_id": row["id"],
            "number": 1,
            "first_n": row["n"],
            "last_n": row["n"],
            "undoes": takes_back,
            "undoes_change": None if takes_back is None else undone[takes_back],
        }
        self._rows[key] = facet
        self._leading.setdefault(change_id, facet)
        self._new.append(facet)

    def write(self) -> None:
        connection = self._session.connection()
        if self._new:
            insert_values(connection, _change, self._new)
        fresh = {id(facet) for facet in self._new}
        grown = [facet for facet in self._grown.values() if id(facet) not in fresh]
        if not grown:
            return
        keys = ("compound_id", "at", "n", "id", "kind", "doer_id")
        values = ("number", "first_n", "last_n")
        statement = (
            update(_change)
            .where(and_(*(_change.c[name] == bindparam(f"key_{name}") for name in keys)))
            .values({name: bindparam(f"new_{name}") for name in values})
        )
        connection.execute(
            statement,
            [
                {f"key_{name}": facet[name] for name in keys}
                | {f"new_{name}": facet[name] for name in values}
                for facet in grown
            ],
        )


def portions(ids: Iterable[UUID]) -> Iterator[Sequence[UUID]]:
    """Split ids into parts that one statement can take."""
    every = list(ids)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
