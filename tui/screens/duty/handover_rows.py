"""The page of a hand-over as values: its batons as rows, what is asked, and the operations it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from models.ids import NewId
from models.operations.envelope import Intent
from models.tickets.queries import TicketLine
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.handover_store import Leaving
from tui.screens.duty.handover_words import Decision, decision_mark, fen_of
from tui.screens.duty.times import after, check_clock, clock_of, read_clock
from tui.screens.tickets.marks import state_mark
from tui.widgets.fields import Field, NumberField, PickField, TextField
from tui.widgets.rows import Column, RowView

_WORDS: Final = 4_000
_LINE: Final = 100
_CLOCK: Final = 12
#: Whoever checks out so long after the end of their shift has forgotten it, and is asked when they went.
_LATE: Final = timedelta(hours=1)
_MOST_YUAN: Final = 10_000_000


def columns() -> tuple[Column, ...]:
    return (
        Column(t("handover.becomes"), 20, priority=9),
        Column(t("tickets.code"), 8, priority=8),
        Column(t("tickets.what"), 12, priority=9, grow=True),
        Column(t("tickets.where"), 10, priority=6),
        Column(t("tickets.state"), 11, priority=5),
    )


def baton_rows(batons: Sequence[TicketLine], decisions: Mapping[str, Decision]) -> list[RowView]:
    return [
        RowView(
            str(one.id),
            (
                decision_mark(one, decisions.get(str(one.id))),
                one.code,
                " ".join(one.what.split()),
                one.where,
                state_mark(one.state),
            ),
        )
        for one in batons
    ]


def left_fields(leaving: Leaving) -> list[Field]:
    """Return what is asked of somebody who goes: words, keys, cash where the post counts it, and who comes next."""
    fields: list[Field] = [
        TextField(id="words", label=t("handover.words"), hint=t("handover.words_hint"), longest=_WORDS)
    ]
    if leaving.keys or leaving.came.post_id is not None:
        fields.append(TextField(id="keys", label=t("handover.keys"), value=leaving.keys, longest=_LINE))
    if leaving.counts_cash:
        fields.append(
            NumberField(
                id="cash",
                label=t("handover.cash"),
                minimum=0,
                maximum=_MOST_YUAN,
                decimals=2,
                unit=t("ticket_move.yuan"),
            )
        )
    ends = leaving.came.ends_at
    if ends is not None and leaving.now > ends + _LATE:
        fields.append(
            TextField(
                id="left",
                label=t("duty_desk.field.left"),
                value=clock_of(ends, leaving.zone),
                hint=t("handover.left_hint"),
                check=check_clock,
                longest=_CLOCK,
            )
        )
    value = str(leaving.next[0].person_id) if leaving.next else ""
    fields.append(PickField(id="to", label=t("handover.to"), value=value, options=leaving.people))
    return fields


def head_words(here: Leaving) -> str:
    """Return whose shift it is, what the day knows of tickets, and who is next."""
    came = here.came
    parts = [
        f"{came.post} {came.shift}".strip(),
        t("handover.since", time=clock_of(came.came_at, here.zone)),
    ]
    tickets = here.tickets
    parts.append(t("handover.tickets", taken=tickets.taken, open=tickets.open, urgent=tickets.urgent))
    parts.append(
        t("handover.next", names=listed([one.name for one in here.next]))
        if here.next
        else t("handover.no_next")
    )
    return " · ".join(part for part in parts if part)


def going(
    here: Leaving, decisions: Mapping[str, Decision], values: Mapping[str, Any], new_id: NewId
) -> list[Intent]:
    """Return what a hand-over and a check-out take, as one group. Where nothing is left behind there is no hand-over."""
    doer = here.came.person_id
    intents = [
        said.intent(baton, doer, new_id)
        for baton in here.batons
        if (said := decisions.get(str(baton.id))) is not None
    ]
    words, keys = str(values.get("words") or "").strip(), str(values.get("keys") or "").strip()
    cash = fen_of(values.get("cash"))
    payload: dict[str, Any] = {
        "id": str(new_id()),
        "checkin": str(here.came.checkin_id),
        "words": words,
        "keys": keys,
    }
    if cash is not None:
        payload["cash"] = cash
    if values.get("to"):
        payload["to"] = values["to"]
    if words or keys or cash is not None or intents:
        intents.append(Intent("duty.hand_over", payload, doer_id=doer))
    out = {"checkin": str(here.came.checkin_id)}
    intents.append(Intent("duty.check_out", out, doer_id=doer, happened_at=_left_at(here, values)))
    return intents


def _left_at(here: Leaving, values: Mapping[str, Any]) -> datetime | None:
    """Return when somebody went who forgot to check out; None for now, and for a time that is yet to come."""
    minutes = read_clock(str(values.get("left") or ""))
    if minutes is None:
        return None
    left = after(minutes, here.came.came_at, here.zone)
    return left if left < here.now else None
