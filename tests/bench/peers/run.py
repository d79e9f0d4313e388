"""Measure the peers alone: `python tests/bench/peers/run.py [--peer NAME] [--changes N] [--json]`.

Prints one JSON object per peer with --json, else a short table of it. A peer whose environment is missing is
said to be missing, and the others are measured.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

PHASES = ("push_new", "pull_new", "push_edits", "pull_edits", "catch_up", "fresh_copy")


def show(result: dict[str, Any]) -> None:
    if "missing" in result:
        print(f"{result['peer']}: {result['missing']}")
        return
    print(f"{result['peer']} {result['versions']}")
    for name in PHASES:
        figures = result.get(name)
        if figures:
            print(
                f"  {name:11} {figures['changes']:>7} in {figures['seconds']:8.3f} s"
                f" {figures['rate']:>8}/s {figures['bytes_per_change']:>8} bytes each,"
                f" server {figures.get('server_cpu_seconds')} s of CPU"
            )
    if result.get("idle"):
        print(f"  idle        {result['idle']['median_ms']} ms, {result['idle']['bytes_per_round']} bytes")
    print(f"  server held at most {result['server_peak_rss_mb']} MB")
    for what, why in result.get("reasons", {}).items():
        print(f"  {what}: not measured: {why}")
    for line in result["meaning"]:
        print(f"  - {line}")


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from peers import PEERS, Missing, measure

    parser = argparse.ArgumentParser(description="Measure other people's sync servers.")
    parser.add_argument("--peer", action="append", choices=PEERS, help="only this one; may be given again")
    parser.add_argument("--changes", type=int, default=20_000, help="new records, and edits (20000)")
    parser.add_argument(
        "--catch-up", type=int, default=None, help="changes for the catch-up (2.5 times that)"
    )
    parser.add_argument(
        "--records", type=int, default=500, help="records the catch-up's changes touched (500)"
    )
    parser.add_argument("--rounds", type=int, default=50, help="idle rounds (50)")
    parser.add_argument("--json", action="store_true", help="one JSON object per peer, on a line of its own")
    asked = parser.parse_args()
    complete = True
    for peer in asked.peer or PEERS:
        try:
            result = measure(
                peer,
                changes=asked.changes,
                edits=asked.changes,
                catch_up_changes=asked.catch_up or asked.changes * 5 // 2,
                catch_up_records=asked.records,
                rounds=asked.rounds,
            )
        except Missing as reason:
            result = {
                "peer": peer,
                "missing": f"{reason}; make it with python tests/bench/peers/install.py {peer}",
            }
        except (OSError, RuntimeError) as problem:
            result = {"peer": peer, "missing": f"could not be measured: {problem}"}
        complete = complete and "missing" not in result
        if asked.json:
            print(json.dumps(result, ensure_ascii=False), flush=True)
        else:
            show(result)
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
