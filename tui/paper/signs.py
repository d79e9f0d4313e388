"""What a well looks like on paper: a sign that tells its state without colour, the colour beside it, and its word."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from models.inspection.defects import defect_word
from models.inspection.levels import Level
from models.inspection.rules import State
from models.inspection.survey.scene import Spot
from tui.i18n import language, t


class Sign(StrEnum):
    """The signs of the map, each by the symbol that stands for it in text."""

    FLOWING = "✓"
    DRY = "–"
    HALF = "◐"
    FULL = "●"
    OVERFLOW = "▲"
    UNOPENED = "✕"
    MORE = "!"
    BAD = "■"
    UNSEEN = "○"
    OUTFALL = "≈"
    CALLS = "⚑"


LEVELS: Final = {
    Level.DRY: Sign.DRY,
    Level.FLOWING: Sign.FLOWING,
    Level.HALF: Sign.HALF,
    Level.FULL: Sign.FULL,
    Level.OVERFLOW: Sign.OVERFLOW,
    Level.UNOPENED: Sign.UNOPENED,
}
_CALM: Final = {Sign.DRY, Sign.FLOWING}
STATES: Final = {
    State.NORMAL: Sign.FLOWING,
    State.WATCH: Sign.MORE,
    State.BAD: Sign.BAD,
    State.UNOPENED: Sign.UNOPENED,
}
#: Colours dark enough for white paper and apart in grey too.
COLOURS: Final = {
    State.NORMAL: "#1b7a2f",
    State.WATCH: "#b86e00",
    State.BAD: "#c00018",
    State.UNOPENED: "#2457a6",
}
UNSEEN_COLOUR: Final = "#777777"
CALLS_COLOUR: Final = "#b86e00"
AGAIN_COLOUR: Final = "#c00018"


def sign_of(spot: Spot) -> Sign:
    """Return the sign of a well's state; a calm level with something else the matter is marked with `!`."""
    if spot.outfall:
        return Sign.OUTFALL
    if spot.state is None:
        return Sign.UNSEEN
    if spot.level not in set(Level):
        return STATES[spot.state]
    sign = LEVELS[Level(spot.level)]
    return Sign.MORE if sign in _CALM and spot.state is not State.NORMAL else sign


def colour_of(spot: Spot) -> str:
    """Return the colour of a well's state."""
    return UNSEEN_COLOUR if spot.state is None else COLOURS[spot.state]


def state_symbol(spot: Spot) -> str:
    """Return the symbol of a well's state alone, whatever its level and kind."""
    return str(Sign.UNSEEN if spot.state is None else STATES[spot.state])


def word_of(spot: Spot) -> str:
    """Return a well's state in a word."""
    if spot.state is None:
        return t("walk.unseen")
    return t("level.unopened") if spot.state is State.UNOPENED else t(f"state.{spot.state.value}")


def level_of(spot: Spot) -> str:
    """Return its water level in a word, empty where nobody noted one."""
    return t(f"level.{spot.level}") if spot.level in set(Level) else ""


def defects_of(spot: Spot) -> str:
    """Return its defects in words."""
    spoken = (defect_word(code, "zh" if language() == "zh_CN" else "en") for code in spot.defects)
    return t("list.comma").join(spoken)


def call_colour(spot: Spot) -> str:
    """Return the colour of the flag at a well where somebody asks for help."""
    return AGAIN_COLOUR if spot.again else CALLS_COLOUR


def legend(*, calls: bool = False) -> tuple[tuple[Sign, str, str], ...]:
    """Return each sign with its colour and its meaning, in the order of a legend; `calls` explains the flag too."""
    flag = ((Sign.CALLS, CALLS_COLOUR, t("paper.map.legend.calls")),) if calls else ()
    return (
        (Sign.FLOWING, COLOURS[State.NORMAL], t("level.flowing")),
        (Sign.DRY, COLOURS[State.NORMAL], t("level.dry")),
        (Sign.HALF, COLOURS[State.WATCH], t("level.half")),
        (Sign.FULL, COLOURS[State.BAD], t("level.full")),
        (Sign.OVERFLOW, COLOURS[State.BAD], t("level.overflow")),
        (Sign.UNOPENED, COLOURS[State.UNOPENED], t("level.unopened")),
        (Sign.MORE, COLOURS[State.WATCH], t("paper.map.legend.more")),
        (Sign.BAD, COLOURS[State.BAD], t("state.bad")),
        (Sign.UNSEEN, UNSEEN_COLOUR, t("walk.unseen")),
        (Sign.OUTFALL, UNSEEN_COLOUR, t("point.outfall")),
        *flag,
    )
