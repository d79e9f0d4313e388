"""The demo compound: a place that a committee member would take for real, made whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from demos import SEED, WHENEVER, Demos
from simulation.devices import MORNING, Ids, Laptop
from sqlmodel import SQLModel

from models.codes import parse_room_code
from models.demo import is_demo, make_demo, rounds
from models.demo.register import visits
from models.demo.sewer import DRAIN_ROUTE, OUTFALL, PIPES, QUESTIONS, ROUND_ROUTE, WELLS
from models.demo.volunteers import DIRECTOR, POOLS, TEAMS
from models.demo.walks import THIS_MORNING
from models.inspection.checklists import EXAMPLES
from models.inspection.levels import Level
from models.inspection.locating import locate_walk
from models.inspection.queries_schedules import due_routes
from models.inspection.sewer import OUTFALL as AN_OUTFALL
from models.inspection.sewer import Network, Pipe, Well
from models.store import Store
from models.tickets.queries import Asked, View, count_tickets
from models.tickets.rules import State
from tui import i18n

NOON = MORNING + timedelta(hours=3)
OPERATIONS = 1536
BLOCKED = ("W17", "W18")
STANDING_ABOVE_W17_M = 0.44
SHANGHAI = ZoneInfo("Asia/Shanghai")

Ask = Callable[..., list[tuple[object, ...]]]


@dataclass(frozen=True)
class Demo:
    """A demo that no test changes."""

    store: Store
    compound_id: UUID

    def ask(self, sql: str, *params: object) -> list[tuple[object, ...]]:
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql, params)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demos: Demos) -> Iterator[Demo]:
    demo = Demo(*demos.opened(tmp_path_factory.mktemp("demo") / "demo.linli", NOON))
    yield demo
    demo.store.close()


@pytest.fixture(scope="module", params=WHENEVER, ids=str)
def whenever(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, demos: Demos
) -> Iterator[tuple[Demo, datetime]]:
    demo = Demo(*demos.opened(tmp_path_factory.mktemp("whenever") / "demo.linli", request.param))
    yield demo, request.param
    demo.store.close()


@pytest.fixture(scope="module")
def ask(demo: Demo) -> Ask:
    return demo.ask


def count(ask: Ask, table: str, where: str = "1") -> object:
    return ask(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]  # noqa: S608  # names written here


def network() -> Network:
    wells = [Well(w.code, AN_OUTFALL if w.code == OUTFALL else "well", w.ground_m, w.depth_mm) for w in WELLS]
    return Network.build(wells, [Pipe(p.start, p.end, p.diameter_mm, p.length_m) for p in PIPES])


def invert(well: str) -> float:
    height = network().wells[well].invert_m
    assert height is not None
    return height


def test_every_operation_stands_and_two_are_flagged_because_of_cash_that_differed_and_a_bill_paid_twice(
    ask: Ask,
) -> None:
    assert count(ask, "operation") == count(ask, "outbox") == OPERATIONS
    assert ask("SELECT code FROM flag ORDER BY code") == [("duty.cash_differs",), ("payment.paid_twice",)]
    assert count(ask, "conflict") == 0
    assert count(ask, "outbox", "doubt IS NOT NULL") == 0
    assert ask("PRAGMA foreign_key_check") == []
    assert max(int(str(n)) for (n,) in ask("SELECT count(*) FROM operation GROUP BY group_id")) <= 200


def test_it_has_the_size_of_an_old_compound(ask: Ask) -> None:
    assert count(ask, "building") == 6
    assert count(ask, "household") == 180
    assert count(ask, "household", "status = '空置'") == 14
    assert count(ask, "point", "kind = 'well'") == 42
    assert count(ask, "point", "kind = 'outfall'") == 1
    assert count(ask, "pipe") == 42
    assert count(ask, "role_term", "role = 'director'") == 1
    assert count(ask, "route") == 2
    assert ask("SELECT count(*) FROM household WHERE building_id NOT IN (SELECT id FROM building)") == [(0,)]


def test_every_household_has_its_code_a_plausible_area_and_somebody(ask: Ask) -> None:
    rows = ask("SELECT code, area, indoor_area, floor, kind FROM household")
    codes = [str(row[0]) for row in rows]
    assert len(set(codes)) == 180
    assert all(str(parse_room_code(code)) == code for code in codes)
    assert sum(code.startswith("2-0-") for code in codes) == 6
    for code, area, indoor, floor, kind in rows:
        least = 2400 if kind == "商铺" else 4800
        assert least <= int(str(indoor)) + 500 <= int(str(area)) + 500, code
        assert int(str(area)) <= 9200, code
        assert kind == "商铺" or str(code).split("-")[2][0] == str(floor), code
    owned = "SELECT DISTINCT household_id FROM occupancy WHERE relation = 'owner' AND until IS NULL"
    assert len(ask(owned)) == 180


def test_twelve_volunteers_take_turns_in_three_pools_and_five_teams(ask: Ask) -> None:
    pools = ask(
        "SELECT t.name, m.person_id FROM team t JOIN team_member m ON m.team_id = t.id WHERE t.name IN (?, ?, ?)",
        *POOLS,
    )
    assert len(pools) == len({person for _, person in pools}) == 12
    assert {str(name) for (name,) in ask("SELECT name FROM team")} == {*POOLS, *TEAMS}
    leads = ask("SELECT DISTINCT building_id FROM role_term WHERE role = 'building_lead' AND until IS NULL")
    assert len(leads) == 6
    assert count(ask, "contact", "until IS NULL") == len(visits())
    assert {str(row[0]) for row in ask("SELECT DISTINCT subject FROM responsibility")} == {
        "building",
        "facility",
        "road",
        "garden",
    }


def test_occupancies_tell_who_left_and_who_came(ask: Ask) -> None:
    moved = (
        "SELECT p.name, o.until FROM occupancy o JOIN person p ON p.id = o.person_id"
        " JOIN household h ON h.id = o.household_id WHERE h.code = ? ORDER BY o.since"
    )
    assert ask(moved, "3-2-402")[0] == ("谢长庚", "2021-06-01")
    assert count(ask, "occupancy", "until IS NOT NULL") == 5
    assert count(ask, "occupancy", f"since > '{NOON.date()}' OR until > '{NOON.date()}'") == 0


def test_no_text_holds_an_identity_number_and_every_phone_is_fake(ask: Ask) -> None:
    asked = ("SELECT * FROM household", "SELECT * FROM person", "SELECT payload FROM operation")
    written = "\n".join(str(cell) for sql in asked for row in ask(sql) for cell in row)
    an_id = r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"
    plain = re.sub(an_id, "", written)
    order_numbers = r"10000\d{23}"  # as WeChat gives them
    assert not re.search(r"\d{15}", re.sub(rf"0\d{{12}}|{order_numbers}", "", plain))
    phones = re.findall(r"\b1\d{10}\b", plain)
    assert len(set(phones)) > 300
    assert all(phone.startswith("1990000") for phone in phones)


def test_the_sewer_falls_to_one_outfall_without_a_doubt() -> None:
    sewer = network()
    assert sewer.problems == ()
    assert set(sewer.upstream(OUTFALL)) == {well.code for well in WELLS} - {OUTFALL}
    for pipe in PIPES:
        fall = (invert(pipe.start) - invert(pipe.end)) / pipe.length_m
        assert 0.003 <= fall <= 0.0051, pipe
    for well in WELLS:
        assert 900 <= well.depth_mm <= 1400, well


def test_every_building_drains_somewhere(ask: Ask) -> None:
    drained = "SELECT DISTINCT building_id FROM house_connection WHERE building_id IS NOT NULL"
    assert len(ask(drained)) == 6
    assert count(ask, "house_connection", "household_id IS NOT NULL") == 9


def test_this_morning_the_water_stands_level_behind_one_pipe() -> None:
    sewer = network()
    surface = invert(BLOCKED[0]) + STANDING_ABOVE_W17_M
    behind = {BLOCKED[0], *sewer.upstream(BLOCKED[0])}
    for seen in THIS_MORNING:
        if seen.well not in behind:
            assert seen.level is Level.FLOWING, seen.well
            continue
        bore = next(pipe.diameter_mm for pipe in PIPES if pipe.start == seen.well) / 1000
        depth = surface - invert(seen.well)
        expected = Level.FULL if depth >= bore else Level.HALF if depth >= bore / 2 else Level.FLOWING
        assert seen.level is expected, seen.well


def test_the_locator_names_the_blocked_pipe_and_the_well_under_the_van(demo: Demo) -> None:
    with demo.store.read() as session:
        located = locate_walk(session, demo.compound_id)
    assert [blockage.pipes[0] for blockage in located.blockages] == [BLOCKED]
    assert located.blockages[0].confidence > 0.5
    assert located.open_next == ("W18",)
    assert located.problems == ()
    assert "1-1-101" in located.blockages[0].households
    assert set(located.blockages[0].buildings) >= {"1", "4", "6"}
    assert (located.wells, located.read) == (43, 25)


def test_last_year_every_well_was_seen_and_two_had_defects(ask: Ask) -> None:
    seen = ask(
        "SELECT p.code, o.level, o.defects, o.at, w.finished_at FROM observation o"
        " JOIN walk w ON w.id = o.walk_id JOIN point p ON p.id = o.point_id"
        " WHERE w.name = ? ORDER BY o.at",
        "2025年3月排水井巡检",
    )
    assert [row[0] for row in seen] == [well.code for well in WELLS]
    assert [row[0] for row in seen if row[1] == "unopened"] == ["W23"]
    assert [row[0] for row in seen if row[2] != "[]"] == ["W17", "W29"]
    assert all(str(row[3]) < str(row[4]) for row in seen)


def test_whenever_it_is_made_the_lamps_are_due_and_the_drains_are_walked_after_rain(
    whenever: tuple[Demo, datetime],
) -> None:
    demo, now = whenever
    with demo.store.read() as session:
        lines = due_routes(session, demo.compound_id, now.astimezone(SHANGHAI).date())
    stands = {
        (line.route, line.every): (line.due and line.due.state.value, line.under_way is not None)
        for line in lines
    }
    assert stands == {
        (ROUND_ROUTE, "month"): ("due", False),
        (DRAIN_ROUTE, "rain"): ("due", True),
        (DRAIN_ROUTE, "year"): ("soon", True),
    }


def test_its_checklists_are_the_ready_ones_as_far_as_they_go() -> None:
    i18n.use("zh_CN")
    ready = {
        kind: [i18n.t(f"checklist_example.{kind}.{question.code}") for question in questions]
        for kind, questions in EXAMPLES.items()
    }
    assert [made.text for made in QUESTIONS if made.text not in ready[made.kind]] == []


def test_the_walk_under_way_is_of_today_whatever_the_hour(whenever: tuple[Demo, datetime]) -> None:
    """Made before ten in the morning, it set out before half past eight; never after the last card."""
    demo, now = whenever
    times = [
        datetime.fromisoformat(str(at)).replace(tzinfo=UTC)
        for (at,) in demo.ask(
            "SELECT o.at FROM observation o JOIN walk w ON w.id = o.walk_id WHERE w.finished_at IS NULL ORDER BY o.rowid"
        )
    ]
    assert len(times) == 25
    assert times == sorted(times)
    assert times[-1] == now - timedelta(minutes=3)
    set_out = times[0].astimezone(SHANGHAI)
    assert now - times[0] < timedelta(hours=2) or (set_out.date(), set_out.hour) == (
        now.astimezone(SHANGHAI).date(),
        8,
    )
    latest = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    assert demo.ask("SELECT count(*) FROM operation WHERE made_at > ?", latest) == [(0,)]


def test_operations_are_told_in_the_order_they_were_made(ask: Ask) -> None:
    times = [str(at) for (at,) in ask("SELECT made_at FROM operation ORDER BY n")]
    assert times == sorted(times)
    assert count(ask, "operation", "happened_at > made_at") == 0


def test_a_year_of_tickets_is_in_every_state_and_of_many_kinds(ask: Ask) -> None:
    states = {str(state): n for state, n in ask("SELECT state, count(*) FROM ticket GROUP BY state")}
    assert states.keys() == {state.value for state in State} - {"accepted"}
    assert count(ask, "ticket") == 93
    assert len(ask("SELECT DISTINCT category FROM ticket")) >= 15
    assert {str(channel) for (channel,) in ask("SELECT DISTINCT channel FROM ticket")} >= {
        *("walk_in", "phone", "chat", "inspection")
    }
    first, last = ask("SELECT min(opened_at), max(opened_at) FROM ticket")[0]
    assert datetime.fromisoformat(str(first)) < NOON.replace(tzinfo=None) - timedelta(days=330)
    assert datetime.fromisoformat(str(last)) > NOON.replace(tzinfo=None) - timedelta(hours=1)
    assert count(ask, "ticket", "reopened > 0") == 2
    assert count(ask, "ticket_event", "kind = 'take'") == 1
    assert count(ask, "ticket", "wanted_hands > 1") == 2


def test_one_flats_drain_is_blocked_three_times_in_a_month(demo: Demo, ask: Ask) -> None:
    """It drains into the water that stands behind the pipe which this morning's walk finds blocked."""
    found = ask(
        "SELECT t.opened_at FROM ticket t JOIN household h ON h.id = t.household_id"
        " WHERE h.code = '1-1-101' AND t.category = 'drain' ORDER BY t.opened_at"
    )
    days = [datetime.fromisoformat(str(at)) for (at,) in found]
    assert len(days) == 3
    assert days[-1] - days[0] < timedelta(days=30)
    with demo.store.read() as session:
        located = locate_walk(session, demo.compound_id)
    assert "1-1-101" in located.blockages[0].households


def test_tickets_of_today_leave_something_to_do(demo: Demo, ask: Ask) -> None:
    director = ask("SELECT id FROM person WHERE name = ?", DIRECTOR)[0][0]
    open_ones = "state IN ('reported', 'accepted', 'in_progress', 'waiting', 'reopened')"
    assert count(ask, "ticket", f"{open_ones} AND holder_id = '{director}'") == 3
    assert count(ask, "ticket", f"offered_to_id = '{director}'") == 1
    assert count(ask, "incident", "ended_at IS NULL") == 1
    assert count(ask, "ticket", "incident_id IS NOT NULL") == 4
    asked = Asked(now=NOON, today=NOON.astimezone(SHANGHAI).date())
    with demo.store.read() as session:
        shown = {
            view: count_tickets(session, demo.compound_id, replace(asked, view=view))
            for view in (View.BOARD, View.OVERDUE, View.WAITING, View.CALL_BACK)
        }
    assert shown[View.BOARD] >= 6
    assert shown[View.OVERDUE] >= 2
    assert shown[View.WAITING] == 2
    assert shown[View.CALL_BACK] == 3


def test_the_director_acts_and_the_compound_is_open(demo: Demo, ask: Ask) -> None:
    assert ask("SELECT value FROM setting WHERE key = 'compound'") == [(f'"{demo.compound_id.hex}"',)]
    directors = "SELECT p.name FROM role_term r JOIN person p ON p.id = r.person_id WHERE r.role = 'director'"
    assert ask(directors) == [(DIRECTOR,)]


def test_an_interruption_leaves_nothing_and_the_same_clock_and_ids_make_the_same_rows(
    store: Store, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull_the_plug(_: object) -> None:
        raise KeyboardInterrupt

    def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
        with store.read() as session:
            rows = {
                table: [
                    tuple(row)
                    for row in session.connection().exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2')  # noqa: S608  # our own table names
                ]
                for table in SQLModel.metadata.tables
            }
        device = next(str(row[1]).strip('"') for row in rows["setting"] if row[0] == "device")
        return {
            table: [tuple(str(cell).replace(device, "device") for cell in row) for row in found]
            for table, found in rows.items()
        }

    with monkeypatch.context() as patched:
        patched.setattr(rounds, "walk_this_morning", pull_the_plug)
        with pytest.raises(KeyboardInterrupt):
            make_demo(store, clock=lambda: NOON, new_id=Ids(SEED, made=1))
    with store.read() as session:
        assert not is_demo(session)
    for table, left in rows_of(store).items():
        assert len(left) == (1 if table == "setting" else 0), table
    make_demo(store, clock=lambda: NOON, new_id=Ids(SEED, made=1))
    assert rows_of(store) == rows_of(demo.store)


def test_only_a_store_with_the_demo_alone_is_a_demo(tmp_path: Path, new_id: Ids, demos: Demos) -> None:
    store, _ = demos.opened(tmp_path / "demo.linli", NOON)
    with store.read() as session:
        assert is_demo(session)
    Laptop(store, new_id(), new_id()).found("阳光里")
    with store.read() as session:
        assert not is_demo(session)
    store.close()


def test_a_store_of_ones_own_is_no_demo(laptop: Laptop) -> None:
    with laptop.store.read() as session:
        assert not is_demo(session)
