"""What the screens of points, pipes and routes share: changes of more than one group, undone as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import MOST_IN_A_GROUP, Outcome
from tui.desk import Desk
from tui.screens.changing import Changing, Ledger
from tui.screens.register.words import verdict_words
from tui.widgets.text import Tone
from tui.words import refusal_text


@dataclass(slots=True)
class Works(Ledger):
    """A ledger whose changes may be several groups; `groups` holds them under the id of the last one."""

    groups: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)


def perform_in_order(desk: Desk, intents: Sequence[Intent]) -> list[Outcome]:
    """Perform intents a group at a time, and stop at the first that is refused."""
    outcomes: list[Outcome] = []
    for start in range(0, len(intents), MOST_IN_A_GROUP):
        outcomes.append(desk.perform(*intents[start : start + MOST_IN_A_GROUP]))
        if outcomes[-1].refused is not None:
            break
    return outcomes


class NetworkBase(Changing):
    """A screen of points, pipes or routes."""

    def __init__(self, ledger: Works | None = None) -> None:
        super().__init__(ledger or Works())

    @property
    def works(self) -> Works:
        if not isinstance(self.ledger, Works):
            raise TypeError("the ledger of these screens is a Works")
        return self.ledger

    def undoing(self, group_id: UUID) -> Callable[[Desk], Outcome]:
        groups = self.works.groups.get(group_id, (group_id,))

        def undo(desk: Desk) -> Outcome:
            outcome = desk.undo(groups[-1])
            for group in groups[-2::-1]:
                if outcome.refused is not None:
                    break
                outcome = desk.undo(group)
            return outcome

        return undo

    def note_changes(self, outcomes: Sequence[Outcome], said: str) -> None:
        """Remember what several groups did as one change, say it, and show what stands now.

        Those before a refused one stand; the refusal is said.
        """
        done = [outcome for outcome in outcomes if outcome.refused is None]
        refused = next((outcome.refused for outcome in outcomes if outcome.refused is not None), None)
        if done:
            self.works.groups[done[-1].group_id] = tuple(outcome.group_id for outcome in done)
            self.ledger.done.append((done[-1].group_id, said))
        if refused is not None:
            self.flash(refusal_text(refused), Tone.BAD)
        elif done:
            self.say_saved(verdict_words(said, done[-1]))
        self.reread()
