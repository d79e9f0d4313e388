"""Where the peers live, which versions are measured, and how one is told that they are missing."""

import json
import os
import shutil
import subprocess
from pathlib import Path

#: Whose sync is measured.
PEERS = ("pouchdb", "actual", "anki")
#: Whose first screen is measured.
SCREENS = ("harlequin",)

NPM = {
    "pouchdb": {"pouchdb": "9.0.0", "express-pouchdb": "4.2.0", "express": "4.22.1"},
    "actual": {"@actual-app/sync-server": "26.9.0", "@actual-app/api": "26.9.0"},
}
PIP = {
    "anki": {"anki": "26.9.3"},
    # Its Textual is the one that Linli has, so that the two differ by what stands on it.
    "harlequin": {"harlequin": "2.17.0", "textual": "8.2.8"},
}
# Actual's server asks for node 22 or later. Where the machine's own is older, this one is put beside it.
NODE_WANTED = 22
NODE_PACKAGE = {"node": "22.23.3"}


class Missing(Exception):  # noqa: N818 - it is a state of the machine, not a fault
    """The peer's environment has not been made, or not with the versions wanted here."""


def home() -> Path:
    """The folder of the environments: $LINLI_BENCH_PEERS, or one in the user's cache."""
    chosen = os.environ.get("LINLI_BENCH_PEERS")
    return Path(chosen).expanduser().resolve() if chosen else Path.home() / ".cache" / "linli-bench"


def own_node() -> Path:
    return home() / "node" / "node_modules" / "node" / "bin" / "node"


def major(node: str | Path) -> int:
    said = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.strip().lstrip("v").split(".", maxsplit=1)[0])


def node() -> str:
    """The node that runs both JavaScript peers: the machine's if it is new enough, else the one installed here."""
    if own_node().exists():
        return str(own_node())
    system = shutil.which("node")
    if system is None:
        raise Missing("there is no node on this machine")
    if major(system) < NODE_WANTED:
        raise Missing(f"node {NODE_WANTED} or later is needed")
    return system


def python(peer: str) -> Path:
    return home() / peer / "bin" / "python"


def versions(peer: str) -> dict[str, str]:
    """What is really installed for a peer; Missing when it is not there or is another version than is pinned."""
    found = {}
    if peer in NPM:
        for name, wanted in NPM[peer].items():
            manifest = home() / peer / "node_modules" / name / "package.json"
            if not manifest.exists():
                raise Missing(f"{peer}: {name} is not installed in {home()}")
            found[name] = json.loads(manifest.read_text())["version"]
            if found[name] != wanted:
                raise Missing(f"{peer}: {name} is {found[name]}, {wanted} is measured here")
        found["node"] = subprocess.run(
            [node(), "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()
        return found
    if not python(peer).exists():
        raise Missing(f"{peer}: there is no Python environment in {home()}")
    for name, wanted in PIP[peer].items():
        asked = f"import importlib.metadata as m; print(m.version({name!r}))"
        said = subprocess.run([python(peer), "-c", asked], capture_output=True, text=True, check=False)
        if said.returncode != 0 or said.stdout.strip() != wanted:
            raise Missing(f"{peer}: {name} is {said.stdout.strip() or 'absent'}, {wanted} is measured here")
        found[name] = wanted
    return found
