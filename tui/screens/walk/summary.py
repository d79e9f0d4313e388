"""What a walk amounts to: counts, the blocked pipe, which wells to open next, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from models.inspection.rules import State
from models.operations.perform import Outcome
from tui import words
from tui.actions import EXPORT, Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.chat_text import offer_text, save_as_text
from tui.screens.choose import FEW
from tui.screens.walk import store
from tui.screens.walk.report import chat_text, report_lines
from tui.screens.walk.words import state_mark
from tui.widgets.flow import Flow
from tui.widgets.picker import Option
from tui.widgets.text import Line, Tone, tone_style

GO = action("walk_summary.go", "1")
COPY = action("walk_summary.copy", "2")
# The text that was copied can be saved as well: this key is for who knows it.
SAVE = action("walk_summary.save", "3", footer=False)
CLOSE = action("walk_summary.close", "4")
TICKET = action("walk_summary.ticket", "5")
_WRONG = (State.BAD, State.WATCH)
_TONES = {"bad": Tone.BAD, "warn": Tone.WARN}


def _paragraph(kind: str, text: str) -> Flow:
    return Flow(text, tone_style(_TONES.get(kind, Tone.PLAIN)), indent=2, classes=kind or None)


class WalkSummary(LinliScreen):
    """Goes back to a well by `go_to` with its code."""

    ROOM: ClassVar[str] = "walk_summary"
    CSS_PATH: ClassVar[str | Path] = "room.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (GO, COPY, SAVE, CLOSE, TICKET, EXPORT)
    AUTO_FOCUS = "#report"
    _report: store.Report | None = None

    def __init__(self, walk_id: UUID, go_to: Callable[[str], object]) -> None:
        super().__init__()
        self._walk_id = walk_id
        self._go_to = go_to

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="report")

    def on_mount(self) -> None:
        self._look()

    def _look(self) -> None:
        # In the write thread: it comes after the answers that were just given.
        walk_id = self._walk_id
        self.tell(lambda desk: store.report(desk, walk_id), self._show)

    async def _show(self, report: store.Report | None) -> None:
        if report is None:
            self.flash(t("walk.gone"), Tone.WARN)
            return
        if self._report is None and not report.view.finished_at:
            progress = report.view.progress
            if progress.total and progress.seen == progress.total:
                self.flash(t("walk.report.all_seen"), Tone.GOOD)
        self._report = report
        shown = self.query_one("#report", VerticalScroll)
        await shown.remove_children()
        await shown.mount(
            *(
                Line(text, classes="counts") if isinstance(text, Content) else _paragraph(kind, text)
                for kind, text in report_lines(report)
            )
        )
        self.refresh_frame()

    @property
    def heading(self) -> str:
        return t("walk.report.heading", walk=self._report.view.name) if self._report else super().heading

    @property
    def finished(self) -> bool:
        """Whether the walk is closed."""
        return self._report is not None and self._report.view.finished_at is not None

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("walk_summary.") and self._report is None:
            return t("list.reading")
        if action_id == GO.id and not self._targets():
            return t("walk.report.nowhere")
        if action_id == TICKET.id and not self._wrong():
            return t("walk.report.nothing_wrong")
        return super().why_not(action_id)

    def _targets(self) -> list[Option]:
        """Return the wells worth a visit: those to open next, those at a blockage, some left out."""
        report = self._report
        if report is None:
            return []
        on_walk = {card.code: card for card in report.view.cards}
        reasons: dict[str, str] = {}
        for code in report.findings.open_next:
            reasons.setdefault(code, t("walk.report.why_open"))
        for blockage in report.findings.blockages:
            for code in blockage.pipes[0]:
                reasons.setdefault(code, t("walk.report.why_blocked"))
        for card in report.view.cards:
            if card.latest is None and card.on_route:
                reasons.setdefault(card.code, t("walk.report.why_unseen"))
        return [Option(code, code, reason) for code, reason in reasons.items() if code in on_walk][:FEW]

    def do_go(self) -> None:
        self.choose(t("walk.report.go_title"), self._targets(), self._go)

    def _go(self, code: str) -> None:
        self.dismiss()
        self.app.call_later(self._go_to, code)

    def _wrong(self) -> list[Option]:
        """Return the points at which something was seen that somebody should mend, the worst first."""
        if self._report is None:
            return []
        seen = [(card, card.latest) for card in self._report.view.cards if card.latest is not None]
        wrong = [(card, made) for card, made in seen if made.state in _WRONG]
        wrong.sort(key=lambda found: _WRONG.index(found[1].state))
        return [
            Option(str(made.id), card.code, f"{state_mark(made.state)}  {card.where}") for card, made in wrong
        ]

    def do_ticket(self) -> None:
        def chosen(observation_id: str) -> None:
            self.linli.enter("report_ticket", observation_id=UUID(observation_id))

        self.choose(t("walk.report.which_ticket"), self._wrong(), chosen)

    def do_copy(self) -> None:
        if self._report is not None:
            offer_text(self, self._report.view.name, chat_text(self._report))

    def do_save(self) -> None:
        if self._report is not None:
            save_as_text(self, self._report.view.name, chat_text(self._report))

    def do_export(self) -> None:
        from tui.screens.export import offer_export

        name = "" if self._report is None else self._report.view.name
        offer_export(self, "observations", walk_id=self._walk_id, name=name)

    def do_close(self) -> None:
        walk_id = self._walk_id
        change = store.reopen if self.finished else store.finish
        self.tell(lambda desk: change(desk, walk_id), self._closed_or_not)

    def _closed_or_not(self, outcome: Outcome) -> None:
        if outcome.refused is not None:
            self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        else:
            self.flash(t("walk.report.reopened") if self.finished else t("walk.report.finished"), Tone.GOOD)
        self._look()
