"""What `open_store` makes of everything that can lie at a path."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from simulation.devices import Ids, Laptop, other_process
from sqlmodel import SQLModel

import models.migrations
from models import store_sqlite
from models.errors import StoreError, StoreTooNew, StoreUnreadable, StoreUnwritable
from models.migrations import HEAD, REVISIONS, upgrade
from models.store import Store, open_store

Open = Callable[..., Store]
KEY = bytes(range(32))


def pragma(store: Store, name: str) -> object:
    with store.read() as session:
        return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()


def files(folder: Path) -> dict[str, str]:
    """Return every file of a folder with a hash of its bytes."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def set_schema(path: Path, revision: str | None) -> None:
    store = open_store(path, new_id=Ids())
    with store.write() as session:
        if revision is None:
            session.connection().exec_driver_sql("DELETE FROM alembic_version")
        else:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
    store.close()


def test_a_store_is_in_wal_syncs_fully_and_checks_its_references(store: Store) -> None:
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2
    assert pragma(store, "foreign_keys") == 1


def test_the_revisions_named_here_are_those_on_disk() -> None:
    folder = Path(models.migrations.__file__).parent
    script = ScriptDirectory(str(folder))
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == HEAD


def test_migrating_from_nothing_makes_the_schema_that_the_tables_declare(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


@pytest.mark.parametrize(
    "name",
    ["a b.linli", "100%.linli", "%41.linli", "邻里 №1.linli", "a#b?mode=ro&c.linli", "'quoted\".linli", "-x"],
)
def test_any_path_is_a_path(open_here: Open, tmp_path: Path, name: str) -> None:
    first = open_here(f"某处 #1?/{name}")
    with first.write() as session:
        session.connection().exec_driver_sql("UPDATE setting SET value = '\"mine\"'")
    first.close()
    again = open_here(f"某处 #1?/{name}")
    with again.read() as session:
        assert session.connection().exec_driver_sql("SELECT value FROM setting").scalar() == '"mine"'
    again.close()
    assert [path.name for path in (tmp_path / "某处 #1?").iterdir()] == [name]


def test_a_closed_store_is_one_file(open_here: Open, tmp_path: Path) -> None:
    store = open_here()
    with store.write() as session:
        session.connection().exec_driver_sql("UPDATE setting SET value = '1'")
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["store.linli"]


def test_a_newer_store_is_named_and_left_as_it_is_to_the_byte(open_here: Open, tmp_path: Path) -> None:
    open_here().close()
    set_schema(tmp_path / "store.linli", "9999")
    before = files(tmp_path)
    with pytest.raises(StoreTooNew) as caught:
        open_here()
    assert caught.value.params == {"path": str(tmp_path / "store.linli"), "schema": "9999"}
    assert files(tmp_path) == before


def test_a_newer_store_in_use_by_a_newer_program_is_left_to_it(open_here: Open) -> None:
    newer = open_here()
    with newer.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew):
        open_here()
    with newer.write() as session:
        session.connection().exec_driver_sql("UPDATE setting SET value = '2'")


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE note (text)")
    connection.commit()
    connection.close()


def other_alembic_project(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.execute("INSERT INTO alembic_version VALUES ('abc123')")
    connection.commit()
    connection.close()


NO_STORES: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("楼栋,单元\n" * 100, encoding="utf-8"),
    "one byte": lambda path: path.write_bytes(b"x"),
    "random bytes": lambda path: path.write_bytes(random.Random(1).randbytes(20_000)),
    "zeroes": lambda path: path.write_bytes(bytes(8192)),
    "half a header": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(40)),
    "another database": other_database,
    "another project's database": other_alembic_project,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("what", NO_STORES)
def test_what_is_no_store_is_said_to_be_none_and_left_alone(
    open_here: Open, tmp_path: Path, what: str
) -> None:
    NO_STORES[what](tmp_path / "store.linli")
    before = files(tmp_path)
    with pytest.raises(StoreUnreadable):
        open_here()
    assert files(tmp_path) == before


def test_an_empty_file_becomes_a_store(open_here: Open, tmp_path: Path) -> None:
    (tmp_path / "store.linli").touch()
    assert pragma(open_here(), "journal_mode") == "wal"


def test_a_store_whose_making_was_cut_short_is_made_again(open_here: Open, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "store.linli")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    assert (tmp_path / "store.linli").stat().st_size > 0
    with open_here().read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM setting").scalar() == 1


def test_a_path_below_a_file_cannot_be_written(open_here: Open, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnwritable):
        open_here("file/store.linli")


@pytest.fixture
def full_of_rows(laptop: Laptop) -> Path:
    for room in range(60):
        laptop.do("household.add", code=f"3-1-{room}", note="长" * 400)
    laptop.store.close()
    return laptop.path


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def zero_a_page(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(0, len(data), 4096)
    return data[:place] + bytes(4096) + data[place + 4096 :]


def scribble(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(0, len(data) - 512, 4096)  # a page's head: the middle of a page may be empty
    return data[:place] + rng.randbytes(512) + data[place + 512 :]


@pytest.mark.parametrize("damage", [cut, zero_a_page, scribble])
def test_a_damaged_store_is_unreadable_or_still_reads_and_nothing_else(
    full_of_rows: Path, tmp_path: Path, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    whole = full_of_rows.read_bytes()
    noticed = 0
    for seed in range(25):
        hurt = tmp_path / f"{damage.__name__}{seed}.linli"
        hurt.write_bytes(damage(whole, random.Random(seed)))
        try:
            store = open_store(hurt, new_id=Ids())
        except StoreUnreadable:
            noticed += 1
            continue
        try:
            with store.read() as session:
                answer = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
                noticed += answer != "ok"
                session.connection().exec_driver_sql("SELECT * FROM household").fetchall()
        except StoreUnreadable:
            noticed += 1
        finally:
            store.close()
    assert noticed >= 15


def test_a_keyed_store_opens_with_its_key_alone(open_here: Open, tmp_path: Path) -> None:
    open_here(key=KEY).close()
    assert b"SQLite format 3" not in (tmp_path / "store.linli").read_bytes()
    open_here(key=KEY).close()
    before = files(tmp_path)
    for wrong in (None, bytes(32)):
        with pytest.raises(StoreUnreadable):
            open_here(key=wrong)
    assert files(tmp_path) == before
    open_here("open.linli").close()
    with pytest.raises(StoreUnreadable):
        open_here("open.linli", key=KEY)


# -- older schemas ---------------------------------------------------------------------------


@pytest.fixture
def next_schema(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A version of the program with one migration more; the migration's file."""
    folder = tmp_path_factory.mktemp("migrations") / "migrations"
    shutil.copytree(Path(models.migrations.__file__).parent, folder)
    migration = folder / "versions" / "next.py"
    migration.write_text(
        textwrap.dedent(
            f"""
            import sqlalchemy as sa
            from alembic import op
            revision = "next"
            down_revision = "{HEAD}"
            def upgrade():
                with op.batch_alter_table("household") as batch:
                    batch.add_column(sa.Column("balcony", sa.Integer()))
            """
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(models.migrations, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(store_sqlite, "REVISIONS", (*REVISIONS, "next"))
    monkeypatch.setattr(store_sqlite, "HEAD", "next")
    return migration


@pytest.mark.parametrize("key", [None, KEY])
def test_an_older_store_is_migrated_behind_a_copy(
    open_here: Open, tmp_path: Path, request: pytest.FixtureRequest, key: bytes | None
) -> None:
    old = open_here(key=key)
    with old.write() as session:
        session.connection().exec_driver_sql("UPDATE setting SET value = '\"kept\"'")
    old.close()
    request.getfixturevalue("next_schema")
    migrated = open_here(key=key)
    assert migrated.backup == tmp_path / f"store.linli.{HEAD}.backup"
    columns = migrated.engine.connect()
    names = {row[1] for row in columns.exec_driver_sql("PRAGMA table_info(household)")}
    assert "balcony" in names
    assert columns.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    columns.close()
    assert open_here(key=key).backup is None
    migrated.close()
    request.getfixturevalue("monkeypatch").undo()
    (tmp_path / "back").mkdir()
    shutil.copy(tmp_path / f"store.linli.{HEAD}.backup", tmp_path / "back" / "store.linli")
    with open_here("back/store.linli", key=key).read() as session:
        assert session.connection().exec_driver_sql("SELECT value FROM setting").scalar() == '"kept"'


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    laptop: Laptop, next_schema: Path, open_here: Open
) -> None:
    laptop.do("household.add", code="3-1-502")
    laptop.store.close()
    next_schema.write_text(
        next_schema.read_text(encoding="utf-8") + "\n    raise RuntimeError('half way')\n", encoding="utf-8"
    )
    before = laptop.path.read_bytes()
    with pytest.raises(RuntimeError, match="half way"):
        open_here()
    assert laptop.path.read_bytes() == before


def test_a_migration_that_loses_parents_is_taken_back(
    laptop: Laptop, next_schema: Path, open_here: Open
) -> None:
    laptop.do("household.add", code="3-1-502")
    laptop.store.close()
    text = next_schema.read_text(encoding="utf-8")
    loss = "op.execute(sa.table('building').delete())"
    next_schema.write_text(f"{text}\n    {loss}\n", encoding="utf-8")
    before = laptop.path.read_bytes()
    with pytest.raises(RuntimeError, match="dangling"):
        open_here()
    assert laptop.path.read_bytes() == before


def test_a_copy_of_the_old_schema_is_never_replaced_by_the_new(
    open_here: Open, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs open one older store: the second finds it migrated between its look and its copy."""
    open_here().close()
    request.getfixturevalue("next_schema")
    open_here().close()
    backup = tmp_path / f"store.linli.{HEAD}.backup"
    before = backup.read_bytes()
    looks = iter([HEAD, "next"])
    monkeypatch.setattr(store_sqlite, "_schema", lambda *_: next(looks))
    assert open_here().backup is None
    assert backup.read_bytes() == before
    assert not list(tmp_path.glob("*.draft"))


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store.engine)
    assert pragma(store, "foreign_keys") == 1


# -- who may write ---------------------------------------------------------------------------

AS_NOBODY = """
import os, sys
from pathlib import Path
from simulation.devices import Ids
from models.errors import StoreError
from models.store import open_store
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    store = open_store(Path(sys.argv[1]), new_id=Ids())
    store.close()
    print("opened")
except StoreError as error:
    print(error.code)
"""


def as_nobody(path: Path) -> str:
    """Open a store as a user to whom permissions apply; root may write anywhere."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(path)],
        env=other_process(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that every user can reach."""
    folder = tmp_path
    while folder != folder.parent:
        if folder.stat().st_uid == os.getuid() and folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    place = tmp_path / "shared"
    place.mkdir()
    return place


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "says"),
    [
        (0o777, 0o666, "opened"),
        (0o555, 0o666, "store.unwritable"),
        (0o777, 0o444, "store.unwritable"),
        (0o777, 0o000, "store.unwritable"),
        (0o000, 0o666, "store.unwritable"),
        (0o555, None, "store.unwritable"),
    ],
)
def test_what_may_not_be_written_is_said_to_be_so(
    shared: Path, folder_mode: int, file_mode: int | None, says: str
) -> None:
    path = shared / "store.linli"
    if file_mode is not None:
        open_store(path, new_id=Ids()).close()
        path.chmod(file_mode)
    shared.chmod(folder_mode)
    try:
        assert as_nobody(path) == says
        shared.chmod(0o755)
        assert says == "opened" or file_mode is None or files(shared).keys() == {"store.linli"}
    finally:
        shared.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_a_newer_store_that_may_only_be_read_is_still_named(shared: Path) -> None:
    path = shared / "store.linli"
    open_store(path, new_id=Ids()).close()
    set_schema(path, "9999")
    path.chmod(0o444)
    shared.chmod(0o555)
    try:
        assert as_nobody(path) == StoreTooNew.code
    finally:
        shared.chmod(0o755)


def test_every_error_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("no store")
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "x", new_id=Ids())
    assert caught.value.path == str(tmp_path / "x")
