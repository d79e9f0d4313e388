"""Duty as tables for a spreadsheet, and hours for a script: the roster, who was on it, who came, hours, balances. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.hours import COUNTS, Hours, Tally, Work
from models.duty.queries import ShiftLine
from models.duty.queries_balances import BalanceLine
from models.duty.queries_export import CameLine
from models.duty.rules import late_minutes
from models.files.tabling import SheetTable
from models.files.writing import Cell
from models.text import mask_name
from tui import duty_words as words
from tui import hours_words
from tui.i18n import t
from tui.paper.duty_roster import SheetDay
from tui.row_words import listed

_PLACES: Final = (
    *(
        "day",
        "weekday",
        "post",
        "shift",
        "starts",
        "ends",
        "minutes",
        "points",
        "person",
        "state",
        "presence",
    ),
    *("came", "left", "late", "made_up"),
)
_CAME: Final = (
    *("day", "post", "shift", "person", "guest", "came", "left", "late", "made_up", "reason", "witness"),
    *("recorder", "words"),
)
_BALANCES: Final = ("person", "settled", "before", "fair", "done", "missed", "owed")
_HUNDRED: Final = 100
_MINUTES: Final = frozenset(work.value for work in Work)


def _name(name: str, *, masked: bool) -> str:
    return mask_name(name) if masked else name


def _headed(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(t(f"duty_out.column.{column}") for column in columns)


def _clock(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def roster_table(
    days: Sequence[SheetDay],
    lines: Sequence[ShiftLine],
    posts: Sequence[tuple[UUID, str]],
    *,
    zone: ZoneInfo,
    masked: bool = False,
) -> SheetTable:
    """Return the roster as it is read: a row for each time at which shifts begin, a column for each post."""
    shown = [(post, name) for post, name in posts if any(line.post_id == post for line in lines)]
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        here = [line for line in lines if line.day == day.day]
        about = (day.day, t(f"duty.weekday.{day.day.isoweekday()}"), day.name)
        for _, group in groupby(here, key=lambda line: line.starts_at):
            at_once = list(group)
            cells = (
                "\n".join(_shift_cell(line, zone, masked=masked) for line in at_once if line.post_id == post)
                for post, _ in shown
            )
            rows.append((*about, *cells))
        if not here:
            rows.append((*about, *("" for _ in shown)))
    header = (*_headed(("day", "weekday", "known_as")), *(name for _, name in shown))
    return SheetTable(header, tuple(rows))


def _shift_cell(line: ShiftLine, zone: ZoneInfo, *, masked: bool) -> str:
    people = [_name(one.name, masked=masked) for one in line.people if not one.leaving]
    told = [listed(people), f"{words.GAP_SIGN}{words.gap_text(line)}" if line.gap else ""]
    draft = f"{words.DRAFT_SIGN} " if line.state == "draft" else ""
    return t(
        "duty_out.cell",
        name=f"{draft}{line.name}",
        span=words.span_text(line.starts_at, line.ends_at, zone),
        people=" ".join(part for part in told if part),
    )


def places_table(lines: Sequence[ShiftLine], *, zone: ZoneInfo, masked: bool = False) -> SheetTable:
    """Return a row for each place: of whom is on a shift, and of what is free of it without a name."""

    def about(line: ShiftLine) -> tuple[Cell, ...]:
        minutes = int((line.ends_at - line.starts_at).total_seconds()) // 60
        return (
            line.day,
            t(f"duty.weekday.{line.day.isoweekday()}"),
            line.post,
            line.name,
            _clock(line.starts_at, zone),
            _clock(line.ends_at, zone),
            minutes,
            Decimal(line.points) / _HUNDRED,
        )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in lines:
            for one in line.people:
                yield (
                    *about(line),
                    _name(one.name, masked=masked),
                    t(f"duty.state.{one.state.value}"),
                    words.presence_word(one.presence),
                    _clock(one.came_at, zone),
                    _clock(one.left_at, zone),
                    None if one.came_at is None else max(0, late_minutes(line.starts_at, one.came_at)),
                    t("form.yes") if one.made_up else "",
                )
            for _ in range(line.missing):
                yield (
                    *about(line),
                    "",
                    t(f"duty.state.{line.state.value}"),
                    t("paper.duty.free"),
                    *(None,) * 4,
                )

    return SheetTable(_headed(_PLACES), tuple(rows()))


def came_table(lines: Sequence[CameLine], *, zone: ZoneInfo, masked: bool = False) -> SheetTable:
    """Return a row for each time somebody came."""
    rows: Iterator[tuple[Cell, ...]] = (
        (
            line.day,
            line.post,
            line.shift,
            _name(hours_words.guest_word(line.name), masked=masked and bool(line.name)),
            t("form.yes") if line.guest else "",
            _clock(line.came_at, zone),
            _clock(line.left_at, zone),
            None if line.late is None else max(0, line.late),
            t("form.yes") if line.made_up else "",
            line.reason if not masked else "",
            _name(line.witness, masked=masked),
            _name(line.recorder, masked=masked),
            line.words if not masked else "",
        )
        for line in lines
    )
    return SheetTable(_headed(_CAME), tuple(rows))


def balances_table(lines: Sequence[BalanceLine], *, masked: bool = False) -> SheetTable:
    """Return what everybody owes, in plain hours; what they owe is carried over + fair share - done + no-shows."""
    rows: Iterator[tuple[Cell, ...]] = (
        (
            _name(line.person, masked=masked),
            "" if line.settled is None else f"{line.settled:%Y-%m}",
            *(Decimal(getattr(line, name)) / _HUNDRED for name in _BALANCES[2:]),
        )
        for line in lines
    )
    return SheetTable(_headed(_BALANCES), tuple(rows))


# -- hours -------------------------------------------------------------------------------


def hours_table(hours: Hours, *, masked: bool = False) -> SheetTable:
    """Return hours as one table: the total, then people, guests, teams and months, each row saying which it is."""
    header = (
        t("hours.of"),
        t("hours.which"),
        t("hours.total"),
        t("hours.minutes"),
        *(
            t("hours.in_minutes", what=t(f"hours.{name}")) if name in _MINUTES else t(f"hours.{name}")
            for name in COUNTS
        ),
    )
    rows = [_hours_row(t("hours.total"), t("hours.span", first=hours.first, last=hours.last), hours.total)]
    rows += [
        _hours_row(t("hours.by_person"), _name(one.name, masked=masked), one.tally) for one in hours.people
    ]
    for one in hours.guests:
        name = _name(hours_words.guest_word(one.name), masked=masked and bool(one.name))
        rows.append(_hours_row(t("duty_out.column.guest"), name, one.tally))
    rows += [
        _hours_row(t("hours.by_team"), hours_words.team_word(one.name), one.tally) for one in hours.teams
    ]
    rows += [
        _hours_row(t("hours.by_month"), hours_words.month_word(one.month), one.tally) for one in hours.months
    ]
    return SheetTable(header, tuple(rows))


def _hours_row(of: str, which: str, tally: Tally) -> tuple[Cell, ...]:
    return (
        of,
        which,
        hours_words.hm_text(tally.minutes),
        tally.minutes,
        *(getattr(tally, name) for name in COUNTS),
    )


def hours_json(hours: Hours, *, masked: bool = False) -> dict[str, Any]:
    """Return hours under keys that stay. `from` and `to` are both counted; `duty`, `walk` and `ticket` are minutes."""
    return {
        "from": hours.first.isoformat(),
        "to": hours.last.isoformat(),
        "total": _numbers(hours.total),
        "people": [
            {"person": _name(one.name, masked=masked), "person_id": str(one.person_id), **_numbers(one.tally)}
            for one in hours.people
        ],
        "guests": [{"guest": _name(one.name, masked=masked), **_numbers(one.tally)} for one in hours.guests],
        "teams": [
            {
                "team": one.name or None,
                "team_id": None if one.team_id is None else str(one.team_id),
                **_numbers(one.tally),
            }
            for one in hours.teams
        ],
        "months": [
            {"month": hours_words.month_word(one.month), **_numbers(one.tally)} for one in hours.months
        ],
        "entries": [
            {
                "day": entry.deed.day.isoformat(),
                "kind": entry.deed.work.value,
                "person_id": None if entry.deed.person_id is None else str(entry.deed.person_id),
                "guest": _name(entry.deed.guest, masked=masked),
                "about": entry.deed.about,
                "helped": entry.deed.helped,
                "minutes": entry.minutes,
            }
            for entry in hours.entries
        ],
    }


def _numbers(tally: Tally) -> Mapping[str, int]:
    return {"minutes": tally.minutes, **{name: getattr(tally, name) for name in COUNTS}}
