"""Every action a key can start: one registry feeds key bar, help, palette and keymap.

An action is named `room.verb`. Its label is the text `action.room.verb`, its
sentence for the help screen `action.room.verb.help`; the screen that lists it
in ACTIONS does it in `do_verb`, and says in `why_not` why it cannot just now.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.i18n import t

# Textual's names for characters whose Unicode name it finds too odd.
_TEXTUAL_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
# What a Chinese input method types for these keys.
_IDEOGRAPHIC = {"/": "、", ".": "。", "[": "【", "]": "】", "\\": "、"}
_SHOWN = {
    "escape": "Esc",
    "enter": "Enter",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "delete": "Del",
    "insert": "Ins",
    "backspace": "Backspace",
    "space": "key.space",
}
#: These open, go back and help on every screen; an action that has one keeps its keys.
FIXED = frozenset({"escape", "f1", "enter"})
_registry: dict[str, Action] = {}
_remapped: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do by a key, a click or from the palette.

    `keys` holds characters (`u`, `?`) and Textual's key names (`enter`, `f1`),
    the one to show first. `footer` asks for a place in the key bar.
    """

    id: str
    keys: tuple[str, ...]
    footer: bool = True

    @property
    def verb(self) -> str:
        """The last part of the id: the screen's method is `do_` + this."""
        return self.id.rpartition(".")[2]

    @property
    def label(self) -> str:
        return t(f"action.{self.id}")

    @property
    def help(self) -> str:
        return t(f"action.{self.id}.help")

    @property
    def fixed(self) -> bool:
        """Whether nobody can give it other keys."""
        return not FIXED.isdisjoint(self.keys)

    @property
    def current_keys(self) -> tuple[str, ...]:
        """The keys in force: the user's own where the keymap names some."""
        return self.keys if self.fixed else _remapped.get(self.id, self.keys)


def action(action_id: str, *keys: str, footer: bool = True) -> Action:
    """Register an action. Two different ones under one id are a mistake."""
    made = Action(action_id, keys, footer)
    if _registry.setdefault(action_id, made) != made:
        raise ValueError(f"action {action_id} is already registered with other keys")
    return made


def registered() -> Mapping[str, Action]:
    return _registry


def remap(keymap: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Take the user's keys and return them as Textual's `set_keymap` wants them."""
    _remapped.clear()
    _remapped.update({action_id: tuple(keys) for action_id, keys in keymap.items()})
    return {
        action_id: ",".join(name for key in keys for name in variants(key))
        for action_id, keys in _remapped.items()
    }


def key_name(key: str) -> str:
    """Return Textual's name of a character, or `key` itself if it is a name already."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")
    return _TEXTUAL_NAMES.get(name, name)


def variants(key: str) -> tuple[str, ...]:
    """Return the names of a key and of what an input method or caps lock makes of it.

    Full-width mode types １ for 1 and ｕ for u, caps lock U, a Chinese input
    method 、 for /. Without these a key is dead for no reason a person can see.
    """
    if len(key) != 1 or not "!" <= key <= "~":
        return (key_name(key),)
    family = [key, key.swapcase()] if key.islower() else [key]
    family += [chr(ord(member) + 0xFEE0) for member in family]
    if key in _IDEOGRAPHIC:
        family.append(_IDEOGRAPHIC[key])
    return tuple(dict.fromkeys(key_name(member) for member in family))


def bound_keys(actions: Iterable[Action]) -> dict[str, tuple[str, ...]]:
    """Return for each action id the key names to bind.

    A key that one action names outright is never taken as another's variant.
    """
    actions = tuple(actions)
    outright = {key_name(key): made.id for made in actions for key in made.keys}
    return {
        made.id: tuple(
            name for key in made.keys for name in variants(key) if outright.get(name, made.id) == made.id
        )
        for made in actions
    }


def shown_key(key: str) -> str:
    """Return a key as it stands on the keyboard: `Esc`, `F2`, `Ctrl+S`, `U`."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    known = _SHOWN.get(last, last)
    if known.startswith("key."):
        known = t(known)
    elif len(last) == 1 or (last[0] == "f" and last[1:].isdigit()):
        known = last.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), known])


BACK = action("shell.back", "escape")
HELP = action("shell.help", "f1", "?")
PALETTE = action("shell.palette", "f9", "ctrl+p", footer=False)
THEME = action("shell.theme", "f8", footer=False)
QUIT = action("shell.quit", "ctrl+q", footer=False)
FIND = action("shell.find", "/", footer=False)
EXPORT = action("shell.export", "f12", footer=False)
SAVE = action("shell.save", "f2", "ctrl+s")
