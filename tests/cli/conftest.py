from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgres
import pytest
from server.running import served

from models.store import open_database
from sync.server.app import create_app
from tui import edge, i18n
from tui.cli import main


@dataclass(frozen=True)
class Said:
    """What a command left: its status, what it printed, what it told a person."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Linli = Callable[..., Said]


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def linli(
    store_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Linli]:
    """Run `linli` in this process on a store of the test's own."""
    monkeypatch.setenv("LINLI_STORE", str(store_path))
    monkeypatch.setenv("LINLI_LANG", "en")
    monkeypatch.setenv("LINLI_DEBUG", "1")

    def run(*words: str | Path) -> Said:
        capsys.readouterr()
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    yield run
    i18n.use("zh_CN", strict=False)


@pytest.fixture
def founded(linli: Linli) -> Linli:
    """The same, with a compound and a director."""
    assert linli("init", "--compound", "耐火小区", "--as", "王德胜").status == 0
    return linli


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Where the server keeps its rows: a file of the test's own."""
    return str(tmp_path / "server.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, database: str) -> str:
    """The same, and then a PostgreSQL database."""
    if request.param == "sqlite":
        return database
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.address(request.getfixturevalue("postgres_database"))


@pytest.fixture
def operator(linli: Linli, database: str) -> Linli:
    """Run `linli server …` on the server's database."""
    return lambda *words: linli("server", *words, "--db", database)


@pytest.fixture
def center(operator: Linli, database: str) -> Iterator[str]:
    """A server that keeps a compound, on a real port; its address."""
    assert operator("compound", "add", "耐火小区").status == 0
    store = open_database(database, new_id=edge.new_id)
    with served(create_app(store, clock=edge.clock, ticks=edge.ticks, version="test")) as url:
        yield url
    store.close()


@pytest.fixture
def code(operator: Linli, center: str) -> str:
    """A code that lets one laptop into that compound."""
    assert center
    return str(operator("enrol", "耐火小区", "--json").json["code"])


@pytest.fixture
def linked(linli: Linli, center: str, code: str) -> Linli:
    """`linli` on a laptop that is enrolled there, with a director."""
    assert linli("enrol", center, code, "--name", "老王的电脑").status == 0
    assert linli("do", "person.add", '{"name": "王德胜"}').status == 0
    assert linli("sync").status == 0
    return linli
