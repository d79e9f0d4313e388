"""Roles, teams, homes, contacts and responsibilities over time, and two rows that are one thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from registering import TODAY, Register, made, refusal
from simulation.devices import Laptop, verdict_of

from models.community import queries
from models.community.rules import Relation
from models.operations.roles import Role
from models.operations.verdicts import Merged

Settle = Callable[..., UUID]
ActingAs = Callable[..., Laptop]


# -- homes over time -------------------------------------------------------------------


def test_a_household_knows_who_lived_there_when(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101", "张三")
    left = register.household("1-1-101").occupancies[0].id
    laptop.do("occupancy.end", occupancy=str(left), until="2026-01-01")
    laptop.do("person.add", name="李四")
    laptop.do("occupancy.start", household="1-1-101", person="李四", relation="tenant", since="2026-01-01")
    present, past = register.household("1-1-101").occupancies
    assert (present.name, present.relation, present.since, present.current) == (
        ("李四", Relation.TENANT, date(2026, 1, 1), True)
    )
    assert (past.name, past.until, past.current) == ("张三", date(2026, 1, 1), False)
    assert register.codes("张三") == []
    assert register.codes("张三", today=date(2025, 12, 31)) == ["1-1-101"]
    [line] = register.ask("page_households")
    assert (line.owners, line.residents) == ((), 1)


def test_an_occupancy_without_a_day_begins_today(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李四")
    laptop.do("occupancy.start", household="1-1-101", person="李四")
    assert register.household("1-1-101").occupancies[0].since == TODAY


def test_the_same_occupancy_started_twice_is_one(laptop: Laptop, settle: Settle) -> None:
    settle("1-1-101", "张三")
    again = laptop.do("occupancy.start", household="1-1-101", person="张三", relation="owner")
    assert isinstance(verdict_of(again), Merged)
    other = laptop.do("occupancy.start", household="1-1-101", person="张三", relation="tenant")
    assert not isinstance(verdict_of(other), Merged)


def test_a_span_ends_once_and_not_before_it_began(laptop: Laptop, settle: Settle) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李四")
    start = laptop.do("occupancy.start", household="1-1-101", person="李四", since="2026-02-01")
    occupancy = str(made(start))
    early = laptop.attempt("occupancy.end", occupancy=occupancy, until="2026-01-01")
    assert refusal(early) == "span.before_start"
    laptop.do("occupancy.end", occupancy=occupancy, until="2026-02-10")
    late = laptop.attempt("occupancy.end", occupancy=occupancy, until="2026-02-20")
    assert refusal(late) == "span.ended"
    backwards = laptop.attempt(
        "occupancy.start", household="1-1-101", person="李四", since="2026-02-01", until="2026-01-01"
    )
    assert refusal(backwards) == "payload.invalid"


def test_what_names_nobody_is_refused(laptop: Laptop, settle: Settle) -> None:
    settle("1-1-101")
    nobody = laptop.attempt("occupancy.start", household="1-1-101", person=str(laptop.ids()))
    assert refusal(nobody) == "row.unknown"


# -- roles -----------------------------------------------------------------------------


def test_a_role_holds_for_its_term_only(laptop: Laptop, register: Register) -> None:
    person = made(laptop.do("person.add", name="李梅"))
    laptop.do("role.grant", person="李梅", role="treasurer", since="2026-03-02", until="2026-04-01")
    ask = lambda day: register.ask("page_people", role=Role.TREASURER, today=day)  # noqa: E731
    assert [len(ask(date(2026, *day))) for day in ((3, 1), (3, 2), (3, 31), (4, 1))] == [0, 1, 1, 0]
    her = replace(laptop, person_id=person)
    her.do("building.add", code="1")
    laptop.clock.now = laptop.clock.now.replace(month=4)
    assert refusal(her.attempt("building.add", code="2")) == "role.missing"


def test_a_building_lead_is_named_at_the_building(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101", "李梅")
    laptop.do("role.grant", person="李梅", role="building_lead", building="1栋")
    [line] = register.ask("buildings")
    assert (line.households, line.people, line.leads) == (1, 1, ("李梅",))
    [term] = register.person("李梅").roles
    assert (term.role, term.building_code, term.since, term.current) == (
        (Role.BUILDING_LEAD, "1", TODAY, True)
    )


@pytest.mark.parametrize("kind", ["role_term.end", "role_term.archive"])
def test_the_last_director_stays(laptop: Laptop, register: Register, kind: str) -> None:
    term = register.person("王德胜").roles[0].id
    assert refusal(laptop.attempt(kind, role_term=str(term))) == "role.last_director"
    assert refusal(laptop.attempt("person.archive", person="王德胜")) == "role.last_director"
    laptop.do("person.add", name="李梅")
    laptop.do("role.grant", person="李梅", role="director")
    laptop.do(kind, role_term=str(term))
    assert register.ask("default_actor") == register.person("李梅").id


def test_an_ended_role_is_taken_up_again_by_undo(laptop: Laptop, register: Register) -> None:
    laptop.do("person.add", name="李梅")
    term = made(laptop.do("role.grant", person="李梅", role="volunteer", since="2026-01-01"))
    ended = laptop.do("role_term.end", role_term=str(term))
    assert [role.current for role in register.person("李梅").roles] == [False]
    assert laptop.undo(ended.group_id).refused is None
    assert [role.current for role in register.person("李梅").roles] == [True]


def test_a_made_up_role_is_refused(laptop: Laptop) -> None:
    wrong = laptop.attempt("role.grant", person="王德胜", role="emperor")
    assert refusal(wrong) == "payload.invalid"


# -- teams, contacts, responsibilities ---------------------------------------------------


def test_a_team_is_one_by_its_name_and_a_member_joins_once(laptop: Laptop, register: Register) -> None:
    laptop.do("team.add", name="排水队")
    assert isinstance(verdict_of(laptop.do("team.add", name=" 排水队 ", note="周三")), Merged)
    laptop.do("team.join", team="psd", person="wds")
    assert isinstance(verdict_of(laptop.do("team.join", team="排水队", person="王德胜")), Merged)
    [team] = register.ask("teams")
    assert (team.note, [member.name for member in team.members]) == ("周三", ["王德胜"])
    assert register.names(team=team.id) == ["王德胜"]
    left = laptop.do("team_member.end", team_member=str(team.members[0].id))
    assert register.ask("teams")[0].members == ()
    assert [member.current for member in register.person("王德胜").teams] == [False]
    assert laptop.undo(left.group_id).refused is None
    assert len(register.ask("teams")[0].members) == 1


def test_a_contact_hands_over_on_the_day_the_next_begins(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李梅")
    laptop.do("contact.assign", household="1-1-101", person="王德胜", since="2026-01-01")
    laptop.do("contact.assign", household="1-1-101", person="李梅", since="2026-02-01")
    contacts = register.household("1-1-101").contacts
    assert [(one.name, one.since, one.until) for one in contacts] == [
        ("李梅", date(2026, 2, 1), None),
        ("王德胜", date(2026, 1, 1), date(2026, 2, 1)),
    ]
    assert register.ask("page_households")[0].contact == "李梅"
    assert register.ask("page_households", today=date(2026, 1, 15))[0].contact == "王德胜"
    assert [home.code for home in register.person("李梅").contact_of] == ["1-1-101"]
    assert [line.name for line in register.ask("contacts")] == ["李梅"]
    assert register.ask("contacts", person=register.person("王德胜").id) == ()


def test_a_contact_typed_in_late_holds_until_the_one_who_followed(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李梅")
    laptop.do("contact.assign", household="1-1-101", person="李梅", since="2026-02-01")
    laptop.do("contact.assign", household="1-1-101", person="王德胜", since="2025-06-01")
    contacts = register.household("1-1-101").contacts
    assert [(one.name, one.until, one.current) for one in contacts] == [
        ("李梅", None, True),
        ("王德胜", date(2026, 2, 1), False),
    ]


def test_a_contact_taken_back_lets_the_one_before_go_on(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李梅")
    laptop.do("contact.assign", household="1-1-101", person="王德胜", since="2026-01-01")
    change = laptop.do("contact.assign", household="1-1-101", person="李梅")
    assert laptop.undo(change.group_id).refused is None
    assert [(one.name, one.until) for one in register.household("1-1-101").contacts] == [("王德胜", None)]


def test_the_same_contact_assigned_twice_is_one(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101")
    laptop.do("contact.assign", household="1-1-101", person="王德胜", since="2026-01-01")
    again = laptop.do("contact.assign", household="1-1-101", person="王德胜")
    assert isinstance(verdict_of(again), Merged)
    assert len(register.household("1-1-101").contacts) == 1


def test_home_counts_who_is_visited_by_nobody(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101", "张三")
    settle("1-1-102")
    laptop.do("contact.assign", household="1-1-101", person="王德胜")
    assert register.ask("home_counts") == queries.HomeCounts(
        buildings=1, households=2, people=2, workers=1, teams=0, without_contact=1
    )


def test_everything_has_somebody_who_answers_for_it(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("10-1-101")
    settle("2-1-101")
    for place, subject in (("花园", "garden"), ("东路", "road"), ("水泵", "facility")):
        laptop.do("responsibility.assign", subject=subject, place=place, person="王德胜")
    for building in ("10", "2"):
        laptop.do("responsibility.assign", subject="building", building=building, person="王德胜")
    said = [(line.subject, line.building_code or line.place) for line in register.ask("responsibilities")]
    assert said == [
        ("building", "2"),
        ("building", "10"),
        ("facility", "水泵"),
        ("road", "东路"),
        ("garden", "花园"),
    ]
    road = register.ask("responsibilities")[3]
    laptop.do("responsibility.end", responsibility=str(road.id))
    assert len(register.ask("responsibilities")) == 4
    past = register.ask("responsibilities", past=True)[-1]
    assert (past.place, past.current) == ("东路", False)
    again = laptop.do("responsibility.assign", subject="garden", place="花园", person="王德胜")
    assert isinstance(verdict_of(again), Merged)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "building"},
        {"subject": "road"},
        {"subject": "road", "building": "1", "place": "东路"},
        {"subject": "moon", "place": "月"},
    ],
)
def test_a_responsibility_names_its_subject(laptop: Laptop, settle: Settle, fields: dict[str, str]) -> None:
    settle("1-1-101")
    assert refusal(laptop.attempt("responsibility.assign", fields, person="王德胜")) == "payload.invalid"


@pytest.mark.parametrize(
    ("kind", "noun", "fields"),
    [
        ("occupancy.start", "occupancy", {"household": "1-1-101", "person": "李梅"}),
        ("role.grant", "role_term", {"person": "李梅", "role": "volunteer"}),
        ("team.join", "team_member", {"team": "排水队", "person": "李梅"}),
        ("contact.assign", "contact", {"household": "1-1-101", "person": "李梅"}),
        ("responsibility.assign", "responsibility", {"subject": "road", "place": "东路", "person": "李梅"}),
    ],
)
def test_a_span_is_undone_and_one_that_was_used_is_not(
    laptop: Laptop, settle: Settle, kind: str, noun: str, fields: dict[str, str]
) -> None:
    settle("1-1-101")
    laptop.do("person.add", name="李梅")
    laptop.do("team.add", name="排水队")
    begun = laptop.do(kind, fields)
    [(archived,)] = laptop.ask(f"SELECT archived FROM {noun} WHERE id = '{made(begun).hex}'")  # noqa: S608
    assert archived == 0
    assert laptop.undo(begun.group_id).refused is None
    [(archived,)] = laptop.ask(f"SELECT archived FROM {noun} WHERE id = '{made(begun).hex}'")  # noqa: S608
    assert archived == 1
    assert refusal(laptop.undo(begun.group_id)) == "undo.already"


# -- two that are one ----------------------------------------------------------------------


def test_two_people_who_are_one_keep_every_home_role_and_duty(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101", {"name": "李梅", "relation": "owner"})
    settle("1-1-102", {"name": "李玫", "relation": "tenant"})
    laptop.do("team.add", name="排水队")
    for kind, fields in (
        ("role.grant", {"role": "volunteer"}),
        ("team.join", {"team": "排水队"}),
        ("contact.assign", {"household": "1-1-101"}),
        ("responsibility.assign", {"subject": "road", "place": "东路"}),
    ):
        laptop.do(kind, {**fields, "person": "李玫"})
    double = register.person("李玫").id
    merged = laptop.do("person.merge", person="李玫", into="李梅")
    card = register.person("李梅")
    assert verdict_of(merged) == Merged(card.id)
    assert [home.code for home in card.homes] == ["1-1-101", "1-1-102"]
    assert [term.role for term in card.roles] == [Role.VOLUNTEER]
    assert [membership.team for membership in card.teams] == ["排水队"]
    assert [home.code for home in card.contact_of] == ["1-1-101"]
    assert [duty.place for duty in card.answers_for] == ["东路"]
    assert register.person("李玫").archived
    laptop.do("person.edit", person=str(double), new={"note": "后来的话"})
    assert register.person("李梅").note == "后来的话"
    assert refusal(laptop.attempt("person.merge", person=str(double), into="李梅")) == "merge.same"
    assert refusal(laptop.undo(merged.group_id)) == "undo.impossible"


def test_two_households_that_are_one_keep_their_people_and_contacts(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101", "张三")
    double = settle("1-1-0A101", "李四")
    laptop.do("contact.assign", household=str(double), person="王德胜")
    laptop.do("household.merge", household=str(double), into="1-1-101")
    assert sorted(register.people_in("1-1-101")) == ["张三", "李四"]
    assert [one.name for one in register.household("1-1-101").contacts] == ["王德胜"]
    assert register.codes() == ["1-1-101"]
    laptop.do("household.edit", household=str(double), new={"area": 5000})
    assert register.household("1-1-101").area == 5000


def test_who_acted_last_acts_again_even_after_a_merge(laptop: Laptop, register: Register) -> None:
    double = made(laptop.do("person.add", name="李玫"))
    with laptop.store.write() as session:
        queries.remember_actor(session, laptop.compound_id, double)
    assert register.ask("default_actor") == double
    kept = made(laptop.do("person.add", name="李梅"))
    laptop.do("person.merge", person="李玫", into="李梅")
    assert register.ask("default_actor") == kept
    laptop.do("person.archive", person="李梅")
    assert register.ask("default_actor") == laptop.person_id


def test_merging_two_entries_of_one_person_leaves_one_home_and_one_role(
    laptop: Laptop, register: Register
) -> None:
    """Somebody imported twice under two spellings is the usual reason to merge at all."""
    laptop.do("household.add", code="1-1-101")
    for name in ("张三", "张 三丰"):
        laptop.do("person.add", name=name)
        laptop.do("occupancy.start", household="1-1-101", person=name, relation="owner", since="2020-01-01")
        laptop.do("role.grant", person=name, role="volunteer", since="2021-01-01")
    laptop.do(
        "occupancy.end", occupancy=str(register.household("1-1-101").occupancies[0].id), until="2030-01-01"
    )
    laptop.do("occupancy.reopen", occupancy=str(register.household("1-1-101").occupancies[0].id))
    laptop.do("person.merge", person="张 三丰", into="张三")
    assert [
        (one.name, one.since and one.since.isoformat()) for one in register.household("1-1-101").occupancies
    ] == [("张三", "2020-01-01")]
    assert laptop.ask("SELECT count(*) FROM role_term WHERE role = 'volunteer' AND NOT archived") == [(1,)]


def test_merging_fills_what_is_blank_and_keeps_what_differs(laptop: Laptop) -> None:
    laptop.do("person.add", name="李梅", phones=["13800000000"], note="独居")
    laptop.do("person.add", name="李 梅 ", sex="female", note="耳背")
    first, second = (
        UUID(row[0]) for row in laptop.ask("SELECT id FROM person WHERE name LIKE '李%' ORDER BY id")
    )
    laptop.do("person.merge", person=str(first), into=str(second))
    (stands,) = laptop.ask("SELECT phones, sex, note FROM person WHERE id = ?", second.hex)
    assert stands == ('["13800000000"]', "female", "耳背")
    ((field, lost),) = laptop.ask("SELECT field, lost FROM conflict")
    assert (field, json.loads(lost)) == ("note", "独居")


def test_nobody_becomes_director_by_merging(laptop: Laptop, acting_as: ActingAs) -> None:
    lead = acting_as("building_lead")
    reason = refusal(lead.attempt("person.merge", person=str(laptop.person_id), into=str(lead.person_id)))
    assert reason == "role.missing"


def test_the_last_director_is_not_ended_by_reopening_or_by_archived_colleagues(laptop: Laptop) -> None:
    (term,) = laptop.ask("SELECT id FROM role_term WHERE role = 'director'")[0]
    ending = laptop.attempt("role_term.reopen", role_term=str(UUID(term)), until="2035-01-01")
    assert refusal(ending) == "role.last_director"
    laptop.do("person.add", name="李梅")
    laptop.do("role.grant", person="李梅", role="director")
    laptop.do("person.archive", person="李梅")
    assert refusal(laptop.attempt("role_term.end", role_term=str(UUID(term)))) == "role.last_director"
