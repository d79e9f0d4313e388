"""What became of an operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.problems import Param, Problem


@dataclass(frozen=True, slots=True)
class Accepted:
    """Applied as meant."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The thing existed already under its natural key; `into` is the row that stands for both."""

    into: UUID


@dataclass(frozen=True, slots=True)
class Conflicted:
    """Applied, but somebody else's value met it; `conflicts` are the rows that keep both."""

    conflicts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Met before; nothing was done again."""


@dataclass(frozen=True, slots=True)
class Held:
    """The handler broke; the operation is kept and will be judged again."""

    code: str = "held"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A decision that may not stand, and why. Facts never get this."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


Verdict = Accepted | Merged | Conflicted | Duplicate | Held | Rejected

_NAMES: dict[type, str] = {
    Accepted: "accepted",
    Merged: "merged",
    Conflicted: "conflict",
    Duplicate: "duplicate",
    Held: "held",
    Rejected: "rejected",
}


def verdict_name(verdict: Verdict) -> str:
    """Return the word for a verdict as the log, the wire and the command line spell it."""
    return _NAMES[type(verdict)]


def verdict_params(verdict: Verdict) -> dict[str, Any]:
    """Return what a verdict says beyond its name and code, as JSON values."""
    if isinstance(verdict, Rejected):
        return dict(verdict.params)
    if isinstance(verdict, Merged):
        return {"into": verdict.into.hex}
    if isinstance(verdict, Conflicted):
        return {"conflicts": [row_id.hex for row_id in verdict.conflicts]}
    return {}


def verdict_code(verdict: Verdict) -> str | None:
    """Return the reason of a verdict that has one."""
    return verdict.code if isinstance(verdict, Rejected | Held) else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a server said of one operation, as it is stored and as it travels.

    `rev` is its place in the compound's order, None when it took none. `params`
    fill the sentence of a refusal; `into` names the row that stands for a merged
    one, `conflicts` the rows that keep what was put aside.
    """

    operation_id: UUID
    n: int
    verdict: str
    rev: int | None
    code: str | None
    params: Mapping[str, Any]


class Refusal(Exception):  # noqa: N818  # it is no error: a handler says no
    """Raised by a decision's handler to refuse; becomes `Rejected`."""

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Param] = params
