"""One server, laptops that share its compound, and the words in which bad days are told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from simulation import faults
from simulation.devices import Ids, Laptop
from simulation.network import Carry, Center, Fault, Sky, Ticks, Traveller, Wall, answer, raw
from simulation.reading import Dump, dump, listed_afresh
from simulation.world import difference

from models.store import Store, open_store
from sync.compression import inflate
from sync.server import copying

#: What a story is told with.
Story = Callable[["Village"], object]


@dataclass
class Village:
    """A compound on a server. The first laptop's person directs it, and sits at every other laptop too."""

    folder: Path
    store: Store
    sky: Sky = field(default_factory=Sky)
    laptops: dict[str, Traveller] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.center = Center(self.store, Wall(self.sky), Ids("center"), at_once=True)
        self.center.watchers.append(lambda request, *_: self.asked.append(request.url.path))
        self.compound = self.center.add()
        first = self.laptop("a")
        first.laptop.person_id = self.compound
        first.laptop.do("person.add", name="王德胜")
        first.sync()
        self.director = UUID(first.laptop.ask("SELECT id FROM person")[0][0])
        first.laptop.person_id = self.director

    def laptop(self, name: str, *, wrong: timedelta = timedelta()) -> Traveller:
        """Return a laptop that is enrolled and has everything."""
        traveller = self.stranger(name, wrong=wrong)
        traveller.enrol(self.center.code(self.compound), name=name)
        traveller.sync()
        if hasattr(self, "director"):
            traveller.laptop.person_id = self.director
        return traveller

    def stranger(self, name: str, *, wrong: timedelta = timedelta(), file: Path | None = None) -> Traveller:
        """Return a laptop that no server knows; with `file`, one whose store is a copy of that."""
        path = self.folder / f"{name}.linli"
        if file is not None:
            shutil.copy(file, path)
        clock, ids = Wall(self.sky, wrong), Ids(name)
        ticks = Ticks(clock)
        laptop = Laptop(open_store(path, new_id=ids), self.compound, ids(), clock, ids, ticks)
        self.laptops[name] = Traveller(laptop, self.center, ticks, holder=name)
        return self.laptops[name]

    def copied(self, of: str, name: str) -> Traveller:
        """Return a further laptop with a copy of a laptop's store."""
        return self.stranger(name, file=self.kept(of))

    def kept(self, name: str) -> Path:
        """Copy a laptop's file aside."""
        laptop = self.laptops[name].laptop
        path = laptop.path
        laptop.store.close()
        aside = self.folder / f"{name}-{laptop.ids.made}.copy"
        shutil.copy(path, aside)
        laptop.store = open_store(path, new_id=laptop.ids)
        return aside

    def put_back(self, name: str, aside: Path) -> None:
        laptop = self.laptops[name].laptop
        path = laptop.path
        laptop.store.close()
        shutil.copy(aside, path)
        laptop.store = open_store(path, new_id=laptop.ids)

    def gone(self, name: str) -> None:
        """A laptop falls into the pond."""
        self.laptops.pop(name).laptop.store.close()

    def backup(self) -> Path:
        file = self.folder / f"backup{self.center.ids.made}.linli"
        copying.backup(self.store, file, new_id=self.center.ids)
        return file

    def restore(self, file: Path) -> None:
        copying.restore(
            self.store,
            file,
            nonce=self.center.ids().hex,
            replace=True,
            new_id=self.center.ids,
            clock=self.center.clock,
        )

    def close(self) -> None:
        for traveller in self.laptops.values():
            traveller.laptop.store.close()

    # -- what is told ---------------------------------------------------------------------------

    def all_sync(self) -> None:
        for _ in range(2):
            for traveller in self.laptops.values():
                report = traveller.sync()
                assert not report.repaired

    def all_agree(self) -> Dump:
        """Everybody holds what the server holds, and nothing waits."""
        rows = dump(self.store, self.compound)
        for name, traveller in self.laptops.items():
            assert waiting(traveller) == 0, name
            own = dump(traveller.laptop.store, self.compound)
            assert own == rows, difference(own, rows)
            listed_afresh(traveller.laptop.store, self.compound)
        return rows

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]


def waiting(traveller: Traveller) -> int:
    compound = traveller.laptop.compound_id.hex
    return int(traveller.laptop.ask("SELECT count(*) FROM outbox WHERE compound_id = ?", compound)[0][0])


def nth(place: int, fault: Fault) -> list[Fault]:
    """Let the request number `place`, from 1, meet with a fault."""
    return [faults.fine] * (place - 1) + [fault]


def on(path: str, fault: Fault) -> list[Fault]:
    """Let the requests to one address meet with a fault, and no others."""

    def choose(request: httpx.Request, carry: Carry) -> httpx.Response:
        return fault(request, carry) if request.url.path == path else carry(request)

    return [choose] * 200


def rewritten(change: Callable[[dict[str, Any]], None]) -> Fault:
    """Change what an answer says."""

    def fault(request: httpx.Request, carry: Carry) -> httpx.Response:
        response = carry(request)
        values = json.loads(inflate(raw(response), most=1 << 26))
        change(values)
        return answer(request, response.status_code, json.dumps(values).encode(), dict(response.headers))

    return fault
