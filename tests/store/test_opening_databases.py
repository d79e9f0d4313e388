"""What `open_database` makes of an address, and of everything that can be behind one on PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import threading
import traceback
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import Server
from simulation.devices import Ids, other_process
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError
from sqlmodel import SQLModel

import models.migrations
from models import store_postgresql
from models.errors import (
    StoreAbsent,
    StoreAddressUnclear,
    StoreBusy,
    StoreDriverMissing,
    StoreError,
    StoreFull,
    StoreRefused,
    StoreTooNew,
    StoreUnreachable,
    StoreUnreadable,
    StoreUnwritable,
)
from models.health import examine
from models.migrations import HEAD, REVISIONS
from models.operations.tables import Setting
from models.store import Store, open_database
from models.tables import table_of

MakeStore = Callable[[], Store]
WORKERS = Path(__file__).with_name("workers.py")
#: What must never be shown.
PASSWORD = "geheim"  # noqa: S105  # of nothing


def asked(store: Store, sql: str) -> object:
    with store.read() as session:
        return session.connection().exec_driver_sql(sql).scalar()


def told(store: Store, sql: str) -> None:
    with store.write() as session:
        session.connection().exec_driver_sql(sql)


@pytest.fixture
def empty(postgres_server: Server) -> str:
    """The address of a database without a table."""
    return postgres_server.address(postgres_server.create())


# -- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["{}/a b.linli", "sqlite:///{}/a b.linli"])
def test_a_path_and_an_sqlite_address_name_a_file(tmp_path: Path, address: str) -> None:
    store = open_database(address.format(tmp_path), new_id=Ids())
    store.close()
    assert store.path == tmp_path / "a b.linli"
    assert store.path.exists()


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://u:{PASSWORD}@h/db",
        f"postgresql:/u:{PASSWORD}@h/db",
        f"postgresql://u:{PASSWORD}@h:port/db",
        f"postgresql://u:{PASSWORD}@h",
        f"postgresql://u:{PASSWORD}@/db?host=/nowhere&nonsense={PASSWORD}",
        "sqlite:///a.linli?mode=ro",
        "sqlite://",
    ],
)
def test_what_is_no_address_is_said_to_be_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreAddressUnclear) as caught:
        open_database(address, new_id=Ids())
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert not list(tmp_path.iterdir())


def test_a_server_that_does_not_answer_is_said_to_be_unreachable(tmp_path: Path) -> None:
    for host in ("127.0.0.1:1", f":1?host={tmp_path}"):
        at, _, query = host.partition("?")
        with pytest.raises(StoreUnreachable) as caught:
            open_database(f"postgresql://u:{PASSWORD}@{at}/db?{query}", new_id=Ids())
        assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_a_database_that_is_not_there_and_a_user_who_may_not_enter_are_named(postgres_server: Server) -> None:
    with pytest.raises(StoreAbsent) as caught:
        open_database(postgres_server.address("nowhere"), new_id=Ids())
    assert caught.value.path.startswith("postgresql://linli@/nowhere?")
    with pytest.raises(StoreRefused) as caught:
        open_database(postgres_server.address(user=f"nobody:{PASSWORD}"), new_id=Ids())
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_a_program_without_the_driver_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreDriverMissing):
        open_database(f"postgresql://u:{PASSWORD}@h/db", new_id=Ids())


def test_a_laptop_never_loads_the_driver_of_the_server(tmp_path: Path) -> None:
    code = (
        "import sys; from models.store import open_database; from simulation.devices import Ids;"
        f"open_database({str(tmp_path / 'a.linli')!r}, new_id=Ids()).close();"
        "assert 'psycopg' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=other_process())


# -- schemas ---------------------------------------------------------------------------------


def test_migrating_from_nothing_makes_the_schema_that_the_tables_declare(empty: str, tmp_path: Path) -> None:
    for address in (empty, str(tmp_path / "store.linli")):
        store = open_database(address, new_id=Ids())
        with closing(store), store.engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, SQLModel.metadata) == []


def test_a_store_keeps_its_device_id(empty: str) -> None:
    first = open_database(empty, new_id=Ids("first"))
    device = asked(first, "SELECT value FROM setting WHERE key = 'device'")
    first.close()
    again = open_database(empty, new_id=Ids("second"))
    assert asked(again, "SELECT value FROM setting WHERE key = 'device'") == device
    assert asked(again, "SELECT count(*) FROM setting") == 1
    again.close()


def test_processes_that_make_one_store_at_once_make_one(postgres_server: Server) -> None:
    address = postgres_server.address(postgres_server.create())
    processes = [
        subprocess.Popen(
            [sys.executable, str(WORKERS), "make", address],
            env=other_process(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    devices = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(devices) == 1


def test_a_newer_store_is_named_and_left_as_it_is(open_postgres: MakeStore) -> None:
    store = open_postgres()
    told(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew) as caught:
        open_database(store.engine.url.render_as_string(hide_password=False), new_id=Ids())
    assert caught.value.params == {"path": store.name, "schema": "9999"}
    assert asked(store, "SELECT version_num FROM alembic_version") == "9999"


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE TABLE note (words text)",
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('abc123')",
        "CREATE TABLE alembic_version (version_num text); CREATE TABLE operation (); CREATE TABLE setting ()",
    ],
)
def test_somebody_elses_database_is_refused_and_left_alone(empty: str, theirs: str) -> None:
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(theirs)  # type: ignore[arg-type]
        before = connection.execute(tables).fetchall()
        with pytest.raises(StoreUnreadable):
            open_database(empty, new_id=Ids())
        assert connection.execute(tables).fetchall() == before


def test_a_database_that_cannot_hold_every_name_is_refused(postgres_server: Server) -> None:
    postgres_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    with pytest.raises(StoreUnreadable):
        open_database(postgres_server.address("latin"), new_id=Ids())


def test_a_user_who_may_not_make_tables_is_told_so(postgres_server: Server, empty: str) -> None:
    postgres_server.run("CREATE ROLE guest LOGIN")
    with pytest.raises(StoreUnwritable):
        open_database(empty.replace("linli@", "guest@"), new_id=Ids())


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
                op.execute(sa.table("setting", sa.column("value", sa.JSON)).update().values(value=1))
                op.execute({ADD_UNITS!r})
                with op.batch_alter_table("unit") as batch:
                    batch.add_column(sa.Column("steps", sa.String()))
            """
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(models.migrations, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(store_postgresql, "REVISIONS", (*REVISIONS, "next"))
    monkeypatch.setattr(store_postgresql, "HEAD", "next")
    return migration


#: Gives every building a stairwell.
ADD_UNITS = (
    "INSERT INTO unit (compound_id, id, rev, archived, stamps, building_id, code)"
    " SELECT compound_id, gen_random_uuid(), 0, false, '{}', id, '1' FROM building"
)
ADD_BUILDING = (
    "INSERT INTO building (compound_id, id, rev, archived, stamps, code, name, note, search)"
    " SELECT gen_random_uuid(), gen_random_uuid(), 0, false, '{}', '1', '', '', ''"
)


def reopened(store: Store) -> Store:
    return open_database(store.engine.url.render_as_string(hide_password=False), new_id=Ids())


def test_an_older_store_is_migrated(open_postgres: MakeStore, request: pytest.FixtureRequest) -> None:
    store = open_postgres()
    told(store, ADD_BUILDING)
    request.getfixturevalue("next_schema")
    migrated = reopened(store)
    assert asked(migrated, "SELECT count(*) FROM unit WHERE steps IS NULL") == 1
    assert asked(migrated, "SELECT value FROM setting WHERE key = 'device'") == 1
    assert asked(migrated, "SELECT version_num FROM alembic_version") == "next"
    migrated.close()


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    open_postgres: MakeStore, request: pytest.FixtureRequest
) -> None:
    store = open_postgres()
    next_schema: Path = request.getfixturevalue("next_schema")
    failing = f"{next_schema.read_text(encoding='utf-8')}\n    raise RuntimeError('half way')\n"
    next_schema.write_text(failing, encoding="utf-8")
    with pytest.raises(RuntimeError, match="half way"):
        reopened(store)
    assert asked(store, "SELECT version_num FROM alembic_version") == HEAD
    assert asked(store, "SELECT value FROM setting WHERE key = 'device'") != 1


def test_text_sorts_as_on_sqlite(server_store: Store) -> None:
    keys = ["b", "B", "a", "é", "张", "安", "一", "1-10", "1-2", "_", "\ufffd", "🏠", ""]
    setting = table_of(Setting)
    with server_store.write() as session:
        session.connection().execute(insert(setting), [{"key": key, "value": None} for key in keys])
        found = session.connection().execute(select(setting.c.key).order_by(setting.c.key))
        assert list(found.scalars()) == sorted([*keys, "device"])


def test_text_sorts_so_whatever_the_collation_of_the_database(postgres_server: Server) -> None:
    try:
        postgres_server.run("CREATE DATABASE other_collation TEMPLATE template0 LOCALE 'C.UTF-8'")
    except psycopg.Error:
        pytest.skip("this system knows no other collation")
    store = open_database(postgres_server.address("other_collation"), new_id=Ids())
    others = (
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'character varying' AND collation_name IS DISTINCT FROM 'C'"
    )
    assert asked(store, others) == 0
    with store.read() as session:
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = session.connection().exec_driver_sql(
            "EXPLAIN SELECT id FROM household WHERE compound_id = gen_random_uuid() AND code LIKE '1-1-%%'"
        )
        assert ">= '1-1-'" in " ".join(plan.scalars()), "an index serves a search for a beginning"
    store.close()


# -- sessions --------------------------------------------------------------------------------


def test_a_reader_sees_one_moment_while_others_write(server_store: Store) -> None:
    with server_store.read() as session:
        assert session.get(Setting, "count") is None
        with server_store.write() as writing:
            writing.add(Setting(key="count", value=1))
        assert session.connection().execute(select(table_of(Setting).c.key)).all() == [("device",)]
    assert asked(server_store, "SELECT value FROM setting WHERE key = 'count'") in {1, "1"}


def test_a_reader_on_postgresql_cannot_write_and_the_next_writer_can(open_postgres: MakeStore) -> None:
    store = open_postgres()
    with pytest.raises(StoreUnwritable), store.read() as session:
        session.connection().exec_driver_sql("DELETE FROM setting")
    told(store, "DELETE FROM setting")
    assert asked(store, "SELECT count(*) FROM setting") == 0


def test_an_exception_in_a_write_session_writes_nothing(server_store: Store) -> None:
    def break_half_way() -> None:
        with server_store.write() as session:
            session.add(Setting(key="half", value=1))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_half_way()
    with server_store.read() as session:
        assert session.get(Setting, "half") is None


def test_a_writer_that_waits_too_long_is_told_that_the_store_is_busy(
    open_postgres: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_postgresql, "BUSY_MS", 50)
    store = open_postgres()
    change = "UPDATE setting SET value = '1'"
    with store.write() as holder:
        holder.connection().exec_driver_sql(change)
        with pytest.raises(StoreBusy):
            told(store, change)


def test_who_finds_no_free_connection_is_told_that_the_store_is_busy(
    open_postgres: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_postgresql, "BUSY_MS", 50)
    address = open_postgres().engine.url.render_as_string(hide_password=False)
    store = open_database(address, new_id=Ids(), pool_size=1)
    with store.read() as session:
        session.connection()
        with pytest.raises(StoreBusy):
            asked(store, "SELECT 1")
    store.close()


def test_two_who_wait_for_each_other_are_told_that_the_store_is_busy(open_postgres: MakeStore) -> None:
    store = open_postgres()
    told(store, "INSERT INTO setting VALUES ('a', '0'), ('b', '0')")
    both, setting = threading.Barrier(2), table_of(Setting)
    said: list[type[BaseException] | None] = []

    def change(*keys: str) -> None:
        try:
            with store.write() as session:
                for key in keys:
                    session.connection().execute(update(setting).where(setting.c.key == key).values(value=1))
                    if key == keys[0]:
                        both.wait(10)
        except StoreError as error:
            said.append(type(error))
        else:
            said.append(None)

    threads = [threading.Thread(target=change, args=keys) for keys in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(said) == {None, StoreBusy}


@pytest.mark.parametrize(
    ("state", "kind"),
    [("53100", StoreFull), ("57014", StoreBusy), ("08006", StoreUnreachable), ("XX001", StoreUnreadable)],
)
def test_what_the_server_cannot_do_has_a_name(
    open_postgres: MakeStore, state: str, kind: type[StoreError]
) -> None:
    store = open_postgres()
    with pytest.raises(kind):
        told(store, f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")


def test_a_server_that_went_away_is_unreachable_and_met_again_when_it_is_back(
    open_postgres: MakeStore, postgres_server: Server
) -> None:
    store = open_postgres()
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
    with pytest.raises(StoreUnreachable):
        asked(store, end.format("current_database()"))
    assert asked(store, "SELECT 1") == 1
    with psycopg.connect(postgres_server.address(), autocommit=True) as other:
        other.execute(end.format("%s"), [store.engine.url.database])  # type: ignore[arg-type]
    assert asked(store, "SELECT 1") == 1


# -- values ----------------------------------------------------------------------------------


class Colour(StrEnum):
    RED = "red"


def test_a_name_of_a_choice_is_written_as_its_value(server_store: Store) -> None:
    setting = table_of(Setting)
    with server_store.write() as session:
        for rows in (
            [{"key": Colour.RED, "value": Colour.RED}],
            [{"key": "1", "value": 0}, {"key": "2", "value": 0}],
        ):
            session.connection().execute(insert(setting), rows)
        found = session.connection().execute(select(setting).where(setting.c.key == Colour.RED)).one()
        assert found == ("red", "red")


def test_json_keeps_its_order_and_every_character(server_store: Store) -> None:
    value = {"b": 1, "a": "张\u0000\ud800🏠", "": [1.5, None, True, 10**18]}
    with server_store.write() as session:
        session.add(Setting(key="all", value=value))
    with server_store.read() as session:
        row = session.get(Setting, "all")
        assert row is not None
        assert row.value == value
        assert list(row.value) == list(value)


@pytest.mark.parametrize(("text", "error"), [("a\ud800", UnicodeEncodeError), ("a\u0000", DataError)])
def test_text_that_postgresql_cannot_hold_is_nobodys_named_error(
    open_postgres: MakeStore, text: str, error: type[Exception]
) -> None:
    """Payloads are cleaned of such characters before; what comes here is a defect, and looks like one."""
    store = open_postgres()
    with pytest.raises(error), store.write() as session:
        session.add(Setting(key=text, value=1))


def test_an_examination_reads_either_database(server_store: Store) -> None:
    health = examine(server_store)
    assert health.whole
    assert health.schema == HEAD
    assert health.counts["setting"] == 1
    assert health.size >= 4096
    assert health.database.lower() == server_store.engine.dialect.name
    assert health.version[0].isdigit()


def test_an_examination_finds_what_points_nowhere(open_postgres: MakeStore) -> None:
    store = open_postgres()
    with store.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO unit (compound_id, id, rev, archived, stamps, building_id, code)"
            " SELECT gen_random_uuid(), gen_random_uuid(), 0, false, '{}', gen_random_uuid(), '1'"
        )
    assert examine(store).dangling == 1
