"""One example of every kind, on rows that any state may hold or lack.

Ids are fixed, so that the same operation can be applied to differing states. A
kind without an example fails the tests: give it one here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.ids import derived_id


def fixed(number: int) -> str:
    """Return the id that a number stands for in these examples."""
    return str(UUID(int=(0x7 << 76) | (0b10 << 62) | number))


COMPOUND, DIRECTOR = fixed(1), fixed(2)
BUILDING, HOUSEHOLD, TWIN, PERSON, OTHER = fixed(3), fixed(4), fixed(5), fixed(6), fixed(7)
OCCUPANCY, TERM, TEAM, MEMBER, CONTACT, DUTY = (fixed(n) for n in range(8, 14))
CONFLICT, FLAG = fixed(24), fixed(25)
SCHEDULE, RAIN = fixed(26), fixed(27)
WELL, WELL_TWIN, OUTFALL, PIPE, LINK, ROUTE, ITEM, WALK, WALK_TWIN, SEEN = (fixed(n) for n in range(14, 24))
TICKET, TICKET_TWIN, EVENT, TAKEN_BACK, JOINED, TICKET_LINK, CATEGORY, INCIDENT = (
    fixed(n) for n in range(28, 36)
)
CLAIM, OFFER = fixed(36), fixed(37)
POST, TEMPLATE, EXCEPTION, SPECIAL, AVAILABLE, PAIR, SHARE = (fixed(n) for n in range(38, 45))
SHIFT, OTHER_SHIFT, PLACE, OTHER_PLACE, SWAP, CHECKIN, HANDOVER, LOG, SWAPPED, ASKED = (
    fixed(n) for n in range(45, 55)
)
CHARGE, RATES, CONCEDED, METER, READ, COST, SPACE, RUN, PAID, UNKNOWN, REVERSAL, REFUND = (
    fixed(n) for n in range(60, 72)
)
RECEIPT, HANDED, CALLED, ACCOUNT, INCOME, SPENT, MOVED, CLOSED, PUBLIC, METERED, SHARED = (
    fixed(n) for n in range(72, 83)
)
PARKED, RATES_TO_COME = fixed(83), fixed(84)
NEW, NEW_PERSON, NEW_OCCUPANCY = fixed(90), fixed(91), fixed(92)


def _bill(**values: Any) -> dict[str, Any]:
    """Return a bill of 80 yuan for a quarter."""
    line = {"household": HOUSEHOLD, "item": CHARGE, "since": "2026-01-01", "until": "2026-04-01"}
    return line | {"tariff": RATES, "gross_fen": 8000, "amount_fen": 8000} | values


def _bank_row() -> dict[str, Any]:
    """Return a row of a bank's file."""
    row = {"key": "wechat:1:in:8000", "order_no": "1", "direction": "in", "fen": 8000}
    return row | {"at": "2026-03-02T01:00:00Z", "party": "张三"}


#: Bills have ids that are derived from what they are for.
BILL = str(derived_id(UUID(COMPOUND), "bill", f"{HOUSEHOLD}:{CHARGE}:charge:None:2026-01-01:2026-04-01:0"))
BANK_ROW = str(derived_id(UUID(COMPOUND), "money_row", "wechat:1:in:8000"))


def _times(day: str) -> dict[str, Any]:
    """Return a morning's shift on a day."""
    return {"day": day, "starts_at": f"{day}T00:00:00Z", "ends_at": f"{day}T04:00:00Z"}


#: What somebody else asked for, so that a second person can decide it.
ASKED_BY_ANOTHER = {"fee.ask_concession", "payment.ask_reversal", "payment.ask_refund", "expense.record"}

#: What stands in a populated state, in the order it is done.
GROUND: tuple[tuple[str, dict[str, Any]], ...] = (
    ("building.add", {"id": BUILDING, "code": "3", "name": "东楼"}),
    ("household.add", {"id": HOUSEHOLD, "code": "3-1-502", "area": 8000}),
    ("household.add", {"id": TWIN, "code": "3-1-503"}),
    ("person.add", {"id": PERSON, "name": "张三", "phones": ["13800000001"]}),
    ("person.add", {"id": OTHER, "name": "李四"}),
    ("occupancy.start", {"id": OCCUPANCY, "household": HOUSEHOLD, "person": PERSON, "since": "2020-01-01"}),
    ("role.grant", {"id": TERM, "person": PERSON, "role": "volunteer", "since": "2020-01-01"}),
    ("team.add", {"id": TEAM, "name": "水工"}),
    ("team.join", {"id": MEMBER, "team": TEAM, "person": PERSON, "since": "2020-01-01"}),
    ("contact.assign", {"id": CONTACT, "household": HOUSEHOLD, "person": PERSON, "since": "2020-01-01"}),
    (
        "responsibility.assign",
        {"id": DUTY, "subject": "road", "place": "北路", "person": PERSON, "since": "2020-01-01"},
    ),
    ("point.add", {"id": WELL, "code": "W01", "depth_mm": 1500}),
    ("point.add", {"id": WELL_TWIN, "code": "W02"}),
    ("point.add", {"id": OUTFALL, "code": "O1", "kind": "outfall"}),
    ("pipe.add", {"id": PIPE, "start": WELL, "end": OUTFALL}),
    ("connection.add", {"id": LINK, "point": WELL, "household": HOUSEHOLD}),
    ("route.add", {"id": ROUTE, "name": "北线", "stops": [WELL, OUTFALL]}),
    ("schedule.add", {"id": SCHEDULE, "route": ROUTE, "every": "month", "since": "2026-01-31"}),
    ("rain.add", {"id": RAIN, "day": "2026-02-20", "note": "淹到路沿"}),
    ("checklist.add", {"id": ITEM, "point_kind": "well", "text": "井盖完好？"}),
    ("walk.start", {"id": WALK, "name": "三月", "route": ROUTE}),
    ("walk.start", {"id": WALK_TWIN, "name": "三月下", "route": ROUTE}),
    ("walk.observe", {"id": SEEN, "walk": WALK, "point": WELL, "level": "dry"}),
    (
        "ticket_category.add",
        {"id": CATEGORY, "code": "drain", "accept_hours": 2, "finish_hours": 20, "team_id": TEAM},
    ),
    ("incident.open", {"id": INCIDENT, "name": "3栋停水", "words": "下午恢复", "buildings": [BUILDING]}),
    (
        "ticket.report",
        {"id": TICKET, "code": "KT1", "what": "厨房下水堵", "category": "drain", "household_id": HOUSEHOLD},
    ),
    (
        "ticket.report",
        {
            "id": TICKET_TWIN,
            "code": "KT2",
            "what": "厨房反水",
            "holder": OTHER,
            "household_id": HOUSEHOLD,
            "point_id": WELL,
        },
    ),
    ("ticket.comment", {"id": EVENT, "ticket": TICKET, "words": "家里有老人"}),
    ("ticket.comment", {"id": TAKEN_BACK, "ticket": TICKET, "words": "写错了"}),
    ("ticket.take_back", {"event": TAKEN_BACK}),
    ("ticket.accept", {"id": CLAIM, "ticket": TICKET_TWIN}),
    ("ticket.handover", {"id": OFFER, "ticket": TICKET_TWIN, "to": DIRECTOR}),
    ("ticket.link", {"id": TICKET_LINK, "ticket": TICKET, "point": WELL}),
    ("post.add", {"id": POST, "name": "服务台", "team_id": TEAM, "keys": "大门", "counts_cash": True}),
    (
        "shift_template.add",
        {"id": TEMPLATE, "post": POST, "name": "早班", "starts": "8:00", "minutes": 240, "weekdays": [1, 3]},
    ),
    ("shift_exception.add", {"id": EXCEPTION, "template": TEMPLATE, "day": "2026-03-09"}),
    ("special_day.add", {"id": SPECIAL, "day": "2026-03-08", "kind": "holiday", "name": "义诊日"}),
    ("availability.add", {"id": AVAILABLE, "person": PERSON, "kind": "cannot", "weekdays": [5]}),
    ("duty_pair.add", {"id": PAIR, "person": PERSON, "other": OTHER}),
    ("duty_share.add", {"id": SHARE, "person": PERSON, "share": 50}),
    ("shift.add", {"id": SHIFT, "post": POST, "name": "值班", **_times("2026-03-04"), "published": True}),
    (
        "shift.add",
        {"id": OTHER_SHIFT, "post": POST, "name": "值班", **_times("2026-03-05"), "published": True},
    ),
    ("duty.assign", {"id": PLACE, "shift": SHIFT, "person": PERSON}),
    ("duty.assign", {"id": OTHER_PLACE, "shift": OTHER_SHIFT, "person": DIRECTOR}),
    ("swap.ask", {"id": SWAP, "assignment": PLACE, "words": "孙子发烧"}),
    ("swap.ask", {"id": ASKED, "assignment": PLACE, "to": DIRECTOR}),
    ("swap.ask", {"id": SWAPPED, "assignment": OTHER_PLACE, "to": PERSON}),
    ("swap.withdraw", {"swap": SWAPPED}),
    ("duty.check_in", {"id": CHECKIN, "shift": SHIFT, "person": PERSON}),
    ("duty.hand_over", {"id": HANDOVER, "checkin": CHECKIN, "words": "钥匙在抽屉", "cash": 5000}),
    ("duty.note", {"id": LOG, "post": POST, "words": "水管已修"}),
    ("fee.add_item", {"id": CHARGE, "name": "物业费", "formula": "area", "cycle": "quarter"}),
    ("fee.add_item", {"id": METERED, "name": "水费", "formula": "meter"}),
    ("fee.add_item", {"id": SHARED, "name": "公摊电费", "formula": "shared_area"}),
    ("fee.add_item", {"id": PARKED, "name": "停车费", "formula": "parking"}),
    ("fee.set_tariff", {"id": RATES, "item": CHARGE, "price": 3333, "since": "2020-01-01"}),
    ("fee.set_tariff", {"id": RATES_TO_COME, "item": CHARGE, "price": 3500, "since": "2027-01-01"}),
    (
        "fee.ask_concession",
        {
            "id": CONCEDED,
            "household": TWIN,
            "kind": "discount",
            "ppm": 500000,
            "since": "2026-01-01",
            "reason": "低保",
        },
    ),
    ("fee.add_meter", {"id": METER, "item": METERED, "code": "S-502", "household_id": HOUSEHOLD}),
    ("fee.read_meter", {"id": READ, "meter": METER, "reading": 12000, "read_on": "2026-02-01"}),
    (
        "fee.share_cost",
        {"id": COST, "item": SHARED, "since": "2026-01-01", "until": "2026-02-01", "fen": 50000},
    ),
    ("fee.park", {"id": SPACE, "item": PARKED, "household": HOUSEHOLD, "code": "A12", "since": "2026-01-01"}),
    ("fee.issue", {"run": RUN, "since": "2026-01-01", "until": "2026-04-01", "rows": [_bill()]}),
    (
        "payment.record",
        {
            "id": PAID,
            "household": HOUSEHOLD,
            "fen": 10000,
            "receipt": RECEIPT,
            "receipt_no": "26-K7Q-000001",
            "printed": [{"bill": BILL, "item": "物业费", "fen": 8000}],
        },
    ),
    ("payment.record", {"id": UNKNOWN, "fen": 5000, "method": "bank", "receipt": NEW, "receipt_no": None}),
    ("payment.ask_reversal", {"id": REVERSAL, "payment": UNKNOWN, "reason": "记错了"}),
    ("payment.ask_refund", {"id": REFUND, "household": HOUSEHOLD, "fen": 1000, "reason": "多缴了"}),
    ("payment.hand_in", {"id": HANDED, "fen": 3000, "to": OTHER}),
    ("payment.import", {"platform": "wechat", "file": "账单.csv", "rows": [_bank_row()]}),
    ("fee.remind", {"id": CALLED, "household": HOUSEHOLD, "way": "visit", "words": "[a栋] 敲门没人"}),
    ("fee.add_account", {"id": ACCOUNT, "side": "expense", "name": "维修"}),
    ("fee.add_account", {"id": INCOME, "side": "income", "name": "广告"}),
    ("expense.record", {"id": SPENT, "account": ACCOUNT, "fen": 20000, "payee": "五金店"}),
    (
        "fee.move",
        {
            "id": MOVED,
            "kind": "opening",
            "out_of": "equity:opening",
            "into": "assets:bank",
            "fen": 100000,
            "moved_on": "2026-01-01",
        },
    ),
    ("fee.close", {"id": CLOSED, "until": "2025-12-01"}),
    (
        "fee.publish",
        {"id": PUBLIC, "since": "2025-10-01", "until": "2026-01-01", "figures": {"received_fen": 1}},
    ),
)

_ROWS = {
    "building": BUILDING,
    "household": HOUSEHOLD,
    "person": PERSON,
    "occupancy": OCCUPANCY,
    "role_term": TERM,
    "team": TEAM,
    "team_member": MEMBER,
    "contact": CONTACT,
    "responsibility": DUTY,
    "point": WELL,
    "pipe": PIPE,
    "house_connection": LINK,
    "route": ROUTE,
    "schedule": SCHEDULE,
    "rain": RAIN,
    "checklist_item": ITEM,
    "walk": WALK,
    "ticket": TICKET,
    "ticket_link": TICKET_LINK,
    "ticket_category": CATEGORY,
    "incident": INCIDENT,
    "post": POST,
    "shift_template": TEMPLATE,
    "shift_exception": EXCEPTION,
    "special_day": SPECIAL,
    "availability": AVAILABLE,
    "duty_pair": PAIR,
    "duty_share": SHARE,
    "checkin": CHECKIN,
    "log_entry": LOG,
    "charge_item": CHARGE,
    "concession": CONCEDED,
    "meter": METER,
    "meter_reading": READ,
    "shared_cost": COST,
    "parking_space": SPACE,
    "dunning": CALLED,
    "account": ACCOUNT,
    "closing": CLOSED,
    "statement": PUBLIC,
}
_SPANS = ("occupancy", "role_term", "team_member", "contact", "responsibility", "concession", "parking_space")

EXAMPLES: dict[str, dict[str, Any]] = {
    "compound.found": {"name": "耐火小区", "person": NEW_PERSON, "person_name": "王德胜"},
    "compound.edit": {"compound": COMPOUND, "old": {"note": ""}, "new": {"note": "老"}},
    "building.add": {"id": NEW, "code": "3", "floors": 6},
    "building.edit": {"building": BUILDING, "old": {"name": "西楼"}, "new": {"name": "北楼"}},
    "household.add": {
        "id": NEW,
        "code": "3-1-502",
        "area": 8100,
        "phones": ["13800000009"],
        "occupants": [{"person": NEW_PERSON, "occupancy": NEW_OCCUPANCY, "name": "张三", "sex": "男"}],
    },
    "household.edit": {
        "household": HOUSEHOLD,
        "old": {"area": 7000, "phones": []},
        "new": {"area": 9000, "phones": ["13800000002"]},
    },
    "household.merge": {"household": TWIN, "into": HOUSEHOLD},
    "person.add": {"id": NEW, "name": "张三"},
    "person.edit": {"person": PERSON, "old": {"note": "忙"}, "new": {"note": "热心", "phones": []}},
    "person.merge": {"person": PERSON, "into": OTHER},
    "occupancy.start": {"id": NEW, "household": HOUSEHOLD, "person": PERSON},
    "role.grant": {"id": NEW, "person": OTHER, "role": "building_lead", "building": BUILDING},
    "team.add": {"id": NEW, "name": "水工", "note": "周六"},
    "team.join": {"id": NEW, "team": TEAM, "person": OTHER},
    "contact.assign": {"id": NEW, "household": HOUSEHOLD, "person": OTHER},
    "responsibility.assign": {"id": NEW, "subject": "building", "building": BUILDING, "person": OTHER},
    "point.add": {"id": NEW, "code": "W01", "name": "路口", "depth_mm": 1200, "building_id": BUILDING},
    "point.edit": {"point": WELL, "old": {"depth_mm": 1000}, "new": {"depth_mm": 1600, "name": "门口"}},
    "point.rename": {"point": WELL, "code": "W09", "before": "W01"},
    "point.merge": {"point": WELL_TWIN, "into": WELL},
    "pipe.add": {"id": NEW, "start": WELL, "end": OUTFALL, "diameter_mm": 300},
    "pipe.edit": {"pipe": PIPE, "old": {"material": "砖"}, "new": {"material": "PVC"}},
    "connection.add": {"id": NEW, "point": WELL, "household": HOUSEHOLD},
    "route.add": {"id": NEW, "name": "北线", "note": "慢", "stops": [WELL, OUTFALL, WELL_TWIN]},
    "route.edit": {"route": ROUTE, "old": {"name": "旧线"}, "new": {"name": "环线"}},
    "route.arrange": {"route": ROUTE, "stops": [WELL_TWIN, WELL]},
    "schedule.add": {"id": NEW, "route": ROUTE, "every": "month", "since": "2026-02-28"},
    "schedule.edit": {"schedule": SCHEDULE, "old": {"within_days": 3}, "new": {"within_days": 5}},
    "rain.add": {"id": NEW, "day": "2026-02-20", "note": "半夜"},
    "checklist.add": {"id": NEW, "point_kind": "well", "text": "井盖完好？", "required": True},
    "checklist.edit": {"item": ITEM, "old": {"position": 5}, "new": {"position": 2}},
    "walk.start": {"id": NEW, "name": "三月", "route": ROUTE, "note": "雨后"},
    "walk.finish": {"walk": WALK},
    "walk.reopen": {"walk": WALK},
    "walk.join": {"walk": WALK_TWIN, "into": WALK},
    "walk.observe": {"id": NEW, "walk": WALK, "point": WELL, "level": "full", "mud_mm": 1800},
    "observation.withdraw": {"observation": SEEN},
    "ticket.report": {
        "id": NEW,
        "code": "KT1",
        "what": "厨房下水堵",
        "category": "drain",
        "household_id": HOUSEHOLD,
        "requester_id": PERSON,
        "observations": [SEEN],
    },
    "ticket.edit": {
        "ticket": TICKET,
        "old": {"urgency": "normal"},
        "new": {"urgency": "emergency", "place": "厨房"},
    },
    "ticket.accept": {"id": NEW, "ticket": TICKET, "was": "reported"},
    "ticket.assign": {"id": NEW, "ticket": TICKET, "person": PERSON},
    "ticket.release": {"id": NEW, "ticket": TICKET_TWIN, "words": "腰疼"},
    "ticket.start": {"id": NEW, "ticket": TICKET},
    "ticket.wait": {
        "id": NEW,
        "ticket": TICKET,
        "until": "2026-04-01",
        "wait_for": "part",
        "words": "等弯头",
    },
    "ticket.finish": {
        "id": NEW,
        "ticket": TICKET,
        "words": "疏通了",
        "minutes": 90,
        "cost": 3500,
        "parts": "弯头",
        "recheck": True,
    },
    "ticket.rate": {"id": NEW, "ticket": TICKET, "score": 5, "words": "很好"},
    "ticket.close": {"id": NEW, "ticket": TICKET, "words": "人搬走了"},
    "ticket.reopen": {"id": NEW, "ticket": TICKET, "words": "又堵了"},
    "ticket.reject": {"id": NEW, "ticket": TICKET, "words": "不归小区管"},
    "ticket.cancel": {"id": NEW, "ticket": TICKET, "words": "自己修好了"},
    "ticket.join": {"id": NEW, "ticket": TICKET_TWIN, "into": TICKET},
    "ticket.part": {"id": NEW, "ticket": TICKET_TWIN},
    "ticket.comment": {"id": NEW, "ticket": TICKET, "words": "敲门轻一点"},
    "ticket.call": {"id": NEW, "ticket": TICKET, "words": "没人接", "channel": "phone"},
    "ticket.log": {"id": NEW, "ticket": TICKET, "words": "看了现场", "minutes": 30, "cost": 500},
    "ticket.handover": {"id": NEW, "ticket": TICKET, "to": OTHER, "words": "我下班了"},
    "ticket.take": {"id": NEW, "ticket": TICKET_TWIN},
    "ticket.decline": {"id": NEW, "ticket": TICKET_TWIN, "words": "明天不在"},
    "ticket.keep": {"id": NEW, "ticket": TICKET, "words": "约了明早"},
    "ticket.take_back": {"event": EVENT},
    "ticket.put_back": {"event": TAKEN_BACK},
    "ticket.link": {"id": NEW, "ticket": TICKET, "observation": SEEN},
    "ticket.gather": {
        "id": NEW,
        "code": "KT3",
        "what": "3栋下水",
        "tickets": [TICKET, TICKET_TWIN],
        "join": True,
    },
    "ticket.rule": {"repeats": 4, "repeat_days": 60, "low_score": 1},
    "ticket.attach": {"id": NEW, "ticket": TICKET, "incident": INCIDENT},
    "ticket.detach": {"id": NEW, "ticket": TICKET},
    "incident.open": {"id": NEW, "name": "3栋停水", "buildings": [BUILDING]},
    "incident.edit": {
        "incident": INCIDENT,
        "old": {"words": "?"},
        "new": {"words": "明早恢复", "expected_at": "2026-03-03T08:00:00+08:00"},
    },
    "incident.strike": {"incident": INCIDENT, "buildings": [], "before": [BUILDING]},
    "incident.end": {"incident": INCIDENT, "words": "已来水"},
    "incident.reopen": {"incident": INCIDENT},
    "ticket_category.add": {"id": NEW, "code": "drain", "accept_hours": 6, "skill": "水工"},
    "ticket_category.edit": {"category": CATEGORY, "old": {"finish_hours": 30}, "new": {"finish_hours": 40}},
    "post.add": {"id": NEW, "name": "服务台", "place": "南门"},
    "post.edit": {"post": POST, "old": {"place": "北门"}, "new": {"place": "东门", "team_id": TEAM}},
    "shift_template.add": {
        "id": NEW,
        "post": POST,
        "name": "早班",
        "starts": 480,
        "minutes": 300,
        "needs": ["role:committee"],
    },
    "shift_template.edit": {
        "template": TEMPLATE,
        "old": {"hands": 3, "weekdays": []},
        "new": {"hands": 2, "weekdays": [6, 7], "weeks": "odd", "needs": ["skill:电工:2"]},
    },
    "shift_exception.add": {"id": NEW, "template": TEMPLATE, "day": "2026-03-09", "held": True},
    "special_day.add": {"id": NEW, "day": "2026-03-08", "kind": "workday"},
    "special_day.edit": {"special_day": SPECIAL, "old": {"name": "?"}, "new": {"name": "妇女节"}},
    "availability.add": {"id": NEW, "person": OTHER, "kind": "rather", "starts": "8:00", "ends": "12:00"},
    "availability.edit": {
        "availability": AVAILABLE,
        "old": {"kind": "can"},
        "new": {"kind": "pause", "since": "2026-03-01"},
    },
    "duty_pair.add": {"id": NEW, "person": OTHER, "other": PERSON, "together": False},
    "duty_share.add": {"id": NEW, "person": PERSON, "share": 150, "most_per_week": 2},
    "duty_share.edit": {"duty_share": SHARE, "old": {"share": 100}, "new": {"share": 80}},
    "duty.rule": {"night": 200, "grace_minutes": 30},
    "duty.plan": {
        "shifts": [{"template": TEMPLATE, **_times("2026-03-09"), "hands": 2, "points": 400}],
        "cancel": [SHIFT],
    },
    "shift.add": {"id": NEW, "post": POST, "name": "值班", **_times("2026-03-06")},
    "shift.edit": {
        "shift": SHIFT,
        "old": {"hands": 2},
        "new": {"hands": 3, "ends_at": "2026-03-04T06:00:00Z"},
    },
    "shift.cancel": {"shift": SHIFT, "words": "下雪"},
    "shift.restore": {"shift": SHIFT},
    "duty.fill": {
        "put": [{"id": NEW, "shift": OTHER_SHIFT, "person": OTHER}],
        "drop": [PLACE],
        "back": [OTHER_PLACE],
    },
    "duty.assign": {"id": NEW, "shift": OTHER_SHIFT, "person": PERSON},
    "duty.take": {"id": NEW, "shift": OTHER_SHIFT},
    "duty.unassign": {"assignment": PLACE, "words": "住院"},
    "duty.lock": {"assignment": PLACE, "locked": False},
    "duty.mark_absent": {"assignment": PLACE, "absence": "excused", "words": "发烧"},
    "duty.publish": {"shifts": [SHIFT], "assignments": [PLACE], "leaving": [OTHER_PLACE]},
    "duty.withdraw": {"shifts": [SHIFT], "assignments": [PLACE], "leaving": [OTHER_PLACE]},
    "duty.settle": {"month": "2026-02-01", "lines": [{"person": PERSON, "fair": 900, "owed": 900}]},
    "duty.unsettle": {"month": "2026-02-01", "people": [PERSON]},
    "swap.ask": {"id": NEW, "assignment": PLACE, "against": OTHER_PLACE},
    "swap.accept": {"swap": SWAP, "words": "我来"},
    "swap.decline": {"swap": ASKED},
    "swap.withdraw": {"swap": SWAP},
    "swap.undo": {"swap": SWAP},
    "swap.redo": {"swap": SWAP},
    "swap.reopen": {"swap": SWAPPED},
    "duty.check_in": {"id": NEW, "shift": OTHER_SHIFT, "reason": "忘了", "witness": OTHER},
    "duty.check_out": {"checkin": CHECKIN, "words": "平安"},
    "checkin.reopen": {"checkin": CHECKIN},
    "duty.hand_over": {"id": NEW, "shift": SHIFT, "to": OTHER, "words": "3栋停水", "keys": "3把"},
    "duty.take_handover_back": {"handover": HANDOVER},
    "duty.put_handover_back": {"handover": HANDOVER},
    "duty.confirm": {"handover": HANDOVER, "words": "少一把", "cash": 4000},
    "duty.unconfirm": {"handover": HANDOVER},
    "duty.note": {"id": NEW, "words": "[/b] 有人送来锦旗"},
    "fee.add_item": {"id": NEW, "name": "物业费", "formula": "fixed", "note": "[/b]"},
    "fee.edit_item": {"item": CHARGE, "old": {"note": ""}, "new": {"note": "含电梯", "cycle": "month"}},
    "fee.set_tariff": {"id": NEW, "item": CHARGE, "price": 4000, "since": "2026-04-01", "late_ppm": 500},
    "tariff.archive": {"tariff": RATES_TO_COME},
    "fee.set_share": {"item": CHARGE, "household": TWIN, "weight": 2},
    "fee.ask_concession": {
        "id": NEW,
        "household": HOUSEHOLD,
        "kind": "deferral",
        "since": "2026-01-01",
        "defer_until": "2026-12-31",
        "reason": "住院",
    },
    "fee.approve_concession": {"concession": CONCEDED, "words": "同意"},
    "fee.decline_concession": {"concession": CONCEDED},
    "fee.add_meter": {"id": NEW, "item": METERED, "code": "S-502", "place": "井道"},
    "fee.edit_meter": {"meter": METER, "old": {"place": ""}, "new": {"place": "厨房"}},
    "fee.read_meter": {"id": NEW, "meter": METER, "reading": 11000, "read_on": "2026-03-01"},
    "fee.share_cost": {
        "id": NEW,
        "item": SHARED,
        "since": "2026-02-01",
        "until": "2026-03-01",
        "fen": 60000,
    },
    "fee.park": {"id": NEW, "item": PARKED, "household": TWIN, "code": "A13"},
    "fee.rule": {"due_days": 45, "approvals": [{"roles": ["director"], "hands": 1}]},
    "fee.set_letter": {"step": "notice", "title": "催缴通知", "body": "{door} 您好"},
    "fee.issue": {
        "run": NEW,
        "since": "2026-01-01",
        "until": "2026-07-01",
        "rows": [
            _bill(),
            _bill(since="2026-04-01", until="2026-07-01"),
            _bill(household=TWIN, kind="opening", tariff=None),
        ],
    },
    "fee.reverse": {"bills": [BILL], "reason": "面积错了"},
    "fee.remind": {
        "id": NEW,
        "household": HOUSEHOLD,
        "way": "phone",
        "step": "claim",
        "answer": "promised",
        "promise_on": "2026-03-20",
    },
    "fee.add_account": {"id": NEW, "side": "expense", "name": "维修", "note": "水电"},
    "fee.edit_account": {"account": ACCOUNT, "old": {"note": ""}, "new": {"note": "小修"}},
    "fee.move": {"id": NEW, "kind": "transfer", "out_of": "assets:box", "into": "assets:bank", "fen": 3000},
    "fee.reverse_move": {"movement": MOVED, "reason": "填错"},
    "fee.close": {"id": NEW, "until": "2026-01-01"},
    "fee.publish": {"id": NEW, "since": "2026-01-01", "until": "2026-04-01", "figures": {}},
    "payment.record": {
        "id": NEW,
        "household": HOUSEHOLD,
        "fen": 9000,
        "method": "cash",
        "receipt": fixed(93),
        "receipt_no": "26-K7Q-000001",
        "printed": [{"bill": BILL, "item": "物业费", "fen": 8000}],
        "payer": "[/b]",
    },
    "payment.bring": {
        "rows": [
            {
                "id": NEW,
                "household": HOUSEHOLD,
                "fen": 700,
                "paid_at": "2025-11-02T01:00:00Z",
                "chosen": [{"bill": BILL, "fen": 700}],
            },
            {"id": fixed(93), "fen": 1, "method": "alipay", "paid_at": "2026-03-02T01:00:00Z"},
        ]
    },
    "payment.place": {"payment": UNKNOWN, "household": HOUSEHOLD},
    "payment.ask_reversal": {"id": NEW, "payment": PAID, "reason": "重复"},
    "payment.reverse": {"reversal": REVERSAL, "words": "属实"},
    "payment.keep": {"reversal": REVERSAL},
    "payment.ask_refund": {"id": NEW, "household": HOUSEHOLD, "fen": 500, "reason": "搬走"},
    "payment.refund": {"refund": REFUND},
    "payment.keep_credit": {"refund": REFUND, "words": "下季度抵"},
    "payment.hand_in": {"id": NEW, "fen": 2000, "counts": {"1000": 2}, "to": OTHER},
    "payment.confirm_hand_in": {"hand_in": HANDED, "fen": 2900, "words": "少一张"},
    "payment.import": {"platform": "wechat", "rows": [_bank_row(), _bank_row() | {"key": "wechat:2:in:1"}]},
    "payment.match": {"row": BANK_ROW, "payment": UNKNOWN},
    "payment.set_aside": {"row": BANK_ROW, "reason": "红包"},
    "payment.take_up": {"row": BANK_ROW},
    "payment.reprint": {"receipt": RECEIPT},
    "payment.void_receipt": {"receipt": RECEIPT, "reason": "抬头错"},
    "payment.write_receipt": {
        "receipt": NEW,
        "payment": UNKNOWN,
        "receipt_no": "26-K7Q-000009",
        "printed": [{"fen": 5000}],
    },
    "expense.record": {"id": NEW, "account": ACCOUNT, "fen": 800000, "words": "换水泵"},
    "expense.approve": {"expense": SPENT, "words": "同意"},
    "expense.decline": {"expense": SPENT},
    "expense.pay": {"expense": SPENT, "out_of": "assets:box", "voucher": "12"},
    "expense.reverse": {"expense": SPENT, "reason": "退货"},
    "conflict.resolve": {"conflict": CONFLICT, "choice": "take"},
    "flag.settle": {"flag": FLAG},
    "flag.reopen": {"flag": FLAG},
}
EXAMPLES |= {
    f"{noun}.{verb}": {noun: row} for noun, row in _ROWS.items() for verb in ("archive", "unarchive")
}
EXAMPLES |= {f"{noun}.{verb}": {noun: _ROWS[noun]} for noun in _SPANS for verb in ("end", "reopen")}
