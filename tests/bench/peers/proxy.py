"""A TCP proxy that counts what passes: the same measure of "bytes on the wire" for every server.

It runs as a process of its own, so that it takes no turn from the client that is being measured. It counts
payload bytes of TCP, HTTP heads included, and knows nothing of what it carries. It costs every server the same
few tenths of a millisecond per round.
"""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Self

PIECE = 256 * 1024


@dataclass(frozen=True)
class Counted:
    up: int
    down: int

    def since(self, earlier: "Counted") -> "Counted":
        return Counted(self.up - earlier.up, self.down - earlier.down)


class CountingProxy:
    """`with CountingProxy(server_port) as proxy:` listens on `proxy.port`; `proxy.counted()` is the sum so far."""

    def __init__(self, target_port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(target_port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port: int = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the counting proxy has ended")
        return line

    def counted(self) -> Counted:
        assert self._process.stdin is not None
        self._process.stdin.write("count\n")
        self._process.stdin.flush()
        return Counted(**json.loads(self._line()))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def serve(target_port: int) -> None:
    total = {"up": 0, "down": 0}

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        try:
            while piece := await reader.read(PIECE):
                total[way] += len(piece)
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", target_port, limit=PIECE)
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, forth, "up"), carry(back, writer, "down"))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(total), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
