"""The journal of a compound whose money moved at random, given to the programs that it is written for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from random import Random

import pytest
from account_books import Books
from simulation.devices import Clock, Ids, Laptop

from models.fees.entries import Entry, beancount, hledger
from models.fees.journal import carried
from models.fees.queries_accounts import balances, entries
from models.fees.rules import BOX
from models.store import open_store

_END = date(2030, 1, 1)
_MIDDLE = date(2026, 6, 1)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Entry], dict[str, int]]:
    """What stood before a day carried forward, every entry after it, and the balances at the end."""
    store = open_store(tmp_path_factory.mktemp("journal") / "store.linli", new_id=Ids())
    ids, clock = Ids(), Clock()
    laptop = Laptop(store, ids(), ids(), clock, ids)
    laptop.found()
    Books(laptop, Random(5)).go(80)
    with store.read() as session:
        brought = carried(balances(session, laptop.compound_id, _MIDDLE), _MIDDLE)
        assert brought is not None
        later = entries(session, laptop.compound_id, since=_MIDDLE, until=_END)
        standing = balances(session, laptop.compound_id, _END)
    store.close()
    return [brought, *later], standing


def _run(program: str, *arguments: str | Path) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    utf8 = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, check=False, env=utf8)
    told = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, told
    return told


@pytest.mark.ledgers
def test_hledger_accepts_the_books_and_finds_the_same_balances(
    journal: tuple[list[Entry], dict[str, int]], tmp_path: Path
) -> None:
    found, standing = journal
    path = tmp_path / "books.journal"
    path.write_text(hledger(found, {BOX: "现金箱；; | [2026-01-01]"}, "耐火小区"), encoding="utf-8")
    _run("hledger", "-f", path, "check", "--strict")
    told = _run("hledger", "-f", path, "balance", "-N", "--flat", "--no-elide")
    sums = {
        account: int(amount.replace(",", "").replace(".", ""))
        for amount, account in re.findall(r"(-?[\d,]+\.\d\d) CNY\s+(\S+)", told)
    }
    assert sums == standing


@pytest.mark.ledgers
def test_beancount_accepts_the_books(journal: tuple[list[Entry], dict[str, int]], tmp_path: Path) -> None:
    path = tmp_path / "books.beancount"
    path.write_text(beancount(journal[0], {BOX: '现金箱"\\'}, "耐火小区"), encoding="utf-8")
    _run("bean-check", path)
