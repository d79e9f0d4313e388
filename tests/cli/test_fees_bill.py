"""Billing from the command line."""

from __future__ import annotations

import pytest

from .conftest import Linli


@pytest.fixture
def charged(founded: Linli) -> Linli:
    """Two doors, one without an area, and a charge by area."""
    for kind, payload in (
        ("household.add", '{"code": "1-1-101", "area": 10000}'),
        ("household.add", '{"code": "2-1-101"}'),
        ("fee.add_item", '{"name": "物业费", "formula": "area"}'),
        ("fee.set_tariff", '{"item": "物业费", "price": 12000, "since": "2020-01-01"}'),
    ):
        said = founded("do", kind, payload)
        assert said.status == 0, said.err
    return founded


def test_a_period_is_looked_at_issued_and_never_billed_twice(charged: Linli) -> None:
    bill = ("fees", "bill", "--period", "2026-11", "--json")
    looked = charged(*bill, "--dry-run").json
    assert (looked["bills"], looked["amount_fen"], looked["issued"]) == (1, 12_000, False)
    assert [(one["code"], one["household"]) for one in looked["oddities"] if one["hinders"]] == [
        ("no_area", "2-1-101")
    ]
    assert looked["lines"][0]["sums"]["amount"] == looked["lines"][0]["amount_fen"]
    assert charged("list", "bills", "--json").rows == []
    assert charged(*bill).json["issued"]
    [row] = charged("list", "bills", "--json").rows
    assert (row["household"], row["period"], row["amount_fen"], row["owed_fen"]) == (
        "1-1-101",
        "2026-11",
        12_000,
        12_000,
    )
    again = charged(*bill).json
    assert (again["bills"], again["billed"], again["issued"]) == (0, 1, False)


def test_it_is_told_in_words_how_each_line_comes_about(charged: Linli) -> None:
    said = charged("--lang", "zh_CN", "fees", "bill", "--period", "2026-Q4", "--dry-run")
    assert said.status == 0
    assert "1-1-101  物业费  2026-10  100 m² × 1.20 元/m²·月 × 1 个月 = 120.00" in said.out
    assert "要出 3 笔，1 户，共 360.00 元" in said.out


@pytest.mark.parametrize(
    ("options", "bills"),
    [
        (("--building", "1"), 1),
        (("--building", "2"), 0),
        (("--household", "1-1-101", "--item", "物业费"), 1),
        (("--household", "2-1-101", "--household", "1-1-101"), 1),
    ],
)
def test_it_is_narrowed_by_building_item_and_household(
    charged: Linli, options: tuple[str, ...], bills: int
) -> None:
    said = charged("fees", "bill", "--period", "2026-11", "--dry-run", "--json", *options)
    assert said.json["bills"] == bills


@pytest.mark.parametrize(
    "words",
    [
        ("--period", "soon"),
        ("--period", "2026-11", "--item", "没有"),
        ("--period", "2026-11", "--building", "9"),
    ],
)
def test_what_means_nothing_is_refused(charged: Linli, words: tuple[str, ...]) -> None:
    assert charged("fees", "bill", *words).status != 0
