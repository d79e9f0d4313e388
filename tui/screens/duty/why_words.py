"""What the solver answers, in plain words: what bars somebody, what would have to give way, what another roster would cost."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from models.duty.solver.problem import Swapped
from tui.duty_words import points_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.roster_sheet import paragraph
from tui.screens.duty.why_store import AskedGap, AskedPair, Standing
from tui.solver_words import cost_words, obstacle_text, relaxation_text, slot_text, tally_text
from tui.widgets.text import Tone, plain, tone_style

_MOST_TOUCHED = 30


def gap_lines(asked: AskedGap, cells: int) -> Iterator[Content]:
    """Yield why a shift lacks somebody."""
    yield from paragraph(tally_text(asked.candidates), cells)
    if asked.lacks:
        yield Content("")
    if asked.relaxed:
        yield plain(t("why.smallest"), "bold")
        for rule in asked.relaxed:
            yield from paragraph(f"· {relaxation_text(rule, asked.standing)}", cells, indent=1)
    elif asked.lacks:
        yield from paragraph(t("why.no_relaxation"), cells, "$text-muted")
    free = [one for one in asked.candidates if not one.obstacles]
    if free:
        yield Content("")
        names = listed([asked.standing.name(one.person) for one in free[:6]])
        yield from paragraph(t("why.free_people", names=names), cells, tone_style(Tone.GOOD))


# -- somebody on a shift, or not ---------------------------------------------------------


def pair_lines(asked: AskedPair, person: str, shift: str, cells: int, *, on: bool) -> Iterator[Content]:
    """Yield what it would cost that somebody is not on a shift (`on`: they are on it now), or is."""
    cost, standing = asked.cost, asked.standing
    if not cost.possible:
        yield from paragraph(t("why.impossible", person=person, shift=shift), cells, tone_style(Tone.BAD))
        for rule in cost.obstacles:
            yield from paragraph(f"· {obstacle_text(rule, standing)}", cells, indent=1)
        return
    key = "why.without" if on else "why.with"
    yield from paragraph(t(key, person=person, shift=shift), cells, "bold")
    for what, n, text in cost_words(cost):
        yield from paragraph(f"· {text}", cells, tone_style(_tone(what, n)), indent=1)
    yield Content("")
    touched = cost.touched
    if touched:
        yield plain(t("why.touched", n=len(touched)), "bold")
    for one in touched[:_MOST_TOUCHED]:
        moved = [f"+ {slot_text(standing.shift(slot))}" for slot in one.gains]
        moved += [f"− {slot_text(standing.shift(slot))}" for slot in one.loses]
        said = f"{standing.name(one.person)}  {listed(moved)}  {_carries(one, standing)}"
        yield from paragraph(said, cells, indent=1)
    if len(touched) > _MOST_TOUCHED:
        yield plain(t("why.more_touched", n=len(touched) - _MOST_TOUCHED), "$text-muted")
    if not cost.proven:
        yield from paragraph(t("why.not_proven"), cells, "$text-muted")


def _tone(what: str, n: int) -> Tone:
    """Return whether it is worse, better or the same."""
    if n > 0:
        return Tone.BAD if what == "gaps" else Tone.WARN
    return Tone.GOOD if n < 0 else Tone.PLAIN


def _carries(one: Swapped, standing: Standing) -> str:
    """Return how many hours somebody would carry then, and what would be fair."""
    burden = next((known for known in standing.roster.burdens if known.worker == one.person), None)
    if burden is None:
        return ""
    weights = {slot.id: slot.points for slot in standing.problem.slots}
    points = (
        burden.points + sum(weights[slot] for slot in one.gains) - sum(weights[slot] for slot in one.loses)
    )
    return t("why.carries", hours=points_text(points), fair=points_text(round(burden.fair)))
