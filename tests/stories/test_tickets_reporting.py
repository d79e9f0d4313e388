"""Somebody stands before the desk and asks; a volunteer types."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import ODD, at, page, press, rest, rows, said, until
from reporting_desk import Hands, dialog, do, saved_as, settled

from tui.screens.choose import Choose
from tui.screens.tickets.report import ReportTicket

TICKETS = (
    "SELECT t.what, t.category, t.channel, t.urgency, p.name, t.requester_name, t.requester_phone, h.code, b.code,"
    " w.code, t.place FROM ticket t LEFT JOIN person p ON p.id = t.requester_id"
    " LEFT JOIN household h ON h.id = t.household_id LEFT JOIN building b ON b.id = t.building_id"
    " LEFT JOIN point w ON w.id = t.point_id WHERE NOT t.archived ORDER BY t.opened_at, t.id"
)
#: What the customer allows beside the words.
MOST_KEYS = 15


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


async def test_a_neighbour_with_a_blocked_drain_costs_six_keys_from_home_beside_the_words(
    store: Path,
) -> None:
    async with at(store, "home") as (app, pilot):
        hands = Hands(pilot)
        await hands.press("2", "f2")
        await hands.words("ls")
        await hands.press("enter")
        await hands.words("厨房下水堵了")
        await hands.press("enter", "enter", "enter")
        await dialog(pilot)
        assert len(hands.keys) == 6 <= MOST_KEYS
        assert saved_as(app).endswith("请记下")
        assert saved_as(app) in said(app)
    assert rows(store, TICKETS) == [
        ("厨房下水堵了", "drain", "walk_in", "urgent", "李四", "", "", "1-1-102", "1", None, "")
    ]


async def test_the_longest_report_stays_within_fifteen_keys(store: Path) -> None:
    """Somebody not registered, a place in words, by phone, another kind, another urgency, two hands."""
    async with at(store, "home") as (_app, pilot):
        hands = Hands(pilot)
        await hands.press("2", "f2")
        await hands.words("李大姐 139 1234 5678")
        await hands.press("enter")
        await hands.words("小花园凉亭")
        await hands.press("enter")
        await hands.words("凉亭要塌了")
        await hands.press("enter", "f3", "f6", "f6", "f7", "w", "enter")
        await dialog(pilot)
        assert len(hands.keys) <= MOST_KEYS
    [(_, category, channel, urgency, person, name, phone, home, _, _, place)] = rows(store, TICKETS)
    assert (channel, urgency, person, home) == ("phone", "emergency", None, None)
    assert (name, phone, place) == ("李大姐", "13912345678", "小花园凉亭")
    assert category != "other"


async def test_a_flat_fills_its_building_and_offers_who_lives_there(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "1-1-102", "enter")
        assert "李四" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, ReportTicket)
        assert (app.screen.slip.name, app.screen.slip.household, app.screen.slip.building) == (
            "李四",
            "1-1-102",
            "1",
        )
        assert app.screen.field == "what"


async def test_one_of_several_of_a_name_is_told_by_the_flat(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "zs 2-1", "enter")
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.household == "2-1-501"


async def test_a_building_a_well_and_nobody_are_enough(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("2栋")
        await hands.press("enter", "enter")
        await hands.words("楼道灯不亮")
        await hands.press("f2")
        await dialog(pilot)
        await hands.press("1")
        await hands.words("w07")
        await hands.press("enter", "enter")
        await hands.words("冒水")
        await hands.press("f2")
        await dialog(pilot)
        assert app.errors == []
    lamp, well = rows(store, TICKETS)
    assert lamp[1:4] + lamp[8:10] == ("lamp", "walk_in", "normal", "2", None)
    assert well[1:4] + well[8:10] == ("drain", "walk_in", "urgent", "1", "W07")


async def test_backspace_takes_back_who_and_then_where(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "ls", "enter", "up")
        assert isinstance(app.screen, ReportTicket)
        await press(pilot, "backspace")
        await rest(pilot)
        assert (app.screen.slip.name, app.screen.slip.household) == ("", "1-1-102")
        await press(pilot, "backspace")
        await rest(pilot)
        assert not app.screen.slip.has_where


async def test_a_wrong_guess_is_one_key_from_right(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.press("enter")
        await hands.words("灯不亮")
        await hands.press("enter")
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.kind.code == "lamp"
        await hands.press("1")
        assert (app.screen.kind.code, app.screen.field) == ("drain", "near")


async def test_what_stands_near_is_shown_and_joined_by_its_digit(store: Path) -> None:
    do(store, "ticket.report", what="厨房下水堵了", category="drain", household_id="1-1-101", code="KT1")
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("1-1-102")
        await hands.press("enter", "enter")
        await hands.words("下水也堵了")
        await until(pilot, lambda: "KT1" in page(app))
        await hands.press("enter", "enter", "1")
        await dialog(pilot)
        assert "KT1" in saved_as(app)
    [(asked, state, name, into)] = rows(
        store,
        "SELECT t.what, t.state, p.name, o.code FROM ticket t JOIN ticket o ON o.id = t.parent_id"
        " JOIN person p ON p.id = t.requester_id",
    )
    assert (asked, state, name, into) == ("下水也堵了", "duplicate", "李四", "KT1")
    groups = rows(
        store, "SELECT kind, group_id FROM operation WHERE kind LIKE 'ticket.%' ORDER BY n DESC LIMIT 2"
    )
    assert {kind for kind, _ in groups} == {"ticket.report", "ticket.join"}
    assert len({group for _, group in groups}) == 1


async def test_who_saves_too_fast_to_have_seen_what_is_near_is_shown_it_first(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(store, "ticket.report", what="厨房下水堵了", category="drain", household_id="1-1-102", code="KT1")
    async with at(store, "report_ticket") as (app, pilot):
        monkeypatch.setattr(app.screen, "look_around", lambda **_: None)  # the answer is still on its way
        await press(pilot, "ls", "enter", "drain", "f2")
        assert "KT1" in page(app)
        assert "附近有 1 张" in said(app)
        assert len(rows(store, TICKETS)) == 1
        await press(pilot, "enter")
        await dialog(pilot)
    assert len(rows(store, TICKETS)) == 2


async def test_a_look_around_that_follows_the_key_that_saves_holds_nothing_up(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "enter", "ABC")
        screen = app.screen
        assert isinstance(screen, ReportTicket)
        screen.do_save()
        screen.look_around()
        await dialog(pilot)
    assert len(rows(store, TICKETS)) == 1


async def test_where_an_incident_strikes_its_words_stand_there_and_the_report_goes_with_it(
    store: Path,
) -> None:
    do(
        store,
        "incident.open",
        name="1栋停水",
        words="水厂在修，下午四点来",
        category="water",
        buildings=["1"],
    )
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("ls")
        await hands.press("enter")
        await hands.words("家里没水")
        await until(pilot, lambda: "水厂在修，下午四点来" in page(app))
        await hands.press("f2")
        await dialog(pilot)
        await hands.press("1")
        await hands.words("ls")
        await hands.press("enter")
        await hands.words("水龙头坏了")
        await hands.press("enter", "enter", "1", "enter")
        await dialog(pilot)
    found = rows(
        store,
        "SELECT t.what, i.name FROM ticket t LEFT JOIN incident i ON i.id = t.incident_id ORDER BY t.opened_at",
    )
    assert found == [("家里没水", "1栋停水"), ("水龙头坏了", None)]


async def test_what_strikes_everybody_takes_a_report_in_when_somebody_says_so(store: Path) -> None:
    do(store, "incident.open", name="全小区清淤", words="这周都在清，堵的一起通")
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("ls")
        await hands.press("enter")
        await hands.words("下水堵了")
        await until(pilot, lambda: "这周都在清" in page(app))
        await hands.press("enter", "enter")
        assert "单独办" in page(app)
        await hands.press("1")
        assert "一起办" in page(app)
        await hands.press("enter")
        await dialog(pilot)
    found = rows(store, "SELECT i.name FROM ticket t JOIN incident i ON i.id = t.incident_id")
    assert found == [("全小区清淤",)]


async def test_a_half_typed_report_is_there_again_after_esc_and_after_the_app(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "ls", "enter", "ABC", "escape")
        app.enter("report_ticket")
        await rest(pilot)
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.what == "ABC"
        await press(pilot, "down")
    async with at(store, "report_ticket") as (app, pilot):
        assert isinstance(app.screen, ReportTicket)
        assert (app.screen.slip.name, app.screen.slip.household, app.screen.slip.what) == (
            "李四",
            "1-1-102",
            "ABC",
        )
        assert "还在" in said(app)
        await press(pilot, "f2")
        await dialog(pilot)
    async with at(store, "report_ticket") as (app, pilot):
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.empty
    assert len(rows(store, TICKETS)) == 1


async def test_undo_takes_the_ticket_back_and_gives_the_words_back(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "ls", "enter", "ABC", "f2")
        await dialog(pilot)
        await press(pilot, "4")
        await rest(pilot)
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.what == "ABC"
    assert rows(store, TICKETS) == []


async def test_whoever_took_the_question_has_the_baton(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "f5")
        assert isinstance(app.screen, Choose)
        options = [option.text for option in app.screen._options]
        await press(pilot, str(options.index("罗铁生") + 1))
        await rest(pilot)
        await press(pilot, "enter", "ABC", "f2")
        await dialog(pilot)
    assert rows(store, "SELECT p.name FROM ticket t JOIN person p ON p.id = t.holder_id") == [("罗铁生",)]


async def test_odd_text_is_kept_and_shown_as_it_was_typed(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        hands = Hands(pilot)
        await hands.words(ODD)
        await hands.press("enter")
        await hands.press("enter")
        await hands.words(f"{ODD} {{x}} $t \x1b[31m")
        assert "[/b] [a栋]" in page(app)
        await hands.press("f2")
        await dialog(pilot)
    [row] = rows(store, TICKETS)
    assert row[0].startswith("[/b] [a栋]")
    assert "\x1b" not in row[0]


async def test_nothing_is_saved_without_words_and_nothing_typed_is_left_behind(store: Path) -> None:
    async with at(store, "report_ticket") as (app, pilot):
        await press(pilot, "f2")
        assert "先写什么事" in said(app)
        assert isinstance(app.screen, ReportTicket)
        await press(pilot, "ABC", "up", "zzz", "f2")
        assert "还没选定" in said(app)
    assert rows(store, TICKETS) == []


async def test_what_is_entered_for_somebody_is_filled_in(store: Path) -> None:
    from uuid import UUID

    (found,) = rows(store, "SELECT id FROM household WHERE code = '1-2-302'")
    async with at(store, "report_ticket", household_id=UUID(str(found[0])), text="漏水") as (app, pilot):
        assert isinstance(app.screen, ReportTicket)
        assert (app.screen.slip.household, app.screen.slip.building, app.screen.slip.what) == (
            "1-2-302",
            "1",
            "漏水",
        )
        await press(pilot, "f2")
        await dialog(pilot)
    assert rows(store, TICKETS)[0][7] == "1-2-302"
