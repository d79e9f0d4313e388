"""Every kind has a sentence that tells what was done, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import payloads
import pytest
from payloads import COMPOUND, DIRECTOR, EXAMPLES, GROUND, fixed
from simulation.devices import Clock, Ids, Laptop

from models.operations import naming
from models.operations.change_lines import ChangeLine
from models.operations.registry import KINDS, load_kinds
from models.operations.tables import Conflict
from models.store import open_store
from tui import change_words, i18n

load_kinds()
ODD_TEXTS = (
    "[/b]",
    "[a栋]",
    "排水井堵塞" * 1000,
    "１２３ｕ",
    "{brace}",
    "\x1b[31mred",
    "a\u202eb",
    "一\n二",
    "\ud800",
)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def line(kind: str, payload: dict[str, Any], **changes: Any) -> ChangeLine:
    person = UUID(DIRECTOR)
    values: dict[str, Any] = {
        **dict.fromkeys(("id", "change_id", "group_id", "device_id"), UUID(fixed(1000))),
        **dict.fromkeys(("happened_at", "made_at", "at"), NOON),
        **dict.fromkeys(("rev", "received_at", "verdict", "code", "doubt")),
        "compound_id": UUID(COMPOUND),
        "n": 1,
        "v": 1,
        "params": {},
        "waiting": True,
    }
    who = {"doer_id": person, "doer": "王德胜", "recorder_id": person, "recorder": "王德胜"}
    return ChangeLine(kind=kind, payload=payload, **(values | who | changes))


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    """A laptop that has everything which the examples name."""
    store = open_store(tmp_path_factory.mktemp("words") / "store.linli", new_id=Ids("words"))
    made = Laptop(store, UUID(COMPOUND), UUID(DIRECTOR), Clock(), Ids("ground"))
    made.do("compound.found", {"name": "耐火小区", "person": DIRECTOR, "person_name": "王德胜"})
    for kind, payload in GROUND:
        made.do(kind, payload)
    with store.write() as session:
        dispute = Conflict(
            compound_id=UUID(COMPOUND),
            id=UUID(payloads.CONFLICT),
            table_name="household",
            row_id=UUID(payloads.HOUSEHOLD),
            field="note",
            kept="",
            lost="漏水",
        )
        session.add(dispute)
    yield made
    store.close()


@pytest.fixture(params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param, strict=True)
    yield request.param
    i18n.use("zh_CN", strict=False)


def said(laptop: Laptop, kind: str, payload: dict[str, Any]) -> str:
    told = line(kind, payload)
    with laptop.store.read() as session:
        return change_words.sentence(told, naming.names_for(session, laptop.compound_id, [told]))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_tells_what_it_did(laptop: Laptop, language: str, kind: str) -> None:
    sentence = said(laptop, kind, EXAMPLES[kind])
    unknown = i18n.t("did.unknown", kind=change_words.kind_word(kind))
    assert sentence != unknown, f"{language} has no sentence did.{kind}"
    assert not re.search(r"[{}]|[0-9a-f]{8}|None|\bid\b", sentence), sentence
    assert i18n.t("sync.unknown_row") not in sentence, sentence
    assert sentence == sentence.strip(" :：,，、")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_this_laptop_does_not_know_is_said_to_be_so(language: str, kind: str) -> None:
    assert language
    sentence = change_words.sentence(line(kind, EXAMPLES[kind]), {})
    assert sentence
    assert not re.search(r"[{}]|[0-9a-f]{8}", sentence), sentence


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        (
            "household.edit",
            "修改住户 3-1-502：面积、电话",
            "changed household 3-1-502: area, phone",
        ),
        ("pipe.add", "新增管段 W01 → O1", "added pipe W01 → O1"),
        ("walk.observe", "记录检查井 W01：满、积泥 1800 毫米", "noted drain well W01: full, mud 1800 mm"),
        (
            "occupancy.end",
            "结束居住关系 张三 在 3-1-502（业主）",
            "ended occupancy 张三 in 3-1-502 (owner)",
        ),
        (
            "observation.withdraw",
            "撤回 检查井 W01 的记录",
            "took back what was noted of drain well W01",
        ),
        (
            "conflict.resolve",
            "处理冲突：住户 3-1-502 备注：漏水",
            "settled household 3-1-502, note: 漏水",
        ),
        ("household.archive", "归档住户 3-1-502", "archived household 3-1-502"),
        ("role.grant", "任命 李四 为楼栋长 3栋", "gave 李四 the role building lead Building 3"),
    ],
)
def test_a_sentence_names_rows_as_people_do(
    laptop: Laptop, language: str, kind: str, chinese: str, english: str
) -> None:
    expected = chinese if language == "zh_CN" else english
    assert said(laptop, kind, EXAMPLES[kind]) == expected


def test_a_kind_of_a_later_version_is_told_by_its_name(language: str) -> None:
    assert language
    assert "duty.swap" in change_words.sentence(line("duty.swap", {"id": fixed(1), "note": "{x}"}), {})


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_stay_on_one_short_line(laptop: Laptop, language: str, text: str) -> None:
    assert language
    sentence = said(laptop, "person.add", {"id": fixed(90), "name": text})
    assert "\n" not in sentence
    assert "\x1b" not in sentence
    assert len(sentence) < 80
    noted = dict(EXAMPLES["walk.observe"], note=text * 2)
    assert len(said(laptop, "walk.observe", noted)) < 120


def test_more_than_one_operation_is_told_with_its_number(language: str) -> None:
    told = change_words.whole(line("person.add", {"id": fixed(90), "name": "张三"}, more=211), {})
    assert told == {"zh_CN": "新增人员 张三 + 另 211 项", "en": "added 张三 + 211 more"}[language]


@pytest.mark.parametrize(
    ("changes", "linked", "state"),
    [
        ({}, False, "kept"),
        ({}, True, "waiting"),
        ({"doubt": "row.archived"}, True, "doubt"),
        ({"verdict": "held"}, True, "held"),
        ({"verdict": "accepted", "waiting": False}, True, "accepted"),
        ({"verdict": "merged", "waiting": False}, True, "merged"),
        ({"verdict": "accepted", "waiting": False, "refused": 3}, True, "rejected"),
        ({"verdict": "accepted", "undone": True}, True, "undone"),
        ({"verdict": "accepted", "undone": True, "partly": True}, True, "partly"),
    ],
)
def test_a_state_is_what_matters_most(changes: dict[str, Any], linked: bool, state: str) -> None:  # noqa: FBT001
    assert change_words.state_of(line("person.add", {}, **changes), linked=linked) == state


def test_who_entered_it_for_somebody_else_is_told(language: str) -> None:
    told = change_words.who(line("person.add", {}, doer="李四", doer_id=UUID(fixed(7))))
    assert told == {"zh_CN": "李四（记：王德胜）", "en": "李四 (entered by 王德胜)"}[language]


def test_a_word_of_the_work_finds_its_kinds(language: str) -> None:
    word = {"zh_CN": "归档住户", "en": "archive a household"}[language]
    assert change_words.kinds_meant(word) == {"household.archive"}
    assert change_words.kinds_meant("[/b]") == frozenset()


def test_every_kind_belongs_to_an_area_of_work() -> None:
    assert [kind for kind in KINDS if change_words.area_of(kind) == "other"] == []
