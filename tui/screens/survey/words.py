"""What the survey map says: states as marks, a well in the panel, the heading, the legend. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.inspection.levels import Level
from models.inspection.locator import Blockage
from models.inspection.rules import State
from models.inspection.survey.scene import Run, Scene, Spot
from models.tickets.on_map import MappedTicket
from tui.blocked import LEAST_CHANCE, blocked_where, percent
from tui.i18n import t
from tui.paper.signs import Sign, sign_of
from tui.screens.walk.state import Answer
from tui.screens.walk.words import (
    SYMBOLS,
    answer_mark,
    day,
    defect_text,
    level_word,
    state_mark,
    unseen_mark,
)
from tui.ticket_words import SIGNS
from tui.widgets.map_paint import CALL_SIGN
from tui.widgets.map_panel import PanelRow, PanelView
from tui.widgets.text import Mark, Tone, cut

_NOTE_SHOWN = 200
_CALLS_SHOWN, _WHAT_SHOWN = 4, 24


def spot_mark(spot: Spot) -> Mark:
    """Return a well's state; an outfall has a symbol of its own, in the colour of its state."""
    if spot.state is None:
        mark = unseen_mark()
    elif spot.level is None:
        mark = state_mark(spot.state)
    else:
        mark = answer_mark(Answer(spot.level), spot.state)
    return Mark(sign_of(spot).value, mark.word, mark.tone)


def marks_of(scene: Scene) -> Mapping[str, Mark]:
    """Return the mark of each well by its code; wells in the same state share one."""
    known: dict[tuple[State | None, str | None, bool], Mark] = {}
    marks: dict[str, Mark] = {}
    for spot in scene.spots:
        key = (spot.state, spot.level, spot.outfall)
        if key not in known:
            known[key] = spot_mark(spot)
        marks[spot.code] = known[key]
    return marks


def heading_text(scene: Scene) -> str:
    """Return which walk the map shows, how much of the sewer it saw, and where it is blocked."""
    wells = len(scene.spots) + len(scene.aside)
    if not wells:
        return t("map.no_wells")
    if scene.walk_id is None or scene.began is None:
        return t("map.no_walk", n=wells)
    began = day(scene.began)
    # A walk is named after its day unless somebody says otherwise.
    parts = [
        scene.walk,
        *(() if began in scene.walk else (began,)),
        t("map.seen", seen=scene.seen, total=wells),
    ]
    if not any(spot.level is not None for spot in (*scene.spots, *scene.aside)):
        parts.append(t("map.no_levels"))
    return " · ".join(parts)


def blockages_text(scene: Scene) -> str:
    """Return how many blockages there are, the likeliest by name."""
    if not scene.blockages:
        return ""
    where = blockage_name(scene.blockages[0])
    if len(scene.blockages) == 1:
        return where
    return t("map.blockages", n=len(scene.blockages), first=where)


def blockage_name(blockage: Blockage) -> str:
    start, end = blockage.pipes[0]
    return f"{start} → {end} {percent(blockage.confidence)}%"


def blockage_text(scene: Scene, index: int) -> str:
    """Return one blockage in a sentence: where, how sure, how many wells and homes are behind it."""
    blockage = scene.blockages[index]
    parts = [blocked_where(blockage)]
    if blockage.wells:
        parts.append(t("map.behind_wells", n=len(blockage.wells)))
    if blockage.households:
        parts.append(t("map.behind_homes", n=len(blockage.households)))
    place = t("map.place", n=index + 1, total=len(scene.blockages)) if len(scene.blockages) > 1 else ""
    return place + t("map.comma").join(parts)


def panel_view(
    scene: Scene,
    spot: Spot,
    incoming: list[Run],
    outgoing: list[Run],
    tickets: Sequence[MappedTicket] = (),
) -> PanelView:
    """Return what the panel says of a well."""
    comma = t("walk.comma")
    defects = comma.join(defect_text(code) for code in spot.defects)
    mud = "" if spot.mud_mm is None else t("map.mm", mm=spot.mud_mm)
    if spot.silted:
        mud = t("map.silted", mud=mud)
    rows = [
        PanelRow(t("map.mud"), mud, Tone.WARN if spot.silted else Tone.PLAIN),
        PanelRow(t("map.defects"), defects, Tone.WARN if spot.defects else Tone.PLAIN),
        *([PanelRow(t("map.calls"), calls_text(tickets), _call_tone(spot))] if spot.called else []),
        PanelRow(t("map.note"), spot.note[:_NOTE_SHOWN]),
        PanelRow(t("map.when"), "" if spot.at is None else spot.at.strftime("%m-%d %H:%M"), bare=True),
        PanelRow(t("map.homes"), t("map.homes_n", n=spot.households) if spot.households else ""),
        PanelRow(t("map.up"), comma.join(run.start for run in incoming)),
        PanelRow(t("map.down"), comma.join(_downward(run) for run in outgoing)),
    ]
    return PanelView(
        spot.code, spot.name, spot_mark(spot), _alarm(scene, spot, incoming, outgoing), tuple(rows)
    )


def calls_text(tickets: Sequence[MappedTicket]) -> str:
    """Return the tickets at a well: the codes of as many as a panel has room for."""
    shown = t("walk.comma").join(
        f"{ticket.code} {SIGNS[ticket.state]} {cut(ticket.what, _WHAT_SHOWN)}"
        for ticket in tickets[:_CALLS_SHOWN]
    )
    more = len(tickets) - _CALLS_SHOWN
    return f"{CALL_SIGN} {shown}" + (t("map.calls_more", n=more) if more > 0 else "")


def _call_tone(spot: Spot) -> Tone:
    return Tone.BAD if spot.again else Tone.WARN


def _downward(run: Run) -> str:
    return f"{run.end} ╳{percent(run.chance)}%" if run.chance >= LEAST_CHANCE else run.end


def _alarm(scene: Scene, spot: Spot, incoming: list[Run], outgoing: list[Run]) -> str:
    """Return what a blockage means for a well, empty if nothing."""
    likely = [
        run for run in (*outgoing, *incoming) if run.blockage is not None and run.chance >= LEAST_CHANCE
    ]
    if likely:
        best = max(likely, key=lambda run: run.chance)
        return t("map.at_blockage", start=best.start, end=best.end, percent=percent(best.chance))
    if spot.behind:
        return t("map.behind")
    return t("map.open_next") if spot.code in scene.open_next else ""


def legend() -> tuple[Mark, ...]:
    """Return what the symbols and the lines of the map mean."""
    levels = tuple(
        Mark(SYMBOLS[level], level_word(level), answer_mark(Answer(level.value), state).tone)
        for level, state in (
            (Level.FLOWING, State.NORMAL),
            (Level.DRY, State.NORMAL),
            (Level.HALF, State.WATCH),
            (Level.FULL, State.BAD),
            (Level.OVERFLOW, State.BAD),
            (Level.UNOPENED, State.UNOPENED),
        )
    )
    return (
        *levels,
        Mark("!", t("map.legend.more"), Tone.WARN),
        unseen_mark(),
        Mark(Sign.OUTFALL.value, t("point.outfall")),
        Mark("━╳━", t("map.legend.blocked"), Tone.BAD),
        Mark("━?━", t("map.legend.maybe"), Tone.BAD),
        Mark("══", t("map.legend.behind"), Tone.WARN),
        Mark("─▸", t("map.legend.flow"), Tone.MUTED),
        Mark(CALL_SIGN, t("map.legend.calls"), Tone.WARN),
    )
