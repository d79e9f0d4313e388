"""How lists speak to people: headings and set words in the language in use.

Scripts get names and words as they are stored; what a person reads can be typed
back into --where.
"""

from __future__ import annotations

from models.listings import Listing
from models.tables import Json
from models.text import fold
from tui.i18n import has, t

#: Columns whose values are words of a fixed set, and the family of keys that names them.
_FAMILIES = {
    "answer": "answer",
    "level": "level",
    "point_kind": "point",
    "roles": "role",
    "sex": "register.sex",
    "subject": "register.subject",
    "system": "system",
    "verdict": "verdict",
}
_KINDS = {"points": "point", "operations": "kind", "outbox": "kind"}


def heading(listing: Listing, column: str) -> str:
    """Return a column's heading; one name may mean different things in different lists."""
    own = f"column.{listing.name}.{column}"
    return t(own) if has(own) else t(f"column.{column}")


def value_word(listing: Listing, column: str, value: str) -> str:
    """Return the word for a value of a fixed set, and any other value as it is."""
    key = f"{_family(listing, column)}.{value}"
    return t(key) if value and has(key) else value


def column_named(listing: Listing, text: str) -> str:
    """Return the column whose name or heading is `text`; `text` itself when there is none."""
    if text in listing.columns:
        return text
    return next((column for column in shown(listing) if heading(listing, column) == text), text)


def reads_as(listing: Listing, column: str, value: Json, text: str) -> bool:
    """Tell whether a value of a fixed set is `text`, as it is stored or as it is shown."""
    values = value if isinstance(value, list) else [value or ""]
    return any(fold(text) in {fold(str(one)), fold(value_word(listing, column, str(one)))} for one in values)


def is_of_a_set(listing: Listing, column: str) -> bool:
    """Tell whether the values of a column are words of a fixed set."""
    return column in listing.columns and bool(_family(listing, column))


def shown(listing: Listing) -> tuple[str, ...]:
    """Return the columns people see: ids are for scripts."""
    return tuple(column for column in listing.columns if column != "id" and not column.endswith("_id"))


def _family(listing: Listing, column: str) -> str:
    return _KINDS.get(listing.name, "") if column == "kind" else _FAMILIES.get(column, "")
