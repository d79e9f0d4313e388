"""A laptop and its server, from the command line."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlmodel import Session

from models.community.chosen import remember_compound
from models.community.tables import Compound
from models.operations.registry import load_kinds
from models.problems import Problem
from models.replication import identity, joining, links
from models.store import Store, open_store
from sync import enrolling, rounds
from sync.client import SyncError
from tui import edge
from tui.cli import DONE, REJECTED
from tui.commands.console import emit, say, warn
from tui.desk import Desk, DeskError
from tui.i18n import t
from tui.syncing import here_of
from tui.words import refusal_text, sync_text


@contextmanager
def _store(options: argparse.Namespace, *, make: bool) -> Iterator[Store]:
    path = edge.store_path(options.store)
    if not make and not path.exists():
        raise DeskError(Problem("compound.none", params={"path": str(path)}))
    load_kinds()
    store = open_store(path, new_id=edge.new_id)
    try:
        yield store
    finally:
        store.close()


def enrol(options: argparse.Namespace) -> int:
    """Enrol this laptop in a compound of a server, and fetch everything there is."""
    with _store(options, make=True) as store:
        here = here_of(store)
        with store.read() as session:
            own = _own(session, options.compound)
            name = options.name or identity.name_of(session) or edge.laptop_name()
        offer = enrolling.look(here, options.url, options.code, own=own)
        if options.dry_run:
            _show_offer(options, offer)
            return DONE
        done = enrolling.enrol(here, offer, name=name, version=version("linli"))
        with store.write() as session:
            identity.call(session, name)
            remember_compound(session, done.compound_id)
        report = _round(store, done.compound_id, progress=None if options.json else _progress)
        result: dict[str, Any] = {
            "compound": offer.own_name if done.adopted else offer.name,
            "compound_id": str(done.compound_id),
            "adopted": done.adopted,
            "pushed": report.pushed,
            "pulled": report.pulled,
            "joined": None,
        }
        status = DONE
        if not options.json:
            key = "cli.adopted" if done.adopted else "cli.enrolled"
            say(t(key, name=result["compound"], n=report.pulled))
        if offer.joins and offer.own is not None:
            status = _join(options, store, (offer.own, offer.own_name), done.compound_id, result)
    if options.json:
        emit(result)
    return status


def _join(
    options: argparse.Namespace,
    store: Store,
    source: tuple[UUID, str],
    target: UUID,
    result: dict[str, Any],
) -> int:
    """Carry what the laptop founded for itself over into the server's compound, or say what that would do."""
    own, own_name = source
    path = edge.store_path(options.store)
    desk = Desk(path, compound=str(target), person=options.person, guess=False)
    desk.open()
    try:
        acting = desk.acting()
    finally:
        desk.close()
    plan = joining.preview(store, own, acting)
    result["joined"] = {**plan.counts, "done": False}
    if not options.json:
        say(t("cli.join_plan", name=own_name, **_numbers(plan)))
        for refused in plan.refused[:20]:
            say(f"  {t('kind.' + refused.kind)}: {refusal_text(refused.why)}")
    if not options.join:
        if not options.json:
            warn(t("cli.join_how"))
        return DONE
    done = joining.carry_over(store, own, acting)
    result["joined"] = {**done.counts, "done": True}
    report = _round(store, target)
    result["pushed"] += report.pushed
    if not options.json:
        say(t("cli.join_done", name=own_name, **_numbers(done)))
    return REJECTED if done.refused else DONE


def _numbers(plan: joining.Joined) -> dict[str, int]:
    return {name: plan.counts.get(name, 0) for name in ("accepted", "merged", "conflict", "rejected")}


def _own(session: Session, named: str | None) -> UUID | None:
    """Return the compound of this laptop that may come along."""
    from sqlmodel import select

    if named is None:
        return enrolling.unlinked(session)
    found = [row.id for row in session.exec(select(Compound)).all() if named in {row.name, str(row.id)}]
    return found[0] if len(found) == 1 else None


def _show_offer(options: argparse.Namespace, offer: enrolling.Offer) -> None:
    values = {
        "compound": offer.name,
        "compound_id": str(offer.compound_id),
        "rows": offer.rows,
        "own": offer.own_name or None,
        "adopts": offer.adopts,
        "joins": offer.joins,
    }
    if options.json:
        emit(values)
        return
    say(t("cli.offer", name=offer.name, n=offer.rows))
    if offer.adopts:
        say(t("cli.offer_adopts", name=offer.own_name))
    if offer.joins:
        say(t("cli.offer_joins", name=offer.own_name))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        width = 30
        full = min(width, done * width // max(total, 1))
        sys.stderr.write(f"\r[{'#' * full}{'.' * (width - full)}] {done}/{total} ")
        if done >= total:
            sys.stderr.write("\n")
        sys.stderr.flush()


def sync_now(options: argparse.Namespace) -> int:
    """Do one round with every server of this laptop, or for the compound that is named."""
    began = time.monotonic()
    lines: list[dict[str, Any]] = []
    troubles: list[SyncError] = []
    with _store(options, make=False) as store:
        with store.read() as session:
            linked = [(link.compound_id, _name(session, link.compound_id)) for link in links.links(session)]
        if options.compound:
            linked = [(key, name) for key, name in linked if options.compound in {name, str(key)}]
        if not linked:
            raise DeskError(Problem("sync.not_linked", params={"name": options.compound or ""}))
        for compound_id, name in linked:
            try:
                report = _round(store, compound_id)
            except SyncError as error:
                troubles.append(error)
                lines.append({"compound": name, "compound_id": str(compound_id), "trouble": error.code})
                continue
            lines.append({"compound": name, "compound_id": str(compound_id), **_values(report)})
    milliseconds = round((time.monotonic() - began) * 1000)
    _show_sync(options, lines, milliseconds)
    for trouble in troubles:
        warn(sync_text(trouble.code, trouble.params))
    return REJECTED if troubles else DONE


def _round(store: Store, compound_id: UUID, *, progress: rounds.Progress | None = None) -> rounds.Report:
    """Do one round; while another window is at it, wait for its end."""
    for _ in range(60):
        try:
            report = rounds.sync(here_of(store), compound_id, progress=progress)
        except rounds.OtherAtIt:
            time.sleep(0.5)
            continue
        while report.more_history:
            more = rounds.sync(here_of(store), compound_id)
            report.more_history = more.more_history
            report.down += more.down
        return report
    raise SyncError("sync.other_at_it")


def _values(report: rounds.Report) -> dict[str, Any]:
    return {
        "pushed": report.pushed,
        "pulled": report.pulled,
        "verdicts": dict(report.verdicts),
        "conflicts": report.conflicts,
        "refused": report.refused,
        "bytes": report.up + report.down,
        "bytes_up": report.up,
        "bytes_down": report.down,
        "healed": report.healed,
        "renamed": report.renamed,
        "repaired": report.repaired,
    }


def _show_sync(options: argparse.Namespace, lines: list[dict[str, Any]], milliseconds: int) -> None:
    good = [line for line in lines if "trouble" not in line]
    verdicts: dict[str, int] = {}
    for line in good:
        for verdict, n in line["verdicts"].items():
            verdicts[verdict] = verdicts.get(verdict, 0) + n
    if options.json:
        numbers = ("pushed", "pulled", "conflicts", "refused", "bytes", "bytes_up", "bytes_down")
        emit(
            {name: sum(line[name] for line in good) for name in numbers}
            | {"verdicts": verdicts, "ms": milliseconds, "compounds": lines}
        )
        return
    for line in good:
        say(t("cli.synced", name=line["compound"], pushed=line["pushed"], pulled=line["pulled"]))
        if line["conflicts"] or line["refused"]:
            say(t("cli.synced_odd", conflicts=line["conflicts"], refused=line["refused"]))
        for happened in ("healed", "renamed", "repaired"):
            if line[happened]:
                say(t(f"cli.synced_{happened}"))


def _name(session: Session, compound_id: UUID) -> str:
    compound = session.get(Compound, (compound_id, compound_id))
    return "" if compound is None else compound.name
