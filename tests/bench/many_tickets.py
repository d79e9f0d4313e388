"""A store with as many tickets as a large compound has in three years, made by performing operations.

Every ticket goes its way by the moves that people make: reported, claimed,
done, rated; some rejected, joined, reopened; the later ones still open. Only two things
are not as in life: an hour's worth of groups is performed without a pause, and the
numbers that a server gives are written at the end, as it would have given them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql

from models.operations.envelope import Intent
from models.tickets.rules import CATEGORIES
from tui import edge
from tui.desk import Desk

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰国建华文志红梅春"
WHAT = {
    "drain": ("厨房下水堵了", "马桶返水", "卫生间地漏冒污水", "楼下检查井满了往外冒"),
    "water": ("水管漏水", "水压太小上不来", "水表不走", "停水了没人通知"),
    "power": ("跳闸了合不上", "电表箱打火", "半边屋子没电"),
    "lamp": ("楼道灯不亮", "单元门口路灯一闪一闪", "地下室灯坏了"),
    "lift": ("电梯困人", "电梯门关不上", "电梯异响"),
    "leak": ("屋顶漏雨", "外墙渗水发霉", "楼上漏水到我家"),
    "door": ("单元门禁坏了", "大门关不上", "门铃不响"),
    "road": ("路面有坑老人绊倒", "井盖响", "人行道砖松了"),
    "green": ("树枝挡窗户", "草坪没人剪", "枯树要倒"),
    "rubbish": ("垃圾没人收", "装修垃圾堆楼道", "垃圾桶坏了"),
    "noise": ("楼上半夜吵", "广场舞太响"),
    "dispute": ("邻居占楼道", "停车位纠纷"),
    "safety": ("电动车楼道充电", "消防栓没水"),
    "parking": ("车堵单元门", "僵尸车占位"),
    "elder": ("独居老人没下楼", "老人要送药"),
    "paper": ("开居住证明", "养老认证"),
    "other": ("问物业费怎么交", "想借会议室"),
}
WEIGHTS = (9, 8, 5, 9, 4, 7, 6, 4, 4, 6, 4, 3, 2, 4, 3, 5, 6)
LATER = ("", "", "", "，来看一下", "，昨天就说了", "，第三次了", "，急", "，晚上七点后在家")
SKILLS = ("管道", "电工", "木工", "调解", "绿化")
PLACES = ("南大门", "小花园", "车棚", "垃圾站", "中心路")
DAYS = 3 * 365
GROUP = 180


def fill(desk: Desk, number: int, *, seed: int = 7) -> None:
    """Found a compound, fill its register, and perform the life of `number` tickets up to now."""
    chance = random.Random(seed)
    desk.found("测速小区", "罗铁生")
    director = desk.seat.person_id
    homes, workers, points = _register(desk, chance)
    life = Life(chance, homes, [*workers, director], points, edge.clock().astimezone(UTC))
    group: list[Intent] = []
    for intents in life.all(number):
        if len(group) + len(intents) > GROUP:
            _perform(desk, group)
            group = []
        group += intents
    _perform(desk, group)
    with desk.store.write() as session:
        session.connection().execute(
            sql(
                "UPDATE ticket SET number = numbered.n FROM"
                " (SELECT id AS i, row_number() OVER (ORDER BY opened_at, id) AS n FROM ticket) AS numbered"
                " WHERE id = numbered.i"
            )
        )


def store_of(number: int, folder: Path) -> Path:
    """Return a store with `number` tickets, making it if it is not there."""
    path = folder / f"tickets-{number}.db"
    if not path.exists():
        desk = Desk(path)
        desk.open()
        fill(desk, number)
        desk.close()
    return path


def _perform(desk: Desk, intents: list[Intent]) -> None:
    outcome = desk.perform(*intents)
    assert outcome.refused is None, outcome.refused


def _register(desk: Desk, chance: random.Random) -> tuple[list[tuple[str, str]], list[UUID], list[str]]:
    """Return homes with who lives there, volunteers, and points, by id."""
    homes: list[tuple[str, str]] = []
    workers: list[UUID] = []
    points: list[str] = []
    intents: list[Intent] = []
    for index in range(1_800):
        building, rest = divmod(index, 90)
        unit, rest = divmod(rest, 30)
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(("", *GIVEN))
        home, person = str(edge.new_id()), str(edge.new_id())
        one = {"name": name, "relation": "owner", "phones": [f"138{index:08}"], "person": person}
        code = f"{building + 1}-{unit + 1}-{rest // 5 + 1}{rest % 5 + 1:02}"
        homes.append((home, person))
        occupants = [one | {"occupancy": str(edge.new_id())}]
        intents.append(Intent("household.add", {"id": home, "code": code, "occupants": occupants}))
    teams = [str(edge.new_id()) for _ in SKILLS]
    intents += [
        Intent("team.add", {"id": team, "name": f"{skill}队"})
        for team, skill in zip(teams, SKILLS, strict=True)
    ]
    for index in range(60):
        worker = edge.new_id()
        workers.append(worker)
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        mine = [SKILLS[index % len(SKILLS)]]
        intents += [
            Intent("person.add", {"id": str(worker), "name": name, "skills": mine}),
            Intent("role.grant", {"id": str(edge.new_id()), "person": str(worker), "role": "volunteer"}),
            Intent(
                "team.join",
                {"id": str(edge.new_id()), "person": str(worker), "team": teams[index % len(teams)]},
            ),
        ]
    for index in range(80):
        point = str(edge.new_id())
        points.append(point)
        kind = "well" if index < 50 else "lamp"
        intents.append(
            Intent("point.add", {"id": point, "code": f"{kind[0].upper()}{index:02}", "kind": kind})
        )
    for code, skill, team in (("drain", "管道", teams[0]), ("power", "电工", teams[1])):
        category = CATEGORIES[code]
        intents.append(
            Intent(
                "ticket_category.add",
                {
                    "id": str(edge.new_id()),
                    "code": code,
                    "accept_hours": category.accept_hours,
                    "finish_hours": category.finish_hours,
                    "urgency": category.urgency.value,
                    "team_id": team,
                    "skill": skill,
                },
            )
        )
    desk.perform_all(intents)
    return homes, workers, points


@dataclass
class Life:
    """Makes what is done to one ticket after another, the oldest ticket first."""

    chance: random.Random
    homes: list[tuple[str, str]]
    workers: list[UUID]
    points: list[str]
    now: datetime
    earlier: str = ""

    def all(self, number: int) -> Iterator[list[Intent]]:
        kinds = list(WHAT)
        for index in range(number):
            at = self.now - timedelta(days=DAYS * (number - index) / number)
            kind = self.chance.choices(kinds, WEIGHTS)[0]
            report: dict[str, Any] = {
                "id": str(edge.new_id()),
                "code": f"CS{index + 1}",
                "what": self.chance.choice(WHAT[kind]) + self.chance.choice(LATER),
                "category": kind,
                "channel": self.chance.choice(("walk_in", "phone", "chat")),
            }
            if self.chance.random() < 0.1:
                report["urgency"] = "emergency"
            yield self.one(report | self.where(), at)
            self.earlier = report["id"]

    def where(self) -> dict[str, Any]:
        """Seven of ten ask for their own home."""
        luck = self.chance.random()
        if luck < 0.7:
            home, person = self.chance.choice(self.homes)
            return {"household_id": home, "requester_id": person}
        if luck < 0.85:
            return {"point_id": self.chance.choice(self.points)}
        return {"place": self.chance.choice(PLACES), "requester_name": "路过的人"}

    def one(self, report: dict[str, Any], at: datetime) -> list[Intent]:
        taker, doer = self.chance.sample(self.workers, 2)
        intents = [Intent("ticket.report", report, doer_id=taker, happened_at=at)]
        days = (self.now - at).days
        is_open = self.chance.random() < (0.8 if days < 30 else 0.45 if days < 120 else 0.0)
        for move, hours, more in self.open_moves() if is_open else self.moves(days):
            at = min(at + timedelta(hours=hours), self.now)
            payload = {"id": str(edge.new_id()), "ticket": report["id"], **more}
            by = taker if move in {"rate", "join", "reject", "cancel"} else doer
            intents.append(Intent(f"ticket.{move}", payload, doer_id=by, happened_at=at))
        return intents

    def open_moves(self) -> Iterator[tuple[str, float, dict[str, Any]]]:
        """Yield how far it has come: four of ten nobody has taken."""
        luck = self.chance.random()
        if luck < 0.4:
            return
        yield "accept", self.chance.expovariate(1 / 6), {}
        if luck > 0.7:
            yield "start", 3, {}
        if luck < 0.55:
            until = (self.now + timedelta(days=self.chance.randrange(0, 20))).date()
            yield "wait", 1, {"until": until.isoformat(), "wait_for": "part", "words": "等配件"}

    def moves(self, days: int) -> Iterator[tuple[str, float, dict[str, Any]]]:
        """Yield how it came to its end: one of ten is dropped, one of twenty comes back."""
        luck = self.chance.random()
        if luck < 0.03 and self.earlier:
            yield "join", 2, {"into": self.earlier}
        elif luck < 0.1:
            yield "reject" if luck < 0.06 else "cancel", 5, {"words": "不归我们管"}
        if luck < 0.1:
            return
        yield "accept", self.chance.expovariate(1 / 6), {}
        if luck > 0.7:
            yield "start", 3, {}
        if luck > 0.8:
            yield "log", 4, {"minutes": 40, "cost": 1500, "parts": "弯头", "words": "先通了一下"}
        minutes = self.chance.randrange(10, 120)
        yield "finish", self.chance.expovariate(1 / 30), {"minutes": minutes, "words": "修好了"}
        if luck > 0.95:
            yield "reopen", 40, {"words": "又坏了"}
            yield "finish", 20, {"minutes": 30}
        if days >= 20 or self.chance.random() < 0.4:
            score = self.chance.choices((1, 2, 3, 4, 5), (2, 4, 10, 30, 54))[0]
            yield "rate", 30, {"score": score, "channel": "phone"}
