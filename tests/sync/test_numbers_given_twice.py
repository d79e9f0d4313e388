"""A server was put back from a copy, and two laptops count under one name: a number may go to two operations."""

from __future__ import annotations

import pytest
from simulation import faults
from simulation.network import narrow
from village import Village, on

from models.operations import changes
from models.operations.envelope import Intent
from models.operations.perform import perform
from models.replication import devices, identity
from sync.client import Away
from sync.server import admin


def test_a_number_that_went_to_another_operation_stops_no_history(village: Village) -> None:
    """The server forgot what it had refused, and the twin that kept the name counts on without that."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("route.add", name="北线")
    village.all_sync()
    file, early = village.backup(), village.kept("a")
    route = a.laptop.ask("SELECT id FROM route")[0][0]
    b.laptop.do("route.archive", route=route)
    b.sync()
    a.laptop.do("route.edit", route=route, new={"note": "慢"})
    assert a.sync().refused == 1
    c = village.copied("a", "c")
    c.laptop.person_id = village.director
    village.put_back("a", early)
    village.restore(file)
    for code in ("W01", "W02"):
        a.laptop.do("point.add", code=code)
    a.sync()
    c.laptop.do("point.add", code="W03")
    assert c.sync().renamed
    assert not c.sync().more_history
    village.all_sync()
    village.all_agree()
    logged = "SELECT rev, id FROM operation WHERE rev IS NOT NULL ORDER BY rev"
    assert c.laptop.ask(logged) == a.laptop.ask(logged) == b.laptop.ask(logged)
    assert c.laptop.ask("SELECT kind FROM tray JOIN operation ON id = operation_id") == [("route.edit",)]


def test_what_a_server_lost_comes_back_though_a_twin_has_its_number(village: Village) -> None:
    """The laptop was put back from a copy as old as the server's, and counted on before the other one came."""
    a, b = village.laptops["a"], village.laptop("b")
    file, early = village.backup(), village.kept("a")
    for code in ("W01", "W02"):
        a.laptop.do("point.add", code=code)
    village.all_sync()
    village.put_back("a", early)
    village.restore(file)
    a.laptop.do("point.add", code="W03")
    a.sync()
    assert b.sync().healed == 2
    same_for_a_newcomer(village)
    assert village.ask("SELECT code FROM point ORDER BY code") == [(f"W0{n}",) for n in (1, 2, 3)]
    a.laptop.do("point.add", code="W04")
    assert not a.sync().renamed, "who has kept the name counts on"
    with village.store.read() as session:
        names = [line.name for line in devices.devices(session, village.compound)]
        (line,) = admin.compounds(session)
    assert names == ["a", "b", "newcomer"], "a name that is nobody's laptop is in no list"
    assert line.laptops == len(names)
    village.restore(file)
    b.sync()
    same_for_a_newcomer(village)
    assert village.ask("SELECT code FROM point ORDER BY code") == [(f"W0{n}",) for n in range(1, 5)]


def test_who_gives_up_a_name_learns_what_the_twin_has_counted_under_it(village: Village) -> None:
    """Its own numbers of before the server was put back went to the twin's operations meanwhile."""
    a = village.laptops["a"]
    village.laptop("b")
    file, c = village.backup(), village.copied("a", "c")
    c.laptop.person_id = village.director
    a.laptop.do("point.add", code="W01")
    a.sync()
    a.laptop.do("point.add", code="W02")
    village.restore(file)
    for code in ("W03", "W04"):
        c.laptop.do("point.add", code=code)
    c.sync()
    with narrow(logged=1):
        assert a.sync().renamed
        assert not a.sync().more_history
    same_for_a_newcomer(village)
    assert village.ask("SELECT code FROM point ORDER BY code") == [(f"W0{n}",) for n in range(1, 5)]


def test_a_laptop_follows_what_a_server_says_of_numbers(village: Village) -> None:
    """What was done in one go lies under the twin's name as a whole, though one number alone was taken."""
    a, c = village.laptops["a"], village.copied("a", "c")
    c.laptop.person_id = village.director
    file = village.backup()
    a.laptop.together(*(Intent("point.add", {"id": str(a.laptop.ids()), "code": f"W0{n}"}) for n in range(3)))
    a.sync()
    village.restore(file)
    c.laptop.do("point.add", code="W09")
    c.sync()
    a.faults[:] = on("/v1/history", faults.dropped)
    with pytest.raises(Away):
        a.sync()
    a.faults.clear()
    with a.laptop.store.write() as session:  # in another compound the twin has been noticed
        identity.become(session, a.laptop.ids())
    a.laptop.do("point.add", code="W10")
    with narrow(logged=1):
        a.sync()
    same_for_a_newcomer(village)
    with a.laptop.store.read() as session:
        told = changes.page_changes(session, village.compound)
        parts = [changes.page_parts(session, village.compound, one.change_id) for one in told]
    assert [len(part) for part in parts] == [1, 1, 3, 1, 1]


def test_a_change_of_which_the_first_part_was_kept_is_still_one(village: Village) -> None:
    """An import comes in groups: the copy held the first, and the twin got the numbers of the second."""
    a, b = village.laptops["a"], village.laptop("b")
    batch = a.laptop.ids()

    def adds(code: str) -> None:
        intent = Intent("point.add", {"id": str(a.laptop.ids()), "code": code})
        with a.laptop.store.write() as session:
            perform(session, [intent], a.laptop.acting, batch_id=batch)

    adds("W01")
    a.sync()
    file, early = village.backup(), village.kept("a")
    adds("W02")
    village.all_sync()
    village.put_back("a", early)
    village.restore(file)
    a.laptop.do("point.add", code="W09")
    a.sync()
    b.sync()
    with b.laptop.store.read() as session:
        parts = changes.page_parts(session, village.compound, batch)
    assert [part.payload["code"] for part in parts] == ["W01", "W02"]
    same_for_a_newcomer(village)


def same_for_a_newcomer(village: Village) -> None:
    """Everybody agrees, and has the log, and what is listed of it, as one who has just come has it."""
    village.all_sync()
    village.laptop("newcomer")
    village.all_sync()
    village.all_agree()
    for wanted in (
        "SELECT rev, id, device_id, n FROM operation WHERE rev IS NOT NULL ORDER BY rev",
        "SELECT * FROM operation_about ORDER BY row_id, operation_id",
        "SELECT id, kind, device_id, number, first_n, last_n FROM change ORDER BY id, kind",
    ):
        first, *others = (one.laptop.ask(wanted) for one in village.laptops.values())
        assert all(other == first for other in others), wanted
    village.gone("newcomer")
