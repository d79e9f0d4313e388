"""What is noted at the post: check-in and check-out, hand-over, the log book."""

from __future__ import annotations

from pydantic import AwareDatetime

from models.community.payloads import PersonRef
from models.duty.payload_fields import (
    CheckInRef,
    Fen,
    HandOverRef,
    PostRef,
    Reason,
    ShiftRef,
)
from models.operations.fields import Line, Note
from models.operations.registry import Payload, RowId


class CheckInPerson(Payload):
    """Somebody came to serve, when it happened: `person`, a `guest` by name, or whoever does this.

    With a `reason` it is made up afterwards; `witness` saw it, or `witness_name` who is in no register.
    """

    id: RowId
    shift: ShiftRef | None = None
    post: PostRef | None = None
    person: PersonRef | None = None
    guest: Line = ""
    left_at: AwareDatetime | None = None
    reason: Note = ""
    witness: PersonRef | None = None
    witness_name: Line = ""
    words: Note = ""


class CheckOut(Payload):
    """Somebody went home, when it happened."""

    checkin: CheckInRef
    words: Note = ""


class NameCheckIn(Payload):
    """Names a check-in."""

    checkin: CheckInRef


class LeaveBehind(Payload):
    """What somebody leaves behind at the end of a shift: words, keys, cash counted (fen)."""

    id: RowId
    post: PostRef | None = None
    shift: ShiftRef | None = None
    checkin: CheckInRef | None = None
    to: PersonRef | None = None
    words: Note = ""
    keys: Line = ""
    cash: Fen | None = None


class ConfirmHandOver(Payload):
    """What the next person found."""

    handover: HandOverRef
    words: Note = ""
    keys: Line = ""
    cash: Fen | None = None


class NameHandOver(Payload):
    """Names a hand-over."""

    handover: HandOverRef


class WriteLog(Payload):
    """A line for the log book."""

    id: RowId
    post: PostRef | None = None
    words: Reason
