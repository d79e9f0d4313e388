"""Handlers of what happens at the post: check-in, check-out, hand-over, the log book. All of it is facts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from models.community.doers import person_or_none
from models.duty import payloads_presence as p
from models.duty.rules import LogKind
from models.duty.tables import CheckIn, HandOver, LogEntry, Post, Shift
from models.operations.common import archiving, register_archiving
from models.operations.envelope import Intent
from models.operations.merge import had_seen, wrote
from models.operations.registry import Nature, intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text
from models.tickets.rules import UNANSWERED, EventKind
from models.tickets.tables import Ticket, TicketEvent

_checkin, _ticket, _event = table_of(CheckIn), table_of(Ticket), table_of(TicketEvent)
#: So much of a line is also found by its pinyin.
_SPOKEN = 60


def _shift_of(workspace: Workspace, shift_id: UUID | None) -> Shift | None:
    """Return the shift that a fact names; what is wrong with it is flagged."""
    if shift_id is None:
        return None
    shift = workspace.get(Shift, shift_id)
    if shift is None:
        workspace.flag("duty.shift_unknown", shift=str(shift_id))
    elif shift.archived:
        workspace.flag("duty.shift_called_off", name=shift.name, day=shift.day.isoformat())
    return shift


def _post_of(workspace: Workspace, post_id: UUID | None, shift: Shift | None) -> UUID | None:
    post = None if post_id is None else workspace.get(Post, post_id)
    return post.id if post is not None else None if shift is None else shift.post_id


def _undo_check_in(workspace: Workspace, given: p.CheckInPerson) -> list[Intent]:
    row = workspace.get(CheckIn, given.id)
    if row is None or row.id != given.id:
        raise Refusal("undo.merged")
    if row.archived or (row.left_at is not None and "left_at" in row.stamps):
        raise Refusal("undo.changed_since", field="archived" if row.archived else "left_at")
    again = row.stamps.get("came_at")
    if again is not None and again[3] != workspace.operation.device_id.hex:
        raise Refusal("undo.changed_since", field="came_at")  # another laptop has seen them, too
    return [Intent("checkin.archive", {"checkin": str(row.id)})]


@register("duty.check_in", p.CheckInPerson, nature=Nature.FACT, may=WORKERS, undo=_undo_check_in)
def check_in(workspace: Workspace, given: p.CheckInPerson) -> Verdict | None:
    """Keep that somebody came. Kept on two laptops it is once, from the earlier time."""
    operation = workspace.operation
    if workspace.get(CheckIn, given.id) is not None:
        return Merged(given.id)
    shift = _shift_of(workspace, given.shift)
    person = None if given.guest else person_or_none(workspace, given.person or operation.doer_id)
    if person is None and not given.guest:
        workspace.flag("duty.person_unknown", person=str(given.person or operation.doer_id))
    left = given.left_at
    if left is not None and left <= operation.happened_at:
        workspace.flag("duty.left_before")
        left = None
    if given.reason and given.witness is None and not given.witness_name:
        workspace.flag("duty.no_witness", reason=given.reason)
    standing = None if person is None or shift is None else _there(workspace, shift, person, left)
    if standing is not None:
        stamps = {"came_at": workspace.stamp()} | standing.stamps
        came_at = min(standing.came_at, operation.happened_at)
        workspace.change(standing, came_at=came_at, stamps=stamps)
        if left is not None and (standing.left_at is None or left > standing.left_at):
            workspace.change(standing, left_at=left)
        workspace.alias(CheckIn, given.id, standing.id)
        return Merged(standing.id)
    workspace.add(
        CheckIn(
            compound_id=workspace.compound_id,
            id=given.id,
            post_id=_post_of(workspace, given.post, shift),
            shift_id=None if shift is None else shift.id,
            person_id=person,
            guest=given.guest,
            came_at=operation.happened_at,
            left_at=left,
            made_up=bool(given.reason),
            reason=given.reason,
            witness_id=person_or_none(workspace, given.witness),
            witness=given.witness_name,
            recorder_id=operation.recorder_id,
            words=given.words,
        )
    )
    return None


def _there(workspace: Workspace, shift: Shift, person: UUID, left: datetime | None) -> CheckIn | None:
    """Return the check-in of somebody who is there already: not one of a time before or after the one told of."""
    came = workspace.operation.happened_at
    rows = workspace.rows(
        CheckIn,
        _checkin.c.shift_id == shift.id,
        _checkin.c.person_id == person,
        _checkin.c.archived.is_(False),
    )
    there = [
        row
        for row in rows
        if (row.left_at is None or row.left_at > came) and (left is None or left > row.came_at)
    ]
    return min(there, key=lambda row: (row.came_at, row.id.hex), default=None)


def _undo_check_out(workspace: Workspace, given: p.CheckOut) -> list[Intent]:
    row = workspace.get(CheckIn, given.checkin)
    if row is None or row.left_at is None or not wrote(workspace, row, "left_at"):
        raise Refusal("undo.changed_since", field="left_at")
    return [intent("checkin.reopen", p.NameCheckIn(checkin=row.id))]


@register("duty.check_out", p.CheckOut, nature=Nature.FACT, may=WORKERS, undo=_undo_check_out)
def check_out(workspace: Workspace, given: p.CheckOut) -> Verdict | None:
    """Keep that somebody went home. Who leaves batons without a word is flagged."""
    row = workspace.get(CheckIn, given.checkin)
    at = workspace.operation.happened_at
    if row is None:
        workspace.flag("duty.checkin_unknown", checkin=str(given.checkin))
        return None
    if row.left_at is not None:
        return Merged(row.id)
    if at <= row.came_at:
        workspace.flag("duty.left_before")
        return None
    left = _batons_left(workspace, row)
    if left:
        workspace.flag("duty.batons_left", n=left)
    stamps = row.stamps | {"left_at": workspace.stamp()}
    workspace.change(row, left_at=at, words=row.words or given.words, stamps=stamps)
    return None


def _batons_left(workspace: Workspace, row: CheckIn) -> int:
    """Return how many questions somebody owns whom nobody was asked to take over, and of which they said nothing."""
    if row.person_id is None:
        return 0
    mine = workspace.rows(
        Ticket,
        _ticket.c.holder_id == row.person_id,
        _ticket.c.state.in_(sorted(UNANSWERED)),
        _ticket.c.offered_to_id.is_(None),
        _ticket.c.archived.is_(False),
    )
    kept = workspace.rows(
        TicketEvent,
        _event.c.ticket_id.in_([ticket.id for ticket in mine]),
        _event.c.kind == EventKind.KEEP.value,
        _event.c.at >= row.came_at,
        _event.c.archived.is_(False),
    )
    return len({ticket.id for ticket in mine} - {event.ticket_id for event in kept})


@register("checkin.reopen", p.NameCheckIn, may=WORKERS)
def reopen_checkin(workspace: Workspace, given: p.NameCheckIn) -> None:
    """Take back that somebody went home."""
    row = workspace.require(CheckIn, given.checkin)
    if row.left_at is None:
        raise Refusal("undo.changed_since", field="left_at")
    workspace.change(row, left_at=None)


# -- hand-over ---------------------------------------------------------------------------


@register(
    "duty.hand_over",
    p.LeaveBehind,
    nature=Nature.FACT,
    may=WORKERS,
    undo=lambda _, given: [intent("duty.take_handover_back", p.NameHandOver(handover=given.id))],
)
def hand_over(workspace: Workspace, given: p.LeaveBehind) -> Verdict | None:
    """Keep what somebody leaves behind at the end of a shift; it is a line of the log book, too."""
    operation = workspace.operation
    if workspace.get(HandOver, given.id) is not None:
        return Merged(given.id)
    checkin = None if given.checkin is None else workspace.get(CheckIn, given.checkin)
    shift = _shift_of(workspace, given.shift or (None if checkin is None else checkin.shift_id))
    post = _post_of(workspace, given.post or (None if checkin is None else checkin.post_id), shift)
    giver = person_or_none(workspace, operation.doer_id)
    row = workspace.add(
        HandOver(
            compound_id=workspace.compound_id,
            id=given.id,
            post_id=post,
            shift_id=None if shift is None else shift.id,
            checkin_id=None if checkin is None else checkin.id,
            from_id=giver,
            to_id=person_or_none(workspace, given.to),
            at=operation.happened_at,
            words=given.words,
            keys=given.keys,
            cash=given.cash,
        )
    )
    _write(workspace, workspace.new_id(LogEntry, ""), post, giver, given.words, handover=row.id)
    return None


def _write(
    workspace: Workspace,
    row_id: UUID,
    post_id: UUID | None,
    person_id: UUID | None,
    words: str,
    *,
    handover: UUID | None = None,
) -> None:
    workspace.add(
        LogEntry(
            compound_id=workspace.compound_id,
            id=row_id,
            post_id=post_id,
            person_id=person_id,
            at=workspace.operation.happened_at,
            kind=(LogKind.NOTE if handover is None else LogKind.HANDOVER).value,
            words=words,
            handover_id=handover,
            search=search_text(words[:_SPOKEN], words=(words[_SPOKEN:],)),
        )
    )


_log = table_of(LogEntry)


def _put_away(workspace: Workspace, given: p.NameHandOver, *, archived: bool) -> None:
    row = workspace.get(HandOver, given.handover)
    if row is None:
        raise Refusal("row.unknown", table="handover", id=str(given.handover))
    if archived and row.confirmed_at is not None:
        raise Refusal("undo.changed_since", field="confirmed_at")
    workspace.change(row, archived=archived)
    for line in workspace.rows(LogEntry, _log.c.handover_id == row.id):
        workspace.change(line, archived=archived)


@register(
    "duty.take_handover_back",
    p.NameHandOver,
    may=WORKERS,
    undo=lambda _, given: [intent("duty.put_handover_back", given)],
)
def take_handover_back(workspace: Workspace, given: p.NameHandOver) -> None:
    """Take a hand-over back that nobody has confirmed."""
    _put_away(workspace, given, archived=True)


@register(
    "duty.put_handover_back",
    p.NameHandOver,
    may=WORKERS,
    undo=lambda _, given: [intent("duty.take_handover_back", given)],
)
def put_handover_back(workspace: Workspace, given: p.NameHandOver) -> None:
    """Let a hand-over stand again."""
    _put_away(workspace, given, archived=False)


def _undo_confirm(workspace: Workspace, given: p.ConfirmHandOver) -> list[Intent]:
    row = workspace.require(HandOver, given.handover)
    if row.confirmed_at is None or not wrote(workspace, row, "confirmed_at"):
        raise Refusal("undo.changed_since", field="confirmed_at")
    return [intent("duty.unconfirm", p.NameHandOver(handover=row.id))]


@register("duty.confirm", p.ConfirmHandOver, nature=Nature.FACT, may=WORKERS, undo=_undo_confirm)
def confirm(workspace: Workspace, given: p.ConfirmHandOver) -> Verdict | None:
    """Keep what the next person found. What differs from what was left, or was confirmed by its giver, is flagged."""
    row = workspace.get(HandOver, given.handover)
    if row is None or row.archived:
        workspace.flag("duty.handover_unknown", handover=str(given.handover))
        return None
    by = person_or_none(workspace, workspace.operation.doer_id)
    if row.cash is not None and given.cash is not None and row.cash != given.cash:
        workspace.flag("duty.cash_differs", left_fen=row.cash, found_fen=given.cash)
    if row.confirmed_at is not None:
        return Merged(row.id)
    if by is not None and by == row.from_id:
        workspace.flag("duty.confirmed_oneself")
    workspace.change(
        row,
        confirmed_at=workspace.operation.happened_at,
        confirmed_by_id=by,
        confirmed_words=given.words,
        confirmed_keys=given.keys,
        confirmed_cash=given.cash,
        stamps=row.stamps | {"confirmed_at": workspace.stamp()},
    )
    return None


@register("duty.unconfirm", p.NameHandOver, may=WORKERS)
def unconfirm(workspace: Workspace, given: p.NameHandOver) -> None:
    """Take back that a hand-over was confirmed."""
    row = workspace.require(HandOver, given.handover)
    if row.confirmed_at is None:
        raise Refusal("undo.changed_since", field="confirmed_at")
    workspace.change(
        row,
        confirmed_at=None,
        confirmed_by_id=None,
        confirmed_words="",
        confirmed_keys="",
        confirmed_cash=None,
    )


@register("duty.note", p.WriteLog, nature=Nature.FACT, may=WORKERS, undo=archiving("log_entry"))
def note(workspace: Workspace, given: p.WriteLog) -> Verdict | None:
    """Keep a line in the log book."""
    if workspace.get(LogEntry, given.id) is not None:
        return Merged(given.id)
    post = None if given.post is None else workspace.get(Post, given.post)
    writer = person_or_none(workspace, workspace.operation.doer_id)
    _write(workspace, given.id, None if post is None else post.id, writer, given.words)
    return None


def _spare_anothers(workspace: Workspace, row: CheckIn) -> None:
    """Refuse to put a check-in away by which another laptop has told meanwhile that they came."""
    again = row.stamps.get("came_at")
    if again is not None and not had_seen(workspace, again):
        raise Refusal("undo.changed_since", field="came_at")


register_archiving("checkin", CheckIn, may=WORKERS, guard=_spare_anothers)
register_archiving("log_entry", LogEntry, may=WORKERS)
