"""The demo compound as it is at an instant, made once for all processes that run tests."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Ids
from sqlmodel import select

from models.community.tables import Compound
from models.demo import make_demo
from models.store import Store, open_store

#: Seconds that a process waits for another one that makes the same demo.
_PATIENCE = 300
#: The instants at which tests look whether it is right whenever it is made: the first and the last day of a month; at
#: midnight, at nine, at noon, in the night, on a Sunday evening, before midnight, at New Year.
WHENEVER = tuple(
    datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    for at in (
        "2026-03-02 12:00",
        "2026-03-03 00:00",
        "2026-03-31 09:00",
        "2026-05-01 02:10",
        "2026-05-31 21:45",
        "2026-06-24 23:55",
        "2027-01-01 15:00",
    )
)
#: What ids are made from, where nobody says otherwise.
SEED = "ids"


@dataclass(frozen=True)
class Demos:
    """Files with the demo, each made when it is first asked for, with the same ids whoever asks."""

    folder: Path

    def copied(self, path: Path, now: datetime, seed: str = SEED) -> Path:
        """Put a demo made at an instant where a test may do with it what it likes."""
        return Path(shutil.copyfile(self._made(now, seed), path))

    def opened(self, path: Path, now: datetime) -> tuple[Store, UUID]:
        """Open a demo made at an instant, which a test may change, and tell its compound."""
        store = open_store(self.copied(path, now), new_id=Ids("copied"))
        with store.read() as session:
            return store, session.exec(select(Compound.id)).one()

    def _made(self, now: datetime, seed: str) -> Path:
        made = self.folder / f"demo-{now.timestamp():.0f}-{seed}.linli"
        if not made.exists():
            with closing(sqlite3.connect(made.with_suffix(".lock"), timeout=_PATIENCE)) as lock:
                lock.execute("BEGIN EXCLUSIVE")
                if not made.exists():
                    _make(made, now, Ids(seed))
        return made


def _make(made: Path, now: datetime, ids: Ids) -> None:
    half = made.with_suffix(".half")
    store = open_store(half, new_id=ids)
    make_demo(store, clock=lambda: now, new_id=ids)
    store.close()
    half.rename(made)
