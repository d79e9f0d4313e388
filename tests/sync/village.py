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
from standing import Rows, Stand, Standing, put_rows, rows_of

from models.store import Store, open_store
from sync.compression import inflate
from sync.server import copying

#: What a story is told with.
Story = Callable[["Village"], object]
#: What has been set up on each kind of database.
_standing: dict[str, Standing] = {}


@dataclass
class Village:
    """A compound on a server. The first laptop's person directs it, and sits at every other laptop too."""

    folder: Path
    store: Store
    sky: Sky = field(default_factory=Sky)
    laptops: dict[str, Traveller] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        kind = self.store.engine.dialect.name
        self._open()
        if kind not in _standing:
            _standing[kind] = self._settle()
            self._open()
        self._ready = _standing[kind]
        self.compound, self.director = self._ready.compound, self._ready.director
        self._become(self._ready.alone, instead=self._ready.empty)

    def laptop(self, name: str, *, wrong: timedelta = timedelta()) -> Traveller:
        """Return a laptop that is enrolled and has everything."""
        if name == "b" and not wrong and self._stands_as(self._ready.alone):
            self._become(self._ready.both, instead=self._ready.alone.rows)
            return self.laptops["b"]
        traveller = self.stranger(name, wrong=wrong)
        self._enrol(traveller, name)
        traveller.laptop.person_id = self.director
        return traveller

    def _open(self) -> None:
        self.center = Center(self.store, Wall(self.sky), Ids("center"), at_once=True)
        self.center.watchers.append(lambda request, *_: self.asked.append(request.url.path))

    def _enrol(self, traveller: Traveller, name: str) -> None:
        traveller.enrol(self.center.code(self.compound), name=name)
        traveller.sync()

    def _settle(self) -> Standing:
        """Found the compound, let the first laptop's person direct it and a second one in, and take all away again."""
        empty = rows_of(self.store)
        self.compound = self.center.add()
        first = self.stranger("a")
        self._enrol(first, "a")
        first.laptop.person_id = self.compound
        first.laptop.do("person.add", name="王德胜")
        first.sync()
        director = UUID(first.laptop.ask("SELECT id FROM person")[0][0])
        alone = self._stand()
        self._enrol(self.stranger("b"), "b")
        both = self._stand()
        put_rows(self.store, empty, instead=both.rows)
        for name in [*self.laptops]:
            path = self.laptops[name].laptop.path
            self.gone(name)
            path.unlink()
        return Standing(empty, alone, both, self.compound, director)

    def _stand(self) -> Stand:
        return Stand(
            rows_of(self.store),
            {name: self.kept(name).read_bytes() for name in self.laptops},
            self.sky.now,
            self._made(),
            tuple(self.asked),
        )

    def _made(self) -> dict[str, int]:
        """Tell how many ids everybody has made."""
        laptops = {name: traveller.laptop.ids.made for name, traveller in self.laptops.items()}
        return laptops | {"": self.center.ids.made}

    def _stands_as(self, stand: Stand) -> bool:
        """Tell whether nothing has happened since: whatever happens takes time, an id or a request."""
        return (self.sky.now, self._made(), tuple(self.asked)) == (stand.now, stand.made, stand.asked)

    def _become(self, stand: Stand, *, instead: Rows) -> None:
        put_rows(self.store, stand.rows, instead=instead)
        for name in stand.files.keys() - self.laptops.keys():
            (self.folder / f"{name}.linli").write_bytes(stand.files[name])
            self.stranger(name).laptop.person_id = self.director
            self.laptops[name].laptop.ids.made = stand.made[name]
        self.center.ids.made = stand.made[""]
        self.sky.now = stand.now
        self.asked[:] = stand.asked

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
