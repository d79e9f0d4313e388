"""What was done one thing after another is taken back one thing after another."""

from __future__ import annotations

from desk_station import line, names, put, shift
from simulation.devices import Laptop


def test_step_by_step_everything_goes_back_the_way_it_came(station: Laptop) -> None:
    """Called off, held after all, called off again: three undos, each where the one before left off."""
    morning = shift(station)
    place = put(station, morning, "张三")
    done_so_far = [
        station.do("shift.cancel", shift=str(morning)),
        station.do("shift.restore", shift=str(morning)),
        station.do("duty.unassign", assignment=str(place)),
        station.do("duty.assign", {"shift": str(morning), "person": "张三"}),
        station.do("shift.cancel", shift=str(morning)),
    ]
    stood = []
    for outcome in reversed(done_so_far):
        assert station.undo(outcome.group_id).refused is None
        found = line(station, morning)
        stood.append((found.called_off, names(found)))
    assert stood == [(False, ["张三"]), (False, []), (False, ["张三"]), (True, ["张三"]), (False, ["张三"])]
