"""The letters of dunning in their lawful order: what each says, filled in for a real door, changed, and printed for many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from models.fees.letters import Place, Wrong, wrong_with
from models.fees.queries_arrears import ArrearsView
from models.fees.rules import Step
from models.operations.envelope import Intent
from tui.actions import Action, action
from tui.fee_words import step_word, sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.fees import letters_store as store
from tui.screens.fees.arrears_rows import ArrearsFilters
from tui.screens.fees.dunning_letters import offer_doors
from tui.screens.fees.letters_store import Looked, StepText, built_in, letter_text
from tui.screens.fees.letters_text import body_of, paragraph_fields, shown_places, title_of
from tui.screens.picking import pick_household
from tui.widgets.deeds import Deeds
from tui.widgets.flow import flowed
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone, joined

OPEN = action("letters.open", "enter")
EDIT = action("letters.edit", "1", "f2", footer=False)
PRINT = action("letters.print", "2", footer=False)
DOOR = action("letters.door", "3", footer=False)
USUAL = action("letters.usual", "4", footer=False)
COPY = action("letters.copy", "f5")
_AROUND = 5  # cells beside the words: padding and scrollbar


class Letters(Changing):
    """`filters` narrow the doors that letters are printed for; `household_id` is the door they are shown for."""

    ROOM: ClassVar[str] = "letters"
    AUTO_FOCUS = "#steps"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, PRINT, DOOR, USUAL)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, COPY, *DEEDS)
    DEFAULT_CSS = """
    Letters #steps { height: 6; }
    Letters #for { height: 1; color: $text-muted; }
    Letters.-tall #for { margin: 1 0; }
    Letters #whole { height: 1fr; background: $surface; padding: 0 1; scrollbar-size-vertical: 1; }
    Letters #whole:focus { background: $panel; }
    Letters #words { height: auto; }
    Letters.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, filters: ArrearsFilters | None = None, household_id: UUID | None = None) -> None:
        super().__init__()
        self.filters = filters or ArrearsFilters()
        self.household_id = household_id
        self._looked: Looked | None = None

    @property
    def heading(self) -> str:
        return " · ".join((super().heading, *self.filters.words()))

    def body(self) -> ComposeResult:
        columns = (
            Column(t("letters.column.step"), 14, priority=9),
            Column(t("letters.column.whose"), 14, priority=7),
            Column(t("letters.column.about"), 20, priority=6, grow=True),
        )
        yield LongList(columns, id="steps")
        yield Line(id="for")
        with VerticalScroll(id="whole"):
            yield Line(id="words")
        yield Deeds()

    def on_mount(self) -> None:
        super().on_mount()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(store.look, household_id=self.household_id), self._show, latest="letters")

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self.query_one(LongList).show([_row(text) for text in looked.texts.values()], keep=True)
        self._draw()

    @property
    def step(self) -> Step | None:
        """The step in front."""
        row = self.query_one(LongList).highlighted if self.is_mounted else None
        return None if row is None else Step(row)

    def on_long_list_highlighted(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        looked, step = self._looked, self.step
        if looked is None or step is None:
            return
        self.query_one("#for", Line).show(_for_whom(looked))
        cells = max(20, self.size.width - _AROUND)
        parts = (part for one in self._words_of(looked, step) for part in flowed(one, cells))
        self.query_one("#words", Line).show("\n".join(parts))
        self.query_one("#whole", VerticalScroll).scroll_home(animate=False)
        self.refresh_keys()

    @staticmethod
    def _words_of(looked: Looked, step: Step) -> Iterator[str]:
        """Yield the lines of a step's letter, or its words with their places where no door owes."""
        letter = looked.letters.get(step)
        if letter is not None:
            yield from letter_text(letter).splitlines()
            return
        text = looked.texts[step]
        yield shown_places(text.title)
        yield ""
        yield from shown_places(text.body).splitlines()

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        looked, step = self._looked, self.step
        of_room = {one.id for one in (OPEN, COPY, EDIT, PRINT, DOOR, USUAL)}
        if action_id not in of_room:
            return super().why_not(action_id)
        if looked is None or step is None:
            return t("list.reading")
        treasurers = None if looked.sets else t("letters.only_treasurers")
        workers = None if looked.works else t("dunning.no_role")
        reasons = {
            EDIT.id: treasurers,
            USUAL.id: treasurers or (None if looked.texts[step].own else t("letters.is_usual")),
            PRINT.id: workers or (t("letters.spoken") if step is Step.TALK else None),
            COPY.id: t("letters.nobody_owes") if looked.door is None else None,
        }
        return reasons.get(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def do_open(self) -> None:
        """Let the whole letter be read, however long it is."""
        self.query_one("#whole").focus()

    def do_edit(self) -> None:
        looked, step = known(self._looked), known(self.step)
        text = looked.texts[step]

        def refuse(values: Values) -> str | None:
            for part in (title_of(values), body_of(values)):
                wrong = wrong_with(part)
                if wrong is not None:
                    return wrong_text(wrong)
            return None if body_of(values) else t("letters.empty")

        self.fill_in(
            t("letters.edit_title", step=step_word(step)),
            paragraph_fields(text),
            lambda values: self._set(text, title_of(values), body_of(values)),
            lambda _values: t("letters.edited", step=step_word(step)),
            draft=f"letter:{step.value}",
            refuse=refuse,
        )

    @staticmethod
    def _set(text: StepText, title: str, body: str) -> list[Intent]:
        """Return what sets a step's words; what is built in is never written down."""
        usual = built_in(text.step)
        before = {"title": text.title, "body": text.body} if text.own else {}
        new = StepText(text.step, title, body, own=True)
        if replace(usual, own=True) == new:
            new = replace(new, title="", body="")
        if (new.title, new.body) == (before.get("title", ""), before.get("body", "")):
            return []
        payload = {"step": text.step.value, "title": new.title, "body": new.body, "before": before or None}
        return [Intent("fee.set_letter", payload)]

    def do_usual(self) -> None:
        """Go back to what is built in; U brings the own words back."""
        looked, step = known(self._looked), known(self.step)
        text = looked.texts[step]
        usual = built_in(step)
        self.change(self._set(text, usual.title, usual.body), t("letters.usual_again", step=step_word(step)))

    def do_door(self) -> None:
        """Choose the door that the letters are shown for."""

        def chosen(household_id: str) -> None:
            self.household_id = UUID(household_id)
            self.reread()

        self._show_modal(pick_household(t("letters.for_which")), chosen)

    def do_print(self) -> None:
        step = known(self.step)
        asked = self.filters.asked(known(self._looked).today, ArrearsView.DOORS)
        self.ask(partial(store.candidates, step=step, asked=asked), partial(offer_doors, self, step))

    def do_copy(self) -> None:
        """Copy the letter for the household it is for: it names its door and its sum, and is for nobody else."""
        from tui.screens.chat_text import offer_text

        step = known(self.step)
        letter = known(self._looked).letters[step]
        offer_text(self, f"{step_word(step)}_{letter.door}", letter_text(letter), one_door=True)


def wrong_text(wrong: Wrong) -> str:
    """Return what is wrong with a letter's words, and what helps."""
    if wrong.code == "letter.place":
        return t("letters.wrong.place", place=wrong.text, places=shown_places(_all_places()))
    return (
        t("letters.wrong.brace")
        if wrong.code == "letter.brace"
        else t("letters.wrong.cutting", text=wrong.text)
    )


def _all_places() -> str:
    return " ".join(f"{{{one.value}}}" for one in Place)


def _row(text: StepText) -> RowView:
    whose = (
        Mark("●", t("letters.own"), Tone.INFO) if text.own else Mark("·", t("letters.built_in"), Tone.MUTED)
    )
    return RowView(text.step.value, (step_word(text.step), whose, t(f"letters.about.{text.step.value}")))


def _for_whom(looked: Looked) -> Content:
    if looked.door is None:
        return joined(t("letters.no_door"))
    fen = sum_text(looked.door.door.due_fen)
    return joined(t("letters.shown_for", code=looked.door.code, fen=fen))
