"""A compound with two volunteers and a ticket in any state, for the stories about a ticket's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from register_desk import rest, rows, until
from sewer_desk import sewer
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import edge
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.tickets.page import TicketPage

CODE = "KT27"


class TicketDesk:
    """A store with a ticket `KT27` from 3-1-502; 王德胜, who leads, sits at it."""

    def __init__(self, path: Path, **reported: Any) -> None:
        self.path = sewer(path)
        self.people = {name: str(UUID(str(row))) for name, row in rows(path, "select name, id from person")}
        grants = []
        for name in ("李四", "罗铁生"):
            if name not in self.people:
                self.people[name] = str(edge.new_id())
                grants.append(Intent("person.add", {"id": self.people[name], "name": name}))
            term = {"id": str(edge.new_id()), "person": self.people[name], "role": "volunteer"}
            grants.append(Intent("role.grant", term | {"since": "2020-01-01"}))
        self.perform(*grants)
        [(home,)] = rows(path, "select id from household where code = '3-1-502'")
        [(point,)] = rows(path, "select id from point where code = 'W02'")
        self.home, self.point = str(UUID(str(home))), str(UUID(str(point)))
        self.id = self.report(CODE, **({"household_id": self.home} | reported))

    def perform(self, *intents: Intent) -> UUID:
        """Do things that must not be refused, as one group."""
        desk = Desk(self.path)
        desk.open()
        outcome = desk.perform(*intents)
        desk.close()
        assert outcome.refused is None, outcome.refused
        return outcome.group_id

    def report(self, code: str, what: str = "厨房下水堵了", **more: Any) -> str:
        row_id = str(edge.new_id())
        payload = {"id": row_id, "code": code, "what": what, "category": "drain", **more}
        self.perform(Intent("ticket.report", payload))
        return row_id

    def do(self, verb: str, *, by: str = "", hours_ago: float = 0, ticket: str = "", **more: Any) -> None:
        """Do something to the ticket; `by` is who did it."""
        payload = {"id": str(edge.new_id()), "ticket": ticket or self.id, **more}
        at = edge.clock() - timedelta(hours=hours_ago) if hours_ago else None
        doer = UUID(self.people[by]) if by else None
        self.perform(Intent(f"ticket.{verb}", payload, doer_id=doer, happened_at=at))

    def sits(self, name: str) -> None:
        """Let somebody else act on this laptop."""
        desk = Desk(self.path)
        desk.open()
        desk.act_as(UUID(self.people[name]))
        desk.close()

    def ticket(self, *columns: str, code: str = CODE) -> tuple[Any, ...]:
        """Return columns of a ticket as the store has them."""
        return rows(self.path, f"select {', '.join(columns)} from ticket where code = '{code}'")[0]  # noqa: S608

    def state(self, code: str = CODE) -> str:
        return str(self.ticket("state", code=code)[0])

    def hands(self) -> list[str]:
        found = rows(
            self.path,
            "select p.name from ticket_hand h join person p on p.id = h.person_id where not h.archived "
            "order by h.since, h.id",
        )
        return [name for (name,) in found]

    def story(self) -> list[str]:
        """Return what stands in the story, by kind."""
        found = rows(self.path, "select kind from ticket_event where not archived order by at, id")
        return [kind for (kind,) in found]

    @asynccontextmanager
    async def page(
        self, size: tuple[int, int] = (80, 24), ticket: str = ""
    ) -> AsyncIterator[tuple[LinliApp, Pilot[None]]]:
        """Open the app on the ticket's page."""
        app = LinliApp(Desk(self.path), survives=False)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.status is not None)
            await rest(pilot)
            app.push_screen(TicketPage(UUID(ticket or self.id)))
            await rest(pilot)
            yield app, pilot
            assert app.errors == []
