"""What a laptop asks of its server: `linli enrol`, `sync`, `resolve`, `resubmit`, `dismiss`, and lists of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from server.running import portal, served
from sqlmodel import select

from models.operations.tables import OperationRow
from models.store import open_database, open_store
from sync.client import Away, Line
from sync.server.app import create_app
from sync.wire import EnrolBody, EnrolReply
from tui import edge
from tui.i18n import LANGUAGES

from .conftest import Linli

UNSPOKEN = re.compile(r"\b(?:cli|problem|trouble|error|verdict)\.[a-z_.]+|\{[a-z_]*\}")


def codes(linli: Linli, listing: str, *words: Any) -> list[str]:
    return [row["code"] for row in linli("list", listing, "--json", *words).rows]


def another_code(operator: Linli, compound: str = "耐火小区") -> str:
    return str(operator("enrol", compound, "--json").json["code"])


# -- enrolling -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_laptop_enrols_and_syncs_in_words(
    linli: Linli, operator: Linli, *, center: str, code: str, tmp_path: Path, language: str
) -> None:
    store = tmp_path / f"{language}.db"
    assert another_code(operator)
    for words in (
        ["enrol", center, code, "--dry-run"],
        ["enrol", center, code],
        ["sync"],
        ["list", "devices"],
        ["list", "conflicts"],
        ["list", "flags"],
        ["list", "tray"],
    ):
        said = linli(*words, "--lang", language, "--store", store)
        assert said.status == 0, (words, said.err)
        text = (said.out + said.err).replace("耐火小区", "")
        assert text.strip(), words
        assert not UNSPOKEN.search(text), (words, text)
        assert bool(re.search(r"[一-龥]", text)) is (language == "zh_CN"), (words, text)


def test_a_dry_run_uses_no_code_up_and_changes_nothing(
    linli: Linli, operator: Linli, center: str, code: str
) -> None:
    looked = linli("enrol", center, code, "--dry-run", "--json").json
    assert (looked["compound"], looked["own"], looked["adopts"], looked["joins"]) == (
        "耐火小区",
        None,
        False,
        False,
    )
    assert linli("sync").status == 4
    assert operator("compound", "list", "--json").json["laptops"] == 0
    assert linli("enrol", center, code).status == 0


def test_a_code_may_be_typed_small_with_spaces_and_letters_for_digits(
    linli: Linli, center: str, code: str
) -> None:
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert linli("enrol", f"{center}/", typed).status == 0


def test_what_opens_nothing_is_a_sentence(
    linli: Linli, operator: Linli, center: str, code: str, tmp_path: Path
) -> None:
    used, over = code, another_code(operator)
    assert linli("enrol", center, used, "--store", tmp_path / "other.db").status == 0
    for wrong, trouble in (
        ("AAAAA-AAAAA", "code.unknown"),
        (used, "code.used"),
        ("ABC", "code.unknown"),
        ("", "code.unknown"),
        ("三月" * 100, "code.unknown"),
    ):
        said = linli("enrol", center, wrong, "--json")
        assert (said.status, said.json["problems"][0]["code"]) == (4, trouble), wrong
        assert not UNSPOKEN.search(said.err)
    store = open_database(str(tmp_path / "server.db"), new_id=edge.new_id)
    later = create_app(
        store, clock=lambda: edge.clock() + timedelta(hours=25), ticks=edge.ticks, version="test"
    )
    with served(later) as url:
        said = linli("enrol", url, over, "--json")
    store.close()
    assert (said.status, said.json["problems"][0]["code"]) == (4, "code.over")


def test_a_code_is_still_good_for_the_laptop_that_never_heard_it_was_let_in(
    linli: Linli, operator: Linli, *, center: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(line: Line, body: EnrolBody) -> EnrolReply:
        heard = enrol(line, body)
        assert heard.device == body.device
        raise Away("sync.away")

    enrol = Line.enrol
    with monkeypatch.context() as patch:
        patch.setattr(Line, "enrol", lose)
        assert linli("enrol", center, code).status == 4
    assert linli("enrol", center, code, "--dry-run").status == 0
    assert linli("enrol", center, code, "--store", tmp_path / "thief.db").status == 4
    assert linli("enrol", center, code).status == 0
    assert operator("compound", "list", "--json").json["laptops"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_address_is_told_from_a_server_that_is_away(
    linli: Linli, code: str, center: str, language: str
) -> None:
    assert center
    with portal() as page:
        answers = [
            linli("enrol", address, code, "--lang", language, "--json")
            for address in (
                "http://127.0.0.1:1",
                "ftp://127.0.0.1",
                "http://127.0.0.1:99999",
                "http://[::1",
                "http://127.0.0.1/?a=b",
                "",
                page,
            )
        ]
    assert [said.json["problems"][0]["code"] for said in answers] == [
        "sync.away",
        *["sync.address"] * 5,
        "sync.strange",
    ]
    for said in answers:
        assert said.status == 4
        assert not UNSPOKEN.search(said.err)
        assert bool(re.search(r"[一-龥]", said.err)) is (language == "zh_CN")


def test_a_compound_founded_offline_becomes_the_servers(
    founded: Linli, operator: Linli, center: str, code: str
) -> None:
    """With everything that was done before there was a server."""
    founded("do", "point.add", '{"code": "W1"}')
    own = founded("list", "people", "--json").json["id"]
    looked = founded("enrol", center, code, "--dry-run", "--json").json
    assert (looked["own"], looked["adopts"], looked["joins"]) == ("耐火小区", True, False)
    said = founded("enrol", center, code, "--json").json
    assert (said["adopted"], said["pushed"], said["joined"]) == (True, 2, None)
    (kept,) = operator("compound", "list", "--json").rows
    assert (kept["compound_id"], kept["head"], kept["people"], kept["pristine"]) == (
        said["compound_id"],
        2,
        1,
        False,
    )
    assert founded("list", "people", "--json").json["id"] == own
    assert founded("list", "outbox", "--json").rows == []


def test_a_compound_in_use_is_joined_after_a_look(
    linked: Linli, operator: Linli, center: str, tmp_path: Path
) -> None:
    linked("do", "point.add", '{"code": "W1"}')
    linked("do", "person.add", '{"name": "李秀英"}')
    linked("sync")
    store = ("--store", tmp_path / "other.db")
    assert linked("init", "--compound", "自己的", "--as", "李秀英", *store).status == 0
    for code in ("W1", "W2"):
        linked("do", "point.add", json.dumps({"code": code}), *store)
    code = another_code(operator)
    looked = linked("enrol", center, code, "--dry-run", "--json", *store).json
    assert (looked["own"], looked["adopts"], looked["joins"]) == ("自己的", False, True)
    seen = linked("enrol", center, code, "--json", "--as", "王德胜", *store)
    assert (seen.status, seen.json["joined"]["done"]) == (0, False)
    here = ("--compound", "耐火小区", *store)
    assert codes(linked, "points", *here) == ["W1"]
    done = linked("enrol", center, another_code(operator), "--join", "--json", "--as", "王德胜", *store).json
    assert done["joined"]["done"] is True
    assert {name: n for name, n in done["joined"].items() if name != "done"} == {
        name: n for name, n in seen.json["joined"].items() if name != "done"
    }
    assert codes(linked, "points", *here) == ["W1", "W2"]
    assert codes(linked, "points", "--compound", "自己的", *store) == ["W1", "W2"], "both stay"
    linked("sync", *store)
    linked("sync")
    assert codes(linked, "points") == ["W1", "W2"]
    assert len(linked("list", "people", "--json").rows) == len(linked("list", "people", "--json", *here).rows)


# -- syncing ---------------------------------------------------------------------------


def test_a_laptop_that_no_server_knows_is_told_how_to_enrol(founded: Linli) -> None:
    said = founded("sync", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "sync.not_linked")
    assert "linli enrol" in said.err


def test_syncing_makes_no_store(linli: Linli, store_path: Path) -> None:
    assert linli("sync").status == 4
    assert not store_path.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_server_that_is_away_is_a_sentence_and_loses_nothing(
    linli: Linli, operator: Linli, database: str, language: str
) -> None:
    operator("compound", "add", "耐火小区")
    code = another_code(operator)
    store = open_database(database, new_id=edge.new_id)
    with served(create_app(store, clock=edge.clock, ticks=edge.ticks, version="test")) as url:
        assert linli("enrol", url, code).status == 0
    store.close()
    linli("do", "person.add", '{"name": "王德胜"}')
    said = linli("sync", "--lang", language)
    assert said.status == 4
    assert {"en": "cannot be reached", "zh_CN": "连不上"}[language] in said.err
    assert len(linli("list", "outbox", "--json").rows) == 1
    told = linli("sync", "--json")
    assert told.json["compounds"][0]["trouble"] == "sync.away"


def test_a_round_counts_what_went_up_and_what_came_down(linked: Linli) -> None:
    linked("do", "household.add", '{"code": "1-1-101", "area": 8000}')
    linked("do", "point.add", '{"code": "W1"}')
    said = linked("sync", "--json").json
    assert (said["pushed"], said["verdicts"], said["conflicts"], said["refused"]) == (
        2,
        {"accepted": 2},
        0,
        0,
    )
    assert said["bytes"] == said["bytes_up"] + said["bytes_down"] > 500
    again = linked("sync", "--json").json
    assert (again["pushed"], again["pulled"], again["verdicts"]) == (0, 0, {})
    assert again["bytes"] < 1000


def test_several_compounds_sync_together_or_by_name(
    linked: Linli, operator: Linli, center: str, tmp_path: Path
) -> None:
    operator("compound", "add", "三元")
    assert linked("enrol", center, another_code(operator, "三元")).status == 0
    said = linked("sync", "--json").json
    assert sorted(line["compound"] for line in said["compounds"]) == ["三元", "耐火小区"]
    one = linked("sync", "--json", "--compound", "三元").json
    assert [line["compound"] for line in one["compounds"]] == ["三元"]
    assert linked("sync", "--compound", "没有").status == 4
    linked("do", "point.add", '{"code": "W1"}', "--compound", "三元")
    linked("sync")
    heads = {line["compound"]: line["head"] for line in operator("compound", "list", "--json").rows}
    assert heads == {"三元": 2, "耐火小区": 2}
    assert codes(linked, "points", "--compound", "耐火小区") == []
    assert tmp_path.exists()


@pytest.mark.parametrize("moment", ["1900-01-01", "1969-07-20", "2200-01-01"])
def test_a_time_long_past_or_to_come_stops_nothing(linked: Linli, moment: str) -> None:
    linked("do", "point.add", '{"code": "W1"}')
    linked("do", "walk.start", '{"name": "三月"}')
    seen = '{"walk": "三月", "point": "W1", "level": "dry"}'
    assert linked("do", "walk.observe", seen, "--at", moment).status == 0
    linked("do", "point.add", '{"code": "W2"}')
    said = linked("sync", "--json")
    assert (said.status, linked("list", "outbox", "--json").rows) == (0, []), said.err
    (row,) = linked("list", "observations", "--json").rows
    assert row["at"].startswith(moment[:4])


@pytest.mark.parametrize("moment", ["0002-01-01T00:00+08:00", "1899-12-31T12:00Z", "2300-01-01T12:00Z"])
def test_a_time_beyond_all_reason_stops_nothing(linked: Linli, store_path: Path, moment: str) -> None:
    """No command makes one, but a store may hold it."""
    linked("do", "point.add", '{"code": "W1"}')
    linked("do", "walk.start", '{"name": "三月"}')
    assert linked("do", "walk.observe", '{"walk": "三月", "point": "W1", "level": "dry"}').status == 0
    store = open_store(store_path, new_id=edge.new_id)
    with store.write() as session:
        (observed,) = session.exec(select(OperationRow).where(OperationRow.kind == "walk.observe"))
        observed.happened_at = datetime.fromisoformat(moment)
        session.add(observed)
    store.close()
    linked("do", "point.add", '{"code": "W2"}')
    said = linked("sync", "--json")
    assert (said.status, linked("list", "outbox", "--json").rows) == (0, []), said.err
    (row,) = linked("list", "observations", "--json").rows
    assert row["at"][:4] == ("2200" if moment.startswith("2300") else "1900")


# -- settling --------------------------------------------------------------------------


@pytest.fixture
def two(linked: Linli, operator: Linli, center: str, tmp_path: Path) -> tuple[Linli, Linli]:
    """Two laptops of one compound that hold a flat, both by the director's hand."""
    store = tmp_path / "second.db"

    def other(*words: str | Path) -> Any:
        return linked(*words, "--store", store)

    linked("do", "household.add", '{"code": "1-1-101", "area": 8000}')
    linked("sync")
    assert other("enrol", center, another_code(operator), "--name", "第二台").status == 0
    return linked, other


def edit(linli: Linli, area: int) -> None:
    payload = {"household": "1-1-101", "new": {"area": area}}
    assert linli("do", "household.edit", json.dumps(payload)).status == 0


@pytest.mark.parametrize("choice", ["keep", "take"])
def test_a_person_chooses_between_two_values_and_both_laptops_hear(
    two: tuple[Linli, Linli], choice: str
) -> None:
    one, other = two
    edit(one, 8100)
    edit(other, 8200)
    one("sync")
    said = other("sync", "--json").json
    assert (said["conflicts"], said["verdicts"]) == (1, {"conflict": 1})
    (conflict,) = other("list", "conflicts", "--json").rows
    assert {conflict["kept"], conflict["lost"]} == {8100, 8200}
    wanted = conflict["kept" if choice == "keep" else "lost"]
    assert other("resolve", conflict["id"], choice).json["verdict"] == "accepted"
    for laptop in (other, one, other):
        assert laptop("sync").status == 0
    for laptop in (one, other):
        assert laptop("list", "households", "--json").json["area_m2"] == wanted / 100
        assert [
            row["status"] for row in laptop("list", "conflicts", "--json").rows if row["status"] == "open"
        ] == []


@pytest.fixture
def refused(two: tuple[Linli, Linli]) -> tuple[Linli, Linli, str]:
    """The same two; the second had its building refused, because somebody lives there meanwhile."""
    one, other = two
    one("do", "building.edit", '{"building": "1", "new": {"name": "东楼"}}')
    one("sync")
    other("sync")
    one("do", "household.archive", '{"household": "1-1-101"}')
    one("sync")
    other("sync")
    one("do", "household.unarchive", '{"household": "1-1-101"}')
    one("sync")
    assert other("do", "building.archive", '{"building": "1"}').status == 0
    said = other("sync", "--json").json
    assert said["refused"] == 1
    (row,) = other("list", "tray", "--json").rows
    return one, other, str(row["id"])


def test_what_was_refused_is_refused_again_until_things_have_changed(
    refused: tuple[Linli, Linli, str],
) -> None:
    one, other, operation = refused
    said = other("resubmit", operation)
    assert (said.status, said.json["code"]) == (4, "building.inhabited")
    assert len(other("list", "tray", "--json").rows) == 1
    one("do", "household.archive", '{"household": "1-1-101"}')
    one("sync")
    other("sync")
    assert other("resubmit", operation).json["verdict"] == "accepted"
    assert other("list", "tray", "--json").json["settled"] == "resubmitted"
    assert other("sync", "--json").json["verdicts"] == {"accepted": 1}
    assert other("resubmit", operation).status == 4


def test_what_was_refused_is_dismissed_once(refused: tuple[Linli, Linli, str]) -> None:
    _, other, operation = refused
    assert other("dismiss", operation, "--json").json == {"dismissed": 1}
    assert other("list", "tray", "--json").json["settled"] == "dismissed"
    said = other("dismiss", operation, "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "tray.unknown")


@pytest.mark.parametrize("words", [["resolve", "x", "keep"], ["resubmit", "x"], ["dismiss", "x"]])
def test_an_id_that_is_none_is_a_usage_mistake(founded: Linli, words: list[str]) -> None:
    assert founded(*words).status == 2
    nobody = [word.replace("x", "0" * 32) for word in words]
    assert founded(*nobody).status == 4


def test_the_list_of_laptops_names_this_one(two: tuple[Linli, Linli]) -> None:
    one, other = two
    one("sync")
    for laptop, name in ((one, "老王的电脑"), (other, "第二台")):
        rows = laptop("list", "devices", "--json").rows
        assert [row["name"] for row in rows] == ["老王的电脑", "第二台"]
        assert [row["name"] for row in rows if row["own"]] == [name]


# -- at the server's own database --------------------------------------------------------


def test_an_operator_does_and_lists_on_the_servers_database(linli: Linli, any_database: str) -> None:
    db = ("--db", any_database)
    linli("server", "compound", "add", "耐火小区", *db)
    assert linli("do", "person.add", '{"name": "王德胜"}', *db).json["verdict"] == "accepted"
    assert linli("do", "household.add", '{"code": "1-1-101"}', *db).json["verdict"] == "accepted"
    refused = linli("do", "household.add", '{"code": "hello"}', *db)
    assert (refused.status, refused.json["verdict"]) == (4, "rejected")
    assert codes(linli, "households", *db) == ["1-1-101"]
    assert [row["roles"] for row in linli("list", "people", "--json", *db).rows] == [["director"]]
    assert linli("list", "outbox", "--json", *db).rows == []
    assert linli("server", "stats", "--json", *db).json["operations"] == {"accepted": 3}


def test_what_an_operator_did_comes_down_to_laptops(linked: Linli, database: str) -> None:
    assert linked("do", "point.add", '{"code": "W9"}', "--db", database).status == 0
    assert linked("sync", "--json").json["pulled"] == 1
    assert codes(linked, "points") == ["W9"]


@pytest.mark.parametrize("where", ["authority", "options"])
def test_no_command_ever_prints_the_databases_password(
    linli: Linli, postgres_server: Any, postgres_database: str, where: str
) -> None:
    address = postgres_server.address(postgres_database)
    secret = "geheim-5150"  # noqa: S105  # to be looked for
    if where == "options":
        address += f"&password={secret}"
    else:
        address = address.replace("linli@", f"linli:{secret}@")
    for words in (
        ["server", "compound", "add", "耐火小区"],
        ["server", "stats"],
        ["list", "people"],
        ["do", "person.add", '{"name": "王德胜"}'],
    ):
        for json_or_not in ([], ["--json"]):
            said = linli(*words, *json_or_not, "--db", address)
            assert secret not in said.out + said.err
    gone = linli("server", "stats", "--json", "--db", address.replace(postgres_database, "gone"))
    away = linli("list", "people", "--json", "--db", address.replace("5432", "5433"))
    assert secret not in gone.out + gone.err + away.out + away.err
    assert (gone.json["problems"][0]["code"], away.json["problems"][0]["code"]) == (
        "store.absent",
        "store.unreachable",
    )


# -- what is loaded ----------------------------------------------------------------------


def _loaded(script: str, *names: str) -> list[str]:
    code = (
        f"import sys\nfrom tui.cli import main\n{script}\n"
        f"print([name for name in {names!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1].replace("'", '"'))
    return found


def test_a_laptops_sync_loads_nothing_of_the_server(linked: Linli, store_path: Path) -> None:
    assert linked("do", "point.add", '{"code": "W1"}').status == 0
    script = f"assert main(['sync', '--store', {str(store_path)!r}]) == 0"
    names = ("textual", "fastapi", "starlette", "uvicorn", "psycopg", "prometheus_client", "segno", "alembic")
    assert _loaded(script, *names) == []
    assert _loaded(script, "httpx", "sqlmodel") == ["httpx", "sqlmodel"], "this test can see what is loaded"


def test_the_server_never_loads_textual(operator: Linli, database: str) -> None:
    operator("compound", "add", "耐火小区")
    script = (
        f"db = ['--db', {database!r}]\n"
        "for words in (['stats'], ['enrol', '耐火小区'], ['device', 'list'], ['retry']):\n"
        "    assert main(['server', *words, *db]) == 0\n"
        "import os\n"
        f"os.environ['LINLI_DB'] = {database!r}\n"
        "from tui.commands.serving import make_app\n"
        "make_app()"
    )
    assert _loaded(script, "textual", "pypinyin", "fastapi") == ["fastapi"]
