"""Serving: the central server, one process or several."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from models.problems import Problem
from tui import edge
from tui.cli import DONE, REJECTED, USAGE
from tui.commands.console import UsageError, warn
from tui.i18n import t

if TYPE_CHECKING:
    from fastapi import FastAPI

    from models.store import Store

#: Connections to PostgreSQL that one process opens at most; it has as many threads for laptops.
_POOL = 20
_ADDRESS = "LINLI_DB"
#: A long poll must not hold up the end of the program.
_GRACE_SECONDS = 5


def nothing_named(_options: argparse.Namespace) -> int:
    """Say that a command needs another word; the parser has said which."""
    return USAGE


def need_server() -> None:
    """Say how to install what a server needs, where it is not."""
    for package in ("fastapi", "uvicorn", "prometheus_client"):
        if find_spec(package) is None:
            raise UsageError(t("cli.server_extra"))


def open_server(options: argparse.Namespace, *, pool: int = 2) -> Store:
    """Open the server's store, making it ready when it is new."""
    from models.operations.registry import load_kinds
    from models.store import open_database
    from sync.server import admin
    from tui.desk import DeskError

    load_kinds()
    address = edge.server_address(options.db)
    store = open_database(address, new_id=edge.new_id, pool_size=pool)
    try:
        admin.begin(store, nonce=edge.new_id().hex)
    except admin.NotAServer as error:
        store.close()
        raise DeskError(Problem("server.laptop", params={"path": store.name})) from error
    except BaseException:
        store.close()
        raise
    return store


def serve(options: argparse.Namespace) -> int:
    """Serve until somebody ends it."""
    need_server()
    import uvicorn

    if not 1 <= options.workers <= 64:  # noqa: PLR2004  # more is a mistake of typing
        raise UsageError(t("cli.workers_range"))
    if not 0 <= options.port <= 65535:  # noqa: PLR2004  # TCP's
        raise UsageError(t("cli.port_range"))
    from sync.server import admin

    store = open_server(options)
    try:
        # What an earlier version could not apply, this one perhaps can.
        said = admin.retry(store)
        address = store.name
    finally:
        store.close()
    if said:
        warn(t("cli.retried", n=sum(said.values()) - said.get("held", 0), held=said.get("held", 0)))
    os.environ[_ADDRESS] = edge.server_address(options.db)
    warn(t("cli.serving", host=options.host, port=options.port, db=address))
    # uvicorn passes a signal on once it has ended by itself: what is below must be tidied up all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(DONE))
    with _figures_together() if options.workers > 1 else nullcontext():
        try:
            uvicorn.run(
                "tui.commands.serving:make_app",
                factory=True,
                host=options.host,
                port=options.port,
                workers=options.workers if options.workers > 1 else None,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        except SystemExit as leaving:
            if leaving.code:
                warn(t("cli.not_serving", host=options.host, port=options.port))
                return REJECTED
    return DONE


@contextmanager
def _figures_together() -> Iterator[None]:
    """Let several processes keep their figures where each of them can add them up."""
    with tempfile.TemporaryDirectory(prefix="linli-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def make_app() -> FastAPI:
    """Return the app of one process; uvicorn calls it, in each of several."""
    from models.operations.registry import load_kinds
    from models.store import open_database
    from sync.server.app import create_app
    from sync.server.watch import JsonLines

    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(handlers=[lines], level=os.environ.get("LINLI_LOG", "INFO").upper(), force=True)
    load_kinds()
    store = open_database(os.environ[_ADDRESS], new_id=edge.new_id, pool_size=_POOL)
    settings: dict[str, Any] = {"clock": edge.clock, "ticks": edge.ticks, "version": version("linli")}
    app = create_app(store, **settings)
    # What has been loaded stays; looking through it again for each push takes longer than judging it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return app
