"""What a person's card shows: facts and ties, made from the card in a worker."""

from __future__ import annotations

from models.community.queries import PersonCard, ResponsibilityLine
from tui.i18n import t
from tui.screens.register.card import Tie
from tui.screens.register.words import (
    archived_mark,
    building_word,
    listed,
    relation_word,
    role_word,
    sex_word,
    subject_word,
)
from tui.widgets.facts import Fact


def facts_of(card: PersonCard) -> tuple[Fact, ...]:
    roles = [role_word(term.role) for term in card.roles if term.current]
    facts = [
        Fact(t("register.name"), card.name),
        Fact(t("register.sex"), sex_word(card.sex)),
        Fact(t("register.phones"), listed(card.phones)),
        Fact(t("register.roles"), listed(list(dict.fromkeys(roles)))),
        Fact(t("register.skills"), listed(card.skills)),
        Fact(t("register.note"), card.note),
    ]
    if card.archived:
        facts.insert(1, Fact(t("register.status"), archived_mark()))
    return tuple(facts)


def ties_of(card: PersonCard) -> tuple[Tie, ...]:
    """Return homes, roles, teams, visits and duties; what holds now comes before what is over."""
    ties = [*_homes(card), *_roles(card), *_teams(card), *_visits(card), *_duties(card)]
    return tuple(sorted(ties, key=lambda tie: not tie.current))


def _homes(card: PersonCard) -> list[Tie]:
    return [
        Tie(
            noun="occupancy",
            id=home.id,
            word=t("register.tie_home"),
            name=home.code,
            detail=relation_word(home.relation) if home.relation else "",
            since=home.since,
            until=home.until,
            current=home.current,
            opens=("household", home.household_id),
            ends=t(
                "register.end_owner" if home.relation == "owner" else "register.end_home",
                name=card.name,
                code=home.code,
            ),
        )
        for home in card.homes
    ]


def _roles(card: PersonCard) -> list[Tie]:
    return [
        Tie(
            noun="role_term",
            id=term.id,
            word=t("register.tie_role"),
            name=role_word(term.role),
            detail=building_word(term.building_code) if term.building_code else "",
            since=term.since,
            until=term.until,
            current=term.current,
            ends=t("register.end_role", name=card.name, role=role_word(term.role)),
        )
        for term in card.roles
    ]


def _teams(card: PersonCard) -> list[Tie]:
    return [
        Tie(
            noun="team_member",
            id=member.id,
            word=t("register.tie_team"),
            name=member.team,
            detail="",
            since=member.since,
            until=member.until,
            current=member.current,
            ends=t("register.end_team", name=card.name, team=member.team),
        )
        for member in card.teams
    ]


def _visits(card: PersonCard) -> list[Tie]:
    return [
        Tie(
            noun="contact",
            id=home.id,
            word=t("register.tie_visit"),
            name=home.code,
            detail="",
            since=home.since,
            until=home.until,
            current=home.current,
            opens=("household", home.household_id),
            ends=t("register.end_contact", name=card.name, code=home.code),
        )
        for home in card.contact_of
    ]


def _duties(card: PersonCard) -> list[Tie]:
    return [
        Tie(
            noun="responsibility",
            id=line.id,
            word=t("register.tie_duty"),
            name=place_of(line),
            detail=listed([subject_word(line.subject), line.note]),
            since=line.since,
            until=line.until,
            current=line.current,
            ends=t("register.end_duty", name=card.name, place=place_of(line)),
        )
        for line in card.answers_for
    ]


def place_of(line: ResponsibilityLine) -> str:
    """Return what somebody answers for, as people call it."""
    return building_word(line.building_code) if line.building_code else line.place
