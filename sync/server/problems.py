"""Why a request is not done: a status, a code, and when to come again."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models.errors import StoreBusy, StoreError, StoreFull
from models.replication.devices import NotLetIn
from sync.spelling import encode
from sync.wire import Refused

#: The statuses of what is refused at the door.
_DOOR = {
    "token.unknown": 401,
    "token.revoked": 403,
    "code.unknown": 404,
    "code.used": 410,
    "code.over": 410,
    "device.taken": 409,
    "compound.in_use": 409,
    "compound.hosted": 409,
}
_BUSY_SECONDS = 2
_FULL_SECONDS = 60


class Trouble(Exception):  # noqa: N818  # it becomes an answer
    """Raised anywhere below an endpoint to answer with a refusal."""

    def __init__(self, status: int, code: str, *, wait: float | None = None, **params: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.params, self.wait = status, code, params, wait


def answer(trouble: Trouble) -> Response:
    """Return the response that says what is the matter."""
    headers = {} if trouble.wait is None else {"Retry-After": str(max(1, round(trouble.wait + 0.5)))}
    content = encode(Refused(code=trouble.code, params=trouble.params))
    return Response(content, trouble.status, headers, media_type="application/json")


def trouble_of(error: Exception) -> Trouble | None:
    """Return what an exception means to whoever asked, or None for a mistake of our own."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, NotLetIn):
        return Trouble(_DOOR[error.code], error.code)
    if isinstance(error, StoreFull):
        return Trouble(503, "server.full", wait=_FULL_SECONDS)
    if isinstance(error, StoreBusy):
        return Trouble(503, "server.busy", wait=_BUSY_SECONDS)
    if isinstance(error, StoreError):
        return Trouble(503, "server.store", wait=_BUSY_SECONDS)
    return None
