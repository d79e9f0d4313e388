"""What `linli list` prints of duty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from roster_station import POOL, ZONE, came, done, person, served, settle_pool
from simulation.devices import Laptop

from models import listings
from models.operations.envelope import Intent
from models.problems import Problem

DAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 9, tzinfo=ZONE)


def listed(laptop: Laptop, name: str, **where: str) -> list[dict[str, Any]]:
    with laptop.store.read() as session:
        found = listings.list_rows(session, laptop.compound_id, name, today=DAY, now=NOW, where=where)
        assert not isinstance(found, Problem), found
        rows = [dict(row) for row in found]
    assert {tuple(row) for row in rows} <= {listings.LISTINGS[name].columns}
    return rows


def shows(row: dict[str, Any], **values: Any) -> None:
    assert {name: row[name] for name in values} == values


@pytest.fixture
def pool(laptop: Laptop) -> Laptop:
    settle_pool(laptop)
    return laptop


def test_posts_and_patterns_are_listed_with_the_names_of_their_pools(pool: Laptop) -> None:
    pool.do("shift_template.edit", template="早班", new={"needs": ["role:committee"], "until": "2027-01-01"})
    pool.do("post.add", name="东门")
    pool.do("post.archive", post="东门")
    desk, gate = listed(pool, "posts")
    shows(desk, name="服务台", team=POOL, templates=["早班"], counts_cash=False, archived=False)
    shows(gate, name="东门", team="", team_id=None, templates=[], archived=True)
    [row] = listed(pool, "shift-templates")
    shows(
        row, post="服务台", starts="8:00", minutes=240, needs=["role:committee:1"], weekdays=[1, 2, 3, 4, 5]
    )
    shows(row, weeks="all", days="all", team="", until="2027-01-01", archived=False)


def test_shifts_and_who_is_on_them_are_listed_in_order_with_what_they_lack(pool: Laptop) -> None:
    later = served(pool, DAY + timedelta(days=40), "李四", published=False)
    shift = served(pool, DAY, "张三", needs=["role:committee"])
    gone = served(pool, DAY + timedelta(days=1), "赵六", name="加班")
    pool.do("shift.cancel", shift=str(gone))
    rows = listed(pool, "shifts")
    assert [row["id"] for row in rows] == [str(shift), str(gone), str(later)]
    shows(rows[0], day="2026-03-03", post="服务台", people=["张三"], hands=1, missing=0, points=400)
    shows(rows[0], starts_at="2026-03-03T00:00:00+00:00", unmet=["role:committee:1"], state="published")
    assert [row["archived"] for row in rows] == [False, True, False]
    assert [row["person"] for row in listed(pool, "assignments", archived="false")] == ["张三", "李四"]
    came(pool, shift, "张三", NOW - timedelta(minutes=50))
    [row] = listed(pool, "assignments", day="2026-03-03")
    shows(row, person="张三", shift="临时", state="published", locked=True, presence="on_duty", absence="")
    assert row["came_at"] == "2026-03-03T00:10:00+00:00"


def test_a_laptop_without_shifts_lists_none(pool: Laptop) -> None:
    assert listed(pool, "shifts") == listed(pool, "assignments") == listed(pool, "checkins") == []


def test_balances_are_listed_whoever_owes_most_first(pool: Laptop) -> None:
    served(pool, DAY, "张三")
    rows = listed(pool, "balances")
    assert [row["owed"] for row in rows] == [100, 100, 100, -300]
    shows(rows[-1], person="张三", settled=None, before=0, fair=100, done=400, missed=0, unseen=0)


def test_hours_are_listed_by_month_and_guests_have_no_id(pool: Laptop) -> None:
    shift = served(pool, DAY - timedelta(days=3), "张三")
    start = datetime(2026, 2, 28, 8, tzinfo=ZONE)
    came(pool, shift, "张三", start)
    guest = {"id": str(pool.ids()), "shift": str(shift), "guest": "小刘"}
    done(pool, [Intent("duty.check_in", guest, happened_at=start + timedelta(hours=1))])
    mine, other = listed(pool, "hours")
    shows(mine, person="张三", month="2026-02", minutes=240, duty_minutes=240, shifts=1, walk_minutes=0)
    shows(other, person="小刘", person_id=None, minutes=180)


def test_what_was_said_of_time_and_asked_of_others_is_listed(pool: Laptop) -> None:
    pool.do("availability.add", person="李四", kind="can", weekdays=[2], starts="8:30", ends=1440)
    [row] = listed(pool, "availability")
    shows(
        row, person="李四", kind="can", weekdays=[2], starts="8:30", ends="24:00", until=None, archived=False
    )
    mine, theirs = served(pool, DAY, "张三"), served(pool, DAY + timedelta(days=1), "李四", name="加班")
    places = dict(pool.ask("SELECT shift_id, id FROM assignment"))
    pool.do("swap.ask", assignment=places[mine.hex], against=places[theirs.hex], words="看病")
    pool.do("swap.ask", assignment=places[theirs.hex])
    asked, other = listed(pool, "swaps")
    shows(
        asked,
        asker="张三",
        day="2026-03-03",
        shift="临时",
        to="李四",
        against="2026-03-04 加班",
        words="看病",
    )
    shows(asked, state="open", answered_at=None, answered_by="", answer="")
    shows(other, asker="李四", to="", to_id=None, against="")


def test_what_happened_at_the_post_is_listed(pool: Laptop) -> None:
    shift = served(pool, DAY, "张三")
    late = {"id": str(pool.ids()), "shift": str(shift), "person": str(person(pool, "张三"))}
    late |= {"reason": "忘了签", "witness": str(person(pool, "李四"))}
    done(pool, [Intent("duty.check_in", late, happened_at=NOW)])
    pool.do("duty.hand_over", post="服务台", shift=str(shift), to="赵六", keys="大门 2 把", cash=1250)
    pool.do("duty.note", post="服务台", words="灯坏了")
    [row] = listed(pool, "checkins")
    shows(
        row, person="张三", made_up=True, reason="忘了签", witness="李四", recorder="王德胜", day="2026-03-03"
    )
    [row] = listed(pool, "handovers")
    shows(row, to="赵六", keys="大门 2 把", cash_fen=1250, confirmed_at=None, confirmed_by="", post="服务台")
    assert row["from"] == "王德胜"
    note = next(row for row in listed(pool, "log") if row["kind"] == "note")
    shows(note, post="服务台", person="王德胜", words="灯坏了", archived=False)
