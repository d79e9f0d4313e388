"""Tickets, a server of an older version, and a server that was put back from a copy."""

from __future__ import annotations

from village import Village

from models.operations.registry import load_kinds


def numbers(village: Village) -> dict[str, int]:
    return {str(code): int(number) for code, number in village.ask("SELECT code, number FROM ticket")}


def test_a_server_that_knows_no_tickets_yet_keeps_them_until_it_does(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    village.center.kinds = {name: None for name in load_kinds() if name.startswith("ticket.")}
    a.laptop.do("ticket.report", what="下水堵", code="KT1")
    a.laptop.do("ticket.accept", ticket="KT1")
    a.laptop.do("ticket.log", ticket="KT1", minutes=20)
    village.all_sync()
    assert numbers(village) == {}
    assert b.laptop.ask("SELECT code FROM ticket") == []
    assert a.laptop.ask("SELECT state, minutes FROM ticket") == [("accepted", 20)]
    assert a.laptop.ask("SELECT operation_id FROM tray") == []
    village.center.kinds = {}
    village.center.retry()
    village.all_sync()
    village.all_agree()
    assert numbers(village) == {"KT1": 1}
    assert b.laptop.ask("SELECT state, minutes, number FROM ticket") == [("accepted", 20, 1)]


def test_what_a_restored_server_numbers_anew_keeps_its_code_and_its_story(village: Village) -> None:
    """Somebody's question comes in before what was lost is brought: it takes the number, never the code."""
    a, b = village.laptops["a"], village.laptop("b")
    a.laptop.do("ticket.report", what="下水堵", code="KT1")
    village.all_sync()
    copy = village.backup()
    a.laptop.do("ticket.report", what="灯坏了", code="KT2")
    a.laptop.do("ticket.finish", ticket="KT2", minutes=20)
    a.sync()
    assert numbers(village) == {"KT1": 1, "KT2": 2}
    village.restore(copy)
    b.laptop.do("ticket.report", what="门坏了", code="KT3")
    b.sync()
    village.all_sync()
    village.all_agree()
    assert numbers(village) == {"KT1": 1, "KT3": 2, "KT2": 3}
    assert village.ask("SELECT state, minutes FROM ticket WHERE code = 'KT2'") == [("done", 20)]
