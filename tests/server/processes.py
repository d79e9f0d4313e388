"""The real command as processes: a server that can be killed, laptops whose commands can be killed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
from simulation.devices import other_process

from models.operations.digest import digests
from models.store import Store, open_database
from server.running import PATIENCE, free_port, until
from tui import edge, i18n
from tui.cli import main


@dataclass
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def linli(*words: str | Path) -> Said:
    """Run a command in this process, which is quicker; what is to be killed has one of its own."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["--lang", "en", *map(str, words)])
    i18n.use("zh_CN", strict=False)
    return Said(status, out.getvalue(), err.getvalue())


def start(*words: str | Path, **streams: Any) -> subprocess.Popen[str]:
    """Start a command as a process of its own, in a group of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "--lang", "en", *map(str, words)],
        env=other_process(),
        text=True,
        start_new_session=True,
        **streams,
    )


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and all it has started, and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@dataclass
class Center:
    """A server on a port, which is the same whenever it is started again."""

    database: str
    log: Path
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Center:
        with self.log.open("ab") as log:
            self.process = start(
                "serve", "--db", self.database, "--port", str(self.port), "--workers", str(self.workers),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        until(self.is_ready, what=self.log.read_text("utf-8"))
        return self

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            kill(self.process)
            self.process = None

    def end(self) -> None:
        """End it as a system does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(3 * PATIENCE)
        assert self.process.returncode == 0
        self.process = None

    def do(self, *words: str | Path) -> Said:
        said = linli(*words, "--db", self.database)
        assert said.status == 0, said.err
        return said

    def code(self, compound: str = "耐火小区") -> str:
        return str(self.do("server", "enrol", compound, "--json").json["code"])


def households(path: Path, codes: range, *, building: int) -> Path:
    """Write a list of flats, one owner each."""
    lines = ["楼号,单元,房间,建筑面积,业主名称"]
    lines += [f"{building},{n % 4 + 1},{n // 4 + 101},80.5,住户{building}{n}" for n in codes]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def killed_again_and_again(random: Random, times: int, *words: str | Path, longest: float = 1.2) -> None:
    """Start a command and kill it at a random moment, so many times."""
    for _ in range(times):
        process = start(*words)
        time.sleep(0.35 + random.random() * longest)
        kill(process)


def sync_to_the_end(store: Path) -> dict[str, Any]:
    """Sync until nothing waits, in a bounded number of rounds."""
    for _ in range(5):
        said = linli("sync", "--json", "--store", store)
        if said.status == 0 and not unjudged(store):
            return dict(said.json)
    raise AssertionError(said.out + said.err)


def _read(address: str | Path) -> Store:
    return open_database(str(address), new_id=edge.new_id)


def unjudged(address: str | Path) -> int:
    store = _read(address)
    try:
        with store.read() as session:
            statement = "SELECT count(*) FROM operation WHERE verdict IS NULL"
            return int(session.connection().exec_driver_sql(statement).scalar_one())
    finally:
        store.close()


def state_of(address: str | Path) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """Return the digests of every table, and what each list prints."""
    store = _read(address)
    try:
        with store.read() as session:
            compound = session.connection().exec_driver_sql("SELECT id FROM compound").scalar_one()
            from uuid import UUID

            found = {
                name: pair
                for name, pair in digests(session, UUID(str(compound))).items()
                if tuple(pair) != (0, 0)
            }
    finally:
        store.close()
    where = ("--db", address) if "postgresql" in str(address) else ("--store", address)
    lists = {name: linli("list", name, "--json", *where).out for name in ("households", "people", "points")}
    return found, lists
