"""Inspection once more: points, pipes, routes and walks, from the documented rules."""

from __future__ import annotations

from uuid import uuid5

from simulation.model_ground import Ground, Refused, Row


class Walks(Ground):
    """What operations of inspection do."""

    def point_add(self) -> str | None:
        values = self.fields("point")
        if values["building_id"]:
            values["building_id"] = self.need("building", values["building_id"])["id"]
        standing = self.keyed("point", code=self.given["code"])
        if standing is not None:
            return self.met("point", standing, values)
        self.put("point", self.given["id"], code=self.given["code"], **values)
        return None

    def pipe_add(self) -> str | None:
        start, end = self.need("point", self.given["start"]), self.need("point", self.given["end"])
        standing = self.keyed("pipe", from_id=start["id"], to_id=end["id"])
        if standing is not None:
            return self.met("pipe", standing, self.fields("pipe"))
        self.put("pipe", self.given["id"], from_id=start["id"], to_id=end["id"], **self.fields("pipe"))
        return None

    def route_add(self) -> str | None:
        standing = self.keyed("route", name=self.given["name"])
        if standing is not None:
            return self.met("route", standing, self.fields("route"))
        route = self.put("route", self.given["id"], name=self.given["name"], **self.fields("route"))
        self.arrange("route", route)
        return None

    def arrange(self, noun: str, route: Row | None = None) -> None:
        route = route or self.need(noun, self.given["route"])
        wanted = dict.fromkeys(self.need("point", stop)["id"] for stop in self.given.get("stops", []))
        standing = {
            stop["point_id"]: stop
            for stop in self.state.rows["route_stop"].values()
            if stop["route_id"] == route["id"]
        }
        for position, point_id in enumerate(wanted, start=1):
            stop = standing.pop(point_id, None)
            if stop is None:
                row_id = uuid5(self.operation.id, f"route_stop\x1f{route['id']}:{point_id}")
                self.put("route_stop", row_id, route_id=route["id"], point_id=point_id, position=position)
            else:
                self.touch(stop, position=position, archived=False)
        for stop in standing.values():
            point = self.get("point", stop["point_id"])
            if point is not None and not point["archived"]:
                self.touch(stop, archived=True)

    def walk_start(self) -> str | None:
        route = self.need("route", self.given["route"])["id"] if self.given.get("route") else None
        walk, verdict = self.keyed("walk", name=self.given["name"], route_id=route), None
        if walk is not None:
            verdict = self.met("walk", walk, self.fields("walk"))
        else:
            started = {"route_id": route, "started_by": self.operation.doer_id, "finished_at": None}
            walk = self.put(
                "walk", self.given["id"], name=self.given["name"], **started, **self.fields("walk")
            )
        self.take_part(walk)
        return verdict

    def take_part(self, walk: Row) -> None:
        person = self.get("person", self.operation.doer_id)
        if person is None or self.keyed("walk_member", walk_id=walk["id"], person_id=person["id"]):
            return
        row_id = uuid5(self.operation.id, f"walk_member\x1f{walk['id']}:{person['id']}")
        self.put("walk_member", row_id, walk_id=walk["id"], person_id=person["id"])

    def finish(self, noun: str) -> None:
        walk = self.need(noun, self.given["walk"])
        if walk["finished_at"] is not None:
            raise Refused("walk.finished")
        self.touch(walk, finished_at=self.operation.happened_at)

    def reopen(self, noun: str) -> None:
        walk = self.need(noun, self.given["walk"])
        if walk["finished_at"] is None:
            raise Refused("walk.open")
        self.touch(walk, finished_at=None)

    def join(self, noun: str) -> str:
        source, target = self.need(noun, self.given["walk"]), self.need(noun, self.given["into"])
        if source["route_id"] != target["route_id"]:
            raise Refused("walk.other_route")
        return self.merge("walk")

    def observe(self, _: str) -> str | None:
        standing = self.get("observation", self.given["id"])
        if standing is not None:
            return "merged"
        walk, point = self.get("walk", self.given["walk"]), self.get("point", self.given["point"])
        mud = self.given.get("mud_mm")
        odd = [
            ("observation.walk_unknown", walk is None),
            ("observation.walk_archived", walk is not None and walk["archived"]),
            ("observation.point_unknown", point is None),
            ("observation.point_archived", point is not None and point["archived"]),
        ]
        if walk is not None and not walk["archived"] and walk["finished_at"] is not None:
            odd.append(("observation.walk_finished", self.operation.happened_at > walk["finished_at"]))
        if point is not None and not point["archived"] and mud is not None and point["depth_mm"]:
            odd.append(("observation.mud_deeper_than_well", mud > point["depth_mm"]))
        self.state.flags.update((self.operation.id, code) for code, holds_here in odd if holds_here)
        self.put(
            "observation",
            self.given["id"],
            walk_id=walk and walk["id"],
            point_id=point and point["id"],
            level=self.given.get("level"),
            mud_mm=mud,
            doer_id=self.operation.doer_id,
            recorder_id=self.operation.recorder_id,
        )
        if walk is not None:
            self.take_part(walk)
        return None

    def withdraw(self, noun: str) -> None:
        self.touch(self.need(noun, self.given["observation"]), archived=True)
