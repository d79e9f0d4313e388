"""The forms of a ticket's moves: their fields, and from what was typed to what an operation carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.tickets.payloads import MOST_COST, MOST_MINUTES
from models.tickets.rules import BEST_SCORE, MOST_HANDS, OPEN, Channel, Urgency, WaitFor
from tui.i18n import has, t
from tui.row_words import category_word, listed
from tui.screens.register.fields import note_to_line
from tui.screens.tickets.page_store import Page
from tui.ticket_words import urgency_word, wait_word
from tui.widgets.fields import (
    NO,
    YES,
    ChoiceField,
    DateField,
    Field,
    NumberField,
    PickField,
    TextField,
    Value,
    YesNoField,
)
from tui.widgets.picker import Option

Values = dict[str, Value]

_FEN: Final = 100
_HOUR: Final = 60
_WORDS: Final = 4_000
_PARTS: Final = 200
_NOON: Final = time(12)
#: How many people one form takes for a visit.
DOERS: Final = ("doer", "second", "third", "fourth")
#: How a requester may be asked for a score.
ASKED: Final = (Channel.VISIT, Channel.PHONE, Channel.CHAT)
#: Reasons that are ready to be picked, by move.
REASONS: Final = {
    "reject": ("not_ours", "owner", "not_found", "unsafe"),
    "cancel": ("by_itself", "not_wanted", "mistake", "test"),
    "close": ("no_answer", "no_score", "moved"),
    "reopen": ("not_fixed", "came_back", "unhappy", "closed_early"),
    "release": ("no_time", "cannot", "needs_firm"),
}


def words_field(label: str, *, required: bool = False, hint: str = "") -> Field:
    return TextField(id="words", label=label, required=required, hint=hint, longest=_WORDS)


def text_of(value: Value) -> str:
    return str(value or "").strip()


# -- work


def work_fields(*, cost_hint: str = "") -> list[Field]:
    """Return what a piece of work took: time, parts, money."""
    return [
        NumberField(
            id="hours",
            label=t("ticket_move.hours"),
            minimum=0,
            maximum=MOST_MINUTES // _HOUR,
            unit=t("ticket_move.h"),
        ),
        NumberField(
            id="minutes", label=t("ticket_move.minutes"), minimum=0, maximum=600, unit=t("ticket_move.min")
        ),
        TextField(id="parts", label=t("ticket_move.parts"), longest=_PARTS),
        NumberField(
            id="cost",
            label=t("ticket_move.cost"),
            minimum=0,
            maximum=MOST_COST // _FEN,
            decimals=2,
            unit=t("ticket_move.yuan"),
            hint=cost_hint,
        ),
    ]


def work_values(values: Values) -> dict[str, Any]:
    """Return minutes, fen and parts as an operation carries them."""
    hours, minutes = (values[name] if isinstance(values[name], int) else 0 for name in ("hours", "minutes"))
    return {
        "minutes": int(str(hours)) * _HOUR + int(str(minutes)),
        "cost": fen_of(values["cost"]),
        "parts": text_of(values["parts"]),
    }


def fen_of(value: Value) -> int:
    """Return yuan as typed in fen."""
    return 0 if value is None else int(Decimal(str(value)) * _FEN)


def too_long(values: Values) -> str | None:
    """Return that a piece of work cannot have taken so long."""
    return t("ticket_move.too_long") if work_values(values)["minutes"] > MOST_MINUTES else None


def finish_fields(page: Page, people: Sequence[Option]) -> list[Field]:
    """Return what is asked when a job is done; of a case also whether its parts are done with it."""
    me = doer_of(page)
    fields = [words_field(t("ticket_move.what_done")), *work_fields()]
    if page.ticket.point_id is not None or page.story.links:
        fields.append(YesNoField(id="recheck", label=t("ticket_move.recheck"), value=NO))
    if open_parts(page):
        label = t("ticket_move.with_parts", n=len(open_parts(page)))
        fields.append(YesNoField(id="with_parts", label=label, value=YES))
    fields.append(PickField(id="doer", label=t("ticket_move.doer"), value=me, options=people))
    return fields


def open_parts(page: Page) -> tuple[str, ...]:
    """Return the parts of a case that are not done."""
    return tuple(str(one.id) for one in page.story.parts if one.state in OPEN) if page.ticket.is_case else ()


def doer_of(page: Page) -> str:
    """Return who is the likeliest to have done something: who acts, if they are on the job, else its first hand."""
    hands = [hand.person_id for hand in page.ticket.hands]
    likely = page.me if page.on_it or not hands else hands[0]
    return "" if likely is None else str(likely)


def log_fields(page: Page, people: Sequence[Option]) -> list[Field]:
    names = [
        PickField(
            id=name,
            label=t(f"ticket_move.{'doer' if not place else 'also'}"),
            value=doer_of(page) if not place else "",
            options=people,
        )
        for place, name in enumerate(DOERS)
    ]
    return [
        words_field(t("ticket_move.what_done")),
        *work_fields(cost_hint=t("ticket_move.cost_once")),
        DateField(id="day", label=t("ticket_move.day"), hint=t("ticket_move.day_hint")),
        *names,
    ]


def happened(value: Value, today: date, zone: ZoneInfo) -> datetime | None:
    """Return when something was done that was done on a day: at its noon; None of today, which is now."""
    if not isinstance(value, date) or value == today:
        return None
    return datetime.combine(value, _NOON, zone).astimezone(UTC)


def not_yet(today: date) -> Any:
    """Return a check that a day is not to come."""

    def check(values: Values) -> str | None:
        day = values["day"]
        if isinstance(day, date) and day > today:
            return t("ticket_move.day_to_come")
        return too_long(values)

    return check


# -- waiting


def wait_fields(page: Page, people: Sequence[Option]) -> list[Field]:
    clock = page.clock
    days = tuple(
        (name, t(f"ticket_move.until.{name}", day=clock.day(day))) for name, day in _days(clock.today)
    )
    waits = tuple((one.value, wait_word(one.value)) for one in WaitFor)
    return [
        ChoiceField(id="until", label=t("ticket_move.until"), value="tomorrow", options=days),
        DateField(id="day", label=t("ticket_move.other_day"), hint=t("ticket_move.other_day_hint")),
        ChoiceField(id="wait_for", label=t("ticket_move.wait_for"), value=WaitFor.PART.value, options=waits),
        PickField(id="person", label=t("ticket_move.waits_whom"), options=people),
        words_field(t("ticket_move.words")),
    ]


def _days(today: date) -> tuple[tuple[str, date], ...]:
    """Return the days that are offered: tomorrow, in three days, next Monday."""
    return (
        ("tomorrow", today + timedelta(days=1)),
        ("in_three", today + timedelta(days=3)),
        ("monday", today + timedelta(days=7 - today.weekday())),
    )


def until_of(values: Values, today: date) -> date:
    """Return the day that was chosen; one that was typed goes before."""
    typed = values["day"]
    return typed if isinstance(typed, date) else dict(_days(today))[str(values["until"])]


# -- reasons


def reason_fields(verb: str) -> list[Field]:
    """Return a few ready reasons, and a line for any other."""
    ready = tuple((name, t(f"ticket_move.reason.{verb}.{name}")) for name in REASONS[verb])
    return [
        ChoiceField(id="ready", label=t("ticket_move.reason"), options=ready),
        words_field(t("ticket_move.reason_words"), hint=_hint(verb)),
    ]


def _hint(verb: str) -> str:
    key = f"ticket_move.reason_hint.{verb}"
    return t(key) if has(key) else ""


def reason_of(verb: str, values: Values) -> str:
    """Return the reason in words: the ready one, what was typed, or both."""
    ready = text_of(values["ready"])
    said = t(f"ticket_move.reason.{verb}.{ready}") if ready else ""
    return "；".join(part for part in (said, text_of(values["words"])) if part)


def no_reason(verb: str, values: Values) -> str | None:
    return None if reason_of(verb, values) else t("ticket_move.give_reason")


# -- scores


def channel_field(channels: Sequence[Channel] = ASKED) -> Field:
    options = tuple((one.value, t(f"ticket_move.asked.{one.value}")) for one in channels)
    return ChoiceField(id="channel", label=t("ticket_move.asked"), value=channels[0].value, options=options)


def rate_fields(page: Page) -> list[Field]:
    """Return what the requester is asked; the digit that is pressed is the score."""
    scores = tuple((str(score), t(f"ticket_move.score.{score}")) for score in range(1, BEST_SCORE + 1))
    mine = t("ticket_move.rated_by_hand") if page.on_it else ""
    return [
        ChoiceField(id="score", label=t("ticket_move.score"), options=scores, required=True, hint=mine),
        words_field(t("ticket_move.their_words")),
        channel_field(),
    ]


def call_fields() -> list[Field]:
    return [
        channel_field((Channel.PHONE, Channel.VISIT, Channel.CHAT)),
        words_field(t("ticket_move.what_came"), hint=t("ticket_move.what_came_hint")),
    ]


# -- the ticket itself


def edit_fields(page: Page, kinds: Sequence[str]) -> list[Field]:
    ticket = page.ticket
    urgencies = tuple((one.value, urgency_word(one.value)) for one in Urgency)
    return [
        TextField(
            id="what",
            label=t("ticket_move.what"),
            value=note_to_line(ticket.what),
            required=True,
            longest=_WORDS,
        ),
        PickField(
            id="category",
            label=t("ticket_move.category"),
            value=ticket.category,
            options=tuple(Option(code, category_word(code), search=code) for code in kinds),
        ),
        ChoiceField(
            id="urgency", label=t("ticket_move.urgency"), value=ticket.urgency.value, options=urgencies
        ),
        TextField(id="place", label=t("ticket_move.place"), value=ticket.place, longest=_PARTS),
        DateField(
            id="due", label=t("ticket_move.due"), value=str(ticket.due_at.astimezone(page.clock.zone).date())
        ),
        hands_field(page),
    ]


def hands_field(page: Page) -> Field:
    wanted = page.ticket.wanted_hands
    return NumberField(
        id="wanted",
        label=t("ticket_move.wanted"),
        value=str(wanted),
        minimum=1,
        maximum=MOST_HANDS,
        required=True,
    )


def requester_fields(page: Page) -> list[Field]:
    """Return how somebody is called who is in no register."""
    ticket = page.ticket
    name = "" if ticket.requester_id is not None else ticket.requester
    return [
        TextField(id="name", label=t("ticket_move.requester_name"), value=name, longest=_PARTS),
        TextField(id="phone", label=t("ticket_move.requester_phone"), value=ticket.phone, longest=40),
    ]


def due_of(value: Value, stands: datetime) -> str:
    """Return a deadline on another day at the hour it had; nothing typed leaves it as it is."""
    if not isinstance(value, date):
        return stands.isoformat()
    return datetime.combine(value, stands.timetz()).isoformat()


def hand_names(page: Page) -> str:
    return listed([hand.name for hand in page.ticket.hands])
