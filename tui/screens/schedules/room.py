"""When each route is to be walked: what is due comes first, and Enter walks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection.payloads_schedules import WITHIN_DAYS
from models.inspection.queries_schedules import DueLine
from models.inspection.rules import Every
from models.inspection.scheduling import DueState
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.form import FormDialog
from tui.screens.register.words import listed
from tui.screens.schedules import store
from tui.screens.schedules.due_words import EVERY, day_text, every_word
from tui.screens.schedules.words import days_of, rain_fields, row, schedule_fields, told
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.text import Line, Tone
from tui.words import refusal_text

PICK = action("schedules.pick", "enter")
WALK = action("schedules.walk", "1", footer=False)
ADD = action("schedules.add", "2", "f5", "insert", footer=False)
RAIN = action("schedules.rain", "3", footer=False)
EDIT = action("schedules.edit", "4", footer=False)
REMOVE = action("schedules.remove", "5", "delete", footer=False)
_OF_A_ROW = frozenset({PICK.id, WALK.id, EDIT.id, REMOVE.id})


class SchedulesScreen(Changing):
    """The schedules, the most urgent first."""

    ROOM: ClassVar[str] = "schedules"
    AUTO_FOCUS = "#schedules"
    DEEDS: ClassVar[tuple[Action, ...]] = (WALK, ADD, RAIN, EDIT, REMOVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    SchedulesScreen #told { height: auto; margin-bottom: 1; }
    SchedulesScreen Deeds { margin-top: 1; }
    """
    _plan: store.Plan | None = None
    _going = False

    def body(self) -> ComposeResult:
        yield Line(id="told")
        yield LongList(
            (
                Column(t("schedules.route"), 14, priority=9, grow=True),
                Column(t("schedules.state"), 24, priority=8),
                Column(t("schedules.due_on"), 10, priority=7),
                Column(t("schedules.every"), 10, priority=6),
                Column(t("schedules.last"), 10, priority=5),
                Column(t("schedules.grace"), 8, priority=3, align="right"),
                Column(t("schedules.since"), 10, priority=2),
                Column(t("schedules.last_walk"), 14, priority=1, grow=True),
            ),
            empty=t("schedules.empty"),
            id="schedules",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self._going = False
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="plan")

    def _show(self, plan: store.Plan) -> None:
        self._plan = plan
        self.query_one("#told", Line).show(told(plan))
        self.query_one(LongList).show([row(line, plan.today) for line in plan.lines], keep=True)
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def plan(self) -> store.Plan:
        """What is shown; actions wait until it is read."""
        return known(self._plan)

    @property
    def chosen(self) -> DueLine | None:
        """The schedule under the highlight."""
        if self._plan is None or not self.is_mounted:
            return None
        return self._plan.line(self.query_one(LongList).highlighted)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if self._plan is None and action_id.startswith("schedules."):
            return t("list.reading")
        if action_id in _OF_A_ROW and self.chosen is None:
            return t("schedules.add_first")
        if action_id == ADD.id and not self.plan.routes:
            return t("schedules.no_routes")
        return super().why_not(action_id)

    # Walking

    def on_long_list_picked(self) -> None:
        """Walk what is due; on what is not, say when it will be, so that no stray Enter starts a walk."""
        chosen = self.chosen
        if chosen is None or chosen.due is None:
            return
        if chosen.due.state is DueState.OK and chosen.under_way is None:
            day = chosen.due.due_on
            said = t("schedules.after_rain") if day is None else t("schedules.not_due", day=day)
            self.flash(said)
        else:
            self.do_walk()

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()

    def do_walk(self) -> None:
        chosen = self.chosen
        if chosen is None or self._going:
            return  # a second Enter in a hurry starts no second walk
        self._going = True
        if chosen.under_way is not None:
            self._take_up(chosen.under_way.walk_id)
            return
        name = t("walks.name", route=chosen.route, day=self.plan.today.isoformat())
        route_id = chosen.route_id
        self.tell(
            lambda desk: store.begin(desk, route_id, name), self._begun, failed=lambda _error: self._stay()
        )

    def _begun(self, begun: tuple[Outcome, UUID]) -> None:
        outcome, walk_id = begun
        if outcome.refused is None:
            self._take_up(walk_id)
        else:
            self._stay()
            self.flash(refusal_text(outcome.refused), Tone.BAD)

    def _stay(self) -> None:
        self._going = False

    def _take_up(self, walk_id: UUID) -> None:
        from tui.screens.walk.cards import WalkCards

        self.app.push_screen(WalkCards(walk_id))

    # Schedules

    def do_add(self) -> None:
        routes = [
            Option(
                str(route.id),
                route.name,
                listed([every_word(every) for every in self.plan.periods_of(route.id)])
                or t("walks.stops", n=route.stops),
            )
            for route in self.plan.routes
        ]
        self.choose(t("schedules.which_route"), routes, lambda chosen: self._ask_period(UUID(chosen)))

    def _ask_period(self, route_id: UUID) -> None:
        taken = self.plan.periods_of(route_id)
        name = next(route.name for route in self.plan.routes if route.id == route_id)
        periods = [
            Option(
                every.value,
                t(key),
                t(f"schedules.hint.{every.value}"),
                reason=t("schedules.has_it") if every.value in taken else None,
            )
            for every, key in EVERY.items()
        ]
        self.choose(
            t("schedules.how_often", route=name), periods, lambda every: self._ask_days(route_id, name, every)
        )

    def _ask_days(self, route_id: UUID, name: str, every: str) -> None:
        plan = self.plan
        what = t("schedules.what", route=name, every=every_word(every))
        self.fill_in(
            what,
            schedule_fields(every, plan.today, WITHIN_DAYS),
            lambda values: store.adding(plan, route_id, every, *days_of(values)),
            lambda _values: t("schedules.added", what=what),
            draft=f"schedule:{route_id}:{every}",
            then=lambda _outcome: self._warn_of_no_rain(every),
        )

    def _warn_of_no_rain(self, every: str) -> None:
        if every == Every.RAIN:
            self.flash(t("schedules.press_rain"), Tone.GOOD)

    def do_edit(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        what = t("schedules.what", route=chosen.route, every=every_word(chosen.every))

        def plan(values: Values) -> Sequence[Intent]:
            return store.changing(chosen, *days_of(values))

        self.fill_in(
            what,
            schedule_fields(chosen.every, chosen.since, chosen.within_days),
            plan,
            lambda _values: t("schedules.changed", what=what),
            draft=f"schedule:{chosen.id}",
        )

    def do_remove(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            what = t("schedules.what", route=chosen.route, every=every_word(chosen.every))
            gone = Intent("schedule.archive", {"schedule": str(chosen.id)})
            self.change([gone], t("schedules.removed", what=what))

    # Rain

    def do_rain(self) -> None:
        today, noted = self.plan.today, {line.day: line for line in self.plan.rain}
        days = [
            Option(
                day.isoformat(),
                day_text(day, today),
                day.isoformat(),
                reason=t("schedules.noted_already", day=day) if day in noted else None,
            )
            for day in (today, today - timedelta(days=1))
        ]
        days.append(Option("other", t("schedules.other_day"), t("schedules.other_day_note")))
        days += [
            Option(str(line.id), t("schedules.drop_rain", day=line.day), line.note) for line in noted.values()
        ]
        self.choose(t("schedules.rained_when"), days, self._rained)

    def _rained(self, chosen: str) -> None:
        dropped = next((line for line in self.plan.rain if str(line.id) == chosen), None)
        if dropped is not None:
            gone = Intent("rain.archive", {"rain": chosen})
            self.change([gone], t("schedules.rain_dropped", day=dropped.day))
        elif chosen == "other":
            self._ask_rain_day()
        else:
            self._note_rain(date.fromisoformat(chosen), "")

    def _ask_rain_day(self) -> None:
        form = FormDialog(
            t("schedules.rained_when"), rain_fields(self.plan.today), save=t("schedules.note_verb")
        )

        def noted(values: Values) -> None:
            day = values["day"]
            if isinstance(day, date):
                self._note_rain(day, str(values["note"] or ""))

        self._show_modal(form, noted)

    def _note_rain(self, day: date, note: str) -> None:
        self.tell(lambda desk: store.note_rain(desk, day, note), partial(self._rain_noted, day))

    def _rain_noted(self, day: date, outcome: Outcome) -> None:
        asked = sum(line.every == Every.RAIN and line.since <= day for line in self.plan.lines)
        key = "schedules.rain_noted" if asked else "schedules.rain_noted_for_nothing"
        self.note_change(outcome, t(key, day=day, n=asked))
