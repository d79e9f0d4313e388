"""Publishing: what is told to whom, what changes for those who know a roster already, and what still lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from models.duty.drafting import publish_intents
from models.duty.queries import ShiftLine
from models.duty.rules import ShiftState
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.desk import Desk
from tui.duty_words import GAP_SIGN, gap_text, shift_name, shift_title
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.duty.roster_sheet import RosterSheet, paragraph
from tui.screens.duty.roster_store import Looked, look, month_around
from tui.screens.duty.roster_words import days_between, month_text
from tui.screens.points.base import NetworkBase, Works, perform_in_order
from tui.widgets.bars import KeyView
from tui.widgets.text import Tone, plain, tone_style

PUBLISH = action("roster_publish.publish", "f2", "f6")
OUT = action("roster_publish.out", "f5")
_TITLE = "bold $primary"


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody is told: shifts that come, and shifts that go."""

    name: str
    comes: tuple[ShiftLine, ...]
    goes: tuple[ShiftLine, ...]


@dataclass(frozen=True, slots=True)
class ToPublish:
    """A month as it would be published, and the operations that name exactly that."""

    looked: Looked
    intents: tuple[Intent, ...]
    tellings: tuple[Telling, ...]
    shifts: int
    first_time: bool


def read_drafts(desk: Desk, month: date) -> ToPublish:
    """Read what of a month waits to be published."""
    first, last = month_around(month)
    looked = look(desk, days_between(first, last))
    with desk.store.read() as session:
        intents = tuple(publish_intents(session, desk.seat.compound_id, first, last))
    return ToPublish(
        looked,
        intents,
        _tellings(looked.lines),
        shifts=sum(line.state is ShiftState.DRAFT for line in looked.lines),
        first_time=not any(line.state is ShiftState.PUBLISHED for line in looked.lines),
    )


def _tellings(lines: Sequence[ShiftLine]) -> tuple[Telling, ...]:
    comes: dict[UUID, list[ShiftLine]] = defaultdict(list)
    goes: dict[UUID, list[ShiftLine]] = defaultdict(list)
    names: dict[UUID, str] = {}
    for line in lines:
        for one in line.people:
            names[one.person_id] = one.name
            if one.leaving:
                goes[one.person_id].append(line)
            elif one.state is ShiftState.DRAFT:
                comes[one.person_id].append(line)
    told = sorted(comes.keys() | goes.keys(), key=lambda person: (names[person], person))
    return tuple(Telling(names[one], tuple(comes[one]), tuple(goes[one])) for one in told)


class RosterPublish(NetworkBase):
    """The month of `month`, as it would be told."""

    ROOM: ClassVar[str] = "roster_publish"
    AUTO_FOCUS = "#told"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PUBLISH, OUT)
    DEFAULT_CSS = """
    RosterPublish #told { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, month: date, ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self._month = month
        self._read: ToPublish | None = None

    @property
    def heading(self) -> str:
        return f"{super().heading} · {month_text(self._month)}"

    def body(self) -> ComposeResult:
        with VerticalScroll(id="told"):
            yield RosterSheet()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(read_drafts, month=self._month), self._show, latest="publish")

    def _show(self, found: ToPublish) -> None:
        self._read = found
        self.query_one(RosterSheet).made = partial(publish_lines, found)
        self.refresh_keys()

    @property
    def drafts(self) -> ToPublish:
        return known(self._read)

    def why_not(self, action_id: str) -> str | None:
        if action_id in {PUBLISH.id, OUT.id}:
            if self._read is None:
                return t("list.reading")
            if not self._read.looked.leads:
                return t("roster.leaders_only")
            if action_id == PUBLISH.id and not self._read.intents:
                return t("roster.nothing_to_publish")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(
            view for view in super().key_views() if view.action_id != "register.undo" or self.ledger.done
        )

    def do_publish(self) -> None:
        found = self.drafts
        said = t("roster_publish.done", shifts=found.shifts, people=len(found.tellings))
        self.tell(
            partial(_perform, intents=found.intents), lambda outcomes: self.note_changes(outcomes, said)
        )

    def do_out(self) -> None:
        from tui.screens.duty.roster_out import Leaving, offer_out

        offer_out(self, Leaving(self.drafts.looked, *month_around(self._month)))


def _perform(desk: Desk, intents: Sequence[Intent]) -> list[Outcome]:
    return perform_in_order(desk, intents)


def publish_lines(found: ToPublish, cells: int) -> Iterator[Content]:
    """Yield what would be told, what lacks first."""
    if not found.intents:
        yield from paragraph(t("roster_publish.all_told"), cells, tone_style(Tone.GOOD))
    else:
        key = "first" if found.first_time else "changes" if found.shifts else "people"
        told = t(f"roster_publish.{key}", shifts=found.shifts, people=len(found.tellings))
        yield from paragraph(told, cells, "bold")
    yield from _odd(found, cells)
    if found.tellings:
        yield Content("")
        yield plain(t("roster_publish.to_whom"), _TITLE)
    for one in found.tellings:
        parts = [f"+ {part}" for part in _grouped(one.comes)]
        parts += [f"− {part}" for part in _grouped(one.goes)]
        head = (
            f"{one.name}  {t('roster_publish.shifts_n', n=len(one.comes))}  "
            if one.comes
            else f"{one.name}  "
        )
        yield from paragraph(head + "  ".join(parts), cells)


def _grouped(lines: Sequence[ShiftLine]) -> list[str]:
    """Return shifts by what they are called, each with its days: `服务台 早班 12-02、12-04`."""
    days: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        days[shift_name(line)].append(f"{line.day:%m-%d}")
    return [f"{name} {listed(held)}" for name, held in days.items()]


def _odd(found: ToPublish, cells: int) -> Iterator[Content]:
    """Yield the shifts that lack somebody and those with somebody too many."""
    ahead = [line for line in found.looked.lines if line.starts_at > found.looked.now]
    gaps = [line for line in ahead if line.gap]
    full = [line for line in ahead if line.too_many]
    if not gaps and not full:
        if found.looked.lines:
            yield from paragraph(f"√ {t('roster_publish.no_gaps')}", cells, tone_style(Tone.GOOD))
        return
    yield Content("")
    yield plain(t("roster_publish.lacks", n=len(gaps) + len(full)), _TITLE)
    for line in gaps:
        yield from paragraph(f"{GAP_SIGN} {shift_title(line)}  {gap_text(line)}", cells, tone_style(Tone.BAD))
    for line in full:
        said = t("roster.too_many", n=line.staying - line.hands)
        yield from paragraph(f"! {shift_title(line)}  {said}", cells, tone_style(Tone.WARN))
