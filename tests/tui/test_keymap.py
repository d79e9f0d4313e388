from __future__ import annotations

import pytest

from tui import actions
from tui.actions import key_name, registered, variants
from tui.keymap import PROTECTED, lawful, pressed_key, why_not_key
from tui.screens.catalogue import every_screen


@pytest.mark.parametrize(
    ("key", "character", "read"),
    [
        ("u", "u", "u"),
        ("U", "U", "u"),
        ("ｕ", "ｕ", "u"),
        ("slash", "/", "/"),
        ("ideographic_comma", "、", "/"),
        ("fullwidth_digit_one", "１", "1"),
        ("f5", None, "f5"),
        ("ctrl+x", "\x18", "ctrl+x"),
        ("space", " ", "space"),
        ("张", "张", None),
    ],
)
def test_a_pressed_key_is_read_as_the_registry_writes_it(
    key: str, character: str | None, read: str | None
) -> None:
    assert pressed_key(key, character) == read


def test_a_key_of_another_action_of_the_same_screen_is_refused_by_name() -> None:
    every_screen()
    theme, palette = registered()["shell.theme"], registered()["shell.palette"]
    reason = why_not_key("f9", theme, [("今日", (theme, palette))])
    assert reason is not None
    assert palette.label in reason
    assert "今日" in reason
    assert why_not_key("f9", theme, [("今日", (theme,)), ("登记", (palette,))]) is None


def test_a_letter_is_taken_in_every_width_and_case() -> None:
    every_screen()
    undo, theme = registered()["register.undo"], registered()["shell.theme"]
    assert why_not_key("u", theme, [("登记", (undo, theme))]) is not None


@pytest.mark.parametrize("key", sorted(PROTECTED))
def test_what_means_the_same_everywhere_is_given_to_nothing_else(key: str) -> None:
    theme = registered()["shell.theme"]
    assert why_not_key(key, theme, []) is not None


def test_what_opens_goes_back_and_helps_keeps_its_key() -> None:
    for name in ("shell.back", "shell.help", "choose.pick"):
        assert why_not_key("f12", registered()[name], []) is not None


def test_every_character_that_is_a_key_is_one_in_full_width_and_under_caps_lock() -> None:
    """What each screen binds in the end, so that a clash with a base's keys shows too."""
    wrong: list[tuple[str, str, str]] = []
    asked = 0
    for screen in every_screen():
        bound = screen._merge_bindings().key_to_bindings
        listed = screen.actions_here()
        outright = {key_name(key): made.id for made in reversed(listed) for key in made.keys}
        for made in listed:
            for name in (name for key in made.keys for name in variants(key)):
                asked += 1
                if outright.get(name, made.id) == made.id and not any(
                    binding.action == f"act('{made.id}')" for binding in bound.get(name, [])
                ):
                    wrong.append((screen.__name__, made.id, name))
    assert wrong == []
    assert asked > 500


@pytest.mark.parametrize(
    "key",
    ["\x01", "\x7f", "\n", "\ud800", "ctrl+", "++", "很", "a b", "a,b", "x" * 5000, "escape", "1", "f1", " "],
)
def test_a_key_of_a_users_file_that_no_keyboard_has_or_that_means_the_same_everywhere_is_left_out(
    key: str,
) -> None:
    assert lawful({"shell.theme": (key,), "home.person": (key, "f5")}) == {"home.person": ("f5",)}


def test_every_key_that_can_be_pressed_for_an_action_is_lawful_in_the_users_file() -> None:
    for key in ("f5", "ctrl+shift+left", "ctrl+x", "/", ",", "+", "alt+f12", "insert", "ctrl+underscore"):
        assert lawful({"shell.theme": (key,)}) == {"shell.theme": (key,)}


def test_what_opens_goes_back_and_helps_keeps_its_keys_whatever_a_users_file_says() -> None:
    every_screen()
    try:
        actions.remap(lawful(dict.fromkeys(actions.registered(), ("f5",))))
        fixed = [made for made in actions.registered().values() if made.fixed]
        assert actions.BACK in fixed
        assert all(made.current_keys == made.keys for made in fixed)
    finally:
        actions.remap({})
