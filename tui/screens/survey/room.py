"""The survey map: where the sewer is blocked, what stands behind it, and how each well is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from models.inspection.queries_walks import WalkLine
from models.inspection.survey.scene import Laid, Run, Scene, Spot
from models.tickets.on_map import MappedTicket
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.survey import store, words
from tui.screens.survey.store import Mapped
from tui.screens.walk import store as walk_store
from tui.screens.walk.words import day
from tui.widgets.bars import KeyView, key_view
from tui.widgets.deeds import Deeds
from tui.widgets.map_canvas import MapCanvas
from tui.widgets.map_panel import MapPanel
from tui.widgets.picker import Option
from tui.widgets.text import Line, Tone, cut, joined, plain, width

OPEN = action("map.open", "enter")
NEXT = action("map.next", "tab", "n")
WALK = action("map.walk", "f3")
COMPARE = action("map.compare", "f5")
CLOSER = action("map.closer", "+", "=", footer=False)
FARTHER = action("map.farther", "-", "_", footer=False)
WHOLE = action("map.whole", "0", footer=False)
FIND = action("map.find", "/", "f", footer=False)
LAYOUT = action("map.layout", "f4", "l", footer=False)
OUT = action("map.out", "f2", "s", footer=False)
ASIDE = action("map.aside", "f6", footer=False)
TICKETS = action("map.tickets", "f8", "t", footer=False)
LAYER = action("map.layer", "f7", footer=False)
UPWARD = action("map.upward", "u", footer=False)
DOWNWARD = action("map.downward", "d", footer=False)
_TOOLS = (CLOSER, FARTHER, WHOLE, FIND, LAYOUT, OUT, LAYER, TICKETS, ASIDE)


class SurveyMap(LinliScreen):
    """`walk_id` names the walk to show, else it is the newest; `code` a well to begin at."""

    ROOM: ClassVar[str] = "map"
    CSS_PATH: ClassVar[str | Path] = "room.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        OPEN, NEXT, WALK, COMPARE, CLOSER, FARTHER, WHOLE, FIND, LAYOUT, OUT, ASIDE, LAYER, TICKETS, UPWARD, DOWNWARD,
    )  # fmt: skip
    AUTO_FOCUS = "MapCanvas"

    def __init__(self, walk_id: UUID | None = None, code: str | None = None) -> None:
        super().__init__()
        self._walk_id = walk_id
        self._laid: Laid | None = None
        self._mapped: Mapped | None = None
        self._code = code
        self._blockage: int | None = None
        self._called = True

    def body(self) -> ComposeResult:
        yield Line(id="what")
        with Horizontal(id="map-area"):
            yield MapCanvas(empty=t("list.reading"), id="map")
            yield MapPanel(empty=t("map.choose_well"), id="well")
        yield MapPanel(empty=t("map.choose_well"), id="strip")
        yield Deeds(id="tools")

    def on_mount(self) -> None:
        self.query_one("#well", MapPanel).legend = words.legend()
        self._ask()

    def news(self) -> None:
        self._ask()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._mapped is not None:
            self._ask()

    def _ask(self) -> None:
        question = partial(store.look, walk_id=self._walk_id, laid=self._laid, called=self._called)
        self.ask(question, self._show, latest="map")

    def _show(self, mapped: Mapped) -> None:
        first = self._mapped is None
        self._mapped = mapped
        scene = mapped.scene
        canvas = self.query_one(MapCanvas)
        canvas.empty = self._nothing_there(scene)
        wanted = self._code or canvas.picked or _first_well(scene)
        canvas.show(mapped.world, mapped.marks, wanted)
        self._code = None if wanted is None or wanted in mapped.world.number else wanted
        if first and scene.blockages and wanted == _first_well(scene):
            self._blockage = 0
            self.flash(words.blockage_text(scene, 0), Tone.BAD)
        elif self._blockage is not None and self._blockage >= len(scene.blockages):
            self._blockage = None
        self._head()
        self._tell(canvas.picked or wanted)

    @staticmethod
    def _nothing_there(scene: Scene) -> str:
        return t("map.no_wells_hint") if not scene.aside else t("map.none_placed")

    def _head(self) -> None:
        """Write which walk it is on the left, where it is blocked on the right."""
        mapped = self._mapped
        if mapped is None:
            return
        line = self.query_one("#what", Line)
        cells = max(10, self.size.width - 2)
        blocked = words.blockages_text(mapped.scene)
        right = f" ╳ {blocked} " if blocked else ""
        left = cut(words.heading_text(mapped.scene), cells - width(right) - 1)
        gap = " " * max(1, cells - width(left) - width(right))
        badge = "bold $background on $text-error"
        line.show(joined((left, "bold"), gap, (right, badge)) if right else plain(left, "bold"))

    def on_resize(self) -> None:
        self._head()

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if not action_id.startswith("map."):
            return super().why_not(action_id)
        mapped, canvas = self._mapped, self.query_one(MapCanvas)
        if mapped is None:
            return t("list.reading")
        scene = mapped.scene
        reasons = {
            OPEN.id: (self._chosen() is None, "map.choose_well"),
            NEXT.id: (not scene.blockages, "map.no_blockage" if scene.seen else "map.nothing_seen"),
            CLOSER.id: (not canvas.can_zoom_in, "map.closest"),
            FARTHER.id: (not canvas.can_zoom_out, "map.farthest"),
            LAYOUT.id: (not mapped.world.plan and not mapped.placed, "map.no_places"),
            OUT.id: (scene.walk_id is None, "map.no_walk_to_tell"),
            ASIDE.id: (not scene.aside, "map.none_aside"),
            COMPARE.id: (scene.walk_id is None, "map.no_walk_to_tell"),
            LAYER.id: (not mapped.calls.at, "map.no_calls"),
            TICKETS.id: (not self._tickets(mapped), "map.no_calls_here"),
        }
        shut, why = reasons.get(action_id, (False, ""))
        return t(why) if shut else None

    def refresh_keys(self) -> None:
        super().refresh_keys()
        for tools in self.query("#tools").results(Deeds):
            tools.keys = tuple(self._tools())

    def _tools(self) -> Iterator[KeyView]:
        """Yield what is done to the map, each named by what it leads to just now."""
        mapped = self._mapped
        for made in _TOOLS:
            view = key_view(made, self.why_not(made.id))
            if made is LAYOUT:
                plan = mapped is not None and mapped.world.plan
                yield replace(view, label=t("map.to_schematic" if plan else "map.to_plan"))
            elif made is LAYER:
                yield replace(view, label=t("map.calls_off" if self._called else "map.calls_on"))
            elif made is not ASIDE:
                yield view
            elif mapped is not None and mapped.scene.aside:
                yield replace(view, label=t("map.aside_n", n=len(mapped.scene.aside)))

    @on(events.Click, "#what")
    async def _head_clicked(self) -> None:
        await self.action_act(NEXT.id)

    # Choosing wells

    def _chosen(self) -> str | None:
        picked = self.query_one(MapCanvas).picked
        return picked if self._code is None else self._code

    def on_map_canvas_selected(self, event: MapCanvas.Selected) -> None:
        self._code = None
        self._tell(event.code)
        self.refresh_keys()

    def on_map_canvas_opened(self, event: MapCanvas.Opened) -> None:
        self._open(event.code)

    def _tell(self, code: str | None) -> None:
        """Show a well in the panel, or none."""
        mapped = self._mapped
        spot = None if mapped is None or code is None else _spot(mapped, code)
        view = None
        if mapped is not None and spot is not None:
            runs = (*mapped.scene.runs, *mapped.scene.loose) if spot in mapped.scene.aside else ()
            incoming, outgoing = _pipes(mapped, spot.code, runs)
            view = words.panel_view(mapped.scene, spot, incoming, outgoing, mapped.calls.at.get(spot.id, ()))
        for panel in self.query(MapPanel):
            panel.view = view

    def do_open(self) -> None:
        code = self._chosen()
        if code is not None:
            self._open(code)

    def _open(self, code: str) -> None:
        spot = None if self._mapped is None else _spot(self._mapped, code)
        if spot is not None:
            from tui.screens.survey.well import WellCard

            self.app.push_screen(
                WellCard(spot.id, None if self._mapped is None else self._mapped.scene.walk_id)
            )

    def do_find(self) -> None:
        if self._mapped is None:
            return
        scene = self._mapped.scene
        options = [_option(spot) for spot in (*scene.spots, *scene.aside)]
        self.choose(t("map.find_title"), options, self._go_to)

    def do_aside(self) -> None:
        if self._mapped is not None:
            options = [_option(spot) for spot in self._mapped.scene.aside]
            self.choose(t("map.aside_title"), options, self._go_to)

    def _go_to(self, code: str) -> None:
        """Choose a well; one that stands nowhere on this map is shown in the panel alone."""
        canvas = self.query_one(MapCanvas)
        if self._mapped is not None and code in self._mapped.world.number:
            self._code = None
            canvas.pick(code)
            return
        self._code = code
        self._tell(code)
        self.flash(t("map.nowhere", code=cut(code, 20)), Tone.WARN)

    def do_next(self) -> None:
        """Go to the next blockage and frame it."""
        mapped = self._mapped
        if mapped is None:
            return
        blockages = mapped.scene.blockages
        self._blockage = 0 if self._blockage is None else (self._blockage + 1) % len(blockages)
        ends = [code for pipe in blockages[self._blockage].pipes[:1] for code in pipe]
        world, canvas = mapped.world, self.query_one(MapCanvas)
        # With what stands next to it, so that one sees where one is.
        canvas.look_at([*world.above(ends[0]), *ends, *world.below(ends[-1])])
        canvas.pick(ends[0])
        self.flash(words.blockage_text(mapped.scene, self._blockage), Tone.BAD)

    def do_upward(self) -> None:
        self._along(up=True)

    def do_downward(self) -> None:
        self._along(up=False)

    def _along(self, *, up: bool) -> None:
        picked = self.query_one(MapCanvas).picked
        if self._mapped is None or picked is None:
            return
        world = self._mapped.world
        near = world.above(picked) if up else world.below(picked)
        if near:
            self.query_one(MapCanvas).pick(near[0])
        else:
            self.flash(t("map.nothing_above" if up else "map.nothing_below", code=cut(picked, 20)))

    # Tickets

    def _tickets(self, mapped: Mapped) -> tuple[MappedTicket, ...]:
        """Return the tickets at the chosen well."""
        code = self._chosen()
        spot = None if code is None else _spot(mapped, code)
        return () if spot is None else mapped.calls.at.get(spot.id, ())

    def do_tickets(self) -> None:
        from tui.screens.survey.calls import open_ticket

        if self._mapped is not None:
            open_ticket(self, self._tickets(self._mapped))

    def do_layer(self) -> None:
        """Show or hide where people ask for help."""
        self._called = not self._called
        self.flash(t("map.calls_shown" if self._called else "map.calls_hidden"))
        self._ask()

    # How it is looked at

    def do_closer(self) -> None:
        self.query_one(MapCanvas).zoom(1)

    def do_farther(self) -> None:
        self.query_one(MapCanvas).zoom(-1)

    def do_whole(self) -> None:
        self.query_one(MapCanvas).show_whole()

    def do_layout(self) -> None:
        if self._mapped is None:
            return
        self._laid = Laid.SCHEMATIC if self._mapped.world.plan else Laid.PLAN
        self.flash(t("map.now_plan" if self._laid is Laid.PLAN else "map.now_schematic"))
        self._ask()

    # Which walk

    def do_walk(self) -> None:
        self.ask(walk_store.list_walks, self._choose_walk)

    def _choose_walk(self, walks: tuple[WalkLine, ...]) -> None:
        options = [
            Option(
                str(walk.id),
                walk.name,
                t(
                    "map.walk_note",
                    day=day(walk.started_at),
                    seen=walk.progress.seen,
                    total=walk.progress.total,
                ),
            )
            for walk in sorted(walks, key=lambda walk: walk.started_at, reverse=True)
        ]
        if not options:
            self.flash(t("map.no_walks"), Tone.WARN)
            return
        present = None if self._mapped is None else str(self._mapped.scene.walk_id)
        self.choose(t("map.walk_title"), options, self._take_walk, current=present)

    def _take_walk(self, walk_id: str) -> None:
        self._walk_id = UUID(walk_id)
        self._blockage = None
        self._ask()

    def do_compare(self) -> None:
        if self._mapped is not None:
            self.linli.enter("compare", walk_id=self._mapped.scene.walk_id)

    def do_out(self) -> None:
        from tui.screens.survey.out import let_out

        if self._mapped is not None:
            let_out(self, self._mapped.scene)


def _spot(mapped: Mapped, code: str) -> Spot | None:
    found = mapped.world.spot(code)
    return found or next((spot for spot in mapped.scene.aside if spot.code == code), None)


def _pipes(mapped: Mapped, code: str, runs: tuple[Run, ...]) -> tuple[list[Run], list[Run]]:
    """Return the pipes into a well and out of it; `runs` are looked through where the map shows none of them."""
    if runs:
        return [run for run in runs if run.end == code], [run for run in runs if run.start == code]
    world, scene = mapped.world, mapped.scene
    loose = scene.loose
    incoming = [scene.runs[number] for number in world.incoming.get(code, ())]
    outgoing = [scene.runs[number] for number in world.outgoing.get(code, ())]
    return (
        [*incoming, *(run for run in loose if run.end == code)],
        [*outgoing, *(run for run in loose if run.start == code)],
    )


def _first_well(scene: Scene) -> str | None:
    """Return where to begin: above the likeliest blockage, else at the worst well, else anywhere."""
    if scene.blockages:
        return scene.blockages[0].pipes[0][0]
    return scene.spots[0].code if scene.spots else None


def _option(spot: Spot) -> Option:
    mark = words.spot_mark(spot)
    return Option(spot.code, spot.code, f"{mark}  {cut(spot.name, 40)}")
