from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui import i18n
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
