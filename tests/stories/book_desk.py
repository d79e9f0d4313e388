"""A compound with money: a quarter of bills and payments, an expense, cash; 王德胜 leads, 李敏 is treasurer, 郑监 supervises."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import pytest
from register_desk import found, rest, rows
from textual.pilot import Pilot

from models.fees.rules import BOX, Side, account_code
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.desk import Desk
from tui.widgets.form import Form

#: In the quarter that is told of, and in the one after it.
AUGUST = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PEOPLE = {"李敏": "treasurer", "周收": "volunteer", "郑监": "supervisor", "何委": "committee"}


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-books-")) / "store.db"
    intents: list[Intent] = []

    def add(kind: str, /, **payload: Any) -> str:
        payload.setdefault("id", str(edge.new_id()))
        intents.append(Intent(kind, payload))
        return str(payload["id"])

    for name, role in PEOPLE.items():
        person = add("person.add", name=name)
        add("role.grant", person=person, role=role, since="2020-01-01")
    homes = [add("household.add", code=code, area=8000) for code in ("1-1-101", "2-1-101")]
    item = add("fee.add_item", name="物业费", formula="area", cycle="quarter")
    repairs = add("fee.add_account", side="expense", name="维修[/b]")
    add("fee.move", kind="opening", out_of="equity:opening", into=BOX, fen=500_000, moved_on="2026-06-30")
    bill = {
        "item": item,
        "since": "2026-07-01",
        "until": "2026-10-01",
        "gross_fen": 24_000,
        "amount_fen": 24_000,
    }
    lines = [bill | {"household": home} for home in homes]
    intents.append(
        Intent(
            "fee.issue",
            {"run": str(edge.new_id()), "since": "2026-07-01", "until": "2026-10-01", "rows": lines},
        )
    )
    add("payment.record", household=homes[0], fen=25_000, method="wechat", receipt=str(edge.new_id()))
    spent = add(
        "expense.record", account=repairs, fen=12_000, payee="张三丰", voucher="2026-8", words="疏通[a栋]"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "clock", lambda: AUGUST)
        found(path, *intents)
        assert do(path, "expense.approve", by="何委", expense=spent).refused is None
        assert do(path, "expense.pay", by="李敏", expense=spent, out_of=BOX).refused is None
    return path


def kept(path: Path) -> Path:
    """Put the compound at `path`."""
    copyfile(_template(), path)
    return path


def person(path: Path, name: str) -> UUID:
    [(row_id,)] = rows(path, f"select id from person where name = '{name}'")  # noqa: S608 - a test's own name
    return UUID(str(row_id))


def do(path: Path, kind: str, /, *, by: str = "", **payload: Any) -> Outcome:
    """Do one thing as somebody."""
    desk = Desk(path)
    desk.open()
    if by:
        desk.act_as(person(path, by))
    outcome = desk.perform(Intent(kind, payload))
    desk.close()
    return outcome


def sits(path: Path, name: str) -> Path:
    """Let somebody act on this laptop."""
    desk = Desk(path)
    desk.open()
    desk.act_as(person(path, name))
    desk.close()
    return path


def account(path: Path, side: Side, name: str) -> str:
    """Return the code of an account that was added."""
    [(row_id,)] = rows(path, f"select id from account where name = '{name}'")  # noqa: S608 - a test's own name
    return account_code(side, UUID(str(row_id)))


async def pick(pilot: Pilot[None], field: str, option_id: str) -> None:
    """Take an option of a field that is chosen in a list of its own."""
    control: Any = pilot.app.screen.query_one(Form).row(field).control
    control.value = option_id
    await rest(pilot)
