"""Each cure of the network's part is broken on purpose: a story that is told all the same proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_bad_days
import test_bad_roads
import test_copies_of_stores
import test_numbers_given_twice
from simulation import faults
from simulation.devices import Ids
from simulation.test_network_mutants import STORIES
from village import Village

from models.store import open_store
from sync.client import Strange

TOLD = (
    vars(test_bad_days) | vars(test_bad_roads) | vars(test_copies_of_stores) | vars(test_numbers_given_twice)
)
MORE = {
    "what_is_no_answer_of_ours_changes_nothing": ("/v1/pull", faults.portal, Strange),
    "a_window_that_overslept_gives_way_to_what_another_has_done": (4,),
    "what_a_restored_server_holds_once_more_waits_once_more": (None,),
}


def tell(story: str, folder: Path) -> None:
    folder.mkdir()
    village = Village(folder, open_store(folder / "server.linli", new_id=Ids("server")))
    try:
        TOLD[f"test_{story}"](village, *MORE.get(story, ()))
    finally:
        village.close()
        village.store.close()


@pytest.mark.parametrize("name", STORIES)
def test_a_broken_cure_is_noticed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story, break_it = STORIES[name]
    tell(story, tmp_path / "whole")
    break_it(monkeypatch)
    try:
        tell(story, tmp_path / "broken")
    except (Exception, pytest.fail.Exception):  # noqa: BLE001  # whatever breaks, it is noticed
        return
    raise AssertionError(f"nobody noticed that {name}")
