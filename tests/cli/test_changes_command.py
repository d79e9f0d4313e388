"""linli changes: who did what, for a terminal or a script."""

from __future__ import annotations

from .conftest import Linli


def test_what_was_done_is_told_newest_first_in_sentences(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "3-1-502"}')
    founded("do", "household.edit", '{"household": "3-1-502", "new": {"note": "[/b] 漏水"}}')
    told = founded("changes")
    lines = told.out.splitlines()
    assert "王德胜  changed household 3-1-502: note  [kept]" in lines[0]
    assert "added household 3-1-502" in lines[1]
    assert len(lines) == 3
    assert told.err == "3 rows\n"


def test_a_script_gets_who_what_and_what_became_of_it(founded: Linli) -> None:
    founded("do", "point.add", '{"code": "W07"}')
    founded("undo", "last")
    back, added, _ = founded("changes", "--json").rows
    assert (back["kind"], back["state"]) == ("point.archive", "kept")
    assert back["what"].startswith("undid this: archived drain well W07")
    assert (added["what"], added["state"], added["operations"]) == ("added drain well W07", "undone", 1)
    assert (added["who"], added["doer_id"]) == ("王德胜", added["recorder_id"])


def test_options_narrow_what_is_told(founded: Linli) -> None:
    founded("do", "household.add", '{"code": "3-1-502"}')
    founded("do", "point.add", '{"code": "W07"}')
    founded("do", "point.add", '{"code": "W08"}')

    def what(*words: str) -> list[str]:
        return [row["what"] for row in founded("changes", "--json", *words).rows]

    assert what("--row", "household:3栋1单元502") == ["added household 3-1-502"]
    assert what("--search", "added w07") == []
    assert what("--search", "w07 point") == ["added drain well W07"]
    assert what("--kind", "household.add") == ["added household 3-1-502"]
    assert len(what("--kind", "sewer")) == 2
    assert len(what("--who", "wds")) == 4
    assert what("--until", "2001-01-01") == []
    assert len(what("--since", "2001-01-01")) == 4
    assert len(what("--limit", "2")) == 2


def test_what_is_put_wrongly_is_said(founded: Linli) -> None:
    for words in (("--row", "3-1-502"), ("--since", "gestern"), ("--limit", "0"), ("--limit", "viele")):
        assert founded("changes", *words).status == 2
    unknown = founded("changes", "--row", "point:Q99")
    assert unknown.status == 4
    assert "Q99" in unknown.err
