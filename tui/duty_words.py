"""Duty in words: shifts, spans of time, weights, needs, presence, who can when, on which days. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from models.duty.queries import ShiftLine
from models.duty.rules import MINUTES_A_DAY, AvailabilityKind, Days, Need, NeedKind, Presence, Weeks
from models.operations.roles import Role
from tui.i18n import has, t
from tui.row_words import listed, role_word

#: A symbol for each way somebody stands to their shift, so that none is told by colour alone.
SIGNS: Final = {
    Presence.COMING: "○",
    Presence.ON_DUTY: "●",
    Presence.SERVED: "✓",
    Presence.MISSING: "!",
    Presence.NO_SHOW: "×",
    Presence.EXCUSED: "−",
}
#: The theme's colour for each.
COLOURS: Final = {
    Presence.COMING: "",
    Presence.ON_DUTY: "$success",
    Presence.SERVED: "",
    Presence.MISSING: "$error",
    Presence.NO_SHOW: "$error",
    Presence.EXCUSED: "$warning",
}
#: What marks a shift that lacks somebody, a draft, and a place that stays whatever is made.
GAP_SIGN: Final = "▲"
DRAFT_SIGN: Final = "◌"
LOCK_SIGN: Final = "■"
_WORKDAYS: Final = [1, 2, 3, 4, 5]
_WHOLE_WEEK: Final = 7
_HUNDRED: Final = 100


class Sayable(Protocol):
    """What somebody says of their time (tables.Availability, or a line of it)."""

    @property
    def kind(self) -> str: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def starts(self) -> int: ...
    @property
    def ends(self) -> int: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


class Titled(Protocol):
    """A shift, or somebody's place on one."""

    @property
    def post(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def day(self) -> date: ...


class Recurring(Protocol):
    """On which days a shift comes again (tables.ShiftTemplate, or a line of it)."""

    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def weeks(self) -> str: ...
    @property
    def month_days(self) -> Sequence[int]: ...
    @property
    def days(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


def day_text(day: date) -> str:
    """Return a day with its weekday: `11-22 周日`."""
    return t("duty.day_text", day=f"{day:%m-%d}", weekday=t(f"duty.weekday.short.{day.isoweekday()}"))


def clock_text(minutes: int) -> str:
    """Return minutes after midnight as a time of day; past midnight it is the next day's, marked so."""
    days, minutes = divmod(minutes, MINUTES_A_DAY)
    said = f"{minutes // 60}:{minutes % 60:02d}"
    return t("duty.next_day", time=said, n=days) if days else said


def span_text(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Return from when until when a shift is: `8:30–11:30`, `22:00–6:00 (+1)`."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    begins = first.hour * 60 + first.minute
    ends = last.hour * 60 + last.minute + (last.date() - first.date()).days * MINUTES_A_DAY
    return f"{clock_text(begins)}–{clock_text(ends)}"


def shift_name(line: Titled) -> str:
    """Return a shift's name with its post's: `服务台 早班`."""
    return f"{line.post} {line.name}".strip()


def shift_title(line: Titled) -> str:
    """Return a shift with its day: `11-22 周日 服务台 早班`."""
    return f"{day_text(line.day)} {shift_name(line)}"


def points_text(points: int) -> str:
    """Return a weight in plain hours, with the fractions it has: `6`, `4.5`, `-3.25`."""
    whole, rest = divmod(abs(points), _HUNDRED)
    fraction = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if points < 0 else ''}{whole}{fraction}"


def presence_word(presence: Presence) -> str:
    return t(f"duty.presence.{presence.value}")


def presence_text(presence: Presence) -> str:
    """Return how somebody stands to their shift, with its symbol."""
    return f"{SIGNS[presence]} {presence_word(presence)}"


def late_text(minutes: int) -> str:
    """Return how late or early somebody came; nothing when it was within a minute."""
    if minutes > 0:
        return t("duty.late", n=minutes)
    return t("duty.early", n=-minutes) if minutes < 0 else ""


def need_word(need: Need, teams: Mapping[str, str] | None = None) -> str:
    """Return a need in words: `at least 1 committee member`. `teams` names teams by their id in hex."""
    if need.kind is NeedKind.ROLE:
        what = role_word(Role(need.value))
    elif need.kind is NeedKind.TEAM:
        what = (teams or {}).get(need.value.replace("-", ""), need.value)
    else:
        what = need.value
    return t(f"duty.need.{need.kind.value}", n=need.n, what=what)


def needs_text(needs: Iterable[Need], teams: Mapping[str, str] | None = None) -> str:
    return listed([need_word(need, teams) for need in needs])


def gap_text(line: ShiftLine) -> str:
    """Return what a shift lacks, in words; nothing when it lacks nothing."""
    parts = [t("duty.gap.hands", n=line.missing)] if line.missing else []
    parts += [t("duty.gap.need", what=need_word(Need(need.kind, need.value, n))) for need, n in line.unmet]
    return listed(parts)


def availability_word(kind: str) -> str:
    key = f"duty.availability.{kind}"
    return t(key) if has(key) else kind


def availability_text(row: Sayable) -> str:
    """Return what somebody says of their time: `不能来：周二 13:00–18:00，12-01 起`."""
    return t("duty.says", kind=availability_word(row.kind), when=said_when(row))


def said_when(row: Sayable) -> str:
    """Return of which time it is said: `周二 13:00–18:00，12-01 起`."""
    when = [weekdays_text(row.weekdays)] if row.weekdays else []
    if (row.starts, row.ends) != (0, MINUTES_A_DAY):
        when.append(
            f"{clock_text(row.starts)}–{'24:00' if row.ends == MINUTES_A_DAY else clock_text(row.ends)}"
        )
    when += [said] if (said := dates_text(row.since, row.until)) else []
    return " ".join(when) or t("duty.always")


def is_barring(kind: str) -> bool:
    """Whether what somebody says keeps them off shifts, whatever else."""
    return kind in {AvailabilityKind.CAN, AvailabilityKind.CANNOT, AvailabilityKind.PAUSE}


def weekdays_text(weekdays: Iterable[int]) -> str:
    """Return weekdays in words; Monday to Friday as a span, none as every day."""
    days = sorted(set(weekdays))
    if not days or len(days) == _WHOLE_WEEK:
        return t("duty.days.all")
    if days == _WORKDAYS:
        return t("duty.monday_to_friday")
    return listed([t(f"duty.weekday.{day}") for day in days])


def dates_text(since: date | None, until: date | None) -> str:
    """Return a span of days in words, its last day named as people do; nothing when it has no ends."""
    if since is not None and until is not None:
        last = date.fromordinal(until.toordinal() - 1)
        one = f"{since:%Y-%m-%d}"
        return one if last == since else t("duty.from_to", first=one, last=f"{last:%Y-%m-%d}")
    if since is not None:
        return t("duty.from", first=f"{since:%Y-%m-%d}")
    if until is not None:
        return t("duty.until", last=f"{date.fromordinal(until.toordinal() - 1):%Y-%m-%d}")
    return ""


def pattern_text(row: Recurring) -> str:
    """Return on which days a shift comes again, in words."""
    parts = []
    if row.days != Days.ALL:
        parts.append(t(f"duty.days.{row.days}") if has(f"duty.days.{row.days}") else row.days)
    if row.weekdays or not (row.month_days or parts):
        parts.append(weekdays_text(row.weekdays))
    if row.weeks != Weeks.ALL:
        parts.append(t(f"duty.weeks.{row.weeks}") if has(f"duty.weeks.{row.weeks}") else row.weeks)
    if row.month_days:
        parts.append(
            t("duty.month_days", days=listed([_month_day(day) for day in sorted(row.month_days, key=_order)]))
        )
    said = dates_text(row.since, row.until)
    return listed(parts + ([said] if said else []))


def _order(day: int) -> int:
    return day if day > 0 else _HUNDRED + day


def _month_day(day: int) -> str:
    if day > 0:
        return t("duty.month_day", n=day)
    return t("duty.month_day.last") if day == -1 else t("duty.month_day.from_end", n=-day)
