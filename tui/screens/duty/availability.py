"""The forms in which somebody says when they can and cannot: typical entries in few keys. From what is typed to intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from models.duty.queries_on_duty import SaidLine, ShareLine
from models.duty.rules import MINUTES_A_DAY, AvailabilityKind
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from tui import edge
from tui.duty_words import availability_word, clock_text
from tui.i18n import t
from tui.screens.duty.posts_forms import weekday_options
from tui.screens.duty.posts_typed import read_span
from tui.screens.form import Values
from tui.screens.register.fields import day_field
from tui.widgets.fields import ChoiceField, Field, NumberField, TextField, TicksField, Value

_DAY: Final = timedelta(days=1)
_NOON, _EVENING = 12 * 60, 18 * 60
#: Parts of a day by name, in minutes after midnight.
PARTS: Final = {
    "all": (0, MINUTES_A_DAY),
    "morning": (0, _NOON),
    "afternoon": (_NOON, _EVENING),
    "evening": (_EVENING, MINUTES_A_DAY),
}
#: What can be said of some hours; a pause has a form of its own.
KINDS: Final = (
    AvailabilityKind.CAN,
    AvailabilityKind.CANNOT,
    AvailabilityKind.RATHER,
    AvailabilityKind.RATHER_NOT,
)


# -- days on end -------------------------------------------------------------------------


def days_fields(first: date, last: date | None, note: str = "", *, open_end: bool) -> list[Field]:
    """Return what is asked of days off or of a pause, which may have no end yet."""
    return [
        day_field("first", t("duty_setup.first_day"), first, required=True),
        day_field(
            "last",
            t("duty_setup.last"),
            last,
            hint=t("duty_setup.until_further" if open_end else "duty_setup.one_day_hint"),
        ),
        TextField(id="note", label=t("duty_setup.why"), value=note, longest=LONGEST_NAME),
    ]


def days_values(values: Values, kind: AvailabilityKind) -> dict[str, Any]:
    """Return what such a form says; without a last day, a pause has none and a day off is one day."""
    first, last = values["first"], values["last"]
    if not isinstance(first, date):
        raise TypeError("the form lets nothing else through")
    if not isinstance(last, date):
        last = None if kind is AvailabilityKind.PAUSE else first
    return {
        "kind": kind.value,
        "weekdays": [],
        "starts": 0,
        "ends": MINUTES_A_DAY,
        "since": first.isoformat(),
        "until": None if last is None else (last + _DAY).isoformat(),
        "note": str(values["note"] or ""),
    }


def ends_before(values: Values, first: str = "first", last: str = "last") -> str | None:
    """Return what is wrong with a span of days that ends before it begins."""
    begins, ends = values[first], values[last]
    wrong = isinstance(begins, date) and isinstance(ends, date) and ends < begins
    return t("duty_setup.ends_before") if wrong else None


# -- hours of the week -------------------------------------------------------------------


def hours_fields(kind: AvailabilityKind, line: SaidLine | None = None) -> list[Field]:
    """Return what is asked of hours: of which days, which part of them, and what is said of it."""
    part, times = ("all", "") if line is None else _part_of(line)
    return [
        ChoiceField(
            id="kind",
            label=t("duty_setup.says_what"),
            value=kind.value if line is None else line.kind,
            required=True,
            options=tuple((one.value, availability_word(one.value)) for one in KINDS),
        ),
        TicksField(
            id="weekdays",
            label=t("duty_setup.weekdays"),
            value="" if line is None else ",".join(str(day) for day in line.weekdays),
            options=weekday_options(),
            hint=t("duty_setup.weekdays_hint"),
        ),
        ChoiceField(
            id="part",
            label=t("duty_setup.part"),
            value=part,
            options=tuple((one, t(f"duty_setup.part.{one}")) for one in PARTS),
        ),
        TextField(
            id="times",
            label=t("duty_setup.times_of_day"),
            value=times,
            hint=t("duty_setup.times_hint"),
            check=_check_span,
        ),
        day_field("since", t("duty_setup.since"), None if line is None else line.since),
        day_field(
            "last",
            t("duty_setup.last"),
            line.until - _DAY if line and line.until else None,
            hint=t("duty_setup.last_hint"),
        ),
        TextField(
            id="note", label=t("duty_setup.why"), value=line.note if line else "", longest=LONGEST_NAME
        ),
    ]


def _part_of(line: SaidLine) -> tuple[str, str]:
    span = (line.starts, line.ends)
    named = next((part for part, times in PARTS.items() if times == span), None)
    ends = "24:00" if line.ends == MINUTES_A_DAY else clock_text(line.ends)
    return (named, "") if named is not None else ("", f"{clock_text(line.starts)}-{ends}")


def _check_span(text: Value) -> str | None:
    return t("duty_setup.times_wrong") if read_span(str(text)) is None else None


def hours_values(values: Values) -> dict[str, Any]:
    """Return what such a form says; times that were typed count before the part of the day."""
    typed = str(values["times"] or "")
    starts, ends = PARTS[str(values["part"] or "all")]
    if typed:
        starts, ends = read_span(typed) or (starts, ends)
    since, last = values["since"], values["last"]
    return {
        "kind": str(values["kind"]),
        "weekdays": [int(day) for day in str(values["weekdays"] or "").split(",") if day],
        "starts": starts,
        "ends": ends,
        "since": since.isoformat() if isinstance(since, date) else None,
        "until": (last + _DAY).isoformat() if isinstance(last, date) else None,
        "note": str(values["note"] or ""),
    }


# -- intents -----------------------------------------------------------------------------


def saying(person_id: UUID, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what keeps what somebody says."""
    return [Intent("availability.add", {"id": str(edge.new_id()), "person": str(person_id), **wanted})]


def rewording(line: SaidLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what changes it, nothing if it stands like that."""
    stands = {
        "kind": line.kind,
        "weekdays": list(line.weekdays),
        "starts": line.starts,
        "ends": line.ends,
        "since": None if line.since is None else line.since.isoformat(),
        "until": None if line.until is None else line.until.isoformat(),
        "note": line.note,
    }
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    old = {name: stands[name] for name in new}
    return (
        [Intent("availability.edit", {"availability": str(line.id), "old": old, "new": new})] if new else []
    )


def ending(line: SaidLine, today: date) -> list[Intent]:
    """Return what ends it today; what has not begun, or began today, is put away, for it never held a day."""
    if line.since is None or line.since >= today:
        return [Intent("availability.archive", {"availability": str(line.id)})]
    return rewording(line, {"until": today.isoformat()})


# -- shares ------------------------------------------------------------------------------


def share_fields(share: ShareLine | None) -> list[Field]:
    """Return what is asked of somebody's share."""
    return [
        NumberField(
            id="share",
            label=t("duty_setup.share"),
            value=str(100 if share is None else share.share),
            required=True,
            minimum=0,
            maximum=500,
            unit="%",
            hint=t("duty_setup.share_hint"),
        ),
        _most("most_per_week", share.most_per_week if share else None, 50),
        _most("most_per_month", share.most_per_month if share else None, 200),
    ]


def _most(name: str, value: int | None, most: int) -> Field:
    return NumberField(
        id=name,
        label=t(f"field.{name}"),
        value="" if value is None else str(value),
        minimum=0,
        maximum=most,
        hint=t("duty_setup.as_for_all"),
    )


def sharing(person_id: UUID, share: ShareLine | None, values: Values) -> Sequence[Intent]:
    """Return what sets somebody's share; one that was put away comes back as it is wanted now."""
    wanted = {name: values[name] for name in ("share", "most_per_week", "most_per_month")}
    if share is None:
        return [Intent("duty_share.add", {"id": str(edge.new_id()), "person": str(person_id), **wanted})]
    stands = {
        "share": share.share,
        "most_per_week": share.most_per_week,
        "most_per_month": share.most_per_month,
    }
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    old = {name: stands[name] for name in new}
    back = [Intent("duty_share.unarchive", {"duty_share": str(share.id)})] if share.archived else []
    edit = [Intent("duty_share.edit", {"duty_share": str(share.id), "old": old, "new": new})] if new else []
    return [*back, *edit]
