"""A household's card: its fields, who lives, owned and visits there, and what can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.community import queries
from models.fees.queries_desk import owed_by
from models.operations.envelope import Intent
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.fee_words import sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Values
from tui.screens.picking import NEW_PERSON, pick_household, pick_person
from tui.screens.register.card import END, CardScreen, CardView, Tie
from tui.screens.register.fields import (
    day_field,
    day_value,
    differing,
    filled,
    household_fields,
    household_stands,
    household_values,
    person_fields,
    person_values,
    relation_field,
)
from tui.screens.register.words import (
    archived_mark,
    area_text,
    building_word,
    floor_text,
    listed,
    relation_word,
    role_word,
)
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.ties import REPORT_HERE, TICKETS_HERE, tickets_here
from tui.widgets.facts import Fact
from tui.widgets.fields import Field
from tui.widgets.picker import Option
from tui.widgets.text import Mark, Tone

EDIT = action("register.edit", "1", footer=False)
ADD_OCCUPANT = action("register.add_occupant", "2", footer=False)
CONTACT = action("register.set_contact", "4", footer=False)
MERGE = action("register.merge_household", "5", footer=False)
ARCHIVE = action("register.archive", "6", footer=False)
FEES = action("register.fees", "7", footer=False)


class HouseholdScreen(CardScreen):
    """One household."""

    ROOM: ClassVar[str] = "household"
    DEEDS: ClassVar[tuple[Action, ...]] = (
        EDIT, ADD_OCCUPANT, END, CONTACT, MERGE, ARCHIVE, FEES, REPORT_HERE, TICKETS_HERE,
    )  # fmt: skip
    ACTIONS: ClassVar[tuple[Action, ...]] = DEEDS

    def no_ties(self) -> str:
        return t("register.nobody_here")

    @property
    def card(self) -> queries.HouseholdCard:
        card: queries.HouseholdCard = known(self.view).card
        return card

    def reread(self) -> None:
        self.read(partial(look, household_id=self.row_id), self.show_view, latest="card")

    def why_not(self, action_id: str) -> str | None:
        reason = super().why_not(action_id)
        shut = {EDIT.id, ADD_OCCUPANT.id, CONTACT.id, MERGE.id, END.id, REPORT_HERE.id}
        if reason is None and action_id in shut and self.view is not None and self.view.archived:
            return t("register.bring_back_first")
        return reason

    # Fields

    def do_edit(self) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            old, new = differing(household_stands(card), household_values(values))
            payload = {"household": str(card.id), "old": old, "new": new}
            return [Intent("household.edit", payload)] if new else []

        self.fill_in(
            t("register.edit_title", what=card.code),
            household_fields(card),
            plan,
            lambda _values: t("register.edit_done", what=card.code),
            draft=f"household:{card.id}",
        )

    # People

    def do_add_occupant(self) -> None:
        picker = pick_person(t("register.who_moves_in", code=self.card.code), new=True)
        self._show_modal(picker, self._occupant_chosen)

    def _occupant_chosen(self, chosen: str) -> None:
        if chosen.startswith(NEW_PERSON):
            self._add_new_occupant(chosen.removeprefix(NEW_PERSON))
        else:
            self.ask(partial(_name_of, person_id=UUID(chosen)), partial(self._add_known_occupant, chosen))

    def _add_known_occupant(self, person_id: str, name: str) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            return [_moving_in(card.id, person_id, values)]

        self.fill_in(
            t("register.occupant_title", name=name, code=card.code),
            [relation_field(), self._since_field()],
            plan,
            lambda _values: t("register.occupant_done", name=name, code=card.code),
            draft=f"occupant:{card.id}:{person_id}",
        )

    def _add_new_occupant(self, typed: str) -> None:
        card = self.card
        person_id = str(edge.new_id())
        name, phones, sex, *_ = person_fields(name=typed)

        def plan(values: Values) -> Sequence[Intent]:
            person = filled(person_values({"skills": "", "note": "", **values}))
            return [
                Intent("person.add", {"id": person_id, **person}),
                _moving_in(card.id, person_id, values),
            ]

        self.fill_in(
            t("register.new_occupant_title", code=card.code),
            [name, relation_field(), phones, sex, self._since_field()],
            plan,
            lambda values: t("register.occupant_done", name=values["name"], code=card.code),
            draft=f"new_occupant:{card.id}",
        )

    def _since_field(self) -> Field:
        return day_field("since", t("register.first_day"), self.linli.context.today(), required=True)

    # Contact volunteer

    def do_set_contact(self) -> None:
        self.ask(_workers, self._offer_contacts)

    def _offer_contacts(self, options: Sequence[Option]) -> None:
        if not options:
            self.flash(t("register.no_workers"), Tone.WARN)
            return
        present = next((str(one.person_id) for one in self.card.contacts if one.current), None)
        names = {option.id: option.text for option in options}
        self.choose(
            t("register.who_visits", code=self.card.code),
            options,
            lambda chosen: self._set_contact(chosen, names[chosen], present),
            current=present,
        )

    def _set_contact(self, person_id: str, name: str, present: str | None) -> None:
        if person_id == present:
            self.flash(t("register.nothing_changed"))
            return
        payload = {"id": str(edge.new_id()), "household": str(self.card.id), "person": person_id}
        said = t("register.contact_done", name=name, code=self.card.code)
        self.change([Intent("contact.assign", payload)], said)

    # Whole households

    def do_merge_household(self) -> None:
        picker = pick_household(t("register.merge_into", what=self.card.code), without=str(self.card.id))
        self._show_modal(picker, lambda chosen: self._ask_merge(UUID(chosen)))

    def _ask_merge(self, into: UUID) -> None:
        if into == self.card.id:
            self.flash(t("register.merge_same"), Tone.WARN)
            return
        self.ask(partial(_card_of, household_id=into), self._confirm_merge)

    def _confirm_merge(self, into: queries.HouseholdCard | None) -> None:
        if into is None:
            return
        card = self.card
        moving = listed([one.name for one in card.occupancies if one.current]) or t("register.nobody")

        def merge() -> None:
            self.change(
                [Intent("household.merge", {"household": str(card.id), "into": str(into.id)})],
                t("register.merged", what=card.code, into=into.code),
                lambda _outcome: self._go_to(into.id),
            )

        self.confirm(
            t("register.merge_household_question", what=card.code, into=into.code, people=moving),
            verb=t("register.merge_verb", into=into.code),
            safe_verb=t("register.merge_not"),
            then=merge,
        )

    def _go_to(self, household_id: UUID) -> None:
        """Show the household that stands for both now."""
        self.row_id = household_id
        self.reread()

    def do_report_here(self) -> None:
        self.linli.enter("report_ticket", household_id=self.row_id)

    def do_fees(self) -> None:
        self.linli.enter("collect", household_id=self.row_id)

    def do_here(self) -> None:
        self.linli.enter("tickets", household_id=self.row_id, title=self.card.code)

    def do_archive(self) -> None:
        verb = "unarchive" if self.card.archived else "archive"
        done = "register.brought_back" if self.card.archived else "register.archive_done"
        self.change(
            [Intent(f"household.{verb}", {"household": str(self.card.id)})], t(done, what=self.card.code)
        )


def _moving_in(household_id: UUID, person_id: str, values: Values) -> Intent:
    return Intent(
        "occupancy.start",
        {
            "id": str(edge.new_id()),
            "household": str(household_id),
            "person": person_id,
            "relation": str(values["relation"]),
            "since": day_value(values["since"]),
        },
    )


# Questions, asked in a worker


def look(desk: Desk, household_id: UUID) -> CardView | None:
    """Read a household with its people and the leads of its building."""
    today = desk.today()
    with desk.store.read() as session:
        compound_id = desk.seat.compound_id
        card = queries.household_card(session, compound_id, household_id, today=today)
        if card is None:
            return None
        answering = queries.responsibilities(session, compound_id, today=today, building=card.building_id)
        leads = next(
            (
                line.leads
                for line in queries.buildings(session, compound_id, today=today, archived=True)
                if line.id == card.building_id
            ),
            (),
        )
        tickets = tickets_here(desk, session, Filters(household_id=household_id))
        owed = owed_by(session, compound_id, [household_id]).get(household_id)
    return CardView(
        heading=_heading(card),
        facts=(*_facts(card, leads, [line.name for line in answering], _owing(owed)), tickets.fact),
        ties=(*_present_and_past(card), *tickets.ties()),
        archived=card.archived,
        today=today,
        card=card,
    )


def _heading(card: queries.HouseholdCard) -> str:
    heading = t("register.household_heading", code=card.code)
    return f"{heading} {archived_mark()}" if card.archived else heading


def _facts(
    card: queries.HouseholdCard, leads: Sequence[str], answering: Sequence[str], owing: Fact
) -> tuple[Fact, ...]:
    owners = [one.name for one in card.occupancies if one.current and one.relation == "owner"]
    contact = next((one.name for one in card.contacts if one.current), "")
    area = f"{area_text(card.area)} m²" if card.area is not None else ""
    indoor = f"{area_text(card.indoor_area)} m²" if card.indoor_area is not None else ""
    facts = [
        Fact(
            t("register.building_fact"),
            t("register.unit", building=building_word(card.building_code), unit=card.unit_code),
        ),
        Fact(t("register.floor"), floor_text(card.floor)),
        Fact(t("register.area"), area),
        Fact(t("register.indoor_area"), indoor),
        Fact(t("register.owners"), listed(list(dict.fromkeys(owners)))),
        Fact(t("register.home_phone"), listed(card.phones)),
        Fact(t("register.contact"), contact),
        Fact(t("register.leads"), listed(list(dict.fromkeys([*leads, *answering])))),
        Fact(t("register.kind"), card.kind),
        Fact(t("register.layout"), card.layout),
        Fact(t("register.status"), archived_mark() if card.archived else card.status),
        owing,
        Fact(t("register.note"), card.note),
    ]
    if card.archived and card.status:
        facts.insert(-1, Fact(t("register.status_before"), card.status))
    return tuple(facts)


def _owing(owed: tuple[int, date | None, int] | None) -> Fact:
    """Return what the household owes."""
    if owed is None:
        return Fact(t("screen.fees"), Mark("✓", t("register.owes_nothing"), Tone.GOOD))
    fen, _, bills = owed
    return Fact(t("screen.fees"), Mark("▲", t("register.owes", sum=sum_text(fen), n=bills), Tone.WARN))


def _present_and_past(card: queries.HouseholdCard) -> list[Tie]:
    ties = [
        Tie(
            noun="occupancy",
            id=one.id,
            word=relation_word(one.relation),
            name=one.name,
            detail=listed(one.phones),
            since=one.since,
            until=one.until,
            current=one.current,
            opens=("person", one.person_id),
            ends=t(
                "register.end_owner" if one.relation == "owner" else "register.end_home",
                name=one.name,
                code=card.code,
            ),
        )
        for one in card.occupancies
    ] + [
        Tie(
            noun="contact",
            id=one.id,
            word=t("register.tie_contact"),
            name=one.name,
            detail=listed(one.phones),
            since=one.since,
            until=one.until,
            current=one.current,
            opens=("person", one.person_id),
            ends=t("register.end_contact", name=one.name, code=card.code),
        )
        for one in card.contacts
    ]
    return sorted(ties, key=lambda tie: not tie.current)


def _card_of(desk: Desk, household_id: UUID) -> queries.HouseholdCard | None:
    with desk.store.read() as session:
        return queries.household_card(session, desk.seat.compound_id, household_id, today=desk.today())


def _name_of(desk: Desk, person_id: UUID) -> str:
    with desk.store.read() as session:
        card = queries.person_card(session, desk.seat.compound_id, person_id, today=desk.today())
    return "" if card is None else card.name


def _workers(desk: Desk) -> tuple[Option, ...]:
    """Return those who may visit households, as options."""
    with desk.store.read() as session:
        people = queries.people_for_picker(session, desk.seat.compound_id, today=desk.today())
    return tuple(
        Option(str(person.id), person.name, listed([role_word(role) for role in person.roles]), person.search)
        for person in people
    )
