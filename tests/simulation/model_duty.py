"""Swaps, check-ins and hand-overs once more, in plain dicts, from the rules of duty, and what is chosen of places given twice."""

from __future__ import annotations

from uuid import UUID, uuid5

from simulation.model_batons import Batons
from simulation.model_ground import KEEPERS, Refused, Row, conflict_id
from simulation.model_places import Places


class Duty(Places, Batons):
    """What else operations of duty do."""

    # -- swaps -------------------------------------------------------------------------------

    def swap_ask(self) -> str | None:
        given = self.given
        if self.get("swap", given["id"]) is not None:
            return "merged"
        mine = self.need("assignment", given["assignment"])
        if mine["state"] != "published":
            raise Refused("duty.draft_only")
        to = self.need("person", given["to"])["id"] if given.get("to") else None
        against = self.need("assignment", given["against"]) if given.get("against") else None
        if mine["person_id"] in {to, against and against["person_id"]}:
            raise Refused("swap.with_oneself")
        to = to if against is None else against["person_id"]
        for one in sorted(self.state.rows["swap"].values(), key=lambda row: row["id"].hex):
            same = (one["assignment_id"], one["state"], one["archived"]) == (mine["id"], "open", False)
            if same and (one["to_id"], one["against_id"]) == (to, against and against["id"]):
                self.alias("swap", given["id"], one["id"])
                return "merged"
        self.put(
            "swap",
            given["id"],
            assignment_id=mine["id"],
            asker_id=mine["person_id"],
            to_id=to,
            against_id=against and against["id"],
            state="open",
            asked_at=self.operation.happened_at,
            answered_by_id=None,
        )
        return None

    def answer(self, row: Row, state: str, by: UUID | None) -> None:
        self.signed("swap", row, "state", state=state, answered_by_id=by)

    def answered(self, row: Row, wanted: str, by: UUID | None) -> bool:
        """Tell whether a request has been answered by somebody of whom whoever answers could not know."""
        if row["state"] == "open":
            return False
        if row["state"] == wanted and (wanted != "accepted" or row["answered_by_id"] == by):
            return True
        writer = self.writer_of("swap", row, "state")
        if writer is None or self.knows(writer):
            raise Refused("swap.answered")
        if wanted == row["state"] == "accepted" and by is not None:
            self.put_aside("swap", row, "answered_by_id", kept=row["answered_by_id"], lost=by)
        return True

    def swap_accept(self) -> str | None:
        row, by = self.need("swap", self.given["swap"]), self.doer()
        if self.answered(row, "accepted", by):
            return "merged"
        if by is None or row["to_id"] not in {None, by}:
            raise Refused("swap.not_asked")
        if by == row["asker_id"]:
            raise Refused("swap.with_oneself")
        self.carry_out(row, by)
        self.answer(row, "accepted", by)
        return None

    def carry_out(self, row: Row, by: UUID) -> None:
        mine = self.need("assignment", row["assignment_id"])
        against = self.need("assignment", row["against_id"]) if row["against_id"] else None
        shift = self.need("shift", mine["shift_id"])
        other = None if against is None else self.need("shift", against["shift_id"])
        if any(place["person_id"] == by for place in self.on(shift)):
            raise Refused("swap.on_it")
        given_up = [mine["id"], *([] if against is None else [against["id"]])]
        for place in (mine, against):
            if place is not None:
                self.take_off_shift(place)
        fresh: list[Row] = []
        for which, to, person in (("mine", shift, by), ("against", other, row["asker_id"])):
            if to is not None:
                row_id = uuid5(self.operation.id, f"assignment\x1f{row['id']}:{which}")
                self.place(to, person, row_id, state="published", but=given_up, fresh=fresh)

    def reverse(self, row: Row, *, passing: bool = False) -> None:
        moved = []
        for place, holder in (("assignment_id", "answered_by_id"), ("against_id", "asker_id")):
            given_away = self.get("assignment", row[place]) if row[place] else None
            if given_away is None or row[holder] is None:
                continue
            taken = self.keyed("assignment", shift_id=given_away["shift_id"], person_id=row[holder])
            if taken is None or taken["archived"] or not given_away["archived"]:
                raise Refused("undo.changed_since")
            moved.append((given_away, taken))
        for _, taken in moved:
            self.take_off_shift(taken)
        for given_away, _ in moved:
            if passing:
                self.signed("assignment", given_away, "archived", "person_id", archived=False)
                continue
            self.need("shift", given_away["shift_id"])
            self.bring_back(given_away)

    def swap_undo(self) -> None:
        row = self.need("swap", self.given["swap"])
        if row["state"] != "accepted":
            raise Refused("undo.changed_since")
        self.reverse(row)
        self.answer(row, "open", row["answered_by_id"])

    def swap_redo(self) -> None:
        row = self.need("swap", self.given["swap"])
        by = row["answered_by_id"]
        if row["state"] != "open" or by is None:
            raise Refused("undo.changed_since")
        self.carry_out(row, by)
        self.answer(row, "accepted", by)

    def swap_decline(self) -> str | None:
        row, by = self.need("swap", self.given["swap"]), self.doer()
        if self.answered(row, "declined", by):
            return "merged"
        if row["to_id"] is None or row["to_id"] != by:
            raise Refused("swap.not_asked")
        self.answer(row, "declined", by)
        return None

    def swap_withdraw(self) -> str | None:
        row, by = self.need("swap", self.given["swap"]), self.doer()
        if self.answered(row, "withdrawn", by):
            return "merged"
        if by != row["asker_id"] and not self.roles() & KEEPERS:
            raise Refused("swap.not_asked")
        self.answer(row, "withdrawn", by)
        return None

    def swap_reopen(self) -> None:
        row = self.need("swap", self.given["swap"])
        if row["state"] not in {"declined", "withdrawn"}:
            raise Refused("undo.changed_since")
        self.answer(row, "open", None)

    # -- what a person chooses ------------------------------------------------------------------

    def conflict_resolve(self) -> None:
        wanted, choice = UUID(self.given["conflict"]), self.given["choice"]
        conflict = next((one for one in self.state.conflicts if conflict_id(one) == wanted), None)
        if conflict is None or conflict[1] not in {"assignment", "swap"}:
            super().conflict_resolve()
            return
        status, chosen_by = self.state.settled.get(wanted, ("open", None))
        settled = {"keep": "kept", "take": "taken"}[choice]
        if status == settled:
            return
        if status != "open" and not self.knows(chosen_by):
            raise Refused("conflict.settled")
        _, table, row_id, _, kept, lost = conflict
        stays, goes = (lost, kept) if choice == "take" else (kept, lost)
        if table == "swap":
            self.choose_answer(self.need("swap", row_id), self.somebody(stays))
        else:
            self.choose_place(stays, goes, again=status != "open")
        self.state.settled[wanted] = settled, self.writer()

    def choose_place(self, stays: str, goes: str, *, again: bool) -> None:
        one, other = self.get("assignment", stays), self.get("assignment", goes)
        if not again and (one is None or one["archived"]):
            return  # it was given up meanwhile: the other stays
        if other is not None and not other["archived"]:
            self.take_off_shift(other)
        if one is not None and one["archived"] and again:
            self.signed("assignment", one, "archived", "person_id", archived=False)

    def choose_answer(self, row: Row, wanted: UUID | None) -> None:
        if wanted is None or row["state"] != "accepted" or row["answered_by_id"] == wanted:
            return
        self.reverse(row, passing=True)
        self.carry_out(row, wanted)
        self.answer(row, "accepted", wanted)

    # -- facts ----------------------------------------------------------------------------------

    def odd(self, code: str) -> None:
        self.state.flags.add((self.operation.id, code))

    def shift_of(self, shift_id: str | UUID | None) -> Row | None:
        shift = self.get("shift", shift_id) if shift_id else None
        if shift_id and shift is None:
            self.odd("duty.shift_unknown")
        elif shift is not None and shift["archived"]:
            self.odd("duty.shift_called_off")
        return shift

    def duty_check_in(self) -> str | None:
        given, at = self.given, self.operation.happened_at
        if self.get("checkin", given["id"]) is not None:
            return "merged"
        shift, person = (
            self.shift_of(given.get("shift")),
            self.who(given.get("person") or self.operation.doer_id),
        )
        if given.get("reason") and not given.get("witness"):
            self.odd("duty.no_witness")
        there = [
            row
            for row in self.state.rows["checkin"].values()
            if shift is not None
            and (row["shift_id"], row["person_id"], row["archived"]) == (shift["id"], person, False)
            and (row["left_at"] is None or row["left_at"] > at)
        ]
        if there:
            first = min(there, key=lambda row: (row["came_at"], row["id"].hex))
            came_at = min(first["came_at"], at)
            if self.writer_of("checkin", first, "came_at") is None:
                self.signed("checkin", first, "came_at", came_at=came_at)
            self.touch(first, came_at=came_at)
            self.alias("checkin", given["id"], first["id"])
            return "merged"
        self.put(
            "checkin",
            given["id"],
            shift_id=shift and shift["id"],
            person_id=person,
            came_at=at,
            left_at=None,
            made_up=bool(given.get("reason")),
            witness_id=self.who(given.get("witness")),
            recorder_id=self.operation.recorder_id,
        )
        return None

    def duty_check_out(self) -> str | None:
        row, at = self.get("checkin", self.given["checkin"]), self.operation.happened_at
        if row is None:
            self.odd("duty.checkin_unknown")
        elif row["left_at"] is not None:
            return "merged"
        elif at <= row["came_at"]:
            self.odd("duty.left_before")
        else:
            self.signed("checkin", row, "left_at", left_at=at)
        return None

    def checkin_archive(self) -> None:
        row = self.need("checkin", self.given["checkin"])
        again = self.writer_of("checkin", row, "came_at")
        if again is not None and not self.knows(again):
            raise Refused("undo.changed_since")
        self.touch(row, archived=True)

    def checkin_reopen(self) -> None:
        row = self.need("checkin", self.given["checkin"])
        if row["left_at"] is None:
            raise Refused("undo.changed_since")
        self.touch(row, left_at=None)

    def duty_hand_over(self) -> str | None:
        given = self.given
        if self.get("handover", given["id"]) is not None:
            return "merged"
        checkin = self.get("checkin", given["checkin"]) if given.get("checkin") else None
        shift = self.shift_of(checkin and checkin["shift_id"])
        row = self.put(
            "handover",
            given["id"],
            shift_id=shift and shift["id"],
            checkin_id=checkin and checkin["id"],
            from_id=self.doer(),
            to_id=self.who(given.get("to")),
            cash=given.get("cash"),
            at=self.operation.happened_at,
            confirmed_at=None,
            confirmed_by_id=None,
            confirmed_cash=None,
        )
        line_id = uuid5(self.operation.id, "log_entry\x1f")
        self.put("log_entry", line_id, person_id=self.doer(), handover_id=row["id"], kind="handover")
        return None

    def duty_confirm(self) -> str | None:
        row, by, cash = self.get("handover", self.given["handover"]), self.doer(), self.given.get("cash")
        if row is None or row["archived"]:
            self.odd("duty.handover_unknown")
            return None
        if None not in {row["cash"], cash} and row["cash"] != cash:
            self.odd("duty.cash_differs")
        if row["confirmed_at"] is not None:
            return "merged"
        if by is not None and by == row["from_id"]:
            self.odd("duty.confirmed_oneself")
        at = self.operation.happened_at
        said = {"confirmed_at": at, "confirmed_by_id": by, "confirmed_cash": cash}
        self.signed("handover", row, "confirmed_at", **said)
        return None

    def duty_unconfirm(self) -> None:
        row = self.need("handover", self.given["handover"])
        if row["confirmed_at"] is None:
            raise Refused("undo.changed_since")
        self.touch(row, confirmed_at=None, confirmed_by_id=None, confirmed_cash=None)

    def duty_take_handover_back(self) -> None:
        self.put_away(archived=True)

    def duty_put_handover_back(self) -> None:
        self.put_away(archived=False)

    def put_away(self, *, archived: bool) -> None:
        row = self.get("handover", self.given["handover"])
        if row is None:
            raise Refused("row.unknown")
        if archived and row["confirmed_at"] is not None:
            raise Refused("undo.changed_since")
        self.touch(row, archived=archived)
        for line in self.state.rows["log_entry"].values():
            if line["handover_id"] == row["id"]:
                self.touch(line, archived=archived)

    def duty_note(self) -> str | None:
        if self.get("log_entry", self.given["id"]) is not None:
            return "merged"
        self.put("log_entry", self.given["id"], person_id=self.doer(), handover_id=None, kind="note")
        return None
