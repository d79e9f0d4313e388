"""Two laptops without a network: the same person is checked in on both."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from post_desk import checkins
from register_desk import press, rest
from town import on, other_laptop, sees, settled_town

from tui import edge


async def test_somebody_checked_in_on_two_laptops_came_once_and_at_the_earlier_time(tmp_path: Path) -> None:
    with settled_town(tmp_path) as (town, hall, station):
        post = str(edge.new_id())
        hall.do("post.add", id=post, name="服务台")
        now = edge.clock()
        begun, shift = now - timedelta(minutes=10), str(edge.new_id())
        times = {"starts_at": begun.isoformat(), "ends_at": (begun + timedelta(hours=3)).isoformat()}
        day = hall.desk.today().isoformat()
        hall.do("shift.add", id=shift, post=post, name="早班", day=day, hands=1, published=True, **times)
        person = hall.find("person", "name", "王五")
        hall.do("duty.assign", id=str(edge.new_id()), shift=shift, person=person)
        await hall.sync()
        with other_laptop(town, station) as here:
            await here.sync()
            here.do("duty.check_in", id=str(edge.new_id()), shift=shift, person=person)
        first = checkins(station)
        town.online = False
        app = town.app(tmp_path / "hall.db")
        hall.desk.close()
        async with on(app) as pilot:
            app.enter("duty_desk")
            await sees(pilot, "王五", "服务台 早班")
            await press(pilot, "1")
            await rest(pilot)
            await sees(pilot, "● 在岗")
        assert len(checkins(tmp_path / "hall.db")) == 1
        town.online = True
        hall.desk.open()
        await hall.sync()
        with other_laptop(town, station) as here:
            await here.sync()
        await hall.sync()
        assert checkins(tmp_path / "hall.db") == checkins(station) == first
