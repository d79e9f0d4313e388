"""Text for the chat group or for one door: copied, shown in case the terminal did not pass it on, saved as a file if asked.

Whoever offers a text has masked the names and phones in it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from tui.desk import Desk
from tui.documents import documents, file_name
from tui.i18n import t
from tui.screens.base import Modal, Shell
from tui.widgets.bars import KeyBar
from tui.widgets.flow import Flow
from tui.widgets.text import Line, PushButton, Tone, set_border_title


def offer_text(screen: Shell[Any], name: str, text: str, *, one_door: bool = False) -> None:
    """Copy a text between the compound's own words for print, and show it. `name` is what its file is called.

    `one_door`: it tells the money of one household, so it is for that one and not for the group.
    """

    def framed(desk: Desk) -> str:
        from tui.paper.own_words import words_for_print

        head, foot = words_for_print(desk)
        return "\n".join(part for part in (head, text, foot) if part)

    def show(whole: str) -> None:
        screen.app.copy_to_clipboard(whole)
        screen.app.push_screen(
            ChatText(whole, one_door=one_door),
            lambda save: save_as_text(screen, name, whole) if save else None,
        )

    screen.ask(framed, show)


def save_as_text(screen: Shell[Any], name: str, text: str) -> None:
    """Write a text beside the user's documents and say where; one of that name that is there stays."""
    folder = documents()

    def saved(path: Path | None) -> None:
        if path is None:
            screen.flash(t("chat.not_saved", folder=folder), Tone.BAD)
        else:
            screen.flash(t("chat.saved", path=path), Tone.GOOD)

    screen.ask(partial(_save, folder=folder, name=name, text=text), saved)


def _save(_desk: Desk, *, folder: Path, name: str, text: str) -> Path | None:
    return save_text(folder, name, text)


def save_text(folder: Path, name: str, text: str) -> Path | None:
    """Write a text file that nothing else is called by; None if the folder will not take it."""
    for number in range(1, 1000):
        path = folder / f"{file_name(name)}{'' if number == 1 else f'_{number}'}.txt"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text + "\n")
        except FileExistsError:
            continue
        except OSError:
            return None
        return path
    return None


class ChatText(Modal[bool]):
    """The text that was copied, in case the terminal did not pass it on. True asks to save it as a file."""

    AUTO_FOCUS = "#done"
    DEFAULT_CSS: ClassVar[str] = """
    ChatText #chat { width: 76; }
    ChatText #chat-text {
        height: auto; max-height: 60vh; scrollbar-size-vertical: 1; background: $surface; padding: 0 1;
    }
    """

    def __init__(self, text: str, *, one_door: bool = False) -> None:
        super().__init__()
        self.heading = t("chat.title_door") if one_door else t("chat.title")
        self.purpose = t("chat.purpose_door") if one_door else t("chat.purpose")
        self._hint = t("chat.hint_door") if one_door else t("chat.hint")
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="chat") as dialog:
            set_border_title(dialog, self.heading)
            with VerticalScroll(id="chat-text"):
                for line in self._text.splitlines():
                    yield Flow(line)
            yield Line(self._hint, classes="detail")
            with Horizontal(classes="buttons"):
                yield PushButton(t("chat.save"), id="save")
                yield PushButton(t("chat.done"), id="done", variant="primary")
            yield KeyBar()

    def on_button_pressed(self, event: PushButton.Pressed) -> None:
        self.dismiss(event.button.id == "save")
