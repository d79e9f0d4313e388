"""What the room of kinds of job asks of the store, and what changes them; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.community.queries_places import teams
from models.operations.envelope import Intent
from models.operations.roles import LEADERS
from models.text import fold
from models.tickets.queries import ruling
from models.tickets.queries_categories import CategoryLine, Origin, categories, put_away
from models.tickets.rules import Ruling
from tui import edge
from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class Kinds:
    """Everything the room shows. `removed` holds what was set once and put away, `teams` names by id."""

    lines: tuple[CategoryLine, ...]
    removed: Mapping[str, CategoryLine]
    teams: Mapping[UUID, str]
    ruling: Ruling
    may: bool

    def line(self, code: str | None) -> CategoryLine | None:
        """Return a kind of job by its code."""
        return next((line for line in self.lines if line.code == code), None)


def look(desk: Desk) -> Kinds:
    """Return the kinds of job, and who may change them."""
    compound_id = desk.seat.compound_id
    may = desk.may(LEADERS)
    with desk.store.read() as session:
        return Kinds(
            lines=categories(session, compound_id),
            removed=put_away(session, compound_id),
            teams={team.id: team.name for team in teams(session, compound_id, today=desk.today())},
            ruling=ruling(session, compound_id),
            may=may,
        )


def setting(kinds: Kinds, code: str, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what sets a kind of job; what was put away comes back as it is wanted now."""
    line = kinds.line(code)
    if line is not None and line.id is not None:
        return _editing(line, wanted)
    gone = kinds.removed.get(code)
    if gone is not None and gone.id is not None:
        return [
            Intent("ticket_category.unarchive", {"ticket_category": str(gone.id)}),
            *_editing(gone, wanted),
        ]
    if line is not None and all(_stands(line)[name] == value for name, value in wanted.items()):
        return []
    # Its place is kept only where somebody gives it one: a built-in kind stands where it always stands.
    return [Intent("ticket_category.add", {"id": str(edge.new_id()), "code": code, **wanted})]


def putting_back(line: CategoryLine) -> Intent:
    """Return what makes a built-in kind as it was, or takes one of the compound's own off the list."""
    return Intent("ticket_category.archive", {"ticket_category": str(line.id)})


def ruling_intents(kinds: Kinds, wanted: Ruling) -> list[Intent]:
    """Return what sets the thresholds, nothing if they stand like that."""
    stands = kinds.ruling
    if wanted == stands:
        return []
    payload = {
        "repeats": wanted.repeats,
        "repeat_days": wanted.repeat_days,
        "low_score": wanted.low_score,
        "before": [stands.repeats, stands.repeat_days, stands.low_score],
    }
    return [Intent("ticket.rule", payload)]


def taken(kinds: Kinds, code: str, words: Mapping[str, str]) -> str | None:
    """Return the code of the kind of job that a name means already: its code, or its word."""
    wanted = fold(code)
    return next(
        (line.code for line in kinds.lines if wanted in {fold(line.code), fold(words[line.code])}), None
    )


def is_own(line: CategoryLine) -> bool:
    return line.origin is Origin.OWN


def _editing(line: CategoryLine, wanted: Mapping[str, Any]) -> list[Intent]:
    stands = _stands(line)
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    if not new:
        return []
    old = {name: stands[name] for name in new}
    return [Intent("ticket_category.edit", {"category": str(line.id), "old": old, "new": new})]


def _stands(line: CategoryLine) -> dict[str, Any]:
    return {
        "accept_hours": line.accept_hours,
        "finish_hours": line.finish_hours,
        "urgency": line.urgency.value,
        "team_id": None if line.team_id is None else str(line.team_id),
        "skill": line.skill,
        "position": line.position,
    }
