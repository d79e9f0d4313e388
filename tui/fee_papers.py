"""Receipts on paper and as text, and the slips of cash, for the command line and for screens. Loads no Textual.

Each time a receipt is printed is kept: the first paper is the receipt, each one after it says which copy it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.fees.queries import residents, ruling_of
from models.fees.queries_cash import hand_in_line
from models.fees.queries_receipts import ReceiptSheet, receipt_sheets
from models.operations.envelope import Intent
from models.operations.roles import WORKERS
from models.problems import Problem
from tui.desk import Desk, DeskError
from tui.documents import documents, write_text
from tui.i18n import t
from tui.paper.fee_cash import hand_in_page
from tui.paper.fee_cash import title_of as cash_title
from tui.paper.fee_receipt import Payee, Slip, receipts_page, title_of
from tui.paper.fee_receipt_text import receipt_lines
from tui.paper.own_words import words_for_print
from tui.row_words import listed

if TYPE_CHECKING:
    from tui.screens.base import Shell


def sheets_of(desk: Desk, receipt_ids: Iterable[UUID]) -> tuple[ReceiptSheet, ...]:
    """Return receipts as they were printed. Raises DeskError where one is not known."""
    wanted = list(dict.fromkeys(receipt_ids))
    with desk.store.read() as session:
        found = receipt_sheets(session, desk.seat.compound_id, wanted)
    if not found or len(found) < len(wanted):
        raise DeskError(Problem("receipt.none"))
    return found


def receipt_html(desk: Desk, receipts: Sequence[ReceiptSheet], *, printed: int = 0) -> str:
    """Return receipts as a page, three to a sheet. `printed` is 1 where this very print is counted in `copies` already."""
    return receipts_page(_slips(desk, receipts, printed), _payee(desk))


def _slips(desk: Desk, receipts: Sequence[ReceiptSheet], printed: int) -> list[Slip]:
    with desk.store.read() as session:
        return [Slip(one, _owner(desk, session, one), one.line.copies - printed) for one in receipts]


def _owner(desk: Desk, session: Session, sheet: ReceiptSheet) -> str:
    """Return who owned the home on the day of payment."""
    home = sheet.line.household_id
    if home is None:
        return ""
    there = residents(session, desk.seat.compound_id, [home], sheet.paid_on).get(home, ())
    return listed([one.name for one in there if one.relation == "owner"])


def _payee(desk: Desk) -> Payee:
    seat, (head, _) = desk.seat, words_for_print(desk)
    with desk.store.read() as session:
        name = ruling_of(session, seat.compound_id).payee
    above = next(iter(head.strip().splitlines()), "")
    return Payee(seat.compound, name, above, ZoneInfo(seat.zone))


def receipt_text(desk: Desk, receipt: ReceiptSheet, *, masked: bool = True) -> str:
    """Return a receipt as text: for a telephone, names masked, or whole."""
    payee, zone = _payee(desk), ZoneInfo(desk.seat.zone)
    return "\n".join(receipt_lines(receipt, payee.name or payee.compound, zone, masked=masked))


def counted(desk: Desk, receipt_ids: Sequence[UUID]) -> tuple[ReceiptSheet, ...]:
    """Keep that receipts are printed now, and return them as they stand then.

    Raises DeskError where one is not known, and where whoever acts may not print any: then nothing is counted. A print
    is a fact, which no operation would refuse.
    """
    if not desk.may(WORKERS):
        raise DeskError(Problem("receipt.only_workers"))
    sheets = sheets_of(desk, receipt_ids)
    outcomes = desk.perform_all([Intent("payment.reprint", {"receipt": str(one.line.id)}) for one in sheets])
    for outcome in outcomes:
        if outcome.refused is not None:
            raise DeskError(Problem(outcome.refused.code, params=outcome.refused.params))
    return sheets_of(desk, [one.line.id for one in sheets])


def write_receipts(desk: Desk, receipt_ids: Sequence[UUID]) -> Path:
    """Print receipts: keep that, and write the page. Raises DeskError and CannotWrite."""
    sheets = counted(desk, receipt_ids)
    return write_text(documents(), title_of(sheets), ".html", receipt_html(desk, sheets, printed=1))


def print_receipts(
    screen: Shell[Any], receipt_ids: Sequence[UUID], then: Callable[[], object] | None = None
) -> None:
    """Print receipts from a screen, and say where the page lies; then do what else follows."""
    from tui.widgets.text import Tone

    def printed(path: Path) -> None:
        screen.flash(t("chat.saved", path=path), Tone.GOOD)
        if then is not None:
            then()

    screen.tell(lambda desk: write_receipts(desk, receipt_ids), printed)


def offer_receipt(screen: Shell[Any], receipt_id: UUID, number: str) -> None:
    """Offer a receipt as text for a telephone."""
    from tui.screens.chat_text import offer_text

    def told(text: str) -> None:
        offer_text(screen, t("fee_receipt.page_one", number=number), text, one_door=True)

    screen.ask(lambda desk: receipt_text(desk, sheets_of(desk, [receipt_id])[0]), told)


# -- cash ------------------------------------------------------------------------------------


def write_hand_in(desk: Desk, hand_in_id: UUID) -> Path:
    """Write the slip of a hand-in, for whoever gave and whoever took. Raises DeskError and CannotWrite."""
    seat, (head, _) = desk.seat, words_for_print(desk)
    zone = ZoneInfo(seat.zone)
    with desk.store.read() as session:
        handed = hand_in_line(session, seat.compound_id, hand_in_id)
    if handed is None:
        raise DeskError(Problem("cash.none"))
    drawn = hand_in_page(handed, seat.compound, zone=zone, head=head)
    return write_text(documents(), cash_title(handed, zone), ".html", drawn)


def print_hand_in(screen: Shell[Any], hand_in_id: UUID) -> None:
    """Print the slip of a hand-in from a screen, and say where it lies."""
    from tui.widgets.text import Tone

    screen.ask(
        lambda desk: write_hand_in(desk, hand_in_id),
        lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD),
    )
