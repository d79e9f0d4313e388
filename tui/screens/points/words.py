"""How points, pipes and what drains into them are said. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.inspection.observed import Seen
from models.inspection.queries import PointLine
from models.inspection.queries_network import ConnectionLine, PipeLine
from models.inspection.rules import PipeSystem, PointKind
from models.text import fold, pinyin_keys
from tui.i18n import t
from tui.screens.register.words import building_word, listed
from tui.screens.walk.words import defects_text, kind_word, level_word
from tui.widgets.picker import Option

#: What the sewer is made of; everything else that is looked at stands on a page of its own.
WELLS = (PointKind.WELL.value, PointKind.OUTFALL.value)
OTHERS = tuple(kind.value for kind in PointKind if kind.value not in WELLS)


def kind_options() -> tuple[Option, ...]:
    """Return the kinds of point to choose from, found by pinyin too."""
    return tuple(
        Option(kind.value, word, search=" ".join(pinyin_keys(word)))
        for kind in PointKind
        for word in [kind_word(kind.value)]
    )


def kinds_meant(text: str, kinds: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return which kinds the words of a search may name: `路灯`, `ld`, `lamp`."""
    names = {kind: [fold(kind_word(kind)), *pinyin_keys(kind_word(kind))] for kind in kinds}
    return {
        word: frozenset(kind for kind, known in names.items() if any(n.startswith(word) for n in known))
        for word in text.split()
    }


def system_word(system: str) -> str:
    return t(f"system.{system}") if system else ""


def system_options() -> tuple[tuple[str, str], ...]:
    return tuple((system.value, system_word(system.value)) for system in PipeSystem)


def number_text(value: float | None) -> str:
    """Return metres without zeros that say nothing."""
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def depth_text(depth_mm: int | None) -> str:
    return "" if depth_mm is None else str(depth_mm)


def place_text(point: PointLine) -> str:
    """Return the co-ordinates, or nothing while either is unknown."""
    if point.x_m is None or point.y_m is None:
        return ""
    return f"{number_text(point.x_m)}, {number_text(point.y_m)}"


def point_title(point: PointLine) -> str:
    """Return kind, code and name: `检查井 W07 车棚旁`."""
    return " ".join(part for part in (kind_word(point.kind), point.code, point.name) if part)


def pipe_detail(pipe: PipeLine) -> str:
    """Return what is known of a pipe: `DN300 · 12.5 m · 混凝土 · 污水`."""
    parts = [
        f"DN{pipe.diameter_mm}" if pipe.diameter_mm is not None else "",
        f"{number_text(pipe.length_m)} m" if pipe.length_m is not None else "",
        pipe.material,
        system_word(pipe.system),
    ]
    return " · ".join(part for part in parts if part)


def pipe_name(pipe: PipeLine) -> str:
    return f"{pipe.start}→{pipe.end}"


def home_name(connection: ConnectionLine) -> str:
    return connection.household or building_word(connection.building)


def seen_detail(seen: Seen) -> str:
    """Return what somebody saw: level, mud, defects, note."""
    return listed(
        [
            level_word(seen.level) if seen.level else "",
            t("walk.mud_of", mm=seen.mud_mm) if seen.mud_mm is not None else "",
            defects_text(seen.defects),
            seen.note,
        ]
    )
