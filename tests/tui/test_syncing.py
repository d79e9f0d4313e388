"""When the laptop goes to its server by itself, and when it rests. Rounds are played; time is the test's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Self

import pytest
from simulation.devices import Clock, Ids

from models.operations.tables import CursorRow
from models.replication.tables import Link
from models.store import open_store
from sync import rounds
from sync.client import Away, Line, SyncError
from tui import syncing
from tui.context import SyncState
from tui.syncing import Syncer


@dataclass
class Played:
    """A syncer whose rounds are counted; `fails` says what goes wrong in each."""

    syncer: Syncer
    clock: Clock
    played: int = 0
    fails: list[Exception] = field(default_factory=list)
    states: list[SyncState] = field(default_factory=list)
    report: rounds.Report = field(default_factory=rounds.Report)
    during: Callable[[], None] = lambda: None

    def play(self, here: rounds.Here, compound_id: Any, *, progress: Any) -> rounds.Report:
        del compound_id
        self.played += 1
        self.here, self.progress = here, progress
        self.during()
        if self.fails:
            raise self.fails.pop(0)
        return self.report

    def until(self, true: Callable[[], object]) -> None:
        for _ in range(500):
            if true():
                return
            time.sleep(0.01)
        raise AssertionError(self)


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    ids, clock = Ids("syncer"), Clock()
    store = open_store(tmp_path / "store.db", new_id=ids)
    compound = ids()
    with store.write() as session:
        session.add(
            Link(
                compound_id=compound,
                url="http://x",
                token="t",  # noqa: S106
                device_id=ids(),
                enrolled_at=clock(),
            )
        )
        session.add(CursorRow(compound_id=compound))

    def nobody(_url: str, _token: str) -> Line:
        raise Away("sync.away")

    here = rounds.Here(store, clock, lambda: 0.0, ids, lambda: "t", nobody)
    one = Played(None, clock)  # type: ignore[arg-type]
    one.syncer = Syncer(store, compound, one.states.append, here=here, random=Random(1))
    monkeypatch.setattr(rounds, "sync", one.play)
    monkeypatch.setattr(syncing, "_STEP", 0.02)
    monkeypatch.setattr(syncing, "SOON", 0.02)
    try:
        yield one
    finally:
        one.syncer.close()
        store.close()


def test_it_begins_with_a_round_and_then_rests_about_a_minute(played: Played) -> None:
    played.syncer.open()
    assert played.syncer.state.linked  # before anything is asked of anybody
    played.until(lambda: played.syncer.state.rounds == 1)
    time.sleep(0.1)
    assert played.played == 1
    pauses = [played.syncer._pause() for _ in range(200)]
    assert all(45 <= pause <= 75 for pause in pauses)
    assert len(set(pauses)) > 100  # laptops of one compound must not come all at once


def test_a_change_calls_one_round_for_all_that_follows_in_the_next_moments(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "SOON", 0.4)
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    for _ in range(10):
        played.syncer.changed()
        time.sleep(0.01)
    played.until(lambda: played.played == 2)
    time.sleep(0.2)
    assert played.played == 2


def test_each_failure_makes_the_rest_longer_up_to_a_bound_and_a_server_may_ask_for_more(
    played: Played,
) -> None:
    played.syncer._failures = 1
    assert max(played.syncer._pause() for _ in range(200)) <= 8
    played.syncer._failures = 50
    pauses = [played.syncer._pause() for _ in range(200)]
    assert 300 < max(pauses) <= 600
    assert min(pauses) < 200
    played.syncer._asked_to_wait = 900.0
    assert played.syncer._pause() == 900.0


def test_a_change_does_not_hurry_a_server_that_is_away_but_a_person_does(played: Played) -> None:
    played.fails = [Away("sync.away"), Away("sync.away")]
    played.syncer._failures = 8
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    played.syncer.changed()
    time.sleep(0.2)
    assert played.played == 1
    played.syncer.now()
    played.until(lambda: played.played == 2)


def test_a_laptop_that_has_slept_goes_at_once(played: Played) -> None:
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    played.clock.now += timedelta(hours=2)
    played.until(lambda: played.played == 2)


def test_rows_that_came_count_as_fresh_and_an_empty_round_does_not(played: Played) -> None:
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    assert played.syncer.state.fresh == 0
    played.report = rounds.Report(pulled=3)
    played.syncer.now()
    played.until(lambda: played.syncer.state.rounds == 2)
    assert played.syncer.state.fresh == 1


def test_rows_that_another_window_fetched_count_as_fresh(played: Played) -> None:
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    with played.syncer._store.write() as session:
        cursor = session.get(CursorRow, played.syncer.compound_id)
        assert cursor is not None
        cursor.cursor = 7
    played.until(lambda: played.syncer.state.fresh == 1)
    assert played.played == 1


def test_an_error_of_ours_is_told_and_the_rounds_go_on(played: Played) -> None:
    played.fails = [ZeroDivisionError()]
    played.syncer.open()
    played.until(lambda: played.syncer.state.rounds == 1)
    assert any(state.trouble == "sync.broke" for state in played.states)
    played.syncer.now()
    played.until(lambda: played.syncer.state.rounds == 2)
    assert played.syncer.state.trouble is None


def test_closing_breaks_a_round_off_at_its_next_word(played: Played) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def during() -> None:
        reached.set()
        go_on.wait(5)
        with pytest.raises(SyncError) as raised:
            played.progress(1, 2)
        raise raised.value

    played.during = during
    played.syncer.open()
    assert reached.wait(5)
    closing = threading.Thread(target=played.syncer.close)
    closing.start()
    played.until(played.syncer._closed.is_set)
    told = len(played.states)
    go_on.set()
    closing.join(5)
    assert not closing.is_alive()
    assert len(played.states) == told  # whoever listened may be gone


def test_closing_waits_for_no_server_and_gives_its_turn_back(played: Played) -> None:
    reached, answers = threading.Event(), threading.Event()

    class Slow:
        up = down = 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def hello(self) -> None:
            reached.set()
            answers.wait(5)

    def during() -> None:
        with played.here.call("http://x", "t") as line:
            line.hello()

    played.during = during
    here = played.syncer._here
    object.__setattr__(here, "call", lambda _url, _token: Slow())
    with played.syncer._store.write() as session:
        from models.replication import links

        assert links.take_lease(session, played.syncer.compound_id, holder=here.holder, now=here.clock())
    played.syncer.open()
    assert reached.wait(5)
    began = time.monotonic()
    played.syncer.close()
    assert time.monotonic() - began < 1
    with played.syncer._store.read() as session:
        link = session.get(Link, played.syncer.compound_id)
        assert link is not None
        assert link.busy_until is None
    answers.set()
    played.syncer._rounds.join(5)
