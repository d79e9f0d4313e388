"""Forms of the register: their fields, and from what was typed to what an operation carries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.community.payloads import HouseholdCode
from models.community.queries import HouseholdCard, PersonCard
from models.community.rules import Relation
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE, Phone
from models.tables import Json
from tui.i18n import t
from tui.screens.register.words import RELATIONS, SEXES, area_text, floor_text, relation_word
from tui.widgets.fields import ChoiceField, DateField, Field, NumberField, TextField, Value

_PHONES = TypeAdapter(list[Phone])
_CODE = TypeAdapter(HouseholdCode)
_MOST_PHONES = 10
_BETWEEN = re.compile(r"[,，、;；/\n]+")
# An input has one line; a note may have several. The sign is the key that makes a new line.
_NEW_LINE = "⏎"

Payload = dict[str, Json]


# Typed text to values


def phones_of(text: str) -> list[str]:
    """Return the numbers in a typed text; raises ValidationError for what is no number."""
    return _PHONES.validate_python([part.strip() for part in _BETWEEN.split(text) if part.strip()])


def check_phones(text: Value) -> str | None:
    try:
        found = phones_of(str(text))
    except ValidationError:
        return t("register.phone_wrong")
    return t("register.phone_many", n=_MOST_PHONES) if len(found) > _MOST_PHONES else None


def skills_of(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def code_of(text: str) -> str | None:
    """Return a household's code from any spelling, or None while the text is none."""
    try:
        return _CODE.validate_python(text)
    except ValidationError:
        return None


def check_code(text: Value) -> str | None:
    return None if code_of(str(text)) is not None else t("register.code_wrong")


def note_to_line(note: str) -> str:
    return note.replace("\n", _NEW_LINE)


def note_from_line(text: Value) -> str:
    return str(text or "").replace(_NEW_LINE, "\n")


def area_of(value: Value) -> int | None:
    """Return m² as typed in 1/100 m²."""
    return None if value is None else int(Decimal(str(value)) * 100)


# Households


def household_fields(card: HouseholdCard | None = None) -> list[Field]:
    # What changes most often comes first: a new number costs no walk through the form.
    return [
        phones_field(t("register.home_phone"), card.phones if card else ()),
        _line("status", t("register.status"), card.status if card else ""),
        NumberField(
            id="floor",
            label=t("register.floor"),
            value=floor_text(card.floor) if card else "",
            minimum=-9,
            maximum=200,
        ),
        _area("area", t("register.area"), card.area if card else None),
        _area("indoor_area", t("register.indoor_area"), card.indoor_area if card else None),
        _line("kind", t("register.kind"), card.kind if card else ""),
        _line("layout", t("register.layout"), card.layout if card else ""),
        note_field(card.note if card else ""),
    ]


def household_values(values: Mapping[str, Value]) -> Payload:
    return {
        "floor": values["floor"] if isinstance(values["floor"], int) else None,
        "area": area_of(values["area"]),
        "indoor_area": area_of(values["indoor_area"]),
        "kind": str(values["kind"] or ""),
        "layout": str(values["layout"] or ""),
        "status": str(values["status"] or ""),
        "phones": list(phones_of(str(values["phones"] or ""))),
        "note": note_from_line(values["note"]),
    }


def household_stands(card: HouseholdCard) -> Payload:
    return {
        "floor": card.floor,
        "area": card.area,
        "indoor_area": card.indoor_area,
        "kind": card.kind,
        "layout": card.layout,
        "status": card.status,
        "phones": list(card.phones),
        "note": card.note,
    }


# People


def person_fields(card: PersonCard | None = None, *, name: str = "") -> list[Field]:
    sexes = tuple((sex, t(key)) for sex, key in SEXES.items())
    return [
        TextField(
            id="name",
            label=t("register.name"),
            value=card.name if card else name,
            required=True,
            longest=LONGEST_NAME,
        ),
        phones_field(t("register.phones"), card.phones if card else ()),
        ChoiceField(id="sex", label=t("register.sex"), value=card.sex if card else "", options=sexes),
        TextField(
            id="skills",
            label=t("register.skills"),
            value="、".join(card.skills) if card else "",
            hint=t("register.skills_hint"),
            longest=LONGEST_NAME * 10,
        ),
        note_field(card.note if card else ""),
    ]


def person_values(values: Mapping[str, Value]) -> Payload:
    return {
        "name": str(values["name"] or ""),
        "sex": str(values["sex"] or ""),
        "phones": list(phones_of(str(values["phones"] or ""))),
        "skills": list(skills_of(str(values["skills"] or ""))),
        "note": note_from_line(values["note"]),
    }


def person_stands(card: PersonCard) -> Payload:
    return {
        "name": card.name,
        "sex": card.sex,
        "phones": list(card.phones),
        "skills": list(card.skills),
        "note": card.note,
    }


# Pieces


def phones_field(label: str, phones: Sequence[str], *, name: str = "phones") -> Field:
    return TextField(
        id=name,
        label=label,
        value="、".join(phones),
        hint=t("register.phones_hint"),
        check=check_phones,
        longest=300,
    )


def note_field(note: str = "") -> Field:
    return TextField(id="note", label=t("register.note"), value=note_to_line(note), longest=LONGEST_NOTE)


def relation_field() -> Field:
    options = tuple((relation.value, relation_word(relation)) for relation in RELATIONS)
    return ChoiceField(
        id="relation",
        label=t("register.relation"),
        value=Relation.OWNER.value,
        required=True,
        options=options,
    )


def day_field(name: str, label: str, day: date | None, *, required: bool = False, hint: str = "") -> Field:
    return DateField(id=name, label=label, value=day.isoformat() if day else "", required=required, hint=hint)


def day_value(value: Value) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def _line(name: str, label: str, value: str) -> Field:
    return TextField(id=name, label=label, value=value, longest=LONGEST_NAME)


def _area(name: str, label: str, area: int | None) -> Field:
    return NumberField(
        id=name,
        label=label,
        value=area_text(area),
        minimum=Decimal("0.01"),
        maximum=100_000,
        decimals=2,
        unit="m²",
    )


def filled(values: Mapping[str, Any]) -> Payload:
    """Return only what says something, for an addition."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def differing(stands: Mapping[str, Json], wanted: Mapping[str, Json]) -> tuple[Payload, Payload]:
    """Return old and new of the fields that were changed, so that an edit touches nothing else."""
    names = [name for name, value in wanted.items() if value != stands.get(name)]
    return {name: stands.get(name) for name in names}, {name: wanted[name] for name in names}
