"""Take a question in: who asks, where, what. Before it is saved, what stands near is shown, and can be joined."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.binding import Binding, BindingType
from textual.timer import Timer

from models.tickets.queries_near import NearTicket
from tui.actions import variants
from tui.i18n import t
from tui.screens.register.words import verdict_words
from tui.screens.tickets import report_store as store
from tui.screens.tickets.report_asking import ReportAsking
from tui.screens.tickets.report_rows import NEW, near_rows
from tui.screens.tickets.report_state import Slip
from tui.screens.tickets.report_words import say
from tui.widgets import search
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.text import Line, Tone
from tui.words import refusal_text

_AGAIN, _PAGE, _CARD, _UNDO = "again", "page", "card", "undo"


class ReportTicket(ReportAsking):
    """One report on one page. What the room is entered with is filled in."""

    ROOM: ClassVar[str] = "report_ticket"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(variants(str(digit))), f"near({digit})") for digit in range(1, 10)
    ]

    def __init__(
        self,
        *,
        household_id: UUID | None = None,
        person_id: UUID | None = None,
        point_id: UUID | None = None,
        building_id: UUID | None = None,
        observation_id: UUID | None = None,
        text: str = "",
    ) -> None:
        super().__init__(store.Given(household_id, person_id, point_id, building_id, observation_id, text))
        self._nearby = store.Nearby()
        #: The tickets that somebody has had before their eyes: of those they need no warning.
        self._met: frozenset[UUID] = frozenset()
        self._soon: Timer | None = None
        self._saving = False
        self._given_back: dict[UUID, Slip] = {}

    def reread(self) -> None:
        self.look_around()

    def news(self) -> None:
        self.look_around()

    # -- what is near

    def look_around(self, *, soon: bool = False) -> None:
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        if self.begun is None:
            return
        if soon:
            self._soon = self.set_timer(search.PAUSE, self.look_around)
            return
        slip, category = self.slip, self.kind.code
        self.ask(lambda desk: store.nearby(desk, slip, category), self._show_near, latest="near")

    def _show_near(self, nearby: store.Nearby) -> None:
        self._nearby = nearby
        self._met |= _ids(nearby)
        clock = self.clock
        self.query_one("#near", LongList).show(near_rows(nearby, clock, self.slip), keep=True)
        words = say(nearby.incidents, clock)
        told = self.query_one("#say", Line)
        told.show(words)
        told.display = bool(words)

    def action_near(self, digit: int) -> None:
        """Do what the row with this digit offers."""
        rows = near_rows(self._nearby, self.clock, self.slip)
        if self.field == "near" and digit < len(rows):
            self._near_picked(rows[digit].id)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        if event.list.id == "near":
            self._near_picked(event.row_id)

    def _near_picked(self, row_id: str) -> None:
        kind, _, rest = row_id.partition(":")
        if kind == NEW:
            self.do_save()
        elif kind == "incident":
            incident = next(one for one in self._nearby.incidents if str(one.id) == rest)
            self.note(self.slip.with_or_without(incident))
            self._show_near(self._nearby)
        elif self._ready():
            self._save(next(one for one in self._nearby.tickets if str(one.ticket.id) == rest))

    # -- saving

    def _ready(self) -> bool:
        """Tell whether there is something to save; what was typed as a name or a place and not taken is one."""
        if self._saving:
            return False
        if not self.slip.what.strip():
            self.flash(t("ticket_report.what_first"), Tone.WARN)
            self.go("what")
            return False
        if self.slip.typed.strip():
            self.flash(t("ticket_report.typed_left", text=self.slip.typed.strip()), Tone.WARN)
            self.go("who")
            return False
        return True

    def do_save(self) -> None:
        """Look once more before saving: a fast typist saves before anybody can have seen what is near."""
        if self._ready():
            slip, category = self.slip, self.kind.code
            # Under a name of its own: a look around that follows must not take the place of this one.
            self.ask(lambda desk: store.nearby(desk, slip, category), self._save_unless, latest="save")

    def _save_unless(self, nearby: store.Nearby) -> None:
        met = self._met
        self._show_near(nearby)
        if _ids(nearby) - met:
            self.go("near")
            self.flash(t("ticket_report.near_first", n=len(nearby.tickets)), Tone.WARN)
        else:
            self._save(None)

    def _save(self, into: NearTicket | None) -> None:
        if self._saving:
            return  # a second Enter while the first is on its way would report it twice
        self._saving = True
        slip, category, draft = self.slip, self.kind.code, self.given.draft
        self.kept()

        def failed(_error: Exception) -> None:
            self._saving = False

        def saved(made: store.Made) -> None:
            self._saving = False
            self._saved(made, slip)

        self.tell(lambda desk: store.report(desk, slip, category, draft, into), saved, failed=failed)

    def do_back(self) -> None:
        if self._saving:  # the code that is about to come has to be told
            self.flash(t("register.saving"))
        else:
            super().do_back()

    def _saved(self, made: store.Made, slip: Slip) -> None:
        if made.outcome.refused is not None:
            self.keep_soon()
            self.flash(refusal_text(made.outcome.refused), Tone.BAD)
            return
        said = (
            t("ticket_report.joined", code=made.code, into=made.into)
            if made.into
            else t("ticket_report.told", code=made.code)
        )
        self.ledger.done.append((made.outcome.group_id, said))
        self._given_back[made.outcome.group_id] = slip
        self._met = frozenset()
        self.clear()
        self.say_saved(verdict_words(said, made.outcome))
        options = [
            Option(_AGAIN, t("ticket_report.again")),
            Option(_PAGE, t("ticket_report.open_page", code=made.into or made.code)),
            Option(_CARD, t("ticket_report.print_card")),
            Option(_UNDO, t("ticket_report.undo_it")),
        ]
        self.choose(said, options, lambda chosen: self._next(chosen, made))

    def _next(self, chosen: str, made: store.Made) -> None:
        if chosen == _PAGE:
            from tui.screens.tickets.page import TicketPage

            self.app.push_screen(TicketPage(made.page_id))
        elif chosen == _CARD:
            self.ask(lambda desk: store.print_card(desk, made.page_id), self._printed)
        elif chosen == _UNDO:
            self.do_undo()

    def _printed(self, path: Path) -> None:
        self.flash(t("chat.saved", path=path), Tone.GOOD)

    def do_undo(self) -> None:
        """Take back what was saved last; a report comes back onto the page, if that is empty."""
        group_id, _ = self.ledger.done[-1]
        super().do_undo()
        slip = self._given_back.pop(group_id, None)
        if slip is not None and self.slip.empty:
            self.put(slip)
            self.keep_soon()


def _ids(nearby: store.Nearby) -> frozenset[UUID]:
    return frozenset(one.ticket.id for one in nearby.tickets)
