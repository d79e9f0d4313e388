from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from map_scenes import chain, scene, town
from odd import ODD_TEXTS

from models.inspection.locator import Evidence
from models.inspection.survey.scene import Laid, Scene
from models.problems import Problem
from tui.paper.map_page import map_page
from tui.paper.page import A3, A4

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: The browser itself asks its makers for the time.
BROWSERS_OWN = (".google.com", ".googleapis.com", ".gvt1.com")
A4_POINTS, A3_POINTS = (842, 595), (1191, 842)


def street() -> Scene:
    shown = scene(chain(6), blocked={("W3", "W4"): 0.77, ("W4", "W5"): 0.2}, behind=["W1", "W2", "W3"])
    blockage = replace(
        shown.blockages[0],
        households=("1-1-101", "1-1-102"),
        evidence=(Evidence("evidence.full_above_dry", {"upper": "W3", "lower": "W4"}),),
    )
    spots = (replace(shown.spots[0], note="张三丰家 13800000001", defects=("silt",)), *shown.spots[1:])
    return replace(
        shown,
        blockages=(blockage,),
        spots=spots,
        open_next=("W4",),
        problems=(Problem("well.unreachable", params={"well": "W9", "count": 2}),),
    )


def test_a_page_tells_everything_that_was_found(each_language: str) -> None:
    text = map_page(street())
    for said in {
        "zh_CN": ("很可能", "W3 满，W4 干", "下一步最值得打开的井", "影响 2 户：1-1：101、102", "井底积泥垃圾", "没有通向排出口的路"),
        "en": ("very likely", "W3 is full, W4 is dry", "Open these wells next", "1-1: 101, 102", "silt", "outfall"),
    }[each_language]:  # fmt: skip
        assert said in text
    for code in ("W1", "W6", "OUT"):
        assert f'<td class="k">{code}</td>' in text


def test_no_name_and_no_phone_number_is_on_the_page() -> None:
    text = map_page(street(), names=["张三丰"])
    assert "张**家 138****0001" in text
    assert "张三丰" not in text
    assert "13800000001" not in text
    assert "张" not in map_page(street(), masked=True)


def test_wells_without_coordinates_are_in_the_table_and_named() -> None:
    places = {f"W{n}": (10.0 * n, 0.0) for n in range(1, 6)}
    text = map_page(scene(chain(6), places=places))
    assert "没有坐标的井（图上没画）" in text
    assert '<td class="k">W6</td>' in text


def test_what_there_is_nothing_to_say_of_has_no_part() -> None:
    text = map_page(scene(chain(3)))
    assert "影响哪里" not in text
    assert "请再核对" not in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_makes_no_element_of_its_own(odd: str) -> None:
    shown = street()
    spots = (replace(shown.spots[0], name=odd, note=odd), *shown.spots[1:])
    text = map_page(replace(shown, spots=spots, compound=odd, walk=odd), head=odd, foot=odd)
    plain = map_page(shown, head="x", foot="x")
    assert len(re.findall(r"<[a-z]", text)) == len(re.findall(r"<[a-z]", plain))
    text.encode()


# -- in a browser ------------------------------------------------------------------------


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


@pytest.mark.browser
@pytest.mark.parametrize(("sheet", "size"), [(A4, A4_POINTS), (A3, A3_POINTS)])
@pytest.mark.parametrize("laid", list(Laid))
def test_the_map_fills_one_landscape_sheet_and_the_rest_follows(
    tmp_path: Path, each_language: str, laid: Laid, sheet: object, size: tuple[int, int]
) -> None:
    assert each_language
    sizes, asked = printed(map_page(town(42, laid=laid), sheet=A4 if sheet is A4 else A3), tmp_path)
    assert set(sizes) == {size}
    # A sheet for the map, one on which the words begin, and at most two more for the table.
    assert 2 <= len(sizes) <= 4
    assert len(asked) == 1


@pytest.mark.browser
def test_a_printed_head_of_several_lines_still_leaves_the_map_on_one_sheet(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    shown = scene(chain(6))
    plain, _ = printed(map_page(shown), one)
    headed, _ = printed(
        map_page(shown, head="耐火小区业主委员会\n" + "很长的一行字" * 40 + "\n电话", foot="谢谢"), two
    )
    assert len(plain) == len(headed) == 2


@pytest.mark.browser
def test_a_page_that_could_ask_for_something_would_be_caught(tmp_path: Path) -> None:
    """The net is whole: an image from elsewhere is seen to be asked for."""
    page = '<!DOCTYPE html><img src="http://elsewhere.example/x.png">'
    _, asked = printed(page, tmp_path)
    assert "elsewhere.example/x.png" in asked


@pytest.mark.browser
def test_odd_text_neither_asks_for_anything_nor_breaks_the_sheet(tmp_path: Path) -> None:
    shown = scene(chain(len(ODD_TEXTS)))
    spots = tuple(replace(spot, note=odd) for spot, odd in zip(shown.spots, ODD_TEXTS, strict=False))
    odd = "".join(text for text in ODD_TEXTS if len(text) < 100)
    text = map_page(replace(shown, spots=spots, walk=odd, compound=odd), head=odd, foot=odd)
    sizes, asked = printed(text, tmp_path)
    assert (set(sizes), len(asked)) == ({A4_POINTS}, 1)
