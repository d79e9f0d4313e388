from __future__ import annotations

from collections.abc import Callable

import pytest
from simulation.devices import Laptop

from models.operations.drafts import drop_draft, load_draft, load_drafts, save_draft
from models.store import Store

LONG = "排水井堵塞[/b]{x}" * 1_000


def kept(laptop: Laptop, prefix: str) -> dict[str, dict[str, object]]:
    with laptop.store.read() as session:
        return load_drafts(session, laptop.compound_id, prefix)


@pytest.mark.parametrize(
    "values", [{"note": LONG}, {"note": "[/b]"}, {"note": "\ud800"}, {}, {"defects": {"silt": 3}}]
)
def test_a_draft_comes_back_as_it_was_typed(laptop: Laptop, values: dict[str, object]) -> None:
    with laptop.store.write() as session:
        save_draft(session, laptop.compound_id, "walk:a:1", {"note": "older"})
        save_draft(session, laptop.compound_id, "walk:a:1", values)
    with laptop.store.read() as session:
        assert load_draft(session, laptop.compound_id, "walk:a:1") == values


def test_drafts_are_found_by_what_they_are_about(laptop: Laptop) -> None:
    with laptop.store.write() as session:
        for subject in ("walk:a:1", "walk:a:2", "walk:b:1", "walk:%:1"):
            save_draft(session, laptop.compound_id, subject, {"note": subject})
    assert set(kept(laptop, "walk:a:")) == {"walk:a:1", "walk:a:2"}
    assert set(kept(laptop, "walk:%:")) == {"walk:%:1"}


def test_a_dropped_draft_is_gone_and_dropping_twice_is_no_mistake(laptop: Laptop) -> None:
    for _ in range(2):
        with laptop.store.write() as session:
            save_draft(session, laptop.compound_id, "a", {"note": "x"})
            drop_draft(session, laptop.compound_id, "a")
            drop_draft(session, laptop.compound_id, "a")
    assert kept(laptop, "") == {}


def test_a_draft_makes_no_operation(laptop: Laptop) -> None:
    before = laptop.ask("SELECT count(*) FROM operation")
    with laptop.store.write() as session:
        save_draft(session, laptop.compound_id, "a", {"note": "x"})
    assert laptop.ask("SELECT count(*) FROM operation") == before


def test_a_draft_outlives_the_store_being_opened_again(
    laptop: Laptop, open_here: Callable[..., Store]
) -> None:
    with laptop.store.write() as session:
        save_draft(session, laptop.compound_id, "a", {"note": "half-ty"})
    laptop.store.close()
    again = open_here()
    with again.read() as session:
        assert load_draft(session, laptop.compound_id, "a") == {"note": "half-ty"}
