"""The roster, calendars, hours and certificates from the command line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from python_calamine import CalamineWorkbook

from .conftest import Linli

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(ZONE)  # noqa: TID251 - the commands go by the real day
TODAY = NOW.date()


@pytest.fixture
def station(founded: Linli) -> Linli:
    """A compound with a post, and 张三 on a shift of today that they served for two hours."""
    for name in ("张三", "李小四"):
        founded("do", "person.add", json.dumps({"name": name}))
    founded("do", "post.add", '{"name": "服务台", "place": "东门"}')
    starts = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = {
        "post": "服务台",
        "name": "早班",
        "day": str(TODAY),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "hands": 2,
        "published": True,
    }
    assert founded("do", "shift.add", json.dumps(shift)).status == 0
    named = f"{TODAY} 服务台 早班"
    assert founded("do", "duty.assign", json.dumps({"shift": named, "person": "张三"})).status == 0
    came = {"shift": named, "person": "张三", "left_at": (starts + timedelta(hours=2)).isoformat()}
    assert founded("do", "duty.check_in", json.dumps(came), "--at", starts.isoformat()).status == 0
    return founded


def test_this_weeks_roster_is_text_for_the_chat_group_unless_something_else_is_asked_for(
    station: Linli,
) -> None:
    said = station("duty", "export")
    assert said.status == 0
    assert "0:00–3:00 服务台 早班: 张* ▲1 short" in said.out
    assert "张三" not in said.out
    today = station("duty", "export", "--text", "today").out
    assert "张*" in today
    assert "张三" not in today
    assert station("duty", "export", "--text", "gaps").status == 0


def test_the_roster_goes_to_a_page_and_to_a_spreadsheet_by_the_ending_of_the_file(
    station: Linli, tmp_path: Path
) -> None:
    page, book = tmp_path / "wall.html", tmp_path / "wall.xlsx"
    assert station("duty", "export", "--out", str(page), "--from", str(TODAY), "--to", str(TODAY)).status == 0
    assert "张三" in page.read_text("utf-8")
    assert station("duty", "export", "--out", str(page), "--masked").status == 0
    assert "张三" not in page.read_text("utf-8")
    said = station("duty", "export", "--out", str(book), "--from", str(TODAY), "--json")
    assert said.json == {
        "from": str(TODAY),
        "to": str(TODAY + timedelta(days=6)),
        "format": "xlsx",
        "path": str(book),
    }
    workbook = CalamineWorkbook.from_path(book)
    assert workbook.sheet_names == ["Roster", "Places", "Check-ins", "Hours", "Balances"]
    assert "张三" in str(workbook.get_sheet_by_name("Roster").to_python())


def calendar(text: str) -> Any:
    found = icalendar.Calendar.from_ical(text)
    return list(found.walk("VEVENT"))


def test_a_calendar_is_somebodys_or_a_posts(station: Linli, tmp_path: Path) -> None:
    out = tmp_path / "zhang.ics"
    assert station("duty", "export", "--person", "张三", "--out", str(out)).status == 0
    (mine,) = calendar(out.read_text("utf-8"))
    assert (str(mine["SUMMARY"]), str(mine["STATUS"]), str(mine["LOCATION"])) == (
        "服务台 早班",
        "CONFIRMED",
        "东门",
    )
    (desks,) = calendar(station("duty", "export", "--format", "ics", "--post", "服务台").out)
    assert "张三" in str(desks["DESCRIPTION"])
    (masked,) = calendar(station("duty", "export", "--format", "ics", "--post", "服务台", "--masked").out)
    assert "张三" not in str(masked["DESCRIPTION"])
    both = station("duty", "export", "--format", "ics", "--person", "张三", "--post", "服务台")
    assert (both.status, both.out) == (2, "")
    named = f"{TODAY} 服务台 早班"
    assert station("do", "shift.cancel", json.dumps({"shift": named})).status == 0
    (off,) = calendar(station("duty", "export", "--format", "ics", "--person", "张三").out)
    assert (off["UID"], str(off["STATUS"])) == (mine["UID"], "CANCELLED")
    assert off["SEQUENCE"] > mine["SEQUENCE"]


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "ics"),
        ("--format", "ics", "--person", "张三", "--from", "2026-01-01"),
        ("--person", "张三"),
        ("--format", "html", "--text", "gaps"),
        ("--format", "xlsx"),
        ("--out", "roster.doc"),
        ("--from", "2026-02-30"),
        ("--from", "2026-03-02", "--to", "2026-03-01"),
        ("--from", "2001-01-01", "--to", "2026-03-01"),
    ],
)
def test_what_cannot_be_meant_is_said(founded: Linli, words: tuple[str, ...]) -> None:
    said = founded("duty", "export", *words)
    assert (said.status, said.out) == (2, "")
    assert said.err.strip()


def test_hours_are_json_of_this_month_unless_something_else_is_asked_for(
    station: Linli, tmp_path: Path
) -> None:
    found = station("report", "hours").json
    assert (found["from"], found["to"]) == (str(TODAY.replace(day=1)), str(TODAY))
    assert set(found) == {"from", "to", "total", "people", "guests", "teams", "months", "entries"}
    numbers = {
        *("minutes", "duty", "walk", "ticket", "shifts", "helped", "walks", "visits", "no_shows", "excused"),
    }
    assert set(found["total"]) == numbers
    assert set(found["people"][0]) == numbers | {"person", "person_id"}
    assert (found["people"][0]["person"], found["people"][0]["minutes"]) == ("张三", 120)
    assert station("report", "hours", "--person", "李小四").json["total"]["minutes"] == 0
    masked = station("report", "hours", "--masked")
    assert "张三" not in masked.out
    out = tmp_path / "hours.xlsx"
    assert station("report", "hours", "--out", str(out)).status == 0
    table = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert ["By person", "张三", "2:00", 120.0] in [row[:4] for row in table]
    assert "2:00" in station("report", "hours", "--format", "html").out


def test_a_certificate_is_of_this_year_unless_other_days_are_named(station: Linli) -> None:
    said = station("report", "certificate", "张三", "--json")
    assert (said.json["from"], said.json["to"]) == (str(TODAY.replace(month=1, day=1)), str(TODAY))
    assert "2 h 0 min (2.00 hours)" in said.json["page"]
    assert station("report", "certificate", "谁").status == 4
