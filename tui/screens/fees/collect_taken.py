"""What was taken, as its receipt says it: number, sum in words, what for; then on paper or as a text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from tui.actions import Action, action
from tui.fee_words import method_word, sum_text
from tui.i18n import t
from tui.screens.base import Modal
from tui.screens.fees import collect_words as words
from tui.screens.fees.collect_store import Taken
from tui.widgets.bars import KeyBar
from tui.widgets.text import Line, PushButton, fit, joined, set_border_title, width

PRINT = action("taken.print", "1")
TEXT = action("taken.text", "2")
_SUM = 14  # cells of a sum


class TakenReceipt(Modal[bool]):
    """The receipt. Enter does nothing unless a button has the focus, so that a key pressed twice leaves it standing."""

    AUTO_FOCUS = "#receipt-lines"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PRINT, TEXT)
    DEFAULT_CSS = """
    TakenReceipt #taken { width: 76; }
    TakenReceipt #receipt-lines { height: auto; max-height: 50vh; scrollbar-size-vertical: 1; }
    TakenReceipt .sum { text-style: bold; }
    """

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.heading = t("fee.desk.receipt_title", number=taken.number, door=taken.door)
        self.purpose = t("fee.desk.receipt_purpose")
        self.taken = taken

    def compose(self) -> ComposeResult:
        taken = self.taken
        lines, credit = words.taken_lines(taken), words.credit_lines(taken)
        wide = max((width(what) for what, _ in (*lines, *credit)), default=0)
        wide = min(max(wide, 20), 54)
        with Vertical(classes="dialog", id="taken") as dialog:
            set_border_title(dialog, self.heading)
            with VerticalScroll(id="receipt-lines"):
                for what, fen in lines:
                    yield Line(joined(fit(what, wide), fit(fen, _SUM, "right")))
            for what, fen in credit:  # never below the edge of what scrolls
                yield Line(joined(fit(what, wide), fit(fen, _SUM, "right")))
            total = joined(
                (fit(t("fee.desk.total"), wide), "bold"), (fit(sum_text(taken.fen), _SUM, "right"), "bold")
            )
            yield Line(total)
            yield Line(t("fee.desk.in_capitals", text=words.in_capitals(taken.fen)), classes="sum")
            said = t("fee.desk.paid_by", method=method_word(taken.method))
            if taken.given_fen is not None:
                back = sum_text(taken.given_fen - taken.fen)
                said += t("fee.desk.given_back", given=sum_text(taken.given_fen), back=back)
            yield Line(said)
            yield Line(id="said")
            with Horizontal(classes="buttons"):
                yield PushButton(t("action.taken.print"), id="print")
                yield PushButton(t("action.taken.text"), id="text")
                yield PushButton(t("fee.desk.next"), id="next", variant="primary")
            yield KeyBar()

    async def on_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "next":
            self.do_back()
        else:
            await self.action_act(PRINT.id if event.button.id == "print" else TEXT.id)

    def do_print(self) -> None:
        from tui.fee_papers import print_receipts

        print_receipts(self, [self.taken.receipt_id])

    def do_text(self) -> None:
        from tui.fee_papers import offer_receipt

        offer_receipt(self, self.taken.receipt_id, self.taken.number)
