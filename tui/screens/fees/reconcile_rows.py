"""Rows of bills as values: what waits with its proposals, the other tabs, columns and cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final

from models.fees.queries import ruling_of
from models.fees.queries_rows import RowLine, Shelf, count_rows, page_rows
from models.fees.reconciling import Proposed, proposals
from models.fees.reconciling_ground import Footing
from models.files.money_files.rows import CHINA
from models.operations.roles import WORKERS
from models.text import mask_name
from tui.desk import Desk
from tui.fee_row_words import reasons_text, said_text, sum_of
from tui.fee_words import direction_word, sum_text
from tui.i18n import t
from tui.widgets.rows import Column, RowView
from tui.widgets.search import folded
from tui.widgets.text import Mark, Tone

_MOST_SHARED: Final = 60


@dataclass(frozen=True, slots=True)
class Held:
    """The rows that wait, with what is proposed; the line from which on they are taken together, and who may take them."""

    rows: tuple[Proposed, ...]
    beneath: Footing
    score: int
    may: bool
    by_id: Mapping[str, Proposed]

    @property
    def sure(self) -> tuple[Proposed, ...]:
        """The rows at or above the line."""
        return tuple(one for one in self.rows if one.is_sure(self.score))


class Waiting:
    """What waits, worked out once, by whichever thread asks first; after a change there is another one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.held: Held | None = None

    def of(self, desk: Desk) -> Held:
        """Return it; runs in a worker."""
        with self._lock:
            if self.held is None:
                may = desk.may(WORKERS)
                with desk.store.read() as session:
                    rows, beneath = proposals(session, desk.seat.compound_id, today=desk.today())
                    score = ruling_of(session, desk.seat.compound_id).bulk_score
                self.held = Held(rows, beneath, score, may, {str(one.id): one for one in rows})
            return self.held


@dataclass(slots=True)
class WaitingRows:
    """The rows that wait and hold a text, the surest first."""

    waiting: Waiting
    text: str
    _found: tuple[Proposed, ...] = ()

    def count(self, desk: Desk) -> int:
        held = self.waiting.of(desk)
        self._found = tuple(one for one in held.rows if not self.text or self.text in _haystack(one))
        return len(self._found)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        score = self.waiting.of(desk).score
        return [waiting_row(one, score) for one in self._found[offset : offset + limit]]


@dataclass(slots=True)
class ShelfRows:
    """The rows of another tab that hold a text. `known` keeps what was read, for the keys."""

    shelf: Shelf
    text: str
    known: dict[str, RowLine] = field(default_factory=dict)

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            return count_rows(session, desk.seat.compound_id, self.shelf, self.text)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        with desk.store.read() as session:
            lines = page_rows(
                session, desk.seat.compound_id, self.shelf, self.text, offset=offset, limit=limit
            )
        self.known.update((str(line.id), line) for line in lines)
        return [shelf_row(line, self.shelf) for line in lines]


def count_shelves(desk: Desk) -> dict[str, int]:
    """Return how many rows the tabs hold that are read by pages."""
    with desk.store.read() as session:
        return {
            shelf.value: count_rows(session, desk.seat.compound_id, shelf)
            for shelf in (Shelf.DONE, Shelf.ASIDE, Shelf.OTHER)
        }


def _haystack(one: Proposed) -> str:
    row = one.row
    return folded(f"{row.party} {row.remark} {row.order_no} {one.code}")


# -- words -------------------------------------------------------------------------------


def when_text(at: datetime) -> str:
    """Return when a platform says that money moved, which is China's time."""
    return f"{at.astimezone(CHINA):%m-%d %H:%M}"


def score_mark(one: Proposed, line: int) -> Mark:
    """Return how sure a proposal is: a sign, the score and a colour; = where the payment is in the books already."""
    score = str(one.proposal.score)
    if one.is_sure(line):
        return Mark("√" if one.proposal.payment_id is None else "=", score, Tone.GOOD)
    return Mark("?", score, Tone.WARN) if one.is_settled else Mark("·", score, Tone.MUTED)


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab; the least needed go first on a narrow terminal."""
    when = Column(t("reconcile.when"), 11, priority=5)
    amount = Column(t("reconcile.amount"), 10, priority=9, align="right")
    payer = Column(t("reconcile.payer"), 8, priority=7)
    match view:
        case Shelf.WAITING:
            return (
                Column(t("reconcile.score"), 5, priority=9),
                Column(t("reconcile.door"), 9, priority=9),
                amount,
                payer,
                when,
                Column(t("reconcile.why"), 16, priority=8, grow=True),
            )
        case Shelf.DONE:
            last = Column(t("reconcile.how"), 12, priority=8)
            door = Column(t("reconcile.door"), 9, priority=9)
            return (door, amount, payer, when, last, Column(t("reconcile.remark"), 12, priority=4, grow=True))
        case Shelf.ASIDE:
            return (amount, payer, when, Column(t("reconcile.reason"), 20, priority=8, grow=True))
        case _:
            way = Column(t("reconcile.direction"), 8, priority=8)
            kind = Column(t("reconcile.kind"), 12, priority=6)
            return (way, amount, payer, when, kind, Column(t("reconcile.remark"), 12, priority=5, grow=True))


def waiting_row(one: Proposed, line: int) -> RowView:
    """Return a row that waits."""
    row = one.row
    door = one.code or t("reconcile.no_door")
    why = reasons_text(one.proposal.reasons)
    cells = (score_mark(one, line), door, sum_text(row.fen), row.party, when_text(row.at), why)
    return RowView(str(one.id), cells)


def shelf_row(line: RowLine, shelf: Shelf) -> RowView:
    """Return a row of another tab."""
    row = line.row
    said = (sum_text(row.fen), row.party, when_text(row.at))
    match shelf:
        case Shelf.DONE:
            how = (
                Mark("√", t("reconcile.made"), Tone.GOOD)
                if line.made
                else Mark("=", t("reconcile.by_hand"), Tone.INFO)
            )
            return RowView(str(line.id), (line.code or t("reconcile.suspended"), *said, how, row.remark))
        case Shelf.ASIDE:
            return RowView(str(line.id), (*said, line.words))
        case _:
            way = direction_word(row.direction.value)
            return RowView(str(line.id), (way, *said, row.kind, row.remark))


def detail_text(one: Proposed | RowLine | None) -> str:
    """Return everything that a row says, and why it is proposed as whose."""
    if one is None:
        return ""
    said = said_text(one.row)
    if isinstance(one, RowLine):
        return "  ".join(part for part in (said, one.row.kind, one.row.order_no) if part)
    return "\n".join(part for part in (said, reasons_text(one.proposal.reasons)) if part)


def line_text(held: Held) -> str:
    """Return how many rows are at or above the line, and how much that is."""
    sure = held.sure
    rest = len(held.rows) - len(sure)
    return t(
        "reconcile.line", score=held.score, sure=len(sure), sum=sum_of(one.row for one in sure), rest=rest
    )


def shared_text(held: Held) -> str:
    """Return the rows that wait as a text for others: names masked, no remark."""
    title = t("reconcile.share_title", n=len(held.rows), sum=sum_of(one.row for one in held.rows))
    lines = [
        "  ".join(
            part
            for part in (when_text(one.row.at), sum_text(one.row.fen), mask_name(one.row.party), one.code)
            if part
        )
        for one in held.rows[:_MOST_SHARED]
    ]
    more = len(held.rows) - len(lines)
    return "\n".join([title, *lines, *([t("reconcile.share_more", n=more)] if more else [])])
