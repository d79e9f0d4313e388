"""The two lists of the report room as values: who and where it may be, and what stands near. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.inspection.queries import PointLine
from models.tickets.queries_asking import Asking, BuildingThere, Home, HouseholdThere, PersonThere
from models.tickets.queries_near import IncidentThere
from tui.actions import shown_key
from tui.i18n import t
from tui.row_words import building_word, listed, point_kind_word
from tui.screens.register.words import masked
from tui.screens.tickets.marks import Clock, state_mark
from tui.screens.tickets.report_state import Slip, sounds_like_a_place
from tui.screens.tickets.report_store import Nearby
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

#: The row that saves the report as one of its own.
NEW = "new"


@dataclass(frozen=True, slots=True)
class FreeName:
    """What was typed, as the name or number of somebody who is in no register."""

    text: str


@dataclass(frozen=True, slots=True)
class FreePlace:
    """What was typed, as a place in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Skip:
    """None of what is offered."""

    note: str


Offer = PersonThere | HouseholdThere | Home | BuildingThere | PointLine | FreeName | FreePlace | Skip


def who_columns() -> tuple[Column, ...]:
    return (
        Column("", 8, priority=9),
        Column("", 14, priority=8, grow=True),
        Column("", 24, priority=7, grow=True),
    )


def near_columns() -> tuple[Column, ...]:
    return (
        Column("", 1, priority=9),
        Column("", 6, priority=8),
        Column("", 18, priority=7, grow=True),
        Column("", 10, priority=5),
        Column("", 9, priority=4),
        Column("", 20, priority=6, grow=True),
    )


def offers(found: Asking, typed: str, slip: Slip) -> list[Offer]:
    """Return what a typed text may mean, the likeliest first; whatever it is, it may be a name or a place."""
    people: list[Offer] = [*found.people]
    places: list[Offer] = [*found.buildings, *found.households, *found.points]
    numbered = any(char.isdigit() for char in typed)
    known: list[Offer] = [*places, *people] if numbered or slip.has_who else [*people, *places]
    free: list[Offer] = [FreeName(typed), FreePlace(typed)]
    if slip.has_who or (sounds_like_a_place(typed) and not slip.has_where):
        free.reverse()
    return [*known, *free]


def homes_of(person: PersonThere) -> list[Offer]:
    """Return the homes of somebody who has several."""
    return [*person.homes, Skip(t("ticket_report.none_of_these"))]


def people_of(home: HouseholdThere) -> list[Offer]:
    """Return who may be asking, of those of a household."""
    return [*home.people, Skip(t("ticket_report.no_name"))]


def offer_rows(shown: Sequence[Offer]) -> list[RowView]:
    """Return a row for each offer; its id is its place among them."""
    return [RowView(str(place), _cells(one)) for place, one in enumerate(shown)]


def _cells(one: Offer) -> tuple[str | Mark, ...]:  # noqa: PLR0911 - one line for each kind of offer
    match one:
        case PersonThere():
            homes = listed([home.code for home in one.homes])
            return (
                t("ticket_report.person"),
                one.name,
                " · ".join(p for p in (homes, masked(one.phones)) if p),
            )
        case HouseholdThere():
            return t("ticket_report.household"), one.code, listed([person.name for person in one.people])
        case Home():
            return t("ticket_report.household"), one.code, ""
        case BuildingThere():
            return t("ticket_report.building"), building_word(one.code), one.name
        case PointLine():
            beside = building_word(one.building) if one.building else ""
            return point_kind_word(one.kind), one.code, " · ".join(p for p in (one.name, beside) if p)
        case FreeName():
            return t("ticket_report.passer_by"), one.text, t("ticket_report.as_name")
        case FreePlace():
            return t("ticket_report.place"), one.text, t("ticket_report.as_place")
        case Skip():
            return "", one.note, ""


def near_rows(nearby: Nearby, clock: Clock, slip: Slip) -> list[RowView]:
    """Return the row that saves, the incidents that strike there, and the tickets near; each with its digit."""
    own = t("ticket_report.new_own") if nearby.tickets else ""
    rows = [RowView(NEW, ("", shown_key("enter"), Mark("✓", t("ticket_report.new"), Tone.GOOD), "", "", own))]
    number = 0
    for incident in nearby.incidents:
        number += 1
        rows.append(RowView(f"incident:{incident.id}", _incident(number, incident, slip)))
    for found in nearby.tickets:
        number += 1
        ticket = found.ticket
        rows.append(
            RowView(
                f"ticket:{ticket.id}",
                (
                    str(number),
                    ticket.code,
                    ticket.what,
                    state_mark(ticket.state),
                    ticket.where,
                    t(
                        "ticket_report.why",
                        why=t(f"ticket_report.why.{found.why[0].value}"),
                        ago=clock.ago(ticket.opened_at),
                    ),
                ),
            )
        )
    return rows


def _incident(number: int, incident: IncidentThere, slip: Slip) -> tuple[str | Mark, ...]:
    goes = slip.goes_with(incident)
    part = t("ticket_report.attached") if goes else t("ticket_report.alone")
    return (
        str(number),
        Mark("!", t("ticket_report.incident"), Tone.WARN),
        incident.name,
        Mark("✓" if goes else "○", part),
    )
