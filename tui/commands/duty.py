"""A fair roster from the command line: made, published, explained, and its months settled."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from threading import Event
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.queries_found import people_of
from models.duty.drafting import publish_intents, settle_intents
from models.duty.finders import named_day as day_in
from models.duty.queries import shifts_by_id
from models.duty.queries_settling import settled_from
from models.operations.envelope import Intent
from models.operations.roles import LEADERS
from models.problems import Problem
from tui import edge
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.commands.handing import named_day, named_row
from tui.commands.operations import show
from tui.desk import Desk, DeskError
from tui.duty_words import shift_title
from tui.i18n import t
from tui.roster_out import gap_json, gap_lines, made_json, made_lines, owed_text, pair_json, pair_lines
from tui.screens.duty.generate_store import Search, Wish, reasons, save
from tui.screens.duty.why_store import Standing, ask_gap, ask_why, ask_why_not, stand

#: Of more days than this no roster is made at a time.
_LONGEST: Final = timedelta(days=190)
_MOST_SECONDS: Final = 3600
_NEVER: Final = Event()


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli duty` alone says what can be done."""
    raise UsageError(t("cli.duty_what"))


def generate(options: argparse.Namespace) -> int:
    """Make the roster of some days, and let it stand as the committee's draft."""
    first, last = _days(options)
    if not 1 <= options.seconds <= _MOST_SECONDS:
        raise UsageError(t("cli.duty_seconds", most=_MOST_SECONDS))
    with desk_for(options) as desk:
        _require_leader(desk)
        sick = None if options.sick is None else (named_row(desk, "person", options.sick), first, last)
        began = edge.ticks()
        made = Search(Wish(first, last, options.seconds, keep=options.keep or sick is not None, sick=sick))(
            desk
        )
        seconds = edge.ticks() - began
        why = reasons(desk, made, _NEVER) if made.roster.gaps else None
        outcomes = [] if options.dry_run else save(desk, made)
    refused = next((one for one in outcomes if one.refused is not None), None)
    if refused is not None:
        return show(refused)
    if options.json:
        emit(made_json(made, why, seconds=seconds, saved=bool(outcomes)))
    else:
        _say(made_lines(made, why))
        warn(
            t("cli.duty_saved")
            if outcomes
            else t("cli.duty_dry" if options.dry_run else "cli.duty_as_it_was")
        )
    return DONE


def _refused(desk: Desk, intents: Sequence[Intent]) -> int:
    """Perform a group; return the status when it was refused, with what was said, and 0 when it was done."""
    outcome = desk.perform(*intents)
    return DONE if outcome.refused is None else show(outcome)


def publish(options: argparse.Namespace) -> int:
    """Make the draft of some days everybody's."""
    first, last = _days(options)
    with desk_for(options) as desk:
        with desk.store.read() as session:
            intents = publish_intents(session, desk.seat.compound_id, first, last)
        if intents and (status := _refused(desk, intents)):
            return status
    told = {
        name: sum(len(one.payload[name]) for one in intents) for name in ("shifts", "assignments", "leaving")
    }
    if options.json:
        emit({"from": first.isoformat(), "to": last.isoformat(), **told})
    else:
        say(t("cli.duty_published", **told) if intents else t("cli.duty_nothing_to_publish"))
    return DONE


def settle(options: argparse.Namespace) -> int:
    """Carry what everybody owes over the end of a month."""
    month = _month(options.month)
    with desk_for(options) as desk:
        now = edge.clock()
        with desk.store.read() as session:
            over = settled_from(session, desk.seat.compound_id, month)
            if now < over:
                at = over.astimezone(ZoneInfo(desk.seat.zone))
                raise DeskError(
                    Problem(
                        "duty.month_runs", params={"name": f"{month:%Y-%m}", "at": f"{at:%Y-%m-%d %H:%M}"}
                    )
                )
            intents = settle_intents(session, desk.seat.compound_id, month, now=now)
            names = _names(desk, intents)
        if intents and (status := _refused(desk, intents)):
            return status
    lines = [
        line for one in intents if one.payload["month"] == month.isoformat() for line in one.payload["lines"]
    ]
    if options.json:
        emit({"month": f"{month:%Y-%m}", "people": [_settled(line, names) for line in lines]})
        return DONE
    for line in sorted(lines, key=lambda line: -line["owed"]):
        owed = owed_text(line["owed"])
        say(t("cli.duty_owes", person=names[line["person"]], owed=owed))
    said = t("cli.duty_settled", n=len(lines), name=f"{month:%Y-%m}") if lines else ""
    warn(said or t("cli.duty_nothing_to_settle", name=f"{month:%Y-%m}"))
    return DONE


def _settled(line: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {"person": names[line["person"]], "person_id": line["person"], **{
        name: line.get(name, 0) for name in ("before", "fair", "done", "missed", "owed")
    }}  # fmt: skip


def _names(desk: Desk, intents: Sequence[Intent]) -> dict[str, str]:
    """Return the names of the people of settled lines, by their ids as the lines have them."""
    wanted = {UUID(line["person"]) for one in intents for line in one.payload["lines"]}
    with desk.store.read() as session:
        found = people_of(session, desk.seat.compound_id, sorted(wanted), today=desk.today())
    return {str(one.id): one.name for one in found}


def why(options: argparse.Namespace) -> int:
    """Tell why somebody is on a shift or is not, or, where nobody is named, why it lacks somebody."""
    person, shift = _asked(options.words)
    with desk_for(options) as desk:
        shift_id = named_row(desk, "shift", shift)
        person_id = None if person is None else named_row(desk, "person", person)
        with desk.store.read() as session:
            line = shifts_by_id(session, desk.seat.compound_id, [shift_id], now=edge.clock())[shift_id]
        if line.called_off or line.starts_at <= edge.clock():
            raise DeskError(Problem("duty.shift_past", params={"shift": shift_title(line)}))
        if person_id is None:
            _tell_gap(desk, options, line.day, shift_id)
        else:
            _tell_pair(desk, options, line.day, (shift_id, person_id))
    return DONE


def _tell_gap(desk: Desk, options: argparse.Namespace, day: date, shift_id: UUID) -> None:
    asked = ask_gap(desk, day, shift_id, _NEVER.is_set)
    _require_known(asked.standing, shift_id)
    if options.json:
        emit(gap_json(asked, shift_id))
    else:
        _say(gap_lines(asked, shift_id))


def _tell_pair(desk: Desk, options: argparse.Namespace, day: date, pair: tuple[UUID, UUID]) -> None:
    standing = stand(desk, day)
    _require_known(standing, pair[0])
    on = pair in standing.roster.pairs
    asked = (ask_why if on else ask_why_not)(desk, day, pair, _NEVER.is_set)
    if options.json:
        emit(pair_json(asked, pair, on=on))
    else:
        _say(pair_lines(asked, pair, on=on))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _asked(words: Sequence[str]) -> tuple[str | None, str]:
    """Return the person, if one is named, and the shift: a name in front of the day, or nothing before it."""
    whole = " ".join(words)
    if day_in(words[0])[0] is not None:
        return None, whole
    shift = " ".join(words[1:])
    if day_in(shift)[0] is None:
        raise UsageError(t("cli.duty_why_form", text=whole))
    return words[0], shift


def _require_known(standing: Standing, shift_id: UUID) -> None:
    """Let nobody ask about a draft who is not to see it."""
    if all(slot.id != shift_id for slot in standing.problem.slots):
        raise DeskError(
            Problem("reference.unknown", params={"table": "shift", "text": str(shift_id), "n": 0})
        )


def _require_leader(desk: Desk) -> None:
    if not desk.may(LEADERS):
        raise DeskError(Problem("duty.leaders_only"))


def _days(options: argparse.Namespace) -> tuple[date, date]:
    """Return the days asked for, both included."""
    first, last = named_day(options.since), named_day(options.until)
    if first > last:
        raise UsageError(t("cli.report_backwards", since=first, last=last))
    if last - first >= _LONGEST:
        raise UsageError(t("cli.duty_long", n=_LONGEST.days))
    return first, last


def _month(text: str) -> date:
    try:
        return named_day(f"{text}-01")
    except UsageError as error:
        raise UsageError(t("cli.duty_wrong_month", text=text)) from error
