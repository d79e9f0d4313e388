"""What is done at a door that owes: note what was said, give a letter, take money, look after what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.money import MoneyTextError, fen_of
from models.fees.queries_arrears import ArrearsLine
from models.fees.rules import Answer, Way
from models.operations.envelope import Intent
from tui import edge
from tui.actions import Action, action
from tui.fee_words import answer_word, sum_text, way_word
from tui.i18n import t
from tui.screens.changing import Changing, Values
from tui.screens.fees.arrears_words import pause_text
from tui.widgets.fields import ChoiceField, DateField, Field, TextField, Value
from tui.widgets.picker import Option

NOTE = action("dunning.note", "1", "f2", footer=False)
LETTER = action("dunning.letter", "2", footer=False)
COLLECT = action("dunning.collect", "3", footer=False)
TICKET = action("dunning.ticket", "4", footer=False)
DEEDS: Final[tuple[Action, ...]] = (NOTE, LETTER, COLLECT, TICKET)
_DEED_IDS: Final = frozenset(made.id for made in DEEDS)
_WAYS: Final = (Way.VISIT, Way.PHONE, Way.MESSAGE)
_WORDS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, and when: `works` may ask households to pay."""

    works: bool
    today: date
    zone: ZoneInfo


class DunningDeeds(Changing):
    """A room with a door in front. It says which (`line`) and who looks (`looker`)."""

    @property
    def line(self) -> ArrearsLine | None:
        """The door in front, None before there is one."""
        raise NotImplementedError

    @property
    def looker(self) -> Looker | None:
        """Who looks, None before that is read."""
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id in _DEED_IDS:
            return self._why_not_deed(action_id)
        return super().why_not(action_id)

    def _why_not_deed(self, action_id: str) -> str | None:
        line, looker = self.line, self.looker
        if looker is None:
            return t("list.reading")
        if line is None:
            return t("dunning.nothing_in_front")
        if action_id in {NOTE.id, LETTER.id} and not looker.works:
            return t("dunning.no_role")
        if action_id == LETTER.id:
            return (
                t("dunning.owes_nothing", code=line.code)
                if not line.door.owed_fen
                else pause_text(line) or None
            )
        if action_id == COLLECT.id and "collect" not in self.linli.rooms:
            return t("dunning.no_desk")
        return None

    # Notes

    def do_note(self) -> None:
        """Write down what a household said. A person may always talk to a household, whatever waits."""
        line, looker = self.line, self.looker
        if line is None or looker is None:
            return
        self.fill_in(
            t("dunning.note_title", code=line.code, fen=sum_text(line.door.owed_fen)),
            note_fields(line),
            lambda values: [note_intent(line.id, values)],
            lambda values: t("dunning.noted", code=line.code, answer=answer_word(_answer(values))),
            draft=f"dunning:{line.id}",
            refuse=partial(wrong_note, today=looker.today),
        )

    # Letters, money, tickets

    def do_letter(self) -> None:
        from tui.screens.fees.dunning_letters import offer_steps

        if self.line is not None:
            offer_steps(self, self.line)

    def do_collect(self) -> None:
        if self.line is not None:
            self.linli.enter("collect", household_id=self.line.id)

    def do_ticket(self) -> None:
        """Open what the household waits for; where there is nothing, take in what it has to say."""
        line = self.line
        if line is None:
            return
        waiting = (*line.grievance.open, *line.grievance.unrated)
        if not waiting:
            self.linli.enter("report_ticket", household_id=line.id)
        elif len(waiting) == 1:
            self.open_ticket(waiting[0].id)
        else:
            options = [Option(str(one.id), one.code, one.what) for one in waiting]
            self.choose(t("dunning.which_ticket"), options, lambda chosen: self.open_ticket(UUID(chosen)))

    def open_ticket(self, ticket_id: UUID) -> None:
        from tui.screens.tickets.page import TicketPage

        self.app.push_screen(TicketPage(ticket_id))


def note_fields(line: ArrearsLine) -> list[Field]:
    """Return the fields of a note: how, what was said, what was promised."""
    return [
        ChoiceField(
            id="way",
            label=t("dunning.way"),
            value=Way.VISIT.value,
            options=tuple((way.value, way_word(way)) for way in _WAYS),
            required=True,
        ),
        ChoiceField(
            id="answer",
            label=t("dunning.answer"),
            value=Answer.NONE.value,
            options=tuple((one.value, answer_word(one)) for one in Answer),
            required=True,
        ),
        DateField(id="promise_on", label=t("dunning.promise_on"), hint=t("dunning.promise_on_hint")),
        TextField(
            id="promise",
            label=t("dunning.promise_fen"),
            hint=t("dunning.promise_fen_hint", fen=sum_text(line.door.owed_fen)),
            check=_not_money,
        ),
        TextField(id="words", label=t("dunning.words"), longest=_WORDS),
    ]


def _not_money(value: Value) -> str | None:
    """Return why a text is no sum that somebody can promise."""
    try:
        fen = fen_of(str(value))
    except MoneyTextError:
        return t("dunning.no_sum")
    return None if fen > 0 else t("dunning.no_sum")


def _answer(values: Values) -> Answer:
    """Return what was answered: whoever names a day has promised."""
    return Answer.PROMISED if values["promise_on"] is not None else Answer(str(values["answer"]))


def wrong_note(values: Values, today: date) -> str | None:
    """Return what is wrong with a note as a whole."""
    on = values["promise_on"]
    if on is None:
        if values["answer"] == Answer.PROMISED.value:
            return t("dunning.promise_needs_day")
        return t("dunning.sum_needs_day") if values["promise"] else None
    return t("dunning.promise_past") if isinstance(on, date) and on < today else None


def note_intent(household_id: UUID, values: Values) -> Intent:
    """Return what writes a note down."""
    payload: dict[str, Any] = {
        "id": str(edge.new_id()),
        "household": str(household_id),
        "way": str(values["way"]),
        "answer": _answer(values).value,
        "words": str(values["words"] or ""),
    }
    on = values["promise_on"]
    if isinstance(on, date):
        payload["promise_on"] = on.isoformat()
        if values["promise"]:
            payload["promise_fen"] = fen_of(str(values["promise"]))
    return Intent("fee.remind", payload)


def letter_intents(household_ids: Sequence[UUID], step: str, way: Way = Way.LETTER) -> list[Intent]:
    """Return what notes that letters were given, or sent as a message."""
    return [
        Intent(
            "fee.remind",
            {"id": str(edge.new_id()), "household": str(one), "way": way.value, "step": step},
        )
        for one in household_ids
    ]
