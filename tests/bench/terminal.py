"""A command in a pseudo-terminal of 80x24, and what it draws."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 30.0
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[@-Z\\^_=>])"
)


class Terminal:
    """A running command. `drawn` is the text it has drawn since `forget`, without the escapes between."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            cwd=ROOT,
        )
        os.close(slave)
        self._drawn = b""
        self._at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    @property
    def drawn(self) -> str:
        return _ESCAPES.sub("", self._drawn.decode(errors="replace"))

    def forget(self) -> None:
        """Take in what is still on its way, until nothing came for a while, and begin anew."""
        while select.select([self._master], [], [], 0.03)[0]:
            os.read(self._master, 65_536)
        self._drawn = b""

    def press(self, keys: bytes) -> None:
        """Forget what was drawn, and type."""
        self.forget()
        self.began = time.perf_counter()
        os.write(self._master, keys)

    def until(self, shown: Callable[[str], bool]) -> float:
        """Return the seconds from the start, or the last press, until `shown(drawn)`."""
        while not shown(self.drawn):
            # A blinking cursor draws for ever, so that silence is no sign.
            left = self.began + WAIT_S - time.perf_counter()
            if left < 0 or not select.select([self._master], [], [], left)[0]:
                raise TimeoutError(self.drawn[-600:])
            self._drawn += os.read(self._master, 65_536)
            self._at = time.perf_counter() - self.began
        return self._at

    def settled(self, pause: float = 0.3) -> float:
        """Return the seconds from the last press until the last of what it drew: then nothing came for a while."""
        last = 0.0
        while select.select([self._master], [], [], pause)[0]:
            self._drawn += os.read(self._master, 65_536)
            last = time.perf_counter() - self.began
        return last


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a command: a folder of its own for whatever it keeps, byte code in use."""
    return {
        **os.environ,
        "HOME": str(folder),
        **{f"XDG_{name}_HOME": f"{folder}/{name.lower()}" for name in ("CONFIG", "CACHE", "DATA", "STATE")},
        "TERM": "xterm-256color",
        "PYTHONDONTWRITEBYTECODE": "",
    }
