"""Tickets as values, for what draws them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models.tickets.queries import Hand, TicketLine
from models.tickets.rules import State, Urgency

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def line(code: str = "KT27", **more: Any) -> TicketLine:
    """Return a ticket of 3-1-502 that two hands are on, changed as asked."""
    number = UUID(int=int.from_bytes(code.encode()) % 2**64)
    plain: dict[str, Any] = {
        "id": number,
        "code": code,
        "number": None,
        "what": "厨房下水堵了",
        "category": "drain",
        "urgency": Urgency.NORMAL,
        "state": State.ACCEPTED,
        "state_at": NOON,
        "requester_id": None,
        "requester": "李小梅",
        "phone": "13800000002",
        "household_id": UUID(int=1),
        "household": "3-1-502",
        "building_id": UUID(int=2),
        "building": "3",
        "point_id": None,
        "point": "",
        "place": "",
        "team_id": None,
        "team": "",
        "opened_at": NOON,
        "accept_due_at": NOON + timedelta(hours=4),
        "due_at": NOON + timedelta(days=2),
        "accepted_at": NOON,
        "done_at": None,
        "closed_at": None,
        "wait_until": None,
        "wait_for": "",
        "holder_id": UUID(int=3),
        "holder": "王德胜",
        "offered_to_id": None,
        "offered_to": "",
        "hands": (Hand(UUID(int=4), "张三"), Hand(UUID(int=5), "赵大勇")),
        "wanted_hands": 2,
        "parent_id": None,
        "is_case": False,
        "incident_id": None,
        "reopened": 0,
        "score": None,
        "minutes": 0,
        "cost": 0,
        "visits": 0,
        "recheck_at": None,
        "channel": "phone",
        "overdue": False,
        "archived": False,
    }
    return TicketLine(**(plain | more))
