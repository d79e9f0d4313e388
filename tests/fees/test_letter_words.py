"""What a letter may say: places that are filled, and what must never be threatened."""

from __future__ import annotations

import pytest

from models.fees.letters import Place, Wrong, canonical, filled, wrong_with
from models.fees.rules import STEPS
from tui import i18n


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_built_in_letters_may_be_sent(language: str) -> None:
    texts = i18n.load(language)
    for step in STEPS:
        for part in ("title", "body"):
            text = texts[f"letters.built.{step.value}.{part}"].format()
            assert wrong_with(text) is None, (step, wrong_with(text))
    assert "944" in texts["letters.built.demand.body"] or "九百四十四" in texts["letters.built.demand.body"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_place_has_a_name_of_its_own_in_each_language(language: str) -> None:
    texts = i18n.load(language)
    names = [texts[f"letters.place.{one.value}"] for one in Place]
    assert len(set(names)) == len(names)
    told = canonical(
        " ".join(f"{{{name}}}" for name in names), dict(zip(names, map(str, Place), strict=True))
    )
    assert told == " ".join(f"{{{one.value}}}" for one in Place)
    assert wrong_with(told) is None


def test_places_are_known_however_they_were_typed() -> None:
    text = canonical("｛房号｝ {Sum} { day }", {"房号": "door"})
    assert text == "{door} {sum} {day}"
    assert filled(text, {Place.DOOR: "3-1-502", Place.SUM: "1,234.50"}) == "3-1-502 1,234.50 "


def test_what_is_filled_in_is_never_read_for_places_again() -> None:
    assert filled("{door} {sum}", {Place.DOOR: "{sum}", Place.SUM: "5"}) == "{sum} 5"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{owner} 您好", Wrong("letter.place", "{owner}")),
        ("{} 您好", Wrong("letter.place", "{}")),
        ("{door 您好", Wrong("letter.brace", "{")),
        ("door} 您好", Wrong("letter.brace", "}")),
        ("再不缴就停水", Wrong("letter.cutting", "停水")),
        ("将停止供电处理", Wrong("letter.cutting", "停止供电")),
        ("We shall cut off your water.", Wrong("letter.cutting", "cut off")),
        ("we will disconnect the power supply", Wrong("letter.cutting", "disconnect the power")),
    ],
)
def test_a_text_that_cannot_be_a_letter_says_why(text: str, wrong: Wrong) -> None:
    assert wrong_with(text) == wrong


@pytest.mark.parametrize(
    "text", ["停车费 300 元", "水费、电费照常", "Parking is cut by 10 percent", "请您于 {day} 前缴清"]
)
def test_what_threatens_nobody_may_be_said(text: str) -> None:
    assert wrong_with(text) is None
