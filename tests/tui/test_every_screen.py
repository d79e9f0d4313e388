"""What holds for every screen and every dialog, found by importing them all."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tui import i18n
from tui.screens.base import LinliScreen, Modal, Shell
from tui.screens.catalogue import every_screen
from tui.widgets.bars import MOST_KEYS, key_view
from tui.widgets.text import width

SCREENS = every_screen()
ROOMS = [cls for cls in SCREENS if issubclass(cls, LinliScreen) and cls.ROOM]
#: Cells of the key bar at 80 columns: the screen's own, and that of the narrowest dialog.
ROOM_CELLS, DIALOG_CELLS = 78, 60
_ENDS = {"zh_CN": re.compile(r"[。！？]"), "en": re.compile(r"[.!?](?=\s|$)")}


def name_of(cls: type[Shell[Any]]) -> str:
    return cls.__name__


def test_the_screens_are_found() -> None:
    assert len(SCREENS) > 40
    assert len(ROOMS) > 15


@pytest.mark.parametrize("screen", ROOMS, ids=name_of)
def test_help_tells_what_a_screen_is_for_in_three_sentences(
    screen: type[LinliScreen], each_language: str
) -> None:
    purpose = i18n.t(f"screen.{screen.ROOM}.purpose")
    assert len(_ENDS[each_language].findall(purpose)) == 3, purpose
    assert purpose[-1] in "。.!?！？"


def test_every_dialog_that_explains_itself_does_it_in_three_sentences(each_language: str) -> None:
    wrong = {
        key: len(_ENDS[each_language].findall(text))
        for key, text in i18n.load(each_language).items()
        if key.endswith((".purpose", "_purpose")) and len(_ENDS[each_language].findall(text)) != 3
    }
    assert wrong == {}


@pytest.mark.parametrize("screen", SCREENS, ids=name_of)
def test_the_keys_at_the_bottom_are_six_at_most_and_stand_uncut(
    screen: type[Shell[Any]], each_language: str
) -> None:
    assert each_language
    shown = [key_view(made) for made in screen.actions_here() if made.footer]
    if "key_views" in vars(screen) or any(
        "key_views" in vars(base) for base in screen.__mro__[:-1] if base is not Shell
    ):
        pytest.skip("shows other keys than it lists; the rooms are looked at as they stand")
    assert len(shown) <= MOST_KEYS, [view.action_id for view in shown]
    cells = DIALOG_CELLS if issubclass(screen, Modal) else ROOM_CELLS
    line = " ".join(f"{view.key} {view.label}" for view in shown)
    assert width(line) <= cells, line


@pytest.mark.parametrize("screen", SCREENS, ids=name_of)
def test_what_a_screen_lists_it_can_do(screen: type[Shell[Any]]) -> None:
    missing = [made.id for made in screen.actions_here() if not hasattr(screen, f"do_{made.verb}")]
    assert missing == []


def test_every_command_and_every_room_has_a_name_in_both_languages() -> None:
    for language in i18n.LANGUAGES:
        words = i18n.load(language)
        for screen in SCREENS:
            for made in screen.actions_here():
                assert f"action.{made.id}" in words, (language, made.id)
                assert f"action.{made.id}.help" in words, (language, made.id)
