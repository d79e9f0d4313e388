"""The laws of operations, held against every kind there is."""

from __future__ import annotations

import datetime as dt
import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import payloads
import pytest
from payloads import COMPOUND, DIRECTOR, EXAMPLES, GROUND, fixed
from simulation.devices import MORNING, Clock, Ids, Laptop
from sqlmodel import Session

from models.ids import derived_id
from models.operations.apply import apply
from models.operations.envelope import Intent, Operation
from models.operations.judge import judge
from models.operations.registry import KINDS, Nature, load_kinds
from models.operations.tables import Conflict, Flag
from models.operations.verdicts import Held, Rejected, Verdict
from models.operations.workspace import Workspace
from models.store import Store
from models.tables import synced_models

load_kinds()
GENERATORS = (getattr(uuid, "uuid4"), os.urandom)  # noqa: B009  # named to be forbidden
CODES = ("3", "1", "3-1", "director", "role.missing")


def operation(kind: str, **changes: Any) -> Operation:
    """Return one and the same operation of a kind, whatever state it will meet."""
    made = Operation(
        compound_id=UUID(COMPOUND),
        id=fixed_id(1000),
        device_id=fixed_id(1001),
        n=900,
        group_id=fixed_id(1002),
        batch_id=None,
        kind=kind,
        v=KINDS[kind].v,
        doer_id=UUID(DIRECTOR),
        recorder_id=UUID(DIRECTOR),
        payload=EXAMPLES[kind],
        needs=(),
        happened_at=MORNING + timedelta(days=3),
        made_at=MORNING + timedelta(days=3),
        at=MORNING + timedelta(days=3),
        seen=0,
    )
    return replace(made, **changes)


def fixed_id(number: int) -> UUID:
    return UUID(fixed(number))


def laptop_of(store: Store) -> Laptop:
    return Laptop(store, UUID(COMPOUND), UUID(DIRECTOR), Clock(), Ids("ground"))


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Stores that differ in everything a handler might look at."""
    from models.store import open_store

    folder = tmp_path_factory.mktemp("states")
    made = {
        name: open_store(folder / f"{name}.linli", new_id=Ids(name))
        for name in ("nothing", "empty", "populated", "done", "archived", "otherwise", "server")
    }
    laptops = {name: laptop_of(store) for name, store in made.items()}
    for name, laptop in laptops.items():
        if name == "nothing":
            continue
        found = {"name": "耐火小区", "person": DIRECTOR, "person_name": "王德胜"}
        laptop.do("compound.found", found)
        if name == "otherwise":
            for kind, payload in other_ground():
                laptop.do(kind, payload)
        elif name != "empty":
            for kind, payload in GROUND:
                asked_by = UUID(payloads.PERSON) if kind in payloads.ASKED_BY_ANOTHER else None
                outcome = laptop.together(Intent(kind, payload, doer_id=asked_by))
                assert outcome.refused is None, (kind, outcome.refused)
            disagree(laptop.store)
    for name in ("done", "archived"):
        laptops[name].do("walk.finish", walk=payloads.WALK)
        laptops[name].do("household.archive", household=payloads.TWIN)
        laptops[name].do("ticket.finish", id=fixed(600), ticket=payloads.TICKET)
        laptops[name].do("ticket.join", id=fixed(601), ticket=payloads.TICKET_TWIN, into=payloads.TICKET)
        laptops[name].do("incident.end", incident=payloads.INCIDENT)
        laptops[name].do("swap.accept", swap=payloads.SWAP)
        laptops[name].do("duty.check_out", checkin=payloads.CHECKIN)
        laptops[name].do("duty.confirm", handover=payloads.HANDOVER)
        laptops[name].together(
            Intent(
                "expense.pay",
                {"expense": payloads.SPENT, "out_of": "assets:bank"},
                doer_id=UUID(payloads.PERSON),
            )
        )
        laptops[name].do("household.archive", household=payloads.HOUSEHOLD)
    laptops["archived"].do("swap.undo", swap=payloads.SWAP)
    for kind in [kind for kind in EXAMPLES if kind.endswith(".archive")]:
        laptops["archived"].attempt(kind, EXAMPLES[kind])
    judge_all(laptops["server"].store)
    yield made
    for store in made.values():
        store.close()


def disagree(store: Store) -> None:
    """Add what only handlers make: a conflict over a note, and a flag."""
    shared = {"compound_id": UUID(COMPOUND), "rev": 1}
    with store.write() as session:
        session.add(
            Conflict(
                **shared,
                id=UUID(payloads.CONFLICT),
                table_name="household",
                row_id=UUID(payloads.HOUSEHOLD),
                field="note",
                kept="",
                lost="漏水",
            )
        )
        session.add(
            Flag(**shared, id=UUID(payloads.FLAG), operation_id=UUID(payloads.SEEN), code="role.missing")
        )


def other_ground() -> list[tuple[str, dict[str, Any]]]:
    """The same natural keys under other ids, made in another order, with more around them."""
    swapped = {value: fixed(500 + place) for place, value in enumerate(payload_ids())}

    def other(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: other(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [other(inner) for inner in value]
        return swapped.get(value, value) if isinstance(value, str) else value

    return [("team.add", {"id": fixed(700), "name": "门岗"}), *((kind, other(raw)) for kind, raw in GROUND)]


def payload_ids() -> list[str]:
    return [value for name, value in vars(payloads).items() if name.isupper() and isinstance(value, str)][2:]


def judge_all(store: Store) -> None:
    """Make a store a server's: every row has a rev."""
    from models.operations import log
    from models.operations.tables import OperationRow

    with store.write() as session:
        groups = log.groups_of(log.unjudged(session, UUID(COMPOUND)))
        connection = session.connection()
        for table in (*reversed(synced_models()), "outbox", "shadow", OperationRow.__tablename__):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        session.expire_all()
        for group in groups:
            assert not any(isinstance(verdict, Rejected | Held) for verdict in judge(session, group))


class Rolled(Exception):  # noqa: N818
    pass


@contextmanager
def tried(store: Store) -> Iterator[Session]:
    """A write session whose work is thrown away."""
    try:
        with store.write() as session:
            yield session
            raise Rolled  # noqa: TRY301
    except Rolled:
        pass


def added_by(store: Store, made: Operation, *, rev: int | None) -> tuple[Verdict, set[tuple[str, UUID]]]:
    """Apply an operation; return its verdict and the rows it added."""
    with tried(store) as session:
        before = ids_of(session)
        workspace = Workspace(session, made.compound_id, keep_shadows=rev is None)
        savepoint = session.begin_nested()
        verdict = apply(workspace, made, rev=rev)
        if isinstance(verdict, Rejected | Held):
            savepoint.rollback()
            return verdict, set()
        workspace.flush()
        savepoint.commit()
        return verdict, {(name, UUID(row_id)) for name, row_id in ids_of(session) - before}
    raise AssertionError


def ids_of(session: Session) -> set[tuple[str, str]]:
    """Return the ids of all rows, asked for in one statement."""
    every = " UNION ALL ".join(f"SELECT '{name}', id FROM {name}" for name in synced_models())  # noqa: S608
    return {(name, row_id) for name, row_id in session.connection().exec_driver_sql(every)}


def ids_in(value: Any) -> set[UUID]:
    """Return every id a payload carries."""
    if isinstance(value, dict):
        return set().union(*(ids_in(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(ids_in(inner) for inner in value))
    try:
        return {UUID(str(value))}
    except ValueError:
        return set()


def test_every_kind_has_an_example() -> None:
    assert EXAMPLES.keys() == KINDS.keys(), "a kind without an example in payloads.py proves nothing"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_same_operation_adds_the_same_rows_wherever_it_is_applied(
    states: dict[str, Store], kind: str
) -> None:
    """An id is in the payload, or derived from the operation and what the row is about: no third way.

    Applied twice to one state the ids are the same; applied to differing states
    two rows of one table never bear ids that only the state can explain.
    """
    made = operation(kind)
    seen: dict[str, set[tuple[str, UUID]]] = {}
    for name, store in states.items():
        for rev in (None, 77):
            verdict, added = added_by(store, made, rev=rev)
            assert (verdict, added) == added_by(store, made, rev=rev)
            assert not isinstance(verdict, Held)
            seen[f"{name} {rev}"] = added
            by_itself = {row_id for _, row_id in added} - ids_in(EXAMPLES[kind]) - {UUID(COMPOUND)}
            assert all(row_id.version == 5 for row_id in by_itself), "an id is neither given nor derived"
        assert seen[f"{name} None"] == seen[f"{name} 77"], "laptop and server add different rows"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_another_operation_adds_other_rows(states: dict[str, Store], kind: str) -> None:
    """Ids hang on the operation: two operations never claim one row, save what is shared by its key."""
    shared = {derived_id(UUID(COMPOUND), "building", code) for code in CODES}
    shared |= {derived_id(UUID(COMPOUND), "ticket_ruling", "")}
    shared |= {
        derived_id(UUID(COMPOUND), "duty_ruling", ""),
        derived_id(UUID(COMPOUND), "shift", f"{payloads.TEMPLATE}:2026-03-09"),
        derived_id(UUID(COMPOUND), "duty_balance", f"{payloads.PERSON}:2026-02-01"),
        derived_id(UUID(COMPOUND), "duty_balance", f"{payloads.OTHER}:2026-02-01"),
    }
    fees = {
        "fee_ruling": [""],
        "letter_text": ["notice"],
        "money_row": ["wechat:1:in:8000", "wechat:2:in:1"],
        "bill": [
            f"{payloads.HOUSEHOLD}:{payloads.CHARGE}:charge:None:2026-01-01:2026-04-01:0",
            f"{payloads.HOUSEHOLD}:{payloads.CHARGE}:charge:None:2026-04-01:2026-07-01:0",
            f"{payloads.TWIN}:{payloads.CHARGE}:opening:None:2026-01-01:2026-04-01:0",
        ],
        "charge_share": [f"{payloads.CHARGE}:{payloads.TWIN}"],
        "expense_approval": [f"{payloads.SPENT}:{DIRECTOR}"],
    }
    shared |= {derived_id(UUID(COMPOUND), table, name) for table, names in fees.items() for name in names}
    people, tickets = (DIRECTOR, payloads.PERSON), (payloads.TICKET, payloads.TICKET_TWIN)
    shared |= {
        derived_id(UUID(COMPOUND), "ticket_hand", f"{ticket}:{person}")
        for ticket in tickets
        for person in people
    }
    for store in states.values():
        _, one = added_by(store, operation(kind), rev=None)
        _, two = added_by(store, operation(kind, id=fixed_id(2000)), rev=None)
        given = ids_in(EXAMPLES[kind]) | shared | {UUID(COMPOUND)}
        # An alias bears the id of the row it leads away from.
        assert not {row for row in one & two if row[1] not in given and row[0] != "alias"}


FACTS = [name for name, kind in KINDS.items() if kind.nature is Nature.FACT]
NOBODY, NOTHING = fixed(8000), fixed(8001)


def about_nothing(value: Any) -> Any:
    """Return a value with ids of nothing in it wherever it held ids."""
    if isinstance(value, dict):
        return {name: inner if name == "id" else about_nothing(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [about_nothing(inner) for inner in value]
    return NOTHING if ids_in({"": value}) else value


def bad_operations(kind: str) -> list[Operation]:
    """The fact as nobody would want it: by a stranger, about nothing, long ago, far ahead, twice."""
    example = EXAMPLES[kind]
    lost = {name: value if name == "id" else about_nothing(value) for name, value in example.items()}
    stranger = {"recorder_id": UUID(NOBODY), "doer_id": UUID(NOBODY)}
    return [
        operation(kind),
        operation(kind, **stranger),
        operation(kind, payload=lost),
        operation(kind, payload=lost, **stranger),
        operation(kind, made_at=MORNING - timedelta(days=9000), happened_at=MORNING - timedelta(days=9000)),
        operation(kind, made_at=MORNING + timedelta(days=9000), happened_at=MORNING + timedelta(days=9000)),
        operation(kind, recorder_id=UUID(COMPOUND)),
        operation(kind, needs=(UUID(NOBODY),)),
    ]


@pytest.mark.parametrize("kind", FACTS)
def test_facts_are_never_refused(states: dict[str, Store], kind: str) -> None:
    for name, store in states.items():
        for made in bad_operations(kind):
            with tried(store) as session:
                verdicts = judge(session, [made])
                assert not isinstance(verdicts[0], Rejected | Held), (name, made, verdicts)
                again = judge(session, [replace(made, id=fixed_id(3000), n=901)])
                assert not isinstance(again[0], Rejected | Held), "the same fact told twice was refused"


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_outlives_the_decisions_of_its_group(states: dict[str, Store], kind: str) -> None:
    refused = operation("household.archive", id=fixed_id(4000), n=901, payload={"household": NOTHING})
    for store in states.values():
        with tried(store) as session:
            decision, fact = judge(session, [refused, operation(kind)])
            assert isinstance(decision, Rejected)
            assert not isinstance(fact, Rejected | Held)


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_that_cannot_be_read_waits_for_a_version_that_can(states: dict[str, Store], kind: str) -> None:
    garbled = operation(kind, payload={"what": "is this"})
    with tried(states["populated"]) as session:
        assert judge(session, [garbled]) == [Held("payload.invalid")]


class AskedError(AssertionError):
    pass


@pytest.fixture
def no_clock_no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever asks the time or the dice fail."""

    def forbidden(*_: object, **__: object) -> Any:
        raise AskedError

    class NoClock(dt.datetime):
        now = utcnow = today = classmethod(forbidden)  # type: ignore[assignment]

    class NoCalendar(dt.date):
        today = classmethod(forbidden)  # type: ignore[assignment]

    for name in ("uuid1", "uuid4"):
        monkeypatch.setattr(uuid, name, forbidden)
    monkeypatch.setattr(os, "urandom", forbidden)
    for name in ("random", "randrange", "choice", "getrandbits", "shuffle"):
        monkeypatch.setattr(random, name, forbidden)
    monkeypatch.setattr("time.time", forbidden)
    import sys

    for module in [m for name, m in sys.modules.items() if name.startswith("models.")]:
        for name, value in list(vars(module).items()):
            if value is dt.datetime:
                monkeypatch.setattr(module, name, NoClock)
            if value is dt.date:
                monkeypatch.setattr(module, name, NoCalendar)
            if value is GENERATORS[0] or value is GENERATORS[1]:
                monkeypatch.setattr(module, name, forbidden)


@pytest.mark.usefixtures("no_clock_no_chance")
def test_no_handler_asks_the_clock_or_the_dice(states: dict[str, Store]) -> None:
    applied: set[str] = set()
    for store in states.values():
        for kind in EXAMPLES:
            verdict, _ = added_by(store, operation(kind), rev=None)
            if not isinstance(verdict, Rejected | Held):
                applied.add(kind)
    assert applied == EXAMPLES.keys(), "some example is refused everywhere and so tries nothing"


def test_no_operation_reaches_into_another_compound(states: dict[str, Store]) -> None:
    """The same payloads under another compound find none of these rows, and change none."""
    elsewhere = fixed_id(9999)
    with tried(states["populated"]) as session:
        before = dump(session)
        for kind in EXAMPLES:
            made = operation(kind, compound_id=elsewhere, recorder_id=elsewhere, id=fixed_id(hash_of(kind)))
            judge(session, [replace(made, n=hash_of(kind))])
        assert dump(session) == before


def hash_of(kind: str) -> int:
    return 10_000 + list(EXAMPLES).index(kind)


def dump(session: Session) -> dict[str, list[Any]]:
    connection = session.connection()
    rows: dict[str, list[Any]] = {}
    for name in synced_models():
        statement = f"SELECT * FROM {name} WHERE compound_id = ? ORDER BY id"  # noqa: S608
        rows[name] = [tuple(row) for row in connection.exec_driver_sql(statement, (UUID(COMPOUND).hex,))]
    return rows
