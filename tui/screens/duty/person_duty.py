"""The duty of one person, as their card tells of it: the next shift, what they owe, and where Enter leads."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.duty.queries import ShiftLine
from models.duty.queries_home import next_shift
from models.duty.queries_mine import count_own
from tui import edge
from tui.actions import action
from tui.desk import Desk
from tui.duty_words import shift_title
from tui.i18n import t
from tui.screens.duty.my_shifts_rows import balance_of
from tui.screens.duty.swaps_words import owed_text
from tui.screens.register.card import Tie
from tui.widgets.facts import Fact

SHIFTS_HERE = action("my_shifts.shifts_here", "f4", footer=False)


@dataclass(frozen=True, slots=True)
class DutyHere:
    """Somebody's next shift, how many are behind them, and what they owe in points (None: they take no turns)."""

    person_id: UUID
    next: ShiftLine | None
    served: int
    owed: int | None

    @property
    def fact(self) -> Fact:
        """What the card says of it."""
        coming = shift_title(self.next) if self.next is not None else t("my_shifts.here_none")
        return Fact(t("screen.duty"), t("my_shifts.here_fact", next=coming, owed=self._owed()))

    def tie(self) -> Tie:
        """Return it as a tie of the card, which leads to the shifts."""
        coming = self.next
        return Tie(
            noun="duty",
            id=self.person_id,
            word=t("screen.duty"),
            name=shift_title(coming) if coming is not None else t("my_shifts.here_none"),
            detail=self._owed(),
            since=None,
            until=None,
            current=True,
            opens=("duty", self.person_id),
        )

    def _owed(self) -> str:
        if self.owed is None:
            return t("my_shifts.here_served", n=self.served)
        return owed_text(self.owed)


def duty_here(desk: Desk, person_id: UUID) -> DutyHere | None:
    """Read the duty of a person; None for whoever has never been on a shift: most people are not."""
    compound_id, now = desk.seat.compound_id, edge.clock()
    with desk.store.read() as session:
        coming = next_shift(session, compound_id, person_id, now=now)
        served = count_own(session, compound_id, person_id, now=now, ahead=False)
    if coming is None and not served:
        return None
    found = balance_of(desk, person_id)
    return DutyHere(person_id, coming, served, None if found is None else found.owed)
