"""The days of a year that are no plain workdays or weekends: what is known of them, and what the compound has set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content

from models.duty.calendar import Calendar, calendar_for
from models.duty.occasions import special_in
from models.duty.queries_setup import OwnDay, own_days
from models.duty.rules import DayKind
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.roles import KEEPERS
from tui import edge
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.duty_words_setup import holiday_word
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.register.fields import day_field
from tui.widgets.deeds import Deeds
from tui.widgets.fields import ChoiceField, Field, TextField
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone, joined

PICK = action("calendar_days.pick", "enter")
SET = action("calendar_days.set", "1", "f5", "insert", footer=False)
BACK = action("calendar_days.put_back", "2", "delete", footer=False)
EARLIER = action("calendar_days.earlier", "3", "pageup", "left", footer=False)
LATER = action("calendar_days.later", "4", "pagedown", "right", footer=False)
_CHANGES: Final = frozenset({PICK.id, SET.id, BACK.id})
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_ENDS: Final = {(EARLIER.id, _FIRST_YEAR), (LATER.id, _LAST_YEAR)}
_MOST_DAYS: Final = 60
_DAY: Final = timedelta(days=1)
_TONES: Final = {
    DayKind.HOLIDAY: ("●", Tone.GOOD),
    DayKind.MAKEUP: ("■", Tone.WARN),
    DayKind.WEEKEND: ("○", Tone.INFO),
    DayKind.WORKDAY: ("□", Tone.PLAIN),
}


@dataclass(frozen=True, slots=True)
class Year:
    """Everything the room shows of a year. `bare` is the calendar as if the compound had set nothing, `gone` what it has put back."""

    year: int
    days: tuple[date, ...]
    calendar: Calendar
    bare: Calendar
    own: Mapping[date, OwnDay]
    gone: Mapping[date, OwnDay]
    today: date
    may: bool

    @property
    def announced(self) -> bool:
        return self.calendar.announced(self.year)


def look(desk: Desk, year: int | None) -> Year:
    """Return a year's days; of this year where none is named, of the next in December."""
    compound_id, today = desk.seat.compound_id, desk.today()
    meant = (today + timedelta(days=31)).year if year is None else year
    first, last = date(meant, 1, 1), date(meant, 12, 31)
    may = desk.may(KEEPERS)
    with desk.store.read() as session:
        own, gone = (
            {one.day: one for one in own_days(session, compound_id, first, last, archived=archived)}
            for archived in (False, True)
        )
    calendar = calendar_for(first, last, [one.special for one in own.values()])
    return Year(
        year=meant,
        days=tuple(sorted({*special_in(calendar, meant), *own})),
        calendar=calendar,
        bare=calendar_for(first, last),
        own=own,
        gone=gone,
        today=today,
        may=may,
    )


class CalendarDays(Changing):
    """One year; ← and → turn to the others."""

    ROOM: ClassVar[str] = "calendar_days"
    AUTO_FOCUS = "#days"
    DEEDS: ClassVar[tuple[Action, ...]] = (SET, BACK, EARLIER, LATER)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    CalendarDays #told { height: auto; margin-bottom: 1; }
    CalendarDays.-short #told { margin-bottom: 0; }
    CalendarDays Deeds { margin-top: 1; }
    CalendarDays.-short Deeds { margin-top: 0; }
    """
    _year: Year | None = None
    _asked: int | None = None

    def body(self) -> ComposeResult:
        yield Line(id="told")
        yield LongList(
            (
                Column(t("duty_setup.day"), 16, priority=9),
                Column(t("duty_setup.what_day"), 18, priority=8),
                Column(t("duty_setup.day_name"), 16, priority=7, grow=True),
                Column(t("duty_setup.from_where"), 22, priority=6, grow=True),
            ),
            empty=t("duty_setup.no_special"),
            id="days",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(look, year=self._asked), self._show, latest="days")

    def _show(self, year: Year) -> None:
        shown = self.query_one(LongList)
        same = bool(shown.count) and self._year is not None and self._year.year == year.year
        self._year, self._asked = year, year.year
        self.query_one("#told", Line).show(_told(year))
        shown.show([_row(year, day) for day in year.days], keep=same)
        if not same:
            # A year is opened where it matters: at the next of its days.
            coming = sum(day < year.today for day in year.days)
            self.call_after_refresh(shown.move_to, min(coming, len(year.days) - 1))
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def year(self) -> Year:
        """What is shown; actions wait until it is read."""
        return known(self._year)

    @property
    def day(self) -> date | None:
        """The day under the highlight."""
        if self._year is None or not self.is_mounted:
            return None
        highlighted = self.query_one(LongList).highlighted
        return None if highlighted is None else date.fromisoformat(highlighted)

    @property
    def heading(self) -> str:
        return super().heading if self._year is None else t("duty_setup.year_heading", year=self._year.year)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("calendar_days.") and self._year is None:
            return t("list.reading")
        if action_id in _CHANGES and not self.year.may:
            return t("duty_setup.keepers_only")
        if action_id == PICK.id and self.day is None:
            return t("duty_setup.set_first", key=shown_key(SET.current_keys[0]))
        if action_id == BACK.id and self.day not in self.year.own:
            return t("duty_setup.not_own")
        if (action_id, self.year.year if self._year else 0) in _ENDS:
            return t("duty_setup.no_more_years")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_earlier(self) -> None:
        self._turn(-1)

    def do_later(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        self._asked = self.year.year + by
        self.reread()

    # Changes

    def do_pick(self) -> None:
        day, year = known(self.day), self.year
        own = year.own.get(day)
        self.fill_in(
            t("duty_setup.day_title", day=_day_text(day)),
            _fields(year.calendar.kind(day), year.calendar.name(day) if own else ""),
            lambda values: _setting(year, [day], *_said(values)),
            lambda _values: t("duty_setup.day_set", day=_day_text(day)),
            draft=f"special_day:{day}",
        )

    def do_set(self) -> None:
        year = self.year

        def refuse(values: Values) -> str | None:
            days = _days(values)
            if not days:
                return t("duty_setup.ends_before")
            return t("duty_setup.too_long", n=_MOST_DAYS) if len(days) > _MOST_DAYS else None

        def plan(values: Values) -> Sequence[Intent]:
            return _setting(year, _days(values), *_said(values))

        def then(_outcome: object) -> None:
            self.reread()

        self.fill_in(
            t("duty_setup.set_title"),
            [
                day_field("first", t("duty_setup.first_day"), None, required=True),
                day_field("last", t("duty_setup.last"), None, hint=t("duty_setup.one_day_hint")),
                *_fields(DayKind.HOLIDAY, ""),
            ],
            plan,
            lambda values: t("duty_setup.day_set", day=values["first"]),
            draft="special_day",
            refuse=refuse,
            then=then,
        )

    def do_put_back(self) -> None:
        own = self.year.own[known(self.day)]
        intent = Intent("special_day.archive", {"special_day": str(own.id)})
        self.change([intent], t("duty_setup.day_put_back", day=_day_text(own.day)))


def _days(values: Values) -> list[date]:
    first, last = values["first"], values["last"]
    if not isinstance(first, date):
        raise TypeError("the form lets nothing else through")
    until = last if isinstance(last, date) else first
    return [first + n * _DAY for n in range((until - first).days + 1)]


def _said(values: Values) -> tuple[DayKind, str]:
    return DayKind(str(values["kind"])), str(values["name"] or "")


def _fields(kind: DayKind, name: str) -> list[Field]:
    return [
        ChoiceField(
            id="kind",
            label=t("duty_setup.is_a"),
            value=kind.value,
            required=True,
            options=tuple((one.value, t(f"duty.day.{one.value}")) for one in DayKind),
        ),
        TextField(id="name", label=t("duty_setup.day_name"), value=holiday_word(name), longest=LONGEST_NAME),
    ]


def _setting(year: Year, days: Sequence[date], kind: DayKind, name: str) -> list[Intent]:
    """Return what sets some days; those that the compound has set before are changed, not set twice."""
    intents = []
    wanted: dict[str, Any] = {"kind": kind.value, "name": name}
    for day in days:
        if (standing := year.own.get(day) or year.gone.get(day)) is None:
            payload = {"id": str(edge.new_id()), "day": day.isoformat(), **wanted}
            intents.append(Intent("special_day.add", payload))
            continue
        if day not in year.own:
            intents.append(Intent("special_day.unarchive", {"special_day": str(standing.id)}))
        stands = {"kind": standing.kind.value, "name": standing.name}
        new = {field: value for field, value in wanted.items() if value != stands[field]}
        if new:
            old = {field: stands[field] for field in new}
            intents.append(
                Intent("special_day.edit", {"special_day": str(standing.id), "old": old, "new": new})
            )
    return intents


# -- words -------------------------------------------------------------------------------


def _told(year: Year) -> Content:
    kinds = [year.calendar.kind(day) for day in year.days]
    counted = t(
        "duty_setup.year_told",
        year=year.year,
        off=sum(year.calendar.in_holiday(day) for day in year.days),
        makeup=kinds.count(DayKind.MAKEUP),
        own=len(year.own),
    )
    if year.announced:
        return joined((counted, "bold"), "\n", (t("duty_setup.announced"), "$text-muted"))
    note = Mark(
        "!", t("duty_setup.not_announced", year=year.year, key=shown_key(SET.current_keys[0])), Tone.WARN
    )
    return joined((counted, "bold"), "\n", note)


def _row(year: Year, day: date) -> RowView:
    own, kind = year.own.get(day), year.calendar.kind(day)
    joined_on = kind is DayKind.WEEKEND and year.calendar.in_holiday(day)
    sign, tone = _TONES[DayKind.HOLIDAY if joined_on else kind]
    word = t("duty_setup.holidays_weekend" if joined_on else f"duty.day.{kind.value}")
    source = Mark("·", t("duty_setup.by_law" if year.announced else "duty_setup.by_law_only"), Tone.MUTED)
    if own is not None:
        source = Mark(
            "◆",
            t("duty_setup.set_here", kind=t(f"duty.day.{year.bare.kind(day).value}")),
            Tone.INFO,
        )
    return RowView(
        day.isoformat(),
        (
            _day_text(day),
            Mark(sign, word, tone),
            holiday_word(year.calendar.name(day)),
            source,
        ),
        muted=day < year.today,
    )


def _day_text(day: date) -> str:
    return f"{day} {t(f'duty.weekday.short.{day.isoweekday()}')}"
