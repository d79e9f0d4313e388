"""The page of a report: its lines, what follows from them, and the draft that outlives the app."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message

from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from models.tables import Json
from models.tickets.guessing import guess
from models.tickets.queries_categories import CategoryLine
from tui import actions, edge
from tui.actions import Action, action, variants
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.asking import known
from tui.screens.drafted import Drafted
from tui.screens.filling import DISCARD
from tui.screens.tickets import report_store as store
from tui.screens.tickets.marks import Clock
from tui.screens.tickets.report_rows import near_columns, who_columns
from tui.screens.tickets.report_state import Slip
from tui.screens.tickets.report_words import follows, presets, taken
from tui.screens.walk import store as walk_store
from tui.widgets.bars import KeyView
from tui.widgets.choices import Choices
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import Entry, SearchBox
from tui.widgets.text import Line, Tone

CHANNEL = action("ticket_report.channel", "f3", footer=False)
DOER = action("ticket_report.doer", "f5", footer=False)
URGENCY = action("ticket_report.urgency", "f6", footer=False)
HANDS = action("ticket_report.hands", "f7", footer=False)
PRESETS = (CHANNEL, URGENCY, HANDS, DOER)
_FIELDS = ("who", "what", "category", "near")


class WhoBox(SearchBox):
    """The search line of who and where. Backspace in the empty line takes back what was taken last."""

    @dataclass
    class Emptied(Message):
        box: WhoBox

    def action_delete_left(self) -> None:
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.Emptied(self))


class Kinds(Choices):
    """The kinds of job, ten by digit and the others by letter; U undoes everywhere, and so names none."""

    KEYS: ClassVar[str] = "1234567890qwertyiopasdfghjkl"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(variants(key)), f"number({place})") for place, key in enumerate(KEYS, 1)
    ]

    def offer(self, options: tuple[tuple[str, str], ...]) -> None:
        self.options = options
        self.refresh(layout=True)


class ReportForm(Drafted):
    """Who asks and where, what, and what is set before anybody says so."""

    CSS_PATH: ClassVar[str | Path] = "report.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE, *PRESETS)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)"),
        Binding("down", "step(1)"),
    ]
    AUTO_FOCUS = "#who"

    def __init__(self, given: store.Given) -> None:
        super().__init__()
        self.given = given
        self.slip = Slip()
        self.begun: store.Begun | None = None

    def body(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield Line(t("ticket_report.label.who"), classes="label")
            box = WhoBox("#found", hint=t("ticket_report.who_hint"), id="who")
            box.max_length = LONGEST_NAME
            yield box
        yield Line(id="taken")
        with Horizontal(classes="line"):
            yield Line(t("ticket_report.label.what"), classes="label")
            yield Entry(hint=t("ticket_report.what_hint"), max_length=LONGEST_NOTE, id="what")
        with Horizontal(classes="line"):
            yield Line(t("ticket_report.label.category"), classes="label")
            yield Kinds((), "", id="category")
        yield Line(id="follows")
        yield Deeds(id="presets")
        yield Line(id="say")
        found = LongList(who_columns(), header=False, lit=True, id="found")
        found.can_focus = False
        yield found
        yield LongList(near_columns(), header=False, id="near")

    # -- what the screen proper does

    def look_around(self, *, soon: bool = False) -> None:
        """Ask what is near; `soon` once typing pauses."""
        raise NotImplementedError

    def do_save(self) -> None:
        """Save the report."""
        raise NotImplementedError

    def show_offers(self) -> None:
        """Show whom and what it may be about, as the search line stands."""
        raise NotImplementedError

    # -- beginning

    def on_mount(self) -> None:
        given = self.given
        # In the write thread: it comes after what was typed here a moment ago.
        self.tell(lambda desk: store.begin(desk, given), self._take_up)

    def _take_up(self, begun: store.Begun) -> None:
        self.begun = begun
        self.query_one(Kinds).offer(tuple((line.code, category_word(line.code)) for line in begun.categories))
        self.put(begun.slip)
        if begun.restored:
            self.flash(t("ticket_report.restored"), Tone.WARN)
        self.go("what" if begun.slip.has_where and begun.slip.has_who else "who")

    def put(self, slip: Slip) -> None:
        """Show a slip in place of the one that is there."""
        self.slip = slip
        with self.prevent(Entry.Changed):
            self.query_one("#who", WhoBox).value = slip.typed
            self.query_one("#what", Entry).value = slip.what
        self.show_offers()
        self.draw()
        self.look_around()

    # -- what follows

    @property
    def kind(self) -> CategoryLine:
        """The kind of job: the one chosen, else the one that the words speak of."""
        lines = known(self.begun).categories
        code = self.slip.category or guess(self.slip.what, [line.code for line in lines])
        return next((line for line in lines if line.code == code), lines[-1])

    @property
    def clock(self) -> Clock:
        return Clock(edge.clock(), known(self.begun).zone)

    def note(self, slip: Slip) -> None:
        """Let another slip stand, and keep it."""
        self.slip = slip
        self.keep_soon()
        self.draw()

    def draw(self) -> None:
        if self.begun is None:
            return
        kind = self.kind
        self.query_one(Kinds).chosen = kind.code
        self.query_one("#taken", Line).show(taken(self.slip))
        self.query_one("#follows", Line).show(follows(kind, self.slip, self.clock))
        self.refresh_keys()

    def refresh_keys(self) -> None:
        super().refresh_keys()
        for shown in self.query(Deeds):
            shown.keys = self._preset_keys()

    def _preset_keys(self) -> tuple[KeyView, ...]:
        """Return what one key changes, each with what it is set to."""
        if self.begun is None:
            return ()
        said = presets(self.slip, self.kind.urgency, self.slip.doer or self.begun.recorder)
        return tuple(
            KeyView(made.id, actions.shown_key(made.current_keys[0]), words)
            for made, words in zip(PRESETS, said, strict=True)
        )

    def why_not(self, action_id: str) -> str | None:
        if self.begun is None and action_id in {actions.SAVE.id, DISCARD.id, *(made.id for made in PRESETS)}:
            return t("register.reading")
        return super().why_not(action_id)

    def do_channel(self) -> None:
        self.note(self.slip.next_channel())

    def do_urgency(self) -> None:
        self.note(self.slip.next_urgency(self.kind.urgency))

    def do_hands(self) -> None:
        self.note(self.slip.more_hands())

    def do_doer(self) -> None:
        self.ask(walk_store.people, self._choose_doer)

    def _choose_doer(self, options: tuple[Option, ...]) -> None:
        names = {option.id: option.text for option in options}

        def chosen(person_id: str) -> None:
            self.note(replace(self.slip, doer_id=UUID(person_id), doer=names[person_id]))

        current = self.slip.doer_id or known(self.begun).recorder_id
        self.choose(t("ticket_report.who_took"), options, chosen, current=str(current))

    # -- the draft

    @property
    def draft(self) -> str:
        return self.given.draft

    def half_typed(self) -> dict[str, Json]:
        return {} if self.slip.empty else self.slip.kept()

    def clear(self) -> None:
        """Show an empty page; whoever takes questions in stays."""
        self.kept()
        self.put(Slip(doer_id=self.slip.doer_id, doer=self.slip.doer))
        self.go("who")

    # -- from line to line

    @property
    def field(self) -> str:
        """The line that has the focus."""
        focused = None if self.focused is None else self.focused.id
        return focused if focused in _FIELDS else "who"

    def go(self, field: str) -> None:
        # At once: the next key may already be on its way.
        self.set_focus(self.query_one(f"#{field}"))
        self._show_lists()

    def action_step(self, by: int) -> None:
        place = _FIELDS.index(self.field) + by
        if 0 <= place < len(_FIELDS):
            self.go(_FIELDS[place])

    def on_descendant_focus(self) -> None:
        self._show_lists()

    def _show_lists(self) -> None:
        asking = self.field == "who"
        self.query_one("#found").display = asking
        self.query_one("#near").display = not asking

    def on_input_changed(self, event: Entry.Changed) -> None:
        event.stop()
        if event.input.id == "who":
            self.note(replace(self.slip, typed=event.value))
        else:
            self.note(replace(self.slip, what=event.value))
            self.look_around(soon=True)

    def on_input_submitted(self, event: Entry.Submitted) -> None:
        event.stop()
        if self.slip.what.strip():
            self.go("category")
        else:
            self.flash(t("ticket_report.what_first"), Tone.WARN)

    def on_choices_changed(self, event: Choices.Changed) -> None:
        event.stop()
        self.note(replace(self.slip, category=event.choices.chosen))
        self.look_around()

    def on_choices_settled(self, event: Choices.Settled) -> None:
        self.on_choices_changed(event)
        self.go("near")
