"""Two walks beside each other as a list for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.inspection.comparing import Comparison, compare_walks
from models.inspection.comparison import Change, What
from models.listings import ListingRow, listing
from models.tables import Json


@listing(
    "comparison",
    "code",
    "name",
    "turn",
    "level_then",
    "level_now",
    "mud_then_mm",
    "mud_now_mm",
    "worse",
    "better",
)
def list_comparison(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the wells of the newest walk beside those of the one before it, what got worse first."""
    yield from comparison_rows(compare_walks(session, compound_id))


def comparison_rows(comparison: Comparison) -> Iterator[ListingRow]:
    """Yield one row for each well; `worse` and `better` hold `level`, `mud_mm`, and defects by their codes."""
    for row in comparison.rows:
        yield {
            "code": row.code,
            "name": row.name,
            "turn": row.compared.turn.value,
            "level_then": None if row.then is None else row.then.level,
            "level_now": None if row.now is None else row.now.level,
            "mud_then_mm": None if row.then is None else row.then.mud_mm,
            "mud_now_mm": None if row.now is None else row.now.mud_mm,
            "worse": _named(row.compared.worse),
            "better": _named(row.compared.better),
        }


def _named(changes: tuple[Change, ...]) -> list[Json]:
    return [change.defect if change.what is What.DEFECT else change.what.value for change in changes]
