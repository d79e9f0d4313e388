"""Who is on which shift once more, in plain dicts, from the rules of duty: planning, putting on, taking off, publishing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from simulation.model_ground import LEADERS, Ground, Refused, Row, Writer

SUMS = ("before", "fair", "done", "missed", "owed")


class Places(Ground):
    """What operations on the roster do."""

    def writer_of(self, table: str, row: Row, column: str) -> Writer | None:
        return self.state.writers.get((table, row["id"], column))

    def signed(self, table: str, row: Row, *columns: str, **values: Any) -> None:
        """Change a row, and note who did; the row is new to others even if nothing else has changed."""
        for column in columns:
            self.wrote(table, row, column)
        row.update(values, rev=self.rev)

    def somebody(self, person: Any) -> UUID | None:
        row = None if person is None else self.get("person", person)
        return None if row is None else row["id"]

    # -- shifts ------------------------------------------------------------------------------

    def post_add(self) -> None:
        self.put("post", self.given["id"], name=self.given["name"])

    def shift_template_add(self) -> None:
        self.put(
            "shift_template",
            self.given["id"],
            name=self.given["name"],
            post_id=self.need("post", self.given["post"])["id"],
        )

    def duty_plan(self) -> None:
        for one in self.given.get("shifts", []):
            template = self.need("shift_template", one["template"])
            row_id = uuid5(self.operation.compound_id, f"shift\x1f{one['template']}:{one['day']}")
            standing = self.get("shift", row_id)
            if standing is None:
                row = self.put(
                    "shift",
                    row_id,
                    template_id=template["id"],
                    post_id=template["post_id"],
                    name=template["name"],
                    day=date.fromisoformat(one["day"]),
                    starts_at=datetime.fromisoformat(one["starts_at"]).astimezone(UTC),
                    ends_at=datetime.fromisoformat(one["ends_at"]).astimezone(UTC),
                    hands=one["hands"],
                    state="draft",
                )
                self.wrote("shift", row, "archived")
            elif (standing["state"], standing["archived"]) == ("draft", True) and not self.writer_of(
                "shift", standing, "called_off"
            ):
                self.signed("shift", standing, "archived", archived=False)
        for row_id in self.given.get("cancel", []):
            standing = self.get("shift", row_id)
            if standing is not None and not standing["archived"] and standing["state"] == "draft":
                self.signed("shift", standing, "archived", archived=True)

    def shift_cancel(self) -> str | None:
        return self.hold(archived=True)

    def shift_restore(self) -> str | None:
        return self.hold(archived=False)

    def hold(self, *, archived: bool) -> str | None:
        row = self.get("shift", self.given["shift"])
        if row is None:
            raise Refused("row.unknown")
        if row["archived"] is archived:
            return "merged"
        self.signed("shift", row, "archived", archived=archived)
        # What a person has called off, no plan holds after all.
        if archived:
            self.wrote("shift", row, "called_off")
        else:
            self.state.writers.pop(("shift", row["id"], "called_off"), None)
            for place in self.on(row):
                self.tell_both(
                    place, [("double", other) for other in self.doubles(row, place["person_id"])[:1]]
                )
        return None

    # -- places ------------------------------------------------------------------------------

    def near(self, fresh: Iterable[Row] = ()) -> list[Row]:
        """Return all places, those that this very change has made last."""
        made = list(fresh)
        rows = [row for row in self.state.rows["assignment"].values() if all(row is not one for one in made)]
        return [*sorted(rows, key=lambda row: row["id"].hex), *made]

    def on(self, shift: Row) -> list[Row]:
        return [row for row in self.near() if row["shift_id"] == shift["id"] and counts(row)]

    def in_the_way(
        self, shift: Row, person: UUID, *, but: Iterable[UUID] = (), full: bool, fresh: Iterable[Row] = ()
    ) -> list[tuple[str, Row]]:
        """Return what stands in the way of a place; what was known is refused."""
        given_up = set(but)
        doubles = [row for row in self.doubles(shift, person, fresh) if row["id"] not in given_up]
        if any(self.could_know(shift, row) for row in doubles):
            raise Refused("duty.double")
        found = [("double", row) for row in doubles[:1]]
        there = [row for row in self.on(shift) if row["person_id"] != person and row["id"] not in given_up]
        if full and len(there) >= shift["hands"]:
            if all(self.knows(self.writer_of("assignment", row, "person_id")) for row in there):
                raise Refused("duty.full")
            found.append(("full", max(there, key=self.since)))
        return found

    def doubles(self, shift: Row, person: UUID, fresh: Iterable[Row] = ()) -> list[Row]:
        """Return where else somebody is then."""
        return [
            row
            for row in self.near(fresh)
            if row["person_id"] == person
            and counts(row)
            and row["shift_id"] != shift["id"]
            and row["starts_at"] < shift["ends_at"]
            and row["ends_at"] > shift["starts_at"]
            and not self.state.rows["shift"][row["shift_id"]]["archived"]
        ]

    def could_know(self, shift: Row, row: Row) -> bool:
        """Tell whether whoever acts knew that somebody has that place, and that both shifts are held."""
        held = [
            self.writer_of("shift", one, "archived")
            for one in (shift, self.state.rows["shift"][row["shift_id"]])
        ]
        return self.knows(self.writer_of("assignment", row, "person_id")) and all(
            writer is None or self.knows(writer) for writer in held
        )

    def since(self, row: Row) -> tuple[str, str]:
        writer = self.writer_of("assignment", row, "person_id")
        return ("" if writer is None else writer.made_at.isoformat()), row["id"].hex

    def place(
        self,
        shift: Row,
        person: UUID,
        row_id: Any,
        *,
        state: str,
        locked: bool = False,
        full: bool = False,
        but: Iterable[UUID] = (),
        fresh: list[Row] | None = None,
    ) -> Row:
        met = self.in_the_way(shift, person, but=but, full=full, fresh=fresh or ())
        row = self.keyed("assignment", shift_id=shift["id"], person_id=person)
        if row is None:
            row = self.put(
                "assignment",
                row_id,
                shift_id=shift["id"],
                person_id=person,
                starts_at=shift["starts_at"],
                ends_at=shift["ends_at"],
                state=state,
                leaving=False,
                locked=locked,
                absence="",
            )
            self.wrote("assignment", row, "person_id")
            if fresh is not None:
                fresh.append(row)
        else:
            self.alias("assignment", row_id, row["id"])
            if row["archived"]:
                again = {"archived": False, "state": state, "leaving": False, "locked": locked, "absence": ""}
                self.signed("assignment", row, "person_id", **again)
            elif row["leaving"]:
                self.signed("assignment", row, "person_id", leaving=False, locked=row["locked"] or locked)
            else:
                self.touch(row, locked=row["locked"] or locked)
        self.tell_both(row, met)
        return row

    def tell_both(self, row: Row, met: list[tuple[str, Row]]) -> None:
        for column, other in met:
            self.put_aside("assignment", row, column, kept=other["id"], lost=row["id"])

    def take_off_shift(self, row: Row) -> None:
        self.signed("assignment", row, "archived", archived=True, leaving=False)

    def bring_back(self, row: Row) -> None:
        shift = self.state.rows["shift"][row["shift_id"]]
        met = self.in_the_way(shift, row["person_id"], full=row["state"] == "published")
        self.signed("assignment", row, "archived", "person_id", archived=False)
        self.tell_both(row, met)

    def duty_fill(self) -> None:
        for row_id in self.given.get("drop", []):
            row = self.get("assignment", row_id)
            if row is None or row["archived"] or row["locked"]:
                continue
            if row["state"] == "published":
                self.signed("assignment", row, "archived", leaving=True)
            else:
                self.take_off_shift(row)
        back = [self.get("assignment", row_id) for row_id in self.given.get("back", [])]
        for row in back:
            if row is not None and row["archived"]:
                self.bring_back(row)
            elif row is not None and row["leaving"]:
                self.signed("assignment", row, "person_id", leaving=False)
        fresh: list[Row] = []
        for one in self.given.get("put", []):
            shift, person = self.get("shift", one["shift"]), self.get("person", one["person"])
            if shift is not None and person is not None and not (shift["archived"] or person["archived"]):
                self.place(shift, person["id"], one["id"], state="draft", fresh=fresh)

    def duty_assign(self) -> str | None:
        shift = self.need("shift", self.given["shift"])
        person = self.need("person", self.given["person"])["id"]
        return self.put_on_shift(shift, person, locked=self.given.get("locked", True))

    def duty_take(self) -> str | None:
        shift, person = self.need("shift", self.given["shift"]), self.somebody(self.operation.doer_id)
        if person is None:
            raise Refused("row.unknown")
        if shift["state"] != "published":
            raise Refused("duty.draft_only")
        return self.put_on_shift(shift, person, locked=True)

    def put_on_shift(self, shift: Row, person: UUID, *, locked: bool) -> str | None:
        there = any(row["person_id"] == person for row in self.on(shift))
        row = self.place(shift, person, self.given["id"], state=shift["state"], locked=locked, full=True)
        if there:
            self.touch(row, state=shift["state"])
        return "merged" if there else None

    def duty_unassign(self) -> str | None:
        row = self.get("assignment", self.given["assignment"])
        if row is None:
            raise Refused("row.unknown")
        if not self.roles() & LEADERS and self.somebody(self.operation.doer_id) != row["person_id"]:
            raise Refused("role.missing")
        if row["archived"]:
            return "merged"
        self.take_off_shift(row)
        return None

    def duty_lock(self) -> None:
        self.touch(self.need("assignment", self.given["assignment"]), locked=self.given["locked"])

    def duty_mark_absent(self) -> None:
        self.touch(self.need("assignment", self.given["assignment"]), absence=self.given["absence"])

    # -- publishing ---------------------------------------------------------------------------

    def living(self, table: str, name: str) -> list[Row]:
        rows = [self.get(table, row_id) for row_id in self.given.get(name, [])]
        return [row for row in rows if row is not None and not row["archived"]]

    def duty_publish(self) -> None:
        self.turn_to("published")
        for row in self.living("assignment", "leaving"):
            if row["leaving"]:
                self.take_off_shift(row)

    def duty_withdraw(self) -> None:
        self.turn_to("draft")
        for row_id in self.given.get("leaving", []):
            row = self.get("assignment", row_id)
            if row is not None and row["archived"]:
                self.signed("assignment", row, "archived", "person_id", archived=False, leaving=True)

    def turn_to(self, state: str) -> None:
        for table, name in (("shift", "shifts"), ("assignment", "assignments")):
            for row in self.living(table, name):
                if row["state"] != state:
                    self.signed(table, row, "state", state=state)

    # -- months -------------------------------------------------------------------------------

    def duty_settle(self) -> None:
        found: dict[UUID, Row] = {}
        for line in self.given["lines"]:
            person = self.need("person", line["person"])["id"]
            before = found.get(person, dict.fromkeys(SUMS, 0))
            found[person] = {name: before[name] + line.get(name, 0) for name in SUMS}
        month = date.fromisoformat(self.given["month"])
        for person, sums in found.items():
            row = self.keyed("duty_balance", person_id=person, month=month)
            if row is not None:
                self.touch(row, archived=False, **sums)
                continue
            row_id = uuid5(self.operation.compound_id, f"duty_balance\x1f{person}:{month.isoformat()}")
            if self.get("duty_balance", row_id) is not None:
                row_id = uuid5(self.operation.id, f"duty_balance\x1f{person}")
            self.put("duty_balance", row_id, person_id=person, month=month, **sums)

    def duty_unsettle(self) -> None:
        month = date.fromisoformat(self.given["month"])
        for one in self.given["people"]:
            person = self.need("person", one)["id"]
            row = self.keyed("duty_balance", person_id=person, month=month)
            if row is not None:
                self.touch(row, archived=not self.given.get("back", False))

    # -- two who were one -----------------------------------------------------------------------

    def fold(self, table: str, row: Row, stays: Row) -> None:
        """Let what stays of two rows with one key hold what the other held."""
        if row["archived"]:
            return
        if table == "duty_balance":
            sums = {name: row[name] + (0 if stays["archived"] else stays[name]) for name in SUMS}
            self.touch(stays, archived=False, **sums)
        elif table == "assignment" and stays["archived"]:
            same = {name: row[name] for name in ("state", "leaving", "locked", "absence")}
            self.signed("assignment", stays, "person_id", archived=False, **same)
        elif table == "assignment":
            self.touch(
                stays,
                state="published" if "published" in {row["state"], stays["state"]} else "draft",
                leaving=row["leaving"] and stays["leaving"],
                locked=row["locked"] or stays["locked"],
                absence=stays["absence"] or row["absence"],
            )


def counts(row: Row) -> bool:
    return not row["archived"] and not row["leaving"]
