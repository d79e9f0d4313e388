from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from apps import quick_apps
from village import Village

from models.store import Store

quick_apps()


@pytest.fixture
def village(tmp_path: Path, server_store: Store) -> Iterator[Village]:
    """A compound on a server, on either database."""
    made = Village(tmp_path, server_store)
    yield made
    made.close()
