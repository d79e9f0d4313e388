"""The form of a paper card, line by line as the card has them; what is asked at its foot depends on how the job stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from models.tickets.payloads import MOST_COST
from models.tickets.rules import BEST_SCORE
from tui.i18n import t
from tui.screens.register.fields import note_from_line
from tui.screens.tickets.cards_state import (
    Ending,
    Result,
    Subject,
    Visit,
    coming_day_of,
    day_of,
    fen_of,
    minutes_of,
)
from tui.widgets.fields import NO, ChoiceField, Field, NumberField, TextField, Value, YesNoField

Values = Mapping[str, Value]

_FEN: Final = 100
#: What is asked only when a job ended so; the rest is asked of every visit.
_ONLY: Final = {
    "until": Result.WAITS,
    "because": Result.WAITS,
    "recheck": Result.DONE,
    "score": Result.DONE,
    "said": Result.DONE,
}


def card_fields(subject: Subject, today: date, default: date, *, has_point: bool) -> list[Field]:
    """Return the lines of a card. Where no day is typed it is `default`, the day of the card before."""

    def check_day(text: Value) -> str | None:
        day = day_of(str(text), today)
        if day is None:
            return t("ticket_cards.day_wrong")
        return t("ticket_cards.day_early", day=subject.opened.isoformat()) if day < subject.opened else None

    def check_until(text: Value) -> str | None:
        return None if coming_day_of(str(text), today) else t("ticket_cards.until_wrong")

    scores = tuple(
        (str(n), t(f"paper.card.score.{n}").partition(" ")[2] or str(n)) for n in range(1, BEST_SCORE + 1)
    )
    fields: list[Field] = [
        TextField(
            id="day",
            label=t("ticket_cards.day"),
            hint=t("ticket_cards.day_hint", day=default.isoformat()),
            check=check_day,
            longest=20,
        ),
        TextField(
            id="time",
            label=t("ticket_cards.time"),
            hint=t("ticket_cards.time_hint"),
            check=_check_time,
            longest=20,
        ),
        TextField(id="words", label=t("ticket_cards.words"), longest=LONGEST_NOTE),
        TextField(id="parts", label=t("ticket_cards.parts"), longest=LONGEST_NAME),
        NumberField(
            id="cost",
            label=t("ticket_cards.cost"),
            unit=t("ticket_move.yuan"),
            decimals=2,
            minimum=0,
            maximum=MOST_COST // _FEN,
        ),
        ChoiceField(
            id="result",
            label=t("ticket_cards.result"),
            required=True,
            options=tuple((one.value, t(f"ticket_cards.result.{one.value}")) for one in Result),
        ),
        TextField(
            id="until",
            label=t("ticket_cards.until"),
            hint=t("ticket_cards.until_hint"),
            check=check_until,
            longest=20,
        ),
        TextField(id="because", label=t("ticket_cards.because"), longest=LONGEST_NOTE),
    ]
    if has_point:
        fields.append(YesNoField(id="recheck", label=t("ticket_cards.recheck"), value=NO))
    return [
        *fields,
        ChoiceField(id="score", label=t("ticket_cards.score"), options=scores),
        TextField(id="said", label=t("ticket_cards.said"), longest=LONGEST_NOTE),
    ]


def is_asked(field_id: str, result: str) -> bool:
    """Tell whether a line is asked for while a job stands so."""
    only = _ONLY.get(field_id)
    return only is None or only.value == result


def _check_time(text: Value) -> str | None:
    return None if minutes_of(str(text)) is not None else t("ticket_cards.time_wrong")


def visit_of(values: Values, today: date, default: date) -> Visit:
    """Return the visit that was typed; every value was checked in its line."""
    day = day_of(str(values["day"]), today) if values["day"] else default
    cost = values["cost"]
    return Visit(
        day=day or default,
        minutes=minutes_of(str(values["time"])) or 0,
        words=note_from_line(values["words"]).strip(),
        parts=str(values["parts"]).strip(),
        cost=fen_of(cost if isinstance(cost, Decimal | int) else None),
    )


def ending_of(values: Values, today: date) -> Ending:
    """Return what stands at the foot of the card."""
    result = Result(str(values["result"]))
    score = values.get("score")
    return Ending(
        result=result,
        recheck=values.get("recheck") is True,
        until=coming_day_of(str(values.get("until") or ""), today) if result is Result.WAITS else None,
        because=note_from_line(values.get("because")).strip(),
        score=int(str(score)) if score else None,
        said=note_from_line(values.get("said")).strip(),
    )
