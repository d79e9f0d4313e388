"""Who somebody is today: ids that operations name, which may be of people who were merged, or of nobody in the register."""

from __future__ import annotations

from uuid import UUID

from models.community.tables import Person
from models.operations.workspace import Workspace


def person_or_none(workspace: Workspace, person_id: UUID | None) -> UUID | None:
    """Return the person that an id means today; None for whoever founds the compound, who is in no register yet."""
    person = None if person_id is None else workspace.get(Person, person_id)
    return None if person is None else person.id


def hands_of(workspace: Workspace) -> frozenset[UUID]:
    """Return who has a hand in the operation: whoever does it, and whoever writes it down."""
    operation = workspace.operation
    found = (person_or_none(workspace, one) for one in (operation.doer_id, operation.recorder_id))
    return frozenset(one for one in found if one is not None)
