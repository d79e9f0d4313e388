"""What a handler may see and touch: rows in, rows out, nothing else.

A workspace holds the rows that one group of operations reads and writes, and
sends them to the database in bulk. On a laptop it keeps, in the shadow, what
the server last confirmed; on the server it stamps rows with their rev. The
handlers cannot tell the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session

from models.ids import derived_id
from models.operations import writing
from models.operations.digest import Tally
from models.operations.envelope import Operation
from models.operations.questions import by_id, by_ids, by_values
from models.operations.roles import Role, RoleTerm
from models.operations.tables import Alias, Conflict, Flag
from models.operations.verdicts import Refusal
from models.problems import Param
from models.tables import Json, Synced, encode, synced_models, table_of, to_json

R = TypeVar("R", bound=Synced)
Key = tuple[type[Synced], UUID]


class Workspace:
    """Rows of one compound under the hands of handlers."""

    def __init__(self, session: Session, compound_id: UUID, *, keep_shadows: bool) -> None:
        self.session = session
        self.compound_id = compound_id
        self._keep_shadows = keep_shadows
        self._operation: Operation | None = None
        self._rev: int | None = None
        self._rows: dict[Key, Synced | None] = {}
        self._added: dict[Key, None] = {}
        self._changed: dict[Key, set[str]] = {}
        self._unsent: set[type[Synced]] = set()
        self._indexes: dict[tuple[type[Synced], tuple[str, ...]], dict[tuple[Any, ...], Synced | None]] = {}
        self._before: dict[Key, dict[str, Json] | None] = {}
        self._writer: dict[Key, UUID] = {}
        self._roles: dict[UUID, list[RoleTerm]] = {}
        self._has_director: bool | None = None
        self._zone: ZoneInfo | None = None
        self.met: dict[UUID, set[UUID]] = defaultdict(set)
        self.written: dict[Key, None] = {}
        self.conflicts: list[UUID] = []
        #: Payloads that were validated ahead, by operation.
        self.payloads: dict[UUID, Any] = {}
        #: What the rows written so far change in the digests; only a server gives out revs.
        self.tally = Tally()
        self._revs: dict[Key, int] = {}
        self._numbers: dict[type[Synced], int] = {}

    # -- the operation being applied -------------------------------------------------

    def begin(self, operation: Operation, *, rev: int | None) -> None:
        """Make an operation the one that rows are read and written for."""
        self._operation = operation
        self._rev = rev
        self.conflicts = []

    @property
    def operation(self) -> Operation:
        """The operation being applied."""
        if self._operation is None:
            raise RuntimeError("no operation is being applied")
        return self._operation

    # -- reading ---------------------------------------------------------------------

    def get(self, model: type[R], row_id: UUID) -> R | None:
        """Return a row by id, following aliases, or None. An archived row is returned as well."""
        passed = set()
        row = self._load(model, row_id)
        while (row is None or row.archived) and row_id not in passed:
            passed.add(row_id)  # a ring of aliases must not turn for ever
            row_id = self._same_as(str(model.__tablename__), row_id)
            row = self._load(model, row_id)
        return row

    def require(self, model: type[R], row_id: UUID) -> R:
        """Return a living row by id; refuse the decision when there is none."""
        row = self.get(model, row_id)
        if row is None:
            raise Refusal("row.unknown", table=str(model.__tablename__), id=str(row_id))
        if row.archived:
            raise Refusal("row.archived", table=str(model.__tablename__), id=str(row_id))
        return row

    def find(self, model: type[R], **values: Any) -> R | None:
        """Return the row whose columns hold these values, archived or not, or None.

        Meant for natural keys: rows added or changed in this group are found too,
        and a row that was merged into another leads to that one.
        """
        row = self._find(model, values)
        return row if row is None or not row.archived else self.get(model, row.id)

    def _find(self, model: type[R], values: dict[str, Any]) -> R | None:
        names = tuple(sorted(values))
        wanted = tuple(values[name] for name in names)
        index = self._index(model, names)
        if wanted in index:
            row = index[wanted]
            if row is None:
                return None
            if isinstance(row, model) and _holds(row, names, wanted):
                self._meet(row.id)
                return row
        statement = by_values(model, names, tuple(value is None for value in wanted))
        asked = {"compound": self.compound_id, **{f"is_{name}": value for name, value in values.items()}}
        index[wanted] = None
        for mapping in self.session.connection().execute(statement, asked).mappings():
            found = self._adopt(model, dict(mapping))
            if _holds(found, names, wanted):
                index[wanted] = found
                return found
        return None

    def prefetch(self, model: type[R], column: str, values: Iterable[Any]) -> None:
        """Load the rows whose column holds one of these values, in few statements.

        Later `find` calls on that one column then ask the database nothing. It
        is for imports, where a question per row would be the whole cost.
        """
        self.flush()
        wanted = list(dict.fromkeys(values))
        table = table_of(model)
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            statement = select(table).where(
                table.c.compound_id == self.compound_id, table.c[column].in_(chunk)
            )
            index = self._index(model, (column,))
            index.update({(value,): None for value in chunk})
            for mapping in self.session.connection().execute(statement).mappings():
                row = self._adopt(model, dict(mapping))
                index[(getattr(row, column),)] = row

    def preload(self, model: type[Synced], row_ids: Iterable[UUID]) -> None:
        """Load rows by id in few statements, and the aliases of those that are not there.

        Later `get` calls then ask the database nothing.
        """
        missing = self._load_many(model, row_ids)
        if missing and model is not Alias:
            self._load_many(Alias, missing)

    def _load_many(self, model: type[Synced], row_ids: Iterable[UUID]) -> list[UUID]:
        wanted = [row_id for row_id in dict.fromkeys(row_ids) if (model, row_id) not in self._rows]
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            asked = {"compound": self.compound_id, "rows": chunk}
            self._rows.update(dict.fromkeys((model, row_id) for row_id in chunk))
            for mapping in self.session.connection().execute(by_ids(model), asked).mappings():
                self._rows[model, mapping["id"]] = model(**mapping)
        return [row_id for row_id in wanted if (row := self._rows[model, row_id]) is None or row.archived]

    def rows(self, model: type[R], *conditions: Any) -> list[R]:
        """Return the rows that meet conditions on the model's columns, in id order."""
        if model in self._unsent:  # what waits of other tables cannot change the answer
            self.flush()
        table = table_of(model)
        statement = select(table).where(table.c.compound_id == self.compound_id, *conditions)
        # Asked to order by id, SQLite walks the primary key through the whole compound instead of an index.
        found = sorted(self.session.connection().execute(statement).mappings(), key=lambda row: row["id"].hex)
        return [self._adopt(model, dict(mapping)) for mapping in found]

    def roles(self, person_id: UUID, on: date) -> frozenset[Role]:
        """Return the roles a person holds on a day."""
        # A laptop goes on acting as a person whom others have merged into somebody.
        person_id = self._end_of_aliases("person", person_id)
        if person_id not in self._roles:
            self._roles[person_id] = self.rows(RoleTerm, table_of(RoleTerm).c.person_id == person_id)
        return frozenset(Role(term.role) for term in self._roles[person_id] if term.holds_on(on))

    def local_day(self, instant: datetime) -> date:
        """Return the day it is in the compound at an instant.

        Roles and terms are kept in days. Taken in UTC, a day begins at eight in
        the morning in Shanghai, and who founded a compound at seven would have
        no role in it until then.
        """
        if self._zone is None:
            compound = self.get(synced_models()["compound"], self.compound_id)
            self._zone = ZoneInfo(getattr(compound, "zone", "Asia/Shanghai"))
        return instant.astimezone(self._zone).date()

    def has_director(self) -> bool:
        """Tell whether the compound has, or ever had, a director."""
        if self._has_director is None:
            self._has_director = bool(self.rows(RoleTerm, table_of(RoleTerm).c.role == Role.DIRECTOR.value))
        return self._has_director

    # -- writing ---------------------------------------------------------------------

    def new_id(self, model: type[Synced], natural_key: str) -> UUID:
        """Return the id of a row that a handler adds by itself."""
        return derived_id(self.operation.id, str(model.__tablename__), natural_key)

    def next_number(self, model: type[Synced]) -> int | None:
        """Return the next of the numbers that a compound's rows of a table are given in their order, or None on a laptop.

        This is the one step that only the server can do; a laptop learns the number with the row.
        """
        if self._rev is None:
            return None
        if model not in self._numbers:
            self.flush()
            table = table_of(model)
            last = select(func.max(table.c.number)).where(table.c.compound_id == self.compound_id)
            self._numbers[model] = self.session.connection().execute(last).scalar() or 0
        self._numbers[model] += 1
        return self._numbers[model]

    def shared_id(self, model: type[Synced], natural_key: str) -> UUID:
        """Return the id of a row that whoever needs it first adds by itself.

        Two laptops that each add flats of building 3 have both made the building.
        It has one id, so that what either of them says of it later finds it.
        """
        return derived_id(self.compound_id, str(model.__tablename__), natural_key)

    def add(self, row: R) -> R:
        """Add a row. Its compound is this workspace's, whatever it said."""
        if row.compound_id != self.compound_id:
            row.compound_id = self.compound_id
        key: Key = (type(row), row.id)
        if self._rows.get(key) is not None:
            raise Refusal("row.clash", table=str(row.__tablename__), id=str(row.id))
        self._before.setdefault(key, None)
        self._rows[key] = row
        self._added[key] = None
        self._wrote(key, row)
        return row

    def change(self, row: Synced, **values: Any) -> bool:
        """Set columns of a row; tells whether anything is different now."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not different:
            return False
        key: Key = (type(row), row.id)
        if key not in self._before:
            self._before[key] = to_json(row)
        # These rows are in no session: what SQLAlchemy and pydantic do on each assignment would be for nothing.
        row.__dict__.update(different)
        if key not in self._added:
            self._changed.setdefault(key, set()).update(different)
        self._wrote(key, row)
        return True

    def alias(self, model: type[Synced], from_id: UUID, to_id: UUID) -> None:
        """Let every later reference to one row mean another."""
        if from_id == to_id:
            return
        standing = self._load(Alias, from_id)
        if standing is None:
            self.add(
                Alias(
                    compound_id=self.compound_id, id=from_id, table_name=str(model.__tablename__), to_id=to_id
                )
            )
        else:
            self.change(standing, to_id=to_id, archived=False)

    def flag(self, code: str, /, **params: Param) -> None:
        """Mark the fact being applied for a person to look at."""
        self.add(
            Flag(
                compound_id=self.compound_id,
                id=self.new_id(Flag, code),
                operation_id=self.operation.id,
                code=code,
                params=dict(params),
            )
        )

    def conflict(
        self,
        row: Synced,
        field: str,
        *,
        kept: Json,
        lost: Json,
        kept_by: UUID | None,
        lost_by: UUID | None,
    ) -> None:
        """Keep visible both values of a field that two people wrote apart, and the operations that wrote them."""
        conflict = Conflict(
            compound_id=self.compound_id,
            id=self.new_id(Conflict, f"{row.__tablename__}:{row.id}:{field}"),
            table_name=str(row.__tablename__),
            row_id=row.id,
            field=field,
            kept=kept,
            lost=lost,
            kept_by=kept_by,
            lost_by=lost_by,
        )
        self.add(conflict)
        self.conflicts.append(conflict.id)

    def stamp(self) -> list[Any]:
        """Return who is writing now, as `Synced.stamps` keeps it for a field."""
        operation = self.operation
        return [operation.id.hex, operation.at.isoformat(), self._rev, operation.device_id.hex]

    def json_of(self, row: Synced, field: str) -> Json:
        """Return a field of a row as JSON."""
        return encode(getattr(row, field))

    def flush(self) -> None:
        """Send what was added and changed to the database; refuse a reference to a row that is not there."""
        if not self._added and not self._changed:
            return
        self._settle_references()
        connection = self.session.connection()
        if self._keep_shadows:
            writing.keep_shadows(connection, self.compound_id, self._before, self._writer)
        writing.insert_rows(connection, self._present(self._added))
        writing.update_rows(connection, self._present(key for key in self._changed if key not in self._added))
        for (model, row_id), before in self._revs.items():
            row = self._rows[model, row_id]
            if row is not None:
                self.tally.moved(str(model.__tablename__), row_id, before, row.rev)
        self._revs.clear()
        self._added.clear()
        self._changed.clear()
        self._unsent.clear()
        self._before.clear()
        self._indexes.clear()

    def _present(self, keys: Iterable[Key]) -> list[Synced]:
        return [row for row in (self._rows[key] for key in keys) if row is not None]

    # -- inside ----------------------------------------------------------------------

    def _load(self, model: type[R], row_id: UUID) -> R | None:
        key: Key = (model, row_id)
        if key not in self._rows:
            asked = {"compound": self.compound_id, "row": row_id}
            mapping = self.session.connection().execute(by_id(model), asked).mappings().first()
            self._rows[key] = None if mapping is None else model(**mapping)
        row = self._rows[key]
        self._meet(row_id)
        return row if isinstance(row, model) else None

    def _adopt(self, model: type[R], values: dict[str, Any]) -> R:
        key: Key = (model, values["id"])
        self._meet(values["id"])
        known = self._rows.get(key)
        if isinstance(known, model):
            return known
        row = model(**values)
        self._rows[key] = row
        return row

    def _meet(self, row_id: UUID) -> None:
        if self._keep_shadows and self._operation is not None:
            self.met[self._operation.id].add(row_id)

    def _wrote(self, key: Key, row: Synced) -> None:
        if self._rev is not None:
            self._revs.setdefault(key, row.rev)
            row.__dict__["rev"] = self._rev
        self._unsent.add(key[0])
        self._writer[key] = self.operation.id
        self.written[key] = None
        self._meet(row.id)
        if isinstance(row, RoleTerm):
            self._roles.clear()
            self._has_director = None
        elif row.id == self.compound_id:
            self._zone = None
        for (model, names), index in self._indexes.items():
            if model is key[0]:
                index[tuple(getattr(row, name) for name in names)] = row

    def _same_as(self, table: str, row_id: UUID) -> UUID:
        """Return the id that an alias gives for a row, or the row's own."""
        alias = self._load(Alias, row_id)
        if alias is None or alias.archived or alias.table_name != table:
            return row_id
        return alias.to_id

    def _end_of_aliases(self, table: str, row_id: UUID) -> UUID:
        passed = set()
        while row_id not in passed:
            passed.add(row_id)
            row_id = self._same_as(table, row_id)
        return row_id

    def _settle_references(self) -> None:
        """Point references at rows that are there.

        Foreign keys are checked at commit, where one dangling reference would
        take every group of the transaction with it.
        """
        asked: dict[tuple[type[Synced], UUID], list[tuple[Synced, str]]] = defaultdict(list)
        for key in (*self._added, *self._changed):
            row = self._rows[key]
            fresh = key in self._added
            for column, target in writing.references(key[0]):
                row_id = getattr(row, column)
                if row is None or row_id is None or not (fresh or column in self._changed[key]):
                    continue
                if self._rows.get((target, row_id)) is None:
                    asked[target, row_id].append((row, column))
        for target in {target for target, _ in asked}:
            there = self._ids_there(target, [row_id for model, row_id in asked if model is target])
            for (model, row_id), places in asked.items():
                if model is not target or row_id in there:
                    continue
                standing = self.get(target, row_id)
                if standing is None:
                    raise Refusal("row.unknown", table=str(target.__tablename__), id=str(row_id))
                for row, column in places:
                    setattr(row, column, standing.id)

    def _ids_there(self, model: type[Synced], row_ids: Sequence[UUID]) -> set[UUID]:
        there: set[UUID] = set()
        for start in range(0, len(row_ids), 500):
            asked = {"compound": self.compound_id, "rows": row_ids[start : start + 500]}
            there.update(self.session.connection().execute(by_ids(model, "id"), asked).scalars())
        return there

    def _index(self, model: type[Synced], names: tuple[str, ...]) -> dict[tuple[Any, ...], Synced | None]:
        if (model, names) not in self._indexes:
            unsent = [self._rows[key] for key in (*self._added, *self._changed) if key[0] is model]
            self._indexes[(model, names)] = {
                tuple(getattr(row, name) for name in names): row for row in unsent if row is not None
            }
        return self._indexes[(model, names)]


def _holds(row: Synced, names: Sequence[str], wanted: tuple[Any, ...]) -> bool:
    return tuple(getattr(row, name) for name in names) == wanted
