from __future__ import annotations

import pytest

from models.tickets.guessing import guess, guesses
from models.tickets.rules import CATEGORIES

SAID = {
    "厨房下水堵了": "drain",
    "一楼反水": "drain",
    "请人来疏通": "drain",
    "下水道漏水": "drain",
    "马桶堵住了，冒水": "drain",
    "楼道灯不亮": "lamp",
    "三楼的灯坏了": "lamp",
    "又停水了": "water",
    "水龙头漏水": "water",
    "跳闸": "power",
    "全楼停电": "power",
    "电梯不动": "lift",
    "电梯里灯不亮": "lift",
    "老人困在电梯里": "lift",
    "楼上漏水": "leak",
    "卧室墙面渗水": "leak",
    "单元门关不上": "door",
    "路面塌陷": "road",
    "树枝挡住窗户": "green",
    "垃圾没人清运": "rubbish",
    "楼上半夜太吵": "noise",
    "和邻居吵架": "dispute",
    "楼下电瓶车飞线充电": "safety",
    "灭火器过期": "safety",
    "井盖没了": "safety",
    "有人占车位": "parking",
    "独居老人要买药": "elder",
    "开居住证明": "paper",
    "The kitchen DRAIN is blocked": "drain",
    "no power since noon": "power",
    "stair light is out": "lamp",
    "ｌｉｆｔ stuck": "lift",
    "roof leaks": "leak",
    "loud music at night": "noise",
}


@pytest.mark.parametrize(("text", "code"), SAID.items())
def test_what_people_say_at_the_desk_is_understood(text: str, code: str) -> None:
    assert guess(text) == code


def test_what_says_nothing_known_is_other() -> None:
    assert guess("") == guess("想问一件事") == guess("[/b] {x}") == "other"
    assert guesses("想问一件事") == ()


def test_a_latin_word_within_another_is_not_meant() -> None:
    assert guess("the scarf I lost") == "other"  # neither a car
    assert guess("delighted") == "other"  # nor a light


def test_the_name_of_a_kind_of_the_compounds_own_is_understood_before_the_others() -> None:
    assert guesses("宽带断了，灯也不亮", ["宽带"])[0] == "宽带"
    assert guess("ＷＩＦＩ坏了", ["WiFi"]) == "WiFi"
    assert guess("灯不亮", ["宽带"]) == "lamp"


def test_every_guess_is_a_kind_of_job_that_everybody_has() -> None:
    for text in SAID:
        assert set(guesses(text)) <= set(CATEGORIES)


def test_a_pasted_page_costs_no_more_than_its_beginning() -> None:
    assert guess("灯不亮" + "堵" * 100_000) == guess("灯不亮" + "堵" * 297)
