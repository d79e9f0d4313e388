"""What may stand in a line that is typed into."""

from __future__ import annotations

import pytest
from harness import ODD_TEXTS, Wells, make_app
from textual import events

from tui.widgets.search import Entry, SearchBox
from tui.widgets.text import clean


@pytest.mark.parametrize("text", [one for one in ODD_TEXTS if one])
async def test_a_paste_brings_nothing_that_steers_a_terminal(text: str) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Wells())
        await pilot.pause()
        box = app.screen.query_one(SearchBox)
        box.focus()
        await pilot.pause()
        box.post_message(events.Paste(text))
        await pilot.press("9")
        assert box.value == f"{clean(text)}9"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [("上门看过\n两位老人\r\n都好", "上门看过 两位老人 都好"), ("水" * 5000, "水" * 20), ("\n", "")],
)
async def test_of_a_paste_all_lines_are_taken_as_far_as_there_is_room(pasted: str, kept: str) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        entry = Entry("在：", max_length=22)
        await app.screen.mount(entry)
        entry.focus()
        await pilot.pause()
        entry.post_message(events.Paste(pasted))
        await pilot.pause()
        assert entry.value == f"在：{kept}"
