"""Each cure is broken on purpose: a suite that does not notice is no proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from models.community.tables import Household, Person
from models.operations import apply, in_order, judge, merge, replica
from models.operations.envelope import Operation
from models.operations.in_order import Bench
from models.operations.registry import KINDS, Nature
from models.operations.rows import Rows
from models.operations.verdicts import Verdict
from models.operations.workspace import Workspace
from simulation.history import FIXED, live
from sync import exchange
from sync.messages import Page

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], object]] = {}


def mutant(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
    MUTANTS[break_it.__name__] = break_it
    return break_it


@mutant
def shadows_stay_where_they_are(patch: Patch) -> None:
    patch.setattr(replica, "put_shadows_back", lambda *_: None)


@mutant
def nothing_is_replayed(patch: Patch) -> None:
    patch.setattr(replica, "replay", lambda *_: None)


@mutant
def the_cursor_runs_ahead_of_the_rows(patch: Patch) -> None:
    page = exchange.page

    def short(session: Session, *place: Any, **cursor: Any) -> Page:
        whole = page(session, *place, **cursor)
        return replace(whole, tables=tuple(older(part, whole.head) for part in whole.tables))

    def older(part: Rows, head: int) -> Rows:
        rev = part.columns.index("rev")
        return replace(part, rows=[row for row in part.rows if row[rev] < head])

    patch.setattr(exchange, "page", short)


@mutant
def a_push_that_comes_twice_counts_twice(patch: Patch) -> None:
    patch.setattr(judge, "_verdicts_of", lambda *_: {})


@mutant
def verdicts_are_said_once_only(patch: Patch) -> None:
    page = exchange.page
    said: set[Any] = set()

    def once(session: Session, *place: Any, **cursor: Any) -> Page:
        whole = page(session, *place, **cursor)
        news = tuple(j for j in whole.judgements if j.operation_id not in said)
        said.update(j.operation_id for j in news)
        return replace(whole, judgements=news)

    patch.setattr(exchange, "page", once)


@mutant
def a_pull_empties_the_outbox(patch: Patch) -> None:
    settle = replica._settle

    def forget(session: Session, compound_id: Any, judgements: Any) -> None:
        settle(session, compound_id, judgements)
        session.connection().exec_driver_sql("DELETE FROM outbox")

    patch.setattr(replica, "_settle", forget)


@mutant
def a_page_overtaken_on_its_way_wins(patch: Patch) -> None:
    patch.setattr(replica, "_revs", lambda *_: {})


@mutant
def shadows_of_every_compound_are_put_back(patch: Patch) -> None:
    put_back = replica.put_shadows_back

    def everywhere(session: Session, _: Any) -> None:
        for (compound,) in session.connection().exec_driver_sql("SELECT DISTINCT compound_id FROM shadow"):
            put_back(session, UUID(compound))

    patch.setattr(replica, "put_shadows_back", everywhere)


@mutant
def aliases_lead_nowhere(patch: Patch) -> None:
    patch.setattr(Workspace, "_same_as", lambda _, __, row_id: row_id)


@mutant
def nobody_has_seen_anything(patch: Patch) -> None:
    patch.setattr(merge, "had_seen", lambda *_: False)


@mutant
def everybody_has_seen_everything(patch: Patch) -> None:
    patch.setattr(merge, "had_seen", lambda *_: True)


@mutant
def the_one_who_comes_last_wins(patch: Patch) -> None:
    patch.setattr(merge, "_is_later", lambda *_: True)


@mutant
def the_one_who_comes_first_wins(patch: Patch) -> None:
    patch.setattr(merge, "_is_later", lambda *_: False)


@mutant
def nothing_is_sensitive(patch: Patch) -> None:
    patch.setattr(Household, "__sensitive__", frozenset())
    patch.setattr(Person, "__sensitive__", frozenset())


@mutant
def what_is_overwritten_is_forgotten(patch: Patch) -> None:
    patch.setattr(Workspace, "conflict", lambda *_, **__: None)


@mutant
def a_thing_added_twice_is_two(patch: Patch) -> None:
    patch.setattr(Workspace, "find", lambda *_, **__: None)


@mutant
def groups_fall_apart(patch: Patch) -> None:
    whole = judge.apply_in_order

    def one_by_one(bench: Bench, groups: Sequence[Sequence[Operation]]) -> list[list[Verdict]]:
        alone = iter(whole(bench, [[operation] for group in groups for operation in group]))
        return [[next(alone)[0] for _ in group] for group in groups]

    patch.setattr(judge, "apply_in_order", one_by_one)


@mutant
def facts_may_be_refused(patch: Patch) -> None:
    patch.setitem(KINDS, "walk.observe", replace(KINDS["walk.observe"], nature=Nature.DECISION))


@mutant
def facts_fall_with_their_group(patch: Patch) -> None:
    patch.setattr(in_order, "is_fact", lambda _: False)


@mutant
def everybody_may_do_everything(patch: Patch) -> None:
    patch.setattr(apply, "allowed", lambda *_: True)


@mutant
def archived_rows_may_be_used(patch: Patch) -> None:
    patch.setattr(Workspace, "require", Workspace.get)


@mutant
def refused_operations_take_a_rev(patch: Patch) -> None:
    patch.setattr(judge, "_takes_a_place", lambda _: True)


def survives(folder: Path) -> bool:
    """Tell whether the fixed histories, which are fine with every cure in place, notice nothing."""
    # Most broken cures show as soon as everybody has done the same things apart.
    for steps, (laptops, seed) in [(0, FIXED[0]), *((60, one) for one in FIXED)]:
        try:
            live(folder / f"{seed} {steps}", seed, laptops=laptops, steps=steps)
        except Exception:  # noqa: BLE001  # whatever breaks, it is noticed
            return False
    return True


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_cure_is_noticed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    assert not survives(tmp_path), f"nobody noticed that {name}"
