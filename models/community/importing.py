"""Importing households: plan first, show the plan, then carry it out group by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from models.community.planning import MERE_WARNINGS, Change, Plan, Step, plan_households
from models.operations.envelope import Acting
from models.operations.perform import Outcome, perform
from models.operations.verdicts import Merged, Rejected
from models.problems import Problem
from models.store import Store

__all__ = ["MERE_WARNINGS", "Change", "ImportReport", "Plan", "Step", "carry_out", "plan_households"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. The counts are of households.

    `batch_id` names its operations in the log, `group_ids` what undo takes back, last first.
    """

    added: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    batch_id: UUID | None = None
    group_ids: tuple[UUID, ...] = ()


class _Stop(Exception):  # noqa: N818  # ends a strict import's transaction, and is caught where it began
    """Something was refused where nothing may be."""


def carry_out(
    store: Store, plan: Plan, acting: Acting, *, progress: Callable[[int, int], None] | None = None
) -> ImportReport:
    """Perform a plan's groups under one batch id, one write transaction each.

    When the register has moved on since the plan and a group is refused, its
    steps are performed one by one, and those refused become problems with
    their lines. A strict plan takes one transaction for everything, so that a
    late refusal leaves nothing behind. `progress` hears of groups done and of
    how many there are.
    """
    run = _Run(plan, acting, acting.new_id())
    if plan.strict:
        _carry_out_strictly(store, run, progress)
    else:
        for done, group in enumerate(plan.groups, start=1):
            with store.write() as session:
                run.perform(session, group)
            if run.denied:
                break
            if progress is not None:
                progress(done, len(plan.groups))
    return run.report()


def _carry_out_strictly(store: Store, run: _Run, progress: Callable[[int, int], None] | None) -> None:
    try:
        with store.write() as session:
            for done, group in enumerate(run.plan.groups, start=1):
                run.perform(session, group)
                run.stop_at_problems()
                if progress is not None:
                    progress(done, len(run.plan.groups))
    except _Stop:
        run.nothing_done = True


class _Run:
    """An import on its way: what was refused, and what became of each household."""

    def __init__(self, plan: Plan, acting: Acting, batch_id: UUID) -> None:
        self.plan = plan
        self.acting = acting
        self.batch_id = batch_id
        self.problems: list[Problem] = []
        self.nothing_done = False
        self.denied = False
        self._group_ids: list[UUID] = []
        self._done: set[str] = set()
        self._met_again: set[str] = set()

    def perform(self, session: Session, group: Sequence[Step]) -> None:
        """Perform a group, or what can be performed of it."""
        outcome = self._try(session, group)
        if outcome.refused is None:
            self._note(group, outcome)
            return
        if outcome.refused.code == "role.missing":
            # A term that ended meanwhile refuses whatever follows, too: one problem says it for all.
            self.denied = True
            self.problems.append(Problem("role.missing", group[0].line, params=outcome.refused.params))
            return
        for step in group:
            outcome = self._try(session, [step])
            if outcome.refused is None:
                self._note([step], outcome)
            else:
                self.problems.extend(_as_problems(step, outcome.refused))

    def stop_at_problems(self) -> None:
        """Leave the transaction if anything was refused."""
        if self.problems:
            raise _Stop

    def report(self) -> ImportReport:
        """Return what was done, counted by household."""
        problems = tuple(sorted((*self.plan.problems, *self.problems), key=lambda problem: problem.line or 0))
        if self.nothing_done:
            return ImportReport(0, 0, self.plan.unchanged, problems)
        new = set(self.plan.new_codes)
        added = self._done & new - self._met_again
        changed = self._done - added - {""}
        return ImportReport(
            len(added), len(changed), self.plan.unchanged, problems, self.batch_id, tuple(self._group_ids)
        )

    def _try(self, session: Session, steps: Sequence[Step]) -> Outcome:
        intents = [intent for step in steps for intent in step.intents]
        return perform(session, intents, self.acting, batch_id=self.batch_id)

    def _note(self, steps: Sequence[Step], outcome: Outcome) -> None:
        self._group_ids.append(outcome.group_id)
        verdicts = iter(outcome.verdicts)
        for step in steps:
            own = [next(verdicts) for _ in step.intents]
            self._done.add(step.household)
            if step.adds and isinstance(own[0], Merged):
                self._met_again.add(step.household)


def _as_problems(step: Step, refused: Rejected) -> list[Problem]:
    """Return why a step was refused, with its line; a payload that does not fit says so field by field."""
    if refused.problems:
        return [Problem(one.code, step.line, one.column, one.params) for one in refused.problems]
    return [Problem(refused.code, step.line, params={**refused.params, "household": step.household})]
