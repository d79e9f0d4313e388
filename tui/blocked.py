"""How a located blockage is told, wherever it is told: on screens, on paper, in a text for the chat group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from models.inspection.locator.findings import Blockage
from tui.i18n import t

#: A chance below this is no reason to dig.
LEAST_CHANCE: Final = 0.05


def blocked_where(blockage: Blockage) -> str:
    """Return where a blockage is likeliest, and how sure that is."""
    start, end = blockage.pipes[0]
    return t("walk.report.blocked", start=start, end=end, percent=percent(blockage.confidence))


def percent(chance: float) -> int:
    """Return a chance in percent; only what is certain is 100."""
    return min(99, round(chance * 100)) if chance < 1 else 100


def by_unit(households: Sequence[str]) -> Iterator[str]:
    """Yield the rooms of each unit together, and units with the same rooms: `1-1, 1-2: 101, 102`."""
    rooms: dict[str, list[str]] = {}
    for code in households:
        unit, _, room = code.rpartition("-")
        rooms.setdefault(unit, []).append(room)
    comma = t("walk.comma")
    alike: dict[str, list[str]] = {}
    for unit, numbers in rooms.items():
        if unit:
            alike.setdefault(comma.join(numbers), []).append(unit)
        else:
            yield from numbers
    for shared, units in alike.items():
        yield t("walk.report.unit", unit=comma.join(units), rooms=shared)
