"""Tickets on which everybody works apart, so that whatever two can do to one ticket happens in every history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from simulation.devices import Laptop


@dataclass
class Desk:
    """The same tickets on every laptop, and what each person does with them in two turns."""

    laptops: Sequence[Laptop]
    #: The group in which the first of them began the work that another finishes.
    begun: list[UUID] = field(default_factory=list)

    def open(self) -> None:
        """Take in what all will work on: four tickets for each turn, and the water is off."""
        first = self.laptops[0]
        first.do("person.add", name="赵敏")
        for n in range(1, 9):
            first.do("ticket.report", what="下水堵", code=f"KT{n}", category="drain", household_id="3-1-502")
        first.do("incident.open", name="停水", category="water")

    def works(self, place: int, turn: int) -> None:
        """Do what others do at the same time elsewhere; the second turn goes on from what the first left."""
        laptop = self.laptops[place]
        claimed, decided, worked, held = (f"KT{4 * turn + n}" for n in range(1, 5))
        laptop.do("ticket.accept", ticket=claimed)
        if place % 2:
            laptop.do("ticket.finish", ticket=decided, minutes=30 + place)
        else:
            laptop.do("ticket.reject", ticket=decided, words="不归我们管")
        laptop.do("ticket.log", ticket=worked, minutes=10 + place, cost=100)
        gone = laptop.do("ticket.log", ticket=worked, minutes=7)
        laptop.undo(gone.group_id)
        laptop.do("ticket.handover", ticket=held, to="赵敏" if place else str(self.laptops[1].person_id))
        laptop.do("ticket.report", what="没水", code="KT99", category="water")
        if turn == 0:
            if place == 0:
                self.begun.append(laptop.do("ticket.start", ticket=worked).group_id)
            return
        if place == 0:
            laptop.undo(self.begun[0])
            laptop.attempt("incident.end", incident="停水")
        else:
            laptop.attempt("ticket.finish", ticket="KT3", minutes=5)
        self.choose(place)
        laptop.attempt("ticket.take", ticket="KT4")

    def choose(self, place: int) -> None:
        """Let each settle what the first turn left open, the one so and the other so."""
        laptop = self.laptops[place]
        open_here = laptop.ask(
            "SELECT id FROM conflict WHERE table_name = 'ticket' AND field IN ('state', 'hands')"
            " AND status = 'open' AND compound_id = ? ORDER BY id LIMIT 2",
            laptop.compound_id.hex,
        )
        for (row_id,) in open_here:
            choice = "take" if place % 2 else "keep"
            laptop.attempt("conflict.resolve", conflict=str(UUID(row_id)), choice=choice)
