"""One line says what flows where; what it would do stands beneath, and problems of the whole sewer are a key away."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, listed, page, press, rows, said
from sewer_desk import hit, on_top, pipes, points, sewer, shown, write

from models.operations.envelope import Intent
from tui.desk import Desk
from tui.widgets.search import Entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sewer(tmp_path / "store.db")


async def test_a_line_is_previewed_done_and_empties_for_the_next(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f6")
        await write(pilot, "w10 流向 W03 400, W1>W2, 3栋 > W01")
        await shown(pilot, "管径 400")
        assert listed(app) == ["+ 新增", "= 已有", "+ 新增"]
        await press(pilot, "enter")
        assert said(app).startswith("登记了 2 条：W10→W03")
        assert said(app).endswith("按 F4 撤销")
        assert app.screen.query_one("#line", Entry).value == ""
        assert ("W10", "W03", 400) in pipes(path)
        assert rows(path, "select count(*) from house_connection") == [(1,)]
        await press(pilot, "f4")
        assert ("W10", "W03", 400) not in pipes(path)


async def test_unknown_wells_stop_the_line_until_they_are_wanted(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f6")
        await write(pilot, "W99>W98>W01")
        await press(pilot, "enter")
        assert "W99、W98 还没有登记，什么也没改" in said(app)
        assert app.screen.query_one("#line", Entry).value == "W99>W98>W01"
        await press(pilot, "f5")
        assert ("W99", "W98", None) in pipes(path)
        assert {"W98", "W99"} < set(points(path))
        await hit(pilot, "ctrl+z")
        assert "W99" not in points(path)


async def test_a_link_the_other_way_turns_the_pipe(path: Path) -> None:
    async with at(path, "points") as (_app, pilot):
        await press(pilot, "f6")
        await write(pilot, "W2>W1")
        await shown(pilot, "原来是 W01→W02")
        await press(pilot, "enter")
        assert ("W02", "W01", 300) in pipes(path)
        assert ("W01", "W02", 300) not in pipes(path)


async def test_what_is_wrong_is_named_and_nothing_is_half_done(path: Path) -> None:
    before = pipes(path)
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f6")
        for line, words in (
            ("W10>W03, W1>W1", "W1 不能流向自己"),
            ("W10>W03, 9栋>W01", "住户登记里没有 9"),
            ("W10>W03 5", "管径 5 毫米不合理"),
            ("W10", "没说流向哪里"),
            ("W01>W02", "这些都已经有了"),
            ("[/b]>W01", "[/B] 还没有登记"),
            ("W10>W03, W77>W01", "W77 还没有登记，什么也没改"),
        ):
            await write(pilot, line)
            await press(pilot, "enter")
            assert words in said(app), (line, said(app))
    assert pipes(path) == before


async def test_a_half_written_line_is_there_when_one_comes_back(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f6")
        await write(pilot, "W10>")
        await press(pilot, "escape", "f6")
        assert app.screen.query_one("#line", Entry).value == "W10>"


# What is doubtful


def spoil(path: Path, *links: tuple[str, str]) -> None:
    desk = Desk(path)
    desk.open()
    with desk.store.read() as session:
        found = session.connection().exec_driver_sql("select code, id from point").all()
    from uuid import UUID

    from tui import edge

    ids = {code: str(UUID(point)) for code, point in found}
    for start, end in links:
        payload = {"id": str(edge.new_id()), "start": ids[start], "end": ids[end]}
        assert desk.perform(Intent("pipe.add", {**payload})).refused is None
    desk.close()


async def test_a_sound_sewer_has_nothing_to_tell(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        assert "F4 数据问题 0" in page(app)
        await press(pilot, "f4")
        assert "没有发现问题" in page(app)


async def test_doubts_are_counted_told_jumped_to_and_cured(path: Path) -> None:
    spoil(path, ("W03", "W02"), ("W03", "W10"))
    async with at(path, "points") as (app, pilot):
        await shown(pilot, "数据问题 2")
        await press(pilot, "f4")
        assert [row.split()[1] for row in listed(app)] == ["绕成一圈", "两个方向"]
        await press(pilot, "2")
        assert "先去看过才知道怎么改" in said(app)
        await press(pilot, "enter")
        assert on_top(app) == "PointScreen"
        await press(pilot, "escape", "down", "2")
        assert "已归档" in said(app)
        assert ("W03", "W02", None) not in pipes(path)
        assert [row.split()[1] for row in listed(app)] == ["绕成一圈"]
        await press(pilot, "u")
        assert ("W03", "W02", None) in pipes(path)


async def test_a_well_entered_twice_becomes_one_after_a_question(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f5")
        await write(pilot, "W010")
        await press(pilot, "f2")
        await shown(pilot, "数据问题 2")
        await press(pilot, "f4", "end", "2")
        assert "把 W010 并入 W10" in page(app)
        await press(pilot, "enter")  # the safe button has the focus
        assert len(points(path)) == 7
        await press(pilot, "2", "tab", "enter")
        assert "并入" in said(app)
    assert len(points(path)) == 6
