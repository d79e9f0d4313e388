"""The questions of a checklist and their answers, as a card, its list and a summary show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from models.inspection.queries import QuestionLine
from models.inspection.queries_cards import WalkView
from models.inspection.rules import Answer as AnswerKind
from models.inspection.rules import asks_for_attention, failed_items
from tui.i18n import t
from tui.screens.walk.state import Answer, Edit, answer_of, open_questions
from tui.widgets.text import Mark, Tone, cut
from tui.widgets.tick_list import Choice, TickLine

GRADES: Final = (1, 2, 3, 4)
UNSEEN_SYMBOL: Final = "○"
#: Questions whose answer is typed.
TYPED: Final = frozenset({AnswerKind.NUMBER.value, AnswerKind.TEXT.value})
_YES, _NO = "1", "2"


def value_text(value: Any) -> str:
    """Return the answer to a checklist question in words."""
    if isinstance(value, bool):
        return t("walk.yes") if value else t("walk.no")
    if isinstance(value, int):
        return t("walk.grade", grade=value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def answered_parts(
    questions: Sequence[QuestionLine], answers: Mapping[str, Any], *, fine_too: bool = False
) -> list[str]:
    """Return what was answered, the failed questions first; of the others those whose answer is more than well."""
    failed = set(failed_items((question.id for question in questions), answers))
    parts: list[str] = []
    for question in sorted(questions, key=lambda made: str(made.id) not in failed):
        value = answers.get(str(question.id))
        if value is not None and (fine_too or (value is not True and value != 1)):
            said = f"{question.text} {value_text(value)}"
            parts.append(f"× {said}" if str(question.id) in failed else said)
    return parts


def failed_counts(view: WalkView) -> Mapping[str, int]:
    """Count over a walk how often each question failed, the commonest first."""
    counted: Counter[str] = Counter()
    for card in view.cards:
        if card.latest is not None:
            questions = {str(made.id): made.text for made in view.checklists.get(card.kind, ())}
            counted.update(questions[item] for item in failed_items(questions, card.latest.answers))
    return dict(counted.most_common())


def left_open(view: WalkView) -> Sequence[str]:
    """Return the codes of the points that were seen with required questions left open, in walking order."""
    return [
        card.code
        for card in view.cards
        if card.latest is not None
        and open_questions(view.checklists.get(card.kind, ()), answer_of(card.latest))
    ]


def question_lines(
    questions: Iterable[QuestionLine], answer: Answer, edit: Edit, *, cursor: int | None = None
) -> list[TickLine]:
    """Return questions with their answers; at the cursor each choice carries the digit that takes it."""
    lines = []
    for place, question in enumerate(questions):
        value = answer.answers.get(str(question.id))
        text = f"{question.text} *" if question.required else question.text
        here = place == cursor
        choices: tuple[Choice, ...] = ()
        if question.answer == AnswerKind.YES_NO:
            choices = (
                Choice("yes", _with_digit(_YES, t("walk.yes"), here=here), value is True),
                Choice("no", _with_digit(_NO, t("walk.no"), here=here), value is False),
            )
        elif question.answer == AnswerKind.GRADE:
            choices = tuple(Choice(str(grade), str(grade), value == grade) for grade in GRADES)
        else:
            typed = (edit.typed or {}).get(str(question.id))
            shown = typed if typed is not None else "" if value is None else value_text(value)
            choices = (Choice("type", cut(shown, 20) or t("walk.type_here"), bool(shown)),)
        lines.append(TickLine(_box(value), text, choices))
    return lines


def answer_by_digit(question: QuestionLine, digit: int) -> bool | int | None:
    """Return what a digit answers: 1 yes and 2 no, or a grade; None if the digit means nothing here."""
    if question.answer == AnswerKind.YES_NO:
        return {1: True, 2: False}.get(digit)
    return digit if question.answer == AnswerKind.GRADE and digit in GRADES else None


def _with_digit(digit: str, word: str, *, here: bool) -> str:
    return f"{digit} {word}" if here else word


def _box(value: Any) -> Mark:
    if value is None:
        return Mark(UNSEEN_SYMBOL, "", Tone.MUTED)
    return Mark("!", "", Tone.WARN) if asks_for_attention(value) else Mark("✓", "", Tone.GOOD)
