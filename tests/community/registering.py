"""Short ways to ask what stands in a register, and to write rows of a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from simulation.devices import Laptop

from models.community import queries
from models.community.importing import plan_households
from models.files.households import HouseholdRow, OccupantRow
from models.importing import ImportReport, Plan, carry_out
from models.operations.perform import Outcome
from models.problems import Problem

#: The day the shared clock shows, in Shanghai.
TODAY = date(2026, 3, 2)


class Register:
    """The register behind a laptop, as questions without session and compound."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop

    def ask(self, question: str, *args: Any, **options: Any) -> Any:
        """Ask a function of `queries` that takes session and compound first."""
        asked = getattr(queries, question)
        options.setdefault("today", TODAY)
        with self.laptop.store.read() as session:
            return asked(session, self.laptop.compound_id, *args, **options)

    def codes(self, text: str = "", **options: Any) -> list[str]:
        """Return the codes of the households a search finds."""
        return [line.code for line in self.ask("page_households", text=text, **options)]

    def names(self, text: str = "", **options: Any) -> list[str]:
        """Return the names of the people a search finds."""
        return [line.name for line in self.ask("page_people", text=text, **options)]

    def household(self, code: str) -> queries.HouseholdCard:
        """Return the card of the one household of a code, archived or not."""
        [line] = [
            line for line in self.ask("page_households", archived=True, limit=9999) if line.code == code
        ]
        card = self.ask("household_card", line.id)
        assert isinstance(card, queries.HouseholdCard)
        return card

    def person(self, name: str) -> queries.PersonCard:
        """Return the card of the one person of a name, archived or not."""
        [line] = [line for line in self.ask("page_people", archived=True, limit=9999) if line.name == name]
        card = self.ask("person_card", line.id)
        assert isinstance(card, queries.PersonCard)
        return card

    def people_in(self, code: str) -> list[str]:
        """Return the names of who owns or lives in a household today."""
        return [who.name for who in self.household(code).occupancies if who.current]

    def plan(self, rows: list[HouseholdRow], *problems: Problem, strict: bool = False) -> Plan:
        with self.laptop.store.read() as session:
            return plan_households(
                session, self.laptop.compound_id, rows, problems, acting=self.laptop.acting, strict=strict
            )

    def take_in(self, rows: list[HouseholdRow], *problems: Problem, strict: bool = False) -> ImportReport:
        return carry_out(self.laptop.store, self.plan(rows, *problems, strict=strict), self.laptop.acting)


def made(outcome: Outcome) -> UUID:
    """Return the id that the first operation of a group gave to what it added."""
    return UUID(str(outcome.operations[0].payload["id"]))


def refusal(outcome: Outcome | Problem) -> str:
    """Return the code of a refusal."""
    assert isinstance(outcome, Outcome), outcome
    assert outcome.refused is not None, outcome.verdicts
    return outcome.refused.code


def row(code: str, *people: OccupantRow | str, line: int = 2, **values: Any) -> HouseholdRow:
    """Return a row of a file; a person given by name alone stands on the row's own line."""
    building, unit, room = code.split("-", 2)
    occupants = tuple(
        OccupantRow(who, None, None, None, line) if isinstance(who, str) else who for who in people
    )
    blank = dict.fromkeys(
        ("floor", "floors_total", "has_lift", "kind", "layout", "area", "indoor_area", "status")
    )
    told = {**blank, **values}
    return HouseholdRow(code, building, unit, room, **told, occupants=occupants, line=line, lines=(line,))


def who(
    name: str, phone: str | None = None, sex: str | None = None, relation: str | None = None, line: int = 2
) -> OccupantRow:
    return OccupantRow(name, sex, phone, relation, line)
