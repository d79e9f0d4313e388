"""What the independent model stands on: its rows, who may do what, and the rules that every table has alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from models.operations.envelope import Operation

Row = dict[str, Any]

KEEPERS = {"building_lead", "committee", "director", "treasurer", "staff"}
LEADERS = {"committee", "director", "staff"}
WORKERS = KEEPERS | {"volunteer"}
FACTS = (
    {"walk.observe"}
    | {f"ticket.{verb}" for verb in ("comment", "log", "rate")}
    | {f"duty.{verb}" for verb in ("check_in", "check_out", "hand_over", "confirm", "note")}
)
MAY = (
    dict.fromkeys(("role.grant", "role_term.end", "role_term.archive", "role_term.unarchive"), LEADERS)
    | dict.fromkeys(("walk.start", "walk.finish", "walk.reopen", "walk.join"), WORKERS)
    | dict.fromkeys(("walk.archive", "walk.unarchive", "walk.observe", "observation.withdraw"), WORKERS)
    | dict.fromkeys(("shift.cancel", "shift.restore", "duty.plan", "duty.fill", "duty.assign"), LEADERS)
    | dict.fromkeys(("duty.lock", "duty.publish", "duty.withdraw"), LEADERS)
    | dict.fromkeys(("duty.settle", "duty.unsettle"), LEADERS)
)
#: Whoever works may do these; who may decide over others' questions is asked for each.
WORKERS_NOUNS = {"ticket", "incident", "conflict", "duty", "swap", "checkin", "log_entry"}
SENSITIVE = {("household", "phones"), ("person", "phones")}
KEYS = {"pipe": ("from_id", "to_id"), "route_stop": ("route_id", "point_id")} | {
    "walk_member": ("walk_id", "person_id"),
    "ticket_hand": ("ticket_id", "person_id"),
    "assignment": ("shift_id", "person_id"),
    "duty_balance": ("person_id", "month"),
}
#: What makes two open spans of days one tie.
TIES = {
    "occupancy": ("household_id", "person_id", "relation"),
    "role_term": ("person_id", "role", "building_id"),
}
#: Which columns refer to a table, tables and columns in order of name within each parent-first table.
REFERENCES = {
    "household": (("occupancy", "household_id"), ("ticket", "household_id")),
    "person": (
        ("assignment", "person_id"),
        ("checkin", "person_id"),
        ("checkin", "witness_id"),
        ("duty_balance", "person_id"),
        ("handover", "confirmed_by_id"),
        ("handover", "from_id"),
        ("handover", "to_id"),
        ("log_entry", "person_id"),
        ("occupancy", "person_id"),
        ("role_term", "person_id"),
        ("swap", "answered_by_id"),
        ("swap", "asker_id"),
        ("swap", "to_id"),
        ("ticket", "holder_id"),
        ("ticket", "offered_to_id"),
        ("ticket", "requester_id"),
        ("ticket_event", "person_id"),
        ("ticket_hand", "person_id"),
        ("walk_member", "person_id"),
    ),
    "point": (
        ("observation", "point_id"),
        ("pipe", "from_id"),
        ("pipe", "to_id"),
        ("route_stop", "point_id"),
        ("ticket", "point_id"),
    ),
    "walk": (("observation", "walk_id"), ("walk_member", "walk_id")),
}
BLANKS = {
    "household": {"area": None, "floor": None, "indoor_area": None, "kind": "", "layout": "", "status": ""}
    | {"phones": [], "note": ""},
    "person": {"sex": "", "phones": [], "skills": [], "note": ""},
    "building": {"name": "", "floors": None, "has_lift": None, "note": ""},
    "point": {"kind": "well", "name": "", "building_id": None, "x_m": None, "y_m": None}
    | {"ground_m": None, "depth_mm": None, "note": ""},
    "pipe": {"diameter_mm": None, "length_m": None, "material": "", "system": ""},
    "route": {"note": ""},
    "walk": {"note": ""},
}


class Refused(Exception):  # noqa: N818
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Broken(Refused):
    """The server cannot take this: it keeps it for later."""


@dataclass
class Writer:
    """Who wrote a field last."""

    operation: str
    made_at: datetime
    rev: int
    device: UUID


@dataclass
class State:
    rows: dict[str, dict[UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    aliases: dict[tuple[str, UUID], UUID] = field(default_factory=dict)
    conflicts: list[tuple[Any, ...]] = field(default_factory=list)
    flags: set[tuple[UUID, str]] = field(default_factory=set)
    writers: dict[tuple[str, UUID, str], Writer] = field(default_factory=dict)
    #: What a line of a ticket's story changed: columns before and after, hands before and after.
    changed: dict[UUID, tuple[Row, Row]] = field(default_factory=dict)
    #: What was chosen of a conflict, and by whom.
    settled: dict[UUID, tuple[str, Writer]] = field(default_factory=dict)

    def copied(self) -> State:
        """Return a state of its own. What stands in a row is replaced, never changed in place."""
        rows: dict[str, dict[UUID, Row]] = defaultdict(dict)
        for table, by_id in self.rows.items():
            rows[table] = {row_id: dict(row) for row_id, row in by_id.items()}
        return State(
            rows,
            dict(self.aliases),
            list(self.conflicts),
            set(self.flags),
            dict(self.writers),
            dict(self.changed),
            dict(self.settled),
        )


class Ground:
    """One operation among the rows."""

    def __init__(self, state: State, operation: Operation, rev: int) -> None:
        self.state, self.operation, self.rev = state, operation, rev
        self.given: Mapping[str, Any] = operation.payload
        self.lost: int = len(state.conflicts)

    def verdict(self, broken: Mapping[str, str]) -> str:
        kind = self.operation.kind
        if broken.get(kind) == "kind.unknown":
            raise Broken("kind.unknown")
        permitted = self.permitted(kind)
        if not permitted and kind not in FACTS:
            raise Refused("role.missing")
        if kind in broken:
            raise Broken(broken[kind])
        noun, _, verb = kind.partition(".")
        rule: Callable[[], str | None] | None = getattr(self, kind.replace(".", "_"), None)
        merged = rule() if rule is not None else getattr(self, verb)(noun)
        if not permitted:
            self.state.flags.add((self.operation.id, "role.missing"))
        return merged or ("conflict" if len(self.state.conflicts) > self.lost else "accepted")

    # -- ground --------------------------------------------------------------------

    def permitted(self, kind: str) -> bool:
        if kind == "compound.found":
            return True
        terms = self.state.rows["role_term"].values()
        if self.operation.recorder_id == self.operation.compound_id:
            return not any(term["role"] == "director" for term in terms)
        usual = WORKERS if kind.partition(".")[0] in WORKERS_NOUNS else KEEPERS
        return bool(self.roles() & MAY.get(kind, usual))

    def roles(self) -> set[str]:
        """What the recorder was allowed on the day of recording."""
        person, day = self.operation.recorder_id, self.day(self.operation.made_at)
        while ("person", person) in self.state.aliases:
            person = self.state.aliases["person", person]
        terms = self.state.rows["role_term"].values()
        return {term["role"] for term in terms if term["person_id"] == person and holds(term, day)}

    @staticmethod
    def day(at: datetime) -> date:
        return at.astimezone(ZoneInfo("Asia/Shanghai")).date()

    def get(self, table: str, row_id: Any) -> Row | None:
        """Find a row; one that is gone or archived leads to what it was merged into."""
        row_id = UUID(str(row_id))
        row = self.state.rows[table].get(row_id)
        while (row is None or row["archived"]) and (table, row_id) in self.state.aliases:
            row_id = self.state.aliases[table, row_id]
            row = self.state.rows[table].get(row_id)
        return row

    def need(self, table: str, row_id: Any) -> Row:
        row = self.get(table, row_id)
        if row is None:
            raise Refused("row.unknown")
        if row["archived"]:
            raise Refused("row.archived")
        return row

    def keyed(self, table: str, **key: Any) -> Row | None:
        for row in self.state.rows[table].values():
            if all(row[name] == value for name, value in key.items()):
                return self.get(table, row["id"])
        return None

    def put(self, table: str, row_id: Any, **values: Any) -> Row:
        row = {"id": UUID(str(row_id)), "archived": False, "rev": self.rev, **values}
        self.state.rows[table][row["id"]] = row
        return row

    def touch(self, row: Row, **values: Any) -> None:
        if any(row[name] != value for name, value in values.items()):
            row.update(values, rev=self.rev)

    def alias(self, table: str, gone: Any, stays: UUID) -> None:
        if UUID(str(gone)) != stays:
            self.state.aliases[table, UUID(str(gone))] = stays

    def fields(self, table: str) -> Row:
        return {name: self.given.get(name, blank) for name, blank in BLANKS[table].items()}

    def wrote(self, table: str, row: Row, name: str) -> None:
        self.state.writers[table, row["id"], name] = self.writer()

    def writer(self) -> Writer:
        operation = self.operation
        return Writer(operation.id.hex, operation.made_at, self.rev, operation.device_id)

    def knows(self, writer: Writer | None) -> bool:
        """Tell whether whoever acts had seen what somebody wrote, or sits at the same laptop."""
        return writer is not None and (
            writer.device == self.operation.device_id or writer.rev <= self.operation.seen
        )

    def put_aside(self, table: str, row: Row, name: str, *, kept: Any, lost: Any) -> None:
        self.state.conflicts.append((self.operation.id, table, row["id"], name, plain(kept), plain(lost)))

    # -- merge rules ---------------------------------------------------------------

    def edit(self, noun: str, table: str | None = None) -> None:
        """Whoever knew the standing value replaces it; of two who did not, the later one does."""
        table = table or noun
        row = self.need(table, self.given[noun])
        if table == "point" and self.given["new"].get("building_id"):
            self.need("building", self.given["new"]["building_id"])
        new, old = self.given["new"], self.given.get("old", {})
        if table == "route" and "name" in new:
            other = self.keyed("route", name=new["name"])
            if other is not None and other is not row:
                raise Refused("name.taken")
        for name in sorted(new):
            stands, wants = row[name], typed(name, new[name])
            if alike(stands, wants):
                continue
            writer = self.state.writers.get((table, row["id"], name))
            knew = alike(stands, typed(name, old.get(name))) or self.knows(writer)
            later = writer is None or (self.operation.made_at, self.operation.id.hex) > (
                writer.made_at,
                writer.operation,
            )
            if not knew and ((table, name) in SENSITIVE or not later):
                self.put_aside(table, row, name, kept=stands, lost=wants)
                continue
            if not knew:
                self.put_aside(table, row, name, kept=wants, lost=stands)
            if name == "building_id" and wants is not None and wants not in self.state.rows["building"]:
                wants = self.need("building", wants)["id"]
            row.update({name: wants, "rev": self.rev})
            self.wrote(table, row, name)

    def absorb(self, table: str, row: Row, gone: Any, values: Row) -> str:
        """The first stays; the second fills its gaps, and what differs is put aside."""
        for name, value in sorted(values.items()):
            wants = typed(name, value)
            if empty(wants) or alike(row[name], wants):
                continue
            if empty(row[name]):
                row.update({name: wants, "rev": self.rev})
                self.wrote(table, row, name)
            else:
                self.put_aside(table, row, name, kept=row[name], lost=wants)
        self.alias(table, gone, row["id"])
        return "merged"

    def met(self, table: str, row: Row, values: Row) -> str:
        if row["archived"]:
            raise Refused("row.archived")
        return self.absorb(table, row, self.given["id"], values)

    def merge(self, noun: str) -> str:
        """References move to what stays; one that would stand twice or turn on itself is archived."""
        source, target = self.need(noun, self.given[noun]), self.need(noun, self.given["into"])
        if source is target:
            raise Refused("merge.same")
        for table, column in REFERENCES[noun]:
            ends = [name for other, name in REFERENCES[noun] if other == table]
            for row in sorted(self.state.rows[table].values(), key=lambda row: row["id"].hex):
                if row[column] == source["id"]:
                    self.move(table, row, column, target["id"], [end for end in ends if end != column])
        self.touch(source, archived=True)
        told = {name: source[name] for name in BLANKS[noun] if name != "kind" or noun != "point"}
        return self.absorb(noun, target, source["id"], {} if noun == "walk" else told)

    def move(self, table: str, row: Row, column: str, target: UUID, other_ends: list[str]) -> None:
        double = None
        if column in KEYS.get(table, ()):
            double = self.keyed(table, **{name: row[name] for name in KEYS[table]} | {column: target})
        if double is row:
            return
        # A pipe must not lead into itself; that one person is two things to a ticket is no such ring.
        ring = column in KEYS.get(table, ()) and any(row[end] == target for end in other_ends)
        if double is not None or ring:
            if double is not None:
                self.fold(table, row, double)
            self.touch(row, archived=True)
            if double is not None:
                self.alias(table, row["id"], double["id"])
            return
        twin = self.same_tie(table, row, column, target)
        if twin is None:
            self.touch(row, **{column: target})
            return
        days = (row.get("since"), twin.get("since"))
        since = None if None in days else min(days)
        if since != twin.get("since"):
            self.touch(twin, since=since)
        self.touch(row, archived=True)
        self.alias(table, row["id"], twin["id"])

    def fold(self, table: str, row: Row, stays: Row) -> None:
        """Let what stays of two rows with one key hold what the other held; of most tables it is nothing."""

    def same_tie(self, table: str, row: Row, column: str, target: UUID) -> Row | None:
        """Find the open span that says of the target what this one says of the source."""
        if column not in TIES.get(table, ()) or row["archived"] or row.get("until") is not None:
            return None
        wanted = {name: row.get(name) for name in TIES[table]} | {column: target}
        same = [
            other
            for other in self.state.rows[table].values()
            if other is not row
            and not other["archived"]
            and other.get("until") is None
            and all(other.get(name) == value for name, value in wanted.items())
        ]
        return min(same, key=lambda other: other["id"].hex, default=None)

    # -- what all tables have alike --------------------------------------------------

    def archive(self, noun: str) -> None:
        row = self.need(noun, self.given[noun])
        if noun == "building" and any(
            flat["building_id"] == row["id"] and not flat["archived"]
            for flat in self.state.rows["household"].values()
        ):
            raise Refused("building.inhabited")
        if noun == "role_term":
            self.spare_last_director(row)
        if noun == "person":
            for term in self.state.rows["role_term"].values():
                if term["person_id"] == row["id"] and holds(term, self.day(self.operation.made_at)):
                    self.spare_last_director(term)
        self.touch(row, archived=True)

    def unarchive(self, noun: str) -> None:
        row = self.get(noun, self.given[noun])
        if row is None:
            raise Refused("row.unknown")
        if not row["archived"]:
            raise Refused("row.living")
        self.touch(row, archived=False)

    def spare_last_director(self, term: Row) -> None:
        day = self.day(self.operation.made_at)
        terms = self.state.rows["role_term"].values()
        directors = [
            other
            for other in terms
            if other["role"] == "director"
            and holds(other, day)
            and (other is term or not self.get("person", other["person_id"])["archived"])
        ]
        if term["role"] == "director" and all(other is term for other in directors):
            raise Refused("role.last_director")


def holds(term: Row, day: date) -> bool:
    return not term["archived"] and term["since"] <= day and (term["until"] is None or day < term["until"])


def empty(value: Any) -> bool:
    return value is None or value in ("", [])


def alike(one: Any, other: Any) -> bool:
    return bool(one == other or (empty(one) and empty(other)))


def typed(name: str, value: Any) -> Any:
    return UUID(str(value)) if name.endswith("_id") and value else value


def plain(value: Any) -> str:
    return value.hex if isinstance(value, UUID) else repr(value)


def conflict_id(conflict: tuple[Any, ...]) -> UUID:
    operation, table, row_id, name, *_ = conflict
    return uuid5(operation, f"conflict\x1f{table}:{row_id}:{name}")
