"""How lists speak to people: headings and set words in the language in use.

Scripts get names and words as they are stored; what a person reads can be typed
back into --where.
"""

from __future__ import annotations

from models.duty.needs import read_need
from models.listings import Listing, ListingRow
from models.problems import Problem
from models.tables import Json
from models.text import fold, normalise
from tui.duty_words import need_word
from tui.i18n import has, t
from tui.words import problem_text

#: Columns whose values are words of a fixed set, and the family of keys that names them.
_FAMILIES = {
    "answer": "answer",
    "every": "every",
    "better": "field",
    "categories": "ticket.category",
    "level": "level",
    "level_now": "level",
    "level_then": "level",
    "point_kind": "point",
    "roles": "role",
    "sex": "register.sex",
    "state": "due",
    "subject": "register.subject",
    "system": "system",
    "turn": "compare",
    "verdict": "verdict",
    "what": "repeat.same",
    "worse": "field",
}
#: The family of what a shift's hands must have, which is spelled and no single word.
_NEED = "need"
#: The same by list and column, where a column's name means something else in another list.
_OWN = {
    ("accounts", "kind"): "accounts.root",
    ("arrears", "last_answer"): "fee.answer",
    ("arrears", "last_step"): "fee.step",
    ("arrears", "last_way"): "fee.way",
    ("arrears", "pause"): "arrears.pause",
    ("arrears", "promise"): "arrears.promise",
    ("assignments", "absence"): "duty.absence",
    ("assignments", "presence"): "duty.presence",
    ("assignments", "state"): "duty.state",
    ("availability", "kind"): "duty.availability",
    ("availability", "weekdays"): "duty.weekday",
    ("bills", "kind"): "fee.bill_kind",
    ("bills", "state"): "billing.state",
    ("entries", "kind"): "accounts.entry",
    ("log", "kind"): "duty.log",
    ("operations", "kind"): "kind",
    ("payments", "method"): "fee.method",
    ("receipts", "method"): "fee.method",
    ("outbox", "kind"): "kind",
    ("points", "kind"): "point",
    ("incidents", "category"): "ticket.category",
    ("shift-templates", "days"): "duty.days",
    ("shift-templates", "needs"): _NEED,
    ("shift-templates", "weekdays"): "duty.weekday",
    ("shift-templates", "weeks"): "duty.weeks",
    ("shifts", "needs"): _NEED,
    ("shifts", "state"): "duty.state",
    ("shifts", "unmet"): _NEED,
    ("swaps", "state"): "duty.swap",
    ("ticket-events", "channel"): "ticket.channel",
    ("ticket-events", "from"): "ticket.state",
    ("ticket-events", "kind"): "ticket.event",
    ("ticket-events", "to"): "ticket.state",
    ("tickets", "category"): "ticket.category",
    ("tickets", "channel"): "ticket.channel",
    ("tickets", "state"): "ticket.state",
    ("tickets", "urgency"): "ticket.urgency",
    ("tickets", "wait_for"): "ticket.wait_for",
}


def heading(listing: Listing, column: str) -> str:
    """Return a column's heading; one name may mean different things in different lists."""
    own = f"column.{listing.name}.{column}"
    return t(own) if has(own) else t(f"column.{column}")


def value_word(listing: Listing, column: str, value: str) -> str:
    """Return the word for a value of a fixed set, a need in words, and any other value as it is."""
    family = _family(listing, column)
    if family == _NEED and (need := read_need(value)) is not None:
        return need_word(need)
    key = f"{family}.{value}"
    return t(key) if value and has(key) else value


def spoken(listing: Listing, row: ListingRow) -> ListingRow:
    """Return a row with the sentence of its problem, where a list is one of problems."""
    params = row.get("params")
    if "message" not in listing.columns or not isinstance(params, dict):
        return row
    told = {name: value for name, value in params.items() if not isinstance(value, list | dict)}
    return {**row, "message": problem_text(Problem(str(row["code"]), params=told))}


def cell_text(listing: Listing, column: str, value: Json) -> str:
    """Return a value as people read it in a table: words of the language, several joined as it does."""
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return t("cli.yes") if value else t("cli.no")
    if isinstance(value, list):
        return t("list.comma").join(cell_text(listing, column, one) for one in value)
    if isinstance(value, float):
        return f"{value:g}"
    return value_word(listing, column, normalise(str(value)))


def column_named(listing: Listing, text: str) -> str:
    """Return the column whose name or heading is `text`; `text` itself when there is none."""
    if text in listing.columns:
        return text
    return next((column for column in shown(listing) if heading(listing, column) == text), text)


def reads_as(listing: Listing, column: str, value: Json, text: str) -> bool:
    """Tell whether a value of a fixed set, or a truth, is `text`, as it is stored or as it is shown."""
    if isinstance(value, bool):
        return fold(text) in {"true" if value else "false", fold(cell_text(listing, column, value))}
    values = value if isinstance(value, list) else [value or ""]
    return any(fold(text) in {fold(str(one)), fold(value_word(listing, column, str(one)))} for one in values)


def is_of_a_set(listing: Listing, column: str) -> bool:
    """Tell whether the values of a column are words of a fixed set."""
    return column in listing.columns and bool(_family(listing, column))


def is_yes_or_no(text: str) -> bool:
    """Tell whether a text is how a list shows a truth."""
    return fold(text) in {fold(t("cli.yes")), fold(t("cli.no"))}


def shown(listing: Listing) -> tuple[str, ...]:
    """Return the columns people see: ids, and what sentences are made of, are for scripts."""
    hidden = {"id"} | ({"code", "params", "cure"} if "message" in listing.columns else set())
    return tuple(column for column in listing.columns if column not in hidden and not column.endswith("_id"))


def _family(listing: Listing, column: str) -> str:
    return _OWN.get((listing.name, column)) or _FAMILIES.get(column, "")
