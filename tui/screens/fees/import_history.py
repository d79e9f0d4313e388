"""Bills of the past: choose a list, look at what it comes to, bring it in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from models.fees.derivation import Formula
from models.fees.operations import TREASURERS
from models.fees.past import MERE_NOTES, PastLine, PastPlan, plan_past
from models.files.fee_history import read_fee_history
from models.files.problem_codes import WARNING_CODES
from models.problems import Problem
from tui.desk import Desk
from tui.fee_words import cycle_word, formula_word, span_text, sum_text
from tui.i18n import t
from tui.screens.fees.import_file import FeeFile
from tui.screens.fees.import_preview import FilePreview, Made, Offer, Part, problem_part
from tui.screens.register.import_plan import Unreadable
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone


class HistoryPreview(FilePreview):
    """What a list of past bills comes to."""

    ROOM: ClassVar[str] = "fee_history_preview"


class FeeHistory(FeeFile):
    """Lists of past bills on this computer."""

    ROOM: ClassVar[str] = "fee_history"
    CHOOSE: ClassVar[str] = "fee_import.choose_past"
    PREVIEW: ClassVar[type[FilePreview]] = HistoryPreview

    def look_at(self, desk: Desk, path: Path) -> Offer | Unreadable:
        said = read_fee_history(path)
        if not said.rows:
            return Unreadable(said.problems or (Problem("file.no_rows", params={"name": path.name}),))
        with desk.store.read() as session:
            plan = plan_past(session, desk.seat.compound_id, said.rows, said.problems, acting=desk.acting())
        return _offer(plan, may=desk.may(TREASURERS))


def _offer(plan: PastPlan, *, may: bool) -> Offer:
    if plan.groups:
        counts = {"added": plan.added, "bills": plan.bills, "payments": plan.payments}
        sums = {"owed": sum_text(plan.owed_fen), "credit": sum_text(plan.credit_fen)}
        said = Mark("○", t("fee_import.past_looked_at", **counts, **sums))
    else:
        said = Mark("√", t("fee_import.past_nothing", unchanged=plan.unchanged), Tone.GOOD)
    columns = (
        Column(t("reconcile.door"), 10, priority=9),
        Column(t("fee_import.item"), 10, priority=8, grow=True),
        Column(t("fee_import.period"), 12, priority=8, grow=True),
        Column(t("fee_import.billed"), 10, priority=7, align="right"),
        Column(t("fee_import.received"), 10, priority=7, align="right"),
        Column(t("fee_import.line"), 5, priority=3, align="right"),
        Column(t("fee_import.left"), 14, priority=9),
    )
    added, known = (_rows([line for line in plan.lines if line.adds is adds]) for adds in (True, False))
    lines = {str(line.line): line for line in plan.lines}

    def detail(row_id: str) -> str:
        return _detail(lines[row_id])

    items = tuple(
        RowView(
            str(item.id),
            (item.name, formula_word(Formula.FIXED.value), cycle_word(item.cycle), str(item.line)),
        )
        for item in plan.items
    )
    of_items = (
        Column(t("fee_import.item"), 20, priority=9, grow=True),
        Column(t("fee_import.formula"), 16, priority=8),
        Column(t("fee_import.cycle"), 8, priority=7),
        Column(t("fee_import.first_line"), 13, priority=5, align="right"),
    )
    return Offer(
        said=said,
        parts=(
            Part("added", t("fee_import.bills"), t("fee_import.none_new"), columns, added, detail),
            Part("known", t("fee_import.known"), t("fee_import.none_known"), columns, known, detail),
            problem_part(plan.problems, MERE_NOTES | WARNING_CODES),
            Part("items", t("fee_import.items"), t("fee_import.none_items"), of_items, items),
        ),
        verb=t("fee_import.do_rows", n=plan.added) if plan.groups else "",
        groups=lambda: plan.groups,
        done=lambda _rows: t("fee_import.done_lines", n=plan.added),
        why_not="" if may else t("fee_import.treasurer_only"),
    )


def _rows(lines: Sequence[PastLine]) -> Made:
    return Made(len(lines), lambda place: _row(lines[place]))


def _detail(line: PastLine) -> str:
    sums = {"billed": sum_text(line.due_fen), "received": sum_text(line.paid_fen)}
    return t("fee_import.detail", line=line.line, **sums)


def _row(line: PastLine) -> RowView:
    left = line.due_fen - line.paid_fen
    if left > 0:
        mark = Mark("▲", t("fee_import.owed", sum=sum_text(left)), Tone.WARN)
    elif left < 0:
        mark = Mark("+", t("fee_import.credit", sum=sum_text(-left)), Tone.INFO)
    else:
        mark = Mark("√", t("fee_import.paid_whole"), Tone.GOOD)
    cells = (
        line.code,
        line.item,
        span_text(line.since, line.until),
        sum_text(line.due_fen),
        sum_text(line.paid_fen),
        str(line.line),
        mark,
    )
    return RowView(str(line.line), cells)
