"""Sync: how this laptop stands with its server, and everything that waits for a person to decide."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.replication import identity
from tui.actions import Action, action, shown_key
from tui.context import Status
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.form import FormDialog, Values
from tui.screens.sync.facts import facts_of, said_of
from tui.screens.sync.rows import (
    CONFLICTS,
    FLAGS,
    LAPTOPS,
    REFUSED,
    UNSENT,
    VIEWS,
    Overview,
    columns_of,
    overview,
    shelf_of,
)
from tui.widgets.bars import KeyView
from tui.widgets.facts import Facts
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone
from tui.words import refusal_text

SHOW = {
    CONFLICTS: action("sync.show_conflicts", "1", footer=False),
    REFUSED: action("sync.show_refused", "2", footer=False),
    FLAGS: action("sync.show_flags", "3", footer=False),
    UNSENT: action("sync.show_unsent", "4", footer=False),
    LAPTOPS: action("sync.show_laptops", "5", footer=False),
}
OPEN = action("sync.open", "enter")
NOW = action("sync.now", "f5")
UNDO = action("sync.undo", "u", "ctrl+z")
ENROL = action("sync.enrol", "f4")
NAME = action("sync.name", "f6", footer=False)
JOIN = action("sync.join", "f7", footer=False)

_LABELS = {view: f"sync.{view}" for view in VIEWS}
_EMPTY = {view: f"sync.no_{view}" for view in VIEWS}
_LONGEST_NAME = 60


class SyncScreen(LinliScreen):
    """Facts above, five lists beneath. `view` is the one to begin with, else the first in which something waits."""

    ROOM: ClassVar[str] = "sync"
    rounds_seen: int | None = None
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, NOW, UNDO, ENROL, NAME, JOIN, *SHOW.values())
    DEFAULT_CSS = """
    SyncScreen #said { height: auto; max-height: 4; margin-bottom: 1; }
    SyncScreen ViewTabs { margin-bottom: 1; }
    SyncScreen.-short #said, SyncScreen.-short ViewTabs { margin-bottom: 0; }
    SyncScreen LongList { display: none; }
    SyncScreen LongList.-shown { display: block; }
    SyncScreen #detail { height: auto; max-height: 3; color: $text-muted; }
    """

    def __init__(self, view: str = "") -> None:
        super().__init__()
        self.view = view or CONFLICTS
        self._chosen = bool(view)
        self._overview: Overview | None = None
        self._settled: list[UUID] = []

    def body(self) -> ComposeResult:
        yield Facts()
        yield Line(id="said")
        yield ViewTabs(self._views(), self.view)
        for view in VIEWS:
            yield LongList(columns_of(view), empty=t(_EMPTY[view]), lit=True, id=view)
        yield Line(id="detail")

    def on_mount(self) -> None:
        self._show_view(self.view)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    # -- what is shown

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    def reread(self) -> None:
        """Ask again how things stand; the highlight stays where it is."""

        def question(desk: Desk) -> Overview | None:
            return overview(desk) if desk.has_seat else None

        self.ask(question, self._show, latest="overview")

    def _show(self, found: Overview | None) -> None:
        if found is None:
            self.app.switch_screen(self.linli.make_room("enrol"))
            return
        self._overview = found
        self.query_one(Facts).show(facts_of(found))
        self._say()
        self.query_one(ViewTabs).views = self._views()
        if not self._chosen:
            self._chosen = True
            counts = self._counts()
            first = next((view for view in (CONFLICTS, REFUSED, FLAGS, UNSENT) if counts[view]), LAPTOPS)
            self._show_view(first)
        else:
            self._fill(keep=True)
        self.refresh_frame()

    def show_status(self, status: Status | None, *, failed: bool = False) -> None:
        before = self.rounds_seen
        super().show_status(status, failed=failed)
        self.rounds_seen = None if status is None or status.sync is None else status.sync.rounds
        if self.is_attached and self._overview is not None:
            self._say()
            if before != self.rounds_seen:
                if self._said[0] == t("sync.asked"):
                    self.flash("")  # the answer stands above by now
                self.reread()

    def _say(self) -> None:
        if self._overview is not None:
            self.query_one("#said", Line).show(said_of(self._overview, self.linli.status))

    def _counts(self) -> dict[str, int]:
        if self._overview is None:
            return {}
        waits = self._overview.waits
        return {
            CONFLICTS: waits.conflicts,
            REFUSED: waits.refused,
            FLAGS: waits.flags,
            UNSENT: waits.unsent + waits.held if self._overview.contact is not None else 0,
            LAPTOPS: self._overview.laptops,
        }

    def _views(self) -> tuple[View, ...]:
        counts = self._counts()
        return tuple(
            View(
                view,
                shown_key(SHOW[view].current_keys[0]),
                t(_LABELS[view]),
                str(counts[view]) if counts.get(view) else "",
            )
            for view in VIEWS
        )

    def _show_view(self, view: str) -> None:
        self.view = view
        self.query_one(ViewTabs).current = view
        for one in VIEWS:
            self.query_one(f"#{one}").set_class(one == view, "-shown")
        self.shown.focus()
        self.query_one("#detail", Line).show("")
        self._fill(keep=False)
        self.refresh_keys()

    def _fill(self, *, keep: bool) -> None:
        shelf = shelf_of(self.view)

        def count(desk: Desk) -> int:
            return shelf.count(desk) if desk.has_seat else 0

        self.shown.show(self.source(count, shelf.page), keep=keep)

    def on_long_list_emptied(self) -> None:
        self.on_long_list_highlighted()

    def on_long_list_highlighted(self) -> None:
        row = self.shown.highlighted_row
        self.query_one("#detail", Line).show("" if row is None else str(row.cells[-1]))
        self.refresh_keys()

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._show_view(event.view_id)

    def do_show_conflicts(self) -> None:
        self._show_view(CONFLICTS)

    def do_show_refused(self) -> None:
        self._show_view(REFUSED)

    def do_show_flags(self) -> None:
        self._show_view(FLAGS)

    def do_show_unsent(self) -> None:
        self._show_view(UNSENT)

    def do_show_laptops(self) -> None:
        self._show_view(LAPTOPS)

    # -- keys

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id:
            return self._why_not_open()
        if action_id == UNDO.id and not self._settled:
            return t("sync.nothing_to_undo")
        linked = self._overview is not None and self._overview.contact is not None
        if action_id == NOW.id and not linked:
            return t("sync.not_linked")
        if action_id == JOIN.id and (self._overview is None or self._overview.beside is None):
            return t("sync.nothing_beside")
        return super().why_not(action_id)

    def _why_not_open(self) -> str | None:
        if self.view == UNSENT:
            return t("sync.goes_by_itself")
        if not self.is_mounted or self.shown.highlighted is None:
            return t("sync.nothing_here")
        if self.view == LAPTOPS and self.shown.highlighted != self._own_id():
            return t("sync.named_there")
        return None

    def _own_id(self) -> str:
        own = None if self._overview is None else self._overview.where.own
        return "" if own is None else str(own)

    def key_views(self) -> tuple[KeyView, ...]:
        """Return the keys; Enter says what it does in this list."""
        hidden = set() if self._wants_enrolment() else {ENROL.id}
        if self.view != FLAGS:
            hidden.add(UNDO.id)
        return tuple(
            replace(view, label=t(f"sync.open_{self.view}")) if view.action_id == OPEN.id else view
            for view in super().key_views()
            if view.action_id not in hidden and not (view.action_id == OPEN.id and self.view == UNSENT)
        )

    def _wants_enrolment(self) -> bool:
        contact = None if self._overview is None else self._overview.contact
        return self._overview is not None and (contact is None or contact.state == "revoked")

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    # -- deeds

    def do_open(self) -> None:
        row_id = self.shown.highlighted
        if row_id is None:
            return
        if self.view == CONFLICTS:
            from tui.screens.sync.conflict import ConflictScreen

            self.app.push_screen(ConflictScreen(UUID(row_id)))
        elif self.view == REFUSED:
            from tui.screens.sync.refused import RefusedScreen

            self.app.push_screen(RefusedScreen(UUID(row_id)))
        elif self.view == FLAGS:
            self._settle(row_id)
        elif self.view == LAPTOPS:
            self.do_name()

    def _settle(self, flag_id: str) -> None:
        def settle(desk: Desk) -> Outcome:
            return desk.perform(Intent("flag.settle", {"flag": flag_id}))

        def settled(outcome: Outcome) -> None:
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
                return
            self._settled.append(outcome.group_id)
            self.flash(t("sync.flag_settled"), Tone.GOOD)
            self.reread()

        self.tell(settle, settled)

    def do_undo(self) -> None:
        group_id = self._settled[-1]

        def undo(desk: Desk) -> Outcome:
            return desk.undo(group_id)

        def undone(outcome: Outcome) -> None:
            if group_id in self._settled:
                self._settled.remove(group_id)
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
            else:
                self.flash(t("sync.flag_reopened"), Tone.GOOD)
            self.reread()

        self.tell(undo, undone)

    def do_now(self) -> None:
        def now(desk: Desk) -> None:
            desk.sync_now()

        self.ask(now, lambda _nothing: self.flash(t("sync.asked"), Tone.INFO))

    def do_enrol(self) -> None:
        contact = None if self._overview is None else self._overview.contact
        name = "" if self._overview is None else self._overview.name
        self.linli.enter("enrol", url="" if contact is None else contact.url, called=name)

    def do_join(self) -> None:
        from tui.screens.sync.join import JoinScreen

        if self._overview is not None and self._overview.beside is not None:
            self.app.push_screen(JoinScreen(*self._overview.beside))

    def do_name(self) -> None:
        name = "" if self._overview is None else self._overview.name
        form = FormDialog(
            t("sync.name_title"),
            [
                TextField(
                    "name",
                    t("sync.laptop_name"),
                    value=name,
                    required=True,
                    longest=_LONGEST_NAME,
                    hint=t("sync.name_hint"),
                )
            ],
        )
        self._show_modal(form, self._call)

    def _call(self, values: Values) -> None:
        name = str(values["name"])
        self.tell(partial(_keep_name, name=name), lambda _nothing: self._named(name))

    def _named(self, name: str) -> None:
        self.flash(t("sync.named", name=name), Tone.GOOD)
        self.reread()


def _keep_name(desk: Desk, *, name: str) -> None:
    with desk.store.write() as session:
        identity.call(session, name)
