"""Tables in a format's own words, as the readers here know them, so that what goes out comes in again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from models.files.columns import Layout
from models.files.writing import Cell

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A header and rows, as `models.files.writing.write_table` takes them."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def header_of(layout: Layout, names: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return the headers of a layout's columns: its first spelling is English, its second Chinese."""
    headers = {field.name: field.headers for field in layout.fields}
    return tuple(headers[name][1 if language == "zh" else 0] for name in names)


def word_for(words: Mapping[str, str], code: str, language: Language) -> str:
    """Return the first word that a reader takes for a code; in English that is the code itself."""
    if language == "en":
        return code
    return next((word for word, meant in words.items() if meant == code and not word.isascii()), code)
