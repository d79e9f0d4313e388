"""Laptops and servers that were copied, and put back from a copy, told one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from simulation import faults
from simulation.faults import Killed
from simulation.network import Carry, narrow
from village import Village, nth, on, waiting

from models.operations.settling import dismiss
from models.replication import devices
from sync import rounds
from sync.client import Away, Denied
from sync.rounds import OtherAtIt
from sync.server import admin

# -- copies of laptops ------------------------------------------------------------------------------


def test_a_copied_laptop_becomes_one_of_its_own(village: Village) -> None:
    a = village.laptops["a"]
    b = village.copied("a", "b")
    b.laptop.person_id = village.director
    for traveller, code in ((a, "W01"), (b, "W02")):
        traveller.laptop.do("point.add", code=code)
    assert not a.sync().renamed
    assert b.sync().renamed
    village.all_sync()
    village.all_agree()
    assert village.ask(
        "SELECT count(*), count(DISTINCT device_id) FROM operation WHERE kind = 'point.add'"
    ) == [(2, 2)]


def test_a_laptop_put_back_from_an_old_copy_goes_on(village: Village) -> None:
    a = village.laptops["a"]
    aside = village.kept("a")
    a.laptop.do("point.add", code="W01")
    a.sync()
    village.put_back("a", aside)
    a.laptop.do("point.add", code="W02")
    assert a.sync().renamed
    village.all_sync()
    village.all_agree()
    assert a.laptop.ask("SELECT code FROM point ORDER BY code") == [("W01",), ("W02",)]


def test_a_copied_laptop_whose_new_name_got_no_answer_asks_again(village: Village) -> None:
    a = village.laptops["a"]
    b = village.copied("a", "b")
    b.laptop.person_id = village.director
    for traveller, code in ((a, "W01"), (b, "W02")):
        traveller.laptop.do("point.add", code=code)
    a.sync()
    b.faults[:] = on("/v1/fork", faults.reply_lost)
    with pytest.raises(Away):
        b.sync()
    b.faults.clear()
    village.all_sync()
    village.all_agree()


def test_a_revoked_laptop_keeps_what_it_has_not_sent(village: Village) -> None:
    b = village.laptop("b")
    b.laptop.do("point.add", code="W01")
    with village.store.read() as session:
        (device,) = admin.find_device(session, "b")
    with village.store.write() as session:
        devices.revoke(session, device, now=village.center.clock())
    with pytest.raises(Denied, match=r"token\.revoked"):
        b.sync()
    assert waiting(b) == 1
    assert b.laptop.ask("SELECT state FROM link") == [("revoked",)]
    b.enrol(village.center.code(village.compound))
    village.all_sync()
    assert village.ask("SELECT code FROM point") == [("W01",)]
    village.all_agree()


def test_two_windows_take_turns(village: Village) -> None:
    a = village.laptops["a"]
    second = type(a)(a.laptop, a.center, a.ticks, holder="second")
    met: list[str] = []

    def other_window(request: httpx.Request, carry: Carry) -> httpx.Response:
        try:
            second.sync()
        except OtherAtIt:
            met.append("waits")
        return carry(request)

    a.laptop.do("point.add", code="W01")
    a.faults[:] = [other_window]
    a.sync()
    assert met == ["waits"]
    second.sync()
    village.all_agree()


def test_the_turn_of_a_process_that_died_is_taken_at_once(village: Village) -> None:
    """One that may still live is waited for."""
    a = village.laptops["a"]
    a.laptop.do("point.add", code="W01")
    with faults.killed(a.laptop.store, 20), pytest.raises(Killed):
        a.sync()
    for gone in ("somebody else", "a"):
        here = replace(a.here, holder="a again", is_gone=gone.__eq__)
        if gone == "a":
            rounds.sync(here, village.compound)
        else:
            with pytest.raises(OtherAtIt):
                rounds.sync(here, village.compound)
    village.all_agree()


@pytest.mark.parametrize("place", range(1, 8))
def test_a_window_that_overslept_gives_way_to_what_another_has_done(village: Village, place: int) -> None:
    """It may sleep at any page of a first pull: those it has put aside are gone then."""
    a = village.laptops["a"]
    for n in range(3):
        a.laptop.do("household.add", code=f"{n + 1}-1-502")
    a.sync()
    b = village.stranger("b")
    b.enrol(village.center.code(village.compound), name="b")
    second = type(b)(b.laptop, b.center, b.ticks, holder="second")
    met: list[str] = []

    def other_window(request: httpx.Request, carry: Carry) -> httpx.Response:
        village.sky.now += timedelta(minutes=5)
        second.sync()
        met.append("took over")
        return carry(request)

    with narrow(rows=2):
        b.faults[:] = nth(place, other_window)
        with pytest.raises(OtherAtIt):
            b.sync()
    assert met == ["took over"]
    village.all_sync()
    village.all_agree()


# -- copies of servers ------------------------------------------------------------------------------


def test_laptops_bring_a_restored_server_what_it_lost(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("point.add", code="W01")
    village.all_sync()
    file = village.backup()
    a.laptop.do("point.add", code="W02")
    b.laptop.do("point.add", code="W03")
    village.all_sync()
    village.restore(file)
    assert village.ask("SELECT code FROM point") == [("W01",)]
    assert a.sync().healed == 2, "its own and the other's"
    village.all_sync()
    village.all_agree()
    assert village.ask("SELECT code FROM point ORDER BY code") == [("W01",), ("W02",), ("W03",)]


def test_what_a_lost_laptop_had_written_comes_back_from_others(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    file = village.backup()
    b.laptop.do("point.add", code="W01")
    b.sync()
    a.sync()
    village.restore(file)
    village.gone("b")
    a.sync()
    assert village.ask("SELECT code FROM point") == [("W01",)]
    village.all_agree()


def test_a_restored_server_that_was_written_to_gets_both(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    file = village.backup()
    b.laptop.do("point.add", code="W01", depth_mm=1200)
    b.sync()
    village.restore(file)
    a.laptop.do("point.add", code="W01", depth_mm=1500)
    a.sync()
    village.all_sync()
    village.all_agree()
    assert a.laptop.ask("SELECT depth_mm FROM point") == [(1500,)]
    assert a.laptop.ask("SELECT kept, lost FROM conflict") == [(1500, 1200)]


def test_what_was_held_is_not_lost_with_the_server(village: Village) -> None:
    a = village.laptops["a"]
    file = village.backup()
    village.center.kinds = {"point.add": None}
    a.laptop.do("point.add", code="W01")
    a.sync()
    village.restore(file)
    village.center.kinds = {}
    village.all_sync()
    village.all_agree()
    assert village.ask("SELECT code FROM point") == [("W01",)]


def test_what_was_refused_may_be_accepted_by_a_restored_server(village: Village) -> None:
    """The laptop hears of it: its tray must not say that what stands was refused."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("route.add", name="北线")
    village.all_sync()
    file = village.backup()
    route = a.laptop.ask("SELECT id FROM route")[0][0]
    a.laptop.do("route.archive", route=route)
    a.sync()
    b.laptop.do("route.edit", route=route, new={"note": "慢"})
    b.sync()
    assert b.laptop.ask("SELECT count(*) FROM tray") == [(1,)]
    village.gone("a")
    village.restore(file)
    b.sync()
    b.laptop.do("point.add", code="W01")
    b.sync()
    b.sync()
    said = b.laptop.ask("SELECT verdict FROM operation WHERE kind = 'route.edit'")
    assert said == village.ask("SELECT verdict FROM operation WHERE kind = 'route.edit'")
    village.all_agree()


@pytest.mark.parametrize("settled", [None, "dismissed"])
def test_what_a_restored_server_holds_once_more_waits_once_more(
    village: Village, settled: str | None
) -> None:
    """Between the copy and its return it was judged and refused; perhaps somebody has put that aside."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("route.add", name="北线")
    village.all_sync()
    route = a.laptop.ask("SELECT id FROM route")[0][0]
    village.center.kinds = {"route.edit": None}
    b.laptop.do("route.edit", route=route, new={"note": "慢"})
    assert b.sync().verdicts == {"held": 1}
    file = village.backup()
    a.laptop.do("route.archive", route=route)
    a.sync()
    village.center.kinds = {}
    village.center.retry()
    b.sync()
    assert b.laptop.ask("SELECT settled FROM tray") == [(None,)]
    if settled:
        with b.laptop.store.write() as session:
            dismiss(session, village.compound, UUID(b.laptop.ask("SELECT operation_id FROM tray")[0][0]))
    village.center.kinds = {"route.edit": None}
    village.restore(file)
    said = "SELECT verdict, code FROM operation WHERE kind = 'route.edit'"
    for verdict in ("held", "rejected"):
        report = b.sync()
        assert not report.renamed
        assert b.laptop.ask(said) == village.ask(said)
        assert b.laptop.ask(said)[0][0] == verdict
        assert waiting(b) == (verdict == "held")
        village.center.kinds = {}
        village.center.retry()
    assert b.laptop.ask("SELECT settled FROM tray") == [(settled,)]
    village.all_sync()
    village.all_agree()


def test_a_healing_that_was_cut_leaves_nothing_out(village: Village) -> None:
    """What was healed has its new place then, and what was not the old one: perhaps the same."""
    a, b, c = village.laptops["a"], village.laptop("b"), village.laptop("c")
    file = village.backup()
    for n in range(6):
        a.laptop.do("point.add", code=f"W{n}")
    a.sync()
    b.sync()
    village.gone("a")
    village.restore(file)
    c.laptop.do("household.add", code="3-1-502")
    c.sync()
    with narrow(operations=2):
        b.faults[:] = nth(4, faults.dropped)
        village.asked.clear()
        with pytest.raises(Away):
            b.sync()
        assert village.asked == ["/v1/pull", "/v1/push", "/v1/heal"]
        b.faults.clear()
        b.sync()
    assert village.ask("SELECT code FROM point ORDER BY code") == [(f"W{n}",) for n in range(6)]
    village.all_sync()
    village.all_agree()


def test_a_laptop_that_slept_through_two_restores_agrees_in_the_end(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    first = village.backup()
    a.laptop.do("point.add", code="W01")
    village.all_sync()
    village.restore(first)
    a.sync()
    a.laptop.do("point.add", code="W02")
    a.sync()
    second = village.backup()
    a.laptop.do("point.add", code="W03")
    a.sync()
    b.laptop.do("point.add", code="W04")
    village.restore(second)
    b.sync()
    village.all_sync()
    village.all_agree()
    assert village.ask("SELECT code FROM point ORDER BY code") == [(f"W0{n}",) for n in range(1, 5)]


def test_an_epoch_is_heard_once(village: Village) -> None:
    """The list of laptops changes at the same time: neither may push the other out."""
    a = village.laptops["a"]
    file = village.backup()
    a.laptop.do("point.add", code="W01")
    a.sync()
    village.restore(file)
    village.laptop("b")
    a.sync()
    village.asked.clear()
    a.laptop.do("point.add", code="W02")
    a.sync()
    assert "/v1/heal" not in village.asked
    village.all_sync()
    village.all_agree()
