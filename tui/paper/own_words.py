"""What a compound wants to stand above and below whatever it prints or sends."""

from __future__ import annotations

from models.community.tables import Compound
from tui.desk import Desk


def words_for_print(desk: Desk) -> tuple[str, str]:
    """Return the compound's own words, those above and those below; empty where it has none."""
    if not desk.has_seat:
        return "", ""
    with desk.store.read() as session:
        compound = session.get_one(Compound, (desk.seat.compound_id, desk.seat.compound_id))
        return compound.print_head, compound.print_foot
