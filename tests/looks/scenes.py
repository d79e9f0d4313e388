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
    "tickets": ("2", "b"),
    "tickets-mine": ("2",),
    "tickets-found": ("2", "a", "slash", "x", "s"),
    "tickets-filter": ("2", "b", "f4"),
    "tickets-board": ("2", "b", "f3", "right", "down"),
    "ticket-figures": ("2", "f6", "1"),
    "ticket-figures-year": ("2", "f6", "1", "4", "pagedown"),
    "report-ticket": ("2", "f2"),
    "report-ticket-near": (
        *("2", "f2", "1", "minus", "1", "minus", "1", "0", "1", "enter", "enter"),
        *("d", "r", "a", "i", "n", "enter", "enter"),
    ),
    "ticket-cards": ("2", "f6", "4"),
    "ticket-card": (
        *("2", "f6", "4", "k", "t", "8", "0", "enter", "enter", "1", "full_stop", "5"),
        *("enter", "enter", "enter", "3", "0", "enter", "1", "5"),
    ),
    "ticket": ("2", "a", "slash", "k", "t", "8", "3", "enter"),
    "ticket-offered": ("2", "a", "slash", "k", "t", "8", "2", "enter"),
    "ticket-more": ("2", "a", "slash", "k", "t", "8", "3", "enter", "0"),
    "ticket-finish": ("2", "a", "slash", "k", "t", "8", "3", "enter", "2"),
    "ticket-repeats": ("2", "f6", "2"),
    "ticket-repeats-case": ("2", "f6", "2", "1"),
    "incidents": ("2", "f6", "3"),
    "incident": ("2", "f6", "3", "enter"),
    "incident-where": ("2", "f6", "3", "f5"),
    "ticket-kinds": ("2", "f6", "5"),
    "map": ("4", "1"),
    "map-schematic": ("4", "1", "f4"),
    "map-well": ("4", "1", "enter"),
    "inspection": ("4",),
    "points": ("4", "2"),
    "point": ("4", "2", "down", "enter"),
    "routes": ("4", "3"),
    "route": ("4", "3", "enter"),
    "schedules": ("4", "4"),
    "checklists": ("4", "5"),
    "compare": ("4", "6"),
    "households": ("5",),
    "households-filtered": ("5", "slash", "l", "g", "y"),
    "household": ("5", "enter"),
    "people": ("6",),
    "person": ("6", "enter"),
    "import": ("5", "f6"),
    "changes": ("7",),
    "change": ("7", "enter"),
    "sync": ("8",),
    "settings": ("9",),
    "settings-keys": ("9", "3"),
}
