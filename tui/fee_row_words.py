"""Rows of bills' files in words: platforms, scores, and why a row is proposed as whose payment. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.fees.proposals import Reason
from models.files.money_files.rows import MoneyRow
from models.text import mask_name
from tui.fee_words import sum_text
from tui.i18n import t
from tui.words import code_text


def platform_word(platform: str) -> str:
    """Return whose bill a file is."""
    return t(f"fee_row.platform.{platform}")


def reason_text(reason: Reason, *, masked: bool = False) -> str:
    """Return one thing that speaks for or against a proposal; `masked` where it leaves the room."""
    params: Mapping[str, Any] = reason.params
    if masked and "name" in params:
        params = {**params, "name": mask_name(str(params["name"]))}
    code, days = reason.code, int(params.get("days") or 0)
    if days < 0:
        code, params = "time.before_due", {"days": -days}
    elif "days" in params and not days:
        code = "time.on_due"
    elif params.get("hours") == 0:
        code = "payment.same_hour"
    return code_text("fee_row.reason", code, params)


def reasons_text(reasons: Iterable[Reason], *, masked: bool = False) -> str:
    """Return all that speaks for or against a proposal, in one line."""
    return t("fee_row.and").join(reason_text(reason, masked=masked) for reason in reasons)


def said_text(row: MoneyRow, *, masked: bool = False) -> str:
    """Return what a row itself says: who paid, and with which words."""
    party = mask_name(row.party) if masked else row.party
    words = "" if masked else row.remark
    return "  ".join(part for part in (party, words) if part)


def sum_of(rows: Iterable[MoneyRow]) -> str:
    """Return what rows are together."""
    return sum_text(sum(row.fen for row in rows))
