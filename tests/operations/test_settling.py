"""What a person decides afterwards: which of two values stands, that a flag was seen, what was refused."""

from __future__ import annotations

from uuid import UUID

import pytest
from simulation.devices import Laptop

from models.operations import pending, replica
from models.operations.envelope import Acting
from models.operations.perform import Outcome
from models.operations.settling import dismiss, resubmit
from models.operations.tables import Conflict, Flag, OperationRow, TrayRow
from models.operations.verdicts import Accepted, Judgement, Rejected
from models.store import Store


@pytest.fixture
def home(laptop: Laptop) -> str:
    """A household with a note."""
    laptop.do("household.add", code="3-1-502")
    row = str(UUID(laptop.ask("SELECT id FROM household")[0][0]))
    laptop.do("household.edit", household=row, new={"note": "漏水"})
    return row


@pytest.fixture
def conflict(laptop: Laptop, home: str) -> str:
    """Somebody else's value of the note stands aside."""
    row_id = laptop.ids()
    with laptop.store.write() as session:
        session.add(
            Conflict(
                compound_id=laptop.compound_id,
                id=row_id,
                rev=1,
                table_name="household",
                row_id=UUID(home),
                field="note",
                kept="漏水",
                lost="已修",
                lost_by=laptop.ids(),
            )
        )
    return str(row_id)


def note(laptop: Laptop) -> str:
    return str(laptop.ask("SELECT note FROM household")[0][0])


def open_conflicts(laptop: Laptop) -> int:
    with laptop.store.read() as session:
        return pending.pending(session, laptop.compound_id).conflicts


def test_keeping_leaves_what_stands_and_settles_it(laptop: Laptop, conflict: str) -> None:
    assert open_conflicts(laptop) == 1
    laptop.do("conflict.resolve", conflict=conflict, choice="keep")
    assert (note(laptop), open_conflicts(laptop)) == ("漏水", 0)


def test_taking_writes_the_other_value_as_any_edit_does(laptop: Laptop, conflict: str) -> None:
    outcome = laptop.do("conflict.resolve", conflict=conflict, choice="take")
    assert (note(laptop), open_conflicts(laptop)) == ("已修", 0)
    stamps = laptop.ask("SELECT stamps FROM household")[0][0]
    assert outcome.operations[0].id.hex in stamps, "whoever chose is who wrote it"


def test_one_may_choose_again(laptop: Laptop, conflict: str) -> None:
    laptop.do("conflict.resolve", conflict=conflict, choice="take")
    laptop.do("conflict.resolve", conflict=conflict, choice="keep")
    assert note(laptop) == "漏水"
    laptop.do("conflict.resolve", conflict=conflict, choice="keep")
    assert note(laptop) == "漏水"


def test_of_two_who_choose_apart_the_second_is_told(laptop: Laptop, conflict: str) -> None:
    """The stamp of the choice is of another laptop, at a rev this one had not seen."""
    laptop.do("conflict.resolve", conflict=conflict, choice="keep")
    with laptop.store.write() as session:
        row = session.get_one(Conflict, (laptop.compound_id, UUID(conflict)))
        row.stamps = {"status": [laptop.ids().hex, "2026-03-02T01:00:00+00:00", 7, laptop.ids().hex]}
        session.add(row)
    outcome = laptop.attempt("conflict.resolve", conflict=conflict, choice="take")
    assert isinstance(outcome, Outcome)
    assert outcome.refused == Rejected("conflict.settled", {"choice": "kept"})
    assert note(laptop) == "漏水"


def test_who_may_not_edit_the_row_may_not_choose(laptop: Laptop, conflict: str) -> None:
    laptop.do("person.add", name="李四")
    other = laptop.ask("SELECT id FROM person WHERE name = '李四'")[0][0]
    laptop.do("role.grant", person=str(UUID(other)), role="volunteer", since="2026-01-01")
    laptop.person_id = UUID(other)
    outcome = laptop.attempt("conflict.resolve", conflict=conflict, choice="take")
    assert isinstance(outcome, Outcome)
    assert outcome.refused is not None
    assert (outcome.refused.code, outcome.refused.params) == ("role.missing", {"kind": "household.edit"})


def test_a_third_value_written_since_overtakes_the_choice(laptop: Laptop, conflict: str, home: str) -> None:
    laptop.do("household.edit", household=home, new={"note": "换了新管"})
    assert open_conflicts(laptop) == 0
    with laptop.store.read() as session:
        [view] = pending.conflicts(session, laptop.compound_id, every=True)
    assert (view.status, view.overtaken, view.now, view.row) == ("open", True, "换了新管", "3-1-502")
    laptop.do("conflict.resolve", conflict=conflict, choice="take")
    assert note(laptop) == "已修", "whoever wants the old value all the same may have it"


def test_a_value_that_no_form_can_write_is_refused_in_words(laptop: Laptop, conflict: str) -> None:
    with laptop.store.write() as session:
        row = session.get_one(Conflict, (laptop.compound_id, UUID(conflict)))
        row.field = "search"
        session.add(row)
    outcome = laptop.attempt("conflict.resolve", conflict=conflict, choice="take")
    assert isinstance(outcome, Outcome)
    assert outcome.refused == Rejected("conflict.no_edit", {"table": "household", "field": "search"})


def test_a_flag_is_settled_and_put_back(laptop: Laptop) -> None:
    flag = laptop.ids()
    with laptop.store.write() as session:
        session.add(
            Flag(
                compound_id=laptop.compound_id, id=flag, rev=1, operation_id=laptop.ids(), code="role.missing"
            )
        )
    with laptop.store.read() as session:
        assert pending.pending(session, laptop.compound_id).flags == 1
    done = laptop.do("flag.settle", flag=str(flag))
    with laptop.store.read() as session:
        assert pending.pending(session, laptop.compound_id).flags == 0
    laptop.undo(done.group_id)
    with laptop.store.read() as session:
        assert [view.settled for view in pending.flags(session, laptop.compound_id)] == [False]


def refuse(store: Store, compound_id: UUID, group_id: UUID) -> None:
    """Let the tray hold a group, as if a server had refused it and the laptop had put its rows back."""
    with store.write() as session:
        found = session.connection().exec_driver_sql(
            "SELECT id, n FROM operation WHERE group_id = ?", (group_id.hex,)
        )
        said = [Judgement(UUID(row[0]), row[1], "rejected", None, "row.archived", {}) for row in found]
        replica.take(session, compound_id, pages=[], judgements=said, head=0)


def test_what_was_refused_is_submitted_again_as_new_operations(laptop: Laptop, acting: Acting) -> None:
    outcome = laptop.do("team.add", name="水工")
    refuse(laptop.store, laptop.compound_id, outcome.group_id)
    assert laptop.ask("SELECT name FROM team") == []
    with laptop.store.read() as session:
        [line] = pending.refused(session, laptop.compound_id)
    assert (line.kind, line.code) == ("team.add", "row.archived")
    with laptop.store.write() as session:
        again = resubmit(session, line.id, acting)
    assert [type(verdict) for verdict in again.verdicts] == [Accepted]
    assert again.operations[0].id != line.id
    assert laptop.ask("SELECT name FROM team") == [("水工",)]
    with laptop.store.write() as session:
        assert pending.refused(session, laptop.compound_id) == []
        entry = session.get_one(TrayRow, (laptop.compound_id, line.id))
        assert (entry.settled, entry.by) == ("resubmitted", again.operations[0].id)
        assert resubmit(session, line.id, acting).refused == Rejected("tray.unknown"), "only once"


def test_what_is_refused_again_stays_in_the_tray(laptop: Laptop, acting: Acting) -> None:
    laptop.do("team.add", name="水工")
    team = str(UUID(laptop.ask("SELECT id FROM team")[0][0]))
    laptop.do("person.add", name="李四")
    joined = laptop.do("team.join", team=team, person="李四")
    refuse(laptop.store, laptop.compound_id, joined.group_id)
    with laptop.store.write() as session:
        session.connection().exec_driver_sql("UPDATE team SET archived = 1")
        again = resubmit(session, joined.operations[0].id, acting)
    assert again.refused is not None
    with laptop.store.read() as session:
        assert len(pending.refused(session, laptop.compound_id)) == 1


def test_what_is_let_go_leaves_the_tray_and_stays_in_the_log(laptop: Laptop) -> None:
    outcome = laptop.do("team.add", name="水工")
    refuse(laptop.store, laptop.compound_id, outcome.group_id)
    operation = outcome.operations[0].id
    with laptop.store.write() as session:
        assert dismiss(session, laptop.compound_id, operation) == 1
        assert dismiss(session, laptop.compound_id, operation) == 0
    with laptop.store.read() as session:
        assert pending.pending(session, laptop.compound_id).refused == 0
        assert session.get_one(OperationRow, (laptop.compound_id, operation)).verdict == "rejected"


@pytest.fixture
def acting(laptop: Laptop) -> Acting:
    return laptop.acting
