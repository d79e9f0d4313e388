"""Carrying what a laptop founded for itself over into a compound that others share.

Its operations are performed again in the other compound, under the same ids, by
whoever sits at the laptop now: what exists there already merges by its natural
key, what that person may not do there is refused, and nothing is taken from the
old compound, which stays in the store.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, col, select

from models.ids import derived_id
from models.operations import log
from models.operations.apply import is_fact
from models.operations.aside import put_aside
from models.operations.envelope import Acting, Intent, Operation
from models.operations.perform import Outcome, perform
from models.operations.registry import KINDS
from models.operations.tables import OperationRow
from models.operations.verdicts import Rejected, verdict_name
from models.store import Store
from models.tables import synced_models, table_of

_FOUNDING = "compound.found"
#: Groups performed in one transaction.
_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Left:
    """An operation that cannot be carried over, and why."""

    kind: str
    why: Rejected


@dataclass(slots=True)
class Joined:
    """What carrying over does: operations by verdict, and those that stay behind."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Left] = field(default_factory=list)


class _Discarded(Exception):  # noqa: N818  # ends a preview
    """Raised to roll a preview back."""


def preview(store: Store, source: UUID, acting: Acting) -> Joined:
    """Say what carrying `source` over into the acting person's compound would do; changes nothing."""
    result, names = Joined(), dict[UUID, UUID]()
    try:
        with store.write() as session:
            for group in _groups(session, source, acting.compound_id):
                _perform(session, group, acting, result, names)
            raise _Discarded  # noqa: TRY301  # the way out that rolls back
    except _Discarded:
        return result


def carry_over(store: Store, source: UUID, acting: Acting) -> Joined:
    """Carry `source` over. It may be repeated: what is there already is passed by."""
    result, names = Joined(), dict[UUID, UUID]()
    with store.read() as session:
        groups = list(_groups(session, source, acting.compound_id))
    for start in range(0, len(groups), _TOGETHER):
        with store.write() as session:
            for group in groups[start : start + _TOGETHER]:
                _perform(session, group, acting, result, names)
    with store.write() as session:
        put_aside(session, source, acting.compound_id)
    return result


def _perform(
    session: Session, group: Sequence[Operation], acting: Acting, result: Joined, names: dict[UUID, UUID]
) -> None:
    """Perform a group again. `names` are the groups so far, by the name each had in the old compound."""
    statement = select(OperationRow.id, OperationRow.group_id).where(
        OperationRow.compound_id == acting.compound_id,
        col(OperationRow.id).in_([operation.id for operation in group]),
    )
    known = {row.id: row.group_id for row in session.connection().execute(statement)}
    names.update({one.group_id: known[one.id] for one in group if one.id in known})
    left = [operation for operation in group if operation.id not in known]
    if not left:
        return
    # What takes a group back names that group, which has another name here; an import keeps its own.
    batch = group[0].batch_id
    batch = None if batch is None else names.get(batch, batch)
    outcome = perform(session, [_intent(one) for one in left], acting, batch_id=batch)
    if outcome.refused is None:
        names[group[0].group_id] = outcome.group_id
        _count(outcome, result)
        return
    # As on a server: the decisions of a refused group stay behind, its facts do not.
    for operation in left:
        if is_fact(operation):
            alone = perform(session, [_intent(operation)], acting, batch_id=batch)
            if alone.refused is None:
                _count(alone, result)
                continue
            result.refused.append(Left(operation.kind, alone.refused))
        else:
            result.refused.append(Left(operation.kind, outcome.refused))
        result.counts["rejected"] += 1


def _count(outcome: Outcome, result: Joined) -> None:
    for verdict in outcome.verdicts:
        result.counts[verdict_name(verdict)] += 1


def _intent(operation: Operation) -> Intent:
    return Intent(
        operation.kind,
        operation.payload,
        doer_id=operation.doer_id,
        happened_at=operation.happened_at,
        id=operation.id,
    )


def _groups(session: Session, source: UUID, target: UUID) -> Iterator[list[Operation]]:
    """Yield the groups of a compound that was never on a server, spelled for another compound."""
    rows = session.exec(
        select(OperationRow).where(OperationRow.compound_id == source).order_by(col(OperationRow.n))
    ).all()
    rename = _Rename(session, source, target)
    for group in log.groups_of([log.from_row(row) for row in rows]):
        spelled = [rename(operation) for operation in group if not _is_of_the_compound(operation)]
        spelled += [rename(one) for one in map(_first_person, group) if one is not None]
        if spelled:
            yield spelled


def _is_of_the_compound(operation: Operation) -> bool:
    """Tell whether an operation is about the compound itself: the other one has its own name and address."""
    return operation.kind.startswith("compound.")


def _first_person(operation: Operation) -> Operation | None:
    """Return the founding as what it says of a person: that there is one."""
    name = operation.payload.get("person_name")
    if operation.kind != _FOUNDING or not name or "person.add" not in KINDS:
        return None
    payload = {"id": operation.payload["person"], "name": name}
    return replace(operation, kind="person.add", v=KINDS["person.add"].v, payload=payload)


class _Rename:
    """Spells an operation for another compound: rows whose ids come from the compound get the other's."""

    def __init__(self, session: Session, source: UUID, target: UUID) -> None:
        self._target = target
        self._texts: list[tuple[str, str]] = []
        for name, model in synced_models().items():
            table = table_of(model)
            keys = model.__natural_key__
            if len(keys) != 1:
                continue
            statement = table.select().where(table.c.compound_id == source)
            for row in session.connection().execute(statement).mappings():
                own = derived_id(source, name, str(row[keys[0]]))
                if row["id"] == own:
                    other = derived_id(target, name, str(row[keys[0]]))
                    self._texts += [(str(own), str(other)), (own.hex, other.hex)]

    def __call__(self, operation: Operation) -> Operation:
        text = json.dumps(dict(operation.payload), ensure_ascii=False)
        for own, other in self._texts:
            text = text.replace(own, other)
        return replace(operation, compound_id=self._target, payload=json.loads(text))
