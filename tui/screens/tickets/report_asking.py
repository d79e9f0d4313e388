"""Who asks, and where it is: one search line, one list of all that it may mean."""

from __future__ import annotations

from models.inspection.queries import PointLine
from models.tickets.queries_asking import Asking, BuildingThere, Home, HouseholdThere, PersonThere
from tui.i18n import t
from tui.screens.tickets import report_store as store
from tui.screens.tickets.report_form import ReportForm, WhoBox
from tui.screens.tickets.report_rows import (
    FreeName,
    FreePlace,
    Offer,
    Skip,
    homes_of,
    offer_rows,
    offers,
    people_of,
)
from tui.screens.tickets.report_state import Slip
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox


class ReportAsking(ReportForm):
    """Enter takes what is highlighted. When both are known, or with Enter in the empty line, the page goes on."""

    def __init__(self, given: store.Given) -> None:
        super().__init__(given)
        #: What is offered before anything is typed: who lives there, or where somebody lives.
        self._offered: list[Offer] = []
        self._shown: list[Offer] = []
        self._searching = self._pick_after = False

    def put(self, slip: Slip) -> None:
        self._offered = []
        super().put(slip)

    def show_offers(self) -> None:
        self._show_found(Asking())

    def _show_found(self, found: Asking) -> None:
        typed = self.query_one("#who", WhoBox).value.strip()
        self._shown = offers(found, typed, self.slip) if typed else self._offered
        listed = self.query_one("#found", LongList)
        listed.empty = t(_help(self.slip))
        listed.show(offer_rows(self._shown))

    def on_search_box_searched(self) -> None:
        text = self.query_one("#who", WhoBox).value.strip()
        self._searching, self._pick_after = bool(text), False
        if text:
            self.ask(lambda desk: store.search(desk, text), self._take_found, latest="who")
        else:
            self.show_offers()

    def _take_found(self, found: Asking) -> None:
        self._searching = False
        self._show_found(found)
        if self._pick_after:
            self._pick_after = False
            self.query_one("#found", LongList).action_pick()

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        if self._searching:  # Enter means what the search is about to find
            event.prevent_default()
            self._pick_after = True
        elif not self._shown:
            event.prevent_default()
            self.go("what")

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        if event.list.id == "found":
            self._take(self._shown[int(event.row_id)])

    def _take(self, one: Offer) -> None:
        before = self.slip
        self._offered = _offered_after(one, before)
        slip = _with(before, one)
        self.query_one("#who", WhoBox).value = ""
        self.note(slip)
        self.show_offers()
        self.look_around()
        if isinstance(one, Skip) or (slip.has_who and slip.has_where and not self._offered):
            self.go("what")

    def on_who_box_emptied(self) -> None:
        """Take back what was taken last: who asks, before where it is."""
        self._offered = []
        self.note(self.slip.nobody() if self.slip.has_who else self.slip.nowhere())
        self.show_offers()
        self.look_around()


def _help(slip: Slip) -> str:
    if slip.has_who:
        return "ticket_report.help_done" if slip.has_where else "ticket_report.help_where"
    return "ticket_report.help_who" if slip.has_where else "ticket_report.help_both"


def _offered_after(one: Offer, slip: Slip) -> list[Offer]:
    """Return what is offered once something is taken: the homes of a person, the people of a home."""
    if isinstance(one, PersonThere) and len(one.homes) > 1 and not slip.has_where:
        return homes_of(one)
    if isinstance(one, HouseholdThere) and one.people and not slip.has_who:
        return people_of(one)
    return []


def _with(slip: Slip, one: Offer) -> Slip:  # noqa: PLR0911 - one line for each kind of offer
    match one:
        case PersonThere():
            return slip.by(one)
        case HouseholdThere():
            return slip.at_home(one.home)
        case Home():
            return slip.at_home(one)
        case BuildingThere():
            return slip.at_building(one)
        case PointLine():
            return slip.at_point(one.id, one.code, one.building)
        case FreeName():
            return slip.by_name(one.text)
        case FreePlace():
            return slip.at_place(one.text)
        case Skip():
            return slip
