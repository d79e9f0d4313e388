"""A platform's bill: choose it, be told whose it is and what is new in it, bring its rows in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from models.fees.queries import ruling_of
from models.fees.reconciling import Compared, Proposed, bringing, compare, for_file
from models.files.money_files.reading import read_money_file
from models.files.problem_codes import WARNING_CODES
from models.operations.roles import WORKERS
from tui.desk import Desk
from tui.fee_row_words import platform_word, reasons_text
from tui.fee_words import row_state_word, sum_text
from tui.i18n import t
from tui.screens.fees.import_file import FeeFile
from tui.screens.fees.import_preview import FilePreview, Made, Offer, Part, problem_part
from tui.screens.fees.reconcile_rows import detail_text, score_mark, when_text
from tui.screens.register.import_plan import Unreadable
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone


class BillPreview(FilePreview):
    """What a bill's file holds."""

    ROOM: ClassVar[str] = "bill_preview"


class BillFile(FeeFile):
    """Bills' files on this computer."""

    ROOM: ClassVar[str] = "reconcile_file"
    CHOOSE: ClassVar[str] = "fee_import.choose_bill"
    PREVIEW: ClassVar[type[FilePreview]] = BillPreview

    def look_at(self, desk: Desk, path: Path) -> Offer | Unreadable:
        compound_id = desk.seat.compound_id
        file = read_money_file(path)
        with desk.store.read() as session:
            found = compare(session, compound_id, file, path.name)
            if found.platform is None or not found.rows:
                return Unreadable(found.problems)
            told, _ = for_file(session, compound_id, found, today=desk.today())
            score = ruling_of(session, compound_id).bulk_score
        return _offer(found, told, score, may=desk.may(WORKERS))


def _offer(found: Compared, told: Sequence[Proposed], score: int, *, may: bool) -> Offer:
    platform = platform_word(str(found.platform))
    if found.new:
        counts = {"new": len(found.new), "known": len(found.old), "wrong": len(found.problems)}
        said = Mark("○", t("fee_import.looked_at", platform=platform, **counts))
    else:
        said = Mark("√", t("fee_import.nothing_new", platform=platform, known=len(found.old)), Tone.GOOD)
    columns = (
        Column(t("fee_import.line"), 6, priority=4, align="right"),
        Column(t("reconcile.when"), 11, priority=6),
        Column(t("reconcile.amount"), 11, priority=9, align="right"),
        Column(t("reconcile.payer"), 10, priority=7),
        Column(t("reconcile.door"), 10, priority=8),
    )
    score_column = Column(t("reconcile.score"), 6, priority=8)
    why = Column(t("reconcile.why"), 12, priority=8, grow=True)
    by_id = {str(one.row.row): one for one in told}
    new = [one for one in told if one.row.key not in found.known]
    old = [one for one in told if one.row.key in found.known]

    def detail(row_id: str) -> str:
        return detail_text(by_id[row_id])

    def new_row(place: int) -> RowView:
        one = new[place]
        return RowView(
            str(one.row.row), (*_head(one), score_mark(one, score), reasons_text(one.proposal.reasons))
        )

    def old_row(place: int) -> RowView:
        one = old[place]
        return RowView(str(one.row.row), (*_head(one), row_state_word(found.known[one.row.key].state)))

    state = Column(t("fee_import.state"), 10, priority=8, grow=True)
    return Offer(
        said=said,
        parts=(
            Part(
                "new",
                t("fee_import.new"),
                t("fee_import.none_new"),
                (*columns, score_column, why),
                Made(len(new), new_row),
                detail,
            ),
            Part(
                "known",
                t("fee_import.known"),
                t("fee_import.none_known"),
                (*columns, state),
                Made(len(old), old_row),
                detail,
            ),
            problem_part(found.problems, WARNING_CODES),
        ),
        verb=t("fee_import.do_rows", n=len(found.new)) if found.new else "",
        groups=lambda: bringing(found),
        done=lambda rows: t("fee_import.done_rows", n=rows),
        why_not="" if may else t("reconcile.workers_only"),
    )


def _head(one: Proposed) -> tuple[str, ...]:
    row = one.row
    return str(row.row), when_text(row.at), sum_text(row.fen), row.party, one.code
