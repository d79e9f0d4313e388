"""Every text that a theme puts on a background can be read: WCAG 2.1 contrast, worked out from the colours alone."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.themes import THEMES

TEXTS = (
    "foreground",
    "text-primary",
    "text-success",
    "text-warning",
    "text-error",
    "text-accent",
    "text-muted",
)
#: A key that can do nothing just now, and what is typed over: WCAG asks nothing of the former.
PALE = ("text-disabled",)
GROUNDS = ("background", "surface", "panel")


def colour(theme: Theme, name: str) -> Color:
    return Color.parse(theme.variables.get(name) or theme.to_color_system().generate()[name])


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.1, 1.4.3: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    def luminance(made: Color) -> float:
        return 0.2126 * linear(made.r) + 0.7152 * linear(made.g) + 0.0722 * linear(made.b)

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least(theme: Theme) -> float:
    return 4.5 if theme.name == "linli-dark" else 7.0


def test_the_measure_itself_is_the_standards() -> None:
    assert contrast(Color.parse("#ffffff"), Color.parse("#000000")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_text_is_read_on_every_ground(theme: Theme, ground: str) -> None:
    low = {
        text: round(contrast(colour(theme, text), colour(theme, ground)), 2)
        for text in TEXTS
        if contrast(colour(theme, text), colour(theme, ground)) < least(theme)
    }
    assert low == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_highlighted_row_is_read_best(theme: Theme) -> None:
    text, ground = colour(theme, "block-cursor-foreground"), colour(theme, "block-cursor-background")
    assert contrast(text, ground) >= least(theme)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
def test_what_cannot_be_done_just_now_is_paler_and_still_read(theme: Theme, ground: str) -> None:
    for text in PALE:
        pale = contrast(colour(theme, text), colour(theme, ground))
        assert pale >= (3.0 if theme.name == "linli-dark" else 4.5)
        assert pale < contrast(colour(theme, "foreground"), colour(theme, ground))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_selected_text_is_read(theme: Theme) -> None:
    ground = colour(theme, "input-selection-background")
    assert contrast(colour(theme, "foreground"), ground) >= least(theme)
