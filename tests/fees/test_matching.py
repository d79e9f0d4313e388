from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.allocating import OpenBill
from models.fees.evidence import Home, Recorded, folded_name, ground_of
from models.fees.matching import propose
from models.fees.proposals import REASON_CODES, Proposal
from models.files.money_files.rows import CHINA, Direction, MoneyRow, Platform

SURE = 85
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=CHINA)


def uid(number: int) -> UUID:
    return UUID(int=number)


def bill(number: int, fen: int, month: int = 11) -> OpenBill:
    return OpenBill(uid(number), date(2026, month, 20), date(2026, month, 1), fen)


def money(fen: int, **given: Any) -> MoneyRow:
    values = {
        "platform": Platform.WECHAT, "order_no": "W1", "merchant_no": "", "direction": Direction.IN, "fen": fen, "at": NOON, "row": 1,
    } | given  # fmt: skip
    return MoneyRow(**values)


ZHANG, LI, WANG, SHOP = uid(1), uid(2), uid(3), uid(4)
HOMES = [
    Home(ZHANG, "3-1-502", ("张三",), ("张小明",), (10000,)),
    Home(LI, "4-2-502", ("李四",), (), (10000,)),
    Home(WANG, "4-1-301", ("王五", "欧阳娜"), (), (12345,)),
    Home(SHOP, "3-0-5", (), (), ()),
]
BILLS = {
    ZHANG: [bill(11, 10000, 9), bill(12, 10000, 10), bill(13, 10000, 11)],
    LI: [bill(21, 10000, 11)],
    WANG: [bill(31, 12345, 10), bill(32, 20000, 11)],
}
PAID = Recorded(uid(91), ZHANG, "wechat", 7700, NOON - timedelta(hours=2))


def one(row: MoneyRow, payments: Sequence[Recorded] = ()) -> Proposal:
    (proposal,) = propose([row], ground_of(HOMES, BILLS, payments))
    return proposal


def codes(proposal: Proposal) -> list[str]:
    return [reason.code for reason in proposal.reasons]


def test_a_room_in_the_remark_and_all_that_is_owed_are_sure() -> None:
    proposal = one(money(30000, remark="收款方备注:3栋1单元502"))
    assert (proposal.household_id, proposal.bills) == (ZHANG, (uid(11), uid(12), uid(13)))
    assert codes(proposal) == ["room.exact", "amount.all", "amount.only_here", "time.due"]
    assert proposal.score >= SURE


@pytest.mark.parametrize(
    ("fen", "code", "bills"),
    [
        (30000, "amount.all", (11, 12, 13)), (10000, "amount.bill", (11,)), (20000, "amount.oldest", (11, 12)), (50000, "amount.months", ()),
        (4321, "amount.odd", ()),
    ],
)  # fmt: skip
def test_an_amount_is_told_apart_by_what_it_pays(fen: int, code: str, bills: tuple[int, ...]) -> None:
    proposal = one(money(fen, remark="3-1-502"))
    assert proposal.household_id == ZHANG
    assert code in codes(proposal)
    assert proposal.bills == tuple(map(uid, bills))


def test_an_amount_that_fits_nothing_is_left_to_a_person_however_sure_the_home() -> None:
    proposal = one(money(4321, remark="3-1-502", party="张三"))
    assert (proposal.household_id, proposal.score < SURE) == (ZHANG, True)


@pytest.mark.parametrize(
    ("party", "remark", "code"),
    [
        ("王五", "", "name.owner"), ("欧阳娜", "物业费", "name.owner"), ("王 五", "", "name.owner"), ("幸福的人", "王五物业费", "name.owner_in_text"),
        ("王五(4栋)", "", "name.owner_in_text"),
    ],
)  # fmt: skip
def test_an_owners_name_with_an_amount_that_nobody_else_owes_is_a_good_reason(
    party: str, remark: str, code: str
) -> None:
    proposal = one(money(32345, party=party, remark=remark))
    assert (proposal.household_id, codes(proposal)[0]) == (WANG, code)
    assert proposal.score >= (SURE if code == "name.owner" else 75)


def test_a_member_counts_less_than_an_owner() -> None:
    assert one(money(30000, party="张小明")).score < one(money(30000, party="张三")).score
    assert codes(one(money(30000, party="张小明")))[0] == "name.member"


@pytest.mark.parametrize("party", ["*三", "张*", "张**", "＊三", "张某"])
def test_a_starred_name_helps_an_amount_but_is_not_sure(party: str) -> None:
    proposal = one(money(30000, party=party))
    assert (proposal.household_id, "name.masked" in codes(proposal)) == (ZHANG, True)
    assert proposal.score < SURE


def test_two_doors_with_equal_reasons_are_never_proposed() -> None:
    proposal = one(money(10000, remark="502"))
    assert proposal.household_id is None
    assert proposal.score < SURE
    assert {rival.household_id for rival in proposal.rivals} == {ZHANG, LI}
    assert "rivals" in codes(proposal)


def test_a_name_decides_between_two_doors_of_one_number() -> None:
    proposal = one(money(10000, remark="502", party="李四"))
    assert proposal.household_id == LI


def test_who_pays_for_another_door_is_left_to_a_person() -> None:
    proposal = one(money(10000, remark="4-2-502", party="张三"))
    assert proposal.score < SURE
    assert {ZHANG, LI} == {rival.household_id for rival in proposal.rivals} | {proposal.household_id} - {None}


def test_two_doors_in_one_remark_are_left_to_a_person() -> None:
    assert one(money(10000, remark="3-1-502和4-2-502")).score < SURE


def test_a_second_persons_name_leaves_it_to_a_person() -> None:
    assert one(money(30000, party="张三", remark="3-1-502")).score >= SURE
    assert one(money(30000, party="张三", remark="3-1-502 张小明")).score >= SURE
    assert one(money(30000, party="张三", remark="3-1-502 李四")).score < SURE


def test_a_room_that_does_not_exist_is_said_and_no_home_is_guessed() -> None:
    proposal = one(money(10000, remark="7-1-502"))
    assert (proposal.household_id, codes(proposal)) == (None, ["room.unknown"])
    known = one(money(32345, remark="7-1-502", party="王五"))
    assert (known.household_id, known.score < SURE) == (WANG, True)


@pytest.mark.parametrize(("direction", "code"), [(Direction.OUT, "row.out"), (Direction.NONE, "row.none")])
def test_what_did_not_come_in_is_nobodys_payment(direction: Direction, code: str) -> None:
    proposal = one(money(30000, remark="3-1-502", direction=direction))
    assert (proposal.household_id, proposal.score, codes(proposal)) == (None, 0, [code])


def test_a_row_that_says_nothing_gets_no_home() -> None:
    assert codes(one(money(999, remark="转账"))) == ["row.nothing"]


def test_an_order_number_written_down_is_certain_whatever_else_is_said() -> None:
    known = replace_order(PAID, "W1")
    proposal = one(money(7700, remark="4-2-502"), [known])
    assert (proposal.household_id, proposal.payment_id, proposal.score) == (ZHANG, known.id, 100)
    other = one(money(7000), [known])
    assert (other.payment_id, "payment.other_amount" in codes(other), other.score < SURE) == (
        known.id,
        True,
        True,
    )
    back = one(money(7700, direction=Direction.NONE), [known])
    assert (back.payment_id, "payment.taken_back" in codes(back), back.score) == (known.id, True, 0)


def replace_order(payment: Recorded, order_no: str) -> Recorded:
    return payment._replace(order_no=order_no)


def test_a_payment_written_down_by_hand_is_recognised_and_pays_no_bill_again() -> None:
    proposal = one(money(7700, remark="3-1-502"), [PAID])
    assert (proposal.household_id, proposal.payment_id, proposal.bills) == (ZHANG, PAID.id, ())
    assert (codes(proposal), proposal.score) == (["room.exact", "payment.same"], 100)


@pytest.mark.parametrize(
    "payment",
    [
        PAID._replace(fen=7701), PAID._replace(method="cash"), PAID._replace(at=NOON - timedelta(days=9)), PAID._replace(order_no="W2"),
        PAID._replace(household_id=LI), PAID._replace(has_row=True),
    ],
)  # fmt: skip
def test_another_payment_is_not_taken_for_the_rows(payment: Recorded) -> None:
    assert one(money(7700, remark="3-1-502"), [payment]).payment_id is None


def test_a_like_payment_of_another_day_is_left_to_a_person() -> None:
    proposal = one(money(7700, remark="3-1-502"), [PAID._replace(at=NOON - timedelta(days=2))])
    assert (proposal.payment_id, proposal.score < SURE) == (PAID.id, True)


def test_one_payment_is_proposed_for_one_row_the_nearest() -> None:
    rows = [money(7700, remark="3-1-502", order_no=f"W{n}", at=NOON - timedelta(hours=n)) for n in range(4)]
    proposals = propose(rows, ground_of(HOMES, BILLS, [PAID]))
    assert [proposal.payment_id for proposal in proposals] == [None, None, PAID.id, None]


def test_two_payments_that_a_nameless_row_may_be_are_rivals() -> None:
    other = PAID._replace(id=uid(92), household_id=LI)
    proposal = one(money(7700), [PAID, other])
    assert (proposal.household_id, proposal.payment_id) == (None, None)
    assert one(money(7700), [PAID]).payment_id == PAID.id
    assert one(money(7700), [PAID]).score < SURE


def test_a_bank_that_gives_no_time_of_day_meets_the_payment_of_that_day() -> None:
    day = money(7700, remark="3-1-502", platform=Platform.BANK, at=NOON.replace(hour=0))
    late = PAID._replace(method="bank", at=NOON.replace(hour=20))
    assert one(day, [late]).payment_id == PAID.id
    assert one(day, [late]).score >= SURE


def test_every_reason_is_in_the_list_with_its_parameters() -> None:
    rows = [
        money(fen, order_no=f"O{n}", party=party, remark=remark)
        for n, (fen, party, remark) in enumerate(
            (fen, party, remark)
            for fen in (30000, 10000, 20000, 50000, 4321, 7700)
            for party in ("张三", "张小明", "*三", "路人王五")
            for remark in ("3-1-502", "4栋301", "502", "301", "7-1-502", "0301502", "1单元301", "张小明", "")
        )
    ]
    seen = {}
    for proposal in propose(rows, ground_of(HOMES, BILLS, [PAID])):
        for reason in proposal.reasons:
            assert tuple(sorted(reason.params)) == tuple(sorted(REASON_CODES[reason.code])), reason
            seen[reason.code] = True
    assert len(seen) > 18


def test_names_are_compared_without_blanks_and_widths() -> None:
    assert folded_name(" 欧阳　娜 ") == "欧阳娜"
    assert folded_name("张某某") == "张**"


def test_the_longer_of_two_names_is_meant() -> None:
    homes = [Home(uid(1), "1-1-101", ("王小",)), Home(uid(2), "1-1-102", ("王小明",))]
    names = ground_of(homes, {}, []).names
    assert [name for name, _ in names.within(folded_name("代王小明交,王小也交"))] == ["王小明", "王小"]


def test_a_number_run_together_needs_more_than_a_usual_amount() -> None:
    assert one(money(10000, remark="电表42502")).score < SURE
    assert one(money(10000, remark="42502", party="李四")).score >= SURE


SURNAMES, GIVEN = "张李王赵陈", "伟芳娜敏静强"
REMARKS = (
    "{b}-{u}-{r}",
    "{b}栋{u}单元{r}",
    "{b}栋{r}",
    "{r}",
    "{r}室 {name}",
    "{name}",
    "物业费",
    "{b}-{r}",
    "{b}{u}{r}",
    "",
)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_what_is_accepted_unseen_is_never_the_wrong_door(seed: int) -> None:
    chance = random.Random(seed)
    homes, bills, names = [], {}, {}
    for number, code in enumerate(
        f"{b}-{u}-{f}0{d}" for b in range(1, 5) for u in (1, 2) for f in range(1, 5) for d in (1, 2)
    ):
        home, name = uid(number + 1), chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        usual = chance.choice((10000, 10000, 12000, 9000 + 10 * number))
        homes.append(Home(home, code, (name,), (), (usual,)))
        names[home] = name
        owed = [
            OpenBill(uid(1000 * (number + 1) + m), date(2026, m, 20), date(2026, m, 1), usual)
            for m in range(9, 12)
        ]
        bills[home] = owed[: chance.randrange(4)]
    truth, rows = [], []
    for number in range(60):
        home = chance.choice(homes)
        building, unit, room = home.code.split("-")
        remark = chance.choice(REMARKS).format(b=building, u=unit, r=room, name=names[home.id])
        party = chance.choice(
            (names[home.id], f"*{names[home.id][1:]}", "", "快乐每一天", names[chance.choice(homes).id])
        )
        fen = chance.choice((home.usual_fen[0], sum(one.owed_fen for one in bills[home.id]) or 5000, 7777))
        rows.append(money(fen, order_no=f"W{number}", party=party, remark=remark))
        truth.append(home.id)
    proposals = propose(rows, ground_of(homes, bills, []))
    for proposal, home_id in zip(proposals, truth, strict=True):
        misled = proposal.row.party in {name for home, name in names.items() if home != home_id}
        if proposal.score >= SURE and not misled:
            assert proposal.household_id == home_id, (proposal, home_id)


def test_the_same_rows_get_the_same_proposals_in_any_order() -> None:
    rows = [
        money(10000 * n, order_no=f"W{n}", remark=remark)
        for n in (1, 2, 3)
        for remark in ("502", "3-1-502", "王五")
    ]
    ground = ground_of(HOMES, BILLS, [])
    forwards = {proposal.row: proposal.household_id for proposal in propose(rows, ground)}
    assert forwards == {proposal.row: proposal.household_id for proposal in propose(rows[::-1], ground)}
    assert propose([replace(rows[0])], ground) == propose([rows[0]], ground)
