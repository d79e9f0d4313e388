"""The real client and the real server in one process, and a road between them on which anything may happen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from models.store import Store, open_store
from simulation.devices import Clock, Ids, Laptop
from sync import enrolling, rounds
from sync.client import Line
from sync.server import admin
from sync.server.app import create_app
from sync.server.limits import Limits

URL = "http://center.test"
#: What may happen to one request: returns the response that the laptop sees, or raises.
Fault = Callable[[httpx.Request, Callable[[httpx.Request], httpx.Response]], httpx.Response]


@dataclass
class Ticks:
    """Seconds since a machine started; they go with its clock unless somebody sets that."""

    clock: Clock
    started: float = 0.0

    def __call__(self) -> float:
        return self.clock.now.timestamp() - self.started


class Road(httpx.BaseTransport):
    """Carries requests to an ASGI app in this process, one at a time, through whatever faults are set."""

    def __init__(self, app: Any, faults: list[Fault]) -> None:
        self.app, self.faults = app, faults

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if self.faults:
            return self.faults.pop(0)(request, self.carry)
        return self.carry(request)

    def carry(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(_carry(self.app, request))


async def _carry(app: Any, request: httpx.Request) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
    response = await transport.handle_async_request(copy)
    content = b"".join([part async for part in response.aiter_raw()])  # type: ignore[attr-defined]
    return httpx.Response(
        response.status_code, headers=response.headers, stream=httpx.ByteStream(content), request=request
    )


@dataclass
class Center:
    """A server: its store, its clock, its app."""

    store: Store
    clock: Clock
    ids: Ids
    limits: Limits = field(default_factory=lambda: Limits(burst=10**9, stranger_burst=10**9))

    def __post_init__(self) -> None:
        admin.begin(self.store, nonce=self.ids().hex)
        self.app = create_app(
            self.store,
            clock=self.clock,
            ticks=lambda: self.clock.now.timestamp(),  # noqa: PLW0108  # the clock moves
            version="test",
            limits=self.limits,
        )

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

    @property
    def here(self) -> rounds.Here:
        return rounds.Here(
            store=self.laptop.store,
            clock=self.laptop.clock,
            ticks=self.ticks,
            new_id=self.laptop.ids,
            new_token=lambda: self.laptop.ids().hex + self.laptop.ids().hex,
            call=self.call,
            holder=str(self.laptop.path),
        )

    def call(self, url: str, token: str) -> Line:
        return Line(url, token, transport=Road(self.center.app, self.faults))

    def enrol(self, code: str, *, name: str = "laptop", own: UUID | None = None) -> enrolling.Enrolled:
        offer = enrolling.look(self.here, URL, code, own=own)
        done = enrolling.enrol(self.here, offer, name=name, version="test")
        self.laptop.compound_id = done.compound_id
        return done

    def sync(self, **more: Any) -> rounds.Report:
        return rounds.sync(self.here, self.laptop.compound_id, **more)


def traveller(
    path: Path, center: Center, *, seed: str, clock: Clock | None = None, person: UUID | None = None
) -> Traveller:
    """Return a new laptop with an empty store."""
    ids = Ids(seed)
    clock = clock or Clock(center.clock.now)
    laptop = Laptop(open_store(path, new_id=ids), ids(), person or ids(), clock, ids)
    return Traveller(laptop, center, Ticks(clock))


def at(moment: datetime) -> Clock:
    """Return a clock that begins at a moment."""
    return Clock(moment)
