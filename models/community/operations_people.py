"""The register's handlers for people: who they are, what they do, where they belong."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from models.community import payloads as p
from models.community.rules import holds_on
from models.community.tables import (
    Building,
    Contact,
    Household,
    Occupancy,
    Person,
    Responsibility,
    Team,
    TeamMember,
)
from models.operations.common import (
    archiving,
    local_day,
    merge_rows,
    met_again,
    register_archiving,
    register_ending,
    swapping,
)
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import register
from models.operations.roles import KEEPERS, LEADERS, WORKERS, Role, RoleTerm
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text

_Span = TypeVar("_Span", Occupancy, TeamMember, Responsibility)


def new_person(workspace: Workspace, row_id: UUID, name: str, **values: Any) -> Person:
    """Return a person's row with its search text; the caller adds it."""
    row = Person(compound_id=workspace.compound_id, id=row_id, name=name, **values)
    row.search = person_search(row)
    return row


def person_search(row: Person) -> str:
    """Return what a search for a person looks in."""
    return search_text(row.name, *row.skills, words=row.phones)


def make_director(workspace: Workspace, person_id: UUID) -> None:
    """Give the compound its first director."""
    workspace.add(
        RoleTerm(
            compound_id=workspace.compound_id,
            id=workspace.new_id(RoleTerm, "director"),
            person_id=person_id,
            role=Role.DIRECTOR.value,
            since=local_day(workspace),
        )
    )


@register("person.add", p.AddPerson, may=KEEPERS, undo=archiving("person"))
def add_person(workspace: Workspace, given: p.AddPerson) -> None:
    """Add a person. Two people may share a name, so nothing merges by itself."""
    workspace.add(new_person(workspace, given.id, **given.model_dump(exclude={"id"})))
    if workspace.operation.recorder_id == workspace.compound_id:
        make_director(workspace, given.id)  # the founder's first act: from now on there is somebody to ask


@register("person.edit", p.EditPerson, may=KEEPERS, undo=swapping("person.edit", Person))
def edit_person(workspace: Workspace, given: p.EditPerson) -> None:
    """Change a person field by field."""
    row = workspace.require(Person, given.person)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=person_search(row))


@register("person.merge", p.MergePeople, may=KEEPERS)
def merge_people(workspace: Workspace, given: p.MergePeople) -> Verdict:
    """Let one person mean another. Roles move over too, so whoever may not grant them may not move them."""
    source, target = workspace.require(Person, given.person), workspace.require(Person, given.into)
    operation = workspace.operation
    held = workspace.rows(RoleTerm, table_of(RoleTerm).c.person_id.in_([source.id, target.id]))
    mine = workspace.roles(operation.recorder_id, workspace.local_day(operation.made_at))
    founding = operation.recorder_id == workspace.compound_id
    if any(not term.archived for term in held) and not founding and not mine & LEADERS:
        raise Refusal("role.missing", kind="person.merge")
    verdict = merge_rows(
        workspace, Person, source.id, target.id, fields=set(p.PersonFields.model_fields) - {"name"}
    )
    workspace.change(target, search=person_search(target))
    return verdict


@register("occupancy.start", p.StartOccupancy, may=KEEPERS, undo=archiving("occupancy"))
def start_occupancy(workspace: Workspace, given: p.StartOccupancy) -> Verdict | None:
    """Somebody owns or lives in a household from a day on."""
    household, person = workspace.require(Household, given.household), workspace.require(Person, given.person)
    row = Occupancy(
        compound_id=workspace.compound_id,
        id=given.id,
        household_id=household.id,
        person_id=person.id,
        relation=given.relation.value,
        since=given.since or local_day(workspace),
        until=given.until,
    )
    return _add_span(workspace, row, household_id=household.id, person_id=person.id, relation=row.relation)


@register("role.grant", p.GrantRole, may=LEADERS, undo=archiving("role_term"))
def grant_role(workspace: Workspace, given: p.GrantRole) -> None:
    """Give a person a role for a term."""
    person = workspace.require(Person, given.person)
    building = None if given.building is None else workspace.require(Building, given.building)
    workspace.add(
        RoleTerm(
            compound_id=workspace.compound_id,
            id=given.id,
            person_id=person.id,
            role=given.role.value,
            building_id=None if building is None else building.id,
            since=given.since or local_day(workspace),
            until=given.until,
        )
    )


@register("team.add", p.AddTeam, may=KEEPERS, undo=archiving("team"))
def add_team(workspace: Workspace, given: p.AddTeam) -> Verdict | None:
    """Add a team; one of the same name is the same team."""
    standing = workspace.find(Team, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, {"note": given.note})
    workspace.add(
        Team(
            compound_id=workspace.compound_id,
            id=given.id,
            name=given.name,
            note=given.note,
            search=search_text(given.name),
        )
    )
    return None


@register("team.join", p.JoinTeam, may=KEEPERS, undo=archiving("team_member"))
def join_team(workspace: Workspace, given: p.JoinTeam) -> Verdict | None:
    """A person joins a team; who is in it already joins once."""
    team, person = workspace.require(Team, given.team), workspace.require(Person, given.person)
    row = TeamMember(
        compound_id=workspace.compound_id,
        id=given.id,
        team_id=team.id,
        person_id=person.id,
        since=given.since or local_day(workspace),
        until=given.until,
    )
    return _add_span(workspace, row, team_id=team.id, person_id=person.id)


def _undo_assign_contact(workspace: Workspace, given: p.AssignContact) -> list[Intent]:
    """Take the new contact back, and let the one who stepped back for them go on."""
    intents = archiving("contact")(workspace, given)
    row = workspace.require(Contact, given.id)
    table = table_of(Contact)
    before = workspace.rows(
        Contact,
        table.c.household_id == row.household_id,
        table.c.id != row.id,
        table.c.until == row.since,
        table.c.archived.is_(False),
    )
    return intents + [Intent("contact.reopen", {"contact": str(standing.id)}) for standing in before]


@register("contact.assign", p.AssignContact, may=KEEPERS, undo=_undo_assign_contact)
def assign_contact(workspace: Workspace, given: p.AssignContact) -> Verdict | None:
    """Make a person the contact volunteer of a household; the one before steps back that day.

    One assigned for a day in the past, typed in from paper, holds until the one who came next.
    """
    household, person = workspace.require(Household, given.household), workspace.require(Person, given.person)
    since, until = given.since or local_day(workspace), given.until
    table = table_of(Contact)
    others = workspace.rows(Contact, table.c.household_id == household.id, table.c.archived.is_(False))
    for standing in others:
        if standing.person_id == person.id and standing.until is None and until is None:
            workspace.alias(Contact, given.id, standing.id)
            return Merged(standing.id)
    for standing in others:
        if holds_on(since, since=standing.since, until=standing.until):
            workspace.change(standing, until=since)
        elif given.until is None and standing.since is not None and standing.since > since:
            until = min(until or standing.since, standing.since)
    workspace.add(
        Contact(
            compound_id=workspace.compound_id,
            id=given.id,
            household_id=household.id,
            person_id=person.id,
            since=since,
            until=until,
        )
    )
    return None


@register("responsibility.assign", p.AssignResponsibility, may=LEADERS, undo=archiving("responsibility"))
def assign_responsibility(workspace: Workspace, given: p.AssignResponsibility) -> Verdict | None:
    """Make a person answer for something; several people may, each once."""
    building = None if given.building is None else workspace.require(Building, given.building)
    building_id = None if building is None else building.id
    person = workspace.require(Person, given.person)
    row = Responsibility(
        compound_id=workspace.compound_id,
        id=given.id,
        subject=given.subject.value,
        building_id=building_id,
        place=given.place,
        person_id=person.id,
        since=given.since or local_day(workspace),
        until=given.until,
        note=given.note,
    )
    return _add_span(
        workspace,
        row,
        subject=row.subject,
        building_id=building_id,
        place=row.place,
        person_id=person.id,
    )


def _add_span(workspace: Workspace, row: _Span, **same: Any) -> Merged | None:
    """Add an open-ended span, unless one like it stands open: added twice, it is one."""
    model = type(row)
    table = table_of(model)
    alike = [table.c[column] == value for column, value in same.items()]
    standing = workspace.rows(model, *alike, table.c.archived.is_(False), table.c.until.is_(None))
    if standing and row.until is None:
        workspace.alias(model, row.id, standing[0].id)
        return Merged(standing[0].id)
    workspace.add(row)
    return None


def _is_not_last_director(workspace: Workspace, term: RoleTerm) -> None:
    if term.role != Role.DIRECTOR:
        return
    table = table_of(RoleTerm)
    day = workspace.local_day(workspace.operation.made_at)
    others = workspace.rows(RoleTerm, table.c.role == Role.DIRECTOR.value, table.c.id != term.id)
    for other in others:
        person = workspace.get(Person, other.person_id)
        if other.holds_on(day) and person is not None and not person.archived:
            return
    raise Refusal("role.last_director")


def _person_has_no_directorship(workspace: Workspace, person: Person) -> None:
    table = table_of(RoleTerm)
    for term in workspace.rows(RoleTerm, table.c.person_id == person.id):
        if term.holds_on(workspace.local_day(workspace.operation.made_at)):
            _is_not_last_director(workspace, term)


register_archiving("person", Person, may=KEEPERS, guard=_person_has_no_directorship)
register_archiving("occupancy", Occupancy, may=KEEPERS)
register_archiving("role_term", RoleTerm, may=LEADERS, guard=_is_not_last_director)
register_archiving("team", Team, may=KEEPERS)
register_archiving("team_member", TeamMember, may=KEEPERS)
register_archiving("contact", Contact, may=KEEPERS)
register_archiving("responsibility", Responsibility, may=LEADERS)
register_ending("occupancy", Occupancy, may=KEEPERS)
register_ending("role_term", RoleTerm, may=LEADERS, guard=_is_not_last_director)
register_ending("team_member", TeamMember, may=KEEPERS)
register_ending("contact", Contact, may=WORKERS)
register_ending("responsibility", Responsibility, may=LEADERS)
