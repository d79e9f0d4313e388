"""How a handler moves a ticket: the state table asked, the row changed, the story told, and what was overtaken kept.

Every move goes through here, so that each line of a story says who, when, why
and what it changed, and so that taking it back needs no knowledge of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models.community.doers import person_or_none
from models.operations.merge import had_seen
from models.operations.roles import KEEPERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import encode, table_of, values_from_json
from models.tickets.rules import DROPPED, OPEN, EventKind, Move, State, after
from models.tickets.tables import Ticket, TicketEvent, TicketHand

#: What a line adds to its ticket's sums.
_SUMS = ("minutes", "cost")
#: Whoever wrote these is noted: a later move is measured against that.
_MEASURED = ("state", "holder_id", "offered_to_id", "parent_id", "incident_id")
#: Lines that only some may write: taking them back is no way around that.
_DECIDED = frozenset({EventKind.ASSIGN, EventKind.CLOSE, EventKind.REJECT, EventKind.CANCEL})


@dataclass(slots=True)
class Telling:
    """A line of a story as it is being written: what it says beyond who and when."""

    id: UUID
    kind: EventKind
    words: str = ""
    person_id: UUID | None = None
    other_id: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)


def tell(
    workspace: Workspace,
    ticket: Ticket | None,
    telling: Telling,
    *,
    changes: Mapping[str, Any] | None = None,
    hands: Mapping[UUID, tuple[bool, bool]] | None = None,
    stood: bool = True,
    from_state: str = "",
) -> TicketEvent:
    """Write a line and what it changes of its ticket. `hands` are those who came or went: hand -> (was on, is on)."""
    before, now = {}, {}
    if ticket is not None and changes:
        different = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
        before = {name: encode(getattr(ticket, name)) for name in different}
        now = {name: encode(value) for name, value in different.items()}
        _write(workspace, ticket, different)
    if ticket is not None and hands:
        _write(workspace, ticket, {}, "hands")
        before["hands"] = {hand.hex: was for hand, (was, _) in hands.items()}
        now["hands"] = {hand.hex: on for hand, (_, on) in hands.items()}
    operation = workspace.operation
    event = TicketEvent(
        compound_id=workspace.compound_id,
        id=telling.id,
        ticket_id=None if ticket is None else ticket.id,
        kind=telling.kind.value,
        at=operation.happened_at,
        doer_id=operation.doer_id,
        recorder_id=operation.recorder_id,
        words=telling.words,
        from_state=from_state,
        to_state="" if ticket is None or not from_state else ticket.state,
        stood=stood,
        person_id=telling.person_id,
        other_id=telling.other_id,
        before=before,
        after=now,
        **telling.values,
    )
    workspace.add(event)
    if ticket is not None and stood:
        _count(workspace, ticket, event, 1)
    return event


def told(workspace: Workspace, event_id: UUID) -> TicketEvent | None:
    """Return a line that is there already: an operation met twice tells nothing twice."""
    return workspace.get(TicketEvent, event_id)


def move(
    workspace: Workspace,
    ticket: Ticket,
    step: Move,
    telling: Telling,
    *,
    changes: Mapping[str, Any] | None = None,
    hands: Mapping[UUID, tuple[bool, bool]] | None = None,
    to: State | None = None,
) -> Verdict | None:
    """Move a ticket, if the state table lets it; `to` when the state depends on more than the table.

    A move that its maker knew to be unlawful is refused. One that was lawful
    until somebody else moved the ticket is told in the story, and kept as a conflict
    that names both; if both wanted the same, it is merged.
    """
    state = State(ticket.state)
    target = after(state, step)
    if target is None:
        return _unlawful(workspace, ticket, step, telling)
    target = to or target
    entered = entering(ticket, target, workspace.operation.happened_at)
    tell(
        workspace,
        ticket,
        telling,
        changes=entered | dict(changes or {}),
        hands=hands,
        from_state=state.value,
    )
    return None


def entering(ticket: Ticket, target: State, at: datetime) -> dict[str, Any]:
    """Return what changes of a ticket when it comes into a state."""
    if ticket.state == target.value:
        return {}
    changes: dict[str, Any] = {"state": target.value, "state_at": at}
    if target is not State.WAITING and ticket.state == State.WAITING:
        changes |= {"wait_until": None, "wait_for": ""}
    if target in OPEN:
        changes |= {"done_at": None, "closed_at": None}
        if target not in {State.REPORTED, State.REOPENED} and ticket.accepted_at is None:
            changes["accepted_at"] = at
    elif target is State.DONE:
        changes |= {"done_at": at, "closed_at": None}
    else:
        changes["closed_at"] = at
    if target in DROPPED or target is State.CLOSED:
        changes["offered_to_id"] = None  # the question is answered: nobody need take it over
    return changes


#: Where a move leads when it is made from where it usually is.
MEANT: Final = {
    Move.ACCEPT: State.ACCEPTED,
    Move.ASSIGN: State.ACCEPTED,
    Move.START: State.IN_PROGRESS,
    Move.WAIT: State.WAITING,
    Move.FINISH: State.DONE,
    Move.RATE: State.CLOSED,
    Move.CLOSE: State.CLOSED,
    Move.REOPEN: State.REOPENED,
    Move.REJECT: State.REJECTED,
    Move.CANCEL: State.CANCELLED,
    Move.JOIN: State.DUPLICATE,
}


def _unlawful(workspace: Workspace, ticket: Ticket, step: Move, telling: Telling) -> Verdict | None:
    if not moved_on(workspace, ticket, "state"):
        raise Refusal("ticket.unlawful", code=ticket.code, state=ticket.state, move=step.value)
    state = ticket.state
    if step is Move.JOIN and state == State.DUPLICATE:  # of the same ticket, or of another?
        return put_aside(workspace, ticket, "parent_id", telling.other_id, telling, from_state=state)
    if step not in MEANT:  # given back, or parted: whatever it has become since, that is no question any more
        return overtaken(workspace, ticket, telling, from_state=state)
    return put_aside(workspace, ticket, "state", MEANT[step].value, telling, from_state=state)


def moved_on(workspace: Workspace, ticket: Ticket, column: str) -> bool:
    """Tell whether somebody has written a column whom the maker of this operation had not seen."""
    stamp = ticket.stamps.get(column)
    return stamp is not None and not had_seen(workspace, stamp)


def overtaken(workspace: Workspace, ticket: Ticket, telling: Telling, *, from_state: str = "") -> Verdict:
    """Tell what somebody did who could not know that there was nothing left of it to do."""
    tell(workspace, ticket, telling, stood=False, from_state=from_state)
    return Merged(ticket.id)


def put_aside(
    workspace: Workspace,
    ticket: Ticket,
    column: str,
    wanted: UUID | str | None,
    telling: Telling,
    *,
    from_state: str = "",
) -> Verdict | None:
    """Keep visible what two people wanted apart; what stands stays until a person chooses."""
    standing = getattr(ticket, column)
    if standing == wanted:
        return overtaken(workspace, ticket, telling, from_state=from_state)
    tell(workspace, ticket, telling, stood=False, from_state=from_state)
    stamp = ticket.stamps.get(column)
    workspace.conflict(
        ticket,
        column,
        kept=encode(standing),
        lost=encode(wanted),
        kept_by=None if stamp is None else UUID(stamp[0]),
        lost_by=workspace.operation.id,
    )
    return None


def leading(workspace: Workspace, ticket: Ticket) -> list[Ticket]:
    """Return a ticket and those that answer it in turn, last the one that answers them all."""
    row = [ticket]
    while row[-1].state == State.DUPLICATE and row[-1].parent_id is not None:
        row.append(workspace.require(Ticket, row[-1].parent_id))
        if any(row[-1].id == one.id for one in row[:-1]):
            break
    return row


def require_say(workspace: Workspace, ticket: Ticket) -> None:
    """Refuse whoever neither has the baton nor keeps the register: a volunteer does not drop others' questions."""
    operation = workspace.operation
    if operation.recorder_id == workspace.compound_id:
        return  # whoever founds the compound may do anything
    mine = workspace.roles(operation.recorder_id, workspace.local_day(operation.at))
    ours = {person_or_none(workspace, one) for one in (operation.doer_id, operation.recorder_id)}
    if not mine & KEEPERS and (ticket.holder_id is None or ticket.holder_id not in ours):
        raise Refusal("ticket.not_holder", code=ticket.code)


def require_no_ring(workspace: Workspace, ticket: Ticket) -> None:
    """Refuse that a ticket is a duplicate of what is, in the end, a duplicate of it: then none would be answered."""
    row = leading(workspace, ticket)
    if len(row) > 1 and row[-1].state == State.DUPLICATE:
        raise Refusal("ticket.join_itself", code=ticket.code)


# -- hands -----------------------------------------------------------------------------


def hands_of(workspace: Workspace, ticket: Ticket) -> list[TicketHand]:
    """Return who does the job of a ticket."""
    table = table_of(TicketHand)
    return [row for row in workspace.rows(TicketHand, table.c.ticket_id == ticket.id) if not row.archived]


def put_on(workspace: Workspace, ticket: Ticket, person_id: UUID | None) -> dict[UUID, tuple[bool, bool]]:
    """Let somebody be a hand of a ticket; returns the change, empty when they are one."""
    if person_id is None:
        return {}
    standing = workspace.find(TicketHand, ticket_id=ticket.id, person_id=person_id)
    if standing is None:
        standing = workspace.add(
            TicketHand(
                compound_id=workspace.compound_id,
                id=workspace.shared_id(TicketHand, f"{ticket.id}:{person_id}"),
                ticket_id=ticket.id,
                person_id=person_id,
                since=workspace.operation.happened_at,
            )
        )
        return {standing.id: (False, True)}
    if not standing.archived:
        return {}
    workspace.change(standing, archived=False, since=workspace.operation.happened_at)
    return {standing.id: (False, True)}


def take_off(workspace: Workspace, hands: Iterable[TicketHand]) -> dict[UUID, tuple[bool, bool]]:
    """Let some hands be hands no more."""
    gone = {}
    for hand in hands:
        if workspace.change(hand, archived=True):
            gone[hand.id] = (True, False)
    return gone


# -- taking a line back ----------------------------------------------------------------


def check_back(
    workspace: Workspace, event: TicketEvent, *, forth: bool = False, with_it: Iterable[TicketEvent] = ()
) -> Ticket | None:
    """Refuse to take a line back, or put it back, where somebody has changed since what it changed.

    What lines `with_it`, told in one go, have changed is not looked at here: each is checked when its turn comes.
    """
    ticket = None if event.ticket_id is None else workspace.get(Ticket, event.ticket_id)
    if event.archived is not forth:
        raise Refusal("undo.changed_since", field="")
    if ticket is None:
        return None
    stands, wanted = (event.before, event.after) if forth else (event.after, event.before)
    moved = {name for line in with_it for name in line.after}
    for name, value in _values(workspace, stands).items():
        if name not in moved and getattr(ticket, name) != value:
            raise Refusal("undo.changed_since", field=name)
    for hand_id, on in stands.get("hands", {}).items():
        hand = workspace.get(TicketHand, UUID(hand_id))
        if "hands" not in moved and (hand is None or hand.archived is on):
            raise Refusal("undo.changed_since", field="hands")
    if wanted.get("state") == State.REPORTED:
        leave = [UUID(hand) for hand, on in wanted.get("hands", {}).items() if not on]
        going = [workspace.get(TicketHand, hand) for hand in leave]
        if {hand.id for hand in hands_of(workspace, ticket)} - {
            hand.id for hand in going if hand is not None
        }:
            raise Refusal("undo.changed_since", field="hands")  # somebody else is at it by now
    return ticket


def _values(workspace: Workspace, told_then: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns that a line changed; people who were merged since are who they are now."""
    values = values_from_json(Ticket, told_then)
    return values | {
        name: person_or_none(workspace, values[name])
        for name in ("holder_id", "offered_to_id")
        if values.get(name)
    }


def turn_back(workspace: Workspace, event: TicketEvent, *, forth: bool = False) -> None:
    """Take a line back, or put it back, with all that it changed."""
    ticket = check_back(workspace, event, forth=forth)
    if ticket is not None and ticket.archived:
        raise Refusal("row.archived", table="ticket", id=str(ticket.id))
    if ticket is not None and event.kind in _DECIDED:
        require_say(workspace, ticket)
    workspace.change(event, archived=not forth)
    if ticket is None:
        return
    wanted = event.after if forth else event.before
    values = _values(workspace, wanted)
    hands = wanted.get("hands", {})
    _write(workspace, ticket, values, *(["hands"] if hands else []))
    if "parent_id" in values:
        require_no_ring(workspace, ticket)
    for hand_id, on in hands.items():
        hand = workspace.get(TicketHand, UUID(hand_id))
        if hand is not None:
            workspace.change(hand, archived=not on)
    if event.stood:
        _count(workspace, ticket, event, 1 if forth else -1)


def _write(workspace: Workspace, ticket: Ticket, changes: Mapping[str, Any], *more: str) -> None:
    """Change a ticket, and note who wrote what a later move is measured against."""
    named = [name for name in _MEASURED if name in changes]
    stamps = ticket.stamps | dict.fromkeys((*named, *more), workspace.stamp())
    workspace.change(ticket, **changes, stamps=stamps)


def _count(workspace: Workspace, ticket: Ticket, event: TicketEvent, sign: int) -> None:
    """Add a line's work to its ticket's sums, or take it off again."""
    if event.kind not in {EventKind.LOG, EventKind.FINISH}:
        return
    sums = {name: getattr(ticket, name) + sign * getattr(event, name) for name in _SUMS}
    visits = ticket.visits + (sign if event.kind == EventKind.LOG or event.minutes else 0)
    workspace.change(ticket, **sums, visits=visits)
