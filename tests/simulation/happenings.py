"""What happens beside rounds, and whole histories of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from models.replication.links import link_of
from models.store import Store
from simulation import faults
from simulation.history import Life
from simulation.network import Carry, Fault, narrow
from simulation.travels import Happening, NetWorld
from sync.client import SyncError
from sync.rounds import OtherAtIt

#: (laptops, seed) of the histories that are lived each time.
FIXED = ((3, 1), (4, 3))
MOST_LAPTOPS = 6
YEARS = timedelta(days=3652)


def something_late(world: NetWorld, *_: Any) -> None:
    world.arrive_late()


def killed(world: NetWorld, place: int, compound: UUID) -> None:
    at = world.random.randint(1, 150)
    world.sync(place, compound, during=faults.killed(world.laptops[place].store, at))


def disk_of_laptop(world: NetWorld, place: int, compound: UUID) -> None:
    world.sync(place, compound, during=faults.anything(world.random, world.laptops[place].store))


def disk_of_server(world: NetWorld, place: int, compound: UUID) -> None:
    world.sync(place, compound, during=faults.anything(world.random, world.server))


def clock_is_set(world: NetWorld, place: int, _: UUID) -> None:
    world.note("clock set")
    wrong = [timedelta(), timedelta(), YEARS, -YEARS, timedelta(hours=8), timedelta(minutes=-3)]
    world.travellers[place].set_clock(world.random.choice(wrong))
    world.settings[place] += 1


def other_window(world: NetWorld, place: int, compound: UUID) -> None:
    """A second window syncs while the first one is at it; perhaps the first has slept for long."""
    sleeps = world.random.random() < 0.5
    traveller = world.travellers[place]
    second = replace(traveller, faults=[], holder=f"{traveller.holder} second")

    def happen(request: httpx.Request, carry: Carry) -> httpx.Response:
        if sleeps:
            world.sky.now += timedelta(minutes=5)
        try:
            second.sync(compound)
        except OtherAtIt:
            assert not sleeps
            world.note("other at it")
        except SyncError as error:
            assert error.code == "token.unknown"  # noqa: PT017
            assert world.restored
        else:
            assert sleeps, "two windows were at it together"
            world.note("took over")
        return carry(request)

    plan: list[Fault] = [faults.fine] * world.random.randint(0, 5) + [happen]
    try:
        world.sync(place, compound, faults=plan)
    except OtherAtIt:
        world.note("gave way")
    world.check_laptop(place, compound)


def server_copied(world: NetWorld, *_: Any) -> None:
    if world.backup is None or world.random.random() < 0.2:
        world.copy_server()
        return
    # A laptop that slept through one restore knows nothing of the time after: see sync.md.
    for place in range(len(world.laptops)):
        for compound in world.joined[place]:
            with world.laptops[place].store.read() as session:
                link = link_of(session, compound)
            if link is None or link.epoch != world.epoch:
                return
    if not world.busy:
        world.restore_server()


def laptop_copied(world: NetWorld, place: int, _: UUID) -> None:
    if place not in world.copies:
        world.copy_laptop(place)
        world.reopen(place)
    else:
        world.restore_laptop(place)


def laptop_cloned(world: NetWorld, place: int, _: UUID) -> None:
    if len(world.laptops) < MOST_LAPTOPS:
        world.clone(place)
        world.reopen(place)


def poisoned(world: NetWorld, *_: Any) -> None:
    world.poison()


HAPPENINGS: tuple[tuple[float, Happening], ...] = (
    (0.08, something_late),
    (0.07, killed),
    (0.05, disk_of_laptop),
    (0.05, disk_of_server),
    (0.05, clock_is_set),
    (0.05, other_window),
    (0.06, server_copied),
    (0.05, laptop_copied),
    (0.02, laptop_cloned),
    (0.06, poisoned),
)


def tour(world: NetWorld, life: Life) -> None:
    """Let everything happen twice, with people at work in between."""
    for _, happen in HAPPENINGS * 2:
        for place in range(len(world.laptops)):
            life.compound = world.compound
            life.act(place)
        place = world.random.randrange(len(world.laptops))
        if happen is laptop_copied:  # the second time the copy is put back
            place = next(iter(world.copies), place)
        happen(world, place, world.compound)
        for place in world.random.sample(range(len(world.laptops)), 2):
            world.sync(place, faults=world.mishaps(place, faults.ROAD))


def live(
    folder: Path,
    seed: int | str,
    *,
    laptops: int,
    steps: int,
    server: Store | None = None,
    touring: bool = False,
) -> NetWorld:
    """Live one random history to its quiet end, checked all the way, and return what is left."""
    world = NetWorld(folder, seed, laptops=laptops, server=server)
    world.happenings = HAPPENINGS
    dice = world.random
    try:
        with narrow(rows=dice.choice([5, 17, 400]), operations=dice.choice([4, 9, 500]), logged=7):
            life = Life(world)
            world.life = life
            life.begin()
            life.collide()
            if touring:
                tour(world, life)
            for _ in range(steps):
                life.step()
            world.settle()
    finally:
        world.close()
    return world
