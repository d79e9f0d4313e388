"""What ties a ticket to people and things: the baton, other tickets, points, an incident, and who quarrels over it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from models.inspection import queries as sewer
from models.inspection.observed import Seen
from models.operations.envelope import Intent
from models.operations.pending import ConflictView
from models.operations.settling import Choice
from models.tickets.queries_near import IncidentThere, incidents_there
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import ids_in
from tui.screens.points.words import seen_detail
from tui.screens.tickets import moves_fields as f
from tui.screens.tickets.moves_edits import TicketEdits
from tui.screens.tickets.moves_pick import pick_point, pick_ticket
from tui.screens.tickets.page_store import Page, asked_now
from tui.screens.tickets.page_words import link_text
from tui.screens.walk.words import day
from tui.widgets.fields import PickField
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_ITSELF = "itself"
_STEP_BACK, _BOTH = "step_back", "both"


class TicketTies(TicketEdits):
    """What is done to a ticket besides moving and editing it."""

    # The baton

    def do_handover(self) -> None:
        self.with_people(self._hand_over)

    def _hand_over(self, people: tuple[Option, ...]) -> None:
        ticket = self.known_page.ticket
        others = tuple(one for one in people if one.id != str(ticket.holder_id))
        fields = [
            PickField(id="to", label=t("ticket_move.to"), options=others, required=True),
            f.words_field(t("ticket_move.words")),
        ]

        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.intent("handover", to=values["to"], words=f.text_of(values["words"]))]

        self.form("handover", fields, plan)

    def do_take(self) -> None:
        self.at_once("take", self.intent("take"))

    def do_decline(self) -> None:
        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.intent("decline", words=f.text_of(values["words"]))]

        page = self.known_page
        mine = page.ticket.offered_to_id == page.me
        title = "" if mine else t("ticket_move.title.take_offer_back", code=self.code)
        said = "" if mine else "take_offer_back"
        self.form("decline", [f.words_field(t("ticket_move.why_not"))], plan, title=title, said=said)

    def do_keep(self) -> None:
        def plan(values: f.Values) -> Sequence[Intent]:
            return [self.intent("keep", words=f.text_of(values["words"]))]

        self.form("keep", [f.words_field(t("ticket_move.why_keep"), required=True)], plan)

    # Other tickets

    def do_join(self) -> None:
        page = self.known_page

        def chosen(row_id: str) -> None:
            if row_id == str(self.ticket_id):
                self.flash(t("refusal.ticket.join_itself", code=self.code), Tone.WARN)
            else:
                self.at_once("join", self.move("join", into=row_id))

        self._show_modal(pick_ticket(t("ticket_move.title.join", code=self.code), page.ticket), chosen)

    # Points and what was seen there

    def do_link(self) -> None:
        title = t("ticket_move.title.link", code=self.code)
        self._show_modal(
            pick_point(title), lambda row: self.ask(partial(_seen, point_id=UUID(row)), self._link_to)
        )

    def _link_to(self, found: tuple[str, str, tuple[Seen, ...]]) -> None:
        """Link with a point; where something was seen there, ask whether it is that."""
        row_id, code, seen = found

        def chosen(what: str) -> None:
            target: dict[str, Any] = {"point": row_id} if what == _ITSELF else {"observation": what}
            self.at_once("link", self.intent("link", **target), point=code)

        if not seen:
            chosen(_ITSELF)
            return
        options = [Option(_ITSELF, t("ticket_move.point_itself", code=code))]
        options += [Option(str(one.id), day(one.at), seen_detail(one)) for one in seen[:8]]
        self.choose(t("ticket_move.link_what"), options, chosen)

    def do_unlink(self) -> None:
        page = self.known_page

        def chosen(row_id: str) -> None:
            self.at_once("unlink", Intent("ticket_link.archive", {"ticket_link": row_id}))

        options = [Option(str(link.id), link_text(link, page.clock)) for link in page.story.links]
        self.choose(t("ticket_move.unlink_title"), options, chosen)

    # An incident

    def do_attach(self) -> None:
        self.ask(partial(_incidents, page=self.known_page), self._attach_to)

    def _attach_to(self, found: tuple[IncidentThere, ...]) -> None:
        if not found:
            self.flash(t("ticket_move.no_incident"), Tone.WARN)
            return
        names = {str(one.id): one.name for one in found}

        def chosen(row_id: str) -> None:
            self.at_once("attach", self.intent("attach", incident=row_id), name=names[row_id])

        options = [Option(str(one.id), one.name, one.words) for one in found]
        self.choose(t("ticket_move.title.attach", code=self.code), options, chosen)

    def do_detach(self) -> None:
        self.at_once("detach", self.intent("detach"))

    # What two people wanted apart

    def do_settle(self) -> None:
        """Settle who does the job where two have claimed it; any other dispute goes to the screen of conflicts."""
        page = self.known_page
        other = next((one for one in page.disputes if one.field != "hands"), None)
        if page.ticket.too_many:
            names = f.hand_names(page)
            self.choose(t("ticket_move.settle_title", names=names), _ways(page), self._settle)
        elif other is not None:
            from tui.screens.sync.conflict import ConflictScreen

            self.app.push_screen(ConflictScreen(other.id))

    def _settle(self, chosen: str) -> None:
        page = self.known_page
        if chosen == _STEP_BACK:
            self.at_once("step_back", self.move("release"))
        elif chosen == _BOTH:
            old, new = page.ticket.wanted_hands, len(page.ticket.hands)
            self.at_once("both", *self.edits({"wanted_hands": old}, {"wanted_hands": new}), n=new)
        else:
            goes, _, name = chosen.partition(":")
            dispute = _claimed(page)
            if page.may_decide or dispute is None:
                self.at_once("took_off", self.move("release", person=goes), person=name)
            else:
                choice = Choice.TAKE if UUID(goes) in set(ids_in(dispute.kept)) else Choice.KEEP
                payload = {"conflict": str(dispute.id), "choice": choice.value}
                self.at_once("took_off", Intent("conflict.resolve", payload), person=name)


def _ways(page: Page) -> list[Option]:
    """Return the ways out where more have claimed a job than it wants."""
    ticket = page.ticket
    n = len(ticket.hands)
    ways = [Option(_STEP_BACK, t("ticket_move.way.step_back"))] if page.on_it else []
    ways.append(Option(_BOTH, t("ticket_move.way.both", n=n), t("ticket_move.way.both_note")))
    dispute = _claimed(page)
    # Whoever works here may choose between the two who claimed it apart; whom else to take off is not for all.
    apart = set() if dispute is None else {*ids_in(dispute.kept), *ids_in(dispute.lost)}
    ways += [
        Option(
            f"{hand.person_id}:{hand.name}",
            t("ticket_move.way.off", name=hand.name),
            reason=None if page.may_decide or hand.person_id in apart else t("ticket_move.way.not_yours"),
        )
        for hand in ticket.hands
        if hand.person_id != page.me
    ]
    return ways


def _claimed(page: Page) -> ConflictView | None:
    """Return the open conflict over who does the job."""
    return next((one for one in page.disputes if one.field == "hands"), None)


# Questions, asked in a worker


def _seen(desk: Desk, point_id: UUID) -> tuple[str, str, tuple[Seen, ...]]:
    """Return a point's id and code, and what was seen there lately."""
    with desk.store.read() as session:
        card = sewer.point_card(session, desk.seat.compound_id, point_id)
    if card is None:
        return str(point_id), "", ()
    return str(point_id), card.point.code, card.observations


def _incidents(desk: Desk, page: Page) -> tuple[IncidentThere, ...]:
    asked, _ = asked_now(desk)
    with desk.store.read() as session:
        return incidents_there(
            session,
            desk.seat.compound_id,
            now=asked.now,
            household_id=page.ticket.household_id,
            building_id=page.ticket.building_id,
            point_id=page.ticket.point_id,
        )
