"""What the solver answers, in plain words: what bars somebody, what would have to give way, what another roster would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from textual.content import Content

from models.duty.drafting import DraftShift
from models.duty.needs import read_need
from models.duty.solver.obstacles import OVERLAP
from models.duty.solver.problem import Candidate, Cost, Relaxation, RuleKind, Swapped
from tui.duty_words import day_text, need_word, points_text
from tui.i18n import has, t
from tui.row_words import listed
from tui.screens.duty.roster_sheet import paragraph
from tui.screens.duty.why_store import AskedGap, AskedPair, Standing
from tui.widgets.text import Tone, plain, tone_style

_MOST_TOUCHED = 30


def slot_text(shift: DraftShift | None) -> str:
    """Return a shift with its day: `12-03 周四 服务台 早班`."""
    return "" if shift is None else f"{day_text(shift.day)} {shift.post} {shift.name}".strip()


def code_text(code: str) -> str:
    """Return a need by its code in words."""
    need = read_need(code)
    return code if need is None else need_word(need)


def obstacle_text(rule: Relaxation, standing: Standing) -> str:
    """Return what bars somebody from a shift, about that somebody."""
    other = slot_text(standing.shift(rule.other))
    if rule.rule is RuleKind.REST:
        key = "overlap" if rule.detail == OVERLAP else "rest"
        return t(f"why.bar.{key}_with", shift=other) if other else t(f"why.bar.{key}")
    if rule.rule is RuleKind.APART:
        return t("why.bar.apart", person=standing.name(rule.second))
    if rule.rule is RuleKind.BAR:
        key = f"why.bar.{rule.detail}"
        return t(key) if has(key) else rule.detail
    return t(f"why.bar.{rule.rule.value}")


def relaxation_text(rule: Relaxation, standing: Standing) -> str:
    """Return what would have to give way, once."""
    person, shift = standing.name(rule.person), slot_text(standing.shift(rule.slot))
    if rule.rule in (RuleKind.WEEK, RuleKind.MONTH):
        worker = next((one for one in standing.problem.workers if one.id == rule.person), None)
        weekly = rule.rule is RuleKind.WEEK
        most = None if worker is None else worker.most_per_week if weekly else worker.most_per_month
        slot = standing.shift(rule.slot)
        day = "" if slot is None else day_text(slot.day)
        return t(f"why.relax.{rule.rule.value}", person=person, n=(most or 0) + rule.by, by=rule.by, day=day)
    if rule.rule is RuleKind.BAR:
        return t("why.relax.bar", person=person, shift=shift, why=obstacle_text(rule, standing))
    if rule.rule is RuleKind.REST:
        other = slot_text(standing.shift(rule.other))
        return t("why.relax.rest", person=person, shift=shift, other=other)
    if rule.rule is RuleKind.APART:
        return t("why.relax.apart", person=person, other=standing.name(rule.second), shift=shift)
    return t("why.relax.need", shift=shift, need=code_text(rule.detail))


# -- a gap -------------------------------------------------------------------------------


def tally_text(candidates: Sequence[Candidate]) -> str:
    """Return in a line why nobody else is on a shift: how many are barred by what."""
    free = sum(not one.obstacles for one in candidates)
    counted = Counter(_reason(one.obstacles[0]) for one in candidates if one.obstacles)
    parts = [t(f"why.tally.{reason}", n=n) for reason, n in counted.most_common()]
    parts += [t("why.tally.free", n=free)] if free else []
    return t("why.tally", n=len(candidates), parts=listed(parts)) if parts else t("why.tally.nobody")


def _reason(rule: Relaxation) -> str:
    if rule.rule is RuleKind.BAR:
        return (
            rule.detail
            if has(f"why.tally.{rule.detail}.other") or has(f"why.tally.{rule.detail}")
            else "else"
        )
    return rule.rule.value


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
    for text, tone in _costs(cost):
        yield from paragraph(f"· {text}", cells, tone_style(tone), indent=1)
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


def _costs(cost: Cost) -> Iterator[tuple[str, Tone]]:
    yield _told("gaps", cost.gaps)
    yield _told("spread", round(cost.spread))
    yield _told("wishes", cost.wishes)


def _told(what: str, n: int) -> tuple[str, Tone]:
    """Return what changes, as worse, better or the same."""
    if n > 0:
        return t(f"why.cost.{what}.more", n=n), Tone.BAD if what == "gaps" else Tone.WARN
    if n < 0:
        return t(f"why.cost.{what}.less", n=-n), Tone.GOOD
    return t(f"why.cost.{what}.same"), Tone.PLAIN


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
