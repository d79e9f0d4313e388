"""A small sewer made by operations, for the stories about points, pipes and routes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any

from register_desk import found, household, page, rest, rows, until
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.widgets.search import Entry


def empty(path: Path) -> Path:
    """Put a compound at `path` in which nobody has numbered a well yet."""
    found(path)
    return path


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-sewer-")) / "store.db"
    ids = {code: str(edge.new_id()) for code in ("W01", "W02", "W03", "W10", "OUT", "L01")}
    places = {"W01": (0, 0), "W02": (30, 0), "W03": (60, 0), "W10": (10, 0), "OUT": (90, 0)}
    intents = [household("3-1-502", "张三", "13800000001"), household("3-1-501", "李四")]
    for code, point in ids.items():
        kind = {"O": "outfall", "L": "lamp"}.get(code[0], "well")
        payload: dict[str, Any] = {"id": point, "code": code, "kind": kind}
        if code in places:
            payload |= {"x_m": places[code][0], "y_m": places[code][1]}
        if code == "W02":
            payload |= {"name": "车棚旁", "depth_mm": 1200}
        intents.append(Intent("point.add", payload))
    for start, end in (("W01", "W02"), ("W02", "W03"), ("W03", "OUT"), ("W10", "W02")):
        ends = {"id": str(edge.new_id()), "start": ids[start], "end": ids[end]}
        intents.append(Intent("pipe.add", {**ends, "diameter_mm": 300}))
    stops = [ids[code] for code in ("W01", "W02", "W03", "OUT")]
    intents.append(Intent("route.add", {"id": str(edge.new_id()), "name": "东线", "stops": stops}))
    found(path, *intents)
    return path


def sewer(path: Path) -> Path:
    """Put a compound at `path` with four wells that flow to OUT, a lamp, and the route 东线."""
    copyfile(_template(), path)
    return path


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a text into the line that has the focus, as a keyboard with Chinese would."""
    entry = pilot.app.focused
    assert isinstance(entry, Entry)
    entry.clear()
    entry.insert_text_at_cursor(text)
    await rest(pilot)


async def shown(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen says something."""
    await until(pilot, lambda: words in page(pilot.app))


def pipes(path: Path) -> list[tuple[str, str, int | None]]:
    """Return the living pipes."""
    return rows(
        path,
        "select a.code, b.code, p.diameter_mm from pipe p join point a on a.id = p.from_id "
        "join point b on b.id = p.to_id where not p.archived order by a.code, b.code",
    )


def points(path: Path) -> list[str]:
    return [code for (code,) in rows(path, "select code from point where not archived order by sort_key")]


def stops(path: Path) -> list[str]:
    """Return the codes on 东线 in walking order."""
    return [
        code
        for (code,) in rows(
            path,
            "select p.code from route_stop s join point p on p.id = s.point_id "
            "where not s.archived order by s.position",
        )
    ]


def on_top(app: LinliApp) -> str:
    return type(app.screen).__name__


async def hit(pilot: Pilot[None], *keys: str) -> None:
    """Press keys by their names, chords among them."""
    for key in keys:
        await pilot.press(key)
        await rest(pilot)
