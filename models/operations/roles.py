"""Who may do what: the roles people hold, and since when and until when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from models.tables import Synced, refers


class Role(StrEnum):
    """What a person is in a compound; one person may hold several."""

    VOLUNTEER = "volunteer"
    BUILDING_LEAD = "building_lead"
    COMMITTEE = "committee"
    DIRECTOR = "director"
    TREASURER = "treasurer"
    SUPERVISOR = "supervisor"
    STAFF = "staff"


#: Everyone who does work; a supervisor only reads.
WORKERS = frozenset(Role) - {Role.SUPERVISOR}
#: Those who keep the register and the maps.
KEEPERS = frozenset({Role.BUILDING_LEAD, Role.COMMITTEE, Role.DIRECTOR, Role.TREASURER, Role.STAFF})
#: Those who decide who holds which role.
LEADERS = frozenset({Role.COMMITTEE, Role.DIRECTOR, Role.STAFF})


class RoleTerm(Synced, table=True):
    """A role a person holds over a half-open span of days; `until` None means still.

    A building lead's term names the building.
    """

    __tablename__ = "role_term"
    __table_args__ = (
        refers("person_id", "person"),
        refers("building_id", "building"),
        Index(None, "compound_id", "person_id"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("person_id", "role", "building_id")

    person_id: UUID
    role: str
    building_id: UUID | None = None
    since: date
    until: date | None = Field(default=None)

    def holds_on(self, day: date) -> bool:
        """Tell whether the term covers a day."""
        return not self.archived and self.since <= day and (self.until is None or day < self.until)
