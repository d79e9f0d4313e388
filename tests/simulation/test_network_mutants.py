"""Each cure of the network's part is broken on purpose: histories that do not notice are no proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from models.operations import changes, digest, judge, log, replica
from models.operations.envelope import Operation
from models.operations.tables import CursorRow
from models.operations.workspace import Workspace
from models.replication import identity, links, twins
from models.replication.tables import Stage
from models.store import Store
from simulation.happenings import FIXED, live
from sync import client, exchange, healing, paging, pulling, rounds
from sync.messages import Page, Push

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], object]] = {}


#: Those that a story of tests/sync notices at once, with its name.
STORIES: dict[str, tuple[str, Callable[[Patch], object]]] = {}


def mutant(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
    MUTANTS[break_it.__name__] = break_it
    return break_it


def noticed_in(story: str) -> Callable[[Callable[[Patch], object]], object]:
    def keep(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
        STORIES[break_it.__name__] = (story, break_it)
        return break_it

    return keep


@noticed_in("a_copied_laptop_becomes_one_of_its_own")
def two_laptops_may_count_under_one_name(patch: Patch) -> None:
    def unchecked(session: Session, push: Any, last_n: int) -> int:
        with suppress(exchange.Forked):
            return check(session, push, last_n)
        return max([last_n, *(operation.n for group in push.groups for operation in group)])

    check = exchange._check_count
    patch.setattr(exchange, "_check_count", unchecked)
    patch.setattr(rounds._Round, "_be_another", lambda *_: None)


@noticed_in("what_a_lost_laptop_had_written_comes_back_from_others")
def what_a_restored_server_lost_stays_lost(patch: Patch) -> None:
    patch.setattr(healing, "logged_after", lambda *_: [])


@noticed_in("laptops_bring_a_restored_server_what_it_lost")
def another_epoch_is_nothing_new(patch: Patch) -> None:
    from sync.server.office import Office

    patch.setattr(Office, "_check_epoch", lambda _, session, *__: exchange.lock and _epoch(session))
    patch.setattr(pulling, "OtherEpoch", _Never)
    pull = pulling.Puller._pull_once

    def blind(self: pulling.Puller, *heard: Any, **more: Any) -> Any:
        self.epoch = ""
        return pull(self, *heard, **more)

    patch.setattr(pulling.Puller, "_pull_once", blind)


def _epoch(session: Session) -> str:
    from models.replication.devices import epoch

    return epoch(session)


class _Never(Exception):  # noqa: N818
    pass


@noticed_in("a_first_sync_goes_on_where_it_was_cut")
def the_cursor_is_stored_before_the_rows(patch: Patch) -> None:
    stage = pulling.Puller._stage

    def ahead(self: pulling.Puller, reply: Any, *content: Any, **more: Any) -> Any:
        with self.store.write() as session:
            cursor = log.cursor_of(session, self.compound_id)
            cursor.cursor = reply.head
            session.add(cursor)
        return stage(self, reply, *content, **more)

    patch.setattr(pulling.Puller, "_stage", ahead)


@mutant
def staged_pages_are_lost(patch: Patch) -> None:
    take = exchange.take_pages

    def last_only(session: Session, pages: Sequence[Page], **more: Any) -> None:
        take(session, pages[-1:], **more)

    patch.setattr(exchange, "take_pages", last_only)


@noticed_in("rows_that_change_between_two_pages_are_not_passed_by")
def what_changes_between_pages_is_passed_by(patch: Patch) -> None:
    stage = pulling.Puller._stage

    def no_second_pass(self: pulling.Puller, reply: Any, *content: Any, **more: Any) -> Any:
        with self.store.write() as session:
            kept = session.get(Stage, self.compound_id)
            if kept is not None:
                kept.until = max(kept.until, reply.head)
                session.add(kept)
        return stage(self, reply, *content, **more)

    patch.setattr(pulling.Puller, "_stage", no_second_pass)


@mutant
def a_page_leaves_out_its_first_row(patch: Patch) -> None:
    rows_from = paging.rows_from

    def off_by_one(*args: Any) -> Any:
        tables, following = rows_from(*args)
        if args[3] and tables:
            tables = (replace(tables[0], rows=tables[0].rows[1:]), *tables[1:])
        return tables, following

    patch.setattr(paging, "rows_from", off_by_one)


@mutant
def a_portal_is_believed(patch: Patch) -> None:
    def whatever(reply: Any, content: bytes) -> Any:
        try:
            return parse(reply, content)
        except client.Strange:
            return reply.model_construct(judgements=[], replayed=[], operations=[], upto=10**6, head=10**6)

    parse = client._parse
    patch.setattr(client, "_parse", whatever)
    patch.setattr(client, "_plausible", lambda _, content: content)


@mutant
def nobody_listens_to_verdicts(patch: Patch) -> None:
    patch.setattr(replica, "_settle", lambda *_: None)


@noticed_in("what_a_clock_dated_that_was_set_right_unheard_is_no_later_than_it_came")
def a_wrong_clock_is_believed(patch: Patch) -> None:
    patch.setattr(exchange, "_put_in_time", lambda operation, *_: operation)


@noticed_in("what_was_written_under_a_wrong_clock_can_be_changed_later")
def clocks_are_never_put_right(patch: Patch) -> None:
    from models.operations import clocks

    patch.setattr(clocks, "put_right", lambda _: lambda made_at, *__: made_at)


@noticed_in("a_poisonous_operation_stops_only_what_needs_it")
def held_ones_are_never_asked_for(patch: Patch) -> None:
    patch.setattr(pulling, "_held", lambda *_: [])
    settle = replica._settle

    def forgetful(session: Session, compound_id: Any, judgements: Any) -> None:
        settle(session, compound_id, judgements)
        cursor = session.get_one(CursorRow, compound_id)
        cursor.acked_n = cursor.last_n
        session.add(cursor)
        session.flush()

    patch.setattr(replica, "_settle", forgetful)


@mutant
def a_request_that_comes_twice_counts_twice(patch: Patch) -> None:
    patch.setattr(judge, "_verdicts_of", lambda *_: {})


@noticed_in("two_windows_take_turns")
def everybody_gets_the_lease(patch: Patch) -> None:
    patch.setattr(links, "take_lease", lambda *_, **__: True)


@noticed_in("a_window_that_overslept_gives_way_to_what_another_has_done")
def whoever_overslept_goes_on(patch: Patch) -> None:
    patch.setattr(links, "renew_lease", links.take_lease)


@noticed_in("a_copied_laptop_becomes_one_of_its_own")
def another_name_without_counting_anew(patch: Patch) -> None:
    def rename_only(session: Session, device_id: Any) -> None:
        from models.operations.tables import Setting

        session.merge(Setting(key="device", value=device_id.hex))

    patch.setattr(identity, "become", rename_only)


@mutant
def digests_are_not_kept(patch: Patch) -> None:
    patch.setattr(digest.Tally, "keep", lambda *_: None)


@mutant
def the_digests_of_a_server_miss_a_change(patch: Patch) -> None:
    absorb = digest.Tally.absorb

    def half(self: digest.Tally, other: digest.Tally) -> None:
        other._sums.pop("point", None)
        absorb(self, other)

    patch.setattr(digest.Tally, "absorb", half)


@noticed_in("a_number_that_went_to_another_operation_stops_no_history")
def the_log_of_others_is_written_over(patch: Patch) -> None:
    keep = pulling.keep_history

    def shifted(store: Store, compound_id: Any, reply: Any) -> None:
        later = [one.model_copy(update={"rev": one.rev + 1}) for one in reply.operations]
        keep(store, compound_id, reply.model_copy(update={"operations": later}))

    patch.setattr(pulling, "keep_history", shifted)


@noticed_in("what_comes_before_its_time_is_not_judged")
def a_refused_request_is_done_all_the_same(patch: Patch) -> None:
    from sync.server.office import Office

    push = Office.push

    def done_first(self: Office, who: Any, body: Any) -> Any:
        with suppress(Exception), self.writing() as session:
            exchange.heal(session, body.compound, _groups(body), received_at=self.clock())
        return push(self, who, body)

    def _groups(body: Any) -> list[list[Operation]]:
        from sync import spelling

        return [list(group) for group in spelling.to_push(body).groups]

    patch.setattr(Office, "push", done_first)


@noticed_in("what_comes_before_its_time_is_not_judged")
def a_gap_is_no_gap(patch: Patch) -> None:
    def jump(session: Session, push: Any, last_n: int) -> int:
        try:
            return check(session, push, last_n)
        except exchange.Gap:
            return int(push.groups[-1][-1].n)

    check = exchange._check_count
    patch.setattr(exchange, "_check_count", jump)


@noticed_in("an_epoch_is_heard_once")
def what_changed_is_forgotten_before_it_is_written(patch: Patch) -> None:
    keep = pulling.Puller._keep_link

    def forgetful(self: pulling.Puller, session: Session, *args: Any, **more: Any) -> None:
        flush = session.flush
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(session, "flush", lambda: None)
            keep(self, session, *args, **more)
        flush()

    patch.setattr(pulling.Puller, "_keep_link", forgetful)


@noticed_in("what_was_written_under_a_wrong_clock_can_be_changed_later")
def fields_are_stamped_by_the_wrong_clock(patch: Patch) -> None:
    def stamp(self: Workspace) -> list[Any]:
        operation = self.operation
        return [operation.id.hex, operation.made_at.isoformat(), self._rev, operation.device_id.hex]

    patch.setattr(Workspace, "stamp", stamp)


@noticed_in("a_compound_founded_under_a_wrong_clock_has_a_director")
def what_happened_is_not_put_right(patch: Patch) -> None:
    outgoing = exchange.outgoing

    def as_the_clock_said(*args: Any, **more: Any) -> Push:
        push = outgoing(*args, **more)
        groups = tuple(tuple(replace(one, happened_at=one.made_at) for one in group) for group in push.groups)
        return replace(push, groups=groups)

    patch.setattr(exchange, "outgoing", as_the_clock_said)


@noticed_in("what_is_no_answer_of_ours_changes_nothing")
def a_portal_is_believed_by_its_status(patch: Patch) -> None:
    a_portal_is_believed(patch)


@noticed_in("what_was_refused_may_be_accepted_by_a_restored_server")
def what_a_server_lost_is_sent_without_waiting(patch: Patch) -> None:
    patch.setattr(healing, "wait_again", lambda *_, **__: True)
    patch.setattr(rounds, "_MOST_TURNS", 20)


@noticed_in("what_was_held_is_not_lost_with_the_server")
def held_operations_are_forgotten_by_a_restore(patch: Patch) -> None:
    wait_again = healing.wait_again

    def only_gaps(session: Session, compound_id: Any, after: int, *, held: bool = False) -> bool:
        return False if held else wait_again(session, compound_id, after)

    patch.setattr(healing, "wait_again", only_gaps)


@noticed_in("what_a_restored_server_holds_once_more_waits_once_more")
def a_refusal_is_never_asked_about_again(patch: Patch) -> None:
    patch.setattr(healing, "ask_again", lambda *_: None)


@noticed_in("what_a_restored_server_holds_once_more_waits_once_more")
def what_a_restored_server_says_is_not_believed(patch: Patch) -> None:
    patch.setattr(replica, "judge_anew", lambda *_: False)


@noticed_in("a_number_that_went_to_another_operation_stops_no_history")
def a_number_once_taken_is_never_given_up(patch: Patch) -> None:
    patch.setattr(twins, "make_way", lambda *_: None)


@noticed_in("what_a_server_lost_comes_back_though_a_twin_has_its_number")
def a_number_is_given_to_two(patch: Patch) -> None:
    patch.setattr(twins, "told_apart", lambda *given: given[2])


@noticed_in("who_gives_up_a_name_learns_what_the_twin_has_counted_under_it")
def what_was_judged_never_gives_its_number_up(patch: Patch) -> None:
    make_way = twins.make_way

    def only_what_was_refused(session: Session, compound_id: Any, arrived: Any, known: Any) -> bool | None:
        places = [(one.device_id, one.n) for one in arrived]
        standing = log.rows_of(
            session, compound_id, list(twins.holders_of(session, compound_id, places).values())
        )
        if any(row.rev is not None and key not in known for key, row in standing.items()):
            return None
        return make_way(session, compound_id, arrived, known)

    patch.setattr(twins, "make_way", only_what_was_refused)


@noticed_in("a_laptop_follows_what_a_server_says_of_numbers")
def a_laptop_has_numbers_of_its_own_for_all(patch: Patch) -> None:
    make_way = twins.make_way
    patch.setattr(
        twins,
        "make_way",
        lambda session, compound_id, arrived, _: make_way(session, compound_id, arrived, {}),
    )


@noticed_in("a_change_of_which_the_first_part_was_kept_is_still_one")
def what_has_a_twins_name_is_in_no_change(patch: Patch) -> None:
    patch.setattr(changes, "twin_of", lambda device_id: device_id)


def survives(folder: Path) -> bool:
    """Tell whether the fixed histories, which are fine with every cure in place, notice nothing; the shorter is first."""
    for laptops, seed in sorted(FIXED):
        try:
            live(folder / f"{seed}", seed, laptops=laptops, steps=10, touring=True)
        except Exception:  # noqa: BLE001  # whatever breaks, it is noticed
            return False
    return True


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_cure_is_noticed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    assert not survives(tmp_path), f"nobody noticed that {name}"
