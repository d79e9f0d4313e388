"""A route's page: its points in walking order, to be added, taken out and put in another order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.operations.envelope import Intent
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.arranging import Arranging
from tui.screens.changing import Values
from tui.screens.points.base import NetworkBase, Works
from tui.screens.register.fields import differing, note_from_line
from tui.screens.register.words import archived_mark
from tui.screens.routes.room import route_fields
from tui.screens.routes.store import Left, RoutePage, Sorted, arrange, left_out, look, sorted_by
from tui.screens.walk.words import day, kind_word
from tui.widgets.arrange_list import ArrangeList
from tui.widgets.deeds import Deeds
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Tone

HOLD = action("routes.hold", "space")
ADD_STOPS = action("routes.add_stops", "f5", "insert")
SORT = action("routes.sort", "f6")
OPEN_POINT = action("routes.open_point", "1", footer=False)
EDIT = action("routes.edit", "2", footer=False)
TAKE_OUT = action("routes.take_out", "3", "delete", footer=False)
ARCHIVE = action("routes.archive", "4", footer=False)

_TYPE, _ALL = "type", "all"
_CODE, _FLOW, _SHORT, _REVERSED = "code", "flow", "short", "reversed"


class RouteScreen(Arranging, NetworkBase):
    """One route."""

    ROOM: ClassVar[str] = "route"
    HOLD: ClassVar[Action] = HOLD
    DEEDS: ClassVar[tuple[Action, ...]] = (OPEN_POINT, EDIT, TAKE_OUT, ARCHIVE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (HOLD, ADD_STOPS, SORT, *DEEDS)
    DEFAULT_CSS = """
    RouteScreen #about {
        height: 1; color: $text-muted; margin-bottom: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    RouteScreen.-short #about { margin-bottom: 0; }
    RouteScreen Deeds { margin-top: 1; }
    RouteScreen.-short Deeds { margin-top: 0; }
    """

    def __init__(self, row_id: UUID, ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self.row_id = row_id
        self.page: RoutePage | None = None
        #: The order as this screen has last read or written it: what an undo goes back to.
        self._stops: tuple[str, ...] = ()
        self._to_top = False

    @property
    def heading(self) -> str:
        if self.page is None:
            return super().heading
        route = self.page.route
        name = t("routes.heading", name=route.name)
        return f"{name} {archived_mark()}" if route.archived else name

    def body(self) -> ComposeResult:
        yield Line(id="about")
        yield ArrangeList(
            (
                Column(t("points.code"), 10, priority=9),
                Column(t("points.kind"), 10, priority=6),
                Column(t("points.name"), 16, priority=7, grow=True),
            ),
            empty=t("routes.no_stops"),
            id="stops",
        )
        yield Deeds()

    def on_mount(self) -> None:
        self.arranged.focus()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(look, route_id=self.row_id), self._show, latest="route")

    def _show(self, page: RoutePage | None) -> None:
        if page is None:
            self.flash(t("routes.gone"), Tone.WARN)
            return
        self.page = page
        if self.may_show:
            stops = self.arranged
            self._stops = tuple(str(stop.point_id) for stop in page.route.stops)
            stops.show_order(
                [
                    RowView(str(stop.point_id), (stop.code, kind_word(stop.kind), stop.name))
                    for stop in page.route.stops
                ]
            )
            if self._to_top:
                self._to_top = False
                stops.move_to(0)
        self.query_one("#about", Line).show(_about(page))
        self.refresh_frame()

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if self.page is None and action_id.startswith("routes."):
            return t("register.reading")
        archived = self.page is not None and self.page.route.archived
        if archived and action_id in {HOLD.id, ADD_STOPS.id, SORT.id, EDIT.id, TAKE_OUT.id}:
            return t("routes.bring_back_first")
        if action_id in {OPEN_POINT.id, TAKE_OUT.id, HOLD.id} and self._chosen is None:
            return t("routes.no_stop_chosen")
        if action_id == SORT.id and len(self._stops) < 2:  # noqa: PLR2004 - one has no order
            return t("routes.nothing_to_sort")
        return super().why_not(action_id)

    @property
    def _chosen(self) -> RowView | None:
        return self.arranged.highlighted_row if self.is_mounted else None

    def on_arrange_list_held(self, event: ArrangeList.Held) -> None:
        row = self._chosen
        code = str(row.cells[1]) if row is not None else ""
        self.flash(t("routes.holding", code=code) if event.held else t("routes.put_back", code=code))

    def on_arrange_list_arranged(self, event: ArrangeList.Arranged) -> None:
        place = event.row_ids.index(event.moved) + 1
        row = self._chosen
        self._write(event.row_ids, t("routes.moved", code=str(row.cells[1]) if row else "", place=place))

    def _write(self, stops: Sequence[str], said: str) -> None:
        """Give the route this order."""
        before, self._stops = self._stops, tuple(stops)
        self.write_order(partial(arrange, route_id=self.row_id, before=before, stops=self._stops), said)

    def do_take_out(self) -> None:
        row = self._chosen
        if row is None or row.id not in self._stops:
            return
        left = [stop for stop in self._stops if stop != row.id]
        self._write(left, t("routes.taken_out", code=str(row.cells[1])))

    def do_open_point(self) -> None:
        from tui.screens.points.card import PointScreen

        row = self._chosen
        if row is not None:
            self.app.push_screen(PointScreen(UUID(row.id), self.works))

    # Adding

    def do_add_stops(self) -> None:
        self.ask(partial(left_out, route_id=self.row_id), self._offer)

    def _offer(self, left: Left) -> None:
        if not left.kinds:
            self.flash(t("routes.no_points"), Tone.WARN)
            return
        options = [Option(_TYPE, t("routes.by_code"), t("routes.by_code_note"))]
        options += [
            Option(kind, t("routes.all_of", kind=kind_word(kind)), t("routes.n_points", n=len(ids)))
            for kind, ids in left.kinds.items()
        ]
        if len(left.kinds) > 1:
            everything = sum(len(ids) for ids in left.kinds.values())
            options.append(Option(_ALL, t("routes.all_left"), t("routes.n_points", n=everything)))
        self.choose(t("routes.add_title_stops"), options, partial(self._take, left))

    def _take(self, left: Left, chosen: str) -> None:
        if chosen == _TYPE:
            from tui.screens.routes.add import AddStops

            self.app.push_screen(AddStops(self._stops, self.add_stops))
            return
        self.add_stops([point for kind, ids in left.kinds.items() if chosen in {kind, _ALL} for point in ids])

    def add_stops(self, points: Sequence[str]) -> None:
        """Put points at the end of the route."""
        new = [point for point in dict.fromkeys(points) if point not in set(self._stops)]
        if new:
            self._write([*self._stops, *new], t("routes.stops_added", n=len(new)))

    # Order

    def do_sort(self) -> None:
        self.choose(
            t("routes.sort_title"),
            [
                Option(_CODE, t("routes.sort_code"), t("routes.sort_code_note")),
                Option(_FLOW, t("routes.sort_flow"), t("routes.sort_flow_note")),
                Option(_SHORT, t("routes.sort_short"), t("routes.sort_short_note")),
                Option(_REVERSED, t("routes.sort_reversed"), t("routes.sort_reversed_note")),
            ],
            self._sort,
        )

    def _sort(self, how: str) -> None:
        stops = self._stops
        self._to_top = True
        if how == _REVERSED:
            self._write(stops[::-1], t("routes.sorted_reversed"))
            return
        self.ask(lambda desk: sorted_by(desk, stops, how), partial(self._sorted, how, stops))

    def _sorted(self, how: str, asked: tuple[str, ...], found: Sorted) -> None:
        if found.reason:
            self.flash(t(f"routes.{found.reason}"), Tone.WARN)
        elif asked != self._stops:
            self.flash(t("routes.changed_meanwhile"), Tone.WARN)
        elif found.stops == asked:
            self.flash(t("routes.sorted_already"))
        elif how == _SHORT:
            self._write(found.stops, t("routes.sorted_short", before=found.before, after=found.after))
        else:
            self._write(found.stops, t(f"routes.sorted_{how}"))

    # The route itself

    def do_edit(self) -> None:
        page = self.page
        if page is None:
            return
        route = page.route

        def plan(values: Values) -> Sequence[Intent]:
            wanted = {"name": str(values["name"]), "note": note_from_line(values["note"])}
            old, new = differing({"name": route.name, "note": route.note}, wanted)
            return [Intent("route.edit", {"route": str(route.id), "old": old, "new": new})] if new else []

        self.fill_in(
            t("routes.edit_title", name=route.name),
            route_fields(route.name, route.note),
            plan,
            lambda values: t("routes.edited", name=str(values["name"])),
            draft=f"route:{route.id}",
        )

    def do_archive(self) -> None:
        page = self.page
        if page is None:
            return
        verb, said = (
            ("unarchive", "routes.brought_back")
            if page.route.archived
            else ("archive", "routes.archive_done")
        )
        self.change([Intent(f"route.{verb}", {"route": str(page.route.id)})], t(said, name=page.route.name))


def _about(page: RoutePage) -> str:
    parts = [t("routes.n_points", n=len(page.route.stops))]
    if page.metres is not None:
        parts.append(t("routes.metres", n=page.metres))
    parts.append(
        t("routes.never_walked") if page.walked_at is None else t("routes.walked_on", day=day(page.walked_at))
    )
    if page.route.note:
        parts.append(page.route.note)
    return " · ".join(parts)
