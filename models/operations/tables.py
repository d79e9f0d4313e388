"""The operation log, what waits to be judged, and what a laptop must be able to put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables import Synced


class OperationRow(SQLModel, table=True):
    """One operation in the log, with the verdict once it has one.

    `rev` is its place in the compound's order, None while unjudged and for ever
    when rejected. `n` counts a device's operations in one compound from 1.
    `seen` is the cursor of the laptop when the operation was made. `at` is
    `made_at` put right where the laptop's clock was wrong, None where nobody
    has; `received_at` is when the server got it, None on a laptop. `arrival` is the
    place of what is held among what is, in the order it came.
    """

    __tablename__ = "operation"
    __table_args__ = (
        Index(None, "compound_id", "group_id"),
        Index(None, "compound_id", "rev"),
        Index(None, "compound_id", "made_at", "n"),
        Index(None, "compound_id", "verdict"),
        UniqueConstraint("compound_id", "device_id", "n"),
    )

    compound_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    rev: int | None = Field(default=None, sa_type=BigInteger)
    device_id: UUID
    n: int = Field(sa_type=BigInteger)
    group_id: UUID
    batch_id: UUID | None = None
    kind: str
    v: int
    doer_id: UUID
    recorder_id: UUID
    payload: dict[str, Any] = Field(sa_type=JSON)
    needs: list[str] = Field(default_factory=list, sa_type=JSON)
    happened_at: datetime
    made_at: datetime
    at: datetime | None = None
    received_at: datetime | None = None
    arrival: int | None = None
    seen: int = Field(sa_type=BigInteger)
    verdict: str | None = None
    code: str | None = None
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ChangeRow(SQLModel, table=True):
    """What was done in one go, for the list of changes: one row for each kind and doer in it. Never synced.

    `id` is the batch, or the group where there is none; operations that take a
    group back are a change of their own, whose `undoes` names that group and
    `undoes_change` the change it is part of. `at`, `n` and `device_id` are those of
    the first operation, `leading` marks that one's row, and `operation_id` is the
    first of this kind and doer. Narrow on purpose: a filter reads all of it.
    A server keeps none.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "compound_id", "leading", "at", "n", "id"),
        # Without the compound: where both are given, SQLite takes reading the whole table for cheaper.
        Index(None, "id"),
        Index(None, "undoes"),
        Index(None, "undoes_change"),
        {"sqlite_with_rowid": False},
    )

    compound_id: UUID = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    n: int = Field(primary_key=True, sa_type=BigInteger)
    id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    doer_id: UUID = Field(primary_key=True)
    recorder_id: UUID
    device_id: UUID
    leading: bool
    operation_id: UUID
    number: int
    first_n: int = Field(sa_type=BigInteger)
    last_n: int = Field(sa_type=BigInteger)
    undoes: UUID | None = None
    undoes_change: UUID | None = None


class AboutRow(SQLModel, table=True):
    """The operation names that row in its payload. Never synced; a server keeps none.

    Ids of operations tell when they were made, so a row's history lies here in its order.
    """

    __tablename__ = "operation_about"
    __table_args__ = ({"sqlite_with_rowid": False},)

    compound_id: UUID = Field(primary_key=True)
    row_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(primary_key=True)
    change_id: UUID


class OutboxRow(SQLModel, table=True):
    """An operation of this laptop that no server has judged.

    `doubt` holds the code of the reason when replaying it on newer rows failed:
    it stays in the outbox, and the screen says that it may be refused. `segment`
    names the stretch of the laptop's clock in which the operation was made, and
    `shift_ms` what had been added to that clock then (see models.replication.clocks).
    """

    __tablename__ = "outbox"

    compound_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True, sa_type=BigInteger)
    operation_id: UUID
    doubt: str | None = None
    segment: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    shift_ms: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class TrayRow(SQLModel, table=True):
    """A decision of this laptop that the server refused, until a person has dealt with it.

    `settled` is None, "resubmitted" (as the operation `by`) or "dismissed".
    """

    __tablename__ = "tray"
    __table_args__ = (Index(None, "compound_id", "settled"),)

    compound_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(primary_key=True)
    settled: str | None = None
    by: UUID | None = None


class ShadowRow(SQLModel, table=True):
    """The confirmed version of a row that unjudged operations have touched.

    `before` is None when the server has no such row. `operation_id` is the last
    unjudged operation that wrote it: what reads the row needs that operation.
    """

    __tablename__ = "shadow"

    # In this order, because `needs` asks by row alone, once for every group of an import.
    compound_id: UUID = Field(primary_key=True)
    row_id: UUID = Field(primary_key=True)
    table_name: str = Field(primary_key=True)
    operation_id: UUID
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class CursorRow(SQLModel, table=True):
    """How far a laptop is in a compound: last rev pulled, own operations counted and acknowledged."""

    __tablename__ = "cursor"

    compound_id: UUID = Field(primary_key=True)
    cursor: int = Field(default=0, sa_type=BigInteger)
    last_n: int = Field(default=0, sa_type=BigInteger)
    acked_n: int = Field(default=0, sa_type=BigInteger)


class HeadRow(SQLModel, table=True):
    """The last rev a server gave out in a compound. A laptop has none."""

    __tablename__ = "head"

    compound_id: UUID = Field(primary_key=True)
    head: int = Field(default=0, sa_type=BigInteger)


class DigestRow(SQLModel, table=True):
    """How many rows of a table the server has confirmed, and the sum of their marks (models.operations.digest).

    Kept up to date with each change, so that a laptop and a server can compare
    what they hold without reading it.
    """

    __tablename__ = "digest"

    compound_id: UUID = Field(primary_key=True)
    table_name: str = Field(primary_key=True)
    n: int = Field(default=0, sa_type=BigInteger)
    total: int = Field(default=0, sa_type=BigInteger)


class Setting(SQLModel, table=True):
    """A fact about this store alone: its device id, who acts, which compound is open. Never synced."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSON)


class Draft(SQLModel, table=True):
    """Something half-typed, kept so that closing the lid loses nothing. Never synced."""

    __tablename__ = "draft"

    compound_id: UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    values: dict[str, Any] = Field(sa_type=JSON)


class Alias(Synced, table=True):
    """The row `id` of `table_name` is the same thing as `to_id`: every later reference follows."""

    __tablename__ = "alias"

    table_name: str
    to_id: UUID


class Flag(Synced, table=True):
    """Something about a fact that a person should look at; the fact stands all the same."""

    __tablename__ = "flag"

    operation_id: UUID
    code: str
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    settled: bool = False


class Conflict(Synced, table=True):
    """Two people wrote one field without knowing of each other: what stands, and what was put aside.

    `kept_by` and `lost_by` are operations. `status` is "open", "kept" or "taken";
    `settled_by` the operation that settled it.
    """

    __tablename__ = "conflict"
    __sensitive__: ClassVar[frozenset[str]] = frozenset()

    table_name: str
    row_id: UUID
    field: str
    kept: Any = Field(default=None, sa_type=JSON)
    lost: Any = Field(default=None, sa_type=JSON)
    kept_by: UUID | None = None
    lost_by: UUID | None = None
    status: str = "open"
    settled_by: UUID | None = None
