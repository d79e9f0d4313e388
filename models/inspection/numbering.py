"""Codes as people write many of them at once: `W01-W42`, `W1~W9、井01－井12`, `A-07`. Pure.

A range counts from its first number to its last, downwards too. Its first code
says how wide the numbers are: `W01-W42` has W02, `W1-W42` has W2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from models.codes import LONGEST_WELL_CODE, well_code
from models.problems import Problem
from models.text import normalise

#: More points than this in one go is a slip of the finger: the largest compounds have some hundred wells.
MOST_AT_ONCE: Final = 2_000

#: code: params
NUMBERING_PROBLEM_CODES: Final = (
    "numbering.empty",  # nothing was typed
    "numbering.nonsense",  # text: no code and no range
    "numbering.two_names",  # text: a range from one kind of code to another
    "numbering.no_number",  # text: a code without a digit, which may be a word that was mistyped
    "numbering.too_many",  # count, most
    "numbering.route_full",  # count, most: a route has no room for so many
)

_BETWEEN = re.compile(r"[,、;\s]+")
_AROUND = re.compile(r"\s*(-|~+|至|到|…+|\.{2,})\s*")
_SPREAD = re.compile(r"\s*(?:~+|至|到|…+|\.{2,})\s*")
_DASHES = re.compile(r"[‐‑‒–—―−﹣－]")
_COUNTED = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)(?P<suffix>[^\d-]*)")
_SHORT = re.compile(r"\d+")
_SHOWN = 40
#: No range is longer: two codes and what joins them. Trying each dash of a long line would take seconds.
_LONGEST: Final = 2 * LONGEST_WELL_CODE + 10
_DIGITS: Final = 9  # as many as a number may have; longer ones are no counting


@dataclass(frozen=True, slots=True)
class Numbered:
    """The codes in the order they were written, each once; `problems` say what could not be read."""

    codes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_codes(text: str, *, numbered: bool = True) -> Numbered:
    """Read codes and ranges. With `numbered` a code without any digit is doubted: `OUT` is hardly one of many."""
    codes: dict[str, None] = {}
    problems: list[Problem] = []
    wanted = 0
    for part in _parts(text):
        found = _range(part)
        if found is None:
            problem = _doubt(part, numbered=numbered)
            if problem is not None:
                problems.append(problem)
                continue
            found = _Range("", 0, 0, 0, "", whole=well_code(part) or "")
        wanted += found.count
        if wanted <= MOST_AT_ONCE:
            codes.update(dict.fromkeys(found.codes()))
    if wanted > MOST_AT_ONCE:
        problems.append(Problem("numbering.too_many", params={"count": wanted, "most": MOST_AT_ONCE}))
        return Numbered((), tuple(problems))
    if not codes and not problems:
        problems.append(Problem("numbering.empty"))
    return Numbered(tuple(codes), tuple(problems))


def loose_key(code: str) -> tuple[str, ...]:
    """Return what `W7`, `w07` and `W007` have in common: nobody numbers two wells so."""
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in re.findall(r"\d+|\D+", code))


def spellings(code: str) -> tuple[str, ...]:
    """Return the codes that somebody may mean who types `code`: as written, then with other zeros in front."""
    counted = _COUNTED.fullmatch(code)
    if counted is None:
        return (code,)
    number = counted["number"].lstrip("0") or "0"
    widths = range(len(number), len(number) + 4)
    others = [f"{counted['prefix']}{number.zfill(width)}{counted['suffix']}" for width in widths]
    return tuple(dict.fromkeys([code, *others]))


def shown_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes with runs drawn together, as they would be typed: `W01-W42`, `OUT`."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and _follows(runs[-1][-1], code):
            runs[-1].append(code)
        else:
            runs.append([code])
    return tuple(
        shown
        for run in runs
        for shown in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else run)  # noqa: PLR2004  # two are as short by themselves
    )


@dataclass(frozen=True, slots=True)
class _Range:
    prefix: str
    first: int
    last: int
    width: int
    suffix: str
    whole: str = ""

    @property
    def count(self) -> int:
        return abs(self.last - self.first) + 1

    def codes(self) -> Iterator[str]:
        if self.whole:
            yield self.whole
            return
        step = 1 if self.last >= self.first else -1
        for number in range(self.first, self.last + step, step):
            yield f"{self.prefix}{number:0{self.width}d}{self.suffix}"


def _parts(text: str) -> Iterator[str]:
    """Split what was typed; a blank parts codes, unless a range goes on behind it."""
    for line in text.splitlines():
        flat = _DASHES.sub("-", normalise(line))
        yield from (part for part in _BETWEEN.split(_AROUND.sub(r"\1", flat)) if part)


def _range(part: str) -> _Range | None:
    """Read a range, or None for a single code: `A-07` is one, `A-07-A-12` and `A-07-12` are ranges."""
    if len(part) > _LONGEST:
        return None
    halves = _SPREAD.split(part)
    if len(halves) == 2:  # noqa: PLR2004  # a range has two ends
        return _joined(halves[0], halves[1], short=True)
    for short in (False, True):
        for place, letter in enumerate(part):
            if letter == "-" and (found := _joined(part[:place], part[place + 1 :], short=short)):
                return found
    return None


def _joined(left: str, right: str, *, short: bool) -> _Range | None:
    first = _COUNTED.fullmatch(well_code(left) or "")
    last = _COUNTED.fullmatch(well_code(right) or "")
    if first is None or last is None:
        return None
    alike = (last["prefix"], last["suffix"]) == (first["prefix"], first["suffix"])
    if not alike and not (short and _SHORT.fullmatch(right) and _may_shorten(first["number"], right)):
        return None
    if max(len(first["number"]), len(last["number"])) > _DIGITS:
        return None
    # 99-07 is a code of two parts, W99-W07 is a range counted down.
    if alike and not first["prefix"] and not _may_shorten(first["number"], last["number"]):
        return None
    padded = first["number"] if first["number"].startswith("0") else ""
    if last["number"].startswith("0"):
        padded = max(padded, last["number"], key=len)
    return _Range(
        first["prefix"], int(first["number"]), int(last["number"]), len(padded) or 1, first["suffix"]
    )


def _may_shorten(first: str, last: str) -> bool:
    """Tell whether `W01-42` is meant as a range: the end is not below the beginning, its zeros are as many."""
    zeros = last.startswith("0") and len(last) != len(first)
    return not zeros and int(last) >= int(first)


def _doubt(part: str, *, numbered: bool) -> Problem | None:
    code = well_code(part)
    if code is None or _SPREAD.search(part) or code.strip("-") != code:
        return Problem("numbering.nonsense", params={"text": part[:_SHOWN]})
    if numbered and _joins_two(code):
        return Problem("numbering.two_names", params={"text": part[:_SHOWN]})
    if numbered and not any(letter.isdigit() for letter in code):
        return Problem("numbering.no_number", params={"text": part[:_SHOWN]})
    return None


def _joins_two(code: str) -> bool:
    """Tell whether a code looks like a range that cannot be one: `W01-X03`, or a range typed behind another."""
    halves = ((code[:place], code[place + 1 :]) for place, letter in enumerate(code) if letter == "-")
    return any(
        one is not None and two is not None and one["prefix"] and two["prefix"]
        for left, right in halves
        for one, two in [(_COUNTED.fullmatch(left), _COUNTED.fullmatch(right))]
    )


def _follows(before: str, after: str) -> bool:
    one, two = _COUNTED.fullmatch(before), _COUNTED.fullmatch(after)
    if one is None or two is None:
        return False
    same = (one["prefix"], one["suffix"]) == (two["prefix"], two["suffix"])
    if not same or len(two["number"]) > _DIGITS:
        return False
    wide = max(1, len(one["number"])) if one["number"].startswith("0") else 1
    return two["number"] == f"{int(one['number']) + 1:0{wide}d}"


def in_pairs(codes: tuple[str, ...], *, downwards: bool = True) -> tuple[tuple[str, str], ...]:
    """Return codes as pipes from each to the next, or the other way."""
    return tuple((one, two) if downwards else (two, one) for one, two in pairwise(codes))
