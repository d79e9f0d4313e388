from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import build_parser
from tui.i18n import LANGUAGES, use

from .conftest import Linli, Said


def test_the_first_person_made_is_the_director(linli: Linli) -> None:
    assert linli("init", "--compound", "耐火小区").status == 0
    assert linli("do", "person.add", '{"name": "王德胜"}').json["verdict"] == "accepted"
    assert linli("do", "person.add", '{"name": "李秀英"}').json["verdict"] == "accepted"
    people = {row["name"]: row["roles"] for row in linli("list", "people", "--json").rows}
    assert people == {"王德胜": ["director"], "李秀英": []}


def test_init_can_name_the_director(founded: Linli) -> None:
    people = founded("list", "people", "--json").rows
    assert [(row["name"], row["roles"]) for row in people] == [("王德胜", ["director"])]


def test_init_without_a_name_is_a_usage_mistake(linli: Linli, store_path: Path) -> None:
    assert linli("init").status == 2
    assert not store_path.exists()


def test_init_refuses_a_name_that_is_there(founded: Linli) -> None:
    said = founded("init", "--compound", "耐火小区")
    assert (said.status, "already holds" in said.err) == (4, True)


def test_a_second_compound_is_chosen_by_name(founded: Linli) -> None:
    assert founded("init", "--compound", "三元", "--as", "赵敏").status == 0
    assert founded("list", "people", "--json", "--compound", "耐火小区").rows[0]["name"] == "王德胜"
    assert founded("list", "people", "--json", "--compound", "三元").rows[0]["name"] == "赵敏"
    assert founded("list", "people", "--compound", "没有").status == 4
    unnamed = founded("list", "people")
    assert (unnamed.status, "耐火小区" in unnamed.err, "三元" in unnamed.err) == (2, True, True)


def test_do_takes_codes_and_names_for_references(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "1栋1单元１００１室", "area": 8050}')
    founded("do", "person.add", '{"name": "张三"}')
    said = founded("do", "occupancy.start", '{"household": "1-1-1001", "person": "zs", "relation": "owner"}')
    assert said.status == 0
    assert founded("list", "households", "--json", "--where", "code=1-1-1001").rows[0]["owners"] == ["张三"]


def test_do_reads_standard_input(founded: Linli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"code": "W07"}'))
    assert founded("do", "point.add", "-").json["verdict"] == "accepted"


def test_an_edit_needs_no_old_value_from_a_person(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "1-1-1001", "area": 8050}')
    assert founded("do", "household.edit", '{"household": "1-1-1001", "new": {"area": 9000}}').status == 0
    assert founded("list", "households", "--json").rows[0]["area_m2"] == 90.0


@pytest.mark.parametrize(
    ("kind", "payload", "status"),
    [
        ("no.such", "{}", 2),
        ("household.add", "{", 4),
        ("household.add", "[]", 4),
        ("household.add", '{"code": "hello"}', 4),
        ("household.edit", '{"household": "9-9-901", "new": {"area": 1}}', 4),
        ("household.add", '{"code": "1-1-1", "area": "x"}', 4),
        ("household.add", '{"code": "1-1-1", "nope": 1}', 4),
    ],
)
def test_bad_input_has_a_status_and_a_sentence(founded: Linli, kind: str, payload: str, status: int) -> None:
    said = founded("do", kind, payload)
    assert said.status == status
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_a_rejected_operation_is_json_too(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "1-1-1001"}')
    said = founded("do", "building.archive", '{"building": "1"}')
    assert (said.status, said.json["verdict"], said.json["code"]) == (4, "rejected", "building.inhabited")


def test_somebody_without_the_role_is_refused(founded: Linli) -> None:
    founded("do", "person.add", '{"name": "张三"}')
    said = founded("do", "household.add", '{"code": "1-1-1001"}', "--as", "张三")
    assert (said.status, said.json["code"]) == (4, "role.missing")


def test_paper_is_typed_in_with_its_doer_and_its_time(founded: Linli) -> None:
    founded("do", "person.add", '{"name": "张三"}')
    founded("do", "point.add", '{"code": "W07"}')
    founded("do", "walk.start", '{"name": "三月"}')
    founded(
        "do", "walk.observe", '{"walk": "三月", "point": "w07", "level": "full"}',
        "--doer", "张三", "--at", "2026-03-01T09:30",
    )  # fmt: skip
    (seen,) = founded("list", "observations", "--json").rows
    assert (seen["doer"], seen["recorder"], seen["at"]) == ("张三", "王德胜", "2026-03-01T09:30:00+08:00")


def test_undo_takes_the_newest_group_back(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "1-1-1001"}')
    assert founded("undo", "last").status == 0
    assert [row["archived"] for row in founded("list", "households", "--json").rows] in ([], [True])
    assert founded("undo", "not-an-id").status == 2


def test_locate_names_the_blocked_pipe(founded: Linli) -> None:
    for code in ("W1", "W2", "W3"):
        founded("do", "point.add", json.dumps({"code": code}))
    founded("do", "point.add", '{"code": "OUT", "kind": "outfall"}')
    for start, end in (("W1", "W2"), ("W2", "W3"), ("W3", "OUT")):
        founded("do", "pipe.add", json.dumps({"start": start, "end": end, "diameter_mm": 300}))
    founded("do", "household.add", '{"code": "1-1-101"}')
    founded("do", "connection.add", '{"point": "W1", "household": "1-1-101"}')
    founded("do", "walk.start", '{"name": "三月"}')
    for code, level in (("W1", "full"), ("W2", "full"), ("W3", "dry")):
        founded("do", "walk.observe", json.dumps({"walk": "三月", "point": code, "level": level}))
    found = founded("locate", "--json").json
    assert found["blockages"][0]["pipes"][0] == ["W2", "W3"]
    assert found["blockages"][0]["households"] == ["1-1-101"]
    assert set(found["blockages"][0]) >= {"pipes", "confidence", "evidence", "wells", "households"}
    assert "W2" in founded("locate", "--walk", "三月").out
    assert founded("locate", "--walk", "没有").status == 4


def test_lists_filter_and_name_their_columns(founded: Linli) -> None:
    assert founded("list", "nothing").status == 2
    assert founded("list", "people", "--where", "nope=1").status == 2
    assert founded("list", "people", "--where", "no equals").status == 2
    assert founded("list", "people", "--json", "--where", "name=王德胜").rows
    assert founded("list", "people", "--json", "--where", "name=别人").rows == []


@pytest.mark.parametrize(
    "name",
    [
        "buildings", "households", "people", "points", "pipes", "routes", "walks", "observations",
        "responsibilities", "operations", "outbox",
    ],
)  # fmt: skip
def test_every_promised_list_exists(founded: Linli, name: str) -> None:
    assert founded("list", name, "--json").status == 0
    assert founded("list", name).status == 0


def test_kinds_are_listed_and_have_a_schema(founded: Linli) -> None:
    kinds = {row["kind"]: row for row in founded("kinds", "--json").rows}
    assert kinds["walk.observe"]["nature"] == "fact"
    assert kinds["household.edit"]["nature"] == "decision"
    schema = founded("kinds", "walk.observe").json["schema"]
    assert "level" in schema["properties"]
    assert founded("kinds", "no.such").status == 2


def test_doctor_tells_a_whole_store_from_a_damaged_one(founded: Linli, store_path: Path) -> None:
    health = founded("doctor", "--json").json
    assert (health["integrity"], health["dangling"], health["counts"]["person"]) == ("ok", 0, 1)
    content = bytearray(store_path.read_bytes())
    store_path.write_bytes(content[: len(content) // 2])
    said = founded("doctor")
    assert said.status in {1, 4}
    assert said.err.strip()


def test_doctor_makes_no_store(linli: Linli, store_path: Path) -> None:
    assert linli("doctor").status == 2
    assert not store_path.exists()


def test_a_file_that_is_no_store_is_named_and_left_alone(linli: Linli, store_path: Path) -> None:
    store_path.write_text("三月的巡检")
    said = linli("list", "people")
    assert said.status == 4
    assert str(store_path) in said.err
    assert store_path.read_text() == "三月的巡检"


def test_a_question_makes_no_store_and_says_how_to_begin(linli: Linli, store_path: Path) -> None:
    said = linli("list", "people")
    assert said.status == 4
    assert "linli init" in said.err
    assert not store_path.exists()


def test_an_unexpected_failure_is_a_sentence(founded: Linli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_DEBUG")
    monkeypatch.setattr("tui.desk.Desk.open", lambda _: 1 / 0)
    said = founded("list", "people")
    assert (said.status, "ZeroDivisionError" in said.err, "Traceback" in said.err) == (1, True, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_documented_in_both_languages(language: str) -> None:
    use(language, strict=True)
    try:
        text = build_parser().format_help()
    finally:
        use("zh_CN", strict=False)
    for command in ("demo", "init", "import", "do", "kinds", "list", "locate", "doctor"):
        assert f"    {command} " in text


def _python(*words: str) -> Said:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def test_version_loads_neither_sqlmodel_nor_textual() -> None:
    said = _python(
        "-c",
        "import sys; from tui.cli import main; main(['--version']);"
        "print([m for m in ('sqlmodel', 'sqlalchemy', 'textual', 'pydantic') if m in sys.modules])",
    )
    assert said.out.splitlines()[1] == "[]"


def test_headless_commands_never_load_textual(tmp_path: Path) -> None:
    store = str(tmp_path / "a.db")
    said = _python(
        "-c",
        "import sys; from tui.cli import main\n"
        f"store = ['--store', {store!r}]\n"
        "main(['init', '--compound', 'x', '--as', 'y', *store])\n"
        "for name in ('people', 'points', 'operations'): main(['list', name, *store])\n"
        "main(['kinds']); main(['locate', *store]); main(['doctor', *store])\n"
        "main(['do', 'point.add', '{\"code\": \"W1\"}', *store])\n"
        "print([m for m in sys.modules if m.split('.')[0] == 'textual'])",
    )
    assert said.out.splitlines()[-1] == "[]", said.err


def test_the_app_without_a_terminal_says_so(founded: Linli) -> None:
    said = founded()
    assert (said.status, "terminal" in said.err) == (2, True)


def test_every_command_stands_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text("utf-8")
    use("en", strict=True)
    try:
        commands = build_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    finally:
        use("zh_CN", strict=False)
    assert commands
    for name in commands:
        assert f"`linli {name}" in manual, name
