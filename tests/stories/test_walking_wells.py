from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from neighbours import (
    WELLS,
    cards,
    code_here,
    copy_store,
    drawn,
    make_app,
    observed,
    page,
    press,
    rest,
    take_up,
    walking,
)

from tui import i18n
from tui.screens.walk.cards import WalkCards
from tui.screens.walk.room import WalkScreen
from tui.screens.walk.safety import Safety
from tui.screens.walk.summary import WalkSummary
from tui.widgets.text import width

CODES = [f"W{number:02}" for number in range(1, WELLS + 1)]


async def test_42_normal_wells_cost_42_enters_and_end_at_the_summary(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await pilot.press(*["enter"] * WELLS)
        await rest(pilot, app)
        assert isinstance(app.screen, WalkSummary)
        assert "已看 42 个点，共 42 个" in page(app)
        await press(pilot, app, ["enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
    assert observed(path) == [(code, "flowing") for code in CODES]


async def test_a_blocked_well_with_its_mud_costs_six_keys_to_the_next_one(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        keys = ["4", "7", "1", "2", "0", "enter"]
        await press(pilot, app, keys)
        assert len(keys) <= 6
        assert code_here(app) == "W02"
    # The level was on record from the first key on; the latest counts.
    assert observed(path, "level, mud_mm") == [("W01", "full", None), ("W01", "full", 120)]


async def test_a_burst_of_keys_is_taken_in_order(path: Path) -> None:
    """What a paste or a held key sends at once, without a pause for the screen."""
    from textual import events

    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        for key in ["enter"] * 10 + ["4", "7", "1", "2", "0", "enter", "0", "x", "y"]:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await rest(pilot, app)
        await asyncio.sleep(0.05)
        assert cards(app).panel == "note"
        assert walking(app).edit.note == "xy"
        assert code_here(app) == "W12"
    assert observed(path, "level, mud_mm") == [
        *((code, "flowing", None) for code in CODES[:10]),
        ("W11", "full", None),
        ("W11", "full", 120),
    ]


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("1", "dry"),
        ("2", "flowing"),
        ("3", "half"),
        ("4", "full"),
        ("5", "overflow"),
        ("6", "unopened"),
        ("４", "full"),
    ],
)
async def test_one_digit_answers_and_enter_goes_on(path: Path, key: str, level: str) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, [key])
        assert code_here(app) == "W01"
        assert i18n.t(f"level.{level}") in next(line for line in drawn(app) if line.startswith(" 这次"))
        await press(pilot, app, ["enter"])
        assert code_here(app) == "W02"
    assert observed(path) == [("W01", level)]


async def test_full_width_digits_are_digits(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["４", "７", "１", "２", "０"])
        assert "积泥 120 毫米" in page(app)
        await press(pilot, app, ["enter"])
    assert observed(path, "level, mud_mm")[-1] == ("W01", "full", 120)


async def test_pressing_the_same_level_again_records_nothing_new(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "4", "4", "enter", "up", "enter"])
        assert code_here(app) == "W02"
    assert observed(path) == [("W01", "full")]


async def test_a_correction_is_a_later_answer_and_the_latest_counts(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "3", "enter"])
        assert walking(app).said[0].answer.level == "half"  # type: ignore[union-attr]
        assert walking(app).progress.seen == 1
    assert observed(path) == [("W01", "full"), ("W01", "half")]


async def test_mud_without_a_level_waits_for_the_level(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["7", "3", "0", "backspace", "5", "enter"])
        assert code_here(app) == "W01"
        assert "还没选水位" in drawn(app)[-2]
        assert observed(path) == []
        await press(pilot, app, ["enter"])
        assert code_here(app) == "W02"
    assert observed(path, "level, mud_mm") == [("W01", "flowing", 35)]


async def test_absurd_mud_is_refused_in_words_and_stays(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "7", *"99999", "enter"])
        assert code_here(app) == "W01"
        assert "0 到 20000" in drawn(app)[-2]
        await press(pilot, app, ["backspace", "backspace", "enter"])
        assert code_here(app) == "W02"
    assert observed(path, "level, mud_mm")[-1] == ("W01", "full", 999)


async def test_defects_are_ticked_and_graded_in_place(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["2", "8", "1", "2", "right", "right", "right", "1", "enter"])
        assert code_here(app) == "W02"
        await press(pilot, app, ["8", "0", "0", "1", "escape", "enter"])
        assert code_here(app) == "W03"
    found = observed(path, "level, defects")
    assert json.loads(found[1][2]) == [{"code": "cover_broken", "grade": 3, "note": ""}]
    assert found[2][:2] == ("W02", "flowing")
    assert '"code"' in found[2][2]


async def test_a_well_has_its_checklist(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["2", "9", "2", "enter"])
        assert code_here(app) == "W02"
    assert "false" in observed(path, "answers")[-1][1]


async def test_u_takes_back_one_answer_after_the_other(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "4", "7", "9", "enter", "5"])
        await press(pilot, app, ["u"])
        assert code_here(app) == "W03"
        assert "W03 已撤销" in drawn(app)[-2]
        await press(pilot, app, ["u"])
        assert code_here(app) == "W02"
        assert walking(app).said[1].answer.mud_mm is None  # type: ignore[union-attr]
        assert observed(path) == [("W01", "flowing"), ("W02", "full")]
        await press(pilot, app, ["u", "Ｕ"])
        assert code_here(app) == "W01"
        await press(pilot, app, ["u"])
        assert "没有可撤销的" in drawn(app)[-2]
    assert observed(path) == []


async def test_undo_then_a_quick_answer_lands_on_the_card_that_is_shown(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await pilot.press("enter", "enter", "u", "4", "enter", "enter")
        await rest(pilot, app)
    assert observed(path) == [("W01", "flowing"), ("W02", "full"), ("W03", "flowing")]


async def test_coming_back_goes_on_at_the_first_unfinished_point_and_can_still_undo(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "enter", "s", "enter", "escape"])
        assert isinstance(app.screen, WalkScreen)
        assert "3/42" in page(app)
    again = make_app(path)
    async with again.run_test() as pilot:
        await take_up(pilot, again)
        assert code_here(again) == "W03"
        assert "接着走：已看 3/42" in drawn(again)[-2]
        await press(pilot, again, ["u", "u"])
        assert code_here(again) == "W02"
    assert observed(path) == [("W01", "flowing")]


async def test_what_is_half_typed_survives_an_app_that_just_stops(path: Path, tmp_path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "enter", "4", "0", *"ban", "space", *"jie"])
        await rest(pilot, app)
        # What the disk holds at this moment is what a power cut leaves.
        left = copy_store(path, tmp_path / "left.db")
    again = make_app(left)
    async with again.run_test() as pilot:
        await take_up(pilot, again)
        assert code_here(again) == "W03"
        assert "ban jie" in page(again)
        assert "上次没存完的在这里" in drawn(again)[-2]
        await press(pilot, again, ["0", *"!", "enter"])
        assert code_here(again) == "W04"
    assert observed(left, "level, note")[-1] == ("W03", "full", "ban jie!")
    with_drafts = [draft for draft in observed(left, "note") if draft[1]]
    assert len(with_drafts) == 1


async def test_moving_on_keeps_what_is_half_typed_and_shows_it(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(140, 40)) as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["7", "8", "escape", "down"])
        assert code_here(app) == "W02"
        assert any("W01" in line and "✎" in line for line in drawn(app))
        await press(pilot, app, ["f3"])
        assert "有 1 张卡没存完" in page(app)
        await press(pilot, app, ["escape", "up", "enter"])
        assert code_here(app) == "W02"
    assert observed(path, "level, mud_mm") == [("W01", "flowing", 8)]


async def test_opening_a_field_and_leaving_it_is_no_draft(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["7", "escape", "0", "escape", "8", "escape", "9", "escape"])
        assert walking(app).edit.empty
        await press(pilot, app, ["7", "enter"])
        assert code_here(app) == "W01"
        await press(pilot, app, ["escape"])
        assert isinstance(app.screen, WalkScreen)
    assert observed(path) == []


async def test_arrows_move_without_answering_and_a_code_is_found(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["down", "pagedown", "right", "up"])
        assert code_here(app) == "W03"
        await press(pilot, app, ["end"])
        assert code_here(app) == "W42"
        await press(pilot, app, ["/", *"w17", "enter"])
        assert code_here(app) == "W17"
        await press(pilot, app, ["home"])
        assert code_here(app) == "W01"
    assert observed(path) == []


async def test_the_safety_card_comes_each_time_and_esc_leaves(path: Path) -> None:
    from neighbours import enter_walks

    app = make_app(path)
    async with app.run_test() as pilot:
        chooser = await enter_walks(pilot, app)
        place = [walk.name for walk in chooser._walks or ()].index("排水井一次")
        for _ in range(2):
            await press(pilot, app, ["home", *["down"] * (place + 1), "enter"])
            assert isinstance(app.screen, Safety)
            assert "任何人不得下井" in page(app)
            await press(pilot, app, ["escape"])
            assert isinstance(app.screen, WalkScreen)
    assert observed(path) == []


async def test_another_person_looks_and_the_record_says_so(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["f5", "2"])
        shown = page(app)
        doer = cards(app).doer
        assert doer != "王德胜"
        assert f"记录人 王德胜 · 查看人 {doer}" in shown
        await press(pilot, app, ["enter", "escape"])
    again = make_app(path)
    async with again.run_test() as pilot:
        await take_up(pilot, again)
        assert cards(again).doer == doer
    [(_, name, recorder)] = observed_people(path)
    assert (name, recorder) == (doer, "王德胜")


def observed_people(path: Path) -> list[tuple[str, str, str]]:
    from neighbours import rows

    return [
        (str(code), str(doer), str(recorder))
        for code, doer, recorder in rows(
            path,
            "SELECT p.code, d.name, r.name FROM observation o JOIN point p ON p.id = o.point_id "
            "JOIN person d ON d.id = o.doer_id JOIN person r ON r.id = o.recorder_id",
        )
    ]


async def test_everything_can_be_clicked(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(140, 40)) as pilot:
        await take_up(pilot, app)

        async def click(word: str, *, after: int = 0) -> None:
            lines = drawn(app)
            y = next(y for y in range(len(lines) - 1, -1, -1) if word in lines[y] and y != len(lines) - 2)
            x = width(lines[y][: lines[y].index(word)]) + after
            await pilot.click(offset=(x, y))
            await rest(pilot, app)

        await click("● 满")
        assert walking(app).standing(0).level == "full"
        await click("8 缺陷")
        await click("井盖破损")
        await click("3   4")
        assert walking(app).edit.defects[0].grade == 3  # type: ignore[index]
        await press(pilot, app, ["enter"])
        await click("畅通，下一个")
        assert code_here(app) == "W03"
        await click("W30")
        assert code_here(app) == "W30"
        await click("记录人")
        assert "谁在查看" in page(app)
        await press(pilot, app, ["escape"])
        await click("F3")
        assert isinstance(app.screen, WalkSummary)
    assert [row[:2] for row in observed(path)] == [("W01", "full"), ("W01", "full"), ("W02", "flowing")]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40), (60, 18)])
async def test_a_card_is_whole_in_every_size_and_language(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await take_up(pilot, app)
        for keys in (
            [],
            ["4"],
            ["7", "1"],
            ["escape", "8"],
            ["1"],
            ["escape", "9"],
            ["escape", "0", "x"],
            ["escape", "f3"],
        ):
            await press(pilot, app, keys)
            lines = drawn(app)
            assert {width(line) for line in lines} == {size[0]}
            if size[0] >= 80 and isinstance(app.screen, WalkCards):
                shown = "\n".join(lines)
                assert "W01" in lines[2]
                assert i18n.t("walk.label.people") in shown
                if cards(app).panel not in {"defects", "checklist"}:
                    for word in ("level.unopened", "walk.pad.note"):
                        assert i18n.t(word) in shown
                if size[0] < 110:
                    assert "…" not in shown
        await press(pilot, app, ["f1"])
        assert i18n.t("walk.label.people")


async def test_a_full_disk_is_told_and_the_card_keeps_what_was_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.errors import StoreFull
    from tui.screens.walk import store as walk_store

    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter"])

        def full(*_: object) -> None:
            raise StoreFull(str(path))

        with monkeypatch.context() as broken:
            broken.setattr(walk_store, "perform", full)
            await pilot.press("4", "enter", "enter", "enter")
            await rest(pilot, app)
            assert code_here(app) == "W02"
            assert "磁盘已满" in drawn(app)[-2]
            assert "✎ 满" in page(app)
            assert walking(app).progress.seen == 1
        await press(pilot, app, ["enter"])
        assert walking(app).progress.seen == 2
    assert observed(path) == [("W01", "flowing"), ("W02", "full")]


async def test_a_note_of_5000_characters_and_odd_text_are_kept_verbatim(path: Path) -> None:
    note = ("堵[/b]{x}[a栋]" * 500)[:5000]
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["2", "0"])
        from textual import events

        app.post_message(events.Paste(note))
        await rest(pilot, app)
        await press(pilot, app, ["enter", "up"])
        assert "[/b]" in page(app)
    assert observed(path, "note")[-1] == ("W01", note)
