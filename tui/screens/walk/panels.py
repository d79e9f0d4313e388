"""What opens in place on a card: mud, note, defects, checklist. What is typed is a draft until Enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from models.inspection.observed import DefectSeen
from models.inspection.queries import QuestionLine
from models.inspection.rules import Answer as AnswerKind
from models.inspection.rules import asks_for_attention
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.walk import words
from tui.screens.walk.questions import GRADES, TYPED, answer_by_digit, question_lines, value_text
from tui.screens.walk.state import LONGEST_NOTE, Edit, Walking
from tui.widgets.answer_pad import AnswerPad
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone, joined
from tui.widgets.tick_list import PAGE, TickList
from tui.widgets.walk_card import WalkCard

_GRADES: tuple[int | None, ...] = (None, *GRADES)
_NOT_WELL = next(grade for grade in GRADES if asks_for_attention(grade))
_OTHER = "other"
_LONGEST_MUD = 8


class WalkPanels(LinliScreen):
    """The card with what can open on it. The screen proper says how answers are kept."""

    walking: Walking | None = None
    panel: str = ""
    _question: QuestionLine | None = None
    _cursor: int = 0
    _opened_with: str = ""
    #: Whether the list of questions is to open again behind the line that is typed into.
    _from_list: bool = False
    #: Whether Enter itself has opened the line, for an answer that is required: the next Enter goes on.
    _prompting: bool = False

    def card_area(self) -> ComposeResult:
        """Yield the card, the line to type into, the list to tick, and the buttons."""
        with Vertical(id="card-area"):
            yield WalkCard(id="card")
            with Horizontal(id="typing"):
                yield Line(id="typing-label")
                yield Line(id="digits")
                yield Entry(max_length=LONGEST_NOTE, id="entry")
                yield Line(id="typing-hint")
            yield TickList(id="ticks")
            yield AnswerPad(id="pad")

    # -- what the screen proper does

    def keep(self, edit: Edit) -> None:
        """Keep a draft of this card and draw it."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw card, buttons and list."""
        raise NotImplementedError

    # -- opening and closing

    @property
    def typing(self) -> bool:
        """Whether keys go into the line to type words into."""
        return self.panel in {"note", "ask"}

    def _open_typing(self, panel: str, label: str, text: str, hint: str) -> None:
        self.panel = panel
        entry, digits = self.query_one("#entry", Entry), self.query_one("#digits", Line)
        entry.display, digits.display = self.typing, not self.typing
        self.query_one("#typing-label", Line).show(label)
        self.query_one("#typing-hint", Line).show(hint)
        self.query_one("#typing").display = True
        if self.typing:
            self._opened_with = text
            entry.value = text
            entry.cursor_position = len(text)
            # At once: the next key may already be on its way.
            self.set_focus(entry)
        self.draw()

    def close_panel(self) -> None:
        """Close what is open; what was typed stays a draft."""
        self.panel, self._question = "", None
        self.query_one("#typing").display = False
        self.set_focus(None)
        self.draw()

    def open_mud(self) -> None:
        """Type a mud depth. The screen itself takes the digits, so that none can come too early."""
        self.set_focus(None)
        self._open_typing("mud", t("walk.type.mud"), "", t("walk.type.mud_hint"))

    @property
    def mud_text(self) -> str:
        """The mud depth as typed so far, or as it stands."""
        walking = self._here()
        standing = walking.standing(walking.index).mud_mm
        return walking.edit.mud if walking.edit.mud is not None else "" if standing is None else str(standing)

    def type_mud(self, text: str) -> None:
        """Put `text` behind the digits; the first digit replaces a depth that stands."""
        edit = self._here().edit
        self.keep(replace(edit, mud=((edit.mud or "") + text)[:_LONGEST_MUD]))

    def erase_mud(self) -> None:
        """Take the last digit away."""
        self.keep(replace(self._here().edit, mud=self.mud_text[:-1]))

    def open_note(self) -> None:
        """Type a note."""
        walking = self._here()
        text = walking.edit.note if walking.edit.note is not None else walking.standing(walking.index).note
        self._open_typing("note", t("walk.type.note"), " ".join(text.splitlines()), t("walk.type.note_hint"))

    def open_question(self, question: QuestionLine, begun: str = "") -> None:
        """Type the answer to a question that asks for a number or for words; `begun` is its first digit."""
        walking = self._here()
        self._from_list, self._prompting = self.panel == "checklist", False
        self._question = question
        value = walking.standing(walking.index).answers.get(str(question.id))
        typed = (walking.edit.typed or {}).get(str(question.id))
        text = typed if typed is not None else "" if value is None else value_text(value)
        self._open_typing("ask", question.text, text, t("walk.type.ask_hint"))
        if begun:
            entry = self.query_one("#entry", Entry)
            entry.value, entry.cursor_position = begun, len(begun)
            self.take_typed(begun)

    def open_list(self, panel: str) -> None:
        """Open the defects or the checklist."""
        self.close_panel()
        self.panel, self._cursor = panel, 0
        self.draw()

    # -- drawing

    def draw_ticks(self) -> None:
        """Draw the list to tick: what is open, else the checklist of a point that is no well."""
        walking, ticks = self._here(), self.query_one("#ticks", TickList)
        questions = walking.questions(walking.index)
        drain = walking.is_drain(walking.index)
        if self.panel == "defects":
            pages = -(-len(words.DEFECT_ORDER) // PAGE)
            heading = t("walk.defects_head", page=self._cursor // PAGE + 1, pages=pages)
            ticks.show(heading, words.defect_lines(self._defects()), self._cursor)
        elif self.panel == "checklist" or (not drain and questions):
            answer = walking.proposed(walking.index)
            asking = self.panel == "checklist"
            cursor = self._cursor if asking else None
            heading = t("walk.checklist_head") if asking else t("walk.questions_head")
            lines = question_lines(questions, answer, walking.edit, cursor=cursor)
            ticks.show(heading, lines, cursor, numbered=not asking)
        else:
            ticks.show("", (), None)
        ticks.display = bool(ticks.lines)
        if self.panel == "mud":
            self.query_one("#digits", Line).show(joined((self.mud_text, "bold"), ("_", "bold $accent")))

    # -- ticking

    def _defects(self) -> tuple[DefectSeen, ...]:
        walking = self._here()
        return walking.proposed(walking.index).defects

    def tick_number(self, digit: int) -> None:
        """Give a digit to the list that is open: in the defects a line, 0 turns the page; else an answer."""
        if self.panel == "checklist":
            self._answer_with(digit)
        elif digit == 0:
            self.turn_page(1)
        else:
            self.tick(self._cursor // PAGE * PAGE + digit - 1)

    def _answer_with(self, digit: int) -> None:
        """Answer the question under the cursor and go to the next one."""
        walking = self._here()
        question = walking.questions(walking.index)[self._cursor]
        if question.answer in TYPED:
            self.open_question(question, str(digit))
            return
        given = answer_by_digit(question, digit)
        if given is None:
            yes_no = question.answer == AnswerKind.YES_NO
            self.flash(t("walk.press_yes_no" if yes_no else "walk.press_grade"), Tone.WARN)
            return
        # First: keeping draws.
        self._cursor = min(self._cursor + 1, self._most() - 1)
        self._answer(question, given)

    def tick(self, index: int) -> None:
        """Tick or untick a defect, or answer a question."""
        if self.panel == "defects":
            if index < len(words.DEFECT_ORDER):
                self._cursor = index
                self._toggle(words.DEFECT_ORDER[index])
            return
        walking = self._here()
        questions = walking.questions(walking.index)
        if index < len(questions):
            self._cursor = index
            self._answer(questions[index])

    def _toggle(self, code: str) -> None:
        defects = self._defects()
        left = tuple(defect for defect in defects if defect.code != code)
        made = left if len(left) < len(defects) else (*defects, DefectSeen(code, None, ""))
        self.keep(replace(self._here().edit, defects=made))

    def _answer(self, question: QuestionLine, given: Any = None) -> None:
        walking = self._here()
        key = str(question.id)
        value = walking.proposed(walking.index).answers.get(key)
        # Enter says that all is fine, so that the first press of a digit says that it is not.
        if question.answer == AnswerKind.YES_NO:
            given = (value is not False) is False if given is None else given
        elif question.answer == AnswerKind.GRADE:
            if given is None:
                given = int(value) % len(GRADES) + 1 if isinstance(value, int) else _NOT_WELL
        else:
            self.open_question(question)
            return
        answers: Mapping[str, Any] = {**(walking.edit.answers or {}), key: given}
        self.keep(replace(walking.edit, answers=answers))

    def choose_on(self, index: int, choice_id: str) -> None:
        """Take a choice at the end of a line: a grade, yes or no."""
        self._cursor = index
        if self.panel == "defects":
            self._grade(words.DEFECT_ORDER[index], int(choice_id) if choice_id else None)
            return
        walking = self._here()
        question = walking.questions(walking.index)[index]
        given = {"yes": True, "no": False}.get(choice_id)
        self._answer(
            question, given if given is not None else int(choice_id) if choice_id.isdigit() else None
        )

    def _grade(self, code: str, grade: int | None) -> None:
        kept = list(self._defects())
        known = {defect.code: place for place, defect in enumerate(kept)}
        if code in known:
            kept[known[code]] = replace(kept[known[code]], grade=grade)
        else:
            kept.append(DefectSeen(code, grade, ""))
        self.keep(replace(self._here().edit, defects=tuple(kept)))

    def step_grade(self, by: int) -> None:
        """Raise or lower the grade of the line under the cursor."""
        if self.panel == "defects":
            code = words.DEFECT_ORDER[self._cursor]
            now = next((defect.grade for defect in self._defects() if defect.code == code), None)
            place = max(0, min(_GRADES.index(now) + by, len(_GRADES) - 1)) if now in _GRADES else 0
            self._grade(code, _GRADES[place])
        else:
            self.tick(self._cursor)

    def move_cursor(self, by: int) -> None:
        """Move the cursor of the list that is open."""
        self._cursor = max(0, min(self._cursor + by, self._most() - 1))
        self.draw_ticks()

    def turn_page(self, by: int) -> None:
        """Turn the page of the list that is open, going round."""
        pages = -(-self._most() // PAGE)
        self._cursor = (self._cursor // PAGE + by) % max(1, pages) * PAGE
        self.draw_ticks()

    def _most(self) -> int:
        if self.panel == "defects":
            return len(words.DEFECT_ORDER)
        walking = self._here()
        return len(walking.questions(walking.index))

    def mark_trouble(self) -> None:
        """Say of a point other than a well that something is wrong with it, or take that back."""
        self._toggle(_OTHER)

    def _here(self) -> Walking:
        assert self.walking is not None  # noqa: S101 - no action runs before the walk is open
        return self.walking

    # -- what is typed

    def take_typed(self, text: str) -> None:
        """Keep what stands in the line as a draft; what was only opened is no draft."""
        edit = self._here().edit
        if self.panel == "note":
            if text != self._opened_with or edit.note is not None:
                self.keep(replace(edit, note=text))
        elif self.panel == "ask" and self._question is not None:
            key = str(self._question.id)
            if text != self._opened_with or key in (edit.typed or {}):
                self.keep(replace(edit, typed={**(edit.typed or {}), key: text}))
