"""Comparing what a laptop and a server hold without reading it: a count and a sum of marks per table.

A mark mixes a row's id and rev into 63 bits. Their sum does not depend on an
order and follows each change, so it is never computed over a table again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, col, select

from models.operations.tables import DigestRow

_MASK = (1 << 63) - 1
_WORD = (1 << 64) - 1


def mark(row_id: UUID, rev: int) -> int:
    """Return the mark of a row at a rev, 63 bits; a row that no server has confirmed has none."""
    if rev <= 0:
        return 0
    number = row_id.int
    # The finaliser of splitmix64, over both halves of the id and the rev.
    x = ((number >> 64) * 0x9E3779B97F4A7C15 ^ number ^ rev * 0xD1B54A32D192ED03) & _WORD
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _WORD
    return (x ^ (x >> 31)) & _MASK


class Tally:
    """What a run of changes adds to the digests of its tables."""

    def __init__(self) -> None:
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def moved(self, table: str, row_id: UUID, before: int, after: int) -> None:
        """Count a row that went from one rev to another; 0 is a row that is not there."""
        entry = self._sums[table]
        entry[0] += (after > 0) - (before > 0)
        entry[1] += mark(row_id, after) - mark(row_id, before)

    def absorb(self, other: Tally) -> None:
        """Add what another tally counted."""
        for table, (n, total) in other._sums.items():
            entry = self._sums[table]
            entry[0] += n
            entry[1] += total

    def keep(self, session: Session, compound_id: UUID) -> None:
        """Write the sums into the store and begin anew. The caller holds the compound's lock."""
        if not self._sums:
            return
        known = {
            row.table_name: row
            for row in session.exec(select(DigestRow).where(col(DigestRow.compound_id) == compound_id))
        }
        for table, (n, total) in self._sums.items():
            row = known.get(table) or DigestRow(compound_id=compound_id, table_name=table)
            row.n += n
            row.total = (row.total + total) & _MASK
            session.add(row)
        session.flush()
        self._sums.clear()


def digests(session: Session, compound_id: UUID) -> Mapping[str, tuple[int, int]]:
    """Return (rows, sum of marks) by table name; tables without rows are left out."""
    rows = session.exec(select(DigestRow).where(col(DigestRow.compound_id) == compound_id)).all()
    return {row.table_name: (row.n, row.total) for row in rows if row.n or row.total}
