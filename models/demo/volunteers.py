"""Who does the work in the demo compound: offices, pools, service teams, visits, duties.

Terms and visits count in days before the day the demo is made, so that they
never run out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.community.rules import Subject
from models.operations.roles import Role

DIRECTOR: Final = "彭国安"
TREASURER: Final = "刘湘莲"
PIPE_FITTER: Final = "罗铁生"
SECOND_WALKER: Final = "唐志刚"
TYPIST: Final = "黄浩"
ELECTRICIAN: Final = "易新民"
DEPUTY: Final = "周满秀"
VISITOR: Final = "曾菊香"
STAFF: Final = "文静"
STAFF_PHONE: Final = "19900000999"
#: Of the tenant who moved in after the household list was made.
TENANT_PHONE: Final = "19900000998"

#: The committee was elected for three years, this many days ago.
ELECTED_DAYS_AGO: Final = 760
TERM_DAYS: Final = 3 * 365 + 1


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A resident who takes turns: in which pool, in which service teams, with which skills."""

    name: str
    pool: str
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Office:
    """A role; a building lead's names the building. `ended_days_ago` None means the term still runs."""

    name: str
    role: Role
    building: str = ""
    since_days_ago: int = ELECTED_DAYS_AGO
    ended_days_ago: int | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody answers for: a building by code, anything else by its place."""

    subject: Subject
    what: str
    name: str
    note: str = ""


POOLS: Final = {
    "支部党员": "值班第一组，党群服务站周一、周四。",
    "物管会委员": "值班第二组，周二、周五。",
    "志愿者": "值班第三组，周三、周六。",
}
TEAMS: Final = {
    "水电维修队": "换灯、修插座、换龙头。梯子在服务站后间。",
    "管道疏通队": "开井、疏通、量泥。撬棍、井钩、疏通机都登记借用。",
    "木工家电队": "修门锁、纱窗、小家电。",
    "文书代办队": "代写申请、帮老人办认证、张贴公示。",
    "爱心探访队": "探访独居老人，陪诊、代买、理发。",
}

VOLUNTEERS: Final = (
    Volunteer(
        "彭国安", "物管会委员", (), ("组织协调", "看图纸"), "耐火厂二车间老主任，1953年生。开会请提前一天说。"
    ),
    Volunteer(
        "周满秀",
        "物管会委员",
        ("爱心探访队",),
        ("调解", "组织协调"),
        "厂工会退休，邻里纠纷先找她。",
    ),
    Volunteer("刘湘莲", "物管会委员", ("文书代办队",), ("记账", "文书"), "厂财务科退休，账本每月8号公示。"),
    Volunteer("易新民", "物管会委员", ("水电维修队",), ("水电", "焊工"), "厂电工班退休，有低压电工证。"),
    Volunteer(
        "罗铁生", "支部党员", ("管道疏通队",), ("管道", "疏通机", "水电"), "管道工，埋管的时候他就在场。"
    ),
    Volunteer("谭运良", "支部党员", (), ("质检", "验收"), "厂质检科退休，工程监督由他签字。"),
    Volunteer("唐志刚", "支部党员", ("管道疏通队", "水电维修队"), ("管道", "开车"), "有三轮车，拉工具找他。"),
    Volunteer("黄浩", "支部党员", ("文书代办队",), ("电脑", "拍照", "文书"), "租住3栋，晚上和周末有空。"),
    Volunteer("贺冬梅", "志愿者", ("爱心探访队",), ("理发", "陪诊"), "上午要接送孙子，下午有空。"),
    Volunteer("曾菊香", "志愿者", ("爱心探访队",), ("护理", "量血压"), "厂医务室退休护士。"),
    Volunteer("欧阳建平", "志愿者", ("木工家电队",), ("木工", "修锁"), "木模车间退休，自家有一套工具。"),
    Volunteer(
        "肖丽娟",
        "志愿者",
        ("文书代办队", "木工家电队"),
        ("文书", "手机教学"),
        "在家做客服，工作日白天在小区。",
    ),
)

OFFICES: Final = (
    Office("周满秀", Role.COMMITTEE, limited=True),
    Office("刘湘莲", Role.COMMITTEE, limited=True),
    Office("易新民", Role.COMMITTEE, limited=True),
    Office("罗铁生", Role.COMMITTEE, limited=True),
    Office("刘湘莲", Role.TREASURER, limited=True),
    Office("谭运良", Role.SUPERVISOR, limited=True),
    Office("易新民", Role.BUILDING_LEAD, "1"),
    Office("罗铁生", Role.BUILDING_LEAD, "2"),
    Office("周满秀", Role.BUILDING_LEAD, "3"),
    Office("贺冬梅", Role.BUILDING_LEAD, "4"),
    Office("曾菊香", Role.BUILDING_LEAD, "5"),
    Office("欧阳建平", Role.BUILDING_LEAD, "6", since_days_ago=500),
    Office("蒋仁和", Role.BUILDING_LEAD, "6", since_days_ago=1900, ended_days_ago=500),
    Office("吴正清", Role.TREASURER, since_days_ago=1855, ended_days_ago=ELECTED_DAYS_AGO),
    Office("谭运良", Role.VOLUNTEER, since_days_ago=1500),
    Office("唐志刚", Role.VOLUNTEER, since_days_ago=900),
    Office("黄浩", Role.VOLUNTEER, since_days_ago=640),
    Office("贺冬梅", Role.VOLUNTEER, since_days_ago=1200),
    Office("曾菊香", Role.VOLUNTEER, since_days_ago=1200),
    Office("欧阳建平", Role.VOLUNTEER, since_days_ago=1100),
    Office("肖丽娟", Role.VOLUNTEER, since_days_ago=700),
    Office(STAFF, Role.STAFF, since_days_ago=1000),
)

#: Old people who live alone, and who looks in on them.
VISITS: Final = {
    "1-1-101": "易新民",
    "1-1-201": "彭国安",
    "1-3-102": "易新民",
    "3-1-101": "黄浩",
    "3-2-301": "周满秀",
    "4-1-102": "贺冬梅",
    "4-2-401": "刘湘莲",
    "5-1-102": "曾菊香",
    "5-3-301": "肖丽娟",
    "6-1-201": "欧阳建平",
}
#: Who visits the rest of a stairwell; in the others nobody has been found yet.
STAIRS: Final = {
    "1-1": "易新民",
    "1-2": "彭国安",
    "1-3": "唐志刚",
    "2-1": "罗铁生",
    "2-2": "谭运良",
    "3-1": "黄浩",
    "3-2": "周满秀",
    "5-1": "曾菊香",
}

DUTIES: Final = (
    Duty(Subject.BUILDING, "1", "易新民"),
    Duty(Subject.BUILDING, "2", "罗铁生", "门面由他对口联系。"),
    Duty(Subject.BUILDING, "3", "周满秀"),
    Duty(Subject.BUILDING, "4", "贺冬梅"),
    Duty(Subject.BUILDING, "5", "曾菊香"),
    Duty(Subject.BUILDING, "6", "欧阳建平"),
    Duty(Subject.FACILITY, "排水井和管网", "罗铁生", "井图在服务站墙上，改了要重印。"),
    Duty(Subject.FACILITY, "路灯", "易新民", "控制箱钥匙在服务站抽屉。"),
    Duty(Subject.FACILITY, "消防器材", "唐志刚", "灭火器每月看一次压力。"),
    Duty(Subject.FACILITY, "党群服务站", "肖丽娟"),
    Duty(Subject.FACILITY, "自行车棚和充电桩", "黄浩"),
    Duty(Subject.FACILITY, "健身器材", "欧阳建平"),
    Duty(Subject.ROAD, "大门到6栋主路", "彭国安", "消防通道，不准停车。"),
    Duty(Subject.ROAD, "西围墙便道", "唐志刚"),
    Duty(Subject.ROAD, "东围墙便道", "罗铁生"),
    Duty(Subject.GARDEN, "中心花坛", "贺冬梅"),
    Duty(Subject.GARDEN, "1栋西头香樟林", "刘湘莲", "树根往下水管里钻，每年修一次根。"),
)
