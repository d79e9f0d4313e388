"""Handlers of what bills are made by: items, tariffs, weights, concessions, meters, shared costs, parking, what is set."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Household
from models.fees import payloads as p
from models.fees.letters import wrong_with
from models.fees.rules import BillKind, Ruling
from models.fees.tables import (
    Bill,
    ChargeItem,
    ChargeShare,
    FeeRuling,
    Meter,
    MeterReading,
    ParkingSpace,
    SharedCost,
    Tariff,
)
from models.fees.tables_money import LetterText
from models.fees.tariffs import Formula
from models.operations.common import (
    archiving,
    local_day,
    met_again,
    register_archiving,
    register_ending,
    swapping,
)
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import Nature, intent, register
from models.operations.roles import KEEPERS, LEADERS, WORKERS, Role
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

#: Those who set what is charged, issue bills and take payments back.
TREASURERS = LEADERS | {Role.TREASURER}
#: Those who approve what somebody else asks for.
APPROVERS = frozenset({Role.COMMITTEE, Role.DIRECTOR})
_tariff, _reading, _bill, _cost = (table_of(one) for one in (Tariff, MeterReading, Bill, SharedCost))


# -- items and tariffs -------------------------------------------------------------------


@register("fee.add_item", p.AddItem, may=TREASURERS, undo=archiving("charge_item"))
def add_item(workspace: Workspace, given: p.AddItem) -> Verdict | None:
    """Add something to charge for; added twice under one name it is one."""
    values: dict[str, Any] = given.model_dump(exclude={"id"})
    values |= {"formula": given.formula.value, "cycle": given.cycle.value}
    standing = workspace.find(ChargeItem, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(ChargeItem(compound_id=workspace.compound_id, id=given.id, **values))
    return None


@register("fee.edit_item", p.EditItem, may=TREASURERS, undo=swapping("fee.edit_item", ChargeItem))
def edit_item(workspace: Workspace, given: p.EditItem) -> None:
    """Change an item field by field. Bills that were issued stay as they are."""
    row = workspace.require(ChargeItem, given.item)
    if "name" in given.new.model_fields_set:
        if not given.new.name:
            raise Refusal("fee.name_missing")
        namesake = workspace.find(ChargeItem, name=given.new.name)
        if namesake is not None and namesake.id != row.id:
            raise Refusal("fee.name_taken", name=given.new.name)
    edit_row(workspace, row, old=given.old, new=given.new)


def _undo_tariff(workspace: Workspace, given: p.SetTariff) -> list[Intent]:
    row = workspace.get(Tariff, given.id)
    if row is None or row.archived:
        raise Refusal("undo.changed_since", field="archived")
    return [Intent("tariff.archive", {"tariff": str(row.id)})]


@register("fee.set_tariff", p.SetTariff, may=TREASURERS, undo=_undo_tariff)
def set_tariff(workspace: Workspace, given: p.SetTariff) -> Verdict | None:
    """Add a version of what an item costs. The version before it ends on the day this one begins."""
    item = workspace.require(ChargeItem, given.item)
    if workspace.get(Tariff, given.id) is not None:
        return Merged(given.id)
    rows = workspace.rows(Tariff, _tariff.c.item_id == item.id)
    values = given.model_dump(exclude={"id", "item"})
    workspace.add(
        Tariff(
            compound_id=workspace.compound_id,
            id=given.id,
            item_id=item.id,
            version=max((row.version for row in rows), default=0) + 1,
            **values,
        )
    )
    _join_spans(workspace, item.id)
    return None


def _join_spans(workspace: Workspace, item_id: UUID) -> None:
    """Let every version hold until the next one begins. Of two that begin on one day the later version holds."""
    living = workspace.rows(Tariff, _tariff.c.item_id == item_id, _tariff.c.archived.is_(False))
    in_time = sorted(living, key=lambda row: (row.since, row.version, row.id.hex))
    for row, following in pairwise(in_time):
        if row.until is None or row.until > following.since:
            workspace.change(row, until=following.since)


def _tariff_unused(workspace: Workspace, row: Tariff) -> None:
    if workspace.rows(Bill, _bill.c.tariff_id == row.id, _bill.c.reversed_on.is_(None)):
        raise Refusal("fee.tariff_used", version=row.version)


@register("tariff.archive", p.NameTariff, may=TREASURERS)
def archive_tariff(workspace: Workspace, given: p.NameTariff) -> None:
    """Put away a version by which nothing was billed. The one version before it goes on."""
    row = workspace.require(Tariff, given.tariff)
    _tariff_unused(workspace, row)
    workspace.change(row, archived=True)
    before = workspace.rows(
        Tariff,
        _tariff.c.item_id == row.item_id,
        _tariff.c.until == row.since,
        _tariff.c.archived.is_(False),
    )
    # Of several that ended there only the last held until then: the others had ended with the beginning of another.
    last = max(before, key=lambda one: (one.since, one.version, one.id.hex), default=None)
    if last is not None:
        workspace.change(last, until=row.until)


def _undo_share(_: Workspace, given: p.SetShare) -> list[Intent]:
    back = 1 if given.before is None else given.before
    return [
        intent(
            "fee.set_share",
            p.SetShare(item=given.item, household=given.household, weight=back, before=given.weight),
        )
    ]


@register("fee.set_share", p.SetShare, may=TREASURERS, undo=_undo_share)
def set_share(workspace: Workspace, given: p.SetShare) -> None:
    """Set a household's weight in an item; the last to say so has it."""
    item = workspace.require(ChargeItem, given.item)
    household = workspace.require(Household, given.household)
    standing = workspace.find(ChargeShare, item_id=item.id, household_id=household.id)
    if standing is not None:
        workspace.change(standing, weight=given.weight, archived=False)
        return
    workspace.add(
        ChargeShare(
            compound_id=workspace.compound_id,
            id=workspace.shared_id(ChargeShare, f"{item.id}:{household.id}"),
            item_id=item.id,
            household_id=household.id,
            weight=given.weight,
        )
    )


# -- meters, shared costs, parking -------------------------------------------------------


def _metered(workspace: Workspace, item_id: UUID) -> ChargeItem:
    item = workspace.require(ChargeItem, item_id)
    if item.formula != Formula.METER.value:
        raise Refusal("fee.not_metered", name=item.name)
    return item


@register("fee.add_meter", p.AddMeter, may=KEEPERS, undo=archiving("meter"))
def add_meter(workspace: Workspace, given: p.AddMeter) -> Verdict | None:
    """Add a meter; added twice under one code it is one."""
    item = _metered(workspace, given.item)
    household = None if given.household_id is None else workspace.require(Household, given.household_id)
    values: dict[str, Any] = given.model_dump(exclude={"id", "item"})
    values |= {"item_id": item.id, "household_id": None if household is None else household.id}
    standing = workspace.find(Meter, code=given.code)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(Meter(compound_id=workspace.compound_id, id=given.id, **values))
    return None


@register("fee.edit_meter", p.EditMeter, may=KEEPERS, undo=swapping("fee.edit_meter", Meter))
def edit_meter(workspace: Workspace, given: p.EditMeter) -> None:
    """Change a meter field by field."""
    row = workspace.require(Meter, given.meter)
    if "code" in given.new.model_fields_set:
        namesake = workspace.find(Meter, code=given.new.code)
        if not given.new.code or (namesake is not None and namesake.id != row.id):
            raise Refusal("fee.name_taken", name=given.new.code)
    edit_row(workspace, row, old=given.old, new=given.new)


@register("fee.read_meter", p.ReadMeter, nature=Nature.FACT, may=WORKERS, undo=archiving("meter_reading"))
def read_meter(workspace: Workspace, given: p.ReadMeter) -> Verdict | None:
    """Keep what a meter showed. Of two readings of one day that differ both stay, and somebody has to look."""
    if workspace.get(MeterReading, given.id) is not None:
        return Merged(given.id)
    meter = workspace.get(Meter, given.meter)
    if meter is None:
        workspace.flag("fee.meter_unknown", meter=str(given.meter))
        return None
    day = given.read_on or local_day(workspace)
    rows = workspace.rows(MeterReading, _reading.c.meter_id == meter.id, _reading.c.archived.is_(False))
    for row in rows:
        if row.read_on == day and row.reading == given.reading:
            workspace.alias(MeterReading, given.id, row.id)
            return Merged(row.id)
    before = [row for row in rows if row.read_on <= day]
    if before and not given.restarted and max(row.reading for row in before) > given.reading:
        workspace.flag("fee.reading_falls", meter=meter.code, reading=given.reading)
    if any(row.read_on == day for row in rows):
        workspace.flag("fee.reading_twice", meter=meter.code, day=day.isoformat())
    workspace.add(
        MeterReading(
            compound_id=workspace.compound_id,
            id=given.id,
            meter_id=meter.id,
            reading=given.reading,
            read_on=day,
            restarted=given.restarted,
            reader_id=person_or_none(workspace, workspace.operation.doer_id),
            words=given.words,
        )
    )
    return None


@register("fee.share_cost", p.ShareCost, may=TREASURERS, undo=archiving("shared_cost"))
def share_cost(workspace: Workspace, given: p.ShareCost) -> None:
    """Note a cost that households share over a period."""
    item = workspace.require(ChargeItem, given.item)
    if not item.formula.startswith("shared_"):
        raise Refusal("fee.not_shared", name=item.name)
    _split_already(workspace, item.id, given.since)
    values = given.model_dump(exclude={"id", "item"})
    workspace.add(SharedCost(compound_id=workspace.compound_id, id=given.id, item_id=item.id, **values))


@register("fee.park", p.Park, may=TREASURERS, undo=archiving("parking_space"))
def park(workspace: Workspace, given: p.Park) -> None:
    """Let a household have a parking space."""
    item = workspace.require(ChargeItem, given.item)
    household = workspace.require(Household, given.household)
    if item.formula != Formula.PARKING.value:
        raise Refusal("fee.not_parking", name=item.name)
    for other in workspace.rows(
        ParkingSpace,
        table_of(ParkingSpace).c.code == given.code,
        table_of(ParkingSpace).c.archived.is_(False),
    ):
        ends_before = other.until is not None and given.since is not None and other.until <= given.since
        begins_after = given.until is not None and other.since is not None and given.until <= other.since
        if not ends_before and not begins_after:
            raise Refusal("fee.space_taken", code=given.code)
    values = given.model_dump(exclude={"id", "item", "household"})
    workspace.add(
        ParkingSpace(
            compound_id=workspace.compound_id,
            id=given.id,
            item_id=item.id,
            household_id=household.id,
            **values,
        )
    )


# -- what is set -------------------------------------------------------------------------

_NUMBERS = ("due_days", "target_ppm", "twice_ppm", "bulk_score", "payee", "pay_to")


def _set_here(given: p.RulingFields) -> dict[str, Any]:
    values = {name: getattr(given, name) for name in _NUMBERS}
    return values | {"approvals": [line.model_dump(mode="json") for line in given.approvals]}


def _undo_ruling(workspace: Workspace, given: p.SetFeeRuling) -> list[Intent]:
    standing = workspace.get(FeeRuling, workspace.shared_id(FeeRuling, ""))
    if standing is None or any(getattr(standing, name) != value for name, value in _set_here(given).items()):
        raise Refusal("undo.changed_since", field="")
    built_in = Ruling()
    before = given.before or p.RulingFields(**{name: getattr(built_in, name) for name in _NUMBERS})
    back = p.SetFeeRuling(**_set_here(before), before=p.RulingFields(**_set_here(given)))
    return [intent("fee.rule", back)]


@register("fee.rule", p.SetFeeRuling, may=LEADERS, undo=_undo_ruling)
def rule(workspace: Workspace, given: p.SetFeeRuling) -> None:
    """Set what holds for all fees; the last to say so has it."""
    if given.approvals and given.approvals[-1].up_to_fen is not None:
        raise Refusal("fee.approvals_end", fen=given.approvals[-1].up_to_fen)
    row_id = workspace.shared_id(FeeRuling, "")
    standing = workspace.get(FeeRuling, row_id)
    if standing is None:
        workspace.add(FeeRuling(compound_id=workspace.compound_id, id=row_id, **_set_here(given)))
    else:
        workspace.change(standing, **_set_here(given))


def _undo_letter(workspace: Workspace, given: p.SetLetter) -> list[Intent]:
    before = given.before or p.LetterFields()
    standing = workspace.get(LetterText, workspace.shared_id(LetterText, given.step.value))
    if standing is None or (standing.title, standing.body) != (given.title, given.body):
        raise Refusal("undo.changed_since", field="body")
    now = p.LetterFields(title=given.title, body=given.body)
    return [
        intent(
            "fee.set_letter", p.SetLetter(step=given.step, title=before.title, body=before.body, before=now)
        )
    ]


@register("fee.set_letter", p.SetLetter, may=TREASURERS, undo=_undo_letter)
def set_letter(workspace: Workspace, given: p.SetLetter) -> None:
    """Set what a step of dunning writes; the last to say so has it. What no letter may threaten is refused."""
    wrong = wrong_with(f"{given.title}\n{given.body}")
    if wrong is not None:
        raise Refusal(wrong.code, text=wrong.text)
    row_id = workspace.shared_id(LetterText, given.step.value)
    standing = workspace.get(LetterText, row_id)
    values: dict[str, Any] = {"title": given.title, "body": given.body}
    if standing is None:
        workspace.add(
            LetterText(compound_id=workspace.compound_id, id=row_id, step=given.step.value, **values)
        )
    else:
        workspace.change(standing, **values)


def _unbilled(workspace: Workspace, row: SharedCost) -> None:
    _split_already(workspace, row.item_id, row.since)


def _split_already(workspace: Workspace, item_id: UUID, since: date) -> None:
    """Refuse where the costs of the cycle that a day is in were split and billed: what changes now would reach no bill."""
    if workspace.rows(
        Bill,
        _bill.c.item_id == item_id,
        _bill.c.kind == BillKind.CHARGE.value,
        _bill.c.since <= since,
        _bill.c.until > since,
        _bill.c.reversed_on.is_(None),
    ):
        raise Refusal("fee.cost_billed", since=since.isoformat())


register_archiving("charge_item", ChargeItem, may=TREASURERS)
register_archiving("meter", Meter, may=KEEPERS)
register_archiving("meter_reading", MeterReading, may=WORKERS)
register_archiving("shared_cost", SharedCost, may=TREASURERS, guard=_unbilled)
register_archiving("parking_space", ParkingSpace, may=TREASURERS)
register_ending("parking_space", ParkingSpace, may=TREASURERS)
