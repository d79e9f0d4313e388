"""Whether a key may be given to an action: pure, and told as a reason in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from tui.actions import FIXED, Action, shown_key, variants
from tui.i18n import t

#: These mean the same on every screen and in every field.
PROTECTED = frozenset(
    FIXED
    | {"up", "down", "left", "right", "tab", "shift+tab"}
    | {"pageup", "pagedown", "home", "end", "backspace", "delete", "space", "j", "k", *"0123456789"}
    # A terminal sends Backspace, Tab or Enter for these, or ends the app.
    | {"ctrl+c", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+q", "ctrl+z"}
)
#: A character of a keyboard, or a name such as `f5` or `ctrl+shift+left`.
_KEY = re.compile(r"[!-~]|(?:(?:ctrl|alt|shift|super|hyper|meta)\+)*[a-z0-9_]{1,30}")
_TYPED_FOR = {"、": "/", "。": ".", "【": "[", "】": "]"}


def pressed_key(key: str, character: str | None) -> str | None:
    """Return a key press as the registry writes it, None for one that no keyboard of others has.

    `ｕ`, `U` and `u` are the key u, and `、` is `/`: what an input method or caps
    lock makes of a key is the key.
    """
    if character is None or len(character) != 1 or not character.isprintable():
        return key or None
    plain = unicodedata.normalize("NFKC", _TYPED_FOR.get(character, character)).lower()
    if plain == " ":
        return "space"
    return plain if len(plain) == 1 and "!" <= plain <= "~" else None


def why_not_key(key: str, action: Action, screens: Iterable[tuple[str, Sequence[Action]]]) -> str | None:
    """Return why `action` cannot have `key`, None if it can. `screens` are titles with all actions there."""
    if action.fixed:
        return t("keys.fixed", action=action.label)
    if key in PROTECTED:
        return t("keys.protected", key=shown_key(key))
    wanted = set(variants(key))
    for title, listed in screens:
        if action not in listed:
            continue
        for other in listed:
            if other.id != action.id and any(wanted & set(variants(held)) for held in other.current_keys):
                return t("keys.taken", key=shown_key(key), room=title, action=other.label)
    return None


def lawful(keymap: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return what of a user's file can be in force: keys that a keyboard has and that mean nothing else everywhere."""
    kept = {
        action_id: tuple(key for key in keys if _KEY.fullmatch(key) and key not in PROTECTED)
        for action_id, keys in keymap.items()
    }
    return {action_id: keys for action_id, keys in kept.items() if keys}
