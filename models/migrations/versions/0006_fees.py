"""Fees: charge items and tariffs, bills, payments and receipts, cash, dunning, accounts."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.migrations.steps import index, refers, synced

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _charges()
    _measured()
    _bills()
    _payments()
    _papers()
    _books()


def _charges() -> None:
    """What is charged, and by what."""
    op.create_table(
        "charge_item",
        *synced(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("buildings", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_charge_item")),
        sa.UniqueConstraint("compound_id", "name", name=op.f("uq_charge_item_compound_id_name")),
    )
    index("charge_item", "compound_id", "rev", "id")
    op.create_table(
        "tariff",
        *synced(),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("prepay_months", sa.Integer(), nullable=False),
        sa.Column("prepay_ppm", sa.Integer(), nullable=False),
        sa.Column("late_ppm", sa.Integer(), nullable=False),
        sa.Column("late_grace_days", sa.Integer(), nullable=False),
        sa.Column("late_cap_ppm", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        refers("tariff", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_tariff")),
    )
    index("tariff", "compound_id", "item_id", "since")
    index("tariff", "compound_id", "rev", "id")
    op.create_table(
        "charge_share",
        *synced(),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        refers("charge_share", "household_id", "household"),
        refers("charge_share", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_charge_share")),
        sa.UniqueConstraint(
            "compound_id",
            "item_id",
            "household_id",
            name=op.f("uq_charge_share_compound_id_item_id_household_id"),
        ),
    )
    index("charge_share", "compound_id", "household_id")
    index("charge_share", "compound_id", "rev", "id")
    op.create_table(
        "concession",
        *synced(),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ppm", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("defer_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("concession", "asked_by_id", "person"),
        refers("concession", "decided_by_id", "person"),
        refers("concession", "household_id", "household"),
        refers("concession", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_concession")),
    )
    index("concession", "compound_id", "household_id")
    index("concession", "compound_id", "rev", "id")
    index("concession", "compound_id", "state")


def _measured() -> None:
    """What is measured and shared."""
    op.create_table(
        "meter",
        *synced(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        refers("meter", "household_id", "household"),
        refers("meter", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_meter")),
        sa.UniqueConstraint("compound_id", "code", name=op.f("uq_meter_compound_id_code")),
    )
    index("meter", "compound_id", "household_id")
    index("meter", "compound_id", "item_id")
    index("meter", "compound_id", "rev", "id")
    op.create_table(
        "meter_reading",
        *synced(),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("reading", sa.BigInteger(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("restarted", sa.Boolean(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("meter_reading", "meter_id", "meter"),
        refers("meter_reading", "reader_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_meter_reading")),
    )
    index("meter_reading", "compound_id", "meter_id", "read_on")
    index("meter_reading", "compound_id", "rev", "id")
    op.create_table(
        "shared_cost",
        *synced(),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("shared_cost", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_shared_cost")),
    )
    index("shared_cost", "compound_id", "item_id", "since")
    index("shared_cost", "compound_id", "rev", "id")
    op.create_table(
        "parking_space",
        *synced(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        refers("parking_space", "household_id", "household"),
        refers("parking_space", "item_id", "charge_item"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_parking_space")),
    )
    index("parking_space", "compound_id", "code")
    index("parking_space", "compound_id", "household_id")
    index("parking_space", "compound_id", "item_id")
    index("parking_space", "compound_id", "rev", "id")


def _bills() -> None:
    """Bills."""
    op.create_table(
        "bill_run",
        *synced(),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("bills", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("bill_run", "by_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_bill_run")),
    )
    index("bill_run", "compound_id", "rev", "id")
    index("bill_run", "compound_id", "since")
    op.create_table(
        "bill",
        *synced(),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("tariff_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("owed_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reversal_reason", sa.String(), nullable=False),
        refers("bill", "household_id", "household"),
        refers("bill", "item_id", "charge_item"),
        refers("bill", "of_id", "bill"),
        refers("bill", "reversed_by_id", "person"),
        refers("bill", "run_id", "bill_run"),
        refers("bill", "tariff_id", "tariff"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_bill")),
    )
    index("bill", "compound_id", "booked_on", "kind", "item_id", "amount_fen")
    index("bill", "compound_id", "household_id", "since")
    index("bill", "compound_id", "of_id")
    index("bill", "compound_id", "owed_fen", "household_id", "since")
    index("bill", "compound_id", "rev", "id")
    index("bill", "compound_id", "reversed_on")
    index("bill", "compound_id", "run_id")
    index("bill", "compound_id", "since", "item_id", "household_id")
    index("bill", "compound_id", "tariff_id")
    op.create_table(
        "fee_ruling",
        *synced(),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("target_ppm", sa.Integer(), nullable=False),
        sa.Column("twice_ppm", sa.Integer(), nullable=False),
        sa.Column("bulk_score", sa.Integer(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("pay_to", sa.String(), nullable=False),
        sa.Column("approvals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_fee_ruling")),
    )
    index("fee_ruling", "compound_id", "rev", "id")


def _payments() -> None:
    """Money that came or went."""
    op.create_table(
        "payment",
        *synced(),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("free_fen", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("paid_at", UTCDateTime(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("collector_id", sa.Uuid(), nullable=True),
        sa.Column("recorder_id", sa.Uuid(), nullable=True),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        refers("payment", "collector_id", "person"),
        refers("payment", "household_id", "household"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_payment")),
    )
    index("payment", "compound_id", "booked_on", "method", "collector_id", "household_id", "id", "amount_fen")
    index("payment", "compound_id", "collector_id", "paid_at")
    index("payment", "compound_id", "free_fen", "household_id")
    index("payment", "compound_id", "household_id", "paid_at", "id")
    index("payment", "compound_id", "paid_at", "id")
    index("payment", "compound_id", "rev", "id")
    index("payment", "compound_id", "row_id")
    op.create_table(
        "money_row",
        *synced(),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("money_row", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_money_row")),
    )
    index("money_row", "compound_id", "at")
    index("money_row", "compound_id", "key")
    index("money_row", "compound_id", "order_no")
    index("money_row", "compound_id", "payment_id")
    index("money_row", "compound_id", "rev", "id")
    index("money_row", "compound_id", "state", "at", "id")
    op.create_table(
        "refund",
        *synced(),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("refund", "asked_by_id", "person"),
        refers("refund", "decided_by_id", "person"),
        refers("refund", "household_id", "household"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_refund")),
    )
    index("refund", "compound_id", "booked_on")
    index("refund", "compound_id", "household_id")
    index("refund", "compound_id", "rev", "id")
    index("refund", "compound_id", "state")
    op.create_table(
        "allocation",
        *synced(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=True),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        refers("allocation", "bill_id", "bill"),
        refers("allocation", "payment_id", "payment"),
        refers("allocation", "refund_id", "refund"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_allocation")),
    )
    index("allocation", "compound_id", "bill_id", "booked_on")
    index("allocation", "compound_id", "booked_on")
    index("allocation", "compound_id", "payment_id")
    index("allocation", "compound_id", "refund_id")
    index("allocation", "compound_id", "rev", "id")
    op.create_table(
        "placing",
        *synced(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        refers("placing", "household_id", "household"),
        refers("placing", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_placing")),
    )
    index("placing", "compound_id", "booked_on")
    index("placing", "compound_id", "household_id")
    index("placing", "compound_id", "payment_id")
    index("placing", "compound_id", "rev", "id")
    op.create_table(
        "reversal",
        *synced(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("reversal", "asked_by_id", "person"),
        refers("reversal", "decided_by_id", "person"),
        refers("reversal", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_reversal")),
    )
    index("reversal", "compound_id", "booked_on")
    index("reversal", "compound_id", "payment_id")
    index("reversal", "compound_id", "rev", "id")
    index("reversal", "compound_id", "state")


def _papers() -> None:
    """Receipts, cash, and what was said about paying."""
    op.create_table(
        "receipt",
        *synced(),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("collector", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", UTCDateTime(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        refers("receipt", "household_id", "household"),
        refers("receipt", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_receipt")),
    )
    index("receipt", "compound_id", "household_id")
    index("receipt", "compound_id", "issued_at", "id")
    index("receipt", "compound_id", "number")
    index("receipt", "compound_id", "payment_id")
    index("receipt", "compound_id", "rev", "id")
    op.create_table(
        "hand_in",
        *synced(),
        sa.Column("collector_id", sa.Uuid(), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("expected_fen", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("handed_at", UTCDateTime(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_fen", sa.BigInteger(), nullable=True),
        refers("hand_in", "collector_id", "person"),
        refers("hand_in", "confirmed_by_id", "person"),
        refers("hand_in", "to_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_hand_in")),
    )
    index("hand_in", "compound_id", "booked_on")
    index("hand_in", "compound_id", "collector_id", "handed_at")
    index("hand_in", "compound_id", "handed_at")
    index("hand_in", "compound_id", "rev", "id")
    op.create_table(
        "dunning",
        *synced(),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("owed_fen", sa.BigInteger(), nullable=False),
        sa.Column("promise_on", sa.Date(), nullable=True),
        sa.Column("promise_fen", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("dunning", "by_id", "person"),
        refers("dunning", "household_id", "household"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_dunning")),
    )
    index("dunning", "compound_id", "at")
    index("dunning", "compound_id", "household_id", "at", "id")
    index("dunning", "compound_id", "promise_on", "household_id")
    index("dunning", "compound_id", "rev", "id")
    op.create_table(
        "letter_text",
        *synced(),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint("compound_id", "step", name=op.f("uq_letter_text_compound_id_step")),
    )
    index("letter_text", "compound_id", "rev", "id")


def _books() -> None:
    """Accounts, expenses, and what was made public."""
    op.create_table(
        "account",
        *synced(),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("compound_id", "side", "name", name=op.f("uq_account_compound_id_side_name")),
    )
    index("account", "compound_id", "rev", "id")
    op.create_table(
        "movement",
        *synced(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("out_of", sa.String(), nullable=False),
        sa.Column("into", sa.String(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversal_reason", sa.String(), nullable=False),
        refers("movement", "by_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_movement")),
    )
    index("movement", "compound_id", "booked_on")
    index("movement", "compound_id", "moved_on")
    index("movement", "compound_id", "rev", "id")
    index("movement", "compound_id", "reversed_on")
    op.create_table(
        "expense",
        *synced(),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("decided_words", sa.String(), nullable=False),
        sa.Column("paid_by_id", sa.Uuid(), nullable=True),
        sa.Column("paid_from", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversal_reason", sa.String(), nullable=False),
        refers("expense", "account_id", "account"),
        refers("expense", "asked_by_id", "person"),
        refers("expense", "paid_by_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_expense")),
    )
    index("expense", "compound_id", "account_id")
    index("expense", "compound_id", "booked_on")
    index("expense", "compound_id", "rev", "id")
    index("expense", "compound_id", "reversed_on")
    index("expense", "compound_id", "spent_on", "id")
    index("expense", "compound_id", "state", "spent_on")
    op.create_table(
        "expense_approval",
        *synced(),
        sa.Column("expense_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("expense_approval", "expense_id", "expense"),
        refers("expense_approval", "person_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_expense_approval")),
        sa.UniqueConstraint(
            "compound_id",
            "expense_id",
            "person_id",
            name=op.f("uq_expense_approval_compound_id_expense_id_person_id"),
        ),
    )
    index("expense_approval", "compound_id", "person_id")
    index("expense_approval", "compound_id", "rev", "id")
    op.create_table(
        "closing",
        *synced(),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        refers("closing", "by_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_closing")),
    )
    index("closing", "compound_id", "rev", "id")
    index("closing", "compound_id", "until")
    op.create_table(
        "statement",
        *synced(),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        refers("statement", "by_id", "person"),
        sa.PrimaryKeyConstraint("compound_id", "id", name=op.f("pk_statement")),
    )
    index("statement", "compound_id", "rev", "id")
    index("statement", "compound_id", "since")
