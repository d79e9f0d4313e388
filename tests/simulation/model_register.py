"""The register once more: compounds, buildings, households, people and their roles, from the documented rules."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from simulation.model_ground import BLANKS, LEADERS, Ground, Refused, Row


class Register(Ground):
    """What operations on the register do."""

    def compound_found(self) -> None:
        if self.state.rows["compound"]:
            raise Refused("compound.founded")
        self.put("compound", self.operation.compound_id, name=self.given["name"])
        self.put("person", self.given["person"], **BLANKS["person"], name=self.given["person_name"])
        term = {"role": "director", "since": self.day(self.operation.happened_at), "until": None}
        row_id = uuid5(self.operation.id, "role_term\x1fdirector")
        self.put("role_term", row_id, person_id=UUID(self.given["person"]), **term)

    def shared_building(self, code: str) -> UUID:
        return uuid5(self.operation.compound_id, f"building\x1f{code}")

    def building_add(self) -> str | None:
        code = self.given["code"]
        standing = self.keyed("building", code=code)
        if standing is not None:
            return self.met("building", standing, self.fields("building"))
        row = self.put("building", self.given["id"], code=code, **self.fields("building"))
        self.alias("building", self.shared_building(code), row["id"])
        return None

    def household_add(self) -> str | None:
        code = self.given["code"]
        household, verdict = self.keyed("household", code=code), None
        residents: dict[str, tuple[Row, Row]] = {}
        if household is None:
            first, second, _ = code.split("-", 2)
            building = self.keyed("building", code=first)
            if building is None:
                building = self.put("building", self.shared_building(first), code=first, **BLANKS["building"])
            if building["archived"]:
                raise Refused("row.archived")
            unit = self.keyed("unit", building_id=building["id"], code=second)
            if unit is None:
                unit_id = uuid5(self.operation.id, f"unit\x1f{first}-{second}")
                unit = self.put("unit", unit_id, building_id=building["id"], code=second)
            household = self.put(
                "household",
                self.given["id"],
                code=code,
                building_id=building["id"],
                unit_id=unit["id"],
                **self.fields("household"),
            )
        else:
            verdict = self.met("household", household, self.fields("household"))
            for stay in sorted(self.state.rows["occupancy"].values(), key=lambda row: row["id"].hex):
                person = self.get("person", stay["person_id"])
                if stay["household_id"] == household["id"] and not stay["archived"] and person is not None:
                    residents.setdefault(person["name"], (person, stay))
        for occupant in self.given.get("occupants", []):
            self.move_in(household, occupant, residents)
        return verdict

    def move_in(self, household: Row, occupant: Row, residents: dict[str, tuple[Row, Row]]) -> None:
        name, phones = occupant["name"], occupant.get("phones", [])
        if name in residents:
            person, stay = residents[name]
            self.absorb("person", person, occupant["person"], {"phones": phones})
            self.alias("occupancy", occupant["occupancy"], stay["id"])
            return
        person = self.put("person", occupant["person"], **BLANKS["person"] | {"name": name, "phones": phones})
        stay = self.put(
            "occupancy", occupant["occupancy"], household_id=household["id"], person_id=person["id"]
        )
        residents[name] = person, stay

    def person_add(self) -> None:
        self.put("person", self.given["id"], name=self.given["name"], **self.fields("person"))

    def role_grant(self) -> None:
        person = self.need("person", self.given["person"])
        since = self.given.get("since")
        self.put(
            "role_term",
            self.given["id"],
            person_id=person["id"],
            role=self.given["role"],
            since=date.fromisoformat(since) if since else self.day(self.operation.happened_at),
            until=None,
        )

    def person_merge(self) -> str:
        """Roles move over, so only who may grant them may move them."""
        both = {self.need("person", self.given[end])["id"] for end in ("person", "into")}
        terms = self.state.rows["role_term"].values()
        moved = any(term["person_id"] in both and not term["archived"] for term in terms)
        founding = self.operation.recorder_id == self.operation.compound_id
        if moved and not founding and not self.roles() & LEADERS:
            raise Refused("role.missing")
        return self.merge("person")
