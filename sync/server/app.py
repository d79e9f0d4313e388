"""The ASGI app: addresses, bodies, tokens, limits. What is done for a request is in `office`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import anyio.to_thread
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from models.errors import StoreError
from models.replication.devices import Admitted, NotLetIn
from models.store import Store
from sync import spelling, wire
from sync.compression import Garbled, TooLarge, inflate, squeeze
from sync.server.limits import Buckets, Limits
from sync.server.office import Office, compounds_hosted
from sync.server.problems import Trouble, answer, trouble_of
from sync.server.watch import Watch

B = TypeVar("B", bound=BaseModel)
T = TypeVar("T")

_ANY_TIME = {
    400: "the request cannot be understood",
    401: "no token, or one that nobody knows",
    403: "the laptop was revoked, or the compound is not its own",
    413: "more bytes than a request may hold",
    426: "another version of the protocol",
    429: "too many requests; Retry-After says when to come again",
    503: "busy, or no room on the disk; Retry-After says when to come again",
}
_LARGEST = 2**53
_PLACE = r"^([a-z_]+:[0-9]{1,16}:[0-9a-fA-F]{32})?$"

_bearer = HTTPBearer(auto_error=False, description="the laptop's token")
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Number = Annotated[int, Query(ge=0, le=_LARGEST)]
Protocol = Annotated[str | None, Header(alias="Linli-Protocol", max_length=10)]


def create_app(
    store: Store,
    *,
    clock: Callable[[], datetime],
    ticks: Callable[[], float],
    version: str,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> FastAPI:
    """Return the app over a store. Clock and ticks (steady seconds) are the edge's, or a test's."""
    office = Office(store, clock=clock, version=version)

    @asynccontextmanager
    async def open_for_a_while(_: FastAPI) -> AsyncIterator[None]:
        office.bell.open()
        try:
            yield
        finally:
            office.bell.close()

    app = FastAPI(
        title="Linli",
        version=version,
        description="Operations up, rows down. Bodies are JSON, and may be compressed with zstd.",
        lifespan=open_for_a_while,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.office = office
    desk = _Desk(office, limits or Limits(), ticks, watch or Watch(ticks))
    app.middleware("http")(desk.around)
    for kind in (HTTPException, RequestValidationError):
        app.exception_handler(kind)(desk.misunderstood)
    _add_laptops_part(app, desk)
    _add_joining(app, desk)
    _add_watching(app, desk)
    return app


class _Desk:
    """What every endpoint needs: who asks, the body, a thread to work in, an answer."""

    def __init__(self, office: Office, limits: Limits, ticks: Callable[[], float], watch: Watch) -> None:
        self.office, self.limits, self.ticks, self.watch = office, limits, ticks, watch
        self._laptops = Buckets(limits.burst, limits.per_second, ticks)
        self._strangers = Buckets(limits.stranger_burst, limits.stranger_per_second, ticks)

    async def around(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Measure a request, and turn what goes wrong into an answer."""
        began = self.ticks()
        try:
            response = await call_next(request)
        except Exception as error:  # noqa: BLE001  # the last fence: a laptop always gets an answer
            known = trouble_of(error)
            if known is None:
                self.watch.broke(request, error)
                known = Trouble(500, "server.broke")
            response = answer(known)
            request.state.code = known.code
        self.watch.answered(request, response.status_code, self.ticks() - began)
        return response

    async def misunderstood(self, request: Request, error: Exception) -> Response:
        """Answer what has no endpoint, or not this form, in our own words."""
        if isinstance(error, HTTPException):
            known = Trouble(error.status_code, "request.no_such_thing")
        else:
            known = Trouble(422, "request.invalid", problems=_where(error))
        request.state.code = known.code
        response = answer(known)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    async def admit(self, request: Request, token: HTTPAuthorizationCredentials | None) -> Admitted:
        """Return the laptop that asks."""
        if token is None:
            raise Trouble(401, "token.unknown")
        try:
            who = await self.work(self.office.admitted, token.credentials)
        except NotLetIn:
            self.admit_stranger(request)
            raise
        request.state.device = who.device_id
        self._check_rate(self._laptops, who.device_id.hex)
        return who

    async def admit_anyone(self, request: Request, token: HTTPAuthorizationCredentials | None) -> None:
        """Count whoever asks, as the laptop it says it is, or as a stranger."""
        if token is None:
            self.admit_stranger(request)
        else:
            await self.admit(request, token)

    def admit_stranger(self, request: Request) -> None:
        """Count somebody without a token, so that codes cannot be tried by the thousand."""
        self._check_rate(self._strangers, request.client.host if request.client else "")

    def _check_rate(self, buckets: Buckets, caller: str) -> None:
        wait = buckets.take(caller)
        if wait:
            raise Trouble(429, "server.too_many", wait=wait)

    async def body(self, request: Request, model: type[B]) -> B:
        """Read a body within its bounds and check it."""
        content = bytearray()
        try:
            async for part in request.stream():
                content += part
                if len(content) > self.limits.body:
                    raise Trouble(413, "body.too_large", most=self.limits.body)
        except ClientDisconnect as error:
            # A bad line is no mistake of ours. Nobody hears this answer, but the log tells it.
            raise Trouble(400, "request.broken_off") from error
        self.watch.received(len(content))
        try:
            inflated = inflate(bytes(content), most=self.limits.inflated)
        except TooLarge as error:
            raise Trouble(413, "body.too_large", most=self.limits.inflated) from error
        except Garbled as error:
            raise Trouble(400, "body.garbled") from error
        try:
            return model.model_validate_json(inflated)
        except ValidationError as error:
            raise Trouble(422, "request.invalid", problems=_where(error)) from error

    async def work(self, job: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Do a job in a thread, within the time that a request may take.

        A job that takes longer goes on and may well be done; whoever asked comes
        again and gets the same answer then.
        """
        try:
            with anyio.fail_after(self.limits.seconds):
                return await anyio.to_thread.run_sync(lambda: job(*args, **kwargs), abandon_on_cancel=True)
        except TimeoutError as error:
            raise Trouble(503, "server.slow", wait=5) from error

    def count(self, reply: wire.PushReply) -> None:
        """Count what was judged just now, and apart from that what had been judged before."""
        before = set(reply.replayed)
        fresh = [said.verdict for said in reply.judgements if said.id not in before]
        self.watch.judged(fresh, len(before))

    def reply(self, request: Request, content: wire.Message | dict[str, Any]) -> Response:
        """Return an answer, compressed when the asker can read that."""
        plain = spelling.encode(content) if isinstance(content, wire.Message) else to_json(content)
        headers = {"Vary": "Accept-Encoding"}
        if "zstd" in request.headers.get("accept-encoding", ""):
            squeezed = squeeze(plain)
            if squeezed is not plain:
                headers["Content-Encoding"] = "zstd"
                plain = squeezed
        self.watch.sent(len(plain))
        return Response(plain, headers=headers, media_type="application/json")


def _where(error: Exception) -> list[dict[str, str]]:
    """Return which fields are wrong and how; never what they held."""
    if not isinstance(error, ValidationError | RequestValidationError):
        return []
    return [
        {"field": ".".join(map(str, one["loc"]))[:200], "rule": str(one["type"])}
        for one in error.errors()[:20]
    ]


def _about(reply: type[BaseModel], body: type[BaseModel] | None = None, **more: str) -> dict[str, Any]:
    """Return what OpenAPI says of an endpoint that reads its body itself."""
    others = _ANY_TIME | {int(status.removeprefix("_")): text for status, text in more.items()}
    if body is not None:
        others[422] = "a field is missing or wrong"
    about: dict[str, Any] = {
        "responses": {
            200: {"model": reply},
            **{status: {"model": wire.Refused, "description": text} for status, text in others.items()},
        }
    }
    if body is not None:
        schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        about["openapi_extra"] = {
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
        }
    return about


def _check_protocol(protocol: str | None) -> None:
    if protocol is not None and protocol != str(wire.PROTOCOL):
        raise Trouble(426, "protocol", protocol=wire.PROTOCOL)


def _add_laptops_part(app: FastAPI, desk: _Desk) -> None:
    office = desk.office

    @app.get("/v1/hello", **_about(wire.HelloReply))
    async def hello(request: Request, token: Token, protocol: Protocol = None) -> Response:
        """Say who answers, and what time it is here; to a laptop, or to anybody."""
        _check_protocol(protocol)
        await desk.admit_anyone(request, token)
        return desk.reply(request, await desk.work(office.hello))

    @app.post("/v1/push", **_about(wire.PushReply, wire.PushBody, _409="gap, fork or another epoch"))
    async def push(request: Request, token: Token, protocol: Protocol = None) -> Response:
        """Judge operations of a laptop, in the order it made them."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        body = await desk.body(request, wire.PushBody)
        reply = await desk.work(office.push, who, body)
        desk.count(reply)
        return desk.reply(request, reply)

    @app.post(
        "/v1/heal", **_about(wire.PushReply, wire.HealBody, _409="nothing was restored, or another epoch")
    )
    async def heal(request: Request, token: Token, protocol: Protocol = None) -> Response:
        """Take back operations that a restored server lost."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        body = await desk.body(request, wire.HealBody)
        reply = await desk.work(office.heal, who, body)
        desk.count(reply)
        return desk.reply(request, reply)

    @app.get("/v1/pull", **_about(wire.PullReply, _422="a parameter is missing or wrong"))
    async def pull(  # noqa: PLR0917  # FastAPI passes them by name
        request: Request,
        token: Token,
        compound: UUID,
        after: Number = 0,
        acked: Number = 0,
        held: Annotated[list[UUID] | None, Query(max_length=100)] = None,
        place: Annotated[str, Query(max_length=200, pattern=_PLACE)] = "",
        devices: Annotated[str, Query(max_length=40)] = "",
        protocol: Protocol = None,
    ) -> Response:
        """Return rows that changed after a rev, and what was judged of this laptop's operations."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        page = await desk.work(
            office.pull,
            who,
            compound,
            after=after,
            acked_n=acked,
            held=held or [],
            place=place,
            devices_tag=devices,
        )
        return desk.reply(request, page)

    @app.get("/v1/history", **_about(wire.HistoryReply, _422="a parameter is missing or wrong"))
    async def history(
        request: Request, token: Token, compound: UUID, after: Number = 0, protocol: Protocol = None
    ) -> Response:
        """Return who did what after a rev, oldest first."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        return desk.reply(request, await desk.work(office.history, who, compound, after=after))

    @app.get("/v1/wait", **_about(wire.HeadReply, _422="a parameter is missing or wrong"))
    async def wait(
        request: Request, token: Token, compound: UUID, after: Number = 0, protocol: Protocol = None
    ) -> Response:
        """Answer when there is something beyond `after`, or when the time is over."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        until = desk.ticks() + desk.limits.wait_seconds
        while True:
            epoch, head = await desk.work(office.head, who, compound)
            left = until - desk.ticks()
            if head > after or left <= 0:
                return desk.reply(request, wire.HeadReply(epoch=epoch, head=head))
            await office.bell.wait(compound, left)

    @app.get("/v1/devices", **_about(wire.DevicesReply, _422="a parameter is missing or wrong"))
    async def devices_of(
        request: Request, token: Token, compound: UUID, protocol: Protocol = None
    ) -> Response:
        """Return the laptops of a compound."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        return desk.reply(request, await desk.work(office.devices, who, compound))


def _add_joining(app: FastAPI, desk: _Desk) -> None:
    office = desk.office

    @app.post(
        "/v1/enrol/look",
        **_about(wire.LookReply, wire.LookBody, _404="no such code", _410="the code is used or over"),
    )
    async def look(request: Request, protocol: Protocol = None) -> Response:
        """Say what a code opens, without using it up."""
        _check_protocol(protocol)
        desk.admit_stranger(request)
        body = await desk.body(request, wire.LookBody)
        return desk.reply(request, await desk.work(office.look, body))

    @app.post(
        "/v1/enrol",
        **_about(
            wire.EnrolReply,
            wire.EnrolBody,
            _404="no such code",
            _409="another laptop has this name, or the compound is in use",
            _410="the code is used or over",
        ),
    )
    async def enrol(request: Request, protocol: Protocol = None) -> Response:
        """Let a laptop in. The same laptop may repeat it."""
        _check_protocol(protocol)
        desk.admit_stranger(request)
        body = await desk.body(request, wire.EnrolBody)
        return desk.reply(request, await desk.work(office.enrol, body))

    @app.post("/v1/fork", **_about(wire.ForkReply, wire.ForkBody, _409="another laptop has this name"))
    async def fork(request: Request, token: Token, protocol: Protocol = None) -> Response:
        """Make a copied laptop a device of its own."""
        _check_protocol(protocol)
        who = await desk.admit(request, token)
        body = await desk.body(request, wire.ForkBody)
        return desk.reply(request, await desk.work(office.fork, who, body))


def _add_watching(app: FastAPI, desk: _Desk) -> None:
    office = desk.office

    @app.get("/healthz", **_about(wire.HealthReply))
    async def health(request: Request) -> Response:
        """Tell that the process runs."""
        return desk.reply(request, wire.HealthReply(status="ok"))

    @app.get("/readyz", **_about(wire.HealthReply))
    async def ready(request: Request) -> Response:
        """Tell whether the database answers."""

        def ask() -> int:
            with office.store.read() as session:
                return compounds_hosted(session)

        try:
            count = await desk.work(ask)
        except StoreError as error:
            raise Trouble(503, "server.store", wait=5) from error
        return desk.reply(request, wire.HealthReply(status="ok", compounds=count))

    @app.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics() -> Response:
        """Return counters and times in Prometheus' format."""
        content, kind = await asyncio.to_thread(desk.watch.exposition)
        return Response(content, media_type=kind)

    describe = app.openapi

    def openapi() -> dict[str, Any]:
        document = describe()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for body in (wire.PushBody, wire.HealBody, wire.LookBody, wire.EnrolBody, wire.ForkBody):
            parts = body.model_json_schema(ref_template="#/components/schemas/{model}").get("$defs", {})
            for name, schema in parts.items():
                schemas.setdefault(name, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
