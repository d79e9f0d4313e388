"""What a compound with 50,000 tickets costs: each question the rooms ask, and each key in the room of tickets.

Run: python tests/bench/bench_tickets.py [--tickets 50000] [--keep FOLDER] [--questions | --keys] [--json]

The store is made by performing operations (many_tickets.py), which for 50,000
tickets takes a quarter of an hour; `--keep` keeps it. Questions are measured in
milliseconds of the processor, each in a session of its own, from the first
statement to the frozen values. Keys are pressed in the real app, in a
pseudo-terminal of 80x24, and timed by the clock: until the highlight has moved,
until its row is drawn with its text, and until the panel beneath tells of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from bench_lists import CLEAR, DOWN, END, HOME, PAGE_DOWN, PAGE_UP, Timings  # noqa: E402
from many_tickets import store_of  # noqa: E402
from sqlalchemy import text as sql  # noqa: E402
from sqlmodel import Session  # noqa: E402
from terminal import Terminal, surroundings  # noqa: E402

from models.tickets import queries, queries_figures, queries_home, queries_near, queries_repeats  # noqa: E402
from models.tickets.codes import next_code  # noqa: E402
from models.tickets.queries import Asked, View  # noqa: E402
from models.tickets.queries_story import ticket_story  # noqa: E402
from tui import edge  # noqa: E402
from tui.desk import Desk  # noqa: E402

TIMES = 15
ENTER, ESCAPE = b"\r", b"\x1b"
#: Typed letter by letter: words, pinyin, a home, a code, a number.
SEARCHES = ("下水", "xsd", "9-3-5", "cs17", "128")
#: The key that shows a tab, with the view it shows.
TABS = {View.ALL: b"a", View.OPEN: b"o", View.OVERDUE: b"d", View.MINE: b"m", View.BOARD: b"b"}
#: The panel's first words: the ticket's code, its kind, and how it stands.
PANEL = re.compile(r"(CS\d+)  [^·]{2,40} · ")
Question = Callable[[Session], object]


class Ground:
    """A store, and what is asked of it: who asks, and places where something happened lately."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.compound_id = desk, desk.seat.compound_id
        self.now: datetime = edge.clock().astimezone(UTC)
        self.today: date = desk.today()
        last = "SELECT {0} FROM ticket WHERE {0} IS NOT NULL ORDER BY opened_at DESC LIMIT 1"
        self.home, self.well = self._one(last.format("household_id")), self._one(last.format("point_id"))
        self.building, self.ticket = self._one(last.format("building_id")), self._one(last.format("id"))
        self.person = self._one(
            "SELECT person_id FROM ticket_hand WHERE NOT archived GROUP BY person_id ORDER BY count(*) DESC LIMIT 1"
        )

    def _one(self, statement: str) -> UUID:
        with self.desk.store.read() as session:
            return UUID(str(session.connection().execute(sql(statement)).scalar_one()))

    def asked(self, **more: Any) -> Asked:
        return Asked(now=self.now, today=self.today, **({"person_id": self.person} | more))

    def codes(self, **more: Any) -> list[str]:
        """Return the codes of a whole list, in its order."""
        with self.desk.store.read() as session:
            found = queries.find_tickets(session, self.compound_id, self.asked(**more))
            named = session.connection().execute(sql("SELECT id, code FROM ticket"))
            code_of = {UUID(str(row.id)): str(row.code) for row in named}
        return [code_of[row_id] for row_id in found.ids(0, len(found))]


def questions(ground: Ground) -> dict[str, Question]:
    """Return what is asked, by what it is called in the table."""
    compound = ground.compound_id
    at: dict[str, Any] = {"now": ground.now, "today": ground.today}
    asked: dict[str, Question] = {}

    def listed(name: str, *, offset: int = 0, **more: Any) -> None:
        one = ground.asked(**more)
        asked[f"{name}: count"] = lambda session: queries.count_tickets(session, compound, one)
        asked[f"{name}: page"] = lambda session: queries.page_tickets(
            session, compound, one, offset=offset, limit=100
        )

    for view in View:
        listed(view.value, view=view)
    listed("board that suits me", view=View.BOARD, suiting=True)
    listed("everything of mine", view=View.ALL, mine=True)
    listed("everything, last page", view=View.ALL, offset=49_900)
    listed("one building's open", view=View.OPEN, building_id=ground.building)
    listed("one building's all", view=View.ALL, building_id=ground.building)
    listed("one household's", view=View.ALL, household_id=ground.home)
    listed("all of a kind", view=View.ALL, category="drain")
    for text in ("下水", "x", "zs", "3-1-502", "#1287", "qqqq"):
        for view in (View.OPEN, View.ALL):
            one = ground.asked(view=view, text=text)
            asked[f"search {text}, {view.value}"] = lambda session, one=one: queries.find_tickets(  # type: ignore[misc]
                session, compound, one
            )
    asked["story of a ticket"] = lambda session: ticket_story(
        session, compound, ground.ticket, ground.asked()
    )
    for name, more in (
        ("at a household", {"household_id": ground.home, "category": "drain"}),
        ("at a well", {"point_id": ground.well}),
        ("nowhere in particular", {}),
    ):
        asked[f"near {name}"] = lambda session, more=more: queries_near.near(  # type: ignore[misc]
            session, compound, text="厨房下水又堵了，往外冒水，麻烦来看看", **at, **more
        )
    asked["Home's figures"] = lambda session: queries_home.home_tickets(
        session, compound, ground.person, **at
    )
    asked["faults that come again"] = lambda session: queries_repeats.repeats(session, compound, **at)
    for name, days in (("four weeks", 28), ("a year", 365)):
        since = ground.today - timedelta(days=days)
        asked[f"figures of {name}"] = lambda session, since=since: queries_figures.report(  # type: ignore[misc]
            session, compound, ground.asked(), since, ground.today
        )
    asked["next code"] = lambda session: next_code(session, compound)
    return asked


def ask_all(ground: Ground) -> Timings:
    timings = Timings()
    for name, ask in questions(ground).items():
        for _ in range(TIMES):
            with ground.desk.store.read() as session:
                began = time.process_time()
                ask(session)
                timings.add(name, time.process_time() - began)
    return timings


# -- keys ----------------------------------------------------------------------------------


def drawn_row(code: str) -> Callable[[str], bool]:
    """Tell whether the highlighted row is drawn with its text; a narrow column cuts the end of a code off."""
    pattern = re.compile(rf"> [^>]{{0,40}}(?:{code}|{code[:4]}\d*…)")
    return lambda drawn: pattern.search(drawn) is not None


def highlighted(code: str) -> Callable[[str], bool]:
    row = drawn_row(code)
    return lambda drawn: "> …" in drawn or row(drawn)


def told(code: str) -> Callable[[str], bool]:
    """Tell whether the panel tells of a ticket."""
    return lambda drawn: code in PANEL.findall(drawn)


def move(terminal: Terminal, timings: Timings, what: str, key: bytes, to: str) -> None:
    terminal.press(key)
    timings.add(f"{what}: highlight", terminal.until(highlighted(to)))
    timings.add(f"{what}: row", terminal.until(drawn_row(to)))
    timings.add(f"{what}: panel", terminal.until(told(to)))


def page_of(terminal: Terminal, codes: Sequence[str]) -> int:
    """Return how far PgDn goes, and go back."""
    terminal.press(PAGE_DOWN)
    terminal.until(lambda drawn: bool(PANEL.search(drawn)))
    page = codes.index(PANEL.findall(terminal.drawn)[-1])
    terminal.press(PAGE_UP)
    terminal.until(told(codes[0]))
    return page


def drive(terminal: Terminal, ground: Ground, arriving: Timings) -> Timings:
    """Move through all tickets, switch tabs, search, and open a ticket."""
    timings = Timings()
    mine = ground.desk.seat.person_id
    everything = ground.codes(view=View.ALL, person_id=mine)
    terminal.press(TABS[View.ALL])
    arriving.add("board to all tickets", terminal.until(told(everything[0])))
    page, last = page_of(terminal, everything), len(everything) - 1
    for step in range(1, 21):
        move(terminal, timings, "PgDn", PAGE_DOWN, everything[page * step])
    place = page * 20
    for step in range(1, 41):
        move(terminal, timings, "down", DOWN, everything[place + step])
    for _ in range(6):
        move(terminal, timings, "End", END, everything[last])
        move(terminal, timings, "Home", HOME, everything[0])
    first = {view: ground.codes(view=view, person_id=mine)[0] for view in TABS}
    for _ in range(4):
        for view, key in TABS.items():
            terminal.press(key)
            timings.add("another tab: row", terminal.until(drawn_row(first[view])))
            timings.add("another tab: panel", terminal.until(told(first[view])))
    for _ in range(5):
        terminal.press(ENTER)
        timings.add("open a ticket", terminal.until(lambda drawn: "Story" in drawn or "story" in drawn))
        terminal.press(ESCAPE)
        timings.add("back to the list", terminal.until(told(first[View.BOARD])))
    terminal.press(TABS[View.ALL])
    terminal.until(told(everything[0]))
    terminal.press(b"/")
    for text in SEARCHES:
        shown = everything[0]
        for end in range(1, len(text) + 1):
            first_found = ground.codes(view=View.ALL, person_id=mine, text=text[:end])[0]
            terminal.press(text[end - 1].encode())
            if first_found == shown:
                continue  # it is drawn already: when the search is over cannot be seen
            seconds = terminal.until(drawn_row(first_found))
            timings.add("search: first letter" if end == 1 else "search: next letter", seconds)
            shown = first_found
        terminal.press(CLEAR)
        timings.add("search: cleared", terminal.until(drawn_row(everything[0])))
    return timings


def press_all(ground: Ground, path: Path, folder: Path) -> dict[str, Timings]:
    arriving = Timings()
    environment = surroundings(folder) | {"LINLI_STORE": str(path), "LINLI_LANG": "en"}
    board = ground.codes(view=View.BOARD, person_id=ground.desk.seat.person_id)
    with Terminal([sys.executable, "-m", "tui.cli"], environment) as terminal:
        arriving.add("start to Home", terminal.until(lambda drawn: f"{len(board)} to claim" in drawn))
        room = re.search(r"(\d)  Tickets", terminal.drawn)
        assert room is not None
        terminal.press(room[1].encode())
        arriving.add("Home to the board", terminal.until(told(board[0])))
        keys = drive(terminal, ground, arriving)
    return {"": arriving, "keys": keys}


def main() -> None:
    parser = argparse.ArgumentParser(description="What many tickets cost.")
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="a folder for the store, which is made once then")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--questions", action="store_true", help="the questions alone")
    only.add_argument("--keys", action="store_true", help="the keys alone")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        path = store_of(chosen.tickets, folder)
        desk = Desk(path)
        desk.open()
        desk.prepare()
        ground = Ground(desk)
        found: dict[str, Timings] = {}
        if not chosen.keys:
            found["questions"] = ask_all(ground)
        if not chosen.questions:
            found |= press_all(ground, path, folder)
        desk.close()
    figures = {part: timings.figures() for part, timings in found.items()}
    if chosen.json:
        print(json.dumps({"ms": figures, "load": os.getloadavg()[0]}, ensure_ascii=False))
        return
    print(f"ms, p50 / p95, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for lines in figures.values():
        print()
        for what, (median, worst) in lines.items():
            print(f"{what:32}{median:8.0f} /{worst:6.0f}")


if __name__ == "__main__":
    main()
