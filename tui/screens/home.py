"""Today: the numbered tasks of the compound, and who acts here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult

from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import TaskList
from tui.widgets.text import Line, Tone

if TYPE_CHECKING:
    # Home is drawn before the store opens: what it asks for is imported where it is asked.
    from tui.desk import Desk
    from tui.screens.home_today import Today

PERSON = action("home.person", "f3")
STEPS = action("home.steps", "f6", footer=False)


def look(desk: Desk) -> Today:
    from tui.screens.home_today import look

    return look(desk)


class HomeScreen(LinliScreen):
    """The first screen."""

    ROOM: ClassVar[str] = "home"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PERSON, STEPS)
    DEFAULT_CSS = """
    HomeScreen #own { display: none; height: auto; padding: 0 2; pointer: pointer; }
    """
    _today: Today | None = None
    _led = False  # the way is shown once by itself, and then to whoever asks

    def body(self) -> ComposeResult:
        yield Line(id="greeting")
        yield Line(id="own")
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self.ask(look, self._show, latest="today")

    def news(self) -> None:
        self.ask(look, self._show, latest="today")

    def why_not(self, action_id: str) -> str | None:
        if action_id == PERSON.id and (self._today is None or self._today.places is None):
            return t("home.no_compound_yet")
        return super().why_not(action_id)

    def _show(self, today: Today) -> None:
        from tui.screens.home_today import look_for_repeats

        before = 0 if self._today is None else self._today.repeats
        self._draw(replace(today, repeats=before))
        self.ask(look_for_repeats, self._show_repeats, latest="repeats")

    def _show_repeats(self, repeats: int) -> None:
        if self._today is not None and repeats != self._today.repeats:
            self._draw(replace(self._today, repeats=repeats))

    def _draw(self, today: Today) -> None:
        from tui.screens.home_today import own_mark, tasks

        self._today = today
        self.query_one("#greeting", Line).show(_greeting(today))
        own = own_mark(today.tickets)
        line = self.query_one("#own", Line)
        line.display = bool(own.word)
        line.show(own)
        self.query_one(TaskList).show(tasks(today))
        if today.places is None and not today.awaits and not self._led and self.is_current:
            self._led = True
            self.do_steps()

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        match event.task_id:
            case "households":
                self.linli.enter("register")
            case "people":
                self.linli.enter("register", view="people")
            case "tickets":
                # What somebody hands to them is not among what anybody may claim.
                self._open_tickets(own=self._today is not None and self._today.tickets.calls)
            case "person":
                self.do_person()
            case "demo":
                self.tell(lambda desk: desk.move_to_demo(), self._moved)
            case room:
                self.linli.enter(room)

    @on(events.Click, "#own")
    def _own_clicked(self) -> None:
        self._open_tickets(own=True)

    def _open_tickets(self, *, own: bool) -> None:
        self.linli.enter("tickets", view="mine" if own else "")

    def _moved(self, _nothing: None) -> None:
        self.ask(look, self._show, latest="today")

    def do_steps(self) -> None:
        self.linli.enter("first_run")

    # Who acts

    def do_person(self) -> None:
        from tui.screens.home_today import options_of_people

        self.ask(options_of_people, self._choose_person)

    def _choose_person(self, options: tuple[Option, ...]) -> None:
        if not options:
            self.flash(t("home.nobody_to_choose"), Tone.WARN)
            return
        self.choose(t("home.who"), options, self._act_as)

    def _act_as(self, person_id: str) -> None:
        def change(desk: Desk) -> str:
            desk.act_as(UUID(person_id))
            return desk.seat.person

        self.tell(change, self._acting)

    def _acting(self, person: str) -> None:
        self.flash(t("home.now_acting", person=person), Tone.GOOD)
        self.ask(look, self._show, latest="today")


def _greeting(today: Today) -> str:
    if today.places is None:
        return t("home.welcome")
    said = t("home.greeting", person=today.person) if today.person else t("home.nobody")
    return f"{said}{t('home.unfinished', key=shown_key(STEPS.current_keys[0]))}" if today.unfinished else said
