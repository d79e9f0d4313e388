"""The register's lists for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.community import queries_households, queries_people, queries_places
from models.listings import ListingRow, listing


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@listing(
    "buildings", "id", "code", "name", "floors", "has_lift", "households", "people", "leads", "note", "archived"
)  # fmt: skip
def list_buildings(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield buildings in natural order."""
    for line in queries_places.buildings(session, compound_id, today=today, archived=True):
        yield {
            "id": str(line.id),
            "code": line.code,
            "name": line.name,
            "floors": line.floors,
            "has_lift": line.has_lift,
            "households": line.households,
            "people": line.people,
            "leads": list(line.leads),
            "note": line.note,
            "archived": line.archived,
        }


@listing(
    "households",
    "id",
    "code",
    "building",
    "floor",
    "area_m2",
    "status",
    "phones",
    "owners",
    "residents",
    "contact",
    "archived",
)
def list_households(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield households in natural order."""
    for line in queries_households.every_household(session, compound_id, today=today, archived=True):
        yield {
            "id": str(line.id),
            "code": line.code,
            "building": line.building_code,
            "floor": line.floor,
            "area_m2": None if line.area is None else line.area / 100,
            "status": line.status,
            "phones": list(line.phones),
            "owners": list(line.owners),
            "residents": line.residents,
            "contact": line.contact,
            "archived": line.archived,
        }


@listing("people", "id", "name", "sex", "phones", "roles", "teams", "skills", "households", "archived")
def list_people(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield people by name."""
    for line in queries_people.every_person(session, compound_id, today=today, archived=True):
        yield {
            "id": str(line.id),
            "name": line.name,
            "sex": line.sex,
            "phones": list(line.phones),
            "roles": [role.value for role in line.roles],
            "teams": list(line.teams),
            "skills": list(line.skills),
            "households": list(line.households),
            "archived": line.archived,
        }


@listing(
    "responsibilities", "id", "subject", "building", "place", "person", "person_id", "since", "until", "note"
)
def list_responsibilities(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield who answers for what; what is over comes last."""
    for line in queries_places.responsibilities(session, compound_id, today=today, past=True):
        yield {
            "id": str(line.id),
            "subject": line.subject.value,
            "building": line.building_code,
            "place": line.place,
            "person": line.name,
            "person_id": str(line.person_id),
            "since": _day(line.since),
            "until": _day(line.until),
            "note": line.note,
        }


@listing("teams", "id", "name", "members", "note", "archived")
def list_teams(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield teams by name with their members."""
    for team in queries_places.teams(session, compound_id, today=today, archived=True):
        yield {
            "id": str(team.id),
            "name": team.name,
            "members": [member.name for member in team.members],
            "note": team.note,
            "archived": team.archived,
        }


@listing("contacts", "id", "household", "household_id", "person", "person_id", "since", "until")
def list_contacts(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield who visits which household, in the households' natural order."""
    for line in queries_places.contacts(session, compound_id, today=today):
        yield {
            "id": str(line.id),
            "household": line.code,
            "household_id": str(line.household_id),
            "person": line.name,
            "person_id": str(line.person_id),
            "since": _day(line.since),
            "until": _day(line.until),
        }
