from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Laptop
from station import id_of, report

from models.tickets.queries_rechecks import STILL_ASKED, PointTicket, Recheck, open_at, rechecks


@pytest.fixture
def wells(station: Laptop) -> Laptop:
    for code in ("W10", "W7"):
        station.do("point.add", code=code)
    station.do("walk.start", name="三月")
    return station


def asked(laptop: Laptop, *, later: timedelta = timedelta()) -> tuple[Recheck, ...]:
    with laptop.store.read() as session:
        return rechecks(session, laptop.compound_id, now=laptop.clock.now + later)


def tickets_at(laptop: Laptop, code: str) -> tuple[PointTicket, ...]:
    point = id_of(laptop, "point", code)
    with laptop.store.read() as session:
        return open_at(session, laptop.compound_id, [point]).get(point, ())


def done_at(laptop: Laptop, point: str, **more: Any) -> str:
    code = report(laptop, point_id=point)
    laptop.do("ticket.finish", {"ticket": code, "recheck": True, **more})
    return code


def look(laptop: Laptop, point: str) -> str:
    outcome = laptop.do("walk.observe", walk="三月", point=point, level="flowing")
    return str(outcome.operations[0].payload["id"])


def test_a_point_is_asked_for_until_somebody_has_seen_it_since(wells: Laptop) -> None:
    look(wells, "W7")
    code = done_at(wells, "W7")
    assert [(one.code, one.point, one.kind) for one in asked(wells)] == [(code, "W7", "well")]
    seen = look(wells, "W7")
    assert asked(wells) == ()
    wells.do("observation.withdraw", observation=seen)
    assert [one.code for one in asked(wells)] == [code]


def test_points_come_in_the_order_people_count_them(wells: Laptop) -> None:
    done_at(wells, "W10")
    done_at(wells, "W7")
    assert [one.point for one in asked(wells)] == ["W7", "W10"]


def test_a_job_that_nobody_wants_looked_at_or_that_is_open_again_asks_for_nothing(wells: Laptop) -> None:
    done_at(wells, "W7", recheck=False)
    code = done_at(wells, "W10")
    wells.do("ticket.reopen", ticket=code, words="又堵了")
    assert asked(wells) == ()


def test_after_half_a_year_nobody_asks_any_more(wells: Laptop) -> None:
    done_at(wells, "W7")
    assert asked(wells, later=STILL_ASKED - timedelta(minutes=1))
    assert not asked(wells, later=STILL_ASKED + timedelta(minutes=1))


def test_open_tickets_are_found_at_their_point_and_where_they_are_linked(wells: Laptop) -> None:
    seen = look(wells, "W10")
    code = report(wells, point_id="W7", observations=[seen])
    [here] = tickets_at(wells, "W7")
    assert (here.code, here.seen) == (code, frozenset({UUID(seen)}))
    assert tickets_at(wells, "W10") == (here,)
    wells.do("ticket.cancel", ticket=code, words="弄错了")
    assert tickets_at(wells, "W7") == tickets_at(wells, "W10") == ()
