"""Faults that come again: what is the same, what the ground under them says, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Container

from models.operations.fields import LONGEST_NAME
from models.operations.perform import Outcome
from models.tickets.queries import TicketLine
from models.tickets.queries_repeats import RepeatLine
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.form import FormDialog
from tui.screens.tick import Tick
from tui.screens.tickets import repeats_store as store
from tui.screens.tickets import repeats_words as words
from tui.screens.tickets.marks import state_mark
from tui.widgets.deeds import Deeds
from tui.widgets.fields import NO, TextField, YesNoField
from tui.widgets.long_list import LongList
from tui.widgets.map_panel import MapPanel
from tui.widgets.picker import Option
from tui.widgets.text import Line, Tone, plain, tone_style

PICK = action("ticket_repeats.pick", "enter")
CASE = action("ticket_repeats.case", "1", footer=False)
WALK = action("ticket_repeats.walk", "2", footer=False)
MAP = action("ticket_repeats.map", "3", footer=False)
RULE = action("ticket_repeats.rule", "4", footer=False)
_OF_A_ROW = frozenset({PICK.id, CASE.id, WALK.id, MAP.id})


class TicketRepeats(Changing):
    """The repeats, those that alarm first."""

    ROOM: ClassVar[str] = "ticket_repeats"
    CSS_PATH: ClassVar[str | Path] = "repeats.tcss"
    AUTO_FOCUS = "#repeats"
    DEEDS: ClassVar[tuple[Action, ...]] = (CASE, WALK, MAP, RULE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    _alarms: store.Alarms | None = None
    _going = False

    def body(self) -> ComposeResult:
        yield Line(id="told")
        with Container(id="area"):
            yield LongList(words.columns(), empty=t("repeats.none"), id="repeats")
            yield MapPanel(empty=t("repeats.none_hint"), id="beneath")
        yield Deeds()

    def on_mount(self) -> None:
        self._beneath: dict[str, store.Beneath] = {}

    def on_screen_resume(self) -> None:
        self._going = False
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="repeats")

    def _show(self, alarms: store.Alarms) -> None:
        self._alarms = alarms
        self._beneath.clear()
        said = words.told(alarms)
        self.query_one("#told", Line).show(plain(said, tone_style(said.tone)))
        self.query_one(LongList).show([words.row(line, alarms) for line in alarms.lines], keep=True)
        self._tell()
        self.refresh_frame()

    @property
    def alarms(self) -> store.Alarms:
        """What is shown; actions wait until it is read."""
        return known(self._alarms)

    @property
    def chosen(self) -> RepeatLine | None:
        """The repeat under the highlight."""
        if self._alarms is None or not self.is_mounted:
            return None
        return self._alarms.line(self.query_one(LongList).highlighted)

    @property
    def beneath(self) -> store.Beneath | None:
        """What is known of the chosen one; read when it is first highlighted."""
        chosen = self.chosen
        return None if chosen is None else self._beneath.get(chosen.key)

    def on_long_list_highlighted(self) -> None:
        self._tell()
        self.refresh_keys()

    def _tell(self) -> None:
        chosen, panel = self.chosen, self.query_one(MapPanel)
        if chosen is None or self._alarms is None:
            panel.view = None
            return
        panel.view = words.panel(chosen, self.beneath, self._alarms.clock)
        if self.beneath is None:
            self.read(partial(store.look_beneath, line=chosen), self._take_beneath, latest="beneath")

    def _take_beneath(self, found: store.Beneath) -> None:
        self._beneath[found.key] = found
        self._tell()
        self.refresh_keys()

    # Keys

    def why_not(self, action_id: str) -> str | None:
        own = self._why_not(action_id) if action_id.startswith("ticket_repeats.") else ""
        return t(own) if own else super().why_not(action_id)

    def _why_not(self, action_id: str) -> str:
        """Return the first reason against an action, as a key of the catalogue; empty if there is none."""
        alarms = self._alarms
        if alarms is None:
            return "list.reading"
        reasons = {
            "repeats.leaders_only": action_id == RULE.id and not alarms.leads,
            "repeats.none": action_id in _OF_A_ROW and self.chosen is None,
            "repeats.workers_only": action_id in {CASE.id, WALK.id} and not alarms.works,
            "list.reading": action_id in _OF_A_ROW and self.beneath is None,
            "repeats.no_wells": action_id in {WALK.id, MAP.id} and not self._struck(),
        }
        return next((why for why, holds in reasons.items() if holds), "")

    def _struck(self) -> tuple[str, ...]:
        beneath = self.beneath
        return () if beneath is None else tuple(well.code for well in beneath.ground.wells if well.struck)

    # Its tickets

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        """Choose one of its tickets, or the case over them, and open it."""
        chosen, beneath = self.chosen, self.beneath
        if chosen is None or beneath is None:
            return
        options = [self._option(ticket) for ticket in beneath.tickets]
        case = chosen.repeat.case
        if case is not None:
            options.insert(
                0, Option(str(case.id), t("repeats.the_case", code=case.code), str(state_mark(case.state)))
            )
        self.choose(t("repeats.which_ticket"), options, self._open)

    def _open(self, ticket_id: str) -> None:
        from tui.screens.tickets.page import TicketPage

        self.app.push_screen(TicketPage(UUID(ticket_id)))

    def _option(self, ticket: TicketLine) -> Option:
        note = f"{state_mark(ticket.state)}  {ticket.what}"
        return Option(str(ticket.id), f"{ticket.code}  {self.alarms.clock.said(ticket.opened_at)}", note)

    # A case over them

    def do_case(self) -> None:
        """Open a case; where one stands already, what came since may join it."""
        chosen, beneath = self.chosen, self.beneath
        if chosen is None or beneath is None:
            return
        case, fresh = chosen.repeat.case, store.fresh_of(chosen, beneath.tickets)
        if case is None or not fresh:
            self._tick_case(chosen, beneath)
            return
        options = [
            Option("join", t("repeats.into_case", code=case.code, n=len(fresh))),
            Option("new", t("repeats.new_case")),
        ]

        def answered(how: str) -> None:
            if how == "join":
                self.change(store.joining(case, fresh), t("repeats.joined", code=case.code, n=len(fresh)))
            else:
                self._tick_case(chosen, beneath)

        self.choose(t("repeats.which_case"), options, answered)

    def _tick_case(self, chosen: RepeatLine, beneath: store.Beneath) -> None:
        """Tick which tickets belong together, then say what the case is called."""
        tickets = beneath.tickets[: store.MOST_IN_A_CASE]
        self._show_modal(
            Tick(
                t("repeats.case_title"),
                [self._option(ticket) for ticket in tickets],
                ticked=[str(ticket.id) for ticket in tickets],
                verb=t("repeats.case_next"),
                needed=t("repeats.tick_one"),
            ),
            partial(self._name_case, chosen),
        )

    def _name_case(self, chosen: RepeatLine, ids: tuple[str, ...]) -> None:
        form = FormDialog(
            t("repeats.case_form", n=len(ids)),
            [
                TextField(
                    id="what",
                    label=t("repeats.case_what"),
                    value=words.case_words(chosen),
                    required=True,
                    longest=LONGEST_NAME,
                ),
                YesNoField(id="join", label=t("repeats.join"), value=NO, hint=t("repeats.join_hint")),
            ],
            save=t("repeats.case_verb"),
        )

        def named(values: Values) -> None:
            what, join = str(values["what"]), values["join"] is True
            self.tell(partial(store.open_case, tickets=ids, what=what, join=join), self._case_opened)

        self._show_modal(form, named)

    def _case_opened(self, made: tuple[Outcome, str]) -> None:
        outcome, code = made
        self.note_change(outcome, t("repeats.case_opened", code=code))

    # The ground

    def do_map(self) -> None:
        from tui.screens.survey.room import SurveyMap

        self.app.push_screen(SurveyMap(code=self._struck()[0]))

    def do_walk(self) -> None:
        """Walk the wells between: of this repeat, or of several that are ticked."""
        chosen = self.chosen
        others = [line for line in self.alarms.lines if line.repeat.alarms or line is chosen]
        if chosen is None:
            return
        if len(others) == 1:
            self._walk([chosen])
            return
        self._show_modal(
            Tick(
                t("repeats.walk_title"),
                [Option(line.key, words.place_text(line), words.kind_text(line)) for line in others],
                ticked=[chosen.key],
                verb=t("repeats.walk_verb"),
                about=t("repeats.walk_about"),
                needed=t("repeats.tick_one"),
            ),
            lambda keys: self._walk([line for line in others if line.key in keys]),
        )

    def _walk(self, lines: Sequence[RepeatLine]) -> None:
        if self._going:
            return  # a second Enter in a hurry starts no second walk
        self._going = True
        route = t("repeats.route", place=words.place_text(lines[0]))[:LONGEST_NAME]
        walk = t("walks.name", route=route, day=self.alarms.clock.today.isoformat())[:LONGEST_NAME]
        self.tell(
            partial(store.begin_walk, lines=lines, route=route, walk=walk),
            self._walking,
            failed=lambda _error: self._stay(),
        )

    def _stay(self) -> None:
        self._going = False

    def _walking(self, begun: store.Begun) -> None:
        self._stay()
        if begun.outcome is None or begun.walk_id is None:
            self.flash(t("repeats.no_wells"), Tone.WARN)
            return
        key = "repeats.walk_begun" if begun.routed else "repeats.walk_without_route"
        if self.note_change(begun.outcome, t(key, n=len(begun.wells))):
            from tui.screens.walk.cards import WalkCards

            self.app.push_screen(WalkCards(begun.walk_id))

    # Thresholds

    def do_rule(self) -> None:
        from tui.screens.tickets import kinds_store
        from tui.screens.tickets.kinds import ask_thresholds

        self.ask(kinds_store.look, lambda kinds: ask_thresholds(self, kinds))
