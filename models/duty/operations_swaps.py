"""Handlers of swaps: somebody asks to be covered or to swap, and somebody else says yes."""

from __future__ import annotations

from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Person
from models.duty import payloads_roster as p
from models.duty.places import Places, put_back, take_off
from models.duty.rules import ShiftState, SwapState
from models.duty.tables import Assignment, Shift, Swap
from models.operations.envelope import Intent
from models.operations.merge import had_seen, wrote
from models.operations.registry import intent, register
from models.operations.roles import KEEPERS, WORKERS
from models.operations.settling import SETTLERS, Choice
from models.operations.tables import Conflict
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import encode, table_of

_swap = table_of(Swap)


def _undo_ask(workspace: Workspace, given: p.AskSwap) -> list[Intent]:
    row = workspace.get(Swap, given.id)
    if row is None or row.state != SwapState.OPEN:
        raise Refusal("undo.changed_since", field="state")
    # Whoever wrote the request down for somebody takes it back for them.
    return [intent("swap.withdraw", p.AnswerSwap(swap=row.id), doer_id=row.asker_id)]


@register("swap.ask", p.AskSwap, may=WORKERS, undo=_undo_ask)
def ask(workspace: Workspace, given: p.AskSwap) -> Verdict | None:
    """Ask to be covered on a shift, or to swap it. Asked twice for one place, it is one request."""
    if workspace.get(Swap, given.id) is not None:
        return Merged(given.id)
    mine = workspace.require(Assignment, given.assignment)
    if mine.state != ShiftState.PUBLISHED:
        raise Refusal("duty.draft_only")
    to = None if given.to is None else workspace.require(Person, given.to).id
    against = None if given.against is None else workspace.require(Assignment, given.against)
    if to == mine.person_id or (against is not None and against.person_id == mine.person_id):
        raise Refusal("swap.with_oneself")
    if against is not None:
        to = against.person_id
    same = workspace.rows(
        Swap, _swap.c.assignment_id == mine.id, _swap.c.state == SwapState.OPEN, _swap.c.archived.is_(False)
    )
    for one in same:
        if (one.to_id, one.against_id) == (to, None if against is None else against.id):
            workspace.alias(Swap, given.id, one.id)
            return Merged(one.id)
    workspace.add(
        Swap(
            compound_id=workspace.compound_id,
            id=given.id,
            assignment_id=mine.id,
            asker_id=mine.person_id,
            to_id=to,
            against_id=None if against is None else against.id,
            words=given.words,
            asked_at=workspace.operation.happened_at,
        )
    )
    return None


def _answer(workspace: Workspace, row: Swap, state: SwapState, words: str, by: UUID | None) -> None:
    workspace.change(
        row,
        state=state.value,
        answer=words,
        answered_at=None if state is SwapState.OPEN else workspace.operation.happened_at,
        answered_by_id=by,
        stamps=row.stamps | {"state": workspace.stamp()},
    )


def _open_or_told(workspace: Workspace, row: Swap, wanted: SwapState, by: UUID | None) -> Verdict | None:
    """Return the verdict on answering what is answered already; None when it is still open."""
    if row.state == SwapState.OPEN:
        return None
    if row.state == wanted and (wanted is not SwapState.ACCEPTED or row.answered_by_id == by):
        return Merged(row.id)
    stamp = row.stamps.get("state")
    if stamp is None or had_seen(workspace, stamp):
        raise Refusal("swap.answered", answer=row.state)
    if wanted is SwapState.ACCEPTED and row.state == SwapState.ACCEPTED and by is not None:
        # Two said yes without knowing of each other: the first has it, and both are told.
        workspace.conflict(
            row,
            "answered_by_id",
            kept=encode(row.answered_by_id),
            lost=by.hex,
            kept_by=UUID(stamp[0]),
            lost_by=workspace.operation.id,
        )
    return Merged(row.id)


def _undo_accept(workspace: Workspace, given: p.AnswerSwap) -> list[Intent]:
    row = workspace.require(Swap, given.swap)
    if row.state != SwapState.ACCEPTED or not wrote(workspace, row, "state"):
        raise Refusal("undo.changed_since", field="state")
    moved = _moved(workspace, row)
    given_up = [taken.id for _, taken in moved]
    for given_away, _ in moved:
        shift = workspace.require(Shift, given_away.shift_id)
        if not Places(workspace, [shift]).has_room(shift, given_away, but=given_up):
            raise Refusal("undo.changed_since", field="person_id")
    return [intent("swap.undo", p.NameSwap(swap=row.id))]


@register("swap.accept", p.AnswerSwap, may=WORKERS, undo=_undo_accept)
def accept(workspace: Workspace, given: p.AnswerSwap) -> Verdict | None:
    """Say yes: who says so takes the shift over, and gives the own one if it is a swap."""
    row = workspace.require(Swap, given.swap)
    by = person_or_none(workspace, workspace.operation.doer_id)
    told = _open_or_told(workspace, row, SwapState.ACCEPTED, by)
    if told is not None:
        return told
    if by is None or (row.to_id is not None and row.to_id != by):
        raise Refusal("swap.not_asked")
    if by == row.asker_id:
        raise Refusal("swap.with_oneself")
    _carry_out(workspace, row, by)
    _answer(workspace, row, SwapState.ACCEPTED, given.words, by)
    return None


def _carry_out(workspace: Workspace, row: Swap, by: UUID) -> None:
    mine = workspace.require(Assignment, row.assignment_id)
    against = None if row.against_id is None else workspace.require(Assignment, row.against_id)
    shift = workspace.require(Shift, mine.shift_id)
    other = None if against is None else workspace.require(Shift, against.shift_id)
    places = Places(workspace, [one for one in (shift, other) if one is not None])
    if any(place.person_id == by for place in places.on(shift.id)):
        raise Refusal("swap.on_it", shift=str(shift.id))
    given_up = [mine.id, *([] if against is None else [against.id])]
    take_off(workspace, mine)
    if against is not None:
        take_off(workspace, against)
    places.put(shift, by, _place_id(workspace, row, "mine"), state=ShiftState.PUBLISHED, but=given_up)
    if other is not None:
        places.put(
            other,
            row.asker_id,
            _place_id(workspace, row, "against"),
            state=ShiftState.PUBLISHED,
            but=given_up,
        )


def _place_id(workspace: Workspace, row: Swap, which: str) -> UUID:
    return workspace.new_id(Assignment, f"{row.id}:{which}")


def _moved(workspace: Workspace, row: Swap) -> list[tuple[Assignment, Assignment]]:
    """Return the places that an accepted request has moved: the one given away, and the one taken for it."""
    mine = workspace.get(Assignment, row.assignment_id)
    against = None if row.against_id is None else workspace.get(Assignment, row.against_id)
    found = []
    for given_away, holder in ((mine, row.answered_by_id), (against, row.asker_id)):
        if given_away is None or holder is None:
            continue
        taken = workspace.find(Assignment, shift_id=given_away.shift_id, person_id=holder)
        if taken is None or taken.archived or not given_away.archived:
            raise Refusal("undo.changed_since", field="person_id")
        found.append((given_away, taken))
    return found


def _reverse(workspace: Workspace, row: Swap, *, passing: bool = False) -> None:
    """Give the places back that an accepted request has moved; refuse where they have moved on since.

    Who gets a place in `passing` gives it to somebody else at once: they may be elsewhere then.
    """
    moved = _moved(workspace, row)
    for _, taken in moved:
        take_off(workspace, taken)
    for given_away, _ in moved:
        if passing:
            put_back(workspace, given_away)
            continue
        shift = workspace.require(Shift, given_away.shift_id)
        Places(workspace, [shift]).put_back(shift, given_away)


@register(
    "swap.undo",
    p.NameSwap,
    may=WORKERS,
    undo=lambda _, given: [intent("swap.redo", given)],
)
def undo_accept(workspace: Workspace, given: p.NameSwap) -> None:
    """Take back that a request was accepted: everybody is where they were, and it is open again."""
    row = workspace.require(Swap, given.swap)
    if row.state != SwapState.ACCEPTED:
        raise Refusal("undo.changed_since", field="state")
    _reverse(workspace, row)
    _answer(workspace, row, SwapState.OPEN, row.answer, row.answered_by_id)


@register("swap.redo", p.NameSwap, may=WORKERS, undo=lambda _, given: [intent("swap.undo", given)])
def redo_accept(workspace: Workspace, given: p.NameSwap) -> None:
    """Let a request be accepted again by whoever had accepted it."""
    row = workspace.require(Swap, given.swap)
    if row.state != SwapState.OPEN or row.answered_by_id is None:
        raise Refusal("undo.changed_since", field="state")
    by = row.answered_by_id
    _carry_out(workspace, row, by)
    _answer(workspace, row, SwapState.ACCEPTED, row.answer, by)


@register(
    "swap.decline",
    p.AnswerSwap,
    may=WORKERS,
    undo=lambda _, given: [intent("swap.reopen", p.NameSwap(swap=given.swap))],
)
def decline(workspace: Workspace, given: p.AnswerSwap) -> Verdict | None:
    """Say no. Only who was asked by name may close a request so; an open one stays open for others."""
    row = workspace.require(Swap, given.swap)
    by = person_or_none(workspace, workspace.operation.doer_id)
    told = _open_or_told(workspace, row, SwapState.DECLINED, by)
    if told is not None:
        return told
    if row.to_id is None or row.to_id != by:
        raise Refusal("swap.not_asked")
    _answer(workspace, row, SwapState.DECLINED, given.words, by)
    return None


@register(
    "swap.withdraw",
    p.AnswerSwap,
    may=WORKERS,
    undo=lambda _, given: [intent("swap.reopen", p.NameSwap(swap=given.swap))],
)
def withdraw(workspace: Workspace, given: p.AnswerSwap) -> Verdict | None:
    """Take a request back: its asker may, and whoever keeps the register."""
    row = workspace.require(Swap, given.swap)
    operation = workspace.operation
    by = person_or_none(workspace, operation.doer_id)
    told = _open_or_told(workspace, row, SwapState.WITHDRAWN, by)
    if told is not None:
        return told
    mine = workspace.roles(operation.recorder_id, workspace.local_day(operation.at))
    if by != row.asker_id and not mine & KEEPERS and operation.recorder_id != workspace.compound_id:
        raise Refusal("swap.not_asked")
    _answer(workspace, row, SwapState.WITHDRAWN, given.words, by)
    return None


@register("swap.reopen", p.NameSwap, may=WORKERS)
def reopen(workspace: Workspace, given: p.NameSwap) -> None:
    """Let a declined or withdrawn request be open again."""
    row = workspace.require(Swap, given.swap)
    if row.state not in {SwapState.DECLINED, SwapState.WITHDRAWN}:
        raise Refusal("undo.changed_since", field="state")
    _answer(workspace, row, SwapState.OPEN, "", None)


def _settle(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let one of two people have the shift who both said yes."""
    row = workspace.require(Swap, conflict.row_id)
    wanted = person_or_none(workspace, UUID(str(conflict.kept if choice is Choice.KEEP else conflict.lost)))
    if wanted is None:
        return
    if row.state != SwapState.ACCEPTED or row.answered_by_id == wanted:
        return
    _reverse(workspace, row, passing=True)
    _carry_out(workspace, row, wanted)
    _answer(workspace, row, SwapState.ACCEPTED, row.answer, wanted)


SETTLERS["swap", "answered_by_id"] = _settle
