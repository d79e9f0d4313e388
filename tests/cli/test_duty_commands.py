"""A roster made, explained, published and settled from the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .conftest import Linli

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()  # noqa: TID251 - the commands go by the real day
#: A Monday to come, and the Thursday after it.
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())
THURSDAY = MONDAY + timedelta(days=3)
DAYS = ("--from", str(MONDAY), "--to", str(THURSDAY))
PEOPLE = ("张三", "李四", "赵六")


@pytest.fixture
def pool(founded: Linli) -> Linli:
    """Three volunteers who take turns at a desk, one each day."""
    do(founded, "team.add", name="值班组")
    for name in PEOPLE:
        do(founded, "person.add", name=name)
        do(founded, "role.grant", person=name, role="volunteer", since="2020-01-01")
        do(founded, "team.join", team="值班组", person=name, since="2020-01-01")
    do(founded, "post.add", name="服务台", team_id="值班组")
    do(founded, "shift_template.add", post="服务台", name="早班", starts="8:00", minutes=240)
    return founded


def do(linli: Linli, what: str, /, **payload: Any) -> None:
    said = linli("do", what, json.dumps(payload))
    assert said.status == 0, said.err


def people_on(linli: Linli, day: date = THURSDAY) -> list[str]:
    [row] = linli("list", "shifts", "--where", f"day={day}", "--json").rows
    people: list[str] = row["people"]
    return people


def test_a_roster_is_made_kept_as_a_draft_and_published(pool: Linli) -> None:
    made = pool("duty", "generate", *DAYS, "--json").json
    assert (made["shifts"], made["planned"], made["gaps"], made["optimal"], made["saved"]) == (
        4,
        4,
        [],
        True,
        True,
    )
    assert {row["person"] for row in made["assignments"]} == set(PEOPLE)
    assert [row["day"] for row in made["assignments"]] == [str(MONDAY + timedelta(days=n)) for n in range(4)]
    states = {row["state"] for row in pool("list", "assignments", "--json").rows}
    assert states == {"draft"}
    again = pool("duty", "generate", *DAYS, "--json").json
    assert (again["planned"], again["changes"], again["saved"]) == (0, 0, False)
    told = pool("duty", "publish", *DAYS, "--json").json
    assert (told["shifts"], told["assignments"], told["leaving"]) == (4, 4, 0)
    assert {row["state"] for row in pool("list", "assignments", "--json").rows} == {"published"}
    assert "nothing to publish" in pool("duty", "publish", *DAYS).out


def test_the_keys_of_the_json_stay(pool: Linli) -> None:
    do(pool, "shift_template.edit", template="早班", new={"hands": 4})
    made = pool("duty", "generate", *DAYS, "--dry-run", "--json").json
    assert set(made) == {
        *(
            "from",
            "to",
            "shifts",
            "planned",
            "called_off",
            "assignments",
            "gaps",
            "spread",
            "wishes",
            "changes",
        ),
        *("optimal", "phases", "seconds", "relaxations", "saved"),
    }
    shift = {"shift_id", "day", "post", "shift", "starts_at"}
    assert set(made["assignments"][0]) == shift | {"person", "person_id", "points", "before"}
    assert set(made["gaps"][0]) == shift | {"missing", "need", "message"}
    assert set(made["spread"]) == {"largest", "smallest", "people"}
    carried = {"person", "person_id", "shifts", "points", "fair", "owed_after"}
    assert set(made["spread"]["people"][0]) == carried
    assert set(made["phases"][0]) == {"phase", "value", "bound", "proven"}
    assert all(one["owed_after"] == one["fair"] - one["points"] for one in made["spread"]["people"])


def test_worked_out_only_it_changes_nothing(pool: Linli) -> None:
    said = pool("duty", "generate", *DAYS, "--dry-run")
    assert (said.status, "Proven" in said.out, "nothing was kept" in said.err) == (0, True, True)
    assert pool("list", "shifts", "--json").rows == []


def test_what_lacks_hands_is_told_with_what_would_have_to_give_way(pool: Linli) -> None:
    for name in PEOPLE:
        do(pool, "availability.add", person=name, kind="cannot", weekdays=[4])
    made = pool("duty", "generate", *DAYS, "--json").json
    assert [(gap["day"], gap["missing"]) for gap in made["gaps"]] == [(str(THURSDAY), 1)]
    [rule] = made["relaxations"]
    assert (rule["rule"], rule["detail"], rule["person"] in PEOPLE) == ("bar", "cannot", True)
    assert "has said they cannot then" in rule["message"]
    asked = pool("duty", "why", f"{THURSDAY} 早班", "--json").json
    assert {one["person"] for one in asked["candidates"]} == set(PEOPLE)
    assert [gap["missing"] for gap in asked["gaps"]] == [1]
    told = pool("duty", "why", str(THURSDAY), "早班").out
    assert "Of 3 others: 3 cannot then." in told
    assert "3 人说了不能来" in pool("--lang", "zh_CN", "duty", "why", str(THURSDAY), "早班").out
    lacking = pool("duty", "why", f"{MONDAY} 早班").out
    assert "lacks nobody" in lacking


def test_why_somebody_is_on_a_shift_and_why_not(pool: Linli) -> None:
    do(pool, "availability.add", person="赵六", kind="cannot", weekdays=[4])
    pool("duty", "generate", *DAYS)
    [on] = people_on(pool)
    other = next(name for name in ("张三", "李四") if name != on)
    asked = pool("duty", "why", on, str(THURSDAY), "早班", "--json").json
    assert (asked["on"], asked["possible"], asked["day"], asked["shift"]) == (
        True,
        True,
        str(THURSDAY),
        "早班",
    )
    assert on in {one["person"] for one in asked["touched"]}
    assert pool("duty", "why", other, f"{THURSDAY} 早班", "--json").json["on"] is False
    barred = pool("duty", "why", "赵六", f"{THURSDAY} 早班", "--json").json
    assert (barred["possible"], [one["detail"] for one in barred["obstacles"]]) == (False, ["cannot"])
    assert "cannot be on" in pool("duty", "why", "赵六", f"{THURSDAY} 早班").out
    assert f"If {on} were not on" in pool("duty", "why", on, f"{THURSDAY} 早班").out
    assert "takes no turns" in pool("duty", "why", "王德胜", f"{THURSDAY} 早班").out


def test_whoever_falls_ill_is_replaced_and_nothing_else_changes(pool: Linli) -> None:
    pool("duty", "generate", *DAYS)
    pool("duty", "publish", *DAYS)
    [ill] = people_on(pool)
    before = {row["day"]: row["people"] for row in pool("list", "shifts", "--json").rows}
    his = [day for day, people in before.items() if people == [ill]]
    made = pool("duty", "generate", *DAYS, "--sick", ill, "--json").json
    assert (made["gaps"], made["changes"]) == ([], 2 * len(his))
    after = {row["day"]: row["people"] for row in pool("list", "shifts", "--json").rows}
    assert [day for day in before if before[day] != after[day]] == his
    assert all(people != [ill] for people in after.values())
    [pause] = pool("list", "availability", "--json").rows
    assert (pause["person"], pause["kind"], pause["since"]) == (ill, "pause", str(MONDAY))


def test_a_draft_is_for_those_who_lead(pool: Linli) -> None:
    assert pool("--as", "张三", "duty", "generate", *DAYS).status == 4
    pool("duty", "generate", *DAYS)
    refused = pool("--as", "张三", "duty", "publish", *DAYS)
    assert (refused.status, refused.json["code"]) == (4, "role.missing")
    unknown = pool("--as", "张三", "duty", "why", "张三", f"{THURSDAY} 早班")
    assert (unknown.status, unknown.out) == (4, "")
    pool("duty", "publish", *DAYS)
    assert pool("--as", "张三", "duty", "why", "张三", f"{THURSDAY} 早班").status == 0


def test_a_month_is_settled_when_it_is_over(pool: Linli) -> None:
    day = TODAY.replace(day=1) - timedelta(days=3)
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC)
    do(
        pool, "shift.add", post="服务台", name="加班", day=str(day), starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=3)).isoformat(), points=300, published=True,
    )  # fmt: skip
    do(pool, "duty.assign", shift=f"{day} 加班", person="张三")
    month = f"{day:%Y-%m}"
    settled = pool("duty", "settle", "--month", month, "--json").json
    assert settled["month"] == month
    owed = {row["person"]: row["owed"] for row in settled["people"]}
    assert owed == dict.fromkeys(PEOPLE, 100)  # nobody has seen them come
    assert [row["settled"] for row in pool("list", "balances", "--json").rows] == [month] * 3
    assert "张三  owes 1\n" in pool("duty", "settle", "--month", month).out
    runs = pool("duty", "settle", "--month", f"{TODAY:%Y-%m}")
    assert (runs.status, "can be settled from" in runs.err) == (4, True)
    assert "nothing to settle" in pool("duty", "settle", "--month", "2020-02").err


@pytest.mark.parametrize(
    "words",
    [
        ("duty",),
        ("duty", "generate", "--from", "2026-12-05", "--to", "2026-12-01"),
        ("duty", "generate", "--from", "2026-12-01", "--to", "2027-12-01"),
        ("duty", "generate", "--from", "tomorrow", "--to", "2026-12-01"),
        ("duty", "generate", *DAYS, "--seconds", "0"),
        ("duty", "why", "张三", "早班"),
        ("duty", "why", "张三"),
        ("duty", "settle", "--month", "2026-13"),
        ("duty", "settle", "--month", "November"),
    ],
)
def test_what_is_put_wrongly_is_said_so(founded: Linli, words: tuple[str, ...]) -> None:
    said = founded(*words)
    assert (said.status, bool(said.err), said.out) == (2, True, "")


def test_what_nobody_knows_is_said_so(pool: Linli) -> None:
    assert pool("duty", "why", "没有的人", f"{THURSDAY} 早班").status == 4
    assert pool("duty", "why", f"{THURSDAY} 早班").status == 4
    assert pool("duty", "generate", *DAYS, "--sick", "没有的人").status == 4
