"""A station for tests: a compound with people and homes, and tickets brought into any state."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simulation.devices import Laptop

from models.operations.resolve import find_row
from models.operations.verdicts import Rejected
from models.tickets.rules import Move, State

#: A way into each state, move by move, from reported.
WAYS: dict[State, tuple[Move, ...]] = {
    State.REPORTED: (),
    State.ACCEPTED: (Move.ACCEPT,),
    State.IN_PROGRESS: (Move.ACCEPT, Move.START),
    State.WAITING: (Move.ACCEPT, Move.WAIT),
    State.DONE: (Move.ACCEPT, Move.FINISH),
    State.CLOSED: (Move.ACCEPT, Move.FINISH, Move.RATE),
    State.REOPENED: (Move.ACCEPT, Move.FINISH, Move.REOPEN),
    State.REJECTED: (Move.REJECT,),
    State.DUPLICATE: (Move.JOIN,),
    State.CANCELLED: (Move.CANCEL,),
}


def settle(laptop: Laptop) -> None:
    """Add the homes and people that tickets are about: two volunteers, a building lead, a supervisor's neighbour."""
    laptop.do("household.add", code="3-1-502", area=8000)
    laptop.do("household.add", code="3-1-402")
    laptop.do("household.add", code="4-1-101")
    for name in ("张三", "李四", "赵敏"):
        laptop.do("person.add", name=name)
    laptop.do("role.grant", person="张三", role="volunteer")
    laptop.do("role.grant", person="李四", role="volunteer")


def id_of(laptop: Laptop, table: str, text: str) -> UUID:
    """Return the one row that a text means."""
    with laptop.store.read() as session:
        found = find_row(session, laptop.compound_id, table, text)
    assert isinstance(found, UUID), found
    return found


def report(laptop: Laptop, what: str = "下水堵了", **more: Any) -> str:
    """Take a question in, and return its code."""
    outcome = laptop.do("ticket.report", {"what": what, **more})
    [(code,)] = laptop.ask(
        "SELECT code FROM ticket WHERE id = ?", UUID(str(outcome.operations[0].payload["id"])).hex
    )
    return str(code)


def payload(laptop: Laptop, code: str, move: Move) -> dict[str, Any]:
    """Return what a move needs besides its ticket."""
    more: dict[Move, dict[str, Any]] = {
        Move.ASSIGN: {"person": "李四"},
        Move.WAIT: {"until": "2026-03-09", "wait_for": "part"},
        Move.FINISH: {"words": "疏通了", "minutes": 30, "cost": 1500},
        Move.RATE: {"score": 4},
        Move.CLOSE: {"words": "没人在家"},
        Move.REOPEN: {"words": "又堵了"},
        Move.REJECT: {"words": "不归我们管"},
        Move.CANCEL: {"words": "自己修了"},
    }
    found = {"ticket": code, **more.get(move, {})}
    if move is Move.JOIN:
        found["into"] = report(laptop, "大家都堵了")
    return found


def make(laptop: Laptop, code: str, move: Move, **more: Any) -> Any:
    """Make a move that must not be refused."""
    return laptop.do(f"ticket.{move}", payload(laptop, code, move), **more)


def ticket_in(laptop: Laptop, state: State) -> str:
    """Return the code of a new ticket that has come into a state."""
    code = report(laptop, household_id="3-1-502", category="drain")
    for move in WAYS[state]:
        make(laptop, code, move)
    assert state_of(laptop, code) is state
    return code


def state_of(laptop: Laptop, code: str) -> State:
    [(state,)] = laptop.ask("SELECT state FROM ticket WHERE code = ?", code)
    return State(state)


def row_of(laptop: Laptop, code: str) -> dict[str, Any]:
    """Return a ticket's row without what every change of it changes."""
    with laptop.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT * FROM ticket WHERE code = ?", (code,))
        return {key: value for key, value in found.mappings().one().items() if key not in {"stamps", "rev"}}


def hands_of(laptop: Laptop, code: str) -> list[str]:
    """Return who is on a job, in the order in which they came."""
    found = laptop.ask(
        "SELECT p.name FROM ticket_hand h JOIN ticket t ON t.id = h.ticket_id JOIN person p ON p.id = h.person_id"
        " WHERE t.code = ? AND NOT h.archived ORDER BY h.since, h.id",
        code,
    )
    return [name for (name,) in found]


def story_of(laptop: Laptop, code: str) -> list[str]:
    """Return what happened to a ticket, line by line, without what was taken back."""
    found = laptop.ask(
        "SELECT e.kind FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id"
        " WHERE t.code = ? AND NOT e.archived ORDER BY e.at, e.id",
        code,
    )
    return [kind for (kind,) in found]


def refused(laptop: Laptop, kind: str, raw: dict[str, Any]) -> Rejected:
    """Try something that must be refused, and return the refusal."""
    outcome = laptop.attempt(kind, raw)
    reason = getattr(outcome, "refused", None)
    assert reason is not None, outcome
    return reason  # type: ignore[no-any-return]


def sits_down(laptop: Laptop, name: str) -> None:
    """Let somebody else act on the laptop."""
    laptop.person_id = id_of(laptop, "person", name)
