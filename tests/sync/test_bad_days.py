"""Bad days on the road, on the disk and with the clock, told one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from simulation import faults
from simulation.faults import Killed
from simulation.network import Carry, Fault, narrow
from simulation.reading import dump
from village import Village, nth, on, rewritten, waiting

from models.errors import StoreFull
from models.operations.registry import KINDS
from models.operations.settling import dismiss
from models.operations.verdicts import Rejected
from models.replication import devices
from models.replication.links import link_of
from sync import exchange
from sync.client import Away, Denied, Strange
from sync.enrolling import look
from sync.rounds import OtherAtIt
from sync.server import admin
from sync.server.limits import Limits

YEARS = timedelta(days=3652)


# -- the road -------------------------------------------------------------------------------------


def test_a_reply_that_was_lost_costs_nothing(village: Village) -> None:
    a = village.laptops["a"]
    a.laptop.do("point.add", code="W01")
    a.faults[:] = on("/v1/push", faults.reply_lost)
    with pytest.raises(Away):
        a.sync()
    a.faults.clear()
    assert waiting(a) == 1, "nobody has told it the verdict"
    a.sync()
    village.all_agree()
    assert village.ask("SELECT count(*) FROM operation WHERE kind = 'point.add'") == [(1,)]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.portal, Strange),
        (faults.portal_with_json, Strange),
        (faults.portal_with_nothing, Strange),
        (faults.noise, Strange),
        (faults.truncated, Strange),
        (faults.hangs, Away),
        (faults.dropped, Away),
        (faults.broke, Away),
        (faults.proxy_says_away, Away),
    ],
)
@pytest.mark.parametrize("path", ["/v1/push", "/v1/pull", "/v1/history"])
def test_what_is_no_answer_of_ours_changes_nothing(
    village: Village, path: str, fault: Fault, error: type[Exception]
) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    b.laptop.do("route.add", name="北线")
    b.sync()
    a.laptop.do("point.add", code="W01")
    before = dump(a.laptop.store, village.compound)
    a.faults[:] = on(path, fault)
    with pytest.raises(error):
        a.sync()
    a.faults.clear()
    if path != "/v1/history":
        assert dump(a.laptop.store, village.compound) == before
        assert waiting(a) == 1
    village.all_sync()
    village.all_agree()


@pytest.mark.parametrize("fault", [faults.uncompressed, faults.headers_stripped])
def test_a_proxy_may_take_the_compression_off(village: Village, fault: Fault) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    for number in range(30):
        a.laptop.do("point.add", code=f"W{number:02}")
    for traveller in (a, b):
        traveller.faults[:] = [fault] * 50
        traveller.sync()
        traveller.faults.clear()
    village.all_agree()
    assert b.laptop.ask("SELECT count(*) FROM point") == [(30,)]


def test_who_comes_too_often_is_told_when_to_come_again(village: Village) -> None:
    village.center.limits = Limits(burst=2, per_second=0.1)
    village.center.__post_init__()
    a = village.laptops["a"]
    a.laptop.do("point.add", code="W01")
    with pytest.raises(Away) as caught:  # noqa: PT012  # one of them is too many
        for _ in range(5):
            a.sync()
    assert caught.value.code == "server.too_many"
    assert caught.value.wait is not None
    assert caught.value.wait >= 1
    village.sky.now += timedelta(seconds=caught.value.wait + 60)
    a.sync()
    assert waiting(a) == 0


def test_a_first_sync_goes_on_where_it_was_cut(village: Village) -> None:
    a = village.laptops["a"]
    for number in range(20):
        a.laptop.do("point.add", code=f"W{number:02}")
    a.sync()
    b = village.stranger("b")
    b.enrol(village.center.code(village.compound))
    with narrow(rows=4):
        b.faults[:] = nth(6, faults.dropped)
        with pytest.raises(Away):
            b.sync()
        b.faults.clear()
        staged = b.laptop.ask("SELECT count(*) FROM staged_page")[0][0]
        assert staged >= 3
        assert b.laptop.ask("SELECT count(*) FROM point") == [(0,)], "no row before the last page"
        cursors = [cursor for (cursor,) in b.laptop.ask("SELECT cursor FROM cursor")]
        assert cursors == [0], "the cursor never runs ahead of the rows"
        places: list[str] = []

        def note(request: httpx.Request, carry: Carry) -> httpx.Response:
            if request.url.path == "/v1/pull":
                places.append(request.url.params["place"])
            return carry(request)

        b.faults[:] = [note] * 100
        b.sync()
    assert places[0], "pages that have come are not fetched again"
    b.faults.clear()
    village.all_agree()


def test_rows_that_change_between_two_pages_are_not_passed_by(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    for number in range(12):
        a.laptop.do("point.add", code=f"W{number:02}")
        a.laptop.do("route.add", name=f"线{number:02}")
    a.sync()
    a.laptop.do("point.edit", point="W00", new={"name": "路口"})
    a.laptop.do("building.add", code="7")

    def meanwhile(request: httpx.Request, carry: Carry) -> httpx.Response:
        response = carry(request)
        a.sync()
        return response

    with narrow(rows=3):
        b.faults[:] = nth(4, meanwhile)
        assert not b.sync().repaired
    b.faults.clear()
    village.all_agree()


def test_what_comes_before_its_time_is_not_judged(village: Village) -> None:
    a = village.laptops["a"]
    for code in ("W01", "W02"):
        a.laptop.do("point.add", code=code)
    with a.laptop.store.read() as session:
        whole = exchange.outgoing(session, village.compound)
        link = link_of(session, village.compound)
    assert link is not None
    with a.call("http://center.test", link.token) as line:
        with pytest.raises(Denied, match="gap") as caught:
            line.push(replace(whole, groups=whole.groups[1:]), link.epoch)
        assert caught.value.params == {"last_n": whole.groups[0][0].n - 1}
    assert village.ask("SELECT count(*) FROM point") == [(0,)]
    a.sync()
    village.all_agree()


# -- clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [YEARS, -YEARS])
def test_a_clock_wrong_by_years_is_put_right(village: Village, wrong: timedelta) -> None:
    """The one with the wrong clock wrote first: the other, who came later, wins all the same."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("point.add", code="W01", name="井")
    village.all_sync()
    b.set_clock(wrong)
    if wrong < timedelta():
        # Nobody has a role in 2016; the laptop knows that it is later than when it last heard of the server.
        assert not isinstance(b.laptop.attempt("point.add", code="W02"), Rejected)
    b.laptop.do("point.edit", point="W01", new={"name": "先"})
    village.sky.now += timedelta(hours=2)
    a.laptop.do("point.edit", point="W01", new={"name": "后"})
    b.sync()
    a.sync()
    b.set_clock(timedelta())
    village.all_sync()
    assert a.laptop.ask("SELECT name FROM point WHERE code = 'W01'") == [("后",)]
    assert a.laptop.ask("SELECT kept, lost FROM conflict") == [('"后"', '"先"')]
    village.all_agree()


def test_what_was_written_under_a_wrong_clock_can_be_changed_later(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("point.add", code="W01", name="井")
    village.all_sync()
    b.set_clock(YEARS)
    b.laptop.do("point.edit", point="W01", new={"name": "先"})
    village.sky.now += timedelta(hours=2)
    a.laptop.do("point.edit", point="W01", new={"name": "后"})
    b.sync()
    a.sync()
    assert village.ask("SELECT name FROM point") == [("后",)]


def test_a_compound_founded_under_a_wrong_clock_has_a_director(village: Village) -> None:
    """Its first role began, by that clock, in ten years."""
    c = village.stranger("c", wrong=YEARS)
    c.laptop.compound_id = c.laptop.ids()
    c.laptop.found("另一个小区")
    c.enrol(village.center.code(village.center.add("空")), own=c.laptop.compound_id)
    c.sync()
    c.set_clock(timedelta())
    c.sync()
    c.laptop.do("point.add", code="W01")
    c.sync()
    assert waiting(c) == 0
    assert c.laptop.ask("SELECT count(*) FROM tray") == [(0,)]


def test_what_is_held_is_judged_in_the_order_it_came(village: Village) -> None:
    """Between the two the clock was set back: by the clock the second was made first."""
    a = village.laptops["a"]
    a.laptop.do("household.add", code="3-1-502")
    a.set_clock(-timedelta(days=30))
    a.laptop.do("household.edit", household="3-1-502", new={"note": "x"})
    village.center.kinds = {"household.add": None}
    a.sync()
    assert a.laptop.ask("SELECT verdict FROM operation WHERE kind LIKE 'household.%'") == [
        ("held",),
        ("held",),
    ]
    village.center.kinds = {}
    assert village.center.retry() == {"accepted": 2}
    a.sync()
    village.all_agree()


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


def test_a_number_that_went_to_another_operation_stops_no_history(village: Village) -> None:
    """The server forgot what it had refused, and the twin that kept the name counts on without that."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("route.add", name="北线")
    village.all_sync()
    file, early = village.backup(), village.kept("a")
    route = a.laptop.ask("SELECT id FROM route")[0][0]
    b.laptop.do("route.archive", route=route)
    b.sync()
    a.laptop.do("route.edit", route=route, new={"note": "慢"})
    assert a.sync().refused == 1
    c = village.copied("a", "c")
    c.laptop.person_id = village.director
    village.put_back("a", early)
    village.restore(file)
    for code in ("W01", "W02"):
        a.laptop.do("point.add", code=code)
    a.sync()
    c.laptop.do("point.add", code="W03")
    assert c.sync().renamed
    assert not c.sync().more_history
    village.all_sync()
    village.all_agree()
    logged = "SELECT rev, id FROM operation WHERE rev IS NOT NULL ORDER BY rev"
    assert c.laptop.ask(logged) == a.laptop.ask(logged) == b.laptop.ask(logged)
    assert c.laptop.ask("SELECT kind FROM tray JOIN operation ON id = operation_id") == [("route.edit",)]


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
