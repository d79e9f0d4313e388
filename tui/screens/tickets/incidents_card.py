"""One incident: what volunteers say, whom it strikes, and its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.tickets.queries import TicketLine
from tui.actions import Action, action
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Values
from tui.screens.points.base import NetworkBase, perform_in_order
from tui.screens.register.fields import note_from_line
from tui.screens.tick import Tick
from tui.screens.tickets import incidents_store as store
from tui.screens.tickets.incidents_fields import incident_fields, incident_values, words_field
from tui.screens.tickets.incidents_words import incident_facts, notice
from tui.screens.tickets.marks import Clock, state_mark
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Tone

OPEN = action("incident.open_ticket", "enter")
COPY = action("incident.copy", "1", "f5", footer=False)
EDIT = action("incident.edit", "2", footer=False)
ATTACH = action("incident.attach", "3", footer=False)
DETACH = action("incident.detach", "4", "delete", footer=False)
FINISH = action("incident.finish", "5", footer=False)
END = action("incident.end", "6", footer=False)
REOPEN = action("incident.reopen", "6", footer=False)
BUILDINGS = action("incident.buildings", "7", footer=False)
ARCHIVE = action("incident.archive", "9", footer=False)
_CHANGES = frozenset(one.id for one in (EDIT, ATTACH, DETACH, FINISH, END, REOPEN, BUILDINGS, ARCHIVE))


class IncidentScreen(CardPage, NetworkBase):
    """The card of one incident."""

    ROOM: ClassVar[str] = "incident"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (COPY, EDIT, ATTACH, DETACH, FINISH, END, BUILDINGS, ARCHIVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    _card: store.Card | None = None

    @property
    def heading(self) -> str:
        return super().heading if self._card is None else self._card.incident.name

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("incidents.ticket"), 8, priority=9),
            Column(t("incidents.ticket_state"), 10, priority=8),
            Column(t("incidents.ticket_what"), 20, priority=7, grow=True),
            Column(t("incidents.ticket_where"), 12, priority=6),
            Column(t("incidents.kind"), 8, priority=3),
            Column(t("incidents.ticket_since"), 12, priority=5),
        )

    def no_ties(self) -> str:
        return t("incidents.no_tickets")

    def reread(self) -> None:
        self.read(partial(store.look, incident_id=self.row_id), self._show, latest="card")

    def _show(self, card: store.Card | None) -> None:
        if card is None:
            self.dismiss()
            return
        first = self._card is None
        self._card = card
        self.show_card(
            incident_facts(card.incident, card.clock), [_row(line, card.clock) for line in card.tickets]
        )
        if first and card.suggested:
            self.flash(t("incidents.suggested", n=len(card.suggested)), Tone.INFO)

    @property
    def card(self) -> store.Card:
        """What is shown; actions wait until it is read."""
        return known(self._card)

    # Keys

    def deeds_here(self) -> tuple[Action, ...]:
        if self._card is None or self._card.incident.lasts:
            return self.DEEDS
        return tuple(REOPEN if deed is END else deed for deed in self.DEEDS)

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("incident."):
            if self._card is None:
                return t("list.reading")
            card = self.card
            if action_id in _CHANGES and not card.may:
                return t("incidents.workers_only")
            reasons = {
                OPEN.id: (self.highlighted is None, "incidents.no_tickets"),
                DETACH.id: (self.highlighted is None, "incidents.no_tickets"),
                ATTACH.id: (not card.suggested, "incidents.nothing_suggested"),
                FINISH.id: (not card.open_tickets, "incidents.none_open"),
            }
            shut, why = reasons.get(action_id, (False, ""))
            if shut:
                return t(why)
        return super().why_not(action_id)

    def do_open_ticket(self) -> None:
        from tui.screens.tickets.page import TicketPage

        if self.highlighted is not None:
            self.app.push_screen(TicketPage(UUID(self.highlighted)))

    # The notice

    def do_copy(self) -> None:
        from tui.screens.chat_text import offer_text

        card = self.card
        offer_text(self, card.incident.name, notice(card.incident, card.clock, card.names))

    def do_edit(self) -> None:
        self.ask(store.choices, self._edit)

    def _edit(self, given: store.Choices) -> None:
        incident = self.card.incident
        self.fill_in(
            t("incidents.edit_title", name=incident.name),
            incident_fields(incident, given),
            lambda values: store.editing(incident, incident_values(values, given.clock)),
            lambda values: t("incidents.changed", name=str(values["name"])),
            draft=f"incident:{incident.id}",
        )

    def do_buildings(self) -> None:
        self.ask(store.choices, self._buildings)

    def _buildings(self, given: store.Choices) -> None:
        incident = self.card.incident
        struck = [str(one.id) for one in incident.buildings]

        def chosen(ids: tuple[str, ...]) -> None:
            if set(ids) != set(struck):
                self.change([store.striking(incident.id, ids, struck)], t("incidents.strikes_now"))

        self._show_modal(
            Tick(
                t("incidents.buildings_title", name=incident.name),
                given.buildings,
                ticked=struck,
                verb=t("incidents.buildings_verb"),
                about=t("incidents.buildings_about"),
            ),
            chosen,
        )

    # Its tickets

    def do_attach(self) -> None:
        card = self.card

        def attach(ids: tuple[str, ...]) -> None:
            said = t("incidents.attached", n=len(ids))
            self.tell(
                partial(perform_in_order, intents=store.attaching(self.row_id, ids)),
                partial(self._done, said),
            )

        self._show_modal(
            Tick(
                t("incidents.attach_title"),
                [_option(line, card.clock) for line in card.suggested],
                ticked=[str(line.id) for line in card.suggested],
                verb=t("incidents.attach_verb"),
                about=t("incidents.attach_about"),
                needed=t("incidents.tick_one"),
            ),
            attach,
        )

    def _done(self, said: str, outcomes: Sequence[Outcome]) -> None:
        self.note_changes(outcomes, said)

    def do_detach(self) -> None:
        line = next((one for one in self.card.tickets if str(one.id) == self.highlighted), None)
        if line is not None:
            gone = store.detaching(line.id)
            self.change([gone], t("incidents.detached", code=line.code))

    def do_finish(self) -> None:
        """Tick those of its open tickets that are done with it, say why, and finish them."""
        card = self.card

        def chosen(ids: tuple[str, ...]) -> None:
            from tui.screens.form import FormDialog

            form = FormDialog(
                t("incidents.finish_title", n=len(ids)),
                [
                    words_field(
                        t("incidents.finish_words"),
                        card.incident.ended_words or t("incidents.finish_usual", name=card.incident.name),
                        hint=t("incidents.finish_hint"),
                        required=True,
                    )
                ],
                save=t("incidents.finish_verb"),
            )
            self._show_modal(form, lambda values: self._finish(ids, values))

        self._show_modal(
            Tick(
                t("incidents.finish_which"),
                [_option(line, card.clock) for line in card.open_tickets],
                ticked=[str(line.id) for line in card.open_tickets],
                verb=t("incidents.finish_next"),
                needed=t("incidents.tick_one"),
            ),
            chosen,
        )

    def _finish(self, ids: Sequence[str], values: Values) -> None:
        words = note_from_line(values["words"])

        def finished(outcomes: Sequence[Outcome]) -> None:
            done = sum(len(outcome.verdicts) for outcome in outcomes if outcome.refused is None)
            self.note_changes(outcomes, t("incidents.finished", n=done))

        self.tell(partial(store.finish_all, tickets=tuple(ids), words=words), finished)

    # Ending it

    def do_end(self) -> None:
        incident = self.card.incident
        if not incident.lasts:
            self.do_reopen()
            return

        def ended(_outcome: Outcome) -> None:
            self.read(partial(store.look, incident_id=self.row_id), self._ended, latest="card")

        self.fill_in(
            t("incidents.end_title", name=incident.name),
            [words_field(t("incidents.ended_words"), hint=t("incidents.ended_hint"))],
            lambda values: [
                Intent(
                    "incident.end", {"incident": str(incident.id), "words": note_from_line(values["words"])}
                )
            ],
            lambda _values: t("incidents.is_over", name=incident.name),
            draft=f"incident_end:{incident.id}",
            save=t("incidents.end_verb"),
            then=ended,
        )

    def _ended(self, card: store.Card | None) -> None:
        """Once it is over its open tickets are most likely done: offer them at once."""
        self._show(card)
        if card is not None and card.open_tickets and not card.incident.lasts:
            self.do_finish()

    def do_reopen(self) -> None:
        incident = self.card.incident
        again = Intent("incident.reopen", {"incident": str(incident.id)})
        self.change([again], t("incidents.goes_on", name=incident.name))

    def do_archive(self) -> None:
        incident = self.card.incident
        verb = "incident.unarchive" if incident.archived else "incident.archive"
        key = "incidents.brought_back" if incident.archived else "incidents.archived"
        self.change([Intent(verb, {"incident": str(incident.id)})], t(key, name=incident.name))


def _row(line: TicketLine, clock: Clock) -> RowView:
    cells = (
        line.code,
        state_mark(line.state),
        line.what,
        line.where,
        category_word(line.category),
        clock.said(line.opened_at),
    )
    return RowView(str(line.id), cells)


def _option(line: TicketLine, clock: Clock) -> Option:
    note = f"{clock.said(line.opened_at)}  {line.what}"
    return Option(str(line.id), f"{line.code}  {line.where}", note)
