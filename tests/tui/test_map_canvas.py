from __future__ import annotations

from map_scenes import chain, marks_of, scene, town
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from models.inspection.survey.scene import Laid, Scene
from tui.widgets.map_canvas import MapCanvas
from tui.widgets.map_panel import MapPanel, PanelRow, PanelView
from tui.widgets.map_view import MapView
from tui.widgets.map_world import build
from tui.widgets.text import Mark, Tone

BRANCH = [("W1", "W3"), ("W2", "W3"), ("W3", "W4"), ("W4", "OUT")]


class Room(App[None]):
    def __init__(self, made: Scene) -> None:
        super().__init__()
        self.made = made
        self.said: list[str] = []

    def compose(self) -> ComposeResult:
        yield MapCanvas(empty="还没有检查井")

    def on_mount(self) -> None:
        self.canvas.show(build(self.made), marks_of(self.made))
        self.canvas.focus()

    @property
    def canvas(self) -> MapCanvas:
        return self.query_one(MapCanvas)

    @property
    def view(self) -> MapView:
        assert self.canvas._view is not None
        return self.canvas._view

    def on_map_canvas_selected(self, event: MapCanvas.Selected) -> None:
        self.said.append(event.code)

    def on_map_canvas_opened(self, event: MapCanvas.Opened) -> None:
        self.said.append(f"open {event.code}")

    def cell(self, code: str) -> tuple[int, int]:
        """Return where a well stands on the screen."""
        spot = self.view.world.spot(code)
        assert spot is not None
        x, y = self.view.lens.cell(self.view.world.at(spot))
        return int(x - self.view.left), int(y - self.view.top)

    def drawn(self) -> str:
        return "\n".join(self.canvas.render_line(y).text for y in range(self.canvas.size.height))


async def test_the_first_arrow_chooses_a_well_and_the_next_ones_go_along_the_pipe() -> None:
    app = Room(scene(chain(6)))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("right")
        first = app.canvas.picked
        assert first is not None
        await pilot.press("right", "right", "left")
        assert app.said[-1] == app.canvas.picked
        assert app.said == [first, app.said[1], app.said[2], app.said[1]]


async def test_back_over_a_junction_leads_the_way_one_came() -> None:
    for start in ("W1", "W2"):
        app = Room(scene(BRANCH))
        async with app.run_test(size=(80, 12)) as pilot:
            app.canvas.pick(start)
            await pilot.press("right", "right", "left", "left")
            assert app.canvas.picked == start


async def test_letters_of_an_input_method_move_up_and_down() -> None:
    app = Room(scene(BRANCH))
    async with app.run_test(size=(80, 12)) as pilot:
        app.canvas.pick("W1")
        app.post_message(events.Key("ｊ", "ｊ"))
        await pilot.pause()
        assert app.canvas.picked == "W2"
        await pilot.press("k")
        assert app.canvas.picked == "W1"


async def test_a_click_chooses_and_a_second_one_opens() -> None:
    app = Room(scene(chain(6)))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.click(MapCanvas, offset=app.cell("W3"))
        assert app.said == ["W3"]
        await pilot.click(MapCanvas, offset=app.cell("W3"))
        assert app.said == ["W3", "open W3"]


async def test_a_click_on_the_code_means_its_well_and_one_far_off_none() -> None:
    app = Room(scene(chain(2)))
    async with app.run_test(size=(80, 20)) as pilot:
        x, y = app.cell("W2")
        await pilot.click(MapCanvas, offset=(x + 2, y))
        await pilot.click(MapCanvas, offset=(x, y + 8))
        assert app.said == ["W2"]


async def drag(pilot: Pilot[None], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(MapCanvas, offset=start)
    await pilot.hover(MapCanvas, offset=end)
    await pilot.mouse_up(MapCanvas, offset=end)
    await pilot.pause()


async def test_dragging_moves_the_map_and_chooses_nothing() -> None:
    app = Room(town(300, laid=Laid.PLAN))
    async with app.run_test(size=(80, 20)) as pilot:
        for _ in range(9):
            app.canvas.zoom(1)
        app.view.move_to(40, 30)
        app.canvas.refresh()
        await drag(pilot, (40, 10), (30, 7))
        assert (app.view.left, app.view.top) == (50, 33)
        assert app.said == []


async def test_the_wheel_rolls_and_with_ctrl_zooms() -> None:
    app = Room(town(300, laid=Laid.PLAN))
    async with app.run_test(size=(80, 20)) as pilot:
        canvas, narrow = app.canvas, app.view.lens.width

        def wheel(*, ctrl: bool = False, up: bool = False) -> None:
            kind = events.MouseScrollUp if up else events.MouseScrollDown
            canvas.post_message(
                kind(canvas, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=ctrl, screen_x=5, screen_y=5)
            )

        wheel(ctrl=True, up=True)
        await pilot.pause()
        assert app.view.lens.width > narrow
        top = app.view.top
        wheel()
        await pilot.pause()
        assert app.view.top > top
        wheel(ctrl=True)
        await pilot.pause()
        assert app.view.lens.width == narrow


async def test_shift_and_arrows_move_the_map_but_never_out_of_sight() -> None:
    app = Room(town(300, laid=Laid.SCHEMATIC))
    async with app.run_test(size=(80, 20)) as pilot:
        for _ in range(9):
            app.canvas.zoom(1)
        left = app.view.left
        await pilot.press("shift+right")
        assert app.view.left > left
        app.canvas.action_pan(10_000, 10_000)
        assert app.view.left < app.view.lens.width
        assert app.view.top < app.view.lens.height
        await pilot.press("pageup")
        assert app.view.picked is None


async def test_the_view_follows_the_chosen_well() -> None:
    app = Room(scene(chain(25)))
    async with app.run_test(size=(60, 10)) as pilot:
        for _ in range(5):
            app.canvas.zoom(1)
        app.canvas.pick("W1")
        for _ in range(24):
            await pilot.press("right")
            x, y = app.cell(app.canvas.picked or "")
            assert 0 <= x < 60
            assert 0 <= y < 10
        assert app.canvas.picked == "W25"


async def test_zooming_leaves_the_chosen_well_where_it_is() -> None:
    app = Room(town(300, laid=Laid.PLAN))
    async with app.run_test(size=(80, 20)):
        app.canvas.zoom(1)
        app.canvas.pick("W00100")
        x, y = app.cell("W00100")
        app.canvas.zoom(1)
        app.canvas.zoom(1)
        to_x, to_y = app.cell("W00100")
        assert abs(to_x - x) <= 1
        assert abs(to_y - y) <= 1


async def test_new_answers_leave_the_look_as_it_is() -> None:
    """What comes by sync while somebody looks must not move the map under their eyes."""
    made = town(300, laid=Laid.PLAN)
    app = Room(made)
    async with app.run_test(size=(80, 20)):
        app.canvas.zoom(1)
        app.canvas.zoom(1)
        app.canvas.pick("W00050")
        before = (app.view.left, app.view.top, app.view.lens.width)
        app.canvas.show(build(made), marks_of(made), "W00050")
        assert (app.view.left, app.view.top, app.view.lens.width) == before
        assert app.canvas.picked == "W00050"


async def test_a_smaller_window_keeps_the_chosen_well() -> None:
    app = Room(town(300, laid=Laid.PLAN))
    async with app.run_test(size=(140, 40)) as pilot:
        app.canvas.pick("W00200")
        await pilot.resize_terminal(60, 15)
        assert app.canvas.picked == "W00200"
        assert "W00200" in app.drawn()


async def test_an_empty_map_says_what_to_do() -> None:
    app = Room(scene([]))
    async with app.run_test(size=(80, 12)) as pilot:
        assert "还没有检查井" in app.drawn()
        await pilot.press("right", "shift+left", "pagedown")
        await pilot.click(MapCanvas, offset=(5, 5))
        assert app.said == []


async def test_the_panel_tells_all_in_a_column_and_what_fits_in_a_strip() -> None:
    view = PanelView(
        "[/b]",
        "[a栋]" * 40,
        Mark("●", "满", Tone.BAD),
        alarm="堵在这里",
        rows=(PanelRow("备注", "排水井堵塞" * 40), PanelRow("时间", "11-22", bare=True)),
    )

    class Panels(App[None]):
        CSS = "#low { height: 3; } #high { height: 18; width: 30; }"

        def compose(self) -> ComposeResult:
            yield MapPanel(id="high")
            yield MapPanel(id="low")

    app = Panels()
    async with app.run_test(size=(80, 24)) as pilot:
        for panel in app.query(MapPanel):
            panel.view = view
            panel.legend = (Mark("✓", "畅"), Mark("○", "还没看"))
        await pilot.pause()
        for panel in app.query(MapPanel):
            text = panel.render().plain
            assert "[/b]" in text
            assert "堵在这里" in text
            assert len(text.split("\n")) <= panel.content_size.height
        assert app.query_one("#low", MapPanel).render().plain.rstrip().endswith("…")
