"""How rows are spoken of: their fields, values and codes in words. Loads no Textual, so that commands speak the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.rules import Relation, Subject
from models.fees import money
from models.inspection.defects import defect_word
from models.operations.roles import Role
from models.tables import Json, synced_models, table_of
from tui.i18n import has, language, t
from tui.ticket_words import cost_text

_MONEY: Mapping[str, Callable[[int], str]] = {
    "cost": cost_text,
    **dict.fromkeys(("fen", "amount_fen", "promise_fen"), money.yuan),
    "price": money.price_text,
}
RELATIONS = {
    Relation.OWNER: "register.relation.owner",
    Relation.FAMILY: "register.relation.family",
    Relation.TENANT: "register.relation.tenant",
    Relation.TEMPORARY: "register.relation.temporary",
}
SUBJECTS = {
    Subject.BUILDING: "register.subject.building",
    Subject.FACILITY: "register.subject.facility",
    Subject.ROAD: "register.subject.road",
    Subject.GARDEN: "register.subject.garden",
}
ROLES = {
    Role.VOLUNTEER: "role.volunteer",
    Role.BUILDING_LEAD: "role.building_lead",
    Role.COMMITTEE: "role.committee",
    Role.DIRECTOR: "role.director",
    Role.TREASURER: "role.treasurer",
    Role.SUPERVISOR: "role.supervisor",
    Role.STAFF: "role.staff",
}
SEXES = {"male": "register.sex.male", "female": "register.sex.female"}
#: Fields whose values are words of a fixed set, and where the catalogue keeps them under another name.
_SETS = frozenset(
    {"level", "system", "role", "relation", "point_kind", "subject"}
    | {"state", "was", "urgency", "channel", "wait_for", "category"}
)
_FAMILIES = {
    "state": "ticket.state",
    "urgency": "ticket.urgency",
    "channel": "ticket.channel",
    "was": "ticket.state",
    "wait_for": "ticket.wait_for",
    "category": "ticket.category",
    "relation": "register.relation",
    "point_kind": "point",
    "subject": "register.subject",
}
_AREAS = frozenset({"area", "indoor_area"})
_LONGEST = 5_000


def relation_word(relation: Relation) -> str:
    return t(RELATIONS[relation])


def role_word(role: Role) -> str:
    return t(ROLES[role])


def subject_word(subject: Subject) -> str:
    return t(SUBJECTS[subject])


def sex_word(sex: str) -> str:
    """Return the word for a sex; one that somebody wrote in words of their own stays."""
    return t(SEXES[sex]) if sex in SEXES else sex


def listed(parts: Sequence[str]) -> str:
    """Join several names as the language does."""
    return ("、" if language() == "zh_CN" else ", ").join(part for part in parts if part)


def building_word(code: str) -> str:
    return t("register.building", code=code)


def floor_text(floor: int | None) -> str:
    return "" if floor is None else str(floor)


def area_text(area: int | None) -> str:
    """Return an area in 1/100 m² as m², without zeros that say nothing."""
    return "" if area is None else money.area_text(area)


def table_word(table: str) -> str:
    key = f"table.{table}"
    return t(key) if has(key) else table


def field_word(field: str) -> str:
    key = f"field.{field}"
    return t(key) if has(key) else field


def point_kind_word(kind: str) -> str:
    """Return the word for a kind of point; one of a later version stays as it is."""
    key = f"point.{kind}"
    return t(key) if has(key) else kind


def category_word(code: str) -> str:
    """Return the word for a kind of job; one of the compound's own is its own word."""
    key = f"ticket.category.{code}"
    return t(key) if has(key) else code


def kind_word(kind: str) -> str:
    key = f"kind.{kind}"
    return t(key) if has(key) else kind


def value_words(field: str, value: Json, names: Mapping[UUID, str]) -> str:
    """Return a value as the forms show it: areas in m², lists with commas, ids as what they stand for."""
    if value is None or value in ("", [], {}):
        return t("sync.blank")
    if isinstance(value, int | float):
        return _number(field, value)
    if isinstance(value, list):
        return listed([value_words(field, one, names) for one in value[:50]])
    if isinstance(value, dict) and field == "defects":
        grade = f" {value['grade']}" if value.get("grade") else ""
        return f"{defect_word(str(value.get('code', '')), 'zh' if language() == 'zh_CN' else 'en')}{grade}"
    if isinstance(value, dict):
        return listed([f"{_key(key, names)} {value_words(key, one, names)}" for key, one in value.items()])
    return _text(field, str(value), names)


def _key(key: str, names: Mapping[UUID, str]) -> str:
    """Return what an entry of a mapping is called: a field, or the question that was answered."""
    row_id = id_in(key)
    return field_word(key) if row_id is None else names.get(row_id, t("sync.unknown_row"))


def _number(field: str, value: float) -> str:
    if isinstance(value, bool):
        return t("form.yes") if value else t("form.no")
    if field in _AREAS and isinstance(value, int):
        return f"{area_text(value)} m²"
    if isinstance(value, int) and field in _MONEY:
        return _MONEY[field](value)
    number = int(value) if float(value).is_integer() else value
    if field.endswith("_mm"):
        return t("import.millimetres", n=number)
    if field.endswith("_m"):
        return t("import.metres", n=number)
    return str(number)


def _text(field: str, text: str, names: Mapping[UUID, str]) -> str:
    if field == "sex":
        return sex_word(text)
    if field == "kind":
        return point_kind_word(text)
    if field == "choice" and has(f"changes.choice.{text}"):
        return t(f"changes.choice.{text}")
    family = _FAMILIES.get(field, field)
    if field in _SETS and has(f"{family}.{text}"):
        return t(f"{family}.{text}")
    row_id = id_in(text)
    if row_id is not None:
        return names.get(row_id, t("sync.unknown_row"))
    return text[:_LONGEST]


def id_in(text: object) -> UUID | None:
    """Return the id that a text spells, if it does."""
    if not isinstance(text, str) or len(text) not in {32, 36}:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def ids_in(value: Json) -> Iterable[UUID]:
    """Yield every id in a JSON value, as a value or as the key of one."""
    if isinstance(value, list):
        for one in value:
            yield from ids_in(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from ids_in(key)
            yield from ids_in(one)
    elif (row_id := id_in(value)) is not None:
        yield row_id


def names_of(session: Session, compound_id: UUID, wanted: Iterable[UUID]) -> dict[UUID, str]:
    """Return what rows are called, by id, whatever table they are in."""
    left = sorted(set(wanted))[:500]
    names: dict[UUID, str] = {}
    for model in synced_models().values() if left else ():
        table = table_of(model)
        label = next((table.c[name] for name in ("code", "name", "text") if name in table.c), None)
        if label is None:
            continue
        statement = select(table.c.id, label).where(table.c.compound_id == compound_id, table.c.id.in_(left))
        names.update({row[0]: str(row[1]) for row in session.connection().execute(statement)})
    nameless = [one for one in left if one not in names]
    return names | _places_of(session, compound_id, nameless) if nameless else names


def _places_of(session: Session, compound_id: UUID, wanted: Sequence[UUID]) -> dict[UUID, str]:
    """Return places on shifts, and requests about them, called by the shift and by whose they are."""
    from models.duty.disputes import SWAP, places
    from models.operations.queries import zone_of
    from tui.duty_words import shift_title, span_text

    asked = select(SWAP.c.id, SWAP.c.assignment_id).where(
        SWAP.c.compound_id == compound_id, SWAP.c.id.in_(wanted)
    )
    about = {row.id: row.assignment_id for row in session.connection().execute(asked)}
    found = places(session, compound_id, {*wanted, *about.values()})
    if not found:
        return {}
    zone = zone_of(session, compound_id)
    said = {
        one.id: f"{one.person} {shift_title(one)} {span_text(one.starts_at, one.ends_at, zone)}"
        for one in found.values()
    }
    return said | {row_id: said[place] for row_id, place in about.items() if place in said}


def content_words(payload: Mapping[str, Any], names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """Return what an operation wanted, as pairs of what and value; of an edit, the new values."""
    wanted = {**{key: value for key, value in payload.items() if key not in {"id", "old", "new"}}}
    wanted |= payload.get("new") or {}
    pairs: list[tuple[str, str]] = []
    for key, value in wanted.items():
        if value in (None, "", [], {}):
            continue
        word = table_word(key) if has(f"table.{key}") else field_word(key)
        pairs.append((word, value_words(key, value, names)))
    return pairs
