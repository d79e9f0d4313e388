"""How much one laptop may ask for, what a full or busy server says, and who hears news."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from simulation.devices import Ids
from sqlalchemy import event

from models import store_sqlite
from models.store import Store, open_database
from server.asking import ask, code_of, team
from server.conftest import Api, MakeApi
from server.running import until
from sync.server.limits import Limits

# -- limits ------------------------------------------------------------------------------


def test_a_laptop_in_a_hurry_is_asked_to_wait_and_others_are_not(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(burst=5, per_second=0.5))
    compound = api.compound()
    hasty, calm = api.lodger(compound), api.lodger(compound)
    assert [hasty.get("/v1/devices").status_code for _ in range(5)] == [200] * 5
    answer = hasty.get("/v1/devices")
    assert code_of(answer) == (429, "server.too_many")
    wait = int(answer.headers["retry-after"])
    assert 2 <= wait <= 3
    assert calm.get("/v1/devices").status_code == 200
    api.ticks.now += wait
    assert [hasty.get("/v1/devices").status_code for _ in range(2)] == [200, 429]
    api.ticks.now += 10_000
    assert [hasty.get("/v1/devices").status_code for _ in range(6)] == [200] * 5 + [429]


def test_codes_cannot_be_tried_by_the_thousand(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(stranger_burst=10, stranger_per_second=0.1))
    code = api.code(api.compound())
    answers = [api.http.post("/v1/enrol/look", json={"code": "AAAAA-AAAAA"}).status_code for _ in range(12)]
    assert answers == [404] * 10 + [429] * 2
    limited = api.http.post("/v1/enrol/look", json={"code": code})
    assert (limited.status_code, int(limited.headers["retry-after"])) == (429, 10)
    api.ticks.now += 10
    assert api.http.post("/v1/enrol/look", json={"code": code}).status_code == 200
    assert api.http.get("/healthz").status_code == 200


def test_unknown_tokens_cannot_be_tried_by_the_thousand(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(stranger_burst=10, stranger_per_second=0.1))
    compound = api.compound()
    lodger = api.lodger(compound)
    answers = [ask(api, "/v1/devices", compound, Authorization=f"Bearer {n}").status_code for n in range(20)]
    assert set(answers) == {401, 429}
    assert answers[-1] == 429
    assert lodger.get("/v1/devices").status_code == 200, "a known laptop is no stranger"


def test_work_that_takes_too_long_is_put_off(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(seconds=0.1))
    api.office.hello = lambda: time.sleep(0.5)
    began = time.perf_counter()
    answer = ask(api, "/v1/hello")
    assert code_of(answer) == (503, "server.slow")
    assert time.perf_counter() - began < 0.4
    assert int(answer.headers["retry-after"]) >= 5


def test_a_database_that_somebody_keeps_is_busy_for_a_while(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch, open_here: Callable[..., Store]
) -> None:
    monkeypatch.setattr(store_sqlite, "BUSY_MS", 50)
    api = make_api()
    director = api.director(api.compound())
    one = team(director)
    with open_here("server.linli").write() as session:
        session.connection()
        answer = director.push(one)
        assert code_of(answer) == (503, "server.busy")
        assert int(answer.headers["retry-after"]) >= 1
        assert director.get("/v1/pull").status_code == 200, "reading goes on"
    assert director.judge(one) == ["accepted"]


def test_a_full_disk_takes_nothing_in_and_loses_nothing(api: Api) -> None:
    director = api.director(api.compound())
    api.store.engine.dispose()
    full = [True]

    @event.listens_for(api.store.engine, "connect")
    def no_room(connection: Any, _record: object) -> None:
        if full:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    many = [
        director.operation("person.add", {"id": str(api.ids()), "name": f"张{n}", "note": "字" * 400})
        for n in range(200)
    ]
    answer = director.push(*many)
    assert code_of(answer) == (503, "server.full")
    assert int(answer.headers["retry-after"]) >= 30
    assert director.get("/v1/pull").json()["head"] == 2
    full.clear()
    api.store.engine.dispose()
    assert director.judge(*many) == ["accepted"] * 200


# -- news --------------------------------------------------------------------------------


def waiting(api: Api) -> bool:
    return bool(api.office.bell._waiting)


def test_news_reach_whoever_waits_as_soon_as_they_come(any_api: Api) -> None:
    compound = any_api.compound()
    director, other = any_api.director(compound), any_api.lodger(compound)
    assert other.get("/v1/wait", after=1).json()["head"] == 2, "what is there already is told at once"
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(other.get, "/v1/wait", after=2)
        until(lambda: waiting(any_api))
        began = time.perf_counter()
        assert director.judge(team(director)) == ["accepted"]
        assert told.result(5).json() == {"linli": 1, "epoch": director.epoch, "head": 3}
    assert time.perf_counter() - began < 1.5
    assert not waiting(any_api), "nobody is left behind"


def test_news_of_another_compound_wake_nobody(api: Api) -> None:
    one, other = api.director(api.compound()), api.director(api.compound("三元"))
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(one.get, "/v1/wait", after=2)
        until(lambda: waiting(api))
        assert other.judge(team(other)) == ["accepted"]
        time.sleep(0.2)
        assert not told.done()
        assert one.judge(team(one)) == ["accepted"]
        assert told.result(5).json()["head"] == 3


def test_whoever_waits_for_nothing_is_answered_in_the_end(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(wait_seconds=0.3))
    director = api.director(api.compound())
    api.ticks.runs = True
    began = time.perf_counter()
    assert director.get("/v1/wait", after=2).json()["head"] == 2
    assert 0.2 < time.perf_counter() - began < 2.0


def test_news_pass_from_one_process_to_another_over_postgresql(
    make_api: MakeApi, open_postgres: Callable[[], Store]
) -> None:
    store = open_postgres()
    address = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    second = open_database(address, new_id=Ids("second"))
    one, two = make_api(store), make_api(second)
    try:
        director = one.director(one.compound())
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(
                two.http.get,
                "/v1/wait",
                params={"compound": director.compound.hex, "after": 2},
                headers=director.headers,
            )
            until(lambda: waiting(two))
            time.sleep(0.3)  # the listener has said LISTEN by then
            began = time.perf_counter()
            assert director.judge(team(director)) == ["accepted"]
            assert told.result(10).json()["head"] == 3
        assert time.perf_counter() - began < 3.0
    finally:
        two.http.close()
        second.close()
