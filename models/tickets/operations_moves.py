"""Handlers of the moves: claim, work, wait, finish, rate, reopen, drop, join."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Person
from models.operations.common import archiving
from models.operations.envelope import Intent
from models.operations.merge import had_seen
from models.operations.registry import Nature, intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.tickets import payloads as p
from models.tickets.codes import apart, own_code
from models.tickets.operations import ticket_search, undo_line
from models.tickets.rules import DROPPED, OPEN, UNCLAIMED, EventKind, Move, State, after, rank
from models.tickets.story import (
    Telling,
    check_back,
    entering,
    hands_of,
    leading,
    move,
    moved_on,
    overtaken,
    put_on,
    require_say,
    take_off,
    tell,
    told,
)
from models.tickets.tables import Ticket, TicketEvent


def _begin(workspace: Workspace, given: p.MoveTicket) -> Ticket | Merged:
    """Return the ticket that a move is about, or that the move was made already."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    return workspace.require(Ticket, given.ticket)


@register("ticket.accept", p.MoveTicket, may=WORKERS, undo=undo_line)
def accept(workspace: Workspace, given: p.MoveTicket) -> Verdict | None:
    """Claim a job: whoever does so is one of its hands."""
    return _claim(workspace, given, workspace.operation.doer_id, Move.ACCEPT)


@register("ticket.assign", p.AssignTicket, may=WORKERS, undo=undo_line)
def assign(workspace: Workspace, given: p.AssignTicket) -> Verdict | None:
    """Give a job to somebody by name."""
    ticket = workspace.require(Ticket, given.ticket)
    require_say(workspace, ticket)
    return _claim(workspace, given, workspace.require(Person, given.person).id, Move.ASSIGN)


def _claim(workspace: Workspace, given: p.MoveTicket, person: UUID, step: Move) -> Verdict | None:
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    person_id = person_or_none(workspace, person)
    telling = Telling(given.id, EventKind(step.value), given.words, person_id=person_id)
    state, there = State(ticket.state), hands_of(workspace, ticket)
    if after(state, step) is None:
        return move(workspace, ticket, step, telling)
    stamp = ticket.stamps.get("hands") or ticket.stamps.get("state")
    knew = stamp is None or had_seen(workspace, stamp)
    mine = any(hand.person_id == person_id for hand in there)
    if mine and state not in UNCLAIMED:
        if knew:
            raise Refusal("ticket.hand_already", code=ticket.code)
        return Merged(ticket.id)
    full = not mine and state not in UNCLAIMED and len(there) >= ticket.wanted_hands
    if full and (knew or person_id is None):
        raise Refusal("ticket.hands_full", code=ticket.code, n=ticket.wanted_hands)
    verdict = move(workspace, ticket, step, telling, hands=put_on(workspace, ticket, person_id))
    if full and there and person_id is not None and stamp is not None:
        # Both claimed it without knowing of each other: both are on it, and both are told, until one steps back.
        last = max(there, key=lambda hand: (hand.since, hand.id.hex))
        workspace.conflict(
            ticket,
            "hands",
            kept=last.person_id.hex,
            lost=person_id.hex,
            kept_by=UUID(stamp[0]),
            lost_by=workspace.operation.id,
        )
    return verdict


@register("ticket.release", p.ReleaseTicket, may=WORKERS, undo=undo_line)
def release(workspace: Workspace, given: p.ReleaseTicket) -> Verdict | None:
    """Give a job back; without any hand left it is on the board again."""
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    operation = workspace.operation
    person_id = person_or_none(workspace, given.person or operation.doer_id)
    if given.person is not None and person_id != person_or_none(workspace, operation.doer_id):
        require_say(workspace, ticket)
    there = hands_of(workspace, ticket)
    going = [hand for hand in there if hand.person_id == person_id]
    telling = Telling(given.id, EventKind.RELEASE, given.words, person_id=person_id)
    if not going:
        if moved_on(workspace, ticket, "hands"):
            return overtaken(workspace, ticket, telling, from_state=ticket.state)
        raise Refusal("ticket.hand_not", code=ticket.code)
    if after(State(ticket.state), Move.RELEASE) is None:
        return move(workspace, ticket, Move.RELEASE, telling)
    stays = State(ticket.state) if len(there) > len(going) else None
    return move(workspace, ticket, Move.RELEASE, telling, hands=take_off(workspace, going), to=stays)


@register("ticket.start", p.MoveTicket, may=WORKERS, undo=undo_line)
def start(workspace: Workspace, given: p.MoveTicket) -> Verdict | None:
    """Begin the work, or go on after waiting; whoever does so is a hand."""
    return _work(workspace, given, Move.START)


@register("ticket.wait", p.WaitTicket, may=WORKERS, undo=undo_line)
def wait(workspace: Workspace, given: p.WaitTicket) -> Verdict | None:
    """Let a job wait until a day, and say what for."""
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    if given.until < workspace.local_day(workspace.operation.happened_at):
        raise Refusal("ticket.wait_past", until=given.until.isoformat())
    person = None if given.person is None else workspace.require(Person, given.person).id
    telling = Telling(given.id, EventKind.WAIT, given.words, person_id=person)
    telling.values["until"] = given.until
    changes = {"wait_until": given.until, "wait_for": given.wait_for.value}
    return move(workspace, ticket, Move.WAIT, telling, changes=changes)


@register("ticket.finish", p.FinishTicket, may=WORKERS, undo=undo_line)
def finish(workspace: Workspace, given: p.FinishTicket) -> Verdict | None:
    """Say that a job is done, with the work it took; whoever did it is a hand."""
    telling_values = {"minutes": given.minutes, "cost": given.cost, "parts": given.parts}
    changes = {"recheck_at": workspace.operation.happened_at} if given.recheck else {}
    return _work(workspace, given, Move.FINISH, changes=changes, values=telling_values)


def _work(
    workspace: Workspace,
    given: p.MoveTicket,
    step: Move,
    *,
    changes: dict[str, Any] | None = None,
    values: dict[str, Any] | None = None,
) -> Verdict | None:
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    doer = person_or_none(workspace, workspace.operation.doer_id)
    telling = Telling(given.id, EventKind(step.value), given.words, person_id=doer, values=values or {})
    if after(State(ticket.state), step) is None:
        return move(workspace, ticket, step, telling)
    on = put_on(workspace, ticket, doer) if not hands_of(workspace, ticket) else {}
    return move(workspace, ticket, step, telling, changes=changes, hands=on)


@register("ticket.rate", p.RateTicket, nature=Nature.FACT, may=WORKERS, undo=undo_line)
def rate(workspace: Workspace, given: p.RateTicket) -> Verdict | None:
    """Keep what the requester says. It is a fact: on a ticket that is not done it closes nothing, and is flagged."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.get(Ticket, given.ticket)
    telling = Telling(given.id, EventKind.RATE, given.words)
    telling.values |= {"score": given.score, "channel": given.channel.value}
    if ticket is None or ticket.archived:
        known_as = str(given.ticket) if ticket is None else ticket.code
        workspace.flag("ticket.unknown", ticket=known_as)
        tell(workspace, ticket, telling, stood=False)
        return None
    doers = {hand.person_id for hand in hands_of(workspace, ticket)}
    if person_or_none(workspace, workspace.operation.doer_id) in doers:
        workspace.flag("ticket.rated_by_hand", code=ticket.code, score=given.score)
    if after(State(ticket.state), Move.RATE) is None:
        workspace.flag("ticket.rated_early", code=ticket.code, state=ticket.state, score=given.score)
        tell(workspace, ticket, telling, changes={"score": given.score})
        return None
    return move(workspace, ticket, Move.RATE, telling, changes={"score": given.score})


@register("ticket.close", p.GiveReason, may=WORKERS, undo=undo_line)
def close(workspace: Workspace, given: p.GiveReason) -> Verdict | None:
    """Close a ticket that is done without a rating, and say why there is none."""
    return _decide(workspace, given, Move.CLOSE)


@register("ticket.reopen", p.GiveReason, may=WORKERS, undo=undo_line)
def reopen(workspace: Workspace, given: p.GiveReason) -> Verdict | None:
    """Open a ticket again; how often is counted."""
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    telling = Telling(given.id, EventKind.REOPEN, given.words)
    again = {"reopened": ticket.reopened + 1}
    if after(State(ticket.state), Move.REOPEN) is None:
        again = {}
    return move(workspace, ticket, Move.REOPEN, telling, changes=again)


@register("ticket.reject", p.GiveReason, may=WORKERS, undo=undo_line)
def reject(workspace: Workspace, given: p.GiveReason) -> Verdict | None:
    """Say no, with the reason that the requester is told."""
    return _decide(workspace, given, Move.REJECT)


@register("ticket.cancel", p.GiveReason, may=WORKERS, undo=undo_line)
def cancel(workspace: Workspace, given: p.GiveReason) -> Verdict | None:
    """Drop a ticket that nobody wants done any more."""
    return _decide(workspace, given, Move.CANCEL)


def _decide(workspace: Workspace, given: p.GiveReason, step: Move) -> Verdict | None:
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    require_say(workspace, ticket)
    return move(workspace, ticket, step, Telling(given.id, EventKind(step.value), given.words))


# -- tickets of tickets --------------------------------------------------------------------


@register("ticket.join", p.JoinTicket, may=WORKERS, undo=undo_line)
def join(workspace: Workspace, given: p.JoinTicket) -> Verdict | None:
    """Let a ticket be a duplicate of another, which answers both."""
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    row = leading(workspace, workspace.require(Ticket, given.into))
    into = row[-1]
    if into.id == ticket.id:
        if any(moved_on(workspace, one, "state") for one in row[:-1]):
            # Somebody has joined the other to this one meanwhile: they are one question, as is said here.
            telling = Telling(given.id, EventKind.JOIN, given.words, other_id=row[0].id)
            return overtaken(workspace, ticket, telling, from_state=ticket.state)
        raise Refusal("ticket.join_itself", code=ticket.code)
    telling = Telling(given.id, EventKind.JOIN, given.words, other_id=into.id)
    return move(workspace, ticket, Move.JOIN, telling, changes={"parent_id": into.id})


@register("ticket.part", p.MoveTicket, may=WORKERS, undo=undo_line)
def part(workspace: Workspace, given: p.MoveTicket) -> Verdict | None:
    """Let a duplicate be a question of its own again; whoever was at it still is."""
    ticket = _begin(workspace, given)
    if isinstance(ticket, Merged):
        return ticket
    telling = Telling(given.id, EventKind.PART, given.words, other_id=ticket.parent_id)
    to = State.ACCEPTED if hands_of(workspace, ticket) else None
    return move(workspace, ticket, Move.PART, telling, changes={"parent_id": None}, to=to)


def _undo_gather(workspace: Workspace, given: p.GatherTickets) -> list[Intent]:
    """Let the tickets stand alone again, and put the case away."""
    lines = table_of(TicketEvent)
    found = workspace.rows(
        TicketEvent,
        lines.c.other_id == given.id,
        lines.c.kind == EventKind.GATHER.value,
        lines.c.archived.is_(False),
    )
    for line in found:
        check_back(workspace, line)
    back = [intent("ticket.take_back", p.NameEvent(event=line.id)) for line in found]
    return [*back, *archiving("ticket")(workspace, given)]


@register("ticket.gather", p.GatherTickets, may=WORKERS, undo=_undo_gather)
def gather(workspace: Workspace, given: p.GatherTickets) -> Verdict | None:
    """Open a case over tickets of one fault; it stands where they do, and presses as much as the worst of them."""
    standing = workspace.get(Ticket, given.id)
    if standing is not None:
        return Merged(standing.id)
    parts = [workspace.require(Ticket, one) for one in dict.fromkeys(given.tickets)]
    first = parts[0]
    same: dict[str, Any] = {
        name: getattr(first, name)
        if all(getattr(one, name) == getattr(first, name) for one in parts)
        else None
        for name in ("household_id", "building_id", "point_id", "team_id", "requester_id")
    }
    taken = None if given.code is None else workspace.find(Ticket, code=given.code)
    code = own_code(given.id) if given.code is None else given.code
    at = workspace.operation.happened_at
    worst = max(parts, key=_pressing)
    holder = person_or_none(workspace, workspace.operation.doer_id)
    case = Ticket(
        compound_id=workspace.compound_id,
        id=given.id,
        code=code if taken is None else apart(code, given.id),
        number=workspace.next_number(Ticket),
        what=given.what,
        category=first.category if len({one.category for one in parts}) == 1 else "other",
        urgency=worst.urgency,
        channel=first.channel,
        state=State.REPORTED.value,
        state_at=at,
        opened_at=at,
        accept_due_at=at + (worst.accept_due_at - worst.opened_at),
        due_at=at + (worst.due_at - worst.opened_at),
        place=first.place,
        holder_id=holder,
        is_case=True,
        **same,
    )
    case.search = ticket_search(workspace, case)
    workspace.add(case)
    telling = Telling(workspace.new_id(TicketEvent, "report"), EventKind.REPORT, person_id=holder)
    telling.values["channel"] = first.channel
    tell(workspace, case, telling, from_state=State.REPORTED.value)
    for one in parts:
        _belong(workspace, one, case, join_it=given.join)
    return None


def _belong(workspace: Workspace, one: Ticket, case: Ticket, *, join_it: bool) -> None:
    changes: dict[str, Any] = {"parent_id": case.id}
    state = State(one.state)
    if join_it and state in OPEN:
        changes |= entering(one, State.DUPLICATE, workspace.operation.happened_at)
    elif state in DROPPED:
        return
    telling = Telling(workspace.new_id(TicketEvent, str(one.id)), EventKind.GATHER, other_id=case.id)
    tell(workspace, one, telling, changes=changes, from_state=state.value)


def _pressing(ticket: Ticket) -> tuple[int, float]:
    return rank(ticket.urgency), -(ticket.due_at - ticket.opened_at).total_seconds()
