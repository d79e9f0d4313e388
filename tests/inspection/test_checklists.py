"""Checklists: the ready ones, changes to questions, and which answers ask for attention."""

from __future__ import annotations

import pytest
from simulation.devices import Laptop
from street import id_of, lay, refused

from models.inspection.checklists import EXAMPLES
from models.inspection.queries import checklist
from models.inspection.rules import Answer, PointKind, State, failed_items, state_of
from models.listings import list_rows


@pytest.fixture
def lamps(laptop: Laptop) -> Laptop:
    lay(laptop, "W1", "W2")
    laptop.do("point.add", code="L1", kind="lamp")
    for position, (text, answer) in enumerate((("灯亮", "yes_no"), ("灯杆", "grade"), ("年份", "number")), 1):
        laptop.do("checklist.add", point_kind="lamp", text=text, answer=answer, position=position)
    laptop.do("walk.start", name="三月")
    return laptop


def texts(laptop: Laptop) -> list[str]:
    with laptop.store.read() as session:
        return [line.text for line in checklist(session, laptop.compound_id, kind="lamp")]


@pytest.mark.parametrize(
    ("answer", "fails"),
    [(True, False), (False, True), (1, False), (2, False), (3, True), (4, True), (2031.0, False), (3.0, False),
     ("坏了", False), (None, False), ("", False)],
)  # fmt: skip
def test_a_no_and_a_grade_of_three_ask_for_attention(answer: object, fails: bool) -> None:  # noqa: FBT001
    assert failed_items(["a"], {"a": answer}) == (("a",) if fails else ())
    assert state_of(level=None, answers={"a": answer}) == (State.WATCH if fails else State.NORMAL)


def test_failed_questions_come_in_the_order_they_are_asked_in() -> None:
    assert failed_items(["c", "a", "b"], {"a": False, "b": 1, "c": 4, "gone": False}) == ("c", "a")


def test_a_question_is_reworded_and_back_but_never_into_another(lamps: Laptop) -> None:
    done = lamps.do("checklist.edit", item="灯亮", new={"text": "灯 亮着"})
    assert texts(lamps) == ["灯 亮着", "灯杆", "年份"]
    assert refused(lamps, "checklist.edit", item="灯杆", new={"text": "灯 亮着"}).code == "name.taken"
    lamps.undo(done.group_id)
    assert texts(lamps) == ["灯亮", "灯杆", "年份"]


def test_observations_are_listed_with_the_questions_that_failed(lamps: Laptop) -> None:
    ids = {text: str(id_of(lamps, "checklist_item", text)) for text in ("灯亮", "灯杆", "年份")}
    answers = {ids["灯亮"]: False, ids["灯杆"]: 4, ids["年份"]: 2031}
    lamps.do("walk.observe", walk="三月", point="L1", answers=answers)
    lamps.do("walk.observe", walk="三月", point="L1", answers={ids["灯亮"]: True})
    lamps.do("checklist_item.archive", checklist_item="灯亮")
    with lamps.store.read() as session:
        rows = list_rows(session, lamps.compound_id, "observations", today=lamps.clock.now.date())
        assert not hasattr(rows, "code"), rows
        assert [sorted(row["failed"]) for row in rows] == [["灯亮", "灯杆"], []]  # type: ignore[union-attr, call-overload]


def test_ready_checklists_are_short_and_ask_first_for_what_matters() -> None:
    assert {PointKind.LAMP, PointKind.EXTINGUISHER} <= EXAMPLES.keys()
    for kind, questions in EXAMPLES.items():
        assert 4 <= len(questions) <= 7, kind
        assert len({question.code for question in questions}) == len(questions)
        assert questions[0].required
        assert questions[0].answer is Answer.YES_NO
