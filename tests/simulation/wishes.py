"""What people wish to do: each wish looks at the laptop's screen and chooses from what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from models.operations.envelope import Intent
from simulation.devices import Laptop

if TYPE_CHECKING:
    from simulation.history import Life

ROOMS = ("3-1-501", "3-1-502", "3-2-101", "4-1-101")
NAMES = ("张三", "李四", "王五")
WELLS = ("W01", "W02", "W03", "W04")
ROUTES = ("北线", "南线", "环线")
PHONES = ("13800000001", "13800000002", "13800000003")
LEVELS = ("dry", "flowing", "half", "full", None)

Wish = Callable[["Life", int, Laptop], "tuple[str, dict[str, Any]] | None"]


def add_household(life: Life, _: int, laptop: Laptop) -> tuple[str, dict[str, Any]]:
    occupants = [
        {"name": life.pick(*NAMES), "phones": life.pick([], [life.pick(*PHONES)])}
        | {"person": str(laptop.ids()), "occupancy": str(laptop.ids())}
        for _ in range(life.random.randint(0, 2))
    ]
    raw: dict[str, Any] = {"code": life.pick(*ROOMS), "occupants": occupants}
    if life.random.random() < 0.5:
        raw["area"] = life.pick(8000, 8100, 9000)
    if life.random.random() < 0.3:
        raw["phones"] = [life.pick(*PHONES)]
    return "household.add", raw


def editing(noun: str, **values: tuple[Any, ...]) -> Wish:
    def edit(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
        row = life.some(place, laptop, noun)
        if row is None:
            return None
        fields = life.random.sample(sorted(values), life.random.randint(1, min(2, len(values))))
        raw: dict[str, Any] = {noun: row, "new": {name: life.pick(*values[name]) for name in fields}}
        if life.random.random() < 0.2:
            # The form was opened before the last pull: what it shows as old is history.
            raw["old"] = {name: life.pick(*values[name]) for name in fields}
        return f"{noun}.edit", raw

    return edit


def naming(kind: str, table: str, *, archived: bool = False, key: str | None = None) -> Wish:
    def name(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
        row = life.some(place, laptop, table, archived=archived)
        return None if row is None else (kind, {key or table: row})

    return name


def merging(noun: str, kind: str | None = None) -> Wish:
    def merge(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
        one, other = life.some(place, laptop, noun), life.some(place, laptop, noun)
        return None if one is None or other is None else (kind or f"{noun}.merge", {noun: one, "into": other})

    return merge


def add_building(life: Life, *_: Any) -> tuple[str, dict[str, Any]]:
    return "building.add", {"code": life.pick("3", "4", "5"), "name": life.pick("", "东楼")}


def edit_building(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
    return editing("building", note=("漏水", "", "已修"), floors=(6, 7, None))(life, place, laptop)


def add_person(life: Life, *_: Any) -> tuple[str, dict[str, Any]]:
    return "person.add", {"name": life.pick(*NAMES), "phones": life.pick([], [PHONES[0]])}


def grant(life: Life, *_: Any) -> tuple[str, dict[str, Any]]:
    others = [str(one.person_id) for one in life.world.laptops]
    role = life.pick("committee", "volunteer", "committee", "supervisor")
    return "role.grant", {"person": life.pick(*others), "role": role, "since": "2026-01-01"}


def end_role(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
    return naming("role_term.archive", "role_term")(life, place, laptop)


def add_point(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]]:
    raw: dict[str, Any] = {"code": life.pick(*WELLS), "depth_mm": life.pick(1200, 1500)}
    building = life.some(place, laptop, "building")
    if building is not None and life.random.random() < 0.4:
        raw["building_id"] = building
    return "point.add", raw


def edit_point(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
    building = life.some(place, laptop, "building")
    return editing(
        "point", name=("路口", "门口", ""), depth_mm=(900, 1500, None), building_id=(building, None)
    )(life, place, laptop)


def add_pipe(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
    start, end = life.some(place, laptop, "point"), life.some(place, laptop, "point")
    if start is None or end is None or start == end:
        return None
    return "pipe.add", {"start": start, "end": end, "diameter_mm": life.pick(200, 300, None)}


def add_route(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]]:
    return "route.add", {"name": life.pick(*ROUTES), "stops": stops(life, place, laptop)}


def arrange(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]] | None:
    route = life.some(place, laptop, "route")
    return None if route is None else ("route.arrange", {"route": route, "stops": stops(life, place, laptop)})


def stops(life: Life, place: int, laptop: Laptop) -> list[str]:
    chosen = [life.some(place, laptop, "point") for _ in range(life.random.randint(0, 3))]
    return [stop for stop in chosen if stop is not None]


def start_walk(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]]:
    raw: dict[str, Any] = {"name": life.pick("三月", "四月"), "note": life.pick("", "雨后")}
    route = life.some(place, laptop, "route")
    if route is not None and life.random.random() < 0.5:
        raw["route"] = route
    return "walk.start", raw


def observe(life: Life, place: int, laptop: Laptop) -> tuple[str, dict[str, Any]]:
    """A fact, sometimes about a walk or a well that nobody knows."""
    walk, point = life.some(place, laptop, "walk"), life.some(place, laptop, "point")
    raw: dict[str, Any] = {
        "walk": walk if walk and life.random.random() < 0.95 else str(laptop.ids()),
        "point": point if point and life.random.random() < 0.95 else str(laptop.ids()),
        "level": life.pick(*LEVELS),
        "mud_mm": life.pick(None, 30, 1400),
    }
    return "walk.observe", raw


OUT_OF_WORDS = Intent("person.add", {})
CHOICES: tuple[tuple[int, Wish], ...] = (
    (8, add_household),
    (
        8,
        editing(
            "household", area=(8000, 8500, None), note=("空置", "出租"), phones=([PHONES[0]], [PHONES[1]])
        ),
    ),
    (3, naming("household.archive", "household")),
    (3, naming("household.unarchive", "household", archived=True)),
    (2, merging("household")),
    (2, add_person),
    (5, editing("person", name=NAMES, phones=([PHONES[0]], [PHONES[2]], []), note=("热心", ""))),
    (1, naming("person.archive", "person")),
    (1, naming("person.unarchive", "person", archived=True)),
    (2, merging("person")),
    (3, grant),
    (4, end_role),
    (1, naming("role_term.unarchive", "role_term", archived=True)),
    (2, add_building),
    (3, edit_building),
    (5, add_point),
    (5, edit_point),
    (2, naming("point.archive", "point")),
    (2, naming("point.unarchive", "point", archived=True)),
    (2, merging("point")),
    (4, add_pipe),
    (3, editing("pipe", diameter_mm=(200, 250, None), material=("PVC", "砖"))),
    (3, add_route),
    (4, editing("route", name=ROUTES, note=("慢", ""))),
    (2, arrange),
    (4, start_walk),
    (2, naming("walk.finish", "walk")),
    (1, naming("walk.reopen", "walk")),
    (2, merging("walk", "walk.join")),
    (1, naming("walk.archive", "walk")),
    (1, naming("walk.unarchive", "walk", archived=True)),
    (12, observe),
    (2, naming("observation.withdraw", "observation")),
)
