"""A report as it is being taken in: who asks, where, what, and what was said of it besides. Values; asks no store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from uuid import UUID

from models.operations.fields import LONGEST_NAME
from models.tables import Json
from models.tickets.queries_asking import BuildingThere, Home, PersonThere
from models.tickets.queries_near import IncidentThere
from models.tickets.rules import Channel, Urgency
from tui.screens.register.fields import note_from_line

#: A number of a telephone within a text: a household's code has fewer digits.
_PHONE: Final = re.compile(r"\+?\d(?:[ -]?\d){6,14}")
#: What stands in a description of a place rather than in a name.
_PLACE_WORDS: Final = tuple("旁口前后边楼层路道园场库棚井区角处下上里内外梯栋")
_MOST_ON_A_KEY: Final = 9
_CHANNELS: Final = tuple(Channel)
_URGENCIES: Final = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Slip:
    """What was typed and taken so far. `typed` stands in the search line and means nothing yet.

    `category` and `urgency` are empty while nobody has chosen: then the guess and
    the usual hold. `household`, `building` and `point` are codes, `name` and
    `phone` the requester's, from the register or as they gave them.
    """

    typed: str = ""
    requester_id: UUID | None = None
    name: str = ""
    phone: str = ""
    household_id: UUID | None = None
    household: str = ""
    building_id: UUID | None = None
    building: str = ""
    point_id: UUID | None = None
    point: str = ""
    place: str = ""
    what: str = ""
    category: str = ""
    urgency: str = ""
    channel: str = Channel.WALK_IN.value
    hands: int = 1
    alone: bool = False
    incident_id: UUID | None = None
    observation_id: UUID | None = None
    doer_id: UUID | None = None
    doer: str = ""

    # -- what is there

    @property
    def empty(self) -> bool:
        """Whether nothing has been said yet, whoever takes it in and however it came."""
        silent = replace(self, doer_id=None, doer="", channel=Channel.WALK_IN.value)
        return silent == Slip()

    @property
    def has_who(self) -> bool:
        return bool(self.name or self.phone or self.requester_id)

    @property
    def has_where(self) -> bool:
        return bool(self.household_id or self.building_id or self.point_id or self.place)

    # -- taking

    def by(self, person: PersonThere) -> Slip:
        """Return the slip with somebody of the register asking; the one home they have is the place."""
        made = replace(self, typed="", requester_id=person.id, name=person.name, phone="")
        return made.at_home(person.homes[0]) if len(person.homes) == 1 and not self.has_where else made

    def by_name(self, text: str) -> Slip:
        """Return the slip with a passer-by asking, by the name and the number that a text gives."""
        name, phone = passer_by(text)
        return replace(self, typed="", requester_id=None, name=name or self.name, phone=phone or self.phone)

    def at_home(self, home: Home) -> Slip:
        return replace(
            self.nowhere(),
            household_id=home.id,
            household=home.code,
            building_id=home.building_id,
            building=home.code.partition("-")[0],
        )

    def at_building(self, building: BuildingThere) -> Slip:
        return replace(self.nowhere(), building_id=building.id, building=building.code)

    def at_point(self, point_id: UUID, code: str, building: str = "") -> Slip:
        return replace(self.nowhere(), point_id=point_id, point=code, building=building)

    def at_place(self, text: str) -> Slip:
        """Return the slip with a place in words; it may be described within a building."""
        return replace(self, typed="", place=text[:LONGEST_NAME])

    def nobody(self) -> Slip:
        return replace(self, requester_id=None, name="", phone="")

    def nowhere(self) -> Slip:
        return replace(
            self,
            typed="",
            household_id=None,
            household="",
            building_id=None,
            building="",
            point_id=None,
            point="",
            place="",
        )

    # -- what one key changes

    def next_channel(self) -> Slip:
        return replace(self, channel=_following(self.channel, _CHANNELS))

    def next_urgency(self, usual: Urgency) -> Slip:
        chosen = _following(self.urgency or usual.value, _URGENCIES)
        return replace(self, urgency="" if chosen == usual.value else chosen)

    def more_hands(self) -> Slip:
        return replace(self, hands=self.hands % _MOST_ON_A_KEY + 1)

    def goes_with(self, incident: IncidentThere) -> bool:
        """Tell whether the report becomes one of an incident's: by itself, or because somebody said so."""
        return self.incident_id == incident.id or (
            incident.attaches and not self.alone and self.incident_id is None
        )

    def with_or_without(self, incident: IncidentThere) -> Slip:
        """Return the slip with an incident left, or joined."""
        if self.goes_with(incident):
            return replace(self, incident_id=None, alone=True)
        return replace(self, incident_id=None if incident.attaches else incident.id, alone=False)

    # -- out of the screen

    def kept(self) -> dict[str, Json]:
        """Return what a draft keeps: whatever differs from an empty slip."""
        blank = Slip()
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in told.items()
            if value != getattr(blank, name)
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Slip:
        """Read a draft; whatever a later version added is left out."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: UUID(str(value)) if name.endswith("_id") else value
            for name, value in kept.items()
            if name in known
        }
        return cls(**values)

    def payload(self, ticket_id: UUID, code: str, category: str) -> dict[str, Json]:
        """Return what the operation carries."""
        text = {
            "requester_id": self.requester_id,
            "household_id": self.household_id,
            "building_id": self.building_id,
            "point_id": self.point_id,
        }
        named: dict[str, Json] = {name: str(value) for name, value in text.items() if value is not None}
        if self.requester_id is None:
            named |= {"requester_name": self.name}
        if self.phone:
            named["requester_phone"] = self.phone
        if self.urgency:
            named["urgency"] = self.urgency
        if self.incident_id is not None:
            named["incident"] = str(self.incident_id)
        if self.observation_id is not None:
            named["observations"] = [str(self.observation_id)]
        return named | {
            "id": str(ticket_id),
            "code": code,
            "what": note_from_line(self.what).strip(),
            "category": category,
            "channel": self.channel,
            "place": self.place,
            "wanted_hands": self.hands,
            "alone": self.alone,
        }


def _following(now: str, values: tuple[Any, ...]) -> str:
    at = next((place for place, one in enumerate(values) if one.value == now), -1)
    return str(values[(at + 1) % len(values)].value)


def passer_by(text: str) -> tuple[str, str]:
    """Return the name and the phone number in what somebody typed; either may be empty."""
    plain = unicodedata.normalize("NFKC", text)
    found = _PHONE.search(plain)
    if found is None:
        return plain.strip()[:LONGEST_NAME], ""
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    return " ".join(rest.split()).strip(" ,，、:：")[:LONGEST_NAME], found.group().replace(" ", "")


def sounds_like_a_place(text: str) -> bool:
    """Tell whether free words describe a place rather than name somebody."""
    return passer_by(text)[1] == "" and any(char in _PLACE_WORDS for char in text)
