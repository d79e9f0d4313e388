"""Applying many groups in order, as if one after another, each under a savepoint of its own.

Most groups stand without objection, so many are applied together first; only
where one objects are those before it applied again without it, and then that
one alone. The server judges so, and a laptop replays so what waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from models.operations.apply import apply, is_fact, prepare
from models.operations.digest import Tally
from models.operations.envelope import Operation
from models.operations.verdicts import Held, Refusal, Rejected, Verdict
from models.operations.workspace import Workspace

#: Operations applied together under one savepoint; an objection costs at most these again.
_TOGETHER = 1000


@dataclass(slots=True)
class Bench:
    """Where groups of one compound are applied, and what comes of it.

    `head` is the last rev given out, None on a laptop, which gives out none.
    `held` are operations that wait for another version, and so hold what needs
    them. `tally` is what the rows written change in the digests.
    """

    session: Session
    compound_id: UUID
    head: int | None
    held: set[UUID] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    def workspace(self) -> Workspace:
        """Return an empty workspace: a laptop's keeps shadows, a server's stamps revs."""
        return Workspace(self.session, self.compound_id, keep_shadows=self.head is None)

    def rev(self, place: int) -> int | None:
        """Return the rev of the operation that is applied as the next but `place`."""
        return None if self.head is None else self.head + 1 + place

    def applied(self, workspace: Workspace, count: int) -> None:
        """Count operations whose savepoint was committed."""
        if self.head is not None:
            self.head += count
            self.tally.absorb(workspace.tally)


def apply_in_order(bench: Bench, groups: Sequence[Sequence[Operation]]) -> list[list[Verdict]]:
    """Apply groups one after another, each whole or not at all, and say what became of each operation.

    When one decision is rejected, every decision of its group is, for the same
    reason, and its facts are applied without them, each by itself.
    """
    answers: list[list[Verdict]] = []
    while len(answers) < len(groups):
        run = _run(groups, len(answers))
        stood, verdicts = _together(bench, run)
        if stood < len(run) and stood:
            stood, verdicts = _together(bench, run[:stood])
        answers += verdicts[:stood]
        if stood < len(run):
            answers.append(_alone(bench, run[stood]))
    return answers


def _run(groups: Sequence[Sequence[Operation]], start: int) -> Sequence[Sequence[Operation]]:
    count, end = 0, start
    while end < len(groups) and (end == start or count + len(groups[end]) <= _TOGETHER):
        count += len(groups[end])
        end += 1
    return groups[start:end]


def _together(bench: Bench, groups: Sequence[Sequence[Operation]]) -> tuple[int, list[list[Verdict]]]:
    """Apply groups under one savepoint. Returns how many stood before one objected, and their verdicts.

    Fewer than all means that nothing was applied. An objection that comes only
    when rows are sent does not tell whose it is: then half of them are said to stand.
    """
    workspace = bench.workspace()
    savepoint = bench.session.begin_nested()
    answers: list[list[Verdict]] = []
    count = 0
    try:
        prepare(workspace, [operation for group in groups for operation in group])
        for group in groups:
            if not bench.held.isdisjoint(need for operation in group for need in operation.needs):
                break
            verdicts: list[Verdict] = []
            for operation in group:
                verdict = apply(workspace, operation, rev=bench.rev(count))
                if isinstance(verdict, Rejected | Held):
                    break
                count += 1
                verdicts.append(verdict)
            if len(verdicts) < len(group):
                break
            answers.append(verdicts)
        else:
            workspace.flush()
            savepoint.commit()
            bench.applied(workspace, count)
            return len(groups), answers
    except Exception as error:
        if _says_nothing(error):
            raise
        savepoint.rollback()
        return min(len(answers), len(groups) // 2), []
    savepoint.rollback()
    return len(answers), []


def _alone(bench: Bench, operations: Sequence[Operation]) -> list[Verdict]:
    """Judge a group that did not stand with others."""
    verdicts = _apart(bench, operations)
    for operation, verdict in zip(operations, verdicts, strict=True):
        if isinstance(verdict, Held):
            bench.held.add(operation.id)
    return verdicts


def _apart(bench: Bench, operations: Sequence[Operation]) -> list[Verdict]:
    if any(need in bench.held for operation in operations for need in operation.needs):
        return [Held("needs.held") for _ in operations]
    verdicts = _try(bench, operations)
    if not isinstance(verdicts[0], Rejected | Held):
        return verdicts
    facts = [operation for operation in operations if is_fact(operation)]
    if not facts or len(operations) == 1 or (isinstance(verdicts[0], Held) and len(facts) < len(operations)):
        return verdicts
    # Facts are applied without the decisions, and each by itself: one that breaks must not hold the others.
    return [
        _try(bench, [operation])[0] if is_fact(operation) else verdict
        for operation, verdict in zip(operations, verdicts, strict=True)
    ]


def _try(bench: Bench, operations: Sequence[Operation]) -> list[Verdict]:
    """Apply operations from the next rev on: all of them, or none and one verdict for all.

    A group of facts alone is never rejected. What a fact's handler cannot take
    waits, held, for a version that can.
    """
    workspace = bench.workspace()
    savepoint = bench.session.begin_nested()
    verdicts: list[Verdict] = []
    failed: Rejected | Held
    try:
        prepare(workspace, operations)
        for place, operation in enumerate(operations):
            verdict = apply(workspace, operation, rev=bench.rev(place))
            verdicts.append(verdict)
            if isinstance(verdict, Rejected | Held):
                break
        else:
            workspace.flush()
            savepoint.commit()
            bench.applied(workspace, len(operations))
            return verdicts
        failed = verdict
    except IntegrityError:
        failed = Rejected("row.clash")
    except Refusal as refusal:
        failed = Rejected(refusal.code, refusal.params)
    except Exception as error:  # a poisonous operation must not stop those behind it
        if _says_nothing(error):
            raise
        failed = Held("handler.broke")
    savepoint.rollback()
    if isinstance(failed, Rejected) and all(is_fact(operation) for operation in operations):
        failed = Held(failed.code)
    return [failed for _ in operations]


def _says_nothing(error: Exception) -> bool:
    """Tell whether an error is the machine's: a full disk, a lost lock or line says nothing of an operation."""
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
