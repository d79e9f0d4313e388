"""Making a roster: which days, how long it may take, the search as it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from models.duty.rules import ShiftState
from models.duty.solver.problem import Phase, Progress
from models.text import pinyin_keys
from tui.actions import Action, action, shown_key
from tui.duty_words import day_text
from tui.i18n import t
from tui.screens.base import Modal
from tui.screens.changing import Values
from tui.screens.duty import generate_store as store
from tui.screens.duty.generate_store import Made, Search, Wish
from tui.screens.duty.roster_sheet import RosterSheet, paragraph
from tui.screens.duty.roster_store import month_around
from tui.screens.duty.roster_thread import waited_for
from tui.screens.duty.roster_words import is_draft
from tui.screens.form import FormDialog
from tui.widgets.bars import KeyBar
from tui.widgets.fields import NO, YES, DateField, NumberField, PickField, YesNoField
from tui.widgets.picker import Option
from tui.widgets.text import Line, Tone, joined, plain, set_border_title

if TYPE_CHECKING:
    from tui.screens.duty.roster import Roster

ENOUGH = action("generate.enough", "f2", "enter")
_SECONDS: Final = 20
_MOST_SECONDS: Final = 600
_MOST_DAYS: Final = 100
_TURN: Final = 0.2  # seconds between two looks at how far it is
_BAR: Final = 30
_KEPT, _ANEW = "kept", "anew"
_DAY: Final = timedelta(days=1)


def begin_making(room: Roster, month: date) -> None:
    """Ask for the days of a roster, and make it: what is a draft on screen, else the next month that has none."""
    looked = room.looked
    _, last = month_around(month)
    drafted = [line.day for line in looked.lines if is_draft(line) and looked.today <= line.day <= last]
    own = [day for day in drafted if day.month == month.month]

    def offer(span: tuple[date, date]) -> None:
        days = (min(own), last) if own else span
        known = any(
            line.state is ShiftState.PUBLISHED and days[0] <= line.day <= days[1] for line in looked.lines
        )
        _ask_days(room, days, keep=known)

    def choose(kept: str) -> None:
        made = room.made
        if kept == _KEPT and made is not None:
            _open(room, made)
        else:
            room.ask(store.next_span, offer)

    if room.made is None:
        room.ask(store.next_span, offer)
        return
    options = [Option(key, t(f"generate.{key}"), t(f"generate.{key}_note")) for key in (_KEPT, _ANEW)]
    room.choose(t("generate.title"), options, choose)


def _ask_days(room: Roster, span: tuple[date, date], *, keep: bool) -> None:
    """Ask for days; where people know a roster of them already, it is to change as little as it can."""
    first, last = span
    fields = [
        DateField(id="first", label=t("generate.first"), value=first.isoformat(), required=True),
        DateField(id="last", label=t("generate.last"), value=last.isoformat(), required=True),
        NumberField(
            id="seconds",
            label=t("generate.seconds"),
            value=str(_SECONDS),
            required=True,
            minimum=1,
            maximum=_MOST_SECONDS,
            unit=t("generate.seconds_unit"),
            hint=t("generate.seconds_hint"),
        ),
        YesNoField(
            id="keep", label=t("generate.keep"), value=YES if keep else NO, hint=t("generate.keep_hint")
        ),
    ]
    form = FormDialog(t("generate.title"), fields, save=t("generate.begin"), refuse=_refuse)

    def begin(values: Values) -> None:
        days = _days(values)
        if days is not None:
            seconds, keep = values["seconds"], values["keep"] is True
            _search(room, Wish(*days, seconds=int(str(seconds)), keep=keep))

    room._show_modal(form, begin)  # noqa: SLF001 - of one family: a dialog whose result is handled where errors are told


def _days(values: Values) -> tuple[date, date] | None:
    first, last = values["first"], values["last"]
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _refuse(values: Values) -> str | None:
    days = _days(values)
    if days is None or days[1] < days[0]:
        return t("generate.ends_first")
    return t("generate.too_long", n=_MOST_DAYS) if (days[1] - days[0]).days >= _MOST_DAYS else None


def begin_mending(room: Roster, day: date) -> None:
    """Ask who fell ill and for how long, and mend the roster with as few changes as can be."""
    looked = room.looked
    first = max(day, looked.today)
    people = {
        one.person_id: one.name
        for line in looked.lines
        if line.day >= looked.today
        for one in line.people
        if not one.leaving
    }
    if not people:
        room.flash(t("generate.nobody_on_duty"))
        return
    fields = [
        PickField(
            id="person",
            label=t("generate.who"),
            required=True,
            options=[
                Option(str(person), name, search=" ".join(pinyin_keys(name)))
                for person, name in sorted(people.items(), key=lambda item: item[1])
            ],
        ),
        DateField(id="first", label=t("generate.ill_from"), value=first.isoformat(), required=True),
        DateField(
            id="last",
            label=t("generate.ill_until"),
            value=(first + 6 * _DAY).isoformat(),
            required=True,
            hint=t("generate.ill_hint"),
        ),
    ]
    form = FormDialog(t("generate.ill_title"), fields, save=t("generate.begin"), refuse=_refuse)

    def begin(values: Values) -> None:
        days = _days(values)
        if days is not None:
            person = UUID(str(values["person"]))
            _search(room, _mending(person, days, looked.today))

    room._show_modal(form, begin)  # noqa: SLF001 - as above


def _mending(person: UUID, days: tuple[date, date], today: date) -> Wish:
    """Return what mends a roster: the weeks of the illness, because what one gives up another takes within a week."""
    first, last = days
    monday = first - (first.isoweekday() - 1) * _DAY
    sunday = last + (7 - last.isoweekday()) * _DAY
    return Wish(max(monday, today), sunday, _SECONDS, keep=True, sick=(person, first, last))


def _search(room: Roster, wish: Wish) -> None:
    def made(result: Made) -> None:
        if not result.ground.problem.slots:
            room.flash(t("result.no_shifts"), Tone.WARN)
            return
        room.keep_made(result)
        _open(room, result)

    room._show_modal(Making(wish), made)  # noqa: SLF001 - as above


def _open(room: Roster, made: Made) -> None:
    from tui.screens.duty.generate_result import RosterResult

    room.app.push_screen(RosterResult(made, room))


class Making(Modal[Made]):
    """The search. Enough takes the best so far; to go back drops it, and nothing has been written."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (ENOUGH,)

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self.heading = t("generate.making", first=day_text(wish.first), last=day_text(wish.last))
        self.purpose = t("generate.making_purpose")
        self._search = Search(wish)
        self._passed = 0.0
        self._enough = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="making") as dialog:
            set_border_title(dialog, self.heading)
            yield RosterSheet()
            yield Line(id="said")
            yield KeyBar()

    def on_mount(self) -> None:
        self.contact(waited_for(self._search), self._done, self._failed)
        self.set_interval(_TURN, self._look)
        self._look()

    def on_unmount(self) -> None:
        self._search.stop.set()

    def why_not(self, action_id: str) -> str | None:
        if action_id == ENOUGH.id and self._search.progress is None:
            return t("generate.nothing_yet")
        return super().why_not(action_id)

    def do_enough(self) -> None:
        """Take the best so far; it comes within a moment."""
        self._enough = True
        self._search.stop.set()
        self._look()

    def _done(self, made: Made) -> None:
        self.dismiss(made)

    def _failed(self, error: Exception) -> None:
        self.dismiss(None)
        self.linli.report(error)

    def _look(self) -> None:
        self._passed += _TURN
        progress = self._search.progress
        passed = self._passed if progress is None else max(self._passed, progress.seconds)
        made = partial(_progress_lines, progress, passed, self._search.wish.seconds, self._enough)
        self.query_one(RosterSheet).made = made
        self.refresh_keys()


def _progress_lines(
    progress: Progress | None,
    passed: float,
    most: int,
    enough: bool,  # noqa: FBT001 - one fact
    cells: int,
) -> Iterator[Content]:
    """Yield how far a search is: its phase in words, how much of the time is gone, the best so far, what cannot be bettered."""
    phase = "reading" if progress is None else progress.phase.value
    yield plain(t(f"generate.phase.{phase}"), "bold")
    full = min(_BAR, round(_BAR * passed / most))
    yield joined(("█" * full, "$primary"), ("░" * (_BAR - full), "$text-muted"), f" {int(passed)} / {most} s")
    if progress is not None and progress.best is not None:
        yield from paragraph(_best_text(progress), cells)
    else:
        yield Content("")
    hint = t("generate.making_hint", key=shown_key(ENOUGH.current_keys[0]))
    yield from paragraph(t("generate.stopping") if enough else hint, cells, "$text-muted")


def _best_text(progress: Progress) -> str:
    """Return the best so far and the bound; spread is told in percent, which is what people can follow."""
    best, bound = progress.best or 0.0, progress.bound
    if bound is not None and best - bound < 1:
        return t(f"generate.best_proven.{progress.phase.value}")
    if progress.phase is Phase.GAPS:
        return t("generate.best.gaps")
    apart = 100 if bound is None or best <= 0 else min(100, round(100 * (best - bound) / best))
    return t(f"generate.best.{progress.phase.value}", n=apart)
