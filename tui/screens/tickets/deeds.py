"""What is done to the ticket in front, from the list and from the board by state: claim, give back, assign, take over."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.tickets.queries import TicketLine
from models.tickets.rules import UNANSWERED, UNCLAIMED, Move, after
from tui import edge
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.row_words import listed
from tui.screens.changing import Changing
from tui.screens.register.words import verdict_words
from tui.screens.tickets.filters import Filters, filter_options
from tui.screens.tickets.words import on_it
from tui.ticket_words import state_word
from tui.widgets.picker import Option
from tui.widgets.text import Tone

CLAIM = action("tickets.claim", "1", "f7", footer=False)
RELEASE = action("tickets.release", "2", footer=False)
ASSIGN = action("tickets.assign", "3", footer=False)
TAKE = action("tickets.take", "4", footer=False)
REPORT = action("tickets.report", "f2", "insert")
FILTER = action("tickets.filter", "f4")
OUT = action("tickets.out", "f5", footer=False)
MORE = action("tickets.more", "f6", "0", footer=False)

DEEDS: tuple[Action, ...] = (CLAIM, RELEASE, ASSIGN, TAKE, OUT, MORE)
_OF_ONE = frozenset({CLAIM.id, RELEASE.id, ASSIGN.id, TAKE.id})
#: The rooms of tickets that the menu leads to.
ROOMS = ("ticket_figures", "ticket_repeats", "incidents", "ticket_cards", "ticket_kinds")


class TicketDeeds(Changing):
    """A room of tickets with one of them in front. It says which (`line`), and narrows itself (`narrow`)."""

    filters: Filters
    me: UUID | None = None

    @property
    def line(self) -> TicketLine | None:
        """The ticket in front, None before there is one."""
        raise NotImplementedError

    def narrow(self, filters: Filters) -> None:
        """Show what these filters keep."""
        raise NotImplementedError

    def do_out(self) -> None:
        """Let out what is shown."""
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id in _OF_ONE:
            return self._why_not_line(action_id)
        return super().why_not(action_id)

    def _why_not_line(self, action_id: str) -> str | None:
        line = self.line
        if line is None:
            return t("tickets.nothing_in_front")
        if action_id == RELEASE.id:
            return None if on_it(line, self.me) else t("tickets.not_yours", code=line.code)
        if action_id == TAKE.id:
            offered = self.me is not None and line.offered_to_id == self.me and line.state in UNANSWERED
            return None if offered else t("tickets.not_offered", code=line.code)
        if after(line.state, Move.ACCEPT if action_id == CLAIM.id else Move.ASSIGN) is None:
            return t("tickets.too_late", code=line.code, state=state_word(line.state))
        return None if line.state in UNCLAIMED else self._why_not_join(action_id, line)

    def _why_not_join(self, action_id: str, line: TicketLine) -> str | None:
        """Return why a job that somebody does already takes nobody else."""
        if action_id == CLAIM.id and on_it(line, self.me):
            return t("tickets.claimed_already", code=line.code)
        if len(line.hands) < line.wanted_hands:
            return None
        names = listed([hand.name for hand in line.hands])
        return t("tickets.full", code=line.code, names=names, n=line.wanted_hands)

    def _intent(self, kind: str, line: TicketLine, **more: Any) -> Intent:
        payload = {"id": str(edge.new_id()), "ticket": str(line.id), **more}
        if kind != "ticket.take":
            payload["was"] = line.state.value
        return Intent(kind, payload)

    def do_claim(self) -> None:
        """Claim the ticket in front; the status line says what comes next."""
        line = self.line
        if line is None:
            return
        lacking = line.wanted_hands - len(line.hands) - 1
        said = (
            t("tickets.claimed_more", code=line.code, n=lacking)
            if lacking > 0
            else t("tickets.claimed", code=line.code)
        )
        self.change([self._intent("ticket.accept", line)], said, partial(self._say_next, said))

    def _say_next(self, said: str, outcome: Outcome) -> None:
        """Say what comes next, unless there is something odd to say of the claim itself."""
        if verdict_words(said, outcome) == said:
            self.flash(t("tickets.claimed_next", what=said, key=shown_key(self.undo_key())), Tone.GOOD)

    def do_release(self) -> None:
        line = self.line
        if line is not None:
            self.change([self._intent("ticket.release", line)], t("tickets.released", code=line.code))

    def do_take(self) -> None:
        line = self.line
        if line is not None:
            self.change([self._intent("ticket.take", line)], t("tickets.taken", code=line.code))

    def do_assign(self) -> None:
        from tui.screens.home_today import options_of_people

        line = self.line
        if line is not None:
            self.ask(options_of_people, partial(self._choose_hand, line))

    def _choose_hand(self, line: TicketLine, options: tuple[Option, ...]) -> None:
        if not options:
            self.flash(t("home.nobody_to_choose"), Tone.WARN)
            return
        names = {option.id: option.text for option in options}

        def assign(person_id: str) -> None:
            said = t("tickets.assigned", code=line.code, person=names[person_id])
            self.change([self._intent("ticket.assign", line, person=person_id)], said)

        self.choose(t("tickets.who_does", code=line.code), options, assign)

    # Rooms and filters

    def do_report(self) -> None:
        kept = self.filters
        self.linli.enter(
            "report_ticket",
            household_id=kept.household_id,
            point_id=kept.point_id,
            building_id=None if kept.household_id or kept.point_id else kept.building_id,
            person_id=kept.about_id,
        )

    def do_filter(self) -> None:
        self.ask(partial(filter_options, filters=self.filters), self._choose_filter)

    def _choose_filter(self, options: tuple[Option, ...]) -> None:
        self.choose(
            t("tickets.filter.title"), options, lambda chosen: self.narrow(self.filters.taken(chosen))
        )

    def do_more(self) -> None:
        """Offer the other rooms of tickets."""
        self.choose(
            t("tickets.more_title"),
            [Option(room, t(f"tickets.more.{room}"), t(f"tickets.more.{room}_note")) for room in ROOMS],
            self.linli.enter,
        )
