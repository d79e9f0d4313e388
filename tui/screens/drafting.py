"""Half-typed things in the store: what is kept while somebody types, so that a closed lid costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.operations.drafts import drop_draft, save_draft
from tui.desk import Desk


def saving_draft(subject: str, values: Mapping[str, Any]) -> Callable[[Desk], None]:
    """Return what keeps a draft under its subject."""

    def save(desk: Desk) -> None:
        with desk.store.write() as session:
            save_draft(session, desk.seat.compound_id, subject, values)

    return save


def dropping_draft(subject: str) -> Callable[[Desk], None]:
    """Return what forgets a draft."""

    def drop(desk: Desk) -> None:
        with desk.store.write() as session:
            drop_draft(session, desk.seat.compound_id, subject)

    return drop
