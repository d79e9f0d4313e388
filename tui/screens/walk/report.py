"""What a walk amounts to, in words: for the screen with names of wells and households, masked for the chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from textual.content import Content

from models.inspection.levels import Level
from models.inspection.locator.findings import Blockage
from models.inspection.queries_cards import PointCard, WalkSummary, summarise
from models.inspection.queries_walks import DRAINS
from models.inspection.rules import State
from models.text import mask_name
from tui import words
from tui.blocked import LEAST_CHANCE, blocked_where, by_unit, percent
from tui.i18n import t
from tui.screens.walk.questions import failed_counts, left_open
from tui.screens.walk.state import answer_of
from tui.screens.walk.store import Report
from tui.screens.walk.words import (
    answer_mark,
    day,
    defect_text,
    details,
    level_mark,
    level_word,
    state_mark,
)
from tui.widgets.text import Mark, plain

__all__ = ["blocked_where", "by_unit", "chat_text", "percent", "report_lines"]

_MOST_CODES = 24
_CANDIDATES = 3
Shown = tuple[str, str | Content]


def report_lines(report: Report) -> Iterator[Shown]:
    """Yield (class, text) of each line of the summary; `title` begins a part, `more` explains the line above."""
    yield "title", t("walk.report.counts")
    yield from _totals(report)
    if report.view.has_drains:
        yield "title", t("walk.report.blockages")
        yield from _blockages(report)
    found = list(_findings(report))
    if found:
        yield "title", t("walk.report.found")
        yield from found
    if report.findings.problems and report.view.has_drains:
        yield "title", t("walk.report.problems")
        for problem in report.findings.problems:
            yield "", words.problem_text(problem)


def _totals(report: Report) -> Iterator[Shown]:
    """Yield what was counted over all points, and what is left to do."""
    summary = summarise(report.view.cards)
    yield "", t("walk.report.seen", seen=summary.progress.seen, total=summary.progress.total)
    for counted in (list(_levels(summary)), list(_states(summary))):
        if counted:
            yield "", Content("   ").join(plain(mark) for mark in counted)
    if summary.defects:
        yield "", t("walk.report.defects", defects=_defects(summary))
    if summary.unseen:
        yield "", t("walk.report.unseen", n=len(summary.unseen), codes=_codes(summary.unseen))
    if failed := failed_counts(report.view):
        yield "warn", t("walk.report.failed", questions=_counts(failed))
    if codes := left_open(report.view):
        yield "warn", t("walk.report.left_open", n=len(codes), codes=_codes(codes))
    if report.half_typed:
        yield "warn", t("walk.report.half_typed", n=report.half_typed)


def _levels(summary: WalkSummary) -> Iterator[Mark]:
    for level in Level:
        if number := summary.levels.get(level.value):
            yield _counted(level_mark(level), number)


def _states(summary: WalkSummary) -> Iterator[Mark]:
    for state in State:
        number = summary.states.get(state.value, 0)
        # What could not be opened stands among the levels already.
        if number and (state is not State.UNOPENED or not summary.levels):
            yield _counted(state_mark(state), number)


def _counted(mark: Mark, number: int) -> Mark:
    return Mark(mark.symbol, t("walk.report.count", word=mark.word, n=number), mark.tone)


def _findings(report: Report) -> Iterator[Shown]:
    """Yield each point at which there is more to tell than how high the water stands."""
    for card in report.view.cards:
        if card.latest is None:
            continue
        state, answer = card.latest.state, answer_of(card.latest)
        said = details(answer, report.view.checklists.get(card.kind, ()))
        calm = state in {State.NORMAL, State.UNOPENED}
        if answer.note or (not calm and (said or card.kind not in DRAINS)):
            text = _finding(card, answer_mark(answer, state), said)
            yield ("" if calm else "bad" if state is State.BAD else "warn"), text


def _finding(card: PointCard, mark: Mark, said: Sequence[str]) -> str:
    place = f"{card.code} {card.name}".rstrip()
    return t("walk.report.finding", place=place, said=" · ".join([str(mark), *said]))


def _chat_findings(report: Report) -> Iterator[str]:
    """Yield the lamps and the like that want attention; neither notes nor words that were typed."""
    for card in report.view.cards:
        if card.latest is None or card.kind in DRAINS or card.latest.state is State.NORMAL:
            continue
        answer = answer_of(card.latest)
        ticked = {key: value for key, value in answer.answers.items() if not isinstance(value, str)}
        answer = replace(answer, answers=ticked, note="")
        said = details(answer, report.view.checklists.get(card.kind, ()))
        yield _finding(card, answer_mark(answer, card.latest.state), said)


def _blockages(report: Report) -> Iterator[Shown]:
    findings = report.findings
    affected: tuple[str, ...] | None = None
    if not findings.blockages:
        yield "", t("walk.report.no_blockage") if findings.read else t("walk.report.no_levels")
    for blockage in findings.blockages:
        yield "bad", f"● {blocked_where(blockage)}"
        for also in _also(blockage):
            yield "more", also
    # What to do next comes before the long reasons, so that no small screen hides it.
    if findings.open_next:
        yield "warn", t("walk.report.open_next", codes=_codes(findings.open_next))
    for blockage in findings.blockages:
        if len(findings.blockages) > 1:
            start, end = blockage.pipes[0]
            yield "", f"{start} → {end}"
        because = t("walk.semicolon").join(words.evidence_text(evidence) for evidence in blockage.evidence)
        if because:
            yield "more", t("walk.report.because", evidence=because)
        if blockage.wells:
            yield "more", t("walk.report.wells", n=len(blockage.wells), codes=_codes(blockage.wells))
        if blockage.households:
            same = blockage.households == affected
            codes = t("walk.report.same") if same else t("walk.semicolon").join(by_unit(blockage.households))
            yield "more", t("walk.report.households", n=len(blockage.households), codes=codes)
            affected = blockage.households


def _also(blockage: Blockage) -> Iterator[str]:
    others = [
        t("walk.report.candidate", start=start, end=end, percent=percent(chance))
        for (start, end), chance in list(zip(blockage.pipes, blockage.probabilities, strict=False))[1:]
        if chance >= LEAST_CHANCE
    ][:_CANDIDATES]
    if others:
        yield t("walk.report.also", pipes=t("walk.comma").join(others))


def _codes(codes: Sequence[str]) -> str:
    shown = t("walk.comma").join(codes[:_MOST_CODES])
    return shown if len(codes) <= _MOST_CODES else t("walk.report.and_more", codes=shown, n=len(codes))


def _defects(summary: WalkSummary) -> str:
    return _counts({defect_text(code): number for code, number in summary.defects.items()})


def _counts(counted: Mapping[str, int]) -> str:
    return t("walk.comma").join(f"{word} {number}" for word, number in counted.items())


def chat_text(report: Report) -> str:
    """Return the walk as text for the chat group: households by code alone, names masked, no notes."""
    view, findings = report.view, report.findings
    summary = summarise(view.cards)
    lines = [
        t("walk.chat.head", compound=report.compound, walk=view.name),
        t(
            "walk.chat.who",
            day=day(view.started_at),
            people=t("walk.comma").join(mask_name(name) for name in view.members)
            or mask_name(view.started_by),
        ),
        t("walk.report.seen", seen=summary.progress.seen, total=summary.progress.total),
    ]
    if summary.levels:
        levels = [
            t("walk.report.count", word=level_word(level.value), n=summary.levels[level.value])
            for level in Level
            if level.value in summary.levels
        ]
        lines.append(t("walk.chat.levels", levels=t("walk.comma").join(levels)))
    if summary.defects:
        lines.append(t("walk.report.defects", defects=_defects(summary)))
    if failed := failed_counts(view):
        lines.append(t("walk.report.failed", questions=_counts(failed)))
    affected: tuple[str, ...] | None = None
    if view.has_drains:
        for blockage in findings.blockages:
            lines.append(f"● {blocked_where(blockage)}")
            if blockage.households:
                same = blockage.households == affected
                codes = (
                    t("walk.report.same") if same else t("walk.semicolon").join(by_unit(blockage.households))
                )
                lines.append(t("walk.report.households", n=len(blockage.households), codes=codes))
                affected = blockage.households
        if not findings.blockages and findings.read:
            lines.append(t("walk.report.no_blockage"))
        if findings.open_next:
            lines.append(t("walk.report.open_next", codes=_codes(findings.open_next)))
    lines += _chat_findings(report)
    return "\n".join(lines)
