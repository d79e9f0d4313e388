"""Ready checklists from the practice of monthly rounds, as codes; the words are the screens' own.

What is asked of extinguishers follows the monthly check of GB 50444-2008 (place, pressure, seal, body, hose,
years), of hydrants and escape routes what GB 25201-2010 has inspected, of lifts what TSG T5002-2017 leaves to whoever
keeps the building, of charging places GB/T 42236-2022. Every question is put so that a yes, or grade 1, is well.
A measured number is neither well nor bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.inspection.rules import Answer, PointKind


@dataclass(frozen=True, slots=True)
class Example:
    """A question by its code, how it is answered, and whether it must be."""

    code: str
    answer: Answer = Answer.YES_NO
    required: bool = False


EXAMPLES: Final[Mapping[PointKind, tuple[Example, ...]]] = {
    PointKind.LAMP: (
        Example("lit", required=True),
        Example("bright"),
        Example("pole"),
        Example("wires", required=True),
        Example("shade"),
        Example("cover", Answer.GRADE),
    ),
    PointKind.EXTINGUISHER: (
        Example("pressure", required=True),
        Example("seal", required=True),
        Example("free"),
        Example("hose"),
        Example("body", Answer.GRADE),
        Example("year", Answer.NUMBER),
    ),
    PointKind.HYDRANT: (
        Example("opens", required=True),
        Example("complete", required=True),
        Example("valve", required=True),
        Example("free"),
        Example("sign"),
        Example("cabinet", Answer.GRADE),
        Example("pressure", Answer.NUMBER),
    ),
    PointKind.ESCAPE: (
        Example("clear", required=True),
        Example("exit", required=True),
        Example("door", required=True),
        Example("lights"),
        Example("bicycles", required=True),
        Example("leaf", Answer.GRADE),
    ),
    PointKind.LIFT: (
        Example("alarm", required=True),
        Example("doors", required=True),
        Example("level"),
        Example("buttons"),
        Example("light"),
        Example("inspected", Answer.NUMBER, required=True),
        Example("car", Answer.GRADE),
    ),
    PointKind.CHARGER: (
        Example("wires", required=True),
        Example("burnt", required=True),
        Example("breaker"),
        Example("extinguisher", required=True),
        Example("exit", required=True),
        Example("roof", Answer.GRADE),
    ),
}
