"""Who did what, when and on which laptop, for a terminal or a script."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.operations import changes, naming
from models.operations.change_lines import ChangeLine
from models.operations.changes import Wanted
from models.operations.one_change import history_of
from models.operations.resolve import find_row
from models.problems import Problem
from models.replication import lists
from models.replication.links import link_of
from tui.change_words import AREAS, area_word, kinds_meant, kinds_of, meant, state_of, who, whole
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.desk import Desk, DeskError
from tui.i18n import t


def show_changes(options: argparse.Namespace) -> int:
    """Print what was done, newest first, or one row's whole history."""
    limit = _limit(options.limit)
    with desk_for(options) as desk, desk.store.read() as session:
        compound_id = desk.seat.compound_id
        laptops = lists.names_of_laptops(lists.device_views(session, compound_id))
        if options.row is not None:
            ids = _row(desk, session, options.row)
            lines = changes.page_history(session, compound_id, ids, limit=limit)
            count = changes.count_history(session, compound_id, ids)
        else:
            wanted = _wanted(desk, session, options, laptops)
            lines = changes.page_changes(session, compound_id, wanted, limit=limit)
            count = changes.count_changes(session, compound_id, wanted)
        names = naming.names_for(session, compound_id, lines)
        linked = link_of(session, compound_id) is not None
        zone = ZoneInfo(desk.seat.zone)
        for line in lines:
            told = _told(line, names, laptops, zone, linked=linked)
            if options.json:
                emit(told)
            else:
                say("  ".join([told["at"][:16].replace("T", " "), told["who"], told["what"], _tail(told)]))
        warn(t("cli.rows", n=count))
    return DONE


def _tail(told: dict[str, Any]) -> str:
    return f"[{' · '.join(part for part in (told['laptop'], t('changes.state.' + told['state'])) if part)}]"


def _told(
    line: ChangeLine,
    names: naming.Names,
    laptops: dict[UUID, str],
    zone: ZoneInfo,
    *,
    linked: bool,
) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "change": str(line.change_id),
        "at": line.at.astimezone(zone).isoformat(),
        "happened_at": line.happened_at.astimezone(zone).isoformat(),
        "who": who(line),
        "doer_id": str(line.doer_id),
        "recorder_id": str(line.recorder_id),
        "kind": line.kind,
        "what": whole(line, names),
        "operations": line.more + 1,
        "laptop": laptops.get(line.device_id, ""),
        "device_id": str(line.device_id),
        "state": state_of(line, linked=linked),
    }


def _wanted(desk: Desk, session: Session, options: argparse.Namespace, laptops: dict[UUID, str]) -> Wanted:
    zone = ZoneInfo(desk.seat.zone)
    person = None
    if options.who is not None:
        found = find_row(session, desk.seat.compound_id, "person", options.who)
        if isinstance(found, Problem):
            raise DeskError(found)
        person = found
    return Wanted(
        words=tuple(
            meant(session, desk.seat.compound_id, word, laptops) for word in (options.search or "").split()
        ),
        person=person,
        kinds=None if options.kind is None else _kinds(options.kind),
        since=None if options.since is None else _midnight(options.since, zone),
        until=None if options.until is None else _midnight(options.until, zone, days=1),
    )


def _kinds(text: str) -> frozenset[str]:
    """Return the kinds that a kind's own name, an area of work or a part of their words stands for."""
    area = next((one for one in AREAS if text in {one, area_word(one)}), None)
    return kinds_of(area) if area is not None else kinds_meant(text.casefold()) or frozenset({text})


def _midnight(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), zone)
    except (ValueError, OverflowError) as error:
        raise UsageError(t("changes.wrong_day", text=text)) from error


def _row(desk: Desk, session: Session, text: str) -> Sequence[UUID]:
    table, colon, code = text.partition(":")
    if not colon or not code.strip():
        raise UsageError(t("changes.wrong_reference"))
    found = find_row(session, desk.seat.compound_id, table.strip(), code.strip())
    if isinstance(found, Problem):
        raise DeskError(found)
    return sorted(history_of(session, desk.seat.compound_id, table.strip(), found).ids)


def _limit(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(t("changes.wrong_limit"))
    return int(text)
