"""The books from the command line: the public accounts of a period, the journal, the lists of accounts and entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from .conftest import Linli


@pytest.fixture
def books(founded: Linli) -> Linli:
    """A compound with one bill, one payment, and one expense that nobody approved before it was paid."""
    bill = {"household": "1-1-101", "item": "物业费", "gross_fen": 9000, "amount_fen": 9000}
    span = {"since": "2026-07-01", "until": "2026-10-01"}
    for kind, payload in (
        ("household.add", {"code": "1-1-101"}),
        ("person.add", {"name": "张三"}),
        ("fee.add_item", {"name": "物业费", "formula": "area"}),
        ("fee.add_account", {"side": "expense", "name": "维修"}),
        ("fee.issue", {"rows": [bill | span], **span}),
        ("payment.record", {"household": "1-1-101", "fen": 10_000}),
    ):
        said = founded("do", kind, json.dumps(payload))
        assert said.status == 0, said.err
    return founded


def _today(books: Linli) -> str:
    return str(books("list", "entries", "--json").rows[0]["day"])


def test_the_public_accounts_of_a_period_are_figures_that_add_up(books: Linli) -> None:
    year = _today(books)[:4]
    told = books("fees", "statement", "--period", year, "--format", "json").json
    assert told["totals"]["closing_fen"] == told["totals"]["opening_fen"] + 10_000
    assert [(one["name"], one["received_fen"]) for one in told["items"]] == [("物业费", 9000)]
    assert told["ahead_fen"] == 1000
    assert "王德胜" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("form", ["html", "xlsx", "json"])
def test_a_files_name_tells_its_format(books: Linli, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    said = books("fees", "statement", "--period", _today(books)[:7], "--out", path, "--paper", "a3")
    assert (said.status, path.exists()) == (0, True), said.err
    if form == "xlsx":
        book = CalamineWorkbook.from_path(str(path))
        assert book.get_sheet_by_index(0).to_python()[-1][-1] == 100.0
    elif form == "html":
        assert "size:297mm 420mm" in path.read_text("utf-8")
    else:
        assert json.loads(path.read_text("utf-8"))["version"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("statement", "--period", "2026-Q7"),
        ("statement", "--period", "2026", "--format", "xlsx"),
        ("statement", "--period", "2026", "--out", "accounts.doc"),
        ("journal", "--format", "hledger", "--from", "2026-09-01", "--to", "2026-08-01"),
    ],
)
def test_what_cannot_be_asked_for_is_a_mistake_of_usage(books: Linli, words: tuple[str, ...]) -> None:
    assert books("fees", *words).status == 2


@pytest.mark.parametrize("form", ["hledger", "beancount"])
def test_the_journal_names_collectors_masked_and_carries_forward(books: Linli, form: str) -> None:
    whole = books("fees", "journal", "--format", form)
    assert whole.status == 0
    assert "王**" in whole.out
    assert "王德胜" not in whole.out
    assert "100.00 CNY" in whole.out
    later = books("fees", "journal", "--format", form, "--from", "2100-01-01").out
    assert "carried:2100-01-01" in later
    assert books("fees", "journal", "--format", form, "--to", "2001-01-01").status == 0


def test_accounts_and_entries_are_listed(books: Linli) -> None:
    standing = {row["account"]: row["balance_fen"] for row in books("list", "accounts", "--json").rows}
    assert sum(standing.values()) == 0
    assert standing["liabilities:advance"] == -1000
    kinds = sorted(row["kind"] for row in books("list", "entries", "--json").rows)
    assert kinds == ["bill", "payment", "payment.allocated"]
    spoken = books("--lang", "zh_CN", "list", "entries", "--where", "类型=收款", "--json").rows
    assert [row["kind"] for row in spoken] == ["payment"]


def test_a_poster_of_what_is_public_says_so_until_the_books_change(books: Linli) -> None:
    month = _today(books)[:7]
    figures = books("fees", "statement", "--period", month).json
    payload = {"since": figures["since"], "until": figures["until"], "figures": figures}
    asked = ("fees", "statement", "--period", month, "--format", "html")
    assert "Draft" in books(*asked).out
    assert books("do", "fee.publish", json.dumps(payload)).status == 0
    assert "Published on" in books(*asked).out
    assert books("do", "payment.record", json.dumps({"fen": 1})).status == 0
    assert "Draft" in books(*asked).out
