"""What every screen and every modal stands on: actions, questions to the store, help, Esc."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ScreenResultType

from tui import actions
from tui.actions import Action
from tui.context import Status
from tui.i18n import t
from tui.screens.asking import Answer, Asking
from tui.screens.bindings import bindings_of
from tui.widgets.bars import KeyBar, KeyView, StatusLine, TitleBar, key_view
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox
from tui.widgets.task_list import TaskList
from tui.widgets.tellings import Tellings
from tui.widgets.text import Tone

if TYPE_CHECKING:
    from tui.widgets.picker import Option

_EVERYWHERE = (actions.BACK, actions.HELP, actions.PALETTE, actions.THEME)


class Shell(Asking[ScreenResultType]):
    """A screen whose keys come from the actions registry and whose data come from questions.

    A subclass lists its own actions in ACTIONS; for `walk.normal` it has a method
    `do_normal`, plain or async. ACTIONS of its bases come after its own.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = _EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(_EVERYWHERE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init_subclass__(cls, **options: Any) -> None:
        own = cls.__dict__.get("ACTIONS", ())
        cls.BINDINGS = [*cls.__dict__.get("BINDINGS", ()), *bindings_of(own)]
        super().__init_subclass__(**options)

    # Actions

    @classmethod
    def actions_here(cls) -> tuple[Action, ...]:
        """Return the actions of this screen, its own first; of one verb there is one."""
        found: dict[str, Action] = {}
        for base in cls.__mro__:
            for made in base.__dict__.get("ACTIONS", ()):
                # One method does all actions of one verb, so a screen's own `find` stands for the common one.
                found.setdefault(made.verb, made)
        return tuple(found.values())

    def why_not(self, _action_id: str) -> str | None:
        """Return why an action cannot be done just now, as a sentence, or None if it can."""
        return None

    async def action_act(self, action_id: str) -> None:
        self.flash("")
        if action_id == actions.BACK.id and self.query("#sieve"):
            from tui.screens.finding import stop_finding

            stop_finding(self)
            return
        reason = self.why_not(action_id)
        if reason is not None:
            self.flash(reason, Tone.WARN)
            return
        done = getattr(self, f"do_{action_id.rpartition('.')[2]}")()
        if inspect.isawaitable(done):
            await done
        self.refresh_keys()

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.action_act(event.action_id)

    def refresh_keys(self) -> None:
        """Draw the key bar again, after something changed what `why_not` says."""
        for bar in self.query(KeyBar):
            bar.keys = self.key_views()

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(key_view(made, self.why_not(made.id)) for made in self.actions_here() if made.footer)

    def do_back(self) -> None:
        raise NotImplementedError

    def do_help(self) -> None:
        from tui.screens.help import Help

        if self.linli.is_open(Help):
            self.do_back()
        else:
            self.app.push_screen(Help(self))

    def do_palette(self) -> None:
        self.linli.open_palette(self)

    def do_theme(self) -> None:
        self.linli.next_theme()

    def do_quit(self) -> None:
        self.app.exit()

    def do_find(self) -> None:
        from tui.screens.finding import find

        find(self)

    # Words

    def flash(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say something in the status line until the next action."""
        raise NotImplementedError

    # Lists

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        self.query_one(event.target, LongList).action_pick()

    async def _dispatch_message(self, message: Message) -> None:
        """Keep the app alive when a handler of a screen fails: say so and go on.

        Textual would end the app, and a half-done walk with it. What a list posts
        after something else has been opened comes from a key that was pressed twice.
        """
        if (
            isinstance(message, LongList.Picked | TaskList.Opened | Tellings.Opened)
            and self.app.screen is not self
        ):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self.linli.survives:
                raise
            self.linli.report(error)

    # Modals

    def choose(
        self,
        title: str,
        options: Sequence[Option],
        then: Callable[[str], object],
        *,
        current: str | None = None,
    ) -> None:
        """Let the person choose one option; `then(option id)` runs unless they go back."""
        from tui.screens.choose import Choose

        self._show_modal(Choose(title, options, current=current), then)

    def confirm(self, question: str, *, verb: str, then: Callable[[], object], safe_verb: str = "") -> None:
        """Ask before something that cannot be undone. The safe button has the focus."""
        from tui.screens.confirm import Confirm

        def answered(sure: bool | None) -> object:  # noqa: FBT001 - a modal's result
            return then() if sure else None

        self._show_modal(Confirm(question, verb=verb, safe_verb=safe_verb), answered)

    def _show_modal(self, modal: Modal[Answer], then: Callable[[Answer], object]) -> None:
        def closed(result: Answer | None) -> None:
            if result is not None:
                self.post_message(self.Answered(then, result))

        if self.app.screen is self:  # one dialog at a time: a key may have been pressed twice
            self.app.push_screen(modal, closed)


class LinliScreen(Shell[None]):
    """A full screen: title bar, body, status line, key bar.

    A subclass sets ROOM (its title is the text `screen.ROOM`, its help
    `screen.ROOM.purpose`), yields widgets in `body` and asks its first questions
    in `on_mount`. Actions that it lists in DEEDS as well stand with their digits in
    the Deeds that its body yields.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.FIND, actions.QUIT)
    DEEDS: ClassVar[tuple[Action, ...]] = ()
    ROOM: ClassVar[str] = ""
    _said: tuple[str, Tone] = ("", Tone.PLAIN)

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Vertical(id="body"):
            yield from self.body()
        yield StatusLine()
        yield KeyBar()

    @property
    def heading(self) -> str:
        """The title in the title bar; a subclass may add what it is about."""
        return t(f"screen.{self.ROOM}")

    @property
    def purpose(self) -> str:
        """What F1 says this screen is for."""
        return t(f"screen.{self.ROOM}.purpose")

    def on_screen_resume(self) -> None:
        self.refresh_frame()

    def on_mount(self) -> None:
        self.refresh_frame()

    def refresh_frame(self) -> None:
        """Draw title, status and keys again; before the frame is composed there is nothing to draw."""
        for title in self.query(TitleBar):
            title.heading = self.heading
        for line in self.query(StatusLine):
            line.message = self._said
        self.show_status(self.linli.status, failed=self.linli.store_failed)
        self.refresh_keys()

    def refresh_keys(self) -> None:
        super().refresh_keys()
        if self.DEEDS and self.is_attached:
            for shown in self.query(Deeds):
                shown.keys = self.deed_views()

    def deed_views(self) -> tuple[KeyView, ...]:
        return tuple(key_view(made, self.why_not(made.id)) for made in self.deeds_here())

    def deeds_here(self) -> tuple[Action, ...]:
        """Return those of DEEDS that this screen has just now."""
        return self.DEEDS

    def show_status(self, status: Status | None, *, failed: bool = False) -> None:
        for title in self.query(TitleBar):
            title.compound = status.compound if status else ""
            title.today = self.linli.today()
        for line in self.query(StatusLine):
            line.status = status
            line.failed = failed

    def flash(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        self._said = (text, tone)
        for line in self.query(StatusLine):
            line.message = self._said

    def do_back(self) -> None:
        """Go back; from the first screen there is nowhere to go, which is said."""
        if self.app.screen_stack[0] is self:
            self.flash(t("shell.first_screen"))
        else:
            self.dismiss()

    def on_task_list_refused(self, event: TaskList.Refused) -> None:
        self.flash(event.reason, Tone.WARN)


class Modal(Shell[ScreenResultType]):
    """A dialog over a screen. Only explicit keys close it; a stray key never does."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    heading: str = ""
    purpose: str = ""
    _left = False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave once: a key that is pressed twice must not close what lies beneath."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    def do_back(self) -> None:
        self.dismiss(None)

    def flash(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        from tui.widgets.text import Line, plain, tone_style

        for line in self.query("#said").results(Line):
            line.show(plain(text, tone_style(tone)))
            line.set_class(bool(text), "-said")

    def on_screen_resume(self) -> None:
        self.refresh_keys()
