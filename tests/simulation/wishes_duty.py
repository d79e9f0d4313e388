"""What people wish to do with a roster: mostly what the screen offers, now and then what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.devices import Laptop
from simulation.wishes import Wish, merging, naming

if TYPE_CHECKING:
    from simulation.history import Life

Wished = tuple[str, dict[str, Any]] | None
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 3, 3, 8, tzinfo=ZONE)
#: Two shifts of each day, the second of which begins before the first has ended.
TEMPLATES = {"早班": 0, "巡逻": 60}
DAYS = (0, 1, 2)
MONTHS = ("2026-01-01", "2026-02-01")


def planned(laptop: Laptop, days: tuple[int, ...] = DAYS) -> list[dict[str, Any]]:
    """Return the shifts of some days, as whoever plans them works them out."""
    templates = laptop.ask(
        "SELECT id, name FROM shift_template WHERE compound_id = ? ORDER BY id", laptop.compound_id.hex
    )
    return [
        {
            "template": str(UUID(row)),
            "day": starts.date().isoformat(),
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=3)).isoformat(),
            "hands": 1,
        }
        for row, name in templates
        for starts in (FIRST + timedelta(days=day, minutes=TEMPLATES[name]) for day in days)
    ]


def ids(laptop: Laptop, table: str, where: str) -> list[str]:
    sql = f"SELECT id FROM {table} WHERE compound_id = ? AND {where} ORDER BY id"  # noqa: S608
    return [str(UUID(row)) for (row,) in laptop.ask(sql, laptop.compound_id.hex)]


def some_of(life: Life, found: list[str], most: int) -> list[str]:
    return life.random.sample(found, min(len(found), life.random.randint(0, most)))


def plan(life: Life, _: int, laptop: Laptop) -> Wished:
    shifts = life.random.sample(planned(laptop), life.random.randint(1, 3)) if planned(laptop) else []
    drafts = ids(laptop, "shift", "state = 'draft' AND NOT archived")
    return "duty.plan", {"shifts": shifts, "cancel": some_of(life, drafts, 1)}


def put(life: Life, place: int, laptop: Laptop) -> dict[str, str] | None:
    shift, person = life.some(place, laptop, "shift"), life.some(place, laptop, "person")
    if shift is None or person is None:
        return None
    return {"id": str(laptop.ids()), "shift": shift, "person": person}


def fill(life: Life, place: int, laptop: Laptop) -> Wished:
    puts = [one for _ in range(life.random.randint(1, 2)) if (one := put(life, place, laptop)) is not None]
    drop = some_of(life, ids(laptop, "assignment", "NOT archived"), 2)
    return "duty.fill", {"put": puts, "drop": drop}


def assign(life: Life, place: int, laptop: Laptop) -> Wished:
    given = put(life, place, laptop)
    return None if given is None else ("duty.assign", given | {"locked": life.random.random() < 0.5})


def lock(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "assignment")
    return None if row is None else ("duty.lock", {"assignment": row, "locked": life.random.random() < 0.5})


def absent(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "assignment")
    absence = life.pick("", "no_show", "excused")
    return None if row is None else ("duty.mark_absent", {"assignment": row, "absence": absence})


def publish(life: Life, _: int, laptop: Laptop) -> Wished:
    return "duty.publish", {
        "shifts": some_of(life, ids(laptop, "shift", "state = 'draft'"), 6),
        "assignments": some_of(life, ids(laptop, "assignment", "state = 'draft'"), 6),
        "leaving": some_of(life, ids(laptop, "assignment", "leaving"), 3),
    }


def ask(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "assignment")
    if row is None:
        return None
    raw = {"assignment": row}
    dice = life.random.random()
    if dice < 0.3:
        raw["to"] = str(life.random.choice(life.world.laptops).person_id)
    elif dice < 0.6:
        raw["against"] = life.some(place, laptop, "assignment") or row
    return "swap.ask", raw


def answer(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "swap")
    verb = life.pick("accept", "accept", "accept", "decline", "withdraw", "reopen", "undo", "redo")
    return None if row is None else (f"swap.{verb}", {"swap": row})


def come(life: Life, place: int, laptop: Laptop) -> Wished:
    """A fact, now and then of a shift that nobody knows."""
    shift = life.some(place, laptop, "shift")
    raw: dict[str, Any] = {"shift": shift if shift and life.random.random() < 0.95 else str(laptop.ids())}
    if life.random.random() < 0.3:
        raw |= {"reason": "忘了签到"}
        witness = life.some(place, laptop, "person")
        if witness is not None and life.random.random() < 0.7:
            raw["witness"] = witness
    person = life.some(place, laptop, "person")
    return "duty.check_in", raw | ({"person": person} if person and life.random.random() < 0.5 else {})


def leave(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "checkin")
    if row is None:
        return None
    if life.random.random() < 0.5:
        return "duty.check_out", {"checkin": row}
    return "duty.hand_over", {"checkin": row, "words": "钥匙在抽屉", "cash": life.pick(1000, 900, None)}


def confirm(life: Life, place: int, laptop: Laptop) -> Wished:
    row = life.some(place, laptop, "handover")
    return None if row is None else ("duty.confirm", {"handover": row, "cash": life.pick(1000, None)})


def settle(life: Life, place: int, laptop: Laptop) -> Wished:
    people = {life.some(place, laptop, "person") for _ in range(2)} - {None}
    lines = [
        {"person": person, "before": 10, "done": life.pick(100, 200), "owed": life.pick(-90, 40)}
        for person in sorted(str(one) for one in people)
    ]
    return ("duty.settle", {"month": life.pick(*MONTHS), "lines": lines}) if lines else None


def unsettle(life: Life, place: int, laptop: Laptop) -> Wished:
    person = life.some(place, laptop, "person")
    raw = {"month": life.pick(*MONTHS), "people": [person], "back": life.random.random() < 0.5}
    return None if person is None else ("duty.unsettle", raw)


def choose(life: Life, _: int, laptop: Laptop) -> Wished:
    found = ids(laptop, "conflict", "table_name IN ('assignment', 'swap')")
    if not found:
        return None
    return "conflict.resolve", {
        "conflict": life.random.choice(found[-4:]),
        "choice": life.pick("keep", "take"),
    }


CHOICES: tuple[tuple[int, Wish], ...] = (
    (4, plan),
    (8, fill),
    (10, assign),
    (5, naming("duty.take", "shift")),
    (4, naming("duty.unassign", "assignment")),
    (2, lock),
    (2, absent),
    (6, publish),
    (2, naming("shift.cancel", "shift")),
    (2, naming("shift.restore", "shift", archived=True)),
    (7, ask),
    (10, answer),
    (6, choose),
    (5, come),
    (4, leave),
    (3, confirm),
    (1, naming("checkin.reopen", "checkin")),
    (1, naming("checkin.archive", "checkin")),
    (1, naming("checkin.unarchive", "checkin", archived=True)),
    (1, naming("duty.unconfirm", "handover")),
    (1, naming("duty.take_handover_back", "handover")),
    (1, naming("duty.put_handover_back", "handover", archived=True)),
    (2, settle),
    (1, unsettle),
    (1, merging("person")),
)
