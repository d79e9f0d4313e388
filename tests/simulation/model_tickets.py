"""Tickets once more, in plain dicts, written from docs/tickets.md: taking in, moves, and facts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from simulation.model_batons import Batons
from simulation.model_ground import Refused, Row
from simulation.model_story import FREE, leads_to

#: Hours to take and to finish a job, and how urgent such usually is.
HOURS = {"drain": (4, 48, "urgent"), "lamp": (24, 72, "normal"), "other": (24, 120, "normal")} | {
    "water": (4, 48, "urgent")
}
URGENCIES = ("normal", "urgent", "emergency")


def deadlines(category: str, urgency: str, opened: datetime) -> Row:
    accept, finish, usual = HOURS[category]
    steps = URGENCIES.index(usual) - URGENCIES.index(urgency)
    soon, late = (timedelta(hours=max(hours * 2.0**steps, 1)) for hours in (accept, finish))
    return {"accept_due_at": opened + soon, "due_at": opened + late}


class Tickets(Batons):
    """What operations on tickets do."""

    # -- taking in -----------------------------------------------------------------------

    def places(self, given: Any) -> Row:
        home, point, building, asker = (
            self.need(table, given[f"{name}_id"]) if given.get(f"{name}_id") else None
            for name, table in (
                ("household", "household"),
                ("point", "point"),
                ("building", "building"),
                ("requester", "person"),
            )
        )
        stands_in = building["id"] if building else None
        for place in (home, point):
            if stands_in is None and building is None and place is not None:
                stands_in = place["building_id"]
                break
        return {
            "household_id": home and home["id"],
            "point_id": point and point["id"],
            "building_id": stands_in,
            "requester_id": asker and asker["id"],
        }

    def ticket_report(self) -> None:
        given, at = self.given, self.operation.happened_at
        category = given.get("category") or "other"
        urgency = given.get("urgency") or HOURS[category][2]
        places = self.places(given)
        holder = self.who(given.get("holder") or self.operation.doer_id)
        row_id, code = UUID(given["id"]), given["code"]
        if any(row["code"] == code for row in self.state.rows["ticket"].values()):
            code += f"-{row_id.int % 65536:04X}"
        nothing = dict.fromkeys(("accepted_at", "done_at", "closed_at", "wait_until", "offered_to_id"))
        row = self.put(
            "ticket",
            row_id,
            code=code,
            number=len(self.state.rows["ticket"]) + 1,
            what=given["what"],
            category=category,
            urgency=urgency,
            state="reported",
            state_at=at,
            opened_at=at,
            holder_id=holder,
            wanted_hands=given.get("wanted_hands", 1),
            **places,
            **deadlines(category, urgency, at),
            **nothing,
            **dict.fromkeys(("minutes", "cost", "visits", "reopened"), 0),
            wait_for="",
            parent_id=None,
            score=None,
        )
        row["incident_id"] = self.struck_by(row)
        self.tell(
            row, uuid5(self.operation.id, "ticket_event\x1freport"), "report", moved=True, person_id=holder
        )

    def struck_by(self, ticket: Row) -> UUID | None:
        """Return the first incident that strikes there, of that kind, while the question was asked."""
        for incident in sorted(self.state.rows["incident"].values(), key=lambda row: row["id"].hex):
            lasts = incident["started_at"] <= ticket["opened_at"] and (
                incident["ended_at"] is None or incident["ended_at"] > ticket["opened_at"]
            )
            if incident["archived"] or not lasts or incident["category"] not in {"", ticket["category"]}:
                continue
            struck = {
                row["building_id"]
                for row in self.state.rows["incident_building"].values()
                if row["incident_id"] == incident["id"]
            }
            if ticket["building_id"] in struck or (not struck and incident["category"]):
                return incident["id"]  # type: ignore[no-any-return]
        return None

    def ticket_edit(self) -> None:
        row, new = self.need("ticket", self.given["ticket"]), dict(self.given["new"])
        usual = deadlines(row["category"], row["urgency"], row["opened_at"])
        places = self.places(new)
        new |= {name: places[name] and str(places[name]) for name in places if name in new}
        before = dict(row)
        self.given = {**self.given, "new": new}
        self.edit("ticket")
        if all(row[name] == before[name] for name in new):
            return
        if {"household_id", "point_id"} & new.keys() and "building_id" not in new and places["building_id"]:
            self.touch(row, building_id=places["building_id"])
        now = deadlines(row["category"], row["urgency"], row["opened_at"])
        self.touch(row, **{name: value for name, value in now.items() if row[name] == usual[name]})

    # -- moves -----------------------------------------------------------------------------

    def ticket_accept(self) -> str | None:
        return self.claim("accept", self.operation.doer_id)

    def ticket_assign(self) -> str | None:
        self.must_have_say(self.need("ticket", self.given["ticket"]))
        return self.claim("assign", self.need("person", self.given["person"])["id"])

    def claim(self, verb: str, claimed_by: Any) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, person = self.need("ticket", self.given["ticket"]), self.who(claimed_by)
        if leads_to(ticket["state"], verb) is None:
            return self.moved(ticket, verb, person_id=person)
        there = self.hands(ticket)
        writer = self.last(ticket, "hands") or self.last(ticket, "state")
        knew = writer is None or self.knows(writer)
        mine, free = any(hand["person_id"] == person for hand in there), ticket["state"] in FREE
        if mine and not free:
            if knew:
                raise Refused("ticket.hand_already")
            return "merged"
        full = not mine and not free and len(there) >= ticket["wanted_hands"]
        if full and (knew or person is None):
            raise Refused("ticket.hands_full")
        said = self.moved(ticket, verb, hands=self.put_on(ticket, person), person_id=person)
        if full and there:
            first = max(there, key=lambda hand: (hand["since"], hand["id"].hex))
            self.put_aside("ticket", ticket, "hands", kept=first["person_id"], lost=person)
        return said

    def ticket_release(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.need("ticket", self.given["ticket"])
        person = self.who(self.given.get("person") or self.operation.doer_id)
        if self.given.get("person") and person != self.doer():
            self.must_have_say(ticket)
        there = self.hands(ticket)
        if all(hand["person_id"] != person for hand in there):
            if self.unseen(ticket, "hands"):
                return self.in_vain(ticket, "release", moved=True, person_id=person)
            raise Refused("ticket.hand_not")
        if leads_to(ticket["state"], "release") is None:
            return self.moved(ticket, "release", person_id=person)
        to = ticket["state"] if len(there) > 1 else None
        return self.moved(ticket, "release", to=to, hands=self.take_off(ticket, person), person_id=person)

    def ticket_start(self) -> str | None:
        return self.work("start")

    def ticket_finish(self) -> str | None:
        spent = {name: self.given.get(name, 0) for name in ("minutes", "cost")}
        return self.work("finish", **spent)

    def work(self, verb: str, **spent: int) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, person = self.need("ticket", self.given["ticket"]), self.doer()
        if leads_to(ticket["state"], verb) is None:
            return self.moved(ticket, verb, person_id=person, **spent)
        on = {} if self.hands(ticket) else self.put_on(ticket, person)
        return self.moved(ticket, verb, hands=on, person_id=person, **spent)

    def ticket_wait(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, until = self.need("ticket", self.given["ticket"]), date.fromisoformat(self.given["until"])
        if until < self.day(self.operation.happened_at):
            raise Refused("ticket.wait_past")
        changes = {"wait_until": until, "wait_for": self.given.get("wait_for", "other")}
        return self.moved(ticket, "wait", changes=changes)

    def ticket_reopen(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.need("ticket", self.given["ticket"])
        return self.moved(ticket, "reopen", changes={"reopened": ticket["reopened"] + 1})

    def ticket_reject(self) -> str | None:
        return self.decide("reject")

    def ticket_cancel(self) -> str | None:
        return self.decide("cancel")

    def ticket_close(self) -> str | None:
        return self.decide("close")

    def decide(self, verb: str) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.need("ticket", self.given["ticket"])
        self.must_have_say(ticket)
        return self.moved(ticket, verb)

    def answering(self, ticket: Row) -> list[Row]:
        """Return a ticket, what it is a duplicate of, what that is one of, and so on."""
        line = [ticket]
        while line[-1]["state"] == "duplicate" and line[-1]["parent_id"] is not None:
            line.append(self.need("ticket", line[-1]["parent_id"]))
            assert len(line) < 100, "tickets are duplicates of each other"
        return line

    def ticket_join(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.need("ticket", self.given["ticket"])
        line = self.answering(self.need("ticket", self.given["into"]))
        if line[-1] is not ticket:
            parent = line[-1]["id"]
            return self.moved(ticket, "join", changes={"parent_id": parent}, other_id=parent)
        if any(self.unseen(one, "state") for one in line[:-1]):
            return self.in_vain(ticket, "join", moved=True, other_id=line[0]["id"])
        raise Refused("ticket.join_itself")

    def ticket_part(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.need("ticket", self.given["ticket"])
        to = "accepted" if self.hands(ticket) else None
        return self.moved(ticket, "part", to=to, changes={"parent_id": None}, other_id=ticket["parent_id"])

    def ticket_archive(self) -> None:
        ticket = self.need("ticket", self.given["ticket"])
        self.must_have_say(ticket)
        self.touch(ticket, archived=True)

    # -- facts -----------------------------------------------------------------------------

    def ticket_comment(self) -> str | None:
        return self.note("comment")

    def ticket_log(self) -> str | None:
        spent = {name: self.given.get(name, 0) for name in ("minutes", "cost")}
        return self.note("log", person_id=self.doer(), **spent)

    def note(self, kind: str, **said: Any) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket = self.get("ticket", self.given["ticket"])
        if ticket is None:
            self.flag("ticket.unknown")
        elif ticket["archived"]:
            self.flag("ticket.archived")
        self.tell(ticket, self.given["id"], kind, **said)
        return None

    def ticket_rate(self) -> str | None:
        if self.told(self.given["id"]):
            return "merged"
        ticket, score = self.get("ticket", self.given["ticket"]), self.given["score"]
        if ticket is None or ticket["archived"]:
            self.flag("ticket.unknown")
            self.tell(ticket, self.given["id"], "rate", stood=False, score=score)
            return None
        if self.doer() in {hand["person_id"] for hand in self.hands(ticket)}:
            self.flag("ticket.rated_by_hand")
        if leads_to(ticket["state"], "rate") is None:
            self.flag("ticket.rated_early")
            self.tell(ticket, self.given["id"], "rate", changes={"score": score}, score=score)
            return None
        return self.moved(ticket, "rate", changes={"score": score}, score=score)

    def flag(self, code: str) -> None:
        self.state.flags.add((self.operation.id, code))
