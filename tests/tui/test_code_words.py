"""Codes with what belongs to them, in words."""

from __future__ import annotations

import pytest

from tui import i18n
from tui.words import code_text


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "交班时现金 208.50 元，接班时 200 元"), ("en", "found ¥200 in cash where ¥208.50 were left")],
)
def test_money_is_told_in_yuan(language: str, said: str) -> None:
    i18n.use(language, strict=True)
    assert code_text("flag", "duty.cash_differs", {"left_fen": 20_850, "found_fen": 20_000}) == said


def test_an_answer_to_a_request_is_told_as_one_and_not_as_a_ticket_is() -> None:
    i18n.use("zh_CN", strict=True)
    assert code_text("refusal", "swap.answered", {"answer": "accepted"}).endswith("已同意。")
