"""From a walk's values to what its card, its buttons and its list of points show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from models.inspection.defects import defect_word
from models.inspection.levels import Level
from models.inspection.observed import DefectSeen
from models.inspection.queries import QuestionLine
from models.inspection.queries_cards import PointCard
from models.inspection.rules import DEFECT_CODES, State
from tui.i18n import language, t
from tui.paper.signs import LEVELS, STATES
from tui.screens.walk.questions import GRADES, UNSEEN_SYMBOL, answered_parts
from tui.screens.walk.state import Answer, Said, Walking, open_questions, overlay, state_in
from tui.widgets.answer_pad import PadKey
from tui.widgets.points_list import PointLine
from tui.widgets.text import Mark, Tone, cut, width
from tui.widgets.tick_list import Choice, TickLine
from tui.widgets.walk_card import CardRow, CardView, Part

SYMBOLS: Final = {level: sign.value for level, sign in LEVELS.items()}
LEVEL_KEYS: Final = {
    "1": Level.DRY,
    "2": Level.FLOWING,
    "3": Level.HALF,
    "4": Level.FULL,
    "5": Level.OVERFLOW,
    "6": Level.UNOPENED,
}
#: What volunteers meet most often comes first, so that one digit ticks it; the rest as on the form.
COMMON_DEFECTS: Final = (
    "silt",
    "cover_broken",
    "cover_missing",
    "rocking",
    "slow_flow",
    "scum",
    "crack",
    "SG",
    "fall_net",
)
DEFECT_ORDER: Final = (*COMMON_DEFECTS, *(code for code in DEFECT_CODES if code not in COMMON_DEFECTS))
_TONES: Final = {
    State.NORMAL: Tone.GOOD,
    State.WATCH: Tone.WARN,
    State.BAD: Tone.BAD,
    State.UNOPENED: Tone.INFO,
}
_STATE_SYMBOLS: Final = {state: sign.value for state, sign in STATES.items()}
_STATE_WORDS: Final = {
    State.NORMAL: "state.normal",
    State.WATCH: "state.watch",
    State.BAD: "state.bad",
    State.UNOPENED: "level.unopened",
}
_KINDS: Final = {
    "well": "point.well",
    "outfall": "point.outfall",
    "lamp": "point.lamp",
    "extinguisher": "point.extinguisher",
    "hydrant": "point.hydrant",
    "escape": "point.escape",
    "lift": "point.lift",
    "charger": "point.charger",
    "road": "point.road",
    "garden": "point.garden",
    "custom": "point.custom",
}
_LEVELS: Final = {
    Level.DRY: "level.dry",
    Level.FLOWING: "level.flowing",
    Level.HALF: "level.half",
    Level.FULL: "level.full",
    Level.OVERFLOW: "level.overflow",
    Level.UNOPENED: "level.unopened",
}
_NOTE_LINES: Final = 2
_NOTE_SHOWN: Final = 400
_LEAST_WEIGHT: Final = 11  # a longer word takes a wider button


def kind_word(kind: str) -> str:
    """Return the word for a kind of point; one of a later version stays as it is."""
    return t(_KINDS[kind]) if kind in _KINDS else kind


def level_word(level: str) -> str:
    """Return the word for a water level."""
    return t(_LEVELS[Level(level)]) if level in set(Level) else level


def defect_text(code: str) -> str:
    """Return the word for a defect."""
    return defect_word(code, "zh" if language() == "zh_CN" else "en")


def day(at: datetime) -> str:
    """Return a date as people here write it in a list."""
    return at.strftime("%Y-%m-%d")


def level_mark(level: Level) -> Mark:
    """Return a level as it stands on a button."""
    tone = {Level.HALF: Tone.WARN, Level.FULL: Tone.BAD, Level.OVERFLOW: Tone.BAD, Level.UNOPENED: Tone.INFO}
    return Mark(SYMBOLS[level], level_word(level), tone.get(level, Tone.GOOD))


def state_mark(state: State) -> Mark:
    """Return a state by itself, as the summary counts it."""
    return Mark(_STATE_SYMBOLS[state], t(_STATE_WORDS[state]), _TONES[state])


def answer_mark(answer: Answer, state: State) -> Mark:
    """Return what was said in one symbol and word; a `!` tells that there is more than the level."""
    if answer.level is None or answer.level not in set(Level):
        return state_mark(state)
    level = Level(answer.level)
    calm = level in {Level.DRY, Level.FLOWING}
    symbol = "!" if calm and state is not State.NORMAL else SYMBOLS[level]
    return Mark(symbol, level_word(level), _TONES[state])


def unseen_mark() -> Mark:
    """Return the mark of a point that nobody has seen."""
    return Mark(UNSEEN_SYMBOL, t("walk.unseen"), Tone.MUTED)


def defects_text(defects: Sequence[DefectSeen]) -> str:
    """Return defects in words, with grades."""
    comma = t("walk.comma")
    return comma.join(
        defect_text(found.code)
        if found.grade is None
        else t("walk.graded", defect=defect_text(found.code), grade=found.grade)
        for found in defects
    )


def details(answer: Answer, questions: Sequence[QuestionLine], *, fine_too: bool = False) -> list[str]:
    """Return what an answer says beside its level: mud, defects, what was answered, the note."""
    parts: list[str] = []
    if answer.mud_mm is not None:
        parts.append(t("walk.mud_of", mm=answer.mud_mm))
    if answer.defects:
        parts.append(t("walk.defects_of", defects=defects_text(answer.defects)))
    parts += answered_parts(questions, answer.answers, fine_too=fine_too)
    if answer.note:
        parts.append(t("walk.note_of", note=answer.note[:_NOTE_SHOWN].replace("\n", " ")))
    return parts


def card_view(
    walking: Walking, recorder: str, doer: str, *, tickets: Sequence[CardRow] = ()
) -> CardView | None:
    """Return what the card in front of the person shows, with the rows of its tickets; None on a walk without points."""
    card = walking.card
    if card is None:
        return None
    progress = walking.progress
    index = walking.index
    rows = [CardRow(t("walk.label.where"), (_where(card),)), *_links(card, walking.is_drain(index))]
    rows += [_last(card, walking), _now(walking)]
    if not walking.edit.empty:
        rows.append(_half_typed(walking))
    rows += tickets
    rows.append(CardRow(t("walk.label.people"), (_people(recorder, doer),), id="walk.doer"))
    title = card.name or card.where.partition(" · ")[0] or kind_word(card.kind)
    notes = [kind_word(card.kind), t("walk.place", n=index + 1, total=len(walking.cards))]
    if card.archived:
        notes.append(t("walk.archived_point"))
    elif not card.on_route:
        notes.append(t("walk.off_route"))
    if walking.view.finished_at is not None:
        notes.append(t("walks.finished"))
    return CardView(
        card.code,
        title,
        " · ".join(notes),
        t("walk.progress", seen=progress.seen, total=progress.total),
        progress.seen,
        progress.total,
        tuple(rows),
    )


def _where(card: PointCard) -> Part:
    return card.where or (t("walk.nowhere"), "$text-muted")


def _links(card: PointCard, is_drain: bool) -> list[CardRow]:  # noqa: FBT001 - one caller
    if not is_drain:
        return []
    comma = t("walk.comma")
    flow = t(
        "walk.flow",
        up=comma.join(card.upstream) or t("walk.none"),
        code=card.code,
        down=comma.join(card.downstream) or t("walk.none"),
    )
    sizes = []
    if card.diameter_mm is not None:
        sizes.append(t("walk.diameter", mm=card.diameter_mm))
    if card.depth_mm is not None:
        sizes.append(t("walk.depth", m=f"{card.depth_mm / 1000:.2f}"))
    if not card.upstream and not card.downstream:
        flow = t("walk.no_links")
    return [CardRow(t("walk.label.flow"), (flow, (f"  {' · '.join(sizes)}" if sizes else "", "$text-muted")))]


def _last(card: PointCard, walking: Walking) -> CardRow:
    label = t("walk.label.last")
    if card.last is None:
        return CardRow(label, ((t("walk.never"), "$text-muted"),))
    last = card.last
    answer = Answer(last.level, last.mud_mm, last.defects, last.answers, last.note)
    said = Said(last.id, answer, last.doer, last.at)
    return CardRow(
        label, _said_parts(said, card, walking.questions(walking.index), when=day(last.at)), most=_NOTE_LINES
    )


def _now(walking: Walking) -> CardRow:
    label = t("walk.label.now")
    said, card = walking.said[walking.index], walking.card
    if said is None or card is None:
        return CardRow(label, (unseen_mark(),), most=_NOTE_LINES)
    when = said.at.astimezone(walking.view.started_at.tzinfo).strftime("%H:%M")
    return CardRow(
        label, _said_parts(said, card, walking.questions(walking.index), when=when), most=_NOTE_LINES
    )


def _said_parts(
    said: Said, card: PointCard, questions: Sequence[QuestionLine], *, when: str
) -> tuple[Part, ...]:
    more = details(said.answer, questions)
    left = len(open_questions(questions, said.answer))
    return (
        answer_mark(said.answer, state_in(said.answer, card.diameter_mm)),
        (f"  {when} {cut(said.doer, 16)}", "$text-muted"),
        f"  {' · '.join(more)}" if more else "",
        (f"  {t('walk.open_n', n=left)}", "$text-warning") if left else "",
    )


def _half_typed(walking: Walking) -> CardRow:
    edit, index = walking.edit, walking.index
    shown = overlay(Answer(), edit, walking.questions(index))
    parts = [level_word(shown.level)] if shown.level else []
    if edit.mud is not None and shown.mud_mm is None:
        parts.append(t("walk.mud_typed", text=cut(edit.mud, 12)))
    parts += details(shown, walking.questions(index), fine_too=True)
    text = " · ".join(parts) or t("walk.emptied")
    return CardRow(t("walk.label.draft"), ((f"✎ {text}", "$text-warning"),), most=_NOTE_LINES)


def _people(recorder: str, doer: str) -> str:
    return t("walk.people", recorder=recorder or t("walk.nobody"), doer=doer or t("walk.nobody"))


def said_text(walking: Walking, index: int) -> str:
    """Return what stands at a point on one line: the level or state and whatever is said beside it."""
    said, state = walking.said[index], walking.state(index)
    if said is None or state is None:
        return str(unseen_mark())
    return " · ".join([str(answer_mark(said.answer, state)), *details(said.answer, walking.questions(index))])


def point_lines(walking: Walking) -> list[PointLine]:
    """Return all points as the list beside the card shows them."""
    lines = []
    for index, card in enumerate(walking.cards):
        said, state = walking.said[index], walking.state(index)
        mark = unseen_mark() if said is None or state is None else answer_mark(said.answer, state)
        lines.append(PointLine(card.code, mark, card.name or card.where, half_typed=index in walking.edits))
    return lines


def pad(walking: Walking, *, panel: str, finished: bool) -> tuple[tuple[PadKey, ...], ...]:
    """Return the buttons under the card; `panel` is what is open on it."""
    index = walking.index
    drain = walking.is_drain(index)
    if panel in {"defects", "checklist"}:
        return (
            (
                PadKey("walk.normal", "Enter", t("walk.pad.save"), weight=2),
                *((PadKey("walk.note", "0", t("walk.pad.page")),) if panel == "defects" else ()),
                PadKey("shell.back", "Esc", t("walk.pad.close")),
            ),
        )
    standing, proposed = walking.standing(index), walking.proposed(index)
    unsaid = walking.said[index] is None
    if panel:
        go = t("walk.pad.save")
    elif not unsaid and walking.edit.empty:
        go = t("walk.pad.next")
    elif not walking.edit.empty:
        flows = drain and unsaid and walking.edit.level is None
        go = t("walk.pad.save_flowing") if flows else t("walk.pad.save")
    else:
        go = t("walk.pad.flowing") if drain else t("walk.pad.fine")
    levels = tuple(
        PadKey(
            f"walk.{level.value}",
            key,
            level_mark(level),
            weight=max(_LEAST_WEIGHT, width(str(level_mark(level))) + 4),
            chosen=standing.level == level,
            shut=finished,
        )
        for key, level in LEVEL_KEYS.items()
    )
    noted = bool(proposed.note)
    more = (
        PadKey("walk.normal", "Enter", go, weight=8),
        *(
            (
                PadKey("walk.mud", "7", _with("walk.pad.mud", proposed.mud_mm), weight=4, shut=finished),
                PadKey(
                    "walk.defects",
                    "8",
                    _with("walk.pad.defects", len(proposed.defects) or None),
                    weight=5,
                    shut=finished,
                ),
                PadKey(
                    "walk.checklist",
                    "9",
                    t("walk.pad.checklist"),
                    weight=4,
                    shut=finished or not walking.questions(index),
                ),
            )
            if drain
            else (
                PadKey(
                    "walk.defects",
                    "8",
                    t("walk.pad.trouble"),
                    weight=6,
                    chosen=bool(proposed.defects),
                    shut=finished,
                ),
                PadKey(
                    "walk.checklist",
                    "9",
                    t("walk.pad.one_by_one"),
                    weight=6,
                    shut=finished or not walking.questions(index),
                ),
            )
        ),
        PadKey("walk.note", "0", t("walk.pad.note") + (" ✓" if noted else ""), weight=4, shut=finished),
        PadKey("walk.ticket", "F6", t("walk.pad.ticket"), weight=3),
    )
    return (levels, more) if drain else (more,)


def _with(key: str, value: int | None) -> str:
    return t(key) if value is None else f"{t(key)} {value}"


def defect_lines(defects: Sequence[DefectSeen]) -> list[TickLine]:
    """Return every defect with its tick and, if it is ticked, its grades."""
    found = {defect.code: defect for defect in defects}
    lines = []
    for code in DEFECT_ORDER:
        ticked = found.get(code)
        grades = (
            (
                Choice("", t("walk.no_grade"), ticked.grade is None),
                *(Choice(str(grade), str(grade), ticked.grade == grade) for grade in GRADES),
            )
            if ticked
            else ()
        )
        box = Mark("[√]", "", Tone.WARN) if ticked else Mark("[ ]", "", Tone.MUTED)
        lines.append(TickLine(box, defect_text(code), grades))
    return lines
