"""What everybody reads before a cover is lifted."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar
from tui.widgets.text import Line, PushButton, joined, set_border_title


class Safety(Modal[bool]):
    """Results in True when the person goes on, in None after Esc."""

    AUTO_FOCUS = "#on"
    RULES: ClassVar[tuple[str, ...]] = (
        "walk.safety.gas",
        "walk.safety.two",
        "walk.safety.hook",
        "walk.safety.cones",
        "walk.safety.close",
    )

    def __init__(self) -> None:
        super().__init__()
        self.heading = t("walk.safety.title")
        self.purpose = t("walk.safety.purpose")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="safety") as dialog:
            set_border_title(dialog, self.heading)
            yield Line(
                joined(("! ", "bold $text-error"), (t("walk.safety.never"), "bold $text-error")),
                classes="question",
            )
            for number, rule in enumerate(self.RULES, 1):
                yield Line(joined((f"{number}  ", "bold $accent"), t(rule)))
            with Horizontal(classes="buttons"):
                yield PushButton(t("walk.safety.go_on"), id="on", variant="primary")
            yield KeyBar()

    def on_button_pressed(self) -> None:
        self.dismiss(True)  # noqa: FBT003 - the modal's result
