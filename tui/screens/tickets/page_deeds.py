"""What can be done with a ticket from where it stands: the usual next step first, the rest behind `more`. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from models.tickets.rules import OPEN, UNANSWERED, Move, State, after, lawful
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.tickets.page_store import Page
from tui.words import code_text

# None has a key of its own: the digits go to what is usual in the state.
ACCEPT = action("ticket.accept", footer=False)
ASSIGN = action("ticket.assign", footer=False)
RELEASE = action("ticket.release", footer=False)
START = action("ticket.start", footer=False)
WAIT = action("ticket.wait", footer=False)
FINISH = action("ticket.finish", footer=False)
RATE = action("ticket.rate", footer=False)
CLOSE = action("ticket.close", footer=False)
REOPEN = action("ticket.reopen", footer=False)
REJECT = action("ticket.reject", footer=False)
CANCEL = action("ticket.cancel", footer=False)
JOIN = action("ticket.join", footer=False)
PART = action("ticket.part", footer=False)
COMMENT = action("ticket.comment", footer=False)
LOG = action("ticket.log", footer=False)
CALL = action("ticket.call", footer=False)
HANDOVER = action("ticket.handover", footer=False)
TAKE = action("ticket.take", footer=False)
DECLINE = action("ticket.decline", footer=False)
KEEP = action("ticket.keep", footer=False)
EDIT = action("ticket.edit", footer=False)
LINK = action("ticket.link", footer=False)
UNLINK = action("ticket.unlink", footer=False)
HANDS = action("ticket.hands", footer=False)
ATTACH = action("ticket.attach", footer=False)
DETACH = action("ticket.detach", footer=False)
SETTLE = action("ticket.settle", footer=False)
PARENT = action("ticket.parent", footer=False)
ARCHIVE = action("ticket.archive", footer=False)
MORE = action("ticket.more", "0", footer=False)

#: In the order in which they are offered behind `more`.
DEEDS: Final = (
    SETTLE, TAKE, DECLINE, ACCEPT, START, FINISH, WAIT, LOG, RATE, CALL, CLOSE, REOPEN, ASSIGN, RELEASE,
    COMMENT, HANDOVER, KEEP, HANDS, EDIT, LINK, UNLINK, ATTACH, DETACH, JOIN, PART, PARENT, REJECT, CANCEL, ARCHIVE,
)  # fmt: skip
_MOVES: Final = {
    Move.ACCEPT: ACCEPT,
    Move.ASSIGN: ASSIGN,
    Move.RELEASE: RELEASE,
    Move.START: START,
    Move.WAIT: WAIT,
    Move.FINISH: FINISH,
    Move.RATE: RATE,
    Move.CLOSE: CLOSE,
    Move.REOPEN: REOPEN,
    Move.REJECT: REJECT,
    Move.CANCEL: CANCEL,
    Move.JOIN: JOIN,
    Move.PART: PART,
}
_MOVE_OF: Final = {deed.id: move for move, deed in _MOVES.items()}
#: What is done in a state, the usual next step first.
_USUAL: Final = {
    State.REPORTED: (ACCEPT, ASSIGN, START, FINISH, COMMENT, JOIN, EDIT),
    State.REOPENED: (ACCEPT, ASSIGN, START, FINISH, COMMENT, EDIT),
    State.ACCEPTED: (START, FINISH, WAIT, LOG, COMMENT, RELEASE, EDIT),
    State.IN_PROGRESS: (FINISH, WAIT, LOG, COMMENT, RELEASE, EDIT),
    State.WAITING: (START, FINISH, WAIT, LOG, COMMENT, RELEASE, EDIT),
    State.DONE: (RATE, CALL, REOPEN, CLOSE, LOG, COMMENT),
    State.CLOSED: (REOPEN, RATE, COMMENT),
    State.REJECTED: (REOPEN, COMMENT, CALL),
    State.CANCELLED: (REOPEN, COMMENT, CALL),
    State.DUPLICATE: (PARENT, PART, COMMENT),
}
#: Whoever does these must hold the baton or keep the register.
_DECIDED: Final = frozenset({deed.id for deed in (ASSIGN, CLOSE, REJECT, CANCEL, HANDOVER, ARCHIVE)})
_MOST = 8


def first_deeds(page: Page) -> tuple[Action, ...]:
    """Return what the digits do: what waits for an answer, then what is usual from the present state."""
    ticket = page.ticket
    asked: list[Action] = []
    if ticket.archived:
        return (ARCHIVE,)
    if page.disputes or ticket.too_many:
        asked.append(SETTLE)
    if ticket.offered_to_id is not None and ticket.offered_to_id == page.me and ticket.state in UNANSWERED:
        asked += [TAKE, DECLINE]
    usual = list(_USUAL[ticket.state])
    if wants_hands(page):
        usual.insert(0, ACCEPT)
    return tuple(dict.fromkeys((*asked, *usual)))[:_MOST]


def wants_hands(page: Page) -> bool:
    """Tell whether a job that others have taken wants somebody else, and who looks is not on it."""
    ticket = page.ticket
    lawful_here = after(ticket.state, Move.ACCEPT) == ticket.state
    return lawful_here and not page.on_it and len(ticket.hands) < ticket.wanted_hands


def more_deeds(page: Page) -> tuple[Action, ...]:
    """Return what is behind `more`: first what can be done now, then what cannot."""
    shown = set(first_deeds(page))
    rest = [deed for deed in DEEDS if deed not in shown]
    return tuple(sorted(rest, key=lambda deed: why_not(page, deed.id) is not None))


def label(page: Page, deed: Action) -> str:
    """Return what a deed is called where the ticket stands."""
    ticket = page.ticket
    waits = ticket.state is State.WAITING
    names = {
        "go_on": deed is START and waits,
        "wait_on": deed is WAIT and waits,
        "join_in": deed is ACCEPT and wants_hands(page),
        "rate_again": deed is RATE and ticket.score is not None,
        "take_offer_back": deed is DECLINE and ticket.offered_to_id not in {None, page.me},
        "unarchive": deed is ARCHIVE and ticket.archived,
    }
    own = next((name for name, fits in names.items() if fits), "")
    return t(f"ticket_page.deed.{own}") if own else deed.label


def why_not(page: Page, action_id: str) -> str | None:
    """Return why a deed cannot be done now, as a sentence, or None if it can."""
    ticket = page.ticket
    if ticket.archived and action_id in {deed.id for deed in DEEDS} - {ARCHIVE.id}:
        return t("ticket_page.why.archived")
    move = _MOVE_OF.get(action_id)
    if move is not None and move not in lawful(ticket.state):
        return _unlawful(page, move)
    if action_id in _DECIDED and not page.may_decide:
        return code_text("refusal", "ticket.not_holder", {"code": ticket.code})
    return _lacks(page, action_id)


def _unlawful(page: Page, move: Move) -> str:
    ticket = page.ticket
    if move is Move.PART:
        return t("ticket_page.why.no_duplicate")
    params = {"code": ticket.code, "state": ticket.state.value, "move": move.value}
    return code_text("refusal", "ticket.unlawful", params)


def _lacks(page: Page, action_id: str) -> str | None:
    """Return what a deed wants that is not there."""
    ticket = page.ticket
    offered = ticket.offered_to_id is not None
    reasons: Iterable[tuple[Action, bool, str]] = (
        (SETTLE, bool(page.disputes or ticket.too_many), "no_dispute"),
        (TAKE, ticket.state in UNANSWERED, "answered"),
        (TAKE, ticket.holder_id is None or ticket.holder_id != page.me, "baton_yours"),
        (TAKE, ticket.holder_id is None or (offered and ticket.offered_to_id == page.me), "not_offered"),
        (DECLINE, offered, "no_offer"),
        (DECLINE, ticket.offered_to_id == page.me or page.may_decide, "not_offered"),
        (HANDOVER, ticket.state in UNANSWERED, "answered"),
        (KEEP, ticket.holder_id is not None and ticket.holder_id == page.me, "not_holder"),
        (KEEP, ticket.state in UNANSWERED, "answered"),
        (RELEASE, bool(ticket.hands), "no_hands"),
        (RELEASE, page.on_it or page.may_decide, "not_on_it"),
        (HANDS, ticket.state in OPEN, "not_open"),
        (UNLINK, bool(page.story.links), "no_links"),
        (ATTACH, ticket.incident_id is None, "attached"),
        (DETACH, ticket.incident_id is not None, "not_attached"),
        (PARENT, page.story.parent is not None, "no_parent"),
        (ACCEPT, not page.on_it or ticket.state in {State.REPORTED, State.REOPENED}, "on_it"),
        (ACCEPT, not _full(page), "full"),
        (ASSIGN, not _full(page), "full"),
    )
    return next(
        (t(f"ticket_page.why.{why}") for deed, fine, why in reasons if deed.id == action_id and not fine),
        None,
    )


def _full(page: Page) -> bool:
    ticket = page.ticket
    unclaimed = ticket.state in {State.REPORTED, State.REOPENED}
    return not unclaimed and len(ticket.hands) >= ticket.wanted_hands
