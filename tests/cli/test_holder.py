from __future__ import annotations

import subprocess
import sys

import pytest

from tui import edge


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no harmless way to ask")
def test_a_process_that_has_ended_is_told_from_one_that_lives() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    node = edge.holder().rpartition(":")[0]
    holder = f"{node}:{process.pid}"
    try:
        assert not edge.is_gone(holder)
    finally:
        process.communicate(b"\n")
    assert edge.is_gone(holder)


def test_nobody_else_is_taken_for_dead() -> None:
    for holder in (edge.holder(), "", "elsewhere:1", "elsewhere:x", f"x{edge.holder()}", ":"):
        assert not edge.is_gone(holder), holder
