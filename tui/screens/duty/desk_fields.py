"""The forms of the desk: a check-in that was forgotten, somebody who did not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models.duty.queries import OnShift
from models.duty.rules import Absence
from models.operations.envelope import Intent
from tui import edge
from tui.duty_words import shift_name
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.duty.desk_rows import DeskRow
from tui.screens.duty.desk_store import Morning
from tui.screens.duty.times import after, check_clock, clock_of, moment, near, read_clock
from tui.widgets.fields import ChoiceField, Field, PickField, TextField
from tui.widgets.picker import Option

#: So long before a shift somebody may have come for it.
_EARLIEST: Final = timedelta(hours=4)
_LINE: Final = 100
_CLOCK: Final = 12
_PRESENT: Final = "present"


def make_up_fields(row: DeskRow, morning: Morning, people: Sequence[Option]) -> list[Field]:
    """Return what is asked of a check-in that was forgotten: when, why, and who saw it."""
    shift = row.shift
    over = shift is not None and shift.ends_at <= morning.now
    return [
        TextField(
            id="came",
            label=t("duty_desk.field.came"),
            value="" if shift is None else clock_of(shift.starts_at, morning.zone),
            required=True,
            hint=t("duty_desk.field.clock_hint"),
            check=check_clock,
            longest=_CLOCK,
        ),
        TextField(
            id="left",
            label=t("duty_desk.field.left"),
            value=clock_of(shift.ends_at, morning.zone) if shift is not None and over else "",
            hint="" if over else t("duty_desk.field.left_hint"),
            check=check_clock,
            longest=_CLOCK,
        ),
        TextField(id="reason", label=t("duty_desk.field.reason"), required=True, longest=_LINE),
        PickField(id="witness", label=t("duty_desk.field.witness"), options=people),
        TextField(
            id="witness_name",
            label=t("duty_desk.field.witness_name"),
            hint=t("duty_desk.field.witness_hint"),
            longest=_LINE,
        ),
    ]


def _times(values: Values, row: DeskRow, morning: Morning) -> tuple[datetime, datetime | None]:
    """Return when somebody came and went: of a night shift it may be another day."""
    came_minutes = read_clock(str(values["came"])) or 0
    shift = row.shift
    if shift is None:
        came = moment(morning.today, came_minutes, morning.zone)
    else:
        came = near(came_minutes, shift.starts_at, morning.zone)
    left = read_clock(str(values["left"])) if values["left"] else None
    return came, None if left is None else after(left, came, morning.zone)


def wrong_times(values: Values, row: DeskRow, morning: Morning, *, now: datetime) -> str | None:
    """Return what is wrong with a check-in that is made up, looked at as a whole."""
    came, left = _times(values, row, morning)
    if came > now or (left is not None and left > now):
        return t("duty_desk.in_the_future", now=clock_of(now, morning.zone))
    shift = row.shift
    if shift is not None and not shift.starts_at - _EARLIEST <= came <= shift.ends_at:
        return t("duty_desk.not_of_the_shift", shift=shift_name(shift))
    if not values["witness"] and not str(values["witness_name"] or "").strip():
        return t("duty_desk.witness_needed")
    if row.person_id is not None and values["witness"] == str(row.person_id):
        return t("duty_desk.own_witness")
    return None


def made_up(values: Values, row: DeskRow, morning: Morning) -> Intent:
    """Return the check-in that was forgotten."""
    came, left = _times(values, row, morning)
    payload: dict[str, Any] = {
        "id": str(edge.new_id()),
        "reason": values["reason"],
        "witness_name": values["witness_name"],
    }
    if row.shift is not None:
        payload["shift"] = str(row.shift.id)
    elif len(morning.posts) == 1:
        payload["post"] = str(morning.posts[0].id)
    if values["witness"]:
        payload["witness"] = values["witness"]
    if left is not None:
        payload["left_at"] = left.isoformat()
    if row.person_id is None:
        payload["guest"] = row.name[:_LINE]
    else:
        payload["person"] = str(row.person_id)
    return Intent("duty.check_in", payload, happened_at=came)


def absence_fields(who: OnShift) -> list[Field]:
    """Return what is asked of somebody who did not come; what was said of them can be taken back."""
    options = [
        (Absence.NO_SHOW.value, t("duty_desk.no_show")),
        (Absence.EXCUSED.value, t("duty_desk.excused")),
    ]
    if who.absence is not Absence.NONE:
        options.append((_PRESENT, t("duty_desk.present")))
    return [
        ChoiceField(
            id="absence",
            label=t("duty_desk.field.absence"),
            options=tuple(options),
            value=who.absence.value,
            required=True,
        ),
        TextField(
            id="words",
            label=t("duty_desk.field.why"),
            value=who.absence_words,
            hint=t("duty_desk.field.why_hint"),
            longest=_LINE,
        ),
    ]


def lacks_reason(values: Values) -> str | None:
    """Return that who is excused needs a reason."""
    if values["absence"] == Absence.EXCUSED.value and not str(values["words"] or "").strip():
        return t("duty_desk.reason_needed")
    return None


def absent(values: Values, who: OnShift) -> list[Intent]:
    """Return what marks somebody's absence; nothing if that stands already."""
    absence = Absence.NONE if values["absence"] == _PRESENT else Absence(str(values["absence"]))
    words = "" if absence is Absence.NONE else str(values["words"] or "").strip()
    if (absence, words) == (who.absence, who.absence_words):
        return []
    return [marking(who.id, absence, words, before=who.absence, before_words=who.absence_words)]


def marking(place: UUID, absence: Absence, words: str, *, before: Absence, before_words: str) -> Intent:
    """Return the intent that marks an absence."""
    payload = {
        "assignment": str(place),
        "absence": absence.value,
        "words": words,
        "before": before.value,
        "before_words": before_words,
    }
    return Intent("duty.mark_absent", payload)
