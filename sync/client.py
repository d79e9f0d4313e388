"""Speaking to a server: one method for each thing to ask, and a named error for each thing that can go wrong.

Nothing is believed before it looks like a Linli server's: a captive portal
answers 200 with a page about itself.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from functools import cache
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
from pydantic import Field, ValidationError

from sync import spelling, wire
from sync.compression import Garbled, TooLarge, inflate, squeeze
from sync.messages import Operation, Push

R = TypeVar("R", bound=wire.Reply)

#: A reply larger than this is none of ours.
_MOST_REPLY = 64 * 1024 * 1024
#: Seconds: to connect, and for the server to send or take the next piece.
_CONNECT, _PIECE = 10.0, 40.0
_SERVER_AT_FAULT = 500
_OK = 200


class SyncError(Exception):
    """A contact failed. `code` names the reason; `wait` is when the server asks to come again, in seconds."""

    def __init__(self, code: str, *, wait: float | None = None, status: int = 0, **params: Any) -> None:
        super().__init__(code)
        self.code, self.wait, self.status, self.params = code, wait, status, params


class Away(SyncError):  # noqa: N818  # says what is the case
    """No server was reached, or it broke off: the network, a proxy, or the server itself."""


class Strange(SyncError):  # noqa: N818  # says what is the case
    """Something answered that is no Linli server: a hotel's sign-in page, a wrong address."""


class Denied(SyncError):  # noqa: N818  # says what is the case
    """The server understood and said no."""


@cache
def _certificates() -> ssl.SSLContext:
    """Return what certificates are checked with; reading them takes longer than a round."""
    return httpx.create_ssl_context()


class Line:
    """A line to one server. `up` and `down` count bytes of bodies as they travelled."""

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = _PIECE,
    ) -> None:
        self.up = self.down = 0
        headers = {
            "Linli-Protocol": str(wire.PROTOCOL),
            "Accept-Encoding": "zstd",
            "Content-Type": "application/json",
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=httpx.Timeout(timeout, connect=_CONNECT),
            transport=transport,
            verify=_certificates() if url.startswith("https:") else False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def speak_as(self, token: str) -> None:
        """Show another secret from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    # -- what may be asked ------------------------------------------------------------------

    def hello(self) -> wire.HelloReply:
        """Ask who answers."""
        return self._ask(wire.HelloReply, "GET", "/v1/hello")

    def push(self, push: Push, epoch: str) -> wire.PushReply:
        """Send operations."""
        return self._ask(wire.PushReply, "POST", "/v1/push", spelling.push_bytes(push, epoch))

    def heal(
        self, compound_id: UUID, epoch: str, groups: Sequence[Sequence[tuple[Operation, int]]]
    ) -> wire.PushReply:
        """Send what a restored server may have lost."""
        content = spelling.heal_bytes(compound_id, epoch, groups)
        return self._ask(wire.PushReply, "POST", "/v1/heal", content)

    def pull(
        self,
        compound_id: UUID,
        *,
        after: int,
        acked_n: int,
        held: Sequence[UUID] = (),
        place: str = "",
        devices_tag: str = "",
    ) -> tuple[wire.PullReply, bytes]:
        """Ask for a page; returns it with the bytes it came as."""
        params: list[tuple[str, str | int | float | bool | None]] = [
            ("compound", compound_id.hex),
            ("after", after),
            ("acked", acked_n),
            ("place", place),
            ("devices", devices_tag),
        ]
        params += [("held", operation_id.hex) for operation_id in held[:100]]
        content = self._fetch("GET", "/v1/pull", None, httpx.QueryParams(params))
        return self.read(content), content

    @staticmethod
    def read(content: bytes) -> wire.PullReply:
        """Return the page that bytes from `pull` hold."""
        return _parse(wire.PullReply, content)

    def history(self, compound_id: UUID, *, after: int) -> wire.HistoryReply:
        """Ask who did what after a rev."""
        return self._ask(
            wire.HistoryReply,
            "GET",
            "/v1/history",
            params=httpx.QueryParams({"compound": compound_id.hex, "after": after}),
        )

    def wait(self, compound_id: UUID, *, after: int) -> wire.HeadReply:
        """Wait until there is something beyond a rev, or the server's patience ends."""
        return self._ask(
            wire.HeadReply,
            "GET",
            "/v1/wait",
            params=httpx.QueryParams({"compound": compound_id.hex, "after": after}),
        )

    def look(self, code: str, device_id: UUID | None = None) -> wire.LookReply:
        """Ask what a code opens, or has opened for this device. What can be none is not sent."""
        try:
            body = wire.LookBody(code=code, device=device_id)
        except ValidationError as error:
            raise Denied("code.unknown") from error
        return self._ask(wire.LookReply, "POST", "/v1/enrol/look", spelling.encode(body))

    def enrol(self, body: wire.EnrolBody) -> wire.EnrolReply:
        """Use a code up."""
        return self._ask(wire.EnrolReply, "POST", "/v1/enrol", spelling.encode(body))

    def fork(self, device_id: UUID, token: str) -> wire.ForkReply:
        """Ask to be a device of one's own."""
        return self._ask(
            wire.ForkReply, "POST", "/v1/fork", spelling.encode(wire.ForkBody(device=device_id, token=token))
        )

    # -- inside -------------------------------------------------------------------------------

    def _ask(
        self,
        reply: type[R],
        method: str,
        path: str,
        content: bytes | None = None,
        params: httpx.QueryParams | None = None,
    ) -> R:
        return _parse(reply, self._fetch(method, path, content, params))

    def _fetch(
        self, method: str, path: str, content: bytes | None, params: httpx.QueryParams | None
    ) -> bytes:
        """Return the body of a good answer as it came; raise for every other."""
        body = None if content is None else squeeze(content)
        try:
            with self._http.stream(method, path, content=body, params=params) as response:
                received = bytearray()
                for part in response.iter_raw():
                    received += part
                    if len(received) > _MOST_REPLY:
                        raise Strange("sync.strange")
        except httpx.InvalidURL as error:
            raise Strange("sync.address") from error
        except httpx.UnsupportedProtocol as error:
            raise Strange("sync.address") from error
        except httpx.TransportError as error:
            raise Away("sync.away") from error
        finally:
            self.up += len(body or b"")
        self.down += len(received)
        if response.status_code == _OK:
            return _plausible(response, bytes(received))
        raise _denied(response, bytes(received))


def _plausible(response: httpx.Response, content: bytes) -> bytes:
    if not response.headers.get("content-type", "").startswith("application/json"):
        raise Strange("sync.strange")
    return content


def _parse(reply: type[R], content: bytes) -> R:
    try:
        return reply.model_validate_json(inflate(content, most=_MOST_REPLY))
    except (ValidationError, TooLarge, Garbled) as error:
        raise Strange("sync.strange") from error


def _denied(response: httpx.Response, content: bytes) -> SyncError:
    wait = _seconds(response.headers.get("retry-after"))
    status = response.status_code
    try:
        said = _refusal(_plausible(response, content))
    except Strange:
        # A proxy in between: when it says that the server is away, that is what is the case.
        return (
            Away("sync.away", wait=wait, status=status)
            if status >= _SERVER_AT_FAULT
            else Strange("sync.strange", status=status)
        )
    if status >= _SERVER_AT_FAULT or status == httpx.codes.TOO_MANY_REQUESTS:
        return Away(said.code, wait=wait, status=status)
    return Denied(said.code, wait=wait, status=status, **said.params)


class _Refusal(wire.Message):
    """A refusal in any version of the protocol: that it is another one is what it may say."""

    linli: int
    code: str
    params: dict[str, Any] = Field(default_factory=dict)


def _refusal(content: bytes) -> _Refusal:
    try:
        return _Refusal.model_validate_json(inflate(content, most=_MOST_REPLY))
    except (ValidationError, TooLarge, Garbled) as error:
        raise Strange("sync.strange") from error


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else min(max(float(text), 0.0), 3600.0)
    except ValueError:
        return None
