"""What the operator does beside the server: `linli server …`, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tui import edge
from tui.i18n import LANGUAGES

from .conftest import Linli

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")
#: What stands in a text whose words were not found, or not filled in.
UNSPOKEN = re.compile(r"\b(?:cli|problem|trouble|error|verdict)\.[a-z_.]+|\{[a-z_]*\}")


def test_a_compound_is_added_and_listed(linli: Linli, any_database: str) -> None:
    added = linli("server", "compound", "add", "耐火小区", "--db", any_database, "--json").json
    assert added == {"compound": "耐火小区", "compound_id": str(UUID(added["compound_id"]))}
    linli("server", "compound", "add", "三元", "--db", any_database)
    lines = linli("server", "compound", "list", "--db", any_database, "--json").rows
    assert {line["compound"]: (line["head"], line["laptops"], line["people"]) for line in lines} == {
        "耐火小区": (1, 0, 0),
        "三元": (1, 0, 0),
    }
    assert all(line["pristine"] for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_operator_speaks_the_language(
    linked: Linli, operator: Linli, tmp_path: Path, language: str
) -> None:
    device = str(linked("list", "devices", "--json").json["id"])
    for words in (
        ["compound", "add", "三元"],
        ["compound", "list"],
        ["enrol", "耐火小区"],
        ["enrol", "耐火小区", "--url", "https://linli.example.org"],
        ["device", "list"],
        ["retry"],
        ["backup", str(tmp_path / f"{language}.copy")],
        ["restore", str(tmp_path / f"{language}.copy"), "--replace"],
        ["stats"],
        ["device", "revoke", device],
        ["device", "list"],
    ):
        said = operator(*words, "--lang", language)
        assert said.status == 0, (words, said.err)
        assert said.out.strip(), words
        assert not UNSPOKEN.search(said.out + said.err), words
        chinese = re.search(
            r"[一-龥]", said.out.replace("耐火小区", "").replace("三元", "").replace("老王的电脑", "")
        )
        assert bool(chinese) is (language == "zh_CN"), (words, said.out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_the_operator_is_a_sentence_with_a_status(
    linked: Linli, operator: Linli, tmp_path: Path, language: str
) -> None:
    assert linked("list", "people").status == 0
    (tmp_path / "text").write_text("三月的巡检", "utf-8")
    for status, words in (
        (2, ["enrol", "耐火小区", "--hours", "0"]),
        (2, ["enrol", "耐火小区", "--hours", "-1"]),
        (2, ["enrol", "耐火小区", "--hours", "nan"]),
        (2, ["enrol", "耐火小区", "--hours", "721"]),
        (2, ["enrol", "耐火小区", "--hours", "soon"]),
        (2, []),
        (2, ["compound"]),
        (2, ["device"]),
        (4, ["compound", "add", "   "]),
        (4, ["compound", "add", "长" * 200]),
        (4, ["enrol", "没有"]),
        (4, ["device", "revoke", "没有"]),
        (4, ["device", "list", "--compound", "没有"]),
        (4, ["retry", "--compound", "没有"]),
        (4, ["backup", str(tmp_path / "text")]),
        (4, ["backup", str(tmp_path / "text" / "copy")]),
        (4, ["restore", str(tmp_path / "none")]),
        (4, ["restore", str(tmp_path / "text"), "--replace"]),
        (4, ["restore", str(tmp_path / "store.db"), "--replace"]),
        (4, ["restore", str(tmp_path / "server.db")]),
    ):
        said = operator(*words, "--lang", language)
        assert said.status == status, (words, said.out, said.err)
        sentence = said.err.strip().splitlines()[-1]
        assert not UNSPOKEN.search(sentence), (words, sentence)
        assert bool(re.search(r"[一-龥]", sentence.replace("耐火小区", "").replace("没有", ""))) is (
            language == "zh_CN"
        ), sentence


def test_a_code_comes_as_json_with_its_command_and_its_end(operator: Linli, center: str) -> None:
    made = operator("enrol", "耐火小区", "--json", "--hours", "2", "--url", center).json
    assert CODE.fullmatch(made["code"])
    assert made["command"] == f"linli enrol {center} {made['code']}"
    left = datetime.fromisoformat(made["expires_at"]) - edge.clock()
    assert timedelta(hours=1, minutes=59) < left <= timedelta(hours=2)


def test_a_code_is_drawn_as_a_qr_code_for_people(operator: Linli, center: str) -> None:
    said = operator("enrol", "耐火小区", "--url", center)
    assert CODE.search(said.out)
    assert f"linli enrol {center} " in said.out
    assert (
        sum(set(line.strip()) <= set("▀▄█ \x1b[0m74") and len(line) > 20 for line in said.out.splitlines())
        > 9
    )


def test_half_an_hour_and_thirty_days_are_the_bounds_people_need(operator: Linli, center: str) -> None:
    assert center
    for hours in ("0.5", "720"):
        assert operator("enrol", "耐火小区", "--hours", hours, "--json").status == 0


def test_a_compound_is_named_by_its_id_where_two_have_one_name(operator: Linli) -> None:
    ids = [operator("compound", "add", "三元", "--json").json["compound_id"] for _ in range(2)]
    said = operator("enrol", "三元", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (2, "compound.ambiguous")
    for compound_id in (ids[0], ids[1].replace("-", "")):
        assert operator("enrol", compound_id, "--json").status == 0


def test_a_laptop_is_revoked_by_name_by_id_and_by_the_beginning_of_one(
    linli: Linli, operator: Linli, center: str, tmp_path: Path
) -> None:
    def laptop(name: str) -> str:
        code = operator("enrol", "耐火小区", "--json").json["code"]
        store = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
        assert linli("enrol", center, code, "--name", name, "--store", store).status == 0
        return str(
            next(row["id"] for row in linli("list", "devices", "--json", "--store", store).rows if row["own"])
        )

    ids = [laptop(name) for name in ("甲", "乙", "丙", "同", "同")]
    assert operator("device", "revoke", "甲", "--json").json == {"id": ids[0], "name": "甲", "revoked": True}
    assert operator("device", "revoke", ids[1]).status == 0
    beginning = next(ids[2][:n] for n in range(6, 37) if sum(one.startswith(ids[2][:n]) for one in ids) == 1)
    assert operator("device", "revoke", beginning).status == 0
    twice = operator("device", "revoke", "同", "--json")
    assert (twice.status, twice.json["problems"][0]["code"]) == (4, "device.ambiguous")
    short = operator("device", "revoke", ids[3][:4], "--json")
    assert (short.status, short.json["problems"][0]["code"]) == (4, "device.unknown")
    revoked = {row["id"]: row["revoked_at"] is not None for row in operator("device", "list", "--json").rows}
    assert revoked == dict(zip(ids, (True, True, True, False, False), strict=True))


def test_a_revoked_laptop_is_told_so_and_keeps_its_entries(linked: Linli, operator: Linli) -> None:
    linked("do", "point.add", '{"code": "W1"}')
    assert operator("device", "revoke", "老王的电脑").status == 0
    said = linked("sync")
    assert (said.status, "no longer let in" in said.err) == (4, True)
    assert linked("list", "outbox", "--json").rows


def test_an_enrolled_laptop_comes_back_under_a_new_code_with_what_it_kept(
    linked: Linli, operator: Linli, center: str
) -> None:
    linked("do", "point.add", '{"code": "W1"}')
    operator("device", "revoke", "老王的电脑")
    code = operator("enrol", "耐火小区", "--json").json["code"]
    assert linked("enrol", center, code).status == 0
    assert linked("list", "outbox", "--json").rows == []
    assert operator("compound", "list", "--json").json["head"] == 3


def test_the_list_of_laptops_holds_those_of_one_compound(linked: Linli, operator: Linli) -> None:
    assert linked("list", "people").status == 0
    operator("compound", "add", "三元")
    assert [row["name"] for row in operator("device", "list", "--json").rows] == ["老王的电脑"]
    assert operator("device", "list", "--json", "--compound", "三元").rows == []
    (row,) = operator("device", "list", "--json", "--compound", "耐火小区").rows
    assert (row["operations"], row["revoked_at"]) == (1, None)
    assert edge.clock() - datetime.fromisoformat(row["last_seen"]).astimezone(UTC) < timedelta(minutes=5)


def test_figures_count_compounds_laptops_and_verdicts(linked: Linli, operator: Linli) -> None:
    linked("do", "household.add", '{"code": "1-1-101", "area": 8000}')
    linked("sync")
    figures = operator("stats", "--json").json
    assert figures["laptops"] == {"enrolled": 1, "revoked": 0, "seen_this_week": 1}
    assert figures["operations"] == {"accepted": 3}
    assert figures["conflicts_open"] == 0
    assert [(line["name"], line["head"], line["people"]) for line in figures["compounds"]] == [
        ("耐火小区", 3, 1)
    ]
    assert len(figures["epoch"]) == 32


def test_nothing_is_held_on_a_server_of_one_version(linked: Linli, operator: Linli) -> None:
    assert linked("sync").status == 0
    assert operator("retry", "--json", "--compound", "耐火小区").json == {"judged": {}, "held": 0}


# -- copies --------------------------------------------------------------------------


def _epoch(linli: Linli, address: str) -> str:
    return str(linli("server", "stats", "--db", address, "--json").json["epoch"])


def test_a_copy_of_one_database_puts_the_other_back(
    linked: Linli, operator: Linli, any_database: str, tmp_path: Path
) -> None:
    """From SQLite into each, and from there through a second copy into a file again."""
    for code in ("W1", "W2"):
        linked("do", "point.add", json.dumps({"code": code}))
    linked("sync")
    copy, second, last = tmp_path / "copy", tmp_path / "second", tmp_path / "last.db"
    made = operator("backup", copy, "--json").json
    assert (made["bytes"], made["file"]) == (copy.stat().st_size, str(copy))
    operator("device", "revoke", "老王的电脑")  # after the copy
    empty = any_database if "postgresql" in any_database else str(tmp_path / "empty.db")
    assert linked("server", "restore", copy, "--db", empty, "--json").json["rows"] == made["rows"]
    assert linked("server", "backup", second, "--db", empty).status == 0
    assert linked("server", "restore", second, "--db", last).status == 0
    for address in (empty, str(last)):
        figures = linked("server", "stats", "--db", address, "--json").json
        assert (figures["compounds"][0]["head"], figures["laptops"]["revoked"]) == (4, 0)
        points = linked("list", "points", "--db", address, "--json").rows
        assert [row["code"] for row in points] == ["W1", "W2"]
    assert len({_epoch(linked, address) for address in (str(tmp_path / "server.db"), empty, str(last))}) == 3


def test_a_server_that_is_not_empty_is_replaced_only_on_demand(
    linked: Linli, operator: Linli, tmp_path: Path
) -> None:
    operator("backup", tmp_path / "copy")
    before = operator("stats", "--json").json
    said = operator("restore", tmp_path / "copy", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "restore.not_empty")
    assert operator("stats", "--json").json == before
    assert operator("restore", tmp_path / "copy", "--replace").status == 0
    assert linked("sync").status == 0


def test_laptops_bring_what_a_restored_server_lacks(linked: Linli, operator: Linli, tmp_path: Path) -> None:
    operator("backup", tmp_path / "copy")
    linked("do", "household.add", '{"code": "1-1-101", "area": 8000}')
    linked("sync")
    assert operator("restore", tmp_path / "copy", "--replace").status == 0
    assert operator("compound", "list", "--json").json["head"] == 2
    said = linked("sync", "--json").json
    assert said["compounds"][0]["healed"] == 1
    assert operator("compound", "list", "--json").json["head"] == 3
    assert linked("list", "households", "--json").json["area_m2"] == 80.0


def test_a_copy_is_never_written_over_and_half_a_copy_never_stays(
    linked: Linli, operator: Linli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert linked("sync").status == 0
    copy = tmp_path / "copy"
    operator("backup", copy)
    content = copy.read_bytes()
    assert operator("backup", copy).status == 4
    assert copy.read_bytes() == content
    monkeypatch.setattr("sync.server.copying._copy", lambda *_: {"operation": 7})
    monkeypatch.delenv("LINLI_DEBUG")
    assert operator("backup", tmp_path / "other").status == 1
    assert not (tmp_path / "other").exists()
    assert not [path.name for path in tmp_path.iterdir() if "draft" in path.name]


def test_a_laptops_store_and_a_copy_cut_short_are_no_copies(
    linked: Linli, operator: Linli, store_path: Path, tmp_path: Path
) -> None:
    before = operator("stats", "--json").json
    content = store_path.read_bytes()
    said = operator("restore", store_path, "--replace", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "restore.no_copy")
    assert linked("doctor", "--json").json["integrity"] == "ok"
    assert store_path.read_bytes()[:100] == content[:100]
    copy = tmp_path / "copy"
    operator("backup", copy)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    assert operator("restore", copy, "--replace").status in {1, 4}
    assert operator("stats", "--json").json == before
    assert linked("sync").status == 0


# -- questions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["compound", "list"],
        ["device", "list"],
        ["stats"],
        ["retry"],
        ["enrol", "耐火小区"],
        ["device", "revoke", "甲"],
    ],
)
def test_a_question_makes_no_server(operator: Linli, database: str, words: list[str]) -> None:
    """A mistyped address must not look like a server that has lost everything."""
    said = operator(*words)
    assert (said.status, Path(database).exists()) == (4, False)
    assert database in said.err


@pytest.mark.parametrize("words", [["list", "people"], ["do", "person.add", '{"name": "王德胜"}']])
def test_a_list_of_no_server_makes_none(linli: Linli, database: str, words: list[str]) -> None:
    for address in (database, f"sqlite:///{database}"):
        said = linli(*words, "--db", address)
        assert (said.status, Path(database).exists()) == (4, False)
        assert database in said.err


@pytest.mark.parametrize("words", [["server", "compound", "list"], ["server", "stats"], ["serve"]])
def test_a_laptops_store_is_no_servers(founded: Linli, store_path: Path, words: list[str]) -> None:
    said = founded(*words, "--db", store_path, "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "server.laptop")
    assert not UNSPOKEN.search(said.err)
    assert founded("list", "people").status == 0


def test_a_port_that_is_taken_is_a_sentence(linli: Linli, database: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ("serve", "--db", database, "--port", port)
        done = subprocess.run(
            [sys.executable, "-m", "tui.cli", *words], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 4
    assert port in done.stderr.splitlines()[-1]
    assert linli("server", "stats", "--db", database).status == 0
