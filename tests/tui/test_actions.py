from __future__ import annotations

import pytest
from harness import Wells

from tui import actions
from tui.actions import Action, action, bound_keys, shown_key, variants


def test_a_key_answers_in_full_width_and_under_caps_lock_too() -> None:
    assert variants("u") == ("u", "U", "ｕ", "Ｕ")
    assert variants("1") == ("1", "１")
    assert variants("?") == ("question_mark", "fullwidth_question_mark")
    assert set(variants("/")) >= {"slash", "fullwidth_solidus", "ideographic_comma"}
    assert variants("f1") == ("f1",)


def test_an_outright_key_is_never_taken_as_a_variant() -> None:
    lower, upper = Action("x.lower", ("g",)), Action("x.upper", ("G",))
    bound = bound_keys((lower, upper))
    assert "G" not in bound["x.lower"]
    assert "G" in bound["x.upper"]


def test_keys_are_shown_as_they_stand_on_the_keyboard() -> None:
    assert [shown_key(key) for key in ("escape", "f2", "ctrl+s", "u", "up", "space")] == [
        "Esc",
        "F2",
        "Ctrl+S",
        "U",
        "↑",
        "空格",
    ]


def test_one_id_names_one_action() -> None:
    action("shell.back", "escape")
    with pytest.raises(ValueError, match="already registered"):
        action("shell.back", "x")


def test_a_keymap_changes_what_is_bound_and_what_is_shown() -> None:
    try:
        assert actions.remap({"test.add": ("n",)}) == {"test.add": "n,N,ｎ,Ｎ"}
        assert actions.registered()["test.add"].current_keys == ("n",)
    finally:
        actions.remap({})


def test_a_screen_lists_its_own_actions_before_the_common_ones() -> None:
    ids = [made.id for made in Wells.actions_here()]
    assert ids[:2] == ["test.add", "test.break"]
    assert {"shell.back", "shell.help", "shell.quit"} <= set(ids)
