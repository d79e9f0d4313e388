"""Printing a page in a real browser, on a machine that answers for the whole network."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: The browser itself asks its makers for the time.
BROWSERS_OWN = (".google.com", ".googleapis.com", ".gvt1.com")


@contextmanager
def site(pages: dict[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """Serve pages on this machine, and remember what was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers.get('Host')}{self.path}")
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def printed(text: str, folder: Path) -> tuple[list[tuple[int, int]], list[str]]:
    """Print a page in Chromium; returns the sizes of its sheets in points, and what it asked the network for."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    target = folder / "page.pdf"
    with site({"/page.html": text.encode()}) as (host, asked):
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
        # Whatever the page might ask for, wherever it lies, is asked of us.
        command += [f"--host-resolver-rules=MAP * {host}", f"--user-data-dir={folder / 'profile'}"]
        subprocess.run(
            [*command, f"--print-to-pdf={target}", f"http://{host}/page.html"],
            check=True,
            capture_output=True,
            timeout=120,
        )
    pdf = target.read_bytes()
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    own = [f"{host}/favicon.ico", *(a for a in asked if a.partition("/")[0].endswith(BROWSERS_OWN))]
    return [(round(float(w)), round(float(h))) for w, h in boxes], [a for a in asked if a not in own]
