"""Cards in columns beside each other, one of them in front. What is drawn is what fits; the rest is asked for when it comes into view."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.i18n import t
from tui.widgets.text import Mark, cut, fit, joined, plain, tone_style, width

LEAST: Final = 24  # cells that a column needs to say something
_GAP: Final = 2
_HEAD: Final = 2  # the name of a column and a line of air
_CARD: Final = 4  # three lines and one of air
_CHOSEN: Final = "bold $block-cursor-foreground on $block-cursor-background"
_FAINT: Final = "bold on $surface"


@dataclass(frozen=True, slots=True)
class Card:
    """A card: its name and how long there is, what it says, and beneath where and who."""

    id: str
    head: Mark
    when: Mark
    text: str
    where: str
    who: Mark


@dataclass(frozen=True, slots=True)
class Lane:
    """A column: how many cards it holds, and those that were read, from the `start`th on."""

    id: str
    title: Mark
    count: int = 0
    start: int = 0
    cards: tuple[Card, ...] = ()

    def card(self, row: int) -> Card | None:
        """Return a card by its place, None while it is not read."""
        place = row - self.start
        return self.cards[place] if 0 <= place < len(self.cards) else None


class CardColumns(Widget, can_focus=True):
    """The arrows go from card to card and from column to column; Enter, or a click on the card in front, opens it."""

    HELP_KEY: ClassVar[str] = "help.cards"
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    CardColumns { height: 1fr; padding: 0 1; text-wrap: nowrap; pointer: pointer; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,K,ｋ,Ｋ", "move(-1)"),
        Binding("down,j,J,ｊ,Ｊ", "move(1)"),
        Binding("left,h,H,ｈ,Ｈ", "turn(-1)"),
        Binding("right,l,L,ｌ,Ｌ", "turn(1)"),
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
        Binding("home", "jump(False)"),
        Binding("end", "jump(True)"),
        Binding("enter", "pick"),
    ]

    @dataclass
    class Picked(Message):
        card_id: str

    @dataclass
    class Highlighted(Message):
        """Another card, or another column, is in front."""

        lane_id: str
        card_id: str | None

    @dataclass
    class Wanted(Message):
        """Cards of a column from the `offset`th on are to be shown and are not read."""

        lane_id: str
        offset: int

    def __init__(self, lanes: Sequence[Lane], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lanes = tuple(lanes)
        self.at = 0
        self._rows = [0] * len(self.lanes)
        self._tops = [0] * len(self.lanes)
        self._wanted: tuple[str, int] | None = None
        #: What came last for each column: a part that is shorter than it should be is not asked for for ever.
        self._came: dict[str, int] = {}

    # What is shown

    def show(self, lanes: Sequence[Lane]) -> None:
        """Show columns anew; the card in front stays in front if it is still there."""
        before = self.highlighted
        self.lanes = tuple(lanes)
        self._wanted, self._came = None, {}
        for number, lane in enumerate(self.lanes):
            self._rows[number] = max(0, min(self._rows[number], lane.count - 1))
        if before is not None:
            lane = self.lanes[self.at]
            ids = [card.id for card in lane.cards]
            if before in ids:
                self._rows[self.at] = lane.start + ids.index(before)
        self._settle()

    def fill(self, lane: Lane) -> None:
        """Show one column with cards that were asked for."""
        if self._wanted is not None:
            self._came[self._wanted[0]] = self._wanted[1]
        self._wanted = None
        self.lanes = tuple(lane if one.id == lane.id else one for one in self.lanes)
        self._settle()

    @property
    def highlighted(self) -> str | None:
        """The id of the card in front, None where there is none (yet)."""
        card = self.lanes[self.at].card(self._rows[self.at])
        return None if card is None else card.id

    @property
    def lane(self) -> Lane:
        """The column in front."""
        return self.lanes[self.at]

    def go_to(self, lane_id: str) -> None:
        """Bring a column to the front."""
        ids = [lane.id for lane in self.lanes]
        self.at = ids.index(lane_id)
        self._settle()

    def _fitting(self) -> int:
        """Return how many cards stand under each other."""
        return max(1, (self.content_size.height - _HEAD + 1) // _CARD)

    def _shown(self) -> range:
        """Return the columns there is room for, the one in front among them."""
        most = max(1, min(len(self.lanes), (self.content_size.width + _GAP) // (LEAST + _GAP)))
        first = max(0, min(self.at - most // 2, len(self.lanes) - most))
        return range(first, first + most)

    def _lane_width(self) -> int:
        most = len(self._shown())
        return max(4, (self.content_size.width - _GAP * (most - 1)) // most)

    def _settle(self) -> None:
        """Keep the card in front in view, ask for what is in view and not read, draw, and tell."""
        fitting, row = self._fitting(), self._rows[self.at]
        for number, lane in enumerate(self.lanes):
            self._tops[number] = max(0, min(self._tops[number], lane.count - fitting))
        top = self._tops[self.at]
        self._tops[self.at] = min(max(top, row - fitting + 1), row) if self.lane.count else 0
        self._ask()
        self.refresh()
        self.post_message(self.Highlighted(self.lane.id, self.highlighted))

    def _ask(self) -> None:
        fitting = self._fitting()
        for number in self._shown():
            lane, top = self.lanes[number], self._tops[number]
            last = min(lane.count, top + fitting) - 1
            missing = any(lane.card(row) is None for row in (top, last)) if lane.count else False
            wanted = (lane.id, max(0, top - fitting))
            if missing and self._wanted is None and self._came.get(lane.id) != wanted[1]:
                self._wanted = wanted
                self.post_message(self.Wanted(*wanted))

    # Keys and mouse

    def action_move(self, by: int) -> None:
        self._rows[self.at] = max(0, min(self._rows[self.at] + by, self.lane.count - 1))
        self._settle()

    def action_page(self, by: int) -> None:
        self.action_move(by * self._fitting())

    def action_jump(self, to_end: bool) -> None:  # noqa: FBT001 - Textual passes it by position
        self.action_move(self.lane.count if to_end else -self.lane.count)

    def action_turn(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.lanes) - 1))
        self._settle()

    def action_pick(self) -> None:
        if (card_id := self.highlighted) is not None:
            self.post_message(self.Picked(card_id))

    def _lane_at(self, x: int) -> int | None:
        place, rest = divmod(x - self.styles.padding.left, self._lane_width() + _GAP)
        shown = self._shown()
        return shown[place] if 0 <= place < len(shown) and rest < self._lane_width() else None

    def on_click(self, event: events.Click) -> None:
        number = self._lane_at(event.x)
        if number is None:
            return
        row = self._tops[number] + (event.y - _HEAD) // _CARD
        on_card = event.y >= _HEAD and row < self.lanes[number].count
        if on_card and (number, row) == (self.at, self._rows[self.at]):
            self.action_pick()
            return
        self.at = number
        if on_card:
            self._rows[number] = row
        self._settle()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -1)

    def _scroll(self, event: events.MouseEvent, by: int) -> None:
        number = self._lane_at(event.x)
        if number is None:
            return
        event.stop()
        fitting = self._fitting()
        top = self._tops[number] = max(0, min(self._tops[number] + by, self.lanes[number].count - fitting))
        # What is in front stays in view, or the next key would jump back to it.
        self._rows[number] = min(max(self._rows[number], top), top + fitting - 1)
        self._settle()

    def on_resize(self) -> None:
        self._settle()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    # Drawing

    def render(self) -> Content:
        cells, height = self._lane_width(), self.content_size.height
        shown = [list(self._column(number, cells, height)) for number in self._shown()]
        gap = plain(" " * _GAP)
        return Content("\n").join([gap.join(parts) for parts in zip(*shown, strict=True)])

    def _column(self, number: int, cells: int, height: int) -> Iterator[Content]:
        """Yield the lines of a column, each of exactly `cells` cells."""
        lane, top, fitting = self.lanes[number], self._tops[number], self._fitting()
        more = ("↑" if top else "") + ("↓" if top + fitting < lane.count else "")
        here = number == self.at
        room = cells - width(more) - 1
        title = fit(f"{'> ' if here else '  '}{lane.title} {lane.count}", room)
        style = "bold underline" if here else "underline $text-muted"
        yield joined((title, style), (f" {more}", "$text-muted"))
        left = height - 1
        blank = plain(" " * cells)
        lines: list[Content] = [blank]
        if not lane.count:
            lines.append(plain(fit("  " + t("list.empty"), cells), "$text-muted"))
        for row in range(top, min(top + fitting, lane.count)):
            lines += self._card(lane.card(row), cells, chosen=here and row == self._rows[number])
            lines.append(blank)
        lines += [blank] * (left - len(lines))
        yield from lines[:left]

    def _card(self, card: Card | None, cells: int, *, chosen: bool) -> list[Content]:
        if card is None:
            return [plain(fit("  …", cells), "$text-muted"), *[plain(" " * cells)] * (_CARD - 2)]
        room = cells - 2
        when = cut(str(card.when), room)
        head = fit(str(card.head), room - width(when) - 1)
        who = cut(str(card.who), room * 2 // 3)
        where = fit(card.where, room - width(who) - 1)
        if chosen:
            style = _CHOSEN if self.has_focus else _FAINT
            texts = (f"> {head} {when}", f"  {fit(card.text, room)}", f"  {where} {who}")
            return [plain(fit(text, cells), style) for text in texts]
        return [
            joined(
                "  ",
                (head, f"bold {tone_style(card.head.tone)}"),
                " ",
                replace(card.when, symbol="", word=when),
            ),
            plain("  " + fit(card.text, room)),
            joined("  ", (where, "$text-muted"), " ", replace(card.who, symbol="", word=who)),
        ]
