"""What duty imports: the solver, the calendar of holidays and of files come when a room needs them, and not before."""

from __future__ import annotations

from pathlib import Path

from test_starting import FRAME, HOME, imported, of

from tui.desk import Desk

#: The solver and what it brings, China's holidays, calendars as files, tables as files.
HEAVY = ("highspy", "numpy", "holidays", "icalendar", "dateutil", "xlsxwriter")
WORK = """
from tui.screens.home_work import look_at_work
look_at_work(desk)
desk.prepare()
"""
ROOMS = """
from importlib import import_module
for room, place in tui.app.ROOMS.items():
    if ".duty." in place:
        import_module(place.partition(":")[0])
"""
QUESTIONS = """
from tui.screens.duty import desk_store, hub
hub.look(desk)
desk_store.look(desk)
"""


def small(tmp_path: Path) -> str:
    """Return the path of a store with a compound and a post."""
    path = tmp_path / "small.db"
    desk = Desk(path)
    desk.open()
    desk.found("三元", "赵敏")
    desk.close()
    return str(path)


def test_all_that_home_asks_and_all_kinds_of_operation_import_nothing_heavy(tmp_path: Path) -> None:
    modules = imported(f"{FRAME}\n{HOME}\n{WORK}", small(tmp_path))
    assert {"models.duty.queries_home", "models.duty.operations"} <= modules
    assert of(modules, *HEAVY) == []


def test_neither_the_rooms_of_duty_nor_a_check_in_wait_for_solver_or_calendars(tmp_path: Path) -> None:
    modules = imported(f"{FRAME}\n{HOME}\n{ROOMS}\n{QUESTIONS}", small(tmp_path))
    assert {"tui.screens.duty.roster", "tui.screens.duty.log_book"} <= modules
    assert of(modules, *HEAVY) == []
