"""The key that reports what is wrong with the point on the card, and what the card says of tickets there."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from models.inspection.observed import DefectSeen
from models.tickets.queries_rechecks import PointTicket
from tui import edge, words
from tui.desk import Desk
from tui.i18n import t
from tui.screens.tickets.from_point import point_slip
from tui.screens.walk import store
from tui.screens.walk import ticket_store as tickets
from tui.screens.walk.answering import WalkAnswering
from tui.screens.walk.state import Answer, Edit, Step, overlay, unreadable
from tui.ticket_words import SIGNS, state_word
from tui.widgets.text import Mark, Tone, cut
from tui.widgets.walk_card import CardRow

#: What is wrong with a point of which nobody has said more.
_SOMETHING: Final = Edit(defects=(DefectSeen("other", None, ""),))
_WORDS_SHOWN: Final = 40


class WalkTicketing(WalkAnswering):
    """A walk from which tickets are raised. What is on the card is recorded with them, as one group."""

    _tickets = tickets.PointTickets()
    _raising = False

    def read_tickets(self) -> None:
        """Ask what stands at the points of this walk, after whatever was just written."""
        walking = self.walking
        if walking is not None:
            points = [card.point_id for card in walking.cards]
            self.tell(lambda desk: tickets.look(desk, points), self._take_tickets)

    def _take_tickets(self, found: tickets.PointTickets) -> None:
        self._tickets = found
        self.draw()

    def ticket_rows(self) -> tuple[CardRow, ...]:
        """Return what the card says of tickets at its point: those under way, and one whose work is to be looked at."""
        card = self._here().card
        if card is None:
            return ()
        label = t("walk.label.tickets")
        rows = [
            CardRow(
                label,
                (
                    Mark(SIGNS[one.state], f"{one.code} {state_word(one.state)}", Tone.WARN),
                    f"  {cut(one.what, _WORDS_SHOWN)}",
                ),
            )
            for one in self._tickets.open.get(card.point_id, ())
        ]
        again = self._tickets.again.get(card.point_id)
        if again is not None and not self._seen_since(again.since):
            rows.append(CardRow(label, (Mark("↻", t("walk.look_again", code=again.code), Tone.INFO),)))
        return tuple(rows)

    def _seen_since(self, since: datetime) -> bool:
        walking = self._here()
        said = walking.said[walking.index]
        return said is not None and said.at > since

    # -- the key

    def do_ticket(self) -> None:
        """Record what is on the card and report it; what is recorded already is reported as it stands."""
        walking = self._here()
        index = walking.index
        if self._raising:
            return  # a key pressed twice must not raise two
        if self.panel:
            self.close_panel()
        answer = self._answer_to_report(index)
        if answer is None:
            return
        said = walking.said[index]
        standing = self._standing(index)
        if standing is not None and said is not None and answer == said.answer and said.id in standing.seen:
            self.linli.enter("report_ticket", observation_id=said.id)
            return
        self._raise(index, answer, standing)

    def _standing(self, index: int) -> PointTicket | None:
        """Return the ticket that stands at a point: the one that knows what was seen there, else the oldest."""
        walking = self._here()
        here = self._tickets.open.get(walking.cards[index].point_id, ())
        said = walking.said[index]
        knows = (one for one in here if said is not None and said.id in one.seen)
        return next(knows, here[0] if here else None)

    def _answer_to_report(self, index: int) -> Answer | None:
        """Return what is wrong at a point, None when that has yet to be said."""
        walking = self._here()
        edit, said = walking.edit, walking.said[index]
        questions = walking.questions(index)
        if unreadable(edit, questions) is not None:
            self.flash(t("walk.ticket_unreadable"), Tone.BAD)
            return None
        if said is not None:
            return overlay(said.answer, edit, questions)
        if self.finished:
            self.flash(t("walk.is_finished"), Tone.WARN)
            return None
        if walking.is_drain(index) and edit.level is None:
            self.flash(t("walk.level_first"), Tone.WARN)
            return None
        base = Answer() if walking.is_drain(index) else walking.fine(index)
        return overlay(base, _SOMETHING if edit.empty else edit, questions)

    def _raise(self, index: int, answer: Answer, standing: PointTicket | None) -> None:
        walking = self._here()
        card, said = walking.cards[index], walking.said[index]
        subject = store.point_subject(walking.view.id, card.point_id)
        if said is None or answer != said.answer:
            step = walking.say(index, answer, new=edge.new_id(), doer=self.doer, at=edge.clock())
            observing = store.observing(walking, step, self.doer_id)
            self.forget_draft(subject)
        else:
            # Nothing new is said of the point: taking this step back takes the ticket alone.
            step, observing = Step(index, said.id, said, said), None
            walking.steps.append(step)
        slip = point_slip(
            card.point_id,
            card.kind,
            card.code,
            seen_as=answer,
            questions=walking.questions(index),
            observation_id=step.id,
        )
        self.version += 1
        self.writing += 1
        self._raising = True
        doer_id = self.doer_id

        def raise_it(desk: Desk) -> tickets.Raised:
            made = tickets.raise_ticket(
                desk, slip, observing=observing, standing=standing, doer_id=doer_id, subject=subject
            )
            step.group_id = None if made.outcome.refused is not None else made.outcome.group_id
            return made

        def failed(_error: Exception) -> None:
            self._not_raised(step, recorded=observing is not None)

        self.tell(
            raise_it, lambda made: self._raised(step, made, recorded=observing is not None), failed=failed
        )
        self.draw()

    def _raised(self, step: Step, made: tickets.Raised, *, recorded: bool) -> None:
        self._raising = False
        if made.outcome.refused is not None:
            self.flash(words.refusal_text(made.outcome.refused), Tone.BAD)
            self._not_raised(step, recorded=recorded)
            return
        code = self._here().cards[step.index].code
        told = "walk.ticket_raised" if made.is_new else "walk.ticket_linked"
        self.flash(t(told, ticket=made.code, code=code), Tone.GOOD)
        self.read_tickets()
        self.written()

    def _not_raised(self, step: Step, *, recorded: bool) -> None:
        self._raising = False
        if recorded:
            self.not_recorded(step)
            return
        steps = self._here().steps
        if step in steps:
            steps.remove(step)
        self.writing -= 1
        self.leaving = False

    def do_undo(self) -> None:
        super().do_undo()
        self.read_tickets()
