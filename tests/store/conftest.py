from __future__ import annotations

import pytest
import quick

from models import store_sqlite


@pytest.fixture(autouse=True)
def _really_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make stores by migrating them: opening is what is tested here."""
    monkeypatch.setattr(store_sqlite, "open_file", quick.open_file)
