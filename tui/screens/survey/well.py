"""All about one well: what this walk noted, how it went from walk to walk, who drains there, its pipes, its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from models.inspection.observed import Seen
from models.inspection.queries_network import PipeLine
from tui.actions import Action, action
from tui.blocked import by_unit
from tui.i18n import t
from tui.row_words import building_word
from tui.screens.base import LinliScreen
from tui.screens.survey import store
from tui.screens.tickets.marks import state_mark
from tui.screens.walk.state import Answer
from tui.screens.walk.words import answer_mark, day, defects_text, kind_word, unseen_mark
from tui.widgets.facts import Fact, Facts
from tui.widgets.flow import Flow
from tui.widgets.sparkline import NOTHING, bar, coloured_levels, mud_chart
from tui.widgets.text import Line, Tone, clean, cut, fit, joined, plain, tone_style, width

COPY = action("map_well.copy", "f2", "2")
TICKET = action("map_well.ticket", "enter")
_BAR = 10
_NOTE_SHOWN = 500
_MARK_WIDTH = 12
_LEAST_SCALE_MM = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the card. `indent` marks one that wraps; what is not `public` stays off the chat group."""

    text: Content | str
    kind: str = ""
    public: bool = True


class WellCard(LinliScreen):
    """`walk_id` names the walk whose words come first."""

    ROOM: ClassVar[str] = "map_well"
    CSS_PATH: ClassVar[str | Path] = "room.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (TICKET, COPY)
    AUTO_FOCUS = "#card"

    def __init__(self, point_id: UUID, walk_id: UUID | None = None) -> None:
        super().__init__()
        self._point_id = point_id
        self._walk_id = walk_id
        self._well: store.Well | None = None

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="card")

    def on_mount(self) -> None:
        self._ask()

    def news(self) -> None:
        self._ask()

    def _ask(self) -> None:
        question = partial(store.look_at_well, point_id=self._point_id, walk_id=self._walk_id)
        self.ask(question, self._show, latest="well")

    @property
    def heading(self) -> str:
        if self._well is None:
            return super().heading
        point = self._well.view.point
        return f"{point.code} {point.name}".rstrip()

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("map_well.") and self._well is None:
            return t("list.reading")
        if action_id == TICKET.id and self._well is not None and not self._well.tickets:
            return t("map.no_calls_here")
        return super().why_not(action_id)

    async def _show(self, well: store.Well | None) -> None:
        if well is None:
            self.flash(t("map_well.gone"), Tone.WARN)
            return
        self._well = well
        card = self.query_one("#card", VerticalScroll)
        at = card.scroll_offset.y
        await card.remove_children()
        await card.mount(*self._widgets(well))
        card.scroll_to(y=at, animate=False)
        self.refresh_frame()

    def _widgets(self, well: store.Well) -> Iterator[Widget]:
        for told in card_lines(well):
            if isinstance(told.text, Content):
                yield Line(told.text, classes=told.kind or None)
            else:
                style = {"title": "bold $primary", "more": "$text-muted"}.get(told.kind, "")
                yield Flow(told.text, style, indent=2, classes=told.kind or None)
        facts = Facts(classes="title-after")
        facts.show(_facts(well))
        yield facts

    def do_ticket(self) -> None:
        from tui.screens.survey.calls import open_ticket

        if self._well is not None:
            open_ticket(self, self._well.tickets)

    def do_copy(self) -> None:
        if self._well is None:
            return
        from tui.screens.chat_text import offer_text

        offer_text(self, self.heading, well_text(self._well))


def well_text(well: store.Well) -> str:
    """Return the card for the chat group: without anybody's name and without notes."""
    point = well.view.point
    lines = [f"{point.code} {point.name}".rstrip()]
    lines += [str(told.text) for told in card_lines(well) if told.public]
    return "\n".join(clean(line).rstrip() for line in lines)


def card_lines(well: store.Well) -> Iterator[Told]:
    """Yield the card from top to bottom: now, before, homes, pipes."""
    yield from _now(well.now)
    if well.tickets:
        yield from _tickets(well)
    yield from _history(well)
    yield Told(t("map_well.homes", n=len(well.homes)), "title")
    if well.homes:
        yield Told(t("walk.semicolon").join(by_unit(well.homes)))
    else:
        yield Told(t("map_well.no_homes"), "more")
    pipes = [*well.view.incoming, *well.view.outgoing]
    yield Told(t("map_well.pipes", n=len(pipes)), "title")
    for pipe in pipes:
        yield Told(_pipe_text(pipe, into=pipe in well.view.incoming))
    if not pipes:
        yield Told(t("map_well.no_pipes"), "more")


def _now(said: Seen | None) -> Iterator[Told]:
    yield Told(t("map_well.now"), "title")
    if said is None:
        yield Told(joined(unseen_mark(), ("  " + t("map_well.not_on_walk"), "$text-muted")))
        return
    when = said.at.strftime("%Y-%m-%d %H:%M")
    yield Told(joined(_mark(said), (f"  {when}", "$text-muted")))
    yield Told(t("map_well.by", doer=said.doer), "more", public=False)
    if said.mud_mm is not None:
        yield Told(t("walk.mud_of", mm=said.mud_mm))
    if said.defects:
        yield Told(t("walk.defects_of", defects=defects_text(said.defects)))
        for defect in said.defects:
            if defect.note:
                yield Told(f"· {defect.note[:_NOTE_SHOWN]}", "more", public=False)
    if said.note:
        yield Told(t("walk.note_of", note=said.note[:_NOTE_SHOWN]), public=False)


def _tickets(well: store.Well) -> Iterator[Told]:
    yield Told(t("map_well.tickets", n=len(well.tickets)), "title")
    for ticket in well.tickets:
        mark = state_mark(ticket.state)
        again = (f"  {t('map_well.again')}", tone_style(Tone.BAD)) if ticket.again else ""
        head = joined((f"{ticket.code}  ", "bold"), (str(mark), tone_style(mark.tone)), again)
        yield Told(head)
        yield Told(ticket.what[:_NOTE_SHOWN], "more", public=False)


def _mark(said: Seen) -> Content:
    return plain(answer_mark(Answer(said.level), said.state))


def _history(well: store.Well) -> Iterator[Told]:
    walks = well.told.walks
    series = well.told.seen.get(well.view.point.id, ())
    came = [(walk, said) for walk, said in zip(walks, series, strict=False) if said is not None]
    yield Told(t("map_well.history", n=len(came)), "title")
    if not came:
        yield Told(t("walk.never"), "more")
        return
    depths = [said.mud_mm if said else None for said in series]
    most = max([_LEAST_SCALE_MM, *(depth for depth in depths if depth is not None)])
    levels = coloured_levels([said.level if said else None for said in series])
    label = max(width(t("map_well.level")), width(t("map.mud"))) + 2
    yield Told(joined((fit(t("map_well.level"), label), "$text-muted"), levels))
    tail = t("map_well.scale", mm=most)
    yield Told(
        joined(
            (fit(t("map.mud"), label), "$text-muted"), mud_chart(depths, most), (f"  {tail}", "$text-muted")
        )
    )
    for walk, said in reversed(came):
        yield _passed(walk.name, said, most)


def _passed(walk: str, said: Seen, most: int) -> Told:
    """Return what one walk found, on one line: the day, the state, the mud as a bar, what was wrong, which walk."""
    depth = f"{said.mud_mm} mm" if said.mud_mm is not None else NOTHING
    filled = bar(said.mud_mm or 0, most, _BAR)
    tone = Tone.WARN if said.mud_mm is not None and said.mud_mm * 2 > most else Tone.PLAIN
    mark = answer_mark(Answer(said.level), said.state)
    return Told(
        joined(
            (f"{day(said.at)}  ", "$text-muted"),
            (fit(str(mark), _MARK_WIDTH), tone_style(mark.tone)),
            (fit(filled, _BAR), tone_style(tone)),
            fit(f" {depth}", 9),
            (f"{defects_text(said.defects)}  " if said.defects else "", tone_style(Tone.WARN)),
            (cut(walk, 30), "$text-muted"),
        ),
        "passed",
    )


def _pipe_text(pipe: PipeLine, *, into: bool) -> str:
    facts = [
        t("walk.diameter", mm=pipe.diameter_mm) if pipe.diameter_mm is not None else "",
        t("map_well.length", m=f"{pipe.length_m:g}") if pipe.length_m is not None else "",
        pipe.material,
        t(f"system.{pipe.system}") if pipe.system else "",
    ]
    said = " · ".join(fact for fact in facts if fact)
    key = "map_well.into" if into else "map_well.out_of"
    return t(key, start=pipe.start, end=pipe.end, said=said).rstrip()


def _facts(well: store.Well) -> list[Fact]:
    point = well.view.point
    known = point.x_m is not None and point.y_m is not None
    return [
        Fact(t("map_well.kind"), kind_word(point.kind)),
        Fact(t("map_well.building"), building_word(point.building) if point.building else ""),
        Fact(t("map_well.depth"), "" if point.depth_mm is None else f"{point.depth_mm / 1000:.2f} m"),
        Fact(t("map_well.ground"), "" if point.ground_m is None else f"{point.ground_m:.2f} m"),
        Fact(t("map_well.coordinates"), f"x {point.x_m:g}  y {point.y_m:g}" if known else ""),
        Fact(t("map_well.note"), point.note[:_NOTE_SHOWN]),
    ]
