"""Bad days on the road and with the clock, told one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from simulation import faults
from simulation.network import Carry, Fault, narrow
from simulation.reading import dump
from village import Village, nth, on, waiting

from models.operations.verdicts import Rejected
from models.replication.links import link_of
from sync import exchange
from sync.client import Away, Denied, Strange
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


def test_what_a_clock_dated_that_was_set_right_unheard_is_no_later_than_it_came(village: Village) -> None:
    """No server was heard of while the clock was ten years ahead, so the laptop cannot know by how much it was."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("point.add", code="W01", name="井")
    village.all_sync()
    b.set_clock(YEARS)
    b.laptop.do("point.edit", point="W01", new={"name": "先"})
    b.set_clock(timedelta())
    b.sync()
    village.sky.now += timedelta(hours=2)
    a.laptop.do("point.edit", point="W01", new={"name": "后"})
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
