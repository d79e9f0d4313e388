"""How long from the command to a first screen that can be used, beside harlequin and a bare Textual app.

Run: python tests/bench/bench_startup.py [--runs 9] [--json]

Starts each in a pseudo-terminal of 80x24 and takes the time until texts are on
the screen. Linli is measured twice in one start: when its frame is drawn, and
when Home is complete: the acting person in the greeting, and every task with
its count. harlequin (tests/bench/peers/install.py harlequin makes its
environment) opens an empty SQLite file: its frame, and its catalog filled. The
bare app draws one label. Byte code is compiled for all, as pip leaves it, and
they run in turns, so that a busy moment hits each. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from peers import environment  # noqa: E402
from terminal import ROOT, Terminal, surroundings  # noqa: E402

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("usable now", markup=False)
Bare().run()
"""
#: The least that tells a drawn frame, and all that tells a complete Home of the demo.
FRAME = ("Esc Back",)
HOME = (
    "this is what there is to do",
    "under way",
    "180 households",
    "375 people",
    "Sync",
    "This laptop only",
)


@dataclass(slots=True)
class Measured:
    """A command, what its screens show one after the other, and the seconds until each did."""

    name: str
    command: list[str]
    shows: Sequence[tuple[str, tuple[str, ...]]]
    environment: dict[str, str]
    seconds: list[list[float]] = field(default_factory=list)

    def run(self) -> None:
        self.seconds.append(until_shown(self.command, [texts for _, texts in self.shows], self.environment))

    def medians(self) -> list[tuple[str, float]]:
        return [
            (f"{self.name}, {what}", statistics.median(times))
            for (what, _), times in zip(self.shows, zip(*self.seconds, strict=True), strict=True)
        ]


def until_shown(
    command: list[str], shows: Sequence[tuple[str, ...]], environment: dict[str, str]
) -> list[float]:
    """Return the seconds from starting `command` until all texts of each of `shows` have been drawn."""
    with Terminal(command, environment) as terminal:
        return [
            terminal.until(lambda drawn, texts=texts: all(text in drawn for text in texts)) for texts in shows
        ]


def linli(folder: Path) -> Measured:
    for package in ("tui", "models", "sync"):
        compileall.compile_dir(str(ROOT / package), quiet=2)
    return Measured(
        "Linli",
        [sys.executable, "-m", "tui.cli", "demo"],
        [("frame", FRAME), ("Home complete", HOME)],
        surroundings(folder) | {"LINLI_STORE": f"{folder}/demo.db", "LINLI_LANG": "en"},
    )


def bare(folder: Path) -> Measured:
    script = folder / "bare.py"
    script.write_text(BARE)
    return Measured(
        "bare Textual app", [sys.executable, str(script)], [("label", ("usable now",))], surroundings(folder)
    )


def harlequin(folder: Path) -> Measured | None:
    try:
        environment.versions("harlequin")
    except environment.Missing as reason:
        print(f"harlequin is not measured: {reason}")
        return None
    python = environment.python("harlequin")
    compileall.compile_dir(next((python.parents[1] / "lib").glob("python3*")), quiet=2)
    return Measured(
        "harlequin",
        [
            str(python.with_name("harlequin")),
            "--no-download-tzdata",
            "-a",
            "sqlite",
            f"{folder}/empty.sqlite",
        ],
        [("frame", ("Query Editor",)), ("catalog filled", ("Data Catalog", "main", "Database Connected"))],
        surroundings(folder),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Time until the first screen.")
    parser.add_argument("--runs", type=int, default=9, help="starts of each; medians are told (9)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        apps = [app for app in (linli(folder), bare(folder), harlequin(folder)) if app is not None]
        for app in apps:  # makes the demo, and whatever else a first start makes
            until_shown(app.command, [texts for _, texts in app.shows], app.environment)
        for _ in range(asked.runs):
            for app in apps:
                app.run()
        found = dict(figure for app in apps for figure in app.medians())
    load = os.getloadavg()[0]
    if asked.json:
        print(json.dumps({"seconds": found, "load": load, "runs": asked.runs}))
        return
    whole = found["Linli, Home complete"]
    print(f"medians of {asked.runs} starts in turns, load {load:.1f} on {os.cpu_count()} processors")
    for what, seconds in found.items():
        print(f"{what:<28}{seconds:6.2f} s   Linli's complete Home takes {whole / seconds:5.2f} of it")


if __name__ == "__main__":
    main()
