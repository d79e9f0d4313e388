"""How a ticket's story moves it, in plain dicts, written from docs/tickets.md: states, hands, what came too late."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from simulation.model_ground import KEEPERS, Ground, Refused, Row, Writer

#: Somebody still has to do something; nobody has it; it has been answered.
OPEN = {"reported", "reopened", "accepted", "in_progress", "waiting"}
FREE = {"reported", "reopened"}
ANSWERED = {"closed", "rejected", "cancelled", "duplicate"}
STATES = OPEN | ANSWERED | {"done"}
#: What whoever makes a move wants the ticket to be. Giving back and parting want it to be nothing in particular.
WANTS = {
    "accept": "accepted",
    "assign": "accepted",
    "start": "in_progress",
    "wait": "waiting",
    "finish": "done",
    "close": "closed",
    "reopen": "reopened",
    "reject": "rejected",
    "cancel": "cancelled",
    "join": "duplicate",
}
#: From where each move may be made, and where it leads.
WAYS: dict[str, dict[str, str]] = {
    **{verb: dict.fromkeys(OPEN, WANTS[verb]) for verb in ("finish", "wait", "reject", "cancel", "join")},
    "start": dict.fromkeys(OPEN - {"in_progress"}, "in_progress"),
    **{
        verb: {state: "accepted" if state in FREE else state for state in OPEN}
        for verb in ("accept", "assign")
    },
    "release": dict.fromkeys(OPEN - FREE, "reported") | {"reopened": "reopened"},
    "rate": {"done": "closed", "closed": "closed"},
    "close": {"done": "closed"},
    "reopen": dict.fromkeys(("done", "closed", "rejected", "cancelled"), "reopened"),
    "part": {"duplicate": "reported"},
}
#: Taking such a step back takes the same say as the step.
DECIDED = {"assign", "close", "reject", "cancel"}
NOTED = ("state", "holder_id", "offered_to_id", "parent_id", "incident_id")


def leads_to(state: str, verb: str) -> str | None:
    """Return what a ticket becomes, or None where that is not lawful."""
    return WAYS.get(verb, {}).get(state)


class Story(Ground):
    """What every move of a ticket has alike."""

    # -- the story ---------------------------------------------------------------------

    def tell(
        self,
        ticket: Row | None,
        row_id: Any,
        kind: str,
        *,
        changes: Row | None = None,
        hands: dict[UUID, bool] | None = None,
        moved: bool = False,
        stood: bool = True,
        **said: Any,
    ) -> None:
        """Write a line, and what it changes. `moved` says that the line tells of states."""
        came_from = ticket["state"] if ticket is not None and moved else ""
        before: Row = {}
        after: Row = {}
        if ticket is not None:
            after = {name: value for name, value in (changes or {}).items() if ticket[name] != value}
            before = {name: ticket[name] for name in after}
            self.write(ticket, after, hands=bool(hands))
        if hands:
            before["hands"] = {hand: not on for hand, on in hands.items()}
            after["hands"] = dict(hands)
        line = {"person_id": None, "other_id": None, "score": None, "minutes": 0, "cost": 0} | said
        event = self.put(
            "ticket_event",
            row_id,
            ticket_id=ticket and ticket["id"],
            kind=kind,
            doer_id=self.operation.doer_id,
            recorder_id=self.operation.recorder_id,
            from_state=came_from,
            to_state=ticket["state"] if ticket is not None and moved else "",
            stood=stood,
            **line,
        )
        self.state.changed[event["id"]] = before, after
        if ticket is not None and stood:
            self.count(ticket, event, 1)

    def write(self, ticket: Row, changes: Row, *, hands: bool) -> None:
        noted = [name for name in NOTED if name in changes]
        for name in [*noted, *(["hands"] if hands else [])]:
            self.wrote("ticket", ticket, name)
            ticket["rev"] = self.rev
        self.touch(ticket, **changes)

    def count(self, ticket: Row, event: Row, sign: int) -> None:
        if event["kind"] not in {"log", "finish"}:
            return
        visits = sign if event["kind"] == "log" or event["minutes"] else 0
        sums = {name: ticket[name] + sign * event[name] for name in ("minutes", "cost")}
        self.touch(ticket, **sums, visits=ticket["visits"] + visits)

    def told(self, row_id: Any) -> bool:
        return UUID(str(row_id)) in self.state.rows["ticket_event"]

    def becoming(self, ticket: Row, state: str) -> Row:
        """Return what changes when a ticket comes into a state."""
        if ticket["state"] == state:
            return {}
        at = self.operation.happened_at
        changes: Row = {"state": state, "state_at": at}
        if ticket["state"] == "waiting":
            changes |= {"wait_until": None, "wait_for": ""}
        if state in OPEN:
            changes |= {"done_at": None, "closed_at": None}
            if state not in FREE and ticket["accepted_at"] is None:
                changes["accepted_at"] = at
        elif state == "done":
            changes |= {"done_at": at, "closed_at": None}
        else:
            changes |= {"closed_at": at, "offered_to_id": None}
        return changes

    def moved(
        self, ticket: Row, verb: str, *, to: str | None = None, changes: Row | None = None, **told: Any
    ) -> str | None:
        """Make a move that is lawful from here, or say that somebody else was first."""
        target = leads_to(ticket["state"], verb)
        if target is None:
            return self.came_late(ticket, verb, told)
        target = to or target
        self.tell(
            ticket,
            self.given["id"],
            verb,
            changes=self.becoming(ticket, target) | (changes or {}),
            moved=True,
            **told,
        )
        return None

    def came_late(self, ticket: Row, verb: str, told: Row) -> str | None:
        """What its maker knew to be unlawful is refused; what was overtaken is told, and set against what stands."""
        told.pop("hands", None)
        if not self.unseen(ticket, "state"):
            raise Refused("ticket.unlawful")
        if verb == "join" and ticket["state"] == "duplicate":
            return self.set_against(ticket, "parent_id", told["other_id"], verb, moved=True, **told)
        if verb not in WANTS:
            return self.in_vain(ticket, verb, moved=True, **told)
        return self.set_against(ticket, "state", WANTS[verb], verb, moved=True, **told)

    def unseen(self, ticket: Row, column: str) -> bool:
        writer = self.last(ticket, column)
        return writer is not None and not self.knows(writer)

    def last(self, ticket: Row, column: str) -> Writer | None:
        return self.state.writers.get(("ticket", ticket["id"], column))

    def in_vain(self, ticket: Row, kind: str, *, moved: bool = False, **told: Any) -> str:
        self.tell(ticket, self.given["id"], kind, stood=False, moved=moved, **told)
        return "merged"

    def set_against(self, ticket: Row, column: str, wants: Any, kind: str, **told: Any) -> str | None:
        if ticket[column] == wants:
            return self.in_vain(ticket, kind, **told)
        self.in_vain(ticket, kind, **told)
        self.put_aside("ticket", ticket, column, kept=ticket[column], lost=wants)
        return None

    # -- people ------------------------------------------------------------------------

    def who(self, person: Any) -> UUID | None:
        """Return the person that an id means by now."""
        row = None if person is None else self.get("person", person)
        return None if row is None else row["id"]

    def doer(self) -> UUID | None:
        return self.who(self.operation.doer_id)

    def must_have_say(self, ticket: Row) -> None:
        operation = self.operation
        if operation.recorder_id == operation.compound_id or self.roles() & KEEPERS:
            return
        ours = {self.doer(), self.who(operation.recorder_id)}
        if ticket["holder_id"] is None or ticket["holder_id"] not in ours:
            raise Refused("ticket.not_holder")

    def hands(self, ticket: Row) -> list[Row]:
        found = [
            row
            for row in self.state.rows["ticket_hand"].values()
            if row["ticket_id"] == ticket["id"] and not row["archived"]
        ]
        return sorted(found, key=lambda row: row["id"].hex)

    def put_on(self, ticket: Row, person: UUID | None) -> dict[UUID, bool]:
        if person is None:
            return {}
        hand = self.keyed("ticket_hand", ticket_id=ticket["id"], person_id=person)
        at = self.operation.happened_at
        if hand is None:
            row_id = uuid5(self.operation.compound_id, f"ticket_hand\x1f{ticket['id']}:{person}")
            hand = self.put("ticket_hand", row_id, ticket_id=ticket["id"], person_id=person, since=at)
            return {hand["id"]: True}
        if not hand["archived"]:
            return {}
        self.touch(hand, archived=False, since=at)
        return {hand["id"]: True}

    def take_off(self, ticket: Row, person: UUID | None) -> dict[UUID, bool]:
        going = [hand for hand in self.hands(ticket) if hand["person_id"] == person]
        for hand in going:
            self.touch(hand, archived=True)
        return {hand["id"]: False for hand in going}

    # -- taking lines back -------------------------------------------------------------------

    def ticket_take_back(self) -> None:
        self.turn(back=True)

    def ticket_put_back(self) -> None:
        self.turn(back=False)

    def turn(self, *, back: bool) -> None:
        """Let a line count no more, or again, where what it left, or had met, still stands."""
        event = self.get("ticket_event", self.given["event"])
        if event is None:
            raise Refused("row.unknown")
        ticket = event["ticket_id"] and self.get("ticket", event["ticket_id"])
        if event["archived"] is back:
            raise Refused("undo.changed_since")
        before, after = self.state.changed[event["id"]]
        stands, wanted = (after, before) if back else (before, after)
        if ticket is not None:
            self.still_so(ticket, stands, wanted)
            if ticket["archived"]:
                raise Refused("row.archived")
            if event["kind"] in DECIDED:
                self.must_have_say(ticket)
        self.touch(event, archived=back)
        if ticket is None:
            return
        self.write(ticket, self.by_now(wanted), hands="hands" in wanted)
        if ticket["state"] == "duplicate" and "parent_id" in wanted:
            self.no_ring(ticket)
        for hand_id, on in wanted.get("hands", {}).items():
            hand = self.get("ticket_hand", hand_id)
            assert hand is not None
            self.touch(hand, archived=not on)
        if event["stood"]:
            self.count(ticket, event, -1 if back else 1)

    def still_so(self, ticket: Row, stands: Row, wanted: Row) -> None:
        hands = {hand_id: self.get("ticket_hand", hand_id) for hand_id in stands.get("hands", {})}
        same = all(ticket[name] == value for name, value in self.by_now(stands).items())
        if not same or any(
            hand is None or hand["archived"] is stands["hands"][key] for key, hand in hands.items()
        ):
            raise Refused("undo.changed_since")
        if wanted.get("state") == "reported":
            going = {
                hand["id"] for key, hand in hands.items() if hand is not None and not wanted["hands"][key]
            }
            if {hand["id"] for hand in self.hands(ticket)} - going:
                raise Refused("undo.changed_since")

    def by_now(self, columns: Row) -> Row:
        """Return columns with the people of then as they are now."""
        return {
            name: self.who(value) if name in {"holder_id", "offered_to_id"} else value
            for name, value in columns.items()
            if name != "hands"
        }

    def no_ring(self, ticket: Row) -> None:
        passed, at = {ticket["id"]}, ticket
        while at["state"] == "duplicate" and at["parent_id"] is not None:
            at = self.need("ticket", at["parent_id"])
            if at["id"] in passed:
                raise Refused("ticket.join_itself")
            passed.add(at["id"])
