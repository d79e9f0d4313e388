"""Two volunteers, each with a laptop and no network, and one ticket between them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from simulation.network import Traveller
from village import Village

from models.tickets.queries import Asked
from models.tickets.queries_story import ticket_story

Story = tuple[Village, Traveller, Traveller, str]


@pytest.fixture
def apart(village: Village) -> Story:
    """张三 sits at one laptop, 李四 at the other; both know of one ticket."""
    a, b = village.laptops["a"], village.laptop("b")
    for name in ("张三", "李四"):
        a.laptop.do("person.add", name=name)
        a.laptop.do("role.grant", person=name, role="volunteer")
    a.laptop.do("ticket.report", what="厨房下水堵", code="KT1")
    village.all_sync()
    a.laptop.person_id, b.laptop.person_id = (
        UUID(a.laptop.ask("SELECT id FROM person WHERE name = ?", name)[0][0]) for name in ("张三", "李四")
    )
    return village, a, b, "KT1"


def meet(village: Village) -> None:
    village.all_sync()
    village.all_agree()


def ticket(village: Village, *columns: str, code: str = "KT1") -> tuple[Any, ...]:
    return village.ask(f"SELECT {', '.join(columns)} FROM ticket WHERE code = '{code}'")[0]  # noqa: S608


def hands(village: Village) -> list[str]:
    found = village.ask(
        "SELECT p.name FROM ticket_hand h JOIN person p ON p.id = h.person_id WHERE NOT h.archived ORDER BY h.since"
    )
    return [name for (name,) in found]


def conflicts(village: Village) -> list[tuple[Any, ...]]:
    return village.ask("SELECT field, kept, lost, status FROM conflict ORDER BY rev")


def people(village: Village) -> dict[str, str]:
    return {name: str(row_id).replace("-", "") for name, row_id in village.ask("SELECT name, id FROM person")}


def value(text: Any) -> str:
    return str(text).strip('"')


def settle(village: Village, traveller: Traveller, choice: str) -> None:
    [(row_id,)] = traveller.laptop.ask("SELECT id FROM conflict")
    traveller.laptop.do("conflict.resolve", conflict=str(UUID(row_id)), choice=choice)
    meet(village)


def test_two_who_claim_one_job_are_both_on_it_and_both_told(apart: Story) -> None:
    village, a, b, code = apart
    for traveller in (a, b):
        traveller.laptop.do("ticket.accept", ticket=code)
    meet(village)
    assert hands(village) == ["张三", "李四"]
    assert ticket(village, "state") == ("accepted",)
    [(field, kept, lost, status)] = conflicts(village)
    names = people(village)
    assert (field, value(kept), value(lost), status) == ("hands", names["张三"], names["李四"], "open")


@pytest.mark.parametrize(("choice", "stays"), [("keep", "张三"), ("take", "李四")])
def test_one_of_two_who_claimed_it_steps_back(apart: Story, choice: str, stays: str) -> None:
    village, a, b, code = apart
    for traveller in (a, b):
        traveller.laptop.do("ticket.accept", ticket=code)
    meet(village)
    settle(village, b, choice)
    assert hands(village) == [stays]
    assert ticket(village, "state") == ("accepted",)


def test_a_group_job_that_wants_two_takes_both_without_a_word(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.edit", ticket=code, new={"wanted_hands": 2})
    village.all_sync()
    for traveller in (a, b):
        traveller.laptop.do("ticket.accept", ticket=code)
    meet(village)
    assert hands(village) == ["张三", "李四"]
    assert conflicts(village) == []


def test_a_third_who_knew_of_one_of_two_is_told_as_well(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.edit", ticket=code, new={"wanted_hands": 2})
    a.laptop.do("ticket.accept", ticket=code)
    village.all_sync()
    director = village.director
    a.laptop.person_id = director
    for traveller in (a, b):
        traveller.laptop.do("ticket.accept", ticket=code)
    meet(village)
    assert sorted(hands(village)) == sorted(["张三", "王德胜", "李四"])
    assert [row[0] for row in conflicts(village)] == ["hands"]


def test_one_person_who_claims_on_two_laptops_has_claimed_once(apart: Story) -> None:
    village, a, b, code = apart
    b.laptop.person_id = a.laptop.person_id
    for traveller in (a, b):
        traveller.laptop.do("ticket.accept", ticket=code)
    meet(village)
    assert hands(village) == ["张三"]
    assert conflicts(village) == []


def test_both_finish_and_both_are_heard(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.finish", ticket=code, words="疏通了", minutes=30)
    b.laptop.do("ticket.finish", ticket=code, words="我也去看了", minutes=20)
    meet(village)
    assert ticket(village, "state") == ("done",)
    assert conflicts(village) == []
    told = village.ask("SELECT words, stood FROM ticket_event WHERE kind = 'finish' ORDER BY at")
    assert [(words, bool(stood)) for words, stood in told] == [("疏通了", True), ("我也去看了", False)]


def test_a_stale_move_that_is_still_lawful_is_made(apart: Story) -> None:
    """One claims the job, the other, who knows nothing of it, has done it already."""
    village, a, b, code = apart
    a.laptop.do("ticket.accept", ticket=code)
    b.laptop.do("ticket.finish", ticket=code, minutes=10)
    meet(village)
    assert ticket(village, "state") == ("done",)
    assert conflicts(village) == []


@pytest.mark.parametrize(("choice", "state"), [("keep", "done"), ("take", "rejected")])
def test_a_stale_move_that_is_unlawful_now_names_both_and_is_chosen(
    apart: Story, choice: str, state: str
) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.finish", ticket=code)
    b.laptop.person_id = village.director
    b.laptop.do("ticket.reject", ticket=code, words="不归我们管")
    meet(village)
    assert ticket(village, "state") == ("done",)
    [(field, kept, lost, status)] = conflicts(village)
    assert (field, value(kept), value(lost), status) == ("state", "done", "rejected", "open")
    # What the second one wrote stands in the story, and is said not to have taken effect.
    assert [
        bool(stood) for (stood,) in village.ask("SELECT stood FROM ticket_event WHERE kind = 'reject'")
    ] == [False]
    settle(village, a, choice)
    assert ticket(village, "state") == (state,)


def test_a_move_that_its_maker_knew_to_be_unlawful_is_refused_on_the_spot(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.finish", ticket=code)
    meet(village)
    outcome = b.laptop.attempt("ticket.start", ticket=code)
    assert getattr(outcome, "refused", None) is not None
    assert outcome.refused.code == "ticket.unlawful"  # type: ignore[union-attr]


def test_a_job_that_waits_keeps_its_day_when_it_is_chosen_over_done(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.finish", ticket=code)
    b.laptop.do("ticket.wait", ticket=code, until="2030-01-01", words="等配件")
    meet(village)
    settle(village, b, "take")
    state, until = ticket(village, "state", "wait_until")
    assert (state, str(until)) == ("waiting", "2030-01-01")


def test_two_offers_of_one_baton_are_kept_until_somebody_chooses(apart: Story) -> None:
    village, a, b, code = apart
    names = people(village)
    director = village.director
    a.laptop.person_id = b.laptop.person_id = director
    a.laptop.do("ticket.handover", ticket=code, to="张三")
    b.laptop.do("ticket.handover", ticket=code, to="李四")
    meet(village)
    assert str(ticket(village, "offered_to_id")[0]).replace("-", "") == names["张三"]
    [(field, kept, lost, _)] = conflicts(village)
    assert (field, value(kept), value(lost)) == ("offered_to_id", names["张三"], names["李四"])
    settle(village, a, "take")
    assert str(ticket(village, "offered_to_id")[0]).replace("-", "") == names["李四"]


def test_who_was_chosen_to_have_the_baton_is_in_the_chain_of_holders(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.person_id = village.director
    a.laptop.do("ticket.handover", ticket=code, to="张三")
    village.all_sync()
    a.laptop.do("ticket.handover", ticket=code, to="李四")
    b.laptop.person_id = UUID(a.laptop.ask("SELECT id FROM person WHERE name = '张三'")[0][0])
    a.laptop.person_id = UUID(a.laptop.ask("SELECT id FROM person WHERE name = '李四'")[0][0])
    for traveller in (a, b):
        traveller.laptop.do("ticket.take", ticket=code)
    meet(village)
    settle(village, a, "take")
    now = a.laptop.clock()
    with a.laptop.store.read() as session:
        found = ticket_story(
            session,
            a.laptop.compound_id,
            UUID(a.laptop.ask("SELECT id FROM ticket WHERE code = ?", code)[0][0]),
            Asked(now=now, today=now.date()),
        )
    assert found is not None
    assert [one.name for one in found.batons] == ["王德胜", "李四", "张三"]
    assert found.ticket.holder == "张三"


def test_work_of_both_is_summed_whoever_synced_first(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.log", ticket=code, minutes=30, cost=500)
    gone = b.laptop.do("ticket.log", ticket=code, minutes=45, cost=250)
    b.laptop.do("ticket.log", ticket=code, minutes=5)
    b.laptop.undo(gone.group_id)
    meet(village)
    assert ticket(village, "minutes", "cost", "visits") == (35, 500, 2)


def test_tickets_made_apart_get_numbers_in_the_servers_order_and_keep_their_codes(apart: Story) -> None:
    village, a, b, _ = apart
    codes = []
    for traveller in (a, b, a):
        outcome = traveller.laptop.do("ticket.report", what="灯坏了")
        row_id = UUID(str(outcome.operations[0].payload["id"])).hex
        codes.append(traveller.laptop.ask("SELECT code, number FROM ticket WHERE id = ?", row_id)[0])
    assert [number for _, number in codes] == [None, None, None]
    meet(village)
    numbers = dict(village.ask("SELECT code, number FROM ticket"))
    assert sorted(numbers.values()) == [1, 2, 3, 4]
    assert numbers.keys() == {"KT1", *(code for code, _ in codes)}


def test_a_rating_is_kept_though_the_ticket_was_opened_again(apart: Story) -> None:
    village, a, b, code = apart
    a.laptop.do("ticket.finish", ticket=code)
    meet(village)
    a.laptop.do("ticket.reopen", ticket=code, words="又堵了")
    a.sync()
    b.laptop.do("ticket.rate", ticket=code, score=5, words="修得好")
    meet(village)
    assert ticket(village, "state", "score") == ("reopened", 5)
    assert [row[0] for row in village.ask("SELECT code FROM flag")].count("ticket.rated_early") == 1
