"""A street of wells for tests: a line of codes, pipes between them, and what a walk saw there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

from simulation.devices import Laptop

from models.operations.resolve import find_row
from models.operations.verdicts import Rejected


def lay(laptop: Laptop, *codes: str, system: str = "foul", outfall: bool = True) -> None:
    """Dig wells in a line, with pipes from each to the next; the last is an outfall."""
    for code in codes:
        last = outfall and code == codes[-1]
        laptop.do("point.add", code=code, kind="outfall" if last else "well")
    for start, end in pairwise(codes):
        laptop.do("pipe.add", start=start, end=end, diameter_mm=300, system=system)


def note(laptop: Laptop, walk: str, **levels: str) -> None:
    """Note levels, well by well."""
    for code, level in levels.items():
        laptop.do("walk.observe", walk=walk, point=code, level=level)


def id_of(laptop: Laptop, table: str, text: str) -> UUID:
    """Return the one row that a text means."""
    with laptop.store.read() as session:
        found = find_row(session, laptop.compound_id, table, text)
    assert isinstance(found, UUID), found
    return found


def refused(laptop: Laptop, kind: str, /, **fields: Any) -> Rejected:
    """Try something that must be refused, and return the refusal."""
    outcome = laptop.attempt(kind, fields)
    reason = getattr(outcome, "refused", None)
    assert reason is not None, outcome
    return reason


def flags(laptop: Laptop) -> list[str]:
    """Return the codes of all flags."""
    return sorted(code for (code,) in laptop.ask("select code from flag"))


def counts(laptop: Laptop, tables: Iterable[str]) -> dict[str, int]:
    """Count the living rows of tables."""
    return {
        table: laptop.ask(f"select count(*) from {table} where archived = 0")[0][0]  # noqa: S608  # fixed names
        for table in tables
    }
