"""What two did of one ticket apart, where the second came too late: nothing falls to the tray, nothing turns in a ring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Laptop
from village import Village


class Apart:
    """张三 at one laptop, 李四 at the other, and two tickets that both know."""

    def __init__(self, village: Village) -> None:
        self.village = village
        first, second = village.laptops["a"], village.laptop("b")
        for name in ("张三", "李四"):
            first.laptop.do("person.add", name=name)
            first.laptop.do("role.grant", person=name, role="committee")
        for code in ("KT1", "KT2"):
            first.laptop.do("ticket.report", what="厨房下水堵", code=code)
        village.all_sync()
        self.a, self.b = first.laptop, second.laptop
        self.people = {name: UUID(row_id) for name, row_id in first.laptop.ask("SELECT name, id FROM person")}
        self.a.person_id, self.b.person_id = self.people["张三"], self.people["李四"]

    def first_then_second(self) -> None:
        """The first laptop's deeds reach the server before the second's; nobody's are refused."""
        self.village.all_sync()
        self.village.all_agree()
        for traveller in self.village.laptops.values():
            assert traveller.laptop.ask("SELECT operation_id FROM tray") == []

    def ticket(self, *columns: str, code: str = "KT1") -> tuple[Any, ...]:
        [row] = self.village.ask(f"SELECT {', '.join(columns)} FROM ticket WHERE code = '{code}'")  # noqa: S608
        return row

    def told(self, kind: str) -> list[bool]:
        """Return of each line of a kind whether it took effect."""
        found = self.village.ask(f"SELECT stood FROM ticket_event WHERE kind = '{kind}' ORDER BY at, id")  # noqa: S608
        return [bool(stood) for (stood,) in found]

    def conflicts(self) -> list[str]:
        return [str(column) for (column,) in self.village.ask("SELECT field FROM conflict ORDER BY rev")]

    def choose(self, choice: str) -> None:
        [(row_id,)] = self.a.ask("SELECT id FROM conflict")
        self.a.do("conflict.resolve", conflict=str(UUID(row_id)), choice=choice)
        self.first_then_second()

    def hands(self) -> list[str]:
        found = self.village.ask(
            "SELECT p.name FROM ticket_hand h JOIN person p ON p.id = h.person_id JOIN ticket t ON t.id = h.ticket_id"
            " WHERE t.code = 'KT1' AND NOT h.archived ORDER BY h.since, p.name"
        )
        return [name for (name,) in found]

    def id_of(self, code: str) -> UUID:
        return UUID(str(self.ticket("id", code=code)[0]))


@pytest.fixture
def apart(village: Village) -> Apart:
    return Apart(village)


def test_two_who_join_two_tickets_crosswise_have_said_the_same(apart: Apart) -> None:
    apart.a.do("ticket.join", ticket="KT1", into="KT2")
    apart.b.do("ticket.join", ticket="KT2", into="KT1")
    apart.first_then_second()
    assert apart.ticket("state", code="KT1") == ("duplicate",)
    assert apart.ticket("state", code="KT2") == ("reported",)
    assert apart.told("join") == [True, False]
    assert apart.conflicts() == []


def test_a_ticket_joined_to_two_apart_is_one_of_the_first_until_somebody_chooses(apart: Apart) -> None:
    apart.a.do("ticket.report", what="灯坏了", code="KT3")
    apart.village.all_sync()
    apart.a.do("ticket.join", ticket="KT1", into="KT2")
    apart.b.do("ticket.join", ticket="KT1", into="KT3")
    apart.first_then_second()
    assert UUID(str(apart.ticket("parent_id")[0])) == apart.id_of("KT2")
    assert apart.conflicts() == ["parent_id"]
    apart.choose("take")
    assert UUID(str(apart.ticket("parent_id")[0])) == apart.id_of("KT3")


def test_no_step_taken_back_makes_two_tickets_duplicates_of_each_other(apart: Apart) -> None:
    joined = apart.a.do("ticket.join", ticket="KT1", into="KT2")
    back = apart.a.undo(joined.group_id)
    apart.a.do("ticket.join", ticket="KT2", into="KT1")
    outcome = apart.a.undo(back.group_id)
    assert outcome.refused is not None
    assert outcome.refused.code == "ticket.join_itself"


def test_who_parts_a_ticket_that_is_parted_already_has_said_the_same(apart: Apart) -> None:
    apart.a.do("ticket.join", ticket="KT1", into="KT2")
    apart.first_then_second()
    for laptop in (apart.a, apart.b):
        laptop.do("ticket.part", ticket="KT1")
    apart.first_then_second()
    assert apart.ticket("state", "parent_id") == ("reported", None)
    assert apart.told("part") == [True, False]


def test_a_duplicate_that_somebody_is_at_is_still_theirs_when_it_is_parted(apart: Apart) -> None:
    apart.a.do("ticket.accept", ticket="KT1")
    apart.a.do("ticket.join", ticket="KT1", into="KT2")
    apart.a.do("ticket.part", ticket="KT1")
    apart.first_then_second()
    assert apart.ticket("state") == ("accepted",)
    assert apart.hands() == ["张三"]


def test_who_gives_back_a_job_that_another_has_done_meanwhile_is_heard(apart: Apart) -> None:
    apart.b.do("ticket.accept", ticket="KT1")
    apart.first_then_second()
    apart.village.all_sync()
    apart.a.do("ticket.finish", ticket="KT1")
    apart.b.do("ticket.release", ticket="KT1", words="腰疼")
    apart.first_then_second()
    assert apart.ticket("state") == ("done",)
    assert apart.told("release") == [False]


def test_who_gives_back_a_job_they_were_taken_off_meanwhile_is_heard(apart: Apart) -> None:
    apart.b.do("ticket.accept", ticket="KT1")
    apart.village.all_sync()
    apart.village.all_sync()
    apart.a.do("ticket.release", ticket="KT1", person="李四")
    apart.b.do("ticket.release", ticket="KT1")
    apart.first_then_second()
    assert apart.hands() == []
    assert apart.told("release") == [True, False]


def test_a_claim_is_not_taken_back_under_somebody_who_has_joined_it(apart: Apart) -> None:
    apart.a.do("ticket.edit", ticket="KT1", new={"wanted_hands": 2})
    claimed = apart.a.do("ticket.accept", ticket="KT1")
    apart.first_then_second()
    apart.b.do("ticket.accept", ticket="KT1")
    apart.village.all_sync()
    apart.village.all_sync()
    outcome = apart.a.undo(claimed.group_id)
    assert outcome.refused is not None
    assert outcome.refused.code == "undo.changed_since"
    assert apart.ticket("state") == ("accepted",)


def test_an_offer_of_a_baton_that_is_with_another_by_now_is_kept_until_somebody_chooses(apart: Apart) -> None:
    director = apart.village.director
    apart.a.person_id = director
    apart.a.do("ticket.handover", ticket="KT1", to="李四")
    apart.a.person_id = apart.people["李四"]
    apart.a.do("ticket.take", ticket="KT1")
    apart.b.person_id = director
    apart.b.do("ticket.handover", ticket="KT1", to="张三")
    apart.first_then_second()
    assert UUID(str(apart.ticket("holder_id")[0])) == apart.people["李四"]
    assert apart.conflicts() == ["offered_to_id"]
    apart.choose("take")
    assert UUID(str(apart.ticket("offered_to_id")[0])) == apart.people["张三"]


def test_one_who_takes_a_baton_on_two_laptops_has_taken_it_once(apart: Apart) -> None:
    apart.a.person_id = apart.village.director
    apart.a.do("ticket.handover", ticket="KT1", to="李四")
    apart.village.all_sync()
    for laptop in (apart.a, apart.b):
        laptop.person_id = apart.people["李四"]
        laptop.do("ticket.take", ticket="KT1")
    apart.first_then_second()
    assert UUID(str(apart.ticket("holder_id")[0])) == apart.people["李四"]
    assert apart.told("take") == [True, False]


@pytest.mark.parametrize("kind", ["ticket.take", "ticket.decline", "ticket.handover"])
def test_a_baton_that_ended_meanwhile_is_passed_on_by_nobody(apart: Apart, kind: str) -> None:
    apart.a.person_id = apart.village.director
    apart.a.do("ticket.handover", ticket="KT1", to="李四")
    apart.village.all_sync()
    apart.a.do("ticket.cancel", ticket="KT1", words="自己修了")
    more = {"to": "张三"} if kind == "ticket.handover" else {}
    apart.b.do(kind, {"ticket": "KT1", **more})
    apart.first_then_second()
    assert apart.ticket("state", "offered_to_id") == ("cancelled", None)
    assert apart.told(kind.removeprefix("ticket.")) == ([True, False] if more else [False])


def test_who_takes_a_ticket_out_of_its_incident_second_is_heard(apart: Apart) -> None:
    apart.a.do("incident.open", name="停水", category="water")
    apart.a.do("ticket.report", what="没水", category="water", code="KT3")
    apart.village.all_sync()
    assert apart.ticket("incident_id", code="KT3") != (None,)
    for laptop in (apart.a, apart.b):
        laptop.do("ticket.detach", ticket="KT3")
    apart.first_then_second()
    assert apart.told("detach") == [True, False]


def test_a_question_is_taken_in_though_its_incident_was_put_away_meanwhile(apart: Apart) -> None:
    outcome = apart.a.do("incident.open", name="停水", category="water")
    incident = str(outcome.operations[0].payload["id"])
    apart.village.all_sync()
    apart.a.do("incident.archive", incident=incident)
    apart.b.do("ticket.report", what="没水", category="water", incident=incident, code="KT3")
    apart.first_then_second()
    assert apart.ticket("incident_id", code="KT3") == (None,)


def test_who_claimed_a_job_that_was_rejected_meanwhile_does_it_when_that_is_chosen(apart: Apart) -> None:
    apart.a.do("ticket.reject", ticket="KT1", words="不归我们管")
    apart.b.do("ticket.accept", ticket="KT1")
    apart.first_then_second()
    apart.choose("take")
    assert apart.ticket("state") == ("accepted",)
    assert apart.hands() == ["李四"]


def both_claim(apart: Apart) -> None:
    for laptop in (apart.a, apart.b):
        laptop.do("ticket.accept", ticket="KT1")
    apart.first_then_second()
    assert apart.conflicts() == ["hands"]


@pytest.mark.parametrize("choice", ["keep", "take"])
def test_two_who_claimed_a_job_and_were_one_person_stay_at_it(apart: Apart, choice: str) -> None:
    both_claim(apart)
    apart.a.do("role_term.archive", role_term=term_of(apart.a, apart.people["张三"]))
    apart.a.person_id = apart.village.director
    apart.a.do("person.merge", person="张三", into="李四")
    apart.choose(choice)
    assert apart.ticket("state") == ("accepted",)
    assert apart.hands() == ["李四"]


def term_of(laptop: Laptop, person: UUID) -> str:
    [(row_id,)] = laptop.ask("SELECT id FROM role_term WHERE person_id = ?", person.hex)
    return str(UUID(row_id))


def test_a_job_that_both_gave_back_is_done_by_whom_somebody_chooses(apart: Apart) -> None:
    both_claim(apart)
    for laptop in (apart.a, apart.b):
        laptop.do("ticket.release", ticket="KT1")
        apart.first_then_second()
    assert apart.ticket("state") == ("reported",)
    apart.choose("keep")
    assert apart.ticket("state") == ("accepted",)
    assert apart.hands() == ["张三"]


def test_choosing_who_does_a_job_that_is_done_changes_nobody(apart: Apart) -> None:
    both_claim(apart)
    apart.a.do("ticket.finish", ticket="KT1")
    apart.choose("take")
    assert apart.ticket("state") == ("done",)
    assert apart.hands() == ["张三", "李四"]


def test_a_baton_taken_back_goes_to_whom_its_holder_was_merged_into(apart: Apart) -> None:
    apart.a.do("ticket.report", what="窗户关不上", code="KT3")
    apart.a.do("ticket.handover", ticket="KT3", to="王德胜")
    apart.a.person_id = apart.village.director
    taken = apart.a.do("ticket.take", ticket="KT3")
    apart.a.do("person.merge", person="张三", into="李四")
    assert apart.a.undo(taken.group_id).refused is None
    apart.first_then_second()
    assert UUID(str(apart.ticket("holder_id", code="KT3")[0])) == apart.people["李四"]


def test_nothing_is_taken_back_of_a_ticket_that_was_put_away(apart: Apart) -> None:
    claimed = apart.a.do("ticket.accept", ticket="KT1")
    apart.a.do("ticket.archive", ticket="KT1")
    outcome = apart.a.undo(claimed.group_id)
    assert outcome.refused is not None
    assert outcome.refused.code == "row.archived"


def test_a_third_who_claims_is_set_against_whom_they_did_not_know(apart: Apart) -> None:
    """张三 was on it before; 李四 and the director claim the second place apart."""
    apart.a.do("ticket.edit", ticket="KT1", new={"wanted_hands": 2})
    apart.a.do("ticket.accept", ticket="KT1")
    apart.village.all_sync()
    apart.a.person_id = apart.village.director
    for laptop in (apart.a, apart.b):
        laptop.do("ticket.accept", ticket="KT1")
    apart.first_then_second()
    [(kept, lost)] = apart.village.ask("SELECT kept, lost FROM conflict")
    sides = [UUID(str(side).strip('"')) for side in (kept, lost)]
    assert sides == [apart.village.director, apart.people["李四"]]


def test_two_tickets_that_got_one_code_are_told_apart_and_both_found_by_it(apart: Apart) -> None:
    """The second gets a tail, and is still found by the code on its slip."""
    for laptop, what in ((apart.a, "灯坏了"), (apart.b, "门坏了")):
        laptop.do("ticket.report", what=what, code="KT7")
    apart.first_then_second()
    found = apart.village.ask("SELECT code, number, search FROM ticket WHERE number > 2 ORDER BY number")
    assert [code[:4] for code, _, _ in found] == ["KT7", "KT7-"]
    assert [number for _, number, _ in found] == [3, 4]
    assert all("kt7" in search.lower() for _, _, search in found)
