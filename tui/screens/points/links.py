"""Links in one line: `W07>W05 300, 3栋>W07`. What it would do stands beneath while one types; Enter does it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from models.inspection.link_plans import Effect, LinkPlan, Planned, kind_of, plan_links
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import UNDO
from tui.screens.points.base import NetworkBase, Works, perform_in_order
from tui.screens.register.words import building_word, listed
from tui.screens.walk.words import kind_word
from tui.widgets.bars import KeyView
from tui.widgets.flow import Flow
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import PAUSE, Entry
from tui.widgets.text import Line, Mark, Tone, clean
from tui.words import problem_text

SAY = action("links.say", "enter")
ADD_WELLS = action("links.add_wells", "f5")
TAKE_BACK = action("links.take_back", "f4", "ctrl+z")

_DRAFT = "links:line"
_MARKS = {
    Effect.ADD: ("+", "links.new", Tone.GOOD),
    Effect.KEEP: ("=", "links.there", Tone.MUTED),
    Effect.RESIZE: ("✎", "links.resize", Tone.WARN),
    Effect.TURN: ("⇄", "links.turn", Tone.WARN),
    Effect.RESTORE: ("+", "links.restore", Tone.WARN),
    Effect.UNKNOWN: ("?", "links.unknown", Tone.BAD),
    Effect.NOWHERE: ("×", "links.nowhere", Tone.BAD),
}
_MOST_SHOWN = 6


class LinksScreen(NetworkBase):
    """One line for many links. `upper` is a well to begin with."""

    ROOM: ClassVar[str] = "links"
    AUTO_FOCUS = "#line"
    ACTIONS: ClassVar[tuple[Action, ...]] = (SAY, ADD_WELLS, TAKE_BACK)
    DEFAULT_CSS = """
    LinksScreen #line { margin: 1 0; }
    LinksScreen.-short #line { margin: 0 0 1 0; }
    LinksScreen #wrong { color: $text-error; height: auto; display: none; }
    LinksScreen #wrong.-said { display: block; }
    LinksScreen .hint { color: $text-muted; }
    """

    def __init__(self, upper: str = "", ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self._upper = upper
        self._plan = LinkPlan()
        self._pause: Timer | None = None
        self._saying = False

    def body(self) -> ComposeResult:
        yield Flow(t("links.hint"), classes="hint")
        yield Entry(self._beginning, id="line", hint=t("links.example"))
        yield Line(id="wrong")
        yield LongList(
            (
                Column(t("links.effect"), 14, priority=8),
                Column(t("links.from"), 14, priority=9),
                Column(t("links.to"), 12, priority=9),
                Column(t("links.detail"), 20, priority=5, grow=True),
            ),
            empty=t("links.empty"),
            id="plan",
        )

    @property
    def _beginning(self) -> str:
        if self._upper:
            return f"{self._upper} > "
        return self.linli.drafts.get(_DRAFT, {}).get("line", "")

    @property
    def line(self) -> str:
        return self.query_one("#line", Entry).value

    def on_mount(self) -> None:
        self.query_one(LongList).can_focus = False
        entry = self.query_one("#line", Entry)
        entry.cursor_position = len(entry.value)
        self._show_plan(LinkPlan())
        self.reread()

    def reread(self) -> None:
        line = self.line
        self.read(lambda desk: _read(desk, line), self._show_plan, latest="plan")

    def news(self) -> None:
        self.reread()

    @on(Entry.Changed)
    def _typed(self, event: Entry.Changed) -> None:
        if not self._upper:
            self.linli.drafts[_DRAFT] = {"line": event.value}
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self.reread)

    def _show_plan(self, plan: LinkPlan) -> None:
        self._plan = plan
        wrong = self.query_one("#wrong", Line)
        wrong.show("\n".join(f"× {problem_text(problem)}" for problem in plan.problems[:3]))
        # Half a sentence is no mistake yet.
        wrong.set_class(bool(plan.problems) and not self._unfinished(plan), "-said")
        self.query_one(LongList).show(
            [_row(number, line) for number, line in enumerate(plan.lines)], keep=True
        )
        self.refresh_keys()

    def _unfinished(self, plan: LinkPlan) -> bool:
        open_ended = {"link.no_arrow", "link.end_missing"}
        return len(plan.problems) == 1 and plan.problems[0].code in open_ended

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == ADD_WELLS.id and not self._plan.missing:
            return t("links.nothing_missing")
        if action_id == TAKE_BACK.id:
            return super().why_not(UNDO.id)
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Letters are typed here, so what takes back has a key of its own.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def undo_key(self) -> str:
        return TAKE_BACK.current_keys[0]

    @on(Entry.Submitted)
    async def _submitted(self, event: Entry.Submitted) -> None:
        event.stop()
        await self.action_act(SAY.id)

    def do_take_back(self) -> None:
        self.do_undo()

    def do_say(self) -> None:
        self._say(add_wells=False)

    def do_add_wells(self) -> None:
        self._say(add_wells=True)

    def _say(self, *, add_wells: bool) -> None:
        """Do what the line says as it stands now: a fast typist presses Enter before the preview is there."""
        if self._saying:
            return
        line = self.line
        if not line.strip():
            self.flash(t("links.empty_line"))
            return
        self._saying = True

        def say(desk: Desk) -> tuple[LinkPlan, list[Outcome]]:
            plan = _read(desk, line)
            ready = not plan.problems and (add_wells or not plan.missing) and not _nowhere(plan)
            intents = plan.intents(edge.new_id, add_wells=add_wells) if ready else []
            return plan, perform_in_order(desk, intents) if intents else []

        def failed(_error: Exception) -> None:
            self._saying = False

        self.tell(say, lambda done: self._said_so(line, *done), failed=failed)

    def _said_so(self, line: str, plan: LinkPlan, outcomes: list[Outcome]) -> None:
        self._saying = False
        if not outcomes:
            self._show_plan(plan)
            self.query_one("#wrong", Line).set_class(bool(plan.problems), "-said")
            self.flash(_why_nothing(plan), Tone.WARN)
            return
        if all(outcome.refused is None for outcome in outcomes) and self.line == line:
            # The line stays for the next.
            self._upper = ""
            self.query_one("#line", Entry).value = ""
        self.note_changes(outcomes, _done_words(plan))


def _read(desk: Desk, line: str) -> LinkPlan:
    with desk.store.read() as session:
        return plan_links(session, desk.seat.compound_id, line)


def _nowhere(plan: LinkPlan) -> bool:
    return any(line.effect is Effect.NOWHERE for line in plan.lines)


def _why_nothing(plan: LinkPlan) -> str:
    if plan.problems:
        return problem_text(plan.problems[0])
    if _nowhere(plan):
        lost = [_start(line) for line in plan.lines if line.effect is Effect.NOWHERE]
        return t("links.home_unknown", homes=_some(lost))
    if plan.missing:
        return t("links.wells_unknown", n=len(plan.missing), codes=_some(plan.missing))
    return t("links.all_there")


def _done_words(plan: LinkPlan) -> str:
    done = [f"{_start(line)}→{line.end}" for line in plan.lines if line.effect is not Effect.KEEP]
    return t("links.done", n=len(done), links=_some(done))


def _some(names: list[str] | tuple[str, ...]) -> str:
    return listed([clean(name) for name in names[:_MOST_SHOWN]]) + ("…" if len(names) > _MOST_SHOWN else "")


def _start(line: Planned) -> str:
    if line.home and "-" not in line.start:
        return building_word(line.start)
    return line.start


def _row(number: int, line: Planned) -> RowView:
    symbol, word, tone = _MARKS[line.effect]
    detail = t("links.of_diameter", mm=line.diameter_mm) if line.diameter_mm is not None else ""
    if line.unknown:
        kinds = listed(list(dict.fromkeys(kind_word(kind_of(code)) for code in line.unknown)))
        detail = t("links.not_there", codes=listed(line.unknown), kind=kinds)
    elif line.effect is Effect.TURN:
        detail = listed([t("links.turns", start=line.end, end=line.start), detail])
    return RowView(
        str(number),
        (Mark(symbol, t(word), tone), _start(line), line.end, detail),
        muted=line.effect is Effect.KEEP,
    )
