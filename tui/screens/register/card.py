"""A card of the register: its ties last over spans of days, and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from models.operations.envelope import Intent
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.card import CardPage
from tui.screens.changing import Ledger, Values
from tui.screens.register.fields import day_field, day_value
from tui.screens.register.words import span_mark, span_text
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Tone

OPEN = action("register.open", "enter")
END = action("register.end", "3", footer=False)
HISTORY = action("register.history", "f7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One thing that ties a household or person to another over a span of days.

    `noun` names its kind of operation (`occupancy.end`), `opens` the card it
    leads to as (`household` or `person`, id); `ends` is the sentence that asks
    for the day on which it ends.
    """

    noun: str
    id: UUID
    word: str
    name: str
    detail: str
    since: date | None
    until: date | None
    current: bool
    opens: tuple[str, UUID] | None = None
    ends: str = ""

    @property
    def row_id(self) -> str:
        return f"{self.noun}:{self.id}"


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card shows, read in a worker."""

    heading: str
    facts: tuple[Fact, ...]
    ties: tuple[Tie, ...]
    archived: bool
    today: date
    # The card as the register gives it, for the forms that edit it.
    card: Any = field(repr=False)


class CardScreen(CardPage):
    """A card of the register. Subclasses read the view and add what can be done."""

    OPEN: ClassVar[Action] = OPEN
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, END, HISTORY)

    def __init__(self, row_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(row_id, ledger)
        self.view: CardView | None = None

    @property
    def heading(self) -> str:
        return self.view.heading if self.view is not None else super().heading

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("register.tie"), 10, priority=9),
            Column(t("register.who_or_what"), 14, priority=8, grow=True),
            Column(t("register.detail"), 13, priority=5, grow=True),
            Column(t("register.span"), 23, priority=6),
            Column(t("register.state"), 8, priority=7),
        )

    def show_view(self, view: CardView | None) -> None:
        if view is None:
            self.flash(t("register.gone"), Tone.WARN)
            return
        self.view = view
        self.show_card(view.facts, [_row(tie, view.today) for tie in view.ties])

    @property
    def tie(self) -> Tie | None:
        """The highlighted tie."""
        highlighted = self.highlighted
        ties: Sequence[Tie] = self.view.ties if self.view is not None else ()
        return next((tie for tie in ties if tie.row_id == highlighted), None)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if self.view is None and action_id.startswith("register."):
            return t("register.reading")
        if action_id == OPEN.id and (self.tie is None or self.tie.opens is None):
            return t("register.nothing_to_open")
        if action_id == END.id:
            return self._why_not_end()
        return super().why_not(action_id)

    def _why_not_end(self) -> str | None:
        if self.tie is None or not self.tie.ends:
            return t("register.nothing_to_end")
        return None if self.tie.until is None else t("register.ended_already")

    def do_open(self) -> None:
        tie = self.tie
        if tie is None or tie.opens is None:
            return
        noun, row_id = tie.opens
        self.open_card(noun, row_id)

    def do_history(self) -> None:
        """Show what ever happened to this one; a card's room is called as its table is."""
        self.linli.enter("changes", row_id=self.row_id, table=self.ROOM)

    def open_card(self, noun: str, row_id: UUID) -> None:
        """Open another card on top, or go back to it if this one was opened from it."""
        if noun == "ticket":
            from tui.screens.tickets.page import TicketPage

            self.app.push_screen(TicketPage(row_id))
            return
        if noun == "duty":
            self.linli.enter("my_shifts", person_id=row_id)
            return
        from tui.screens.register.household import HouseholdScreen
        from tui.screens.register.person import PersonScreen

        beneath = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        wanted = HouseholdScreen if noun == "household" else PersonScreen
        # Household, its owner, the owner's household ...: Esc must not lead through all of it again.
        if isinstance(beneath, wanted) and beneath.row_id == row_id:
            self.dismiss()
        else:
            self.app.push_screen(wanted(row_id, self.ledger))

    def do_end(self) -> None:
        tie = self.tie
        if tie is None:
            return

        def plan(values: Values) -> Sequence[Intent]:
            return [Intent(f"{tie.noun}.end", {tie.noun: str(tie.id), "until": day_value(values["until"])})]

        self.fill_in(
            tie.ends,
            [
                day_field(
                    "until",
                    t("register.last_day"),
                    self.linli.context.today(),
                    required=True,
                    hint=t("register.last_day_hint"),
                )
            ],
            plan,
            lambda _values: t("register.end_done", what=f"{tie.word} {tie.name}"),
            draft=f"end:{tie.row_id}",
            save=t("register.end_verb"),
        )


def _row(tie: Tie, today: date) -> RowView:
    return RowView(
        tie.row_id,
        (
            tie.word,
            tie.name,
            tie.detail,
            span_text(tie.since, tie.until),
            span_mark(since=tie.since, current=tie.current, today=today),
        ),
        muted=not tie.current,
    )
