"""Single exchanges, told one by one: what a random history may pass by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from models.operations.envelope import Intent
from models.operations.judge import judge_again
from models.operations.registry import KINDS
from simulation.devices import Laptop
from simulation.history import Life
from simulation.world import World
from sync import exchange
from sync.messages import Push


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two laptops that share a compound, everything pulled."""
    made = World(tmp_path / "world", 1, laptops=2)
    Life(made).begin()
    yield made
    made.close()


@pytest.fixture
def one(world: World) -> Laptop:
    return world.laptops[0]


@pytest.fixture
def other(world: World) -> Laptop:
    return world.laptops[1]


def waiting(laptop: Laptop) -> list[tuple[object, ...]]:
    return laptop.ask("SELECT n FROM outbox WHERE compound_id = ?", laptop.compound_id.hex)


def test_a_lost_reply_applies_nothing_twice(world: World, one: Laptop) -> None:
    one.do("household.add", code="3-1-502", area=8000)
    push = world.whole_push(0, world.compound)
    world.arrive(push)
    with world.server.write() as session:
        again = exchange.receive(session, push)
    assert again.replayed == {operation.id for group in push.groups for operation in group}
    assert [judgement.verdict for judgement in again.judgements] == ["accepted"]
    assert again.judgements[0].rev == world.models[world.compound].head
    world.pull(0)
    assert waiting(one) == []


def test_rows_that_change_names_with_each_other_arrive_together(
    world: World, one: Laptop, other: Laptop
) -> None:
    """Laid over one by one, the first would meet its new name on the second."""
    for name in ("北线", "南线"):
        one.do("route.add", name=name)
    world.settle()
    for route, name in (("北线", "旧"), ("南线", "北线"), ("旧", "南线")):
        found = one.ask("SELECT id FROM route WHERE name = ?", route)[0][0]
        one.do("route.edit", route=str(UUID(found)), new={"name": name})
    other.do("route.add", name="环线")
    world.settle()
    assert [name for (name,) in other.ask("SELECT name FROM route ORDER BY rev")] == ["北线", "南线", "环线"]


def test_own_changes_of_names_are_put_back_together(world: World, one: Laptop) -> None:
    for name in ("北线", "南线"):
        one.do("route.add", name=name)
    world.settle()
    for route, name in (("北线", "旧"), ("南线", "北线"), ("旧", "南线")):
        found = one.ask("SELECT id FROM route WHERE name = ?", route)[0][0]
        one.do("route.edit", route=str(UUID(found)), new={"name": name})
    world.pull(0)


def test_what_refers_to_a_flat_added_twice_finds_the_one_that_stands(
    world: World, one: Laptop, other: Laptop
) -> None:
    """Each laptop adds 3-1-502, edits it by its own id, and says who lives there."""
    for place, laptop in enumerate((one, other)):
        flat = str(laptop.ids())
        laptop.do("household.add", id=flat, code="3-1-502")
        laptop.do("household.edit", household=flat, new={"note" if place else "status": "出租"})
        resident = {"id": str(laptop.ids()), "name": f"住户{place}"}
        laptop.do("person.add", resident)
        laptop.do("occupancy.start", household=flat, person=resident["id"])
        laptop.do("building.edit", building="3", new={"floors": 6} if place else {"name": "东楼"})
    for place in (0, 1):
        send(world, place)
    for laptop in (one, other):
        take(world, laptop)
        assert waiting(laptop) == []
        assert laptop.ask("SELECT status, note FROM household") == [("出租", "出租")]
        assert laptop.ask("SELECT name, floors FROM building") == [("东楼", 6)]
        assert laptop.ask("SELECT count(DISTINCT household_id), count(*) FROM occupancy") == [(1, 2)]


def test_what_is_held_waits_and_is_heard_of_when_it_is_judged(
    world: World, one: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that breaks holds its operation and what needs it, and nothing else."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    one.do("household.add", code="3-1-502")
    one.do("household.edit", household="3-1-502", new={"note": "x"})
    one.do("team.add", name="水工")
    push = world.whole_push(0, world.compound)
    with monkeypatch.context() as patch, world.server.write() as session:
        patch.setitem(KINDS, "household.add", replace(KINDS["household.add"], handler=broken))
        said = exchange.receive(session, push)
    assert [(j.verdict, j.code) for j in said.judgements] == [
        ("held", "handler.broke"),
        ("held", "needs.held"),
        ("accepted", None),
    ]
    take(world, one)
    assert len(waiting(one)) == 2
    assert one.ask("SELECT note FROM household") == [("x",)], "what is held goes on standing here"
    with one.store.read() as session:
        assert exchange.outgoing(session, world.compound).groups == (), "the server has it already"
    with world.server.write() as session:
        assert [row.verdict for row in judge_again(session, world.compound)] == ["accepted", "accepted"]
    take(world, one)
    assert waiting(one) == []
    assert one.ask("SELECT note FROM household") == [("x",)]


def send(world: World, place: int) -> None:
    """Push without the model's eyes on it: it knows fewer kinds than there are."""
    with world.server.write() as session:
        exchange.receive(session, world.whole_push(place, world.compound))


def take(world: World, laptop: Laptop) -> None:
    with laptop.store.read() as session:
        device, cursor, acked_n = exchange.wanted(session, world.compound)
    with world.server.read() as session:
        page = exchange.page(session, world.compound, device_id=device, after=cursor, acked_n=acked_n)
    with laptop.store.write() as session:
        exchange.take_page(session, page)


def test_a_handler_that_breaks_on_this_laptop_stops_no_page(
    world: World, one: Laptop, other: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    one.do("household.add", code="3-1-502")
    other.do("team.add", name="水工")
    send(world, 1)
    with monkeypatch.context() as patch:
        patch.setitem(KINDS, "household.add", replace(KINDS["household.add"], handler=broken))
        take(world, one)
    assert one.ask("SELECT name FROM team") == [("水工",)]
    assert one.ask("SELECT doubt FROM outbox") == [("handler.broke",)]
    take(world, one)
    assert one.ask("SELECT doubt FROM outbox") == [(None,)]


def test_a_refused_group_leaves_the_laptop_with_its_facts(world: World, one: Laptop, other: Laptop) -> None:
    one.do("household.add", code="3-1-502")
    world.settle()
    flat = one.ask("SELECT id FROM household")[0][0]
    archive = Intent("household.archive", {"household": str(UUID(flat))})
    other.together(archive)
    seen = {"id": str(one.ids()), "walk": str(one.ids()), "point": str(one.ids()), "level": "full"}
    one.together(archive, Intent("walk.observe", seen))
    world.arrive(world.whole_push(1, world.compound))
    world.pull(0)
    assert one.ask("SELECT doubt FROM outbox ORDER BY n") == [("row.archived",), (None,)]
    assert one.ask("SELECT level FROM observation") == [("full",)]
    world.settle()
    tray = one.ask("SELECT kind, verdict, code FROM operation WHERE verdict = 'rejected'")
    assert tray == [("household.archive", "rejected", "row.archived")]


def test_a_push_of_somebody_else_is_not_judged(world: World, one: Laptop) -> None:
    one.do("team.add", name="水工")
    push = world.whole_push(0, world.compound)
    for foreign in (
        Push(world.other, push.device_id, push.groups),
        Push(world.compound, world.ids(), push.groups),
    ):
        with pytest.raises(exchange.ForeignPush), world.server.write() as session:
            exchange.receive(session, foreign)
    with world.server.read() as session:
        device, _, _ = exchange.wanted(session, world.compound)
        page = exchange.page(session, world.compound, device_id=device, after=0, acked_n=0)
    assert "team" not in {part.table for part in page.tables}


def test_a_page_that_begins_after_the_cursor_is_not_taken(world: World, one: Laptop) -> None:
    page = world.fetch(0, world.compound)
    ahead = replace(page, after=page.head + 1, head=page.head + 2)
    with pytest.raises(exchange.PageAhead), one.store.write() as session:
        exchange.take_page(session, ahead)
