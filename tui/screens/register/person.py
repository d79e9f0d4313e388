"""A person's card: fields, homes, roles, teams, visits and duties, and what can be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.community import queries
from models.community.rules import Subject
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.roles import Role
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Values
from tui.screens.duty.person_duty import SHIFTS_HERE, DutyHere, duty_here
from tui.screens.picking import pick_household, pick_person
from tui.screens.register.card import END, CardScreen, CardView
from tui.screens.register.fields import (
    day_field,
    day_value,
    differing,
    person_fields,
    person_stands,
    person_values,
    relation_field,
)
from tui.screens.register.person_ties import facts_of, ties_of
from tui.screens.register.words import (
    ROLES,
    SUBJECTS,
    archived_mark,
    building_word,
    listed,
    role_word,
    subject_word,
)
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.ties import REPORT_HERE, TICKETS_HERE, tickets_here
from tui.widgets.fields import ChoiceField, Field, PickField, TextField
from tui.widgets.picker import Option
from tui.widgets.text import Tone

EDIT = action("register.edit", "1", footer=False)
ADD_HOME = action("register.add_home", "2", footer=False)
GRANT = action("register.grant", "4", footer=False)
JOIN = action("register.join", "5", footer=False)
VISIT = action("register.visit", "6", footer=False)
ASSIGN = action("register.assign", "7", footer=False)
MERGE = action("register.merge_person", "8", footer=False)
ARCHIVE = action("register.archive_person", "9", footer=False)
_NEW_TEAM = "new"
_Coded = Callable[[str, str], object]


class PersonScreen(CardScreen):
    """One person."""

    ROOM: ClassVar[str] = "person"
    DEEDS: ClassVar[tuple[Action, ...]] = (
        EDIT, ADD_HOME, END, GRANT, JOIN, VISIT, ASSIGN, MERGE, ARCHIVE, REPORT_HERE, TICKETS_HERE,
    )  # fmt: skip
    ACTIONS: ClassVar[tuple[Action, ...]] = (*DEEDS, SHIFTS_HERE)

    def no_ties(self) -> str:
        return t("register.no_ties")

    @property
    def card(self) -> queries.PersonCard:
        card: queries.PersonCard = known(self.view).card
        return card

    def reread(self) -> None:
        self.read(partial(look, person_id=self.row_id), self._show_first, latest="card")

    def _show_first(self, view: CardView | None) -> None:
        self.show_view(view)
        if view is not None:
            # What they owe takes everybody's shifts to know, and nobody should wait for the card because of that.
            self.read(partial(duty_here, person_id=self.row_id), self._show_duty, latest="duty")

    def _show_duty(self, duty: DutyHere | None) -> None:
        if duty is not None and self.view is not None:
            view = self.view
            self.show_view(replace(view, facts=(*view.facts, duty.fact), ties=(duty.tie(), *view.ties)))

    def why_not(self, action_id: str) -> str | None:
        reason = super().why_not(action_id)
        shut = {made.id for made in self.DEEDS} - {ARCHIVE.id, TICKETS_HERE.id}
        if reason is None and action_id in shut and self.view is not None and self.view.archived:
            return t("register.bring_back_first")
        return reason

    # Fields

    def do_edit(self) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            old, new = differing(person_stands(card), person_values(values))
            return [Intent("person.edit", {"person": str(card.id), "old": old, "new": new})] if new else []

        self.fill_in(
            t("register.edit_title", what=card.name),
            person_fields(card),
            plan,
            lambda _values: t("register.edit_done", what=card.name),
            draft=f"person:{card.id}",
        )

    # Tickets

    def do_report_here(self) -> None:
        self.linli.enter("report_ticket", person_id=self.row_id)

    def do_here(self) -> None:
        self.linli.enter("tickets", person_id=self.row_id, title=self.card.name)

    # Duty

    def do_shifts_here(self) -> None:
        self.linli.enter("my_shifts", person_id=self.row_id)

    # Households

    def do_add_home(self) -> None:
        picker = pick_household(t("register.which_home", name=self.card.name))
        self._show_modal(picker, lambda chosen: self._with_code(chosen, self._add_home))

    def do_visit(self) -> None:
        picker = pick_household(t("register.which_visit", name=self.card.name))
        self._show_modal(picker, lambda chosen: self._with_code(chosen, self._visit))

    def _with_code(self, household_id: str, then: _Coded) -> None:
        self.ask(partial(_code_of, household_id=UUID(household_id)), partial(then, household_id))

    def _add_home(self, household_id: str, code: str) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            payload = {
                "id": str(edge.new_id()),
                "household": household_id,
                "person": str(card.id),
                "relation": str(values["relation"]),
                "since": day_value(values["since"]),
            }
            return [Intent("occupancy.start", payload)]

        self.fill_in(
            t("register.occupant_title", name=card.name, code=code),
            [relation_field(), self._since()],
            plan,
            lambda _values: t("register.occupant_done", name=card.name, code=code),
            draft=f"occupant:{household_id}:{card.id}",
        )

    def _visit(self, household_id: str, code: str) -> None:
        payload = {"id": str(edge.new_id()), "household": household_id, "person": str(self.card.id)}
        said = t("register.contact_done", name=self.card.name, code=code)
        self.change([Intent("contact.assign", payload)], said)

    # Roles, teams, duties

    def do_grant(self) -> None:
        self.ask(_buildings, self._ask_role)

    def _ask_role(self, buildings: Sequence[Option]) -> None:
        card = self.card
        roles = tuple((role.value, role_word(role)) for role in ROLES)
        fields: list[Field] = [
            ChoiceField(id="role", label=t("register.role"), value="volunteer", required=True, options=roles),
            *self._building_field(buildings, t("register.lead_of_hint")),
            self._since(),
            day_field("until", t("register.term_end"), None, hint=t("register.term_end_hint")),
        ]

        def plan(values: Values) -> Sequence[Intent]:
            payload = {
                "id": str(edge.new_id()),
                "person": str(card.id),
                "role": str(values["role"]),
                "since": day_value(values["since"]),
                "until": day_value(values["until"]),
            }
            if values["role"] == Role.BUILDING_LEAD and values.get("building"):
                payload["building"] = str(values["building"])
            return [Intent("role.grant", payload)]

        self.fill_in(
            t("register.grant_title", name=card.name),
            fields,
            plan,
            lambda values: t(
                "register.grant_done", name=card.name, role=role_word(Role(str(values["role"])))
            ),
            draft=f"grant:{card.id}",
        )

    def do_join(self) -> None:
        self.ask(_teams, self._offer_teams)

    def _offer_teams(self, teams: Sequence[Option]) -> None:
        mine = {str(one.team_id) for one in self.card.teams if one.current}
        options = [
            Option(team.id, team.text, team.note, team.search, t("register.in_team"))
            if team.id in mine
            else team
            for team in teams
        ]
        options.append(Option(_NEW_TEAM, t("register.new_team"), t("register.new_team_note")))
        names = {option.id: option.text for option in options}
        self.choose(
            t("register.which_team", name=self.card.name),
            options,
            lambda chosen: self._new_team() if chosen == _NEW_TEAM else self._join(chosen, names[chosen]),
        )

    def _join(self, team_id: str, team: str) -> None:
        payload = {"id": str(edge.new_id()), "team": team_id, "person": str(self.card.id)}
        self.change([Intent("team.join", payload)], t("register.join_done", name=self.card.name, team=team))

    def _new_team(self) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            team_id = str(edge.new_id())
            return [
                Intent("team.add", {"id": team_id, "name": str(values["name"])}),
                Intent("team.join", {"id": str(edge.new_id()), "team": team_id, "person": str(card.id)}),
            ]

        self.fill_in(
            t("register.new_team"),
            [TextField(id="name", label=t("register.team_name"), required=True, longest=LONGEST_NAME)],
            plan,
            lambda values: t("register.join_done", name=card.name, team=values["name"]),
            draft="team",
        )

    def do_assign(self) -> None:
        self.ask(_buildings, self._ask_duty)

    def _ask_duty(self, buildings: Sequence[Option]) -> None:
        card = self.card
        subjects = tuple((subject.value, subject_word(subject)) for subject in SUBJECTS)
        fields: list[Field] = [
            ChoiceField(
                id="subject",
                label=t("register.duty"),
                value=Subject.BUILDING.value if buildings else Subject.FACILITY.value,
                required=True,
                options=subjects if buildings else subjects[1:],
            ),
            *self._building_field(buildings, t("register.building_hint")),
            TextField(
                id="place", label=t("register.place"), hint=t("register.place_hint"), longest=LONGEST_NAME
            ),
            self._since(),
            TextField(id="note", label=t("register.note"), longest=2000),
        ]
        names = {option.id: option.text for option in buildings}

        def plan(values: Values) -> Sequence[Intent]:
            payload = {
                "id": str(edge.new_id()),
                "subject": str(values["subject"]),
                "person": str(card.id),
                "since": day_value(values["since"]),
                "note": str(values["note"] or ""),
            }
            if values["subject"] == Subject.BUILDING:
                payload |= {"building": str(values["building"])} if values.get("building") else {}
            else:
                payload["place"] = str(values["place"] or "")
            return [Intent("responsibility.assign", payload)]

        def said(values: Values) -> str:
            place = str(values["place"] or "")
            if values["subject"] == Subject.BUILDING:
                place = names.get(str(values.get("building")), "")
            return t("register.assign_done", name=card.name, place=place)

        self.fill_in(
            t("register.assign_title", name=card.name), fields, plan, said, draft=f"assign:{card.id}"
        )

    def _building_field(self, buildings: Sequence[Option], hint: str) -> list[Field]:
        if not buildings:
            return []
        return [PickField(id="building", label=t("register.subject.building"), options=buildings, hint=hint)]

    def _since(self) -> Field:
        return day_field("since", t("register.first_day"), self.linli.context.today(), required=True)

    # Whole people

    def do_merge_person(self) -> None:
        picker = pick_person(t("register.merge_into", what=self.card.name), without=str(self.card.id))
        self._show_modal(picker, lambda chosen: self._ask_merge(UUID(chosen)))

    def _ask_merge(self, into: UUID) -> None:
        if into == self.card.id:
            self.flash(t("register.merge_same"), Tone.WARN)
            return
        self.ask(partial(_card_of, person_id=into), self._confirm_merge)

    def _confirm_merge(self, into: queries.PersonCard | None) -> None:
        if into is None:
            return
        card = self.card
        moving = [
            *(home.code for home in card.homes if home.current),
            *(role_word(term.role) for term in card.roles if term.current),
            *(member.team for member in card.teams if member.current),
        ]
        # Two of one name are told apart by where they live.
        target = listed([into.name, *(home.code for home in into.homes if home.current)])

        def merge() -> None:
            self.change(
                [Intent("person.merge", {"person": str(card.id), "into": str(into.id)})],
                t("register.merged", what=card.name, into=into.name),
                lambda _outcome: self._go_to(into.id),
            )

        self.confirm(
            t(
                "register.merge_person_question",
                what=card.name,
                into=target,
                moving=listed(moving) or t("register.nothing"),
            ),
            verb=t("register.merge_verb", into=into.name),
            safe_verb=t("register.merge_not"),
            then=merge,
        )

    def _go_to(self, person_id: UUID) -> None:
        """Show the person who stands for both now."""
        self.row_id = person_id
        self.reread()

    def do_archive_person(self) -> None:
        verb = "unarchive" if self.card.archived else "archive"
        done = "register.brought_back" if self.card.archived else "register.archive_done"
        self.change([Intent(f"person.{verb}", {"person": str(self.card.id)})], t(done, what=self.card.name))


# Questions, asked in a worker


def look(desk: Desk, person_id: UUID) -> CardView | None:
    """Read a person with everything that ties them to the compound."""
    today = desk.today()
    card = _card_of(desk, person_id)
    if card is None:
        return None
    with desk.store.read() as session:
        tickets = tickets_here(desk, session, Filters(about_id=person_id))
    return CardView(
        heading=_heading(card),
        facts=(*facts_of(card), tickets.fact),
        ties=(*ties_of(card), *tickets.ties()),
        archived=card.archived,
        today=today,
        card=card,
    )


def _heading(card: queries.PersonCard) -> str:
    heading = t("register.person_heading", name=card.name)
    return f"{heading} {archived_mark()}" if card.archived else heading


def _card_of(desk: Desk, person_id: UUID) -> queries.PersonCard | None:
    with desk.store.read() as session:
        return queries.person_card(session, desk.seat.compound_id, person_id, today=desk.today())


def _code_of(desk: Desk, household_id: UUID) -> str:
    with desk.store.read() as session:
        card = queries.household_card(session, desk.seat.compound_id, household_id, today=desk.today())
    return "" if card is None else card.code


def _buildings(desk: Desk) -> tuple[Option, ...]:
    with desk.store.read() as session:
        lines = queries.buildings(session, desk.seat.compound_id, today=desk.today())
    return tuple(Option(str(line.id), building_word(line.code), line.name) for line in lines)


def _teams(desk: Desk) -> tuple[Option, ...]:
    with desk.store.read() as session:
        found = queries.teams(session, desk.seat.compound_id, today=desk.today())
    return tuple(
        Option(str(team.id), team.name, t("register.members", n=len(team.members))) for team in found
    )
