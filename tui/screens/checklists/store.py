"""What the rooms of checklists ask of the store, and the changes they make, as intents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.inspection.checklists import EXAMPLES, Example
from models.inspection.queries import QuestionLine, checklist
from models.inspection.queries_checklists import KindAsked, kinds_asked
from models.inspection.rules import PointKind
from models.operations.envelope import Intent
from models.text import fold
from tui import edge
from tui.desk import Desk
from tui.i18n import LANGUAGES, load, t


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one kind in their order, and those that were taken away and may come back."""

    kind: str
    questions: tuple[QuestionLine, ...]
    removed: tuple[QuestionLine, ...]


def look(desk: Desk) -> tuple[KindAsked, ...]:
    """Return every kind of point with what is asked at it."""
    with desk.store.read() as session:
        return kinds_asked(session, desk.seat.compound_id)


def look_at(desk: Desk, kind: str) -> Asked:
    """Return the questions of one kind."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        return Asked(
            kind,
            checklist(session, compound_id, kind=kind),
            checklist(session, compound_id, kind=kind, archived=True),
        )


def has_examples(kind: str) -> bool:
    """Tell whether there is a ready checklist for a kind."""
    return kind in EXAMPLES


def adding_examples(asked: Asked) -> list[Intent]:
    """Return what adds the ready questions of a kind that are not asked yet, in the language in use.

    A question that stands in another language counts as asked.
    """
    catalogues = [load(language) for language in LANGUAGES]
    standing = {fold(question.text) for question in asked.questions}
    intents: list[Intent] = []
    position = next_position(asked.questions)
    for example in EXAMPLES[PointKind(asked.kind)] if has_examples(asked.kind) else ():
        key = f"checklist_example.{asked.kind}.{example.code}"
        if standing.isdisjoint(_wordings(catalogues, key)):
            intents += _adding_example(asked, example, t(key), position)
            position += 1
    return intents


def _wordings(catalogues: Iterable[Mapping[str, str]], key: str) -> set[str]:
    return {fold(catalogue[key]) for catalogue in catalogues}


def _adding_example(asked: Asked, example: Example, text: str, position: int) -> list[Intent]:
    return adding(asked, text, example.answer.value, required=example.required, position=position)


def adding(
    asked: Asked, text: str, answer: str, *, required: bool, position: int | None = None
) -> list[Intent]:
    """Return what asks a question; one that was taken away comes back, and is answered as it was then."""
    place = next_position(asked.questions) if position is None else position
    gone = next((question for question in asked.removed if fold(question.text) == fold(text)), None)
    if gone is None:
        payload = {
            "id": str(edge.new_id()),
            "point_kind": asked.kind,
            "text": text,
            "answer": answer,
            "required": required,
            "position": place,
        }
        return [Intent("checklist.add", payload)]
    back = Intent("checklist_item.unarchive", {"checklist_item": str(gone.id)})
    return [back, *changing(gone, required=required, position=place)]


def changing(question: QuestionLine, **wanted: bool | int | str) -> list[Intent]:
    """Return what changes a question, nothing if it stands like that."""
    old = {
        name: getattr(question, name) for name, value in wanted.items() if getattr(question, name) != value
    }
    if not old:
        return []
    new = {name: wanted[name] for name in old}
    return [Intent("checklist.edit", {"item": str(question.id), "old": old, "new": new})]


def arranging(questions: Sequence[QuestionLine], row_ids: Sequence[str]) -> list[Intent]:
    """Return what gives the questions this order; those that keep their place are left alone."""
    by_id = {str(question.id): question for question in questions}
    return [
        intent
        for position, row_id in enumerate(row_ids, start=1)
        if row_id in by_id
        for intent in changing(by_id[row_id], position=position)
    ]


def archiving(question_id: UUID) -> Intent:
    """Return what takes a question away."""
    return Intent("checklist_item.archive", {"checklist_item": str(question_id)})


def next_position(questions: Iterable[QuestionLine]) -> int:
    """Return the place behind the last question."""
    return min(1000, max((question.position for question in questions), default=0) + 1)
