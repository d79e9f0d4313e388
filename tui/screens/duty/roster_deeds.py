"""What is done to a shift and to somebody on it: on and off, locked, changed, called off, absent; each can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from models.duty.calendar import Calendar, calendar_for
from models.duty.queries import OnShift, ShiftLine, ruling_of
from models.duty.queries_setup import PostLine, own_days, posts
from models.duty.rules import MOST_HANDS, Absence, Ruling, ShiftState
from models.duty.weighing import points
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from tui import edge
from tui.actions import action
from tui.desk import Desk
from tui.duty_words import shift_title
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.duty.roster_store import Looked
from tui.screens.duty.times import after, check_clock, clock_of, moment, read_clock
from tui.screens.form import FormDialog
from tui.screens.points.base import NetworkBase
from tui.widgets.fields import ChoiceField, Field, NumberField, PickField, TextField
from tui.widgets.picker import Option

PUT = action("roster_day.put", "1", footer=False)
OFF = action("roster_day.off", "2", "delete", footer=False)
LOCK = action("roster_day.lock", "3", footer=False)
EDIT = action("roster_day.edit", "4", footer=False)
CANCEL = action("roster_day.cancel", "5", footer=False)
ABSENT = action("roster_day.absent", "6", footer=False)
ADD = action("roster_day.add", "7", "f2", "insert", footer=False)
WHY = action("roster_day.why", "8", footer=False)
TAKE = action("roster_day.take", "9", footer=False)
DEEDS: Final = (PUT, OFF, LOCK, EDIT, CANCEL, ABSENT, ADD, WHY, TAKE)
_LEADING: Final = frozenset(one.id for one in (PUT, OFF, LOCK, EDIT, CANCEL, ADD))
_OF_PERSON: Final = frozenset(one.id for one in (OFF, LOCK, ABSENT))
_OF_SHIFT: Final = frozenset(one.id for one in (PUT, EDIT, CANCEL, WHY, TAKE))
_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Weights:
    """By what a shift of some days is weighed."""

    calendar: Calendar
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class ForShifts:
    """What a form of a shift needs besides the shift."""

    weights: Weights
    posts: tuple[PostLine, ...]


class ShiftDeeds(NetworkBase):
    """A screen with a shift, and perhaps somebody on it, in front."""

    @property
    def looked(self) -> Looked:
        raise NotImplementedError

    @property
    def line(self) -> ShiftLine | None:
        """The shift in front."""
        raise NotImplementedError

    @property
    def person(self) -> OnShift | None:
        """Somebody on it who is in front."""
        raise NotImplementedError

    def why_not_deed(self, action_id: str) -> str | None:
        """Return why a deed cannot be done with what is in front."""
        line, person, looked = self.line, self.person, self.looked
        if action_id in _LEADING and not looked.leads:
            return t("roster.leaders_only")
        if action_id in _OF_SHIFT | _OF_PERSON and line is None:
            return t("roster_day.no_shift")
        if action_id in _OF_PERSON and person is None:
            return t("roster_day.nobody")
        return None if line is None else self._why_not_shift(action_id, line)

    def _why_not_shift(self, action_id: str, line: ShiftLine) -> str | None:
        begun = line.starts_at <= self.looked.now
        if line.called_off and action_id not in {CANCEL.id, ADD.id}:
            return t("roster_day.called_off")
        if action_id == PUT.id and not line.missing:
            return t("roster_day.full_first")
        if action_id == WHY.id and begun:
            return t("roster_day.begun")
        if action_id == ABSENT.id and not begun:
            return t("roster_day.not_begun")
        return self._why_not_take(line) if action_id == TAKE.id else None

    def _why_not_take(self, line: ShiftLine) -> str | None:
        if line.state is ShiftState.DRAFT:
            return t("roster_day.draft_only")
        if self.looked.me is None:
            return t("roster_day.who_are_you")
        if any(one.person_id == self.looked.me for one in line.people):
            return t("roster_day.on_it")
        return None if line.missing else t("roster_day.full")

    # People

    def do_put(self) -> None:
        from tui.screens.duty.roster_candidates import offer_candidates

        line = self.line
        if line is not None:
            offer_candidates(self, line, partial(self._put, line))

    def _put(self, line: ShiftLine, person_id: UUID, name: str) -> None:
        payload = {"id": str(edge.new_id()), "shift": str(line.id), "person": str(person_id)}
        said = t("roster_day.put_on", person=name, shift=shift_title(line))
        self.change([Intent("duty.assign", payload)], said)

    def do_off(self) -> None:
        line, person = self.line, self.person
        if line is not None and person is not None:
            said = t("roster_day.taken_off", person=person.name, shift=shift_title(line))
            self.change([Intent("duty.unassign", {"assignment": str(person.id)})], said)

    def do_lock(self) -> None:
        person = self.person
        if person is not None:
            key = "roster_day.unlocked" if person.locked else "roster_day.locked"
            payload = {"assignment": str(person.id), "locked": not person.locked}
            self.change([Intent("duty.lock", payload)], t(key, person=person.name))

    def do_take(self) -> None:
        line = self.line
        if line is not None:
            payload = {"id": str(edge.new_id()), "shift": str(line.id)}
            self.change([Intent("duty.take", payload)], t("roster_day.took", shift=shift_title(line)))

    def do_absent(self) -> None:
        person = self.person
        if person is None:
            return
        options = [
            Option(
                one.value,
                t(f"duty.absence.{one.value or 'none'}"),
                t(f"roster_day.absence.{one.value or 'none'}"),
            )
            for one in (Absence.NO_SHOW, Absence.EXCUSED, Absence.NONE)
            if one is not person.absence
        ]
        # An option without an id could not be told from none.
        named = [Option(one.id or "none", one.text, one.note) for one in options]
        self.choose(t("roster_day.absent_title", person=person.name), named, partial(self._absent, person))

    def _absent(self, person: OnShift, chosen: str) -> None:
        absence = Absence.NONE if chosen == "none" else Absence(chosen)
        said = t("roster_day.absence_noted", person=person.name, word=t(f"duty.absence.{chosen}"))

        def note(words: str) -> None:
            payload = {
                "assignment": str(person.id),
                "absence": absence.value,
                "words": words,
                "before": person.absence.value,
                "before_words": person.absence_words,
            }
            self.change([Intent("duty.mark_absent", payload)], said)

        if absence is Absence.EXCUSED:
            self._ask_words(t("roster_day.excused_title", person=person.name), note)
        else:
            note("")

    def _ask_words(self, title: str, then: Any) -> None:
        field = TextField(id="words", label=t("roster_day.reason"), longest=_REASON)
        self._show_modal(
            FormDialog(title, [field], save=t("roster_day.note")),
            lambda values: then(str(values["words"] or "")),
        )

    # Shifts

    def do_cancel(self) -> None:
        line = self.line
        if line is None:
            return
        if line.called_off:
            said = t("roster_day.restored", shift=shift_title(line))
            self.change([Intent("shift.restore", {"shift": str(line.id)})], said)
            return

        def off(words: str) -> None:
            said = t("roster_day.cancelled", shift=shift_title(line))
            self.change([Intent("shift.cancel", {"shift": str(line.id), "words": words})], said)

        self._ask_words(t("roster_day.cancel_title", shift=shift_title(line)), off)

    def do_edit(self) -> None:
        line = self.line
        if line is not None:
            self.ask(partial(for_shifts, looked=self.looked), partial(self._edit, line))

    def _edit(self, line: ShiftLine, given: ForShifts) -> None:
        zone = self.looked.zone

        def plan(values: Values) -> Sequence[Intent]:
            stands = _spelt(line)
            wanted = _wanted(values, line.day, given.weights, self.looked)
            new = {name: value for name, value in wanted.items() if value != stands[name]}
            old = {name: stands[name] for name in new}
            return [Intent("shift.edit", {"shift": str(line.id), "old": old, "new": new})] if new else []

        fields = _time_fields(
            clock_of(line.starts_at, zone), clock_of(line.ends_at, zone), line.hands, line.note
        )
        title = t("roster_day.edit_title", shift=shift_title(line))
        said = t("roster_day.edited", shift=shift_title(line))
        self.fill_in(title, fields, plan, lambda _: said, draft=f"shift:{line.id}")

    def do_add(self) -> None:
        self.ask(partial(for_shifts, looked=self.looked), self._add)

    def _add(self, given: ForShifts) -> None:
        from tui.widgets.text import Tone

        if not given.posts:
            self.flash(t("roster_day.no_posts"), Tone.WARN)
            return
        day, line = self.looked.days[0], self.line
        by_id = {str(post.id): post for post in given.posts}

        def plan(values: Values) -> Sequence[Intent]:
            wanted = _wanted(values, day, given.weights, self.looked)
            payload = wanted | {
                "id": str(edge.new_id()),
                "post": str(values["post"]),
                "name": str(values["name"] or ""),
                "day": day.isoformat(),
                "published": values["state"] == ShiftState.PUBLISHED.value,
            }
            team = by_id[str(values["post"])].team_id
            return [Intent("shift.add", payload | ({"team_id": str(team)} if team is not None else {}))]

        near = line.post_id if line is not None else given.posts[0].id
        fields: list[Field] = [
            PickField(
                id="post",
                label=t("roster_day.post"),
                value=str(near) if str(near) in by_id else str(given.posts[0].id),
                required=True,
                options=[Option(str(post.id), post.name, post.place) for post in given.posts],
            ),
            TextField(
                id="name", label=t("roster_day.name"), longest=LONGEST_NAME, hint=t("roster_day.name_hint")
            ),
            *_time_fields("", "", 1, ""),
            ChoiceField(
                id="state",
                label=t("roster_day.state"),
                value=ShiftState.DRAFT.value,
                options=tuple((one.value, t(f"roster_day.state.{one.value}")) for one in ShiftState),
            ),
        ]
        title = t("roster_day.add_title", day=f"{day:%Y-%m-%d}")
        self.fill_in(title, fields, plan, lambda _: t("roster_day.added"), draft=f"shift:{day}")


def for_shifts(desk: Desk, looked: Looked) -> ForShifts:
    """Read what a form of a shift on some days needs."""
    compound_id, (first, *_), last = desk.seat.compound_id, looked.days, looked.days[-1]
    last += timedelta(days=2)  # as long as the longest shift
    with desk.store.read() as session:
        own = own_days(session, compound_id, first, last)
        weights = Weights(
            calendar_for(first, last, [one.special for one in own]), ruling_of(session, compound_id)
        )
        return ForShifts(weights, posts(session, compound_id))


def _time_fields(starts: str, ends: str, hands: int, note: str) -> list[Field]:
    return [
        TextField(id="starts", label=t("roster_day.starts"), value=starts, required=True, check=check_clock),
        TextField(
            id="ends",
            label=t("roster_day.ends"),
            value=ends,
            required=True,
            check=check_clock,
            hint=t("roster_day.ends_hint"),
        ),
        NumberField(
            id="hands",
            label=t("roster_day.hands"),
            value=str(hands),
            required=True,
            minimum=1,
            maximum=MOST_HANDS,
        ),
        TextField(id="note", label=t("roster_day.words"), value=note, longest=_REASON),
    ]


def _wanted(values: Values, day: date, weights: Weights, looked: Looked) -> dict[str, Any]:
    """Return what a form says of a shift, with what it weighs then."""
    starts_at = moment(day, read_clock(str(values["starts"])) or 0, looked.zone)
    ends_at = after(read_clock(str(values["ends"])) or 0, starts_at, looked.zone)
    return {
        "starts_at": _instant(starts_at),
        "ends_at": _instant(ends_at),
        "hands": values["hands"],
        "note": str(values["note"] or ""),
        "points": points(starts_at, ends_at, weights.calendar, weights.ruling, looked.zone),
    }


def _spelt(line: ShiftLine) -> dict[str, Any]:
    return {
        "starts_at": _instant(line.starts_at),
        "ends_at": _instant(line.ends_at),
        "hands": line.hands,
        "note": line.note,
        "points": line.points,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
