"""How long from the command to a first screen that can be used.

Run: python tests/bench/bench_startup.py [runs]

Starts commands in a pseudo-terminal of 80x24 and takes the time until a text is
on the screen: for Linli the name of the acting person, which only a complete
Home shows; for a bare Textual app its label. Byte code is compiled first, as
pip leaves it. Prints medians and the ratio to the bare app.
"""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("usable now", markup=False)
Bare().run()
"""
WAIT_S = 30.0


def until_shown(command: list[str], text: str, environment: dict[str, str]) -> float:
    """Return the seconds from starting `command` until `text` is drawn."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    seen = b""
    wanted = text.encode()
    try:
        while wanted not in seen:
            if time.perf_counter() - began > WAIT_S:
                raise TimeoutError(seen[-400:].decode(errors="replace"))
            ready, _, _ = select.select([master], [], [], 1.0)
            if ready:
                seen += os.read(master, 65_536)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()
        os.close(master)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for package in ("tui", "models", "sync"):
        compileall.compile_dir(str(Path(__file__).parents[2] / package), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "LINLI_STORE": f"{folder}/demo.db",
            "LINLI_LANG": "en",
            "TERM": "xterm-256color",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        linli = [sys.executable, "-m", "tui.cli", "demo"]
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        first = []
        for _ in range(3):
            for file in Path(folder).glob("demo.db*"):
                file.unlink()
            first.append(until_shown(linli, "this is what there is to do", environment))
        again, plain = [], []
        for _ in range(runs):  # in turns, so that a busy moment hits both
            again.append(until_shown(linli, "this is what there is to do", environment))
            plain.append(until_shown([sys.executable, str(bare)], "usable now", environment))
        print(f"linli demo, making the demo    {statistics.median(first):.2f} s")
        print(f"linli demo, store there        {statistics.median(again):.2f} s")
        print(f"bare Textual app               {statistics.median(plain):.2f} s")
        print(f"ratio to the bare app          {statistics.median(again) / statistics.median(plain):.2f}")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
