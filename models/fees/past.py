"""Bills of the past and what was paid on them: first a plan to look at, then groups to carry out.

Each bill is kept whole, with what was paid on it: what is left is owed, what was too much is credit. The money itself
was counted before there were books here, so its payments are `opening` ones and lie in no account. Every id is derived
from door, item, span, time and amount: the same list brought in twice, or on two laptops, is there once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from models.codes import looks_like_date, parse_room_code
from models.community.tables import Compound, Household, Person
from models.fees.carrying import Group
from models.fees.past_intents import NOON, NewItem, Standing, Wanted, groups_of
from models.fees.periods import Cycle
from models.fees.rooms_in_text import How, RoomIndex
from models.fees.rules import MOST_FEN, BillKind, Method, bill_key
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import Payment
from models.files.fee_history import FeeRow
from models.files.values import shown
from models.ids import derived_id
from models.operations.envelope import Acting
from models.operations.fields import LONGEST_NAME
from models.problems import Param, Problem
from models.tables import table_of
from models.text import normalise

_household, _person, _item = (table_of(one) for one in (Household, Person, ChargeItem))
_bill, _payment = table_of(Bill), table_of(Payment)

_SURE = frozenset({How.EXACT, How.BUILDING, How.COMPACT, How.PAIR})
#: Problems that cost no line.
MERE_NOTES = frozenset({"past.cycle", "past.due_differs", "past.billed_otherwise", "past.no_day"})


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of the list as it is understood. `adds` tells that there is anything in it that does not stand already."""

    line: int
    code: str
    item: str
    since: date
    until: date
    due_fen: int
    paid_fen: int
    adds: bool


@dataclass(frozen=True, slots=True)
class PastPlan:
    """What bringing a list in would do. `owed_fen` and `credit_fen` are what its new lines leave, before one pays the other."""

    lines: tuple[PastLine, ...]
    items: tuple[NewItem, ...]
    bills: int
    payments: int
    owed_fen: int
    credit_fen: int
    problems: tuple[Problem, ...]
    groups: tuple[Group, ...] = field(repr=False)

    @property
    def added(self) -> int:
        """How many lines say something new."""
        return sum(line.adds for line in self.lines)

    @property
    def unchanged(self) -> int:
        """How many lines stand already."""
        return len(self.lines) - self.added


def plan_past(
    session: Session,
    compound_id: UUID,
    rows: Sequence[FeeRow],
    problems: Iterable[Problem] = (),
    *,
    acting: Acting,
) -> PastPlan:
    """Compare a list of past bills with what stands; `problems` are those of reading the file."""
    planner = _Planner(session, compound_id, acting, list(problems))
    planner.take(rows)
    planner.compare()
    return planner.plan()


class _Planner:
    """The plan while lines are still coming in."""

    def __init__(self, session: Session, compound_id: UUID, acting: Acting, problems: list[Problem]) -> None:
        self.session = session
        self.compound_id = compound_id
        self.now = acting.clock()
        self.problems = problems
        compound = session.get(Compound, (compound_id, compound_id))
        self.zone = ZoneInfo("Asia/Shanghai" if compound is None else compound.zone)
        self.codes = self._read(_household.c.code, _household.c.id)
        self.ids = {household_id: code for code, household_id in self.codes.items()}
        self.rooms = RoomIndex((household_id, code) for code, household_id in self.codes.items())
        self.people = self._people()
        self.items = self._read(_item.c.name, _item.c.id)
        self.new_items: dict[str, NewItem] = {}
        self.wanted: dict[tuple[UUID, UUID, date, date], Wanted] = {}
        self.lines: list[PastLine] = []

    def _read(self, name: Any, row_id: Any) -> dict[str, UUID]:
        statement = select(name, row_id).where(name.table.c.compound_id == self.compound_id)
        # Of two that bear one name the living one is meant.
        statement = statement.order_by(name.table.c.archived.desc())
        return {row[0]: row[1] for row in self.session.connection().execute(statement)}

    def _people(self) -> dict[str, UUID | None]:
        """Everybody by name; a name that several bear is nobody's."""
        statement = select(_person.c.name, _person.c.id).where(
            _person.c.compound_id == self.compound_id, _person.c.archived.is_(False)
        )
        found: dict[str, UUID | None] = {}
        for name, person_id in self.session.connection().execute(statement):
            found[name] = None if name in found else person_id
        return found

    def _report(self, problem: str, line: int, **params: Param) -> None:
        self.problems.append(Problem(problem, line, params=params))

    # Lines

    def take(self, rows: Sequence[FeeRow]) -> None:
        """Understand every line: its door, its item, the bill it belongs to."""
        spans: dict[tuple[UUID, UUID], list[Wanted]] = defaultdict(list)
        for row in rows:
            if max(row.due_fen, row.paid_fen) > MOST_FEN:
                self._report("money.too_large", row.line)
                continue
            household_id = self._door(row.door)
            if household_id is None:
                self._no_door(row)
                continue
            if len(row.item) > LONGEST_NAME:
                self._report("text.too_long", row.line, length=len(row.item), limit=LONGEST_NAME)
                continue
            item_id = self._item(row)
            key = (household_id, item_id, row.since, row.until)
            wanted = self.wanted.get(key)
            if wanted is None:
                beside = spans[household_id, item_id]
                other = next((one for one in beside if one.since < row.until and one.until > row.since), None)
                if other is not None:
                    self._report("past.overlap", row.line, first_line=other.rows[0].line)
                    continue
                wanted = self.wanted[key] = Wanted(
                    household_id,
                    self.ids[household_id],
                    item_id,
                    row.since,
                    row.until,
                    row.due_fen,
                    self._bill_id(*key),
                )
                beside.append(wanted)
            elif row.due_fen != wanted.fen:
                # A second payment on one bill is often listed with what was left to pay.
                self._report("past.due_differs", row.line, first_line=wanted.rows[0].line)
                wanted.fen = max(wanted.fen, row.due_fen)
            wanted.rows.append(row)

    def _no_door(self, row: FeeRow) -> None:
        if looks_like_date(row.door):
            self._report("room.looks_like_date", row.line, value=shown(row.door))
        else:
            self._report("past.door_unknown", row.line, code=shown(row.door))

    def _door(self, text: str) -> UUID | None:
        code = parse_room_code(text)
        found = None if code is None else self.codes.get(str(code))
        if found is not None:
            return found
        mentions = [mention for mention in self.rooms.mentions(text) if mention.how in _SURE]
        homes = {home for mention in mentions for home in mention.homes}
        return homes.pop() if len(homes) == 1 else None

    def _item(self, row: FeeRow) -> UUID:
        name = normalise(row.item)
        found = self.items.get(name)
        if found is None:
            found = self.items[name] = derived_id(
                self.compound_id, str(ChargeItem.__tablename__), f"past:{name}"
            )
            self.new_items[name] = NewItem(found, name, row.cycle or _cycle(row.since, row.until), row.line)
        return found

    # What stands

    def compare(self) -> None:
        """Tell which bills and payments stand already."""
        standing = self._bills()
        for key, wanted in list(self.wanted.items()):
            beside = standing.get((wanted.household_id, wanted.item_id), ())
            living = [bill for bill in beside if not bill.reversed]
            same = next((bill for bill in living if (bill.since, bill.until) == key[2:]), None)
            over = next(
                (bill for bill in living if bill.kind == BillKind.CHARGE and _overlap(bill, wanted)), None
            )
            if same is not None:
                wanted.stands, wanted.bill_id = True, same.id
                if same.fen != wanted.fen:
                    self._report(
                        "past.billed_otherwise", wanted.rows[0].line, billed_fen=same.fen, due_fen=wanted.fen
                    )
            elif over is not None:
                span = {"since": over.since.isoformat(), "until": over.until.isoformat()}
                for row in wanted.rows:
                    self._report("past.billed_over", row.line, **span)
                del self.wanted[key]
            else:
                before = sum(
                    bill.reversed and bill.kind == BillKind.CHARGE and (bill.since, bill.until) == key[2:]
                    for bill in beside
                )
                wanted.bill_id = self._bill_id(*key, before)
        self._payments()

    def _bill_id(self, household_id: UUID, item_id: UUID, since: date, until: date, before: int = 0) -> UUID:
        """Return the id that a bill will have, of which so many were reversed before."""
        name = bill_key(household_id, item_id, BillKind.CHARGE.value, since, until, reversed_before=before)
        return derived_id(self.compound_id, str(Bill.__tablename__), name)

    def _bills(self) -> dict[tuple[UUID, UUID], list[Standing]]:
        found: dict[tuple[UUID, UUID], list[Standing]] = defaultdict(list)
        if not self.wanted:
            return found
        statement = select(
            _bill.c.household_id,
            _bill.c.item_id,
            _bill.c.id,
            _bill.c.kind,
            _bill.c.since,
            _bill.c.until,
            _bill.c.amount_fen,
            _bill.c.reversed_on.is_not(None),
        ).where(
            _bill.c.compound_id == self.compound_id,
            _bill.c.item_id.in_({one.item_id for one in self.wanted.values()}),
            _bill.c.since < max(one.until for one in self.wanted.values()),
            _bill.c.until > min(one.since for one in self.wanted.values()),
            _bill.c.kind != BillKind.LATE.value,
        )
        for row in self.session.connection().execute(statement):
            found[row[0], row[1]].append(Standing(row[2], row[3], row[4], row[5], row[6], bool(row[7])))
        return found

    def _payments(self) -> None:
        made = {
            row.line: self._payment(wanted, row)
            for wanted in self.wanted.values()
            for row in wanted.rows
            if row.paid_fen
        }
        known = self._known_payments([payment["paid_at"] for payment in made.values()])
        new: set[UUID] = set()
        for wanted in self.wanted.values():
            for row in wanted.rows:
                payment = made.get(row.line)
                adds = not wanted.stands and row is wanted.rows[0]
                if payment is not None and payment["id"] not in known | new:
                    new.add(payment["id"])
                    wanted.payments.append(payment)
                    adds = True
                item = row.item
                self.lines.append(
                    PastLine(
                        row.line, wanted.code, item, row.since, row.until, row.due_fen, row.paid_fen, adds
                    )
                )
        self.lines.sort(key=lambda line: line.line)

    def _payment(self, wanted: Wanted, row: FeeRow) -> dict[str, Any]:
        if row.paid_at is None:
            self._report("past.no_day", row.line, day=row.since.isoformat())
        paid_at = (row.paid_at or datetime.combine(row.since, NOON)).replace(tzinfo=self.zone)
        key = f"past:{wanted.household_id}:{wanted.item_id}:{row.since}:{row.until}:{paid_at.isoformat()}:{row.paid_fen}"
        collector = self.people.get(normalise(row.collector)) if row.collector else None
        said = row.collector if row.collector and collector is None else ""
        return {
            "id": derived_id(self.compound_id, str(Payment.__tablename__), key),
            "household": wanted.household_id,
            "fen": row.paid_fen,
            "method": Method.OPENING.value,
            "paid_at": paid_at,
            "chosen": []
            if not wanted.fen
            else [{"bill": wanted.bill_id, "fen": min(row.paid_fen, wanted.fen)}],
            "collector": collector,
            "words": "\n".join(filter(None, (said, row.note))),
        }

    def _known_payments(self, times: Sequence[datetime]) -> set[UUID]:
        if not times:
            return set()
        statement = select(_payment.c.id).where(
            _payment.c.compound_id == self.compound_id, _payment.c.paid_at.between(min(times), max(times))
        )
        return set(self.session.connection().execute(statement).scalars())

    # The plan

    def plan(self) -> PastPlan:
        """Return the plan: items first, then the bills of one first day after the other, each with its payments."""
        wanted = [one for one in self.wanted.values() if not one.stands or one.payments]
        wanted.sort(key=lambda one: (one.since, one.until, one.rows[0].line))
        used = {one.item_id for one in wanted}
        items = tuple(item for item in self.new_items.values() if item.id in used)
        left = {one.bill_id: one.fen - sum(payment["fen"] for payment in one.payments) for one in wanted}
        new = [one for one in wanted if not one.stands]
        return PastPlan(
            lines=tuple(self.lines),
            items=items,
            bills=len(new),
            payments=sum(len(one.payments) for one in wanted),
            owed_fen=sum(max(left[one.bill_id], 0) for one in new),
            credit_fen=sum(max(-left[one.bill_id], 0) for one in new),
            problems=tuple(sorted(self.problems, key=lambda problem: problem.line or 0)),
            groups=tuple(
                groups_of(items, wanted, compound_id=self.compound_id, zone=self.zone, now=self.now)
            ),
        )


def _overlap(bill: Standing, wanted: Wanted) -> bool:
    return bill.since < wanted.until and bill.until > wanted.since


def _cycle(since: date, until: date) -> str:
    """Return the cycle that a span of days is nearest to."""
    days = {Cycle.MONTH: 31, Cycle.QUARTER: 92, Cycle.HALF: 183, Cycle.YEAR: 366}
    return min(days, key=lambda cycle: abs(days[cycle] - (until - since).days)).value
