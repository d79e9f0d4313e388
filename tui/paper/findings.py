"""What a survey map tells, in sentences: the same on a page and in a text. No name and no phone number is in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from models.community.rules import natural_sort_key
from models.inspection.locator import Blockage
from models.inspection.survey.scene import Scene, Spot
from models.text import mask_name, mask_phone
from tui import words
from tui.blocked import LEAST_CHANCE, blocked_where, by_unit, percent
from tui.i18n import t

_CANDIDATES: Final = 3
_MOST_CODES: Final = 60
#: A blockage is at least so certain for its word.
_SURE: Final = ((0.9, "certain"), (0.7, "likely"), (0.4, "perhaps"), (0.0, "guess"))
_PHONE = re.compile(r"(?<!\d)\d(?:[ \-]?\d){6,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d[ \-](?:0?[1-9]|1[0-2])[ \-](?:0?[1-9]|[12]\d|3[01])")
_LEAST_NAME: Final = 2

Part = tuple[str, tuple[str, ...]]


def title(scene: Scene) -> str:
    """Return what the map is called."""
    return t("paper.map.title", compound=scene.compound)


def subtitle(scene: Scene) -> tuple[str, ...]:
    """Return which walk it shows, when that was, and how much of the sewer was seen."""
    wells = len(scene.spots) + len(scene.aside)
    if scene.walk_id is None or scene.began is None:
        return (t("paper.map.no_walk", n=wells),)
    ended = scene.ended or scene.began
    dates = [scene.began.strftime("%Y-%m-%d")]
    if ended.date() != scene.began.date():
        dates.append(ended.strftime("%Y-%m-%d"))
    when = t("paper.map.until").join(dates)
    return (t("paper.map.walk", walk=scene.walk, when=when, seen=scene.seen, total=wells),)


def likeliest(scene: Scene) -> frozenset[tuple[str, str]]:
    """Return the pipe of each blockage that is most likely the blocked one."""
    return frozenset(blockage.pipes[0] for blockage in scene.blockages)


def parts(scene: Scene) -> Iterator[Part]:
    """Yield each part of what was found: its title and its sentences. A part that has nothing to say is left out."""
    yield t("walk.report.blockages"), tuple(blockage_lines(scene))
    if scene.open_next:
        yield t("paper.map.open_next"), (_codes(scene.open_next),)
    if scene.blockages:
        yield t("paper.map.affected"), tuple(affected_lines(scene))
    if scene.called or scene.called_elsewhere:
        yield t("paper.map.calls"), tuple(_call_lines(scene))
    if scene.unplaced:
        yield t("paper.map.unplaced"), (t("list.comma").join(scene.unplaced),)
    if scene.problems:
        yield t("walk.report.problems"), tuple(words.problem_text(problem) for problem in scene.problems)


def _call_lines(scene: Scene) -> Iterator[str]:
    """Yield where people ask for help: at which wells, then at places that no well stands for."""
    if scene.called:
        yield _codes([_call(spot) for spot in scene.called])
    if scene.called_elsewhere:
        places = [t("paper.map.called", place=place, n=number) for place, number in scene.called_elsewhere]
        yield t("paper.map.called_elsewhere", places=_codes(places))


def _call(spot: Spot) -> str:
    if not spot.again:
        return t("paper.map.called", place=spot.code, n=spot.calls)
    if not spot.calls:
        return t("paper.map.called_again", place=spot.code)
    return t("paper.map.called_again_open", place=spot.code, n=spot.calls)


def headline(scene: Scene) -> str:
    """Return the one sentence that everybody should read."""
    if not scene.blockages:
        read = any(spot.level is not None for spot in (*scene.spots, *scene.aside))
        return t("walk.report.no_blockage") if read else t("walk.report.no_levels")
    more = len(scene.blockages) - 1
    where = _where(scene.blockages[0])
    return t("paper.map.and_more", where=where, n=more) if more else where


def told(blockage: Blockage) -> tuple[str, str, tuple[str, ...]]:
    """Return where a blockage is, where else it may be (empty if nowhere), and why that is believed."""
    others = [
        t("walk.report.candidate", start=start, end=end, percent=percent(chance))
        for (start, end), chance in zip(blockage.pipes[1:], blockage.probabilities[1:], strict=True)
        if chance >= LEAST_CHANCE
    ][:_CANDIDATES]
    also = t("walk.report.also", pipes=t("list.comma").join(others)) if others else ""
    return _where(blockage), also, tuple(words.evidence_text(evidence) for evidence in blockage.evidence)


def blockage_lines(scene: Scene) -> Iterator[str]:
    """Yield the same of every blockage, sentence by sentence."""
    if not scene.blockages:
        yield headline(scene)
    for blockage in scene.blockages:
        where, also, reasons = told(blockage)
        yield where
        if also:
            yield also
        if reasons:
            yield t("walk.report.because", evidence=t("walk.semicolon").join(reasons))


def affected_lines(scene: Scene) -> Iterator[str]:
    """Yield which wells and homes are held up, homes by their numbers alone."""
    before: tuple[str, ...] | None = None
    for blockage in scene.blockages:
        start, end = blockage.pipes[0]
        several = t("paper.map.of", start=start, end=end) if len(scene.blockages) > 1 else ""
        if blockage.wells:
            yield several + t("walk.report.wells", n=len(blockage.wells), codes=_codes(blockage.wells))
        if blockage.households == before:
            codes = t("walk.report.same")
        else:
            codes = t("walk.semicolon").join(by_unit(blockage.households))
        if blockage.households:
            yield several + t("walk.report.households", n=len(blockage.households), codes=codes)
            before = blockage.households
        else:
            yield several + t("paper.map.no_homes")


def public_note(note: str, names: Collection[str] = ()) -> str:
    """Return a note as it may hang on a wall: the middle of phone numbers hidden, and of the names of `names`."""
    masked = _PHONE.sub(lambda found: _hidden(found[0]), note)
    known = sorted(
        (name for name in names if len(name) >= _LEAST_NAME and name in masked), key=len, reverse=True
    )
    for name in known:
        masked = masked.replace(name, mask_name(name))
    return masked


def _hidden(digits: str) -> str:
    """Return a phone number with its middle hidden; a day, which has as many digits, as it is."""
    return digits if _DATE.fullmatch(digits) else mask_phone("".join(c for c in digits if c.isdigit()))


def wells(scene: Scene) -> Sequence[Spot]:
    """Return all wells by their codes, those without a place among them."""
    return sorted((*scene.spots, *scene.aside), key=lambda spot: natural_sort_key(spot.code))


def _where(blockage: Blockage) -> str:
    sure = next(word for least, word in _SURE if blockage.confidence >= least)
    return t("paper.map.sure", where=blocked_where(blockage), sure=t(f"paper.map.sure.{sure}"))


def _codes(codes: Sequence[str]) -> str:
    shown = t("list.comma").join(codes[:_MOST_CODES])
    return shown if len(codes) <= _MOST_CODES else t("walk.report.and_more", codes=shown, n=len(codes))
