"""What a ticket says, changed: its words and deadline in a form, who asked and where by typing a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from models.community import queries as register
from models.operations.envelope import Intent
from models.text import pinyin_keys
from models.tickets.queries_categories import categories
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import building_word
from tui.screens.picking import pick_household, pick_person
from tui.screens.points.number import building_options
from tui.screens.register.fields import Payload, differing, note_from_line
from tui.screens.tickets import moves_fields as f
from tui.screens.tickets.moves import TicketMoves
from tui.screens.tickets.moves_pick import pick_point
from tui.screens.tickets.page_store import Page
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_PARTS = ("words", "requester", "unknown", "household", "point", "building", "team", "clear")


class TicketEdits(TicketMoves):
    """What is changed of a ticket itself."""

    def do_edit(self) -> None:
        """Ask what of it is to be changed: a form holds the words, the rest is found by typing."""
        clear = None if _filled(self.known_page) else t("ticket_move.nothing_to_clear")
        options = [
            Option(part, t(f"ticket_move.edit.{part}"), reason=clear if part == "clear" else None)
            for part in _PARTS
        ]
        self.choose(t("ticket_move.title.edit", code=self.code), options, self._edit)

    def _edit(self, chosen: str) -> None:
        title = t(f"ticket_move.edit.{chosen}")
        if chosen == "words":
            self.ask(_kinds, self._edit_words)
        elif chosen == "unknown":
            self._edit_unknown()
        elif chosen == "requester":
            self._show_modal(pick_person(title), lambda row: self._set(requester_id=row, requester_name=""))
        elif chosen == "household":
            self._show_modal(pick_household(title), lambda row: self._set(household_id=row))
        elif chosen == "point":
            self._show_modal(pick_point(title), lambda row: self._set(point_id=row))
        elif chosen == "clear":
            filled = _filled(self.known_page)
            options = [Option(field, said) for field, said in filled.items()]
            self.choose(title, options, lambda field: self._set(**{field: None}))
        else:
            which, field = (building_options, "building_id") if chosen == "building" else (_teams, "team_id")
            self.ask(which, partial(self._choose_for, title, field))

    def _choose_for(self, title: str, field: str, options: Sequence[Option]) -> None:
        if options:
            self.choose(title, options, lambda row: self._set(**{field: row}))
        else:
            self.flash(t("choose.none"), Tone.WARN)

    def _edit_words(self, kinds: Sequence[str]) -> None:
        page = self.known_page
        ticket, zone = page.ticket, page.clock.zone
        due = ticket.due_at.astimezone(zone)
        stands: Payload = {
            "what": ticket.what,
            "category": ticket.category,
            "urgency": ticket.urgency.value,
            "place": ticket.place,
            "wanted_hands": ticket.wanted_hands,
            "due_at": due.isoformat(),
        }

        def plan(values: f.Values) -> Sequence[Intent]:
            wanted: Payload = {
                "what": note_from_line(values["what"]),
                "category": str(values["category"]),
                "urgency": str(values["urgency"]),
                "place": f.text_of(values["place"]),
                "wanted_hands": int(str(values["wanted"])),
                "due_at": f.due_of(values["due"], due),
            }
            return self.edits(*differing(stands, wanted))

        self.form("edit", f.edit_fields(page, kinds), plan)

    def _edit_unknown(self) -> None:
        page = self.known_page
        ticket = page.ticket
        stands = {
            "requester_id": None if ticket.requester_id is None else str(ticket.requester_id),
            "requester_name": "" if ticket.requester_id is not None else ticket.requester,
            "requester_phone": ticket.phone or None,
        }

        def plan(values: f.Values) -> Sequence[Intent]:
            name, phone = f.text_of(values["name"]), f.text_of(values["phone"]) or None
            wanted = {
                "requester_id": None if name else stands["requester_id"],
                "requester_name": name,
                "requester_phone": phone,
            }
            return self.edits(*differing(stands, wanted))

        title = t("ticket_move.edit.unknown")
        self.form("requester", f.requester_fields(page), plan, title=title, said="edit")

    def _set(self, **wanted: Any) -> None:
        """Change what was chosen, unless it stands so already."""
        ticket = self.known_page.ticket
        stands = {name: _json(getattr(ticket, name, None)) for name in wanted}
        if "requester_name" in stands:
            stands["requester_name"] = "" if ticket.requester_id is not None else ticket.requester
        intents = self.edits(*differing(stands, wanted))
        if intents:
            self.at_once("edit", *intents)
        else:
            self.flash(t("register.nothing_changed"))

    def edits(self, old: dict[str, Any], new: dict[str, Any]) -> list[Intent]:
        """Return the edit that changes some fields of the ticket, or nothing where nothing differs."""
        payload = {"ticket": str(self.ticket_id), "old": old, "new": new}
        return [Intent("ticket.edit", payload)] if new else []

    def do_hands(self) -> None:
        page = self.known_page
        old = page.ticket.wanted_hands

        def plan(values: f.Values) -> Sequence[Intent]:
            return self.edits(*differing({"wanted_hands": old}, {"wanted_hands": int(str(values["wanted"]))}))

        self.form("hands", [f.hands_field(page)], plan)


def _filled(page: Page) -> dict[str, str]:
    """Return what of a ticket's people and places can be taken away, and what it is."""
    ticket = page.ticket
    found = {
        "household_id": ticket.household,
        "point_id": ticket.point,
        "building_id": building_word(ticket.building) if ticket.building else "",
        "requester_id": ticket.requester if ticket.requester_id is not None else "",
        "team_id": ticket.team,
    }
    return {field: said for field, said in found.items() if said}


def _json(value: object) -> Any:
    return str(value) if isinstance(value, UUID) else value


# Questions, asked in a worker


def _kinds(desk: Desk) -> tuple[str, ...]:
    with desk.store.read() as session:
        return tuple(line.code for line in categories(session, desk.seat.compound_id))


def _teams(desk: Desk) -> tuple[Option, ...]:
    with desk.store.read() as session:
        found = register.teams(session, desk.seat.compound_id, today=desk.today())
    return tuple(Option(str(team.id), team.name, search=" ".join(pinyin_keys(team.name))) for team in found)
