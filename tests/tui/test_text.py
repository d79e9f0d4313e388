from __future__ import annotations

import ast
from pathlib import Path

import pytest
from harness import ODD_TEXTS
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

import tui
from tui.widgets.text import Mark, Tone, clean, cut, fit, joined, plain, width

TUI = Path(tui.__file__).parent


@pytest.mark.parametrize("text", ["[/b]", "[a栋]", "１２３", "{x}", "$text"])
def test_text_stays_verbatim(text: str) -> None:
    assert plain(text).plain == text
    assert plain(text, "bold").plain == text
    assert joined(text, (text, "bold"), Mark("●", text, Tone.BAD)).plain == f"{text}{text}● {text}"


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_nothing_that_steers_a_terminal_gets_through(text: str) -> None:
    cleaned = clean(text)
    assert "\x1b" not in cleaned
    assert "\u202e" not in cleaned
    cleaned.encode()


def test_line_breaks_stay_only_where_asked() -> None:
    assert clean("a\r\nb\tc") == "a b c"
    assert clean("a\r\nb", lines=True) == "a\nb"


@given(st.text(alphabet=st.sampled_from("aW栋井１…[/]é "), max_size=40), st.integers(0, 30))
def test_fit_takes_exactly_its_cells_and_cut_never_more(text: str, cells: int) -> None:
    assert width(fit(text, cells)) == cells
    assert width(fit(text, cells, "right")) == cells
    assert width(cut(text, cells)) <= cells
    if width(text) <= cells:
        assert cut(text, cells) == text


def test_a_cut_text_says_so() -> None:
    assert cut("排水井堵塞", 7) == "排水井…"
    assert cut("排水井堵塞", 6) == "排水…"
    assert cut("排" * 5000, 9) == "排" * 4 + "…"


def test_only_widgets_import_textuals_own_widgets_and_nobody_reads_markup() -> None:
    """A str in Textual's widgets is markup; ours are the only door."""
    offences: list[str] = []
    for file in TUI.rglob("*.py"):
        inside = file.is_relative_to(TUI / "widgets")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            here = f"{file.relative_to(TUI)}:{getattr(node, 'lineno', 0)}"
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("textual.widgets")
                and not inside
            ):
                offences.append(f"{here} imports {node.module}")
            if isinstance(node, ast.Attribute) and node.attr in {"from_markup", "notify"}:
                offences.append(f"{here} uses {node.attr}")
            if (
                isinstance(node, ast.keyword)
                and node.arg == "markup"
                and getattr(node.value, "value", 0) is not False
            ):
                offences.append(f"{here} passes markup")
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute)
                and target.attr in {"border_title", "border_subtitle", "tooltip"}
                for target in node.targets
            ):
                offences.append(f"{here} sets a title or tooltip that Textual would parse")
    assert offences == []


def test_plain_leaves_content_alone() -> None:
    made = Content("x")
    assert plain(made) is made
