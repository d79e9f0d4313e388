"""Whom to put on a shift: who would do best first, each with what bars them and how far they are from their fair share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from models.community.tables import Person
from models.duty.queries import ShiftLine
from models.duty.solver.problem import Candidate
from models.text import pinyin_keys
from tui.desk import Desk
from tui.duty_words import points_text, shift_title
from tui.i18n import t
from tui.row_words import listed
from tui.screens.base import Shell
from tui.screens.duty.why_store import Standing, who_could
from tui.screens.picking import pick_person
from tui.solver_words import obstacle_text
from tui.widgets.picker import Option

_OTHER: Final = "other"
Chosen = Callable[[UUID, str], object]


def offer_candidates(screen: Shell[Any], line: ShiftLine, then: Chosen) -> None:
    """Let somebody be chosen for a shift; `then` gets their id and name."""
    question = partial(who_could, day=line.day, shift_id=line.id)
    screen.ask(question, lambda could: _choose(screen, line, then, *could))


def _choose(
    screen: Shell[Any], line: ShiftLine, then: Chosen, standing: Standing, found: tuple[Candidate, ...]
) -> None:
    if not found:  # the shift has begun, or nobody takes turns: anybody in the register will do
        _pick_other(screen, line, then)
        return
    options = [candidate_option(one, standing) for one in found]
    options.append(Option(_OTHER, t("roster.candidate.anybody"), t("roster.candidate.anybody_note")))

    def chosen(option_id: str) -> None:
        if option_id == _OTHER:
            _pick_other(screen, line, then)
        else:
            then(UUID(option_id), standing.name(UUID(option_id)))

    screen.choose(t("roster.candidate.title", shift=shift_title(line)), options, chosen)


def candidate_option(one: Candidate, standing: Standing) -> Option:
    """Return somebody as an option. What bars them is said, and keeps nobody from deciding otherwise."""
    name = standing.name(one.person)
    if one.obstacles:
        note = f"× {listed([obstacle_text(rule, standing) for rule in one.obstacles])}"
    else:
        parts = [_share(one)]
        parts += [t("roster.candidate.serves")] if one.serves else []
        parts += [t("roster.candidate.rather")] if one.wish > 0 else []
        parts += [t("roster.candidate.rather_not")] if one.wish < 0 else []
        note = " · ".join(parts)
    return Option(str(one.person), name, note, " ".join(pinyin_keys(name)))


def _share(one: Candidate) -> str:
    key = "over" if one.over > 0 else "under" if one.over < 0 else "even"
    return t(f"roster.share.{key}", n=points_text(abs(one.over)))


def _pick_other(screen: Shell[Any], line: ShiftLine, then: Chosen) -> None:
    def picked(person_id: str) -> None:
        screen.ask(partial(_name, person_id=UUID(person_id)), lambda name: then(UUID(person_id), name))

    title = t("roster.candidate.title", shift=shift_title(line))
    screen._show_modal(pick_person(title), picked)  # noqa: SLF001 - of one family: a dialog handled where errors are told


def _name(desk: Desk, person_id: UUID) -> str:
    with desk.store.read() as session:
        person = session.get(Person, (desk.seat.compound_id, person_id))
        return "" if person is None else person.name
