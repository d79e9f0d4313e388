"""What travels: operations up, verdicts and rows down. Values only; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.operations.envelope import Operation
from models.operations.verdicts import Judgement

#: A row as JSON values, its columns by name.
WireRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """What waits on one laptop for one compound: whole groups, in the order they were made."""

    compound_id: UUID
    device_id: UUID
    groups: tuple[tuple[Operation, ...], ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the server says of a push, operation by operation, in the order they came.

    `replayed` are those it had judged before: their verdict is the one given
    then, so that a laptop whose reply was lost hears the same thing.
    """

    compound_id: UUID
    judgements: tuple[Judgement, ...]
    replayed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """Every row that changed after a rev, from one snapshot, with this device's verdicts.

    `rows` go by table name. `head` is the last rev given out in the compound: a
    laptop that has taken the page is there.
    """

    compound_id: UUID
    after: int
    head: int
    rows: Mapping[str, Sequence[WireRow]] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
