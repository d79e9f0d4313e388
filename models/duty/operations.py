"""Handlers of what stands behind a roster: posts, templates, the calendar, who can when, and what a compound has set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.community.tables import Person, Team
from models.duty import payloads as p
from models.duty.rules import Ruling
from models.duty.tables import (
    Availability,
    DutyPair,
    DutyRuling,
    DutyShare,
    Post,
    ShiftException,
    ShiftTemplate,
    SpecialDay,
)
from models.operations.common import archiving, met_again, register_archiving, swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import intent, register
from models.operations.roles import KEEPERS, LEADERS, WORKERS
from models.operations.verdicts import Refusal, Verdict
from models.operations.workspace import Workspace
from models.text import search_text

_FACTORS = tuple(p.RulingFields.model_fields)


def _team(workspace: Workspace, team_id: UUID | None) -> UUID | None:
    return None if team_id is None else workspace.require(Team, team_id).id


def _post_search(row: Post) -> str:
    return search_text(row.name, row.place)


@register("post.add", p.AddPost, may=KEEPERS, undo=archiving("post"))
def add_post(workspace: Workspace, given: p.AddPost) -> Verdict | None:
    """Set up a place where people serve; set up twice under one name it is one."""
    values = given.model_dump(exclude={"id"}) | {"team_id": _team(workspace, given.team_id)}
    standing = workspace.find(Post, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    row = Post(compound_id=workspace.compound_id, id=given.id, **values)
    row.search = _post_search(row)
    workspace.add(row)
    return None


@register("post.edit", p.EditPost, may=KEEPERS, undo=swapping("post.edit", Post))
def edit_post(workspace: Workspace, given: p.EditPost) -> None:
    """Change a post field by field."""
    row = workspace.require(Post, given.post)
    if "name" in given.new.model_fields_set:
        namesake = workspace.find(Post, name=given.new.name)
        if namesake is not None and namesake.id != row.id:
            raise Refusal("post.name_taken", name=given.new.name)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=_post_search(row))


@register("shift_template.add", p.AddTemplate, may=KEEPERS, undo=archiving("shift_template"))
def add_template(workspace: Workspace, given: p.AddTemplate) -> Verdict | None:
    """Let a shift come again and again; a post has one template of a name."""
    post = workspace.require(Post, given.post)
    values: dict[str, Any] = given.model_dump(exclude={"id", "post"})
    values |= {
        "team_id": _team(workspace, given.team_id),
        "weeks": given.weeks.value,
        "days": given.days.value,
    }
    _require_span(given.since, given.until)
    standing = workspace.find(ShiftTemplate, post_id=post.id, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(ShiftTemplate(compound_id=workspace.compound_id, id=given.id, post_id=post.id, **values))
    return None


def _require_span(since: Any, until: Any) -> None:
    if since is not None and until is not None and until <= since:
        raise Refusal("span.before_start", since=since.isoformat())


@register(
    "shift_template.edit",
    p.EditTemplate,
    may=KEEPERS,
    undo=swapping("shift_template.edit", ShiftTemplate),
)
def edit_template(workspace: Workspace, given: p.EditTemplate) -> None:
    """Change a template field by field. Shifts that are planned already stay as they are until planned anew."""
    row = workspace.require(ShiftTemplate, given.template)
    if "name" in given.new.model_fields_set:
        namesake = workspace.find(ShiftTemplate, post_id=row.post_id, name=given.new.name)
        if namesake is not None and namesake.id != row.id:
            raise Refusal("post.name_taken", name=given.new.name)
    edit_row(workspace, row, old=given.old, new=given.new)


@register("shift_exception.add", p.AddException, may=KEEPERS, undo=archiving("shift_exception"))
def add_exception(workspace: Workspace, given: p.AddException) -> Verdict | None:
    """Say that a template's shift is not held on a day, or is held besides."""
    template = workspace.require(ShiftTemplate, given.template)
    values: dict[str, Any] = {"held": given.held, "note": given.note}
    standing = workspace.find(ShiftException, template_id=template.id, day=given.day)
    if standing is not None and not standing.archived:
        return met_again(workspace, standing, given.id, values)
    if standing is not None:  # it was taken back, and is meant again
        workspace.change(standing, archived=False, **values)
        workspace.alias(ShiftException, given.id, standing.id)
        return None
    workspace.add(
        ShiftException(
            compound_id=workspace.compound_id,
            id=given.id,
            template_id=template.id,
            day=given.day,
            **values,
        )
    )
    return None


@register("special_day.add", p.AddSpecialDay, may=KEEPERS, undo=archiving("special_day"))
def add_special_day(workspace: Workspace, given: p.AddSpecialDay) -> Verdict | None:
    """Set what a day is, over what the calendar knows."""
    values: dict[str, Any] = {"kind": given.kind.value, "name": given.name}
    standing = workspace.find(SpecialDay, day=given.day)
    if standing is not None and not standing.archived:
        return met_again(workspace, standing, given.id, values)
    if standing is not None:
        workspace.change(standing, archived=False, **values)
        workspace.alias(SpecialDay, given.id, standing.id)
        return None
    workspace.add(SpecialDay(compound_id=workspace.compound_id, id=given.id, day=given.day, **values))
    return None


@register("special_day.edit", p.EditSpecialDay, may=KEEPERS, undo=swapping("special_day.edit", SpecialDay))
def edit_special_day(workspace: Workspace, given: p.EditSpecialDay) -> None:
    """Change what a day is."""
    edit_row(workspace, workspace.require(SpecialDay, given.special_day), old=given.old, new=given.new)


# -- people ------------------------------------------------------------------------------


@register("availability.add", p.AddAvailability, may=WORKERS, undo=archiving("availability"))
def add_availability(workspace: Workspace, given: p.AddAvailability) -> None:
    """Keep what somebody says about their time."""
    person = workspace.require(Person, given.person)
    _require_span(given.since, given.until)
    if given.ends <= given.starts:
        raise Refusal("availability.ends_first")
    values = given.model_dump(exclude={"id", "person"}) | {"kind": given.kind.value}
    workspace.add(Availability(compound_id=workspace.compound_id, id=given.id, person_id=person.id, **values))


@register(
    "availability.edit", p.EditAvailability, may=WORKERS, undo=swapping("availability.edit", Availability)
)
def edit_availability(workspace: Workspace, given: p.EditAvailability) -> None:
    """Change what somebody says about their time."""
    row = workspace.require(Availability, given.availability)
    edit_row(workspace, row, old=given.old, new=given.new)


@register("duty_pair.add", p.AddPair, may=KEEPERS, undo=archiving("duty_pair"))
def add_pair(workspace: Workspace, given: p.AddPair) -> Verdict | None:
    """Say that two people want to sit together, or must not; said of them again, the last word counts."""
    two = workspace.require(Person, given.person).id, workspace.require(Person, given.other).id
    if two[0] == two[1]:
        raise Refusal("duty.pair_same")
    one, other = sorted(two, key=lambda person: person.hex)
    # A pair of which one was merged into somebody else may stand the other way round, or both ways.
    ways = ((one, other), (other, one))
    found = [workspace.find(DutyPair, person_id=first, other_id=second) for first, second in ways]
    standing = [row for row in found if row is not None]
    for row in standing:
        workspace.change(row, together=given.together, archived=row is not standing[0])
    if standing:
        workspace.alias(DutyPair, given.id, standing[0].id)
        return None
    workspace.add(
        DutyPair(
            compound_id=workspace.compound_id,
            id=given.id,
            person_id=one,
            other_id=other,
            together=given.together,
        )
    )
    return None


@register("duty_share.add", p.AddShare, may=KEEPERS, undo=archiving("duty_share"))
def add_share(workspace: Workspace, given: p.AddShare) -> Verdict | None:
    """Say how much of a plain share somebody takes."""
    person = workspace.require(Person, given.person)
    values = given.model_dump(exclude={"id", "person"})
    standing = workspace.find(DutyShare, person_id=person.id)
    if standing is not None and not standing.archived:
        return met_again(workspace, standing, given.id, values)
    if standing is not None:
        workspace.change(standing, archived=False, **values)
        workspace.alias(DutyShare, given.id, standing.id)
        return None
    workspace.add(DutyShare(compound_id=workspace.compound_id, id=given.id, person_id=person.id, **values))
    return None


@register("duty_share.edit", p.EditShare, may=KEEPERS, undo=swapping("duty_share.edit", DutyShare))
def edit_share(workspace: Workspace, given: p.EditShare) -> None:
    """Change somebody's share."""
    edit_row(workspace, workspace.require(DutyShare, given.duty_share), old=given.old, new=given.new)


# -- what holds for all ------------------------------------------------------------------


def _set_here(given: p.RulingFields) -> dict[str, Any]:
    return {name: getattr(given, name) for name in _FACTORS}


def _undo_ruling(workspace: Workspace, given: p.SetDutyRuling) -> list[Intent]:
    standing = workspace.get(DutyRuling, workspace.shared_id(DutyRuling, ""))
    if standing is None or any(getattr(standing, name) != value for name, value in _set_here(given).items()):
        raise Refusal("undo.changed_since", field="")
    built_in = Ruling()
    before = given.before or p.RulingFields(**{name: getattr(built_in, name) for name in _FACTORS})
    back = p.SetDutyRuling(**_set_here(before), before=p.RulingFields(**_set_here(given)))
    return [intent("duty.rule", back)]


@register("duty.rule", p.SetDutyRuling, may=LEADERS, undo=_undo_ruling)
def rule(workspace: Workspace, given: p.SetDutyRuling) -> None:
    """Set what holds for all duty; the last to say so has it."""
    row_id = workspace.shared_id(DutyRuling, "")
    standing = workspace.get(DutyRuling, row_id)
    if standing is None:
        workspace.add(DutyRuling(compound_id=workspace.compound_id, id=row_id, **_set_here(given)))
    else:
        workspace.change(standing, **_set_here(given))


register_archiving("post", Post, may=KEEPERS)
register_archiving("shift_template", ShiftTemplate, may=KEEPERS)
register_archiving("shift_exception", ShiftException, may=KEEPERS)
register_archiving("special_day", SpecialDay, may=KEEPERS)
register_archiving("availability", Availability, may=WORKERS)
register_archiving("duty_pair", DutyPair, may=KEEPERS)
register_archiving("duty_share", DutyShare, may=KEEPERS)
