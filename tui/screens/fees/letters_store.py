"""What the rooms of letters ask: the words of each step, who may get which, and the letters filled in for doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from models.fees.dunning import DAYS_TO_PAY, NotYet, not_yet
from models.fees.letters import Place, filled
from models.fees.money import capitals
from models.fees.operations import TREASURERS
from models.fees.queries import BillLine, bill_lines, ruling_of
from models.fees.queries_arrears import (
    ArrearsAsked,
    ArrearsLine,
    ArrearsView,
    arrears_lines,
    every_arrears,
    find_doors,
    one_door,
)
from models.fees.queries_arrears_talks import steps_of
from models.fees.queries_promises import is_open
from models.fees.rules import STEPS, Ruling, Step
from models.fees.tables import Bill
from models.fees.tables_money import LetterText
from models.operations.roles import WORKERS
from models.tables import table_of
from tui.desk import Desk
from tui.documents import documents, write_text
from tui.fee_words import step_word, sum_text
from tui.i18n import t
from tui.paper.fee_letters import Letter, bill_span, letters_page
from tui.paper.own_words import words_for_print
from tui.screens.fees.arrears_words import not_yet_text, since_text

_letter, _bill = table_of(LetterText), table_of(Bill)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepText:
    """What a step writes; `own` is what the compound wrote itself, in place of what is built in."""

    step: Step
    title: str
    body: str
    own: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A door that a letter may go to, or the short reason why it gets none."""

    line: ArrearsLine
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The room of letters: the texts, a letter of each step to a real door, and who may do what."""

    texts: Mapping[Step, StepText]
    letters: Mapping[Step, Letter]
    door: ArrearsLine | None
    works: bool
    sets: bool
    today: date
    payee: str


def built_in(step: Step) -> StepText:
    """Return what is written where the compound has said nothing."""
    return StepText(
        step, t(f"letters.built.{step.value}.title"), t(f"letters.built.{step.value}.body"), own=False
    )


def texts_of(session: Session, compound_id: UUID) -> dict[Step, StepText]:
    """Return what each step writes."""
    rows: dict[str, Any] = {
        row.step: row
        for row in session.connection().execute(
            select(_letter).where(_letter.c.compound_id == compound_id, _letter.c.archived.is_(False))
        )
    }
    found = {}
    for step in STEPS:
        row, usual = rows.get(step.value), built_in(step)
        own = row is not None and bool(row.title or row.body)
        found[step] = (
            StepText(step, row.title or usual.title, row.body or usual.body, own=True)
            if row is not None and own
            else usual
        )
    return found


def look(desk: Desk, household_id: UUID | None) -> Looked:
    """Read the texts and fill them in for a door: the one asked for, else the first that may be asked to pay."""
    today, compound_id = desk.today(), desk.seat.compound_id
    with desk.store.read() as session:
        door = None if household_id is None else one_door(session, compound_id, household_id, today=today)
        if door is None:
            first = find_doors(session, compound_id, ArrearsAsked(today)).doors()
            calm = [one for one in first if not one.fix_first] or first
            door = next(iter(arrears_lines(session, compound_id, calm[:1], today=today)), None)
        texts = texts_of(session, compound_id)
        ruling = ruling_of(session, compound_id)
        bills = {} if door is None else due_bills(session, compound_id, [door], today=today)
    letters = {
        step: fill(desk, text, door, bills.get(door.id, ()), ruling)
        for step, text in texts.items()
        if door is not None
    }
    return Looked(
        texts,
        letters,
        door,
        desk.may(WORKERS),
        desk.may(TREASURERS),
        today,
        ruling.payee or desk.seat.compound,
    )


def due_bills(
    session: Session, compound_id: UUID, lines: Sequence[ArrearsLine], *, today: date
) -> dict[UUID, tuple[BillLine, ...]]:
    """Return the bills that each of some doors is asked for: past their day, and not put off."""
    found: dict[UUID, tuple[BillLine, ...]] = {}
    for line in lines:
        found[line.id] = tuple(
            bill
            for bill in bill_lines(
                session, compound_id, *is_open(compound_id), _bill.c.household_id == line.id
            )
            if bill.due_on < today
            and not any(one.covers(bill.item_id, bill.since, today=today) for one in line.deferrals)
        )
    return found


def fill(desk: Desk, text: StepText, line: ArrearsLine, bills: Sequence[BillLine], ruling: Ruling) -> Letter:
    """Return a step's letter to a door."""
    compound, today = desk.seat.compound, desk.today()
    fen = sum(bill.owed_fen for bill in bills)
    since = min((bill.since for bill in bills), default=line.door.since)
    until = max((bill.until for bill in bills), default=None)
    payee = ruling.payee or compound
    values = {
        Place.COMPOUND: compound,
        Place.DOOR: line.code,
        Place.SUM: sum_text(fen),
        Place.CAPITALS: capitals(fen),
        Place.BILLS: str(len(bills)),
        Place.SINCE: "" if since is None else since_text(since),
        Place.UNTIL: "" if until is None else since_text(until - _DAY),
        Place.PAYEE: payee,
        Place.PAY_TO: ruling.pay_to or t("letters.pay_to"),
        Place.DAY: (today + timedelta(days=DAYS_TO_PAY)).isoformat(),
        Place.TODAY: today.isoformat(),
        Place.CONTACT: line.contact or t("letters.nobody"),
    }
    return Letter(
        door=line.code,
        title=filled(text.title, values),
        body=filled(text.body, values),
        bills=tuple(bills),
        fen=fen,
        payee=payee,
        on=today,
        signed=text.step in {Step.NOTICE, Step.DEMAND, Step.CLAIM},
    )


def _steps_since(desk: Desk, session: Session, lines: Sequence[ArrearsLine]) -> dict[UUID, dict[Step, date]]:
    since = {line.id: line.door.due_on for line in lines}
    return steps_of(session, desk.seat.compound_id, since, zone=ZoneInfo(desk.seat.zone))


def steps_here(desk: Desk, household_id: UUID) -> dict[Step, NotYet | None]:
    """Return each step with what stands before it at a door."""
    today = desk.today()
    with desk.store.read() as session:
        line = one_door(session, desk.seat.compound_id, household_id, today=today)
        taken = {} if line is None else _steps_since(desk, session, [line]).get(line.id, {})
    return {step: not_yet(step, taken, today=today) for step in STEPS}


def candidates(desk: Desk, step: Step, asked: ArrearsAsked) -> tuple[Candidate, ...]:
    """Return the doors of a list with the short reason of each that gets no letter of this step."""
    with desk.store.read() as session:
        lines = tuple(every_arrears(session, desk.seat.compound_id, asked))
        taken = _steps_since(desk, session, lines)
    found = []
    for line in lines:
        pause, why = line.pause, not_yet(step, taken.get(line.id, {}), today=asked.today)
        reason = t(f"arrears.pause.{pause.value}") if pause is not None else ""
        found.append(Candidate(line, reason or ("" if why is None else not_yet_text(why))))
    return tuple(found)


def write_letters(desk: Desk, step: Step, household_ids: Sequence[UUID]) -> tuple[Path, tuple[UUID, ...]]:
    """Write letters for doors as one page, and return it with the doors in it: one that must wait meanwhile gets none."""
    today, compound_id = desk.today(), desk.seat.compound_id
    head, foot = words_for_print(desk)
    asked = ArrearsAsked(today, ArrearsView.DOORS)
    wanted = set(household_ids)
    with desk.store.read() as session:
        doors = [one for one in find_doors(session, compound_id, asked).doors() if one.household_id in wanted]
        lines = [one for one in arrears_lines(session, compound_id, doors, today=today) if one.pause is None]
        lines.sort(key=lambda line: household_ids.index(line.id))
        text = texts_of(session, compound_id)[step]
        ruling = ruling_of(session, compound_id)
        bills = due_bills(session, compound_id, lines, today=today)
    if not lines:
        return documents(), ()
    letters = [fill(desk, text, line, bills[line.id], ruling) for line in lines]
    drawn = letters_page(letters, title=step_word(step), head=head, foot=foot)
    of = letters[0].door if len(letters) == 1 else str(len(letters))
    name = f"{step_word(step)}_{of}_{today.isoformat()}"
    return write_text(documents(), name, ".html", drawn), tuple(line.id for line in lines)


def text_for(desk: Desk, step: Step, household_id: UUID) -> str:
    """Return a step's letter to a household as text."""
    letter = look(desk, household_id).letters.get(step)
    return "" if letter is None else letter_text(letter)


def letter_text(letter: Letter) -> str:
    """Return a letter as text, to be sent to the household it is for."""
    lines = [letter.title, "", *letter.body.splitlines()]
    if letter.bills:
        lines += ["", *(f"{bill_text(bill)} {sum_text(bill.owed_fen)}" for bill in letter.bills)]
    return "\n".join(lines)


def bill_text(bill: BillLine) -> str:
    """Return what a bill is for: the item and the period."""
    return f"{bill.item} {bill_span(bill)}"
