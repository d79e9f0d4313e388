"""Add points to a route: by codes and ranges, or found by name; the dialog stays open for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from models.inspection import queries
from models.inspection.known_points import points_meant
from models.inspection.numbering import read_codes
from models.inspection.rules import PointKind
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Modal
from tui.screens.points.words import kinds_meant
from tui.screens.register.words import listed
from tui.screens.walk.words import kind_word
from tui.widgets.bars import KeyBar
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox
from tui.widgets.text import Line, Tone, set_border_title

_TAKE = action("routes.take", "enter")
_AROUND = 11  # lines of a dialog that are not the list
_MOST_SHOWN = 6
_KINDS = tuple(kind.value for kind in PointKind)


@dataclass(frozen=True, slots=True)
class Meant:
    """The points that typed codes mean, and the codes that mean none."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


class AddStops(Modal[None]):
    """Calls `add` with ids, as often as the person likes. `standing` are on the route already."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (_TAKE,)

    def __init__(self, standing: Sequence[str], add: Callable[[Sequence[str]], None]) -> None:
        super().__init__()
        self.heading = t("routes.add_title_stops")
        self.purpose = t("routes.add_purpose")
        self._standing = set(standing)
        self._add = add

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="add_stops") as dialog:
            set_border_title(dialog, self.heading)
            yield SearchBox("#options", hint=t("routes.add_hint"), id="search")
            options = LongList(
                (
                    Column("", 10, priority=9),
                    Column("", 10, priority=6),
                    Column("", 16, priority=7, grow=True),
                    Column("", 12, priority=8),
                ),
                header=False,
                lit=True,
                empty=t("choose.none"),
                id="options",
            )
            options.styles.height = max(4, min(14, self.app.size.height - _AROUND))
            options.can_focus = False
            yield options
            yield Line(id="said")
            yield KeyBar()

    def on_mount(self) -> None:
        self._show("")

    def _show(self, text: str) -> None:
        standing = self._standing

        def count(desk: Desk) -> int:
            with desk.store.read() as session:
                return queries.count_points(
                    session, desk.seat.compound_id, text=text, meant=kinds_meant(text, _KINDS)
                )

        def page(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
            with desk.store.read() as session:
                lines = queries.points_page(
                    session,
                    desk.seat.compound_id,
                    text=text,
                    meant=kinds_meant(text, _KINDS),
                    offset=offset,
                    limit=limit,
                )
            return [
                RowView(
                    str(line.id),
                    (
                        line.code,
                        kind_word(line.kind),
                        line.name,
                        t("routes.on_it") if str(line.id) in standing else "",
                    ),
                    muted=str(line.id) in standing,
                )
                for line in lines
            ]

        options = self.query_one(LongList)
        options.empty = t("routes.range_below") if _several(text) else t("choose.none")
        options.show(self.source(count, page))

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        self._show(event.text)
        if _several(event.text):
            self.ask(lambda desk: meant(desk, event.text), self._tell_meant, latest="meant")
        else:
            self.flash("")

    def _tell_meant(self, found: Meant) -> None:
        new = sum(one not in self._standing for one in found.ids)
        parts = [t("routes.range_new", n=new)]
        if len(found.ids) > new:
            parts.append(t("routes.range_there", n=len(found.ids) - new))
        if found.unknown:
            parts.append(t("routes.range_unknown", codes=_some(found.unknown)))
        self.flash(t("points.plan_comma").join(parts), Tone.WARN if found.unknown else Tone.GOOD)

    def do_take(self) -> None:
        """Take what was typed as codes, if it is that; else the highlighted point."""
        text = self.query_one(SearchBox).value
        if _several(text):
            self.ask(lambda desk: meant(desk, text), self._take_meant, latest="meant")
        else:
            self.query_one(LongList).action_pick()

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        del event
        self.do_take()

    def _take_meant(self, found: Meant) -> None:
        self._take(found.ids, found.unknown)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self._take((event.row_id,), ())

    def _take(self, ids: Sequence[str], unknown: Sequence[str]) -> None:
        new = [one for one in ids if one not in self._standing]
        self._standing.update(new)
        if new:
            self._add(new)
        lost = t("routes.range_unknown", codes=_some(unknown)) if unknown else ""
        said = t("routes.stops_added", n=len(new)) if new else t("routes.all_on_it") if ids else ""
        box = self.query_one(SearchBox)
        if new and not unknown:
            box.value = ""
        self._show(box.sought)
        tone = Tone.WARN if unknown or not new else Tone.GOOD
        self.flash(t("points.plan_comma").join(part for part in (said, lost) if part), tone)


def _several(text: str) -> bool:
    """Tell whether a text is a list or a range of codes, which no search would be."""
    read = read_codes(text)
    return len(read.codes) > 1 and not read.problems


def meant(desk: Desk, text: str) -> Meant:
    """Return the living points that typed codes mean, in their order."""
    codes = read_codes(text).codes
    with desk.store.read() as session:
        found = points_meant(session, desk.seat.compound_id, codes)
    living = {code: point for code, point in found.items() if not point.archived}
    return Meant(
        tuple(dict.fromkeys(str(living[code].id) for code in codes if code in living)),
        tuple(code for code in codes if code not in living),
    )


def _some(codes: Sequence[str]) -> str:
    return listed(codes[:_MOST_SHOWN]) + ("…" if len(codes) > _MOST_SHOWN else "")
