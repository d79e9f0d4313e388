"""The station's log book: what happened, newest first; a line is written with F2."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.duty.queries_log import LogLine
from models.operations.envelope import Intent
from tui import edge
from tui.actions import EXPORT, Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Changing, Values
from tui.screens.duty import log_rows as r
from tui.screens.duty.log_rows import Choices, LogFilters, SoughtLog
from tui.screens.form import FormDialog
from tui.widgets.bars import KeyView
from tui.widgets.fields import DateField, Field, PickField, TextField
from tui.widgets.flow import flowed
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import SearchBox
from tui.widgets.text import Line

PICK = action("log_book.pick", "enter")
WRITE = action("log_book.write", "f2")
FILTER = action("log_book.filter", "f4")
COPY = action("log_book.copy", "f5")
TAKE_OFF = action("log_book.take_off", "f6", footer=False)
FIND = action("log_book.find", "/", footer=False)
_WORDS = 4_000
_WHOLE = "#whole"
_AROUND = 5  # cells beside the words: padding and scrollbar


class LogBook(Changing):
    """A search line, the lines it finds, and beneath them the whole of the highlighted one."""

    ROOM: ClassVar[str] = "log_book"
    AUTO_FOCUS = "#find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, WRITE, FILTER, COPY, TAKE_OFF, FIND, EXPORT)
    DEFAULT_CSS = """
    LogBook #find { margin-bottom: 1; }
    LogBook.-short #find { margin-bottom: 0; }
    LogBook #whole {
        height: auto; max-height: 30%; min-height: 2; background: $surface; padding: 0 1; scrollbar-size-vertical: 1;
    }
    LogBook #whole:focus { background: $panel; }
    LogBook #words { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.filters = LogFilters()
        self._rows: SoughtLog | None = None
        self._text = ""

    @property
    def heading(self) -> str:
        return " · ".join((super().heading, *self.filters.words()))

    def body(self) -> ComposeResult:
        yield SearchBox("#log", hint=t("log_book.hint"), id="find")
        yield LongList(r.columns(), lit=True, id="log")
        with VerticalScroll(id="whole"):
            yield Line(id="words")

    # -- what is shown

    def on_screen_resume(self) -> None:
        self._fill(keep=True)

    def news(self) -> None:
        self._fill(keep=True)

    def reread(self) -> None:
        self._fill(keep=True)

    def _fill(self, *, keep: bool = False) -> None:
        listed = self.query_one(LongList)
        narrowed = self._text or self.filters.words()
        listed.empty = t("log_book.found_nothing" if narrowed else "log_book.empty")
        self._rows = SoughtLog(self._text, self.filters)
        listed.show(self.source(self._rows.count, self._rows.page), keep=keep)

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._text = event.text
            self._fill()

    @property
    def line(self) -> LogLine | None:
        """The highlighted line."""
        if self._rows is None or not self.is_mounted:
            return None
        return self._rows.known.get(self.query_one(LongList).highlighted or "")

    def on_long_list_highlighted(self) -> None:
        line = self.line
        cells = max(20, self.size.width - _AROUND)
        said = "" if line is None else _whole(line)
        parts = (part for one in said.splitlines() for part in flowed(one, cells))
        self.query_one("#words", Line).show("\n".join(parts))
        self.refresh_keys()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.on_long_list_highlighted()

    def on_long_list_emptied(self) -> None:
        self.query_one("#words", Line).show("")
        self.refresh_keys()

    # -- what can be done

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if not view.action_id.endswith(".undo"))

    def why_not(self, action_id: str) -> str | None:
        if action_id in {PICK.id, COPY.id, EXPORT.id, TAKE_OFF.id} and self.line is None:
            return t("log_book.nothing_in_front")
        if action_id == TAKE_OFF.id and self.line is not None and self.line.is_handover:
            return t("log_book.is_handover")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        """Open a hand-over; of another line let the whole be read."""
        line = self.line
        if line is None:
            return
        if line.handover_id is not None:
            from tui.screens.duty.handover_card import HandOverCard

            self.app.push_screen(HandOverCard(line.handover_id, self.ledger))
        else:
            self.query_one(_WHOLE).focus()

    def do_find(self) -> None:
        self.query_one(SearchBox).focus()

    def do_write(self) -> None:
        self.ask(r.choices, self._write)

    def _write(self, choices: Choices) -> None:
        fields: list[Field] = [
            TextField(id="words", label=t("log_book.words"), required=True, longest=_WORDS)
        ]
        if choices.posts:
            first = self.filters.post_id or (choices.posts[0].id if len(choices.posts) == 1 else "")
            fields.append(
                PickField(id="post", label=t("log_book.post"), value=str(first), options=choices.posts)
            )

        def plan(values: Values) -> list[Intent]:
            payload: dict[str, Any] = {"id": str(edge.new_id()), "words": values["words"]}
            if values.get("post"):
                payload["post"] = values["post"]
            return [Intent("duty.note", payload)]

        self.fill_in(
            t("log_book.write_title"),
            fields,
            plan,
            lambda _values: t("log_book.written"),
            draft="log-book",
        )

    def do_take_off(self) -> None:
        line = self.line
        if line is not None:
            self.change(
                [Intent("log_entry.archive", {"log_entry": str(line.id)})],
                t("log_book.taken_off"),
            )

    def do_filter(self) -> None:
        self.ask(r.choices, self._filter)

    def _filter(self, choices: Choices) -> None:
        nobody = [Option("", t("log_book.all"))]
        now = self.filters
        fields: list[Field] = [
            PickField(
                id="post",
                label=t("log_book.post"),
                value=str(now.post_id or ""),
                options=[*nobody, *choices.posts],
            ),
            PickField(
                id="person",
                label=t("log_book.who"),
                value=str(now.person_id or ""),
                options=[*nobody, *choices.people],
            ),
            DateField(
                id="first", label=t("log_book.first"), value=f"{now.first:%Y-%m-%d}" if now.first else ""
            ),
            DateField(id="last", label=t("log_book.last"), value=f"{now.last:%Y-%m-%d}" if now.last else ""),
        ]
        names = {one.id: one.text for one in (*choices.posts, *choices.people)}

        def chosen(values: Values) -> None:
            post, person = (str(values[name] or "") for name in ("post", "person"))
            first, last = (values[name] for name in ("first", "last"))
            self.filters = LogFilters(
                UUID(post) if post else None,
                names.get(post, ""),
                UUID(person) if person else None,
                names.get(person, ""),
                first,  # type: ignore[arg-type]
                last,  # type: ignore[arg-type]
            )
            self._fill()
            self.refresh_frame()

        self._show_modal(
            FormDialog(t("log_book.filter_title"), fields, save=t("log_book.filter_verb")), chosen
        )

    def do_copy(self) -> None:
        """Copy the lines of the highlighted line's day for the chat group."""
        line = self.line
        if line is None:
            return
        filters = self.filters

        def text(desk: Desk) -> tuple[str, str]:
            day = line.at.astimezone(ZoneInfo(desk.seat.zone)).date()
            return f"{day:%Y-%m-%d}", r.day_as_text(desk, filters, day)

        self.ask(text, self._offer)

    def _offer(self, text: tuple[str, str]) -> None:
        from tui.screens.chat_text import offer_text

        day, lines = text
        offer_text(self, t("log_book.text.name", day=day), lines)

    def do_export(self) -> None:
        self.do_copy()


def _whole(line: LogLine) -> str:
    if line.is_handover:
        return t("log_book.whole_handover", words=line.words or "—")
    return line.words
