"""The app: paints the shell first, opens the store behind it, holds the rooms together."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib import import_module
from itertools import takewhile
from typing import Any, ClassVar

# Under the Kitty keyboard protocol an input-method commit of five or more Chinese
# characters arrives as garbage. Textual reads this when it is first imported.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from tui import actions
from tui.context import Asker, Context, Status, StoreShutError, SyncState
from tui.i18n import pick_language, t, use
from tui.keymap import lawful
from tui.preferences import Preferences
from tui.screens.base import LinliScreen, Modal, Shell
from tui.screens.trouble import Trouble
from tui.themes import THEMES
from tui.widgets.text import Tone
from tui.widgets.work import in_worker

_PAINTED_BY = 0.15  # seconds within which the first screen stands
Room = str | Callable[..., Screen[Any]]

# Where each screen lives, `module:Class`, so that a room is imported when it is entered.
ROOMS: dict[str, Room] = {
    "home": "tui.screens.home:HomeScreen",
    "walk": "tui.screens.walk.room:WalkScreen",
    "register": "tui.screens.register.room:RegisterScreen",
    "import": "tui.screens.register.import_file:ImportScreen",
    "points": "tui.screens.points.room:PointsScreen",
    "routes": "tui.screens.routes.room:RoutesScreen",
    "sync": "tui.screens.sync.room:SyncScreen",
    "enrol": "tui.screens.sync.enrol:EnrolScreen",
    "schedules": "tui.screens.schedules.room:SchedulesScreen",
    "checklists": "tui.screens.checklists.room:ChecklistsScreen",
    "inspection": "tui.screens.inspection:InspectionScreen",
    "map": "tui.screens.survey.room:SurveyMap",
    "compare": "tui.screens.survey.compare:CompareWalks",
    "tickets": "tui.screens.tickets.room:TicketsScreen",
    "tickets_board": "tui.screens.tickets.board:TicketsBoard",
    "incidents": "tui.screens.tickets.incidents:Incidents",
    "ticket_kinds": "tui.screens.tickets.kinds:TicketKinds",
    "ticket_figures": "tui.screens.tickets.figures:TicketFigures",
    "ticket_repeats": "tui.screens.tickets.repeats:TicketRepeats",
    "changes": "tui.screens.changes.room:changes_room",
    "ticket_cards": "tui.screens.tickets.cards:TicketCards",
    "report_ticket": "tui.screens.tickets.report:ReportTicket",
    "duty": "tui.screens.duty.hub:DutyHub",
    "roster": "tui.screens.duty.roster:Roster",
    "my_shifts": "tui.screens.duty.my_shifts:MyShifts",
    "swaps": "tui.screens.duty.swaps:Swaps",
    "duty_desk": "tui.screens.duty.desk:CheckInDesk",
    "handovers": "tui.screens.duty.handover_list:HandOvers",
    "log_book": "tui.screens.duty.log_book:LogBook",
    "back_entry": "tui.screens.duty.back_entry:BackEntry",
    "posts": "tui.screens.duty.posts:Posts",
    "hours": "tui.screens.duty.hours:Hours",
    "calendar_days": "tui.screens.duty.calendar_days:CalendarDays",
    "duty_people": "tui.screens.duty.duty_people:DutyPeople",
    "duty_rules": "tui.screens.duty.duty_rules:DutyRules",
    "fees": "tui.screens.fees.hub:FeesHub",
    "concessions": "tui.screens.fees.concessions:Concessions",
    "fee_rules": "tui.screens.fees.fee_rules:FeeRules",
    "charges": "tui.screens.fees.charges:Charges",
    "rates": "tui.screens.fees.rates:Rates",
    "collect": "tui.screens.fees.collect:collect_room",
    "billing": "tui.screens.fees.billing:Billing",
    "bills": "tui.screens.fees.bills:Bills",
    "payments": "tui.screens.fees.payments:Payments",
    "receipts": "tui.screens.fees.receipts:Receipts",
    "cash": "tui.screens.fees.cash:CashBoxes",
    "arrears": "tui.screens.fees.arrears:Arrears",
    "letters": "tui.screens.fees.letters:Letters",
    "accounts": "tui.screens.fees.accounts:Accounts",
    "expenses": "tui.screens.fees.expenses:Expenses",
    "reconcile": "tui.screens.fees.reconcile:Reconcile",
    "fee_history": "tui.screens.fees.import_history:FeeHistory",
    "settings": "tui.screens.settings.room:SettingsScreen",
    "first_run": "tui.screens.first_run.room:FirstRunScreen",
}


class LinliApp(App[None]):
    """`context` is what the screens ask, or makes it behind the first paint; `survives` is off in tests, where a bug shall surface.

    `kept` is what this user prefers; `keep` writes it again after a change, and
    without it nothing outlives the app. `warned` is said once somebody can read it.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is a Choose, which speaks Chinese and pinyin
    TITLE = "Linli"
    FIRST_ROOM: ClassVar[str] = "home"

    @dataclass
    class Heard(Message):
        """Sync stands differently; posted from its own threads."""

        state: SyncState

    def __init__(
        self,
        context: Context | Callable[[], Context],
        *,
        rooms: Mapping[str, Room] = ROOMS,
        survives: bool = True,
        theme: str = "",
        kept: Preferences | None = None,
        keep: Callable[[Preferences], object] | None = None,
        warned: str = "",
    ) -> None:
        super().__init__()
        self.preferences = kept or Preferences()
        self._keep = keep
        self._keeping = asyncio.Lock()
        self._warned = warned
        self.asker = Asker(context)
        self.status: Status | None = None
        self.store_failed = False
        self._opening = False
        self._fresh = 0
        self.survives = survives
        self.errors: list[Exception] = []
        self.drafts: dict[str, dict[str, str]] = {}
        self.rooms = rooms
        for made in THEMES:
            self.register_theme(made)
        self.wear(theme or self.preferences.theme)
        self.use_keymap(self.preferences.keys)

    @property
    def context(self) -> Context:
        """What the screens ask; it is there once the store is open."""
        if self.asker.context is None:
            raise StoreShutError
        return self.asker.context

    def today(self) -> date | None:
        """Return the date in the compound's zone, None while nobody can know it."""
        return None if self.asker.context is None else self.asker.context.today()

    # Rooms

    def get_default_screen(self) -> Screen[Any]:
        return self.make_room(self.FIRST_ROOM)

    def make_room(self, name: str, **options: Any) -> Screen[Any]:
        room = self.rooms[name]
        if isinstance(room, str):
            module, _, attribute = room.partition(":")
            room = getattr(import_module(module), attribute)
        if not callable(room):
            raise TypeError(f"room {name} is not callable")
        return room(**options)

    def enter(self, name: str, **options: Any) -> None:
        """Open a room on top of the present screen."""
        self.push_screen(self.make_room(name, **options))

    def go_home(self) -> None:
        """Leave every room but the first."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def is_open(self, kind: type[Modal[Any]]) -> bool:
        """Tell whether such a dialog is among those on top: a key held down must not pile up one on another."""
        return any(isinstance(screen, kind) for screen in takewhile(_is_dialog, reversed(self.screen_stack)))

    # Store

    def on_mount(self) -> None:
        # After the first paint, so that a person sees where they are while the store opens.
        # A screen pushed before it holds that callback back, hence the timer.
        self.call_after_refresh(self._begin_opening)
        self.set_timer(_PAINTED_BY, self._begin_opening)

    def _begin_opening(self) -> None:
        if not self._opening:
            self._opening = True
            if self._warned:
                self.flash(self._warned, Tone.WARN)
            in_worker(self, self._open_store)

    async def _open_store(self) -> None:
        # Asked before it is open, so that they are answered right behind what the first screen asked.
        listening = self.asker.read(lambda context: context.listen(self._hear))
        status = self.asker.read(lambda context: context.status())
        try:
            await asyncio.wrap_future(self.asker.open())
        except Exception as error:  # noqa: BLE001 - a store that will not open is told, not fatal
            self.store_failed = True
            self.report(error)
            self._show_status()
            return
        try:
            await asyncio.wrap_future(listening)
        except Exception as error:  # noqa: BLE001 - without sync everything else goes on
            self.report(error)
        await self._read_status(status)

    def _hear(self, state: SyncState) -> None:
        """Take in how sync stands; called from its threads, which must never wait for the screen."""
        with suppress(RuntimeError):  # the app has just ended, and its loop with it
            self.post_message(self.Heard(state))

    def on_linli_app_heard(self, event: Heard) -> None:
        if event.state.fresh == self._fresh:
            self.refresh_status()
            return
        self._fresh = event.state.fresh
        in_worker(self, self._take_in_news, group="news")

    async def _take_in_news(self) -> None:
        """Let the screen on top ask again; those beneath ask when they come up."""
        try:
            await asyncio.wrap_future(self.asker.write(lambda context: context.arrive()))
        except Exception as error:  # noqa: BLE001 - as above
            self.report(error)
            return
        self.refresh_status()
        if isinstance(self.screen, Shell):
            self.screen.news()

    def refresh_status(self) -> None:
        """Read person and outbox again for the status line."""
        if not self.store_failed:
            status = self.asker.read(lambda context: context.status())
            in_worker(self, partial(self._read_status, status), group="status", exclusive=True)

    async def _read_status(self, status: Future[Status]) -> None:
        try:
            self.status = await asyncio.wrap_future(status)
        except Exception as error:  # noqa: BLE001 - as above
            self.report(error)
        else:
            self._show_status()

    def _show_status(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, LinliScreen):
                screen.show_status(self.status, failed=self.store_failed)

    async def on_unmount(self) -> None:
        # Changes that still queue are written before the process ends.
        await asyncio.to_thread(self.asker.close)

    # Words

    def flash(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say something in the status line of the screen on top."""
        if isinstance(self.screen, Shell):
            self.screen.flash(text, tone)

    def report(self, error: Exception) -> None:
        """Tell the person about an error: in a line if the context can explain it, else in a panel."""
        if isinstance(error, StoreShutError):
            self.flash(t("trouble.shut"), Tone.BAD)
            return
        context = self.asker.context
        explained = None if context is None else context.explain(error)
        if explained is None:
            self.errors.append(error)
        elif not self.store_failed:
            self.flash(explained, Tone.BAD)
            return
        if isinstance(self.screen, Trouble):
            return  # one panel at a time; the first error is the telling one
        self.push_screen(
            Trouble(
                explained or t("trouble.what"),
                safe=t("trouble.safe_shut") if self.store_failed else t("trouble.safe"),
                advice=t("trouble.advice_shut") if self.store_failed else t("trouble.advice"),
                detail="" if explained else _place(error),
            )
        )

    def action_help_quit(self) -> None:
        """Ctrl+C: Textual would show an English toast."""
        self.flash(t("shell.how_to_quit"))

    # Preferences, palette

    def prefer(self, preferences: Preferences) -> None:
        """Keep what the user prefers from now on; what it changes on screen is done by those below."""
        self.preferences = preferences
        if self._keep is not None:
            in_worker(self, self._write_preferences, group="preferences")

    async def _write_preferences(self) -> None:
        keep = self._keep
        if keep is None:
            return
        async with self._keeping:  # two quick changes: the later one must not be overtaken
            try:
                await asyncio.to_thread(keep, self.preferences)
            except Exception as error:  # noqa: BLE001 - a full disk is told; the change holds until the end
                self.report(error)

    def wear(self, theme: str) -> None:
        """Put a theme on; one of another version's is the usual one."""
        self.theme = theme if theme in {made.name for made in THEMES} else THEMES[0].name

    def prefer_theme(self, theme: str) -> None:
        self.wear(theme)
        self.prefer(replace(self.preferences, theme=self.theme))

    def next_theme(self) -> None:
        names = [made.name for made in THEMES]
        self.prefer_theme(names[(names.index(self.theme) + 1) % len(names)])
        self.flash(t("shell.theme_now", theme=t(f"theme.{self.theme}")))

    async def speak(self, language: str) -> None:
        """Speak "zh_CN", "en" or, with "auto", as the system does: on this screen and all beneath, at once."""
        from tui.screens.redrawing import redraw

        self.prefer(replace(self.preferences, language=language))
        use(pick_language(self.preferences.spoken))
        for screen in self.screen_stack:
            if isinstance(screen, Shell):
                await redraw(screen)

    def prefer_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Put the user's own keys in force, and keep them."""
        self.use_keymap(keys)
        self.prefer(replace(self.preferences, keys=dict(keys)))

    def use_keymap(self, keymap: Mapping[str, tuple[str, ...]]) -> None:
        """Put the user's own keys in force: action id to keys."""
        self.set_keymap(actions.remap(lawful(keymap)))

    def open_palette(self, screen: Shell[Any]) -> None:
        """Offer everything that can be done here, every room, and what the register knows by that name."""
        from tui.screens.palette import Palette

        if self.is_open(Palette):
            screen.do_back()
            return
        rooms = tuple(name for name in self.rooms if name != self.FIRST_ROOM)
        self.push_screen(Palette(screen, rooms), partial(self._go, screen))

    async def _go(self, screen: Shell[Any], chosen: str | None) -> None:
        kind, _, name = (chosen or "").partition(":")
        if kind == "act":
            await screen.action_act(name)
        elif kind == "room":
            self.enter(name)
        elif kind:
            from tui.screens.palette import card_of

            self.push_screen(card_of(kind, name))


def _is_dialog(screen: Screen[Any]) -> bool:
    return isinstance(screen, Modal)


def _place(error: Exception) -> str:
    """Return type and place of an error in one short line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""  # noqa: PTH119
    return f"{type(error).__name__}: {error}{where}"[:300]
