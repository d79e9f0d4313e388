"""What happens on roads, to machines and to disks: each fault as something that befalls one request or one store."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from models.store import Store
from simulation.network import Carry, answer, raw
from sync.compression import inflate, squeeze

#: A reply is never larger in a test.
_MOST = 1 << 26


class Killed(BaseException):
    """The process is gone: nothing after this reaches the disk."""


# -- the road ---------------------------------------------------------------------------------


def fine(request: httpx.Request, carry: Carry) -> httpx.Response:
    return carry(request)


def dropped(request: httpx.Request, _: Carry) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def reply_lost(request: httpx.Request, carry: Carry) -> httpx.Response:
    carry(request)
    raise httpx.ReadError("cut", request=request)


def twice(request: httpx.Request, carry: Carry) -> httpx.Response:
    carry(request)
    return carry(request)


def truncated(request: httpx.Request, carry: Carry) -> httpx.Response:
    response = carry(request)
    content = raw(response)
    return answer(request, response.status_code, content[: len(content) // 2], dict(response.headers))


def hangs(request: httpx.Request, carry: Carry) -> httpx.Response:
    response = carry(request)
    content = raw(response)

    class Hanging(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield content[: len(content) // 2]
            raise httpx.ReadTimeout("no more came", request=request)

    return httpx.Response(response.status_code, headers=response.headers, stream=Hanging(), request=request)


def too_many(request: httpx.Request, _: Carry) -> httpx.Response:
    return refused(request, 429, "server.too_many", {"retry-after": "7"})


def broke(request: httpx.Request, _: Carry) -> httpx.Response:
    return refused(request, 500, "server.broke")


def busy(request: httpx.Request, _: Carry) -> httpx.Response:
    return refused(request, 503, "server.busy", {"retry-after": "2"})


def proxy_says_away(request: httpx.Request, _: Carry) -> httpx.Response:
    return answer(request, 503, b"<h1>Service Unavailable</h1>", {"content-type": "text/html"})


def portal(request: httpx.Request, _: Carry) -> httpx.Response:
    page = "<html>请登录无线网络</html>".encode()
    return answer(request, 200, page, {"content-type": "text/html"})


def portal_with_json(request: httpx.Request, _: Carry) -> httpx.Response:
    return answer(request, 200, b'{"ok": true}', {"content-type": "application/json"})


def portal_with_nothing(request: httpx.Request, _: Carry) -> httpx.Response:
    return answer(request, 200, b"", {"content-type": "application/json"})


def noise(request: httpx.Request, carry: Carry) -> httpx.Response:
    """It begins as a compressed reply and is none."""
    carry(request)
    return answer(request, 200, b"\x28\xb5\x2f\xfd" + bytes(range(200)), {"content-type": "application/json"})


def headers_stripped(request: httpx.Request, carry: Carry) -> httpx.Response:
    """A proxy takes the encoding off the headers and leaves the body as it is."""
    response = carry(request)
    headers = {"content-type": response.headers["content-type"]}
    return answer(request, response.status_code, raw(response), headers)


def uncompressed(request: httpx.Request, carry: Carry) -> httpx.Response:
    """A proxy reads what goes through and sends it on plain, both ways."""
    plain = httpx.Request(
        request.method,
        request.url,
        headers={k: v for k, v in request.headers.items() if k not in {"accept-encoding", "content-length"}},
        content=inflate(request.content, most=_MOST),
    )
    response = carry(plain)
    return answer(request, response.status_code, inflate(raw(response), most=_MOST), dict(response.headers))


def newer_server(request: httpx.Request, carry: Carry) -> httpx.Response:
    """The server has a table and a column of which this laptop has never heard."""
    response = carry(request)
    if response.status_code != httpx.codes.OK or request.url.path != "/v1/pull":
        return response
    values = json.loads(inflate(raw(response), most=_MOST))
    for part in values.get("tables", []):
        part["columns"].append("colour")
        for row in part["rows"]:
            row.append("green")
    stranger = {"table": "elevator", "columns": ["compound_id", "id", "rev"], "rows": [["00", "01", 3]]}
    values["tables"] = [*values.get("tables", []), stranger]
    values["digests"] = {**values.get("digests", {}), "elevator": [1, 77]}
    values["weather"] = "fine"
    return answer(request, 200, squeeze(json.dumps(values).encode()), dict(response.headers))


ROAD = (
    dropped,
    dropped,
    reply_lost,
    reply_lost,
    reply_lost,
    twice,
    twice,
    truncated,
    hangs,
    too_many,
    broke,
    busy,
    proxy_says_away,
    portal,
    portal_with_json,
    portal_with_nothing,
    noise,
    headers_stripped,
    uncompressed,
    newer_server,
)


def refused(
    request: httpx.Request, status: int, code: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    content = json.dumps({"linli": 1, "code": code}).encode()
    return answer(request, status, content, {"content-type": "application/json", **(headers or {})})


# -- machines and disks ---------------------------------------------------------------------------


class Statements:
    """Counts what a store is told, commits with it, and lets something happen at one of them."""

    def __init__(
        self, store: Store, at: int | None, happen: Callable[[], BaseException], *, ends: bool
    ) -> None:
        self.store, self.at, self.happen, self.ends = store, at, happen, ends
        self.count = 0
        self.happened = False

    def __enter__(self) -> Self:
        event.listen(self.store.engine, "before_cursor_execute", self.execute)
        event.listen(self.store.engine, "commit", self.commit)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.store.engine, "before_cursor_execute", self.execute)
        event.remove(self.store.engine, "commit", self.commit)

    def execute(self, *said: Any) -> None:
        statement = said[2]
        reads = ("SELECT", "BEGIN", "ROLLBACK", "SAVEPOINT", "RELEASE")
        if self.ends or not statement.lstrip().upper().startswith(reads):
            self.meet()

    def commit(self, _: object) -> None:
        self.meet()

    def meet(self) -> None:
        if self.happened and self.ends:
            raise self.happen()
        self.count += 1
        if self.count == self.at:
            self.happened = True
            raise self.happen()


def killed(store: Store, at: int | None) -> Statements:
    """Kill the process before the statement or commit number `at`; None only counts them."""
    return Statements(store, at, Killed, ends=True)


def disk_full(store: Store, at: int) -> Statements:
    """Let the disk be full at the write number `at`."""
    return Statements(store, at, lambda: _database_error(store, full=True), ends=False)


def locked(store: Store, at: int) -> Statements:
    """Let somebody else hold the database at the write number `at`."""
    return Statements(store, at, lambda: _database_error(store, full=False), ends=False)


def _database_error(store: Store, *, full: bool) -> OperationalError:
    if store.engine.dialect.name == "postgresql":
        from psycopg import errors

        cause: Exception = errors.DiskFull("no space left") if full else errors.LockNotAvailable("locked")
    else:
        dbapi = store.engine.dialect.loaded_dbapi
        cause = dbapi.OperationalError("database or disk is full" if full else "database is locked")
    return OperationalError("a statement", {}, cause)


@contextmanager
def anything(dice: random.Random, store: Store) -> Iterator[Statements | None]:
    """Now and then let a disk be full, or a lock be taken, at some write."""
    chance = dice.random()
    at = dice.randint(1, 40)
    if chance < 0.5:
        with disk_full(store, at) as full:
            yield full
    else:
        with locked(store, at) as lock:
            yield lock
