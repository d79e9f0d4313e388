"""A roster on which everybody works apart, so that whatever two can do to one roster happens in every history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from models.operations.envelope import Intent
from simulation.devices import Laptop
from simulation.history import Life
from simulation.reading import dump
from simulation.wishes_duty import CHOICES, FIRST, TEMPLATES, ids, planned
from simulation.world import World

NEIGHBOURS = ("张三", "李四", "王五", "赵六")


class DutyLife(Life):
    """What the people of one world do with its roster."""

    #: How often everybody does the same things apart.
    turns = 2
    wishes, weights = tuple(wish for _, wish in CHOICES), tuple(weight for weight, _ in CHOICES)

    def begin(self) -> None:
        """Found the compound as ever, and set up two shifts a day."""
        super().begin()
        first = self.world.laptops[0]
        for name in NEIGHBOURS:
            first.do("person.add", name=name)
        post = str(first.ids())
        first.do("post.add", id=post, name="服务台")
        for name, minutes in TEMPLATES.items():
            first.do("shift_template.add", post=post, name=name, starts=480 + minutes, minutes=180)
        self.meet(range(len(self.world.laptops)))

    def meet(self, order: Iterable[int]) -> None:
        """Let laptops reach the server in an order; what all hold then is what the model holds."""
        world = self.world
        for place in order:
            world.pull(place)
            world.arrive(world.whole_push(place, world.compound))
        for place in range(len(world.laptops)):
            world.pull(place)
        world.check_model(world.compound, dump(world.server, world.compound))

    # -- one turn after the other, everybody at once ---------------------------------------------

    def collide(self, *, at_tickets: bool = False) -> None:  # noqa: ARG002  # as every life does
        """Let everybody do the same things apart: once the first pushes first, once the last."""
        world = self.world
        everybody = range(len(world.laptops))
        for place, laptop in enumerate(world.laptops):
            laptop.do("duty.plan", shifts=planned(laptop, (0, 1) if place else (1, 2)))
        self.meet(everybody)
        patrol = shift(world.laptops[0], "巡逻", 2)
        world.laptops[0].do("shift.cancel", shift=patrol)
        world.laptops[1].do("duty.plan", shifts=planned(world.laptops[1]))
        self.meet(everybody)
        world.laptops[1].do("shift.restore", shift=patrol)
        self.meet(everybody)
        drafts = ids(world.laptops[0], "shift", "NOT archived")
        world.laptops[0].do("duty.publish", shifts=drafts)
        self.meet(everybody)
        for day, order in ((0, everybody), (1, everybody[::-1]))[: self.turns]:
            for place, laptop in enumerate(world.laptops):
                self.roster(place, laptop, day)
            self.meet(order)
            for place, laptop in enumerate(world.laptops):
                self.serve(place, laptop, day)
            self.meet(order[::-1])
            for laptop in world.laptops:
                self.choose(laptop)
            self.meet(order)
        self.become_one(world.laptops[0])
        self.lose_role()

    def roster(self, place: int, laptop: Laptop, day: int) -> None:
        """Put one person in two places at once, two in one, and let go of somebody whom another holds fast."""
        early, patrol = shift(laptop, "早班", day), shift(laptop, "巡逻", day)
        laptop.do("duty.assign", shift=patrol if place else early, person="张三")
        laptop.do("duty.assign", shift=shift(laptop, "早班", 2), person="李四", locked=not place)
        laptop.do("duty.take", shift=shift(laptop, "巡逻", 2)) if not day else None
        lines = [{"person": str(person(laptop, "赵六")), "owed": 60 * (place + 1), "done": 300}]
        laptop.do("duty.settle", month="2026-02-01", lines=lines)
        mine = ids(laptop, "assignment", f"shift_id = '{UUID(early if not place else patrol).hex}'")
        laptop.do("swap.ask", assignment=mine[0])

    def serve(self, place: int, laptop: Laptop, day: int) -> None:
        """Answer one request, see one person come, hand over one box, and make a draft of what is published."""
        for row in ids(laptop, "swap", "state = 'open'")[:2]:
            laptop.attempt("swap.accept", swap=row)
        early = shift(laptop, "早班", day)
        came = self.at(
            laptop, "duty.check_in", day, 5 - place, shift=early, person=str(person(laptop, "王五"))
        )
        self.at(laptop, "duty.check_out", day, 170 + place, checkin=came)
        self.at(laptop, "duty.hand_over", day, 160, checkin=came, words="钥匙在抽屉", cash=1000)
        for row in ids(laptop, "handover", "confirmed_at IS NULL"):
            self.at(laptop, "duty.confirm", day, 200, handover=row, cash=900 + place)
        held = ids(laptop, "assignment", "NOT archived AND NOT locked")
        laptop.do("duty.fill", drop=held[:1] if place else ids(laptop, "assignment", "NOT archived")[:2])
        laptop.do("duty.publish", leaving=ids(laptop, "assignment", "leaving"))

    def at(self, laptop: Laptop, kind: str, day: int, minutes: int, **given: Any) -> str:
        """Do something that happened at a time of a shift."""
        row_id = str(laptop.ids())
        happened = FIRST + timedelta(days=day - 30, minutes=minutes)
        named = {} if kind in {"duty.confirm", "duty.check_out"} else {"id": row_id}
        outcome = laptop.together(Intent(kind, {**named, **given}, happened_at=happened))
        assert outcome.refused is None, (kind, outcome.refused)
        return row_id

    def choose(self, laptop: Laptop) -> None:
        """Settle what is open, the one so and the other so."""
        open_here = ids(laptop, "conflict", "status = 'open' AND table_name IN ('assignment', 'swap')")
        choice = "keep" if self.world.laptops.index(laptop) % 2 else "take"
        for row in open_here:
            laptop.attempt("conflict.resolve", conflict=row, choice=choice)

    def become_one(self, laptop: Laptop) -> None:
        """Two people turn out to be one: both owed, and both stood on shifts, one of them no longer."""
        one, other = shift(laptop, "早班", 2), person(laptop, "赵六")
        for name in ("王五", "赵六"):
            [row] = ids(laptop, "person", f"name = '{name}' AND NOT archived")
            lines = [{"person": row, "owed": 50}]
            laptop.do("duty.settle", month="2026-01-01", lines=lines)
        laptop.do("duty.fill", put=[{"id": str(laptop.ids()), "shift": one, "person": str(other)}])
        gone = ids(laptop, "assignment", f"person_id = '{other.hex}' AND shift_id = '{UUID(one).hex}'")
        laptop.do("duty.unassign", assignment=gone[0])
        put = {"id": str(laptop.ids()), "shift": one, "person": str(person(laptop, "王五"))}
        laptop.do("duty.fill", put=[put])
        laptop.do("person.merge", person=str(person(laptop, "王五")), into=str(other))
        self.meet(range(len(self.world.laptops)))

    def lose_role(self) -> None:
        """Take somebody's role away who goes on seeing people come, offline."""
        first, second = self.world.laptops[0], self.world.laptops[1]
        [term] = ids(first, "role_term", f"person_id = '{second.person_id.hex}'")
        first.do("role_term.archive", role_term=term)
        second.do("duty.check_in", shift=shift(second, "巡逻", 2))
        self.meet(range(len(self.world.laptops)))
        first.do("role_term.unarchive", role_term=term)
        self.meet([0])


def shift(laptop: Laptop, name: str, day: int) -> str:
    wanted = {one["template"]: one for one in planned(laptop, (day,))}
    for row, template in laptop.ask(
        "SELECT id, template_id FROM shift WHERE compound_id = ? AND name = ? AND day = ?",
        laptop.compound_id.hex,
        name,
        next(iter(wanted.values()))["day"],
    ):
        assert str(UUID(template)) in wanted
        return str(UUID(row))
    raise AssertionError((name, day))


def person(laptop: Laptop, name: str) -> UUID:
    [row] = ids(laptop, "person", f"name = '{name}' AND NOT archived")
    return UUID(row)


def live(folder: Path, seed: int | str, *, laptops: int, steps: int, turns: int = 2) -> World:
    """Live one history of a roster to its quiet end, checked all the way, and return what is left."""
    world = World(folder, seed, laptops=laptops)
    try:
        life = DutyLife(world)
        life.turns = turns
        life.begin()
        life.collide()
        for _ in range(steps):
            life.step()
        world.settle()
    finally:
        world.close()
    return world
