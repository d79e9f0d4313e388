"""Make the environments of the peers: `python tests/bench/peers/install.py [PEER ...]`.

Each gets a folder in $LINLI_BENCH_PEERS (or ~/.cache/linli-bench): npm packages for the two JavaScript peers,
a venv each for Anki and harlequin. Nothing is installed into Linli's own environment. What cannot be installed is said, and the
others are made all the same; the exit code is 1 then.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path


def npm_install(folder: Path, packages: dict[str, str], node: str, headers: Path | None) -> None:
    """Install pinned packages with npm, run by the node that will load them: native modules are built for it."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"name": "linli-bench-peer", "private": True, "dependencies": packages}
    (folder / "package.json").write_text(json.dumps(manifest, indent=1))
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("there is no npm on this machine")
    program = Path(npm).resolve()
    command = [node, str(program)] if program.suffix == ".js" else [npm]
    surroundings = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    if headers is not None:
        surroundings["npm_config_nodedir"] = str(headers)
    done = subprocess.run(
        [*command, "install", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip()[-2000:])


def make_node() -> tuple[str, Path | None]:
    """A node new enough for all, with the folder of its headers when it is not the machine's own."""
    from peers import environment

    system = shutil.which("node")
    if system is None:
        raise RuntimeError("there is no node on this machine")
    if environment.major(system) >= environment.NODE_WANTED:
        return system, None
    if not environment.own_node().exists():
        print(
            f"node: the machine's is older than {environment.NODE_WANTED}; putting one beside it", flush=True
        )
        npm_install(environment.home() / "node", environment.NODE_PACKAGE, system, None)
    headers = next(environment.own_node().parents[2].rglob("include/node/node.h"), None)
    return str(environment.own_node()), headers.parents[2] if headers else None


def pip_install(folder: Path, packages: dict[str, str], python: Path) -> None:
    if not python.exists():
        venv.create(folder, with_pip=True)
    pinned = [f"{name}=={version}" for name, version in packages.items()]
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *pinned], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip()[-2000:])


def make(peer: str) -> None:
    from peers import environment

    folder = environment.home() / peer
    if peer in environment.NPM:
        node, headers = make_node()
        npm_install(folder, environment.NPM[peer], node, headers)
    else:
        pip_install(folder, environment.PIP[peer], environment.python(peer))


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from peers import environment

    known = (*environment.PEERS, *environment.SCREENS)
    parser = argparse.ArgumentParser(description="Make the environments of the peers.")
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"of {', '.join(known)}; all")
    chosen = parser.parse_args().peers or list(known)
    unknown = [peer for peer in chosen if peer not in known]
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}")
    failed = False
    for peer in chosen:
        print(f"{peer}: installing into {environment.home() / peer}", flush=True)
        try:
            make(peer)
            print(f"{peer}: ready, {environment.versions(peer)}", flush=True)
        except (RuntimeError, OSError, subprocess.SubprocessError, environment.Missing) as problem:
            failed = True
            print(f"{peer}: CANNOT BE INSTALLED: {problem}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
