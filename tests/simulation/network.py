"""The real client and the real server in one process, and a road between them on which anything may happen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import anyio.to_thread
import httpx

from models.operations.registry import KINDS
from models.store import Store, open_store
from simulation.devices import MORNING, Clock, Ids, Laptop
from sync import enrolling, exchange, rounds
from sync.client import Line
from sync.server import admin, office
from sync.server.app import create_app
from sync.server.limits import Limits

URL = "http://center.test"
Carry = Callable[[httpx.Request], httpx.Response]
#: What may happen to one request: returns the response that the laptop sees, or raises.
Fault = Callable[[httpx.Request, Carry], httpx.Response]


@dataclass
class Sky:
    """What time it really is; it moves on a second whenever somebody looks at a clock."""

    now: datetime = MORNING


class Wall(Clock):
    """A clock under that sky, wrong by `offset`."""

    def __init__(self, sky: Sky, offset: timedelta = timedelta()) -> None:
        self.sky, self.offset = sky, offset

    def __call__(self) -> datetime:
        self.sky.now += timedelta(seconds=1)
        return self.sky.now + self.offset

    @property  # type: ignore[override]
    def now(self) -> datetime:
        return self.sky.now + self.offset

    @now.setter
    def now(self, moment: datetime) -> None:
        self.sky.now = moment - self.offset


@dataclass
class Ticks:
    """Seconds since a machine started; they go with its clock unless somebody sets that."""

    clock: Clock
    started: float = 0.0

    def __call__(self) -> float:
        if isinstance(self.clock, Wall):
            return self.clock.sky.now.timestamp() - self.started
        return self.clock.now.timestamp() - self.started


class Road(httpx.BaseTransport):
    """Carries requests to an ASGI app in this process, one at a time, through whatever faults are set."""

    def __init__(self, carry: Carry, faults: list[Fault]) -> None:
        self.carry, self.faults = carry, faults

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if self.faults:
            return self.faults.pop(0)(request, self.carry)
        return self.carry(request)


async def _carry(app: Any, request: httpx.Request) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
    response = await transport.handle_async_request(copy)
    content = b"".join([part async for part in response.aiter_raw()])  # type: ignore[attr-defined]
    return httpx.Response(
        response.status_code, headers=response.headers, stream=httpx.ByteStream(content), request=request
    )


async def _here(job: Callable[[], Any], **_: object) -> Any:
    """Do a job where one is, and not in a thread."""
    return job()


def raw(response: httpx.Response) -> bytes:
    """Return a body as it travelled; it can be read once."""
    return b"".join(response.iter_raw())


def answer(
    request: httpx.Request, status: int, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Return a response with a body that has not been read yet."""
    kept = {name: text for name, text in (headers or {}).items() if name.lower() != "content-length"}
    return httpx.Response(status, headers=kept, stream=httpx.ByteStream(content), request=request)


@dataclass
class Center:
    """A server: its store, its clock, its app. `kinds` replace those of the laptops; None takes one away."""

    store: Store
    clock: Clock
    ids: Ids
    limits: Limits = field(default_factory=lambda: Limits(burst=10**9, stranger_burst=10**9))
    kinds: dict[str, Any] = field(default_factory=dict)
    #: Whoever wants to know what was asked and what was answered.
    watchers: list[Callable[[httpx.Request, int, bytes], None]] = field(default_factory=list)
    #: Work without threads, which takes a fifth less; for whoever asks from one thread only.
    at_once: bool = False

    def __post_init__(self) -> None:
        admin.begin(self.store, nonce=self.ids().hex)
        self.app = create_app(
            self.store,
            clock=self.clock,
            ticks=lambda: self.clock.now.timestamp(),  # noqa: PLW0108  # the clock moves
            version="test",
            limits=self.limits,
        )

    def carry(self, request: httpx.Request) -> httpx.Response:
        """Let the server answer, and the watchers look."""
        with self.own_kinds():
            response = self._run(request)
        content = raw(response)
        for watch in self.watchers:
            watch(request, response.status_code, content)
        return answer(request, response.status_code, content, dict(response.headers))

    def _run(self, request: httpx.Request) -> httpx.Response:
        alone = mock.patch.object(anyio.to_thread, "run_sync", _here) if self.at_once else nullcontext()
        with alone:
            return asyncio.run(_carry(self.app, request))

    @contextmanager
    def own_kinds(self) -> Iterator[None]:
        """What the server understands, which may be another version's."""
        with mock.patch.dict(KINDS, {name: kind for name, kind in self.kinds.items() if kind is not None}):
            for name in [name for name, kind in self.kinds.items() if kind is None]:
                del KINDS[name]
            yield

    def retry(self) -> dict[str, int]:
        with self.own_kinds():
            return admin.retry(self.store)

    def add(self, name: str = "耐火小区") -> UUID:
        compound_id, outcome = admin.add_compound(self.store, name, clock=self.clock, new_id=self.ids)
        assert outcome.refused is None
        return compound_id

    def code(self, compound_id: UUID, *, life: timedelta = timedelta(hours=1)) -> str:
        return admin.offer(
            self.store, compound_id, randomness=self.ids().bytes[-8:], clock=self.clock, life=life
        )[0]


@dataclass
class Traveller:
    """A laptop on the road: what happens to its next requests stands in `faults`."""

    laptop: Laptop
    center: Center
    ticks: Ticks
    faults: list[Fault] = field(default_factory=list)
    #: A second window of the same laptop is another holder of the lease.
    holder: str = ""

    @property
    def here(self) -> rounds.Here:
        return rounds.Here(
            store=self.laptop.store,
            clock=self.laptop.clock,
            ticks=self.ticks,
            new_id=self.laptop.ids,
            new_token=lambda: self.laptop.ids().hex + self.laptop.ids().hex,
            call=self.call,
            holder=self.holder or str(self.laptop.path),
        )

    def call(self, url: str, token: str) -> Line:
        return Line(url, token, transport=Road(self.center.carry, self.faults))

    def enrol(self, code: str, *, name: str = "laptop", own: UUID | None = None) -> enrolling.Enrolled:
        offer = enrolling.look(self.here, URL, code, own=own)
        done = enrolling.enrol(self.here, offer, name=name, version="test")
        self.laptop.compound_id = done.compound_id
        return done

    def sync(self, compound_id: UUID | None = None, **more: Any) -> rounds.Report:
        return rounds.sync(self.here, compound_id or self.laptop.compound_id, **more)

    def set_clock(self, offset: timedelta) -> None:
        """Set the laptop's clock; its seconds since it started go on."""
        assert isinstance(self.laptop.clock, Wall)
        self.laptop.clock.offset = offset


def traveller(
    path: Path, center: Center, *, seed: str, clock: Clock | None = None, person: UUID | None = None
) -> Traveller:
    """Return a new laptop with an empty store."""
    ids = Ids(seed)
    clock = clock or Clock(center.clock.now)
    ticks = Ticks(clock)
    laptop = Laptop(open_store(path, new_id=ids), ids(), person or ids(), clock, ids, ticks)
    return Traveller(laptop, center, ticks)


def at(moment: datetime) -> Clock:
    """Return a clock that begins at a moment."""
    return Clock(moment)


@contextmanager
def narrow(*, rows: int = 10_000, operations: int = 500, logged: int = 1000) -> Iterator[None]:
    """Let little fit into a page, a push, and a page of the log, so that everything takes many."""
    with (
        mock.patch.dict(exchange.page.__kwdefaults__, {"most_rows": rows}),
        mock.patch.object(exchange, "MOST_OPERATIONS", operations),
        mock.patch.object(office, "_MOST_LOGGED", logged),
    ):
        yield
