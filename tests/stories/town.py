"""A server in this process, laptops that reach it by a road without sockets, and the app on one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition
from typing import Any
from uuid import UUID

import httpx
from apps import quick_apps
from neighbours import drawn, page
from register_desk import settled
from simulation.devices import Clock, Ids
from simulation.network import Center, Road
from textual.pilot import Pilot

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.replication import identity
from models.store import Store, open_store
from sync import enrolling, rounds
from sync.client import Line
from sync.server.limits import Limits
from tui import edge
from tui.app import LinliApp
from tui.desk import Desk

quick_apps()

URL = "https://linli.example.org"
ODD = "[/b] [a栋] {x} １２"


class Real(Clock):
    """The clock of this machine, wrong by `offset`."""

    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return edge.clock() + self.offset

    @property  # type: ignore[override]
    def now(self) -> datetime:
        return self()

    @now.setter
    def now(self, moment: datetime) -> None:
        pass


class Station(Center):
    """A server that several threads ask, so it must not swap the kinds under those that do something else."""

    def own_kinds(self) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass
class Town:
    """The server, and whether one gets to it. `asked` names what was asked of it, in order."""

    center: Station
    compound: UUID
    online: bool = True
    asked: list[str] = field(default_factory=list)
    #: What happens before the server hears a request.
    before: list[Callable[[httpx.Request], None]] = field(default_factory=list)
    _bell: Condition = field(default_factory=Condition)
    _rung: int = 0
    _one: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "server"))

    def code(self, compound: UUID | None = None) -> str:
        return self.center.code(compound or self.compound)

    def ring(self) -> None:
        """Let every long poll be answered."""
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def end(self) -> None:
        self._one.shutdown()

    def carry(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if not self.online:
            raise httpx.ConnectError("no network")
        if path == "/v1/wait":
            with self._bell:
                heard = self._rung
                self._bell.wait_for(lambda: self._rung > heard, timeout=30)
        for happen in list(self.before):
            happen(request)
        self.asked.append(path)
        # In a thread of its own, because the server runs a loop of its own; one request at a time.
        return self._one.submit(self.center.carry, request).result()

    def call(self, url: str, token: str) -> Line:
        return Line(url, token, transport=Road(self.carry, []))

    def here(self, store: Store) -> rounds.Here:
        return rounds.Here(
            store=store,
            clock=edge.clock,
            ticks=edge.ticks,
            new_id=edge.new_id,
            new_token=edge.new_token,
            call=self.call,
            holder=f"{store.path}:{id(store)}",
        )

    def desk(self, path: Path, **options: Any) -> Desk:
        return Desk(path, here=self.here, **options)

    def app(self, path: Path, **options: Any) -> LinliApp:
        return LinliApp(self.desk(path, **options), survives=False)


@contextmanager
def a_town(folder: Path) -> Iterator[Town]:
    """A server that keeps a compound in which nothing has happened yet."""
    ids = Ids("town")
    store = open_store(folder / "server.db", new_id=ids)
    center = Station(store, Real(), ids, Limits(burst=10**9, stranger_burst=10**9, wait_seconds=0))
    town = Town(center, center.add("耐火小区"))
    try:
        yield town
    finally:
        town.online = False
        town.ring()
        town.end()
        store.close()


@dataclass
class Other:
    """A laptop without an app, whose people act and sync when the story says so."""

    town: Town
    desk: Desk

    def do(self, kind: str, /, **payload: Any) -> Outcome:
        outcome = self.desk.perform(Intent(kind, payload))
        assert outcome.refused is None, outcome.refused
        return outcome

    async def sync(self) -> None:
        """Do a round in a thread of its own: the server in this process runs a loop of its own."""
        await asyncio.to_thread(rounds.sync, self.desk.here(), self.desk.seat.compound_id)
        self.desk.arrive()

    def find(self, table: str, column: str, text: str) -> str:
        with self.desk.store.read() as session:
            row = session.connection().exec_driver_sql(
                f"SELECT id FROM {table} WHERE {column} = ?",  # noqa: S608
                (text,),
            )
            return str(UUID(str(row.scalar_one())))


def enrol(town: Town, path: Path, name: str) -> None:
    """Enrol a laptop and fetch what is there, as the command line does. What the first one founded is adopted."""
    desk = town.desk(path, guess=True)
    desk.open()
    offer = enrolling.look(desk.here(), URL, town.code())
    done = enrolling.enrol(desk.here(), offer, name=name, version="test")
    with desk.store.write() as session:
        identity.call(session, name)
    town.compound = done.compound_id
    rounds.sync(desk.here(), done.compound_id)
    desk.enrolled(done.compound_id)
    desk.close()


@contextmanager
def other_laptop(town: Town, path: Path, name: str = "居委会电脑") -> Iterator[Other]:
    if not path.exists():
        enrol(town, path, name)
    desk = town.desk(path)
    desk.open()
    try:
        yield Other(town, desk)
    finally:
        desk.close()


@asynccontextmanager
async def on(
    app: LinliApp, size: tuple[int, int] = (80, 24), *, errors: int = 0
) -> AsyncIterator[Pilot[None]]:
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.status is not None)
        yield pilot
        assert len(app.errors) == errors, app.errors


async def until(pilot: Pilot[None], true: Callable[[], object], seconds: float = 8) -> None:
    """Wait until something holds; threads of their own are at work."""
    for _ in range(int(seconds / 0.02)):
        if true():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError(page(pilot.app))  # type: ignore[arg-type]


async def sees(pilot: Pilot[None], *texts: str) -> None:
    """Wait until all texts stand on the screen."""
    app: Any = pilot.app
    await until(pilot, lambda: all(text in page(app) for text in texts))


def status_line(app: LinliApp) -> str:
    return drawn(app)[-2]


@contextmanager
def settled_town(folder: Path) -> Iterator[tuple[Town, Other, Path]]:
    """A town whose compound came from the laptop of the committee; the laptop of the station is enrolled too.

    Both know 王德胜, the director, and five households. Yields the town, the
    committee's laptop, and the path of the station's store.
    """
    hall, station = folder / "hall.db", folder / "station.db"
    settled(hall)
    with a_town(folder) as town:
        enrol(town, hall, "居委会电脑")
        enrol(town, station, "值班室电脑")
        with other_laptop(town, hall) as other:
            yield town, other, station


def at_station(town: Town, station: Path) -> Other:
    """Return the station's laptop without its app; whoever asks closes it."""
    desk = town.desk(station)
    desk.open()
    return Other(town, desk)


async def quarrel(town: Town, hall: Other, station: Path, *, text: str = "") -> None:
    """Let both laptops work apart and meet: two conflicts, one refusal and one odd fact wait on both or on the station's.

    `text` is written into everything that people may write.
    """
    text = text or "独居，耳背"
    here = at_station(town, station)
    home = hall.find("household", "code", "1-1-101")
    person = hall.find("person", "name", "李四")
    walk, well = str(edge.new_id()), str(edge.new_id())
    hall.do("point.add", id=well, code="W01", depth_mm=900)
    hall.do("walk.start", id=walk, name=f"三月巡检{text[:60]}")
    lead, term = str(edge.new_id()), str(edge.new_id())
    hall.do("person.add", id=lead, name="罗铁生")
    hall.do("role.grant", id=term, person=lead, role="committee", since="2020-01-01")
    await hall.sync()
    await here.sync()
    # Apart: each changes the same phone and the same area.
    here.do("household.edit", household=home, old={"area": 8950}, new={"area": 9012})
    here.do("person.edit", person=person, old={"phones": ["13800000002"]}, new={"phones": ["13900001111"]})
    director = hall.desk.seat.person_id
    assert director is not None
    hall.desk.act_as(UUID(lead))
    hall.do("household.edit", household=home, old={"note": "独居\n耳背"}, new={"note": "搬来了女儿"})
    hall.do("household.edit", household=home, old={"area": 8950}, new={"area": 8800})
    hall.do(
        "person.edit",
        person=person,
        old={"phones": ["13800000002"]},
        new={"phones": ["13700002222", "0731-5551234"]},
    )
    hall.desk.act_as(director)
    here.do("household.edit", household=home, old={"note": "独居\n耳背"}, new={"note": text})
    # The station's volunteer is no volunteer any more when what he entered arrives.
    hall.do("role_term.end", role_term=term, until="2020-02-01")
    hall.do("walk.finish", walk=walk)
    hall.do("household.archive", household=hall.find("household", "code", "1-2-302"))
    here.desk.act_as(UUID(lead))
    here.do(
        "household.edit",
        household=hall.find("household", "code", "1-1-102"),
        old={"note": ""},
        new={"note": text},
    )
    here.do("walk.observe", id=str(edge.new_id()), walk=walk, point=well, level="full", note=text)
    here.desk.act_as(UUID(hall.find("person", "name", "王德胜")))
    await hall.sync()
    await here.sync()
    await hall.sync()
    here.desk.close()
