"""Setting two walks beside each other."""

from __future__ import annotations

import argparse

from models.inspection.comparing import Comparison, compare_walks
from models.inspection.lists_comparing import comparison_rows
from models.inspection.queries_walks import WalkLine
from models.listings import LISTINGS
from tui.cli import DONE
from tui.commands.console import desk_for, emit, say, warn
from tui.commands.listing import table
from tui.commands.locating import walk_named
from tui.i18n import t


def compare(options: argparse.Namespace) -> int:
    """Print each well as both walks saw it, what got worse first."""
    with desk_for(options) as desk:
        now_id, then_id = walk_named(desk, options.walk), walk_named(desk, options.other)
        with desk.store.read() as session:
            compared = compare_walks(session, desk.seat.compound_id, now_id, then_id)
    if options.json:
        for row in comparison_rows(compared):
            emit(row)
    else:
        _for_people(compared)
    return DONE


def _for_people(compared: Comparison) -> None:
    if compared.now is None:
        warn(t("compare.no_walk_hint"))
        return
    if compared.then is None:
        warn(t("compare.only_one", walk=_walk(compared.now)))
        return
    say(t("compare.walks", now=_walk(compared.now), then=_walk(compared.then)))
    say(t("compare.sums", **{turn.value: n for turn, n in compared.counts.items()}))
    say("")
    table(LISTINGS["comparison"], comparison_rows(compared))


def _walk(walk: WalkLine) -> str:
    return f"{walk.name} {walk.started_at:%Y-%m-%d}"
