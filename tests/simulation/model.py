"""The semantics once more, in plain dicts, written from the documented rules.

Nothing here is shared with the handlers: not a rule, not a table class. The
model is told each group in the order in which a server first met it, and says
what every row, verdict, conflict and flag has to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from models.operations.envelope import Operation
from simulation.model_duty import Duty
from simulation.model_ground import FACTS, Broken, Refused, State
from simulation.model_register import Register
from simulation.model_tickets import Tickets
from simulation.model_walks import Walks

__all__ = ["FACTS", "Model"]


class Turn(Duty, Tickets, Walks, Register):
    """One operation having its effect."""


@dataclass
class Model:
    """One compound on one server."""

    compound_id: UUID
    state: State = field(default_factory=State)
    head: int = 0
    verdicts: dict[UUID, tuple[str, str | None]] = field(default_factory=dict)
    revs: dict[UUID, int] = field(default_factory=dict)
    held: list[tuple[Operation, ...]] = field(default_factory=list)

    def copied(self) -> Model:
        return replace(
            self,
            state=self.state.copied(),
            verdicts=dict(self.verdicts),
            revs=dict(self.revs),
            held=list(self.held),
        )

    def judge(self, group: tuple[Operation, ...], *, broken: Mapping[str, str] | None = None) -> None:
        """Take a group in once; all of it, or only its facts when a decision of it is refused.

        `broken` names kinds that the server cannot take just now, and with what code it then holds them.
        """
        if group[0].id in self.verdicts:
            return
        self._judge(group, broken or {})

    def judge_again(self, *, broken: Mapping[str, str] | None = None) -> None:
        """Take in what was held, in the order in which it came."""
        for group in [*self.held]:
            self.held.remove(group)
            for operation in group:
                del self.verdicts[operation.id]
            self._judge(group, broken or {})

    def _judge(self, group: tuple[Operation, ...], broken: Mapping[str, str]) -> None:
        if any(self._holds(need) for operation in group for need in operation.needs):
            failed = ("held", "needs.held")
        else:
            said = self._all(group, broken)
            if said is None:
                return
            failed = said
        facts = tuple(operation for operation in group if operation.kind in FACTS)
        for operation in group:
            self.verdicts[operation.id] = failed
        if failed[0] == "held":
            self.held.append(group)
        elif facts:
            assert self._all(facts, broken) is None, "a fact was refused"

    def _holds(self, operation_id: UUID) -> bool:
        return self.verdicts.get(operation_id, ("", None))[0] == "held"

    def _all(self, group: tuple[Operation, ...], broken: Mapping[str, str]) -> tuple[str, str] | None:
        before = self.state.copied()
        verdicts = {}
        for place, operation in enumerate(group, start=1):
            try:
                verdicts[operation.id] = Turn(self.state, operation, self.head + place).verdict(broken)
            except Refused as refusal:
                self.state = before
                return "held" if isinstance(refusal, Broken) else "rejected", refusal.code
        for operation in group:
            self.head += 1
            self.revs[operation.id] = self.head
            self.verdicts[operation.id] = (verdicts[operation.id], None)
        return None
