"""The merge rules, against a statement of each in a few lines that shares nothing with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulation.devices import MORNING, Ids
from simulation.world import LidClosed

from models.operations.envelope import Operation
from models.operations.judge import judge
from models.operations.verdicts import verdict_name
from models.store import Store, open_store

QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
COMPOUND = UUID(int=1)
DIRECTOR = UUID(int=2)
POINT, OTHER = UUID(int=3), UUID(int=4)
DEVICES = [UUID(int=100 + n) for n in range(3)]


@dataclass(frozen=True)
class Edit:
    """One laptop's edit of one field: what it saw, what it wants, when, and how much it had seen."""

    device: int
    minute: int
    seen: int
    old: Any
    new: Any


@dataclass
class Field:
    """The documented rule for one field, without rows, stamps or operations."""

    stands: Any
    sensitive: bool = False
    last: tuple[int, int, int, int] | None = None  # device, minute, number, rev
    aside: tuple[Any, ...] = ()

    def meet(self, edit: Edit, number: int, rev: int) -> str:
        if same(self.stands, edit.new):
            return "accepted"
        knew = same(self.stands, edit.old) or (
            self.last is not None and (self.last[0] == edit.device or self.last[3] <= edit.seen)
        )
        later = self.last is None or (edit.minute, number) > self.last[1:3]
        if not knew and (self.sensitive or not later):
            self.aside += (edit.new,)
            return "conflict"
        if not knew:
            self.aside += (self.stands,)
        self.stands, self.last = edit.new, (edit.device, edit.minute, number, rev)
        return "accepted" if knew else "conflict"


def same(one: Any, other: Any) -> bool:
    return one == other or (not one and not other)


class Bench:
    """A server's store in which everything is thrown away after each try."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ids = Ids("bench")

    def operation(
        self, kind: str, payload: dict[str, Any], *, device: UUID, minute: int, number: int, seen: int = 0
    ) -> Operation:
        when: datetime = MORNING + timedelta(minutes=minute)
        row_id = UUID(int=(1 << 100) + number)
        return Operation(
            compound_id=COMPOUND,
            id=row_id,
            device_id=device,
            n=number + 1,
            group_id=row_id,
            batch_id=None,
            kind=kind,
            v=1,
            doer_id=DIRECTOR,
            recorder_id=DIRECTOR,
            payload=payload,
            needs=(),
            happened_at=when,
            made_at=when,
            at=when,
            seen=seen,
        )

    def judged(
        self, operations: Sequence[Operation], *questions: str
    ) -> tuple[list[str], list[list[tuple[Any, ...]]]]:
        said: list[str] = []
        found: list[list[tuple[Any, ...]]] = []
        try:
            with self.store.write() as session:
                for one in operations:
                    said += [verdict_name(verdict) for verdict in judge(session, [one])]
                ask = session.connection().exec_driver_sql
                found += [[tuple(row) for row in ask(sql)] for sql in questions]
                raise LidClosed  # noqa: TRY301  # rolls back
        except LidClosed:
            return said, found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = open_store(tmp_path / "server.linli", new_id=Ids("server"))
    made = Bench(store)
    found = {"name": "耐火小区", "person": str(DIRECTOR), "person_name": "王德胜"}
    point = {"id": str(POINT), "code": "W01", "name": "井"}
    flat = {"id": str(OTHER), "code": "3-1-502", "phones": ["13800000001"]}
    with store.write() as session:
        for number, (kind, payload) in enumerate(
            (("compound.found", found), ("point.add", point), ("household.add", flat))
        ):
            made_by = COMPOUND if number == 0 else DIRECTOR
            one = made.operation(kind, payload, device=DEVICES[0], minute=0, number=number)
            verdict = judge(session, [replace(one, recorder_id=made_by, doer_id=made_by)])[0]
            assert verdict_name(verdict) == "accepted", verdict
    yield made
    store.close()


NAMES = st.sampled_from(["井", "东", "西", ""])
EDITS = st.lists(
    st.builds(
        Edit,
        device=st.integers(0, 2),
        minute=st.integers(1, 5),
        seen=st.integers(3, 7),
        old=NAMES,
        new=NAMES,
    ),
    min_size=1,
    max_size=5,
)


def edits(
    bench: Bench, made: Sequence[tuple[int, Edit]], *, noun: str, field: str, spell: Any
) -> list[Operation]:
    row = POINT if noun == "point" else OTHER
    return [
        bench.operation(
            f"{noun}.edit",
            {noun: str(row), "old": {field: spell(edit.old)}, "new": {field: spell(edit.new)}},
            device=DEVICES[edit.device],
            minute=edit.minute,
            number=10 + number,
            seen=edit.seen,
        )
        for number, edit in made
    ]


@given(made=EDITS)
@QUICK
def test_a_field_ends_as_the_rule_says_and_what_is_put_aside_is_kept(bench: Bench, made: list[Edit]) -> None:
    numbered = list(enumerate(made))
    said, (names, lost) = bench.judged(
        edits(bench, numbered, noun="point", field="name", spell=str),
        "SELECT name FROM point",
        "SELECT lost FROM conflict",
    )
    rule = Field("井")
    assert said == [rule.meet(edit, number, 4 + number) for number, edit in numbered]
    assert names == [(rule.stands,)]
    assert sorted(str(value).strip('"') for (value,) in lost) == sorted(map(str, rule.aside))


@given(made=EDITS)
@QUICK
def test_a_sensitive_field_stands_until_a_person_chooses(bench: Bench, made: list[Edit]) -> None:
    def spell(value: str) -> list[str]:
        return {"井": ["13800000001"], "": [], "东": ["13800000002"], "西": ["13800000003"]}[value]

    numbered = list(enumerate(made))
    said, (conflicts,) = bench.judged(
        edits(bench, numbered, noun="household", field="phones", spell=spell),
        "SELECT count(*) FROM conflict",
    )
    rule = Field("井", sensitive=True)
    assert said == [rule.meet(edit, number, 4 + number) for number, edit in numbered]
    assert conflicts == [(len(rule.aside),)]


@given(
    made=st.lists(st.tuples(st.sampled_from(["东", "西", "南"]), st.integers(1, 9)), min_size=2, max_size=3)
)
@QUICK
def test_of_those_who_knew_nothing_of_each_other_the_latest_wins_in_whatever_order_they_come(
    bench: Bench, made: list[tuple[str, int]]
) -> None:
    apart = [
        (number, Edit(device=number, minute=minute, seen=3, old="井", new=name))
        for number, (name, minute) in enumerate(made)
    ]
    ends = set()
    for order in permutations(apart):
        _, (names, lost) = bench.judged(
            edits(bench, order, noun="point", field="name", spell=str),
            "SELECT name FROM point",
            "SELECT lost FROM conflict",
        )
        ends.add(names[0][0])
        kept = {names[0][0], *(str(value).strip('"') for (value,) in lost)}
        assert {name for name, _ in made} <= kept, "a value was lost"
    assert len(ends) == 1 or len({name for name, _ in made}) < len(made)
    if len({name for name, _ in made}) == len(made):
        latest = max(apart, key=lambda one: (one[1].minute, one[0]))
        assert ends == {latest[1].new}


@given(
    values=st.lists(
        st.tuples(st.sampled_from([None, 900, 1200]), st.sampled_from(["", "漏水", "深"])),
        min_size=1,
        max_size=3,
    )
)
@QUICK
def test_a_thing_added_again_fills_blanks_and_puts_aside_what_differs(
    bench: Bench, values: list[tuple[int | None, str]]
) -> None:
    added = [
        bench.operation(
            "point.add",
            {"id": str(UUID(int=50 + number)), "code": "W09", "depth_mm": depth, "note": note},
            device=DEVICES[number],
            minute=number,
            number=10 + number,
            seen=3,
        )
        for number, (depth, note) in enumerate(values)
    ]
    said, (rows, lost, aliases) = bench.judged(
        added,
        "SELECT depth_mm, note FROM point WHERE code = 'W09'",
        "SELECT field, lost FROM conflict",
        "SELECT count(*) FROM alias WHERE table_name = 'point'",
    )
    assert said == ["accepted", *["merged"] * (len(values) - 1)]
    assert aliases == [(len(values) - 1,)]
    for place, field in enumerate(("depth_mm", "note")):
        told = [value[place] for value in values if value[place]]
        stands = told[0] if told else (None, "")[place]
        assert rows[0][place] == stands
        aside = sorted(str(value).strip('"') for name, value in lost if name == field)
        assert aside == sorted(str(value) for value in told if value != stands)


@given(steps=st.lists(st.sampled_from(["archive", "unarchive"]), min_size=1, max_size=6))
@QUICK
def test_only_unarchiving_brings_back(bench: Bench, steps: list[str]) -> None:
    archived, expected = False, []
    for step in steps:
        good = archived == (step == "unarchive")
        expected.append("accepted" if good else "rejected")
        archived = (step == "archive") if good else archived
    operations = [
        bench.operation(
            f"point.{step}", {"point": str(POINT)}, device=DEVICES[0], minute=number, number=10 + number
        )
        for number, step in enumerate(steps)
    ]
    said, (rows,) = bench.judged(operations, "SELECT archived FROM point WHERE code = 'W01'")
    assert said == expected
    assert [bool(value) for (value,) in rows] == [archived]


@given(order=st.permutations(range(3)), start=st.integers(0, 2))
@QUICK
def test_merged_rows_lead_to_the_one_that_stands(bench: Bench, order: list[int], start: int) -> None:
    """Three wells, merged one into the next: whatever referred to any of them refers to the last."""
    wells = [UUID(int=60 + number) for number in range(3)]
    chain = [wells[place] for place in order]
    add = [
        bench.operation(
            "point.add",
            {"id": str(row), "code": f"W1{place}"},
            device=DEVICES[0],
            minute=1,
            number=10 + place,
        )
        for place, row in enumerate(wells)
    ]
    pipe = bench.operation(
        "pipe.add",
        {"id": str(UUID(int=70)), "start": str(wells[start]), "end": str(POINT)},
        device=DEVICES[0],
        minute=2,
        number=20,
    )
    merge = [
        bench.operation(
            "point.merge",
            {"point": str(one), "into": str(other)},
            device=DEVICES[0],
            minute=3,
            number=30 + place,
        )
        for place, (one, other) in enumerate(pairwise(chain))
    ]
    late = bench.operation(
        "point.edit",
        {"point": str(chain[0]), "old": {}, "new": {"note": "渗"}},
        device=DEVICES[1],
        minute=9,
        number=40,
    )
    said, (pipes, noted, living) = bench.judged(
        [*add, pipe, *merge, late],
        "SELECT from_id FROM pipe",
        "SELECT id FROM point WHERE note = '渗'",
        "SELECT count(*) FROM point WHERE archived = 0",
    )
    assert "rejected" not in said
    assert pipes == [(chain[-1].hex,)]
    assert noted == [(chain[-1].hex,)]
    assert living == [(2,)]
