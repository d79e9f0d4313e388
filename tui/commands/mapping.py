"""The survey map as a text, a drawing or a page, to a file or to standard output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from models.files.writing import write_whole
from models.inspection.survey.scene import Laid, Scene
from models.inspection.survey.survey import names_to_hide, survey
from models.problems import Problem
from models.tickets.on_map import calls_on_map
from tui import edge
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say
from tui.commands.locating import walk_named
from tui.desk import DeskError
from tui.i18n import t
from tui.paper.map_page import map_page
from tui.paper.map_svg import map_svg
from tui.paper.map_text import map_text
from tui.paper.own_words import words_for_print
from tui.paper.page import A3, A4

_BY_SUFFIX: Final = {".txt": "txt", ".svg": "svg", ".html": "html", ".htm": "html"}


def draw_map(options: argparse.Namespace) -> int:
    """Draw the map of a walk."""
    out = None if options.out is None else Path(options.out).expanduser()
    form = options.format or (_BY_SUFFIX.get(out.suffix.lower()) if out is not None else "txt")
    if form is None:
        raise UsageError(t("paper.map.which_form", path=out))
    if form == "txt" and options.laid == Laid.PLAN:
        raise UsageError(t("paper.map.text_is_schematic"))
    laid = Laid.SCHEMATIC if form == "txt" else Laid(options.laid) if options.laid else None
    with desk_for(options) as desk:
        walk_id = walk_named(desk, options.walk)
        compound_id = desk.seat.compound_id
        with desk.store.read() as session:
            calls = calls_on_map(session, compound_id, now=edge.clock(), today=desk.today())
            scene = calls.laid_on(survey(session, compound_id, walk_id, laid=laid))
            names = names_to_hide(session, compound_id) if form == "html" else frozenset()
        head, foot = words_for_print(desk)
    if not scene.spots and not scene.aside:
        raise DeskError(Problem("locate.no_wells"))
    if not scene.spots:
        raise DeskError(Problem("survey.no_places"))
    if form == "txt":
        drawn = map_text(scene, head=head, foot=foot)
    elif form == "svg":
        drawn = map_svg(scene)
    else:
        sheet = A3 if options.paper == "a3" else A4
        drawn = map_page(scene, sheet=sheet, head=head, foot=foot, names=names, masked=options.masked)
    _hand_over(options, scene, drawn, form, out)
    return DONE


def _hand_over(options: argparse.Namespace, scene: Scene, drawn: str, form: str, out: Path | None) -> None:
    if out is not None:
        write_whole(out, drawn.encode("utf-8", errors="replace"))
    if options.json:
        about = {
            "walk": scene.walk or None,
            "laid": scene.laid.value,
            "format": form,
            "wells": len(scene.spots) + len(scene.aside),
            "seen": scene.seen,
            "blockages": [list(blockage.pipes[0]) for blockage in scene.blockages],
        }
        emit({**about, "path": str(out)} if out is not None else {**about, "map": drawn})
    elif out is not None:
        say(t("paper.map.written", path=out))
    else:
        sys.stdout.write(drawn)
