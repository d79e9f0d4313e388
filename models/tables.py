"""What every table shares: naming, keys, and the columns of a synced row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from uuid import UUID

from pydantic_core import to_json as to_json_bytes
from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, Table, TypeDecorator, event
from sqlmodel import Field, SQLModel

# Alembic can only alter a constraint that has a name, and SQLite invents none.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_1_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# pydantic would build a validator for each table; rows are made from what is validated already.
SQLModel.model_config["defer_build"] = True

#: The length of a time in UTC with microseconds and its zone, as ISO 8601 writes it.
_WITH_FRACTION = len("2026-03-02T01:00:00.000000+00:00")

Json = dict[str, Any] | list[Any] | str | int | float | bool | None


def no_list() -> list[Any]:
    """Return an empty list, as a field's default.

    pydantic asks a default factory for its signature whenever it calls it, and
    of the built-in `list` and `dict` Python has to parse it: a tenth of a
    millisecond for every row of an import.
    """
    return []


def no_mapping() -> dict[str, Any]:
    """Return an empty mapping, as a field's default; see `no_list`."""
    return {}


class Synced(SQLModel):
    """The columns of every row that travels between laptops and the server.

    `rev` is the place of the last applied change in the compound's one order,
    0 while the server has not seen the row. `stamps` tells, for each field
    that was edited, who wrote it last: `{field: [operation, made_at, rev,
    device]}`; the merge of two edits made apart rests on it. Rows are archived,
    never deleted.
    """

    __synced__: ClassVar[bool] = True
    #: The columns that make a row the same thing to a person, when it has any.
    __natural_key__: ClassVar[tuple[str, ...]] = ()
    #: The columns that make two open spans of days the same tie, when the table holds such.
    __span_key__: ClassVar[tuple[str, ...]] = ()
    #: Fields whose standing value yields only to a person's choice.
    __sensitive__: ClassVar[frozenset[str]] = frozenset()

    compound_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    rev: int = Field(default=0, sa_type=BigInteger, index=False)
    archived: bool = False
    stamps: dict[str, list[Any]] = Field(default_factory=no_mapping, sa_type=JSON)

    if not TYPE_CHECKING:

        def __init__(self, **values: Any) -> None:
            # SQLModel sets every column through pydantic's and SQLAlchemy's own setters, which
            # takes ten times as long and is what an import of 100,000 rows would mostly do.
            state = self.__dict__
            for name, default, factory in _defaults(type(self)):
                if name in values:
                    state[name] = values[name]
                else:
                    state[name] = default if factory is None else factory()
            self.__pydantic_fields_set__.update(values)


@event.listens_for(Synced, "instrument_class", propagate=True)
def _index_by_rev(_mapper: Any, model: type[Synced]) -> None:
    """Give every synced table the index that catching up reads: what changed since costs what changed."""
    table = table_of(model)
    Index(None, table.c.compound_id, table.c.rev, table.c.id)


Row = TypeVar("Row", bound=Synced)


@cache
def _defaults(model: type[Synced]) -> tuple[tuple[str, Any, Callable[[], Any] | None], ...]:
    """Return each column's name with its default value, or what makes one."""
    return tuple(
        (name, None if field.is_required() else field.default, cast("Any", field.default_factory))
        for name, field in model.model_fields.items()
    )


def defaults(model: type[Synced]) -> dict[str, Any]:
    """Return the columns of a row that says nothing, as the driver takes them; required ones are None."""
    return {name: default if factory is None else factory() for name, default, factory in _defaults(model)}


def raw(column: Column[Any]) -> Callable[[Any], Any] | None:
    """Return what turns a JSON value into the form SQLite stores for a column; None when they are one."""
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(plain, JSON):
        return _raw_json
    if plain.python_type is datetime:
        return _raw_time
    return None


def stored(column: Column[Any]) -> Callable[[Any], Any] | None:
    """Return what turns a column's value into the form SQLite stores; None when it is that already."""
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(plain, JSON):
        return _json_or_null if plain.none_as_null else _raw_json
    if plain.python_type is UUID:
        return _hex
    if plain.python_type is datetime:
        return _stored_time
    if hasattr(plain.python_type, "fromisoformat"):
        return _iso
    return None


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _json_or_null(value: Any) -> str | None:
    return None if value is None else _raw_json(value)


def _stored_time(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.utcoffset() is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def raw_defaults(model: type[Synced]) -> dict[str, Any]:
    """Return `defaults` in the form SQLite stores."""
    columns = table_of(model).columns
    found = {}
    for name, value in defaults(model).items():
        turn = raw(columns[name])
        found[name] = encode(value) if turn is None else turn(encode(value))
    return found


def _raw_json(value: Any) -> str:
    return to_json_bytes(value).decode()


def _raw_time(value: str | None) -> str | None:
    """Turn `2026-03-02T01:00:00+00:00`, with or without a fraction, into SQLAlchemy's way of storing it."""
    if value is None:
        return None
    if len(value) != _WITH_FRACTION or value[-6:] != "+00:00":
        value = datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="microseconds")
    return f"{value[:10]} {value[11:26]}"


def refers(column: str, to: str) -> ForeignKeyConstraint:
    """A foreign key that carries the compound, so that no row points across compounds.

    It is checked at commit: a page of pulled rows may hold a child before its parent.
    """
    return ForeignKeyConstraint(
        ["compound_id", column],
        [f"{to}.compound_id", f"{to}.id"],
        deferrable=True,
        initially="DEFERRED",
    )


def table_of(model: type[SQLModel]) -> Table:
    """Return the SQLAlchemy table behind a table class."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)  # noqa: S101  # narrows for mypy
    return table


def synced_models() -> dict[str, type[Synced]]:
    """Return every synced table class by table name, parents before children."""
    return _synced_models(len(SQLModel.metadata.tables))


@cache
def _synced_models(_number_of_tables: int) -> dict[str, type[Synced]]:
    # Sorting the tables takes longer than an operation; features register theirs one after another.
    by_name = {
        table_of(mapper.class_).name: mapper.class_
        for mapper in SQLModel._sa_registry.mappers  # noqa: SLF001  # SQLModel offers no public list
        if issubclass(mapper.class_, Synced)
    }
    return {
        table.name: by_name[table.name] for table in SQLModel.metadata.sorted_tables if table.name in by_name
    }


def encode(value: Any) -> Json:
    """Return a column value as JSON: ids as hex, times in UTC, the rest as it is."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value  # type: ignore[no-any-return]


def _decode(column: Column[Any], value: Json) -> Any:
    if value is None:
        return None
    # A decorated type (SQLModel's aware datetime is one) only knows what it decorates.
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    python_type = plain.python_type
    if python_type is UUID:
        return UUID(str(value))
    if hasattr(python_type, "fromisoformat"):
        return python_type.fromisoformat(value)
    return value


def row_values(row: SQLModel) -> dict[str, Any]:
    """Return a row's columns as the driver takes them."""
    values = row.__dict__  # past SQLAlchemy's attributes, which cost as much as the rest of an insert
    names = column_names(type(row))
    try:
        return {name: values[name] for name in names}
    except KeyError:  # it came through a session and has expired
        return {name: getattr(row, name) for name in names}


@cache
def column_names(model: type[SQLModel]) -> tuple[str, ...]:
    """Return the names of a table's columns, in its order."""
    return tuple(column.name for column in table_of(model).columns)


def to_json(row: SQLModel) -> dict[str, Json]:
    """Return a row as JSON values, for a shadow or the wire."""
    return {name: encode(value) for name, value in row_values(row).items()}


def values_from_json(model: type[SQLModel], values: Mapping[str, Json]) -> dict[str, Any]:
    """Turn `to_json`'s output back into column values; unknown names are left out."""
    columns = table_of(model).columns
    return {name: _decode(columns[name], value) for name, value in values.items() if name in columns}
