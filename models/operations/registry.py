"""The kinds of operation: what each carries, who may make it, what applies it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from models.operations.envelope import Acting, Intent
from models.operations.roles import Role
from models.operations.verdicts import Verdict

if TYPE_CHECKING:
    from models.operations.workspace import Workspace


class Nature(StrEnum):
    """A fact happened and is always applied; a decision may be refused."""

    FACT = "fact"
    DECISION = "decision"


class Payload(BaseModel):
    """What an operation carries: every choice, validated once, here."""

    # Deferred: most kinds are never used in one run of the program.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


class EditPayload(Payload):
    """A payload that edits one row field by field.

    Subclasses hold `old` and `new`, partial models of the same fields, and
    name the field that refers to the row in `target`.
    """

    target: ClassVar[str]
    table: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a payload field that refers to a row of `table`; people may give a code instead of an id."""

    table: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """Marks a payload field that holds the id of a new row; the edge makes one where none is given."""


RowId = Annotated[UUID, Fresh()]


@dataclass(frozen=True, slots=True)
class Allotted:
    """Marks a payload field that the laptop fills where nobody does: a short name that it gives out itself."""

    series: str


P = TypeVar("P", bound=Payload)
Handler = Callable[["Workspace", P], Verdict | None]
Undo = Callable[["Workspace", P], Sequence[Intent]]
Prepare = Callable[["Workspace", Sequence[P]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One registered kind; `may` None means everyone, whatever their role.

    `prepare` loads in bulk what the payloads of a group will ask for.
    """

    name: str
    v: int
    nature: Nature
    payload: type[Payload]
    may: frozenset[Role] | None
    handler: Handler[Any]
    undo: Undo[Any] | None
    prepare: Prepare[Any] | None


KINDS: dict[str, Kind] = {}

Finder = Callable[[Session, UUID, str], Sequence[UUID]]
#: How people name a row: table name -> session, compound, what they typed -> the rows it may mean.
FINDERS: dict[str, Finder] = {}

Allotter = Callable[[Session, UUID], str]
#: What gives out the next short name of a series: its name -> session, compound -> the short name.
ALLOTTERS: dict[str, Allotter] = {}

#: Session, payload, who acts -> what the payload left to the transaction it is performed in.
Filler = Callable[[Session, Mapping[str, Any], "Acting"], dict[str, Any]]
#: What completes payloads where they are performed, once: a number that must not be given twice, the lines printed with it.
FILLERS: dict[str, Filler] = {}


def register(
    name: str,
    payload: type[P],
    *,
    nature: Nature = Nature.DECISION,
    may: Iterable[Role] | None,
    v: int = 1,
    undo: Undo[P] | None = None,
    prepare: Prepare[P] | None = None,
) -> Callable[[Handler[P]], Handler[P]]:
    """Register the decorated handler as the one way to apply a kind."""

    def keep(handler: Handler[P]) -> Handler[P]:
        if name in KINDS:
            raise ValueError(f"kind {name} is registered twice")
        allowed = None if may is None else frozenset(may)
        KINDS[name] = Kind(name, v, nature, payload, allowed, handler, undo, prepare)
        return handler

    return keep


def finder(table: str) -> Callable[[Finder], Finder]:
    """Register the decorated function as the way people name rows of a table."""

    def keep(find: Finder) -> Finder:
        FINDERS[table] = find
        return find

    return keep


def allotter(series: str) -> Callable[[Allotter], Allotter]:
    """Register the decorated function as what gives out short names of a series."""

    def keep(allot: Allotter) -> Allotter:
        ALLOTTERS[series] = allot
        return allot

    return keep


def filler(kind: str) -> Callable[[Filler], Filler]:
    """Register the decorated function as what completes a kind's payloads in their own transaction."""

    def keep(fill: Filler) -> Filler:
        FILLERS[kind] = fill
        return fill

    return keep


def intent(kind: str, payload: Payload, **who: Any) -> Intent:
    """Wrap a typed payload; fields that were not set stay out, so that a partial edit stays partial."""
    return Intent(kind, payload.model_dump(mode="json", exclude_unset=True), **who)


@cache
def referring(payload: type[Payload]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a payload that hold one row's id, each with the table it refers to."""
    found: list[tuple[str, str]] = []
    for name, field in payload.model_fields.items():
        inner = [mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())]
        if get_origin(field.annotation) not in {list, tuple, dict}:
            found += [(name, mark.table) for mark in (*field.metadata, *inner) if isinstance(mark, Ref)]
    return tuple(found)


def load_kinds() -> Mapping[str, Kind]:
    """Import every feature, so that its kinds and tables are registered, and return the registry."""
    import models.features  # noqa: F401

    return KINDS
