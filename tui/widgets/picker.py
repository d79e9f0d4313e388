"""Options to choose from, and which of them a typed text names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.widgets.rows import RowView
from tui.widgets.search import folded


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `search` holds what else names it: `zhangsan zs` for 张三.

    `reason` says why it cannot be chosen just now.
    """

    id: str
    text: str
    note: str = ""
    search: str = ""
    reason: str | None = None


def matching(options: Sequence[Option], text: str) -> list[Option]:
    """Return the options that contain every word of `text`, best first.

    Best is a word of the option that equals the text, then one that starts with
    it, then one that holds it somewhere; equals keep their order.
    """
    words = folded(text).split()
    if not words:
        return list(options)
    ranked: list[tuple[int, Option]] = []
    for option in options:
        haystack = folded(f"{option.text} {option.search} {option.note}")
        if all(word in haystack for word in words):
            names = haystack.split()
            first = words[0]
            rank = 0 if first in names else 1 if any(name.startswith(first) for name in names) else 2
            ranked.append((rank, option))
    ranked.sort(key=lambda entry: entry[0])
    return [option for _, option in ranked]


def option_rows(options: Sequence[Option], *, numbered: bool) -> list[RowView]:
    return [
        RowView(
            option.id,
            (
                *((str(number),) if numbered else ()),
                option.text,
                option.note if option.reason is None else option.reason,
            ),
            muted=option.reason is not None,
        )
        for number, option in enumerate(options, 1)
    ]
