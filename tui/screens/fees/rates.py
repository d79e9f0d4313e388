"""The line to 95 %: how much of what was billed came in, how that went, and what is missing, by building, volunteer and item."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.fees.periods import Cycle
from models.fees.queries_rates import By
from tui import fee_rates_words as words
from tui.actions import Action, action, shown_key
from tui.fee_words import cycle_word
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.base import LinliScreen
from tui.screens.fees.rates_sheet import RateSheet
from tui.screens.fees.rates_store import Looked, look, write
from tui.screens.tickets.figures import FiguresScroll
from tui.widgets.picker import Option
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, joined

EARLIER = action("rates.earlier", "left", "[")
LATER = action("rates.later", "right", "]")
SPAN = action("rates.span", "f4")
OUT = action("rates.out", "f5")
_TABS: Final = {
    By.BUILDING: action("rates.buildings", "1", footer=False),
    By.VOLUNTEER: action("rates.volunteers", "2", footer=False),
    By.ITEM: action("rates.items", "3", footer=False),
}
_FURTHEST: Final = 400
_TALL: Final = 34


class Rates(LinliScreen):
    """`by` is what the table is broken down by at first."""

    ROOM: ClassVar[str] = "rates"
    AUTO_FOCUS = "#rates"
    ACTIONS: ClassVar[tuple[Action, ...]] = (EARLIER, LATER, SPAN, OUT, *_TABS.values())
    DEFAULT_CSS = """
    Rates #span { height: 1; margin-bottom: 1; }
    Rates #rates { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, by: str = By.BUILDING) -> None:
        super().__init__()
        self.by = By(by)
        self.cycle: Cycle | None = None
        self.back = 0
        self._looked: Looked | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.by)
        yield Line(id="span")
        with FiguresScroll(id="rates"):
            yield RateSheet()

    def on_mount(self) -> None:
        self._ask()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._looked is not None:
            self._ask()

    def news(self) -> None:
        self._ask()

    @staticmethod
    def _views() -> tuple[View, ...]:
        return tuple(
            View(by, shown_key(made.current_keys[0]), t(f"rates.by_{by}")) for by, made in _TABS.items()
        )

    def _ask(self) -> None:
        self.ask(partial(look, cycle=self.cycle, back=self.back, by=self.by), self._show, latest="rates")

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self.query_one(ViewTabs).current = self.by
        sheet = self.query_one(RateSheet)
        sheet.tall = self.size.height >= _TALL
        sheet.sheet = looked.sheet
        span = self.query_one("#span", Line)
        if looked.period is None:
            span.show(joined((t("rates.nothing_yet"), "$text-muted")))
        else:
            later = "  →" if looked.later else ""
            span.show(
                joined(
                    ("←  ", "$text-muted"),
                    (words.period_text(looked.period), "bold"),
                    (later, "$text-muted"),
                )
            )
        self.refresh_keys()

    @property
    def looked(self) -> Looked:
        """What is shown; actions wait until it is read."""
        return known(self._looked)

    def why_not(self, action_id: str) -> str | None:
        if action_id in {EARLIER.id, LATER.id, OUT.id, SPAN.id}:
            if self._looked is None:
                return t("list.reading")
            if self._looked.period is None:
                return t("rates.nothing_yet")
        if action_id == LATER.id and not self.back:
            return t("rates.no_later")
        if action_id == EARLIER.id and self.back >= _FURTHEST:
            return t("rates.no_earlier")
        return super().why_not(action_id)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_TABS[By(event.view_id)].id)

    # What can be done

    def do_buildings(self) -> None:
        self._turn_to(By.BUILDING)

    def do_volunteers(self) -> None:
        self._turn_to(By.VOLUNTEER)

    def do_items(self) -> None:
        self._turn_to(By.ITEM)

    def _turn_to(self, by: By) -> None:
        self.by = by
        self._ask()

    def do_earlier(self) -> None:
        self.back += 1
        self._ask()

    def do_later(self) -> None:
        self.back -= 1
        self._ask()

    def do_span(self) -> None:
        options = [Option(cycle, cycle_word(cycle)) for cycle in Cycle]
        self.choose(t("rates.span_title"), options, self._span_to)

    def _span_to(self, cycle: str) -> None:
        self.cycle, self.back = Cycle(cycle), 0
        self.query_one("#rates", VerticalScroll).scroll_home(animate=False)
        self._ask()

    def do_out(self) -> None:
        period = self.looked.period
        if period is not None:
            self.ask(
                partial(write, period=period),
                lambda path: self.flash(t("chat.saved", path=path), Tone.GOOD),
            )
