"""A roster made, in words: what it lacks and why, what differs from before, who carries how much, how good it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final
from uuid import UUID

from textual.content import Content

from models.duty.drafting import DraftShift
from models.duty.solver.ground import HAND
from models.duty.solver.problem import Burden, Gap, Phase, Reached
from tui.duty_words import GAP_SIGN, points_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.generate_store import Made, Reasons, changed
from tui.screens.duty.roster_sheet import paragraph
from tui.solver_words import code_text, relaxation_text, slot_text, tally_text
from tui.widgets.text import Tone, fit, joined, plain, tone_style, width

_TITLE: Final = "bold $primary"
_MOST_CHANGES: Final = 60
_NAME: Final = 12
#: More than a morning off the fair share is worth a second look.
_MUCH: Final = 400


def result_lines(made: Made, reasons: Reasons | None, cells: int) -> Iterator[Content]:
    """Yield a roster made from top to bottom: what is to be decided comes first."""
    yield from _head(made, cells)
    if made.roster.gaps:
        yield Content("")
        yield from _gaps(made, reasons, cells)
    if made.wish.keep:
        yield Content("")
        yield from _changes(made, cells)
    yield Content("")
    yield from spread_lines(
        made.roster.burdens, {b.worker: made.standing.name(b.worker) for b in made.roster.burdens}, cells
    )
    if not made.wish.keep and made.before:
        yield Content("")
        yield from _changes(made, cells)


def _head(made: Made, cells: int) -> Iterator[Content]:
    roster = made.roster
    missing = sum(gap.missing for gap in roster.gaps if not gap.need)
    unmet = sum(gap.missing for gap in roster.gaps if gap.need)
    if not roster.gaps:
        yield plain(t("result.full", n=len(made.ground.problem.slots)), tone_style(Tone.GOOD))
    else:
        parts = [t("result.missing", n=missing)] if missing else []
        parts += [t("result.unmet", n=unmet)] if unmet else []
        yield plain(f"{GAP_SIGN} {listed(parts)}", tone_style(Tone.BAD))
    said = [t("result.placed", n=len(roster.pairs))]
    if roster.wishes_met or roster.wishes_missed:
        said.append(t("result.wishes", met=roster.wishes_met, missed=roster.wishes_missed))
    if made.before:
        said.append(t("result.changes_n", n=_changes_n(made)))
    yield from paragraph(" · ".join(said), cells)
    yield from paragraph(_quality(roster.reached, cancelled=roster.cancelled), cells, "$text-muted")


def _changes_n(made: Made) -> int:
    return sum(max(len(gone), len(came)) for gone, came in changed(made).values())


def _quality(reached: Sequence[Reached], *, cancelled: bool) -> str:
    """Return how good it is: proven the best, or how much better it could be at most, phase by phase."""
    if reached and all(one.proven for one in reached):
        return f"√ {t('result.optimal')}"
    open_ones = [one for one in reached if not one.proven]
    parts = [t(f"result.phase.{one.phase.value}", n=_percent(one)) for one in open_ones]
    return t("result.stopped" if cancelled else "result.not_proven", parts=listed(parts))


def _percent(one: Reached) -> int:
    if one.phase is Phase.GAPS:
        return max(1, ceil((one.value - one.bound) / HAND))
    return max(1, min(100, round(100 * (one.value - one.bound) / one.value))) if one.value > 0 else 100


# -- gaps ----------------------------------------------------------------------------------


def _gaps(made: Made, reasons: Reasons | None, cells: int) -> Iterator[Content]:
    yield plain(t("result.gaps"), _TITLE)
    by_slot: dict[UUID, list[Gap]] = {}
    for gap in made.roster.gaps:
        by_slot.setdefault(gap.slot, []).append(gap)
    for slot, gaps in by_slot.items():
        lacks = listed([_gap_text(gap) for gap in gaps])
        head = f"{GAP_SIGN} {slot_text(made.standing.shift(slot))}"
        yield joined((head, tone_style(Tone.BAD)), f"  {lacks}")
        if reasons is not None and slot in reasons.candidates:
            yield from paragraph(tally_text(reasons.candidates[slot]), cells, "$text-muted", indent=2)
    if reasons is None:
        yield from paragraph(f"… {t('result.asking_why')}", cells, "$text-muted")
        return
    yield Content("")
    if reasons.relaxed:
        yield plain(t("result.smallest"), "bold")
        for rule in reasons.relaxed:
            yield from paragraph(f"· {relaxation_text(rule, made.standing)}", cells, indent=1)
    else:
        yield from paragraph(t("why.no_relaxation"), cells, "$text-muted")


def _gap_text(gap: Gap) -> str:
    if gap.need:
        return t("duty.gap.need", what=code_text(gap.need))
    return t("duty.gap.hands", n=gap.missing)


# -- changes -------------------------------------------------------------------------------


def _changes(made: Made, cells: int) -> Iterator[Content]:
    yield plain(t("result.changes"), _TITLE)
    found = changed(made)
    if not found:
        yield plain(t("result.no_changes"), "$text-muted")
    ordered = sorted(
        ((made.standing.shift(slot), both) for slot, both in found.items()),
        key=lambda item: item[0].starts_at.isoformat() if item[0] is not None else "",
    )
    for shift, (gone, came) in ordered[:_MOST_CHANGES]:
        yield from _change(made, shift, gone, came, cells)
    if len(ordered) > _MOST_CHANGES:
        yield plain(t("result.more_changes", n=len(ordered) - _MOST_CHANGES), "$text-muted")


def _change(
    made: Made, shift: DraftShift | None, gone: Sequence[UUID], came: Sequence[UUID], cells: int
) -> Iterator[Content]:
    before = listed([made.standing.name(one) for one in gone]) or t("result.nobody")
    after = listed([made.standing.name(one) for one in came]) or t("result.nobody")
    yield from paragraph(f"{slot_text(shift)}  {before} → {after}", cells)


# -- spread --------------------------------------------------------------------------------


def spread_lines(burdens: Sequence[Burden], names: dict[UUID, str], cells: int) -> Iterator[Content]:
    """Yield who carries how much, the most first: a bar to one scale, what would be fair, what is owed afterwards."""
    shown = [one for one in burdens if one.points or round(one.fair)]
    if not shown:
        return
    yield plain(t("result.spread"), _TITLE)
    most = max(max(one.points, round(one.fair)) for one in shown) or 1
    name = min(_NAME, max(width(names.get(one.worker, "")) for one in shown)) + 1
    tails = {one.worker: _tail(one) for one in shown}
    room = max(6, min(40, cells - name - max(width(tail) for tail in tails.values()) - 2))
    for one in sorted(shown, key=lambda one: (-one.points, names.get(one.worker, ""))):
        within, over, left = _bar(one.points, round(one.fair), most, room)
        late = abs(round(one.owed_after))
        style = "$text-warning" if late > _MUCH else "$text-muted"
        yield joined(
            fit(names.get(one.worker, ""), name),
            (within, "$primary"),
            (over, "$text-warning"),
            (left, "$text-muted"),
            "  ",
            (tails[one.worker], style),
        )
    yield from paragraph(t("result.spread_key"), cells, "$text-muted")


def _tail(one: Burden) -> str:
    owed = round(one.owed_after)
    key = "owes" if owed > 0 else "ahead" if owed < 0 else "even"
    return t(
        "result.burden",
        n=one.shifts,
        hours=points_text(one.points),
        fair=points_text(round(one.fair)),
        owed=t(f"result.{key}", hours=points_text(abs(owed))),
    )


def _bar(points: int, fair: int, most: int, room: int) -> tuple[str, str, str]:
    """Return a bar up to the fair share, what is over it, and what is left of its room with a mark where the share lies."""
    drawn, mark = round(points * room / most), max(0, min(room, round(fair * room / most)))
    if drawn >= mark:
        return "█" * mark, "▒" * (drawn - mark), " " * (room - drawn)
    return "█" * drawn, "", " " * (mark - drawn - 1) + "│" + " " * (room - mark)
