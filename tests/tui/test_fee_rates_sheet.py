"""Collection rates on the screen and on the sheet to hang up."""

from __future__ import annotations

from uuid import UUID

import pytest
from odd import ODD_TEXTS

from models.fees.periods import Period, period_of
from models.fees.queries_rates import By, RateLine, Rates
from models.fees.rates import Tally
from models.ids import derived_id
from tui.fee_rates_words import percent_text, short_period, target_text
from tui.paper.fee_rates import rates_page
from tui.screens.fees.rates_sheet import Sheet, sheet_lines
from tui.widgets.text import width

_COMPOUND = derived_id(UUID(int=7), "compound", "a")
TOTAL = Tally(2_787_356, 1_936_766, 180, 129, 117_061, 10_069_522)


def found(period: str = "2026-Q4", *, odd: str = "", total: Tally = TOTAL) -> Rates:
    half = Tally(total.billed_fen // 2, total.received_fen // 2, total.doors // 2, total.doors_paid // 2)
    lines = [
        RateLine(derived_id(_COMPOUND, "x", str(n)), name, half) for n, name in enumerate((f"1{odd}", "10"))
    ]
    return Rates(period_of(period), total, tuple(lines))


def trail(last: str = "2026-Q4") -> tuple[tuple[Period, Tally], ...]:
    return ((period_of("2026-Q3"), Tally(1000, 960, 1, 1)), (period_of(last), TOTAL))


def drawn(rates: Rates, cells: int, **more: object) -> list[str]:
    sheet = Sheet(rates, By.BUILDING, trail(), 950_000)
    return [str(line) for line in sheet_lines(sheet, cells, **more)]  # type: ignore[arg-type]


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_no_line_is_wider_than_the_screen(odd: str) -> None:
    for cells in (40, 78, 138):
        assert all(width(line) <= cells for line in drawn(found(odd=odd), cells))


@pytest.mark.usefixtures("each_language")
def test_the_sheet_tells_what_is_missing_until_nothing_is() -> None:
    text = "\n".join(drawn(found(), 78))
    assert "7,112.23" in text
    assert "42" in text
    done = "\n".join(drawn(found(total=Tally(1000, 960, 2, 2)), 78))
    assert "95%" in done
    assert "7,112.23" not in done


@pytest.mark.usefixtures("each_language")
def test_a_column_that_reaches_the_target_breaks_its_line() -> None:
    lines = drawn(found(), 78, rows=4)
    target = next(line for line in lines if line.startswith("95%"))
    assert "█" in target or "▇" in target
    assert "╌" in target


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_public_sheet_shows_buildings_and_items_and_never_a_volunteer(
    odd: str, each_language: str
) -> None:
    del each_language
    named = Rates(period_of("2026-Q4"), TOTAL, (RateLine(_COMPOUND, f"彭国安{odd}", TOTAL),))
    text = rates_page(
        [(By.BUILDING, found(odd=odd)), (By.ITEM, found()), (By.VOLUNTEER, named)],
        trail(),
        f"小区{odd}",
        target=950_000,
    )
    assert "彭国安" not in text
    assert "69.4%" in text
    assert "<b>[" not in text
    assert "<script" not in text


def test_a_rate_is_shown_rounded_down() -> None:
    assert [percent_text(ppm) for ppm in (999_999, 1_000_000, 694_839, 0, None)] == [
        "99.9%",
        "100.0%",
        "69.4%",
        "0.0%",
        "—",
    ]
    assert (target_text(950_000), target_text(955_000)) == ("95%", "95.5%")
    assert [short_period(period_of(name)) for name in ("2026-Q4", "2026-11", "2026")] == [
        "26Q4",
        "26-11",
        "2026",
    ]
