"""Changes: who did what, when, on which laptop; narrowed by keys and by typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.screen import Screen

from models.operations.changes import State, doers
from models.replication import lists
from tui.actions import Action, action, shown_key
from tui.change_words import AREAS, area_word
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.changes.rows import Changes, Filters, columns
from tui.screens.form import FormDialog, Values
from tui.widgets.fields import DateField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import RowView
from tui.widgets.search import SearchBox
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, plain

OPEN = action("changes.open", "enter")
WHO = action("changes.who", "f2", footer=False)
AREA = action("changes.area", "f3", footer=False)
STATE = action("changes.state", "f4", footer=False)
DAYS = action("changes.days", "f5", footer=False)
LAPTOP = action("changes.laptop", "f6", footer=False)
ALL = action("changes.all", "f7")
FIND = action("changes.find", "/", footer=False)

_FILTERS = {WHO.id: "who", AREA.id: "area", STATE.id: "state", DAYS.id: "days", LAPTOP.id: "laptop"}
_NONE = "none"
_SPANS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (30, 0), "year": (365, 0)}
_OTHER_DAYS = "other"


def changes_room(row_id: UUID | None = None, table: str | None = None) -> Screen[Any]:
    """Return the list of all changes, or the whole history of one row of a table."""
    if row_id is None or table is None:
        return ChangesScreen()
    from tui.screens.changes.history import HistoryScreen

    return HistoryScreen(row_id, table)


class ChangesScreen(LinliScreen):
    """Filters, a search line, the list, and beneath it the whole sentence of the line in front."""

    ROOM: ClassVar[str] = "changes"
    AUTO_FOCUS = "#find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, ALL, WHO, AREA, STATE, DAYS, LAPTOP, FIND)
    DEFAULT_CSS = """
    ChangesScreen #find { margin-bottom: 1; }
    ChangesScreen.-short #find { margin-bottom: 0; }
    ChangesScreen #detail { height: auto; max-height: 3; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._filters = Filters()
        self._text = ""

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views())
        yield SearchBox("#changes", hint=t("changes.find_hint"), id="find")
        yield LongList(columns(), empty=t("changes.none"), lit=True, id="changes")
        yield Line(id="detail")

    def on_mount(self) -> None:
        self._fill()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._fill(keep=True)

    def news(self) -> None:
        self._fill(keep=True)

    # -- what is shown

    @property
    def shown(self) -> LongList:
        return self.query_one("#changes", LongList)

    def _fill(self, *, keep: bool = False) -> None:
        if not self.is_mounted:
            return
        narrowed = bool(self._text) or self._filters != Filters()
        self.shown.empty = t("changes.none_found" if narrowed else "changes.none")
        wanted = Changes(self._filters, self._text)

        def page(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
            return wanted.page(desk, offset, limit)

        self.shown.show(self.source(wanted.count, page), keep=keep)

    def _narrow(self, filters: Filters) -> None:
        self._filters = filters
        self.query_one(ViewTabs).views = self._views()
        self._fill()
        self.refresh_keys()

    def _views(self) -> tuple[View, ...]:
        chosen = self._filters
        values = {
            WHO: chosen.person_name,
            AREA: area_word(chosen.area) if chosen.area else "",
            STATE: t(f"changes.state.{_WORDS[chosen.state]}") if chosen.state is not None else "",
            DAYS: chosen.days,
            LAPTOP: chosen.laptop_name,
        }
        return tuple(
            View(
                made.id,
                shown_key(made.current_keys[0]),
                t("changes.filter", label=t(f"changes.filter_{_FILTERS[made.id]}"), value=value)
                if value
                else t(f"changes.filter_{_FILTERS[made.id]}"),
            )
            for made, value in values.items()
        )

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._text = event.text
            self._fill()
            self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self.on_long_list_highlighted()

    def on_long_list_highlighted(self) -> None:
        row = self.shown.highlighted_row
        self.query_one("#detail", Line).show(plain("" if row is None else str(row.cells[-1])))
        self.refresh_keys()

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(event.view_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    # -- actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id and self.is_mounted and self.shown.highlighted is None:
            return t("changes.nothing_to_open")
        if action_id == ALL.id and self._filters == Filters() and not self._text:
            return t("changes.nothing_filtered")
        return super().why_not(action_id)

    def do_open(self) -> None:
        row_id = self.shown.highlighted
        if row_id is not None:
            from tui.screens.changes.detail import ChangeScreen

            self.app.push_screen(ChangeScreen(UUID(row_id)))

    def do_all(self) -> None:
        self.query_one(SearchBox).value = ""
        self._text = ""
        self._narrow(Filters())

    def do_find(self) -> None:
        self.query_one(SearchBox).focus()

    def do_who(self) -> None:
        def offer(options: tuple[Option, ...]) -> None:
            names = {option.id: option.text for option in options}

            def chosen(person_id: str) -> None:
                person = None if person_id == _NONE else UUID(person_id)
                name = "" if person is None else names[person_id]
                self._narrow(replace(self._filters, person=person, person_name=name))

            self.choose(t("changes.ask_who"), options, chosen, current=str(self._filters.person or _NONE))

        self.ask(_people, offer)

    def do_area(self) -> None:
        options = [Option(_NONE, t("changes.all")), *(Option(area, area_word(area)) for area in AREAS)]

        def chosen(area: str) -> None:
            self._narrow(replace(self._filters, area="" if area == _NONE else area))

        self.choose(t("changes.ask_area"), options, chosen, current=self._filters.area or _NONE)

    def do_state(self) -> None:
        options = [
            Option(_NONE, t("changes.all")),
            *(Option(state, t(f"changes.state.{_WORDS[state]}")) for state in State),
        ]

        def chosen(state: str) -> None:
            self._narrow(replace(self._filters, state=None if state == _NONE else State(state)))

        self.choose(t("changes.ask_state"), options, chosen, current=str(self._filters.state or _NONE))

    def do_laptop(self) -> None:
        def offer(options: tuple[Option, ...]) -> None:
            names = {option.id: option.text for option in options}

            def chosen(device_id: str) -> None:
                laptop = None if device_id == _NONE else UUID(device_id)
                name = "" if laptop is None else names[device_id]
                self._narrow(replace(self._filters, laptop=laptop, laptop_name=name))

            self.choose(t("changes.ask_laptop"), options, chosen, current=str(self._filters.laptop or _NONE))

        self.ask(_laptops, offer)

    def do_days(self) -> None:
        options = [
            Option(_NONE, t("changes.all")),
            *(Option(span, t(f"changes.days.{span}")) for span in (*_SPANS, _OTHER_DAYS)),
        ]
        self.choose(t("changes.ask_days"), options, self._days_chosen)

    def _days_chosen(self, span: str) -> None:
        if span == _OTHER_DAYS:
            self._ask_days()
        elif span == _NONE:
            self._narrow(replace(self._filters, days="", since=None, until=None))
        else:
            today, (first, last) = self.linli.context.today(), _SPANS[span]
            since, until = today - timedelta(days=first), today - timedelta(days=last)
            self._narrow(replace(self._filters, days=t(f"changes.days.{span}"), since=since, until=until))

    def _ask_days(self) -> None:
        def refuse(values: Values) -> str | None:
            since, until = values["since"], values["until"]
            reversed_ = isinstance(since, date) and isinstance(until, date) and until < since
            return t("changes.day_reversed") if reversed_ else None

        def asked(values: Values) -> None:
            since, until = values["since"], values["until"]
            first = since if isinstance(since, date) else None
            last = until if isinstance(until, date) else None
            words = t("changes.span", since=first or "…", until=last or "…") if first or last else ""
            words = str(first) if first and first == last else words
            self._narrow(replace(self._filters, days=words, since=first, until=last))

        today = self.linli.context.today().isoformat()
        fields = [
            DateField("since", t("changes.day_from"), value=today),
            DateField("until", t("changes.day_to"), value=today),
        ]
        self._show_modal(
            FormDialog(t("changes.ask_days"), fields, refuse=refuse, save=t("changes.show")), asked
        )


_WORDS = {State.WAITING: "waiting", State.REFUSED: "rejected", State.UNDONE: "undone"}


def _people(desk: Desk) -> tuple[Option, ...]:
    """Return everybody who has done or entered something."""
    with desk.store.read() as session:
        people = doers(session, desk.seat.compound_id)
    everybody = Option(_NONE, t("changes.everybody"))
    return (everybody, *(Option(str(one.id), one.name, "", one.search) for one in people))


def _laptops(desk: Desk) -> tuple[Option, ...]:
    with desk.store.read() as session:
        devices = lists.device_views(session, desk.seat.compound_id)
    return (
        Option(_NONE, t("changes.all")),
        *(
            Option(
                str(one.id),
                (one.name or t("sync.no_name")) if not one.own else t("changes.laptop_own", name=one.name),
            )
            for one in devices
        ),
    )
