"""The semantics once more, in plain dicts, written from the documented rules.

Nothing here is shared with the handlers: not a rule, not a table class. The
model is told each group in the order in which a server first met it, and says
what every row, verdict, conflict and flag has to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from models.operations.envelope import Operation

Row = dict[str, Any]

KEEPERS = {"building_lead", "committee", "director", "treasurer", "staff"}
LEADERS = {"committee", "director", "staff"}
WORKERS = KEEPERS | {"volunteer"}
FACTS = {"walk.observe"}
MAY = (
    dict.fromkeys(("role.grant", "role_term.end", "role_term.archive", "role_term.unarchive"), LEADERS)
    | dict.fromkeys(("walk.start", "walk.finish", "walk.reopen", "walk.join"), WORKERS)
    | dict.fromkeys(("walk.archive", "walk.unarchive", "walk.observe", "observation.withdraw"), WORKERS)
)
SENSITIVE = {("household", "phones"), ("person", "phones")}
KEYS = {"pipe": ("from_id", "to_id"), "route_stop": ("route_id", "point_id")} | {
    "walk_member": ("walk_id", "person_id")
}
#: What makes two open spans of days one tie.
TIES = {
    "occupancy": ("household_id", "person_id", "relation"),
    "role_term": ("person_id", "role", "building_id"),
}
#: Which columns refer to a table, tables and columns in order of name within each parent-first table.
REFERENCES = {
    "household": (("occupancy", "household_id"),),
    "person": (("occupancy", "person_id"), ("role_term", "person_id"), ("walk_member", "person_id")),
    "point": (
        ("observation", "point_id"),
        ("pipe", "from_id"),
        ("pipe", "to_id"),
        ("route_stop", "point_id"),
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

    def copied(self) -> State:
        """Return a state of its own. What stands in a row is replaced, never changed in place."""
        rows: dict[str, dict[UUID, Row]] = defaultdict(dict)
        for table, by_id in self.rows.items():
            rows[table] = {row_id: dict(row) for row_id, row in by_id.items()}
        return State(rows, dict(self.aliases), list(self.conflicts), set(self.flags), dict(self.writers))


@dataclass
class Model:
    """One compound on one server."""

    compound_id: UUID
    state: State = field(default_factory=State)
    head: int = 0
    verdicts: dict[UUID, tuple[str, str | None]] = field(default_factory=dict)
    revs: dict[UUID, int] = field(default_factory=dict)
    held: list[tuple[Operation, ...]] = field(default_factory=list)

    def copied(self) -> Model:
        return replace(
            self,
            state=self.state.copied(),
            verdicts=dict(self.verdicts),
            revs=dict(self.revs),
            held=list(self.held),
        )

    def judge(self, group: tuple[Operation, ...], *, broken: Mapping[str, str] | None = None) -> None:
        """Take a group in once; all of it, or only its facts when a decision of it is refused.

        `broken` names kinds that the server cannot take just now, and with what code it then holds them.
        """
        if group[0].id in self.verdicts:
            return
        self._judge(group, broken or {})

    def judge_again(self, *, broken: Mapping[str, str] | None = None) -> None:
        """Take in what was held, in the order in which it came."""
        for group in [*self.held]:
            self.held.remove(group)
            for operation in group:
                del self.verdicts[operation.id]
            self._judge(group, broken or {})

    def _judge(self, group: tuple[Operation, ...], broken: Mapping[str, str]) -> None:
        if any(self._holds(need) for operation in group for need in operation.needs):
            failed = ("held", "needs.held")
        else:
            said = self._all(group, broken)
            if said is None:
                return
            failed = said
        facts = tuple(operation for operation in group if operation.kind in FACTS)
        for operation in group:
            self.verdicts[operation.id] = failed
        if failed[0] == "held":
            self.held.append(group)
        elif facts:
            assert self._all(facts, broken) is None, "a fact was refused"

    def _holds(self, operation_id: UUID) -> bool:
        return self.verdicts.get(operation_id, ("", None))[0] == "held"

    def _all(self, group: tuple[Operation, ...], broken: Mapping[str, str]) -> tuple[str, str] | None:
        before = self.state.copied()
        verdicts = {}
        for place, operation in enumerate(group, start=1):
            try:
                verdicts[operation.id] = Turn(self.state, operation, self.head + place).verdict(broken)
            except Refused as refusal:
                self.state = before
                return "held" if isinstance(refusal, Broken) else "rejected", refusal.code
        for operation in group:
            self.head += 1
            self.revs[operation.id] = self.head
            self.verdicts[operation.id] = (verdicts[operation.id], None)
        return None


class Turn:
    """One operation having its effect."""

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
        return bool(self.roles() & MAY.get(kind, KEEPERS))

    def roles(self) -> set[str]:
        """What the recorder was allowed on the day of recording."""
        person, day = self.operation.recorder_id, self.day(self.operation.made_at)
        while ("person", person) in self.state.aliases:
            person = self.state.aliases["person", person]
        terms = self.state.rows["role_term"].values()
        return {term["role"] for term in terms if term["person_id"] == person and holds(term, day)}

    def person_merge(self) -> str:
        """Roles move over, so only who may grant them may move them."""
        both = {self.need("person", self.given[end])["id"] for end in ("person", "into")}
        terms = self.state.rows["role_term"].values()
        moved = any(term["person_id"] in both and not term["archived"] for term in terms)
        founding = self.operation.recorder_id == self.operation.compound_id
        if moved and not founding and not self.roles() & LEADERS:
            raise Refused("role.missing")
        return self.merge("person")

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
        operation = self.operation
        self.state.writers[table, row["id"], name] = Writer(
            operation.id.hex, operation.made_at, self.rev, operation.device_id
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
            knew = alike(stands, typed(name, old.get(name))) or (
                writer is not None
                and (writer.device == self.operation.device_id or writer.rev <= self.operation.seen)
            )
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
        if double is not None or any(row[end] == target for end in other_ends):
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

    # -- the register ----------------------------------------------------------------

    def compound_found(self) -> None:
        if self.state.rows["compound"]:
            raise Refused("compound.founded")
        self.put("compound", self.operation.compound_id, name=self.given["name"])
        self.put("person", self.given["person"], **BLANKS["person"], name=self.given["person_name"])
        term = {"role": "director", "since": self.day(self.operation.happened_at), "until": None}
        row_id = uuid5(self.operation.id, "role_term\x1fdirector")
        self.put("role_term", row_id, person_id=UUID(self.given["person"]), **term)

    def shared_building(self, code: str) -> UUID:
        return uuid5(self.operation.compound_id, f"building\x1f{code}")

    def building_add(self) -> str | None:
        code = self.given["code"]
        standing = self.keyed("building", code=code)
        if standing is not None:
            return self.met("building", standing, self.fields("building"))
        row = self.put("building", self.given["id"], code=code, **self.fields("building"))
        self.alias("building", self.shared_building(code), row["id"])
        return None

    def household_add(self) -> str | None:
        code = self.given["code"]
        household, verdict = self.keyed("household", code=code), None
        residents: dict[str, tuple[Row, Row]] = {}
        if household is None:
            first, second, _ = code.split("-", 2)
            building = self.keyed("building", code=first)
            if building is None:
                building = self.put("building", self.shared_building(first), code=first, **BLANKS["building"])
            if building["archived"]:
                raise Refused("row.archived")
            unit = self.keyed("unit", building_id=building["id"], code=second)
            if unit is None:
                unit_id = uuid5(self.operation.id, f"unit\x1f{first}-{second}")
                unit = self.put("unit", unit_id, building_id=building["id"], code=second)
            household = self.put(
                "household",
                self.given["id"],
                code=code,
                building_id=building["id"],
                unit_id=unit["id"],
                **self.fields("household"),
            )
        else:
            verdict = self.met("household", household, self.fields("household"))
            for stay in sorted(self.state.rows["occupancy"].values(), key=lambda row: row["id"].hex):
                person = self.get("person", stay["person_id"])
                if stay["household_id"] == household["id"] and not stay["archived"] and person is not None:
                    residents.setdefault(person["name"], (person, stay))
        for occupant in self.given.get("occupants", []):
            self.move_in(household, occupant, residents)
        return verdict

    def move_in(self, household: Row, occupant: Row, residents: dict[str, tuple[Row, Row]]) -> None:
        name, phones = occupant["name"], occupant.get("phones", [])
        if name in residents:
            person, stay = residents[name]
            self.absorb("person", person, occupant["person"], {"phones": phones})
            self.alias("occupancy", occupant["occupancy"], stay["id"])
            return
        person = self.put("person", occupant["person"], **BLANKS["person"] | {"name": name, "phones": phones})
        stay = self.put(
            "occupancy", occupant["occupancy"], household_id=household["id"], person_id=person["id"]
        )
        residents[name] = person, stay

    def person_add(self) -> None:
        self.put("person", self.given["id"], name=self.given["name"], **self.fields("person"))

    def role_grant(self) -> None:
        person = self.need("person", self.given["person"])
        since = self.given.get("since")
        self.put(
            "role_term",
            self.given["id"],
            person_id=person["id"],
            role=self.given["role"],
            since=date.fromisoformat(since) if since else self.day(self.operation.happened_at),
            until=None,
        )

    # -- inspection --------------------------------------------------------------------

    def point_add(self) -> str | None:
        values = self.fields("point")
        if values["building_id"]:
            values["building_id"] = self.need("building", values["building_id"])["id"]
        standing = self.keyed("point", code=self.given["code"])
        if standing is not None:
            return self.met("point", standing, values)
        self.put("point", self.given["id"], code=self.given["code"], **values)
        return None

    def pipe_add(self) -> str | None:
        start, end = self.need("point", self.given["start"]), self.need("point", self.given["end"])
        standing = self.keyed("pipe", from_id=start["id"], to_id=end["id"])
        if standing is not None:
            return self.met("pipe", standing, self.fields("pipe"))
        self.put("pipe", self.given["id"], from_id=start["id"], to_id=end["id"], **self.fields("pipe"))
        return None

    def route_add(self) -> str | None:
        standing = self.keyed("route", name=self.given["name"])
        if standing is not None:
            return self.met("route", standing, self.fields("route"))
        route = self.put("route", self.given["id"], name=self.given["name"], **self.fields("route"))
        self.arrange("route", route)
        return None

    def arrange(self, noun: str, route: Row | None = None) -> None:
        route = route or self.need(noun, self.given["route"])
        wanted = dict.fromkeys(self.need("point", stop)["id"] for stop in self.given.get("stops", []))
        standing = {
            stop["point_id"]: stop
            for stop in self.state.rows["route_stop"].values()
            if stop["route_id"] == route["id"]
        }
        for position, point_id in enumerate(wanted, start=1):
            stop = standing.pop(point_id, None)
            if stop is None:
                row_id = uuid5(self.operation.id, f"route_stop\x1f{route['id']}:{point_id}")
                self.put("route_stop", row_id, route_id=route["id"], point_id=point_id, position=position)
            else:
                self.touch(stop, position=position, archived=False)
        for stop in standing.values():
            point = self.get("point", stop["point_id"])
            if point is not None and not point["archived"]:
                self.touch(stop, archived=True)

    def walk_start(self) -> str | None:
        route = self.need("route", self.given["route"])["id"] if self.given.get("route") else None
        walk, verdict = self.keyed("walk", name=self.given["name"], route_id=route), None
        if walk is not None:
            verdict = self.met("walk", walk, self.fields("walk"))
        else:
            started = {"route_id": route, "started_by": self.operation.doer_id, "finished_at": None}
            walk = self.put(
                "walk", self.given["id"], name=self.given["name"], **started, **self.fields("walk")
            )
        self.take_part(walk)
        return verdict

    def take_part(self, walk: Row) -> None:
        person = self.get("person", self.operation.doer_id)
        if person is None or self.keyed("walk_member", walk_id=walk["id"], person_id=person["id"]):
            return
        row_id = uuid5(self.operation.id, f"walk_member\x1f{walk['id']}:{person['id']}")
        self.put("walk_member", row_id, walk_id=walk["id"], person_id=person["id"])

    def finish(self, noun: str) -> None:
        walk = self.need(noun, self.given["walk"])
        if walk["finished_at"] is not None:
            raise Refused("walk.finished")
        self.touch(walk, finished_at=self.operation.happened_at)

    def reopen(self, noun: str) -> None:
        walk = self.need(noun, self.given["walk"])
        if walk["finished_at"] is None:
            raise Refused("walk.open")
        self.touch(walk, finished_at=None)

    def join(self, noun: str) -> str:
        source, target = self.need(noun, self.given["walk"]), self.need(noun, self.given["into"])
        if source["route_id"] != target["route_id"]:
            raise Refused("walk.other_route")
        return self.merge("walk")

    def observe(self, _: str) -> str | None:
        standing = self.get("observation", self.given["id"])
        if standing is not None:
            return "merged"
        walk, point = self.get("walk", self.given["walk"]), self.get("point", self.given["point"])
        mud = self.given.get("mud_mm")
        odd = [
            ("observation.walk_unknown", walk is None),
            ("observation.walk_archived", walk is not None and walk["archived"]),
            ("observation.point_unknown", point is None),
            ("observation.point_archived", point is not None and point["archived"]),
        ]
        if walk is not None and not walk["archived"] and walk["finished_at"] is not None:
            odd.append(("observation.walk_finished", self.operation.happened_at > walk["finished_at"]))
        if point is not None and not point["archived"] and mud is not None and point["depth_mm"]:
            odd.append(("observation.mud_deeper_than_well", mud > point["depth_mm"]))
        self.state.flags.update((self.operation.id, code) for code, holds_here in odd if holds_here)
        self.put(
            "observation",
            self.given["id"],
            walk_id=walk and walk["id"],
            point_id=point and point["id"],
            level=self.given.get("level"),
            mud_mm=mud,
            doer_id=self.operation.doer_id,
            recorder_id=self.operation.recorder_id,
        )
        if walk is not None:
            self.take_part(walk)
        return None

    def withdraw(self, noun: str) -> None:
        self.touch(self.need(noun, self.given["observation"]), archived=True)


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
