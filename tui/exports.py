"""What leaves Linli as a table, for the command line and the screens: whole for the station, masked for handing on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from models.community import exporting as register
from models.community import queries as community
from models.files.tabling import Language, SheetTable
from models.files.writing import Cell, Format, write_table
from models.inspection import exporting as inspection
from models.inspection import queries_cards, queries_walks
from models.listings import LISTINGS, list_rows
from models.problems import Problem
from models.tables import Json
from models.text import mask_name, mask_phone
from tui.desk import Desk, DeskError
from tui.i18n import language, t
from tui.listing_words import cell_text, heading

What = Literal["households", "people", "points", "wells", "pipes", "observations", "sheet"]
WHATS: tuple[What, ...] = ("households", "people", "points", "observations", "pipes", "wells", "sheet")
FORMATS: dict[str, Format] = {".csv": "csv", ".xlsx": "xlsx"}
_PEOPLE = ("name", "sex", "phones", "roles", "teams", "skills", "households")
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that may leave. `masked` is True also where who asked may not have whole phones."""

    table: SheetTable
    masked: bool


def exported(desk: Desk, what: What, *, masked: bool = False, walk_id: UUID | None = None) -> Exported | None:
    """Return what is asked for; None without the walk whose observations are meant.

    Without `walk_id` the latest walk counts.
    """
    seat, spoken = desk.seat, _spoken()
    with desk.store.read() as session:
        may = register.may_see_phones(session, seat.compound_id, seat.person_id, today=desk.today())
        masked = masked or (what in {"households", "people"} and not may)
        if what == "households":
            table = register.households_table(
                session, seat.compound_id, today=desk.today(), language=spoken, masked=masked
            )
        elif what == "people":
            table = _people(desk, session, masked=masked)
        elif what in {"points", "wells"}:
            table = inspection.wells_table(session, seat.compound_id, language=spoken, masked=masked)
        elif what == "pipes":
            table = inspection.pipes_table(session, seat.compound_id, language=spoken)
        else:
            found = _of_walk(session, seat.compound_id, what, walk_id, masked=masked)
            if found is None:
                return None
            table = found
    return Exported(table, masked)


def _of_walk(
    session: Session, compound_id: UUID, what: What, walk_id: UUID | None, *, masked: bool
) -> SheetTable | None:
    """Return a walk's observations, or a sheet to take along on its route."""
    latest = queries_walks.latest_walk(session, compound_id)
    walk_id = walk_id or (latest.id if latest is not None else None)
    walk = None if walk_id is None else queries_cards.walk_view(session, compound_id, walk_id)
    if what == "sheet":
        route_id = None if walk is None else walk.route_id
        return inspection.blank_sheet(session, compound_id, language=_spoken(), route_id=route_id)
    if walk is None:
        return None
    return inspection.observations_table(session, compound_id, walk.id, language=_spoken(), masked=masked)


def _people(desk: Desk, session: Session, *, masked: bool) -> SheetTable:
    """Return the living people by name, with what they do."""
    listing = LISTINGS["people"]
    rows = list_rows(
        session, desk.seat.compound_id, "people", today=desk.today(), where={"archived": "false"}
    )
    if isinstance(rows, Problem):
        raise DeskError(rows)

    def cell(row: dict[str, Json], column: str) -> Cell:
        value = row[column]
        if masked and column == "name":
            value = mask_name(str(value))
        elif masked and column == "phones" and isinstance(value, list):
            value = [mask_phone(str(phone)) for phone in value]
        return cell_text(listing, column, value)

    return SheetTable(
        tuple(heading(listing, column) for column in _PEOPLE),
        tuple(tuple(cell(row, column) for column in _PEOPLE) for row in rows),
    )


def chat_lines(desk: Desk, what: What, *, text: str = "", walk_id: UUID | None = None) -> str:
    """Return a list as text for the chat group: masked, a line for each row; with `text`, what a search for it finds."""
    with desk.store.read() as session:
        if what == "households":
            n, lines = _homes_in_lines(desk, session, text)
        elif what == "people":
            n, lines = _people_in_lines(desk, session, text)
        else:
            n, lines = 0, []
    if what not in {"households", "people"}:
        found = exported(desk, what, masked=True, walk_id=walk_id)
        rows = () if found is None else found.table.rows
        n = len(rows)
        lines = [" ".join(str(cell) for cell in row if cell not in {None, ""}) for row in rows[:_MOST_LINES]]
    head = t("export.chat_head", compound=desk.seat.compound, what=t(f"export.{what}"), n=n)
    more = [t("export.chat_more", n=n - len(lines))] if n > len(lines) else []
    return "\n".join((head, *lines, *more))


def _homes_in_lines(desk: Desk, session: Session, text: str) -> tuple[int, list[str]]:
    compound_id, today = desk.seat.compound_id, desk.today()
    homes = community.page_households(session, compound_id, today=today, text=text, limit=_MOST_LINES)
    return community.count_households(session, compound_id, today=today, text=text), [
        f"{home.code} {t('list.comma').join(map(mask_name, home.owners))}".rstrip() for home in homes
    ]


def _people_in_lines(desk: Desk, session: Session, text: str) -> tuple[int, list[str]]:
    compound_id, today = desk.seat.compound_id, desk.today()
    people = community.page_people(session, compound_id, today=today, text=text, limit=_MOST_LINES)
    return community.count_people(session, compound_id, today=today, text=text), [
        f"{mask_name(one.name)} {t('list.comma').join(t(f'role.{role.value}') for role in one.roles)}".rstrip()
        for one in people
    ]


def write(path: Path, format_: Format, table: SheetTable) -> None:
    """Write a table, whole or not at all. Raises CannotWrite."""
    write_table(path, format_, table.header, table.rows)


def _spoken() -> Language:
    return "zh" if language() == "zh_CN" else "en"
