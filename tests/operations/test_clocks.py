"""Clocks that are wrong, and are set right in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.operations import clocks
from models.store import Store

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
YEARS = timedelta(days=3652)


class Machine:
    """A laptop's clock and ticks; the true time goes on beside them."""

    def __init__(self, store: Store) -> None:
        self.store, self.true, self.off, self.started = store, NOON, timedelta(0), NOON

    def ticks(self) -> float:
        return (self.true - self.started).total_seconds()

    @property
    def wall(self) -> datetime:
        return self.true + self.off

    def passes(self, **time: float) -> None:
        self.true += timedelta(**time)

    def read(self) -> clocks.Moment:
        with self.store.write() as session:
            return clocks.read(session, self.wall, self.ticks)

    def contact(self) -> None:
        with self.store.write() as session:
            clocks.learn(session, self.wall, self.ticks, self.true)

    def put_right(self, moment: clocks.Moment) -> datetime:
        with self.store.read() as session:
            return clocks.put_right(session)(moment.now, moment.segment, moment.shift_ms)


@pytest.fixture
def machine(store: Store) -> Machine:
    return Machine(store)


def test_a_good_clock_is_believed(machine: Machine) -> None:
    moment = machine.read()
    machine.contact()
    assert (moment.now, moment.shift_ms) == (NOON, 0)
    assert machine.put_right(moment) == NOON
    assert machine.read().segment == moment.segment


@pytest.mark.parametrize("off", [-YEARS, YEARS])
def test_after_a_contact_a_wrong_clock_is_put_right(machine: Machine, off: timedelta) -> None:
    machine.off = off
    before = machine.read()
    machine.passes(minutes=5)
    machine.contact()
    machine.passes(minutes=5)
    assert machine.read().now == machine.true
    assert machine.put_right(before) == NOON, "what was made before the contact is put right when it is sent"


def test_what_was_made_after_the_contact_is_not_put_right_twice(machine: Machine) -> None:
    machine.off = YEARS
    machine.contact()
    moment = machine.read()
    assert moment.now == machine.true
    assert machine.put_right(moment) == machine.true


def test_setting_the_clock_begins_a_new_stretch(machine: Machine) -> None:
    machine.off = -YEARS
    wrong = machine.read()
    machine.contact()
    machine.off = timedelta(0)
    machine.passes(minutes=1)
    right = machine.read()
    assert right.segment != wrong.segment
    assert right.now == machine.true, "the shift of the wrong clock is not added to the right one"
    assert machine.put_right(wrong) == NOON


def test_time_never_goes_back_behind_what_the_server_said(machine: Machine) -> None:
    machine.contact()
    machine.passes(hours=2)
    machine.off = -YEARS
    moment = machine.read()
    assert moment.now == NOON
    assert machine.wall < NOON
    machine.contact()
    assert machine.put_right(moment) == machine.true, "and is put right once the server is heard again"


def test_a_restart_begins_a_new_stretch(machine: Machine) -> None:
    first = machine.read().segment
    machine.passes(hours=1)
    machine.started = machine.true
    assert machine.read().segment == first + 1


def test_the_delay_of_the_network_is_no_wrong_clock(machine: Machine) -> None:
    with machine.store.write() as session:
        clocks.learn(session, machine.wall, machine.ticks, machine.true + timedelta(seconds=30))
    assert machine.read().now == NOON


def test_how_far_the_clock_is_off_is_known_after_a_contact(machine: Machine) -> None:
    machine.off = timedelta(hours=-3)
    machine.read()
    with machine.store.read() as session:
        assert clocks.shift_now(session) is None
    machine.contact()
    with machine.store.read() as session:
        assert clocks.shift_now(session) == 3 * 3600 * 1000
