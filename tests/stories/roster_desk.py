"""A compound with a committee, six volunteers and a post of three shifts, for the stories about the roster."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from neighbours import copy_store
from register_desk import at, rows
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.desk import Desk

#: Half past ten in the morning in Shanghai.
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
DIRECTOR = "王德胜"
VOLUNTEERS = ("张三", "李四", "罗铁生", "陈桂英", "赵六", "孙大妈")


class RosterDesk:
    """A store with templates and nothing planned yet; 王德胜, who leads, sits at it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.people: dict[str, str] = {}
        desk = Desk(path)
        desk.open()
        assert desk.found("耐火小区", DIRECTOR).refused is None
        self.people[DIRECTOR] = str(desk.seat.person_id)
        self.compound_id = desk.seat.compound_id
        intents: list[Intent] = []

        def do(kind: str, /, **payload: Any) -> str:
            row_id = str(payload.setdefault("id", str(edge.new_id())))
            intents.append(Intent(kind, payload))
            return row_id

        for name in VOLUNTEERS:
            self.people[name] = do("person.add", name=name)
            do("role.grant", person=self.people[name], role="volunteer", since="2020-01-01")
        self.post = do("post.add", name="服务台", place="3栋底商")
        self.templates = {
            "早班": do(
                "shift_template.add", post=self.post, name="早班", starts="8:30", minutes=180, hands=2
            ),
            "午班": do(
                "shift_template.add",
                post=self.post,
                name="午班",
                starts="14:00",
                minutes=180,
                weekdays=[1, 3, 5],
            ),
        }
        do("availability.add", person=self.people["赵六"], kind="cannot", weekdays=[6, 7])
        do("availability.add", person=self.people["李四"], kind="rather_not", weekdays=[1])
        assert desk.perform(*intents).refused is None
        desk.close()

    @classmethod
    def again(cls, source: Path, path: Path) -> RosterDesk:
        """Return a store of one's own that is like another."""
        copy_store(source, path)
        desk = cls.__new__(cls)
        desk.path = path
        desk.people = {name: str(UUID(str(row))) for name, row in rows(path, "select name, id from person")}
        [(desk.compound_id,)] = [(UUID(str(row)),) for (row,) in rows(path, "select id from compound")]
        [(post,)] = rows(path, "select id from post")
        desk.post = str(UUID(str(post)))
        found = rows(path, "select name, id from shift_template")
        desk.templates = {name: str(UUID(str(row))) for name, row in found}
        return desk

    def needs_a_cook(self) -> None:
        """Ask for a skill that nobody has, for a meal on the fifth of each month."""
        payload = {
            "id": str(edge.new_id()),
            "post": self.post,
            "name": "聚餐",
            "starts": "17:00",
            "minutes": 120,
            "month_days": [5],
            "needs": ["skill:炒菜"],
        }
        self.perform(Intent("shift_template.add", payload))

    def more_hands(self, day: date, shift: str, hands: int) -> dict[str, Any]:
        """Return what lets a shift want so many hands."""
        [(row, before)] = rows(
            self.path,
            f"select id, hands from shift where day = '{day.isoformat()}' and name = '{shift}' and not archived",  # noqa: S608
        )
        return {"shift": str(UUID(str(row))), "old": {"hands": before}, "new": {"hands": hands}}

    def december(self) -> list[tuple[Any, ...]]:
        return [row for row in self.shifts() if row[0] >= "2026-12-01"]

    def perform(self, *intents: Intent) -> UUID:
        desk = Desk(self.path)
        desk.open()
        outcome = desk.perform(*intents)
        desk.close()
        assert outcome.refused is None, outcome.refused
        return outcome.group_id

    def sits(self, name: str) -> None:
        """Let somebody else act on this laptop."""
        desk = Desk(self.path)
        desk.open()
        desk.act_as(UUID(self.people[name]))
        desk.close()

    def draft(self, first: date, last: date, *, publish: bool = False) -> None:
        """Make a draft of some days as the room does, and perhaps publish it."""
        from models.duty.drafting import fill_intents, ground, plan_intents, publish_intents
        from models.duty.solver import solve

        desk = Desk(self.path)
        desk.open()
        with desk.store.read() as session:
            here = ground(session, self.compound_id, first, last, now=edge.clock())
        made = solve(here.problem, seconds=5)
        assert desk.perform(*plan_intents(here), *fill_intents(here, made, edge.new_id)).refused is None
        if publish:
            with desk.store.read() as session:
                intents = publish_intents(session, self.compound_id, first, last)
            assert desk.perform(*intents).refused is None
        desk.close()

    def shifts(self, day: date | None = None) -> list[tuple[Any, ...]]:
        """Return living shifts as (day, name, state)."""
        found = rows(self.path, "select day, name, state from shift where not archived order by starts_at")
        return [row for row in found if day is None or row[0] == day.isoformat()]

    def on(self, day: date, shift: str) -> list[str]:
        """Return who is on a shift."""
        found = rows(
            self.path,
            "select p.name from assignment a join shift s on s.id = a.shift_id join person p on p.id = a.person_id "  # noqa: S608
            f"where not a.archived and not a.leaving and s.day = '{day.isoformat()}' and s.name = '{shift}' order by p.name",
        )
        return [name for (name,) in found]

    @asynccontextmanager
    async def room(
        self, size: tuple[int, int] = (80, 24), **options: Any
    ) -> AsyncIterator[tuple[LinliApp, Pilot[None]]]:
        async with at(self.path, "roster", size, **options) as (app, pilot):
            yield app, pilot


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


def after(n: int) -> date:
    return NOW.date() + timedelta(days=n)
