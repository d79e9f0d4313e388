"""A hand-over: what was left, and what the next person found; they confirm it and take over what is offered to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from models.duty.queries_handover import HandOverLine
from models.operations.envelope import Intent
from tui import edge
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Values
from tui.screens.duty import handover_store as store
from tui.screens.duty.handover_store import Left
from tui.screens.duty.handover_words import (
    cash_text,
    differences,
    fen_of,
    found_otherwise,
    handover_text,
    place_text,
    state_mark,
    when_text,
)
from tui.screens.duty.times import clock_of
from tui.screens.filling import SavingForm
from tui.screens.tickets.marks import state_mark as ticket_mark
from tui.widgets.facts import Fact
from tui.widgets.fields import Field, NumberField, TextField, TicksField, read
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

OPEN = action("handover_card.open", "enter")
CONFIRM = action("handover_card.confirm", "1", "f2", footer=False)
COPY = action("handover_card.copy", "f5", footer=False)
_WORDS: Final = 4_000
_LINE: Final = 100
_MOST_YUAN: Final = 10_000_000
#: So many questions one form takes over by their digits.
_FEW: Final = 9


class ConfirmForm(SavingForm):
    """Tells at once how what was found differs from what was left."""

    def __init__(self, line: HandOverLine, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._line = line

    def _keep(self, texts: dict[str, str]) -> None:
        super()._keep(texts)
        self.flash(self._otherwise(texts), Tone.WARN)

    def _otherwise(self, texts: dict[str, str]) -> str:
        """Return the differences; a number that cannot be read yet makes none."""
        cash = None
        for made in self._fields:
            if made.id == "cash":
                value, wrong = read(made, texts.get("cash", ""))
                cash = None if wrong else fen_of(value)
        return differences(self._line, texts.get("keys", self._line.keys), cash)


class HandOverCard(CardPage):
    """Facts above, the questions that its giver offers to whoever acts here beneath."""

    ROOM: ClassVar[str] = "handover_card"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (CONFIRM, COPY)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, CONFIRM, COPY)
    _left: Left | None = None
    _gone = False

    def tie_columns(self) -> Sequence[Column]:
        return (
            Column(t("tickets.code"), 8, priority=9),
            Column(t("tickets.what"), 16, priority=9, grow=True),
            Column(t("tickets.where"), 10, priority=6),
            Column(t("tickets.state"), 11, priority=5),
        )

    def no_ties(self) -> str:
        return t("handover.none_offered")

    def reread(self) -> None:
        self.read(partial(store.left, handover_id=self.row_id), self._take, latest="card")

    def _take(self, left: Left | None) -> None:
        if left is None:
            self._gone = True
            self.flash(t("handover.gone"), Tone.WARN)
            self.refresh_keys()
            return
        self._left = left
        rows = [
            RowView(str(one.id), (one.code, " ".join(one.what.split()), one.where, ticket_mark(one.state)))
            for one in left.offered
        ]
        self.show_card(list(_facts(left)), rows)

    def why_not(self, action_id: str) -> str | None:
        left = self._left
        if action_id in {OPEN.id, CONFIRM.id, COPY.id} and left is None:
            return t("handover.gone" if self._gone else "list.reading")
        if action_id == OPEN.id and self.highlighted is None:
            return t("handover.none_offered")
        if action_id == CONFIRM.id and left is not None:
            return _unconfirmable(left)
        return super().why_not(action_id)

    def do_open(self) -> None:
        from tui.screens.tickets.page import TicketPage

        self.app.push_screen(TicketPage(UUID(known(self.highlighted)), self.ledger))

    def do_copy(self) -> None:
        from tui.screens.chat_text import offer_text

        left = known(self._left)
        name = t("handover.text.name", when=when_text(left.line, left.zone))
        offer_text(self, name, handover_text(left.line, left.zone))

    def do_confirm(self) -> None:
        left = known(self._left)
        form = ConfirmForm(
            left.line,
            t("handover.confirm_title", person=left.line.giver or "—"),
            _fields(left),
            partial(_confirming, left),
            draft_name=f"confirm:{self.row_id}",
            save=t("handover.confirm_verb"),
        )
        self.show_form(form, partial(_said, left))


def _unconfirmable(left: Left) -> str | None:
    line = left.line
    if line.archived:
        return t("handover.taken_back")
    if line.confirmed_at is not None:
        return t("handover.confirmed_already", person=line.confirmed_by)
    if left.me is None:
        return t("handover.nobody_acts")
    if left.me == line.from_id:
        return t("handover.your_own", person=left.acting)
    return None


def _facts(left: Left) -> list[Fact]:
    line, zone = left.line, left.zone
    facts = [
        Fact(t("handover.fact.state"), state_mark(line)),
        Fact(t("handover.fact.at"), when_text(line, zone)),
        Fact(t("handover.fact.place"), place_text(line)),
        Fact(t("handover.fact.from"), line.giver),
        Fact(t("handover.fact.to"), line.to or t("handover.anybody")),
        Fact(t("handover.keys"), line.keys),
    ]
    if line.counts_cash or line.cash is not None:
        facts.append(Fact(t("handover.cash"), cash_text(line.cash)))
    facts.append(Fact(t("handover.words"), line.words))
    if line.confirmed_at is not None:
        by = f"{line.confirmed_by} {clock_of(line.confirmed_at, zone)}"
        facts.append(Fact(t("handover.fact.confirmed"), by))
        otherwise = found_otherwise(line)
        said = Mark("!", otherwise, Tone.BAD) if otherwise else Mark("✓", t("handover.as_left"), Tone.GOOD)
        facts.append(Fact(t("handover.fact.found"), said))
        if line.confirmed_words:
            facts.append(Fact(t("handover.fact.found_words"), line.confirmed_words))
    return facts


def _fields(left: Left) -> list[Field]:
    line = left.line
    fields: list[Field] = [
        TextField(
            id="keys",
            label=t("handover.keys_found"),
            value=line.keys,
            hint=t("handover.left_behind", what=line.keys or "—"),
            longest=_LINE,
        )
    ]
    if line.counts_cash or line.cash is not None:
        fields.append(
            NumberField(
                id="cash",
                label=t("handover.cash_found"),
                minimum=0,
                maximum=_MOST_YUAN,
                decimals=2,
                unit=t("ticket_move.yuan"),
                hint=t("handover.left_behind", what=cash_text(line.cash)),
            )
        )
    fields.append(TextField(id="words", label=t("handover.words_found"), longest=_WORDS))
    few = left.offered[:_FEW]
    if few:
        fields.append(
            TicksField(
                id="take",
                label=t("handover.take"),
                options=tuple((str(one.id), f"{one.code} {' '.join(one.what.split())}"[:40]) for one in few),
                value=",".join(str(one.id) for one in few),
            )
        )
    return fields


def _taken(values: Values) -> list[str]:
    return [one for one in str(values.get("take") or "").split(",") if one]


def _confirming(left: Left, values: Values) -> list[Intent]:
    """Return the confirmation, and taking over what was ticked, as one group."""
    payload = {
        "handover": str(left.line.id),
        "words": str(values.get("words") or ""),
        "keys": str(values.get("keys") or ""),
    }
    cash = fen_of(values.get("cash"))
    confirm = Intent("duty.confirm", payload if cash is None else payload | {"cash": cash})
    takes = [Intent("ticket.take", {"id": str(edge.new_id()), "ticket": ticket}) for ticket in _taken(values)]
    return [confirm, *takes]


def _said(left: Left, values: Values) -> str:
    said = t("handover.confirmed", person=left.line.giver or "—", n=len(_taken(values)))
    otherwise = differences(left.line, str(values.get("keys") or ""), fen_of(values.get("cash")))
    return f"{said} · ! {otherwise}" if otherwise else said
