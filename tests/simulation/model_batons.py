"""Batons, incidents and disputes over tickets once more, written from docs/tickets.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid5

from simulation.model_ground import Refused, Row, conflict_id, typed
from simulation.model_story import ANSWERED, OPEN, WANTS, Story

#: The day until which jobs wait in every history, later than any clock says.
UNTIL = "2099-01-01"


class Batons(Story):
    """What operations on batons and incidents do, and choices between two who moved one ticket apart."""

    # -- the baton -----------------------------------------------------------------------------

    def ticket_handover(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, person = (
            self.need("ticket", self.given["ticket"]),
            self.need("person", self.given["to"])["id"],
        )
        if self.is_answered(ticket):
            return self.in_vain(ticket, "handover", person_id=person)
        if ticket["holder_id"] == person:
            if self.unseen(ticket, "holder_id"):
                return self.in_vain(ticket, "handover", person_id=person)
            raise Refused("ticket.baton_there")
        offered = ticket["offered_to_id"] is not None or self.unseen(ticket, "holder_id")
        if offered and self.unseen(ticket, "offered_to_id"):
            return self.set_against(ticket, "offered_to_id", person, "handover", person_id=person)
        self.must_have_say(ticket)
        changes = {"offered_to_id": person}
        self.tell(ticket, self.given["id"], "handover", changes=changes, person_id=person)
        return None

    def ticket_take(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, mine = self.need("ticket", self.given["ticket"]), self.doer()
        if self.is_answered(ticket):
            return self.in_vain(ticket, "take", person_id=mine)
        if ticket["offered_to_id"] != mine and ticket["holder_id"] is not None:
            if self.unseen(ticket, "offered_to_id") or self.unseen(ticket, "holder_id"):
                return self.set_against(ticket, "holder_id", mine, "take", person_id=mine)
            raise Refused("ticket.baton_yours" if ticket["holder_id"] == mine else "ticket.baton_not_offered")
        changes = {"holder_id": mine, "offered_to_id": None}
        self.tell(ticket, self.given["id"], "take", changes=changes, person_id=mine)
        return None

    def ticket_decline(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, mine = self.need("ticket", self.given["ticket"]), self.doer()
        offered = ticket["offered_to_id"]
        if offered is None:
            if self.unseen(ticket, "offered_to_id"):
                return self.in_vain(ticket, "decline", person_id=mine)
            raise Refused("ticket.baton_not_offered")
        if offered != mine:
            self.must_have_say(ticket)
        self.tell(ticket, self.given["id"], "decline", changes={"offered_to_id": None}, person_id=offered)
        return None

    def is_answered(self, ticket: Row) -> bool:
        if ticket["state"] in ANSWERED and not self.unseen(ticket, "state"):
            raise Refused("ticket.answered")
        return ticket["state"] in ANSWERED

    # -- incidents -----------------------------------------------------------------------------

    def incident_open(self) -> str | None:
        given = self.given
        if self.get("incident", given["id"]) is not None:
            return "merged"
        row = self.put(
            "incident",
            given["id"],
            name=given["name"],
            category=given.get("category", ""),
            started_at=self.operation.happened_at,
            ended_at=None,
            ended_words="",
        )
        for building in given.get("buildings", []):
            struck = {"incident_id": row["id"], "building_id": self.need("building", building)["id"]}
            if self.keyed("incident_building", **struck) is None:
                key = f"incident_building\x1f{struck['incident_id']}:{struck['building_id']}"
                self.put("incident_building", uuid5(self.operation.id, key), **struck)
        return None

    def incident_end(self) -> str | None:
        row, words = self.need("incident", self.given["incident"]), self.given.get("words", "")
        if row["ended_at"] is not None:
            self.touch(row, ended_words=row["ended_words"] or words)
            return "merged"
        self.touch(row, ended_at=self.operation.happened_at, ended_words=words)
        return None

    def incident_reopen(self) -> None:
        row = self.need("incident", self.given["incident"])
        if row["ended_at"] is None:
            raise Refused("incident.lasts")
        self.touch(row, ended_at=None)

    # -- what a person chooses -------------------------------------------------------------------

    def conflict_resolve(self) -> None:
        wanted, choice = UUID(self.given["conflict"]), self.given["choice"]
        conflict = next((one for one in self.state.conflicts if conflict_id(one) == wanted), None)
        if conflict is None:
            raise Refused("row.unknown")
        status, chosen_by = self.state.settled.get(wanted, ("open", None))
        if status == {"keep": "kept", "take": "taken"}[choice]:
            return
        if status != "open" and not self.knows(chosen_by):
            raise Refused("conflict.settled")
        _, _, row_id, column, kept, lost = conflict
        stays, goes = (lost, kept) if choice == "take" else (kept, lost)
        ticket = self.get("ticket", row_id)
        assert ticket is not None
        if column == "hands":
            if ticket["archived"]:
                raise Refused("row.archived")
            self.choose_hand(ticket, stays, goes)
        elif choice == "take" or status == "taken":
            if ticket["archived"]:
                raise Refused("row.archived")
            carry_out: Callable[..., None] = getattr(self, f"choose_{column}")
            carry_out(ticket, stays.strip("'"), taken=choice == "take")
        elif ticket["archived"] and column in {"state", "parent_id"}:
            raise Refused("row.archived")
        self.state.settled[wanted] = "taken" if choice == "take" else "kept", self.writer()

    def chosen(self, ticket: Row, changes: Row, hands: dict[UUID, bool] | None = None) -> None:
        row_id = uuid5(self.operation.id, "ticket_event\x1fsettle")
        self.tell(ticket, row_id, "settle", changes=changes, hands=hands, moved=True)

    def choose_state(self, ticket: Row, state: str, *, taken: bool) -> None:
        there = self.hands(ticket)
        if state == "reported" and there:
            state = "accepted"
        changes, hands = self.becoming(ticket, state), None
        if state == "reopened":
            changes["reopened"] = ticket["reopened"] + 1
        line = self.late_line(ticket, state) if taken else None
        if line is not None and state == "duplicate":
            changes["parent_id"] = line["other_id"]
        elif line is not None and state == "waiting":
            changes["wait_until"] = self.until_of(line)
        elif line is not None and state in {"accepted", "in_progress", "done"} and not there:
            hands = self.put_on(ticket, self.who(line["person_id"]))
        self.chosen(ticket, changes, hands)
        self.no_ring(ticket)

    def late_line(self, ticket: Row, state: str) -> Row | None:
        lines = [
            row
            for row in self.state.rows["ticket_event"].values()
            if row["ticket_id"] == ticket["id"]
            and not row["stood"]
            and not row["archived"]
            and WANTS.get(row["kind"], "closed" if row["kind"] == "rate" else None) == state
        ]
        return max(lines, key=lambda row: row["id"].hex, default=None)

    def until_of(self, line: Row) -> date | None:
        """A model's line does not hold the day: everybody waits for the same one."""
        return date.fromisoformat(UNTIL) if line["kind"] == "wait" else None

    def choose_hand(self, ticket: Row, stays: str, goes: str) -> None:
        one, other = self.who(stays), self.who(goes)
        if one == other or ticket["state"] not in OPEN:
            self.chosen(ticket, {})
            return
        hands = self.put_on(ticket, one) | self.take_off(ticket, other)
        taken = ticket["state"] == "reported" and self.hands(ticket)
        self.chosen(ticket, self.becoming(ticket, "accepted") if taken else {}, hands)

    def choose_parent_id(self, ticket: Row, parent: str, **_: bool) -> None:
        if ticket["state"] == "duplicate":
            self.chosen(ticket, {"parent_id": self.need("ticket", parent)["id"]})
            self.no_ring(ticket)

    def choose_holder_id(self, ticket: Row, person: str, **_: bool) -> None:
        self.chosen(ticket, {"holder_id": self.who(typed("x_id", person)), "offered_to_id": None})

    def choose_offered_to_id(self, ticket: Row, person: str, **_: bool) -> None:
        found = None if person == "None" else self.who(person)
        self.chosen(ticket, {"offered_to_id": found})
