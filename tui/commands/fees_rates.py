"""Collection rates from the command line."""

from __future__ import annotations

import argparse
from typing import Any, Final

from models.fees.periods import Period
from models.fees.queries import ruling_of
from models.fees.queries_rates import By, Rates, latest_period, rates, trend
from models.fees.rates import Tally
from models.fees.rules import WHOLE
from models.problems import Problem
from tui import fee_rates_words as words
from tui.cli import DONE
from tui.commands.console import desk_for, emit, say
from tui.commands.fees import named_period
from tui.desk import DeskError
from tui.fee_words import sum_text
from tui.i18n import t

_TRAIL: Final = 12


def tell(options: argparse.Namespace) -> int:
    """Tell the rates of a period, of all of it and broken down, and how they went."""
    by = By(options.by)
    with desk_for(options) as desk, desk.store.read() as session:
        compound_id, today = desk.seat.compound_id, desk.today()
        named = named_period(options.period) if options.period else latest_period(session, compound_id, today)
        if named is None:
            raise DeskError(Problem("fee.nothing_billed"))
        found = rates(session, compound_id, named, by=by, today=today)
        trail = trend(session, compound_id, named, _TRAIL)
        target = ruling_of(session, compound_id).target_ppm
    if options.json:
        emit(_as_json(found, by, trail, target))
        return DONE
    total = found.total
    fen, doors = total.missing(target)
    say(words.period_text(found.period))
    for name in ("rate", "household_rate", "clearance_rate"):
        say(f"  {t(f'rates.{name}')}  {words.percent_text(getattr(total, name))}")
    reached = not fen and not doors
    say(
        "  "
        + (
            t("rates.reached", target=words.target_text(target))
            if reached
            else t("rates.missing", target=words.target_text(target), fen=sum_text(fen), n=doors)
        )
    )
    for line in found.lines:
        of = t("rates.of_sum", some=sum_text(line.tally.received_fen), all=sum_text(line.tally.billed_fen))
        say(f"  {words.line_name(line, by)}  {words.percent_text(line.tally.rate)}  {of}")
    return DONE


def _as_json(found: Rates, by: By, trail: tuple[tuple[Period, Tally], ...], target: int) -> dict[str, Any]:
    fen, doors = found.total.missing(target)
    return {
        "period": found.period.name,
        "from": found.period.first.isoformat(),
        "until": found.period.end.isoformat(),
        **_tally(found.total),
        "target": target / WHOLE,
        "missing_fen": fen,
        "missing_households": doors,
        "by": by.value,
        "lines": [
            {"id": None if line.key is None else str(line.key), "name": line.name, **_tally(line.tally)}
            for line in found.lines
        ],
        "trend": [{"period": period.name, **_tally(tally)} for period, tally in trail],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    """Return sums in fen and rates as parts of one; of nothing there is no rate."""
    return {
        "billed_fen": tally.billed_fen,
        "received_fen": tally.received_fen,
        "rate": _part(tally.rate),
        "households": tally.doors,
        "households_paid": tally.doors_paid,
        "household_rate": _part(tally.household_rate),
        "recovered_fen": tally.recovered_fen,
        "old_arrears_fen": tally.old_fen,
        "clearance_rate": _part(tally.clearance_rate),
    }


def _part(ppm: int | None) -> float | None:
    return None if ppm is None else ppm / WHOLE
