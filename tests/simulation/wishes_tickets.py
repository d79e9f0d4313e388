"""What people wish to do with tickets: mostly what the screen offers, now and then what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from simulation.devices import Laptop
from simulation.model_batons import UNTIL
from simulation.wishes import Wish, editing, naming

if TYPE_CHECKING:
    from simulation.history import Life

#: What is usually done from each state.
USUAL = {
    "reported": ("accept", "accept", "start", "finish", "wait", "join", "assign", "reject"),
    "accepted": ("accept", "start", "release", "finish", "wait", "cancel"),
    "in_progress": ("finish", "finish", "wait", "release", "accept", "join"),
    "waiting": ("start", "finish", "release", "wait"),
    "done": ("rate", "rate", "close", "reopen"),
    "closed": ("reopen", "rate"),
    "reopened": ("accept", "finish", "release", "cancel"),
    "rejected": ("reopen",),
    "cancelled": ("reopen",),
    "duplicate": ("part",),
}
EVERY = sorted({verb for verbs in USUAL.values() for verb in verbs})
REASONED = {"reject", "cancel", "close", "reopen"}
#: So many of the newest tickets are what people work on.
AT_HAND = 4
Wished = tuple[str, dict[str, Any]] | None


def ticket(life: Life, place: int, laptop: Laptop) -> tuple[str, str] | None:
    """Return a ticket and its state: mostly one of those that all are at."""
    if life.random.random() < 0.1:
        row = life.some(place, laptop, "ticket")
        return None if row is None else (row, life.pick(*USUAL))
    found = laptop.ask(
        "SELECT id, state FROM ticket WHERE compound_id = ? AND NOT archived ORDER BY id DESC LIMIT ?",
        laptop.compound_id.hex,
        AT_HAND,
    )
    if not found:
        return None
    row_id, state = life.random.choice(found)
    return str(UUID(row_id)), state


def report(life: Life, place: int, laptop: Laptop) -> Wished:
    raw: dict[str, Any] = {"what": "又堵了", "category": life.pick("drain", "lamp", "other", "water")}
    for column, table in (("household_id", "household"), ("point_id", "point"), ("requester_id", "person")):
        row = life.some(place, laptop, table)
        if row is not None and life.random.random() < 0.4:
            raw[column] = row
    if life.random.random() < 0.3:
        raw |= {"urgency": life.pick("normal", "emergency"), "wanted_hands": life.pick(1, 2)}
    return "ticket.report", raw


def edit(life: Life, place: int, laptop: Laptop) -> Wished:
    home, point = life.some(place, laptop, "household"), life.some(place, laptop, "point")
    return editing(
        "ticket",
        what=("堵", "厨房堵", "漏"),
        category=("drain", "lamp", "other"),
        urgency=("normal", "urgent", "emergency"),
        wanted_hands=(1, 2, 3),
        household_id=(home, None),
        point_id=(point, None),
    )(life, place, laptop)


def move(life: Life, place: int, laptop: Laptop) -> Wished:
    found = ticket(life, place, laptop)
    if found is None:
        return None
    row, state = found
    verb = life.pick(*USUAL[state]) if life.random.random() < 0.85 else life.pick(*EVERY)
    raw: dict[str, Any] = {"ticket": row}
    if verb in REASONED:
        raw["words"] = "说明"
    elif verb == "wait":
        raw |= {"until": UNTIL, "wait_for": "part"}
    elif verb == "finish":
        raw |= {"minutes": life.pick(0, 20), "cost": life.pick(0, 300)}
    elif verb == "rate":
        raw["score"] = life.pick(1, 3, 5)
    elif verb == "join":
        into = ticket(life, place, laptop)
        raw["into"] = row if into is None else into[0]
    elif verb == "assign" or (verb == "release" and life.random.random() < 0.2):
        raw["person"] = somebody(life)
    return f"ticket.{verb}", raw


def somebody(life: Life) -> str:
    return str(life.random.choice(life.world.laptops).person_id)


def note(life: Life, place: int, laptop: Laptop) -> Wished:
    """A fact, now and then about a ticket that nobody knows."""
    found = ticket(life, place, laptop)
    row = found[0] if found and life.random.random() < 0.95 else str(laptop.ids())
    if life.random.random() < 0.3:
        return "ticket.comment", {"ticket": row, "words": "等他回电"}
    return "ticket.log", {"ticket": row, "minutes": life.pick(0, 15, 40), "cost": life.pick(0, 250)}


def pass_on(life: Life, place: int, laptop: Laptop) -> Wished:
    found = ticket(life, place, laptop)
    if found is None:
        return None
    verb = life.pick("handover", "handover", "take", "take", "decline")
    return f"ticket.{verb}", {"ticket": found[0]} | ({"to": somebody(life)} if verb == "handover" else {})


def turn_line(life: Life, place: int, laptop: Laptop) -> Wished:
    """Take some line of a story back, or put it back."""
    back = life.random.random() < 0.6
    row = life.some(place, laptop, "ticket_event", archived=not back)
    return None if row is None else ("ticket.take_back" if back else "ticket.put_back", {"event": row})


def strike(life: Life, place: int, laptop: Laptop) -> Wished:
    building = life.some(place, laptop, "building")
    buildings = [building] if building is not None and life.random.random() < 0.7 else []
    return "incident.open", {"name": "停水", "category": life.pick("", "water"), "buildings": buildings}


def choose(life: Life, _: int, laptop: Laptop) -> Wished:
    found = laptop.ask(
        "SELECT id FROM conflict WHERE compound_id = ? AND table_name = 'ticket'"
        " AND field IN ('state', 'hands', 'parent_id', 'holder_id', 'offered_to_id') ORDER BY id DESC LIMIT 4",
        laptop.compound_id.hex,
    )
    if not found:
        return None
    (row_id,) = life.random.choice(found)
    return "conflict.resolve", {"conflict": str(UUID(row_id)), "choice": life.pick("keep", "take")}


CHOICES: tuple[tuple[int, Wish], ...] = (
    (6, report),
    (4, edit),
    (30, move),
    (7, note),
    (10, pass_on),
    (6, turn_line),
    (2, strike),
    (1, naming("incident.end", "incident")),
    (1, naming("incident.reopen", "incident")),
    (1, naming("incident.archive", "incident")),
    (8, choose),
    (1, naming("ticket.archive", "ticket")),
    (1, naming("ticket.unarchive", "ticket", archived=True)),
)
