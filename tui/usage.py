"""argparse in our words: it speaks English only, and looks its sentences up by their English."""

from __future__ import annotations

import argparse

from tui.i18n import t

#: argparse's sentences, the same in Python 3.11 to 3.14, to keys of the catalogue.
SENTENCES = {
    "usage: ": "usage.usage",
    "positional arguments": "usage.positionals",
    "options": "usage.options",
    "the following arguments are required: %s": "usage.required",
    "unrecognized arguments: %s": "usage.unrecognized",
    "argument %(argument_name)s: %(message)s": "usage.argument",
    "invalid choice: %(value)r (choose from %(choices)s)": "usage.choice",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "usage.parser",
    "expected one argument": "usage.expected_one",
    "expected at most one argument": "usage.expected_at_most_one",
    "expected at least one argument": "usage.expected_at_least_one",
    "ignored explicit argument %r": "usage.explicit",
    "ambiguous option: %(option)s could match %(matches)s": "usage.ambiguous",
}


def speak() -> None:
    """Let argparse speak the language in use from now on."""
    # It binds gettext's function to this name at import; a catalogue of gettext's
    # own kind would need compiled files beside ours.
    setattr(argparse, "_", _spoken)  # noqa: B010  # the name is not in argparse's published types


def _spoken(english: str) -> str:
    key = SENTENCES.get(english)
    return english if key is None else t(key)
