"""Kinds that every table has alike: archive, bring back, end a span of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import create_model
from sqlalchemy import ForeignKeyConstraint

from models.operations.envelope import Intent
from models.operations.merge import absorb, check_unchanged
from models.operations.registry import Payload, Ref, intent, register
from models.operations.roles import Role
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import Synced, synced_models, table_of

R = TypeVar("R", bound=Synced)


def local_day(workspace: Workspace) -> date:
    """Return the day an operation happened on, in the compound's zone."""
    return workspace.local_day(workspace.operation.happened_at)


def register_archiving(
    noun: str,
    model: type[Synced],
    *,
    may: Iterable[Role],
    guard: Callable[[Workspace, Any], None] | None = None,
) -> None:
    """Register `noun.archive` and `noun.unarchive`. `guard` refuses what must not be archived yet."""
    table = str(model.__tablename__)
    payload = create_model(f"Archive_{noun}", __base__=Payload, **{noun: (Annotated[UUID, Ref(table)], ...)})  # type: ignore[call-overload]
    payload.__doc__ = f"Names the {noun}."
    roles = frozenset(may)

    def archive(workspace: Workspace, given: Payload) -> None:
        row = workspace.require(model, getattr(given, noun))
        if guard is not None:
            guard(workspace, row)
        workspace.change(row, archived=True)

    def unarchive(workspace: Workspace, given: Payload) -> None:
        row = workspace.get(model, getattr(given, noun))
        if row is None:
            raise Refusal("row.unknown", table=table, id=str(getattr(given, noun)))
        if not row.archived:
            raise Refusal("row.living", table=table, id=str(row.id))
        workspace.change(row, archived=False)

    def put_back(_: Workspace, given: Payload) -> list[Intent]:
        return [intent(f"{noun}.unarchive", given)]

    def take_away(_: Workspace, given: Payload) -> list[Intent]:
        return [intent(f"{noun}.archive", given)]

    register(f"{noun}.archive", payload, may=roles, undo=put_back)(archive)
    register(f"{noun}.unarchive", payload, may=roles, undo=take_away)(unarchive)


def register_ending(
    noun: str,
    model: type[Synced],
    *,
    may: Iterable[Role],
    guard: Callable[[Workspace, Any], None] | None = None,
) -> None:
    """Register `noun.end`, which closes an open span, and `noun.reopen`, which takes that back."""
    table = str(model.__tablename__)
    name = {noun: (Annotated[UUID, Ref(table)], ...)}
    ending = create_model(f"End_{noun}", __base__=Payload, **name, until=(date | None, None))  # type: ignore[call-overload]
    ending.__doc__ = f"Names the {noun} and the first day it no longer holds."
    reopening = create_model(f"Reopen_{noun}", __base__=Payload, **name, until=(date | None, None))  # type: ignore[call-overload]
    reopening.__doc__ = f"Names the {noun} and the day until which it holds, if any."
    roles = frozenset(may)

    def end(workspace: Workspace, given: Any) -> None:
        row: Any = workspace.require(model, getattr(given, noun))
        until = given.until or local_day(workspace)
        if row.until is not None and row.until <= until:
            raise Refusal("span.ended", until=row.until.isoformat())
        if row.since is not None and until < row.since:
            raise Refusal("span.before_start", since=row.since.isoformat())
        if guard is not None:
            guard(workspace, row)
        workspace.change(row, until=until)

    def reopen(workspace: Workspace, given: Any) -> None:
        row: Any = workspace.require(model, getattr(given, noun))
        if given.until is not None and row.since is not None and given.until < row.since:
            raise Refusal("span.before_start", since=row.since.isoformat())
        if given.until is not None and guard is not None:
            guard(workspace, row)
        workspace.change(row, until=given.until)

    def undo_end(workspace: Workspace, given: Any) -> list[Intent]:
        row: Any = workspace.require(model, getattr(given, noun))
        if row.until is None or (given.until is not None and row.until != given.until):
            raise Refusal("undo.changed_since", field="until")
        return [Intent(f"{noun}.reopen", {noun: str(getattr(given, noun))})]

    register(f"{noun}.end", ending, may=roles, undo=undo_end)(end)
    register(f"{noun}.reopen", reopening, may=roles)(reopen)


def archiving(noun: str, field: str = "id") -> Callable[[Workspace, Any], list[Intent]]:
    """Return the undo of an addition: archive what was added, unless it merged into something else."""

    def undo(workspace: Workspace, given: Any) -> list[Intent]:
        row = workspace.get(synced_models()[noun], getattr(given, field))
        if row is None or row.id != getattr(given, field):
            raise Refusal("undo.merged")
        if row.archived or row.stamps:
            raise Refusal("undo.changed_since", field="")
        return [Intent(f"{noun}.archive", {noun: str(row.id)})]

    return undo


def swapping(kind: str, model: type[Synced]) -> Callable[[Workspace, Any], list[Intent]]:
    """Return the undo of a field-by-field edit: the same edit with old and new changed over."""

    def undo(workspace: Workspace, given: Any) -> list[Intent]:
        check_unchanged(workspace.require(model, getattr(given, given.target)), given.new)
        back = type(given)(**{given.target: getattr(given, given.target), "old": given.new, "new": given.old})
        return [intent(kind, back)]

    return undo


#: What of a row goes over to the one with its natural key, before it is put away for that: table -> what carries it over.
FOLDS: dict[str, Callable[[Workspace, Any, Any], None]] = {}
#: What follows once all that hung on one row hangs on another: table -> what takes the row put away and the one that stands.
SEQUELS: dict[str, Callable[[Workspace, Any, Any], None]] = {}


def merge_rows(
    workspace: Workspace, model: type[R], from_id: UUID, into_id: UUID, *, fields: Iterable[str] = ()
) -> Verdict:
    """Archive one row in favour of another: references move over, later ones follow an alias.

    What the standing row leaves blank of `fields` is filled from the other, and
    what differs is kept in a conflict.

    A reference that would stand twice (both walks had her, both wells had that
    pipe) or point a row at itself is archived where it is; of two open spans that
    become the same tie, one goes on from the earlier of their days.
    """
    source, target = workspace.require(model, from_id), workspace.require(model, into_id)
    if source.id == target.id:
        raise Refusal("merge.same")
    name = str(model.__tablename__)
    for other in synced_models().values():
        columns = [
            constraint.column_keys[1]
            for constraint in table_of(other).constraints
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name == name
        ]
        for column in sorted(columns):
            for row in workspace.rows(other, table_of(other).c[column] == source.id):
                _move_reference(workspace, row, column, target.id, columns)
    workspace.change(source, archived=True)
    verdict = absorb(workspace, target, source.id, {field: getattr(source, field) for field in fields})
    sequel = SEQUELS.get(name)
    if sequel is not None:
        sequel(workspace, source, target)
    return verdict


def _move_reference(workspace: Workspace, row: Any, column: str, target: UUID, columns: list[str]) -> None:
    key = type(row).__natural_key__
    # A pipe must not lead into itself; that somebody answers their own question is no such ring.
    circular = column in key and any(
        getattr(row, other) == target for other in columns if other != column and other in key
    )
    double: Synced | None = None
    if column in key:
        moved = {name: getattr(row, name) for name in key} | {column: target}
        double = workspace.find(type(row), **moved)
    if double is row:
        return  # what has this key is archived and led here by an earlier merge
    if circular or double is not None:
        fold = FOLDS.get(str(row.__tablename__))
        if double is not None and fold is not None and not row.archived:
            fold(workspace, row, double)
        workspace.change(row, archived=True)
        if double is not None:
            workspace.alias(type(row), row.id, double.id)
        return
    twin = _same_tie(workspace, row, column, target)
    if twin is None:
        workspace.change(row, **{column: target})
        return
    since = None if row.since is None or twin.since is None else min(row.since, twin.since)
    workspace.change(twin, since=since)
    workspace.change(row, archived=True)
    workspace.alias(type(row), row.id, twin.id)


def _same_tie(workspace: Workspace, row: Any, column: str, target: UUID) -> Any:
    """Return the open span that a moved one would stand beside as its equal."""
    key = type(row).__span_key__
    if column not in key or row.archived or row.until is not None:
        return None
    table = table_of(type(row))
    wanted = {name: getattr(row, name) for name in key} | {column: target}
    twins = workspace.rows(
        type(row),
        *(table.c[name] == value for name, value in wanted.items()),
        table.c.until.is_(None),
        table.c.archived.is_(False),
    )
    return next((twin for twin in twins if twin is not row), None)


def met_again(workspace: Workspace, standing: Synced, added_id: UUID, values: Mapping[str, Any]) -> Merged:
    """Merge an addition into the row that has its natural key; an archived one must be brought back first."""
    if standing.archived:
        raise Refusal("row.archived", table=str(standing.__tablename__), id=str(standing.id))
    return absorb(workspace, standing, added_id, values)
