"""A shift that comes again and again: its coming days, and the exceptions to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, Final

from models.duty.needs import needs_of
from models.duty.occasions import DaysOff, holidays_between
from models.duty.patterns import span
from models.duty.queries_setup import PostLine, TemplateLine
from models.duty.weighing import points
from models.operations.envelope import Intent
from tui.actions import Action, action, shown_key
from tui.duty_words import day_text, needs_text, pattern_text, points_text
from tui.duty_words_setup import days_off_text, kind_of_day, times_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Values
from tui.screens.duty import posts_store as store
from tui.screens.duty.posts import ask_template
from tui.screens.register.fields import day_field
from tui.screens.register.words import archived_mark
from tui.widgets.facts import Fact
from tui.widgets.fields import TextField
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone
from tui.words import problem_text

OPEN = action("patterns.open", "enter")
EDIT = action("patterns.edit", "1", footer=False)
TURN = action("patterns.turn", "2", footer=False)
OFF = action("patterns.off", "3", footer=False)
BESIDES = action("patterns.besides", "4", footer=False)
ARCHIVE = action("patterns.archive", "5", footer=False)
_CHANGES: Final = frozenset({OPEN.id, EDIT.id, TURN.id, OFF.id, BESIDES.id, ARCHIVE.id})
_OTHER: Final = "other"
_LONGEST_OFF: Final = 100


class ShiftPattern(CardPage):
    """One template. Enter or 2 takes the highlighted day off, or back on."""

    ROOM: ClassVar[str] = "shift_pattern"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, TURN, OFF, BESIDES, ARCHIVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    _setup: store.Setup | None = None

    @property
    def heading(self) -> str:
        if self._setup is None or self._line is None:
            return super().heading
        return f"{self.post.name} {self.line.name}"

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("duty_setup.day"), 12, priority=9),
            Column(t("duty_setup.held"), 12, priority=8),
            Column(t("duty_setup.what_day"), 16, priority=7, grow=True),
            Column(t("duty_setup.weight"), 6, priority=6, align="right"),
            Column(t("duty_setup.note"), 14, priority=5, grow=True),
        )

    def no_ties(self) -> str:
        return t("duty_setup.ahead_none")

    def reread(self) -> None:
        self.read(store.look, self._show, latest="pattern")

    def _show(self, setup: store.Setup) -> None:
        self._setup = setup
        if self._line is None:
            self.flash(t("register.gone"), Tone.WARN)
            return
        self.show_card(_facts(setup, self.post, self.line), _days(setup, self.line))

    @property
    def setup(self) -> store.Setup:
        """What is shown; actions wait until it is read."""
        return known(self._setup)

    @property
    def _line(self) -> TemplateLine | None:
        return None if self._setup is None else self._setup.template(self.row_id)

    @property
    def line(self) -> TemplateLine:
        """The template that is shown."""
        return known(self._line)

    @property
    def post(self) -> PostLine:
        """The post it is a shift of."""
        return known(self.setup.post(self.line.post_id))

    @property
    def day(self) -> date | None:
        """The day under the highlight."""
        highlighted = self.highlighted
        return None if highlighted is None else date.fromisoformat(highlighted)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("patterns.") and self._line is None:
            return t("list.reading")
        if action_id in _CHANGES and not self.setup.may:
            return t("duty_setup.keepers_only")
        if action_id in _CHANGES - {ARCHIVE.id} and (self.line.archived or self.post.archived):
            return t("duty_setup.bring_back_first", key=shown_key(ARCHIVE.current_keys[0]))
        if action_id in {OPEN.id, TURN.id} and self.day is None:
            return t("duty_setup.no_day")
        return super().why_not(action_id)

    def do_open(self) -> None:
        """Ask before a day is taken off by a key that opens things elsewhere; what was said of it is taken back by 2."""
        day = known(self.day)
        if day in self.setup.said(self.line.id):
            self.flash(t("duty_setup.take_back_by", key=shown_key(TURN.current_keys[0])))
        else:
            self._ask_off(day, day)

    def do_edit(self) -> None:
        ask_template(self, self.setup, self.post, self.line)

    def do_turn(self) -> None:
        day = known(self.day)
        key = "duty_setup.as_usual" if day in self.setup.said(self.line.id) else "duty_setup.taken_off_day"
        self.change(store.turning(self.setup, self.line, day), t(key, day=day_text(day)))

    def do_archive(self) -> None:
        line = self.line
        key = "duty_setup.brought_back" if line.archived else "duty_setup.archived"
        intent = store.archiving("shift_template", line.id, back=line.archived)
        self.change([intent], t(key, what=line.name))

    # Days on which it is not held

    def do_off(self) -> None:
        setup = self.setup
        last = setup.today + timedelta(days=365)
        runs = {off.first.isoformat(): off for off in holidays_between(setup.calendar, setup.today, last)}
        options = [self._offer(off) for off in runs.values()]
        options.insert(0, Option(_OTHER, t("duty_setup.other_days"), t("duty_setup.other_days_note")))

        def chosen(option: str) -> None:
            if option == _OTHER:
                self._ask_off(self.day or setup.today, None)
            else:
                off = runs[option]
                self._take_off(off.first, off.last, days_off_text(off))

        self.choose(t("duty_setup.off_title", what=self.line.name), options, chosen)

    def _offer(self, off: DaysOff) -> Option:
        n = len(self.setup.days(self.line, off.first, off.last))
        reason = None if n else t("duty_setup.not_held_then")
        return Option(off.first.isoformat(), days_off_text(off), t("duty_setup.shifts_n", n=n), reason=reason)

    def _take_off(self, first: date, last: date, note: str) -> None:
        setup, line = self.setup, self.line
        intents = store.taking_off(setup, line, setup.days(line, first, last), note)
        self.change(intents, t("duty_setup.taken_off", what=note))

    def _ask_off(self, first: date, last: date | None) -> None:
        setup, line = self.setup, self.line

        def refuse(values: Values) -> str | None:
            begins, ends = _span(values)
            if ends < begins:
                return t("duty_setup.ends_before")
            if (ends - begins).days > _LONGEST_OFF:
                return t("duty_setup.too_long", n=_LONGEST_OFF)
            return None if setup.days(line, begins, ends) else t("duty_setup.not_held_then")

        def plan(values: Values) -> Sequence[Intent]:
            begins, ends = _span(values)
            return store.taking_off(setup, line, setup.days(line, begins, ends), str(values["note"] or ""))

        self.fill_in(
            t("duty_setup.off_title", what=line.name),
            [
                day_field("first", t("duty_setup.first_day"), first, required=True),
                day_field("last", t("duty_setup.last"), last, hint=t("duty_setup.one_day_hint")),
                TextField(id="note", label=t("duty_setup.why"), longest=100),
            ],
            plan,
            lambda values: t("duty_setup.taken_off", what=f"{values['first']}"),
            draft=f"off:{line.id}",
            refuse=refuse,
        )

    # Days on which it is held besides

    def do_besides(self) -> None:
        setup, line = self.setup, self.line

        def refuse(values: Values) -> str | None:
            day = values["day"]
            there = isinstance(day, date) and not store.holding_besides(setup, line, day, "")
            return t("duty_setup.held_anyway") if there else None

        def plan(values: Values) -> Sequence[Intent]:
            day = values["day"]
            if not isinstance(day, date):
                raise TypeError("the form lets nothing else through")
            return store.holding_besides(setup, line, day, str(values["note"] or ""))

        self.fill_in(
            t("duty_setup.besides_title", what=line.name),
            [
                day_field("day", t("duty_setup.day"), None, required=True),
                TextField(id="note", label=t("duty_setup.why"), longest=100),
            ],
            plan,
            lambda values: t("duty_setup.held_besides", day=values["day"]),
            draft=f"besides:{line.id}",
            refuse=refuse,
        )


def _span(values: Values) -> tuple[date, date]:
    first, last = values["first"], values["last"]
    if not isinstance(first, date):
        raise TypeError("the form lets nothing else through")
    return first, last if isinstance(last, date) else first


def _facts(setup: store.Setup, post: PostLine, line: TemplateLine) -> list[Fact]:
    teams = {team.hex: name for team, name in setup.teams.items()}
    facts = [
        Fact(t("duty_setup.which_days"), pattern_text(line)),
        Fact(t("duty_setup.times"), times_text(line.starts, line.minutes)),
        Fact(t("duty_setup.hands"), t("duty_setup.hands_n", n=line.hands)),
        Fact(t("duty_setup.needs"), needs_text(needs_of(line.needs), teams)),
        Fact(t("duty_setup.pool"), line.team or post.team or t("duty_setup.everybody")),
        Fact(t("duty_setup.next_month"), t("duty_setup.times_n", n=setup.count(line))),
    ]
    facts += [
        Fact(t("duty_setup.problem"), Mark("!", problem_text(one), Tone.BAD)) for one in setup.problems(line)
    ]
    if line.archived or post.archived:
        facts.append(Fact(t("duty_setup.state"), archived_mark()))
    return facts


def _days(setup: store.Setup, line: TemplateLine) -> list[RowView]:
    """Return the days ahead on which it is held, and those on which it is not though it would be."""
    if line.archived:
        return []
    said = setup.said(line.id)
    held = set(setup.days(line, setup.today, setup.until))
    # Exceptions are shown however far ahead they are: who has made one looks for it here.
    return [
        _day_row(setup, line, day, is_held=day in held or _is_held(setup, line, day))
        for day in sorted(held | set(said))
    ]


def _is_held(setup: store.Setup, line: TemplateLine, day: date) -> bool:
    return bool(setup.days(line, day, day))


def _day_row(setup: store.Setup, line: TemplateLine, day: date, *, is_held: bool) -> RowView:
    said = setup.said(line.id).get(day)
    mark = Mark("✓", t("duty_setup.is_held"), Tone.GOOD)
    if said is not None:
        mark = (
            Mark("+", t("duty_setup.is_besides"), Tone.INFO)
            if said.held
            else Mark("×", t("duty_setup.is_off"), Tone.WARN)
        )
    weight = points(*span(line.rules, day, setup.zone), setup.calendar, setup.ruling, setup.zone)
    return RowView(
        day.isoformat(),
        (
            day_text(day) if day.year == setup.today.year else f"{day} {day_text(day).rpartition(' ')[2]}",
            mark,
            kind_of_day(setup.calendar, day),
            points_text(weight) if is_held else "",
            "" if said is None else said.note,
        ),
        muted=not is_held,
    )
