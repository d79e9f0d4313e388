from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fees.rooms_in_text import How, RoomIndex

CODES = [
    *(f"{b}-{u}-{floor}0{door}" for b in range(1, 5) for u in (1, 2) for floor in range(1, 7) for door in (1, 2)),
    "12-1-502", "12-1-1502", "9-1-801", "A-1-301", "东苑-1-301", "3-0-5", "2-1-101-2",
]  # fmt: skip
IDS = {code: UUID(int=n) for n, code in enumerate(CODES, start=1)}
NAMES = {home: code for code, home in IDS.items()}
INDEX = RoomIndex((home, code) for code, home in IDS.items())


def named(text: str) -> list[tuple[str, list[str]]]:
    return [(mention.how.value, [NAMES[home] for home in mention.homes]) for mention in INDEX.mentions(text)]


@pytest.mark.parametrize(
    "text",
    [
        "3-1-502", "３－１－５０２", "3-1-502张三物业费", "收款方备注:3-1-502", "3—1—502", "3/1/502", "3.1.502", "3 1 502", "03-01-0502",
        "3栋1单元502", "3号楼一单元502室", "三号楼一单元五零二", "3幢1门502", "3#1-502", "3栋1-502", "3座1单元5楼502", "三栋一单元 502户",
        "物业费3号1单元502", "3#楼1单元502", "2026年3-1-502物业", "3-1-502 2026.11", "3-1-502-11月", "（3-1-502）", "房号3-1-502,谢谢",
        "3-1-502缴费1200元", "3栋1单元502，电话13800000502", "3-1-502 共401",
    ],
)  # fmt: skip
def test_a_home_named_in_full_is_found_in_any_spelling(text: str) -> None:
    assert named(text) == [("exact", ["3-1-502"])]


@pytest.mark.parametrize(
    ("text", "how", "homes"),
    [
        ("12栋502", "building", ["12-1-502"]),
        ("12#502物业费", "building", ["12-1-502"]),
        ("十二号楼502室", "building", ["12-1-502"]),
        ("12-502", "building", ["12-1-502"]),
        ("3栋502", "building", ["3-1-502", "3-2-502"]),
        ("A座301", "building", ["A-1-301"]),
        ("东苑301", "building", ["东苑-1-301"]),
        ("东苑1单元301室", "exact", ["东苑-1-301"]),
        ("东苑-1-301", "exact", ["东苑-1-301"]),
        ("东苑栋301", "building", ["东苑-1-301"]),
        ("0301502", "compact", ["3-1-502"]),
        ("03010502 物业", "compact", ["3-1-502"]),
        ("31502", "compact", ["3-1-502"]),
        ("121502", "compact", ["12-1-502", "12-1-1502"]),
        ("801", "room", ["9-1-801"]),
        ("801室物业费", "room", ["9-1-801"]),
        ("八〇一室", "room", ["9-1-801"]),
        ("3栋商铺5", "exact", ["3-0-5"]),
        ("2-1-101-2", "exact", ["2-1-101-2"]),
    ],
)
def test_who_says_less_names_those_homes_that_it_may_be(text: str, how: str, homes: list[str]) -> None:
    assert named(text) == [(how, homes)]


def test_a_number_that_is_a_building_and_a_unit_names_both() -> None:
    assert named("2-502") == [
        ("pair", ["2-1-502", "2-2-502"]),
        ("unit", ["1-2-502", "3-2-502", "4-2-502"]),
    ]
    assert named("2单元502")[0][1] == ["1-2-502", "2-2-502", "3-2-502", "4-2-502"]


def test_a_floor_is_no_building() -> None:
    assert [how for how, _ in named("5楼502")] == ["room"]
    assert named("4楼502") == [("building", ["4-1-502", "4-2-502"])]


def test_two_homes_in_one_text_are_two_and_one_said_twice_is_one() -> None:
    assert [homes for _, homes in named("3-1-502和3-1-501")] == [["3-1-502"], ["3-1-501"]]
    assert [homes for _, homes in named("3-1-502 替 12栋502 交")] == [["3-1-502"], ["12-1-502"]]
    assert len(named("3-1-502,3栋1单元502")) == 1


@pytest.mark.parametrize("text", ["3-1-999", "8栋1单元502", "3号楼7单元502室"])
def test_a_room_in_full_that_does_not_exist_is_said_to_be_unknown(text: str) -> None:
    assert [mention.how for mention in INDEX.mentions(text)] == [How.UNKNOWN]


@pytest.mark.parametrize(
    "text",
    [
        "", "物业费", "转账备注:微信转账", "2026-11-03", "2026.11.03", "2026年11月", "11月3日", "10:05:33", "801元", "¥801.00", "801.50",
        "13800000801", "801块", "801月", "订单801801801801801", "801度", "共801.5", "No.ABC801", "订单801-77",
    ],
)  # fmt: skip
def test_days_amounts_and_telephone_numbers_are_no_rooms(text: str) -> None:
    assert named(text) == []


@given(
    st.sampled_from(CODES),
    st.sampled_from(["{b}-{u}-{r}", "{b}栋{u}单元{r}室", "{b}号楼{u}单元{r}", "{b}幢{u}门{r}"]),
)
def test_every_home_is_found_by_its_own_number(code: str, spelling: str) -> None:
    building, unit, room = code.split("-", 2)
    if unit == "0":
        spelling = "{b}-{u}-{r}"
    text = f"物业费 {spelling.format(b=building, u=unit, r=room)} 谢谢"
    assert (How.EXACT.value, [code]) in named(text)


@given(st.text(max_size=80))
def test_no_text_breaks_the_search(text: str) -> None:
    for mention in INDEX.mentions(text):
        assert bool(mention.homes) is (mention.how is not How.UNKNOWN)
