"""Bad days with disks, versions, poison and strangers, told one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from simulation import faults
from simulation.faults import Killed
from simulation.network import Carry, Fault, narrow
from simulation.reading import dump
from village import Village, on, rewritten, waiting

from models.errors import StoreFull
from models.operations.registry import KINDS
from models.replication.links import link_of
from sync.client import Away, Denied, Strange
from sync.enrolling import look

# -- disks, versions, poison ------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(1, 12))
def test_a_full_disk_on_the_laptop_stops_it_and_loses_nothing(village: Village, at: int) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    b.laptop.do("route.add", name="北线")
    b.sync()
    a.laptop.do("point.add", code="W01")
    with faults.disk_full(a.laptop.store, at) as full:
        try:
            a.sync()
        except StoreFull:
            assert full.happened
    village.sky.now += timedelta(minutes=5)
    village.all_sync()
    village.all_agree()


@pytest.mark.parametrize("at", range(1, 10))
def test_a_full_disk_on_the_server_is_said_and_nothing_is_half_done(village: Village, at: int) -> None:
    a = village.laptops["a"]
    a.laptop.do("household.add", code="3-1-502")
    with faults.disk_full(village.store, at) as full:
        try:
            a.sync()
        except Away as error:
            assert full.happened
            assert (error.code, error.wait is not None) == ("server.full", True)  # noqa: PT017
    village.all_sync()
    village.all_agree()


def test_a_laptop_killed_at_any_statement_goes_on(village: Village, request: pytest.FixtureRequest) -> None:
    """Each time it has something to send and something to fetch, over several pages."""
    a, b = village.laptops["a"], village.laptop("b")
    step = 1 if request.config.getoption("--seeds") else 7
    with narrow(rows=3):
        at = 1
        while True:
            a.laptop.do("point.add", code=f"W{at:03}")
            b.laptop.do("household.add", code=f"3-1-{at:03}")
            b.laptop.do(
                "point.edit",
                point="W001" if at > 1 else b.laptop.do("point.add", code="W001").rows[0][1].hex,
                new={"note": f"{at}"},
            )
            b.sync()
            village.sky.now += timedelta(minutes=5)
            try:
                with faults.killed(a.laptop.store, at) as life:
                    a.sync()
            except Killed:
                village.sky.now += timedelta(minutes=5)
                a.sync()
            assert waiting(a) == 0
            if not life.happened:
                break
            at += step
    village.all_sync()
    village.all_agree()
    assert at > 40


def test_what_a_newer_server_sends_comes_after_the_upgrade(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("point.add", code="W01")
    a.sync()
    b.faults[:] = [faults.newer_server] * 20
    assert not b.sync().repaired
    b.faults.clear()
    assert b.laptop.ask("SELECT code FROM point") == [("W01",)]
    village.asked.clear()
    b.sync()
    assert b.laptop.ask("SELECT missed != '' FROM link") == [(1,)]
    monkeypatch.setattr("sync.pulling.HEAD", "later")
    pulled = b.sync().pulled
    assert pulled > 3, "all comes once more"
    assert b.laptop.ask("SELECT missed FROM link") == [("",)]
    assert b.sync().pulled == 0
    village.all_agree()


def test_another_protocol_stops_the_laptop_and_loses_nothing(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = village.laptops["a"]
    a.laptop.do("point.add", code="W01")
    with monkeypatch.context() as patch:
        patch.setattr("sync.server.app.wire.PROTOCOL", 2)
        a.faults[:] = [older_laptop] * 9
        with pytest.raises(Denied, match="protocol"):
            a.sync()
    a.faults.clear()
    assert a.laptop.ask("SELECT state FROM link") == [("outdated",)]
    a.sync()
    assert a.laptop.ask("SELECT state FROM link") == [("ok",)]
    village.all_agree()


def older_laptop(request: httpx.Request, carry: Carry) -> httpx.Response:
    request.headers["Linli-Protocol"] = "1"
    return carry(request)


def test_a_poisonous_operation_stops_only_what_needs_it(village: Village) -> None:
    from simulation.witness import kinds_of

    a = village.laptops["a"]
    a.laptop.do("household.add", code="3-1-502")
    a.laptop.do("household.edit", household="3-1-502", new={"note": "x"})
    a.laptop.do("point.add", code="W01")
    village.center.kinds = kinds_of({"household.add": "handler.broke"})
    assert a.sync().verdicts == {"held": 2, "accepted": 1}
    assert a.laptop.ask("SELECT note FROM household") == [("x",)], "what is held goes on standing here"
    assert a.sync().pushed == 0
    village.center.kinds = {}
    village.center.retry()
    a.sync()
    village.all_agree()
    assert "household.add" in KINDS


# -- strangers --------------------------------------------------------------------------------------


def test_nobody_reads_or_writes_another_compound(village: Village) -> None:
    a = village.laptops["a"]
    other = village.center.add("隔壁小区")
    c = village.stranger("c")
    c.enrol(village.center.code(other))
    c.sync()
    with c.laptop.store.read() as session:
        link = link_of(session, other)
    assert link is not None
    with c.call("http://center.test", link.token) as line, pytest.raises(Denied, match=r"compound\.closed"):
        line.pull(village.compound, after=0, acked_n=0)
    a.laptop.do("point.add", code="W01")
    a.faults[:] = on("/v1/push", with_token(link.token))
    with pytest.raises(Denied, match=r"compound\.closed"):
        a.sync()
    a.faults.clear()
    assert village.ask("SELECT count(*) FROM point") == [(0,)]
    assert c.laptop.ask("SELECT count(*) FROM person WHERE name = '王德胜'") == [(0,)]
    village.laptops.pop("c").laptop.store.close()
    village.all_sync()
    village.all_agree()


def with_token(token: str) -> Fault:
    def fault(request: httpx.Request, carry: Carry) -> httpx.Response:
        request.headers["Authorization"] = f"Bearer {token}"
        return carry(request)

    return fault


def test_a_page_of_another_compound_is_not_taken(village: Village) -> None:
    a = village.laptops["a"]
    elsewhere = a.laptop.ids()

    def swap(values: dict[str, Any]) -> None:
        values["compound"] = elsewhere.hex

    a.faults[:] = on("/v1/pull", rewritten(swap))
    with pytest.raises(Strange):
        a.sync()
    a.faults.clear()


def test_a_compound_founded_offline_is_adopted_whole(village: Village) -> None:
    c = village.stranger("c")
    c.laptop.compound_id = c.laptop.ids()
    c.laptop.found("另一个小区")
    c.laptop.do("household.add", code="3-1-502")
    own = c.laptop.compound_id
    done = c.enrol(village.center.code(village.center.add("空")), own=own)
    assert (done.compound_id, done.adopted) == (own, True)
    c.sync()
    assert waiting(c) == 0
    assert dump(c.laptop.store, own) == dump(village.store, own)
    village.laptops.pop("c").laptop.store.close()


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: " ".join(code).replace("0", "O").replace("1", "l"),
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),
    ],
)
def test_a_code_may_be_mistyped_in_these_ways(village: Village, typed: Callable[[str], str]) -> None:
    code = village.center.code(village.compound)
    b = village.stranger("b")
    b.enrol(typed(code))
    b.sync()
    village.all_agree()


def test_a_code_opens_once_and_for_a_while(village: Village) -> None:
    code = village.center.code(village.compound)
    b, c = village.stranger("b"), village.stranger("c")
    b.enrol(code)
    with pytest.raises(Denied, match=r"code\.used"):
        c.enrol(code)
    late = village.center.code(village.compound, life=timedelta(minutes=10))
    village.sky.now += timedelta(minutes=11)
    with pytest.raises(Denied, match=r"code\.over"):
        c.enrol(late)
    with pytest.raises(Denied, match=r"code\.unknown"):
        look(c.here, "http://center.test", "AAAAA-AAAAA")
    village.laptops.pop("c").laptop.store.close()
    b.sync()
    village.all_agree()
