"""Pipes and house connections as people say them: `W07 > W05 300`, `W07 流向 W05`, `3栋 > W07`. Pure.

Whether the wells are known is for `link_plans` to find out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from models.codes import building_part, parse_room_code, well_code
from models.problems import Problem
from models.text import normalise

MOST_SAID: Final = 500

#: code: params
LINKING_PROBLEM_CODES: Final = (
    "link.no_arrow",  # text: one name alone says nothing of where it flows
    "link.end_missing",  # text: an arrow without a name before or behind it
    "link.not_a_code",  # text: no well has such a name
    "link.not_a_well",  # text: nobody has such a well, and nobody would call one so
    "link.to_itself",  # well
    "link.into_home",  # text: water does not flow into a building
    "link.both_directions",  # text: arrows that point against each other
    "link.diameter",  # diameter_mm: no pipe of the compound is 10 mm thin or 10 m wide
    "link.too_many",  # count, most
    "link.said_both_ways",  # start, end: the first of the two counts
)

_DIAMETERS = range(10, 10_001)
_SHOWN = 40
_NEXT = re.compile(r"[,，、;；\n。]+")
_FORWARD = re.compile(
    r"\s*(?:[-=]*>+|[-=]*[→➔➜⇒]+|流向|流到|流入|流往|排到|排入|排向|接到|接入|至|到)\s*"
    r"|\s+(?:flows?\s+(?:in)?to|drains?\s+(?:in)?to|runs?\s+(?:in)?to|goes\s+(?:in)?to|to|into)\s+",
    re.IGNORECASE,
)
_BACKWARD = re.compile(r"\s*(?:<+[-=]*|[←⇐]+[-=]*)\s*")
_DIAMETER = re.compile(
    r"(?P<rest>.*?)(?:\s+|(?<=[\w\)])\s*(?=(?:d|dn|φ|ø)\s*\d))(?:dn|d|φ|ø)?\s*(?P<mm>\d{1,6})\s*(?:mm|毫米)?",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    r"(?:building|bldg\.?|block)\s*(?P<english>\w+)|(?P<chinese>.{1,20}?)\s*(?:号楼|栋楼|栋|幢|座|#楼|#)",
    re.IGNORECASE,
)
_ROOM_ENGLISH = re.compile(r"(?:room|flat|household)\s+(?P<room>.+)", re.IGNORECASE)


_NO_WELL = re.compile(r"单元|[栋幢楼]$|^([^\W\d_]+)-?\d+-?\1-?\d+$")


@dataclass(frozen=True, slots=True)
class Link:
    """A pipe from one well down to another, with its diameter in mm if that was said."""

    start: str
    end: str
    diameter_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Drain:
    """A building, or one household by its code, that drains into a well."""

    well: str
    building: str = ""
    household: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says, in its order; `problems` name what could not be understood."""

    links: tuple[Link, ...] = ()
    drains: tuple[Drain, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    code: str
    building: str = ""
    household: str = ""
    diameter_mm: int | None = None


def names_no_well(code: str) -> bool:
    """Tell whether a code that nobody has is a slip: a stairwell, or two codes with the comma missing."""
    return _NO_WELL.search(code) is not None


def read_links(text: str) -> Said:
    """Read links and connections, parted by commas, semicolons or new lines; a chain says several."""
    links: dict[tuple[str, str], Link] = {}
    drains: dict[Drain, None] = {}
    problems: list[Problem] = []
    for sentence in _NEXT.split(text):
        said = normalise(sentence)
        if not said:
            continue
        names = _names(said)
        if isinstance(names, Problem):
            problems.append(names)
            continue
        for upper, lower in pairwise(names):
            problem = _add(upper, lower, links, drains)
            if problem is not None:
                problems.append(problem)
    if len(links) + len(drains) > MOST_SAID:
        count = len(links) + len(drains)
        return Said((), (), (Problem("link.too_many", params={"count": count, "most": MOST_SAID}),))
    return Said(tuple(links.values()), tuple(drains), tuple(problems))


def _names(said: str) -> Sequence[_Name] | Problem:
    """Return the names of a chain from the upper end down."""
    ahead, behind = _FORWARD.split(said), _BACKWARD.split(said)
    if len(ahead) > 1 and len(behind) > 1:
        return Problem("link.both_directions", params={"text": said[:_SHOWN]})
    parts = ahead if len(ahead) > 1 else behind
    if len(parts) == 1:
        return Problem("link.no_arrow", params={"text": said[:_SHOWN]})
    names: list[_Name] = []
    for part in parts:
        name = _name(part.strip())
        if name is None:
            code = "link.not_a_code" if part.strip() else "link.end_missing"
            return Problem(code, params={"text": (part.strip() or said)[:_SHOWN]})
        names.append(name)
    sizes = [name.diameter_mm for name in names if name.diameter_mm is not None]
    wrong = next((size for size in sizes if size not in _DIAMETERS), None)
    if wrong is not None:
        return Problem("link.diameter", params={"diameter_mm": wrong})
    return _with_diameters(names) if parts is ahead else _with_diameters(names)[::-1]


def _with_diameters(names: Sequence[_Name]) -> list[_Name]:
    """Let a diameter at the end of a chain be that of every pipe before it that says none.

    A diameter stands behind the pipe's lower end; `W07 300 > W05` means the pipe that follows.
    """
    last = names[-1].diameter_mm or (names[0].diameter_mm if len(names) == 2 else None)  # noqa: PLR2004  # one pipe has two ends
    return [name if name.diameter_mm is not None else replace(name, diameter_mm=last) for name in names]


def _add(
    upper: _Name, lower: _Name, links: dict[tuple[str, str], Link], drains: dict[Drain, None]
) -> Problem | None:
    if lower.building or lower.household:
        return Problem("link.into_home", params={"text": lower.household or lower.building})
    if upper.building or upper.household:
        drains[Drain(lower.code, upper.building, upper.household)] = None
    elif upper.code == lower.code:
        return Problem("link.to_itself", params={"well": upper.code})
    else:
        ends = upper.code, lower.code
        links[ends] = said_again(links.get(ends), Link(*ends, lower.diameter_mm))
    return None


def said_again(before: Link | None, link: Link) -> Link:
    """Return a link that was said before; what says nothing of the diameter takes none away."""
    return link if before is None or link.diameter_mm is not None else before


def _name(text: str) -> _Name | None:
    """Read a name with the diameter behind it."""
    sized = _DIAMETER.fullmatch(text)
    diameter = None
    if sized is not None and sized["rest"].strip() and not _home(text):
        text, diameter = sized["rest"].strip(), int(sized["mm"])
    if home := _home(text):
        return home
    code = well_code(text)
    return None if code is None else _Name(code, diameter_mm=diameter)


def _home(text: str) -> _Name | None:
    """Read a building or a household; a well's code with two dashes begins with a letter."""
    room = _ROOM_ENGLISH.fullmatch(text)
    household = parse_room_code(room["room"] if room else text)
    if household is not None and (room or household.building.isdigit() or not text.isascii()):
        return _Name("", household=str(household))
    named = _BUILDING.fullmatch(text)
    if named is None:
        return None
    building = building_part(named["english"] or named["chinese"])
    return None if building is None else _Name("", building=building)
