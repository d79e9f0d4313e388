"""What issues a run as it was looked at, corrects a bill, or takes bills back, as intents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from models.fees.billing import Run, RunLine
from models.fees.payload_fields import MOST_ROWS
from models.fees.periods import Period
from models.operations.envelope import Intent


def issue_intents(
    run: Run, lines: Iterable[RunLine], new_id: Callable[[], UUID], *, words: str = ""
) -> list[Intent]:
    """Return what issues some lines of a run; nothing without a line. One operation holds no more than MOST_ROWS."""
    return _issue(run.period, list(lines), new_id(), words)


def correct_intents(bill_id: UUID, line: RunLine, reason: str, new_id: Callable[[], UUID]) -> list[Intent]:
    """Return what takes a bill back and issues another in its place: one group."""
    span = Period(line.since, line.until)
    return [*reverse_intents([bill_id], reason), *_issue(span, [line], new_id(), reason)]


def reverse_intents(bills: Sequence[UUID], reason: str) -> list[Intent]:
    """Return what takes bills back."""
    ids = [str(bill_id) for bill_id in bills]
    return [
        Intent("fee.reverse", {"bills": ids[start : start + MOST_ROWS], "reason": reason})
        for start in range(0, len(ids), MOST_ROWS)
    ]


def _issue(period: Period, lines: Sequence[RunLine], run_id: UUID, words: str) -> list[Intent]:
    head = {"run": str(run_id), "since": period.first.isoformat(), "until": period.end.isoformat()}
    return [
        Intent(
            "fee.issue",
            {**head, "rows": [row_of(line) for line in lines[start : start + MOST_ROWS]], "words": words},
        )
        for start in range(0, len(lines), MOST_ROWS)
    ]


def row_of(line: RunLine) -> dict[str, Any]:
    """Return a line as `fee.issue` carries it."""
    return {
        "household": str(line.place.household_id),
        "item": str(line.place.item_id),
        "tariff": None if line.tariff_id is None else str(line.tariff_id),
        "kind": line.kind.value,
        "of": None if line.of_id is None else str(line.of_id),
        "since": line.since.isoformat(),
        "until": line.until.isoformat(),
        "gross_fen": line.gross_fen,
        "discount_fen": line.discount_fen,
        "amount_fen": line.amount_fen,
        "due_on": line.due_on.isoformat(),
        "sums": dict(line.sums),
        "note": line.note,
    }
