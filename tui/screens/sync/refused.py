"""One refused entry after the other: what it was, why the server refused it, and two ways to deal with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.operations.pending import RefusedLine
from models.operations.perform import Outcome
from models.operations.settling import dismiss, resubmit
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.sync.rows import read_refused, where_of, why_refused
from tui.screens.sync.words import Where, content_words, kind_word
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Fact, Facts
from tui.widgets.text import Line, Mark, Tone
from tui.words import refusal_text

AGAIN = action("refused.again", "1", footer=False)
DROP = action("refused.drop", "2", footer=False)
SKIP = action("refused.skip", "3", "right", "n", footer=False)
BEFORE = action("refused.before", "left", "p", footer=False)
_LONG = 400  # characters of a value that a card shows


@dataclass(frozen=True, slots=True)
class _Seen:
    lines: Sequence[RefusedLine]
    where: Where


class RefusedScreen(LinliScreen):
    """Begins with the entry of that id, and goes on to the next after each."""

    ROOM: ClassVar[str] = "refused"
    DEEDS: ClassVar[tuple[Action, ...]] = (AGAIN, DROP, SKIP)
    ACTIONS: ClassVar[tuple[Action, ...]] = (*DEEDS, BEFORE)
    DEFAULT_CSS = """
    RefusedScreen #which { text-style: bold; }
    RefusedScreen #why { margin-bottom: 1; height: auto; max-height: 5; }
    RefusedScreen VerticalScroll { height: auto; max-height: 60%; scrollbar-size-vertical: 1; margin-bottom: 1; }
    """

    def __init__(self, operation_id: UUID) -> None:
        super().__init__()
        self._first = operation_id
        self._lines: Sequence[RefusedLine] = ()
        self._where: Where | None = None
        self._index = 0
        self._writing = False

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Line(id="why")
        with VerticalScroll():
            yield Facts()
        yield Deeds()

    def on_mount(self) -> None:
        self._ask()

    def news(self) -> None:
        self._ask()

    def _ask(self) -> None:
        def question(desk: Desk) -> _Seen:
            lines = read_refused(desk)
            with desk.store.read() as session:
                return _Seen(lines, where_of(desk, session, [dict(line.payload) for line in lines[:200]]))

        self.ask(question, self._take, latest="refused")

    def _take(self, seen: _Seen) -> None:
        here = self._here.id if self._here is not None else self._first
        self._lines, self._where = seen.lines, seen.where
        self._index = next(
            (index for index, line in enumerate(seen.lines) if line.id == here),
            min(self._index, max(0, len(seen.lines) - 1)),
        )
        self._draw()

    @property
    def _here(self) -> RefusedLine | None:
        return self._lines[self._index] if self._index < len(self._lines) else None

    def _draw(self) -> None:
        line, where = self._here, self._where
        which, why = self.query_one("#which", Line), self.query_one("#why", Line)
        facts = self.query_one(Facts)
        if line is None or where is None:
            which.show(t("refused.none"))
            why.show("")
            facts.show(())
        else:
            place = t("refused.place", index=self._index + 1, total=len(self._lines))
            which.show(t("refused.which", kind=kind_word(line.kind), place=place))
            why.show(Mark("×", t("refused.why", why=why_refused(line)), Tone.BAD))
            shown = [
                Fact(t("sync.who"), line.doer),
                Fact(t("sync.when"), where.when(line.made_at)),
            ]
            if line.recorder != line.doer:
                shown.append(Fact(t("refused.recorder"), line.recorder))
            with_it = sum(other.group_id == line.group_id for other in self._lines) - 1
            if with_it:
                shown.append(Fact(t("refused.with_it"), t("refused.with_n", n=with_it)))
            shown += [Fact(word, value[:_LONG]) for word, value in content_words(line.payload, where.names)]
            facts.show(shown)
        self.refresh_keys()

    def why_not(self, action_id: str) -> str | None:
        if action_id in {AGAIN.id, DROP.id, SKIP.id, BEFORE.id}:
            if self._where is None:
                return t("register.reading")
            if self._here is None:
                return t("refused.none")
            if action_id in {SKIP.id, BEFORE.id} and len(self._lines) < 2:  # noqa: PLR2004  # itself alone
                return t("refused.last")
        return super().why_not(action_id)

    def do_skip(self) -> None:
        self._go(1)

    def do_before(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        self._index = (self._index + by) % len(self._lines)
        self._draw()

    def do_again(self) -> None:
        line = self._here
        if line is None or self._writing:
            return
        self._writing = True

        def perform(desk: Desk) -> Outcome:
            with desk.store.write() as session:
                return resubmit(session, line.id, desk.acting())

        def done(outcome: Outcome) -> None:
            self._writing = False
            if outcome.refused is not None:
                self.flash(t("refused.still", why=refusal_text(outcome.refused)), Tone.BAD)
            else:
                self.flash(t("refused.did_again", kind=kind_word(line.kind)), Tone.GOOD)
            self._ask()

        self.tell(perform, done, failed=self._failed)

    def _failed(self, _error: Exception) -> None:
        self._writing = False

    def do_drop(self) -> None:
        line = self._here
        if line is not None:
            self.confirm(
                t("refused.drop_question", kind=kind_word(line.kind)),
                verb=t("refused.drop_verb"),
                then=lambda: self._drop(line),
            )

    def _drop(self, line: RefusedLine) -> None:
        def drop(desk: Desk) -> int:
            with desk.store.write() as session:
                return dismiss(session, desk.seat.compound_id, line.id)

        def dropped(_count: int) -> None:
            self.flash(t("refused.did_drop", kind=kind_word(line.kind)), Tone.GOOD)
            self._ask()

        self.tell(drop, dropped)
