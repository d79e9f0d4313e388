"""What a server remembers of having been put back from copies."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from models.operations.tables import Setting

_RESTORED = "restored"


def mark_restored(session: Session, epoch: str, heads: dict[str, int]) -> None:
    """Keep how far each compound was in the copy with which an epoch began, beside earlier ones.

    A laptop that slept through two restores must bring what either of them lost.
    """
    row = session.get(Setting, _RESTORED)
    earlier = [] if row is None else list(row.value)
    session.merge(Setting(key=_RESTORED, value=[*earlier, {"epoch": epoch, "heads": heads}]))
    session.flush()


def restored_to(session: Session, compound_id: UUID, known: str) -> int | None:
    """Return the least a compound was put back to since the epoch a laptop knows; None when it never was."""
    row = session.get(Setting, _RESTORED)
    entries = [] if row is None else list(row.value)
    epochs = [entry["epoch"] for entry in entries]
    since = entries[epochs.index(known) + 1 :] if known in epochs else entries
    heads = [entry["heads"][compound_id.hex] for entry in since if compound_id.hex in entry["heads"]]
    return min(heads, default=None)
