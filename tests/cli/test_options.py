from __future__ import annotations

import json
from pathlib import Path

from .conftest import Linli


def test_shared_options_mean_the_same_before_and_after_the_command(
    founded: Linli, store_path: Path, tmp_path: Path
) -> None:
    founded("init", "--compound", "三元", "--as", "赵敏")
    other = tmp_path / "other.db"
    assert founded("--store", other, "--compound", "北里", "init", "--as", "孙丽").status == 0
    for command in ("people", "households"):
        after = founded("list", command, "--json", "--compound", "三元", "--store", store_path)
        before = founded("--json", "--compound", "三元", "--store", store_path, "list", command)
        assert (before.status, before.out) == (0, after.out)
    assert json.loads(founded("--json", "--store", other, "list", "people").out)["name"] == "孙丽"
    assert founded("--as", "nobody", "--store", other, "list", "people").status == 4


def test_an_option_after_the_command_wins(founded: Linli, store_path: Path, tmp_path: Path) -> None:
    said = founded("--store", tmp_path / "none.db", "list", "people", "--store", store_path, "--json")
    assert (said.status, said.json["name"]) == (0, "王德胜")
