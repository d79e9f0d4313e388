"""Why a row is proposed, in words: every code has some, and a name is masked where it leaves the room."""

from __future__ import annotations

import pytest

from models.fees.proposals import REASON_CODES, Reason
from tui import i18n
from tui.fee_row_words import reason_text

SAID = {
    "text": "3-1-502", "name": "张三丰", "code": "3-1-503", "amount_fen": 10740, "owed_fen": 5, "recorded_fen": 7,
    "count": 2, "days": 3, "hours": 5,
}  # fmt: skip


@pytest.fixture(params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    i18n.use(request.param, strict=True)
    return str(request.param)


def said(code: str, **params: object) -> str:
    known = {name: SAID[name] for name in REASON_CODES[code]} | params
    return reason_text(Reason(code, known))  # type: ignore[arg-type]


@pytest.mark.usefixtures("language")
def test_every_reason_has_words_that_hold_what_it_rests_on() -> None:
    for code, names in REASON_CODES.items():
        text = said(code)
        assert text
        for name in set(names) & {"text", "name", "code"}:
            assert str(SAID[name]) in text, code
        if "amount_fen" in names:
            assert "107.4" in text


@pytest.mark.usefixtures("language")
def test_a_name_is_masked_where_it_leaves_the_room() -> None:
    reason = Reason("name.owner", {"name": "张三丰"})
    assert "张三丰" not in reason_text(reason, masked=True)
    assert "张**" in reason_text(reason, masked=True)


def test_before_on_and_after_the_day_are_told_apart() -> None:
    i18n.use("zh_CN", strict=True)
    assert [said("time.due", days=days) for days in (-2, 0, 2)] == [
        "到期前 2 天付的",
        "到期当天付的",
        "到期后 2 天付的",
    ]
    assert said("payment.same", hours=0) == "一小时内已手工记过同样金额的收款"
