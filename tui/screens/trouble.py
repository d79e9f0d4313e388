"""What a person reads when something went wrong: what happened, what is safe, what to do."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.text import Line, PushButton, set_border_title


class Trouble(Modal[None]):
    """`what` is one sentence. `detail` is for whoever will look into it, so it can be read out."""

    AUTO_FOCUS = "#on"

    def __init__(self, what: str, *, safe: str, advice: str, detail: str = "") -> None:
        super().__init__()
        self.heading = t("trouble.title")
        self.purpose = t("trouble.purpose")
        self._what = what
        self._safe = safe
        self._advice = advice
        self._detail = detail

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="trouble") as dialog:
            set_border_title(dialog, self.heading)
            yield Line(self._what, classes="question")
            yield Line(self._safe, classes="safe")
            yield Line(self._advice)
            if self._detail:
                yield Line(t("trouble.detail", detail=self._detail), classes="detail")
            with Horizontal(classes="buttons"):
                yield PushButton(t("trouble.go_on"), id="on", variant="primary")

    def on_button_pressed(self) -> None:
        self.dismiss(None)
