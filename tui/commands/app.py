"""Opening the app on a store."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import edge, preferences
from tui.cli import DONE, REJECTED, USAGE
from tui.i18n import t

if TYPE_CHECKING:
    from tui.desk import Desk


def open_app(options: argparse.Namespace) -> int:
    """Open the app on the store that the options name."""
    desk = _desk(edge.store_path(options.store), compound=options.compound, person=options.person)
    return _run(desk, options)


def open_demo(options: argparse.Namespace) -> int:
    """Open the app on the demo compound, in a store of its own that --fresh makes anew."""
    path = edge.demo_path(options.store)
    if options.fresh and _has_terminal():  # nothing is removed for an app that cannot open
        refused = _forget(path)
        if refused:
            sys.stderr.write(refused + "\n")
            return REJECTED
    return _run(_desk(path, person=options.person, demo=True), options)


def _desk(path: Path, **options: Any) -> Callable[[], Desk]:
    """Return what makes the desk. It is made behind the first paint, for all that it stands on takes half a second."""

    def make() -> Desk:
        from tui.desk import Desk

        # What is imported stays; now the collector may work, and need never go through that again.
        gc.freeze()
        gc.enable()
        return Desk(path, hurried=True, **options)

    return make


def _run(desk: Callable[[], Desk], options: argparse.Namespace) -> int:
    if not _has_terminal():
        sys.stderr.write(t("cli.no_terminal") + "\n")
        return USAGE
    gc.disable()  # it would look through everything that is imported again and again: a fifth of the start
    from tui.app import LinliApp

    aside = options.kept.set_aside
    app = LinliApp(
        desk,
        kept=options.kept.preferences,
        keep=preferences.save,
        warned="" if aside is None else t("settings.set_aside", path=aside),
    )
    app.run()
    return app.return_code or DONE


def _has_terminal() -> bool:
    return sys.stdout.isatty() and sys.stdin.isatty()


def _forget(path: Path) -> str:
    """Remove a demo store; a store that holds anything but the demo is never removed."""
    if not path.exists():
        return ""
    from models.demo import is_demo
    from models.store import open_store

    store = open_store(path, new_id=edge.new_id)
    try:
        with store.read() as session:
            whole = is_demo(session)
    finally:
        store.close()
    if not whole:
        return t("cli.fresh_refused", path=path)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return ""
