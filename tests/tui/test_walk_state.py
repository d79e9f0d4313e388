from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection.observed import DefectSeen
from models.inspection.queries import QuestionLine
from models.inspection.queries_cards import PointCard, WalkView, first_unfinished, progress_of
from models.inspection.rules import State
from tui.screens.walk.state import Answer, Edit, Walking, mud_of, number_of, overlay, unreadable

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
QUESTIONS = (
    QuestionLine(UUID(int=901), "lamp", "灯亮", "yes_no", True, 1, False),  # noqa: FBT003
    QuestionLine(UUID(int=902), "lamp", "高度", "number", True, 2, False),  # noqa: FBT003
    QuestionLine(UUID(int=903), "lamp", "灯杆", "grade", False, 3, False),  # noqa: FBT003
)


def card(number: int, kind: str = "well", *, on_route: bool = True) -> PointCard:
    return PointCard(
        UUID(int=number),
        f"W{number:02}",
        kind,
        "",
        "",
        "",
        "",
        None,
        (),
        (),
        300,
        on_route,
        False,  # noqa: FBT003
        None,
        None,
        0,
    )


def walking(*cards: PointCard, edits: dict[UUID, Edit] | None = None) -> Walking:
    view = WalkView(
        id=UUID(int=1000),
        name="x",
        note="",
        route_id=None,
        route="",
        started_at=NOON,
        started_by="",
        finished_at=None,
        archived=False,
        members=(),
        cards=cards,
        checklists={"lamp": QUESTIONS},
        progress=progress_of(cards),
        first_unfinished=first_unfinished(cards),
    )
    return Walking(view, edits or {})


@pytest.mark.parametrize(
    ("text", "mud"),
    [
        ("", (None, True)),
        ("120", (120, True)),
        ("１２０", (120, True)),
        (" 120 mm", (120, True)),
        ("120毫米", (120, True)),
    ],
)
def test_mud_is_read_as_people_type_it(text: str, mud: tuple[int | None, bool]) -> None:
    assert mud_of(text) == mud


@pytest.mark.parametrize("text", ["-1", "1.5", "20001", "9" * 400, "[/b]", "十", "٣", "1e3"])
def test_what_is_no_mud_depth_is_not_guessed(text: str) -> None:
    assert mud_of(text) == (None, False)
    assert unreadable(Edit(mud=text)) == "mud"


@pytest.mark.parametrize(
    ("text", "number"),
    [("４．5", 4.5), ("3。5", 3.5), ("-2", -2.0), ("nan", None), ("inf", None), ("", None)],
)
def test_numbers_are_read_in_full_width_too(text: str, number: float | None) -> None:
    assert number_of(text) == number


EDITS = st.builds(
    Edit,
    level=st.sampled_from([None, "full"]),
    mud=st.none() | st.text(max_size=9),
    defects=st.none()
    | st.tuples(st.builds(DefectSeen, st.just("silt"), st.sampled_from([None, 3]), st.text(max_size=3))),
    answers=st.none() | st.dictionaries(st.text(max_size=3), st.booleans() | st.integers(1, 4)),
    typed=st.none() | st.dictionaries(st.text(max_size=3), st.text(max_size=9)),
    note=st.none() | st.text(max_size=40),
)


@given(EDITS)
def test_a_draft_read_back_is_the_draft_that_was_kept(edit: Edit) -> None:
    import json

    assert Edit.from_json(json.loads(json.dumps(edit.to_json()))) == edit


def test_a_draft_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert Edit.from_json({"note": "x", "photo": "later"}) == Edit(note="x")


@given(EDITS)
def test_an_edit_lies_over_what_stands_and_says_nothing_of_what_it_left_alone(edit: Edit) -> None:
    stands = Answer("dry", 7, (), {"old": True}, "old")
    made = overlay(stands, edit)
    assert made.level == (edit.level or "dry")
    assert made.note == ("old" if edit.note is None else edit.note.strip())
    assert {"old": True, **(edit.answers or {})} == dict(made.answers)


def test_opening_goes_on_at_a_half_typed_card_before_the_first_unseen_one() -> None:
    cards = [card(number) for number in range(1, 6)]
    assert walking(*cards).index == 0
    assert walking(*cards, edits={UUID(int=3): Edit(note="x")}).index == 2
    assert walking(*cards, edits={UUID(int=3): Edit(), UUID(int=77): Edit(note="x")}).index == 0


def test_the_next_unseen_point_goes_round_once_and_leaves_out_what_is_off_the_route() -> None:
    here = walking(card(1), card(2), card(3, on_route=False))
    here.say(1, Answer("dry"), new=UUID(int=50), doer="", at=NOON)
    assert here.next_unseen(1) == 0
    here.say(0, Answer("dry"), new=UUID(int=51), doer="", at=NOON)
    assert here.next_unseen(0) is None


def test_a_correction_is_later_than_what_it_corrects_though_the_clock_went_back() -> None:
    here = walking(card(1))
    first = here.say(0, Answer("dry"), new=UUID(int=50), doer="", at=NOON)
    second = here.say(0, Answer("full"), new=UUID(int=51), doer="", at=NOON - timedelta(hours=1))
    assert first.after is not None
    assert second.after is not None
    assert second.after.at > first.after.at


def test_answers_are_taken_back_last_first() -> None:
    here = walking(card(1), card(2))
    here.say(0, Answer("dry"), new=UUID(int=50), doer="", at=NOON)
    here.say(0, Answer("full"), new=UUID(int=51), doer="", at=NOON)
    here.say(1, Answer("half"), new=UUID(int=52), doer="", at=NOON)
    assert here.take_back() is not None
    assert here.index == 1
    here.take_back()
    assert here.standing(0).level == "dry"
    here.take_back()
    assert here.said == [None, None]
    assert here.take_back() is None


def test_what_could_not_be_stored_is_half_typed_again_and_leaves_no_step() -> None:
    here = walking(card(1))
    first = here.say(0, Answer("dry"), new=UUID(int=50), doer="", at=NOON)
    second = here.say(
        0, Answer("full", 120, (DefectSeen("silt", 2, ""),), {}, "x"), new=UUID(int=51), doer="", at=NOON
    )
    here.fail(first)
    here.fail(second)
    assert here.said == [None]
    assert here.steps == []
    assert here.proposed(0).level in {"dry", "full"}


def test_a_failed_answer_keeps_everything_that_was_said() -> None:
    here = walking(card(1))
    answer = Answer("full", 120, (DefectSeen("silt", 2, ""),), {"q": True}, "x")
    here.fail(here.say(0, answer, new=UUID(int=51), doer="", at=NOON))
    assert here.proposed(0) == answer


def test_enter_says_flowing_at_a_well_and_all_fine_elsewhere() -> None:
    here = walking(card(1), card(2, "outfall"), card(3, "lamp"), card(4, "garden"))
    assert here.fine(0) == here.fine(1) == Answer(level="flowing")
    assert here.fine(2).answers == {str(UUID(int=901)): True, str(UUID(int=903)): 1}
    assert here.fine(3) == Answer()
    assert [question.text for question in here.open_questions(2, here.fine(2))] == ["高度"]
    assert here.open_questions(0, Answer()) == ()


def test_a_number_is_never_taken_for_a_bad_grade() -> None:
    here = walking(card(1, "lamp"))
    answer = overlay(here.fine(0), Edit(typed={str(UUID(int=902)): "35"}), QUESTIONS)
    here.say(0, answer, new=UUID(int=50), doer="", at=NOON)
    assert here.state(0) is State.NORMAL


def test_what_failed_and_what_was_typed_meanwhile_stand_side_by_side() -> None:
    """A full well whose write failed must not be taken for flowing because a note was begun."""
    here = walking(card(1))
    step = here.say(0, Answer(level="full", mud_mm=120), new=UUID(int=51), doer="", at=NOON)
    here.edits[0] = Edit(note="管口有布")
    here.fail(step)
    assert (here.edits[0].level, here.edits[0].mud, here.edits[0].note) == ("full", "120", "管口有布")
