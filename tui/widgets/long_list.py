"""One list for every screen: the cost follows the rows on screen, not the rows in the store."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.i18n import t
from tui.widgets.rows import GAP, Column, PageSource, Rows, RowView, layout
from tui.widgets.text import Mark, Tone, cut, fit, width
from tui.widgets.work import in_worker

PAGE = 100
_KEPT_PAGES = 30
_HEADER = 1
_MARGIN = 2  # the marker > and a space
_MARKER = "> "


class LongList(ScrollView, can_focus=True):
    """Rows of a PageSource under a header line, one of them highlighted.

    Enter, or a click on the highlighted row, posts Picked; moving posts
    Highlighted. Rows not read yet show as … until their page arrives. `lit`
    draws the highlight bright while a SearchBox has the focus.
    """

    HELP_KEY: ClassVar[str] = "help.list"
    ALLOW_SELECT: ClassVar[bool] = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--header",
        "list--cursor",
        "list--cursor-blurred",
        *(f"list--{tone}" for tone in Tone),
    }
    DEFAULT_CSS = """
    LongList {
        height: 1fr;
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .list--header { color: $text-muted; text-style: underline; }
        & > .list--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
        & > .list--cursor-blurred { background: $surface; text-style: bold; }
        & > .list--plain { color: $foreground; }
        & > .list--good { color: $text-success; }
        & > .list--warn { color: $text-warning; }
        & > .list--bad { color: $text-error; text-style: bold; }
        & > .list--info { color: $text-primary; }
        & > .list--muted { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,K,ｋ,Ｋ", "move(-1)"),
        Binding("down,j,J,ｊ,Ｊ", "move(1)"),
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
        Binding("home", "jump(False)"),
        Binding("end", "jump(True)"),
        Binding("enter", "pick"),
    ]

    @dataclass
    class Picked(Message):
        """A row was opened."""

        list: LongList
        row_id: str

        @property
        def control(self) -> LongList:
            return self.list

    @dataclass
    class Highlighted(Message):
        """The highlight came to rest on a row."""

        list: LongList
        row_id: str

        @property
        def control(self) -> LongList:
            return self.list

    @dataclass
    class Emptied(Message):
        """There is no row to highlight."""

        list: LongList

        @property
        def control(self) -> LongList:
            return self.list

    @dataclass
    class Failed(Message):
        """A page could not be read; the screen says so."""

        error: Exception

    def __init__(
        self,
        columns: Sequence[Column],
        source: PageSource | None = None,
        *,
        empty: str = "",
        header: bool = True,
        lit: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = empty
        self.cursor = 0
        self._header = _HEADER if header else 0
        self._lit = lit
        self._source = source
        self._whole = source
        self._sieve = ""
        self._count: int | None = None
        self._pages: OrderedDict[int, Sequence[RowView]] = OrderedDict()
        self._generation = 0
        self._reading = False
        self._wanted_row: str | None = None
        self._counting = False
        self._pick_after = False

    # Rows in

    def on_mount(self) -> None:
        if self._source is not None:
            self.show(self._source)

    def show(self, source: PageSource | Sequence[RowView], *, keep: bool = False) -> None:
        """Show the rows of `source`; with `keep`, stay on the highlighted row if it is near."""
        self._wanted_row = self.highlighted if keep else None
        self._whole = self._source = source if not isinstance(source, Sequence) else Rows(source)
        if self._sieve:
            from tui.widgets.sieve import sifted

            self._source = sifted(self._whole, self._sieve)
        self._generation += 1
        self._pick_after = False
        if not keep:
            self.cursor = 0
        if isinstance(self._source, Rows):
            self._pages.clear()
            self._take_count(self._source.count())
            return
        self._counting = True
        # Old rows stay on screen until the new count is known, so that nothing flickers.
        in_worker(self, partial(self._count_rows, self._source, self._generation))

    def reload(self) -> None:
        """Read again what is shown, after a change in the store."""
        if self._whole is not None:
            self.show(self._whole, keep=True)

    def sift(self, text: str) -> None:
        """Show only the rows whose cells hold `text`, as a search compares it, until another text comes."""
        if text != self._sieve:
            self._sieve = text
            self.reload()

    async def _count_rows(self, source: PageSource, generation: int) -> None:
        try:
            count = await asyncio.to_thread(source.count)
            near = max(0, min(self.cursor, count - 1)) // PAGE
            page = await asyncio.to_thread(source.page, near * PAGE, PAGE)
        except Exception as error:  # noqa: BLE001 - whatever fails in a store, the screen tells
            self.post_message(self.Failed(error))
            return
        if generation == self._generation:
            self._pages.clear()
            self._pages[near] = page
            self._take_count(count)

    def _take_count(self, count: int) -> None:
        self._count = count
        self._counting = False
        self.virtual_size = Size(0, count + self._header)
        self.cursor = max(0, min(self.cursor, count - 1))
        if self._wanted_row is not None:
            self._follow(self._wanted_row)
        self._keep_cursor_in_view()
        self.refresh()
        if count:
            self._tell_highlight()
        else:
            self.post_message(self.Emptied(self))
        if self._pick_after:
            self._pick_after = False
            self.action_pick()

    def _follow(self, row_id: str) -> None:
        start = self.cursor // PAGE * PAGE
        for offset, row in enumerate(self._rows_of(self.cursor // PAGE)):
            if row.id == row_id:
                self.cursor = start + offset
                return

    def _rows_of(self, page: int) -> Sequence[RowView]:
        rows = self._pages.get(page)
        if rows is None and isinstance(self._source, Rows):
            rows = self._pages[page] = self._source.page(page * PAGE, PAGE)
        return rows or ()

    def _row(self, index: int) -> RowView | None:
        page, offset = divmod(index, PAGE)
        if page in self._pages:
            self._pages.move_to_end(page)
        rows = self._rows_of(page)
        return rows[offset] if offset < len(rows) else None

    def _read_missing(self) -> None:
        """Read the first page on screen that is missing.

        One at a time, so that holding PgDn over 100,000 rows reads where it
        stops and little on the way.
        """
        if self._reading or not self._count or self._source is None or isinstance(self._source, Rows):
            return
        first = self.scroll_offset.y // PAGE
        last = min(self._count - 1, self.scroll_offset.y + self.size.height) // PAGE
        missing = [page for page in range(first, last + 1) if page not in self._pages]
        if missing:
            self._reading = True
            in_worker(self, partial(self._read, self._source, missing[0], self._generation))

    async def _read(self, source: PageSource, page: int, generation: int) -> None:
        try:
            rows = await asyncio.to_thread(source.page, page * PAGE, PAGE)
        except Exception as error:  # noqa: BLE001 - as above
            self.post_message(self.Failed(error))
            return
        finally:
            self._reading = False
        if generation == self._generation:
            self._pages[page] = rows
            while len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
            self.refresh()
            if self.cursor // PAGE == page:
                self._tell_highlight()
        self._read_missing()

    # Messages out

    @property
    def highlighted(self) -> str | None:
        """The id of the highlighted row, or None if there is none (yet)."""
        row = self._row(self.cursor) if self._count else None
        return row.id if row else None

    @property
    def highlighted_row(self) -> RowView | None:
        """The highlighted row, or None if there is none (yet)."""
        return self._row(self.cursor) if self._count else None

    @property
    def count(self) -> int | None:
        """How many rows there are, None until known."""
        return self._count

    def _tell_highlight(self) -> None:
        if (row_id := self.highlighted) is not None:
            self.post_message(self.Highlighted(self, row_id))

    def move_to(self, index: int) -> None:
        """Highlight the row at `index`, bringing it into view."""
        if not self._count:
            return
        before, self.cursor = self.cursor, max(0, min(index, self._count - 1))
        self._keep_cursor_in_view()
        if self.cursor != before:
            self.refresh()
            self._tell_highlight()

    def action_move(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor + by * max(1, self.size.height - self._header - 1))

    def action_jump(self, to_end: bool) -> None:  # noqa: FBT001 - Textual passes it by position
        self.move_to((self._count or 0) - 1 if to_end else 0)

    def action_pick(self) -> None:
        if self._counting:
            # What is on screen is about to go; Enter means the row that comes.
            self._pick_after = True
        elif (row_id := self.highlighted) is not None:
            self.post_message(self.Picked(self, row_id))

    def on_click(self, event: events.Click) -> None:
        if event.y < self._header or self._count is None:
            return
        index = self.scroll_offset.y + event.y - self._header
        if index < self._count:
            if index == self.cursor:
                self.action_pick()
            else:
                self.move_to(index)

    # Drawing

    @property
    def _bright(self) -> bool:
        """Whether Enter would open the highlighted row; `lit` if a search box sends it here."""
        return self.has_focus or self._lit

    def _keep_cursor_in_view(self) -> None:
        visible = max(1, self.size.height - self._header)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + visible:
            self.scroll_to(y=self.cursor - visible + 1, animate=False)

    def on_resize(self) -> None:
        self._keep_cursor_in_view()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        self._read_missing()
        return strips

    def render_line(self, y: int) -> Strip:
        cells = self.scrollable_content_region.width
        columns = layout(self.columns, cells - _MARGIN)
        base = self.rich_style
        if y < self._header:
            style = base + self.get_component_rich_style("list--header", partial=True)
            texts = [fit(self.columns[i].title, w, self.columns[i].align) for i, w in columns]
            return _strip(
                [Segment(" " * _MARGIN, base), Segment((" " * GAP).join(texts), style)], cells, base
            )
        index = self.scroll_offset.y + y - self._header
        if self._count is None or index >= self._count:
            return self._blank_line(y, cells, base)
        chosen = index == self.cursor
        if chosen:
            kind = "list--cursor" if self._bright else "list--cursor-blurred"
            base += self.get_component_rich_style(kind, partial=True)
        row = self._row(index)
        segments = [Segment(_MARKER if chosen else " " * _MARGIN, base)]
        for position, (column, cell_width) in enumerate(columns):
            if position:
                segments.append(Segment(" " * GAP, base))
            cell = "…" if row is None else row.cells[column] if column < len(row.cells) else ""
            segments.append(
                Segment(
                    fit(str(cell), cell_width, self.columns[column].align),
                    base + self._tone(row, cell, position, chosen=chosen and self._bright),
                )
            )
        return _strip(segments, cells, base)

    def _tone(self, row: RowView | None, cell: str | Mark, position: int, *, chosen: bool) -> Style:
        if chosen:
            return Style.null()  # the cursor's own colours are the readable ones
        if row is None or row.muted:
            tone = Tone.MUTED
        elif isinstance(cell, Mark):
            tone = cell.tone
        else:
            tone = Tone.PLAIN
        style = self.get_component_rich_style(f"list--{tone}", partial=True)
        return style + Style(bold=True) if position == 0 and tone is Tone.PLAIN else style

    def _blank_line(self, y: int, cells: int, base: Style) -> Strip:
        text = ""
        if y == self._header + 1 and self._count != 0:
            text = t("list.reading") if self._count is None and self._source is not None else ""
        elif y == self._header + 1:
            text = t("choose.none") if self._sieve else self.empty or t("list.empty")
        style = base + self.get_component_rich_style("list--muted", partial=True)
        return _strip([Segment("  " + cut(text, cells - _MARGIN), style)], cells, base)


def _strip(segments: list[Segment], cells: int, base: Style) -> Strip:
    used = sum(width(segment.text) for segment in segments)
    return Strip([*segments, Segment(" " * max(0, cells - used), base)], max(cells, used)).crop(0, cells)
