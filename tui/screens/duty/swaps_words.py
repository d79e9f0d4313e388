"""Requests and gaps in words: what speaks against somebody, what a request wants, how it stands. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from models.duty.disputes import Place
from models.duty.fitting import FORBIDDING, SHUT, Bar
from models.duty.queries_swaps import Candidate, Offer, SwapLine
from models.duty.rules import SwapState
from tui.duty_words import day_text, points_text, shift_title, span_text
from tui.i18n import t
from tui.row_words import listed
from tui.widgets.picker import Option
from tui.widgets.text import Mark, Tone

#: Who takes over when everybody is asked.
ANYBODY = "anybody"
_STATES = {
    SwapState.OPEN: ("⇄", Tone.WARN),
    SwapState.ACCEPTED: ("✓", Tone.GOOD),
    SwapState.DECLINED: ("×", Tone.MUTED),
    SwapState.WITHDRAWN: ("−", Tone.MUTED),
}


def bars_text(bars: Iterable[Bar]) -> str:
    """Return what speaks against somebody; nothing when nothing does."""
    return listed([t(f"swaps.bar.{bar.value}") for bar in bars])


def bars_mark(bars: Sequence[Bar]) -> Mark:
    """Return whether somebody fits, and else why not, with a symbol."""
    if SHUT.intersection(bars):
        return Mark("×", bars_text(bars), Tone.BAD if FORBIDDING.intersection(bars) else Tone.WARN)
    return Mark("!", bars_text(bars), Tone.WARN) if bars else Mark("✓", t("swaps.fits"), Tone.GOOD)


def state_mark(line: SwapLine) -> Mark:
    symbol, tone = _STATES[line.state]
    return Mark(symbol, t(f"duty.swap.{line.state.value}"), tone)


def place_text(place: Place, zone: ZoneInfo) -> str:
    """Return a place's shift with its times: `11-22 周日 服务台 早班 8:30–11:30`."""
    return f"{shift_title(place)} {span_text(place.starts_at, place.ends_at, zone)}"


def wish_text(line: SwapLine) -> str:
    """Return what a request wants: to be covered, or which shift for which."""
    if line.against is None:
        return t("swaps.wants_cover", shift=shift_title(line.mine))
    return t("swaps.wants_swap", mine=_short(line.mine), theirs=_short(line.against))


def _short(place: Place) -> str:
    """Return a place's day and shift, so that two of them stand in one cell."""
    return f"{place.day:%m-%d} {place.name or place.post}"


def asked_mark(lines: Sequence[SwapLine], person_id: object) -> Mark:
    """Return what is asked about a place of somebody's: what they ask, or what others would have of it."""
    own = next((one for one in lines if one.asker_id == person_id), None)
    if own is None:
        return Mark("⇄", t("swaps.wanted_by", person=lines[0].asker), Tone.WARN)
    if own.to_id is None:
        return Mark("⇄", t("swaps.asked_all"), Tone.WARN)
    return Mark("⇄", t("swaps.asked_one", person=own.to), Tone.WARN)


def candidate_options(found: Iterable[Candidate], search: dict[str, str]) -> list[Option]:
    """Return those who might take a shift; whoever cannot is shown with the reason."""
    return [
        Option(
            str(one.person_id),
            one.person,
            bars_text(one.bars) or t("swaps.fits"),
            search.get(str(one.person_id), ""),
            bars_text(one.bars) if one.shut else None,
        )
        for one in found
    ]


def owed_text(points: int) -> str:
    """Return whether somebody owes duty or is ahead, and how much."""
    if not points:
        return t("swaps.even")
    return t("swaps.owed" if points > 0 else "swaps.ahead", n=points_text(abs(points)))


def offer_option(one: Offer, zone: ZoneInfo) -> Option:
    """Return a colleague's shift to swap for, with what speaks against either of the two."""
    parts = [
        *([t("swaps.you_cannot", why=bars_text(one.bars))] if one.bars else []),
        *([t("swaps.they_cannot", why=bars_text(one.theirs))] if one.theirs else []),
    ]
    said = listed(parts)
    when = span_text(one.line.starts_at, one.line.ends_at, zone)
    note = " · ".join((said or t("swaps.fits_both"), when, one.line.post))
    text = f"{one.person} {day_text(one.line.day)} {one.line.name or one.line.post}"
    return Option(str(one.id), text, note, reason=said if one.shut else None)
