"""Start a peer's server, drive it, and put the figures together."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peers import environment
from peers.proxy import Counted, CountingProxy

HERE = Path(__file__).resolve().parent
PHASES = ("push_new", "pull_new", "push_edits", "pull_edits", "idle", "catch_up")
START_WITHIN = 60.0

# What the figures of a peer stand for. Printed with them, because a ratio without it misleads.
MEANING = {
    "pouchdb": [
        "client and server keep documents in leveldb on disk; replication batches of 1000 (the default of 100 is slower)",
        "an idle round is sync(): it asks in both directions, about a dozen small requests",
        "no schema, no roles, no validation; a conflict is kept as a branch of revisions",
        "catch_up moves the last revision of each record and the ids of the earlier ones",
    ],
    "actual": [
        "the client is Actual's own (@actual-app/api); a record is a transaction of seven columns, so seven CRDT messages",
        "pulling includes what Actual's client always does: message log, merkle trie, rows in SQLite, budget sheet",
        "the server stores opaque messages by timestamp and never looks inside: it checks the login and who may open the file",
        "new records are pushed in portions, because Actual's server refuses requests above 20 MB",
        "catch_up moves every message, also of columns written over since",
    ],
    "anki": [
        "client and server are the same Rust code, each with a collection file in SQLite; a note brings one card with it",
        "one collection belongs to one person: no roles; of two edits of a note the later one stands, whole",
        "the first sync copies the whole file (fresh_copy); the phases here are merging syncs after that",
        "catch_up moves the last state of each note",
    ],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def server_command(peer: str, port: int, folder: Path) -> tuple[list[str], dict[str, str]]:
    if peer == "pouchdb":
        return [environment.node(), str(HERE / "pouchdb.mjs"), "serve", str(port), str(folder)], {}
    if peer == "actual":
        package = environment.home() / "actual" / "node_modules" / "@actual-app" / "sync-server"
        return [environment.node(), str(package / "build" / "bin" / "actual-server.js")], {
            "ACTUAL_DATA_DIR": str(folder),
            "ACTUAL_HOSTNAME": "127.0.0.1",
            "ACTUAL_PORT": str(port),
            "NODE_ENV": "production",
        }
    return [str(environment.python("anki")), "-m", "anki.syncserver"], {
        "SYNC_USER1": "bench:bench",
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
        "SYNC_BASE": str(folder),
    }


def driver_command(peer: str) -> list[str]:
    if peer == "anki":
        return [str(environment.python("anki")), str(HERE / "anki_peer.py")]
    return [environment.node(), str(HERE / f"{peer}.mjs")]


def surroundings(more: dict[str, str]) -> dict[str, str]:
    """The caller's environment without what would point a peer's Python or node at Linli's packages."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "NODE_", "ACTUAL_", "SYNC_"))}
    return {**kept, **more}


def peak_rss_mb(pid: int) -> float | None:
    """The most memory a process has held so far; None where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    return None


def cpu_seconds(pid: int) -> float | None:
    """Processor time a process has used so far, in itself and in the kernel; None where the system does not tell."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return None


@contextlib.contextmanager
def running_server(peer: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The peer's server on a free port: its port and its process id."""
    folder.mkdir()
    port = free_port()
    command, more = server_command(peer, port, folder)
    log = folder.parent / "server.log"
    with log.open("w") as said:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=surroundings({"LINLI_PEER": json.dumps({"home": str(environment.home() / peer)}), **more}),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + START_WITHIN
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                if server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the server of {peer} did not start: {log.read_text()[-1000:]}")
                time.sleep(0.1)
            yield port, server.pid
        finally:
            server.kill()
            server.wait()


def finished(told: dict[str, Any], passed: Counted) -> dict[str, Any]:
    """A phase's result: what the driver told, with rates and bytes."""
    result = {key: value for key, value in told.items() if key != "end"}
    result["bytes_up"], result["bytes_down"] = passed.up, passed.down
    both = passed.up + passed.down
    if "median_ms" in result:
        result["median_ms"] = round(result["median_ms"], 3)
        result["bytes_per_round"] = round(both / result["rounds"])
        return result
    seconds = result["seconds"] = max(round(result["seconds"], 4), 0.0001)
    result["rate"] = round(result["changes"] / seconds)
    if "messages" in result:
        result["messages_rate"] = round(result["messages"] / seconds)
    result["bytes_per_change"] = round(both / result["changes"], 1)
    if "records" in result:
        result["bytes_per_record"] = round(both / result["records"], 1)
    return result


def drive(
    peer: str, given: dict[str, Any], proxy: CountingProxy, server: int, patience: float
) -> dict[str, Any]:
    """Run the driver to its end, reading the proxy and the server's processor time between the phases."""
    phases: dict[str, Any] = {}
    folder = Path(given["folder"])
    with (folder / "driver.log").open("w+") as complaints:
        driver = subprocess.Popen(
            driver_command(peer),
            cwd=folder,
            env=surroundings({"LINLI_PEER": json.dumps(given)}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        impatience = threading.Timer(patience, driver.kill)
        impatience.start()
        assert driver.stdin is not None
        assert driver.stdout is not None
        passed, used = proxy.counted(), cpu_seconds(server)
        try:
            for line in driver.stdout:
                if not line.startswith("{"):  # a peer's own chatter
                    continue
                told = json.loads(line)
                if "begin" in told:
                    passed, used = proxy.counted(), cpu_seconds(server)
                elif "end" in told:
                    now = cpu_seconds(server)
                    done = phases[told["end"]] = finished(told, proxy.counted().since(passed))
                    if now is not None and used is not None:
                        done["server_cpu_seconds"] = round(now - used, 2)
                driver.stdin.write("go\n")
                driver.stdin.flush()
        except BrokenPipeError:
            pass
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                driver.wait(10)
            driver.kill()
            code = driver.wait()
            impatient = not impatience.is_alive()
            impatience.cancel()
            driver.stdout.close()
            with contextlib.suppress(BrokenPipeError):
                driver.stdin.close()
        complaints.seek(0)
        said = complaints.read().strip()[-1500:]
    absent = [phase for phase in PHASES if phase not in phases]
    if absent:
        why = (
            f"the driver was stopped after {patience:.0f} s" if impatient else f"it ended with {code}: {said}"
        )
        phases |= dict.fromkeys(absent)
        phases["reasons"] = dict.fromkeys(absent, why)
    return phases


def measure(
    peer: str,
    *,
    changes: int = 20_000,
    edits: int = 20_000,
    catch_up_changes: int = 50_000,
    catch_up_records: int = 500,
    rounds: int = 50,
    patience: float = 1200.0,
    folder: Path | None = None,
) -> dict[str, Any]:
    """The figures of one peer. Raises Missing when its environment has not been made.

    Each phase is a dictionary of `changes`, `seconds`, `rate` (changes per second), `bytes_up`, `bytes_down` and
    `bytes_per_change` (both ways), sometimes with `messages` (the peer's own unit) and `messages_rate`; `idle` has
    `median_ms` and `bytes_per_round`. A phase that could not be measured is None, and `reasons` says why.
    `server_cpu_seconds` is what the server's process used: it tells a slow server from a slow client. The catch-up's
    changes are pushed after each time that every record was touched once, so the server has seen them all; compare its `seconds`
    and bytes rather than its `rate`, which counts changes that some peers need not move.
    `folder` is where the databases are made; a temporary one is made, and removed, when it is not given.
    """
    if peer not in environment.PEERS:
        raise ValueError(f"no such peer: {peer}")
    installed = environment.versions(peer)
    result: dict[str, Any] = {"peer": peer, "versions": installed, "meaning": MEANING[peer]}
    with contextlib.ExitStack() as stack:
        if folder is None:
            made = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="linli-peer-", ignore_cleanup_errors=True)
            )
            folder = Path(made)
        clients = folder / "clients"
        clients.mkdir(parents=True)
        port, pid = stack.enter_context(running_server(peer, folder / "server"))
        proxy = stack.enter_context(CountingProxy(port))
        given = {
            "home": str(environment.home() / peer),
            "url": f"http://127.0.0.1:{proxy.port}",
            "folder": str(clients),
            "changes": changes,
            "edits": edits,
            "rounds": rounds,
            "catch_up_changes": catch_up_changes,
            "catch_up_records": catch_up_records,
        }
        result["server_rss_at_rest_mb"] = peak_rss_mb(pid)
        result |= drive(peer, given, proxy, pid, patience)
        result["server_peak_rss_mb"] = peak_rss_mb(pid)
        if result["server_peak_rss_mb"] is None:
            result.setdefault("reasons", {})["server_peak_rss_mb"] = (
                f"no /proc here ({sys.platform}), or it ended"
            )
    return result
