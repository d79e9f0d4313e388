"""The forms of the books: money that moves without a bill, accounts, closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from models.fees.money import fen_of
from models.fees.periods import Cycle, cycle_at
from models.fees.rules import OPENING, MovementKind, Side
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from tui import edge
from tui.fee_words import side_word
from tui.i18n import t
from tui.screens.fees import money_fields
from tui.screens.fees.accounts_store import Books
from tui.screens.form import Values
from tui.widgets.fields import ChoiceField, DateField, Field, PickField, TextField, Value
from tui.widgets.picker import Option

_DAY: Final = timedelta(days=1)


def amount_field(label: str = "") -> Field:
    """Ask for an amount in yuan, more than nothing."""
    return money_fields.amount_field(
        "fen", label or t("accounts.form.amount"), hint=t("accounts.form.amount_hint")
    )


def fen_typed(values: Values) -> int:
    """Return the amount that was typed, in fen."""
    return fen_of(str(values["fen"]))


def words_fields(words: str) -> list[Field]:
    """Ask for a voucher's number and for what it was."""
    return [
        TextField(id="voucher", label=t("accounts.form.voucher"), longest=LONGEST_NAME),
        TextField(id="words", label=words, longest=LONGEST_NOTE),
    ]


def day_field(label: str, today: date) -> Field:
    """Ask on which day; today, if nobody says another, and never later."""

    def check(value: Value) -> str | None:
        return t("accounts.form.later") if isinstance(value, date) and value > today else None

    return DateField(id="day", label=label, value=today.isoformat(), required=True, check=check)


# -- movements ---------------------------------------------------------------------------


def movement_fields(books: Books, kind: MovementKind) -> list[Field]:
    """Ask what a movement of a kind needs."""
    held = tuple(Option(code, books.named.word(code)) for code in _held(books))
    fields: list[Field] = []
    if kind is MovementKind.INCOME:
        incomes = tuple(Option(one.code, one.name) for one in books.added_on(Side.INCOME))
        fields.append(PickField(id="out_of", label=t("accounts.form.income"), options=incomes, required=True))
    elif kind is MovementKind.TRANSFER:
        fields.append(PickField(id="out_of", label=t("accounts.form.out_of"), options=held, required=True))
    fields.append(PickField(id="into", label=t("accounts.form.into"), options=held, required=True))
    return [
        *fields,
        amount_field(),
        day_field(t("accounts.form.day"), books.today),
        *words_fields(t("accounts.form.words")),
    ]


def _held(books: Books) -> list[str]:
    """Return where money can lie: what every compound has, what it added, and cash in hands."""
    hands = [one for one in books.standing if one.startswith("assets:cash:")]
    return [*books.places, *hands]


def movement_refused(values: Values) -> str | None:
    """Return why a movement as typed is none."""
    return t("accounts.form.same") if values.get("out_of") == values["into"] else None


def movement_intents(kind: MovementKind, values: Values) -> Sequence[Intent]:
    """Return what a form of a movement wants done."""
    day = values["day"]
    payload: dict[str, Any] = {
        "id": str(edge.new_id()),
        "kind": kind.value,
        "out_of": OPENING if kind is MovementKind.OPENING else str(values["out_of"]),
        "into": str(values["into"]),
        "fen": fen_typed(values),
        "moved_on": day.isoformat() if isinstance(day, date) else None,
        "voucher": str(values["voucher"] or ""),
        "words": str(values["words"] or ""),
    }
    return [Intent("fee.move", payload)]


# -- accounts ----------------------------------------------------------------------------


def account_fields(side: Side | None = None) -> list[Field]:
    """Ask for an account; `side` when only that will do."""
    name = TextField(
        id="name",
        label=t("accounts.form.name"),
        required=True,
        longest=LONGEST_NAME,
        hint=t("accounts.form.name_hint"),
    )
    if side is not None:
        return [name]
    sides = tuple((one.value, side_word(one.value)) for one in Side)
    return [name, ChoiceField(id="side", label=t("accounts.form.side"), options=sides, required=True)]


def account_intents(values: Values, side: Side | None = None) -> Sequence[Intent]:
    """Return what a form of an account wants done."""
    chosen = side.value if side is not None else str(values["side"])
    payload = {"id": str(edge.new_id()), "side": chosen, "name": str(values["name"])}
    return [Intent("fee.add_account", payload)]


# -- closing -----------------------------------------------------------------------------


def closing_fields(books: Books) -> list[Field]:
    """Ask up to and including which day the books are closed: the last quarter's end, if nobody says another."""

    def check(value: Value) -> str | None:
        if not isinstance(value, date):
            return None
        if value >= books.today:
            return t("accounts.closing.ahead")
        first = books.open_since
        return (
            t("refusal.fee.closed_already", day=first.isoformat())
            if first is not None and value + _DAY <= first
            else None
        )

    quarter = cycle_at(Cycle.QUARTER, books.today).first - _DAY
    return [
        DateField(
            id="last",
            label=t("accounts.closing.last"),
            value=quarter.isoformat(),
            required=True,
            check=check,
            hint=t("accounts.closing.hint"),
        ),
        TextField(id="words", label=t("accounts.form.words"), longest=LONGEST_NOTE),
    ]


def closing_intents(values: Values) -> Sequence[Intent]:
    """Return what the form of closing wants done."""
    last = values["last"]
    return closing_to(last + _DAY, str(values["words"] or "")) if isinstance(last, date) else []


def closing_to(until: date, words: str = "") -> Sequence[Intent]:
    """Return what closes the books before a day."""
    return [Intent("fee.close", {"id": str(edge.new_id()), "until": until.isoformat(), "words": words})]
