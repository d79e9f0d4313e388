"""What a start imports: the first frame and Home shall not wait for what they do not show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tui.desk import Desk

FRAME = "import tui.cli, tui.commands.app, tui.app, tui.screens.home"
HOME = """
from pathlib import Path
from tui.desk import Desk
desk = Desk(Path(sys.argv[1]), hurried=True)
desk.open()
tui.screens.home.look(desk)
desk.listen(print)
desk.status()
"""
TELL = "print(json.dumps(sorted(sys.modules)))"


def imported(script: str, *arguments: str) -> set[str]:
    said = subprocess.run(
        [sys.executable, "-c", f"import json, sys\n{script}\n{TELL}", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(said.stdout))


def of(modules: set[str], *packages: str) -> list[str]:
    return sorted(module for module in modules if module.split(".")[0] in packages)


def test_the_first_frame_imports_no_database_no_tables_and_no_network() -> None:
    modules = imported(FRAME)
    assert of(modules, "models") == ["models", "models.ids"]
    assert of(modules, "sqlalchemy", "sqlmodel", "pydantic", "sqlcipher3", "sync", "httpx", "alembic") == []


def test_home_of_a_compound_without_a_server_imports_neither_kinds_nor_network_nor_files(
    tmp_path: Path,
) -> None:
    path = tmp_path / "small.db"
    desk = Desk(path)
    desk.open()
    desk.found("三元", "赵敏")
    desk.close()
    modules = imported(f"{FRAME}\n{HOME}", str(path))
    assert "models.community.tables" in modules
    others = (
        *("httpx", "zstandard", "sync"),  # the laptop's side of sync
        *("alembic", "pypinyin", "xlsxwriter", "python_calamine", "psycopg"),
        *("fastapi", "starlette", "uvicorn", "prometheus_client", "segno"),
    )
    assert of(modules, *others) == []
    assert "tui.syncing" not in modules
    # Tickets, duty and fees are asked behind the first of Home's questions: nobody waits for their tables.
    assert modules.isdisjoint({"models.tickets.tables", "models.tickets.queries", "models.duty.tables"})
    assert modules.isdisjoint({"models.fees.tables", "models.fees.tables_money", "models.fees.queries_home"})
    # The kinds of operation come behind Home: their payloads take as long to import as Home's tables.
    assert "models.features" not in modules
    assert [module for module in modules if ".payloads" in module or module.startswith("models.demo")] == []


def test_the_collector_works_again_once_the_desk_is_made(tmp_path: Path) -> None:
    script = """
import gc
from pathlib import Path
from tui.commands.app import _desk
gc.disable()
_desk(Path(sys.argv[1]))()
assert gc.isenabled() and gc.get_freeze_count() > 50_000
"""
    imported(script, str(tmp_path / "none.db"))
