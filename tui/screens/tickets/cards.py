"""Type paper cards back in: the code, then line by line what stands on the card, and the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from models.operations.perform import Outcome
from models.tickets.queries import TicketLine
from tui import actions, edge
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.drafted import Drafted
from tui.screens.tickets import cards_store as store
from tui.screens.tickets.cards_fields import card_fields, ending_of, is_asked, visit_of
from tui.screens.tickets.cards_state import Ending, Result, Subject, Visit, card_intents
from tui.screens.tickets.cards_words import card_words, head_words
from tui.screens.tickets.marks import state_mark
from tui.screens.walk import store as walk_store
from tui.widgets.form import Form
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Tone
from tui.words import refusal_text

DOER = action("ticket_cards.doer", "f5", footer=False)
TAKE_BACK = action("ticket_cards.take_back", "f6")


@dataclass(frozen=True, slots=True)
class Typed:
    """A card that was typed in this sitting, and the group that holds it."""

    group_id: UUID
    ticket_id: UUID
    code: str
    said: str


class TicketCards(Drafted):
    """One card at a time above, the cards of this sitting beneath. Enter leads through the card and to the next."""

    ROOM: ClassVar[str] = "ticket_cards"
    CSS_PATH: ClassVar[str | Path] = "cards.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE, DOER, TAKE_BACK)
    AUTO_FOCUS = "#code"
    draft = store.DRAFT

    def __init__(self) -> None:
        super().__init__()
        self.begun: store.Begun | None = None
        self.ticket: TicketLine | None = None
        self.visits: tuple[Visit, ...] = ()
        #: Who did the work, and on which day, if the card does not say: as on the card before.
        self.doer: tuple[UUID, str] | None = None
        self._day: date | None = None
        self._typed: list[Typed] = []
        self._found: tuple[TicketLine, ...] = ()
        self._searching = self._pick_after = self._saving = False

    def body(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield Line(t("ticket_cards.code"), classes="label")
            yield SearchBox("#cards", hint=t("ticket_cards.code_hint"), id="code")
        yield Line(id="head")
        yield Vertical(id="card")
        yield Line(id="list-title")
        listed = LongList(
            (Column("", 9, priority=9), Column("", 30, priority=8, grow=True), Column("", 12, priority=7)),
            header=False,
            lit=True,
            id="cards",
        )
        listed.can_focus = False
        yield listed

    # -- beginning

    def on_mount(self) -> None:
        # In the write thread: it comes after what was typed here a moment ago.
        self.tell(store.begin, self._take_up)

    async def _take_up(self, begun: store.Begun) -> None:
        self.begun = begun
        self._show_list()
        if begun.ticket is not None:
            kept = dict(begun.draft)
            self.visits = tuple(Visit.from_kept(one) for one in kept.get("visits", ()))
            await self._lay(begun.ticket, texts=kept.get("texts", {}))
            self.flash(t("ticket_report.restored"), Tone.WARN)

    def reread(self) -> None:
        self._show_list()

    # -- which card

    @property
    def today(self) -> date:
        return known(self.begun).today

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        text = event.text
        self._searching, self._pick_after = bool(text), False
        if text:
            self.ask(lambda desk: store.suggest(desk, text), self._take_found, latest="code")
        else:
            self._found = ()
            self._show_list()

    def _take_found(self, found: tuple[TicketLine, ...]) -> None:
        self._searching, self._found = False, found
        self._show_list()
        if self._pick_after:
            self._pick_after = False
            self.query_one(LongList).action_pick()

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        if self._searching:  # Enter means what the search is about to find
            event.prevent_default()
            self._pick_after = True

    async def on_long_list_picked(self, event: LongList.Picked) -> None:
        kind, _, row_id = event.row_id.partition(":")
        if kind == "typed":
            from tui.screens.tickets.page import TicketPage

            self.app.push_screen(
                TicketPage(next(one.ticket_id for one in self._typed if str(one.group_id) == row_id))
            )
            return
        ticket = next(one for one in self._found if str(one.id) == row_id)
        if self.ticket is not None and self.half_typed():
            self.flash(t("ticket_cards.save_first", code=self.ticket.code), Tone.WARN)
            return
        self.visits = ()
        await self._lay(ticket)
        self.keep_soon()

    def _show_list(self) -> None:
        """Show what the typed code may mean; while nothing is typed, the cards of this sitting."""
        looking = bool(self.query_one(SearchBox).sought)
        listed = self.query_one(LongList)
        if looking:
            rows = [
                RowView(
                    f"ticket:{one.id}",
                    (one.code, f"{one.where}  {' '.join(one.what.split())}", state_mark(one.state)),
                )
                for one in self._found
            ]
            listed.empty = t("ticket_cards.none")
        else:
            rows = [
                RowView(f"typed:{one.group_id}", (one.code, one.said, "")) for one in reversed(self._typed)
            ]
            listed.empty = t("ticket_cards.empty")
        title = "ticket_cards.which" if looking else "ticket_cards.sitting"
        self.query_one("#list-title", Line).show(t(title, n=len(self._typed)))
        listed.show(rows)
        self.refresh_keys()

    # -- the card

    @property
    def subject(self) -> Subject:
        ticket = known(self.ticket)
        return Subject(ticket.id, ticket.code, ticket.state, ticket.opened_at, known(self.begun).zone)

    async def _lay(self, ticket: TicketLine, *, texts: Mapping[str, str] | None = None) -> None:
        """Lay a card on the table, to be filled in from its first line."""
        self.ticket = ticket
        self.doer = self._likely(ticket)
        box = self.query_one(SearchBox)
        box.value = ""
        self._found = ()
        await self._new_form(texts or {})
        self._show_list()

    def _likely(self, ticket: TicketLine) -> tuple[UUID, str]:
        begun = known(self.begun)
        if ticket.hands:
            return ticket.hands[0].person_id, ticket.hands[0].name
        return self.doer or (begun.recorder_id, begun.recorder)

    async def _new_form(self, texts: Mapping[str, str]) -> None:
        """Show the lines of one visit, and of the card's foot."""
        ticket = known(self.ticket)
        fields = card_fields(
            self.subject, self.today, self._default_day(), has_point=ticket.point_id is not None
        )
        card = self.query_one("#card", Vertical)
        await card.remove_children()
        form = Form(fields, draft=texts, drafts=self._typing)
        await card.mount(form)
        self._ask_for(form, texts.get("result", ""))
        self._show_head()
        form.rows[0].control.focus()

    def _default_day(self) -> date:
        last = self.visits[-1].day if self.visits else self._day
        return self.today if last is None or last < self.subject.opened else last

    def _show_head(self) -> None:
        ticket = self.ticket
        doer = self.doer[1] if self.doer else ""
        key = shown_key(DOER.current_keys[0])
        said = "" if ticket is None else head_words(ticket, self.visits, doer, key=key)
        self.query_one("#head", Line).show(said)

    def _typing(self, texts: dict[str, str]) -> None:
        self._ask_for(self.query_one(Form), texts.get("result", ""))
        self.keep_soon()
        self.refresh_keys()

    def _ask_for(self, form: Form, result: str) -> None:
        """Ask only what the job's end calls for."""
        for row in form.rows:
            row.display = is_asked(row.field.id, result)

    # -- drafts

    def half_typed(self) -> Mapping[str, Any]:
        if self.ticket is None:
            return {}
        texts = {name: text for form in self.query(Form) for name, text in form.texts.items() if text}
        texts.pop("recheck", None)
        if not texts and not self.visits:
            return {}
        visits = [visit.kept() for visit in self.visits]
        return {"ticket": str(self.ticket.id), "visits": visits, "texts": texts}

    def clear(self) -> None:
        """Take the card off the table."""
        self.ticket, self.visits = None, ()
        self.query_one("#card", Vertical).remove_children()
        self._show_head()
        self.query_one(SearchBox).focus()
        self._show_list()

    # -- saving

    def why_not(self, action_id: str) -> str | None:
        if action_id in {actions.SAVE.id, DOER.id} and self.ticket is None:
            return t("ticket_cards.code_first")
        if action_id == TAKE_BACK.id and self._chosen() is None:
            return t("ticket_cards.choose_typed")
        return super().why_not(action_id)

    async def on_form_finished(self) -> None:
        await self.do_save()

    async def do_save(self) -> None:
        """Save the card; where another visit stands on it, take that one first."""
        values = self.query_one(Form).values()
        if self._saving or values is None:
            return
        visit = visit_of(values, self.today, self._default_day())
        ending = ending_of(values, self.today)
        if ending.result is Result.MORE:
            self.visits = (*self.visits, visit)
            self.keep_soon()
            await self._new_form({})
            self.flash(t("ticket_cards.next_visit", n=len(self.visits) + 1))
            return
        self._save((*self.visits, visit), ending)

    def _save(self, visits: Sequence[Visit], ending: Ending) -> None:
        self._saving = True
        subject, doer = self.subject, known(self.doer)[0]
        alone = known(self.begun).recorder_id == doer

        def perform(desk: Desk) -> Outcome:
            return store.save(
                desk,
                card_intents(
                    subject,
                    visits,
                    ending,
                    doer_id=None if alone else doer,
                    now=edge.clock(),
                    new_id=edge.new_id,
                ),
            )

        def failed(_error: Exception) -> None:
            self._saving = False

        self.tell(perform, lambda outcome: self._saved(outcome, subject, visits, ending), failed=failed)

    def do_back(self) -> None:
        if self._saving:  # a card that is refused has to find its page
            self.flash(t("register.saving"))
        else:
            super().do_back()

    def _saved(self, outcome: Outcome, subject: Subject, visits: Sequence[Visit], ending: Ending) -> None:
        self._saving = False
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return
        said = card_words(visits, ending)
        self._day = visits[-1].day
        self._typed.append(Typed(outcome.group_id, subject.id, subject.code, said))
        self.kept()
        self.clear()
        self.note_change(outcome, t("ticket_cards.saved", code=subject.code, said=said))

    # -- taking back

    def _chosen(self) -> Typed | None:
        """Return the card under the highlight, None while the list shows something else."""
        if not self.is_mounted:
            return None
        kind, _, row_id = (self.query_one(LongList).highlighted or "").partition(":")
        return next((one for one in self._typed if kind == "typed" and str(one.group_id) == row_id), None)

    def do_take_back(self) -> None:
        """Take the highlighted card back, wherever it stands among the changes of this sitting."""
        chosen = self._chosen()
        if chosen is None:
            return
        done = self.ledger.done
        done.append(done.pop(next(at for at, (group, _) in enumerate(done) if group == chosen.group_id)))
        self.do_undo()

    def do_undo(self) -> None:
        group_id, _ = self.ledger.done[-1]
        self._typed = [one for one in self._typed if one.group_id != group_id]
        super().do_undo()

    # -- who did it

    def do_doer(self) -> None:
        self.ask(walk_store.people, self._choose_doer)

    def _choose_doer(self, options: tuple[Option, ...]) -> None:
        names = {option.id: option.text for option in options}

        def chosen(person_id: str) -> None:
            self.doer = UUID(person_id), names[person_id]
            self._show_head()

        self.choose(t("ticket_cards.who_did"), options, chosen, current=str(known(self.doer)[0]))
