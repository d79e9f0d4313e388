"""Billing from the command line: what a period comes to, and its bills."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from models.fees.billing import Oddity, Run, RunLine, draw_up
from models.fees.billing_intents import issue_intents
from models.fees.periods import Period, period_of
from models.fees.queries_billing import billing_ground
from models.operations.envelope import Intent
from tui import edge
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.commands.handing import named_row
from tui.commands.operations import show
from tui.desk import Desk
from tui.fee_billing_words import line_text, odd_counts, odd_line, summary
from tui.i18n import t


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli fees` alone says what can be done."""
    raise UsageError(t("cli.fees_what"))


def bill(options: argparse.Namespace) -> int:
    """Bill a period: everything that is not billed yet, or with --dry-run only say what that is."""
    period = named_period(options.period)
    with desk_for(options) as desk:
        run = _drawn(desk, options, period)
        intents: list[Intent] = [] if options.dry_run else issue_intents(run, run.lines, edge.new_id)
        outcome = desk.perform(*intents) if intents else None
    if outcome is not None and outcome.refused is not None:
        return show(outcome)
    if options.json:
        emit(
            run_json(run)
            | {"issued": outcome is not None, "run": intents[0].payload["run"] if intents else None}
        )
        return DONE
    for one in run.oddities:
        say(odd_line(one))
    if options.dry_run:
        for line in run.lines:
            say(line_text(line))
    say(summary(run, run.lines))
    for text in odd_counts(run):
        say(f"  {text}")
    if not run.lines:
        warn(t("cli.fees_nothing"))
    else:
        warn(t("cli.fees_dry" if options.dry_run else "cli.fees_issued", n=len(run.lines)))
    return DONE


def named_period(text: str) -> Period:
    """Return the period that somebody names."""
    try:
        return period_of(text)
    except ValueError as error:
        raise UsageError(t("cli.fees_period", text=text)) from error


def _drawn(desk: Desk, options: argparse.Namespace, period: Period) -> Run:
    narrowed: dict[str, list[UUID]] = {}
    for table, names in (
        ("building", options.building),
        ("charge_item", options.item),
        ("household", options.household),
    ):
        narrowed[table] = [named_row(desk, table, name) for name in names]
    with desk.store.read() as session:
        ground = billing_ground(
            session,
            desk.seat.compound_id,
            period,
            today=desk.today(),
            buildings=narrowed["building"],
            items=narrowed["charge_item"],
            households=narrowed["household"],
        )
    return draw_up(ground, period)


# -- as JSON -----------------------------------------------------------------------------


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as a script reads it. `until` is the first day that is not billed any more."""
    return {
        "period": run.period.name,
        "since": run.period.first.isoformat(),
        "until": run.period.end.isoformat(),
        "bills": len(run.lines),
        "households": run.doors,
        "gross_fen": sum(line.gross_fen for line in run.lines),
        "discount_fen": run.discount_fen,
        "amount_fen": run.amount_fen,
        "billed": run.billed,
        "lines": [_line_json(line) for line in run.lines],
        "oddities": [_odd_json(one) for one in run.oddities],
    }


def _line_json(line: RunLine) -> dict[str, Any]:
    return {
        "household": line.door,
        "household_id": str(line.place.household_id),
        "item": line.item,
        "item_id": str(line.place.item_id),
        "kind": line.kind.value,
        "of_id": None if line.of_id is None else str(line.of_id),
        "since": line.since.isoformat(),
        "until": line.until.isoformat(),
        "gross_fen": line.gross_fen,
        "discount_fen": line.discount_fen,
        "amount_fen": line.amount_fen,
        "due_on": line.due_on.isoformat(),
        "odd": list(line.odd),
        "sums": dict(line.sums),
    }


def _odd_json(one: Oddity) -> dict[str, Any]:
    return {
        "code": one.code,
        "hinders": one.hinders,
        "household": one.door or None,
        "item": one.item,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        **one.params,
    }
