"""How the Sync screen speaks beside what tui.row_words says: who wrote what and where, how much has travelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models.operations.pending import Writer
from tui.i18n import t
from tui.row_words import content_words, field_word, ids_in, kind_word, names_of, table_word, value_words
from tui.widgets.status_words import moment

__all__ = [
    "Where",
    "bytes_words",
    "content_words",
    "field_word",
    "ids_in",
    "kind_word",
    "names_of",
    "table_word",
    "value_words",
]
_KIBI = 1024


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


def bytes_words(count: int) -> str:
    """Return an amount of data in a unit that leaves few digits."""
    if count < _KIBI:
        return f"{count} B"
    size, unit = count / _KIBI, "KB"
    if size >= _KIBI:
        size, unit = size / _KIBI, "MB"
    return f"{size:.1f} {unit}" if size < 100 else f"{size:,.0f} {unit}"  # noqa: PLR2004
