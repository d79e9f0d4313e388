"""F9: every command of this screen, every room, and whatever the register knows by the name typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from tui import actions
from tui.desk import Desk
from tui.i18n import has, t
from tui.screens.base import LinliScreen, Shell
from tui.screens.choose import Choose
from tui.widgets.picker import Option
from tui.widgets.search import SearchBox, folded

_LEAST = 2  # characters before the register is asked
_MOST = 6  # households, and as many people, points and tickets


class Palette(Choose):
    """Results in `act:<action>`, `room:<name>`, or the table and id of a row: `household:<id>`, `ticket:<id>`.

    Names by pinyin are made when it opens, behind the first paint: reading the
    dictionary takes longer than drawing the list.
    """

    def __init__(self, screen: Shell[Any], rooms: Sequence[str]) -> None:
        self._commands = (*_actions_of(screen), *_rooms_of(rooms))
        self._found: tuple[Option, ...] = ()
        self._asking = self._pick_after = False
        super().__init__(t("palette.title"), self._commands, typed=True)
        self.purpose = t("palette.purpose")

    def on_mount(self) -> None:
        self.run_worker(self._make_names, thread=True)

    def _make_names(self) -> None:
        from models.text import pinyin_keys

        named = tuple(
            replace(option, search=" ".join((option.search, *pinyin_keys(_label(option.id)))))
            for option in self._commands
        )
        self.post_message(self.Answered(self._take_names, named))

    def _take_names(self, named: tuple[Option, ...]) -> None:
        self._commands = named
        self._filter()

    def _filter(self) -> None:
        """Show what the text names: commands best first, then what the register has found."""
        text = self.query_one(SearchBox).sought
        self._options = (*self._commands, *self._found)
        self._show([*ranked(self._commands, text), *self._found])

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        event.prevent_default()  # the list of a plain choice would match again
        text = event.text
        self._found = ()
        self._filter()
        self._pick_after = False
        self._asking = len(text) >= _LEAST
        if self._asking:
            self.ask(lambda desk: _known(desk, text), self._take_found, latest="known")

    def _take_found(self, found: tuple[Option, ...]) -> None:
        self._found, self._asking = found, False
        self._filter()
        if self._pick_after:
            self.do_pick()

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        """Open what is highlighted; where no command has that name, what the register is about to find."""
        if self._asking and not self._shown:
            event.prevent_default()
            self._pick_after = True


def ranked(options: Sequence[Option], text: str) -> list[Option]:
    """Return the options that hold every word of `text`, best first; equals keep their order.

    Best is what is called so, then what begins so, then what holds it in a name,
    last what only speaks of it in its sentence.
    """
    words = folded(text).split()
    if not words:
        return list(options)
    first = words[0]
    found: list[tuple[int, int, Option]] = []
    for place, option in enumerate(options):
        names = folded(f"{_label(option.id)} {option.search}")
        if not all(word in f"{names} {folded(option.note)}" for word in words):
            continue
        parts = [folded(_label(option.id)), *names.split()]
        if first in parts:
            rank = 0
        elif any(part.startswith(first) for part in parts):
            rank = 1
        else:
            rank = 2 if first in names else 3
        found.append((rank, place, option))
    return [option for _, _, option in sorted(found, key=lambda entry: entry[:2])]


def _actions_of(screen: Shell[Any]) -> tuple[Option, ...]:
    return tuple(
        Option(f"act:{made.id}", made.label, made.help, also(f"action.{made.id}"), screen.why_not(made.id))
        for made in screen.actions_here()
        if made not in {actions.PALETTE, actions.BACK}
    )


def _rooms_of(rooms: Sequence[str]) -> tuple[Option, ...]:
    return tuple(
        Option(f"room:{name}", t("palette.go", screen=t(f"screen.{name}")), "", also(f"screen.{name}"))
        for name in rooms
        if has(f"screen.{name}")
    )


def _label(option_id: str) -> str:
    """Return what a command or a room is called, without what stands around it in the list."""
    kind, _, name = option_id.partition(":")
    return t(f"action.{name}") if kind == "act" else t(f"screen.{name}")


def also(key: str) -> str:
    """Return what else names an entry, beside its label and that label's pinyin."""
    return t(f"{key}.search") if has(f"{key}.search") else ""


def _known(desk: Desk, text: str) -> tuple[Option, ...]:
    """Return the households, people, points and tickets of that name, code or pinyin, and the payment of a receipt's number."""
    if not desk.has_seat:
        return ()
    from models.community import queries
    from models.fees.queries_desk_payments import payment_numbered
    from models.inspection.queries import points_page
    from models.tickets.queries import View, page_tickets
    from tui.fee_words import sum_text
    from tui.screens.register.words import listed, masked
    from tui.screens.tickets.filters import Filters
    from tui.screens.tickets.marks import state_mark

    compound_id, today = desk.seat.compound_id, desk.today()
    with desk.store.read() as session:
        homes = queries.page_households(session, compound_id, today=today, text=text, limit=_MOST)
        people = queries.page_people(session, compound_id, today=today, text=text, limit=_MOST)
        points = points_page(session, compound_id, text=text, limit=_MOST)
        tickets = page_tickets(session, compound_id, Filters().asked(desk, View.ALL, text), limit=_MOST)
        paid = payment_numbered(session, compound_id, text)
    return (
        *(
            Option(
                f"payment:{line.id}",
                t("palette.receipt", number=line.number),
                f"{line.door} {sum_text(line.amount_fen)}",
            )
            for line in paid
        ),
        *(
            Option(f"household:{line.id}", t("palette.household", code=line.code), listed(line.owners))
            for line in homes
        ),
        *(
            Option(f"person:{line.id}", t("palette.person", name=line.name), masked(line.phones))
            for line in people
        ),
        *(Option(f"point:{line.id}", f"{t(f'point.{line.kind}')} {line.code}", line.name) for line in points),
        *(
            Option(
                f"ticket:{line.id}",
                t("palette.ticket", code=line.code),
                " ".join((str(state_mark(line.state)), line.where, line.what)),
            )
            for line in tickets
        ),
    )


def card_of(kind: str, row_id: str) -> LinliScreen:
    """Return the card of something that the register knows."""
    if kind == "ticket":
        from tui.screens.tickets.page import TicketPage

        return TicketPage(UUID(row_id))
    if kind == "payment":
        from tui.screens.fees.payment_page import PaymentPage

        return PaymentPage(UUID(row_id))
    if kind == "point":
        from tui.screens.points.card import PointScreen

        return PointScreen(UUID(row_id))
    from tui.screens.register.household import HouseholdScreen
    from tui.screens.register.person import PersonScreen

    return (HouseholdScreen if kind == "household" else PersonScreen)(UUID(row_id))
