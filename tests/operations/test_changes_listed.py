"""The list of changes: what it holds, what it is narrowed by, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Laptop
from sqlalchemy import event

from models.operations import about, changes, kin, log
from models.operations.change_lines import ChangeLine
from models.operations.changes import State, Wanted, Word
from models.operations.envelope import Intent
from models.operations.one_change import subject
from models.operations.perform import Outcome, perform
from models.operations.replica import take
from models.operations.undo import undo_change, why_not
from models.operations.verdicts import Judgement, Rejected
from models.store import open_store

ALL = Wanted()


def listed(laptop: Laptop, wanted: Wanted = ALL, **page: int) -> tuple[ChangeLine, ...]:
    with laptop.store.read() as session:
        lines = changes.page_changes(session, laptop.compound_id, wanted, **page)
        if not page:
            assert changes.count_changes(session, laptop.compound_id, wanted) == len(lines)
        return lines


def kinds(laptop: Laptop, wanted: Wanted = ALL) -> list[str]:
    return [line.kind for line in listed(laptop, wanted)]


def meant(laptop: Laptop, text: str) -> Word:
    with laptop.store.read() as session:
        found = kin.meant_by(session, laptop.compound_id, text)
        rows = {
            row for table, ids in found.items() for row in kin.around(session, laptop.compound_id, table, ids)
        }
        return Word(people=frozenset(found.get("person", ())), rows=frozenset(rows))


def history(laptop: Laptop, table: str, row_id: UUID) -> list[str]:
    with laptop.store.read() as session:
        ids = kin.around(session, laptop.compound_id, table, [row_id])
        lines = changes.page_history(session, laptop.compound_id, ids)
        assert changes.count_history(session, laptop.compound_id, ids) == len(lines)
        return [line.kind for line in lines]


def added(outcome: Outcome) -> UUID:
    return UUID(str(outcome.operations[0].payload["id"]))


def home(n: int) -> Intent:
    return Intent("household.add", {"id": str(UUID(int=(0x7 << 76) | (0b10 << 62) | n)), "code": f"9-1-{n}"})


def test_what_was_done_in_one_go_is_one_line_with_its_number(laptop: Laptop) -> None:
    batch = laptop.ids()
    for start in (0, 200, 400):
        with laptop.store.write() as session:
            group = [home(n + 1) for n in range(start, start + 200)]
            assert perform(session, group, laptop.acting, batch_id=batch).refused is None
    newest, genesis = listed(laptop)
    assert (newest.kind, newest.more, newest.change_id) == ("household.add", 599, batch)
    assert genesis.kind == "compound.found"
    with laptop.store.read() as session:
        parts = changes.page_parts(session, laptop.compound_id, batch, offset=590)
        assert changes.count_parts(session, laptop.compound_id, batch) == 600
    assert [line.payload["code"] for line in parts] == [f"9-1-{n}" for n in range(591, 601)]


def test_a_line_tells_who_did_it_and_who_entered_it(laptop: Laptop) -> None:
    other = added(laptop.do("person.add", name="罗铁生"))
    with laptop.store.write() as session:
        perform(
            session,
            [Intent("person.add", {"id": str(laptop.ids()), "name": "客"}, doer_id=other)],
            laptop.acting,
        )
    assert next((line.doer, line.recorder) for line in listed(laptop)) == ("罗铁生", "王德胜")
    assert kinds(laptop, Wanted(person=other)) == ["person.add"]
    assert (
        len(kinds(laptop, Wanted(person=laptop.person_id))) == 3
    )  # what one entered for others is one's own too


def test_the_list_is_narrowed_by_kind_day_laptop_and_state(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    laptop.clock.now += timedelta(days=2)
    later = laptop.clock.now
    laptop.do("point.add", code="W07")
    assert kinds(laptop, Wanted(kinds=frozenset({"point.add", "point.edit"}))) == ["point.add"]
    assert kinds(laptop, Wanted(since=later)) == ["point.add"]
    assert kinds(laptop, Wanted(until=later)) == ["household.add", "compound.found"]
    with laptop.store.read() as session:
        own = log.device_id(session)
    assert len(kinds(laptop, Wanted(device=own))) == 3
    assert kinds(laptop, Wanted(device=UUID(int=5))) == []
    assert len(kinds(laptop, Wanted(state=State.WAITING))) == 3
    assert kinds(laptop, Wanted(state=State.REFUSED)) == []


def judged(laptop: Laptop, verdict: str, outcome: Outcome, **said: Any) -> None:
    with laptop.store.write() as session:
        judgements = [
            Judgement(one.id, one.n, verdict, said.get("rev"), said.get("code"), {})
            for one in outcome.operations
        ]
        take(session, laptop.compound_id, pages=[], judgements=judgements, head=said.get("rev") or 0)


def test_what_a_server_said_shows_and_is_filtered_by(laptop: Laptop) -> None:
    first = laptop.do("household.add", code="3-1-502")
    second = laptop.do("household.add", code="3-1-503")
    judged(laptop, "accepted", first, rev=1)
    judged(laptop, "rejected", second, code="role.missing")
    refused, accepted, waiting = listed(laptop)
    assert (refused.verdict, refused.refused, refused.code) == ("rejected", 1, "role.missing")
    assert (accepted.verdict, accepted.waiting) == ("accepted", False)
    assert waiting.waiting
    assert kinds(laptop, Wanted(state=State.REFUSED)) == ["household.add"]
    assert kinds(laptop, Wanted(state=State.WAITING)) == ["compound.found"]


@pytest.mark.parametrize("text", ["3-1-502", "３栋１单元502室", "3-1-50", "31502"])
def test_a_household_is_found_in_any_spelling(laptop: Laptop, text: str) -> None:
    laptop.do("household.add", code="3-1-502")
    laptop.do("household.add", code="4-1-101")
    laptop.do("household.edit", household="3-1-502", new={"note": "漏水"})
    assert kinds(laptop, Wanted(words=(meant(laptop, text),))) == ["household.edit", "household.add"]


def test_every_word_narrows_the_search(laptop: Laptop) -> None:
    laptop.do("person.add", name="罗铁生")
    laptop.do("point.add", code="W07")
    laptop.do("point.add", code="W08")
    laptop.do("pipe.add", start="W07", end="W08")
    w07, w08, luo = (meant(laptop, text) for text in ("w07", "W08", "lts"))
    assert kinds(laptop, Wanted(words=(w07,))) == ["pipe.add", "point.add"]
    assert kinds(laptop, Wanted(words=(w07, w08))) == ["pipe.add"]
    assert kinds(laptop, Wanted(words=(luo,))) == ["person.add"]
    assert kinds(laptop, Wanted(words=(w07, luo))) == []
    assert kinds(laptop, Wanted(words=(meant(laptop, "[/b] 🙂" * 90),))) == []


# -- one row's history


def test_a_history_tells_of_what_hangs_on_a_row(laptop: Laptop) -> None:
    row = added(laptop.do("household.add", code="3-1-502"))
    laptop.do("person.add", name="张三")
    stay = laptop.do("occupancy.start", household="3-1-502", person="张三")
    laptop.do("occupancy.end", occupancy=str(added(stay)), until="2030-01-01")
    laptop.do("household.add", code="3-1-503")
    assert history(laptop, "household", row) == ["occupancy.end", "occupancy.start", "household.add"]


def test_a_well_tells_of_its_observations_and_of_their_withdrawal(laptop: Laptop) -> None:
    well = added(laptop.do("point.add", code="W07"))
    laptop.do("walk.start", name="三月")
    seen = laptop.do("walk.observe", walk="三月", point="W07", level="half")
    laptop.do("observation.withdraw", observation=str(added(seen)))
    assert history(laptop, "point", well) == ["observation.withdraw", "walk.observe", "point.add"]


def test_a_history_goes_through_what_was_merged(laptop: Laptop) -> None:
    one = added(laptop.do("person.add", name="张三"))
    two = added(laptop.do("person.add", name="张三丰"))
    laptop.do("person.edit", person=str(one), new={"note": "热心"})
    laptop.do("person.merge", person=str(one), into=str(two))
    laptop.do("person.edit", person=str(two), new={"sex": "male"})
    told = ["person.edit", "person.merge", "person.edit", "person.add", "person.add"]
    assert history(laptop, "person", two) == told
    with laptop.store.read() as session:
        assert kin.standing(session, laptop.compound_id, "person", one) == two


def test_a_household_added_twice_has_one_history(laptop: Laptop) -> None:
    row = added(laptop.do("household.add", code="3-1-502"))
    laptop.do("household.add", code="3-1-502", area=9000)
    assert history(laptop, "household", row) == ["household.add", "household.add"]


def test_an_answer_is_not_about_the_question_and_a_note_names_no_row() -> None:
    one, other = UUID(int=1), UUID(int=2)
    payload = {
        "point": str(one),
        "answers": {str(other): True},
        "note": f'see "{other}" {other}',
        "in": [{"x": one.hex}],
    }
    assert about.ids_in(payload) == {one}


# -- undo


def reason(laptop: Laptop, outcome: Outcome) -> tuple[str, str] | None:
    with laptop.store.read() as session:
        found = why_not(session, outcome.group_id, laptop.acting)
        return None if found is None else (found.refused.code, "" if found.by is None else found.by.kind)


def test_an_undone_change_says_so_and_its_undo_says_what_it_undoes(laptop: Laptop) -> None:
    done = laptop.do("household.add", code="3-1-502")
    assert reason(laptop, done) is None
    back = laptop.undo(done.group_id)
    undo, undone, _ = listed(laptop)
    assert (undone.undone, undone.partly) == (True, False)
    assert (undo.kind, undo.undoes, undo.undone) == ("household.archive", undone.change_id, False)
    assert [line.id for line in listed(laptop, Wanted(state=State.UNDONE))] == [undone.id]
    assert reason(laptop, done) == ("undo.already", "household.archive")
    assert laptop.undo(done.group_id).refused is not None
    again = laptop.undo(back.group_id)
    assert again.refused is None
    redone, undo, done_line, _ = listed(laptop)
    assert (redone.kind, redone.undoes) == ("household.unarchive", undo.change_id)
    assert (undo.undone, done_line.undone) == (True, False)
    assert laptop.ask("SELECT archived FROM household") == [(0,)]


def test_an_undo_that_the_server_refused_undid_nothing(laptop: Laptop) -> None:
    done = laptop.do("household.add", code="3-1-502")
    back = laptop.undo(done.group_id)
    judged(laptop, "accepted", done, rev=1)
    judged(laptop, "rejected", back, code="role.missing")
    undo, line, _ = listed(laptop)
    assert (line.undone, undo.refused) == (False, 1)


def test_an_undo_that_is_tried_again_after_a_refusal_is_another(laptop: Laptop) -> None:
    done = laptop.do("household.add", code="3-1-502")
    judged(laptop, "rejected", laptop.undo(done.group_id), code="role.missing")
    assert laptop.undo(done.group_id).refused is None
    again, undo, line, _ = listed(laptop)
    assert (again.refused, undo.refused, line.undone) == (0, 1, True)
    assert again.undoes == undo.undoes == line.change_id


def test_why_something_cannot_be_undone_names_who_changed_it_since(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    first = laptop.do("household.edit", household="3-1-502", new={"note": "漏水"})
    assert reason(laptop, first) is None
    laptop.do("household.edit", household="3-1-502", new={"note": "修好了"})
    assert reason(laptop, first) == ("undo.changed_since", "household.edit")
    added_first = listed(laptop)[2]
    with laptop.store.read() as session:
        found = why_not(session, added_first.group_id, laptop.acting)
    assert found is not None
    assert found.refused.code == "undo.changed_since"
    assert found.by is not None
    assert found.by.payload["new"] == {"note": "修好了"}


def test_what_kind_or_role_forbids_is_said_before_it_is_tried(laptop: Laptop) -> None:
    laptop.do("person.add", name="罗铁生")
    two = laptop.do("person.add", name="张三")
    merged = laptop.do("person.merge", person="罗铁生", into="张三")
    assert reason(laptop, merged) == ("undo.impossible", "")
    laptop.person_id = added(two)
    done = listed(laptop)[1]
    with laptop.store.read() as session:
        found = why_not(session, done.group_id, laptop.acting)
    assert found is not None
    assert found.refused.code == "role.missing"


def test_a_part_of_an_import_that_is_undone_leaves_the_rest(laptop: Laptop) -> None:
    batch = laptop.ids()
    groups = []
    for start in (0, 10):
        with laptop.store.write() as session:
            group = [home(n + 1) for n in range(start, start + 10)]
            groups.append(perform(session, group, laptop.acting, batch_id=batch).group_id)
    assert laptop.undo(groups[0]).refused is None
    undo, imported, _ = listed(laptop)
    assert (imported.more, imported.undone, imported.partly) == (19, True, True)
    assert undo.undoes == batch
    assert laptop.undo(groups[1]).refused is None
    assert [line.partly for line in listed(laptop) if line.change_id == batch] == [False]


def test_a_kind_of_a_later_version_is_shown_whatever_it_holds(laptop: Laptop) -> None:
    laptop.do("point.add", code="W01")
    line = replace(listed(laptop)[0], kind="point.number", payload={"id": ["W02", "W03"]})
    assert subject(line, {}) is None
    assert subject(replace(line, payload={"id": str(laptop.person_id)}), {}) == ("point", laptop.person_id)


# -- what it rests on


def test_rebuilding_finds_what_was_noted_one_by_one(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    done = laptop.do("household.edit", household="3-1-502", new={"note": "漏水"})
    back = laptop.undo(done.group_id)
    laptop.undo(back.group_id)
    laptop.together(home(1), home(2), Intent("person.add", {"id": str(laptop.ids()), "name": "李四"}))
    tables = ("SELECT * FROM change ORDER BY id, kind", "SELECT * FROM operation_about ORDER BY 2, 3")
    before = [laptop.ask(sql) for sql in tables]
    with laptop.store.write() as session:
        about.rebuild(session, laptop.compound_id)
    assert [laptop.ask(sql) for sql in tables] == before


@contextmanager
def counting(laptop: Laptop) -> Iterator[list[int]]:
    """Count statements, and the rows they bring."""
    counted = [0]

    def heard(*_: Any) -> None:
        counted[0] += 1

    engine = laptop.store.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def many(laptop: Laptop, count: int) -> None:
    """Put that many changes of one operation into the log, as pulled history puts them there."""
    [made] = laptop.do("person.add", name="张三").operations
    for start in range(0, count, 2_000):
        numbers = range(start, min(start + 2_000, count))
        copies = [
            replace(
                made,
                id=laptop.ids(),
                group_id=laptop.ids(),
                n=made.n + 1 + n,
                payload={"id": str(laptop.ids()), "name": f"人{n}"},
            )
            for n in numbers
        ]
        with laptop.store.write() as session:
            log.keep(session, [log.to_values(one) for one in copies])
            session.connection().exec_driver_sql("UPDATE cursor SET last_n = ?", (copies[-1].n,))


def test_a_page_deep_in_50_000_changes_takes_the_statements_of_a_short_list(laptop: Laptop) -> None:
    wanted = (Wanted(), Wanted(person=laptop.person_id), Wanted(kinds=frozenset({"person.add"})))

    def cost(offset: int) -> list[int]:
        found = []
        with laptop.store.read() as session:
            for one in wanted:
                with counting(laptop) as counted:
                    lines = changes.page_changes(session, laptop.compound_id, one, offset=offset, limit=50)
                assert len(lines) == 50
                found.append(counted[0])
        return found

    many(laptop, 200)
    short = cost(0)
    many(laptop, 49_800)
    with laptop.store.read() as session:
        assert changes.count_changes(session, laptop.compound_id) == 50_003
    assert cost(0) == cost(49_000) == short
    assert max(short) < 20


def test_no_question_of_the_list_reads_a_whole_table_of_operations(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    word = meant(laptop, "3-1-502")
    plans: list[str] = []

    def explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            rows = (
                cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            )
            plans.extend(str(row[3]) for row in rows)

    event.listen(laptop.store.engine, "before_cursor_execute", explain)
    try:
        for wanted in (
            Wanted(),
            Wanted(words=(word,)),
            Wanted(state=State.UNDONE),
            Wanted(state=State.REFUSED),
        ):
            listed(laptop, wanted)
    finally:
        event.remove(laptop.store.engine, "before_cursor_execute", explain)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN operation")] == []


def test_an_import_is_taken_back_whole_or_not_at_all(laptop: Laptop) -> None:
    batch = laptop.ids()
    for start in (0, 100):
        group = [
            Intent(
                "household.add",
                {
                    "id": str(laptop.ids()),
                    "code": f"9-1-{start + n + 1}",
                    "occupants": [
                        {
                            "person": str(laptop.ids()),
                            "occupancy": str(laptop.ids()),
                            "name": f"人{start + n}",
                        }
                    ],
                },
            )
            for n in range(100)
        ]
        with laptop.store.write() as session:
            assert perform(session, group, laptop.acting, batch_id=batch).refused is None
    laptop.do("household.edit", household="9-1-1", new={"note": "漏水"})
    with laptop.store.write() as session:
        # The part that nobody has touched goes first, and comes back with the rest.
        assert undo_change(session, batch, laptop.acting).refused == Rejected(
            "undo.changed_since", {"field": ""}
        )
    assert laptop.ask("SELECT count(*) FROM household WHERE archived") == [(0,)]
    edit = listed(laptop)[0]
    assert laptop.undo(edit.group_id).refused is None
    with laptop.store.write() as session:
        refused = undo_change(session, batch, laptop.acting).refused
    # A stamp stays: the household was edited once, though the edit was taken back.
    assert refused is not None
    with laptop.store.write() as session:
        session.connection().exec_driver_sql("UPDATE household SET stamps = '{}'")
    with laptop.store.write() as session:
        done = undo_change(session, batch, laptop.acting)
    assert done.refused is None
    assert len(done.operations) == 600
    assert laptop.ask("SELECT count(*) FROM household WHERE NOT archived") == [(0,)]
    first, second, *_, imported, _ = listed(laptop)
    assert [(one.more, one.undoes) for one in (first, second)] == [(299, batch), (299, batch)]
    assert (imported.change_id, imported.undone, imported.partly) == (batch, True, False)
    with laptop.store.read() as session:
        parts = changes.page_parts(session, laptop.compound_id, first.change_id, offset=250)
        assert {one.change_id for one in parts} == {first.change_id}
        assert len(parts) == 50
    with laptop.store.write() as session:
        for one in (first, second):
            assert undo_change(session, one.change_id, laptop.acting).refused is None
    assert laptop.ask("SELECT count(*) FROM household WHERE archived") == [(0,)]
    with laptop.store.write() as session:
        before = session.connection().exec_driver_sql("SELECT * FROM change ORDER BY id, kind").all()
        about.rebuild(session, laptop.compound_id)
        assert session.connection().exec_driver_sql("SELECT * FROM change ORDER BY id, kind").all() == before


def test_an_older_store_is_listed_when_it_is_opened(laptop: Laptop) -> None:
    batch = laptop.ids()
    laptop.do("household.add", code="3-1-502")
    laptop.do("household.edit", household="3-1-502", new={"note": "漏水"})
    for start in (0, 100):
        with laptop.store.write() as session:
            group = [home(start + n + 1) for n in range(100)]
            assert perform(session, group, laptop.acting, batch_id=batch).refused is None
    tables = ("SELECT * FROM change ORDER BY id, kind", "SELECT * FROM operation_about ORDER BY 2, 3")
    before = [laptop.ask(sql) for sql in tables]
    with laptop.store.write() as session:
        connection = session.connection()
        tickets = ("ticket_link", "ticket_event", "ticket_hand", "ticket", "incident_building", "incident")
        duty = ("log_entry", "handover", "checkin", "swap", "assignment", "shift", "shift_exception")
        people = ("special_day", "availability", "duty_pair", "duty_share", "duty_ruling", "duty_balance")
        fees = ("statement", "closing", "expense_approval", "expense", "movement", "account", "letter_text")
        money = ("dunning", "hand_in", "receipt", "reversal", "placing", "allocation", "refund", "money_row")
        bills = ("payment", "fee_ruling", "bill", "bill_run", "parking_space", "shared_cost", "meter_reading")
        charges = ("meter", "concession", "charge_share", "tariff", "charge_item")
        later = (
            *fees,
            *money,
            *bills,
            *charges,
            *duty,
            *people,
            "shift_template",
            "post",
            *tickets,
            "ticket_ruling",
            "ticket_category",
            "change",
            "operation_about",
            "schedule",
            "rain",
        )
        for table in later:
            connection.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("route_id_finished_at", "started_at"):
            connection.exec_driver_sql(f"DROP INDEX ix_walk_compound_id_{index}")
        connection.exec_driver_sql("ALTER TABLE operation DROP COLUMN arrival")
        for column in ("print_head", "print_foot"):
            connection.exec_driver_sql(f"ALTER TABLE compound DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    path = laptop.path
    laptop.store.close()
    laptop.store = open_store(path, new_id=laptop.ids)
    try:
        assert [laptop.ask(sql) for sql in tables] == before
        assert len(before[0]) == 4
    finally:
        laptop.store.close()
