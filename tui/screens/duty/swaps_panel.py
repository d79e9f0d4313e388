"""What the panel says of a request, a gap or a clash: what a yes would do to both, and which rules it would hurt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community import queries as community
from models.duty.disputes import Dispute
from models.duty.fitting import Bar
from models.duty.queries import ShiftLine
from models.duty.queries_swaps import Change, Effect, SwapLine, bars_on, candidates, effect
from models.duty.rules import Need
from tui import edge
from tui.desk import Desk
from tui.duty_words import gap_text, need_word, needs_text, points_text, shift_title, span_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.duty.swaps_rows import Entry, clash_text, clash_word
from tui.screens.duty.swaps_words import (
    bars_mark,
    bars_text,
    candidate_options,
    owed_text,
    place_text,
    state_mark,
    wish_text,
)
from tui.widgets.map_panel import PanelRow, PanelView
from tui.widgets.picker import Option
from tui.widgets.text import Mark, Tone


@dataclass(frozen=True, slots=True)
class _Owing:
    """What people owe now, in points, by person."""

    owed: Mapping[UUID, int]

    def move(self, change: Change) -> str:
        """Return what somebody owes before and after."""
        before = self.owed.get(change.person_id)
        if before is None:
            sign = "+" if change.owed > 0 else ""
            return t("swaps.moves", n=f"{sign}{points_text(change.owed)}")
        return t("swaps.owes", before=owed_text(before), after=owed_text(before + change.owed))


def peek(desk: Desk, one: Entry, *, open_: bool) -> PanelView:
    """Return what the panel says; of an open request also what a yes would do."""
    zone = ZoneInfo(desk.seat.zone)
    if isinstance(one, ShiftLine):
        return _gap(desk, one, zone)
    if isinstance(one, Dispute):
        return PanelView(
            code=t(f"field.{one.field}"),
            title=clash_word(one),
            mark=Mark("!", t("swaps.clash.stands"), Tone.BAD),
            rows=(
                PanelRow(t("swaps.this"), clash_text(one, one.kept, zone)),
                PanelRow(t("swaps.that"), clash_text(one, one.lost, zone)),
                PanelRow("", t("swaps.clash.how"), bare=True),
            ),
        )
    return _swap(desk, one, zone, open_=open_)


def _gap(desk: Desk, line: ShiftLine, zone: ZoneInfo) -> PanelView:
    seat = desk.seat
    bars: tuple[Bar, ...] = ()
    if seat.person_id is not None:
        with desk.store.read() as session:
            bars = bars_on(session, seat.compound_id, [line], seat.person_id)[line.id]
    fits = bars_mark(bars)
    rows = (
        PanelRow(t("my_shifts.time"), span_text(line.starts_at, line.ends_at, zone), bare=True),
        PanelRow(t("swaps.there"), listed([one.name for one in line.people]) or t("swaps.nobody")),
        PanelRow(t("swaps.needs"), needs_text(line.needs)),
        PanelRow(t("my_shifts.points"), points_text(line.points)),
        PanelRow(t("swaps.team"), line.team),
        PanelRow(t("swaps.for_me"), str(fits), fits.tone),
        PanelRow(t("swaps.note"), line.note),
    )
    return PanelView(
        code=line.post,
        title=shift_title(line),
        mark=Mark("▲", gap_text(line), Tone.WARN),
        rows=tuple(row for row in rows if row.text),
    )


def _swap(desk: Desk, line: SwapLine, zone: ZoneInfo, *, open_: bool) -> PanelView:
    rows = [PanelRow(t("swaps.gives"), place_text(line.mine, zone))]
    if line.against is not None:
        rows.append(PanelRow(t("swaps.takes"), f"{line.against.person} {place_text(line.against, zone)}"))
    rows.append(PanelRow(t("swaps.words"), line.words))
    alarm = ""
    if open_:
        told, alarm = _told(desk, line)
        rows += told
    else:
        rows += [PanelRow(t("swaps.answerer"), line.answered_by), PanelRow(t("swaps.answer"), line.answer)]
    return PanelView(
        code=line.asker,
        title=wish_text(line),
        mark=state_mark(line),
        alarm=alarm,
        rows=tuple(row for row in rows if row.text),
    )


def _told(desk: Desk, line: SwapLine) -> tuple[list[PanelRow], str]:
    """Return what a yes would do to both, and what of it hurts a rule."""
    taker, name = _taker(desk, line)
    if taker is None:
        return [], ""
    found, owing = _effect(desk, line, taker, name)
    rows = [PanelRow(change.name, owing.move(change)) for change in found.changes]
    hurt = [
        t("swaps.hurt", person=change.name, why=bars_text(change.bars))
        for change in found.changes
        if change.bars
    ]
    lacking = [
        t("swaps.would_lack", shift=shift_title(shift), need=need_word(_n(need, n)))
        for shift, need, n in found.lacking
    ]
    alarm = listed([*hurt, *lacking])
    return rows, f"! {alarm}" if alarm else ""


def _n(need: Need, n: int) -> Need:
    return Need(need.kind, need.value, n)


def _taker(desk: Desk, line: SwapLine) -> tuple[UUID | None, str]:
    """Return who would say yes: who is asked by name, else whoever acts, unless they ask themselves."""
    seat = desk.seat
    if line.to_id is not None:
        return line.to_id, line.to
    return (None, "") if seat.person_id == line.asker_id else (seat.person_id, seat.person)


def _effect(desk: Desk, line: SwapLine, taker: UUID, name: str) -> tuple[Effect, _Owing]:
    from models.duty.queries_balances import balances

    now, compound_id = edge.clock(), desk.seat.compound_id
    with desk.store.read() as session:
        found = effect(session, compound_id, line, taker, name, now=now)
        lines = balances(session, compound_id, today=desk.today(), now=now)
    return found, _Owing({one.person_id: one.owed for one in lines})


def assign_options(desk: Desk, line: ShiftLine) -> Sequence[Option]:
    """Return whom the committee may put on a shift; whoever cannot is shown with the reason."""
    with desk.store.read() as session:
        found = candidates(session, desk.seat.compound_id, line)
        known = community.people_for_picker(session, desk.seat.compound_id, today=desk.today())
    return candidate_options(found, {str(one.id): one.search for one in known})
