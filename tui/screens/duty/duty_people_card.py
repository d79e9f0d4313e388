"""One person's duty: when they can, their share, whom they sit with, their pools, what they owe, their next shifts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from models.duty.queries_on_duty import DutyPersonCard, SaidLine
from models.duty.rules import AvailabilityKind
from models.operations.envelope import Intent
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Values
from tui.screens.duty import duty_people_store as store
from tui.screens.duty.availability import (
    days_fields,
    days_values,
    ending,
    ends_before,
    hours_fields,
    hours_values,
    rewording,
    saying,
    share_fields,
    sharing,
)
from tui.screens.duty.duty_people_ties import facts_of, ties_of
from tui.screens.picking import pick_person
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.text import Tone

OPEN = action("duty_person.open", "enter")
DAYS_OFF = action("duty_person.days_off", "1", footer=False)
PAUSE = action("duty_person.pause", "2", footer=False)
ONLY = action("duty_person.only", "3", footer=False)
WISH = action("duty_person.wish", "4", footer=False)
SHARE = action("duty_person.share", "5", footer=False)
PAIR = action("duty_person.pair", "6", footer=False)
JOIN = action("duty_person.join", "7", footer=False)
END = action("duty_person.end", "8", "delete", footer=False)
OWED = action("duty_person.owed", "9", footer=False)
REGISTER = action("duty_person.register", "f7")
#: What only those may change who keep the register.
_KEPT: Final = frozenset({SHARE.id, PAIR.id, JOIN.id})
_TOGETHER, _APART = "together", "apart"


class DutyPerson(CardPage):
    """One person. Enter changes what is highlighted."""

    ROOM: ClassVar[str] = "duty_person"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (DAYS_OFF, PAUSE, ONLY, WISH, SHARE, PAIR, JOIN, END, OWED)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS, REGISTER)
    _view: store.View | None = None

    @property
    def heading(self) -> str:
        return super().heading if self._view is None else t("duty_setup.person_heading", name=self.name_)

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("duty_setup.what"), 14, priority=9),
            Column(t("duty_setup.when_or_who"), 26, priority=8, grow=True),
            Column(t("duty_setup.why"), 14, priority=5, grow=True),
            Column(t("duty_setup.state"), 10, priority=7),
        )

    def no_ties(self) -> str:
        off, ill, only = (shown_key(one.current_keys[0]) for one in (DAYS_OFF, PAUSE, ONLY))
        return t("duty_setup.nothing_said", off=off, ill=ill, only=only)

    def reread(self) -> None:
        self.read(partial(store.look, person_id=self.row_id), self._show, latest="person")

    def _show(self, view: store.View | None) -> None:
        if view is None:
            self.flash(t("register.gone"), Tone.WARN)
            return
        self._view = view
        self.show_card(facts_of(view), ties_of(view))

    @property
    def view(self) -> store.View:
        """What is shown; actions wait until it is read."""
        return known(self._view)

    @property
    def card(self) -> DutyPersonCard:
        return self.view.card

    @property
    def name_(self) -> str:
        """The person's name; `name` is the screen's own."""
        return self.card.person.name

    @property
    def tie(self) -> tuple[str, UUID | None]:
        """What kind of thing is highlighted, and its id."""
        noun, _, row_id = (self.highlighted or "").partition(":")
        return noun, UUID(row_id) if row_id else None

    @property
    def said(self) -> SaidLine | None:
        """What is highlighted of what the person has said."""
        noun, row_id = self.tie
        said = self.card.said if noun == store.SAID else ()
        return next((line for line in said if line.id == row_id), None)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("duty_person.") and self._view is None:
            return t("list.reading")
        if action_id in _KEPT and not self.view.keeps:
            return t("duty_setup.keepers_only")
        if action_id.startswith("duty_person.") and not self.view.works and action_id not in {
            OPEN.id, OWED.id, REGISTER.id,
        }:  # fmt: skip
            return t("duty_setup.workers_only")
        if action_id == OPEN.id and not self.tie[0]:
            return t("register.nothing_to_open")
        if action_id == END.id:
            return self._why_not_end()
        return super().why_not(action_id)

    def _why_not_end(self) -> str | None:
        noun, _ = self.tie
        if noun not in store.ENDS:
            return t("duty_setup.nothing_to_end")
        if noun != store.SAID and not self.view.keeps:
            return t("duty_setup.keepers_only")
        said = self.said
        return t("duty_setup.over_already") if said is not None and said.over(self.view.today) else None

    # When they can

    def do_days_off(self) -> None:
        self._ask_days(AvailabilityKind.CANNOT, "duty_setup.days_off_title", "duty_setup.days_off_noted")

    def do_pause(self) -> None:
        self._ask_days(AvailabilityKind.PAUSE, "duty_setup.pause_title", "duty_setup.pause_noted")

    def _ask_days(self, kind: AvailabilityKind, title: str, said: str) -> None:
        name = self.name_
        self.fill_in(
            t(title, name=name),
            days_fields(self.view.today, None, open_end=kind is AvailabilityKind.PAUSE),
            lambda values: saying(self.row_id, days_values(values, kind)),
            lambda values: t(said, name=name, day=values["first"]) + self._shifts_in(values, kind),
            draft=f"said:{kind.value}:{self.row_id}",
            refuse=ends_before,
        )

    def _shifts_in(self, values: Values, kind: AvailabilityKind) -> str:
        """Say how many of the shifts to come lie in days on which the person is away, as the end of a sentence."""
        wanted = days_values(values, kind)
        first, until = wanted["since"], wanted["until"]
        n = sum(
            first <= line.day.isoformat() and (until is None or line.day.isoformat() < until)
            for line in self.card.coming
        )
        return t("duty_setup.has_shifts", n=n) if n else ""

    def do_only(self) -> None:
        self._ask_hours(AvailabilityKind.CAN)

    def do_wish(self) -> None:
        self._ask_hours(AvailabilityKind.RATHER_NOT)

    def _ask_hours(self, kind: AvailabilityKind) -> None:
        name = self.name_
        self.fill_in(
            t("duty_setup.hours_title", name=name),
            hours_fields(kind),
            lambda values: saying(self.row_id, hours_values(values)),
            lambda _values: t("duty_setup.hours_noted", name=name),
            draft=f"hours:{kind.value}:{self.row_id}",
            refuse=lambda values: ends_before(values, "since"),
        )

    def do_open(self) -> None:
        noun, row_id = self.tie
        said = self.said
        if said is not None:
            self._ask_again(said)
        elif noun == store.SHIFT:
            day = next(line.day for line in self.card.coming if line.id == row_id)
            self.linli.enter("roster", month=day)
        elif noun == store.PAIR:
            other = next(pair.other_id for pair in self.card.pairs if pair.id == row_id)
            self.app.push_screen(DutyPerson(other, self.ledger))
        elif noun == store.MEMBER:
            from tui.screens.duty.duty_people_pool import DutyPool

            team = next(one.team_id for one in self.view.teams if one.id == row_id)
            self.app.push_screen(DutyPool(team, self.ledger))

    def _ask_again(self, said: SaidLine) -> None:
        """Let what was said be put differently, in the form in which it is said."""
        on_end = said.kind == AvailabilityKind.PAUSE or store.is_days_off(said)
        kind = AvailabilityKind.PAUSE if said.kind == AvailabilityKind.PAUSE else AvailabilityKind.CANNOT
        values_of: Callable[[Values], dict[str, object]] = (
            partial(days_values, kind=kind) if on_end else hours_values
        )
        last = None if said.until is None else said.until - timedelta(days=1)
        fields = (
            days_fields(
                said.since or self.view.today, last, said.note, open_end=kind is AvailabilityKind.PAUSE
            )
            if on_end
            else hours_fields(kind, said)
        )
        self.fill_in(
            t("duty_setup.hours_title", name=self.name_),
            fields,
            lambda values: rewording(said, values_of(values)),
            lambda _values: t("duty_setup.said_changed"),
            draft=f"said:{said.id}",
            refuse=lambda values: ends_before(values, "first" if on_end else "since"),
        )

    def do_end(self) -> None:
        noun, row_id = self.tie
        said, today = self.said, self.view.today
        if said is not None:
            back = said.kind == AvailabilityKind.PAUSE and said.since is not None and said.since < today
            key = "duty_setup.back_again" if back else "duty_setup.said_ended"
            self.change(ending(said, today), t(key, name=self.name_))
        elif noun == store.MEMBER:
            payload = {"team_member": str(row_id), "until": today.isoformat()}
            team = next(one.team for one in self.view.teams if one.id == row_id)
            self.change([Intent("team_member.end", payload)], t("duty_setup.left", who=self.name_, name=team))
        else:
            self.change([Intent(f"{noun}.archive", {noun: str(row_id)})], t("duty_setup.said_ended"))

    # Share, pairs, pools

    def do_share(self) -> None:
        share = self.card.share
        self.fill_in(
            t("duty_setup.share_title", name=self.name_),
            share_fields(None if share is None or share.archived else share),
            lambda values: sharing(self.row_id, share, values),
            lambda values: t("duty_setup.share_set", name=self.name_, share=values["share"]),
            draft=f"share:{self.row_id}",
        )

    def do_pair(self) -> None:
        picker = pick_person(t("duty_setup.pair_title", name=self.name_), without=str(self.row_id))
        self._show_modal(picker, self._ask_pair)

    def _ask_pair(self, other: str) -> None:
        if UUID(other) == self.row_id:
            self.flash(t("refusal.duty.pair_same"), Tone.WARN)
            return
        options = [Option(one, t(f"duty_setup.pair.{one}")) for one in (_TOGETHER, _APART)]
        self.choose(
            t("duty_setup.pair_title", name=self.name_),
            options,
            lambda chosen: self.change(
                store.pairing(self.card, UUID(other), together=chosen == _TOGETHER),
                t("duty_setup.pair_set", what=t(f"duty_setup.pair.{chosen}")),
            ),
        )

    def do_join(self) -> None:
        mine = {one.team_id for one in self.view.teams}
        options = [
            Option(str(team), name, reason=t("register.in_team") if team in mine else None)
            for team, name in self.view.pools.items()
        ]
        if not options:
            self.flash(t("duty_setup.no_pools"), Tone.WARN)
            return

        def join(team: str) -> None:
            self.change(
                store.joining(self.row_id, UUID(team)),
                t("duty_setup.joined", name=self.view.pools[UUID(team)]),
            )

        self.choose(t("duty_setup.which_pool", name=self.name_), options, join)

    # Elsewhere

    def do_owed(self) -> None:
        self.linli.enter("hours")

    def do_register(self) -> None:
        from tui.screens.register.person import PersonScreen

        self.app.push_screen(PersonScreen(self.row_id, self.ledger))
