"""The checklist of one kind of point: its questions in the order they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.inspection.queries import QuestionLine
from models.inspection.rules import Answer
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.text import fold
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.arranging import Arranging
from tui.screens.asking import known
from tui.screens.changing import Ledger, Values
from tui.screens.checklists import store
from tui.screens.walk.words import kind_word
from tui.widgets.arrange_list import ArrangeList
from tui.widgets.deeds import Deeds
from tui.widgets.fields import NO, ChoiceField, TextField, YesNoField
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone

HOLD = action("checklist.hold", "space")
ADD = action("checklist.add", "1", "f5", "insert", footer=False)
READY = action("checklist.ready", "2", footer=False)
REQUIRED = action("checklist.required", "3", footer=False)
REWORD = action("checklist.reword", "4", footer=False)
ARCHIVE = action("checklist.archive", "5", "delete", footer=False)
_OF_A_ROW = frozenset({HOLD.id, REQUIRED.id, REWORD.id, ARCHIVE.id})


class ChecklistScreen(Arranging):
    """The questions of one kind."""

    ROOM: ClassVar[str] = "checklist"
    HOLD: ClassVar[Action] = HOLD
    AUTO_FOCUS = "#questions"
    DEEDS: ClassVar[tuple[Action, ...]] = (ADD, READY, REQUIRED, REWORD, ARCHIVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (HOLD, *DEEDS)
    DEFAULT_CSS = """
    ChecklistScreen #about { height: 1; color: $text-muted; margin-bottom: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ChecklistScreen.-short #about { margin-bottom: 0; }
    ChecklistScreen Deeds { margin-top: 1; }
    ChecklistScreen.-short Deeds { margin-top: 0; }
    """

    def __init__(self, kind: str, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.kind = kind
        self._asked: store.Asked | None = None

    @property
    def heading(self) -> str:
        return t("checklists.heading", kind=kind_word(self.kind))

    def body(self) -> ComposeResult:
        yield Line(t("checklists.about"), id="about")
        yield ArrangeList(
            (
                Column(t("checklists.question"), 30, priority=9, grow=True),
                Column(t("checklists.answer"), 14, priority=8),
                Column(t("checklists.required"), 10, priority=7),
            ),
            empty=t("checklists.empty", kind=kind_word(self.kind)),
            id="questions",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(store.look_at, kind=self.kind), self._show, latest="questions")

    def _show(self, asked: store.Asked) -> None:
        self._asked = asked
        if self.may_show:
            self.arranged.show_order([_row(question) for question in asked.questions])
        self.refresh_frame()

    @property
    def asked(self) -> store.Asked:
        """What is shown; actions wait until it is read."""
        return known(self._asked)

    @property
    def chosen(self) -> QuestionLine | None:
        """The question under the highlight."""
        if self._asked is None or not self.is_mounted:
            return None
        row_id = self.arranged.highlighted
        return next((made for made in self._asked.questions if str(made.id) == row_id), None)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if self._asked is None and action_id.startswith("checklist."):
            return t("list.reading")
        if action_id in _OF_A_ROW and self.chosen is None:
            return t("checklists.add_first")
        if action_id == READY.id and not store.has_examples(self.kind):
            return t("checklists.no_ready", kind=kind_word(self.kind))
        return super().why_not(action_id)

    # Order

    def on_arrange_list_held(self, event: ArrangeList.Held) -> None:
        self.flash(t("checklists.holding" if event.held else "checklists.put_back"))

    def on_arrange_list_arranged(self, event: ArrangeList.Arranged) -> None:
        intents = store.arranging(self.asked.questions, event.row_ids)
        place = event.row_ids.index(event.moved) + 1
        self.write_order(lambda desk: desk.perform(*intents), t("checklists.moved", place=place))

    # Questions

    def do_add(self) -> None:
        asked = self.asked

        def plan(values: Values) -> Sequence[Intent]:
            text, answer = str(values["text"]), str(values["answer"])
            return store.adding(asked, text, answer, required=values["required"] is True)

        def said(values: Values) -> str:
            text = str(values["text"])
            gone = next((made for made in asked.removed if fold(made.text) == fold(text)), None)
            if gone is None:
                return t("checklists.added", text=text)
            return t("checklists.brought_back", text=gone.text, answer=answer_word(gone.answer))

        self.fill_in(
            t("checklists.add_title", kind=kind_word(self.kind)),
            [
                TextField(
                    id="text",
                    label=t("checklists.question"),
                    required=True,
                    longest=LONGEST_NAME,
                    hint=t("checklists.text_hint"),
                ),
                ChoiceField(
                    id="answer",
                    label=t("checklists.answer"),
                    value=Answer.YES_NO.value,
                    options=tuple((answer.value, answer_word(answer)) for answer in Answer),
                ),
                YesNoField(id="required", label=t("checklists.required"), value=NO),
            ],
            plan,
            said,
            draft=f"question:{self.kind}",
        )

    def do_ready(self) -> None:
        from tui.screens.checklists.room import add_ready

        add_ready(self, (self.kind,))

    def do_required(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            key = "checklists.now_optional" if chosen.required else "checklists.now_required"
            intents = store.changing(chosen, required=not chosen.required)
            self.change(intents, t(key, text=chosen.text))

    def do_reword(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return

        def plan(values: Values) -> Sequence[Intent]:
            return store.changing(chosen, text=str(values["text"]))

        self.fill_in(
            t("checklists.reword_title"),
            [
                TextField(
                    id="text",
                    label=t("checklists.question"),
                    value=chosen.text,
                    required=True,
                    longest=LONGEST_NAME,
                    hint=t("checklists.reword_hint"),
                )
            ],
            plan,
            lambda values: t("checklists.reworded", text=str(values["text"])),
            draft=f"question:{chosen.id}",
        )

    def do_archive(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.change([store.archiving(chosen.id)], t("checklists.archived", text=chosen.text))


def answer_word(answer: str) -> str:
    """Return how a question is answered; a way of a later version stays as it is."""
    return t(f"answer.{Answer(answer).value}") if answer in set(Answer) else answer


def _row(question: QuestionLine) -> RowView:
    required = (
        Mark("*", t("checklists.is_required"), Tone.WARN)
        if question.required
        else Mark("·", t("checklists.is_optional"), Tone.MUTED)
    )
    return RowView(str(question.id), (question.text, answer_word(question.answer), required))
