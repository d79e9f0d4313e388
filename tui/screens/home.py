"""Today: the numbered tasks of the compound, and who acts here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import TaskList
from tui.widgets.tellings import Tellings
from tui.widgets.text import Line, Tone

if TYPE_CHECKING:
    # Home is drawn before the store opens: what it asks for is imported where it is asked.
    from tui.desk import Desk
    from tui.screens.home_today import Today
    from tui.screens.home_work import Work

#: Where each telling leads, and to which list there.
_LEADS: Final = {
    "own_tickets": ("tickets", "mine"),
    "missing": ("duty_desk", ""),
    "on_duty": ("duty_desk", ""),
    "clashes": ("swaps", "clashes"),
    "requests": ("swaps", "to_me"),
    "gaps": ("swaps", "gaps"),
    "handovers": ("handovers", ""),
    "next_shift": ("my_shifts", ""),
    "promises": ("arrears", ""),
    "fee_requests": ("payments", "requests"),
}
PERSON = action("home.person", "f3")
STEPS = action("home.steps", "f6", footer=False)


def look(desk: Desk) -> Today:
    from tui.screens.home_today import look

    return look(desk)


def look_at_work(desk: Desk) -> Work:
    from tui.screens.home_work import look_at_work

    return look_at_work(desk)


class HomeScreen(LinliScreen):
    """The first screen."""

    ROOM: ClassVar[str] = "home"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PERSON, STEPS)
    _today: Today | None = None
    _led = False  # the way is shown once by itself, and then to whoever asks

    def body(self) -> ComposeResult:
        yield Line(id="greeting")
        yield Tellings(id="tellings")
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
        """Draw what is asked first at once, with what was known of the rest; then ask the rest."""
        from tui.screens.home_today import look_for_repeats

        before = self._today
        if before is not None and today.places is not None and before.person == today.person:
            today = replace(today, work=before.work, repeats=before.repeats)
        else:  # what waits for one is not for another to see
            self.query_one(Tellings).show(())
        self._draw(today)
        if today.places is not None:
            self.ask(look_at_work, self._show_work, latest="work")
            self.ask(look_for_repeats, self._show_repeats, latest="repeats")

    def _show_work(self, work: Work) -> None:
        from tui.screens.home_work import tellings

        if self._today is not None:
            self._draw(replace(self._today, work=work))
            told = [one for one in tellings(work) if _LEADS[one.id][0] in self.linli.rooms]
            self.query_one(Tellings).show(told)

    def _show_repeats(self, repeats: int) -> None:
        if self._today is not None and repeats != self._today.repeats:
            self._draw(replace(self._today, repeats=repeats))

    def _draw(self, today: Today) -> None:
        from tui.screens.home_today import tasks

        self._today = today
        self.query_one("#greeting", Line).show(_greeting(today))
        self.query_one(TaskList).show(tasks(today))
        if today.places is None and not today.awaits and not self._led and self.is_current:
            self._led = True
            self.do_steps()

    # Where tasks and tellings lead

    def on_task_list_topped(self) -> None:
        tellings = self.query_one(Tellings)
        if tellings.display:
            tellings.focus()

    def on_tellings_passed(self) -> None:
        self.query_one(TaskList).focus()

    def on_tellings_opened(self, event: Tellings.Opened) -> None:
        room, view = _LEADS[event.telling_id]
        self.linli.enter(room, **({"view": view} if view else {}))

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        match event.task_id:
            case "tickets":
                # What somebody hands to them is not among what anybody may claim.
                work = None if self._today is None else self._today.work
                self.linli.enter("tickets", view="mine" if work is not None and work.tickets.calls else "")
            case "person":
                self.do_person()
            case "demo":
                self.tell(lambda desk: desk.move_to_demo(), self._moved)
            case room:
                self.linli.enter(room)

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
