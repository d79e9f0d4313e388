"""Lists of households as property offices exchange them: one row per person, the room's columns repeated.

Identity numbers are never read: their column is known and passed over, and
anywhere else they are removed before a value or a problem is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from models.codes import RoomCode, looks_like_date, parse_room_code, room_code
from models.files import values
from models.files.columns import Cursor, Field, Layout, Reading, in_order, read_table
from models.problems import Param, Problem

LONGEST_NAME = 60
RELATIONS: Final = {
    "1001": "owner", "业主": "owner", "户主": "owner", "产权人": "owner", "owner": "owner",
    "1002": "family", "家属": "family", "家庭成员": "family", "家人": "family", "亲属": "family", "family": "family",
    "1003": "tenant", "租户": "tenant", "租客": "tenant", "承租人": "tenant", "租赁": "tenant", "tenant": "tenant",
    "1004": "temporary", "临时": "temporary", "临时人员": "temporary", "暂住": "temporary", "temporary": "temporary",
}  # fmt: skip
SEXES: Final = {
    "男": "male", "男性": "male", "m": "male", "male": "male",
    "女": "female", "女性": "female", "f": "female", "female": "female",
}  # fmt: skip

HOUSEHOLD_LAYOUT: Final = Layout(
    fields=(
        Field(
            "building",
            (
                "building",
                "楼号",
                "楼栋",
                "楼栋号",
                "栋",
                "栋号",
                "楼",
                "幢",
                "幢号",
                "楼幢",
                "几栋",
                "building no",
            ),
        ),
        Field("unit", ("unit", "单元", "单元号", "几单元", "unit no")),
        Field("room", ("room", "房间", "房间号", "室", "室号", "门牌", "门牌号", "room no", "铺号", "flat")),
        Field(
            "code",
            (
                "code",
                "房号",
                "房屋",
                "编号",
                "房屋编号",
                "房屋编码",
                "地址",
                "house",
                "household",
                "address",
                "住址",
            ),
        ),
        Field("floor", ("floor", "楼层", "所在楼层", "层")),
        Field("floors_total", ("floors_total", "总层数", "总楼层", "floors")),
        Field("has_lift", ("has_lift", "是否有电梯", "有电梯", "电梯", "lift", "elevator", "has_elevator")),
        Field("kind", ("kind", "房屋类型", "房屋性质", "房屋用途", "类型")),
        Field("layout", ("layout", "房屋户型", "户型")),
        Field("area", ("area", "建筑面积", "面积", "建面")),
        Field("indoor_area", ("indoor_area", "室内面积", "套内面积", "使用面积")),
        Field("rent", ("rent", "租金"), ignored=True),
        Field("status", ("status", "房屋状态", "入住状态", "状态")),
        Field(
            "name",
            ("name", "业主名称", "姓名", "业主姓名", "住户姓名", "户主", "业主", "住户", "owner", "resident"),
        ),
        Field("sex", ("sex", "性别", "gender")),
        Field(
            "phone",
            (
                "phone",
                "手机号",
                "电话",
                "联系电话",
                "手机",
                "手机号码",
                "联系方式",
                "电话号码",
                "mobile",
                "tel",
                "phone number",
            ),
        ),
        Field(
            "id_number",
            (
                "id_number",
                "身份证号",
                "身份证",
                "身份证号码",
                "证件号",
                "证件号码",
                "公民身份号码",
                "id card",
                "id no",
            ),
            ignored=True,
        ),
        Field(
            "relation", ("relation", "业主类型", "人员类型", "关系", "与业主关系", "身份", "住户类型", "role")
        ),
    ),
    needs=(("building", "unit", "room"), ("code",)),
)


@dataclass(frozen=True, slots=True)
class OccupantRow:
    """One person of a room. sex: male, female; relation: owner, family, tenant, temporary; None: not said."""

    name: str
    sex: str | None
    phone: str | None
    relation: str | None
    line: int


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One room with its people. Areas are integers of 1/100 m2; kind, layout and status are as written.

    `line` is the room's first line, `lines` all of them.
    """

    code: str
    building: str
    unit: str
    room: str
    floor: int | None
    floors_total: int | None
    has_lift: bool | None
    kind: str | None
    layout: str | None
    area: int | None
    indoor_area: int | None
    status: str | None
    occupants: tuple[OccupantRow, ...]
    line: int
    lines: tuple[int, ...]


_ATTRIBUTES: Final[tuple[tuple[str, Callable[[str], Any]], ...]] = (
    ("floor", partial(values.whole_number, low=-9, high=200)),
    ("floors_total", partial(values.whole_number, low=1, high=200)),
    ("has_lift", values.flag),
    ("kind", values.free_text),
    ("layout", values.free_text),
    ("area", values.area),
    ("indoor_area", values.area),
    ("status", values.free_text),
)
_TEXTS: Final = frozenset({"kind", "layout", "status"})


@dataclass(slots=True)
class _Room:
    """A room while its rows are still coming in; `told` is where each attribute was first said, and how."""

    parts: tuple[str, str, str]
    lines: list[int]
    attributes: dict[str, Any] = field(default_factory=dict)
    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    people: dict[str, OccupantRow] = field(default_factory=dict)

    def finished(self, code: str) -> HouseholdRow:
        building, unit, room = self.parts
        return HouseholdRow(
            code, building, unit, room, **{name: self.attributes.get(name) for name, _ in _ATTRIBUTES},
            occupants=tuple(self.people.values()), line=self.lines[0], lines=tuple(self.lines),
        )  # fmt: skip


def read_households(source: Path | bytes, *, name: str = "") -> Reading[HouseholdRow]:
    """The rooms of a list with their people, in the order of their first lines.

    A row without a usable room is skipped with a problem; a wrong cell costs that cell.
    """
    table = read_table(source, HOUSEHOLD_LAYOUT, name=name)
    if isinstance(table, Problem):
        return Reading((), (table,))
    rooms: dict[str, _Room] = {}
    attributes = [(name, parse) for name, parse in _ATTRIBUTES if name in table.columns]
    for row in table.rows():
        parts = _room(row)
        if parts is None:
            continue
        code = "-".join(parts)
        room = rooms.get(code)
        if room is None:
            room = rooms[code] = _Room(parts, [])
        room.lines.append(row.line)
        relation = row.read("relation", lambda text: values.choice(text, RELATIONS))
        for attribute, parse in attributes:
            # The state stands for the person's row: a let flat says "let" at the owner and "lived in" at the tenant.
            if attribute == "status" and "status" in room.told and relation != "owner":
                continue
            _tell(room, code, row, attribute, parse)
        _add_person(room, code, row, relation)
    return Reading(tuple(room.finished(code) for code, room in rooms.items()), in_order(table.problems))


def _room(row: Cursor) -> tuple[str, str, str] | None:
    """The room's key from three cells or from one; None after reporting why not."""
    separate = tuple(name for name in ("building", "unit", "room") if name in row.columns)
    if len(separate) == 3:  # noqa: PLR2004
        marked = [name for name in separate if row.is_marked(name)]
        cells = {name: row.text(name) for name in separate}
        if all(cells.values()):
            whole = "-".join(cells.values())
            found = None if values.has_identity_number(whole) else room_code(**cells)
            if found is None:
                dates = any(looks_like_date(text) for text in cells.values())
                row.report(values.bad("room.looks_like_date" if dates else "room.invalid", whole), "room")
            return found
        if any(cells.values()) or "code" not in row.columns:
            # A formula in the key is reported already; a second sentence about the gap it leaves says nothing new.
            if not marked:
                empty = tuple(name for name, text in cells.items() if not text)
                row.report(Problem("room.missing", params=HOUSEHOLD_LAYOUT.named(empty)))
            return None
    marked_code = row.is_marked("code")
    text = row.text("code")
    if not text:
        if not marked_code:
            row.report(Problem("room.missing", params=HOUSEHOLD_LAYOUT.named(("code",))))
        return None
    found = None if values.has_identity_number(text) else parse_room_code(text) or _beside(row, text)
    if found is None:
        row.report(
            values.bad("room.looks_like_date" if looks_like_date(text) else "room.invalid", text), "code"
        )
    return found


def _beside(row: Cursor, door: str) -> RoomCode | None:
    """The room's key where a list calls the number on the door 房号 and has building and unit beside it."""
    if "room" in row.columns or not {"building", "unit"} <= set(row.columns):
        return None
    building, unit = row.text("building"), row.text("unit")
    if not building or not unit or values.has_identity_number(f"{building}-{unit}-{door}"):
        return None
    return room_code(building=building, unit=unit, room=door)


def _tell(room: _Room, code: str, row: Cursor, attribute: str, parse: Callable[[str], Any]) -> None:
    written = row.text(attribute)
    known = room.told.get(attribute)
    if not written or (known is not None and known[1] == written):
        return
    value = row.note(attribute, parse) or None if attribute in _TEXTS else row.read(attribute, parse)
    if value is None:
        return
    if known is None:
        room.told[attribute] = (row.line, written)
        room.attributes[attribute] = value
    elif room.attributes[attribute] != value:
        first_line, first = known
        params: dict[str, Param] = {
            "code": code,
            "first_line": first_line,
            "first": values.shown(first),
            "value": values.shown(written),
        }
        row.report(Problem("household.conflict", params=params), attribute)


def _add_person(room: _Room, code: str, row: Cursor, relation: str | None) -> None:
    name = row.note("name", _name)
    phone = row.read("phone", values.phone)
    if not name:
        if phone is not None:
            row.report(Problem("person.name_missing", params={"code": code}), "name")
        return
    sex = row.read("sex", lambda text: values.choice(text, SEXES))
    key = name.casefold()
    if known := room.people.get(key):
        params: dict[str, Param] = {"code": code, "name": values.shown(name), "first_line": known.line}
        row.report(Problem("person.twice", params=params), "name")
        return
    room.people[key] = OccupantRow(name, sex, phone, relation, row.line)


def _name(text: str) -> str | Problem:
    name = " ".join(values.folded(text).split())
    if len(name) > LONGEST_NAME:
        return Problem("text.too_long", params={"length": len(name), "limit": LONGEST_NAME})
    return "" if name in {"-", "/", "无"} else name
