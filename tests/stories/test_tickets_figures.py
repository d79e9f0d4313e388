"""What the station did, on the screen, and how it is hung up and handed on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from neighbours import drawn, looking, make_app, new, page, press, rest
from textual.pilot import Pilot

from models.operations.envelope import Intent
from models.tickets.periods import Period, period
from tui import edge, i18n, ticket_papers
from tui.app import LinliApp
from tui.desk import DeskError
from tui.screens.tickets.figures import TicketFigures


@pytest.fixture
def station(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compound that took three questions in just now and two last year, and a folder of its own for files."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    home = new()
    with looking(path) as desk:
        last_year = period(Period.YEAR, desk.today(), back=1)[0] + timedelta(days=40)
        ago = edge.clock() - timedelta(days=(desk.today() - last_year).days)
        assert desk.perform(Intent("household.add", {"id": home, "code": "3-1-502"})).refused is None
        for code, at, more in (
            ("KT1", None, {"household_id": home, "what": "王德胜家下水堵了", "requester_name": "李小梅"}),
            ("KT2", None, {"household_id": home, "category": "lamp"}),
            ("KT3", None, {"place": "[/b] 大门口", "category": "[a栋]"}),
            ("KT4", ago, {"category": "lift"}),
            ("KT5", ago, {"category": "lift"}),
        ):
            payload = {"id": new(), "code": code, "what": "灯不亮", "category": "drain", **more}
            assert desk.perform(Intent("ticket.report", payload, happened_at=at)).refused is None
        ticket = {"ticket": str(ids(path)["KT1"])}
        assert desk.perform(Intent("ticket.finish", {"id": new(), "minutes": 90, **ticket})).refused is None
        assert desk.perform(Intent("ticket.rate", {"id": new(), "score": 4, **ticket})).refused is None
    return path


def ids(path: Path) -> dict[str, UUID]:
    with looking(path) as desk, desk.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT code, id FROM ticket").all()
    return {str(code): UUID(str(row_id)) for code, row_id in found}


async def enter(pilot: Pilot[None], app: LinliApp) -> TicketFigures:
    await rest(pilot, app)
    app.enter("ticket_figures")
    await rest(pilot, app)
    assert isinstance(app.screen, TicketFigures)
    return app.screen


def written(folder: Path, name: str) -> list[Path]:
    """Return the files in a folder whose names hold a word, in the order of their names."""
    return sorted(folder.glob(f"*{name}*"))


def told(app: LinliApp, name: str) -> list[str]:
    """Return the words of the line that begins so."""
    return next(line.split() for line in drawn(app) if line.strip().startswith(name))


async def test_the_present_week_is_shown_first_and_digits_change_the_span(station: Path) -> None:
    app = make_app(station)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        assert told(app, "接到")[:4] == ["接到", "3", "办结", "1"]
        assert "本周到今天" in page(app)
        for key, kind in (("2", "month"), ("3", "quarter"), ("4", "year")):
            await press(pilot, app, [key])
            assert screen.period == kind
            assert told(app, "接到")[1] == "3"
        assert "今年到今天" in page(app)


async def test_left_leads_to_what_was_before_and_right_back_again(station: Path) -> None:
    app = make_app(station)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["4", "right"])
        assert "后面还没到" in page(app)
        await press(pilot, app, ["left"])
        assert told(app, "接到")[:4] == ["接到", "2", "办结", "0"]
        assert "今年到今天" not in page(app)
        await press(pilot, app, ["right"])
        assert told(app, "接到")[1] == "3"
        await press(pilot, app, ["left", "left", "left", "f3"])
        assert told(app, "接到")[1] == "3"


async def test_categories_and_buildings_follow_with_their_sums(station: Path) -> None:
    app = make_app(station)
    async with app.run_test(size=(100, 60)) as pilot:
        await enter(pilot, app)
        assert told(app, "[a栋]")[1] == "1"
        assert told(app, "3栋")[1] == "2"
        assert told(app, "不在楼里")[1] == "1"
        assert [line.split()[1] for line in drawn(app) if line.strip().startswith("合计")] == ["3", "3"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_every_line_can_be_reached_by_keys(station: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language, strict=True)
    app = make_app(station)
    async with app.run_test(size=size) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["4"])
        await press(pilot, app, ["end"])
        assert i18n.t("figures.backlog_now", open=4, late=2, unrated=0) in page(app)


async def test_the_page_is_written_beside_the_documents_and_the_next_beside_it(
    station: Path, tmp_path: Path
) -> None:
    app = make_app(station)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        for _ in range(2):
            await press(pilot, app, ["f5", "1"])
            assert "已存" in page(app)
        await press(pilot, app, ["f5", "2"])
    assert [file.suffix for file in written(tmp_path, "工单统计")] == [".html", ".xlsx", ".html"]
    text = written(tmp_path, "工单统计")[0].read_text("utf-8")
    assert not any(name in text for name in ("李小梅", "王德胜"))


async def test_open_jobs_and_a_contact_board_are_written_from_here(station: Path, tmp_path: Path) -> None:
    app = make_app(station)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f5", "3"])
        await press(pilot, app, ["f5", "4", "1", "1"])
        assert "已存" in page(app)
    [jobs], [board] = written(tmp_path, "正在办的事"), written(tmp_path, "3栋_联系牌")
    assert "KT2" in jobs.read_text("utf-8")
    assert "3栋" in board.read_text("utf-8")


async def test_without_a_building_there_is_no_board_and_that_is_said(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f5", "4"])
        assert "还没有登记楼栋" in page(app)


async def test_what_the_disk_refuses_is_said(station: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/nowhere"))
    app = make_app(station)
    app.survives = True
    async with app.run_test() as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["f5", "1"])
        assert "/nowhere" in page(app)


def test_cards_and_texts_are_made_for_any_screen(station: Path, tmp_path: Path) -> None:
    found = ids(station)
    with looking(station) as desk:
        path = ticket_papers.write_card(desk, [found["KT1"], found["KT2"]])
        assert (path.parent, path.suffix) == (tmp_path, ".html")
        assert path.read_text("utf-8").count("<article") == 2
        assert "李小梅" in path.read_text("utf-8")
        chat = ticket_papers.ticket_chat(desk, found["KT1"])
        assert "王**家下水堵了" in chat
        assert "李小梅" not in chat
        jobs = ticket_papers.jobs_chat(desk)
        assert "没办完的工单 4 件" in jobs
        with pytest.raises(DeskError):
            ticket_papers.write_card(desk, [UUID(int=1)])
        with pytest.raises(DeskError):
            ticket_papers.write_contact_board(desk, UUID(int=1))


def test_a_card_has_the_registers_phone_where_none_was_given(station: Path) -> None:
    with looking(station) as desk:
        person = new()
        assert desk.perform(
            Intent("person.add", {"id": person, "name": "孙大妈", "phones": ["13655556666"]}),
            Intent("ticket.report", {"id": new(), "code": "KT9", "what": "x", "requester_id": person}),
        ).refused is None  # fmt: skip
        assert "13655556666" in ticket_papers.card_html(desk, [ids(station)["KT9"]])
