"""The moves of one ticket: claim, work, wait, finish, rate, reopen and drop it, each asking only what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models.operations.envelope import Intent
from models.tickets.queries import TicketLine
from models.tickets.rules import State
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Ledger
from tui.screens.tickets import moves_fields as f
from tui.screens.tickets.moves_rating import RatingForm
from tui.screens.tickets.moves_store import hands_first, workers
from tui.screens.tickets.page_store import Page
from tui.widgets.fields import Field
from tui.widgets.picker import Option
from tui.widgets.text import Tone


class TicketDoing(Changing):
    """A screen of one ticket, and how it performs what is done to it."""

    def __init__(self, ticket_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.ticket_id = ticket_id
        self.page: Page | None = None

    @property
    def known_page(self) -> Page:
        return known(self.page)

    @property
    def code(self) -> str:
        return self.known_page.ticket.code

    def intent(
        self,
        verb: str,
        *,
        doer: str = "",
        happened_at: datetime | None = None,
        ticket: str = "",
        was: State | None = None,
        **more: Any,
    ) -> Intent:
        """Return what is done to this ticket, or to another; `doer` is who did it, where that is not who types it in."""
        payload = {"id": str(edge.new_id()), "ticket": ticket or str(self.ticket_id), **more}
        if was is not None:
            payload["was"] = was.value
        doer_id = UUID(doer) if doer else None
        return Intent(f"ticket.{verb}", payload, doer_id=doer_id, happened_at=happened_at)

    def move(self, verb: str, **more: Any) -> Intent:
        """Return a move from the state that is on screen."""
        return self.intent(verb, was=self.known_page.ticket.state, **more)

    def form(
        self,
        verb: str,
        fields: Sequence[Field],
        plan: Callable[[f.Values], Sequence[Intent]],
        *,
        refuse: Callable[[f.Values], str | None] | None = None,
        title: str = "",
        said: str = "",
    ) -> None:
        """Open the form of a move. Its draft is kept as the ticket's own."""
        code = self.code
        self.fill_in(
            title or t(f"ticket_move.title.{verb}", code=code),
            fields,
            plan,
            lambda _values: t(f"ticket_move.did.{said or verb}", code=code),
            draft=f"ticket-{verb}:{self.ticket_id}",
            save=t(f"ticket_move.save.{verb}"),
            refuse=refuse,
        )

    def at_once(self, verb: str, *intents: Intent, **said: Any) -> None:
        self.change(intents, t(f"ticket_move.did.{verb}", code=self.code, **said))

    def with_people(
        self,
        then: Callable[[tuple[Option, ...]], object],
        *,
        first: Callable[[Desk, TicketLine], tuple[Option, ...]] = workers,
    ) -> None:
        """Read who may do things here, and go on with them as options."""
        page = self.known_page

        def found(people: tuple[Option, ...]) -> None:
            if people:
                then(people)
            else:
                self.flash(t("home.nobody_to_choose"), Tone.WARN)

        def asked(desk: Desk) -> tuple[Option, ...]:
            return first(desk, page.ticket)

        self.ask(asked, found)


class TicketMoves(TicketDoing):
    """What moves a ticket from state to state."""

    # Taking it on

    def do_accept(self) -> None:
        self.at_once("accept", self.move("accept"))

    def do_assign(self) -> None:
        self.with_people(self._assign, first=hands_first)

    def _assign(self, people: tuple[Option, ...]) -> None:
        names = {one.id: one.text for one in people}

        def chosen(person: str) -> None:
            self.at_once("assign", self.move("assign", person=person), person=names[person])

        self.choose(t("ticket_move.title.assign", code=self.code), people, chosen)

    def do_release(self) -> None:
        """Give the job back; where others are on it and one may decide, ask who steps back."""
        page = self.known_page
        hands = page.ticket.hands
        if page.on_it and (len(hands) == 1 or not page.may_decide):
            self._release("")
            return
        options = [Option(str(hand.person_id), hand.name) for hand in hands]
        current = str(page.me) if page.on_it else None
        self.choose(t("ticket_move.who_steps_back"), options, self._release, current=current)

    def _release(self, person: str) -> None:
        other = {} if person in {"", str(self.known_page.me)} else {"person": person}

        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.move("release", words=f.reason_of("release", values), **other)]

        self.form("release", f.reason_fields("release"), plan)

    # Doing it

    def do_start(self) -> None:
        said = "go_on" if self.known_page.ticket.state is State.WAITING else "start"
        self.at_once(said, self.move("start"))

    def do_wait(self) -> None:
        self.with_people(self._wait)

    def _wait(self, people: tuple[Option, ...]) -> None:
        page = self.known_page

        def plan(values: f.Values) -> Sequence[Intent]:
            until = f.until_of(values, page.clock.today).isoformat()
            person = {"person": values["person"]} if values["person"] else {}
            words = f.text_of(values["words"])
            return [self.move("wait", until=until, wait_for=values["wait_for"], words=words, **person)]

        self.form("wait", f.wait_fields(page, people), plan)

    def do_finish(self) -> None:
        self.with_people(self._finish)

    def _finish(self, people: tuple[Option, ...]) -> None:
        page = self.known_page

        def plan(values: f.Values) -> Sequence[Intent]:
            doer, words = f.text_of(values["doer"]), f.text_of(values["words"])
            recheck = values.get("recheck") is True
            parts = f.open_parts(page) if values.get("with_parts") is True else ()
            with_it = words or t("ticket_move.done_with", code=page.ticket.code)
            return [
                self.move("finish", doer=doer, words=words, recheck=recheck, **f.work_values(values)),
                *(self.intent("finish", doer=doer, ticket=part, words=with_it) for part in parts),
            ]

        self.form("finish", f.finish_fields(page, people), plan, refuse=f.too_long)

    def do_log(self) -> None:
        self.with_people(self._log)

    def _log(self, people: tuple[Option, ...]) -> None:
        page = self.known_page
        today, zone = page.clock.today, page.clock.zone

        def plan(values: f.Values) -> Sequence[Intent]:
            doers = list(dict.fromkeys(f.text_of(values[name]) for name in f.DOERS if values[name])) or [""]
            words, at = f.text_of(values["words"]), f.happened(values["day"], today, zone)
            work = f.work_values(values)
            # Several people spend their time each; the parts were bought once.
            alone = {"minutes": work["minutes"]}
            return [
                self.intent("log", doer=doer, happened_at=at, words=words, **(alone if number else work))
                for number, doer in enumerate(doers)
            ]

        self.form("log", f.log_fields(page, people), plan, refuse=f.not_yet(today))

    def do_comment(self) -> None:
        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.intent("comment", words=f.text_of(values["words"]))]

        self.form("comment", [f.words_field(t("ticket_move.comment"), required=True)], plan)

    # Asking the requester

    def do_rate(self) -> None:
        page = self.known_page
        code = page.ticket.code
        form = RatingForm(
            t("ticket_move.title.rate", code=code),
            f.rate_fields(page),
            self._rated,
            draft_name=f"ticket-rate:{self.ticket_id}",
            save=t("ticket_move.save.rate"),
            low_score=page.ruling.low_score,
        )

        def said(values: f.Values) -> str:
            key = "rate_and_reopen" if form.reopen else "rate"
            return t(f"ticket_move.did.{key}", code=code, n=values["score"])

        self.show_form(form, said)

    def _rated(self, values: f.Values, reopen: bool) -> Sequence[Intent]:  # noqa: FBT001 - what a form decided
        """Return the rating; a low one may open the ticket again, in one go."""
        words, score = f.text_of(values["words"]), int(str(values["score"]))
        rating = self.move("rate", score=score, words=words, channel=values["channel"])
        if not reopen:
            return [rating]
        why = words or t("ticket_move.low_score", n=score)
        return [rating, self.intent("reopen", was=State.CLOSED, words=why)]

    def do_call(self) -> None:
        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.intent("call", words=f.text_of(values["words"]), channel=values["channel"])]

        self.form("call", f.call_fields(), plan)

    # Ending it, opening it again

    def _reasoned(self, verb: str) -> None:
        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.move(verb, words=f.reason_of(verb, values))]

        self.form(verb, f.reason_fields(verb), plan, refuse=partial(f.no_reason, verb))

    def do_close(self) -> None:
        self._reasoned("close")

    def do_reopen(self) -> None:
        self._reasoned("reopen")

    def do_reject(self) -> None:
        self._reasoned("reject")

    def do_cancel(self) -> None:
        self._reasoned("cancel")

    def do_part(self) -> None:
        self.at_once("part", self.move("part"))

    def do_archive(self) -> None:
        archived = self.known_page.ticket.archived
        verb = "unarchive" if archived else "archive"
        self.at_once(verb, Intent(f"ticket.{verb}", {"ticket": str(self.ticket_id)}))
