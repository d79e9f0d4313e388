"""Handlers of cash that is handed in and counted, and of rows of a bank's or a platform's file."""

from __future__ import annotations

from models.community.doers import person_or_none
from models.fees import payloads_money as p
from models.fees.purse import book_day
from models.fees.rules import RowState
from models.fees.tables_money import HandIn, MoneyRow, Payment
from models.operations.common import local_day
from models.operations.registry import Nature, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

_hand_in = table_of(HandIn)

# -- cash --------------------------------------------------------------------------------


@register("payment.hand_in", p.HandInCash, nature=Nature.FACT, may=WORKERS)
def hand_in(workspace: Workspace, given: p.HandInCash) -> Verdict | None:
    """Keep that a collector handed cash in: from then on it lies in the compound's box."""
    if workspace.get(HandIn, given.id) is not None:
        return Merged(given.id)
    collector = person_or_none(workspace, given.collector or workspace.operation.doer_id)
    booked = book_day(workspace, local_day(workspace))
    same = workspace.rows(
        HandIn,
        _hand_in.c.collector_id == collector,
        _hand_in.c.booked_on == booked,
        _hand_in.c.fen == given.fen,
        _hand_in.c.archived.is_(False),
    )
    if collector is not None and same:  # who hands in and who takes it may each have written it down
        workspace.flag("fee.handed_in_twice", fen=given.fen)
    workspace.add(
        HandIn(
            compound_id=workspace.compound_id,
            id=given.id,
            collector_id=collector,
            fen=given.fen,
            expected_fen=given.expected_fen,
            counts=dict(given.counts),
            to_id=person_or_none(workspace, given.to),
            handed_at=workspace.operation.happened_at,
            booked_on=booked,
            words=given.words,
        )
    )
    return None


@register("payment.confirm_hand_in", p.ConfirmHandIn, nature=Nature.FACT, may=WORKERS)
def confirm_hand_in(workspace: Workspace, given: p.ConfirmHandIn) -> Verdict | None:
    """Keep that the cash was counted by who took it. What they found to differ is flagged."""
    row = workspace.get(HandIn, given.hand_in)
    if row is None:
        workspace.flag("fee.hand_in_unknown", hand_in=str(given.hand_in))
        return None
    if row.confirmed_at is not None:
        return Merged(row.id)
    person = person_or_none(workspace, workspace.operation.doer_id)
    if person is not None and person == row.collector_id:
        workspace.flag("fee.second_person")
    counted = row.fen if given.fen is None else given.fen
    if counted != row.fen:
        workspace.flag("fee.count_differs", said_fen=row.fen, found_fen=counted)
    workspace.change(
        row,
        confirmed_at=workspace.operation.happened_at,
        confirmed_by_id=person,
        confirmed_fen=counted,
        words="\n".join(filter(None, (row.words, given.words))),
    )
    return None


# -- rows of files -----------------------------------------------------------------------


@register("payment.import", p.ImportRows, nature=Nature.FACT, may=WORKERS)
def import_rows(workspace: Workspace, given: p.ImportRows) -> Verdict | None:
    """Keep the rows of a file. A row that stood in an earlier file, or came from another laptop, is there once."""
    ids = {row.key: workspace.shared_id(MoneyRow, row.key) for row in given.rows}
    workspace.preload(MoneyRow, ids.values())
    new = {row.key: row for row in given.rows if workspace.get(MoneyRow, ids[row.key]) is None}
    for key, row in new.items():
        workspace.add(
            MoneyRow(
                compound_id=workspace.compound_id,
                id=ids[key],
                platform=given.platform,
                file=given.file,
                **row.model_dump(),
            )
        )
    return None if new else Merged(ids[given.rows[0].key])


@register("payment.match", p.MatchRow, may=WORKERS)
def match(workspace: Workspace, given: p.MatchRow) -> Verdict | None:
    """Say that a row of a file is a payment that somebody had recorded already."""
    row, payment = workspace.require(MoneyRow, given.row), workspace.require(Payment, given.payment)
    if row.payment_id == payment.id:
        return Merged(row.id)
    if row.payment_id is not None:
        raise Refusal("payment.row_matched")
    if payment.reversed_on is not None:
        raise Refusal("payment.reversed")
    if payment.row_id is not None and payment.row_id != row.id:
        raise Refusal("payment.has_row")
    workspace.change(row, state=RowState.MATCHED.value, payment_id=payment.id)
    workspace.change(payment, row_id=row.id, reference=payment.reference or row.order_no)
    return None


@register("payment.set_aside", p.SetRowAside, may=WORKERS)
def set_aside(workspace: Workspace, given: p.SetRowAside) -> Verdict | None:
    """Say that a row of a file is no fee."""
    row = workspace.require(MoneyRow, given.row)
    if row.payment_id is not None:
        raise Refusal("payment.row_matched")
    if row.state == RowState.ASIDE.value:
        return Merged(row.id)
    workspace.change(row, state=RowState.ASIDE.value, words=given.reason)
    return None


@register("payment.take_up", p.NameRow, may=WORKERS)
def take_up(workspace: Workspace, given: p.NameRow) -> Verdict | None:
    """Look at a row again that was set aside or matched with a payment by hand."""
    row = workspace.require(MoneyRow, given.row)
    if row.state == RowState.OPEN.value:
        return Merged(row.id)
    if row.made:  # the payment came of this row: it has to be taken back itself
        raise Refusal("payment.row_matched")
    payment = None if row.payment_id is None else workspace.get(Payment, row.payment_id)
    if payment is not None:
        workspace.change(payment, row_id=None)
    workspace.change(row, state=RowState.OPEN.value, payment_id=None, words="")
    return None
