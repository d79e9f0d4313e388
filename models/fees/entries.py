"""Double entry: movements of money that balance, and the journal as hledger and beancount read it. Pure.

A posting above 0 is a debit, below 0 a credit, so assets and expenses stand above 0 and income below. The texts use
only what both programs' manuals promise: accounts in plain ASCII, declared before use, their names beside them. What
somebody typed stands in a comment, a description or a quoted string, and never ends a line or means anything there.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from models.fees.money import decimal_text
from models.files.values import clean
from models.problems import Problem

#: What an account's code may begin with.
ROOTS: Final = frozenset({"assets", "liabilities", "equity", "income", "expenses"})
CURRENCY: Final = "CNY"
_LEAST_POSTINGS: Final = 2

_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")
_OTHER = re.compile(r"[^A-Za-z0-9]+")
#: hledger ends a description at `;` and parts it at `|`; in comments `word:` is a tag and `[2026-01-01]` a date.
_DESCRIBED = str.maketrans({";": "；", "|": "｜"})
_REMARKED = str.maketrans({":": "：", "[": "［", "]": "］"})
_CODED = str.maketrans({"(": "（", ")": "）"})
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


class Posting(NamedTuple):
    """What one account gains (above 0) or gives (below 0), in fen."""

    account: str
    fen: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of money on a day. `code` says of what kind, `key` which one; `words` are for people."""

    on: date
    key: str
    code: str
    words: str
    postings: tuple[Posting, ...]


def balanced(entry: Entry) -> bool:
    """Tell whether what is gained is what is given."""
    return sum(posting.fen for posting in entry.postings) == 0


def check(entries: Iterable[Entry]) -> tuple[Problem, ...]:
    """Return what is wrong with a journal: entries that do not balance, lack a side, name no account, or come twice."""
    return tuple(_problems(list(entries)))


def _problems(entries: Sequence[Entry]) -> Iterator[Problem]:
    for key, times in Counter(entry.key for entry in entries).items():
        if times > 1:
            yield Problem("entry.twice", params={"key": key, "times": times})
    for entry in entries:
        if not balanced(entry):
            off = sum(posting.fen for posting in entry.postings)
            yield Problem("entry.unbalanced", params={"key": entry.key, "off_fen": off})
        if len(entry.postings) < _LEAST_POSTINGS:
            yield Problem("entry.one_sided", params={"key": entry.key})
        for posting in entry.postings:
            if not _is_account(posting.account):
                yield Problem("entry.no_account", params={"key": entry.key, "account": posting.account})


def _is_account(code: str) -> bool:
    root, *parts = code.split(":")
    return root in ROOTS and bool(parts) and all(parts)


def hledger(entries: Iterable[Entry], names: Mapping[str, str], title: str) -> str:
    """Return the journal as hledger reads it, with `check --strict` too; `names` are the accounts' names for people.

    Raises ValueError for a journal with problems: nobody is handed books that do not balance.
    """
    journal = _in_order(entries)
    lines = [f"; {_line(title)}", f"commodity 1000.00 {CURRENCY}", ""]
    lines += [
        f"account {_account(code)}{_beside(names.get(code, ''))}"
        for code in sorted({posting.account for entry in journal for posting in entry.postings})
    ]
    for entry in journal:
        key, words = _line(entry.key).translate(_CODED), _line(entry.words).translate(_DESCRIBED)
        lines += ["", f"{entry.on.isoformat()} * ({key}) {words}".rstrip() + f"  ; kind:{_kind(entry)}"]
        lines += [f"    {_account(code)}  {_amount(fen)}" for code, fen in entry.postings]
    return "\n".join(lines) + "\n"


def beancount(entries: Iterable[Entry], names: Mapping[str, str], title: str) -> str:
    """Return the journal as beancount reads it; `names` are the accounts' names for people.

    Raises ValueError for a journal with problems.
    """
    journal = _in_order(entries)
    lines = [
        f'option "title" {_quoted(title)}',
        f'option "operating_currency" "{CURRENCY}"',
        "",
    ]
    opened: dict[str, date] = {}
    for entry in journal:
        for posting in entry.postings:
            opened.setdefault(posting.account, entry.on)
    for code, on in sorted(opened.items()):
        lines.append(f"{on.isoformat()} open {_bean_account(code)} {CURRENCY}")
        if names.get(code):
            lines.append(f"  name: {_quoted(names[code])}")
    for entry in journal:
        lines += [
            "",
            f"{entry.on.isoformat()} * {_quoted(entry.words)}",
            f"  key: {_quoted(entry.key)}",
            f"  kind: {_quoted(entry.code)}",
        ]
        lines += [f"  {_bean_account(code)}  {_amount(fen)}" for code, fen in entry.postings]
    return "\n".join(lines) + "\n"


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    journal = sorted(entries, key=lambda entry: (entry.on, entry.key))
    if problems := check(journal):
        raise ValueError(f"a journal with problems: {problems[0].code}")
    return journal


def _line(text: str) -> str:
    """Return a text on one line, without what is not text."""
    return " ".join(clean(text).split())


def _quoted(text: str) -> str:
    return f'"{_line(text).translate(_QUOTED)}"'


def _beside(name: str) -> str:
    """Return an account's name as a comment; two blanks part it, since a single one belongs to the account."""
    shown = _line(name).translate(_REMARKED)
    return f"  ; {shown}" if shown else ""


def _kind(entry: Entry) -> str:
    """Return an entry's kind as the value of a tag, which a comma would end."""
    return _line(entry.code).translate(_REMARKED).replace(",", "，")


def _amount(fen: int) -> str:
    return f"{decimal_text(fen, 2, least=2)} {CURRENCY}"


def _account(code: str) -> str:
    """Return an account's code in ASCII. A part with anything else in it gets a mark of its own, lest two become one."""
    return ":".join(part if _PLAIN.fullmatch(part) else _marked(part) for part in code.split(":"))


def _marked(part: str) -> str:
    # No plain part holds a capital, so no plain part reads like a marked one.
    mark = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    kept = _OTHER.sub("-", part).strip("-")
    return f"{kept or 'x'}-X{mark}"


def _bean_account(code: str) -> str:
    """Return an account's code as beancount wants it: each part begins with a capital or a digit."""
    return ":".join(part[0].upper() + part[1:] for part in _account(code).split(":"))
