"""The duty of the demo compound: posts, who sits there when, and what happened there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from models.demo.scribe import Scribe
from models.demo.volunteers import DIRECTOR

DESK: Final = "服务台"


def set_up(scribe: Scribe) -> None:
    """Set up the desk, and a shift of today's."""
    scribe.write(
        DIRECTOR,
        scribe.at(2, 9),
        ("post.add", {"id": scribe.name("post", DESK), "name": DESK, "counts_cash": True}),
        (
            "shift_template.add",
            {
                "id": scribe.name("shift_template", "早班"),
                "post": scribe.ref("post", DESK),
                "name": "早班",
                "starts": "8:30",
                "minutes": 180,
            },
        ),
    )
    start = scribe.at(0, 8, 30)
    scribe.write(
        DIRECTOR,
        scribe.at(2, 10),
        (
            "shift.add",
            {
                "id": scribe.name("shift", "今天"),
                "post": scribe.ref("post", DESK),
                "name": "早班",
                "day": start.date().isoformat(),
                "starts_at": start.isoformat(),
                "ends_at": (start + timedelta(hours=3)).isoformat(),
                "published": True,
            },
        ),
        (
            "duty.assign",
            {
                "id": scribe.fresh(),
                "shift": scribe.ref("shift", "今天"),
                "person": scribe.ref("person", DIRECTOR),
            },
        ),
    )
