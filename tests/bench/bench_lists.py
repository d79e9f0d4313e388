"""From a key to the rows it asks for, in the real app, on lists of 1,000, 10,000 and 100,000 rows.

Run: python tests/bench/bench_lists.py [--sizes 1000 10000 100000] [--keep FOLDER] [--json]

Each store is made by performing operations: every household comes with one
occupant, so households, people and operations are equally many. The app runs
in a pseudo-terminal of 80x24; a key is timed until the highlight has moved, and
until the row under it is drawn with its text (rows not read yet show as …).
A letter of a search is timed until the rows it finds are drawn; the pause for
which a search waits for more letters is part of it. `--keep` keeps the stores.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from terminal import Terminal, surroundings  # noqa: E402

from models.community import queries  # noqa: E402
from models.operations.envelope import Intent  # noqa: E402
from tui import edge  # noqa: E402
from tui.desk import Desk  # noqa: E402

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰国建华文志红梅春"
DOWN, PAGE_DOWN, PAGE_UP, HOME, END = b"\x1b[B", b"\x1b[6~", b"\x1b[5~", b"\x1b[H", b"\x1b[F"
TAB, CLEAR = b"\t", b"\x15"
#: Typed letter by letter: a name in pinyin, a room, digits of a phone, a name.
SEARCHES = ("zhangw", "9-3-1", "1380", "王秀")
#: Who is there at every size, so that each search finds somebody.
ALWAYS = ("张伟", "王秀英")
Asked = TypeVar("Asked")


def codes(number: int) -> Iterator[str]:
    """Yield room codes of buildings with 3 stairwells, 6 floors and 5 doors."""
    for index in range(number):
        building, rest = divmod(index, 90)
        unit, rest = divmod(rest, 30)
        yield f"{building + 1}-{unit + 1}-{rest // 5 + 1}{rest % 5 + 1:02}"


def fill(desk: Desk, number: int) -> None:
    """Perform `number` operations, each of which adds a household with who lives there."""
    chance = random.Random(number)
    desk.found("测速小区", "罗铁生")
    intents = []
    for index, code in enumerate(codes(number)):
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(("", *GIVEN))
        name = ALWAYS[index] if index < len(ALWAYS) else name
        person = {"name": name, "relation": "owner", "phones": [f"138{index:08}"]}
        person |= {"person": str(edge.new_id()), "occupancy": str(edge.new_id())}
        intents.append(
            Intent("household.add", {"id": str(edge.new_id()), "code": code, "occupants": [person]})
        )
    for start in range(0, number, 200):
        outcome = desk.perform(*intents[start : start + 200])
        assert outcome.refused is None, outcome.refused


def store_of(number: int, folder: Path) -> Path:
    """Return a store with `number` households, making it if it is not there."""
    path = folder / f"{number}.db"
    if not path.exists():
        desk = Desk(path)
        desk.open()
        fill(desk, number)
        desk.close()
    return path


class Timings:
    """Milliseconds by what was done."""

    def __init__(self) -> None:
        self.ms: dict[str, list[float]] = defaultdict(list)

    def add(self, what: str, seconds: float) -> None:
        self.ms[what].append(seconds * 1000)

    def figures(self) -> dict[str, tuple[float, float]]:
        """Return p50 and p95 of each."""
        return {
            what: (statistics.median(times), sorted(times)[int(len(times) * 0.95)])
            for what, times in self.ms.items()
        }


def drive(
    terminal: Terminal,
    shown: Sequence[str],
    page: int,
    find: Callable[[str], str | None],
    timings: Timings,
) -> None:
    """Move through a list whose first cells are `shown`, and search it; `find` tells a search's first row.

    `page` is how far PgDn goes.
    """

    def move(what: str, key: bytes, to: int) -> None:
        terminal.press(key)
        moved = terminal.until(lambda drawn: "> …" in drawn or f"> {shown[to]}" in drawn)
        timings.add(f"{what}: highlight", moved)
        timings.add(f"{what}: row", terminal.until(lambda drawn: f"> {shown[to]}" in drawn))

    last = len(shown) - 1
    for step in range(1, 21):
        move("PgDn", PAGE_DOWN, page * step)
    place = page * 20
    for step in range(1, 61):
        move("down", DOWN, place + step)
    place += 60
    terminal.press(DOWN * 30)
    timings.add("down, 30 at once", terminal.until(lambda drawn: f"> {shown[place + 30]}" in drawn))
    terminal.press(TAB)
    for _ in range(8):
        move("End", END, last)
        move("PgUp from there", PAGE_UP, last - page)
        move("Home", HOME, 0)
    terminal.press(b"/")
    for text in SEARCHES:
        for end in range(1, len(text) + 1):
            first = find(text[:end])
            wanted = "Nothing found" if first is None else f"> {first}"
            terminal.press(text[end - 1].encode())
            seconds = terminal.until(lambda drawn, wanted=wanted: wanted in drawn)
            timings.add("search: first letter" if end == 1 else "search: next letter", seconds)
        terminal.press(CLEAR)
        timings.add("search: cleared", terminal.until(lambda drawn: f"> {shown[0]}" in drawn))


def asked(desk: Desk, question: Callable[..., Asked], **options: object) -> Asked:
    with desk.store.read() as session:
        return question(session, desk.seat.compound_id, today=desk.today(), **options)


def measure(number: int, folder: Path) -> dict[str, Timings]:
    """Return the timings of the households and of the people, and of coming there."""
    path = store_of(number, folder)
    desk = Desk(path)
    desk.open()
    households = [line.code for line in asked(desk, queries.every_household)]
    people = [line.name for line in asked(desk, queries.every_person)]
    arriving, of_households, of_people = Timings(), Timings(), Timings()
    environment = surroundings(folder) | {"LINLI_STORE": str(path), "LINLI_LANG": "en"}
    with Terminal([sys.executable, "-m", "tui.cli"], environment) as terminal:
        told = str(number)
        arriving.add("start to Home", terminal.until(lambda drawn: f"{told} households" in drawn))
        room = re.search(r"(\d)  Households", terminal.drawn)
        assert room is not None
        terminal.press(room[1].encode())
        arriving.add("Home to households", terminal.until(lambda drawn: f"> {households[0]}" in drawn))
        terminal.press(PAGE_DOWN)
        terminal.until(lambda drawn: "> " in drawn)
        page = next(place for place in range(1, 30) if f"> {households[place]} " in terminal.drawn)
        terminal.press(PAGE_UP)
        drive(
            terminal,
            households,
            page,
            lambda text: next(
                (line.code for line in asked(desk, queries.page_households, text=text, limit=1)), None
            ),
            of_households,
        )
        terminal.press(b"\x1bOR")  # F3
        arriving.add("households to people", terminal.until(lambda drawn: f"> {people[0]}" in drawn))
        drive(
            terminal,
            people,
            page,
            lambda text: next(
                (line.name for line in asked(desk, queries.page_people, text=text, limit=1)), None
            ),
            of_people,
        )
    desk.close()
    return {"": arriving, "households": of_households, "people": of_people}


def main() -> None:
    parser = argparse.ArgumentParser(description="Latency per key on long lists.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--keep", type=Path, help="a folder for the stores, which are made once then")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        found = {size: measure(size, folder) for size in chosen.sizes}
    if chosen.json:
        figures = {
            size: {part: timings.figures() for part, timings in parts.items()}
            for size, parts in found.items()
        }
        print(json.dumps({"ms": figures, "load": os.getloadavg()[0]}, ensure_ascii=False))
        return
    print(f"ms, p50 / p95, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'':40}" + "".join(f"{size:>16,}" for size in found))
    for part in ("", "households", "people"):
        lines = [parts[part].figures() for parts in found.values()]
        for what in lines[0]:
            cells = (f"{figures[what][0]:7.0f} /{figures[what][1]:6.0f} " for figures in lines)
            print(f"{f'{part} {what}'.strip():40}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main()
