"""Letters to doors that owe, offered from any room: which step, for whom, printed, and noted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from models.fees.dunning import NotYet
from models.fees.queries_arrears import ArrearsLine
from models.fees.rules import STEPS, Step, Way
from tui.fee_words import step_word, sum_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.changing import Changing
from tui.screens.chat_text import offer_text
from tui.screens.fees import letters_store as store
from tui.screens.fees.arrears_words import not_yet_text
from tui.screens.fees.dunning import letter_intents
from tui.screens.fees.letters_store import Candidate
from tui.screens.tick import Tick
from tui.widgets.picker import Option
from tui.widgets.text import Tone

#: So many letters go to the printer at once: no more are carried to doors in a day, and all are one change.
MOST_LETTERS: Final = 200
#: What is spoken or sent is no letter.
PRINTED: Final = STEPS[1:]


def offer_steps(screen: Changing, line: ArrearsLine) -> None:
    """Ask which letter a door shall get; one that comes too early says what comes first."""

    def show(open_steps: dict[Step, NotYet | None]) -> None:
        options = [
            Option(
                step.value,
                step_word(step),
                t(f"letters.about.{step.value}"),
                reason=None if why is None else not_yet_text(why),
            )
            for step, why in open_steps.items()
            if step in PRINTED
        ]
        may = [step.value for step, why in open_steps.items() if step in PRINTED and why is None]
        screen.choose(
            t("letters.which", code=line.code, fen=sum_text(line.door.due_fen)),
            options,
            lambda chosen: _offer_ways(screen, Step(chosen), line),
            current=may[-1] if may else None,
        )

    screen.ask(partial(store.steps_here, household_id=line.id), show)


def _offer_ways(screen: Changing, step: Step, line: ArrearsLine) -> None:
    """Print a letter; a reminder may as well be sent to the telephone of who does not live there."""
    if step is not Step.REMINDER:
        print_letters(screen, step, [line.id])
        return
    options = [
        Option(way.value, t(f"letters.by.{way.value}"), t(f"letters.by.{way.value}_note"))
        for way in (Way.LETTER, Way.MESSAGE)
    ]

    def chosen(way: str) -> None:
        if way == Way.LETTER.value:
            print_letters(screen, step, [line.id])
        else:
            screen.ask(partial(store.text_for, step=step, household_id=line.id), send)

    def send(text: str) -> None:
        said = t("letters.copied", code=line.code)
        name = f"{step_word(step)}_{line.code}"
        screen.change(
            letter_intents([line.id], step.value, Way.MESSAGE),
            said,
            lambda _outcome: offer_text(screen, name, text, one_door=True),
        )

    screen.choose(t("letters.how", step=step_word(step), code=line.code), options, chosen)


def offer_doors(screen: Changing, step: Step, candidates: Sequence[Candidate]) -> None:
    """Let the doors be ticked that get a letter; the others are counted, each with its reason."""
    may = [one for one in candidates if not one.reason]
    if not may:
        waits = _waiting_text(candidates)
        screen.flash(
            t("letters.nobody_may", step=step_word(step), why=waits) if waits else t("letters.nobody_owes"),
            Tone.WARN,
        )
        return
    options = [
        Option(
            str(one.line.id),
            f"{one.line.code} {listed(one.line.owners)}".rstrip(),
            t("letters.of_door", fen=sum_text(one.line.door.due_fen), n=one.line.door.due_bills),
        )
        for one in may
    ]
    tick = Tick(
        t("letters.who", step=step_word(step)),
        options,
        ticked=[option.id for option in options[:MOST_LETTERS]],
        verb=t("letters.print_verb"),
        about=_waiting_text(candidates),
        needed=t("letters.tick_one"),
    )

    def chosen(ids: tuple[str, ...]) -> None:
        if len(ids) > MOST_LETTERS:
            screen.flash(t("letters.too_many", n=MOST_LETTERS), Tone.WARN)
        else:
            print_letters(screen, step, [UUID(one) for one in ids])

    screen._show_modal(tick, chosen)  # noqa: SLF001 - a dialog of the screen's own, as its forms are


def _waiting_text(candidates: Sequence[Candidate]) -> str:
    reasons: dict[str, int] = {}
    for one in candidates:
        if one.reason:
            reasons[one.reason] = reasons.get(one.reason, 0) + 1
    if not reasons:
        return ""
    return t("letters.waiting", why=listed([f"{reason} {n}" for reason, n in reasons.items()]))


def print_letters(screen: Changing, step: Step, household_ids: Sequence[UUID]) -> None:
    """Write the letters as one file to be printed; then note them, in one change that U takes back."""

    def written(done: tuple[Path, tuple[UUID, ...]]) -> None:
        path, ids = done
        if not ids:  # paid, or paused, by somebody else meanwhile
            screen.flash(t("letters.nobody_owes"), Tone.WARN)
            return
        said = t("letters.printed", n=len(ids), step=step_word(step), path=path)
        screen.change(letter_intents(ids, step.value), said)

    screen.ask(partial(store.write_letters, step=step, household_ids=tuple(household_ids)), written)
