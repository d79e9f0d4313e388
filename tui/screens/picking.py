"""Find one household or person among thousands: by typing, in pages read from the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from models.community import queries
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Modal
from tui.screens.register.words import listed, masked, role_word
from tui.widgets.bars import KeyBar, KeyView
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, set_border_title

_PICK = action("choose.pick", "enter")
NEW = action("register.new_person", "f5")
#: The result that stands for "nobody of these": this, and what was typed.
NEW_PERSON = "new:"
_AROUND = 10  # lines of a dialog that are not the list

Count = Callable[[Desk, str], int]
Page = Callable[[Desk, str, int, int], Sequence[RowView]]


class Pick(Modal[str]):
    """Results in the row's id, or None after Esc; with `new`, perhaps in NEW_PERSON and what was typed."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (_PICK, NEW)

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        count: Count,
        page: Page,
        *,
        hint: str,
        new: bool = False,
    ) -> None:
        super().__init__()
        self.heading = title
        self.purpose = t("choose.purpose")
        self._columns = columns
        self._count = count
        self._page = page
        self._hint = hint
        self._new = new

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="pick") as dialog:
            set_border_title(dialog, self.heading)
            yield SearchBox("#options", hint=self._hint, id="search")
            options = LongList(self._columns, header=False, lit=True, id="options")
            options.empty = t("register.pick_none_new") if self._new else t("choose.none")
            options.styles.height = max(4, min(14, self.app.size.height - _AROUND))
            options.can_focus = False
            yield options
            yield Line(id="said")
            yield KeyBar()

    def on_mount(self) -> None:
        self._show("")

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if self._new or view.action_id != NEW.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id == NEW.id and not self._new:
            return t("register.only_known")
        return super().why_not(action_id)

    def _show(self, text: str) -> None:
        def count(desk: Desk) -> int:
            return self._count(desk, text)

        def page(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
            return self._page(desk, text, offset, limit)

        self.query_one(LongList).show(self.source(count, page))

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        self._show(event.text)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.dismiss(event.row_id)

    def do_pick(self) -> None:
        self.query_one(LongList).action_pick()

    def do_new_person(self) -> None:
        typed = self.query_one(SearchBox).value.strip()
        # Letters are pinyin that was searched for, hardly a name.
        self.dismiss(NEW_PERSON + ("" if typed.isascii() else typed))


def pick_person(title: str, *, new: bool = False, without: str = "") -> Pick:
    """Find a person; `without` is the id of one who is shown, but not meant."""

    def count(desk: Desk, text: str) -> int:
        with desk.store.read() as session:
            return queries.count_people(session, desk.seat.compound_id, today=desk.today(), text=text)

    def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[RowView]:
        with desk.store.read() as session:
            lines = queries.page_people(
                session, desk.seat.compound_id, today=desk.today(), text=text, offset=offset, limit=limit
            )
        return [
            RowView(
                str(line.id),
                (
                    line.name,
                    t("register.itself") if str(line.id) == without else listed(line.households),
                    masked(line.phones),
                    listed([role_word(role) for role in line.roles]),
                ),
                muted=str(line.id) == without,
            )
            for line in lines
        ]

    columns = (
        Column("", 12, priority=9),
        Column("", 14, priority=8, grow=True),
        Column("", 11, priority=6),
        Column("", 12, priority=5),
    )
    return Pick(title, columns, count, page, hint=t("register.pick_person_hint"), new=new)


def pick_household(title: str, *, without: str = "") -> Pick:
    """Find a household; `without` is the id of one that is shown, but not meant."""

    def count(desk: Desk, text: str) -> int:
        with desk.store.read() as session:
            return queries.count_households(session, desk.seat.compound_id, today=desk.today(), text=text)

    def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[RowView]:
        with desk.store.read() as session:
            lines = queries.page_households(
                session, desk.seat.compound_id, today=desk.today(), text=text, offset=offset, limit=limit
            )
        return [
            RowView(
                str(line.id),
                (
                    line.code,
                    t("register.itself") if str(line.id) == without else listed(line.owners),
                    line.status,
                ),
                muted=str(line.id) == without,
            )
            for line in lines
        ]

    columns = (Column("", 12, priority=9), Column("", 20, priority=8, grow=True), Column("", 10, priority=5))
    return Pick(title, columns, count, page, hint=t("register.pick_household_hint"))
