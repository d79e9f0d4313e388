"""What a person's card of duty asks of the store, and changes of it as intents; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.queries_people import MembershipView, person_card
from models.community.queries_places import teams
from models.duty.queries_balances import balance_story
from models.duty.queries_on_duty import DutyPersonCard, SaidLine, duty_person
from models.duty.rules import MINUTES_A_DAY, AvailabilityKind
from models.operations.envelope import Intent
from models.operations.roles import KEEPERS, WORKERS
from tui import edge
from tui.desk import Desk

SAID, PAIR, SHIFT, MEMBER = "availability", "duty_pair", "shift", "team_member"
#: What of a card's ties can be ended there.
ENDS: Final = frozenset({SAID, PAIR, MEMBER})


@dataclass(frozen=True, slots=True)
class View:
    """Everything a card shows. `owed` in points, None of somebody who has never been in a turn; `pools` names by id."""

    card: DutyPersonCard
    teams: tuple[MembershipView, ...]
    pools: Mapping[UUID, str]
    owed: int | None
    zone: ZoneInfo
    today: date
    works: bool
    keeps: bool


def look(desk: Desk, person_id: UUID) -> View | None:
    """Read somebody's duty."""
    compound_id, today, now = desk.seat.compound_id, desk.today(), edge.clock()
    works, keeps = desk.may(WORKERS), desk.may(KEEPERS)
    with desk.store.read() as session:
        card = duty_person(session, compound_id, person_id, today=today, now=now)
        person = person_card(session, compound_id, person_id, today=today)
        if card is None or person is None:
            return None
        story = balance_story(session, compound_id, person_id, now=now)
        return View(
            card=card,
            teams=tuple(one for one in person.teams if one.current),
            pools={team.id: team.name for team in teams(session, compound_id, today=today)},
            owed=story.owed if story is not None and (story.months or story.settled) else None,
            zone=ZoneInfo(desk.seat.zone),
            today=today,
            works=works,
            keeps=keeps,
        )


def is_days_off(said: SaidLine) -> bool:
    """Whether it is whole days on end on which somebody cannot, as the form of days off has them."""
    whole = (said.starts, said.ends) == (0, MINUTES_A_DAY)
    return (
        said.kind == AvailabilityKind.CANNOT
        and whole
        and not said.weekdays
        and said.since is not None
        and said.until is not None
    )


def pairing(card: DutyPersonCard, other: UUID, *, together: bool) -> list[Intent]:
    """Return what says that two want to sit together or must not; what was said so before comes back."""
    standing = next((pair for pair in card.pairs if pair.other_id == other), None)
    if standing is not None and standing.archived and standing.together is together:
        return [Intent("duty_pair.unarchive", {"duty_pair": str(standing.id)})]
    payload = {"id": str(edge.new_id()), "person": str(card.person.id), "other": str(other)}
    return [Intent("duty_pair.add", {**payload, "together": together})]


def joining(person_id: UUID, team_id: UUID) -> list[Intent]:
    """Return what lets somebody belong to a pool."""
    payload = {"id": str(edge.new_id()), "team": str(team_id), "person": str(person_id)}
    return [Intent("team.join", payload)]
