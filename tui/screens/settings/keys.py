"""The room of keys: every action with its keys, and a new one by pressing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tui import actions, preferences
from tui.actions import Action, action, shown_key
from tui.i18n import has, t
from tui.keymap import pressed_key, why_not_key
from tui.screens.base import LinliScreen, Modal
from tui.widgets.bars import KeyBar
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option, matching
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Mark, Tone, set_border_title

CHANGE = action("keys.change", "enter")
RESET = action("keys.reset", "f4")
RESET_ALL = action("keys.reset_all", "f6")

#: The title of a screen with all actions there.
Shown = tuple[str, tuple[Action, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """Every screen with its actions, and every action with where it belongs and what else finds it."""

    screens: tuple[Shown, ...]
    options: tuple[Option, ...]


def gather() -> Known:
    """Import all rooms and return what there is to do in them."""
    from models.text import pinyin_keys
    from tui.screens.catalogue import every_screen
    from tui.screens.palette import also

    screens: list[Shown] = []
    rooms: dict[str, str] = {}
    for cls in every_screen():
        here = cls.actions_here()
        room = getattr(cls, "ROOM", "")
        title = t(f"screen.{room}") if room else t("keys.dialog")
        screens.append((title, here))
        for made in cls.__dict__.get("ACTIONS", ()):
            rooms.setdefault(made.id, title)
    listed = {made.id: made for _, here in screens for made in here}
    options = [
        Option(
            made.id,
            made.label,
            _room(made, rooms),
            " ".join((*pinyin_keys(made.label), also(f"action.{made.id}"), made.help)),
        )
        for made in sorted(listed.values(), key=lambda made: (not _is_common(made), made.id))
    ]
    return Known(tuple(screens), tuple(options))


def _is_common(made: Action) -> bool:
    return made.id.startswith("shell.")


def _room(made: Action, rooms: Mapping[str, str]) -> str:
    if _is_common(made):
        return t("keys.everywhere")
    own = f"screen.{made.id.partition('.')[0]}"
    return t(own) if has(own) else rooms.get(made.id, t("keys.dialog"))


class KeysScreen(LinliScreen):
    """A list to search; Enter asks for a key."""

    ROOM: ClassVar[str] = "keys"
    ACTIONS: ClassVar[tuple[Action, ...]] = (CHANGE, RESET, RESET_ALL)
    AUTO_FOCUS = "#find"
    DEFAULT_CSS = "KeysScreen #find { margin-bottom: 1; }"
    _known: Known | None = None

    def body(self) -> ComposeResult:
        yield SearchBox("#keys", hint=t("keys.find_hint"), id="find")
        yield LongList(
            (
                Column(t("keys.action"), 16, priority=9, grow=True),
                Column(t("keys.key"), 20, priority=8),
                Column("", 10, priority=4),
                Column(t("keys.room"), 16, priority=6, grow=True),
            ),
            empty=t("keys.none_found"),
            lit=True,
            id="keys",
        )

    def on_mount(self) -> None:
        self.run_worker(lambda: self.post_message(self.Answered(self._take, gather())), thread=True)

    def _take(self, known: Known) -> None:
        self._known = known
        self._draw()

    def _draw(self) -> None:
        if self._known is None:
            return
        text = self.query_one(SearchBox).sought
        by_key = {
            option.id
            for option in self._known.options
            if text and text in _keys(_of(option.id)).casefold().split()
        }
        found = [option for option in self._known.options if option.id in by_key]
        found += [option for option in matching(self._known.options, text) if option.id not in by_key]
        self.query_one(LongList).show([self._row(option) for option in found], keep=True)

    def _row(self, option: Option) -> RowView:
        own = option.id in self.linli.preferences.keys
        mark = Mark("◆", t("keys.own"), Tone.INFO) if own else Mark("", "")
        return RowView(option.id, (option.text, _keys(_of(option.id)), mark, option.note))

    def on_search_box_searched(self) -> None:
        self._draw()

    def on_long_list_picked(self) -> None:
        self.do_change()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    # What can be done

    @property
    def _chosen(self) -> Action | None:
        row_id = self.query_one(LongList).highlighted if self.is_mounted else None
        return None if row_id is None else _of(row_id)

    def why_not(self, action_id: str) -> str | None:
        kept = self.linli.preferences.keys
        if action_id in {CHANGE.id, RESET.id} and self._chosen is None:
            return t("keys.nothing")
        if action_id == RESET.id and self._chosen is not None and self._chosen.id not in kept:
            return t("keys.is_usual")
        if action_id == RESET_ALL.id and not kept:
            return t("keys.all_usual")
        return super().why_not(action_id)

    def do_change(self) -> None:
        chosen, known = self._chosen, self._known
        if chosen is None or known is None:
            return

        def pressed(key: str | None) -> None:
            if key is not None:
                self._give(chosen, (key,))
                self.flash(t("keys.changed", action=chosen.label, keys=_keys(chosen)), Tone.GOOD)

        self.app.push_screen(PressKey(chosen, known.screens), pressed)

    def do_reset(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self._give(chosen, None)
            self.flash(t("keys.reset_one", action=chosen.label, keys=_keys(chosen)), Tone.GOOD)

    def do_reset_all(self) -> None:
        self._keep({})
        self.flash(t("keys.reset_all"), Tone.GOOD)

    def _give(self, chosen: Action, keys: tuple[str, ...] | None) -> None:
        self._keep(preferences.with_keys(self.linli.preferences, chosen.id, keys).keys)

    def _keep(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self.linli.prefer_keys(keys)
        self._draw()
        self.refresh_keys()


def _of(action_id: str) -> Action:
    return actions.registered()[action_id]


def _keys(made: Action) -> str:
    return " ".join(shown_key(key) for key in made.current_keys)


class KeyCatcher(Widget, can_focus=True):
    """Takes every key for itself and tells which it was."""

    @dataclass
    class Caught(Message):
        """`key` is None for one that could not be used again, such as a Chinese character."""

        key: str | None

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(self.Caught(pressed_key(event.key, event.character)))


class PressKey(Modal[str]):
    """Results in the key that was pressed, once it will do; Esc gives None."""

    AUTO_FOCUS = "KeyCatcher"
    DEFAULT_CSS = "PressKey KeyCatcher { height: 0; }"

    def __init__(self, chosen: Action, screens: Sequence[Shown]) -> None:
        super().__init__()
        self.heading = t("keys.press_title", action=chosen.label)
        self.purpose = t("keys.press_purpose")
        self._chosen, self._screens = chosen, screens

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            set_border_title(dialog, self.heading)
            yield Line(t("keys.press", action=self._chosen.label), classes="question")
            yield Line(t("keys.press_now", keys=_keys(self._chosen)))
            yield Line(t("keys.press_letter"), classes="detail")
            yield Line(id="said")
            yield KeyCatcher()
            yield KeyBar()

    def on_key_catcher_caught(self, event: KeyCatcher.Caught) -> None:
        if event.key == "escape":
            self.dismiss(None)
            return
        if event.key is None:
            self.flash(t("keys.no_key"), Tone.WARN)
            return
        wrong = why_not_key(event.key, self._chosen, self._screens)
        if wrong is None:
            self.dismiss(event.key)
        else:
            self.flash(wrong, Tone.WARN)
