"""What somebody did, as a sentence: `noted well W07: half full, mud 120 mm`. Loads no Textual.

Every kind has its sentence in the catalogue as `did.KIND`, filled with what the
operation carries; archiving, bringing back, ending and going on share one each.
A kind of a later version is told by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from models.fees.money import price_text, yuan
from models.inspection.defects import defect_word
from models.operations import kin
from models.operations.change_lines import ChangeLine
from models.operations.changes import Word
from models.operations.naming import Named, Names
from models.operations.registry import KINDS
from tui.i18n import MissingTextError, has, language, t
from tui.row_words import (
    building_word,
    category_word,
    field_word,
    id_in,
    kind_word,
    listed,
    point_kind_word,
    table_word,
    value_words,
)

#: Characters of a text that somebody wrote which a sentence holds.
_LONG = 40
#: Names that a sentence lists before it only counts.
_MANY = 3
#: Beyond this many rows that a word means, what hangs on them is not looked for.
_FEW = 10
#: Of what hangs on a row, so many of each kind are searched; the row's history has all of them.
_NEWEST = 200
#: Columns that tell what a row without a name is.
_TOLD = frozenset(
    {"day", "guest", "words", "since", "until", "reason", "number", "order_no", "party", "payee", "payer"}
)
_SHARED = ("archive", "unarchive", "end", "reopen")

#: Areas of work and the nouns whose kinds belong to each, as people filter and search by.
AREAS: Mapping[str, frozenset[str]] = {
    "register": frozenset(
        {"compound", "building", "household", "person", "occupancy", "contact", "responsibility"}
        | {"role", "role_term", "team", "team_member"}
    ),
    "walks": frozenset({"walk", "observation"}),
    "sewer": frozenset(
        {"point", "pipe", "connection", "house_connection", "route", "checklist", "checklist_item"}
        | {"schedule", "rain"}
    ),
    "tickets": frozenset({"ticket", "ticket_link", "ticket_category", "incident"}),
    "duty": frozenset(
        {"duty", "post", "shift_template", "shift_exception", "special_day", "availability", "duty_pair"}
        | {"duty_share", "shift", "swap", "checkin", "log_entry"}
    ),
    "fees": frozenset(
        {"fee", "payment", "expense", "charge_item", "tariff", "concession", "meter", "meter_reading"}
        | {"shared_cost", "parking_space", "account", "dunning", "closing", "statement"}
    ),
    "settling": frozenset({"conflict", "flag"}),
}
#: Nouns whose codes are words.
_CODES = {"building": building_word, "ticket_category": category_word}
#: Fields whose values are words of the catalogue, and under which name.
_FAMILIES = {"relation": "register.relation", "role": "role", "absence": "duty.absence"}
#: What a field's values mean depends on the kind of thing that has it.
_FAMILIES_OF = {
    "availability": {"kind": "duty.availability"},
    "special_day": {"kind": "duty.day"},
    "fee": {"way": "fee.way", "step": "fee.step", "answer": "fee.answer"},
    "payment": {"method": "fee.method"},
}


def sentence(line: ChangeLine, names: Names) -> str:
    """Return what an operation did, without who did it."""
    noun, _, verb = line.kind.rpartition(".")
    key = f"did.{line.kind}" if has(f"did.{line.kind}") else f"did.{verb}" if verb in _SHARED else ""
    if not key or line.kind not in KINDS:
        return t("did.unknown", kind=kind_word(line.kind))
    try:
        said = t(key, **_Spoken(line, noun, names).params())
    except MissingTextError:  # a payload of another version lacks what the sentence tells
        return t("did.unknown", kind=kind_word(line.kind))
    return " ".join(said.split()).strip("：: ")


def whole(line: ChangeLine, names: Names) -> str:
    """Return what a change did: its first operation, and how many more there are."""
    said = sentence(line, names)
    if line.undoes is not None:
        said = t("did.took_back", what=said)
    return t("did.and_more", what=said, n=line.more) if line.more else said


def row_words(one: Named | None, names: Names) -> str:
    """Return what a row is called: its code or name, else what it ties together."""
    if one is None:
        return t("sync.unknown_row")
    if one.table == "building":
        return building_word(one.label)
    if one.table == "ticket_category":
        return category_word(one.label)
    if one.table == "shift" and one.label:
        return f"{one.values['day']:%m-%d} {_short(one.label)}"
    if one.label:
        return _short(one.label)
    tied = t(f"tie.{one.table}", **_tie_params(one, names)) if has(f"tie.{one.table}") else ""
    return tied or table_word(one.table)


def row_title(one: Named | None, names: Names) -> str:
    """Return a row with the word for what it is: `household 3-1-502`, `well W07`."""
    if one is None:
        return t("sync.unknown_row")
    if one.table == "building":
        return row_words(one, names)
    word = point_kind_word(str(one.values["kind"])) if one.table == "point" else table_word(one.table)
    return t("did.row", table=word, row=row_words(one, names))


def kinds_meant(text: str) -> frozenset[str]:
    """Return the kinds whose words, or whose area's, hold a text as somebody searches for it."""
    found: set[str] = set()
    for name in KINDS:
        words = f"{kind_word(name)} {area_word(area_of(name))} {name}".casefold()
        if text in words:
            found.add(name)
    return frozenset(found)


def meant(session: Session, compound_id: UUID, text: str, laptops: Mapping[UUID, str]) -> Word:
    """Return what one word of a search may mean: kinds of work, laptops by what they are called, people and rows."""
    wanted = text.casefold()
    found = kin.meant_by(session, compound_id, text)
    rows: set[UUID] = set()
    for table, ids in found.items():
        few = len(ids) <= _FEW
        rows |= kin.around(session, compound_id, table, ids, most=_NEWEST) if few else ids
    return Word(
        kinds=kinds_meant(wanted),
        devices=frozenset(one for one, name in laptops.items() if wanted in name.casefold()),
        people=frozenset(kin.same_as(session, compound_id, found.get("person", ()))),
        rows=frozenset(rows),
    )


def state_of(line: ChangeLine, *, linked: bool) -> str:
    """Return the code of what became of a change, whose word is `changes.state.CODE`."""
    if line.refused or line.verdict == "rejected":
        return "rejected"
    if line.undone:
        return "partly" if line.partly else "undone"
    if line.verdict == "held":
        return "held"
    if line.waiting and linked:
        return "waiting" if line.doubt is None else "doubt"
    return line.verdict if line.verdict in {"merged", "conflict", "accepted"} else "kept"


def who(line: ChangeLine) -> str:
    """Return who did something, and who entered it for them."""
    doer = _person(line.doer, founding=line.doer_id == line.compound_id)
    if line.recorder_id == line.doer_id:
        return doer
    recorder = _person(line.recorder, founding=line.recorder_id == line.compound_id)
    return t("changes.by_other", doer=doer, recorder=recorder)


def _person(name: str, *, founding: bool) -> str:
    return name or t("changes.founder" if founding else "changes.nobody_known")


def area_of(kind: str) -> str:
    """Return the area of work that a kind belongs to; a newer one to none."""
    noun = kind.partition(".")[0]
    return next((area for area, nouns in AREAS.items() if noun in nouns), "other")


def area_word(area: str) -> str:
    return t(f"changes.area.{area}")


def kinds_of(area: str) -> frozenset[str]:
    """Return the kinds of an area of work."""
    return frozenset(kind for kind in KINDS if area_of(kind) == area)


def fields_changed(payload: Mapping[str, Any]) -> list[str]:
    """Return the fields that an edit changes."""
    new, old = payload.get("new") or {}, payload.get("old") or {}
    return [name for name, value in new.items() if name not in old or old[name] != value]


class _Spoken:
    """What a sentence is filled with: every field of the payload, and of the rows it names, in words."""

    def __init__(self, line: ChangeLine, noun: str, names: Names) -> None:
        self._line = line
        self._payload = line.payload
        self._noun = noun
        self._names = names

    def params(self) -> dict[str, str]:
        payload = self._payload
        fields = KINDS[self._line.kind].payload.model_fields
        spoken = dict.fromkeys(fields, "") | {f"{name}_n": "0" for name in fields}
        for name in payload:
            one = self._named(name)
            if one is not None:
                spoken |= _tie_params(one, self._names)
            if isinstance(payload[name], list):
                spoken[f"{name}_n"] = str(len(payload[name]))
        for name, value in payload.items():
            spoken[name] = self._value(name, value)
        row = self._named(self._noun) or self._named("item") or self._named("category") or self._named("row")
        spoken["row"] = row_words(row, self._names)
        spoken["table"] = self._table_word(row)
        spoken["fields"] = listed([field_word(name) for name in fields_changed(payload)]) or t("did.nothing")
        spoken["points"] = str(len(payload.get("stops") or ()))
        spoken["what"] = self._what()
        if "until" in payload:
            spoken["until"] = t("did.until", day=payload["until"]) if payload["until"] else ""
        return spoken

    def _named(self, name: str) -> Named | None:
        row_id = id_in(self._payload.get(name))
        return None if row_id is None else self._names.get(row_id)

    def _table_word(self, row: Named | None) -> str:
        if row is not None and row.table == "point":
            return point_kind_word(str(row.values["kind"]))
        return table_word(self._noun)

    def _value(self, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return ""
        if id_in(value) is not None:
            return row_words(self._named(name), self._names)
        family = _FAMILIES_OF.get(self._noun, _FAMILIES).get(name)
        if family is not None and has(f"{family}.{value}"):
            return t(f"{family}.{value}")
        if name == "point_kind":
            return point_kind_word(str(value))
        if name == "code" and self._noun in _CODES:
            return _CODES[self._noun](str(value))
        return (
            _amount(name, value)
            if isinstance(value, int)
            else _short(value)
            if isinstance(value, str)
            else ""
        )

    def _first(self, *names: str) -> str:
        return next((said for name in names if (said := self._value(name, self._payload.get(name)))), "")

    def _what(self) -> str:
        """Return what only this kind has to tell."""
        said = ""
        match self._line.kind:
            case "point.add":
                said = point_kind_word(str(self._payload.get("kind") or "well"))
            case "household.add":
                said = _few([str(one.get("name", "")) for one in self._payload.get("occupants") or ()])
            case "walk.observe":
                said = _seen(self._payload)
            case "responsibility.assign" | "connection.add":
                said = self._first("building", "household", "place")
            case "ticket.report" | "ticket.gather":
                said = _short(str(self._payload.get("what", "")))
            case "conflict.resolve":
                said = self._settled()
        return said

    def _called(self, value: Any) -> dict[UUID, str]:
        """Return what a value is called, if it is the id of something."""
        row_id = id_in(value)
        one = None if row_id is None else self._names.get(row_id)
        return {} if row_id is None or one is None else {row_id: row_words(one, self._names)}

    def _settled(self) -> str:
        dispute = self._named("conflict")
        if dispute is None:
            return t("sync.unknown_row")
        chosen = dispute.values["kept" if self._payload.get("choice") == "keep" else "lost"]
        return t(
            "did.chose",
            row=row_title(self._names.get(dispute.values["row_id"]), self._names),
            field=field_word(str(dispute.values["field"])),
            value=_short(value_words(str(dispute.values["field"]), chosen, self._called(chosen))),
        )


def _amount(name: str, value: int) -> str:
    """Return a number as it is said: money in yuan, unit prices with their decimals."""
    if name.rpartition("_")[2] == "fen":
        return yuan(value)
    return price_text(value) if name == "price" else str(value)


def _seen(payload: Mapping[str, Any]) -> str:
    """Return what was seen at a point, the most telling first."""
    parts = []
    if payload.get("level"):
        level = str(payload["level"])
        parts.append(t(f"level.{level}") if has(f"level.{level}") else level)
    if payload.get("mud_mm") is not None:
        parts.append(t("did.mud", n=payload["mud_mm"]))
    words: Literal["zh", "en"] = "zh" if language() == "zh_CN" else "en"
    parts += [defect_word(str(one.get("code", "")), words) for one in payload.get("defects") or ()][:_MANY]
    if payload.get("answers"):
        parts.append(t("did.answers", n=len(payload["answers"])))
    if payload.get("note"):
        parts.append(_short(str(payload["note"])))
    return listed(parts) or t("did.nothing_odd")


def _tie_params(one: Named, names: Names) -> dict[str, str]:
    """Return what a row's own columns say, under the names that payloads use for them."""
    spoken: dict[str, str] = {
        column: "" if value is None else _short(str(value))
        for column, value in one.values.items()
        if column in _TOLD and (value is None or isinstance(value, str | date))
    }
    for column, value in one.values.items():
        if isinstance(value, UUID) and column.endswith("_id"):
            spoken[column.removesuffix("_id")] = row_words(names.get(value), names)
        elif value is None and column.endswith("_id"):
            spoken[column.removesuffix("_id")] = ""
    return spoken | _own_params(one, names, spoken)


def _own_params(one: Named, names: Names, spoken: Mapping[str, str]) -> dict[str, str]:
    """Return what rows of some tables say in words of their own."""
    said: dict[str, str] = {}
    if one.table == "pipe":
        said |= {"start": spoken.get("from", ""), "end": spoken.get("to", "")}
    if one.table == "ticket_event":
        key = f"ticket.event.{one.values['kind']}"
        said["event_kind"] = t(key) if has(key) else str(one.values["kind"])
    if one.table == "point":
        said["point_kind"] = point_kind_word(str(one.values["kind"]))
    if one.table == "observation":
        point = names.get(one.values["point_id"]) if one.values.get("point_id") else None
        said["point"] = row_title(point, names)
    if one.table == "occupancy":
        said["relation"] = t(f"register.relation.{one.values['relation']}")
    if one.table == "role_term":
        said["role"] = t(f"role.{one.values['role']}")
    if one.table == "responsibility":
        said["thing"] = spoken.get("building") or _short(str(one.values["place"]))
    if one.table == "house_connection":
        said["drained"] = spoken.get("household") or spoken.get("building") or ""
    return said


def _few(names: Sequence[str]) -> str:
    shown = [_short(name) for name in names[:_MANY]]
    if len(names) > _MANY:
        return t("did.names_more", names=listed(shown), n=len(names))
    return listed(shown)


def _short(text: str) -> str:
    """Return a text that somebody wrote on one line, and no longer than a sentence bears."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in text[: _LONG * 4]).split())
    return flat if len(flat) <= _LONG else flat[: _LONG - 1] + "…"
