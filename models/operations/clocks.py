"""What time it is on a laptop whose clock may be wrong, and may be set right in between.

The laptop's clock is read together with a count of seconds that nobody can set.
While both go alike they are one *segment*; when somebody sets the clock, or the
machine starts again, the next begins. A contact with the server tells how far
the present segment is off: its shift. From then on that is added, and what was
made earlier in the segment is put right when it is sent. Without a contact the
clock counts as it is, but never as earlier than the server was last heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.operations.tables import Setting

#: Seconds that clock and ticks may drift apart before it counts as somebody setting the clock.
_DRIFT = 5.0
#: A shift below this many milliseconds is the network's delay, not a wrong clock.
_SMALL_MS = 60_000
_KEEP = 50
_KEY = "clock"


@dataclass(frozen=True, slots=True)
class Moment:
    """A reading: the time put right as far as it can be, the segment, and what was added, in ms."""

    now: datetime
    segment: int = 0
    shift_ms: int = 0


def read(session: Session, wall: datetime, ticks: Callable[[], float] | None) -> Moment:
    """Return the present moment. Notes a new segment in the caller's transaction."""
    if ticks is None:
        return Moment(wall)
    state = _state(session, wall, ticks())
    shift = state["shifts"].get(str(state["segment"]))
    if shift is not None:
        return Moment(wall + timedelta(milliseconds=shift), state["segment"], shift)
    floor = state.get("floor")
    if floor is None or datetime.fromisoformat(floor) <= wall:
        return Moment(wall, state["segment"])
    now = datetime.fromisoformat(floor)
    return Moment(now, state["segment"], round((now - wall) / timedelta(milliseconds=1)))


def learn(session: Session, wall: datetime, ticks: Callable[[], float] | None, server: datetime) -> None:
    """Take what the server's clock says, heard at `wall` by this laptop's."""
    if ticks is None:
        return
    state = _state(session, wall, ticks())
    shift = round((server - wall) / timedelta(milliseconds=1))
    shift = 0 if abs(shift) < _SMALL_MS else shift
    key = str(state["segment"])
    floor = state.get("floor")
    stale = floor is None or server - datetime.fromisoformat(floor) > timedelta(hours=1)
    known = state["shifts"].get(key)
    if known is not None and abs(known - shift) < _SMALL_MS and not stale:
        return
    if known is None or abs(known - shift) >= _SMALL_MS:
        state["shifts"][key] = shift
        for old in sorted(state["shifts"], key=int)[:-_KEEP]:
            del state["shifts"][old]
    state["floor"] = server.astimezone(UTC).isoformat()
    _keep(session, state)


def is_known(session: Session, wall: datetime, ticks: Callable[[], float] | None) -> bool:
    """Tell whether the shift of the present segment is known."""
    if ticks is None:
        return True
    state = _state(session, wall, ticks())
    return str(state["segment"]) in state["shifts"]


def shift_now(session: Session) -> int | None:
    """Return how far the clock is off in the present segment, in ms to add; None when nobody knows."""
    row = session.get(Setting, _KEY)
    if row is None:
        return None
    found = row.value["shifts"].get(str(row.value["segment"]))
    return None if found is None else int(found)


def put_right(session: Session) -> Callable[[datetime, int, int], datetime]:
    """Return what turns (made_at, segment, shift added then) into the time as it is known today."""
    row = session.get(Setting, _KEY)
    shifts: dict[str, int] = {} if row is None else row.value["shifts"]

    def right(made_at: datetime, segment: int, added_ms: int) -> datetime:
        shift = shifts.get(str(segment))
        if shift is None or shift == added_ms:
            return made_at
        return made_at + timedelta(milliseconds=shift - added_ms)

    return right


def _state(session: Session, wall: datetime, ticks: float) -> dict[str, Any]:
    row = session.get(Setting, _KEY)
    base = wall.timestamp() - ticks
    if row is not None and abs(row.value["base"] - base) <= _DRIFT:
        return {**row.value, "shifts": dict(row.value["shifts"])}
    before = {} if row is None else row.value
    state: dict[str, Any] = {
        "segment": before.get("segment", 0) + 1,
        "base": base,
        "shifts": dict(before.get("shifts", {})),
        "floor": before.get("floor"),
    }
    _keep(session, state)
    return state


def _keep(session: Session, state: dict[str, Any]) -> None:
    session.merge(Setting(key=_KEY, value=state))
    session.flush()
