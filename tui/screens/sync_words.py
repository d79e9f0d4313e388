"""How the Sync screen speaks: values of any field, who wrote what and where, how much has travelled. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.operations.pending import Writer
from models.tables import Json, synced_models, table_of
from tui.i18n import has, t
from tui.screens.register_words import area_text, listed, sex_word
from tui.screens.walk_words import kind_word as point_kind_word
from tui.widgets.status_words import moment

_AREAS = frozenset({"area", "indoor_area"})
_KIBI = 1024
_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Where:
    """What words need to know of the place: its zone, the day there, the names of its laptops and of rows by id."""

    zone: str
    today: date
    laptops: Mapping[UUID, str]
    own: UUID | None
    names: Mapping[UUID, str]

    def when(self, at: datetime | None) -> str:
        return "" if at is None else moment(at, self.zone, self.today)

    def laptop(self, device_id: UUID | None) -> str:
        """Return what a laptop is called; this one says so."""
        if device_id is None:
            return ""
        if device_id == self.own:
            return t("sync.this_laptop")
        return self.laptops.get(device_id, "")

    def writer(self, writer: Writer) -> str:
        """Return who wrote something, when, and on which laptop, as far as anybody knows."""
        parts = [writer.person, self.when(writer.at), self.laptop(writer.device_id)]
        return " · ".join(part for part in parts if part) or t("sync.nobody_known")

    def loser(self, kept_by: Writer, lost_by: Writer) -> str:
        """Return who wrote what was put aside; where it is only known who overwrote it, that it was there before."""
        if lost_by.operation_id is not None and lost_by.operation_id == kept_by.operation_id:
            return t("sync.written_before")
        return self.writer(lost_by)


def table_word(table: str) -> str:
    key = f"table.{table}"
    return t(key) if has(key) else table


def field_word(field: str) -> str:
    key = f"field.{field}"
    return t(key) if has(key) else field


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
    if isinstance(value, dict):
        return listed([f"{field_word(key)} {value_words(key, one, names)}" for key, one in value.items()])
    return _text(field, str(value), names)


def _number(field: str, value: float) -> str:
    if isinstance(value, bool):
        return t("form.yes") if value else t("form.no")
    if field in _AREAS and isinstance(value, int):
        return f"{area_text(value)} m²"
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
    if field in {"level", "system", "role"} and has(f"{field}.{text}"):
        return t(f"{field}.{text}")
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
    """Yield every id in a JSON value."""
    if isinstance(value, list):
        for one in value:
            yield from ids_in(one)
    elif isinstance(value, dict):
        for one in value.values():
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
    return names


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


def bytes_words(count: int) -> str:
    """Return an amount of data in a unit that leaves few digits."""
    if count < _KIBI:
        return f"{count} B"
    size, unit = count / _KIBI, "KB"
    if size >= _KIBI:
        size, unit = size / _KIBI, "MB"
    return f"{size:.1f} {unit}" if size < 100 else f"{size:,.0f} {unit}"  # noqa: PLR2004
