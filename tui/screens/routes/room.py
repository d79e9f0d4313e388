"""The routes: how many points each has, when it was last walked, and a page for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection import queries
from models.inspection.queries import RouteLine
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.perform import Outcome
from models.operations.verdicts import Merged
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.points.base import NetworkBase
from tui.screens.register.fields import note_field, note_from_line
from tui.screens.register.words import archived_mark
from tui.screens.walk.words import day
from tui.widgets.fields import Field, TextField
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Tone

OPEN = action("routes.open", "enter")
ADD = action("routes.add", "f5", "insert")
ARCHIVED = action("routes.show_archived", "f7")


class RoutesScreen(NetworkBase):
    """The list of routes."""

    ROOM: ClassVar[str] = "routes"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, ADD, ARCHIVED)

    def __init__(self) -> None:
        super().__init__()
        self.archived = False
        self._read_once = False

    def body(self) -> ComposeResult:
        yield LongList(columns(), empty=t("routes.empty"), id="routes")

    def on_mount(self) -> None:
        self.query_one(LongList).focus()
        self.reread()

    def on_screen_resume(self) -> None:
        if self._read_once:
            self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        archived = self.archived
        self.read(lambda desk: look(desk, archived=archived), self._show, latest="routes")

    def _show(self, rows: Sequence[RowView]) -> None:
        self._read_once = True
        shown = self.query_one(LongList)
        shown.empty = t("routes.empty_archived" if self.archived else "routes.empty")
        shown.show(rows, keep=True)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id and self.is_mounted and self.query_one(LongList).highlighted is None:
            return t("routes.nothing_to_open")
        return super().why_not(action_id)

    def do_open(self) -> None:
        row_id = self.query_one(LongList).highlighted
        if row_id is not None:
            self._open(UUID(row_id))

    def _open(self, route_id: UUID, said: str = "", tone: Tone = Tone.PLAIN) -> None:
        from tui.screens.routes.page import RouteScreen

        page = RouteScreen(route_id, self.works)
        page.flash(said, tone)
        self.app.push_screen(page)

    def do_show_archived(self) -> None:
        self.archived = not self.archived
        self.flash(t("routes.archived_shown" if self.archived else "routes.archived_hidden"))
        self.reread()

    def do_add(self) -> None:
        route_id = str(edge.new_id())

        def plan(values: Values) -> Sequence[Intent]:
            payload = {"id": route_id, "name": str(values["name"]), "note": note_from_line(values["note"])}
            return [Intent("route.add", {**payload})]

        def added(outcome: Outcome) -> None:
            verdict = outcome.verdicts[0]
            text, tone = self._said
            self._open(verdict.into if isinstance(verdict, Merged) else UUID(route_id), text, tone)

        self.fill_in(
            t("routes.add_title"),
            route_fields(),
            plan,
            lambda values: t("routes.added", name=str(values["name"])),
            draft="add_route",
            then=added,
        )


def route_fields(name: str = "", note: str = "") -> list[Field]:
    return [
        TextField(
            id="name",
            label=t("routes.name"),
            value=name,
            required=True,
            hint=t("routes.name_hint"),
            longest=LONGEST_NAME,
        ),
        note_field(note),
    ]


def columns() -> tuple[Column, ...]:
    return (
        Column(t("routes.name"), 20, priority=9, grow=True),
        Column(t("routes.points"), 8, priority=8, align="right"),
        Column(t("routes.walked"), 12, priority=7),
        Column(t("routes.note"), 14, priority=4, grow=True),
    )


def look(desk: Desk, *, archived: bool = False) -> Sequence[RowView]:
    with desk.store.read() as session:
        return [_row(line) for line in queries.routes(session, desk.seat.compound_id, archived=archived)]


def _row(line: RouteLine) -> RowView:
    walked = t("routes.never") if line.walked_at is None else day(line.walked_at)
    note = f"{archived_mark()} {line.note}".strip() if line.archived else line.note
    return RowView(str(line.id), (line.name, str(line.stops), walked, note), muted=line.archived)
