"""The handlers of walks and observations: load, decide, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.community.tables import Person
from models.inspection import payloads as p
from models.inspection.operations import arrange_stops, stops_of
from models.inspection.rules import Answer
from models.inspection.tables import ChecklistItem, Observation, Point, Route, Walk, WalkMember
from models.operations.common import archiving, merge_rows, met_again, register_archiving
from models.operations.envelope import Intent
from models.operations.registry import Nature, intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.text import search_text

#: So much of a name stays where another route has it already.
_NAMED = 90


@register("walk.start", p.StartWalk, may=WORKERS, undo=archiving("walk"))
def start_walk(workspace: Workspace, given: p.StartWalk) -> Verdict | None:
    """Start a walk; one of the same name over the same route is joined."""
    route_id = None if given.route is None else workspace.require(Route, given.route).id
    if given.points:
        route_id = _once_only(workspace, given)
    standing = workspace.find(Walk, name=given.name, route_id=route_id)
    if standing is not None:
        verdict = met_again(workspace, standing, given.id, {"note": given.note})
        _take_part(workspace, standing.id, workspace.operation.doer_id)
        return verdict
    walk = workspace.add(
        Walk(
            compound_id=workspace.compound_id,
            id=given.id,
            name=given.name,
            route_id=route_id,
            started_at=workspace.operation.happened_at,
            started_by=workspace.operation.doer_id,
            note=given.note,
            search=search_text(given.name),
        )
    )
    _take_part(workspace, walk.id, workspace.operation.doer_id)
    return None


@register(
    "walk.finish",
    p.NameWalk,
    may=WORKERS,
    undo=lambda _, given: [intent("walk.reopen", given)],
)
def finish_walk(workspace: Workspace, given: p.NameWalk) -> None:
    """Close a walk."""
    walk = workspace.require(Walk, given.walk)
    if walk.finished_at is not None:
        raise Refusal("walk.finished", name=walk.name)
    workspace.change(walk, finished_at=workspace.operation.happened_at)


@register(
    "walk.reopen",
    p.NameWalk,
    may=WORKERS,
    undo=lambda _, given: [intent("walk.finish", given)],
)
def reopen_walk(workspace: Workspace, given: p.NameWalk) -> None:
    """Open a closed walk again."""
    walk = workspace.require(Walk, given.walk)
    if walk.finished_at is None:
        raise Refusal("walk.open", name=walk.name)
    workspace.change(walk, finished_at=None)


@register("walk.join", p.JoinWalks, may=WORKERS)
def join_walks(workspace: Workspace, given: p.JoinWalks) -> Verdict:
    """Let two walks that were started apart be one: observations and walkers move over."""
    source, target = workspace.require(Walk, given.walk), workspace.require(Walk, given.into)
    if source.route_id != target.route_id:
        raise Refusal("walk.other_route", name=source.name)
    return merge_rows(workspace, Walk, source.id, target.id)


def _undo_observe(workspace: Workspace, given: p.Observe) -> list[Intent]:
    row = workspace.get(Observation, given.id)
    if row is None or row.archived:
        raise Refusal("undo.changed_since", field="")
    return [intent("observation.withdraw", p.WithdrawObservation(observation=given.id))]


def _prepare_observations(workspace: Workspace, payloads: Sequence[p.Observe]) -> None:
    workspace.preload(Observation, [given.id for given in payloads])


@register(
    "walk.observe",
    p.Observe,
    nature=Nature.FACT,
    may=WORKERS,
    undo=_undo_observe,
    prepare=_prepare_observations,
)
def observe(workspace: Workspace, given: p.Observe) -> Verdict | None:
    """Keep what was seen. It is a fact: what is odd about it is flagged, never refused."""
    standing = workspace.get(Observation, given.id)
    if standing is not None:
        return Merged(standing.id)
    walk, point = workspace.get(Walk, given.walk), workspace.get(Point, given.point)
    if walk is None:
        workspace.flag("observation.walk_unknown", walk=str(given.walk))
    elif walk.archived:
        workspace.flag("observation.walk_archived", walk=walk.name)
    elif walk.finished_at is not None and workspace.operation.happened_at > walk.finished_at:
        workspace.flag("observation.walk_finished", walk=walk.name)
    if point is None:
        workspace.flag("observation.point_unknown", point=str(given.point))
    elif point.archived:
        workspace.flag("observation.point_archived", point=point.code)
    elif given.mud_mm is not None and point.depth_mm is not None and given.mud_mm > point.depth_mm:
        workspace.flag("observation.mud_deeper_than_well", point=point.code, mud_mm=given.mud_mm)
    workspace.add(
        Observation(
            compound_id=workspace.compound_id,
            id=given.id,
            walk_id=None if walk is None else walk.id,
            point_id=None if point is None else point.id,
            level=None if given.level is None else given.level.value,
            mud_mm=given.mud_mm,
            defects=[defect.model_dump() for defect in given.defects],
            answers=_answers(workspace, given.answers),
            note=given.note,
            at=workspace.operation.happened_at,
            doer_id=workspace.operation.doer_id,
            recorder_id=workspace.operation.recorder_id,
        )
    )
    if walk is not None:
        _take_part(workspace, walk.id, workspace.operation.doer_id)
    return None


@register("observation.withdraw", p.WithdrawObservation, may=WORKERS)
def withdraw(workspace: Workspace, given: p.WithdrawObservation) -> None:
    """Take an observation back."""
    workspace.change(workspace.require(Observation, given.observation), archived=True)


register_archiving("walk", Walk, may=WORKERS)


def _once_only(workspace: Workspace, given: p.StartWalk) -> UUID:
    """Return the route of a walk over chosen points: it is archived, so that nobody is offered it again."""
    route = workspace.find(Route, name=given.name)
    if route is None or not route.archived:
        row_id = workspace.new_id(Route, "once")
        name = given.name if route is None else f"{given.name[:_NAMED]} {row_id.hex[-6:]}"
        made = Route(
            compound_id=workspace.compound_id, id=row_id, name=name, search=search_text(name), archived=True
        )
        route = workspace.add(made)
    # Two laptops that begin the same one apart walk all that either of them meant.
    arrange_stops(workspace, route, [*stops_of(workspace, route), *given.points])
    return route.id


def _take_part(workspace: Workspace, walk_id: UUID, person_id: UUID) -> None:
    person = workspace.get(Person, person_id)
    if person is None or workspace.find(WalkMember, walk_id=walk_id, person_id=person.id) is not None:
        return
    workspace.add(
        WalkMember(
            compound_id=workspace.compound_id,
            id=workspace.new_id(WalkMember, f"{walk_id}:{person.id}"),
            walk_id=walk_id,
            person_id=person.id,
        )
    )


def _answers(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a number as a float, so that the year on a bottle is never taken for a grade."""
    kept = dict(given)
    for key, answer in given.items():
        if type(answer) is not int:
            continue
        try:
            item = workspace.get(ChecklistItem, UUID(key))
        except ValueError:
            item = None
        if item is not None and item.answer == Answer.NUMBER:
            kept[key] = float(answer)
    return kept
