from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.entries import ROOTS, Entry, Posting, balanced, beancount, check, hledger

CASH, ITEM = "assets:cash:k7q", "income:0198f0"
NAMES = {CASH: "现金 张三", ITEM: "物业费"}
DAY = date(2026, 11, 22)
PAID = Entry(
    DAY, "26-K7Q-000123", "payment", "3-1-502 物业费", (Posting(CASH, 123_450), Posting(ITEM, -123_450))
)
#: What people type, by accident or not, that means something to one program or the other.
NASTY = [
    "[/b]", "[a栋]", "一\n2026-01-01 open Assets:Theft", "a\r\n    assets:cash  1 CNY", 'quo"te', "back\\slash", "ends \\",
    "; comment", "a;b | c", "date:2020-01-01, type:X", "[2020-01-01]", "(code) *!", "\x00\x07\x85\u2028\ud800", "", "=",
    '"\n2026-01-01 close Assets:Cash', "，、；：", "end comment", "#tag ^link", "include /etc/passwd", "字" * 5000, "%{x}",
]  # fmt: skip


def moved(
    *postings: tuple[str, int], key: str = "k", on: date = DAY, words: str = "", code: str = "payment"
) -> Entry:
    return Entry(on, key, code, words, tuple(Posting(*posting) for posting in postings))


def codes(*entries: Entry) -> list[str]:
    return [problem.code for problem in check(entries)]


def test_what_is_gained_is_what_is_given() -> None:
    assert balanced(PAID)
    assert not balanced(moved((CASH, 100), (ITEM, -99)))


def test_a_journal_tells_what_is_wrong_with_it() -> None:
    assert codes(PAID) == []
    assert codes(moved((CASH, 100), (ITEM, -99))) == ["entry.unbalanced"]
    assert codes(moved((CASH, 0))) == ["entry.one_sided"]
    assert (
        codes(moved(("cash", 1), ("assets", 0), ("assets:", 0), ("income::x", -1)))
        == ["entry.no_account"] * 4
    )
    assert codes(PAID, PAID) == ["entry.twice"]
    (problem,) = check([moved((CASH, 100), (ITEM, -99))])
    assert dict(problem.params) == {"key": "k", "off_fen": 1}


@pytest.mark.parametrize("write", [hledger, beancount])
def test_nobody_is_handed_books_that_do_not_balance(write: object) -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        write([moved((CASH, 100), (ITEM, -99))], {}, "")  # type: ignore[operator]


def test_hledger_gets_declared_accounts_and_two_blanks_before_amounts() -> None:
    assert hledger([PAID], NAMES, "某小区 2026-Q4") == (
        "; 某小区 2026-Q4\n"
        "commodity 1000.00 CNY\n"
        "\n"
        "account assets:cash:k7q  ; 现金 张三\n"
        "account income:0198f0  ; 物业费\n"
        "\n"
        "2026-11-22 * (26-K7Q-000123) 3-1-502 物业费  ; kind:payment\n"
        "    assets:cash:k7q  1234.50 CNY\n"
        "    income:0198f0  -1234.50 CNY\n"
    )


def test_beancount_gets_accounts_opened_on_the_day_of_their_first_use() -> None:
    earlier = moved((CASH, 5), ("equity:opening", -5), key="a", on=date(2026, 1, 1))
    assert beancount([PAID, earlier], NAMES, '"小区"') == (
        'option "title" "\\"小区\\""\n'
        'option "operating_currency" "CNY"\n'
        "\n"
        "2026-01-01 open Assets:Cash:K7q CNY\n"
        '  name: "现金 张三"\n'
        "2026-01-01 open Equity:Opening CNY\n"
        "2026-11-22 open Income:0198f0 CNY\n"
        '  name: "物业费"\n'
        "\n"
        '2026-01-01 * ""\n'
        '  key: "a"\n'
        '  kind: "payment"\n'
        "  Assets:Cash:K7q  0.05 CNY\n"
        "  Equity:Opening  -0.05 CNY\n"
        "\n"
        '2026-11-22 * "3-1-502 物业费"\n'
        '  key: "26-K7Q-000123"\n'
        '  kind: "payment"\n'
        "  Assets:Cash:K7q  1234.50 CNY\n"
        "  Income:0198f0  -1234.50 CNY\n"
    )


def test_accounts_that_differ_stay_different_in_ascii() -> None:
    accounts = [
        "income:电费",
        "income:水费",
        "income:Ab",
        "income:ab",
        "income:a b",
        "income:a-b",
        "income:a_b",
    ]
    entry = moved(*((account, 1) for account in accounts), (CASH, -len(accounts)))
    for text in (hledger([entry], {}, ""), beancount([entry], {}, "")):
        written = set(re.findall(r"^ +(\S+)  ", text, re.MULTILINE))
        assert len(written) == len({each.casefold() for each in written}) == len(accounts) + 1
        assert all(each.isascii() for each in written)


# A line of each text, as the manuals of the programs let it be; a string holds no unescaped quote.
_STRING = r'"(?:[^"\\]|\\["\\])*"'
_HLEDGER = re.compile(
    r"|; [^\n]*|;|commodity 1000\.00 CNY|account [a-z]+(?::[A-Za-z0-9-]+)+(?:  ; [^:\[\]]*)?"
    r"|\d{4}-\d\d-\d\d \* \([^()]*\)(?: [^;|]*)?  ; kind:[^:,\[\]]*|    [a-z]+(?::[A-Za-z0-9-]+)+  -?\d+\.\d\d CNY"
)
_BEANCOUNT = re.compile(
    rf"|option \"[a-z_]+\" {_STRING}|\d{{4}}-\d\d-\d\d open [A-Z][a-z]+(?::[A-Z0-9][A-Za-z0-9-]*)+ CNY"
    rf"|\d{{4}}-\d\d-\d\d \* {_STRING}|  [a-z]+: {_STRING}"
    r"|  [A-Z][a-z]+(?::[A-Z0-9][A-Za-z0-9-]*)+  -?\d+\.\d\d CNY"
)
WORDS = st.sampled_from(NASTY) | st.text(max_size=30)
ACCOUNTS = st.tuples(
    st.sampled_from(sorted(ROOTS)), WORDS.filter(bool).map(lambda text: text.replace(":", "."))
).map(":".join)


@st.composite
def journals(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for n in range(draw(st.integers(1, 4))):
        postings = draw(st.lists(st.tuples(ACCOUNTS, st.integers(-(10**9), 10**9)), min_size=1, max_size=3))
        rest = -sum(fen for _, fen in postings)
        on = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
        key, code, words = f"{draw(WORDS)}{n}", draw(WORDS), draw(WORDS)
        entries.append(moved(*postings, (CASH, rest), key=key, on=on, words=words, code=code))
    return entries


@settings(max_examples=150, deadline=None)
@given(journals(), WORDS, WORDS)
def test_no_text_breaks_a_line_or_means_anything_to_either_program(
    entries: Sequence[Entry], name: str, title: str
) -> None:
    names = {posting.account: name for entry in entries for posting in entry.postings}
    postings = sum(len(entry.postings) for entry in entries)
    for text, line, amounts in (
        (hledger(entries, names, title), _HLEDGER, r"    [a-z].* CNY"),
        (beancount(entries, names, title), _BEANCOUNT, r"  [A-Z].* CNY"),
    ):
        lines = text.split("\n")
        assert [each for each in lines if not line.fullmatch(each)] == []
        assert len(text.splitlines()) == len(lines) - 1
        assert sum(bool(re.fullmatch(amounts, each)) for each in lines) == postings
        assert sum(bool(re.match(r"\d{4}-\d\d-\d\d \* ", each)) for each in lines) == len(entries)
        text.encode()


def nasty_journal() -> tuple[list[Entry], dict[str, str]]:
    """Every nasty text as an account, a name, a key, a kind and a description."""
    entries = [
        moved(
            (f"income:{text.replace(':', '.') or '0'}", -n),
            (CASH, n),
            key=f"{text}{n}",
            words=text,
            code=text,
        )
        for n, text in enumerate(NASTY)
    ]
    return entries, {
        posting.account: text
        for entry, text in zip(entries, NASTY, strict=True)
        for posting in entry.postings
    }


def run(program: str, *arguments: str | Path) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    utf8 = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, check=False, env=utf8)
    told = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, told
    return told


@pytest.mark.ledgers
def test_hledger_accepts_the_journal_and_sees_each_entry_and_no_tag_of_its_makers(tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    entries, names = nasty_journal()
    for journal in (entries, [PAID], []):
        path.write_text(hledger(journal, names, NASTY[2]), encoding="utf-8")
        run("hledger", "-f", path, "check", "--strict")
        assert run("hledger", "-f", path, "print").count(f"{DAY} * (") == len(journal)
        assert run("hledger", "-f", path, "tags").split() == (["kind"] if journal else [])


@pytest.mark.ledgers
def test_beancount_accepts_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "books.beancount"
    entries, names = nasty_journal()
    for journal in (entries, [PAID], []):
        path.write_text(beancount(journal, names, NASTY[2]), encoding="utf-8")
        run("bean-check", path)
