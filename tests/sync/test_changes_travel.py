"""The list of changes on a laptop after bad days: it tells the same as if it were written afresh."""

from __future__ import annotations

from datetime import timedelta

from simulation.network import Traveller
from village import Village

from models.operations import changes
from models.operations.change_lines import ChangeLine
from models.operations.changes import Wanted
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.operations.undo import undo_change, why_not
from models.replication.joining import carry_over


def listed(traveller: Traveller, wanted: Wanted = Wanted()) -> tuple[ChangeLine, ...]:  # noqa: B008
    laptop = traveller.laptop
    with laptop.store.read() as session:
        return changes.page_changes(session, laptop.compound_id, wanted)


def test_what_a_wrong_clock_dated_lies_where_it_was_put_right(village: Village) -> None:
    """A change of a laptop that is ten years ahead would stand above all others for ten years."""
    b = village.laptop("b")
    b.set_clock(timedelta(days=3650))
    b.laptop.do("point.add", code="W01")
    village.all_sync()
    village.sky.now += timedelta(hours=1)
    village.laptops["a"].laptop.do("point.add", code="W02")
    village.all_sync()
    for traveller in village.laptops.values():
        assert [line.payload.get("code") for line in listed(traveller)][:2] == ["W02", "W01"]
    village.all_agree()


def test_an_undo_stays_one_when_a_restored_server_has_heard_of_what_it_undid(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    village.all_sync()
    file = village.backup()
    b.laptop.do("point.add", code="W01")
    village.all_sync()
    done = listed(a)[0]
    assert done.kind == "point.add"
    a.laptop.undo(done.group_id)
    village.restore(file)
    village.all_sync()
    for traveller in village.laptops.values():
        undo, line, *_ = listed(traveller)
        assert (line.kind, line.undone, undo.kind, undo.undoes) == (
            "point.add",
            True,
            "point.archive",
            line.change_id,
        )
    village.all_agree()


def test_an_undo_of_more_than_a_group_holds_can_be_undone_once(village: Village) -> None:
    a = village.laptops["a"]
    batch = a.laptop.ids()
    group = [
        Intent(
            "household.add",
            {
                "id": str(a.laptop.ids()),
                "code": f"9-1-{n + 1}",
                "occupants": [
                    {"person": str(a.laptop.ids()), "occupancy": str(a.laptop.ids()), "name": f"人{n}"}
                ],
            },
        )
        for n in range(100)
    ]
    with a.laptop.store.write() as session:
        done = perform(session, group, a.laptop.acting, batch_id=batch)
    a.laptop.undo(done.group_id)
    undo = listed(a)[0]
    assert undo.more == 299
    with a.laptop.store.write() as session:
        assert undo_change(session, undo.change_id, a.laptop.acting).refused is None
    line = next(line for line in listed(a) if line.change_id == undo.change_id)
    assert (line.undone, line.partly) == (True, False)
    with a.laptop.store.read() as session:
        for one in changes.groups_of(session, a.laptop.compound_id, undo.change_id):
            found = why_not(session, one, a.laptop.acting)
            assert found is not None
            assert found.refused.code == "undo.already"
    village.all_sync()
    b = village.laptop("b")
    village.all_sync()
    line = next(line for line in listed(b) if line.change_id == undo.change_id)
    assert (line.undone, line.partly) == (True, False)
    village.all_agree()


def test_what_two_laptops_undid_is_there_again_once_one_of_them_does_it_again(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("household.add", code="3-1-502")
    done = a.laptop.do("household.edit", household="3-1-502", new={"note": "漏水"})
    village.all_sync()
    first, _ = a.laptop.undo(done.group_id), b.laptop.undo(done.group_id)
    village.all_sync()
    assert [line.undone for line in listed(b)[:3]] == [False, False, True]
    assert a.laptop.undo(first.group_id).refused is None
    village.all_sync()
    assert a.laptop.ask("SELECT note FROM household") == [("漏水",)]
    for traveller in village.laptops.values():
        assert [line.undone for line in listed(traveller)[:4]] == [False, False, True, False]
        with traveller.laptop.store.read() as session:
            assert why_not(session, done.group_id, traveller.laptop.acting) is None
    assert b.laptop.undo(done.group_id).refused is None
    village.all_sync()
    assert a.laptop.ask("SELECT note FROM household") == [("",)]
    assert listed(a)[4].undone
    village.all_agree()


def test_what_was_carried_over_is_still_undone_and_still_one_import(village: Village) -> None:
    c = village.laptop("c")
    laptop = c.laptop
    shared, laptop.compound_id, laptop.person_id = village.compound, laptop.ids(), laptop.ids()
    own = laptop.compound_id
    laptop.found("自己的")
    batch = laptop.ids()
    for codes in (("W01", "W02"), ("W03",)):
        with laptop.store.write() as session:
            group = [
                Intent("point.add", {"id": str(laptop.ids()), "code": code, "kind": "well"}) for code in codes
            ]
            perform(session, group, laptop.acting, batch_id=batch)
    laptop.undo(laptop.do("household.add", code="3-1-502").group_id)
    laptop.compound_id, laptop.person_id = shared, village.director
    carry_over(laptop.store, own, laptop.acting)
    carry_over(laptop.store, own, laptop.acting)
    village.all_sync()
    for traveller in village.laptops.values():
        lines = [(line.kind, line.more, line.undone) for line in listed(traveller)]
        assert lines[:3] == [
            ("household.archive", 0, False),
            ("household.add", 0, True),
            ("point.add", 2, False),
        ]
    with laptop.store.read() as session:
        for compound in (own, shared):
            parts = changes.page_parts(session, compound, batch)
            assert [(part.compound_id, part.change_id) for part in parts] == [(compound, batch)] * 3
    village.all_agree()
