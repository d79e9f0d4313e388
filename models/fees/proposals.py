"""What is proposed for a row of a bill, as values: whose payment it is, why, how surely, and who else it may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from models.files.money_files.rows import MoneyRow
from models.problems import Param

#: Every code of a reason with its parameters: the list the language catalogues are written from.
REASON_CODES: Final[dict[str, tuple[str, ...]]] = {
    "row.out": (),  # money that went out, so nobody's payment
    "row.none": (),  # closed, given back, or moved between one's own accounts
    "row.nothing": (),  # nothing in the row points anywhere
    "room.exact": ("text",),
    "room.building": ("text",),
    "room.pair": ("text",),
    "room.compact": ("text",),
    "room.unit": ("text",),
    "room.room": ("text",),
    "room.shared": ("text", "count"),  # the number stands on several doors
    "room.unknown": ("text",),  # a number in full that no door has
    "name.owner": ("name",),
    "name.member": ("name",),
    "name.owner_in_text": ("name",),
    "name.member_in_text": ("name",),
    "name.masked": ("name",),  # 张*, *三
    "name.elsewhere": ("name", "code"),  # the payer lives behind another door
    "amount.all": ("amount_fen",),
    "amount.bill": ("amount_fen",),
    "amount.oldest": ("amount_fen", "count"),
    "amount.usual": ("amount_fen",),
    "amount.months": ("amount_fen", "count"),
    "amount.only_here": (),  # nobody else owes just that
    "amount.odd": ("owed_fen",),  # fits nothing that is owed
    "time.due": ("days",),
    "payment.order": (),  # the same order number
    "payment.same": ("hours",),
    "payment.other_amount": ("recorded_fen",),
    "payment.taken_back": (),  # what was written down as paid has been given back
    "rivals": ("count", "code"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for, or against, a proposal."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


class Rival(NamedTuple):
    """Another home the row may belong to, and how much speaks for it."""

    household_id: UUID
    score: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a row probably is.

    `household_id` is None where nothing speaks for any home, or as much for two. With a `payment_id` the row is that
    payment, written down already: taking it adds no money. `bills` are those the amount fits; empty: the oldest first.
    """

    row: MoneyRow
    household_id: UUID | None = None
    payment_id: UUID | None = None
    bills: tuple[UUID, ...] = ()
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    rivals: tuple[Rival, ...] = ()
