"""What is doubtful about the sewer: each in words, with a jump to where it is and, where one is clear, a cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection.network_problems import Cure, NetworkProblem, network_problems
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.points.base import NetworkBase, Works
from tui.screens.points.card import PointScreen, turning
from tui.screens.register.words import listed
from tui.widgets.flow import flowed
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone
from tui.words import problem_text

OPEN = action("doubts.open", "enter")
CURE = action("doubts.cure", "2", "f6")
LINK = action("doubts.link", "3", "f5", footer=False)

_GRAVE = {"network.no_outfall", "network.no_pipes", "pipe.loop", "pipe.both_ways", "pipe.unknown_well"}


class ProblemsScreen(NetworkBase):
    """The doubts, the gravest first; the whole sentence of the chosen one stands beneath."""

    ROOM: ClassVar[str] = "doubts"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, CURE, LINK)
    DEFAULT_CSS = """
    ProblemsScreen #whole { height: auto; min-height: 2; margin-top: 1; }
    ProblemsScreen.-short #whole { margin-top: 0; }
    """

    def __init__(self, ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self.doubts: Sequence[NetworkProblem] | None = None

    @property
    def heading(self) -> str:
        if self.doubts is None:
            return super().heading
        return t("doubts.heading", n=len(self.doubts))

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("doubts.kind"), 16, priority=9),
                Column(t("doubts.points"), 14, priority=8, grow=True),
                Column(t("doubts.what"), 20, priority=5, grow=True),
                Column(t("doubts.cure"), 14, priority=7),
            ),
            empty=t("doubts.none"),
            id="doubts",
        )
        yield Line(id="whole")

    def on_mount(self) -> None:
        self.query_one(LongList).focus()
        self.reread()

    def on_screen_resume(self) -> None:
        if self.doubts is not None:
            self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(look, self._show, latest="doubts")

    def _show(self, doubts: Sequence[NetworkProblem]) -> None:
        self.doubts = doubts
        self.query_one(LongList).show([_row(place, one) for place, one in enumerate(doubts)], keep=True)
        self._tell_whole()
        self.refresh_frame()

    @property
    def doubt(self) -> NetworkProblem | None:
        """The highlighted one."""
        highlighted = self.query_one(LongList).highlighted if self.is_mounted else None
        if highlighted is None or not self.doubts:
            return None
        place = int(highlighted.partition(":")[0])
        return self.doubts[place] if place < len(self.doubts) else None

    def on_long_list_highlighted(self) -> None:
        self._tell_whole()
        self.refresh_keys()

    def _tell_whole(self) -> None:
        doubt = self.doubt
        text = problem_text(doubt.problem) if doubt is not None else ""
        # Only this breaks a Chinese sentence where it may break.
        lines = flowed(text, max(20, self.size.width - 4))
        self.query_one("#whole", Line).show("\n".join(lines))

    def on_resize(self) -> None:
        self._tell_whole()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        doubt = self.doubt
        if action_id == OPEN.id and (doubt is None or doubt.point_id is None):
            return t("doubts.about_all") if doubt is not None else t("doubts.none")
        if action_id == CURE.id and (doubt is None or doubt.cure is None):
            return t("doubts.no_cure") if doubt is not None else t("doubts.none")
        return super().why_not(action_id)

    def do_open(self) -> None:
        doubt = self.doubt
        if doubt is not None and doubt.point_id is not None:
            self.app.push_screen(PointScreen(doubt.point_id, self.works, pipe_id=doubt.pipe_id))

    def do_link(self) -> None:
        from tui.screens.points.links import LinksScreen

        doubt = self.doubt
        alone = doubt is not None and len(doubt.points) == 1
        self.app.push_screen(LinksScreen(doubt.points[0] if doubt and alone else "", ledger=self.works))

    def do_cure(self) -> None:
        doubt = self.doubt
        if doubt is None or doubt.cure is None:
            return
        if doubt.point_id is not None and doubt.other_id is not None:
            self._merge(doubt.points[1], doubt.other_id, doubt.points[0], doubt.point_id)
            return
        if doubt.pipe_id is None:
            return
        start, end = doubt.points[:2]
        if doubt.cure is Cure.DROP:
            self.change(
                [Intent("pipe.archive", {"pipe": str(doubt.pipe_id)})],
                t("points.pipe_removed", what=f"{start}→{end}"),
            )
            return
        said = t("points.turned", start=end, end=start)

        def turned(outcome: Outcome | None) -> None:
            if outcome is None:
                self.flash(t("points.gone"), Tone.WARN)
                self.reread()
            else:
                self.note_changes([outcome], said)

        self.tell(turning(doubt.pipe_id), turned)

    def _merge(self, code: str, point_id: UUID, into_code: str, into: UUID) -> None:
        """Ask first: two points that have become one cannot be told apart again."""
        intent = Intent("point.merge", {"point": str(point_id), "into": str(into)})
        said = t("points.merged", code=code, into=into_code)
        self.confirm(
            t("points.merge_question", code=code, into=into_code),
            verb=t("points.merge_verb", into=into_code),
            safe_verb=t("points.merge_not"),
            then=lambda: self.change([intent], said),
        )


def look(desk: Desk) -> Sequence[NetworkProblem]:
    with desk.store.read() as session:
        return network_problems(session, desk.seat.compound_id)


def _row(place: int, one: NetworkProblem) -> RowView:
    grave = one.problem.code in _GRAVE
    mark = Mark("×" if grave else "!", t(f"doubt.{one.problem.code}"), Tone.BAD if grave else Tone.WARN)
    cure = t(f"cure.{one.cure.value}") if one.cure is not None else ""
    return RowView(f"{place}:{one.row_id}", (mark, listed(one.points), problem_text(one.problem), cure))
