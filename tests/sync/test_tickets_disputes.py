"""What two volunteers wanted of one ticket apart is counted and shown while there is something to choose."""

from __future__ import annotations

from uuid import UUID

import pytest
from simulation.network import Traveller
from village import Village

from models.operations.pending import ConflictView, conflicts, count_conflicts

Story = tuple[Village, Traveller, Traveller]


@pytest.fixture
def claimed_twice(village: Village) -> Story:
    """张三 and 李四 have each claimed KT1, without knowing of each other."""
    a, b = village.laptops["a"], village.laptop("b")
    for name in ("张三", "李四"):
        a.laptop.do("person.add", name=name)
        a.laptop.do("role.grant", person=name, role="volunteer")
    a.laptop.do("ticket.report", what="厨房下水堵", code="KT1")
    village.all_sync()
    for traveller, name in ((a, "张三"), (b, "李四")):
        traveller.laptop.person_id = UUID(
            traveller.laptop.ask("SELECT id FROM person WHERE name = ?", name)[0][0]
        )
        traveller.laptop.do("ticket.accept", ticket="KT1")
    village.all_sync()
    village.all_agree()
    return village, a, b


def waiting(traveller: Traveller) -> list[ConflictView]:
    """Return what waits for a person, as the list shows it; the status line must count the same."""
    with traveller.laptop.store.read() as session:
        found = conflicts(session, traveller.laptop.compound_id)
        assert count_conflicts(session, traveller.laptop.compound_id) == len(found)
    return found


def test_a_job_claimed_twice_waits_for_a_person_on_both_laptops(claimed_twice: Story) -> None:
    _, a, b = claimed_twice
    for traveller in (a, b):
        [view] = waiting(traveller)
        assert (view.table, view.row, view.field, view.overtaken) == ("ticket", "KT1", "hands", False)


def test_there_is_nothing_to_choose_once_one_has_stepped_back(claimed_twice: Story) -> None:
    village, a, b = claimed_twice
    back = b.laptop.do("ticket.release", ticket="KT1")
    village.all_sync()
    assert waiting(a) == waiting(b) == []
    b.laptop.undo(back.group_id)
    assert len(waiting(b)) == 1


def test_nor_once_the_job_wants_both(claimed_twice: Story) -> None:
    village, a, b = claimed_twice
    a.laptop.do("ticket.edit", ticket="KT1", new={"wanted_hands": 2})
    village.all_sync()
    assert waiting(a) == waiting(b) == []


def test_nor_once_it_is_done(claimed_twice: Story) -> None:
    village, a, b = claimed_twice
    b.laptop.do("ticket.finish", ticket="KT1")
    village.all_sync()
    assert waiting(a) == waiting(b) == []
