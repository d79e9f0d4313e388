"""Whatever happens to a compound's money on laptops apart, in whatever order they meet, it adds up; and broken rules are noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from money_apart import Founded, found, live
from money_witness import Broken

from models.fees import operations_bills, purse, receipts
from models.fees.allocating import Allocation
from models.fees.purse import Purse
from models.fees.tables_money import MoneyRow, Placing, Receipt
from models.operations.registry import KINDS
from models.operations.workspace import Workspace

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], object]] = {}
#: In one of these histories a broken rule is noticed at the latest: the richest come first.
_SEEDS = (1, 2, 0, 3, 4)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found(tmp_path_factory.mktemp("money"))


@pytest.mark.parametrize("seed", range(3))
def test_money_adds_up_whatever_happens(tmp_path: Path, founded: Founded, seed: int) -> None:
    live(founded, tmp_path / "apart", seed)


def mutant(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
    MUTANTS[break_it.__name__] = break_it
    return break_it


def handled(patch: Patch, kind: str, before: Callable[[Workspace, Any], Any]) -> None:
    """Let something happen to a payload before a kind's handler has it."""
    handler = KINDS[kind].handler
    patch.setitem(KINDS, kind, replace(KINDS[kind], handler=lambda w, given: handler(w, before(w, given))))


@mutant
def credit_pays_nothing_that_comes_later(patch: Patch) -> None:
    patch.setattr(Purse, "settle", lambda *_, **__: None)


@mutant
def a_bill_takes_all_of_a_payment(patch: Patch) -> None:
    def greedy(fen: int, bills: Any, *_: Any) -> Allocation:
        return Allocation(((bills[0].id, fen),), 0) if bills else Allocation((), fen)

    patch.setattr(purse, "allocate", greedy)


@mutant
def a_payment_taken_back_pays_on(patch: Patch) -> None:
    patch.setattr(Purse, "take_out", lambda *_: None)


@mutant
def what_was_paid_on_a_wrong_bill_is_lost(patch: Patch) -> None:
    patch.setattr(Purse, "free", lambda *_: None)


@mutant
def a_refund_leaves_the_credit(patch: Patch) -> None:
    patch.setattr(Purse, "give_back", lambda *_: 0)


@mutant
def a_span_is_billed_by_every_run(patch: Patch) -> None:
    name = operations_bills._name
    made: list[int] = []

    def another(*args: Any) -> str:
        made.append(1)
        return f"{name(*args)}:{len(made)}"

    patch.setattr(operations_bills, "_same", lambda *_: False)
    patch.setattr(operations_bills, "_name", another)


@mutant
def laptops_number_receipts_alike(patch: Patch) -> None:
    patch.setattr(receipts, "_unused", lambda *_: "AAA")


@mutant
def a_reprint_writes_over_the_receipt(patch: Patch) -> None:
    def overwrite(workspace: Workspace, given: Any) -> Any:
        row = workspace.get(Receipt, given.receipt)
        if row is not None:
            workspace.change(row, number=row.number[:-1] + "9")
        return given

    handled(patch, "payment.reprint", overwrite)


@mutant
def a_file_read_again_is_another(patch: Patch) -> None:
    shared_id = Workspace.shared_id

    def its_own(self: Workspace, model: Any, key: str) -> Any:
        return self.new_id(model, key) if model is MoneyRow else shared_id(self, model, key)

    patch.setattr(Workspace, "shared_id", its_own)


@mutant
def a_row_is_taken_by_two(patch: Patch) -> None:
    def forget(workspace: Workspace, given: Any) -> Any:
        row = None if given.row is None else workspace.get(MoneyRow, given.row)
        if row is not None:
            workspace.change(row, payment_id=None)
        return given

    handled(patch, "payment.record", forget)


@mutant
def a_payment_heard_again_is_another(patch: Patch) -> None:
    handled(
        patch,
        "payment.record",
        lambda workspace, given: given.model_copy(update={"id": workspace.operation.id}),
    )


@mutant
def who_placed_a_payment_wrote_less_down(patch: Patch) -> None:
    add = Workspace.add

    def less(self: Workspace, row: Any) -> Any:
        if isinstance(row, Placing):
            row.fen -= 1
        return add(self, row)

    patch.setattr(Workspace, "add", less)


@mutant
def a_receipt_reckons_in_floats(patch: Patch) -> None:
    whole = receipts.allocate

    def in_floats(*args: Any) -> Any:
        found = whole(*args)
        return Allocation(tuple((bill, fen / 1) for bill, fen in found.lines), found.rest_fen)  # type: ignore[misc]

    patch.setattr(receipts, "allocate", in_floats)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_noticed(tmp_path: Path, founded: Founded, name: str, monkeypatch: Patch) -> None:
    MUTANTS[name](monkeypatch)
    with pytest.raises(Broken):
        all(live(founded, tmp_path / f"{seed}", seed) is None for seed in _SEEDS)
