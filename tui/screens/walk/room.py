"""Choose a walk to go on with, or start a new one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection.queries import RouteLine
from models.inspection.queries_schedules import DueLine
from models.inspection.queries_walks import WalkLine
from models.operations.perform import Outcome
from models.tickets.queries_rechecks import Recheck
from tui import words
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.form import FormDialog, Values
from tui.screens.schedules.due_words import line_mark
from tui.screens.walk import store
from tui.screens.walk.ticket_store import due_again
from tui.screens.walk.words import day
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

START = action("walks.start", "f4", "n", "insert")
REPORT = action("walks.report", "f3")
JOIN = action("walks.join", "f5")
REOPEN = action("walks.reopen", "f6")
_NEW = "new"
_ALL = "all"
_AGAIN = "again"
_BAR = 8
_CODES_SHOWN = 3


class WalkScreen(LinliScreen):
    """Open walks first, newest first, and the finished ones beneath."""

    ROOM: ClassVar[str] = "walk"
    CSS_PATH: ClassVar[str | Path] = "room.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (START, REPORT, JOIN, REOPEN)
    _walks: tuple[WalkLine, ...] | None = None
    _again: tuple[Recheck, ...] = ()
    _going = False

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("walks.column.name"), 22, priority=9, grow=True),
                Column(t("walks.column.progress"), 17, priority=8),
                Column(t("walks.column.by"), 10, priority=6),
                Column(t("walks.column.since"), 10, priority=7),
                Column(t("walks.column.route"), 12, priority=4, grow=True),
            ),
            id="walks",
        )

    def on_mount(self) -> None:
        self.query_one(LongList).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._going = False
        self.ask(_look, self._show, latest="walks")

    def news(self) -> None:
        self.ask(_look, self._show, latest="walks")

    def _show(self, found: tuple[tuple[WalkLine, ...], tuple[Recheck, ...]]) -> None:
        first_time = self._walks is None
        walks, self._again = found
        self._walks = walks
        listed = self.query_one(LongList)
        rows = [RowView(_NEW, (Mark("+", t("walks.new"), Tone.INFO),))]
        if self._again:
            rows.append(_again_row(self._again))
        begun = len(rows)
        rows += [_row(walk) for walk in walks]
        listed.show(rows, keep=not first_time)
        if first_time and walks and walks[0].finished_at is None:
            listed.move_to(begun)
        self.refresh_keys()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def chosen(self) -> WalkLine | None:
        """The walk under the highlight; None on the line that starts a new one."""
        row_id = self.query_one(LongList).highlighted
        return next((walk for walk in self._walks or () if str(walk.id) == row_id), None)

    def why_not(self, action_id: str) -> str | None:
        if action_id in {REPORT.id, JOIN.id, REOPEN.id}:
            chosen = self.chosen if self.is_mounted else None
            if chosen is None:
                return t("walks.choose_first")
            if action_id == JOIN.id and chosen.finished_at is not None:
                return t("walks.join_open_only")
            if action_id == REOPEN.id and chosen.finished_at is None:
                return t("walks.not_finished")
        return super().why_not(action_id)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        if event.row_id == _NEW:
            self.do_start()
        elif event.row_id == _AGAIN:
            self._look_again()
        elif (chosen := self.chosen) is not None:
            if chosen.finished_at is None:
                self._walk(chosen.id)
            else:
                self._show_report(chosen.id)

    def _walk(self, walk_id: UUID, at: str = "") -> None:
        from tui.screens.walk.cards import WalkCards

        if not self._going:  # a second Enter in a hurry opens no second walk
            self._going = True
            self.app.push_screen(WalkCards(walk_id, at=at))

    def _show_report(self, walk_id: UUID) -> None:
        from tui.screens.walk.summary import WalkSummary

        if not self._going:
            self._going = True
            self.app.push_screen(WalkSummary(walk_id, lambda code: self._walk_again(walk_id, code)))

    def _walk_again(self, walk_id: UUID, code: str) -> None:
        self._going = False
        self._walk(walk_id, code)

    def do_report(self) -> None:
        if (chosen := self.chosen) is not None:
            self._show_report(chosen.id)

    # -- starting

    def do_start(self) -> None:
        self.ask(store.offered, self._choose_route)

    def _choose_route(self, offered: store.Offered) -> None:
        if not offered.points:
            self.flash(t("walks.no_points_yet"), Tone.WARN)
        elif not offered.routes:
            self._ask_name(offered, None)
        else:
            self._offer_routes(offered)

    def _offer_routes(self, offered: store.Offered) -> None:
        options = [
            Option(str(route.id), route.name, _route_note(route, offered.due.get(route.id)))
            for route in offered.routes
        ]
        options.append(Option(_ALL, t("walks.all_points"), t("walks.stops", n=offered.points)))
        self.choose(t("walks.which_route"), options, lambda chosen: self._ask_name(offered, chosen))

    def _ask_name(self, offered: store.Offered, chosen: str | None) -> None:
        route = next((made for made in offered.routes if str(made.id) == chosen), None)
        today = self.linli.context.today().isoformat()
        name = t("walks.name", route=route.name if route else t("walks.walk"), day=today)
        proposed, number = name, 2
        while proposed in offered.taken:
            proposed, number = f"{name} ({number})", number + 1
        form = NameWalk(
            t("walks.new"),
            [TextField(id="name", label=t("walks.column.name"), value=proposed, required=True, longest=100)],
            save=t("walks.start_verb"),
        )
        self._show_modal(form, lambda values: self._start(values, None if route is None else route.id))

    def _start(self, values: Values, route_id: UUID | None) -> None:
        name = str(values["name"])
        self.tell(lambda desk: store.start(desk, name, route_id), self._started)

    def _look_again(self) -> None:
        """Walk over the points whose jobs were done and that nobody has seen since."""
        points = [one.point_id for one in self._again]
        name = t("walks.name", route=t("walks.again"), day=self.linli.context.today().isoformat())
        self.tell(lambda desk: store.start(desk, name, None, points), self._started)

    def _started(self, started: tuple[Outcome, UUID]) -> None:
        outcome, walk_id = started
        if outcome.refused is not None:
            self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        else:
            self._going = False
            self._walk(walk_id)

    # -- joining, reopening

    def do_join(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.ask(
                lambda desk: store.others(desk, chosen.id), lambda others: self._choose_other(chosen, others)
            )

    def _choose_other(self, into: WalkLine, others: tuple[WalkLine, ...]) -> None:
        if not others:
            self.flash(t("walks.no_other"), Tone.WARN)
            return
        names = {str(other.id): other.name for other in others}
        options = [
            Option(
                str(other.id),
                other.name,
                t("walk.progress", seen=other.progress.seen, total=other.progress.total),
            )
            for other in others
        ]

        def sure(chosen: str) -> None:
            self.confirm(
                t("walks.join_question", other=names[chosen], walk=into.name),
                verb=t("walks.join_verb"),
                then=lambda: self._join(UUID(chosen), into),
            )

        self.choose(t("walks.join_title", walk=into.name), options, sure)

    def _join(self, other: UUID, into: WalkLine) -> None:
        said = t("walks.joined", walk=into.name)
        self.tell(lambda desk: store.join(desk, other, into.id), lambda outcome: self._changed(outcome, said))

    def do_reopen(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            said = t("walks.reopened", walk=chosen.name)
            self.tell(
                lambda desk: store.reopen(desk, chosen.id), lambda outcome: self._changed(outcome, said)
            )

    def _changed(self, outcome: Outcome, said: str) -> None:
        if outcome.refused is not None:
            self.flash(words.refusal_text(outcome.refused), Tone.BAD)
        else:
            self.flash(said, Tone.GOOD)
        self.ask(_look, self._show, latest="walks")


class NameWalk(FormDialog):
    """A form of one field: Enter starts."""

    def on_form_finished(self) -> None:
        self.do_save()


def _route_note(route: RouteLine, due: DueLine | None) -> str:
    """Return how many points a route has, and that it is due where it is scheduled."""
    stops = t("walks.stops", n=route.stops)
    return stops if due is None else f"{line_mark(due)} · {stops}"


def _look(desk: Desk) -> tuple[tuple[WalkLine, ...], tuple[Recheck, ...]]:
    return store.list_walks(desk), due_again(desk)


def _again_row(points: tuple[Recheck, ...]) -> RowView:
    """Return the row that leads to the points to look at again, with the first of their codes."""
    mark = Mark("↻", t("walks.again_n", n=len(points)), Tone.WARN)
    codes = " ".join(one.point for one in points[:_CODES_SHOWN])
    return RowView(_AGAIN, (mark, codes if len(points) <= _CODES_SHOWN else f"{codes} …"))


def _row(walk: WalkLine) -> RowView:
    seen, total = walk.progress.seen, walk.progress.total
    done = _BAR * seen // total if total else 0
    bar = "━" * done + "─" * (_BAR - done)
    if walk.finished_at is not None:
        mark = Mark("✓", f"{seen}/{total} {t('walks.finished')}", Tone.GOOD)
    else:
        mark = Mark("◐", f"{seen}/{total} {bar}", Tone.WARN)
    since = day(walk.started_at)
    cells = (walk.name, mark, walk.started_by, since, walk.route or t("walks.all_points"))
    return RowView(str(walk.id), cells, muted=walk.finished_at is not None)
