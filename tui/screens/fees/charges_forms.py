"""The forms of items and tariffs: their fields, and from what was typed to what an operation carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from models.fees.derivation import ONCE, SHARED, Formula
from models.fees.money import price_of
from models.fees.periods import Cycle
from models.fees.queries_setup import ItemLine, TariffLine
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from models.text import normalise
from tui.fee_words import cycle_word, formula_word
from tui.i18n import t
from tui.row_words import listed
from tui.screens.fees.money_fields import percent_field, percent_typed, price_field
from tui.screens.form import Values
from tui.screens.register.fields import note_from_line, note_to_line
from tui.widgets.fields import ChoiceField, DateField, Field, NumberField, TextField

_LONGEST_CYCLE: Final = 60
_LONGEST_GRACE: Final = 3_650


def item_fields(item: ItemLine | None = None) -> list[Field]:
    """Ask for an item. By which formula it is charged is said once, when it is added."""
    formula: list[Field] = [
        ChoiceField(
            id="formula",
            label=t("charges.formula"),
            required=True,
            options=tuple((one.value, formula_word(one)) for one in Formula),
        )
    ]
    return [
        TextField(
            id="name",
            label=t("charges.name"),
            value=item.name if item else "",
            required=True,
            longest=LONGEST_NAME,
        ),
        *([] if item else formula),
        ChoiceField(
            id="cycle",
            label=t("charges.cycle"),
            value=item.cycle if item else Cycle.MONTH,
            required=True,
            options=tuple((one.value, cycle_word(one)) for one in Cycle),
        ),
        TextField(
            id="buildings",
            label=t("charges.buildings"),
            value=listed(list(item.buildings)) if item else "",
            hint=t("charges.buildings_hint"),
        ),
        TextField(
            id="kinds",
            label=t("charges.kinds"),
            value=listed(list(item.kinds)) if item else "",
            hint=t("charges.kinds_hint"),
        ),
        TextField(
            id="note",
            label=t("charges.note"),
            value=note_to_line(item.note) if item else "",
            longest=LONGEST_NOTE,
        ),
    ]


def item_values(values: Values) -> dict[str, Any]:
    """Return what was typed of an item as its operation carries it."""
    found = {"name": str(values["name"]), "cycle": str(values["cycle"])}
    lists = {name: _list_of(str(values[name] or "")) for name in ("kinds", "buildings")}
    formula = {"formula": str(values["formula"])} if values.get("formula") else {}
    return {**found, **formula, **lists, "note": note_from_line(str(values["note"] or ""))}


def _list_of(text: str) -> list[str]:
    """Return the parts of a list as people write it, with commas of any kind between."""
    plain = normalise(text)
    for mark in "，、;；":
        plain = plain.replace(mark, ",")
    return list(dict.fromkeys(part.strip() for part in plain.split(",") if part.strip()))


def price_unit(formula: str) -> str:
    """Return what a unit price is of."""
    return t(f"charges.unit.{formula}")


def tariff_fields(item: ItemLine, before: TariffLine | None, today: date) -> list[Field]:
    """Ask what an item costs from a day on; it begins as the version that holds now."""
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    since = today.replace(month=1, day=1) if before is None else following
    shared = Formula(item.formula) in SHARED
    once = Formula(item.formula) in ONCE
    price = [
        price_field(
            "price",
            t("charges.price", unit=price_unit(item.formula)),
            before.price if before else None,
            hint=t("charges.price_hint"),
        )
    ]
    prepay: list[Field] = [
        NumberField(
            id="prepay_months",
            label=t("charges.prepay_months"),
            value=str(before.prepay_months) if before and before.prepay_months else "",
            minimum=0,
            maximum=_LONGEST_CYCLE,
            hint=t("charges.prepay_hint"),
        ),
        percent_field("prepay", t("charges.prepay"), before.prepay_ppm if before else 0),
    ]
    return [
        *([] if shared else price),
        DateField(
            id="since",
            label=t("charges.since"),
            value=since.isoformat(),
            required=True,
            hint=t("charges.since_hint"),
        ),
        *([] if once else prepay),
        percent_field(
            "late", t("charges.late"), before.late_ppm if before else 0, hint=t("charges.late_hint")
        ),
        NumberField(
            id="late_grace_days",
            label=t("charges.late_grace"),
            value=str(before.late_grace_days) if before and before.late_ppm else "",
            minimum=0,
            maximum=_LONGEST_GRACE,
        ),
        percent_field(
            "late_cap",
            t("charges.late_cap"),
            before.late_cap_ppm if before and before.late_ppm else 300_000,
            hint=t("charges.late_cap_hint"),
        ),
        TextField(id="note", label=t("charges.basis"), longest=LONGEST_NOTE, hint=t("charges.basis_hint")),
    ]


def tariff_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed of a version as its operation carries it."""
    since = values["since"]
    return {
        "price": price_of(str(values["price"])) if values.get("price") else 0,
        "since": since.isoformat() if isinstance(since, date) else str(since),
        "prepay_months": int(str(values.get("prepay_months") or 0)),
        "prepay_ppm": percent_typed(values.get("prepay")),
        "late_ppm": percent_typed(values.get("late")),
        "late_grace_days": int(str(values.get("late_grace_days") or 0)),
        "late_cap_ppm": percent_typed(values.get("late_cap")),
        "note": note_from_line(str(values.get("note") or "")),
    }
