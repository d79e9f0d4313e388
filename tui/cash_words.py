"""Cash in words: notes and coins, what was counted against what should be there. Loads no Textual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.fees.money import decimal_text, yuan
from tui.i18n import t

#: What notes and coins are worth, in fen; the last is for amounts that no coin of today pays.
WORTHS: Final = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 1)
_YUAN, _JIAO = 100, 10


def worth_word(worth: int) -> str:
    """Return a note or a coin by what it is worth: `100 元`, `5 角`."""
    if worth < _JIAO:
        return t("cash.fen", count=worth)
    if worth < _YUAN:
        return t("cash.jiao", count=worth // _JIAO)
    return t("cash.yuan", sum=decimal_text(worth, 2))


def counted_fen(counts: Mapping[int, int]) -> int:
    """Return what notes and coins come to."""
    return sum(worth * n for worth, n in counts.items())


def counts_of(kept: Mapping[str, int]) -> dict[int, int]:
    """Return the counts that a hand-in keeps, what is worth most first; of what there was none, nothing."""
    told = {int(worth): n for worth, n in kept.items() if n}
    return dict(sorted(told.items(), reverse=True))


def difference_text(counted: int, expected: int) -> str:
    """Return in words by how much a count differs from what should be there, with the sign of a state before it."""
    if counted == expected:
        return f"✓ {t('cash.agrees')}"
    key = "cash.over" if counted > expected else "cash.short"
    return f"✗ {t(key, fen=yuan(abs(counted - expected)))}"
