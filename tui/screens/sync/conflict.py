"""One conflict after the other: two values beside each other, and one key for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.operations.envelope import Intent
from models.operations.pending import ConflictView
from models.operations.perform import Outcome
from models.operations.settling import Choice
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.i18n import has, t
from tui.screens.asking import known
from tui.screens.base import LinliScreen
from tui.screens.sync.rows import ids_about, read_conflicts, row_name, row_word, where_of
from tui.screens.sync.words import Where, field_word, value_words
from tui.widgets.text import Line, Tone
from tui.widgets.versus import Side, Versus
from tui.words import refusal_text

KEEP = action("conflict.keep", "1", "enter")
TAKE = action("conflict.take", "2")
SKIP = action("conflict.skip", "3", "right", "n")
BEFORE = action("conflict.before", "left", "p", footer=False)
UNDO = action("conflict.undo", "u", "ctrl+z")


@dataclass(frozen=True, slots=True)
class _Seen:
    """The conflicts as they were read, and what words need for the one in front."""

    views: Sequence[ConflictView]
    where: Where


def _about(view: ConflictView) -> str:
    """Return what there is to choose; of some fields it is told in words of their own."""
    own = f"conflict.about.{view.field}"
    return t(own) if has(own) else t("conflict.about")


def _verb(view: ConflictView, choice: str) -> str:
    """Return what choosing a side means; of some fields, where both stand until then, in words of their own."""
    own = f"conflict.choose.{view.field}"
    return t(own) if has(own) else t(f"conflict.{choice}_this")


class ConflictScreen(LinliScreen):
    """Begins with the conflict of that id, and goes on to the next after each choice."""

    ROOM: ClassVar[str] = "conflict"
    ACTIONS: ClassVar[tuple[Action, ...]] = (KEEP, TAKE, SKIP, UNDO, BEFORE)
    DEFAULT_CSS = """
    ConflictScreen #which { text-style: bold; }
    ConflictScreen #about { color: $text-muted; margin-bottom: 1; }
    ConflictScreen Versus { margin-bottom: 1; }
    """

    def __init__(self, conflict_id: UUID) -> None:
        super().__init__()
        self._views: list[ConflictView] = []
        self._where: Where | None = None
        self._first = conflict_id
        self._index = 0
        self._read = False
        self._writing = False
        #: What was chosen here, newest last: one may choose again.
        self._chosen: list[tuple[ConflictView, Choice]] = []
        self._again: Choice | None = None

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Line(id="about")
        yield Versus()

    def on_mount(self) -> None:
        self._ask()

    def news(self) -> None:
        self._ask()

    def _ask(self) -> None:
        def question(desk: Desk) -> _Seen:
            views = read_conflicts(desk)
            with desk.store.read() as session:
                values = [ids_about(view) for view in views[:500]]
                return _Seen(views, where_of(desk, session, values))

        self.ask(question, self._take, latest="conflicts")

    def _take(self, seen: _Seen) -> None:
        if self._writing or self._again is not None:
            return
        here = self._here.id if self._here is not None else self._first
        gone = {view.id for view, _ in self._chosen}
        self._views = [view for view in seen.views if view.id not in gone]
        self._where, self._read = seen.where, True
        self._index = next(
            (index for index, view in enumerate(self._views) if view.id == here),
            min(self._index, max(0, len(self._views) - 1)),
        )
        self._draw()

    @property
    def _here(self) -> ConflictView | None:
        return self._views[self._index] if self._index < len(self._views) else None

    def _draw(self) -> None:
        view, where = self._here, self._where
        which, about = self.query_one("#which", Line), self.query_one("#about", Line)
        versus = self.query_one(Versus)
        if view is None or where is None:
            which.show(t("conflict.none"))
            about.show("")
            versus.sides = ()
        else:
            place = t("conflict.place", index=self._index + 1, total=len(self._views))
            which.show(
                t("conflict.which", row=row_word(view, where), field=field_word(view.field), place=place)
            )
            about.show(_about(view) if self._again is None else t(f"conflict.again_{self._again}"))
            versus.sides = (
                Side(
                    KEEP.id,
                    shown_key(KEEP.current_keys[0]),
                    _verb(view, "keep"),
                    value_words(view.field, view.kept, where.names),
                    (where.writer(view.kept_by),),
                ),
                Side(
                    TAKE.id,
                    shown_key(TAKE.current_keys[0]),
                    _verb(view, "take"),
                    value_words(view.field, view.lost, where.names),
                    (where.loser(view.kept_by, view.lost_by),),
                ),
            )
        self.refresh_keys()

    def why_not(self, action_id: str) -> str | None:
        if action_id in {KEEP.id, TAKE.id, SKIP.id, BEFORE.id}:
            if not self._read:
                return t("register.reading")
            if self._here is None:
                return t("conflict.none")
            if action_id in {SKIP.id, BEFORE.id} and len(self._views) < 2:  # noqa: PLR2004  # itself alone
                return t("conflict.last")
        if action_id == UNDO.id and not self._chosen:
            return t("conflict.nothing_chosen")
        return super().why_not(action_id)

    async def on_versus_chosen(self, event: Versus.Chosen) -> None:
        await self.action_act(event.action_id)

    def do_skip(self) -> None:
        self._go(1)

    def do_before(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        self._again = None
        self._index = (self._index + by) % len(self._views)
        self._draw()

    def do_keep(self) -> None:
        self._choose(Choice.KEEP)

    def do_take(self) -> None:
        self._choose(Choice.TAKE)

    def _choose(self, choice: Choice) -> None:
        view = self._here
        if view is None or self._writing:
            return  # a second key while the first is on its way would meet the next conflict
        self._writing = True

        def perform(desk: Desk) -> Outcome:
            return desk.perform(
                Intent("conflict.resolve", {"conflict": str(view.id), "choice": choice.value})
            )

        def failed(_error: Exception) -> None:
            self._writing = False

        self.tell(perform, lambda outcome: self._judged(view, choice, outcome), failed=failed)

    def _judged(self, view: ConflictView, choice: Choice, outcome: Outcome) -> None:
        self._writing = False
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            return
        self._again = None
        self._chosen = [(one, taken) for one, taken in self._chosen if one.id != view.id]
        self._chosen.append((view, choice))
        self._views = [one for one in self._views if one.id != view.id]
        self._index = 0 if self._index >= len(self._views) else self._index
        where = known(self._where)
        value = value_words(view.field, view.kept if choice is Choice.KEEP else view.lost, where.names)
        self.flash(t(f"conflict.did_{choice}", row=row_name(view, where), value=value[:200]), Tone.GOOD)
        self._draw()

    def do_undo(self) -> None:
        """Put the last one back before the person: choosing again is how a choice is taken back."""
        view, choice = self._chosen[-1]
        self._views = [view, *(one for one in self._views if one.id != view.id)]
        self._index, self._again = 0, choice
        self._draw()
