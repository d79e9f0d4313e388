"""What operations on items, tariffs, bills and dunning carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.community.payloads import HouseholdRef
from models.fees.payload_fields import (
    MOST_ROWS,
    BillRef,
    ConcessionRef,
    Fen,
    FenOrNone,
    ItemRef,
    MeterRef,
    Price,
    Rate,
    Reading,
    Reason,
    TariffRef,
    Weight,
)
from models.fees.periods import Cycle
from models.fees.rules import BULK_SCORE, Answer, BillKind, ConcessionKind, Step, Way
from models.fees.tariffs import Formula
from models.operations.fields import Line, Name, Note
from models.operations.registry import EditPayload, Payload, RowId
from models.operations.roles import Role
from models.tables import no_list, no_mapping

Names = Annotated[list[Name], Field(max_length=100)]


def _in_order(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until <= since:
        raise PydanticCustomError("span_invalid", "the end is not after the beginning")


class ItemFields(Payload):
    """What may be changed of a charge item."""

    name: Name = ""
    cycle: Cycle = Cycle.MONTH
    kinds: Names = Field(default_factory=no_list)
    buildings: Names = Field(default_factory=no_list)
    position: int = Field(default=0, ge=0, le=10_000)
    note: Note = ""


class AddItem(ItemFields):
    """Something to charge for, and by which formula."""

    id: RowId
    name: Name
    formula: Formula


class EditItem(EditPayload):
    """An item, field by field."""

    target: ClassVar[str] = "item"
    table: ClassVar[str] = "charge_item"

    item: ItemRef
    old: ItemFields
    new: ItemFields


class SetTariff(Payload):
    """What an item costs from a day on: `price` in 1/10,000 yuan; rates in parts of a million, `late_ppm` a day."""

    id: RowId
    item: ItemRef
    price: Price = 0
    since: date
    until: date | None = None
    prepay_months: int = Field(default=0, ge=0, le=60)
    prepay_ppm: Rate = 0
    late_ppm: int = Field(default=0, ge=0, le=10_000)
    late_grace_days: int = Field(default=0, ge=0, le=3_650)
    late_cap_ppm: Rate = 300_000
    note: Note = ""

    @model_validator(mode="after")
    def _span(self) -> Self:
        _in_order(self.since, self.until)
        return self


class NameTariff(Payload):
    """Names a tariff."""

    tariff: TariffRef


class SetShare(Payload):
    """A household's weight in an item; 0 leaves it out. `before` is what an undo goes back to."""

    item: ItemRef
    household: HouseholdRef
    weight: Weight
    before: Weight | None = None


class AskConcession(Payload):
    """A discount (`ppm` of the charge or `fen` a month) or a deferral, with its reason."""

    id: RowId
    household: HouseholdRef
    item: ItemRef | None = None
    kind: ConcessionKind
    ppm: Rate = 0
    fen: FenOrNone = 0
    since: date
    until: date | None = None
    defer_until: date | None = None
    reason: Reason

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _in_order(self.since, self.until)
        if self.kind is ConcessionKind.DISCOUNT and not (self.ppm or self.fen):
            raise PydanticCustomError("concession_empty", "a discount of nothing")
        if self.kind is ConcessionKind.DEFERRAL and self.defer_until is None:
            raise PydanticCustomError("concession_empty", "a deferral until no day")
        return self


class DecideConcession(Payload):
    """Names a concession, with what is said to it."""

    concession: ConcessionRef
    words: Note = ""


class MeterFields(Payload):
    """What may be changed of a meter."""

    code: Name = ""
    household_id: HouseholdRef | None = None
    place: Line = ""
    note: Note = ""


class AddMeter(MeterFields):
    """A meter of an item, of a household or shared."""

    id: RowId
    item: ItemRef
    code: Name


class EditMeter(EditPayload):
    """A meter, field by field."""

    target: ClassVar[str] = "meter"
    table: ClassVar[str] = "meter"

    meter: MeterRef
    old: MeterFields
    new: MeterFields


class ReadMeter(Payload):
    """What a meter showed, in 1/1000 of its unit; `restarted`: it was changed and counts anew from this."""

    id: RowId
    meter: MeterRef
    reading: Reading
    read_on: date | None = None
    restarted: bool = False
    words: Note = ""


class ShareCost(Payload):
    """A cost of a period to be shared."""

    id: RowId
    item: ItemRef
    since: date
    until: date
    fen: Fen
    words: Note = ""

    @model_validator(mode="after")
    def _span(self) -> Self:
        _in_order(self.since, self.until)
        return self


class Park(Payload):
    """A household's parking space from a day on."""

    id: RowId
    item: ItemRef
    household: HouseholdRef
    code: Name
    since: date | None = None
    until: date | None = None
    note: Note = ""

    @model_validator(mode="after")
    def _span(self) -> Self:
        _in_order(self.since, self.until)
        return self


class BillLine(Payload):
    """One bill as it was looked at and approved. `amount_fen` is `gross_fen` less `discount_fen`; `sums` tells how it came."""

    household: HouseholdRef
    item: ItemRef
    tariff: TariffRef | None = None
    kind: BillKind = BillKind.CHARGE
    of: BillRef | None = None
    since: date
    until: date
    gross_fen: FenOrNone
    discount_fen: FenOrNone = 0
    amount_fen: FenOrNone
    due_on: date | None = None
    sums: dict[str, Any] = Field(default_factory=no_mapping)
    note: Line = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _in_order(self.since, self.until)
        if self.gross_fen - self.discount_fen != self.amount_fen:
            raise PydanticCustomError("bill_sum", "the amount is not what is left of the charge")
        return self


class IssueBills(Payload):
    """Bills of a run, as they were approved; what is billed already stays as it is."""

    run: RowId
    since: date
    until: date
    rows: list[BillLine] = Field(min_length=1, max_length=MOST_ROWS)
    words: Note = ""


class ReverseBills(Payload):
    """Bills that were wrong, and why."""

    bills: list[BillRef] = Field(min_length=1, max_length=MOST_ROWS)
    reason: Reason


class Remind(Payload):
    """A household was asked to pay, and what it said."""

    id: RowId
    household: HouseholdRef
    way: Way
    step: Step = Step.TALK
    answer: Answer = Answer.NONE
    promise_on: date | None = None
    promise_fen: Fen | None = None
    words: Note = ""


class LetterFields(Payload):
    """A letter's words. `{...}` places are filled with the door, the sums and the days."""

    title: Line = ""
    body: Note = ""


class SetLetter(LetterFields):
    """What a step of dunning writes; with nothing in it, what is built in. `before` is what an undo goes back to."""

    step: Step
    before: LetterFields | None = None


class ApprovalLine(Payload):
    """Up to how much (None: any amount) how many people of which roles approve an expense."""

    up_to_fen: FenOrNone | None = None
    roles: list[Role] = Field(min_length=1, max_length=7)
    hands: int = Field(default=1, ge=1, le=5)


Approvals = Annotated[list[ApprovalLine], Field(max_length=10)]


class RulingFields(Payload):
    """What holds for all fees (rules.Ruling); no approvals means what is built in."""

    due_days: int = Field(default=30, ge=0, le=3_650)
    target_ppm: Rate = 950_000
    twice_ppm: int = Field(default=2_000_000, ge=1_000_000, le=100_000_000)
    bulk_score: int = Field(default=BULK_SCORE, ge=50, le=100)
    payee: Line = ""
    pay_to: Note = ""
    approvals: Approvals = Field(default_factory=no_list)


class SetFeeRuling(RulingFields):
    """Set it; `before` is what an undo goes back to, None what is built in."""

    before: RulingFields | None = None
