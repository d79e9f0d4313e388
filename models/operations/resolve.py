"""From what people write to what an operation carries.

People name a household `1-1-1001` and a person by name; an operation carries
ids. This is where codes become ids, where new rows get theirs, and where an
edit learns the old value it replaces, before the payload is validated.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from models.operations.envelope import Acting
from models.operations.registry import ALLOTTERS, FINDERS, Allotted, EditPayload, Fresh, Kind, Ref
from models.operations.workspace import Workspace
from models.problems import Problem
from models.tables import encode, synced_models


class Unresolved(Exception):  # noqa: N818  # carries problems to the one caller
    """A reference means nothing, or several things."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def complete(
    session: Session, kind: Kind, raw: Mapping[str, Any], acting: Acting
) -> dict[str, Any] | Problem:
    """Return the payload with ids for codes, fresh ids for new rows and old values for edits."""
    try:
        payload = _complete_model(session, kind.payload, raw, acting)
    except Unresolved as error:
        return error.problem
    if issubclass(kind.payload, EditPayload):
        _fill_old(session, kind.payload, payload, acting)
    return payload


def find_row(session: Session, compound_id: UUID, table: str, text: str) -> UUID | Problem:
    """Return the one row of a table that somebody means by an id, a code or a name."""
    try:
        return UUID(text)
    except ValueError:
        pass
    find = FINDERS.get(table)
    found = list(find(session, compound_id, text)) if find else []
    if len(found) == 1:
        return found[0]
    code = "reference.ambiguous" if found else "reference.unknown"
    return Problem(code, params={"table": table, "text": text[:40], "n": len(found)})


def _complete_model(
    session: Session, model: type[BaseModel], raw: Mapping[str, Any], acting: Acting
) -> dict[str, Any]:
    done = dict(raw)
    for name, field in model.model_fields.items():
        marks = [*field.metadata, field.annotation]
        if name in raw:
            done[name] = _complete_value(session, marks, raw[name], acting)
        elif any(isinstance(mark, Fresh) for mark in field.metadata):
            done[name] = str(acting.new_id())
        else:
            for series in _series(marks):
                done[name] = ALLOTTERS[series](session, acting.compound_id)
    return done


def _series(marks: list[Any]) -> list[str]:
    """Return the series that a field is given a short name of, where it is one that a laptop gives out."""
    inner = [
        mark for part in marks for branch in get_args(part) for mark in getattr(branch, "__metadata__", ())
    ]
    return [mark.series for mark in (*marks, *inner) if isinstance(mark, Allotted)]


def _complete_value(session: Session, marks: list[Any], value: Any, acting: Acting) -> Any:
    for mark in marks:
        if isinstance(mark, Ref) and isinstance(value, str):
            found = find_row(session, acting.compound_id, mark.table, value)
            if isinstance(found, Problem):
                raise Unresolved(found)
            return str(found)
        origin, inner = get_origin(mark), get_args(mark)
        if (
            origin is None
            and isinstance(mark, type)
            and issubclass(mark, BaseModel)
            and isinstance(value, Mapping)
        ):
            return _complete_model(session, mark, value, acting)
        if origin in {list, tuple} and isinstance(value, list):
            return [_complete_value(session, [inner[0]], one, acting) for one in value]
        if origin in {Union, UnionType} or (inner and hasattr(mark, "__metadata__")):
            parts = [*inner, *getattr(mark, "__metadata__", ())]
            value = _complete_value(
                session, [part for part in parts if part is not type(None)], value, acting
            )
    return value


def _fill_old(session: Session, payload: type[EditPayload], values: dict[str, Any], acting: Acting) -> None:
    new = values.get("new")
    old = values.get("old") or {}
    if not isinstance(new, Mapping) or not isinstance(old, Mapping):
        return
    try:
        row_id = UUID(str(values.get(payload.target)))
    except ValueError:
        return
    row = Workspace(session, acting.compound_id, keep_shadows=False).get(
        synced_models()[payload.table], row_id
    )
    if row is not None:
        values["old"] = {name: encode(getattr(row, name)) for name in new if hasattr(row, name)} | dict(old)
