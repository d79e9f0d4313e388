"""The lists of who takes turns, as values: their columns, and pages of rows read from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.queries_people import PersonLine
from models.community.queries_places import TeamView, teams
from models.duty.queries_on_duty import (
    DutyPersonLine,
    SaidLine,
    ShareLine,
    count_on_duty,
    duty_person,
    page_on_duty,
)
from models.duty.queries_setup import PostLine, posts
from models.duty.rules import AvailabilityKind
from models.operations.envelope import Intent
from models.operations.roles import KEEPERS, WORKERS
from tui import edge
from tui.desk import Desk
from tui.duty_words import availability_text, clock_text, day_text
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.widgets.rows import Column, RowView
from tui.widgets.search import folded
from tui.widgets.text import Mark, Tone

TURNS, PAUSED, OTHERS, POOLS = "turns", "paused", "others", "pools"
_PLAIN_SHARE: Final = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How much each list holds, and whether whoever acts may change who takes turns."""

    by_view: Mapping[str, int]
    may: bool


def counts(desk: Desk) -> Counts:
    """Count the lists."""
    compound_id, today = desk.seat.compound_id, desk.today()
    may = desk.may(KEEPERS)
    with desk.store.read() as session:
        found = {
            TURNS: count_on_duty(session, compound_id, today=today),
            PAUSED: count_on_duty(session, compound_id, today=today, paused=True),
            OTHERS: count_on_duty(session, compound_id, today=today, others=True),
            POOLS: len(teams(session, compound_id, today=today)),
        }
    return Counts(found, may)


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a list; the least needed go first on a narrow terminal."""
    if view == POOLS:
        return (
            Column(t("duty_setup.pool"), 14, priority=9, grow=True),
            Column(t("duty_setup.members"), 7, priority=8, align="right"),
            Column(t("duty_setup.who"), 20, priority=6, grow=True),
            Column(t("duty_setup.posts"), 20, priority=7, grow=True),
        )
    return (
        Column(t("register.name"), 10, priority=9),
        Column(t("duty_setup.state"), 14, priority=8),
        Column(t("duty_setup.said"), 24, priority=7, grow=True),
        Column(t("duty_setup.pools"), 12, priority=6, grow=True),
        Column(t("duty_setup.share"), 6, priority=5, align="right"),
        Column(t("duty_setup.next_shift"), 16, priority=4),
        Column(t("register.roles"), 12, priority=3, grow=True),
    )


class DutyRows:
    """The rows of one list that hold a text."""

    def __init__(self, view: str, text: str) -> None:
        self._view, self._text = view, text

    def count(self, desk: Desk) -> int:
        if self._view == POOLS:
            return len(self._pools(desk))
        with desk.store.read() as session:
            return count_on_duty(
                session,
                desk.seat.compound_id,
                today=desk.today(),
                text=self._text,
                paused=self._view == PAUSED,
                others=self._view == OTHERS,
            )

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        if self._view == POOLS:
            return self._pools(desk)[offset : offset + limit]
        today, zone = desk.today(), ZoneInfo(desk.seat.zone)
        with desk.store.read() as session:
            lines = page_on_duty(
                session,
                desk.seat.compound_id,
                today=today,
                now=edge.clock(),
                text=self._text,
                paused=self._view == PAUSED,
                others=self._view == OTHERS,
                offset=offset,
                limit=limit,
            )
        return [_person(line, today, zone, others=self._view == OTHERS) for line in lines]

    def _pools(self, desk: Desk) -> list[RowView]:
        with desk.store.read() as session:
            found = teams(session, desk.seat.compound_id, today=desk.today())
            theirs = posts(session, desk.seat.compound_id)
        return [_pool(team, theirs) for team in found if self._text in folded(team.name)]


def taking_in(desk: Desk, person_id: UUID) -> list[Intent]:
    """Return what lets somebody take turns: a plain share."""
    with desk.store.read() as session:
        card = duty_person(session, desk.seat.compound_id, person_id, today=desk.today(), now=edge.clock())
    if card is not None and card.share is not None and card.share.archived:
        return [Intent("duty_share.unarchive", {"duty_share": str(card.share.id)})]
    return [Intent("duty_share.add", {"id": str(edge.new_id()), "person": str(person_id)})]


# -- words -------------------------------------------------------------------------------


def state_of(said: Sequence[SaidLine], share: ShareLine | None, today: date) -> Mark:
    """Return whether somebody is on duty as usual, out for a time, or spared for good."""
    pause = next((line for line in said if line.pauses(today)), None)
    if pause is not None:
        if pause.until is None:
            return Mark("‖", t("duty_setup.is_paused"), Tone.WARN)
        last = date.fromordinal(pause.until.toordinal() - 1)
        return Mark("‖", t("duty_setup.paused_until", last=f"{last:%m-%d}"), Tone.WARN)
    if share is not None and not share.archived and share.share == 0:
        return Mark("−", t("duty_setup.spared"), Tone.MUTED)
    return Mark("●", t("duty_setup.takes_turns"), Tone.GOOD)


def not_taking(person: PersonLine) -> Mark:
    """Return why somebody takes no turns: nobody has taken them in, or they hold no role to serve."""
    if WORKERS.isdisjoint(person.roles):
        return Mark("−", t("duty_setup.no_role"), Tone.MUTED)
    return Mark("·", t("duty_setup.not_in_turns"), Tone.MUTED)


def share_text(share: ShareLine | None) -> str:
    """Return how much of a plain share somebody takes, and how many shifts at most."""
    if share is None or share.archived:
        return f"{_PLAIN_SHARE}%"
    parts = [f"{share.share}%"]
    if share.most_per_week is not None:
        parts.append(t("duty_setup.week_n", n=share.most_per_week))
    if share.most_per_month is not None:
        parts.append(t("duty_setup.month_n", n=share.most_per_month))
    return listed(parts)


def _person(line: DutyPersonLine, today: date, zone: ZoneInfo, *, others: bool) -> RowView:
    person = line.person
    said = [one for one in line.said if not one.over(today) and one.kind != AvailabilityKind.PAUSE]
    coming = ""
    if line.next_at is not None:
        local = line.next_at.astimezone(zone)
        coming = f"{day_text(local.date())} {clock_text(local.hour * 60 + local.minute)}"
    state = not_taking(person) if others else state_of(line.said, line.share, today)
    return RowView(
        str(person.id),
        (
            person.name,
            state,
            listed([availability_text(one) for one in said]),
            listed(person.teams),
            ""
            if others
            else f"{_PLAIN_SHARE if line.share is None or line.share.archived else line.share.share}%",
            coming,
            listed([role_word(role) for role in person.roles]),
        ),
    )


def _pool(team: TeamView, theirs: Sequence[PostLine]) -> RowView:
    serves = [post.name for post in theirs if post.team_id == team.id]
    serves += [
        f"{post.name} {one.name}" for post in theirs for one in post.templates if one.team_id == team.id
    ]
    return RowView(
        str(team.id),
        (
            team.name,
            str(len(team.members)),
            listed([member.name for member in team.members[:20]]),
            listed(serves) or t("duty_setup.no_post"),
        ),
        muted=not serves,
    )
