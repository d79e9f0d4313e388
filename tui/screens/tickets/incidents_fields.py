"""Forms of incidents: their fields, and from what was typed to what an operation carries."""

from __future__ import annotations

from typing import Any

from models.operations.fields import LONGEST_NAME
from models.tickets.queries_incidents import IncidentLine
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.register.fields import note_from_line, note_to_line
from tui.screens.tickets.incidents_store import Choices
from tui.screens.tickets.incidents_words import moment, moment_text
from tui.screens.tickets.marks import Clock
from tui.widgets.fields import Field, PickField, TextField, Value
from tui.widgets.picker import Option

LONGEST_WORDS = 1_000


def words_field(label: str, words: str = "", *, hint: str = "", required: bool = False) -> Field:
    return TextField(
        id="words",
        label=label,
        value=note_to_line(words),
        longest=LONGEST_WORDS,
        hint=hint,
        required=required,
    )


def incident_fields(line: IncidentLine | None, given: Choices) -> list[Field]:
    """Return the fields of an incident; of a new one they are empty."""

    def check(text: Value) -> str | None:
        return None if moment(str(text), given.clock) is not None else t("incidents.not_a_time")

    expected = None if line is None or line.expected_at is None else line.expected_at
    return [
        TextField(
            id="name",
            label=t("incidents.name"),
            value="" if line is None else line.name,
            required=True,
            longest=LONGEST_NAME,
            hint=t("incidents.name_hint"),
        ),
        words_field(t("incidents.words"), "" if line is None else line.words, hint=t("incidents.words_hint")),
        PickField(
            id="category",
            label=t("incidents.kind"),
            value="" if line is None else line.category,
            options=(Option("", t("incidents.any_kind"), t("incidents.any_kind_note")), *given.kinds),
        ),
        TextField(
            id="expected",
            label=t("incidents.expected"),
            value=moment_text(expected),
            hint=t("incidents.expected_hint"),
            check=check,
            longest=LONGEST_NAME,
        ),
    ]


def incident_values(values: Values, clock: Clock) -> dict[str, Any]:
    """Return what was typed as values."""
    expected = str(values["expected"] or "")
    return {
        "name": str(values["name"]),
        "words": note_from_line(values["words"]),
        "category": str(values["category"] or ""),
        "expected_at": moment(expected, clock) if expected else None,
    }
