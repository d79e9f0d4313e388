"""An operation: one intention of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.ids import NewId


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants done: a kind and its payload as JSON values.

    `doer_id` and `happened_at` differ from the acting person and the present
    when paper is typed in later, or one volunteer records for another.
    """

    kind: str
    payload: Mapping[str, Any]
    doer_id: UUID | None = None
    happened_at: datetime | None = None
    #: The operation's id where it has one already; else perform makes one.
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts on this laptop, in which compound, and where its clock and ids come from.

    `ticks` counts seconds steadily since the machine started; beside the clock
    it tells when somebody has set the clock (models.operations.clocks).
    """

    compound_id: UUID
    person_id: UUID
    clock: Callable[[], datetime]
    new_id: NewId
    ticks: Callable[[], float] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An intent in its envelope, as it is logged and as it travels.

    `made_at` is when it was recorded and `happened_at` when the thing took
    place, both aware. `at` is `made_at` put right where the laptop's clock was
    wrong. `needs` names the operations whose rows it uses.
    """

    compound_id: UUID
    id: UUID
    device_id: UUID
    n: int
    group_id: UUID
    batch_id: UUID | None
    kind: str
    v: int
    doer_id: UUID
    recorder_id: UUID
    payload: Mapping[str, Any]
    needs: tuple[UUID, ...]
    happened_at: datetime
    made_at: datetime
    at: datetime
    seen: int
