"""The server's app in this process: each answer that a test gets is held against the app's own document."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
from anyio.from_thread import start_blocking_portal
from apps import quick_apps
from fastapi import FastAPI
from fastapi.routing import APIRoute
from simulation.devices import Clock, Ids

from models.store import Store
from sync.server import admin
from sync.server.app import create_app
from sync.server.limits import Limits

quick_apps()


@dataclass
class Ticks:
    """Seconds that pass when a test says so, or by themselves when it lets them run."""

    now: float = 1000.0
    runs: bool = False

    def __call__(self) -> float:
        return time.monotonic() if self.runs else self.now


class Inside(httpx.BaseTransport):
    """Carries requests to an app in an event loop of its own, from any thread, as long as the app is open."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._open = ExitStack()
        self._portal = self._open.enter_context(start_blocking_portal())
        self._open.enter_context(self._portal.wrap_async_context_manager(app.router.lifespan_context(app)))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._portal.call(self._carry, request)

    async def _carry(self, request: httpx.Request) -> httpx.Response:
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        response = await httpx.ASGITransport(self._app).handle_async_request(copy)
        content = b"".join([part async for part in response.aiter_raw()])  # type: ignore[attr-defined]
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(content), request=request
        )

    def close(self) -> None:
        self._open.close()


class Documents:
    """What the app says of itself. Every app says the same, and takes longer to say it than to answer a request."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self._validators: dict[str, Any] = {}

    def get(self, app: FastAPI) -> dict[str, Any]:
        if not self.told:
            self.told = json.loads(json.dumps(app.openapi()))
        return self.told

    def validator(self, schema: dict[str, Any]) -> Any:
        """Return what holds values against a schema of the document."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self.told["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[key]


documents = Documents()


class Api:
    """One server process's app with a client; `ticks` stand still."""

    def __init__(self, store: Store, *, limits: Limits | None = None, seed: str = "api") -> None:
        self.store, self.clock, self.ids, self.ticks = store, Clock(), Ids(seed), Ticks()
        admin.begin(store, nonce=self.ids().hex)
        self.app = create_app(
            store, clock=self.clock, ticks=self.ticks, version="test", limits=limits or Limits()
        )
        self.office = self.app.state.office
        self.document = documents.get(self.app)
        self.http = httpx.Client(
            transport=Inside(self.app), base_url="http://center.test", event_hooks={"response": [self.check]}
        )
        self.seen: set[tuple[str, str, int]] = set()

    # -- the document -----------------------------------------------------------------------

    def check(self, response: httpx.Response) -> None:
        """Hold an answer against the document: status, content type, schema."""
        response.read()
        path, method = response.request.url.path, response.request.method
        for route in self.app.routes:
            if not isinstance(route, APIRoute) or not route.path_regex.match(path):
                continue
            if method not in route.methods:
                continue
            self.seen.add((route.path, method, response.status_code))
            documented = self.document["paths"][route.path][method.lower()]["responses"]
            assert str(response.status_code) in documented, (route.path, response.status_code, response.text)
            ((kind, about),) = documented[str(response.status_code)]["content"].items()
            assert response.headers["content-type"].split(";")[0] == kind
            if kind == "application/json":
                documents.validator(about["schema"]).validate(response.json())

    # -- compounds and laptops ----------------------------------------------------------------

    def compound(self, name: str = "耐火小区") -> UUID:
        compound_id, outcome = admin.add_compound(self.store, name, clock=self.clock, new_id=self.ids)
        assert outcome.refused is None
        return compound_id

    def code(self, compound_id: UUID, *, life: timedelta = timedelta(hours=1)) -> str:
        randomness = self.ids().bytes[-8:]
        return admin.offer(self.store, compound_id, randomness=randomness, clock=self.clock, life=life)[0]

    def lodger(self, compound_id: UUID, *, name: str = "老王的电脑") -> Lodger:
        """Enrol a laptop."""
        lodger = Lodger(self, compound_id, self.ids(), self.ids().hex * 2)
        answer = self.http.post(
            "/v1/enrol",
            json={
                "code": self.code(compound_id),
                "device": lodger.device.hex,
                "name": name,
                "token": lodger.token,
            },
        )
        assert answer.status_code == 200, answer.text
        lodger.epoch = answer.json()["epoch"]
        return lodger

    def director(self, compound_id: UUID) -> Lodger:
        """Enrol a laptop with somebody at it who may do anything."""
        lodger = self.lodger(compound_id)
        lodger.person = self.ids()
        said = lodger.judge(
            lodger.operation("person.add", {"id": str(lodger.person), "name": "王德胜"}, doer=compound_id.hex)
        )
        assert said == ["accepted"]
        return lodger


@dataclass
class Lodger:
    """A laptop as HTTP sees it: a token, a device, a count."""

    api: Api
    compound: UUID
    device: UUID
    token: str
    epoch: str = ""
    n: int = 0
    person: UUID = field(default_factory=lambda: UUID(int=0))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.api.http.get(path, params={"compound": self.compound.hex, **params}, headers=self.headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.api.http.post(path, content=content, headers=self.headers)

    def operation(self, kind: str, payload: Any, **envelope: Any) -> dict[str, Any]:
        """Return an operation with the next number."""
        self.n += 1
        return {
            "id": self.api.ids().hex,
            "n": self.n,
            "kind": kind,
            "doer": self.person.hex,
            "payload": payload,
            "made_at": self.api.clock().isoformat(),
            **envelope,
        }

    def body(self, *groups: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {
            "compound": self.compound.hex,
            "device": self.device.hex,
            "epoch": self.epoch,
            "groups": [{"id": self.api.ids().hex, "operations": group} for group in groups],
            **more,
        }

    def push(self, *operations: dict[str, Any]) -> httpx.Response:
        """Push operations, each a group of its own."""
        return self.post("/v1/push", self.body(*([one] for one in operations)))

    def judge(self, *operations: dict[str, Any]) -> list[str]:
        """Push operations and return their verdicts."""
        answer = self.push(*operations)
        assert answer.status_code == 200, answer.text
        return [said["verdict"] for said in answer.json()["judgements"]]


MakeApi = Callable[..., Api]


@pytest.fixture
def make_api(open_here: Callable[..., Store]) -> Iterator[MakeApi]:
    """Make apps over SQLite, or over the store that is given."""
    made: list[Api] = []

    def make(store: Store | None = None, **settings: Any) -> Api:
        made.append(Api(store or open_here("server.linli"), seed=f"api{len(made)}", **settings))
        return made[-1]

    yield make
    for api in made:
        api.http.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """The app over SQLite."""
    return make_api()


@pytest.fixture
def any_api(make_api: MakeApi, server_store: Store) -> Api:
    """The app over SQLite, and then over PostgreSQL."""
    return make_api(server_store)
