"""A roster made, or a question about one, as JSON for scripts and as lines for people. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from models.duty.drafting import DraftShift
from models.duty.solver.problem import Cost, Gap, Relaxation
from tui.duty_words import GAP_SIGN, points_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.generate_store import Made, Reasons
from tui.screens.duty.why_store import AskedGap, AskedPair, Standing
from tui.solver_words import (
    cost_words,
    gap_text,
    obstacle_text,
    relaxation_text,
    slot_text,
    tally_text,
    touched_texts,
)

# -- a roster made -------------------------------------------------------------------------


def made_json(made: Made, why: Reasons | None, *, seconds: float, saved: bool) -> dict[str, Any]:
    """Return a roster made: who is where, what it lacks and why, who carries what, how good it is."""
    here, roster = made.ground, made.roster
    relaxed = () if why is None else why.relaxed
    owed = [round(one.owed_after) for one in roster.burdens]
    in_order = sorted(roster.pairs, key=lambda pair: (here.shifts[pair[0]].starts_at, pair))
    return {
        "from": here.first.isoformat(),
        "to": here.last.isoformat(),
        "shifts": len(here.problem.slots),
        "planned": len(here.planned),
        "called_off": len(here.called_off),
        "assignments": [
            {
                **_shift(here.shifts[slot]),
                "person": here.names.get(person, ""),
                "person_id": str(person),
                "points": here.shifts[slot].points,
                "before": (slot, person) in made.before,
            }
            for slot, person in in_order
        ],
        "gaps": [_gap(gap, here.shifts[gap.slot]) for gap in roster.gaps],
        "spread": {
            "largest": max(owed, default=0),
            "smallest": min(owed, default=0),
            "people": [
                {
                    "person": here.names.get(one.worker, ""),
                    "person_id": str(one.worker),
                    "shifts": one.shifts,
                    "points": one.points,
                    "fair": round(one.fair),
                    "owed_after": round(one.owed_after),
                }
                for one in roster.burdens
            ],
        },
        "wishes": {"met": roster.wishes_met, "missed": roster.wishes_missed},
        "changes": roster.changes,
        "optimal": roster.optimal,
        "phases": [
            {"phase": one.phase.value, "value": one.value, "bound": one.bound, "proven": one.proven}
            for one in roster.reached
        ],
        "seconds": round(seconds, 3),
        "relaxations": [_rule(rule, made.standing) for rule in _by_day(relaxed, made.standing)],
        "saved": saved,
    }


def made_lines(made: Made, why: Reasons | None) -> Iterator[str]:
    """Yield a roster made: what it lacks, who carries what, how good it is."""
    here, roster = made.ground, made.roster
    yield t("cli.duty_made", shifts=len(here.problem.slots), places=len(roster.pairs))
    for gap in roster.gaps:
        yield f"{GAP_SIGN} {slot_text(here.shifts[gap.slot])}  {gap_text(gap)}"
    if why is not None and why.relaxed:
        yield t("why.smallest")
        yield from (
            f"  · {relaxation_text(rule, made.standing)}" for rule in _by_day(why.relaxed, made.standing)
        )
    for one in sorted(roster.burdens, key=lambda one: (-one.owed_after, here.names.get(one.worker, ""))):
        yield "  " + t(
            "cli.duty_carries",
            person=here.names.get(one.worker, ""),
            n=one.shifts,
            points=points_text(one.points),
            fair=points_text(round(one.fair)),
            owed=owed_text(round(one.owed_after)),
        )
    unproven = [one for one in roster.reached if not one.proven]
    if not unproven:
        yield t("cli.duty_optimal")
    else:
        yield t(
            "cli.duty_not_proven", what=listed([t(f"cli.duty_phase.{one.phase.value}") for one in unproven])
        )


def owed_text(owed: int) -> str:
    """Return what somebody owes in hours, or how far ahead they are."""
    key = "owes" if owed > 0 else "ahead" if owed < 0 else "even"
    return t(f"result.{key}", hours=points_text(abs(owed)))


def _shift(shift: DraftShift) -> dict[str, Any]:
    return {
        "shift_id": str(shift.id),
        "day": shift.day.isoformat(),
        "post": shift.post,
        "shift": shift.name,
        "starts_at": shift.starts_at.isoformat(),
    }


def _gap(gap: Gap, shift: DraftShift) -> dict[str, Any]:
    return {**_shift(shift), "missing": gap.missing, "need": gap.need, "message": gap_text(gap)}


def _by_day(rules: Iterable[Relaxation], standing: Standing) -> list[Relaxation]:
    """Return rules in the order of the shifts that they are about, those about none last."""
    at = {shift_id: n for n, shift_id in enumerate(standing.ground.shifts)}
    return sorted(rules, key=lambda rule: len(at) if rule.slot is None else at.get(rule.slot, len(at)))


def _rule(rule: Relaxation, standing: Standing, *, message: str = "") -> dict[str, Any]:
    return {
        "rule": rule.rule.value,
        "detail": rule.detail,
        "shift_id": None if rule.slot is None else str(rule.slot),
        "person": standing.name(rule.person),
        "person_id": None if rule.person is None else str(rule.person),
        "other_shift_id": None if rule.other is None else str(rule.other),
        "other_person": standing.name(rule.second),
        "by": rule.by,
        "message": message or relaxation_text(rule, standing),
    }


# -- a question about one ------------------------------------------------------------------


def pair_json(asked: AskedPair, pair: tuple[UUID, UUID], *, on: bool) -> dict[str, Any]:
    """Return what it would cost that somebody is not on a shift (`on`: they are on it), or is."""
    standing, cost = asked.standing, asked.cost
    return {
        **_shift(standing.ground.shifts[pair[0]]),
        "person": standing.name(pair[1]),
        "person_id": str(pair[1]),
        "on": on,
        "possible": cost.possible,
        "obstacles": [
            _rule(rule, standing, message=obstacle_text(rule, standing)) for rule in cost.obstacles
        ],
        "cost": {"gaps": cost.gaps, "spread": round(cost.spread), "wishes": cost.wishes},
        "touched": [
            {
                "person": standing.name(one.person),
                "person_id": str(one.person),
                "gains": [str(slot) for slot in one.gains],
                "loses": [str(slot) for slot in one.loses],
            }
            for one in cost.touched
        ],
        "proven": cost.proven,
    }


def pair_lines(asked: AskedPair, pair: tuple[UUID, UUID], *, on: bool) -> Iterator[str]:
    """Yield the same in words."""
    standing, cost = asked.standing, asked.cost
    about = {"person": standing.name(pair[1]), "shift": slot_text(standing.shift(pair[0]))}
    if not cost.possible:
        yield t("why.impossible", **about)
        yield from (f"  · {obstacle_text(rule, standing)}" for rule in cost.obstacles)
        return
    yield t("why.without" if on else "why.with", **about)
    yield from _costs(cost, standing)


def _costs(cost: Cost, standing: Standing) -> Iterator[str]:
    yield from (f"  · {text}" for _, _, text in cost_words(cost))
    if cost.touched:
        yield t("why.touched", n=len(cost.touched))
    yield from (f"  {text}" for text in touched_texts(cost, standing))
    if not cost.proven:
        yield t("why.not_proven")


def gap_json(asked: AskedGap, shift_id: UUID) -> dict[str, Any]:
    """Return why nobody else is on a shift, and what would have to give way."""
    standing = asked.standing
    shift = standing.ground.shifts[shift_id]
    return {
        **_shift(shift),
        "gaps": [_gap(gap, shift) for gap in standing.roster.gaps if gap.slot == shift_id],
        "candidates": [
            {
                "person": standing.name(one.person),
                "person_id": str(one.person),
                "obstacles": [
                    _rule(rule, standing, message=obstacle_text(rule, standing)) for rule in one.obstacles
                ],
                "over": one.over,
                "over_then": one.over_then,
                "wish": one.wish,
                "serves": one.serves,
            }
            for one in asked.candidates
        ],
        "relaxations": [_rule(rule, standing) for rule in _by_day(asked.relaxed, standing)],
    }


def gap_lines(asked: AskedGap, shift_id: UUID) -> Iterator[str]:
    """Yield the same in words."""
    standing = asked.standing
    gaps = [gap for gap in standing.roster.gaps if gap.slot == shift_id]
    lacks = [gap_text(gap) for gap in gaps]
    shift = slot_text(standing.shift(shift_id))
    if not lacks:
        yield t("cli.duty_lacks_nobody", shift=shift)
        return
    yield f"{GAP_SIGN} {shift}  {listed(lacks)}"
    # Where hands are there and only what they must have is not, others than those who have it are no help.
    helping = [one for one in asked.candidates if one.serves or not all(gap.need for gap in gaps)]
    yield tally_text(helping) if helping else t("cli.duty_nobody_serves")
    for one in helping:
        if one.obstacles:
            said = listed([obstacle_text(rule, standing) for rule in one.obstacles])
            yield f"  {standing.name(one.person)}  {said}"
    free = [standing.name(one.person) for one in helping if not one.obstacles]
    if free:
        yield t("why.free_people", names=listed(free))
    if not asked.relaxed:
        yield t("why.no_relaxation")
        return
    yield t("why.smallest")
    yield from (f"  · {relaxation_text(rule, standing)}" for rule in _by_day(asked.relaxed, standing))
