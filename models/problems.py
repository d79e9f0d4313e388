"""What is wrong with somebody's data, as a value.

A user's mistake is never an exception: it is a `Problem` that says where it
stands, which rule it breaks (a stable code) and the values a sentence about it
needs. Only `tui` turns codes into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Param = str | int | float | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place.

    `line` is the 1-based line of a file as a spreadsheet program shows it, or
    None when the mistake belongs to no single line. `column` is the header as
    the user wrote it. `params` fill the sentence in the catalogue.
    """

    code: str
    line: int | None = None
    column: str | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
