"""A street of doors that owe, for tests of arrears: bills, payments, talks and complaints, each in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from simulation.devices import Laptop

from models.operations.resolve import find_row

#: The day on which these tests look, and its morning in the compound.
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DOORS = ("1-1-101", "1-1-102", "1-2-301", "2-1-501", "2-1-502")
PEOPLE = ("张三", "李四")


def settle(laptop: Laptop) -> None:
    """Add five doors in two buildings, two volunteers who visit, and a fee for the quarter."""
    for code in DOORS:
        laptop.do("household.add", code=code, area=8000)
    for name in PEOPLE:
        laptop.do("person.add", name=name)
        laptop.do("role.grant", person=name, role="volunteer")
    for code in DOORS[:3]:
        laptop.do("contact.assign", household=code, person="张三", since="2026-01-01")
    laptop.do("contact.assign", household="2-1-501", person="李四", since="2026-01-01")
    laptop.do("fee.add_item", name="物业费", formula="area", cycle="quarter")
    laptop.do("fee.add_item", name="停车费", formula="fixed", cycle="month")
    laptop.clock.now = NOW


def id_of(laptop: Laptop, table: str, text: str) -> UUID:
    with laptop.store.read() as session:
        found = find_row(session, laptop.compound_id, table, text)
    assert isinstance(found, UUID), found
    return found


def bill(
    laptop: Laptop, code: str, fen: int, since: str, until: str, *, due: str, item: str = "物业费"
) -> None:
    """Issue one bill that is due on a day."""
    row = {
        "household": str(id_of(laptop, "household", code)),
        "item": str(id_of(laptop, "charge_item", item)),
        "since": since,
        "until": until,
        "gross_fen": fen,
        "amount_fen": fen,
        "due_on": due,
    }
    laptop.do("fee.issue", {"run": str(laptop.ids()), "since": since, "until": until, "rows": [row]})


def owes(laptop: Laptop, code: str, fen: int = 30_000, quarter: int = 2) -> None:
    """Let a door owe a quarter of 2026; up to the third it is past its day."""
    first, last = 3 * quarter - 2, 3 * quarter + 1
    until = f"2026-{last:02}-01" if last <= 12 else "2027-01-01"
    bill(
        laptop,
        code,
        fen,
        f"2026-{first:02}-01",
        until,
        due=f"2026-{first:02}-28" if quarter < 4 else "2026-12-31",
    )


def pay(laptop: Laptop, code: str, fen: int, at: datetime | None = None) -> None:
    """Let a door pay; `at` is when, if not now."""
    if at is not None:
        laptop.clock.now = at
    laptop.do("payment.record", household=code, fen=fen, method="cash", receipt_no=None)


def talk(laptop: Laptop, code: str, **more: Any) -> None:
    """Note a visit."""
    laptop.do("fee.remind", {"household": code, "way": "visit", "answer": "none", **more})


def complain(laptop: Laptop, code: str, what: str = "下水堵了") -> str:
    """Take a complaint in, and return its code."""
    outcome = laptop.do("ticket.report", what=what, household_id=code)
    [(ticket,)] = laptop.ask(
        "SELECT code FROM ticket WHERE id = ?", UUID(str(outcome.operations[0].payload["id"])).hex
    )
    return str(ticket)


def defer(laptop: Laptop, code: str, until: str, item: str | None = None) -> str:
    """Let a door pay later; approved by a second person."""
    given: dict[str, Any] = {"household": code, "kind": "deferral", "since": "2026-01-01"}
    if item is not None:
        given["item"] = item
    director, laptop.person_id = laptop.person_id, id_of(laptop, "person", PEOPLE[0])
    outcome = laptop.do("fee.ask_concession", {**given, "defer_until": until, "reason": "住院"})
    laptop.person_id = director
    concession = str(outcome.operations[0].payload["id"])
    laptop.do("fee.approve_concession", {"concession": concession})
    return concession
