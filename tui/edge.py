"""Where the outside world comes in: the clock, randomness, and where files live."""

from __future__ import annotations

import os
import platform
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from models.ids import uuid7


def clock() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # this is the edge that the rule speaks of


def ticks() -> float:
    """Return seconds since the machine started, asleep or not, which nobody can set."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def new_token() -> str:
    """Return a secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def laptop_name() -> str:
    """Return what this machine is called, for lists of laptops."""
    return platform.node() or "laptop"


def holder() -> str:
    """Return a name for this very process, among those that share a store."""
    return f"{platform.node()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Tell whether the process of a name that `holder` gave is known to have ended: it was here, and is no more."""
    node, _, pid = holder.rpartition(":")
    if sys.platform == "win32" or node != platform.node() or not pid.isdigit():
        return False  # Windows has no harmless way to ask
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def store_path(asked: str | None) -> Path:
    """Return the store to open: `--store`, else LINLI_STORE, else this user's own."""
    named = asked or os.environ.get("LINLI_STORE")
    return Path(named).expanduser() if named else data_folder() / "linli.db"


def demo_path(asked: str | None) -> Path:
    """Return the demo's store, which is never the user's own unless they name it."""
    named = asked or os.environ.get("LINLI_STORE")
    return Path(named).expanduser() if named else data_folder() / "demo.db"


def server_address(asked: str | None) -> str:
    """Return where a server keeps its rows: `--db`, else LINLI_DB, else a file of this user's."""
    return asked or os.environ.get("LINLI_DB") or str(data_folder() / "server.db")


def file_of(address: str) -> Path | None:
    """Return the file that an address names, None for a database server's."""
    if address.startswith("sqlite:///"):
        return Path(address.removeprefix("sqlite:///"))
    return None if "://" in address else Path(address)


def data_folder() -> Path:
    """Return the folder for this user's data on this system."""
    from platformdirs import user_data_path

    return user_data_path("linli", appauthor=False)
