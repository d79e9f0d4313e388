"""Lists for the command line: rows of plain values with human codes beside the ids.

A feature registers a list beside its queries; asking for one filters it by the
text of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from models.problems import Problem
from models.tables import Json
from models.text import fold

ListingRow = dict[str, Json]
#: Session, compound, the day it is there -> rows, in the order people expect. What falls due by the hour
#: takes the moment, too, as `now`; without one it is as at the end of the day.
Rows = Callable[..., Iterator[ListingRow]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list by its name. Every row holds exactly `columns`, in that order."""

    name: str
    columns: tuple[str, ...]
    rows: Rows
    timed: bool = False


LISTINGS: dict[str, Listing] = {}


def listing(name: str, *columns: str, timed: bool = False) -> Callable[[Rows], Rows]:
    """Register the decorated generator as the list of that name; a `timed` one takes `now`."""

    def keep(rows: Rows) -> Rows:
        if name in LISTINGS:
            raise ValueError(f"list {name} is registered twice")
        LISTINGS[name] = Listing(name, columns, rows, timed)
        return rows

    return keep


def list_rows(
    session: Session,
    compound_id: UUID,
    name: str,
    *,
    today: date,
    now: datetime | None = None,
    where: Mapping[str, str] | None = None,
) -> Iterator[ListingRow] | Problem:
    """Return a list's rows whose columns read as `where` says, or what is wrong with the question.

    Values are compared as text without regard to case, width and spaces: no
    value is empty text, a truth is `true` or `false`, and of a list one entry
    is enough.
    """
    known = LISTINGS.get(name)
    if known is None:
        return Problem("list.unknown", params={"name": name[:40], "names": ", ".join(sorted(LISTINGS))})
    for column in where or {}:
        if column not in known.columns:
            return Problem(
                "where.unknown_column",
                column=column[:40],
                params={"name": column[:40], "list": name, "names": ", ".join(known.columns)},
            )
    wanted = {column: fold(text) for column, text in (where or {}).items()}
    moment = {"now": now} if known.timed else {}
    rows = known.rows(session, compound_id, today, **moment)
    return (row for row in rows if all(text in _texts(row[column]) for column, text in wanted.items()))


def _texts(value: Json) -> Sequence[str]:
    if isinstance(value, list):
        return [text for entry in value for text in _texts(entry)] or [""]
    if value is None:
        return [""]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [fold(str(value))]
