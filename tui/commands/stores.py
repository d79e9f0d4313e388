"""Making a store, and looking after one."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rich.cells import cell_len

from tui import edge, words
from tui.cli import DONE, REJECTED, USAGE
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.i18n import t


def init(options: argparse.Namespace) -> int:
    """Make a store with a compound in it; with --demo, the demo compound."""
    if options.demo:
        return _init_demo(options)
    if not (options.compound or "").strip():
        raise UsageError(t("cli.init_needs_name"))
    from tui.desk import Desk

    # A person and a compound are named here to be made, not to be found.
    desk = Desk(edge.store_path(options.store))
    try:
        try:
            desk.open()
        except Exception as error:
            if getattr(getattr(error, "problem", None), "code", "") != "compound.several":
                raise
        from models.community.queries import compounds

        with desk.store.read() as session:
            if any(view.name == options.compound for view in compounds(session)):
                warn(t("cli.init_exists", name=options.compound, path=desk.path))
                return REJECTED
        outcome = desk.found(options.compound, options.person or "")
        if outcome.refused is not None:
            warn(words.refusal_text(outcome.refused))
            return REJECTED
        if options.json:
            emit(
                {
                    "store": str(desk.path),
                    "compound": desk.seat.compound,
                    "compound_id": str(desk.seat.compound_id),
                }
            )
        else:
            say(t("cli.init_done", name=desk.seat.compound, path=desk.path))
        return DONE
    finally:
        desk.close()


def _init_demo(options: argparse.Namespace) -> int:
    from models.demo import make_demo
    from tui.desk import Desk

    path = edge.store_path(options.store)
    desk = Desk(path)
    try:
        desk.open()
        if desk.has_seat:
            warn(t("cli.demo_exists", path=path))
            return REJECTED
        make_demo(desk.store, clock=edge.clock, new_id=edge.new_id)
        desk.sit()
        if options.json:
            emit(
                {
                    "store": str(path),
                    "compound": desk.seat.compound,
                    "compound_id": str(desk.seat.compound_id),
                }
            )
        else:
            say(t("cli.init_done", name=desk.seat.compound, path=path))
        return DONE
    finally:
        desk.close()


def doctor(options: argparse.Namespace) -> int:
    """Say where the store is, whether it is whole, and what it holds."""
    path = edge.store_path(options.store)
    if not path.exists():
        warn(t("cli.doctor_none", path=path))
        return USAGE
    from models.health import examine

    with desk_for(options) as desk:
        health = examine(desk.store)
    findings: dict[str, Any] = {
        "store": str(path),
        "schema": health.schema,
        "integrity": health.integrity,
        "dangling": health.dangling,
        "sqlite": health.version,
        "python": sys.version.split()[0],
        "bytes": health.size,
        "counts": dict(health.counts),
    }
    if options.json:
        emit(findings)
    else:
        say(t("cli.doctor_store", path=path, kib=health.size // 1024))
        say(t("cli.doctor_schema", schema=health.schema, sqlite=health.version))
        say(t("cli.doctor_whole") if health.whole else t("cli.doctor_broken", finding=health.integrity))
        for table, n in health.counts.items():
            name = t(f"table.{table}")
            say(f"  {name}{' ' * max(1, 20 - cell_len(name))} {n:>8}")
    return DONE if health.whole else REJECTED
