"""The forms that add a household or a person, and tell at once what the register has already."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from models.community import queries
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.operations.resolve import find_row
from models.problems import Problem
from models.text import fold, normalise
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.filling import AddingForm
from tui.screens.register.fields import (
    check_code,
    code_of,
    filled,
    household_fields,
    household_values,
    person_fields,
    person_values,
    phones_field,
    phones_of,
)
from tui.screens.register.words import archived_mark, listed, masked
from tui.widgets.fields import TextField
from tui.widgets.picker import Option

_MOST_SHOWN = 9


def household_form(typed: str = "") -> AddingForm:
    """Add a household with, if known, its owner. `typed` is what was searched for: perhaps its code."""
    ids = {"id": str(edge.new_id()), "person": str(edge.new_id()), "occupancy": str(edge.new_id())}

    def plan(values: Values) -> Sequence[Intent]:
        payload = {
            "id": ids["id"],
            "code": code_of(str(values["code"])),
            **filled(household_values(values)),
        }
        if values["owner"]:
            owner = {
                "person": ids["person"],
                "occupancy": ids["occupancy"],
                "name": str(values["owner"]),
                "phones": list(phones_of(str(values["owner_phone"] or ""))),
            }
            payload["occupants"] = [owner]
        return [Intent("household.add", payload)]

    return AddingForm(
        t("register.add_household_title"),
        [
            TextField(
                id="code",
                label=t("register.code"),
                value=typed if code_of(typed) else "",
                required=True,
                hint=t("register.code_hint"),
                check=check_code,
                longest=LONGEST_NAME,
            ),
            TextField(id="owner", label=t("register.owner"), longest=LONGEST_NAME),
            phones_field(t("register.owner_phone"), (), name="owner_phone"),
            *household_fields(),
        ],
        plan,
        _same_household,
        lambda known: t("register.household_known", who=known[0].text, note=known[0].note),
        draft_name="add_household",
        strict=True,
    )


def person_form(typed: str = "") -> AddingForm:
    """Add a person. `typed` is what was searched for: perhaps the name."""
    person_id = str(edge.new_id())

    def plan(values: Values) -> Sequence[Intent]:
        return [Intent("person.add", {"id": person_id, **filled(person_values(values))})]

    return AddingForm(
        t("register.add_person_title"),
        person_fields(name="" if typed.isascii() else typed),
        plan,
        _same_person,
        _told_people,
        draft_name="add_person",
        strict=False,
    )


def said_of(values: Values) -> str:
    """Return what was added, for the status line."""
    if "code" in values:
        return t("register.household_added", code=code_of(str(values["code"])) or "")
    return t("register.person_added", name=normalise(str(values["name"])))


def _told_people(known: Sequence[Option]) -> str:
    shown = "; ".join(f"{option.text} {option.note}".strip() for option in known[:3])
    return t("register.person_known", n=len(known), who=shown)


def _same_household(desk: Desk, texts: dict[str, str]) -> Sequence[Option]:
    code = code_of(texts.get("code", ""))
    if code is None:
        return ()
    with desk.store.read() as session:
        found = find_row(session, desk.seat.compound_id, "household", code)
        if isinstance(found, Problem):
            return ()
        card = queries.household_card(session, desk.seat.compound_id, found, today=desk.today())
    if card is None:
        return ()
    names = listed(list(dict.fromkeys(one.name for one in card.occupancies if one.current)))
    note = str(archived_mark()) if card.archived else names
    return (Option(str(card.id), card.code, note),)


def _same_person(desk: Desk, texts: dict[str, str]) -> Sequence[Option]:
    """Return living people of the same name, or with one of the same numbers."""
    name = fold(texts.get("name", ""))
    try:
        phones = phones_of(texts.get("phones", ""))
    except ValidationError:
        phones = []
    found: dict[str, Option] = {}
    with desk.store.read() as session:
        for text in [name, *phones]:
            if not text:
                continue
            for line in queries.page_people(
                session, desk.seat.compound_id, today=desk.today(), text=text, limit=_MOST_SHOWN * 3
            ):
                if fold(line.name) == name or set(phones) & set(line.phones):
                    note = listed([*line.households, masked(line.phones)])
                    found[str(line.id)] = Option(str(line.id), line.name, note)
    return tuple(found.values())[:_MOST_SHOWN]
