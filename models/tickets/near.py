"""Whether a report asks what another ticket asks already: how near the two are in place and in words. Pure decisions.

Thresholds and weights are our own judgement: they put what shares a flat or a
well first, then neighbours with the same trouble, then the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from models.tickets.rules import OTHER, Words, likeness, words_of

#: What was done so lately is asked about again: it came back, or they have not heard that it is done.
STILL_NEAR: Final = timedelta(days=3)
#: From here on words are alike, where the place says something too.
_ALIKE: Final = 0.5
#: From here on they are, wherever it is; and so many pairs must be shared, or one common word would be enough.
_ALIKE_ANYWHERE: Final = 0.6
_SHARED_ANYWHERE: Final = 3


class Why(StrEnum):
    """What makes a ticket near."""

    POINT = "point"
    HOUSEHOLD = "household"
    PLACE = "place"
    BUILDING = "building"
    WORDS = "words"


_WEIGHT: Final = {Why.POINT: 0.8, Why.HOUSEHOLD: 0.7, Why.PLACE: 0.3, Why.BUILDING: 0.3}
_WORDS_WEIGHT: Final = 0.35
_KIND_WEIGHT: Final = 0.15


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody asks, and where. Of a standing ticket `points` are its own and those it is linked with.

    `place` is a place as somebody described it; `words` hold it too, since others say it with what they ask.
    """

    category: str = ""
    household_id: UUID | None = None
    building_id: UUID | None = None
    points: frozenset[UUID] = frozenset()
    place: Words = field(default_factory=Words)
    words: Words = field(default_factory=Words)


def matter(
    text: str,
    place: str,
    *,
    category: str = "",
    household_id: UUID | None = None,
    building_id: UUID | None = None,
    points: frozenset[UUID] = frozenset(),
) -> Matter:
    """Return what a report is compared by; texts are folded."""
    described = words_of(place)
    words = Words(words_of(text).pairs | described.pairs)
    return Matter(category, household_id, building_id, points, described, words)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near two matters are, more being nearer, and why, the strongest reason first."""

    score: float
    why: tuple[Why, ...]


def nearness(asked: Matter, standing: Matter) -> Nearness | None:
    """Return how near a standing ticket is to what is being asked; None when the two have nothing to do with each other.

    One household or point is enough, whatever is asked. One building, or one
    described place, is with the same kind of job or like words: a block has one
    drain. Like words alone are, unless both say which building and mean different ones.
    """
    same_kind = asked.category == standing.category and asked.category not in {"", OTHER.code}
    alike = likeness(asked.words, standing.words)
    same_thing = same_kind or alike >= _ALIKE
    in_building = asked.building_id is not None and asked.building_id == standing.building_id
    elsewhere = None not in {asked.building_id, standing.building_id} and not in_building
    why = []
    if asked.points & standing.points:
        why.append(Why.POINT)
    if asked.household_id is not None and asked.household_id == standing.household_id:
        why.append(Why.HOUSEHOLD)
    if same_thing and likeness(asked.place, standing.place) >= _ALIKE_ANYWHERE:
        why.append(Why.PLACE)
    if same_thing and in_building and not why:
        why.append(Why.BUILDING)
    enough = len(asked.words.pairs & standing.words.pairs) >= _SHARED_ANYWHERE
    if alike >= (_ALIKE if why else _ALIKE_ANYWHERE) and (why or (enough and not elsewhere)):
        why.append(Why.WORDS)
    if not why:
        return None
    score = sum(_WEIGHT.get(one, 0.0) for one in why)
    said = _said_alike(asked.words, standing.words)
    return Nearness(score + _KIND_WEIGHT * same_kind + _WORDS_WEIGHT * said, tuple(why))


def _said_alike(one: Words, other: Words) -> float:
    """Return how much of both texts is shared, 0 to 1: one common word in two long ones is little."""
    both = len(one.pairs) + len(other.pairs)
    return 2 * len(one.pairs & other.pairs) / both if both else 0.0
