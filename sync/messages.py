"""What travels: operations up, verdicts and rows down. Values only; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.operations.envelope import Operation
from models.operations.rows import Rows
from models.operations.verdicts import Judgement

__all__ = ["Judgement", "Operation", "Page", "Push", "Rows", "Verdicts"]


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
    """Rows that changed after a rev.

    A pull that does not fit one page goes table by table; `next` says where its
    next page begins, and is empty on the last. A page that came first and last
    is one snapshot: rows, `head`, verdicts and digests agree. `last_n` is how
    far the server has counted this laptop's operations; `digests` are
    (rows, sum of marks) by table.
    """

    compound_id: UUID
    after: int
    head: int
    tables: tuple[Rows, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    next: str = ""
    last_n: int = 0
    digests: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of rows."""
        return sum(len(part.rows) for part in self.tables)
