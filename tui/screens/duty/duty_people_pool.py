"""A pool that takes turns: who belongs to it, and who joins or leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.community.queries_places import MemberView, TeamView, teams
from models.duty.queries_setup import PostLine, posts
from models.operations.envelope import Intent
from models.operations.roles import KEEPERS
from tui import edge
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.picking import pick_person
from tui.screens.register.words import span_text
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Tone

OPEN = action("duty_pool.open", "enter")
JOIN = action("duty_pool.join", "1", footer=False)
LEAVE = action("duty_pool.leave", "2", footer=False)


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything the card shows."""

    team: TeamView
    posts: tuple[PostLine, ...]
    today: date
    may: bool


def look(desk: Desk, team_id: UUID) -> Pool | None:
    """Return a pool with its members of today."""
    compound_id, today = desk.seat.compound_id, desk.today()
    may = desk.may(KEEPERS)
    with desk.store.read() as session:
        team = next((one for one in teams(session, compound_id, today=today) if one.id == team_id), None)
        return None if team is None else Pool(team, posts(session, compound_id), today, may)


class DutyPool(CardPage):
    """One pool."""

    ROOM: ClassVar[str] = "duty_pool"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (JOIN, LEAVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    _pool: Pool | None = None

    @property
    def heading(self) -> str:
        return (
            super().heading if self._pool is None else t("duty_setup.pool_heading", name=self._pool.team.name)
        )

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("register.name"), 14, priority=9, grow=True),
            Column(t("register.span"), 24, priority=7),
        )

    def no_ties(self) -> str:
        return t("duty_setup.nobody_in_pool", key=shown_key(JOIN.current_keys[0]))

    def reread(self) -> None:
        self.read(partial(look, team_id=self.row_id), self._show, latest="pool")

    def _show(self, pool: Pool | None) -> None:
        if pool is None:
            self.flash(t("register.gone"), Tone.WARN)
            return
        self._pool = pool
        serves = [post.name for post in pool.posts if post.team_id == pool.team.id]
        serves += [
            f"{post.name} {one.name}"
            for post in pool.posts
            for one in post.templates
            if one.team_id == pool.team.id
        ]
        facts = [
            Fact(t("duty_setup.members"), str(len(pool.team.members))),
            Fact(t("duty_setup.posts"), listed(serves) or t("duty_setup.no_post")),
        ]
        self.show_card(
            facts,
            [RowView(str(one.id), (one.name, span_text(one.since, one.until))) for one in pool.team.members],
        )

    @property
    def pool(self) -> Pool:
        """What is shown; actions wait until it is read."""
        return known(self._pool)

    @property
    def member(self) -> MemberView | None:
        """The member under the highlight."""
        members = () if self._pool is None else self._pool.team.members
        return next((one for one in members if str(one.id) == self.highlighted), None)

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("duty_pool."):
            if self._pool is None:
                return t("list.reading")
            if action_id != OPEN.id and not self.pool.may:
                return t("duty_setup.keepers_only")
            if action_id != JOIN.id and self.member is None:
                return t("duty_setup.nobody_in_pool", key=shown_key(JOIN.current_keys[0]))
        return super().why_not(action_id)

    def do_open(self) -> None:
        from tui.screens.duty.duty_people_card import DutyPerson

        self.app.push_screen(DutyPerson(known(self.member).person_id, self.ledger))

    def do_join(self) -> None:
        team = self.pool.team
        picker = pick_person(t("duty_setup.who_joins", name=team.name))

        def join(person_id: str) -> None:
            payload = {"id": str(edge.new_id()), "team": str(team.id), "person": person_id}
            self.change([Intent("team.join", payload)], t("duty_setup.joined", name=team.name))

        self._show_modal(picker, join)

    def do_leave(self) -> None:
        member = known(self.member)
        payload = {"team_member": str(member.id), "until": self.pool.today.isoformat()}
        self.change(
            [Intent("team_member.end", payload)],
            t("duty_setup.left", who=member.name, name=self.pool.team.name),
        )
