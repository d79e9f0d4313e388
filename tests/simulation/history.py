"""Random lives of laptops: what people do, offline and apart, and how the road treats it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from models.operations.envelope import Acting, Intent
from models.operations.perform import Outcome, perform
from models.operations.registry import load_kinds
from models.operations.resolve import complete
from models.operations.undo import undo
from models.problems import Problem
from simulation.devices import Laptop
from simulation.meetings import Desk
from simulation.wishes import CHOICES, OUT_OF_WORDS, PHONES
from simulation.wishes_tickets import CHOICES as TICKET_CHOICES
from simulation.world import World

#: (laptops, seed) of the histories that are lived each time; together they meet every kind of verdict.
FIXED = ((2, 8), (3, 1), (2, 21), (3, 2))

WEIGHTS = tuple(weight for weight, _ in (*CHOICES, *TICKET_CHOICES))
WISHES = tuple(wish for _, wish in (*CHOICES, *TICKET_CHOICES))


class Life:
    """What the people of one world do, drawn from its one source of randomness."""

    wishes, weights = WISHES, WEIGHTS

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        #: Ids each laptop has made or seen, merged away or not: people go on using what they know.
        self.remembered: dict[tuple[int, str], list[str]] = {}
        self.groups: dict[int, list[UUID]] = {}
        self.compound = world.compound

    # -- beginning -------------------------------------------------------------------------

    def begin(self) -> None:
        """Laptop 0 founds both compounds and makes the others' people; the server adopts; they join."""
        first = self.world.laptops[0]
        first.found()
        for place, laptop in enumerate(self.world.laptops[1:], start=1):
            first.do("person.add", id=str(laptop.person_id), name=f"组员{place}")
            first.do("role.grant", person=str(laptop.person_id), role="committee", since="2026-01-01")
        elsewhere = self.beside(first)
        elsewhere.found("隔壁小区")
        for laptop in self.world.laptops[1:]:
            elsewhere.do("person.add", id=str(laptop.person_id), name="邻居")
            elsewhere.do("role.grant", person=str(laptop.person_id), role="committee", since="2026-01-01")
        self.world.join()

    def collide(self, *, at_tickets: bool = False) -> None:
        """Let everybody do the same things apart, twice: once the first pushes first, once the last."""
        world, first = self.world, self.world.laptops[0]
        first.do("household.add", code="3-1-502", area=8000, phones=[PHONES[0]])
        first.do("household.add", code="3-2-101")
        first.do("point.add", code="W01", depth_mm=1200)
        desk = Desk(world.laptops) if at_tickets else None
        if desk is not None:
            desk.open()
        self.all_meet(range(len(world.laptops)))
        for turn, order in enumerate((range(len(world.laptops)), reversed(range(len(world.laptops))))):
            for place, laptop in enumerate(world.laptops):
                change = {
                    "area": self.random.randint(1, 9000),
                    "phones": [f"139{self.random.randrange(10**8):08}"],
                }
                laptop.do("household.edit", household="3-1-502", new=change)
                # The form was open since before that, and shows what was there then.
                stale = {"new": {"area": self.random.randint(1, 9000)}, "old": {"area": 7777}}
                laptop.do("household.edit", household="3-1-502", **stale)
                laptop.attempt(
                    "household.add", code="4-1-101", note=f"{place}", phones=[PHONES[place % len(PHONES)]]
                )
                laptop.do("household.edit", household="4-1-101", new={"note": f"{laptop.ids.made}"})
                laptop.do("building.edit", building="4", new={"note": f"{laptop.ids.made}"})
                observed = {"walk": str(laptop.ids()), "point": str(laptop.ids()), "id": str(laptop.ids())}
                archived = laptop.ask("SELECT id FROM household WHERE code = '3-2-101'")[0][0]
                laptop.together(
                    Intent("person.add", {"id": str(laptop.ids()), "name": "王五"}),
                    Intent("household.archive", {"household": str(UUID(archived))}),
                    Intent("walk.observe", observed),
                )
                if desk is not None:
                    desk.works(place, turn)
            self.all_meet(order)
            rooms = first.ask("SELECT id FROM household WHERE code = '3-2-101' AND archived")
            first.do("household.unarchive", household=str(UUID(rooms[0][0])))
            self.all_meet([0])
        self.lose_role()

    def lose_role(self) -> None:
        """Take somebody's role away while that person works on, offline."""
        first, second = self.world.laptops[0], self.world.laptops[1]
        query = "SELECT id FROM role_term WHERE person_id = ? AND compound_id = ?"
        (term,) = first.ask(query, second.person_id.hex, self.world.compound.hex)
        first.do("role_term.archive", role_term=str(UUID(term[0])))
        second.do("person.add", name="李四")
        second.do("walk.observe", walk=str(second.ids()), point="W01", level="full")
        second.do("ticket.log", ticket=str(second.ids()), minutes=5)
        self.all_meet(range(len(self.world.laptops)))
        first.do("role_term.unarchive", role_term=str(UUID(term[0])))
        self.all_meet([0])

    def all_meet(self, order: Iterable[int]) -> None:
        """Let laptops push in an order, with every mishap of the road once on the way."""
        world = self.world
        world.meet(order)
        self.beside(world.laptops[0]).do("household.add", code=f"9-1-{world.laptops[0].ids.made}")
        world.hear_late(0)
        world.check_laptop(0, world.other)

    def beside(self, laptop: Laptop) -> Laptop:
        """Return the same laptop with the other compound open."""
        return replace(laptop, compound_id=self.world.other)

    # -- a step ----------------------------------------------------------------------------

    def step(self) -> None:
        place = self.random.randrange(len(self.world.laptops))
        dice = self.random.random()
        wanted = self.world.compound if self.random.random() < 0.92 else self.world.other
        self.compound = self.world.at_hand(place, wanted)
        acting = self.world.acting
        if dice < acting:
            self.act(place)
        else:
            self.world.travel(place, self.compound, (dice - acting) / (1 - acting))

    def act(self, place: int) -> None:
        laptop = self.world.laptops[place]
        laptop.clock.now += timedelta(seconds=self.random.choice([1, 20, 600]))
        if self.compound == self.world.other:
            laptop = self.beside(laptop)
        if self.random.random() < 0.08 and self.groups.get(place):
            with laptop.store.write() as session:
                outcome = undo(session, self.random.choice(self.groups[place]), laptop.acting)
            self.keep(place, outcome)
            return
        wishes: list[tuple[str, dict[str, Any]]] = []
        for _ in range(self.random.choices([1, 2, 3], weights=[8, 2, 1])[0]):
            wish = self.random.choices(self.wishes, weights=self.weights)[0](self, place, laptop)
            if wish is not None:
                wishes.append(wish)
        if wishes:
            with laptop.store.write() as session:
                intents = [self.intent(session, laptop.acting, *wish) for wish in wishes]
                outcome = perform(session, [i for i in intents if i] or [OUT_OF_WORDS], laptop.acting)
            self.keep(place, outcome)
        if self.random.random() < 0.1:
            self.world.check_laptop(place, self.compound)

    def intent(self, session: Any, acting: Acting, kind: str, raw: dict[str, Any]) -> Intent | None:
        payload = complete(session, load_kinds()[kind], raw, acting)
        return None if isinstance(payload, Problem) else Intent(kind, payload)

    def keep(self, place: int, outcome: Outcome) -> None:
        self.world.noted(place, outcome)
        if outcome.refused is None and outcome.operations[0].compound_id == self.world.compound:
            self.groups.setdefault(place, []).append(outcome.group_id)
            for table, row_id in outcome.rows:
                self.remembered.setdefault((place, table), []).append(str(row_id))

    # -- choosing ----------------------------------------------------------------------------

    def some(self, place: int, laptop: Laptop, table: str, *, archived: bool = False) -> str | None:
        """Return the id of a row: one on the screen, or one that somebody here remembers."""
        known = self.remembered.get((place, table), [])
        if known and self.random.random() < 0.25:
            return self.random.choice(known)
        found = laptop.ask(
            f"SELECT id FROM {table} WHERE compound_id = ? AND archived = ? ORDER BY id",  # noqa: S608
            laptop.compound_id.hex,
            archived,
        )
        return str(UUID(self.random.choice(found)[0])) if found else None

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)


def live(folder: Path, seed: int | str, *, laptops: int, steps: int) -> World:
    """Live one random history to its quiet end, checked all the way, and return what is left."""
    world = World(folder, seed, laptops=laptops)
    try:
        life = Life(world)
        life.begin()
        life.collide(at_tickets=steps > 0)
        for _ in range(steps):
            life.step()
        world.settle()
    finally:
        world.close()
    return world


def verdicts(world: World) -> dict[str, int]:
    """Count what was said, so that a test can see that the history was worth living."""
    counted: dict[str, int] = {}
    for verdict, code in world.models[world.compound].verdicts.values():
        name = verdict if code is None else f"{verdict} {code}"
        counted[name] = counted.get(name, 0) + 1
    return counted
