"""Where the outside world comes in: the clock, randomness, and where files live."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from models.ids import uuid7


def clock() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # this is the edge that the rule speaks of


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


def data_folder() -> Path:
    """Return the folder for this user's data on this system."""
    from platformdirs import user_data_path

    return user_data_path("linli", appauthor=False)
