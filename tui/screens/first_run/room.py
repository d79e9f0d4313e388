"""The first steps on a new laptop: a language, a compound, and what to enter first. Each may be left and taken up again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult

from models.inspection import first_steps
from models.inspection.first_steps import FirstSteps
from models.operations.perform import Outcome
from models.replication.links import link_of
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import LANGUAGES, is_sure, t
from tui.preferences import AUTO
from tui.screens.base import LinliScreen
from tui.screens.first_run.form import FOUND, FoundForm, drop_kept, guessed_name, kept_texts
from tui.screens.form import Values
from tui.screens.register.import_file import ImportScreen
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Line, Mark, Tone
from tui.words import refusal_text

DISMISS = action("first_run.dismiss", "f6")
_LANGUAGE, _WHAT, _NEXT = "language", "what", "next"
#: Where each of the next steps is done: the room and how it is entered.
_ROOMS: dict[str, tuple[str, dict[str, Any]]] = {
    "households": ("import", {}),
    "points": ("points", {}),
    "routes": ("routes", {}),
    "schedules": ("schedules", {}),
    "people": ("register", {"view": "people"}),
    "settings": ("settings", {}),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """How far it is: `steps` is None while the store holds no compound; `kept` is what was half-typed then.

    `joined` tells that the compound is a server's, or that one is on its way from there.
    """

    compound: str = ""
    steps: FirstSteps | None = None
    kept: dict[str, str] | None = None
    joined: bool = False


def look(desk: Desk) -> Stand:
    """Ask the store how far it is."""
    with desk.store.read() as session:
        if not desk.has_seat:
            return Stand(kept=kept_texts(session), joined=desk.awaited is not None)
        seat = desk.seat
        steps = first_steps.first_steps(session, seat.compound_id, today=desk.today())
        return Stand(seat.compound, steps, joined=link_of(session, seat.compound_id) is not None)


class FirstRunScreen(LinliScreen):
    """Three pages: the language if nobody can know it, what to begin with, and what comes next."""

    ROOM: ClassVar[str] = "first_run"
    ACTIONS: ClassVar[tuple[Action, ...]] = (DISMISS,)
    DEFAULT_CSS = "FirstRunScreen #lead { padding: 1 2 0 2; }"
    _stand: Stand | None = None
    _page = ""

    def body(self) -> ComposeResult:
        yield Line(id="lead")
        yield TaskList(id="steps")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        # In the write thread: it comes after the founding.
        self.tell(look, self._show)

    def news(self) -> None:
        self.tell(look, self._show)

    # What is shown

    def _show(self, stand: Stand) -> None:
        self._stand = stand
        if stand.joined and self._page in {_LANGUAGE, _WHAT}:  # others have set it up
            self.dismiss()
            return
        if stand.kept is not None:
            self.linli.drafts.setdefault(FOUND, stand.kept)
        if stand.steps is not None:
            self._page = _NEXT
        elif not self._page:
            unsure = self.linli.preferences.language == AUTO and not is_sure(os.environ)
            self._page = _LANGUAGE if unsure else _WHAT
        self._draw()

    def _draw(self) -> None:
        stand = self._stand or Stand()
        lead = {
            _LANGUAGE: t("language.title"),
            _WHAT: t("first_run.welcome"),
            _NEXT: t("first_run.next", compound=stand.compound),
        }[self._page]
        tasks = {_LANGUAGE: _languages(), _WHAT: _beginnings(), _NEXT: _steps(stand.steps or FirstSteps())}
        self.query_one("#lead", Line).show(lead)
        self.query_one(TaskList).show(tasks[self._page])
        self.refresh_frame()

    def why_not(self, action_id: str) -> str | None:
        if action_id == DISMISS.id and self._page != _NEXT:
            return t("first_run.nothing_yet")
        return super().why_not(action_id)

    # What is done

    async def on_task_list_opened(self, event: TaskList.Opened) -> None:
        self.flash("")
        match event.task_id:
            case "zh_CN" | "en":
                self._page = _WHAT
                await self.linli.speak(event.task_id)
                self.query_one(TaskList).cursor = 0
            case "found":
                self._found()
            case "list":
                self.app.push_screen(FirstList())
            case "demo":
                self.tell(lambda desk: desk.move_to_demo(), self._leave)
            case "enrol":
                self.linli.enter("enrol")
            case "home":
                self.dismiss()
            case step:
                room, options = _ROOMS[step]
                self.linli.enter(room, **options)

    def _found(self) -> None:
        self._show_modal(FoundForm(), partial(found, self))

    def do_dismiss(self) -> None:
        def send_away(desk: Desk) -> None:
            with desk.store.write() as session:
                first_steps.dismiss(session, desk.seat.compound_id)

        self.tell(send_away, self._sent_away)

    def _leave(self, _nothing: None) -> None:
        self.dismiss()

    def _sent_away(self, _nothing: None) -> None:
        self.dismiss()
        self.linli.flash(t("first_run.sent_away"))

    def do_back(self) -> None:
        """Go back a page where there is one: whoever chose the wrong language finds the way."""
        if self._page == _WHAT and not is_sure(os.environ):
            self._page = _LANGUAGE
            self._draw()
        else:
            super().do_back()


class FirstList(ImportScreen):
    """Choosing a list while there is no compound: one is founded for it, named as the list seems to say."""

    def _look(self, path: Path) -> None:
        form = FoundForm(guessed_name(path.stem))
        look_at = super()._look
        self._show_modal(form, lambda values: found(self, values, then=lambda: look_at(path)))


def found(screen: LinliScreen, values: Values, *, then: Any = None) -> None:
    """Found a compound with its director; `then` runs once it stands."""
    name, person = str(values["name"]), str(values["person"])

    def make(desk: Desk) -> Outcome:
        outcome = desk.found(name, person)
        if outcome.refused is None:
            drop_kept(desk)
        return outcome

    def made(outcome: Outcome) -> None:
        if outcome.refused is not None:
            screen.flash(refusal_text(outcome.refused), Tone.BAD)
            return
        screen.flash(t("first_run.founded", name=name), Tone.GOOD)
        if then is not None:
            then()
        else:
            screen.news()

    screen.tell(make, made)


def _languages() -> list[Task]:
    return [Task(code, t(f"language.{code}")) for code in LANGUAGES]


def _beginnings() -> list[Task]:
    return [
        Task(name, t(f"first_run.{name}"), "", t(f"first_run.{name}_note"))
        for name in ("found", "list", "demo", "enrol")
    ]


def _steps(steps: FirstSteps) -> list[Task]:
    counts = {
        "households": steps.households,
        "points": steps.points,
        "routes": steps.routes,
        "schedules": steps.schedules,
        "people": max(0, steps.workers - 1),
    }
    return [
        *(
            Task(
                name,
                t(f"first_run.{name}"),
                Mark("√", t("first_run.done", n=n), Tone.GOOD)
                if n
                else Mark("○", t("first_run.open"), Tone.MUTED),
                t(f"first_run.{name}_note"),
            )
            for name, n in counts.items()
        ),
        Task("settings", t("first_run.settings"), "", t("first_run.settings_note")),
        Task("home", t("first_run.home"), "", t("first_run.home_note")),
    ]
