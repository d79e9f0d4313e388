"""When two reports are about the same thing."""

from __future__ import annotations

from uuid import UUID

import pytest

from models.tickets.near import Matter, Nearness, Why, matter, nearness

FLAT, NEXT_FLAT, BLOCK, NEXT_BLOCK, WELL = (UUID(int=n) for n in range(1, 6))


def found(asked: Matter, standing: Matter) -> Nearness:
    how = nearness(asked, standing)
    assert how is not None
    return how


def test_one_household_is_near_whatever_it_asks() -> None:
    asked = matter("楼道灯不亮", "", category="lamp", household_id=FLAT, building_id=BLOCK)
    standing = matter("厨房漏水", "", category="leak", household_id=FLAT, building_id=BLOCK)
    assert found(asked, standing).why == (Why.HOUSEHOLD,)


def test_one_point_is_near_though_the_ticket_is_only_linked_with_it() -> None:
    asked = matter("井盖响", "", points=frozenset({WELL}))
    assert found(asked, matter("污水冒出来", "", points=frozenset({WELL}))).why == (Why.POINT,)


def test_neighbours_with_the_same_kind_of_trouble_are_near() -> None:
    asked = matter("马桶返水", "", category="drain", household_id=FLAT, building_id=BLOCK)
    standing = matter("厨房堵了", "", category="drain", household_id=NEXT_FLAT, building_id=BLOCK)
    assert found(asked, standing).why == (Why.BUILDING,)


def test_neighbours_with_different_troubles_are_not() -> None:
    asked = matter("马桶返水", "", category="drain", household_id=FLAT, building_id=BLOCK)
    for kind in ("lamp", "other"):
        standing = matter("楼上太吵", "", category=kind, household_id=NEXT_FLAT, building_id=BLOCK)
        assert nearness(asked, standing) is None
    # "Other" is no kind that two could share.
    vague = matter("马桶返水", "", category="other", building_id=BLOCK)
    assert nearness(vague, matter("楼上太吵", "", category="other", building_id=BLOCK)) is None


def test_the_same_lamp_in_another_building_is_another_lamp() -> None:
    asked = matter("三楼楼道灯不亮", "", category="lamp", building_id=BLOCK)
    assert nearness(asked, matter("三楼楼道灯不亮了", "", category="lamp", building_id=NEXT_BLOCK)) is None
    # Somebody who did not say which building may mean this one.
    assert found(asked, matter("三楼楼道灯不亮了", "", category="lamp")).why == (Why.WORDS,)


def test_one_gate_is_the_same_gate_though_two_buildings_tell_of_it() -> None:
    asked = matter("关不上", "小区南大门", category="door", household_id=FLAT, building_id=BLOCK)
    standing = matter("坏了", "南大门", category="door", building_id=NEXT_BLOCK)
    assert found(asked, standing).why[0] is Why.PLACE
    other = matter("坏了", "幼儿园侧门", category="door", building_id=NEXT_BLOCK)
    assert nearness(asked, other) is None


def test_one_common_word_does_not_make_two_reports_alike() -> None:
    asked = matter("漏水", "", category="leak")
    assert nearness(asked, matter("厨房漏水", "", category="leak")) is None
    assert found(matter("厨房水管漏水", "", category="leak"), matter("厨房水管又漏水", "")).why == (
        Why.WORDS,
    )


def test_nothing_said_yet_is_near_to_what_is_open_at_the_same_place_alone() -> None:
    asked = matter("", "", household_id=FLAT, building_id=BLOCK)
    assert found(asked, matter("漏水", "", household_id=FLAT, building_id=BLOCK)).why == (Why.HOUSEHOLD,)
    assert nearness(asked, matter("漏水", "", category="leak", building_id=BLOCK)) is None
    assert nearness(matter("", ""), matter("", "")) is None


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (
            matter("", "", points=frozenset({WELL})),
            matter("", "", household_id=FLAT, building_id=BLOCK),
        ),
        (
            matter("", "", category="drain", household_id=FLAT, building_id=BLOCK),
            matter("下水道堵了", "", category="drain", household_id=NEXT_FLAT, building_id=BLOCK),
        ),
        (
            matter("下水道堵了", "", category="drain", household_id=FLAT, building_id=BLOCK),
            matter("灯不亮", "", category="lamp", household_id=FLAT, building_id=BLOCK),
        ),
        (
            matter("下水道又堵了", "", category="drain", building_id=BLOCK),
            matter("马桶返水", "", category="drain", building_id=BLOCK),
        ),
    ],
    ids=["a well before a flat", "a flat before its neighbour", "one trouble before two", "words tell apart"],
)
def test_what_is_nearer_comes_first(nearer: Matter, farther: Matter) -> None:
    asked = matter(
        "下水道堵了",
        "",
        category="drain",
        household_id=FLAT,
        building_id=BLOCK,
        points=frozenset({WELL}),
    )
    assert found(asked, nearer).score > found(asked, farther).score
