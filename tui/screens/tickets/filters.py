"""What a list of tickets is narrowed by: a building, a kind of job, what suits or concerns whoever acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from models.community import queries as community
from models.text import pinyin_keys
from models.tickets.queries import Asked, View
from models.tickets.queries_categories import categories
from models.tickets.queries_home import own_buildings
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import building_word, category_word
from tui.widgets.picker import Option

_NONE, _SUITING, _MINE = "none", "suiting", "mine"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is kept of every list. `of` names the household, point or person that the room was opened for.

    `building` is the code of `building_id`, `category` a kind of job.
    """

    building_id: UUID | None = None
    building: str = ""
    category: str = ""
    suiting: bool = False
    mine: bool = False
    household_id: UUID | None = None
    point_id: UUID | None = None
    about_id: UUID | None = None
    of: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether somebody has filtered, beside what the room was opened for."""
        return bool(self.building_id or self.category or self.suiting or self.mine)

    @property
    def placed(self) -> bool:
        """Whether the room was opened for one household, point or person."""
        return bool(self.household_id or self.point_id or self.about_id)

    def words(self) -> tuple[str, ...]:
        """Return what stands in the title for these filters."""
        return tuple(
            word
            for word in (
                self.of,
                building_word(self.building) if self.building else "",
                category_word(self.category) if self.category else "",
                t("tickets.filter.suiting_short") if self.suiting else "",
                t("tickets.filter.mine_short") if self.mine else "",
            )
            if word
        )

    def asked(self, desk: Desk, view: View, text: str = "") -> Asked:
        """Return the question for a view, at this moment."""
        return Asked(
            now=edge.clock(),
            today=desk.today(),
            view=view,
            person_id=desk.seat.person_id,
            suiting=self.suiting,
            mine=self.mine,
            about_id=self.about_id,
            text=text,
            category=self.category,
            building_id=self.building_id,
            household_id=self.household_id,
            point_id=self.point_id,
        )

    def taken(self, chosen: str) -> Filters:
        """Return the filters after an option of `filter_options` was chosen; one that holds already goes."""
        kind, _, value = chosen.partition(":")
        if kind == _NONE:
            kept = self.of if self.placed else ""
            return Filters(
                household_id=self.household_id, point_id=self.point_id, about_id=self.about_id, of=kept
            )
        if kind == _SUITING:
            return replace(self, suiting=not self.suiting)
        if kind == _MINE:
            return replace(self, mine=not self.mine)
        if kind == "category":
            return replace(self, category="" if value == self.category else value)
        building_id, _, code = value.partition(":")
        of = self.of if self.placed else ""  # else it named the building that gives way
        if self.building_id == UUID(building_id):
            return replace(self, building_id=None, building="", of=of)
        return replace(self, building_id=UUID(building_id), building=code, of=of)


def filter_options(desk: Desk, filters: Filters) -> tuple[Option, ...]:
    """Return what a list may be narrowed by: one's own first, then every building and every kind of job."""
    return tuple(_options(desk, filters))


def _options(desk: Desk, filters: Filters) -> Iterator[Option]:
    seat = desk.seat
    with desk.store.read() as session:
        own = (
            ()
            if seat.person_id is None
            else own_buildings(session, seat.compound_id, seat.person_id, today=desk.today())
        )
        every = community.buildings(session, seat.compound_id, today=desk.today())
        kinds = categories(session, seat.compound_id)
    if filters.narrowed:
        yield Option(_NONE, t("tickets.filter.none"), t("tickets.filter.none_note"), "quanbu qb all")
    yield Option(
        _SUITING,
        t("tickets.filter.suiting"),
        _holds(filters.suiting) or t("tickets.filter.suiting_note"),
        "shihe sh",
    )
    yield Option(
        _MINE, t("tickets.filter.mine"), _holds(filters.mine) or t("tickets.filter.mine_note"), "wode wd"
    )
    theirs = {one.id for one in own}
    for one in own:
        yield _building(one.id, one.code, filters, note=t("tickets.filter.my_building"))
    for line in every:
        if line.id not in theirs:
            yield _building(line.id, line.code, filters, note=line.name)
    for kind in kinds:
        word = category_word(kind.code)
        note = _holds(kind.code == filters.category) or t("tickets.filter.category")
        yield Option(f"category:{kind.code}", word, note, " ".join(pinyin_keys(word)))


def _building(building_id: UUID, code: str, filters: Filters, *, note: str = "") -> Option:
    held = _holds(building_id == filters.building_id)
    return Option(
        f"building:{building_id}:{code}",
        building_word(code),
        held or note or t("tickets.filter.building"),
        code,
    )


def _holds(there: bool) -> str:  # noqa: FBT001 - one fact
    return t("tickets.filter.holds") if there else ""
