"""The screens worth looking at, each with the keys that lead there from Home in the demo compound."""

from __future__ import annotations

from typing import Final

Keys = tuple[str, ...]

SIZES: Final = ((80, 24), (100, 30), (140, 40))
SCENES: Final[dict[str, Keys]] = {
    "home": (),
    "help": ("f1",),
    "palette": ("f9",),
    "who": ("0",),
    "walks": ("1",),
    "walk": ("1", "enter", "enter"),
    "walk-blocked": ("1", "enter", "enter", "4"),
    "walk-summary": ("1", "enter", "enter", "f3"),
    "map": ("2",),
    "map-schematic": ("2", "f4"),
    "map-well": ("2", "enter"),
    "inspection": ("3",),
    "points": ("3", "1"),
    "point": ("3", "1", "down", "enter"),
    "routes": ("3", "2"),
    "route": ("3", "2", "enter"),
    "schedules": ("3", "3"),
    "checklists": ("3", "4"),
    "compare": ("3", "6"),
    "households": ("4",),
    "households-filtered": ("4", "slash", "l", "g", "y"),
    "household": ("4", "enter"),
    "people": ("5",),
    "person": ("5", "enter"),
    "import": ("6",),
    "changes": ("7",),
    "change": ("7", "enter"),
    "sync": ("8",),
    "settings": ("9",),
    "settings-keys": ("9", "3"),
}
