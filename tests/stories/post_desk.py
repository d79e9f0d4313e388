"""A station on a morning at 8:52: a post with keys and cash, the day's shifts, and a laptop on its desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from register_desk import found, rows

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk

#: 2026-03-12, a Thursday, 8:52 in Shanghai.
NOW = datetime(2026, 3, 12, 0, 52, tzinfo=UTC)
VOLUNTEERS = ("张三", "李四", "赵六")


def at(hours: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """Return a time of that day by the station's clock."""
    return NOW.replace(hour=0, minute=0) + timedelta(days=days, hours=hours - 8, minutes=minutes)


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="linli-post-")) / "store.db"
    intents = []
    for name in (*VOLUNTEERS, "陈奶奶"):
        person = str(edge.new_id())
        intents.append(Intent("person.add", {"id": person, "name": name}))
        if name in VOLUNTEERS:
            term = {"id": str(edge.new_id()), "person": person, "role": "volunteer", "since": "2020-01-01"}
            intents.append(Intent("role.grant", term))
    post = {"id": str(edge.new_id()), "name": "服务台", "keys": "大门 2 把", "counts_cash": True}
    intents.append(Intent("post.add", post))
    found(path, *intents)
    add_shift(path, at(8, 30), "张三", "李四")
    add_shift(path, at(14), "赵六", name="晚班")
    return path


def station(path: Path) -> Path:
    """Put it at `path`: 张三 and 李四 have been on since 8:30, 赵六 is on from 14:00; 王德胜 sits there."""
    copyfile(_template(), path)
    return path


def person(path: Path, name: str) -> str:
    [(row_id,)] = rows(path, f"select id from person where name = '{name}'")  # noqa: S608 - a test's own name
    return str(UUID(str(row_id)))


def do(path: Path, kind: str, *, by: str = "", when: datetime | None = None, **payload: Any) -> str:
    """Do one thing that must not be refused; `by` is who did it. Returns the id that was given to it."""
    given = {"id": str(edge.new_id())} | payload
    if kind in {"duty.check_out", "duty.confirm", "shift.cancel"}:
        del given["id"]
    doer = UUID(person(path, by)) if by else None
    desk = Desk(path)
    desk.open()
    outcome = desk.perform(Intent(kind, given, doer_id=doer, happened_at=when))
    desk.close()
    assert outcome.refused is None, outcome.refused
    return str(given.get("id", ""))


def sits(path: Path, name: str) -> None:
    """Let somebody act on this laptop."""
    who = UUID(person(path, name))
    desk = Desk(path)
    desk.open()
    desk.act_as(who)
    desk.close()


def add_shift(
    path: Path, starts: datetime, *people: str, name: str = "早班", hours: float = 3, published: bool = True
) -> str:
    """Add a shift at the desk with people on it."""
    [(post,)] = rows(path, "select id from post order by id")
    shift = do(
        path,
        "shift.add",
        post=str(UUID(str(post))),
        name=name,
        day=(starts + timedelta(hours=8)).date().isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=hours)).isoformat(),
        hands=max(1, len(people)),
        published=published,
    )
    for one in people:
        do(path, "duty.assign", shift=shift, person=person(path, one))
    return shift


def checkins(path: Path) -> list[tuple[Any, ...]]:
    """Return who came, by name, with the time, and what else was written."""
    return rows(
        path,
        "select coalesce(p.name, c.guest), substr(c.came_at, 12, 5), substr(c.left_at, 12, 5), c.made_up, c.reason "
        "from checkin c left join person p on p.id = c.person_id where not c.archived order by c.came_at, c.id",
    )
