"""A desk at which questions are taken in: neighbours of the register, a well beside building 1, and keys that are counted."""

from __future__ import annotations

import atexit
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import Any

from register_desk import NAMED, found, neighbours, press, rest, until
from textual.pilot import Pilot

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.registry import load_kinds
from models.operations.resolve import complete
from models.problems import Problem
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.choose import Choose
from tui.widgets.search import Entry


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-reporting-")) / "store.db"
    atexit.register(rmtree, path.parent, ignore_errors=True)
    found(path, *neighbours())
    do(path, "point.add", code="W07", name="车棚旁", building_id="1")
    do(path, "point.add", code="L1", kind="lamp", name="车棚灯")
    do(path, "person.add", name="罗铁生")
    do(path, "role.grant", person="罗铁生", role="volunteer", since="2020-01-01")
    return path


def settled(path: Path) -> Path:
    """Put the compound of the stories at `path`."""
    copyfile(_template(), path)
    return path


def do(path: Path, kind: str, /, *, doer: str = "", **given: Any) -> Outcome:
    """Do something at another moment, as the command line would: codes and names stand for ids."""
    desk = Desk(path, person=doer or None)
    desk.open()
    with desk.store.read() as session:
        whole = complete(session, load_kinds()[kind], given, desk.acting())
    assert not isinstance(whole, Problem), whole
    outcome = desk.perform(Intent(kind, whole))
    desk.close()
    assert outcome.refused is None, outcome.refused
    return outcome


@dataclass
class Hands:
    """Somebody who types. `keys` holds every key that is no part of a word."""

    pilot: Pilot[None]
    keys: list[str] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        for key in keys:
            assert key in NAMED or len(key) == 1, key
            self.keys.append(key)
            await press(self.pilot, key)

    async def words(self, text: str) -> None:
        """Type words, as an input method hands them over."""
        entry = self.pilot.app.focused
        assert isinstance(entry, Entry), entry
        entry.insert_text_at_cursor(text)
        await rest(self.pilot)


async def dialog(pilot: Pilot[None]) -> Choose:
    """Wait for what is offered once a report is saved."""
    await until(pilot, lambda: isinstance(pilot.app.screen, Choose))
    screen = pilot.app.screen
    assert isinstance(screen, Choose)
    return screen


def saved_as(app: LinliApp) -> str:
    """Return what the dialog after a report says."""
    screen = app.screen
    assert isinstance(screen, Choose)
    return screen.heading
