"""Fees in words: formulas, methods, states, steps, accounts, periods, amounts. Loads no Textual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from models.fees.money import yuan
from models.fees.periods import Period
from models.fees.rules import collector_of
from tui.i18n import has, t

_DAY = timedelta(days=1)


def formula_word(formula: str) -> str:
    """Return what an item is charged by."""
    return t(f"fee.formula.{formula}")


def cycle_word(cycle: str) -> str:
    """Return how often an item is charged."""
    return t(f"fee.cycle.{cycle}")


def method_word(method: str) -> str:
    """Return how money came or went."""
    return t(f"fee.method.{method}")


def bill_kind_word(kind: str) -> str:
    """Return what a bill asks for."""
    return t(f"fee.bill_kind.{kind}")


def asked_word(state: str) -> str:
    """Return what became of a request that a second person answers."""
    return t(f"fee.asked.{state}")


def concession_word(kind: str) -> str:
    """Return what a household is granted."""
    return t(f"fee.concession.{kind}")


def expense_word(state: str) -> str:
    """Return how far an expense has come."""
    return t(f"fee.expense.{state}")


def row_state_word(state: str) -> str:
    """Return what became of a row of a bank's file."""
    return t(f"fee.row.{state}")


def direction_word(direction: str) -> str:
    """Return which way money of a bank's row went."""
    return t(f"fee.direction.{direction}")


def way_word(way: str) -> str:
    """Return how a household was asked to pay."""
    return t(f"fee.way.{way}")


def step_word(step: str) -> str:
    """Return a step of dunning."""
    return t(f"fee.step.{step}")


def answer_word(answer: str) -> str:
    """Return what a household said when it was asked."""
    return t(f"fee.answer.{answer}")


def side_word(side: str) -> str:
    """Return on which side an account stands."""
    return t(f"fee.side.{side}")


def movement_word(kind: str) -> str:
    """Return which kind of movement without a bill it is."""
    return t(f"fee.movement.{kind}")


def account_name(code: str, names: Mapping[UUID, str]) -> str:
    """Return what an account of the journal is called; `names` knows items, added accounts and people by id."""
    if code == "assets:cash:unknown":
        return t("fee.account.cash_unknown")
    collector = collector_of(code)
    if collector is not None:
        return t("fee.account.cash", name=names.get(collector, "?"))
    last = code.rpartition(":")[2]
    if has(f"fee.account.{last}"):
        return t(f"fee.account.{last}")
    return names.get(UUID(last), "?")


def span_text(since: date, until: date) -> str:
    """Return a half-open span of days as people write it: `2026-11`, `2026-Q4`, else its first and last day."""
    name = Period(since, until).name
    return t("fee.span", first=since.isoformat(), last=(until - _DAY).isoformat()) if "/" in name else name


def short_span(since: date, until: date) -> str:
    """Return a half-open span of days in a column's width: whole months by the first and last, `2026-12–2027-02`."""
    if "/" not in Period(since, until).name or since.day != 1 or until.day != 1:
        return span_text(since, until)
    return f"{since:%Y-%m}–{until - timedelta(days=1):%Y-%m}"


def sum_text(fen: int) -> str:
    """Return an amount as it stands on screen and paper."""
    return yuan(fen)
