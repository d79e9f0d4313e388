"""Speaking to a terminal or a script: JSON on stdout, sentences on stderr, a status at the end."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from models.problems import Problem
from tui import edge, words
from tui.cli import FAILED, REJECTED, USAGE
from tui.desk import Desk, DeskError
from tui.i18n import t


class UsageError(Exception):
    """The command was put wrongly; the text says how it goes."""


@contextmanager
def desk_for(options: argparse.Namespace) -> Iterator[Desk]:
    """Open the store that the options name, and close it afterwards. A question makes no store.

    Of several compounds one must be named: a script must not write into whichever was open last.
    """
    path = edge.store_path(options.store)
    address = getattr(options, "db", None)
    if address is None and not path.exists():
        raise DeskError(Problem("compound.none", params={"path": str(path)}))
    file = None if address is None else edge.file_of(address)
    if file is not None and not file.exists():
        raise DeskError(Problem("server.none", params={"path": str(file)}))
    desk = Desk(path, compound=options.compound, person=options.person, guess=False, address=address)
    try:
        desk.open()
        yield desk
    finally:
        desk.close()


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(text: str) -> None:
    """Print a line for people."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """Print a line for people beside the output."""
    sys.stderr.write(text + "\n")


def report(error: Exception, options: argparse.Namespace) -> int:
    """Say what went wrong and return the status for it."""
    if isinstance(error, UsageError):
        warn(str(error))
        return USAGE
    sentence = words.explain(error)
    if sentence is None and isinstance(
        error, OSError
    ):  # files and stores explain themselves; this is the output
        warn(t("cli.output_failed", reason=error.strerror))
        return REJECTED
    if sentence is None:
        if os.environ.get("LINLI_DEBUG"):
            raise error
        warn(t("cli.unexpected", error=f"{type(error).__name__}: {error}"))
        return FAILED
    warn(sentence)
    problem = getattr(error, "problem", None)
    if options.json:
        with suppress(OSError):  # what failed may be the output itself
            emit(
                {
                    "problems": [
                        {
                            "line": None,
                            "code": getattr(problem, "code", getattr(error, "code", "")),
                            "message": sentence,
                        }
                    ]
                }
            )
    asks_for_more = isinstance(error, DeskError) and error.problem.code in {
        "compound.several",
        "compound.ambiguous",
    }
    return USAGE if asks_for_more else REJECTED
