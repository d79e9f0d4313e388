"""A compound with 42 wells, lamps and odd points, an app on it, and hands that press keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.walk.cards import WalkCards
from tui.screens.walk.room import WalkScreen
from tui.screens.walk.state import Walking

WELLS = 42
ODD = ("[/b]", "[a栋]", "{x}", "$t")
QUIET_ROUNDS = 5  # an answer drawn may ask the next question
PEOPLE = ("王德胜", "张三", "李四", "罗铁生")


@dataclass
class Places:
    """Ids by the names that people use."""

    points: dict[str, str] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


def new() -> str:
    return str(edge.new_id())


def settle_in(path: Path) -> None:
    """Make the store that the stories begin with."""
    desk = Desk(path)
    desk.open()
    desk.found("耐火小区", PEOPLE[0])
    assert desk.seat.person_id is not None
    director = str(desk.seat.person_id)
    places = Places(people={PEOPLE[0]: director})
    intents: list[Intent] = []

    def do(kind: str, /, **payload: Any) -> str:
        row_id = str(payload.setdefault("id", new()))
        intents.append(Intent(kind, payload))
        return row_id

    for name in PEOPLE[1:]:
        places.people[name] = do("person.add", name=name)
        do("role.grant", person=places.people[name], role="volunteer", since="2020-01-01")
    wells = [f"W{number:02}" for number in range(1, WELLS + 1)]
    for number, code in enumerate(wells, 1):
        places.points[code] = do("point.add", code=code, name=f"{number}号井旁", depth_mm=1500)
    places.points["OUT1"] = do("point.add", code="OUT1", kind="outfall")
    for start, end in zip([*wells], [*wells[1:], "OUT1"], strict=True):
        do("pipe.add", start=places.points[start], end=places.points[end], diameter_mm=300, system="foul")
    for number in range(1, 4):
        places.points[f"L{number}"] = do("point.add", code=f"L{number}", kind="lamp")
    for code in ODD:
        places.points[code] = do("point.add", code=code, name=code, note=f"备注{code}")
    do("checklist.add", point_kind="lamp", text="灯亮", answer="yes_no", required=True, position=1)
    do("checklist.add", point_kind="lamp", text="灯杆", answer="grade", position=2)
    do("checklist.add", point_kind="lamp", text="高度", answer="number", position=3)
    do("checklist.add", point_kind="well", text="盖子平", answer="yes_no", position=1)
    for name, codes in {
        "排水井": wells,
        "路灯": ["L1", "L2", "L3"],
        "空路线": [],
        "怪编号": [code.upper() for code in ODD],
    }.items():
        stops = [places.points.get(code) or places.points[code.lower()] for code in codes]
        places.routes[name] = do("route.add", name=name, stops=stops)
    for outcome in desk.perform_all(intents):
        assert outcome.refused is None, outcome.refused
    for name, route in places.routes.items():
        outcome = desk.perform(Intent("walk.start", {"id": new(), "name": f"{name}一次", "route": route}))
        assert outcome.refused is None
    desk.close()


def copy_store(source: Path, target: Path) -> Path:
    for suffix in ("", "-wal", "-shm"):
        part = source.with_name(source.name + suffix)
        if part.exists():
            shutil.copy(part, target.with_name(target.name + suffix))
    return target


@contextmanager
def looking(path: Path) -> Iterator[Desk]:
    """Look into a store beside the app."""
    desk = Desk(path)
    desk.open()
    try:
        yield desk
    finally:
        desk.close()


def rows(path: Path, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Ask the store itself; opening it as the app does takes longer than the answer."""
    with closing(driver.connect(str(path))) as connection:
        return connection.execute(sql, params).fetchall()


def observed(path: Path, columns: str = "level") -> list[tuple[Any, ...]]:
    """Return the living observations: the point's code, then the columns, in the order they were made."""
    named = ", ".join(f"o.{column.strip()}" for column in columns.split(","))
    return rows(
        path,
        f"SELECT p.code, {named} FROM observation o JOIN point p ON p.id = o.point_id "  # noqa: S608
        "WHERE NOT o.archived ORDER BY o.at, o.id",
    )


def drawn(app: LinliApp) -> list[str]:
    """Return the lines as they stand on the terminal."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def page(app: LinliApp) -> str:
    return "\n".join(drawn(app))


async def rest(pilot: Pilot[None], app: LinliApp) -> None:
    """Wait until what was asked is answered and drawn, and asks nothing more."""
    quiet = 0
    while quiet < QUIET_ROUNDS:
        await pilot.pause(0.005)
        busy = [worker for worker in app.workers if not worker.is_finished]
        quiet = 0 if busy else quiet + 1
        if busy:
            with suppress(WorkerCancelled):  # a later question took its place, and is waited for next
                await app.workers.wait_for_complete(busy)


async def press(pilot: Pilot[None], app: LinliApp, keys: Sequence[str]) -> None:
    await pilot.press(*keys)
    await rest(pilot, app)


def cards(app: LinliApp) -> WalkCards:
    assert isinstance(app.screen, WalkCards), app.screen
    return app.screen


def walking(app: LinliApp) -> Walking:
    here = cards(app).walking
    assert here is not None
    return here


def code_here(app: LinliApp) -> str:
    card = walking(app).card
    assert card is not None
    return card.code


def make_app(path: Path) -> LinliApp:
    return LinliApp(Desk(path), survives=False)


async def enter_walks(pilot: Pilot[None], app: LinliApp) -> WalkScreen:
    await rest(pilot, app)
    app.enter("walk")
    await rest(pilot, app)
    assert isinstance(app.screen, WalkScreen)
    return app.screen


async def take_up(pilot: Pilot[None], app: LinliApp, name: str = "排水井一次") -> None:
    """Open a walk by name, and read the safety card if there is one."""
    chooser = await enter_walks(pilot, app)
    assert chooser._walks is not None
    place = next(index for index, walk in enumerate(chooser._walks) if walk.name == name)
    from tui.widgets.long_list import LongList

    chooser.query_one(LongList).move_to(place + 1)
    await press(pilot, app, ["enter"])
    if not isinstance(app.screen, WalkCards):
        await press(pilot, app, ["enter"])
    assert isinstance(app.screen, WalkCards)
