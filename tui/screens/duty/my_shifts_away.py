"""Somebody says when they cannot come, in two keys, or that they pause for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from models.duty.rules import AvailabilityKind
from models.operations.envelope import Intent
from tui import edge
from tui.duty_words import availability_word, day_text
from tui.i18n import t
from tui.screens.changing import Changing
from tui.screens.register.fields import day_field, day_value
from tui.widgets.fields import ChoiceField, Field, TextField, Value
from tui.widgets.picker import Option

_THAT_DAY: Final = "that_day"
_KINDS: Final = (AvailabilityKind.CANNOT, AvailabilityKind.PAUSE)


def offer_away(screen: Changing, person_id: UUID, day: date | None) -> None:
    """Ask how somebody is away; `day` is that of the shift in front, which one more key is enough for."""
    options = [
        Option(kind.value, t(f"my_shifts.away.{kind.value}"), t(f"my_shifts.away.{kind.value}_note"))
        for kind in _KINDS
    ]
    if day is not None:
        title = t("my_shifts.away.that_day", day=day_text(day))
        options.insert(0, Option(_THAT_DAY, title, t("my_shifts.away.that_day_note")))

    def chosen(kind: str) -> None:
        if kind != _THAT_DAY or day is None:
            _ask_days(screen, person_id, AvailabilityKind(kind), day)
            return
        said = t("my_shifts.away_done", kind=availability_word(AvailabilityKind.CANNOT), day=day_text(day))
        screen.change([_saying(person_id, AvailabilityKind.CANNOT, day, day)], said)

    screen.choose(t("my_shifts.away.title"), options, chosen)


def _saying(
    person_id: UUID, kind: AvailabilityKind, first: date, last: date | None, note: str = ""
) -> Intent:
    payload = {
        "id": str(edge.new_id()),
        "person": str(person_id),
        "kind": kind.value,
        "since": first.isoformat(),
        "until": None if last is None else (last + timedelta(days=1)).isoformat(),
        "note": note,
    }
    return Intent("availability.add", payload)


def _ask_days(screen: Changing, person_id: UUID, kind: AvailabilityKind, day: date | None) -> None:
    fields: list[Field] = [
        ChoiceField(
            id="kind",
            label=t("my_shifts.away.kind"),
            value=kind.value,
            required=True,
            options=tuple((one.value, availability_word(one)) for one in _KINDS),
        ),
        day_field("first", t("my_shifts.away.first"), day or screen.linli.today(), required=True),
        day_field("last", t("my_shifts.away.last"), None, hint=t("my_shifts.away.last_hint")),
        TextField(id="note", label=t("my_shifts.away.note"), longest=200),
    ]
    screen.fill_in(
        t("my_shifts.away.title"),
        fields,
        partial(_plan, person_id),
        lambda values: t("my_shifts.away_saved", kind=availability_word(str(values["kind"]))),
        draft=f"away:{person_id}",
        refuse=_refuse,
    )


def _refuse(values: dict[str, Value]) -> str | None:
    first, last = day_value(values["first"]), day_value(values["last"])
    return t("my_shifts.away.order") if first and last and last < first else None


def _plan(person_id: UUID, values: dict[str, Value]) -> Sequence[Intent]:
    first, last = values["first"], values["last"]
    kind = AvailabilityKind(str(values["kind"]))
    if not isinstance(first, date):
        return []
    # A day is one day; only a pause goes on until somebody ends it.
    until = last if isinstance(last, date) else None if kind is AvailabilityKind.PAUSE else first
    return [_saying(person_id, kind, first, until, str(values["note"] or ""))]
