from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from neighbours import copy_store, settle_in
from pilots import quick_pilots
from styles import quick_styles

from tui import i18n

quick_styles()
quick_pilots()


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LINLI_LANG", "zh_CN")  # so that a new laptop need not ask
    i18n.use("zh_CN", strict=True)
    yield
    i18n.use("zh_CN", strict=False)


@pytest.fixture(scope="session")
def compound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compound") / "store.db"
    settle_in(path)
    return path


@pytest.fixture
def path(compound: Path, tmp_path: Path) -> Path:
    """A store of the test's own, as the compound stands when nobody has walked yet."""
    return copy_store(compound, tmp_path / "store.db")
