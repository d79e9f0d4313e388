"""Rows on the move between a server and a laptop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: the columns' names, and each row's values in that order.

    Values are JSON as `models.tables.encode` writes them: ids as 32 hex digits,
    times in UTC.
    """

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
