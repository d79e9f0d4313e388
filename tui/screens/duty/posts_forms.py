"""The forms of posts and templates: their fields, from what was typed to what an operation carries, and a look ahead while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from models.duty.needs import needs_of, spell_need
from models.duty.patterns import template_problems
from models.duty.queries_setup import PostLine, TemplateLine
from models.duty.rules import MINUTES_A_DAY, MOST_HANDS, Days, Need, NeedKind, Pattern, Template, Weeks
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from models.operations.roles import Role
from tui.duty_words import clock_text
from tui.duty_words_setup import days_text, ends_text, month_days_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.posts_store import Setup
from tui.screens.duty.posts_typed import read_length, read_month_days
from tui.screens.duty.times import read_clock
from tui.screens.filling import SavingForm
from tui.screens.form import Values
from tui.screens.register.fields import note_from_line, note_to_line, skills_of
from tui.widgets.fields import (
    NO,
    YES,
    ChoiceField,
    DateField,
    Field,
    NumberField,
    PickField,
    TextField,
    TicksField,
    Value,
    YesNoField,
    read,
)
from tui.widgets.picker import Option
from tui.words import problem_text

_DAY: Final = timedelta(days=1)
#: So many days are named beneath a form.
_NAMED: Final = 4
_NOBODY: Final = UUID(int=0)


class PreviewForm(SavingForm):
    """A form that tells while one types what would come of it: `preview` gets the texts by field id."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        plan: Callable[[Values], Sequence[Intent]],
        preview: Callable[[Mapping[str, str]], str],
        *,
        draft_name: str,
        refuse: Callable[[Values], str | None] | None = None,
    ) -> None:
        super().__init__(title, fields, plan, draft_name=draft_name, refuse=refuse)
        self._preview = preview
        self._told: dict[str, str] | None = None

    def _keep(self, texts: dict[str, str]) -> None:
        super()._keep(texts)
        # Inputs tell of their first texts as well: that a draft was brought back stays to be read until a key.
        if texts != self._told and not (self._restored and self._told is None):
            self.flash(self._preview(texts))
        self._told = dict(texts)


# -- posts -------------------------------------------------------------------------------


def post_fields(setup: Setup, post: PostLine | None = None) -> list[Field]:
    return [
        TextField(
            id="name",
            label=t("duty_setup.post_name"),
            value=post.name if post else "",
            required=True,
            longest=LONGEST_NAME,
            hint=t("duty_setup.post_name_hint"),
        ),
        TextField(
            id="place", label=t("duty_setup.place"), value=post.place if post else "", longest=LONGEST_NAME
        ),
        pool_field(setup.teams, None if post is None else post.team_id, t("duty_setup.everybody")),
        TextField(
            id="keys",
            label=t("duty_setup.keys"),
            value=post.keys if post else "",
            longest=LONGEST_NAME,
            hint=t("duty_setup.keys_hint"),
        ),
        YesNoField(
            id="counts_cash",
            label=t("duty_setup.cash"),
            value=YES if post and post.counts_cash else NO,
            hint=t("duty_setup.cash_hint"),
        ),
        TextField(
            id="note",
            label=t("duty_setup.note"),
            value=note_to_line(post.note) if post else "",
            longest=LONGEST_NOTE,
        ),
    ]


def post_values(values: Values) -> dict[str, Any]:
    return {
        "name": str(values["name"]),
        "place": str(values["place"] or ""),
        "team_id": _team(values["team"]),
        "keys": str(values["keys"] or ""),
        "counts_cash": values["counts_cash"] is True,
        "note": note_from_line(values["note"]),
    }


def pool_field(teams: Mapping[UUID, str], team_id: UUID | None, none: str) -> Field:
    """Ask whose turn it is; without teams there is nothing to choose, and the hint says where they are made."""
    options = [Option(str(one), name) for one, name in sorted(teams.items(), key=lambda pair: pair[1])]
    return PickField(
        id="team",
        label=t("duty_setup.pool"),
        value="" if team_id is None else str(team_id),
        options=(Option("", none), *options),
        hint="" if teams else t("duty_setup.no_pools"),
    )


# -- templates ---------------------------------------------------------------------------


def template_fields(setup: Setup, line: TemplateLine | None = None) -> list[Field]:
    committee, skills = _asked(line)
    return [
        TextField(
            id="name",
            label=t("duty_setup.shift_name"),
            value=line.name if line else "",
            required=True,
            longest=LONGEST_NAME,
            hint=t("duty_setup.shift_name_hint"),
        ),
        TextField(
            id="starts",
            label=t("duty_setup.starts"),
            value=clock_text(line.starts) if line else "",
            required=True,
            hint=t("duty_setup.starts_hint"),
            check=_check_clock,
        ),
        TextField(
            id="ends",
            label=t("duty_setup.ends"),
            value=ends_text(line.starts, line.minutes) if line else "",
            required=True,
            hint=t("duty_setup.ends_hint"),
            check=_check_length,
        ),
        _number("hands", t("duty_setup.hands"), line.hands if line else 2, least=1),
        TicksField(
            id="weekdays",
            label=t("duty_setup.weekdays"),
            value=",".join(str(day) for day in line.weekdays) if line else "",
            options=weekday_options(),
            hint=t("duty_setup.weekdays_hint"),
        ),
        ChoiceField(
            id="weeks",
            label=t("duty_setup.weeks"),
            value=(line.rules.pattern.weeks if line else Weeks.ALL).value,
            options=tuple((weeks.value, t(f"duty.weeks.{weeks.value}")) for weeks in Weeks),
        ),
        ChoiceField(
            id="days",
            label=t("duty_setup.days"),
            value=(line.rules.pattern.days if line else Days.ALL).value,
            options=tuple((days.value, t(f"duty.days.{days.value}")) for days in Days),
            hint=t("duty_setup.days_hint"),
        ),
        TextField(
            id="month_days",
            label=t("duty_setup.month_days"),
            value=month_days_text(line.month_days) if line else "",
            hint=t("duty_setup.month_days_hint"),
            check=_check_month_days,
            longest=200,
        ),
        _number("committee", t("duty_setup.committee"), committee, least=0),
        TextField(
            id="skills",
            label=t("duty_setup.skills"),
            value=listed(skills),
            hint=t("duty_setup.skills_hint"),
            longest=LONGEST_NAME,
        ),
        pool_field(setup.teams, None if line is None else line.team_id, t("duty_setup.as_the_post")),
        DateField(
            id="since",
            label=t("duty_setup.since"),
            value=line.since.isoformat() if line and line.since else "",
        ),
        DateField(
            id="last",
            label=t("duty_setup.last"),
            value=(line.until - _DAY).isoformat() if line and line.until else "",
            hint=t("duty_setup.last_hint"),
        ),
    ]


def weekday_options() -> tuple[tuple[str, str], ...]:
    return tuple((str(day), t(f"duty.weekday.short.{day}")) for day in range(1, 8))


def _number(name: str, label: str, value: int, *, least: int) -> Field:
    return NumberField(
        id=name, label=label, value=str(value), required=True, minimum=least, maximum=MOST_HANDS
    )


def _asked(line: TemplateLine | None) -> tuple[int, list[str]]:
    """Return what a template asks of its hands that the form has fields for: committee members, skills."""
    needs = needs_of(line.needs) if line else ()
    committee = max((need.n for need in needs if _is_committee(need)), default=0)
    skills = [
        f"{need.value} {need.n}" if need.n > 1 else need.value
        for need in needs
        if need.kind is NeedKind.SKILL
    ]
    return committee, skills


def _is_committee(need: Need) -> bool:
    return need.kind is NeedKind.ROLE and need.value == Role.COMMITTEE


def _check_clock(text: Value) -> str | None:
    found = read_clock(str(text))
    return t("duty_setup.clock_wrong") if found is None or found >= MINUTES_A_DAY else None


def _check_length(text: Value) -> str | None:
    # Whichever time it begins at, a time of day is one, and a length is one.
    return t("duty_setup.ends_wrong") if read_length(str(text), 0) is None else None


def _check_month_days(text: Value) -> str | None:
    return t("duty_setup.month_days_wrong") if read_month_days(str(text)) is None else None


def template_values(values: Values, line: TemplateLine | None) -> dict[str, Any]:
    """Return what a form's values say; needs that it has no field for stay as they are."""
    starts = read_clock(str(values["starts"])) or 0
    last = values["last"]
    kept = [need for need in (line.needs if line else ()) if not _has_field(need)]
    committee = int(str(values["committee"] or 0))
    needs = [Need(NeedKind.ROLE, Role.COMMITTEE.value, committee)] if committee else []
    needs += [_skill(word) for word in skills_of(str(values["skills"] or ""))]
    return {
        "name": str(values["name"]),
        "starts": starts,
        "minutes": read_length(str(values["ends"]), starts) or 0,
        "hands": int(str(values["hands"] or 1)),
        "needs": [*(spell_need(need) for need in needs), *kept],
        "weekdays": [int(day) for day in str(values["weekdays"] or "").split(",") if day],
        "weeks": str(values["weeks"] or Weeks.ALL.value),
        "month_days": read_month_days(str(values["month_days"] or "")) or [],
        "days": str(values["days"] or Days.ALL.value),
        "team_id": _team(values["team"]),
        "since": _iso(values["since"]),
        "until": _iso(last + _DAY if isinstance(last, date) else None),
    }


def _has_field(spelled: str) -> bool:
    return any(need.kind is NeedKind.SKILL or _is_committee(need) for need in needs_of([spelled]))


def _skill(word: str) -> Need:
    """Read a skill as typed: `电工`, or `电工 2` for two who have it."""
    value, _, number = word.rpartition(" ")
    if value and number.isascii() and number.isdecimal() and 1 <= int(number[:3]) <= MOST_HANDS:
        return Need(NeedKind.SKILL, value.strip(), int(number[:3]))
    return Need(NeedKind.SKILL, word)


def _team(value: Value) -> str | None:
    return str(UUID(str(value))) if value else None


def _iso(value: Value) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


# -- what comes of it --------------------------------------------------------------------


def pattern_of(wanted: Mapping[str, Any]) -> Pattern:
    """Return on which days a shift would be held as the form stands."""
    since, until = wanted["since"], wanted["until"]
    return Pattern(
        weekdays=frozenset(wanted["weekdays"]),
        weeks=Weeks(wanted["weeks"]),
        month_days=frozenset(wanted["month_days"]),
        days=Days(wanted["days"]),
        since=None if since is None else date.fromisoformat(since),
        until=None if until is None else date.fromisoformat(until),
    )


def refusal_of(setup: Setup, wanted: Mapping[str, Any]) -> str | None:
    """Return why a template as the form has it could never be held or filled."""
    template = Template(
        id=_NOBODY,
        post_id=_NOBODY,
        name=wanted["name"],
        starts=wanted["starts"],
        minutes=wanted["minutes"],
        hands=wanted["hands"],
        needs=needs_of(wanted["needs"]),
        pattern=pattern_of(wanted),
    )
    found = template_problems(template, setup.calendar)
    return problem_text(found[0]) if found else None


def look_ahead(setup: Setup, fields: Sequence[Field], line: TemplateLine | None) -> Callable[..., str]:
    """Return what tells, from half-typed texts, on which of the coming days a shift would be held."""

    def preview(texts: Mapping[str, str]) -> str:
        values = {made.id: read(made, texts.get(made.id, "")) for made in fields}
        if any(wrong for name, (_, wrong) in values.items() if name in {"month_days", "since", "last"}):
            return ""
        wanted = template_values({name: value for name, (value, _) in values.items()}, line)
        held = {day: one.held for day, one in setup.said(line.id).items()} if line else {}
        days = setup.falls(pattern_of(wanted), setup.today, setup.until, held)
        return ahead_text(days)

    return preview


def ahead_text(days: Sequence[date], most: int = _NAMED) -> str:
    """Return on how many of the coming days a shift is held, and the first of them."""
    if not days:
        return t("duty_setup.ahead_none")
    return t("duty_setup.ahead", n=len(days), days=days_text(days, most))
