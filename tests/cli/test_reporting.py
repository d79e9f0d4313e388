"""Figures of tickets, cards and boards from the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from .conftest import Linli

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()  # noqa: TID251 - the commands go by the real day
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def on(day: date) -> str:
    """Return noon of a day in Shanghai, as --at takes it."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC).isoformat()


@pytest.fixture
def station(founded: Linli) -> Linli:
    """A compound with homes in two buildings, volunteers, and tickets of this week and of ten weeks ago."""
    founded("do", "household.add", '{"code": "3-1-502"}')
    founded("do", "household.add", '{"code": "4-1-101"}')
    founded("do", "person.add", '{"name": "张三", "phones": ["13900000001"]}')
    founded("do", "person.add", '{"name": "钱多多", "phones": ["13700000003"]}')
    founded("do", "role.grant", '{"person": "张三", "role": "building_lead", "building": "3"}')
    founded("do", "contact.assign", '{"household": "3-1-502", "person": "张三"}')
    ask(founded, "A1", household_id="3-1-502", category="drain", what="下水堵了，找钱多多", requester_name="李小梅",
        requester_phone="13800000002")  # fmt: skip
    ask(founded, "A2", household_id="4-1-101", category="lamp", what="灯不亮")
    ask(founded, "A3", at=on(MONDAY - timedelta(weeks=10)), place="大门口", what="门坏了")
    done = {"ticket": "A1", "minutes": 90, "cost": 1250, "words": "通了"}
    assert founded("do", "ticket.finish", json.dumps(done)).status == 0
    assert founded("do", "ticket.rate", '{"ticket": "A1", "score": 4}').status == 0
    return founded


def ask(linli: Linli, code: str, *, at: str = "", **payload: Any) -> None:
    words = ("do", "ticket.report", json.dumps({"code": code, **payload}))
    assert linli(*words, *(("--at", at) if at else ())).status == 0


def test_figures_are_json_of_the_last_weeks_unless_something_else_is_asked_for(station: Linli) -> None:
    said = station("report", "tickets")
    found = said.json
    assert said.status == 0
    assert (found["from"], found["to"]) == (str(MONDAY - timedelta(weeks=4)), str(TODAY))
    assert [week["monday"] for week in found["weeks"]] == [
        str(MONDAY - timedelta(weeks=n)) for n in (4, 3, 2, 1, 0)
    ]
    assert (found["total"]["taken"], found["total"]["done"], found["total"]["rating"]) == (2, 1, 4.0)
    assert found["weeks"][-1]["days"] == TODAY.weekday() + 1


def test_the_keys_of_the_json_stay(station: Linli) -> None:
    found = station("report", "tickets").json
    numbers = {
        *("taken", "claimed", "open", "answered", "rejected", "cancelled", "duplicates", "late_open", "reopened"),
        *("done", "closed", "late", "minutes", "cost", "hands", "overdue", "accept_hours", "finish_hours"),
        *("rated", "rating", "ratings"),
    }  # fmt: skip
    assert set(found) == {"from", "to", "total", "weeks", "categories", "buildings", "backlog"}
    assert set(found["total"]) == numbers
    assert set(found["weeks"][0]) == numbers | {"week", "monday", "from", "to", "days"}
    assert set(found["categories"][0]) == numbers | {"category"}
    assert set(found["buildings"][0]) == numbers | {"building"}
    assert set(found["backlog"]) == {
        *("open", "reported", "accepted", "in_progress", "waiting", "reopened", "overdue", "unrated"),
    }
    assert (found["total"]["minutes"], found["total"]["cost"]) == (90, 1250)
    assert found["total"]["ratings"] == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}


def test_days_that_are_named_are_both_counted(station: Linli) -> None:
    long_ago = MONDAY - timedelta(weeks=10)
    one_day = station("report", "tickets", "--from", str(long_ago), "--to", str(long_ago)).json
    assert (one_day["from"], one_day["to"], one_day["total"]["taken"]) == (str(long_ago), str(long_ago), 1)
    assert one_day["buildings"][0]["building"] is None
    since = station("report", "tickets", "--from", str(long_ago)).json
    assert (since["to"], since["total"]["taken"], since["backlog"]["open"]) == (str(TODAY), 3, 2)
    until = station("report", "tickets", "--to", str(long_ago)).json
    assert until["from"] == str(long_ago - timedelta(weeks=4))


def test_the_ending_of_the_file_decides_what_is_written(station: Linli, tmp_path: Path) -> None:
    for ending, begins in (("json", b"{"), ("html", b"<!DOCTYPE"), ("xlsx", b"PK")):
        path = tmp_path / f"figures.{ending}"
        said = station("report", "tickets", "--out", path)
        assert (said.status, path.name in said.out) == (0, True)
        assert path.read_bytes().startswith(begins)
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == station("report", "tickets").json
    said = station("report", "tickets", "--out", tmp_path / "x.txt", "--format", "html", "--json").json
    assert (said["format"], said["path"]) == ("html", str(tmp_path / "x.txt"))


def test_the_spreadsheet_has_a_row_for_the_total_and_for_each_part(station: Linli, tmp_path: Path) -> None:
    path = tmp_path / "figures.xlsx"
    assert station("report", "tickets", "--out", path).status == 0
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    head, total, *parts = rows
    assert [row[0] for row in parts] == ["Week"] * 5 + ["Category"] * 2 + ["Building"] * 2
    taken = head.index("Taken")
    for kind in ("Week", "Category", "Building"):
        assert sum(row[taken] for row in parts if row[0] == kind) == total[taken] == 2
    assert total[head.index("Cost (yuan)")] == 12.5


def test_no_resident_is_named_on_the_page(station: Linli) -> None:
    page = station("report", "tickets", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "drain" in page
    assert not any(word in page for word in ("李小梅", "13800000002", "张三", "下水堵了"))


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("tickets", "--from", "yesterday"), 2, "yesterday"),
        (("tickets", "--from", "9999-12-31", "--to", "9999-12-31"), 2, "9999"),
        (("tickets", "--from", "2026-02-02", "--to", "2026-02-01"), 2, "wrong way"),
        (("tickets", "--from", "1950-01-01"), 2, "Twenty years"),
        (("tickets", "--format", "xlsx"), 2, "--out"),
        (("tickets", "--out", "figures.doc"), 2, ".xlsx"),
        (("tickets", "--out", "none/figures.html"), 4, "no such folder"),
        (("tickets", "--format", "pdf"), 2, "pdf"),
        (("ticket-card", "ZZ99"), 4, "ZZ99"),
        (("contact-board", "77"), 4, "77"),
        ((), 2, ""),
    ],
)
def test_what_cannot_be_done_is_said(
    station: Linli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    words: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = station("report", *words)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err
    assert list(tmp_path.glob("*.part")) == []


def test_a_card_bears_the_name_and_the_whole_phone_for_whoever_does_the_job(station: Linli) -> None:
    page = station("report", "ticket-card", "a1", "Ａ2").out
    for said in ("A1", "李小梅", "13800000002", "3-1-502", "A2", "灯不亮"):
        assert said in page
    assert page.count("<article") == 2


def test_a_card_that_is_named_twice_is_printed_once(station: Linli, tmp_path: Path) -> None:
    path = tmp_path / "cards.html"
    said = station("report", "ticket-card", "A1", "A1", "--out", path, "--json").json
    assert said["path"] == str(path)
    assert path.read_text("utf-8").count("<article") == 1


def test_a_contact_board_names_volunteers_and_their_phones_only_when_asked(station: Linli) -> None:
    page = station("report", "contact-board", "3").out
    assert "张三" in page
    assert "13900000001" not in page
    assert "13900000001" in station("report", "contact-board", "3", "--phones").out
    # Whoever lives there is counted, and never named.
    assert "李小梅" not in page


def test_open_jobs_hang_up_without_names_phones_and_doors(station: Linli) -> None:
    ask(station, "A4", household_id="3-1-502", what="钱多多家 13800000002 又堵了", requester_name="李小梅")
    page = station("report", "open-jobs").out
    assert "A4" in page
    assert "A1" not in page
    assert "钱**家 138****0002 又堵了" in page
    assert not any(word in page for word in ("钱多多", "李小梅", "13800000002", "3-1-502"))
