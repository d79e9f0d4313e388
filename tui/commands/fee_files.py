"""`linli import bill-file` and `linli import fee-history`: what platforms and property offices hand out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.fees.carrying import Carried, carry_out, one_by_one
from models.fees.past import MERE_NOTES, PastPlan, plan_past
from models.fees.reconciling import Compared, Proposed, bringing, compare, for_file, proposals
from models.fees.reconciling_taking import taking_all
from models.files.fee_history import read_fee_history
from models.files.money_files.reading import read_money_file
from tui import words
from tui.cli import DONE, REJECTED
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.commands.files import as_json, tell_problems
from tui.desk import Desk
from tui.fee_row_words import platform_word, reason_text, reasons_text
from tui.fee_words import direction_word, sum_text
from tui.i18n import t

_BEST = 100


def import_bill_file(options: argparse.Namespace) -> int:
    """Bring a platform's bill in and say whose each row is; with --dry-run only say so."""
    lowest = options.accept_from
    if lowest is not None and not 0 < lowest <= _BEST:
        raise UsageError(t("cli.accept_from_range"))
    path = Path(options.file).expanduser()
    with desk_for(options) as desk:
        compound_id, today = desk.seat.compound_id, desk.today()
        file = read_money_file(path)
        with desk.store.read() as session:
            found = compare(session, compound_id, file, path.name)
            told, _ = for_file(session, compound_id, found, today=today)
        accepted, carried = 0, Carried(0, 0)
        if not options.dry_run:
            carried = carry_out(desk.store, bringing(found), desk.acting())
            if lowest is not None and carried.refused is None:
                carried, accepted = _accept(desk, {one.id for one in told}, lowest)
    nothing_read = not found.rows and bool(found.problems)
    if options.json:
        emit(
            {
                "platform": None if found.platform is None else found.platform.value,
                "rows": [_row(one, found) for one in told],
                "new": len(found.new),
                "known": len(found.old),
                "accepted": accepted,
                "problems": as_json(found.problems),
            }
        )
    else:
        _tell(found, told, accepted, dry=options.dry_run)
    if not options.json or nothing_read:
        tell_problems(found.problems)
    return _status(carried, nothing_read=nothing_read)


def _accept(desk: Desk, rows: set[Any], lowest: int) -> tuple[Carried, int]:
    """Take the rows of this file that are as sure as asked for."""
    with desk.store.read() as session:
        waiting, _ = proposals(session, desk.seat.compound_id, today=desk.today())
    sure = [one for one in waiting if one.id in rows and one.is_sure(lowest)]
    carried = carry_out(desk.store, one_by_one(taking_all(sure)), desk.acting())
    return carried, carried.rows


def _row(one: Proposed, found: Compared) -> dict[str, Any]:
    row, known = one.row, found.known.get(one.row.key)
    return {
        "line": row.row,
        "order_no": row.order_no,
        "direction": row.direction.value,
        "fen": row.fen,
        "at": row.at.isoformat(),
        "state": "new" if known is None else known.state,
        "household": one.code or None,
        "payment": None if one.proposal.payment_id is None else str(one.proposal.payment_id),
        "score": one.proposal.score,
        "reasons": [{"code": reason.code, "message": reason_text(reason)} for reason in one.proposal.reasons],
    }


def _tell(found: Compared, told: Sequence[Proposed], accepted: int, *, dry: bool) -> None:
    if found.platform is None:
        return
    counts = {"platform": platform_word(found.platform.value), "new": len(found.new), "known": len(found.old)}
    say(t("cli.bill_file_dry" if dry else "cli.bill_file_done", **counts))
    for one in told:
        parts = (
            f"{one.row.at:%Y-%m-%d %H:%M}",
            direction_word(one.row.direction.value),
            sum_text(one.row.fen),
            one.code or "—",
            str(one.proposal.score),
            reasons_text(one.proposal.reasons),
        )
        say("  " + "  ".join(parts))
    if accepted:
        say(t("cli.bill_file_accepted", n=accepted))


def import_fee_history(options: argparse.Namespace) -> int:
    """Bring bills of the past in with what was paid on them; with --dry-run say what that would do."""
    path = Path(options.file).expanduser()
    with desk_for(options) as desk:
        said = read_fee_history(path)
        with desk.store.read() as session:
            plan = plan_past(session, desk.seat.compound_id, said.rows, said.problems, acting=desk.acting())
        carried = Carried(0, 0)
        if not options.dry_run:
            carried = carry_out(desk.store, plan.groups, desk.acting())
    nothing_read = not plan.lines and any(problem.code not in MERE_NOTES for problem in plan.problems)
    if options.json:
        emit(_past_as_json(plan))
    else:
        _tell_past(plan, dry=options.dry_run)
    if not options.json or nothing_read:
        tell_problems(plan.problems)
    return _status(carried, nothing_read=nothing_read)


def _past_as_json(plan: PastPlan) -> dict[str, Any]:
    return {
        "added": plan.added,
        "changed": 0,
        "unchanged": plan.unchanged,
        "bills": plan.bills,
        "payments": plan.payments,
        "owed_fen": plan.owed_fen,
        "credit_fen": plan.credit_fen,
        "items": [item.name for item in plan.items],
        "problems": as_json(plan.problems),
    }


def _tell_past(plan: PastPlan, *, dry: bool) -> None:
    counts = {
        "added": plan.added,
        "unchanged": plan.unchanged,
        "bills": plan.bills,
        "payments": plan.payments,
    }
    sums = {"owed": sum_text(plan.owed_fen), "credit": sum_text(plan.credit_fen)}
    say(t("cli.past_dry" if dry else "cli.past_done", **counts, **sums))
    if plan.items:
        say(t("cli.past_items", names="、".join(item.name for item in plan.items)))


def _status(carried: Carried, *, nothing_read: bool) -> int:
    if carried.refused is not None:
        warn(words.refusal_text(carried.refused))
        return REJECTED
    return REJECTED if nothing_read else DONE
