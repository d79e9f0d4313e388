"""Digests tell apart what differs, whatever the order and the number of steps it came in."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.operations.digest import mark

ROWS = st.dictionaries(st.uuids(), st.integers(1, 2**40), min_size=1, max_size=20)


def total(rows: dict[UUID, int]) -> int:
    return sum(mark(row_id, rev) for row_id, rev in rows.items()) % 2**63


@given(ROWS, st.data())
def test_one_other_rev_shows(rows: dict[UUID, int], data: st.DataObject) -> None:
    row_id = data.draw(st.sampled_from(sorted(rows)))
    other = data.draw(st.integers(1, 2**40).filter(lambda rev: rev != rows[row_id]))
    assert total(rows) != total(rows | {row_id: other})


@given(ROWS, st.data())
def test_two_rows_that_changed_revs_show(rows: dict[UUID, int], data: st.DataObject) -> None:
    one, other = data.draw(st.sampled_from(sorted(rows))), data.draw(st.sampled_from(sorted(rows)))
    swapped = rows | {one: rows[other], other: rows[one]}
    assert (total(rows) == total(swapped)) == (rows == swapped)


@given(ROWS)
def test_the_order_does_not_matter(rows: dict[UUID, int]) -> None:
    assert total(rows) == total(dict(reversed(rows.items())))


def test_a_row_that_no_server_has_confirmed_has_no_mark() -> None:
    assert mark(UUID(int=7), 0) == 0


def test_marks_of_ids_and_revs_in_a_row_do_not_cancel_out() -> None:
    """Ids that a laptop makes one after another, and the revs that follow them, are close together."""
    marks = {
        mark(UUID(int=base + n), rev + n) for base in (0, 2**80) for rev in (1, 1000) for n in range(500)
    }
    assert len(marks) == 2000
    pairs = {(mark(UUID(int=n), n + 1) + mark(UUID(int=n + 1), n)) % 2**63 for n in range(1, 1000)}
    assert len(pairs) == 999
