"""What was seen on the demo's walks, in the volunteers' words.

This morning the water stands level behind the pipe W17 to W18, 0.44 m above
the invert of W17, and what is below it trickles. A van is parked on W18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models.demo.sewer import (
    BODY,
    BOX_FREE,
    CHECKED_YEAR,
    COVER,
    HOSE_WHOLE,
    LIT,
    NO_BARE_WIRE,
    OUTFALL,
    PIN_WHOLE,
    POLE_FIRM,
    PRESSURE_GREEN,
)
from models.inspection.levels import Level

DRY, FLOWING, HALF, FULL, UNOPENED = Level.DRY, Level.FLOWING, Level.HALF, Level.FULL, Level.UNOPENED


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect by code, with its grade 1 to 4."""

    code: str
    grade: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One well as somebody found it."""

    well: str
    level: Level
    mud_mm: int | None = None
    note: str = ""
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One lamp or extinguisher: questions by their text, with the answers."""

    point: str
    answers: Mapping[str, Any]
    note: str = ""


#: Last year, on three mornings; each starts at the well named.
MORNINGS: Final = ("W01", "W17", "W31")

LAST_YEAR: Final = (
    Seen("W01", FLOWING, 10, "起点，水清。"),
    Seen("W02", FLOWING, 10),
    Seen("W03", FLOWING, 20),
    Seen("W04", FLOWING, 20, "墙角有落叶，已捞。"),
    Seen("W05", FLOWING, 10),
    Seen("W06", FLOWING, 20),
    Seen("W07", DRY, 0, "支管起点，早上没人用水，干的。"),
    Seen("W08", FLOWING),
    Seen("W09", FLOWING, 10),
    Seen("W10", FLOWING, 30),
    Seen("W11", FLOWING, 30),
    Seen("W12", FLOWING, 30, "捞出抹布一块。"),
    Seen("W13", FLOWING, 20),
    Seen("W14", FLOWING, 20, "厨房油垢挂壁，冲了一遍。"),
    Seen("W15", FLOWING, 40),
    Seen("W16", FLOWING, 40),
    Seen(
        "W17",
        FLOWING,
        60,
        "须根从出水口伸进来，手指粗，剪了一把。往下那段管子要盯着。",
        (Defect("SG", 2, "须根约占断面五分之一"),),
    ),
    Seen("W18", FLOWING, 50),
    Seen("W19", FLOWING, 20),
    Seen("W20", FLOWING, 20),
    Seen("W21", FLOWING, 10),
    Seen("W22", FLOWING, 10),
    Seen("W23", UNOPENED, None, "井盖被水泥封死，撬了半小时没动，要请人切。"),
    Seen("W24", FLOWING, 20),
    Seen("W25", FLOWING, 20),
    Seen("W26", FLOWING, 30, "车棚冲地的沙子进了井。"),
    Seen("W27", DRY, 0),
    Seen("W28", FLOWING, 10),
    Seen(
        "W29",
        FLOWING,
        20,
        "盖板断成两半，先盖了木板、摆了锥桶，已报社区。",
        (Defect("cover_broken", 3, "路中间，小孩常跑过"),),
    ),
    Seen("W30", FLOWING, 30),
    Seen("W31", FLOWING, 20),
    Seen("W32", FLOWING, 10),
    Seen("W33", FLOWING, 10),
    Seen("W34", FLOWING, 20),
    Seen("W35", FLOWING, 30),
    Seen("W36", FLOWING, 30),
    Seen("W37", FLOWING, 40),
    Seen("W38", FLOWING, 90, "油块结成壳，跟菜馆老板说了隔油池要按季清。"),
    Seen("W39", FLOWING, 40, "东西两股水都下来，通畅。"),
    Seen("W40", FLOWING, 30),
    Seen("W41", FLOWING, 30),
    Seen("W42", FLOWING, 30),
    Seen(OUTFALL, FLOWING, None, "市政井水位低，没有顶托。"),
)

#: This morning, in walking order; W18 is left out for later.
THIS_MORNING: Final = (
    Seen("W01", FLOWING, 10),
    Seen("W02", FLOWING, 10),
    Seen("W03", FLOWING, 20),
    Seen("W04", FLOWING, 30, "落叶捞了一桶。"),
    Seen("W05", FLOWING, 20, "水走得慢，比去年高一点。"),
    Seen("W06", HALF, 30, "过了半管，不大流。"),
    Seen("W07", FLOWING, 10),
    Seen("W08", FLOWING, 20),
    Seen("W09", HALF, 30, "4栋屋后也憋住了。"),
    Seen("W10", HALF, 40),
    Seen("W11", HALF, 50),
    Seen("W12", FULL, 60, "管口看不见了。"),
    Seen("W13", HALF, 30),
    Seen("W14", FULL, 40, "有臭味，油花浮在上面。", (Defect("scum", 2),)),
    Seen("W15", FULL, 50, "1单元楼下几户说马桶冲不下去。"),
    Seen("W16", FULL, 90, "101王娭毑家返水就是这里顶的。"),
    Seen(
        "W17",
        FULL,
        170,
        "井里水不动，竹竿探下去全是泥，捅到出水口有须根，竿子进不去。",
        (Defect("SG", 3, "出水口须根成团"), Defect("silt", 3)),
    ),
    Seen("W19", FLOWING, 20, "只有筷子粗一股水。W18上停了辆面包车，车主电话没人接，回头再开。"),
    Seen("W20", FLOWING, 10, "水很小，堵在上面。"),
    Seen("W21", FLOWING, 10),
    Seen("W22", FLOWING, 10),
    Seen("W23", FLOWING, 60, "新盖好开。一年没清，泥有点厚。"),
    Seen("W24", FLOWING, 20),
    Seen("W25", FLOWING, 20),
    Seen("W26", FLOWING, 40, "车棚的沙子又进来了，要加个沉沙篮。"),
)
#: From this well on the second of the two wrote; they had split the yard between them.
SECOND_FROM: Final = "W21"

_LAMP: Final = {LIT: True, POLE_FIRM: True, NO_BARE_WIRE: True, COVER: 1}


def _extinguisher(year: int, *, body: int = 1, **differently: bool) -> dict[str, Any]:
    named = {"pressure": PRESSURE_GREEN, "pin": PIN_WHOLE, "free": BOX_FREE, "hose": HOSE_WHOLE}
    ticked = {text: differently.get(short, True) for short, text in named.items()}
    return {**ticked, BODY: body, CHECKED_YEAR: float(year)}


def last_round(year: int) -> tuple[Checked, ...]:
    """Return last month's round of lamps and extinguishers; bottles were checked in the years before `year`."""
    return (
        Checked("L01", _LAMP),
        Checked("L02", _LAMP),
        Checked("F01", _extinguisher(year - 1)),
        Checked("L07", _LAMP | {LIT: False}, "不亮，灯泡换过还是不亮，怀疑线被树枝磨断。"),
        Checked("L03", _LAMP),
        Checked("L04", _LAMP),
        Checked("F02", _extinguisher(year - 1)),
        Checked("F03", _extinguisher(year - 1, free=False), "箱前堆了两箱啤酒，当场请店里搬开了。"),
        Checked("F04", _extinguisher(year - 1)),
        Checked("L05", _LAMP),
        Checked(
            "F05", _extinguisher(year - 4, pressure=False, body=2), "指针在红区，已拿去充装，先放一具备用的。"
        ),
        Checked("F07", _extinguisher(year - 2)),
        Checked("L06", _LAMP),
        Checked("F06", _extinguisher(year - 1)),
        Checked("L08", _LAMP | {COVER: 3}, "灯罩里有虫，下次带梯子擦。"),
        Checked("F08", _extinguisher(year - 1)),
    )
