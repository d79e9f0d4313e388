"""What holds for all duty: how much a night or a holiday counts, how long people rest, when somebody is missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from textual.app import ComposeResult

from models.duty.calendar import Calendar
from models.duty.queries import ruling_of
from models.duty.queries_calendar import calendar_around
from models.duty.rules import MINUTES_A_DAY, NIGHT, DayKind, Ruling
from models.duty.weighing import points
from models.operations.envelope import Intent
from models.operations.roles import LEADERS
from tui.actions import Action, action
from tui.desk import Desk
from tui.duty_words import day_text, points_text, span_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.changing import Changing
from tui.screens.duty.posts_forms import PreviewForm
from tui.widgets.deeds import Deeds
from tui.widgets.fields import Field, NumberField, read
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone

PICK = action("duty_rules.pick", "enter")
EDIT = action("duty_rules.edit", "1", footer=False)
BACK = action("duty_rules.put_back", "2", "delete", footer=False)
_AHEAD: Final = 800
_MORNING: Final = (8 * 60 + 30, 11 * 60 + 30)
_HOUR: Final = 60
#: Rules in their order: the most that a payload takes, and how many of the unit kept are one of the unit shown.
_RULES: Final[Mapping[str, tuple[int, int]]] = {
    "night": (1_000, 1),
    "weekend": (1_000, 1),
    "holiday": (1_000, 1),
    "festival": (1_000, 1),
    "rest_minutes": (7 * 24, _HOUR),
    "most_per_week": (50, 1),
    "grace_minutes": (12 * 60, 1),
    "no_show": (1_000, 1),
}
_FACTORS: Final = ("night", "weekend", "holiday", "festival")


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the room shows. `examples` are spans of time in the days ahead, each for the factor it shows."""

    ruling: Ruling
    examples: Mapping[str, tuple[datetime, datetime]]
    calendar: Calendar
    zone: ZoneInfo
    may: bool

    def example(self, name: str, ruling: Ruling) -> str:
        """Return what a shift would count by a ruling: `11-28 周六 8:30–11:30，3 小时 = 3.75 分`."""
        span = self.examples.get(name)
        if span is None:
            return ""
        minutes = int((span[1] - span[0]) / timedelta(minutes=1))
        return t(
            "duty_setup.example",
            day=day_text(span[0].date()),
            times=span_text(*span, self.zone),
            hours=points_text(minutes * 100 // _HOUR),
            points=points_text(points(*span, self.calendar, ruling, self.zone)),
        )


def look(desk: Desk) -> Rules:
    """Return what is set, and days in the year ahead by which it can be told."""
    compound_id, today, zone = desk.seat.compound_id, desk.today(), ZoneInfo(desk.seat.zone)
    may = desk.may(LEADERS)
    last = today + timedelta(days=_AHEAD)
    with desk.store.read() as session:
        ruling = ruling_of(session, compound_id)
        calendar = calendar_around(session, compound_id, today, last)
    return Rules(ruling, _examples(calendar, today, zone), calendar, zone, may)


def _examples(calendar: Calendar, today: date, zone: ZoneInfo) -> dict[str, tuple[datetime, datetime]]:
    found: dict[str, tuple[datetime, datetime]] = {}
    for n in range(1, _AHEAD):
        day = today + timedelta(days=n)
        kind = calendar.kind(day)
        quiet = kind is DayKind.WORKDAY and calendar.kind(day + timedelta(days=1)) is DayKind.WORKDAY
        if quiet:
            found.setdefault("night", _span(day, NIGHT[0], MINUTES_A_DAY + NIGHT[1], zone))
        elif calendar.festival(day):
            found.setdefault("festival", _span(day, *_MORNING, zone))
        elif kind is DayKind.HOLIDAY:
            found.setdefault("holiday", _span(day, *_MORNING, zone))
        elif kind is DayKind.WEEKEND:
            found.setdefault("weekend", _span(day, *_MORNING, zone))
        if len(found) == len(_FACTORS):
            break
    return found


def _span(day: date, starts: int, ends: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends)


class DutyRules(Changing):
    """The rules, one to a line, each with what comes of it."""

    ROOM: ClassVar[str] = "duty_rules"
    AUTO_FOCUS = "#rules"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, BACK)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    DutyRules #told { height: auto; margin-bottom: 1; }
    DutyRules Deeds { margin-top: 1; }
    """
    _rules: Rules | None = None

    def body(self) -> ComposeResult:
        yield Line(t("duty_setup.points_told"), id="told")
        yield LongList(
            (
                Column(t("duty_setup.rule"), 18, priority=9),
                Column(t("duty_setup.rule_is"), 10, priority=9),
                Column(t("duty_setup.rule_means"), 30, priority=8, grow=True),
                Column(t("duty_setup.from_where"), 10, priority=5),
            ),
            id="rules",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(look, self._show, latest="rules")

    def _show(self, rules: Rules) -> None:
        self._rules = rules
        self.query_one(LongList).show([_row(rules, name) for name in _RULES], keep=True)
        self.refresh_frame()

    @property
    def rules(self) -> Rules:
        """What is shown; actions wait until it is read."""
        return known(self._rules)

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("duty_rules."):
            if self._rules is None:
                return t("list.reading")
            if not self.rules.may:
                return t("duty_setup.leaders_only")
            if action_id == BACK.id and self.rules.ruling == Ruling():
                return t("duty_setup.as_built_in")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        self.do_edit()

    def do_edit(self) -> None:
        rules = self.rules
        asked = [_field(rules, name) for name in _RULES]

        def preview(texts: Mapping[str, str]) -> str:
            values = {one.id: read(one, texts.get(one.id, ""))[0] for one in asked}
            if not all(isinstance(values[name], int) for name in _FACTORS):
                return ""
            ruling = _ruling(
                {**_shown(rules.ruling), **{name: values[name] for name in _FACTORS}}, rules.ruling
            )
            return listed([_short(rules, name, ruling) for name in _FACTORS if name in rules.examples])

        form = PreviewForm(
            t("duty_setup.rules_title"),
            asked,
            lambda values: _setting(rules.ruling, _ruling(values, rules.ruling)),
            preview,
            draft_name="duty_ruling",
        )
        self.show_form(form, lambda _values: t("duty_setup.rules_set"))

    def do_put_back(self) -> None:
        self.change(_setting(self.rules.ruling, Ruling()), t("duty_setup.rules_put_back"))


def _short(rules: Rules, name: str, ruling: Ruling) -> str:
    """Return what an example of a factor counts, in a few words: `夜间 8 小时 = 12`."""
    starts_at, ends_at = rules.examples[name]
    hours = points_text(int((ends_at - starts_at) / timedelta(minutes=1)) * 100 // _HOUR)
    weight = points_text(points(starts_at, ends_at, rules.calendar, ruling, rules.zone))
    return t("duty_setup.example_short", what=t(f"duty_setup.short.{name}"), hours=hours, points=weight)


def _shown(ruling: Ruling) -> dict[str, int]:
    """Return a ruling in the units that are shown."""
    return {name: getattr(ruling, name) // unit for name, (_, unit) in _RULES.items()}


def _ruling(values: Mapping[str, object], stands: Ruling) -> Ruling:
    """Return a ruling from the units that are shown; what is shown as it stood is kept to the minute."""
    shown, given = _shown(stands), {name: int(str(values[name])) for name in _RULES}
    return replace(
        stands,
        **{name: given[name] * unit for name, (_, unit) in _RULES.items() if given[name] != shown[name]},
    )


def _setting(stands: Ruling, wanted: Ruling) -> Sequence[Intent]:
    """Return what sets the rules, nothing if they stand like that."""
    if wanted == stands:
        return []
    return [Intent("duty.rule", {**asdict(wanted), "before": asdict(stands)})]


def _field(rules: Rules, name: str) -> Field:
    most, _ = _RULES[name]
    return NumberField(
        id=name,
        label=t(f"duty_setup.rule.{name}"),
        value=str(_shown(rules.ruling)[name]),
        required=True,
        minimum=0,
        maximum=most,
        unit=t(f"duty_setup.unit.{name}"),
        hint="" if name in _FACTORS else t(f"duty_setup.means.{name}"),
    )


def _row(rules: Rules, name: str) -> RowView:
    shown, built_in = _shown(rules.ruling)[name], _shown(Ruling())[name]
    value = t("duty_setup.no_limit")
    if name != "most_per_week" or shown:
        value = f"{shown} {t(f'duty_setup.unit.{name}')}"
    means = rules.example(name, rules.ruling) if name in _FACTORS else t(f"duty_setup.means.{name}")
    origin = (
        Mark("·", t("duty_setup.built_in"), Tone.MUTED)
        if shown == built_in
        else Mark("◆", t("duty_setup.is_changed"), Tone.INFO)
    )
    return RowView(name, (t(f"duty_setup.rule.{name}"), value, means, origin))
