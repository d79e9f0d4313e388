"""The handlers of points, pipes, routes and checklists: load, decide, write. Walks have a file of their own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from models.community.rules import natural_sort_key
from models.community.tables import Building, Household
from models.inspection import payloads as p
from models.inspection.ordering import merged_order
from models.inspection.tables import (
    ChecklistItem,
    HouseConnection,
    Pipe,
    Point,
    Route,
    RouteStop,
)
from models.operations.common import archiving, merge_rows, met_again, register_archiving, swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import intent, register
from models.operations.roles import KEEPERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text


def _prepare_points(workspace: Workspace, payloads: Sequence[p.AddPoint]) -> None:
    workspace.prefetch(Point, "code", [given.code for given in payloads])


@register("point.add", p.AddPoint, may=KEEPERS, undo=archiving("point"), prepare=_prepare_points)
def add_point(workspace: Workspace, given: p.AddPoint) -> Verdict | None:
    """Add a point; one of the same code is the same point."""
    values = given.model_dump(exclude={"id", "code"})
    if given.building_id is not None:
        values["building_id"] = workspace.require(Building, given.building_id).id
    standing = workspace.find(Point, code=given.code)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    point = Point(
        compound_id=workspace.compound_id,
        id=given.id,
        code=given.code,
        sort_key=natural_sort_key(given.code),
        **values,
    )
    point.search = _point_search(point)
    workspace.add(point)
    return None


@register("point.edit", p.EditPoint, may=KEEPERS, undo=swapping("point.edit", Point))
def edit_point(workspace: Workspace, given: p.EditPoint) -> None:
    """Change a point field by field."""
    row = workspace.require(Point, given.point)
    if given.new.building_id is not None:
        workspace.require(Building, given.new.building_id)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=_point_search(row))


def _undo_rename(workspace: Workspace, given: p.RenamePoint) -> list[Intent]:
    if given.before is None:
        raise Refusal("undo.impossible", kind="point.rename")
    if workspace.require(Point, given.point).code != given.code:
        raise Refusal("undo.changed_since", field="code")
    return [intent("point.rename", p.RenamePoint(point=given.point, code=given.before, before=given.code))]


@register("point.rename", p.RenamePoint, may=KEEPERS, undo=_undo_rename)
def rename_point(workspace: Workspace, given: p.RenamePoint) -> None:
    """Give a point another code; one that another point bears, even an archived one, stays with that."""
    row = workspace.require(Point, given.point)
    taken = workspace.find(Point, code=given.code)
    if taken is not None and taken.id != row.id:
        raise Refusal("code.taken", code=given.code)
    if given.before is not None and row.code not in {given.before, given.code}:
        # Two people gave it different codes: the second sees the first one's before it is changed again.
        raise Refusal("code.changed_since", code=row.code, before=given.before)
    workspace.change(row, code=given.code, sort_key=natural_sort_key(given.code))
    workspace.change(row, search=_point_search(row))


@register("point.merge", p.MergePoints, may=KEEPERS)
def merge_points(workspace: Workspace, given: p.MergePoints) -> Verdict:
    """Let one point mean another; pipes and stops that would double are archived."""
    fields = set(p.PointFields.model_fields) - {"kind"}
    verdict = merge_rows(workspace, Point, given.point, given.into, fields=fields)
    point = workspace.require(Point, given.into)
    workspace.change(point, search=_point_search(point))
    return verdict


@register("pipe.add", p.AddPipe, may=KEEPERS, undo=archiving("pipe"))
def add_pipe(workspace: Workspace, given: p.AddPipe) -> Verdict | None:
    """Link two wells; a second link the same way is the same pipe."""
    start, end = workspace.require(Point, given.start), workspace.require(Point, given.end)
    values = given.model_dump(exclude={"id", "start", "end"})
    standing = workspace.find(Pipe, from_id=start.id, to_id=end.id)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(
        Pipe(compound_id=workspace.compound_id, id=given.id, from_id=start.id, to_id=end.id, **values)
    )
    return None


@register("pipe.edit", p.EditPipe, may=KEEPERS, undo=swapping("pipe.edit", Pipe))
def edit_pipe(workspace: Workspace, given: p.EditPipe) -> None:
    """Change a pipe field by field."""
    edit_row(workspace, workspace.require(Pipe, given.pipe), old=given.old, new=given.new)


@register("connection.add", p.AddConnection, may=KEEPERS, undo=archiving("house_connection"))
def add_connection(workspace: Workspace, given: p.AddConnection) -> Verdict | None:
    """Say what drains into a well; saying it twice says it once."""
    point = workspace.require(Point, given.point)
    building = None if given.building is None else workspace.require(Building, given.building).id
    household = None if given.household is None else workspace.require(Household, given.household).id
    table = table_of(HouseConnection)
    for standing in workspace.rows(
        HouseConnection,
        table.c.point_id == point.id,
        table.c.building_id.is_(building) if building is None else table.c.building_id == building,
        table.c.household_id.is_(household) if household is None else table.c.household_id == household,
    ):
        workspace.change(standing, archived=False)
        workspace.alias(HouseConnection, given.id, standing.id)
        return Merged(standing.id)
    workspace.add(
        HouseConnection(
            compound_id=workspace.compound_id,
            id=given.id,
            point_id=point.id,
            building_id=building,
            household_id=household,
        )
    )
    return None


@register("route.add", p.AddRoute, may=KEEPERS, undo=archiving("route"))
def add_route(workspace: Workspace, given: p.AddRoute) -> Verdict | None:
    """Add a route with its stops; one of the same name is the same route, and keeps its own stops."""
    standing = workspace.find(Route, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, {"note": given.note})
    route = workspace.add(
        Route(
            compound_id=workspace.compound_id,
            id=given.id,
            name=given.name,
            note=given.note,
            search=search_text(given.name),
        )
    )
    arrange_stops(workspace, route, given.stops)
    return None


@register("route.edit", p.EditRoute, may=KEEPERS, undo=swapping("route.edit", Route))
def edit_route(workspace: Workspace, given: p.EditRoute) -> None:
    """Change a route's words."""
    row = workspace.require(Route, given.route)
    if "name" in given.new.model_fields_set:
        taken = workspace.find(Route, name=given.new.name)
        if taken is not None and taken.id != row.id:
            raise Refusal("name.taken", name=given.new.name)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=search_text(row.name))


def _undo_arrange(workspace: Workspace, given: p.ArrangeRoute) -> list[Intent]:
    if given.before is None:
        raise Refusal("undo.impossible", kind="route.arrange")
    if stops_of(workspace, workspace.require(Route, given.route)) != list(dict.fromkeys(given.stops)):
        raise Refusal("undo.changed_since", field="stops")
    return [
        intent("route.arrange", p.ArrangeRoute(route=given.route, stops=given.before, before=given.stops))
    ]


@register("route.arrange", p.ArrangeRoute, may=KEEPERS, undo=_undo_arrange)
def arrange_route(workspace: Workspace, given: p.ArrangeRoute) -> None:
    """Give a route its points, in walking order; what others have added or taken out meanwhile stays so."""
    route = workspace.require(Route, given.route)
    stops = [workspace.require(Point, point_id).id for point_id in given.stops]
    if given.before is not None:
        known = [workspace.get(Point, point_id) for point_id in given.before]
        before = [point.id for point in known if point is not None]
        stops = merged_order(before, stops, stops_of(workspace, route))
    arrange_stops(workspace, route, stops)


@register("checklist.add", p.AddItem, may=KEEPERS, undo=archiving("checklist_item"))
def add_item(workspace: Workspace, given: p.AddItem) -> Verdict | None:
    """Ask a question at every point of a kind."""
    standing = workspace.find(ChecklistItem, point_kind=given.point_kind.value, text=given.text)
    if standing is not None:
        return met_again(workspace, standing, given.id, {})
    workspace.add(
        ChecklistItem(
            compound_id=workspace.compound_id,
            id=given.id,
            point_kind=given.point_kind.value,
            text=given.text,
            answer=given.answer.value,
            required=given.required,
            position=given.position,
        )
    )
    return None


@register("checklist.edit", p.EditItem, may=KEEPERS, undo=swapping("checklist.edit", ChecklistItem))
def edit_item(workspace: Workspace, given: p.EditItem) -> None:
    """Change how, whether and where a question is asked; two of one kind of point never read alike."""
    row = workspace.require(ChecklistItem, given.item)
    if "text" in given.new.model_fields_set:
        taken = workspace.find(ChecklistItem, point_kind=row.point_kind, text=given.new.text)
        if taken is not None and taken.id != row.id:
            raise Refusal("name.taken", name=given.new.text)
    edit_row(workspace, row, old=given.old, new=given.new)


register_archiving("point", Point, may=KEEPERS)
register_archiving("pipe", Pipe, may=KEEPERS)
register_archiving("house_connection", HouseConnection, may=KEEPERS)
register_archiving("route", Route, may=KEEPERS)
register_archiving("checklist_item", ChecklistItem, may=KEEPERS)


def _point_search(point: Point) -> str:
    return search_text(point.name, words=[point.code])


def arrange_stops(workspace: Workspace, route: Route, stops: Sequence[UUID]) -> None:
    """Give a route just these points, in this order."""
    table = table_of(RouteStop)
    standing = {stop.point_id: stop for stop in workspace.rows(RouteStop, table.c.route_id == route.id)}
    wanted = list(dict.fromkeys(workspace.require(Point, point_id).id for point_id in stops))
    for position, point_id in enumerate(wanted, start=1):
        stop = standing.pop(point_id, None)
        if stop is None:
            workspace.add(
                RouteStop(
                    compound_id=workspace.compound_id,
                    id=workspace.new_id(RouteStop, f"{route.id}:{point_id}"),
                    route_id=route.id,
                    point_id=point_id,
                    position=position,
                )
            )
        else:
            workspace.change(stop, position=position, archived=False)
    for stop in standing.values():
        # A point that is put away keeps its place: nobody sees it, and so nobody took it out.
        if _is_living(workspace, stop.point_id):
            workspace.change(stop, archived=True)


def stops_of(workspace: Workspace, route: Route) -> list[UUID]:
    """Return the living points of a route in walking order."""
    table = table_of(RouteStop)
    stops = workspace.rows(RouteStop, table.c.route_id == route.id, table.c.archived.is_(False))
    return [
        stop.point_id
        for stop in sorted(stops, key=lambda stop: stop.position)
        if _is_living(workspace, stop.point_id)
    ]


def _is_living(workspace: Workspace, point_id: UUID) -> bool:
    point = workspace.get(Point, point_id)
    return point is not None and not point.archived
