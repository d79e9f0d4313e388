"""Checking a receipt: the text of its QR code is pasted, scanned or typed, or its number; what agrees and what does not is said."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from models.fees.queries_receipts import check_receipt
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.receipt_words import checked_lines
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar
from tui.widgets.flow import Flow
from tui.widgets.search import Entry
from tui.widgets.text import Line, PushButton, Tone, plain, set_border_title, tone_style
from tui.words import code_text

CHECK = action("receipt_check.check", "enter")
_LONGEST = 400
_TONES = {"✓": Tone.GOOD, "✗": Tone.BAD}


class CheckReceipt(Modal[None]):
    """A line to paste into, and beneath it what was found; a scanner's next text may follow at once."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (CHECK,)
    AUTO_FOCUS = "#text"
    DEFAULT_CSS: ClassVar[str] = """
    CheckReceipt #check { width: 76; }
    CheckReceipt #text { margin: 1 0; }
    CheckReceipt #found { height: auto; max-height: 12; scrollbar-size-vertical: 1; }
    CheckReceipt #found Line { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.heading = t("receipt_check.title")
        self.purpose = t("receipt_check.purpose")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="check") as dialog:
            set_border_title(dialog, self.heading)
            yield Flow(t("receipt_check.hint"), classes="detail")
            yield Entry(max_length=_LONGEST, hint=t("receipt_check.place"), id="text")
            yield VerticalScroll(id="found")
            yield Line(id="said")
            with Horizontal(classes="buttons"):
                yield PushButton(t("action.receipt_check.check"), id="go", variant="primary")
            yield KeyBar()

    def why_not(self, action_id: str) -> str | None:
        if action_id == CHECK.id and self.is_mounted and not self.query_one(Entry).value.strip():
            return t("receipt_check.nothing_typed")
        return super().why_not(action_id)

    def on_input_changed(self) -> None:
        self.refresh_keys()

    async def on_input_submitted(self) -> None:
        await self.action_act(CHECK.id)

    async def on_button_pressed(self) -> None:
        await self.action_act(CHECK.id)

    def do_check(self) -> None:
        text = self.query_one(Entry).value

        def found(desk: Desk) -> list[str]:
            with desk.store.read() as session:
                try:
                    checked = check_receipt(session, desk.seat.compound_id, text)
                except ValueError as error:
                    return [f"✗ {code_text('problem', str(error), {})}"]
            return list(checked_lines(checked, ZoneInfo(desk.seat.zone)))

        self.ask(found, self._show, latest="check")

    async def _show(self, lines: list[str]) -> None:
        shown = self.query_one("#found", VerticalScroll)
        await shown.remove_children()
        await shown.mount_all(
            Line(plain(line, tone_style(_TONES.get(line[:1], Tone.PLAIN)))) for line in lines
        )
        entry = self.query_one(Entry)
        entry.focus()
        entry.action_select_all()
