"""The register's lists as values: their columns, and pages of rows read from the store."""

from __future__ import annotations

from collections.abc import Sequence

from models.community import queries
from tui.desk import Desk
from tui.i18n import t
from tui.screens.register.words import (
    archived_mark,
    area_text,
    building_word,
    floor_text,
    listed,
    masked,
    role_word,
    sex_word,
)
from tui.widgets.rows import Column, RowView
from tui.widgets.search import folded

HOUSEHOLDS, PEOPLE, BUILDINGS = "households", "people", "buildings"


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a view; the least needed go first on a narrow terminal."""
    if view == HOUSEHOLDS:
        return (
            Column(t("register.code"), 10, priority=9),
            Column(t("register.owners"), 14, priority=8, grow=True),
            Column(t("register.phone"), 11, priority=6),
            Column(t("register.residents"), 6, priority=5, align="right"),
            Column(t("register.area_short"), 8, priority=4, align="right"),
            Column(t("register.floor_short"), 5, priority=3, align="right"),
            Column(t("register.contact_short"), 8, priority=5),
            Column(t("register.status_short"), 8, priority=7),
        )
    if view == PEOPLE:
        return (
            Column(t("register.name"), 10, priority=9, grow=True),
            Column(t("register.sex"), 6, priority=3),
            Column(t("register.homes"), 12, priority=8, grow=True),
            Column(t("register.phone"), 11, priority=7),
            Column(t("register.roles"), 12, priority=6, grow=True),
            Column(t("register.teams"), 12, priority=4, grow=True),
            Column(t("register.skills"), 10, priority=3, grow=True),
            Column(t("register.status_short"), 8, priority=5),
        )
    return (
        Column(t("register.subject.building"), 12, priority=9),
        Column(t("register.building_name"), 12, priority=5, grow=True),
        Column(t("register.households_short"), 6, priority=8, align="right"),
        Column(t("register.people_short"), 6, priority=7, align="right"),
        Column(t("register.floors"), 6, priority=3, align="right"),
        Column(t("register.lift"), 4, priority=3),
        Column(t("register.leads"), 12, priority=7, grow=True),
        Column(t("register.note"), 12, priority=2, grow=True),
    )


class SoughtRows:
    """The rows of a view that hold a text. A search is made once, by the count, and pages are read of what it found."""

    def __init__(self, view: str, text: str, *, archived: bool) -> None:
        self._view, self._text, self._archived = view, text, archived
        self._found: queries.Found | None = None

    def count(self, desk: Desk) -> int:
        if self._view == BUILDINGS or not self._text:
            return count_rows(desk, self._view, self._text, archived=self._archived)
        find = queries.find_households if self._view == HOUSEHOLDS else queries.find_people
        with desk.store.read() as session:
            self._found = find(
                session,
                desk.seat.compound_id,
                today=desk.today(),
                text=self._text,
                archived=self._archived,
            )
        return len(self._found)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        if self._found is None:
            return page_rows(desk, self._view, self._text, offset, limit, archived=self._archived)
        ids, seat, today = self._found.ids(offset, limit), desk.seat, desk.today()
        with desk.store.read() as session:
            if self._view == HOUSEHOLDS:
                homes = queries.households_of(session, seat.compound_id, ids, today=today)
                return [_household(line) for line in homes]
            people = queries.people_of(session, seat.compound_id, ids, today=today)
            return [_person(line) for line in people]


def count_rows(desk: Desk, view: str, text: str, *, archived: bool) -> int:
    if view == BUILDINGS:
        return len(building_rows(desk, text, archived=archived))
    count = queries.count_households if view == HOUSEHOLDS else queries.count_people
    with desk.store.read() as session:
        return count(session, desk.seat.compound_id, today=desk.today(), text=text, archived=archived)


def page_rows(
    desk: Desk, view: str, text: str, offset: int, limit: int, *, archived: bool
) -> Sequence[RowView]:
    if view == BUILDINGS:
        return building_rows(desk, text, archived=archived)[offset : offset + limit]
    seat, today = desk.seat, desk.today()
    with desk.store.read() as session:
        if view == HOUSEHOLDS:
            homes = queries.page_households(
                session,
                seat.compound_id,
                today=today,
                text=text,
                archived=archived,
                offset=offset,
                limit=limit,
            )
            return [_household(line) for line in homes]
        people = queries.page_people(
            session, seat.compound_id, today=today, text=text, archived=archived, offset=offset, limit=limit
        )
        return [_person(line) for line in people]


def building_rows(desk: Desk, text: str, *, archived: bool) -> list[RowView]:
    """Return the buildings; their id is the code, which is what a filter of households is made of."""
    with desk.store.read() as session:
        lines = queries.buildings(session, desk.seat.compound_id, today=desk.today(), archived=archived)
    return [
        _building(line)
        for line in lines
        if text in folded(f"{building_word(line.code)} {line.name} {' '.join(line.leads)}")
    ]


def _household(line: queries.HouseholdLine) -> RowView:
    return RowView(
        str(line.id),
        (
            line.code,
            listed(line.owners),
            masked(line.phones or line.reach),
            str(line.residents) if line.residents else "",
            area_text(line.area),
            floor_text(line.floor),
            line.contact or "",
            archived_mark() if line.archived else line.status,
        ),
        muted=line.archived,
    )


def _person(line: queries.PersonLine) -> RowView:
    return RowView(
        str(line.id),
        (
            line.name,
            sex_word(line.sex),
            listed(line.households),
            masked(line.phones),
            listed([role_word(role) for role in line.roles]),
            listed(line.teams),
            listed(line.skills),
            archived_mark() if line.archived else "",
        ),
        muted=line.archived,
    )


def _building(line: queries.BuildingLine) -> RowView:
    code = t("register.building_short", code=line.code)
    lift = "" if line.has_lift is None else t("form.yes") if line.has_lift else t("form.no")
    return RowView(
        line.code,
        (
            f"{code} {archived_mark()}" if line.archived else code,
            line.name,
            str(line.households),
            str(line.people),
            floor_text(line.floors),
            lift,
            listed(line.leads),
            line.note,
        ),
        muted=line.archived,
    )
