"""What travels, as JSON: the types that both sides check each body with. `spelling` turns values into them and back."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, PlainSerializer

from models.text import normalise

#: The version of this protocol. A side that hears another one says so and changes nothing.
PROTOCOL = 1

_Count = Annotated[int, Field(ge=0, le=2**53)]
#: Ids travel without dashes, as rows do.
_Id = Annotated[UUID, PlainSerializer(lambda value: value.hex, return_type=str, when_used="json")]
#: What can be put into any zone and any database. A clock that is out by more than that still stops nothing.
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_Time = Annotated[AwareDatetime, AfterValidator(lambda moment: min(max(moment, _FIRST), _LAST))]


def _finite(payload: dict[str, Any]) -> dict[str, Any]:
    """Refuse NaN and Infinity, which JSON does not have and PostgreSQL does not take."""
    rest: list[Any] = [payload]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest += value.values()
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, float) and not isfinite(value):
            raise ValueError("a number that is none")
    return payload


_Payload = Annotated[dict[str, JsonValue], AfterValidator(_finite)]
#: What somebody calls a thing: without the characters that move a terminal's cursor, or that no database takes.
_Plain = AfterValidator(normalise)
_Kind = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=64)]


class Message(BaseModel):
    """Every body in either direction. A field that this version does not know is no mistake."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Reply(Message):
    """What every answer of a server begins with; a captive portal's does not."""

    linli: Literal[1] = 1


class WireOperation(Message):
    """An operation. What is as usual is left out: the doer records it, when it happens, at once."""

    id: _Id
    n: Annotated[int, Field(ge=1, le=2**53)]
    kind: _Kind
    v: Annotated[int, Field(ge=1, le=10_000)] = 1
    doer: _Id
    recorder: _Id | None = None
    payload: _Payload
    needs: Annotated[list[_Id], Field(max_length=1000)] = []
    made_at: _Time
    happened_at: _Time | None = None
    at: _Time | None = None
    seen: _Count = 0


class WireGroup(Message):
    """Operations that stand or fall together."""

    id: _Id
    batch: _Id | None = None
    operations: Annotated[list[WireOperation], Field(min_length=1, max_length=200)]


def _each_once(groups: list[Any]) -> list[Any]:
    ids = [operation.id for group in groups for operation in group.operations]
    if len(set(ids)) < len(ids):
        raise ValueError("an operation comes twice")
    return groups


class PushBody(Message):
    """What a laptop sends of one compound. `epoch` is the server it takes this one for."""

    compound: _Id
    device: _Id
    epoch: Annotated[str, Field(max_length=64)] = ""
    groups: Annotated[list[WireGroup], Field(max_length=1200), AfterValidator(_each_once)]


class WireJudgement(Message):
    """What was said of an operation; `rev` is its place in the compound's order."""

    id: _Id
    n: int
    verdict: str
    rev: int | None = None
    code: str | None = None
    params: dict[str, Any] = {}


class PushReply(Reply):
    """Verdicts in the order the operations came; `replayed` had been judged before."""

    epoch: str
    judgements: list[WireJudgement]
    replayed: list[_Id] = []


class LostOperation(WireOperation):
    """An operation that a restored server may have lost, with its old place."""

    device: _Id
    rev: int


class LostGroup(Message):
    """A group as it stood in a laptop's log."""

    id: _Id
    batch: _Id | None = None
    operations: Annotated[list[LostOperation], Field(min_length=1, max_length=200)]


class HealBody(Message):
    """What a laptop still has of the time after the copy that a server was restored from."""

    compound: _Id
    epoch: Annotated[str, Field(max_length=64)]
    groups: Annotated[list[LostGroup], Field(max_length=1200), AfterValidator(_each_once)]


class WireRows(Message):
    """Rows of one table: `columns` once, then values in that order."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class WireDevice(Message):
    """A laptop of the compound."""

    id: _Id
    name: str
    enrolled_at: AwareDatetime
    last_seen: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None


class PullReply(Reply):
    """A page; see `sync.messages.Page`. `now` is the server's clock. `devices` come when they have changed."""

    epoch: str
    now: AwareDatetime
    compound: _Id
    after: int
    head: int
    tables: list[WireRows] = []
    judgements: list[WireJudgement] = []
    next: str = ""
    last_n: int = 0
    digests: dict[str, list[int]] = {}
    devices: list[WireDevice] | None = None
    devices_tag: str = ""


class WireLogged(LostOperation):
    """An operation of anybody, as the log keeps it."""

    group: _Id
    batch: _Id | None = None
    verdict: str
    params: dict[str, Any] = {}


class HistoryReply(Reply):
    """Operations by rev. `upto` is where the next page goes on; it is the head on the last."""

    epoch: str
    head: int
    upto: int
    operations: list[WireLogged]


class HelloReply(Reply):
    """Who answers: the server's epoch, clock, schema and version."""

    epoch: str
    now: AwareDatetime
    schema_revision: str
    version: str


class EnrolBody(Message):
    """A code, and the secret that this laptop will show from now on.

    `adopt` is a compound that was founded on the laptop and that the server shall keep.
    """

    code: Annotated[str, Field(min_length=4, max_length=64)]
    device: _Id
    name: Annotated[str, Field(min_length=1, max_length=80), _Plain]
    token: Annotated[str, Field(min_length=32, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
    version: Annotated[str, Field(max_length=40), _Plain] = ""
    adopt: _Id | None = None


class LookBody(Message):
    """A code to look at, without using it up. `device` may look at one that it has used."""

    code: Annotated[str, Field(min_length=4, max_length=64)]
    device: _Id | None = None


class LookReply(Reply):
    """What a code opens. `pristine` tells that nobody has used the compound: a laptop's own may take its place."""

    epoch: str
    now: AwareDatetime
    compound: _Id
    name: str
    pristine: bool
    rows: int
    expires_at: AwareDatetime


class EnrolReply(Reply):
    """The compound that this laptop may now read and write."""

    epoch: str
    now: AwareDatetime
    compound: _Id
    device: _Id
    rows: int


class ForkBody(Message):
    """A copied laptop asks to be a device of its own."""

    device: _Id
    token: Annotated[str, Field(min_length=32, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]


class ForkReply(Reply):
    """Who the laptop is from now on."""

    epoch: str
    device: _Id


class HeadReply(Reply):
    """The compound's head, when it is beyond what was asked about, or when the time is over."""

    epoch: str
    head: int


class DevicesReply(Reply):
    """The laptops of a compound."""

    epoch: str
    devices: list[WireDevice]
    devices_tag: str


class HealthReply(Reply):
    """That the server runs; `compounds` how many it keeps, when the database was asked."""

    status: str
    compounds: int | None = None


class Refused(Reply):
    """Why a request was not done, as a code; `params` fill its sentence."""

    code: str
    params: dict[str, Any] = {}
