"""Duty: a numbered list of what there is to do, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from sqlalchemy import func, select
from textual.app import ComposeResult

from models.duty.queries import POST, count_drafts
from models.duty.queries_home import HomeDuty, home_duty
from models.operations.roles import LEADERS
from tui import edge
from tui.desk import Desk
from tui.duty_words import DRAFT_SIGN, GAP_SIGN, day_text
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Mark, Tone

#: The tasks in the order of their digits; the last one is two rooms.
_RULES: Final = "rules"
_TASKS: Final = (
    *("duty_desk", "roster", "my_shifts", "swaps", "log_book", "handovers", "duty_people", "hours", "posts"),
    _RULES,
)
_OF_RULES: Final = ("duty_rules", "calendar_days")
#: So many days are looked at for drafts: this month, and the next that is being made.
_DRAFTED: Final = 62


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits in the rooms of duty. Only those who make the roster are told of `drafts`."""

    duty: HomeDuty
    drafts: int
    posts: int


def look(desk: Desk) -> Counts:
    """Ask the store; the cost follows what is near, not what is stored."""
    seat, today = desk.seat, desk.today()
    leads = desk.may(LEADERS)
    with desk.store.read() as session:
        posts = select(func.count()).where(POST.c.compound_id == seat.compound_id, POST.c.archived.is_(False))
        return Counts(
            home_duty(session, seat.compound_id, seat.person_id, now=edge.clock(), today=today),
            count_drafts(session, seat.compound_id, today, today + timedelta(days=_DRAFTED)) if leads else 0,
            int(session.connection().execute(posts).scalar_one()),
        )


class DutyHub(LinliScreen):
    """A numbered list of the rooms of duty."""

    ROOM: ClassVar[str] = "duty"

    def body(self) -> ComposeResult:
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self.news()

    def news(self) -> None:
        self.ask(look, self._show, latest="counts")

    def _show(self, counts: Counts) -> None:
        said = _marks(counts)
        shown = [name for name in _TASKS if name in self.linli.rooms or (name == _RULES and self._rule_rooms)]
        self.query_one(TaskList).show(
            [
                Task(name, t(f"duty.hub.{name}"), said.get(name, ""), t(f"duty.hub.{name}_note"))
                for name in shown
            ]
        )

    @property
    def _rule_rooms(self) -> list[str]:
        return [name for name in _OF_RULES if name in self.linli.rooms]

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        if event.task_id != _RULES:
            self.linli.enter(event.task_id)
        elif len(self._rule_rooms) == 1:
            self.linli.enter(self._rule_rooms[0])
        else:
            options = [Option(name, t(f"screen.{name}")) for name in self._rule_rooms]
            self.choose(t("duty.hub.which_rules"), options, self.linli.enter)


def _marks(counts: Counts) -> dict[str, Mark | str]:
    duty = counts.duty
    there = Mark("●", t("duty.hub.there", n=len(duty.on_duty)), Tone.GOOD) if duty.on_duty else ""
    missing = Mark("!", t("duty.hub.missing", n=len(duty.missing)), Tone.BAD) if duty.missing else there
    gaps = Mark(GAP_SIGN, t("duty.hub.gaps", n=duty.gaps), Tone.WARN) if duty.gaps else ""
    waiting = duty.requests + duty.clashes
    line = duty.next_shift
    return {
        "duty_desk": missing,
        "roster": Mark(DRAFT_SIGN, t("duty.hub.drafts", n=counts.drafts)) if counts.drafts else "",
        "my_shifts": "" if line is None else t("duty.hub.next", day=day_text(line.day)),
        "swaps": Mark("⇄", t("duty.hub.waiting", n=waiting), Tone.WARN) if waiting else gaps,
        "handovers": Mark("→", t("duty.hub.waiting", n=duty.handovers), Tone.WARN) if duty.handovers else "",
        "posts": t("duty.hub.posts_n", n=counts.posts),
    }
