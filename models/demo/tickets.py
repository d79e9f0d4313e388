"""The demo's tickets: what residents asked for, who did it, and what they said of it."""

from __future__ import annotations

from datetime import timedelta

from models.demo import volunteers
from models.demo.scribe import Scribe


def ask(scribe: Scribe) -> None:
    """Residents order, the station takes, volunteers do, residents rate."""
    director = volunteers.DIRECTOR
    scribe.write(
        director,
        scribe.now - timedelta(minutes=2),
        (
            "ticket_category.add",
            {
                "id": scribe.name("ticket_category", "drain"),
                "code": "drain",
                "accept_hours": 2,
                "finish_hours": 24,
                "urgency": "urgent",
                "team_id": scribe.ref("team", "管道疏通队"),
                "skill": "管道",
            },
        ),
    )
    opened = scribe.now - timedelta(minutes=1)
    scribe.write(
        volunteers.DEPUTY,
        opened,
        (
            "incident.open",
            {
                "id": scribe.name("incident", "5栋停水"),
                "name": "5栋停水",
                "words": "水泵检修，下午五点前恢复。",
                "category": "water",
                "buildings": [scribe.ref("building", "5")],
            },
        ),
    )
    scribe.write(
        volunteers.DEPUTY,
        scribe.now - timedelta(seconds=30),
        (
            "ticket.report",
            {
                "id": scribe.name("ticket", "A"),
                "code": "KT1",
                "what": "厨房下水又堵了",
                "category": "drain",
                "household_id": scribe.ref("household", "3-1-101"),
            },
        ),
    )
