from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from odd import ODD_TEXTS

from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A3, A4, Sheet, page, points, section, table


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_names_its_language_its_sheet_and_its_title() -> None:
    text = page("标题", tag("p", "内容"), sheet=A4.landscape)
    assert text.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert "@page{size:297mm 210mm;margin:10mm" in text
    assert "<title>标题</title>" in text
    assert "Noto Sans CJK SC" in text


def test_a_sheet_may_lie_either_way_and_be_of_any_size() -> None:
    assert (A3.landscape.width_mm, A3.landscape.height_mm) == (420.0, 297.0)
    assert A4.landscape.landscape == A4.landscape
    assert A4.inner_mm == (190.0, 277.0)
    assert "size:58mm 100mm" in page("小票", joined(), sheet=Sheet(58, 100, 3))


def test_only_the_style_that_the_policy_names_by_its_hash_is_used() -> None:
    text = page("</style><script>", sheet=A4, head="x", foot="y")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert policy
    assert style
    wanted = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].replace("&#x27;", "'").split("; ")[:2] == [
        "default-src 'none'",
        f"style-src 'sha256-{wanted}'",
    ]


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_stays_text_wherever_it_stands(odd: str) -> None:
    body = [
        section(odd, tag("p", odd, title=odd)),
        points([odd]),
        table([odd], [[odd], [tag("b", odd)]], kinds="k"),
    ]
    plain = Seen(
        page(
            "t",
            *[
                section("x", tag("p", "x", title="x")),
                points(["x"]),
                table(["x"], [["x"], [tag("b", "x")]], kinds="k"),
            ],
            sheet=A4,
            head="x",
            foot="x",
        )
    )
    seen = Seen(page(odd, *body, sheet=A4, head=odd, foot=odd))
    assert seen.tags == plain.tags
    assert [name for name, _ in seen.attributes] == [name for name, _ in plain.attributes]
    text = page(odd, *body, sheet=A4, head=odd, foot=odd)
    ET.fromstring(text.partition("\n")[2])  # noqa: S314  # ours
    text.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def test_the_title_at_the_foot_of_each_page_cannot_leave_its_string() -> None:
    style = re.search(r"<style>(.*?)</style>", page('"}*{display:none}</style>\\', sheet=A4), re.DOTALL)
    assert style
    assert "display:none" not in style[1]
    assert style[1].count("{") == style[1].count("}")


def test_words_above_and_below_are_printed_only_where_there_are_any() -> None:
    assert "耐火小区业委会" in page("t", sheet=A4, head="耐火小区业委会\n电话")
    assert 'class="head"' not in page("t", sheet=A4, head="  \n")
    assert 'class="foot"' not in page("t", sheet=A4)


def test_heads_of_tables_are_repeated_and_rows_stay_whole() -> None:
    text = page("t", table(["编号", "数"], [["W1", "3"]], kinds="kn"), sheet=A4)
    assert "thead{display:table-header-group}" in text
    assert "tr{break-inside:avoid}" in text
    assert '<td class="k">W1</td><td class="n">3</td>' in text


def test_a_page_asks_for_nothing_from_outside_and_runs_nothing() -> None:
    seen = Seen(page("t", tag("p", "x"), sheet=A4))
    assert not {"script", "link", "img", "iframe", "object"} & set(seen.tags)
    assert not {name for name, _ in seen.attributes} & {"src", "href", "style", "onload"}


def test_an_empty_part_leaves_no_heading() -> None:
    assert section("空") == ""


def test_markup_is_escaped_once_and_text_always() -> None:
    assert tag("b", "<", Markup("&lt;")) == "<b>&lt;&lt;</b>"
    assert tag("x", a_b=1.50, class_="k", gone=None) == '<x a-b="1.5" class="k"></x>'
    assert tag("br") == "<br/>"
