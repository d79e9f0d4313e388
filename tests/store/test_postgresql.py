"""A server on PostgreSQL keeps the same rows as one on SQLite, and answers every question alike."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from demos import Demos
from postgres import Server
from simulation.devices import MORNING, Clock, Ids, Laptop
from simulation.history import live, verdicts
from simulation.world import World
from sqlalchemy import Row, func, select
from sqlmodel import Session

from models.community import chosen, queries_found, queries_households, queries_people, queries_places
from models.community.tables import Person
from models.duty import (
    disputes,
    queries_export,
    queries_handover,
    queries_hours,
    queries_log,
    queries_mine,
    queries_on_duty,
    queries_presence,
    queries_setup,
    queries_swaps,
)
from models.duty import queries_home as duty_home
from models.duty.queries_log import LogAsked
from models.inspection import (
    answered,
    comparing,
    draining,
    exporting,
    first_steps,
    histories,
    known_points,
    link_plans,
    locating,
    network_problems,
    number_plans,
    queries,
    queries_cards,
    queries_checklists,
    queries_ground,
    queries_network,
    queries_schedules,
    queries_walks,
)
from models.inspection.number_plans import Chained
from models.inspection.rules import PipeSystem, PointKind
from models.listings import LISTINGS
from models.operations import drafts, log
from models.operations import queries as log_queries
from models.operations.envelope import Operation
from models.operations.judge import judge, judge_all
from models.operations.registry import FINDERS
from models.operations.roles import Role
from models.operations.tables import HeadRow, OperationRow
from models.store import Store, open_database, open_store
from models.tables import synced_models, table_of, to_json
from models.tickets import (
    between,
    on_map,
    queries_asking,
    queries_boards,
    queries_categories,
    queries_figures,
    queries_home,
    queries_incidents,
    queries_near,
    queries_rechecks,
    queries_repeats,
    queries_story,
)
from models.tickets import queries as ticket_queries
from models.tickets.queries import Asked, View
from models.tickets.rules import State

NOW = MORNING + timedelta(hours=6)
TODAY = NOW.date()
ASKING: tuple[ModuleType, ...] = (
    queries_households,
    queries_people,
    queries_places,
    queries_found,
    chosen,
    first_steps,
    comparing,
    histories,
    queries,
    queries_cards,
    queries_checklists,
    queries_ground,
    queries_network,
    queries_schedules,
    queries_walks,
    answered,
    exporting,
    locating,
    known_points,
    link_plans,
    network_problems,
    number_plans,
    drafts,
    log_queries,
    ticket_queries,
    queries_asking,
    queries_boards,
    queries_categories,
    queries_figures,
    queries_home,
    queries_incidents,
    queries_near,
    queries_story,
    queries_rechecks,
    queries_repeats,
    between,
    draining,
    on_map,
    queries_export,
    queries_hours,
    queries_on_duty,
    queries_setup,
    queries_presence,
    queries_handover,
    queries_log,
    queries_mine,
    queries_swaps,
    duty_home,
    disputes,
)
#: What is typed into searches and finders.
TEXTS = (
    "",
    "张",
    "wang",
    "lmh",
    "1栋",
    "2栋1单元",
    "1-1-1",
    "138",
    "w0",
    "W07",
    "W01-W02",
    "W07>9",
    "北线",
    "%",
    "_",
    "路灯",
    "下水堵了 3栋",
    "#2",
)


@dataclass(frozen=True)
class Servers:
    """The same operations judged on both databases."""

    sqlite: Store
    postgresql: Store
    compound_id: UUID
    groups: list[list[Operation]]

    def alike(self, question: Callable[[Session], Any]) -> Any:
        """Ask both; return the answer that both give."""
        with self.sqlite.read() as session:
            one = plain(question(session))
        with self.postgresql.read() as session:
            other = plain(question(session))
        assert one == other
        return one


def plain(answer: Any) -> Any:
    if isinstance(answer, Iterator):
        return [plain(part) for part in answer]
    return tuple(answer) if isinstance(answer, Row) else answer


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Server, demos: Demos
) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    laptop, compound = demos.opened(folder / "laptop.linli", MORNING + timedelta(hours=3))
    trouble(laptop, compound, Ids("trouble"))
    with laptop.read() as session:
        groups = log.groups_of(log.unjudged(session, compound))
    laptop.close()
    database = postgres_server.create(postgres_server.empty.name)
    made = Servers(
        open_store(folder / "server.linli", new_id=Ids("server")),
        open_database(postgres_server.address(database), new_id=Ids("server")),
        compound,
        groups,
    )
    for store in (made.sqlite, made.postgresql):
        with store.write() as session:
            judge_all(session, compound, groups)
    yield made
    made.sqlite.close()
    made.postgresql.close()
    postgres_server.drop(database)


def trouble(store: Store, compound: UUID, ids: Ids) -> None:
    """Add what a demo has none of: archived rows, unknown wells, nameless days."""
    with store.read() as session:
        director = chosen.default_actor(session, compound, today=TODAY)
    assert director is not None
    laptop = Laptop(store, compound, director, Clock(MORNING + timedelta(hours=4)), ids)
    walk = str(ids())
    laptop.do("walk.start", id=walk, name="夜查")
    for point in ("W07", "W05"):
        laptop.do("walk.observe", id=str(ids()), walk=walk, point=point, level="full")
    laptop.do("walk.observe", id=str(ids()), walk=walk, point=str(ids()), note="井盖😀")
    with store.read() as session:
        route = queries.routes(session, compound)[0]
        off_route = {point.code for point in queries.points_page(session, compound)}
        view = queries.route_view(session, compound, route.id)
    assert view is not None
    off_route -= {stop.code for stop in view.stops}
    laptop.do("walk.start", id=str(ids()), name="再查", route=str(route.id))
    for point in (view.stops[0].code, *sorted(off_route)[:2]):
        laptop.do("walk.observe", id=str(ids()), walk="再查", point=point, note="x")
    laptop.do("point.add", code="W7")  # W07 once more, and joined to nothing
    for code in ("9-1-102", "9-1-1002", "9-1-12", "A-1-1"):
        laptop.do("household.add", code=code)
    laptop.do("connection.add", point="W07", household="9-1-102")
    laptop.do("connection.add", point="W07", building="9")
    laptop.do("household.archive", household="9-1-12")
    laptop.do("person.add", id=str(ids()), name="Ångström b")
    laptop.do("person.add", id=str(ids()), name="Zoë")
    laptop.do("person.add", id=str(ids()), name="anna")
    laptop.do("occupancy.start", household="9-1-102", person="anna")
    tickets(laptop)
    laptop.do("contact.assign", household="9-1-102", person="Zoë")


def tickets(laptop: Laptop) -> None:
    """Add tickets at every kind of place, some joined, waiting, handed over, of an incident, put away."""
    first, second = TODAY.isoformat(), (TODAY + timedelta(days=5)).isoformat()
    for n, (what, more) in enumerate(
        (
            ("厨房下水堵了", {"household_id": "9-1-102", "category": "drain", "requester_id": "anna"}),
            ("下水又堵了", {"household_id": "9-1-102", "category": "drain"}),
            ("井盖😀", {"point_id": "W07", "urgency": "emergency"}),
            ("Ångström % _", {"place": "南大门", "requester_name": "Zoë"}),
            ("灯不亮", {"building_id": "9", "category": "lamp"}),
            ("没人要的", {}),
        )
    ):
        laptop.do("ticket.report", id=str(laptop.ids()), code=f"ZZ{n}", what=what, **more)
    laptop.do("ticket.link", ticket="ZZ3", point="W07")
    laptop.do("ticket.join", ticket="ZZ1", into="ZZ0")
    laptop.do("ticket.wait", ticket="ZZ2", until=first)
    laptop.do("ticket.wait", ticket="ZZ3", until=second, wait_for="weather")
    laptop.do("ticket.handover", ticket="ZZ4", to="anna")
    laptop.do("ticket.archive", ticket="ZZ5")
    laptop.do("incident.open", name="停水", buildings=["9"], words="四点来水")
    laptop.do("ticket.report", id=str(laptop.ids()), code="ZZ6", what="没水", building_id="9")
    laptop.do("ticket.report", id=str(laptop.ids()), code="ZZ7", what="又冒水", point_id="W07")
    laptop.do("ticket.finish", ticket="ZZ7", recheck=True)


def test_every_synced_row_is_the_same(servers: Servers) -> None:
    counted = 0
    for model in synced_models().values():
        rows = servers.alike(
            lambda session, model=model: sorted(
                json.dumps(to_json(row)) for row in session.exec(select(model)).scalars()
            )
        )
        counted += len(rows)
    assert counted > 1000


def test_every_operation_stands_in_the_log_with_its_verdict(servers: Servers) -> None:
    def logged(session: Session) -> list[str]:
        found = session.exec(select(OperationRow).order_by(table_of(OperationRow).c.n)).scalars()
        return [json.dumps(to_json(row)) for row in found]

    assert len(servers.alike(logged)) == sum(map(len, servers.groups))
    last = servers.alike(
        lambda session: session.exec(select(func.max(table_of(HeadRow).c.head))).scalars().one()
    )
    assert last == sum(map(len, servers.groups))


#: What a server has none of, or nothing of here; the list of laptops names the store itself.
EMPTY, OWN = {"outbox", "tray", "conflicts"}, {"devices"}


@pytest.mark.parametrize("name", sorted(LISTINGS.keys() - OWN))
def test_every_list_is_the_same(servers: Servers, name: str) -> None:
    listed = servers.alike(lambda session: LISTINGS[name].rows(session, servers.compound_id, TODAY))
    assert listed or name in EMPTY


@pytest.mark.parametrize("table", sorted(FINDERS))
def test_every_finder_finds_the_same(servers: Servers, table: str) -> None:
    names = {called(row) for row in some(servers, table)}
    if table == "tariff":  # it is named by its item and its version
        names |= {f"{row.name} 1" for row in some(servers, "charge_item")}
    if table == "payment":  # it is named by its receipt
        names |= {row.number for row in some(servers, "receipt")}
    if table == "bill":  # it is named by its door, its item and its month
        doors, items = some(servers, "household", 1_000), some(servers, "charge_item")
        names |= {
            f"{door.code} {item.name} {row.since:%Y-%m}"
            for row in some(servers, table)
            for door in doors
            for item in items
            if (door.id, item.id) == (row.household_id, row.item_id)
        }
    if table == "schedule":  # it is named by its route
        names |= {row.name for row in some(servers, "route")}
    if table in {"shift", "assignment"}:  # a shift is named by its day, too
        days = {f"{row.day} {row.name}" for row in some(servers, "shift")}
        names |= days | {f"{day} {row.name}" for day in days for row in people(servers)}
    found = [
        servers.alike(lambda session, text=text: FINDERS[table](session, servers.compound_id, text))
        for text in sorted({*TEXTS, *names})
    ]
    assert any(found)


def people(servers: Servers) -> list[Any]:
    """Return who is on shifts."""
    with servers.sqlite.read() as session:
        return [
            session.get(Person, (servers.compound_id, row.person_id)) for row in some(servers, "assignment")
        ]


def called(row: Any) -> str:
    """Return what a row is called, whatever the column."""
    columns = ("name", "code", "number", "order_no", "voucher", "text", "day")
    return next((str(value) for name in columns if (value := getattr(row, name, ""))), "")


def some(servers: Servers, table: str, most: int = 6) -> list[Any]:
    with servers.sqlite.read() as session:
        model = synced_models()[table]
        return list(session.exec(select(model).order_by(table_of(model).c.id).limit(most)).scalars())


def questions() -> Iterable[Callable[..., Any]]:
    for module in ASKING:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            asks = next(iter(inspect.signature(function).parameters), "") == "session"
            if asks and function.__module__ == module.__name__ and not name.startswith("_"):
                yield function


#: They write, or take SQL or rows.
NO_QUESTIONS = {
    "remember_actor",
    "remember_compound",
    "save_draft",
    "drop_draft",
    "pipes_where",
    "walks_where",
    "household_lines",
    "people_lines",
    "steps_after",
    "find_households",  # their ids are as the database keeps them: see below
    "find_people",
    "find_tickets",
    "find_log",
    "dismiss",
    "checking_walk",
    "event_lines",
    "ticket_lines",
    "progress_by_walk",
    "turn_round",
    "effect",  # these four judge what `fitting` has read
    "swap_offers",
    "candidates",
    "bars_on",
}


@pytest.mark.parametrize(
    "ask",
    [function for function in questions() if function.__name__ not in NO_QUESTIONS],
    ids=lambda function: f"{function.__module__}.{function.__name__}",
)
def test_every_question_has_the_same_answer(servers: Servers, ask: Callable[..., Any]) -> None:
    parameters = list(inspect.signature(ask).parameters.values())[1:]
    needed: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.default is inspect.Parameter.empty:
            needed[parameter.name] = values(servers, parameter)[0]
    for parameter in parameters:
        for value in values(servers, parameter):
            given = needed | {parameter.name: value}
            servers.alike(lambda session, given=given: ask(session, **given))


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_found_has_the_same_cards(servers: Servers, text: str) -> None:
    asked: dict[str, Any] = {"today": TODAY}
    for find, of in (
        (queries_found.find_households, queries_found.households_of),
        (queries_found.find_people, queries_found.people_of),
    ):

        def cards(session: Session, find: Any = find, of: Any = of) -> Any:
            found = find(session, servers.compound_id, text=text, **asked)
            return of(session, servers.compound_id, found.ids(0, 50), **asked)

        servers.alike(cards)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_found_of_tickets_has_the_same_lines(servers: Servers, text: str) -> None:
    def lines(session: Session) -> Any:
        asked = Asked(now=NOW, today=TODAY, view=View.ALL, text=text)
        found = ticket_queries.find_tickets(session, servers.compound_id, asked)
        return ticket_queries.tickets_of(session, servers.compound_id, found.ids(0, 50), asked)

    servers.alike(lines)


def asked_of_tickets(servers: Servers) -> list[Asked]:
    """Return every view, and every filter at least once."""
    at = {"now": NOW, "today": TODAY}
    anybody = some(servers, "person")[0].id
    holder = next(row.holder_id for row in some(servers, "ticket") if row.holder_id is not None)
    narrowed: list[dict[str, Any]] = [
        *({"person_id": person, "mine": True} for person in (anybody, holder)),
        *({"about_id": person} for person in (anybody, holder)),
        *({"person_id": person, "suiting": True, "view": View.BOARD} for person in (anybody, holder)),
        {"states": frozenset({State.WAITING, State.DUPLICATE})},
        {"category": "drain"},
        {"only": frozenset(row.id for row in some(servers, "ticket"))},
        {"only": frozenset()},
        {"archived": True},
        *(
            {f"{table}_id": row.id}
            for table in ("building", "household", "point", "incident")
            for row in some(servers, table)
        ),
        *({"text": text} for text in TEXTS),
    ]
    views = [Asked(**at, view=view, person_id=person) for view in View for person in (anybody, holder, None)]
    return [*views, *(Asked(**(at | {"view": View.ALL} | more)) for more in narrowed)]


def asked_of_the_log(servers: Servers) -> list[LogAsked]:
    """Return every filter of the log book at least once."""
    return [
        LogAsked(),
        *(LogAsked(text=text) for text in TEXTS),
        *(LogAsked(post_id=row.id) for row in some(servers, "post")),
        *(LogAsked(person_id=row.id) for row in some(servers, "person")),
        LogAsked(since=NOW - timedelta(days=3), until=NOW),
    ]


def again(servers: Servers) -> tuple[queries_repeats.RepeatLine, ...]:
    """Return the faults that come again in the demo."""
    with servers.sqlite.read() as session:
        found = queries_repeats.repeats(session, servers.compound_id, now=NOW, today=TODAY)
    assert found
    return found


def values(servers: Servers, parameter: inspect.Parameter) -> list[Any]:
    """Return what a parameter is tried with, by its name; a new name belongs in here."""
    if parameter.annotation == "datetime":
        return [NOW]
    if parameter.annotation == "date" and parameter.name in {"first", "last"}:
        return [TODAY - timedelta(days=400) if parameter.name == "first" else TODAY + timedelta(days=60)]
    name = parameter.name.removesuffix("_id")
    if name == "compound":
        return [servers.compound_id]
    if name in synced_models():
        return [*(row.id for row in some(servers, name)), UUID(int=1)]
    if isinstance(parameter.default, bool):
        return [True, False]
    known: dict[str, list[Any]] = {
        "today": [TODAY],
        "_today": [TODAY],
        "text": list(TEXTS),
        "name": ["幸福", ""],
        "role": list(Role),
        "kind": [kind.value for kind in PointKind],
        "system": [system.value for system in PipeSystem],
        "language": ["zh_CN", "en"],
        "offset": [3],
        "limit": [4],
        "last": [2],
        "since": [TODAY - timedelta(days=400), TODAY],
        "until": [TODAY + timedelta(days=1)],
        "subject": ["x"],
        "prefix": ["x", "%"],
        "kinds": [(), ("lamp", "well")],
        "meant": [{}, {"w": ("lamp",)}],
        "point_ids": [[row.id for row in some(servers, "point")], []],
        "ids": [
            [row.id for row in some(servers, "household")],
            [row.id for row in some(servers, "person")],
            [row.id for row in some(servers, "ticket")],
            [row.id for row in some(servers, "assignment")],
            [],
        ],
        "now": [row.id for row in some(servers, "walk")],
        "then": [row.id for row in some(servers, "walk")],
        "walk_ids": [[row.id for row in some(servers, "walk")], []],
        "most": [2],
        "ahead": [True, False],
        "days": [14, 400],
        "but": [None, *(row.id for row in some(servers, "person"))],
        "assignments": [[row.id for row in some(servers, "assignment")], []],
        "codes": [["W7", "w07", "OUT", "x"], []],
        "chained": list(Chained),
        "asked": asked_of_tickets(servers),
        "sought": asked_of_the_log(servers),
        "without": [None, *(row.id for row in some(servers, "person"))],
        "household_ids": [[row.id for row in some(servers, "household")], []],
        "building_ids": [[row.id for row in some(servers, "building")], []],
        "lines": [again(servers), ()],
        "category": ["drain", "water", "other"],
        "place": ["南大门", ""],
    }
    return known[name]


def test_two_servers_that_judge_at_once_give_every_rev_once(
    open_postgres: Callable[[], Store], laptop: Laptop
) -> None:
    """Each of two connections is sent the same groups; one judges a group, the other finds it judged."""
    for number in range(20):
        laptop.do("team.add", name=f"队{number}")
    with laptop.store.read() as session:
        groups = log.groups_of(log.unjudged(session, laptop.compound_id))
    store = open_postgres()
    with store.write() as session:
        judge(session, groups[0])
    broken: list[BaseException] = []

    def push() -> None:
        try:
            for group in groups:
                with store.write() as session:
                    judge(session, group)
        except Exception as error:  # noqa: BLE001  # told below
            broken.append(error)

    threads = [threading.Thread(target=push) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    with store.read() as session:
        revs = session.exec(
            select(table_of(OperationRow).c.rev).order_by(table_of(OperationRow).c.rev)
        ).scalars()
        assert list(revs) == list(range(1, len(groups) + 1))
        assert session.exec(select(table_of(HeadRow).c.head)).scalars().one() == len(groups)


def test_a_random_history_ends_alike_with_its_server_on_postgresql(
    tmp_path: Path, open_postgres: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it ends, the rows are compared with those of an SQLite store that was pushed the same."""
    make = World.make
    monkeypatch.setattr(
        World, "make", lambda world, name: open_postgres() if name == "server" else make(world, name)
    )
    world = live(tmp_path / "world", 1, laptops=2, steps=40)
    assert world.server.path is None
    assert sum(verdicts(world).values()) > 20
