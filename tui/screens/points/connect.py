"""Choose what drains into a well: a building, or one household, by number, name or pinyin."""

from __future__ import annotations

from collections.abc import Sequence

from models.community import queries as community
from models.text import fold, pinyin_keys
from tui.desk import Desk
from tui.i18n import t
from tui.screens.picking import Pick
from tui.screens.register.words import building_word, listed
from tui.widgets.rows import Column, RowView


def pick_home(title: str) -> Pick:
    """Results in `building:id:name` or `household:id:name`; buildings come first."""

    def count(desk: Desk, text: str) -> int:
        with desk.store.read() as session:
            homes = community.count_households(session, desk.seat.compound_id, today=desk.today(), text=text)
        return homes + len(_buildings(desk, text))

    def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[RowView]:
        buildings = _buildings(desk, text)
        shown = buildings[offset : offset + limit]
        with desk.store.read() as session:
            homes = community.page_households(
                session,
                desk.seat.compound_id,
                today=desk.today(),
                text=text,
                offset=max(0, offset - len(buildings)),
                limit=limit - len(shown),
            )
        return [
            *shown,
            *(
                RowView(f"household:{line.id}:{line.code}", (line.code, listed(line.owners), line.status))
                for line in homes
            ),
        ][:limit]

    columns = (Column("", 12, priority=9), Column("", 20, priority=8, grow=True), Column("", 10, priority=5))
    return Pick(title, columns, count, page, hint=t("points.connect_hint"))


def _buildings(desk: Desk, text: str) -> list[RowView]:
    with desk.store.read() as session:
        lines = community.buildings(session, desk.seat.compound_id, today=desk.today())
    wanted = fold(text)
    return [
        RowView(
            f"building:{line.id}:{building_word(line.code)}",
            (building_word(line.code), line.name, t("points.homes_n", n=line.households)),
        )
        for line in lines
        if wanted in " ".join([fold(building_word(line.code)), fold(line.name), *pinyin_keys(line.name)])
    ]
