"""Importing a file: plan first, show the plan, then carry it out group by group.

Reading a file gives rows and problems; a feature compares the rows with what is
stored and plans what each would change. A plan holds finished intents, so that
carrying it out asks nothing of the file again. A bad row never stops the good
ones, unless the plan is strict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from models.operations.envelope import Acting, Intent
from models.operations.perform import MOST_IN_A_GROUP, Outcome, perform
from models.operations.verdicts import Merged, Rejected
from models.problems import Problem
from models.store import Store
from models.tables import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an import changes, for the preview, in the unit it is stored in.

    `code` is the thing's, `person` the name when the value is a person's.
    """

    line: int
    code: str
    field: str
    old: Json
    new: Json
    person: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Intents that stand or fall together, and the line of the file they come from.

    `subject` is the code of the thing they are for; without one they come along
    and count as nothing. Without a `needed` step the ones after it mean nothing:
    when it is refused, they are not tried.
    """

    line: int | None
    subject: str
    intents: tuple[Intent, ...]
    adds: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: counts of things, and groups of at most 200 intents each.

    A strict plan with a problem that is no mere warning has no groups and
    counts nothing as added or changed.
    """

    added: int
    changed: int
    unchanged: int
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    groups: tuple[tuple[Step, ...], ...] = field(repr=False)
    strict: bool = False
    blocked: bool = False

    @property
    def new_codes(self) -> tuple[str, ...]:
        """The codes of the things that would be added, in the order of the file."""
        return tuple(step.subject for group in self.groups for step in group if step.adds)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    `batch_id` names its operations in the log, `group_ids` what undo takes
    back, last first.
    """

    added: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    batch_id: UUID | None = None
    group_ids: tuple[UUID, ...] = ()


def make_plan(
    steps: Iterable[Step],
    *,
    unchanged: int,
    problems: Iterable[Problem],
    warnings: Collection[str],
    changes: Iterable[Change] = (),
    strict: bool = False,
) -> Plan:
    """Put steps into groups and count things: every step that adds is one, and so is every other subject.

    `warnings` are the problem codes that cost no value: they stop nothing, not
    even a strict import.
    """
    every, found = list(steps), by_line(problems)
    if strict and any(problem.code not in warnings for problem in found):
        return Plan(0, 0, unchanged, (), found, (), strict=True, blocked=True)
    new = {step.subject for step in every if step.adds}
    return Plan(
        added=sum(step.adds for step in every),
        changed=len({step.subject for step in every} - new - {""}),
        unchanged=unchanged,
        changes=tuple(changes),
        problems=found,
        groups=tuple(_grouped(every)),
        strict=strict,
    )


def by_line(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems in the order of the file, those of the whole file first."""
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


def carry_out(
    store: Store, plan: Plan, acting: Acting, *, progress: Callable[[int, int], None] | None = None
) -> ImportReport:
    """Perform a plan's groups under one batch id, one write transaction each.

    When the store has moved on since the plan and a group is refused, its steps
    are performed one by one, and those refused become problems with their
    lines. A strict plan takes one transaction for everything, so that a late
    refusal leaves nothing behind. `progress` hears of groups done and of how
    many there are.
    """
    run = _Run(plan, acting, acting.new_id())
    total = len(plan.groups)
    if plan.strict:
        try:
            with store.write() as session:
                for done, group in enumerate(plan.groups, start=1):
                    run.perform(session, group)
                    run.stop_at_problems()
                    if progress is not None:
                        progress(done, total)
        except _Stop:
            run.nothing_done = True
        return run.report()
    for done, group in enumerate(plan.groups, start=1):
        with store.write() as session:
            run.perform(session, group)
        if run.halted:
            break
        if progress is not None:
            progress(done, total)
    return run.report()


class _Stop(Exception):  # noqa: N818  # ends a strict import's transaction, and is caught where it began
    """Something was refused where nothing may be."""


class _Run:
    """An import on its way: what was refused, and what was done."""

    def __init__(self, plan: Plan, acting: Acting, batch_id: UUID) -> None:
        self.plan = plan
        self.acting = acting
        self.batch_id = batch_id
        self.problems: list[Problem] = []
        self.nothing_done = False
        self.halted = False
        self._groups: list[UUID] = []
        self._added = 0
        self._new: set[str] = set()
        self._changed: set[str] = set()

    def perform(self, session: Session, group: Sequence[Step]) -> None:
        """Perform a group, or what can be performed of it."""
        outcome = self._try(session, group)
        if outcome.refused is None:
            self._note(group, outcome)
            return
        if outcome.refused.code == "role.missing":
            # Who may not do one may do none of them: one problem says it for all.
            self.halted = True
            self.problems.append(Problem("role.missing", group[0].line, params=outcome.refused.params))
            return
        for step in group:
            outcome = self._try(session, [step])
            if outcome.refused is None:
                self._note([step], outcome)
                continue
            self.problems.extend(_as_problems(step, outcome.refused))
            if step.needed:
                self.halted = True
                return

    def stop_at_problems(self) -> None:
        """Leave the transaction if anything was refused."""
        if self.problems:
            raise _Stop

    def report(self) -> ImportReport:
        """Return what was done."""
        problems = by_line((*self.plan.problems, *self.problems))
        if self.nothing_done or not self.plan.groups:
            return ImportReport(0, 0, self.plan.unchanged, problems)
        changed = len(self._changed - self._new - {""})
        return ImportReport(
            self._added, changed, self.plan.unchanged, problems, self.batch_id, tuple(self._groups)
        )

    def _try(self, session: Session, steps: Sequence[Step]) -> Outcome:
        intents = [intent for step in steps for intent in step.intents]
        return perform(session, intents, self.acting, batch_id=self.batch_id)

    def _note(self, steps: Sequence[Step], outcome: Outcome) -> None:
        self._groups.append(outcome.group_id)
        verdicts = iter(outcome.verdicts)
        for step in steps:
            own = [next(verdicts) for _ in step.intents]
            # Somebody may have added the same thing since the plan was made.
            if step.adds and not isinstance(own[0], Merged):
                self._added += 1
                self._new.add(step.subject)
            else:
                self._changed.add(step.subject)


def _grouped(steps: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    group: list[Step] = []
    size = 0
    for step in steps:
        if group and size + len(step.intents) > MOST_IN_A_GROUP:
            yield tuple(group)
            group, size = [], 0
        group.append(step)
        size += len(step.intents)
    if group:
        yield tuple(group)


def _as_problems(step: Step, refused: Rejected) -> list[Problem]:
    """Return why a step was refused, with its line; a payload that does not fit says so field by field."""
    if refused.problems:
        return [Problem(one.code, step.line, one.column, one.params) for one in refused.problems]
    return [Problem(refused.code, step.line, params={**refused.params, "subject": step.subject})]
