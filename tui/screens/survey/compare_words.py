"""How a comparison of two walks speaks: rows, sums, what changed, the text for the chat group. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from models.inspection.comparing import Comparison, WellCompared
from models.inspection.comparison import Change, Turn, What
from models.inspection.histories import Histories
from models.inspection.levels import Level
from models.inspection.observed import Seen
from tui.i18n import t
from tui.screens.walk.words import day, defect_text, level_word
from tui.widgets.rows import RowView
from tui.widgets.sparkline import level_chart, level_tone, mud_chart
from tui.widgets.text import Mark, Tone, width

_SYMBOLS = {Turn.WORSE: "▲", Turn.BETTER: "▼", Turn.SAME: "=", Turn.UNSEEN: "○"}
_TONES = {Turn.WORSE: Tone.BAD, Turn.BETTER: Tone.GOOD, Turn.SAME: Tone.PLAIN, Turn.UNSEEN: Tone.MUTED}
_MOST_IN_TEXT = 30
_LEAST_SCALE_MM = 100


def turn_word(turn: Turn) -> str:
    """Return what a comparison amounts to, in a word."""
    words = {
        Turn.WORSE: t("compare.worse"),
        Turn.BETTER: t("compare.better"),
        Turn.SAME: t("compare.same"),
        Turn.UNSEEN: t("compare.unseen"),
    }
    return words[turn]


def turn_mark(turn: Turn) -> Mark:
    return Mark(_SYMBOLS[turn], turn_word(turn), _TONES[turn])


def level_text(seen: Seen | None) -> str:
    """Return the level one walk noted, `?` where it did not come or could not tell."""
    return "?" if seen is None or seen.level is None else level_word(seen.level)


def levels_cell(row: WellCompared) -> Mark:
    """Return level then and now."""
    tone = Tone.PLAIN if row.now is None or row.now.level is None else level_tone(row.now.level)
    then, now = level_text(row.then), level_text(row.now)
    return Mark("", then if then == now else f"{then} → {now}", tone)


def levels_width() -> int:
    """Return the cells that a level and what it rose to take at most."""
    words = sorted(width(level_word(level.value)) for level in Level if level is not Level.UNOPENED)
    return max(width(t("compare.column.level")), words[-1] + words[-2] + width(" → "))


def mud_cell(row: WellCompared) -> Mark:
    """Return mud then and now, with what it grew by."""
    then = "?" if row.then is None or row.then.mud_mm is None else str(row.then.mud_mm)
    now = "?" if row.now is None or row.now.mud_mm is None else str(row.now.mud_mm)
    if then == now:
        return Mark("", "" if then == "?" else then)
    grown = row.mud_by
    text = f"{then} → {now}" if grown is None else f"{then} → {now}  {grown:+d}"
    worse = any(change.what is What.MUD for change in row.compared.worse)
    better = any(change.what is What.MUD for change in row.compared.better)
    return Mark("", text, Tone.BAD if worse else Tone.GOOD if better else Tone.PLAIN)


def change_text(change: Change, row: WellCompared, *, worse: bool) -> str:
    """Return one change in words."""
    if change.what is What.LEVEL:
        return t("compare.level_change", then=level_text(row.then), now=level_text(row.now))
    if change.what is What.MUD:
        return t("compare.mud_change", by=f"{change.by if worse else -change.by:+d}")
    word = defect_text(change.defect)
    had = any(found.code == change.defect for found in (row.then.defects if row.then else ()))
    has = any(found.code == change.defect for found in (row.now.defects if row.now else ()))
    if had and has:
        return t("compare.defect_graver" if worse else "compare.defect_lighter", defect=word)
    return t("compare.defect_new" if worse else "compare.defect_gone", defect=word)


def changes_text(row: WellCompared, *, levels: bool) -> str:
    """Return all that changed at a well; without `levels` only what no other column says."""
    parts = [
        change_text(change, row, worse=worse)
        for worse, changes in ((True, row.compared.worse), (False, row.compared.better))
        for change in changes
        if levels or change.what is What.DEFECT
    ]
    if not parts and row.compared.turn is Turn.UNSEEN:
        parts = [t("compare.not_then" if row.then is None and row.now is not None else "compare.not_now")]
        if row.then is not None and row.now is not None:
            parts = [t("compare.not_opened")]
        if row.then is None and row.now is None:
            parts = [t("compare.never")]
    return t("walk.comma").join(parts)


def row_view(row: WellCompared, told: Histories) -> RowView:
    """Return a well as the list shows it, with its small charts over all walks."""
    series = told.seen.get(row.point_id, ())
    levels = [said.level if said else None for said in series]
    depths = [said.mud_mm if said else None for said in series]
    most = max([_LEAST_SCALE_MM, *(depth for depth in depths if depth is not None)])
    last = next((level for level in reversed(levels) if level is not None), None)
    return RowView(
        str(row.point_id),
        (
            row.code,
            turn_mark(row.compared.turn),
            levels_cell(row),
            mud_cell(row),
            Mark("", level_chart(levels), level_tone(last)),
            Mark("", mud_chart(depths, most)),
            changes_text(row, levels=False),
            row.name,
        ),
        muted=row.compared.turn is Turn.UNSEEN,
    )


def walks_text(compared: Comparison) -> str:
    """Return which two walks stand beside each other."""
    if compared.now is None:
        return t("compare.no_walk")
    now = f"{compared.now.name} {day(compared.now.started_at)}"
    if compared.then is None:
        return t("compare.only_one", walk=now)
    return t("compare.walks", now=now, then=f"{compared.then.name} {day(compared.then.started_at)}")


def chat_text(compared: Comparison, compound: str, rows: Sequence[WellCompared]) -> str:
    """Return the comparison for the chat group; it holds nobody's name and no notes."""
    counts = compared.counts
    lines = [
        t("compare.chat_head", compound=compound),
        walks_text(compared),
        t(
            "compare.sums",
            worse=counts[Turn.WORSE],
            better=counts[Turn.BETTER],
            same=counts[Turn.SAME],
            unseen=counts[Turn.UNSEEN],
        ),
    ]
    told = [row for row in rows if row.compared.turn in {Turn.WORSE, Turn.BETTER}]
    lines += [
        f"{turn_mark(row.compared.turn)} {row.code}  {changes_text(row, levels=True)}"
        for row in told[:_MOST_IN_TEXT]
    ]
    if len(told) > _MOST_IN_TEXT:
        lines.append(t("compare.and_more", n=len(told) - _MOST_IN_TEXT))
    return "\n".join(lines)
