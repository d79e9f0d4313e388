"""Importing what was seen: into a walk by name, at its time, with its defects, never twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sheets import found, imported, outcome
from simulation.devices import Laptop
from street import flags, id_of, lay

from models.inspection import queries_cards
from models.inspection import queries_walks as walks
from models.inspection.defects import DEFECT_WORDS, defect_code, defect_word
from models.inspection.queries_walks import WalkLine
from models.inspection.rules import DEFECT_CODES

SHEET = """编号,水位,积泥,缺陷,备注,时间
W1,满,80,井盖破损:3、CJ、怪味,[/b] 漏,2026-03-01 10:00
Ｗ２,干,,无,,
OUT,打不开,,,,2026-03-01 09:30:15
"""


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    lay(laptop, "W1", "W2", "OUT")
    return laptop


def _walk(laptop: Laptop) -> WalkLine:
    with laptop.store.read() as session:
        walk = walks.latest_walk(session, laptop.compound_id)
    assert walk is not None
    return walk


def _at(laptop: Laptop) -> list[str]:
    return [at for (at,) in laptop.ask("select at from observation order by at")]


def test_a_sheet_becomes_a_walk_of_that_name(street: Laptop) -> None:
    report = imported(street, "observations", SHEET, walk=" 三月 ")
    assert outcome(report) == (3, 0, 0)
    assert found(report) == [("defect.unknown", 2)]
    walk = _walk(street)
    assert (walk.name, walk.route_id, walk.started_by) == ("三月", None, "王德胜")
    assert walk.started_at.astimezone(UTC) == datetime(2026, 3, 1, 1, 30, 15, tzinfo=UTC)
    assert street.ask("select level, mud_mm, note from observation where mud_mm > 0") == [
        ("full", 80, "[/b] 漏")
    ]
    with street.store.read() as session:
        view = queries_cards.walk_view(session, street.compound_id, walk.id)
    assert view is not None
    seen = next(card.latest for card in view.cards if card.code == "W1")
    assert seen is not None
    assert [(d.code, d.grade, d.note) for d in seen.defects] == [
        ("cover_broken", 3, ""),
        ("CJ", None, ""),
        ("other", None, "怪味"),
    ]


def test_the_same_sheet_again_adds_nothing(street: Laptop) -> None:
    imported(street, "observations", SHEET, walk="三月")
    before = street.ask("select count(*) from operation")
    assert outcome(imported(street, "observations", SHEET, walk="三月")) == (0, 0, 3)
    assert street.ask("select count(*) from operation") == before


def test_a_time_is_local_and_a_line_without_one_has_the_walks_start(street: Laptop) -> None:
    imported(street, "observations", SHEET, walk="三月")
    assert _at(street) == [
        "2026-03-01 01:30:15.000000",
        "2026-03-01 01:30:15.000000",
        "2026-03-01 02:00:00.000000",
    ]


def test_a_sheet_without_times_is_now_and_then_known_by_its_values(street: Laptop) -> None:
    sheet = "code,level\nW1,full\nW2,dry\n"
    assert outcome(imported(street, "observations", sheet, walk="三月")) == (2, 0, 0)
    assert outcome(imported(street, "observations", sheet, walk="三月")) == (0, 0, 2)
    corrected = imported(street, "observations", "code,level\nW1,half\nW2,dry\n", walk="三月")
    assert outcome(corrected) == (1, 0, 1)
    with street.store.read() as session:
        view = queries_cards.walk_view(session, street.compound_id, _walk(street).id)
    assert view is not None
    assert {card.code: card.latest.level for card in view.cards if card.latest} == {"W1": "half", "W2": "dry"}


def test_seconds_that_a_spreadsheet_dropped_do_not_make_a_second_observation(street: Laptop) -> None:
    imported(street, "observations", "code,level,at\nW1,full,2026-03-01 10:00:41\n", walk="三月")
    again = imported(street, "observations", "code,level,at\nW1,full,2026-03-01 10:00\n", walk="三月")
    assert outcome(again) == (0, 0, 1)
    later = imported(street, "observations", "code,level,at\nW1,full,2026-03-01 10:01\n", walk="三月")
    assert outcome(later) == (1, 0, 0)


def test_an_import_that_was_taken_back_can_be_made_again(street: Laptop) -> None:
    imported(street, "observations", "code,level\nW1,full\n", walk="三月")
    street.do("observation.withdraw", observation=str(_observation(street)))
    assert outcome(imported(street, "observations", "code,level\nW1,full\n", walk="三月")) == (1, 0, 0)


def _observation(laptop: Laptop) -> str:
    return str(laptop.ask("select id from observation where archived = 0")[0][0])


@pytest.mark.parametrize(
    ("routes", "chosen"),
    [
        ({"东线": ["W1", "W2", "OUT"]}, "东线"),
        ({"东线": ["W1"], "全线": ["W1", "W2", "OUT"]}, "全线"),
        ({"东线": ["W1", "W2", "OUT"], "全线": ["OUT", "W2", "W1"]}, ""),
        ({"东线": ["W1", "W2"]}, ""),
    ],
)
def test_a_new_walk_takes_the_one_route_that_holds_every_point(
    street: Laptop, routes: dict[str, list[str]], chosen: str
) -> None:
    for name, stops in routes.items():
        street.do("route.add", name=name, stops=stops)
    imported(street, "observations", SHEET, walk="三月")
    assert _walk(street).route == chosen


def test_a_sheet_goes_into_the_walk_that_stands(street: Laptop) -> None:
    street.do("route.add", name="东线", stops=["W1"])
    street.do("walk.start", name="三月", route="东线")
    imported(street, "observations", SHEET, walk="三 月")
    assert street.ask("select count(*) from walk") == [(1,)]
    assert street.ask("select count(*) from observation where walk_id = ?", _walk(street).id.hex) == [(3,)]


def test_an_unknown_well_is_said_and_the_others_are_kept(street: Laptop) -> None:
    report = imported(street, "observations", "code,level\nW9,full\nW1,dry\n", walk="三月")
    assert (outcome(report), found(report)) == ((1, 0, 0), [("observation.well_unknown", 2)])


def test_a_sheet_of_unknown_wells_starts_no_walk(street: Laptop) -> None:
    report = imported(street, "observations", "code,level\nW9,full\n", walk="三月")
    assert outcome(report) == (0, 0, 0)
    assert street.ask("select count(*) from walk") == [(0,)]


def test_two_walks_of_one_name_are_not_guessed_between(street: Laptop) -> None:
    street.do("route.add", name="东线", stops=["W1"])
    street.do("walk.start", name="三月")
    street.do("walk.start", name="三月", route="东线")
    report = imported(street, "observations", SHEET, walk="三月")
    assert (outcome(report), ("walk.ambiguous", None) in found(report)) == ((0, 0, 0), True)


def test_an_archived_walk_takes_nothing(street: Laptop) -> None:
    street.do("walk.start", name="三月")
    street.do("walk.archive", walk="三月")
    report = imported(street, "observations", SHEET, walk="三月")
    assert (outcome(report), ("walk.archived", None) in found(report)) == ((0, 0, 0), True)


def test_what_was_seen_after_the_walk_was_closed_is_kept_and_flagged(street: Laptop) -> None:
    street.do("walk.start", name="三月")
    street.do("walk.finish", walk="三月")
    report = imported(street, "observations", "code,level,at\nW1,full,2026-12-01 10:00\n", walk="三月")
    assert outcome(report) == (1, 0, 0)
    assert flags(street) == ["observation.walk_finished"]


def test_a_walk_that_may_not_be_started_keeps_the_facts_out_too(street: Laptop) -> None:
    """A fact is never refused, so without this the sheet would land in no walk at all, flagged line by line."""
    report = imported(street, "observations", "code,level\nW1,full\n", walk="名" * 101)
    assert (outcome(report), found(report)) == ((0, 0, 0), [("payload.field", None)])
    assert street.ask("select count(*) from observation") == [(0,)]


def test_somebody_else_may_have_done_the_walk(street: Laptop) -> None:
    person = street.ids()
    street.do("person.add", id=str(person), name="李梅")
    imported(street, "observations", SHEET, walk="三月", doer_id=person)
    assert street.ask("select distinct doer_id from observation") == [(person.hex,)]
    assert street.ask("select distinct recorder_id from observation") == [(street.person_id.hex,)]


def test_every_defect_has_words_and_every_word_has_one_defect() -> None:
    assert tuple(DEFECT_WORDS) == DEFECT_CODES
    for code, words in DEFECT_WORDS.items():
        for name in (code, *words.zh, *words.en):
            assert defect_code(name) == code, name
        assert defect_code(defect_word(code, "zh")) == code
        assert defect_code(defect_word(code, "en")) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ｃｊ", "CJ"),
        ("Cover Broken", "cover_broken"),
        ("cover_broken", "cover_broken"),
        ("树根", "SG"),
        ("龙", None),
        ("", None),
    ],
)
def test_defects_are_read_as_people_write_them(text: str, code: str | None) -> None:
    assert defect_code(text) == code


def test_a_walk_found_by_name_is_the_one_that_was_imported(street: Laptop) -> None:
    imported(street, "observations", SHEET, walk="三月")
    assert id_of(street, "walk", "三月") == _walk(street).id
