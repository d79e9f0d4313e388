"""How the register speaks beside what tui.row_words says: phones, spans of days, verdicts. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.operations.verdicts import Conflicted, Merged
from models.text import mask_phone
from tui.i18n import t
from tui.row_words import (
    RELATIONS,
    ROLES,
    SEXES,
    SUBJECTS,
    area_text,
    building_word,
    floor_text,
    listed,
    relation_word,
    role_word,
    sex_word,
    subject_word,
)
from tui.widgets.text import Mark, Tone

if TYPE_CHECKING:
    from models.operations.perform import Outcome

__all__ = [
    "RELATIONS",
    "ROLES",
    "SEXES",
    "SUBJECTS",
    "archived_mark",
    "area_text",
    "building_word",
    "floor_text",
    "listed",
    "masked",
    "relation_word",
    "role_word",
    "sex_word",
    "span_mark",
    "span_text",
    "subject_word",
    "verdict_words",
]


def masked(phones: Sequence[str]) -> str:
    """Return the first phone as a list may show it to whoever looks over a shoulder."""
    return mask_phone(phones[0]) if phones else ""


def span_text(since: date | None, until: date | None) -> str:
    """Return a half-open span of days; `until` is the first day on which it no longer holds."""
    if since is None and until is None:
        return ""
    if until is None:
        return t("register.since", day=since)
    if since is None:
        return t("register.until", day=until)
    return f"{since} - {until}"


def span_mark(*, since: date | None, current: bool, today: date) -> Mark:
    if current:
        return Mark("●", t("register.now"), Tone.GOOD)
    if since is not None and since > today:
        return Mark("◇", t("register.not_yet"), Tone.INFO)
    return Mark("○", t("register.over"), Tone.MUTED)


def archived_mark() -> Mark:
    return Mark("▣", t("register.archived"), Tone.MUTED)


def verdict_words(said: str, outcome: Outcome) -> str:
    """Return what was done, and what became of it when that differs from what was meant."""
    if any(isinstance(verdict, Conflicted) for verdict in outcome.verdicts):
        return t("register.conflicted", said=said)
    if any(isinstance(verdict, Merged) for verdict in outcome.verdicts):
        return t("register.met_again", said=said)
    return said
