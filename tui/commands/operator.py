"""What the operator does on the server, from a terminal beside it."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from models.problems import Problem
from models.replication import devices
from models.store import Store
from sync.server import admin, copying
from tui import edge, words
from tui.cli import DONE, REJECTED
from tui.commands.console import UsageError, emit, say, warn
from tui.commands.serving import open_server
from tui.desk import DeskError
from tui.i18n import t

_MOST_HOURS = 24 * 30


@contextmanager
def _server(options: argparse.Namespace, *, make: bool = False) -> Iterator[Store]:
    """Open the server's store. A question makes none: a mistyped address is no server that has lost everything."""
    file = edge.file_of(edge.server_address(options.db))
    if not make and file is not None and not file.exists():
        raise DeskError(Problem("server.none", params={"path": str(file)}))
    store = open_server(options)
    try:
        yield store
    finally:
        store.close()


def compound_add(options: argparse.Namespace) -> int:
    """Found a compound on the server."""
    with _server(options, make=True) as store:
        compound_id, outcome = admin.add_compound(store, options.name, clock=edge.clock, new_id=edge.new_id)
    if outcome.refused is not None:
        warn(words.refusal_text(outcome.refused))
        return REJECTED
    if options.json:
        emit({"compound": options.name, "compound_id": str(compound_id)})
    else:
        say(t("cli.compound_added", name=options.name, id=compound_id))
    return DONE


def compound_list(options: argparse.Namespace) -> int:
    """List the compounds that the server keeps."""
    with _server(options) as store, store.read() as session:
        lines = admin.compounds(session)
    for line in lines:
        if options.json:
            emit(
                {
                    "compound": line.name,
                    "compound_id": str(line.id),
                    "head": line.head,
                    "laptops": line.laptops,
                    "people": line.people,
                    "pristine": line.pristine,
                    "created_at": line.created_at.isoformat(),
                }
            )
        else:
            say(t("cli.compound_line", name=line.name, n=line.laptops, head=line.head, id=line.id))
    return DONE


def enrol(options: argparse.Namespace) -> int:
    """Make a code that lets one laptop in, once."""
    if not 0 < options.hours <= _MOST_HOURS:
        raise UsageError(t("cli.hours_range", most=_MOST_HOURS))
    with _server(options) as store:
        line = _compound(store, options.of)
        code, until = admin.offer(
            store,
            line.id,
            randomness=secrets.token_bytes(8),
            clock=edge.clock,
            life=timedelta(hours=options.hours),
        )
    address = options.url or t("cli.address")
    command = f"linli enrol {address} {code}"
    if options.json:
        emit(
            {
                "code": code,
                "compound": line.name,
                "compound_id": str(line.id),
                "expires_at": until.isoformat(),
                "command": command,
            }
        )
        return DONE
    say(t("cli.code_made", code=code, name=line.name, until=_local(until)))
    say(f"  {command}")
    _draw_qr(command if options.url else code)
    return DONE


def _draw_qr(text: str) -> None:
    try:
        import segno
    except ImportError:  # the code stands above in letters
        return

    sys.stdout.write("\n")
    segno.make(text, micro=False, error="m").terminal(out=sys.stdout, compact=True, border=2)


def device_list(options: argparse.Namespace) -> int:
    """List the laptops that the server knows."""
    with _server(options) as store:
        chosen = _compound(store, options.compound).id if options.compound else None
        with store.read() as session:
            names = {line.id: line.name for line in admin.compounds(session)}
            lines = [line for line in devices.devices(session, chosen) if line.compound_id in names]
    for line in lines:
        if options.json:
            emit(
                {
                    "id": str(line.id),
                    "name": line.name,
                    "compound": names[line.compound_id],
                    "enrolled_at": line.enrolled_at.isoformat(),
                    "last_seen": _iso(line.last_seen),
                    "revoked_at": _iso(line.revoked_at),
                    "operations": line.operations,
                }
            )
        else:
            state = t("cli.device_revoked_at", at=_local(line.revoked_at)) if line.revoked_at else ""
            seen = t("cli.never") if line.last_seen is None else _local(line.last_seen)
            say(
                t(
                    "cli.device_line",
                    name=line.name,
                    compound=names[line.compound_id],
                    seen=seen,
                    n=line.operations,
                    id=line.id,
                    state=state,
                ).rstrip()
            )
    return DONE


def device_revoke(options: argparse.Namespace) -> int:
    """Let a laptop in no more."""
    with _server(options) as store:
        with store.read() as session:
            found = admin.find_device(session, options.device)
        if len(found) != 1:
            code = "device.ambiguous" if found else "device.unknown"
            raise DeskError(Problem(code, params={"name": options.device[:40], "n": len(found)}))
        with store.write() as session:
            device = devices.revoke(session, found[0], now=edge.clock())
    name = "" if device is None else device.name
    if options.json:
        emit({"id": str(found[0]), "name": name, "revoked": True})
    else:
        say(t("cli.device_revoked", name=name))
    return DONE


def retry(options: argparse.Namespace) -> int:
    """Judge what is held once more."""
    with _server(options) as store:
        compound = _compound(store, options.compound).id if options.compound else None
        said = admin.retry(store, compound)
    held = said.pop("held", 0)
    if options.json:
        emit({"judged": said, "held": held})
    else:
        say(t("cli.retried", n=sum(said.values()), held=held))
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Write the whole server into one file."""
    file = Path(options.file).expanduser()
    if file.exists():
        raise DeskError(Problem("backup.exists", params={"path": str(file)}))
    with _server(options) as store:
        copied = copying.backup(store, file, new_id=edge.new_id)
    if options.json:
        emit({"file": str(file), "bytes": copied.size, "rows": sum(copied.rows.values())})
    else:
        say(t("cli.backed_up", path=file, kib=copied.size // 1024, n=sum(copied.rows.values())))
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Put a copy back; laptops bring what has happened since."""
    file = Path(options.file).expanduser()
    if not file.is_file():
        raise DeskError(Problem("backup.missing", params={"path": str(file)}))
    with _server(options, make=True) as store:
        try:
            copied = copying.restore(
                store,
                file,
                nonce=edge.new_id().hex,
                replace=options.replace,
                new_id=edge.new_id,
                clock=edge.clock,
            )
        except copying.NotEmpty:
            raise DeskError(Problem("restore.not_empty", params={"path": str(file)})) from None
        except copying.NotACopy:
            raise DeskError(Problem("restore.no_copy", params={"path": str(file)})) from None
    if options.json:
        emit({"file": str(file), "rows": sum(copied.rows.values())})
    else:
        say(t("cli.restored", path=file, n=sum(copied.rows.values())))
    return DONE


def stats(options: argparse.Namespace) -> int:
    """Print the server's figures."""
    with _server(options) as store:
        figures = admin.stats(store, clock=edge.clock)
    if options.json:
        emit(figures)
        return DONE
    say(
        t(
            "cli.stats_laptops",
            n=figures["laptops"]["enrolled"],
            week=figures["laptops"]["seen_this_week"],
            revoked=figures["laptops"]["revoked"],
        )
    )
    for line in figures["compounds"]:
        say(
            t(
                "cli.compound_line",
                name=line["name"],
                n=line["laptops"],
                head=line["head"],
                id=line["id"],
            )
        )
    for verdict, n in sorted(figures["operations"].items()):
        say(f"  {t(f'verdict.{verdict}')}: {n}")
    say(t("cli.stats_conflicts", n=figures["conflicts_open"]))
    return DONE


def _compound(store: Store, named: str) -> admin.CompoundLine:
    with store.read() as session:
        try:
            return admin.find_compound(session, named)
        except admin.NoSuchCompound as error:
            code = "compound.ambiguous" if error.n else "compound.unknown"
            known = "、".join(line.name for line in admin.compounds(session)) or "—"
            raise DeskError(Problem(code, params={"name": named, "known": known})) from error


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
