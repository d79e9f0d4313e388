"""What the solver answers, in plain words: what bars somebody, what would have to give way, what it costs. Loads no Textual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from models.duty.drafting import DraftShift
from models.duty.needs import read_need
from models.duty.solver.obstacles import OVERLAP
from models.duty.solver.problem import Candidate, Cost, Gap, Problem, Relaxation, RuleKind
from tui.duty_words import day_text, need_word, shift_title
from tui.i18n import has, t
from tui.row_words import listed


class Known(Protocol):
    """What ids of a problem mean."""

    @property
    def problem(self) -> Problem: ...
    def shift(self, shift_id: UUID | None) -> DraftShift | None: ...
    def name(self, person_id: UUID | None) -> str: ...


def slot_text(shift: DraftShift | None) -> str:
    """Return a shift with its day: `12-03 周四 服务台 早班`."""
    return "" if shift is None else shift_title(shift)


def code_text(code: str) -> str:
    """Return a need by its code in words."""
    need = read_need(code)
    return code if need is None else need_word(need)


def gap_text(gap: Gap) -> str:
    """Return what a shift lacks."""
    if gap.need:
        return t("duty.gap.need", what=code_text(gap.need))
    return t("duty.gap.hands", n=gap.missing)


def obstacle_text(rule: Relaxation, known: Known) -> str:
    """Return what bars somebody from a shift, about that somebody."""
    other = slot_text(known.shift(rule.other))
    if rule.rule is RuleKind.REST:
        key = "overlap" if rule.detail == OVERLAP else "rest"
        return t(f"why.bar.{key}_with", shift=other) if other else t(f"why.bar.{key}")
    if rule.rule is RuleKind.APART:
        return t("why.bar.apart", person=known.name(rule.second))
    if rule.rule is RuleKind.BAR:
        key = f"why.bar.{rule.detail}"
        return t(key) if has(key) else rule.detail
    return t(f"why.bar.{rule.rule.value}")


def relaxation_text(rule: Relaxation, known: Known) -> str:
    """Return what would have to give way, once."""
    person, shift = known.name(rule.person), slot_text(known.shift(rule.slot))
    if rule.rule in (RuleKind.WEEK, RuleKind.MONTH):
        return _limit_text(rule, known)
    if rule.rule is RuleKind.BAR:
        return t("why.relax.bar", person=person, shift=shift, why=obstacle_text(rule, known))
    if rule.rule is RuleKind.REST:
        return t("why.relax.rest", person=person, shift=shift, other=slot_text(known.shift(rule.other)))
    if rule.rule is RuleKind.APART:
        return t("why.relax.apart", person=person, other=known.name(rule.second), shift=shift)
    return t("why.relax.need", shift=shift, need=code_text(rule.detail))


def _limit_text(rule: Relaxation, known: Known) -> str:
    worker = next((one for one in known.problem.workers if one.id == rule.person), None)
    weekly = rule.rule is RuleKind.WEEK
    most = None if worker is None else worker.most_per_week if weekly else worker.most_per_month
    shift = known.shift(rule.slot)
    return t(
        f"why.relax.{rule.rule.value}",
        person=known.name(rule.person),
        n=(most or 0) + rule.by,
        by=rule.by,
        day="" if shift is None else day_text(shift.day),
    )


def tally_text(candidates: Sequence[Candidate]) -> str:
    """Return in a line why nobody else is on a shift: how many are barred by what."""
    free = sum(not one.obstacles for one in candidates)
    counted = Counter(_reason(one.obstacles[0]) for one in candidates if one.obstacles)
    parts = [t(f"why.tally.{reason}", n=n) for reason, n in counted.most_common()]
    parts += [t("why.tally.free", n=free)] if free else []
    return t("why.tally", n=len(candidates), parts=listed(parts)) if parts else t("why.tally.nobody")


def _reason(rule: Relaxation) -> str:
    if rule.rule is not RuleKind.BAR:
        return rule.rule.value
    key = f"why.tally.{rule.detail}"
    return rule.detail if has(key) or has(f"{key}.other") else "else"


def cost_words(cost: Cost) -> Iterator[tuple[str, int, str]]:
    """Yield what another answer would cost, gaps, fairness, wishes: which of them, by how much, and in words."""
    for what, n in (("gaps", cost.gaps), ("spread", round(cost.spread)), ("wishes", cost.wishes)):
        key = "more" if n > 0 else "less" if n < 0 else "same"
        yield what, n, t(f"why.cost.{what}.{key}", n=abs(n)) if n else t(f"why.cost.{what}.{key}")


def touched_texts(cost: Cost, known: Known) -> Iterator[str]:
    """Yield whom another answer would touch, and which shifts they would get and lose."""
    for one in cost.touched:
        moved = [f"+ {slot_text(known.shift(slot))}" for slot in one.gains]
        moved += [f"− {slot_text(known.shift(slot))}" for slot in one.loses]
        yield f"{known.name(one.person)}  {listed(moved)}"
