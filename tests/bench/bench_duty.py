"""What five years of duty cost: each question the rooms ask, and each key in them; the demo's month beside it.

Run: python tests/bench/bench_duty.py [--years 5] [--keep FOLDER] [--questions | --keys] [--json]

The big store is made by performing operations (many_duty.py), which takes some
minutes for five years; `--keep` keeps it. The small one is the demo compound. Questions are
measured in milliseconds of the processor, each in a session of its own, from the first
statement to the frozen values. Keys are pressed in the real app, in a pseudo-terminal of 80x24, and
timed by the clock, until the last of what they lead to is drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from bench_lists import DOWN, PAGE_DOWN, Timings  # noqa: E402
from many_duty import store_of  # noqa: E402
from sqlalchemy import text as sql  # noqa: E402
from sqlmodel import Session  # noqa: E402
from terminal import Terminal, surroundings  # noqa: E402

from models.duty import queries, queries_hours, queries_mine, queries_presence, queries_swaps  # noqa: E402
from models.duty.balances import next_month  # noqa: E402
from models.duty.disputes import disputes, places  # noqa: E402
from models.duty.finders import find_shift  # noqa: E402
from models.duty.queries_balances import balance_story, balances  # noqa: E402
from models.duty.queries_drafting import ground, unpublished  # noqa: E402
from models.duty.queries_export import came_between, shifts_of_person, shifts_of_post  # noqa: E402
from models.duty.queries_handover import (  # noqa: E402
    count_handovers,
    next_on,
    page_handovers,
    waiting_handovers,
)
from models.duty.queries_home import home_duty  # noqa: E402
from models.duty.queries_log import LogAsked, count_log, find_log, page_log, span_of_log  # noqa: E402
from models.duty.queries_on_duty import count_on_duty, duty_person, page_on_duty  # noqa: E402
from models.duty.queries_settling import settle_intents, settled_from  # noqa: E402
from models.duty.queries_setup import posts  # noqa: E402
from tui import edge  # noqa: E402
from tui.desk import Desk  # noqa: E402

TIMES, ROUNDS = 9, 2
ESCAPE, TAB, F3 = b"\x1b", b"\t", b"\x1bOR"
#: The rooms by their digit in the room of duty, and what is searched there.
ROOMS = {
    b"1": ("check-in", b""),
    b"2": ("roster", b""),
    b"3": ("my shifts", b"f"),
    b"4": ("swaps", b""),
    b"5": ("log book", b"d"),
    b"6": ("hand-overs", b""),
    b"7": ("people", b"w"),
    b"8": ("hours", b""),
    b"9": ("posts", b""),
}
#: What is drawn where these are chosen from, and nowhere else.
DUTY = "what happened; searchable"
Question = Callable[[Session], object]


class Ground:
    """A store, and what is asked of it: who has served most, their next shift, a post, a request."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.compound_id = desk, desk.seat.compound_id
        self.now: datetime = edge.clock().astimezone(UTC)
        self.today: date = desk.today()
        self.person = self._one(
            "SELECT person_id FROM assignment WHERE NOT archived AND starts_at > :now"
            " GROUP BY person_id ORDER BY count(*) DESC LIMIT 1"
        )
        self.place = self._one(
            "SELECT id FROM assignment WHERE NOT archived AND starts_at > :now AND state = 'published'"
            " ORDER BY starts_at LIMIT 1"
        )
        self.shift = self._one(
            "SELECT id FROM shift WHERE NOT archived AND starts_at > :now AND state = 'published'"
            " ORDER BY starts_at LIMIT 1"
        )
        self.post = self._one("SELECT post_id FROM shift GROUP BY post_id ORDER BY count(*) DESC LIMIT 1")

    def _one(self, statement: str) -> UUID:
        given = {"now": self.now.strftime("%Y-%m-%d %H:%M:%S")} if ":now" in statement else {}
        with self.desk.store.read() as session:
            return UUID(str(session.connection().execute(sql(statement), given).scalar_one()))


def questions(on: Ground) -> dict[str, Question]:
    """Return what is asked, by what it is called in the table."""
    compound, now, today, person = on.compound_id, on.now, on.today, on.person
    first = today.replace(day=1)
    coming, past = next_month(first), (first - timedelta(days=1)).replace(day=1)
    day_began = now - timedelta(hours=12)
    asked: dict[str, Question] = {
        "a month's shifts": lambda s: queries.shifts_between(
            s, compound, first, coming - timedelta(days=1), now=now, drafts=True
        ),
        "a day's shifts": lambda s: queries.shifts_between(s, compound, today, today, now=now),
        "what waits to be published": lambda s: queries.count_drafts(
            s, compound, first, next_month(coming) - timedelta(days=1)
        ),
        "what a draft changes": lambda s: unpublished(
            s, compound, first, next_month(coming) - timedelta(days=1)
        ),
        "who is missed": lambda s: queries_presence.missing_now(s, compound, now=now),
        "who is on duty": lambda s: queries_presence.on_duty_now(s, compound, now=now),
        "who came besides": lambda s: queries_presence.came_besides(s, compound, day_began, now),
        "Home's duty": lambda s: home_duty(s, compound, person, now=now, today=today),
        "disputes of somebody": lambda s: disputes(s, compound, person),
    }
    for name, ahead in (("ahead", True), ("behind", False)):
        asked[f"my shifts {name}: count"] = lambda s, ahead=ahead: queries_mine.count_own(  # type: ignore[misc]
            s, compound, person, now=now, ahead=ahead
        )
        asked[f"my shifts {name}: page"] = lambda s, ahead=ahead: queries_mine.page_own(  # type: ignore[misc]
            s, compound, person, now=now, ahead=ahead, limit=50
        )
    asked |= {
        "requests to somebody": lambda s: queries_swaps.requests_to(s, compound, person, now=now),
        "covers for all": lambda s: queries_swaps.open_covers(s, compound, now=now),
        "requests by somebody": lambda s: queries_swaps.asked_by(s, compound, person, now=now),
        "answered of late": lambda s: queries_swaps.answered(s, compound, now=now),
        "whom to ask for a swap": lambda s: queries_swaps.swap_offers(
            s, compound, places(s, compound, [on.place])[on.place], now=now, today=today
        ),
        "whom to ask for a cover": lambda s: queries_swaps.candidates(
            s, compound, queries.shifts_by_id(s, compound, [on.shift], now=now)[on.shift]
        ),
        "log book: count": lambda s: count_log(s, compound, LogAsked()),
        "log book: page": lambda s: page_log(s, compound, LogAsked()),
        "log book: last page": lambda s: page_log(
            s, compound, LogAsked(), offset=max(count_log(s, compound, LogAsked()) - 50, 0)
        ),
        "log book: a post's page": lambda s: page_log(s, compound, LogAsked(post_id=on.post)),
        "log book: a writer's page": lambda s: page_log(s, compound, LogAsked(person_id=person)),
        "log book: a day": lambda s: span_of_log(s, compound, day_began, now),
        "log book: search d": lambda s: find_log(s, compound, LogAsked("d")),
        "log book: search 梯子": lambda s: find_log(s, compound, LogAsked("梯子")),
        "log book: search qqqq": lambda s: find_log(s, compound, LogAsked("qqqq")),
        "hand-overs: count": lambda s: count_handovers(s, compound),
        "hand-overs: page": lambda s: page_handovers(s, compound),
        "hand-overs: last page": lambda s: page_handovers(
            s, compound, offset=max(count_handovers(s, compound) - 50, 0)
        ),
        "hand-overs that wait": lambda s: waiting_handovers(s, compound, now=now),
        "who is next": lambda s: next_on(s, compound, on.post, after=now),
        "balances": lambda s: balances(s, compound, today=today, now=now),
        "a balance's story": lambda s: balance_story(s, compound, person, now=now),
        "settling last month": lambda s: settle_intents(s, compound, past, now=now),
        "when a month may be settled": lambda s: settled_from(s, compound, past),
        "hours of a month": lambda s: queries_hours.hours(
            s, compound, past, first - timedelta(days=1), now=now
        ),
        "hours of a year": lambda s: queries_hours.hours(
            s, compound, today - timedelta(days=365), today, now=now
        ),
        "somebody's hours of a year": lambda s: queries_hours.hours(
            s, compound, today - timedelta(days=365), today, now=now, person_id=person
        ),
        "ground of next month": lambda s: ground(
            s, compound, coming, next_month(coming) - timedelta(days=1), now=now
        ),
        "posts": lambda s: posts(s, compound, archived=True),
        "people on duty: count": lambda s: count_on_duty(s, compound, today=today),
        "people on duty: page": lambda s: page_on_duty(s, compound, today=today, now=now),
        "people on duty: search w": lambda s: page_on_duty(s, compound, today=today, now=now, text="w"),
        "somebody's duty": lambda s: duty_person(s, compound, person, today=today, now=now),
        "calendar of a person": lambda s: shifts_of_person(s, compound, person, since=now),
        "calendar of a post": lambda s: shifts_of_post(s, compound, on.post, since=now),
        "who came in a month": lambda s: came_between(s, compound, past, first - timedelta(days=1)),
        "a shift by its day": lambda s: find_shift(s, compound, today.isoformat()),
    }
    return asked


def ask_all(grounds: dict[str, Ground]) -> dict[str, Timings]:
    """Ask each store in turns, so that all suffer from what else the machine does."""
    timings = {which: Timings() for which in grounds}
    asked = {which: questions(ground) for which, ground in grounds.items()}
    for name in next(iter(asked.values())):
        for _ in range(TIMES):
            for which, on in grounds.items():
                with on.desk.store.read() as session:
                    began = time.process_time()
                    asked[which][name](session)
                    timings[which].add(name, time.process_time() - began)
    return timings


# -- keys ----------------------------------------------------------------------------------


def drive(terminal: Terminal, timings: Timings) -> None:
    """Go into each room of duty, move about in it, and look for a letter where there is something to search."""

    def press(what: str, key: bytes, times: int = 1) -> None:
        for _ in range(times):
            terminal.press(key)
            seconds = terminal.settled()
            if seconds:  # else it had nothing to do there, and drew nothing
                timings.add(what, seconds)

    for digit, (room, search) in ROOMS.items():
        press(f"{room}: open", digit)
        press(f"{room}: down", DOWN, 6)
        press(f"{room}: PgDn", PAGE_DOWN, 4)
        press(f"{room}: F3", F3, 4)
        press(f"{room}: tab", TAB, 4)
        if search:
            press(f"{room}: search opens", b"/")
            press(f"{room}: first letter", search)
            press(f"{room}: search is left", ESCAPE)
        while DUTY not in terminal.drawn:
            terminal.press(ESCAPE)
            terminal.settled()


def press_all(path: Path, folder: Path) -> Timings:
    """Press all keys as somebody who has shifts ahead."""
    timings = Timings()
    desk = Desk(path)
    desk.open()
    acting = ["--as", str(Ground(desk).person)]
    desk.close()
    environment = surroundings(folder) | {"LINLI_STORE": str(path), "LINLI_LANG": "en"}
    for _ in range(ROUNDS):
        with Terminal([sys.executable, "-m", "tui.cli", *acting], environment) as terminal:
            terminal.until(lambda drawn: "Duty" in drawn)
            terminal.settled()
            room = re.search(r"(\d)  Duty", terminal.drawn)
            assert room is not None
            terminal.press(room[1].encode())
            timings.add("Home to duty", terminal.settled())
            drive(terminal, timings)
    return timings


def shown(found: dict[str, Timings]) -> None:
    """Print the figures of all stores side by side, and how many times the small one's the big one's are."""
    figures = {which: timings.figures() for which, timings in found.items()}
    big, *_, small = figures.values()
    print(f"{'':32}" + "".join(f"{which:>17}" for which in figures))
    for what in big:
        if any(what not in one for one in figures.values()):
            continue
        cells = "".join(f"{one[what][0]:8.1f} /{one[what][1]:7.1f}" for one in figures.values())
        print(f"{what:32}{cells}{big[what][0] / max(small[what][0], 0.1):8.1f}")


def demo_of(folder: Path) -> Path:
    """Return the store of the demo compound, making it if it is not there."""
    path = folder / "duty-demo.db"
    if not path.exists():
        desk = Desk(path, demo=True)
        desk.open()
        desk.close()
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="What many years of duty cost.")
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for the stores, which are made once then")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--questions", action="store_true", help="the questions alone")
    only.add_argument("--keys", action="store_true", help="the keys alone")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        paths = {f"{chosen.years} years": store_of(chosen.years, folder), "demo": demo_of(folder)}
        found: dict[str, dict[str, Timings]] = {}
        if not chosen.keys:
            desks = {which: Desk(path) for which, path in paths.items()}
            for desk in desks.values():
                desk.open()
                desk.prepare()
            found["questions"] = ask_all({which: Ground(desk) for which, desk in desks.items()})
            for desk in desks.values():
                desk.close()
        if not chosen.questions:
            found["keys"] = {which: press_all(path, folder) for which, path in paths.items()}
    if chosen.json:
        figures = {
            part: {which: timings.figures() for which, timings in each.items()}
            for part, each in found.items()
        }
        print(json.dumps({"ms": figures, "load": os.getloadavg()[0]}, ensure_ascii=False))
        return
    print(f"ms, p50 / p95, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for part, each in found.items():
        print(f"\n{part}")
        shown(each)


if __name__ == "__main__":
    main()
