"""The one place where a user's text becomes something drawn, never markup.

Textual reads `[...]` in a plain str as markup: a note with `[/b]` crashes the
app and `[a栋]` vanishes. So screens build their widgets from this module only
(a test watches the imports), and every str that enters here stays verbatim.
"""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

ELLIPSIS = "…"
Align = Literal["left", "right"]
Variant = Literal["default", "primary", "success", "warning", "error"]
# Bidirectional overrides can make one name read as another.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Tone(StrEnum):
    """What a colour means. It never stands without a symbol and a word."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as people see it: symbol, word and colour together."""

    symbol: str
    word: str
    tone: Tone = Tone.PLAIN

    def __str__(self) -> str:
        return f"{self.symbol} {self.word}" if self.symbol else self.word


def clean(text: str, *, lines: bool = False) -> str:
    """Return `text` without what could steer a terminal.

    Escape characters and reordering marks go, lone surrogates (they cannot be
    written to a terminal) become U+FFFD. Line breaks stay only with `lines`.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for char in text.replace("\r\n", "\n").replace("\r", "\n"):
        category = unicodedata.category(char)
        if char == "\n" and lines:
            kept.append(char)
        elif char in "\n\t" or category in {"Zl", "Zp"}:
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category != "Cc" and char not in _REORDERING:
            kept.append(char)
    return "".join(kept)


def plain(text: str | Mark | Content, style: str = "") -> Content:
    """Return `text` verbatim as Content; a Mark takes the colour of its tone."""
    if isinstance(text, Content):
        return text
    if isinstance(text, Mark):
        return Content.styled(clean(str(text)), style or tone_style(text.tone))
    cleaned = clean(text, lines=True)
    return Content.styled(cleaned, style) if style else Content(cleaned)


def joined(*parts: str | Mark | Content | tuple[str, str]) -> Content:
    """Join texts, marks and (text, style) pairs into one Content."""
    return Content("").join([plain(*part) if isinstance(part, tuple) else plain(part) for part in parts])


def tone_style(tone: Tone) -> str:
    """Return the theme's style of a tone, for Content."""
    return {
        Tone.PLAIN: "",
        Tone.GOOD: "$text-success",
        Tone.WARN: "$text-warning",
        Tone.BAD: "bold $text-error",
        Tone.INFO: "$text-primary",
        Tone.MUTED: "$text-muted",
    }[tone]


def width(text: str) -> int:
    """Return how many cells `text` takes; a Chinese character takes two."""
    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """Return `text` on one line in at most `cells` cells, ending in … if something was cut.

    Reads no more of a long text than fits.
    """
    if cells <= 0:
        return ""
    text = clean(text[: cells * 4 + 1])
    if cell_len(text) <= cells:
        return text
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > cells - 1:
            return text[:index] + ELLIPSIS
    return text


def fit(text: str, cells: int, align: Align = "left") -> str:
    """Return `text` cut or padded to exactly `cells` cells."""
    shown = cut(text, cells)
    gap = " " * (cells - cell_len(shown))
    return gap + shown if align == "right" else shown + gap


class Line(Static):
    """Text that is shown as it is. Wraps; give it `height: 1` to keep it on one line."""

    def __init__(
        self, text: str | Mark | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(plain(text), id=id, classes=classes, markup=False)

    def show(self, text: str | Mark | Content) -> None:
        self.update(plain(text))


class PushButton(Button):
    """A button that carries a verb; user text in it stays verbatim."""

    def __init__(
        self, verb: str, *, id: str | None = None, variant: Variant = "default", classes: str | None = None
    ) -> None:
        super().__init__(plain(verb), id=id, variant=variant, classes=classes, compact=True)


def set_border_title(widget: Widget, text: str, *, subtitle: bool = False) -> None:
    """Set a border title verbatim (Textual would parse a str as markup)."""
    setattr(widget, "border_subtitle" if subtitle else "border_title", plain(clean(text)))
