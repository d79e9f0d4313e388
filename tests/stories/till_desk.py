"""A compound whose doors owe three months of 物业费: 89.5 m² at 1.20 yuan, 107.40 a month; 王德胜, who leads, sits there."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from register_desk import found, rows

from models.fees.derivation import Formula
from models.fees.periods import Period
from models.fees.tariffs import Rule, charge
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.desk import Desk

#: Who lives where; the second owner's name is for whoever draws it carelessly.
OWNERS = {"3-1-502": "张三", "3-1-501": "[/b]赵", "1-2-302": "欧阳建平"}
PEOPLE = {"李敏": "treasurer", "周收": "volunteer", "郑监": "supervisor"}
MONTHS = (9, 10, 11)
AREA, PRICE = 8950, 12_000
A_MONTH = 10_740


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-till-")) / "store.db"
    intents: list[Intent] = []

    def do(kind: str, **payload: Any) -> str:
        payload.setdefault("id", str(edge.new_id()))
        intents.append(Intent(kind, payload))
        return str(payload["id"])

    for name, role in PEOPLE.items():
        person = do("person.add", name=name)
        do("role.grant", person=person, role=role, since="2020-01-01")
    homes = []
    for code, owner in OWNERS.items():
        homes.append(do("household.add", code=code, area=AREA))
        person = do("person.add", name=owner, phones=["13800138502"] if owner == "张三" else [])
        do("occupancy.start", household=homes[-1], person=person, relation="owner", since="2020-01-01")
    item = do("fee.add_item", name="物业费", formula="area", cycle="month")
    tariff = do("fee.set_tariff", item=item, price=PRICE, since="2020-01-01")
    found(path, *intents)
    _issue(path, homes, item, tariff)
    return path


def _issue(path: Path, homes: list[str], item: str, tariff: str) -> None:
    """Issue what each home owes for each month."""
    rule = Rule(UUID(tariff), 1, Formula.AREA, PRICE, date(2020, 1, 1))
    lines = []
    for month in MONTHS:
        period = Period(date(2026, month, 1), date(2026, month + 1, 1))
        sums = charge([rule], period, quantity=AREA)
        line = {
            "item": item,
            "tariff": tariff,
            "since": period.first.isoformat(),
            "until": period.end.isoformat(),
            "gross_fen": sums.gross_fen,
            "discount_fen": 0,
            "amount_fen": sums.amount_fen,
            "due_on": date(2026, month, 28).isoformat(),
            "sums": sums.sums(),
        }
        lines += [line | {"household": home} for home in homes]
    run = {"run": str(edge.new_id()), "since": "2026-09-01", "until": "2026-12-01", "rows": lines}
    assert do(path, "fee.issue", **run).refused is None


def owing(path: Path) -> Path:
    """Put the compound at `path`."""
    copyfile(_template(), path)
    return path


def home(path: Path, code: str = "3-1-502") -> str:
    [(row_id,)] = rows(path, f"select id from household where code = '{code}'")  # noqa: S608 - a test's own code
    return str(UUID(str(row_id)))


def person(path: Path, name: str) -> str:
    [(row_id,)] = rows(path, f"select id from person where name = '{name}'")  # noqa: S608 - a test's own name
    return str(UUID(str(row_id)))


def do(path: Path, kind: str, *, by: str = "", **payload: Any) -> Outcome:
    """Do one thing; `by` is who did it."""
    doer = UUID(person(path, by)) if by else None
    desk = Desk(path)
    desk.open()
    outcome = desk.perform(Intent(kind, payload, doer_id=doer))
    desk.close()
    return outcome


def pay(path: Path, fen: int, code: str = "3-1-502", *, by: str = "", **more: Any) -> str:
    """Record money that came in; returns the payment's id."""
    payload = {"id": str(edge.new_id()), "household": home(path, code), "fen": fen, **more}
    payload.setdefault("receipt", str(edge.new_id()))
    assert do(path, "payment.record", by=by, **payload).refused is None
    return str(payload["id"])


def sits(path: Path, name: str) -> None:
    """Let somebody act on this laptop."""
    who = UUID(person(path, name))
    desk = Desk(path)
    desk.open()
    desk.act_as(who)
    desk.close()


def owed(path: Path, code: str = "3-1-502") -> int:
    """Return what a door owes, in fen."""
    sql = "select coalesce(sum(b.owed_fen), 0) from bill b join household h on h.id = b.household_id"
    return int(rows(path, f"{sql} where h.code = '{code}'")[0][0])


def open_bills(path: Path, code: str = "3-1-502") -> list[tuple[Any, ...]]:
    """Return since when the open bills of a door run, and what is owed of each."""
    sql = (
        "select b.since, b.owed_fen from bill b join household h on h.id = b.household_id where owed_fen > 0"
    )
    return rows(path, f"{sql} and h.code = '{code}' order by b.since")


def payments(path: Path) -> list[tuple[Any, ...]]:
    """Return the payments: amount, what is free of it, method; the oldest first."""
    return rows(path, "select amount_fen, free_fen, method from payment order by paid_at, id")
