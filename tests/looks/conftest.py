"""The demo compound as it is on one morning, the same in each run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demos import Demos
from pilots import quick_pilots
from simulation.devices import Ids
from styles import quick_styles
from textual.widgets import Input

from tui import edge, i18n
from tui.widgets import search

quick_styles()
quick_pilots()

MORNING = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)


@pytest.fixture
def demo(tmp_path: Path, demos: Demos) -> Path:
    """A store with the demo compound, made at half past ten in Shanghai."""
    return demos.copied(tmp_path / "demo.db", MORNING, "looks")


@pytest.fixture(autouse=True)
def _one_morning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let the clock stand, and the store be where its path is short."""
    monkeypatch.setattr(edge, "clock", lambda: MORNING)
    monkeypatch.setattr(edge, "laptop_name", lambda: "station")
    monkeypatch.setattr(edge, "data_folder", lambda: Path("data"))
    monkeypatch.setattr(edge, "new_id", Ids("shown"))
    monkeypatch.setattr(search, "PAUSE", 0.001)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    monkeypatch.chdir(tmp_path)
    yield
    i18n.use("zh_CN", strict=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the looks come first: they are the longest, and whoever began them last would keep everybody waiting."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here not in item.path.parents)
