"""A walk under way, as values: what was said at each point, what is half-typed, what to take back.

Draws nothing and asks no store. Answers stand here the moment they are given;
a write that fails afterwards is taken back by `fail`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models.inspection.answered import Given
from models.inspection.levels import Level
from models.inspection.observed import DefectSeen, Seen
from models.inspection.queries import QuestionLine
from models.inspection.queries_cards import PointCard, WalkView
from models.inspection.queries_walks import DRAINS, Progress
from models.inspection.rules import Answer as AnswerKind
from models.inspection.rules import State, state_of, unanswered

DEEPEST_MUD: Final = 20_000
LONGEST_NOTE: Final = 5_000
_MUD_UNITS: Final = ("毫米", "mm")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a point: everything an observation carries."""

    level: str | None = None
    mud_mm: int | None = None
    defects: tuple[DefectSeen, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that stands: whose it is, and since when. `id` names the observation."""

    id: UUID
    answer: Answer
    doer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """What was typed on a card and not recorded; None marks what was left alone.

    `mud` and the values of `typed` (question id to text) are as typed.
    """

    level: str | None = None
    mud: str | None = None
    defects: tuple[DefectSeen, ...] | None = None
    answers: Mapping[str, Any] | None = None
    typed: Mapping[str, str] | None = None
    note: str | None = None

    @property
    def empty(self) -> bool:
        """Tell whether nothing was typed."""
        return all(getattr(self, made.name) is None for made in fields(self))

    def to_json(self) -> dict[str, Any]:
        """Return what a draft keeps."""
        kept = {made.name: getattr(self, made.name) for made in fields(self)}
        if self.defects is not None:
            kept["defects"] = [[found.code, found.grade, found.note] for found in self.defects]
        for name in ("answers", "typed"):
            if kept[name] is not None:
                kept[name] = dict(kept[name])
        return {name: value for name, value in kept.items() if value is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Edit:
        """Read a draft; whatever a later version added is left out."""
        known = {made.name for made in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        if "defects" in values:
            values["defects"] = tuple(
                DefectSeen(code, grade, note) for code, grade, note in values["defects"]
            )
        return cls(**values)


@dataclass(slots=True)
class Step:
    """One answer given, so that it can be taken back. The writer sets `group_id` when it is stored."""

    index: int
    id: UUID
    before: Said | None
    after: Said | None
    group_id: UUID | None = None


def mud_of(text: str) -> tuple[int | None, bool]:
    """Read a mud depth in mm from typed text; the flag tells whether it could be read. Empty is None."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    for unit in _MUD_UNITS:
        plain = plain.removesuffix(unit).strip()
    if not plain:
        return None, True
    if not re.fullmatch(r"\d{1,9}", plain, re.ASCII) or int(plain) > DEEPEST_MUD:
        return None, False
    return int(plain), True


def number_of(text: str) -> float | None:
    """Read a number from typed text, None if it is none. A float, because a whole number means a grade."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".")
    return float(plain) if re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,6})?", plain, re.ASCII) else None


def overlay(answer: Answer, edit: Edit, questions: Iterable[QuestionLine] = ()) -> Answer:
    """Return an answer with what was typed over it; what cannot be read is left as it was."""
    made = answer
    if edit.level is not None:
        made = replace(made, level=edit.level)
    if edit.mud is not None:
        mud, readable = mud_of(edit.mud)
        made = replace(made, mud_mm=mud) if readable else made
    if edit.defects is not None:
        made = replace(made, defects=edit.defects)
    answers = dict(made.answers) | dict(edit.answers or {})
    for question in questions:
        text = (edit.typed or {}).get(str(question.id))
        if text is None:
            continue
        if question.answer != AnswerKind.NUMBER:
            answers[str(question.id)] = text.strip() or None
        elif not text.strip() or number_of(text) is not None:
            answers[str(question.id)] = number_of(text)
    made = replace(made, answers={key: value for key, value in answers.items() if value is not None})
    return made if edit.note is None else replace(made, note=edit.note.strip())


def unreadable(edit: Edit, questions: Iterable[QuestionLine] = ()) -> str | None:
    """Return what of an edit cannot be read: `mud`, the id of a question, or None."""
    if edit.mud is not None and not mud_of(edit.mud)[1]:
        return "mud"
    for question in questions:
        text = (edit.typed or {}).get(str(question.id), "")
        if text.strip() and question.answer == AnswerKind.NUMBER and number_of(text) is None:
            return str(question.id)
    return None


def unread_part(edit: Edit, questions: Iterable[QuestionLine] = ()) -> Edit:
    """Return what of an edit cannot be read, so that recording the rest does not throw it away."""
    typed = {
        str(question.id): text
        for question in questions
        if question.answer == AnswerKind.NUMBER
        and (text := (edit.typed or {}).get(str(question.id), "")).strip()
        and number_of(text) is None
    }
    mud = edit.mud if edit.mud is not None and not mud_of(edit.mud)[1] else None
    return Edit(mud=mud, typed=typed or None)


def answer_of(seen: Seen | Given) -> Answer:
    """Return what an observation says."""
    return Answer(seen.level, seen.mud_mm, seen.defects, seen.answers, seen.note)


class Walking:
    """The cards of a walk, the one in front of the person, and everything said so far."""

    def __init__(self, view: WalkView, edits: Mapping[UUID, Edit]) -> None:
        self.view = view
        self.cards: tuple[PointCard, ...] = view.cards
        self.places = {card.point_id: index for index, card in enumerate(self.cards)}
        self.said: list[Said | None] = [_said(card.latest) for card in self.cards]
        self.edits: dict[int, Edit] = {
            self.places[point_id]: edit
            for point_id, edit in edits.items()
            if point_id in self.places and not edit.empty
        }
        self.steps: list[Step] = []
        self.index = self._start()

    def _start(self) -> int:
        """Return where to go on: where something is half-typed, else at the first unseen point."""
        if self.edits:
            return min(self.edits)
        unseen = self.next_unseen(-1)
        return unseen if unseen is not None else 0

    def remember(self, given: Sequence[Given], recorder_id: UUID) -> None:
        """Learn which answers this recorder may take back, from a walk begun earlier."""
        before: dict[UUID, Said] = {}
        for made in given:
            index = self.places.get(made.point_id)
            if index is None:
                continue
            latest = self.said[index]
            said = (
                latest
                if latest is not None and latest.id == made.id
                else Said(made.id, answer_of(made), "", self.view.started_at)
            )
            if made.recorder_id == recorder_id:
                self.steps.append(Step(index, made.id, before.get(made.point_id), said))
            before[made.point_id] = said

    # -- where we are

    @property
    def card(self) -> PointCard | None:
        """The card in front of the person; None on a walk without points."""
        return self.cards[self.index] if self.cards else None

    @property
    def edit(self) -> Edit:
        """What is half-typed on this card."""
        return self.edits.get(self.index, Edit())

    def questions(self, index: int) -> tuple[QuestionLine, ...]:
        """Return the checklist of a card's kind."""
        return self.view.checklists.get(self.cards[index].kind, ()) if self.cards else ()

    def is_drain(self, index: int) -> bool:
        """Tell whether a card is one of a well or an outfall, which have water in them."""
        return bool(self.cards) and self.cards[index].kind in DRAINS

    def next_unseen(self, after: int) -> int | None:
        """Return the next point of the route that nobody has seen, going round once."""
        count = len(self.cards)
        for step in range(1, count + 1):
            index = (after + step) % count
            if self.said[index] is None and self.cards[index].on_route:
                return index
        return None

    @property
    def progress(self) -> Progress:
        """How many points of the route have been seen."""
        planned = [index for index, card in enumerate(self.cards) if card.on_route]
        return Progress(sum(self.said[index] is not None for index in planned), len(planned))

    # -- what is said

    def standing(self, index: int) -> Answer:
        """Return what stands at a point, nothing said if nothing does."""
        said = self.said[index]
        return Answer() if said is None else said.answer

    def proposed(self, index: int) -> Answer:
        """Return what is recorded if the person agrees: what stands, with what was typed over it."""
        return overlay(self.standing(index), self.edits.get(index, Edit()), self.questions(index))

    def fine(self, index: int) -> Answer:
        """Return the answer that Enter gives: flowing, or every question answered well."""
        if self.is_drain(index):
            return Answer(level=Level.FLOWING.value)
        return Answer(
            answers={
                str(question.id): True if question.answer == AnswerKind.YES_NO else 1
                for question in self.questions(index)
                if question.answer in {AnswerKind.YES_NO, AnswerKind.GRADE}
            }
        )

    def open_questions(self, index: int, answer: Answer) -> tuple[QuestionLine, ...]:
        """Return the required questions that an answer leaves open."""
        return open_questions(self.questions(index), answer)

    def state(self, index: int) -> State | None:
        """Return what stands at a point amounts to, None if nothing stands."""
        said = self.said[index]
        return None if said is None else state_in(said.answer, self.cards[index].diameter_mm)

    def change(self, edit: Edit) -> None:
        """Keep what is half-typed on this card."""
        if edit.empty:
            self.edits.pop(self.index, None)
        else:
            self.edits[self.index] = edit

    def say(self, index: int, answer: Answer, *, new: UUID, doer: str, at: datetime) -> Step:
        """Let an answer stand. A correction comes after what it corrects, whatever the clock says."""
        before = self.said[index]
        if before is not None:
            at = max(at, before.at + timedelta(microseconds=1))
        step = Step(index, new, before, Said(new, answer, doer, at))
        self.said[index] = step.after
        self.edits.pop(index, None)
        self.steps.append(step)
        return step

    def fail(self, step: Step) -> None:
        """Take back an answer that could not be stored; it stays on the card as half-typed."""
        if step in self.steps:
            self.steps.remove(step)
        if step.after is None:
            return
        for later in self.steps:
            if later.before is step.after:
                later.before = step.before
        if self.said[step.index] is step.after:
            self.said[step.index] = step.before
        answer = step.after.answer
        failed = Edit(
            level=answer.level,
            mud=None if answer.mud_mm is None else str(answer.mud_mm),
            defects=answer.defects or None,
            answers=answer.answers or None,
            note=answer.note or None,
        )
        # What was typed meanwhile lies over it: neither may cost the other.
        newer = self.edits.get(step.index, Edit())
        over = {part.name: told for part in fields(Edit) if (told := getattr(newer, part.name)) is not None}
        if failed.answers and newer.answers:
            over["answers"] = {**failed.answers, **newer.answers}
        self.edits[step.index] = replace(failed, **over)

    def take_back(self) -> Step | None:
        """Let the last answer stand no more and go to its card; None when there is none."""
        if not self.steps:
            return None
        step = self.steps.pop()
        self.said[step.index] = step.before
        self.index = step.index
        return step

    def put_back(self, step: Step) -> None:
        """Let an answer stand again that could not be taken back."""
        if self.said[step.index] is step.before:
            self.said[step.index] = step.after


def open_questions(questions: Iterable[QuestionLine], answer: Answer) -> tuple[QuestionLine, ...]:
    """Return the required ones of these questions that an answer leaves open."""
    required = {str(question.id): question for question in questions if question.required}
    return tuple(required[item] for item in unanswered(required, answer.answers, answer.level))


def state_in(answer: Answer, diameter_mm: int | None) -> State:
    """Return what an answer amounts to."""
    return state_of(
        level=answer.level,
        mud_mm=answer.mud_mm,
        diameter_mm=diameter_mm,
        defects=[{"code": found.code, "grade": found.grade} for found in answer.defects],
        answers=answer.answers,
    )


def _said(seen: Seen | None) -> Said | None:
    return None if seen is None else Said(seen.id, answer_of(seen), seen.doer, seen.at)
