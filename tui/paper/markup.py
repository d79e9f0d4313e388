"""HTML and SVG put together so that a user's text can only ever be text.

`tag` escapes every plain str, as content and as an attribute; only what `tag`
itself made is taken as markup. What it writes is well-formed XML and reads the same as HTML.
"""

from __future__ import annotations

import unicodedata
from html import escape
from typing import Final

#: Elements that HTML wants without an end.
_VOID: Final = frozenset({"meta", "br", "col"})
#: Attributes whose Python name would be a keyword.
_NAMES: Final = {"class_": "class", "for_": "for"}
_GONE: Final = "�"

Attribute = str | int | float | None


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def clean(text: str) -> str:
    """Return text that XML can hold and that cannot reorder what stands beside it; line breaks and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_kept(character) for character in text)


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def _kept(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category == "Cs" or character in "\ufffe\uffff":
        return _GONE
    return (
        " "
        if category in {"Cc", "Zl", "Zp"}
        else ""
        if category[0] == "C" and category != "Co"
        else character
    )


def tag(name: str, /, *children: str, **attributes: Attribute) -> Markup:
    """Return an element. An attribute of None is left out; `stroke_width` becomes `stroke-width`."""
    said = "".join(
        f' {_NAMES.get(key, key.replace("_", "-"))}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Return markup and text one after the other, the text escaped."""
    return Markup("".join(child if isinstance(child, Markup) else escape(clean(child)) for child in children))


def number(value: float) -> str:
    """Return a number as short as two decimals allow."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _value(value: str | float) -> str:
    return escape(clean(value)) if isinstance(value, str) else number(value)
