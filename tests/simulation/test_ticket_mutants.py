"""The rules of tickets are broken on purpose, one by one: a history in which everybody works on the same tickets must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from models.operations.registry import KINDS, Nature
from models.operations.settling import SETTLERS
from models.operations.verdicts import Refusal
from models.operations.workspace import Workspace
from models.tickets import operations, operations_batons, operations_moves, story
from models.tickets.rules import EventKind
from models.tickets.tables import Ticket
from simulation.history import Life
from simulation.meetings import Desk
from simulation.reading import dump
from simulation.world import World

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], object]] = {}


def mutant(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
    MUTANTS[break_it.__name__] = break_it
    return break_it


@mutant
def what_came_too_late_is_refused(patch: Patch) -> None:
    def refuse(_: Workspace, ticket: Ticket, step: Any, __: Any) -> None:
        raise Refusal("ticket.unlawful", code=ticket.code, state=ticket.state, move=step.value)

    patch.setattr(story, "_unlawful", refuse)


@mutant
def what_came_too_late_is_made_all_the_same(patch: Patch) -> None:
    def make(workspace: Workspace, ticket: Ticket, step: Any, telling: story.Telling) -> None:
        changes = story.entering(ticket, story.MEANT[step], workspace.operation.happened_at)
        story.tell(workspace, ticket, telling, changes=changes, from_state=ticket.state)

    patch.setattr(story, "_unlawful", make)


@mutant
def what_came_too_late_is_told_nowhere(patch: Patch) -> None:
    tell = story.tell
    patch.setattr(story, "tell", lambda *a, stood=True, **more: tell(*a, **more) if stood else None)


@mutant
def who_claims_second_is_dropped(patch: Patch) -> None:
    put_on = story.put_on

    def only_one(workspace: Workspace, ticket: Ticket, person: Any) -> Any:
        return {} if story.hands_of(workspace, ticket) else put_on(workspace, ticket, person)

    patch.setattr(operations_moves, "put_on", only_one)


@mutant
def two_who_claim_are_told_nothing(patch: Patch) -> None:
    conflict = Workspace.conflict

    def silent(self: Workspace, row: Any, field: str, **sides: Any) -> None:
        if field != "hands":
            conflict(self, row, field, **sides)

    patch.setattr(Workspace, "conflict", silent)


@mutant
def who_claimed_last_is_not_noted(patch: Patch) -> None:
    write = story._write
    patch.setattr(story, "_write", lambda workspace, ticket, changes, *_: write(workspace, ticket, changes))


@mutant
def sums_are_written_over(patch: Patch) -> None:
    def last_counts(workspace: Workspace, ticket: Ticket, event: Any, sign: int) -> None:
        if event.kind in {EventKind.LOG, EventKind.FINISH}:
            workspace.change(ticket, minutes=max(sign * event.minutes, 0), cost=event.cost)

    patch.setattr(story, "_count", last_counts)


@mutant
def what_was_taken_back_is_still_summed(patch: Patch) -> None:
    count = story._count
    patch.setattr(story, "_count", lambda *line: count(*line) if line[3] > 0 else None)


@mutant
def a_line_is_taken_back_whatever_came_after(patch: Patch) -> None:
    patch.setattr(story, "check_back", lambda workspace, event, **_: workspace.get(Ticket, event.ticket_id))


@mutant
def a_baton_is_lost_on_its_way(patch: Patch) -> None:
    tell = story.tell

    def drop(workspace: Workspace, ticket: Any, telling: Any, *, changes: Any = None, **more: Any) -> Any:
        dropped = {"holder_id": None} if telling.kind is EventKind.HANDOVER else {}
        return tell(workspace, ticket, telling, changes=dict(changes or {}) | dropped, **more)

    patch.setattr(operations_batons, "tell", drop)


@mutant
def the_last_offer_of_a_baton_stands(patch: Patch) -> None:
    patch.setattr(operations_batons, "moved_on", lambda *_: False)


@mutant
def a_number_is_given_on_the_laptop(patch: Patch) -> None:
    def at_once(self: Workspace, model: Any) -> int:
        return len(self.rows(model)) + 1

    patch.setattr(Workspace, "next_number", at_once)


@mutant
def numbers_are_given_by_chance(patch: Patch) -> None:
    number = Workspace.next_number

    def with_gaps(self: Workspace, model: Any) -> int | None:
        number(self, model)
        return number(self, model)

    patch.setattr(Workspace, "next_number", with_gaps)


@mutant
def two_tickets_may_have_one_code(patch: Patch) -> None:
    patch.setattr(operations, "apart", lambda code, _: code)


@mutant
def an_incident_strikes_nobody(patch: Patch) -> None:
    patch.setattr(operations, "_strikes", lambda *_: None)


@mutant
def a_visit_may_be_refused(patch: Patch) -> None:
    patch.setitem(KINDS, "ticket.log", replace(KINDS["ticket.log"], nature=Nature.DECISION))


@mutant
def what_is_chosen_is_not_done(patch: Patch) -> None:
    patch.setitem(SETTLERS, ("ticket", "state"), lambda *_: None)


def live(folder: Path) -> None:
    """Let two people work on the same tickets apart, in two turns, and one of them without a role."""
    world = World(folder, 1, laptops=2)
    try:
        Life(world).begin()
        first, second = world.laptops
        first.do("household.add", code="3-1-502")
        desk = Desk(world.laptops)
        desk.open()
        meet(world, range(2))
        for turn, order in enumerate((range(2), reversed(range(2)))):
            for place in range(2):
                desk.works(place, turn)
            meet(world, order)
        terms = first.ask("SELECT id FROM role_term WHERE person_id = ?", second.person_id.hex)
        first.do("role_term.archive", role_term=str(UUID(terms[0][0])))
        second.do("ticket.log", ticket="KT1", minutes=5)
        meet(world, range(2))
        world.settle()
    finally:
        world.close()


def meet(world: World, order: Iterable[int]) -> None:
    for place in order:
        world.pull(place)
        world.arrive(world.whole_push(place, world.compound))
    for place in range(2):
        world.pull(place)
    world.check_model(
        world.compound, dump(world.server, world.compound)
    )  # here already: most are noticed soon


def test_whoever_breaks_no_rule_is_not_noticed(tmp_path: Path) -> None:
    live(tmp_path / "world")


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_noticed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    with pytest.raises(AssertionError):
        live(tmp_path / "world")
