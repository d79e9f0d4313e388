"""交接班: at the end of a shift every baton goes to somebody by name or is kept with a reason; then one checks out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Vertical

from models.operations.perform import Outcome
from models.tickets.queries import TicketLine
from tui import edge
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.row_words import listed
from tui.screens.asking import known
from tui.screens.changing import Ledger
from tui.screens.drafted import Drafted
from tui.screens.duty import handover_rows as r
from tui.screens.duty import handover_store as store
from tui.screens.duty.handover_store import Leaving
from tui.screens.duty.handover_words import Decision, undecided
from tui.screens.form import FormDialog
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.fields import TextField
from tui.widgets.form import Form, PickLine
from tui.widgets.long_list import LongList
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone
from tui.words import refusal_text

ALL = action("handover.all", "f3", footer=False)
GIVE = action("handover.give", "f5", "1", footer=False)
KEEP = action("handover.keep", "f6", "2", footer=False)
UNSAY = action("handover.unsay", "f7", "3", footer=False)
OUT = action("handover.out", "f2", "ctrl+s")
_DEEDS = (ALL, GIVE, KEEP, UNSAY)
_LINE = 100
_OF_BATONS = frozenset(one.id for one in _DEEDS)


class HandOverPage(Drafted):
    """Batons above, what is left behind beneath them. F2 checks out, but never silently over a baton."""

    ROOM: ClassVar[str] = "handover"
    CSS_PATH: ClassVar[str | Path] = "handover.tcss"
    DEEDS: ClassVar[tuple[Action, ...]] = _DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (OUT, *_DEEDS)
    AUTO_FOCUS = ""

    def __init__(self, checkin_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.checkin_id = checkin_id
        self.leaving: Leaving | None = None
        self._decisions: dict[str, Decision] = {}
        self._saving = False

    @property
    def draft(self) -> str:
        return store.draft_of(self.checkin_id)

    def body(self) -> ComposeResult:
        yield Line(id="head")
        batons = LongList(r.columns(), id="batons")
        batons.empty = t("handover.no_batons")
        yield batons
        yield Deeds()
        yield Vertical(id="left")

    @property
    def heading(self) -> str:
        here = self.leaving
        return super().heading if here is None else f"{super().heading} · {here.came.name}"

    # -- what is shown

    def on_mount(self) -> None:
        # In the write thread: it comes after what was typed here a moment ago.
        self.tell(partial(store.leaving, checkin_id=self.checkin_id), self._take_up)

    def on_screen_resume(self) -> None:
        if self.leaving is not None:
            self.reread()

    def news(self) -> None:
        self.on_screen_resume()

    def reread(self) -> None:
        self.read(partial(store.leaving, checkin_id=self.checkin_id), self._again, latest="leaving")

    async def _take_up(self, leaving: Leaving | None) -> None:
        if leaving is None:
            self.flash(t("handover.gone"), Tone.WARN)
            return
        self.leaving = leaving
        draft = leaving.draft
        self._decisions = {
            key: Decision.from_kept(values) for key, values in draft.get("decisions", {}).items()
        }
        form = Form(r.left_fields(leaving), draft=draft.get("texts", {}), drafts=self._typing)
        await self.query_one("#left", Vertical).mount(form)
        self._show()
        if leaving.batons:
            self.query_one(LongList).focus()
        else:
            form.rows[0].control.focus()
        if draft:
            self.flash(t("form.restored"))

    def _again(self, leaving: Leaving | None) -> None:
        if leaving is not None:
            self.leaving = leaving
            self._show()

    def _show(self) -> None:
        here = known(self.leaving)
        self.query_one("#head", Line).show(r.head_words(here))
        self._decisions = {
            key: said for key, said in self._decisions.items() if key in {str(one.id) for one in here.batons}
        }
        rows = r.baton_rows(here.batons, self._decisions)
        self.query_one(LongList).show(rows, keep=True)
        self.refresh_frame()

    # -- drafts

    def _typing(self, _texts: dict[str, str]) -> None:
        self.keep_soon()

    def half_typed(self) -> Mapping[str, Any]:
        here = self.leaving
        if here is None:
            return {}
        usual = {made.id: made.value for made in r.left_fields(here)}
        texts = {
            name: text
            for form in self.query(Form)
            for name, text in form.texts.items()
            if text != usual.get(name, "")
        }
        if not texts and not self._decisions:
            return {}
        return {
            "texts": texts,
            "decisions": {key: said.kept() for key, said in self._decisions.items()},
        }

    def clear(self) -> None:
        """Show the page as it was before anything was typed."""
        self._decisions = {}
        usual = {made.id: made.value for made in r.left_fields(known(self.leaving))}
        for row in self.query_one(Form).rows:
            if isinstance(row.control, Entry | PickLine):
                row.control.value = usual[row.field.id]
        self._show()

    # -- the batons

    @property
    def baton(self) -> TicketLine | None:
        """The highlighted one."""
        if self.leaving is None or not self.is_mounted:
            return None
        chosen = self.query_one(LongList).highlighted
        return next((one for one in self.leaving.batons if str(one.id) == chosen), None)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(GIVE.id)

    def why_not(self, action_id: str) -> str | None:
        here = self.leaving
        if action_id in {one.id for one in self.ACTIONS} and here is None:
            return t("list.reading")
        if action_id in _OF_BATONS and here is not None:
            return self._baton_lacks(action_id, here)
        if action_id == OUT.id and here is not None and here.came.left_at is not None:
            return t("handover.out_already", person=here.came.name)
        return super().why_not(action_id)

    def _baton_lacks(self, action_id: str, here: Leaving) -> str | None:
        baton = self.baton
        lacks = {
            "handover.no_batons": not here.batons,
            "handover.no_next_why": action_id == ALL.id and not here.next,
            "handover.choose_baton": action_id != ALL.id and baton is None,
            "handover.nothing_said": action_id == UNSAY.id
            and baton is not None
            and str(baton.id) not in self._decisions,
        }
        return next((t(key) for key, lacking in lacks.items() if lacking), None)

    def deed_views(self) -> tuple[KeyView, ...]:
        """Name the next on the roster in the deed that hands all to them."""
        views = super().deed_views()
        if self.leaving is None or not self.leaving.next:
            return views
        label = t("handover.all_to", person=self.leaving.next[0].name)
        return tuple(
            KeyView(view.action_id, view.key, label, view.reason) if view.action_id == ALL.id else view
            for view in views
        )

    def _say(self, baton: TicketLine, decision: Decision | None) -> None:
        if decision is None:
            self._decisions.pop(str(baton.id), None)
        else:
            self._decisions[str(baton.id)] = decision
        self._show()
        self.keep_soon()

    def do_all(self) -> None:
        """Hand everything that nobody has decided on to the next on the roster."""
        here = known(self.leaving)
        first = here.next[0]
        left = undecided(here.batons, self._decisions)
        for baton in left:
            self._decisions[str(baton.id)] = Decision(str(first.person_id), first.name)
        self._show()
        self.keep_soon()
        self.flash(t("handover.all_given", n=len(left), person=first.name), Tone.GOOD)

    def do_give(self) -> None:
        baton, here = known(self.baton), known(self.leaving)
        names = {one.id: one.text for one in here.people}
        first = [one for one in here.people if one.id in {str(next_.person_id) for next_ in here.next}]
        options = [*first, *(one for one in here.people if one not in first)]

        def chosen(person: str) -> None:
            self._say(baton, Decision(person, names[person]))
            self._step()

        self.choose(t("handover.give_to", code=baton.code), options, chosen)

    def do_keep(self) -> None:
        baton = known(self.baton)
        said = self._decisions.get(str(baton.id))
        field = TextField(
            id="words",
            label=t("handover.why_kept"),
            value=said.words if said is not None else "",
            required=True,
            longest=_LINE,
        )

        def typed(values: dict[str, Any]) -> None:
            self._say(baton, Decision(words=str(values["words"])))
            self._step()

        self._show_modal(FormDialog(t("handover.keep_title", code=baton.code), [field]), typed)

    def do_unsay(self) -> None:
        self._say(known(self.baton), None)

    def _step(self) -> None:
        """Go on to the next baton of which nothing is said."""
        here = known(self.leaving)
        left = undecided(here.batons, self._decisions)
        if left:
            self.query_one(LongList).move_to(here.batons.index(left[0]))

    # -- going

    async def on_form_finished(self) -> None:
        await self.action_act(OUT.id)

    def do_out(self) -> None:
        """Hand over and check out as one change; over batons without a word nobody does."""
        here = known(self.leaving)
        values = self.query_one(Form).values()
        if self._saving or values is None:
            return
        left = undecided(here.batons, self._decisions)
        if left:
            give, keep = (shown_key(one.current_keys[0]) for one in (GIVE, KEEP))
            codes = listed([one.code for one in left[:3]]) + ("…" if len(left) > 3 else "")  # noqa: PLR2004
            self.flash(t("handover.still_open", n=len(left), codes=codes, give=give, keep=keep), Tone.BAD)
            self.query_one(LongList).move_to(here.batons.index(left[0]))
            self.query_one(LongList).focus()
            return
        intents = r.going(here, self._decisions, values, edge.new_id)
        self._saving = True

        def failed(_error: Exception) -> None:
            self._saving = False

        self.tell(
            partial(store.save, intents=intents, checkin_id=self.checkin_id),
            self._saved,
            failed=failed,
        )

    def do_back(self) -> None:
        if self._saving:  # a hand-over that is refused has to find its page
            self.flash(t("register.saving"))
        else:
            super().do_back()

    def _saved(self, outcome: Outcome) -> None:
        self._saving = False
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
            self.reread()
            return
        here = known(self.leaving)
        self.kept()
        handed = sum(bool(said.to) for said in self._decisions.values())
        kept = len(self._decisions) - handed
        key = "handover.done_with" if self._decisions else "handover.done"
        said = t(key, person=here.came.name, handed=handed, kept=kept)
        self.ledger.done.append((outcome.group_id, said))
        self.dismiss()
