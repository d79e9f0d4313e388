"""The schema's history, applied by Alembic when a store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

#: Every schema this version can open, oldest first. Kept here, not asked of
#: Alembic, so that opening an up-to-date store imports none of it.
REVISIONS = ("0001",)
HEAD = REVISIONS[-1]


def upgrade(engine: Engine, *, then: Callable[[Connection], None] | None = None) -> None:
    """Bring a store to HEAD in one transaction, and run `then` in it; on failure it is as it was."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as connection:
        # A batch rebuild drops and renames tables: with foreign keys on, SQLite would delete the
        # children. The pragma does nothing inside a transaction, so it goes past SQLAlchemy's BEGIN.
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101  # an open connection has one
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            write = connection.execution_options(linli_write=True)
            config.attributes["connection"] = write
            with write.begin():
                command.upgrade(config, "head")
                broken = write.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"migration leaves dangling references: {broken[:3]}")
                if then is not None:
                    then(write)
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
