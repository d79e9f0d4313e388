"""What there is to look at in the demo compound: its sewer, its lamps, its extinguishers.

Two branches run behind the buildings, down the west and the east wall, and
meet at W39 inside the gate; one trunk takes both to the municipal manhole.
Metres from the gate's west post, x to the east, y to the north; inverts fall
three to five per mille.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.inspection.rules import Answer, PipeSystem, PointKind

OUTFALL: Final = "OUT1"
OUTFALL_NAME: Final = "市政接口"

#: Pipes of this bore and less come from the stairwells alone; the larger ones take the yard's rain too.
_FOUL_UP_TO_MM: Final = 200
#: Behind building 4 and 6 the old pipes were dug up and replaced.
_RENEWED: Final = frozenset({"W01", "W02", "W03", "W07", "W08", "W09", "W41", "W42"})


@dataclass(frozen=True, slots=True)
class Well:
    """A drain well, or the outfall; its cover lies at `ground_m`, its invert `depth_mm` below."""

    code: str
    x_m: int
    y_m: int
    ground_m: float
    depth_mm: int
    name: str
    building: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pipe:
    """A pipe from `start` down to `end`."""

    start: str
    end: str
    length_m: float
    diameter_mm: int

    @property
    def material(self) -> str:
        return "HDPE" if self.start in _RENEWED else "砼管"

    @property
    def system(self) -> PipeSystem:
        return PipeSystem.FOUL if self.diameter_mm <= _FOUL_UP_TO_MM else PipeSystem.COMBINED


@dataclass(frozen=True, slots=True)
class Fixture:
    """A lamp or an extinguisher."""

    code: str
    kind: PointKind
    name: str
    x_m: int
    y_m: int
    building: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question asked at every point of a kind."""

    kind: PointKind
    text: str
    answer: Answer = Answer.YES_NO
    required: bool = False


WELLS: Final = (
    Well("W01", 50, 128, 43.16, 1150, "6栋东山墙北角", "6", "西支起点。"),
    Well("W02", 41, 128, 43.14, 1170, "6栋2单元屋后", "6"),
    Well("W03", 23, 128, 43.12, 1230, "6栋1单元屋后", "6"),
    Well("W04", 6, 128, 43.10, 1280, "西北墙角", "6"),
    Well("W05", 6, 113, 43.01, 1250, "6栋西山墙外", "6"),
    Well("W06", 6, 99, 42.93, 1220, "西便道，6栋与4栋之间"),
    Well("W07", 46, 88, 42.86, 1020, "4栋东山墙北角", "4", "4栋支管起点，井浅。"),
    Well("W08", 41, 88, 42.98, 1160, "4栋2单元屋后", "4"),
    Well("W09", 23, 88, 42.96, 1220, "4栋1单元屋后", "4"),
    Well("W10", 6, 88, 42.94, 1280, "西便道，4栋支管汇入处"),
    Well("W11", 6, 73, 42.85, 1240, "4栋西山墙外", "4"),
    Well("W12", 6, 60, 42.77, 1210, "西便道，晾衣架旁"),
    Well("W13", 50, 48, 42.69, 980, "1栋3单元屋后", "1", "1栋支管起点，井浅。"),
    Well("W14", 35, 48, 42.67, 1030, "1栋2单元屋后", "1"),
    Well("W15", 19, 48, 42.79, 1220, "1栋1单元屋后", "1"),
    Well("W16", 6, 48, 42.77, 1260, "西便道，1栋支管汇入处", "1", "1-1-101厨房直接进这口井。"),
    Well("W17", 6, 35, 42.69, 1230, "1栋西山墙外，香樟树下", "1", "树根多，往W18那段要盯着。"),
    Well("W18", 6, 17, 42.59, 1200, "西南墙角停车位", "1", "常有车压着，先打电话请车主挪车。"),
    Well("W19", 24, 16, 42.56, 1240, "1栋南面花坛边", "1"),
    Well("W20", 44, 16, 42.54, 1290, "1栋南面，公示栏前"),
    Well("W21", 80, 128, 43.04, 960, "5栋西山墙北角", "5", "东支起点。"),
    Well("W22", 88, 128, 43.16, 1120, "5栋1单元屋后", "5"),
    Well("W23", 106, 128, 43.14, 1180, "5栋2单元屋后", "5"),
    Well("W24", 124, 128, 43.12, 1240, "5栋3单元屋后", "5"),
    Well("W25", 136, 120, 43.06, 1240, "东北墙角", "5"),
    Well("W26", 136, 103, 42.96, 1200, "东便道，自行车棚旁"),
    Well("W27", 84, 88, 42.88, 940, "3栋西山墙北角", "3", "3栋支管起点，井浅。"),
    Well("W28", 96, 88, 42.86, 970, "3栋1单元屋后", "3"),
    Well("W29", 114, 88, 42.98, 1170, "3栋2单元屋后", "3"),
    Well("W30", 136, 88, 42.96, 1250, "东便道，3栋支管汇入处"),
    Well("W31", 136, 68, 42.84, 1210, "东便道，配电房门口", "", "井盖上不要停三轮车。"),
    Well("W32", 80, 48, 42.73, 910, "2栋1单元屋后", "2", "2栋支管起点，井浅。"),
    Well("W33", 98, 48, 42.71, 980, "2栋2单元屋后", "2"),
    Well("W34", 116, 48, 42.69, 1040, "2栋3单元屋后", "2"),
    Well("W35", 136, 48, 42.67, 1110, "东便道，2栋支管汇入处", "2"),
    Well("W36", 136, 18, 42.65, 1200, "东南墙角", "2"),
    Well("W37", 113, 16, 42.62, 1260, "五金店门前人行道", "2", "撬盖时要有人看着行人。"),
    Well("W38", 89, 16, 42.60, 1330, "菜馆门前人行道", "2", "餐馆隔油池出水在这里，油多。"),
    Well("W39", 64, 16, 42.58, 1400, "大门内，东西两支会合"),
    Well("W40", 64, 1, 42.50, 1370, "大门口岗亭旁"),
    Well("W41", 64, -14, 42.41, 1330, "门外人行道"),
    Well("W42", 70, -27, 42.33, 1300, "路边，接市政前最后一口井", "", "在车行道边，要摆锥桶。"),
    Well(OUTFALL, 84, -35, 42.37, 1390, OUTFALL_NAME, "", "市政管养，堵了打排水热线。"),
)

PIPES: Final = (
    Pipe("W01", "W02", 9.0, 200),
    Pipe("W02", "W03", 18.0, 200),
    Pipe("W03", "W04", 17.0, 200),
    Pipe("W04", "W05", 15.0, 300),
    Pipe("W05", "W06", 14.0, 300),
    Pipe("W06", "W10", 11.0, 300),
    Pipe("W07", "W08", 5.0, 200),
    Pipe("W08", "W09", 18.0, 200),
    Pipe("W09", "W10", 17.0, 200),
    Pipe("W10", "W11", 15.0, 300),
    Pipe("W11", "W12", 13.0, 300),
    Pipe("W12", "W16", 12.0, 300),
    Pipe("W13", "W14", 15.0, 200),
    Pipe("W14", "W15", 16.0, 200),
    Pipe("W15", "W16", 13.0, 200),
    Pipe("W16", "W17", 13.0, 300),
    Pipe("W17", "W18", 18.0, 300),
    Pipe("W18", "W19", 18.0, 300),
    Pipe("W19", "W20", 20.0, 300),
    Pipe("W20", "W39", 20.0, 300),
    Pipe("W21", "W22", 8.0, 200),
    Pipe("W22", "W23", 18.0, 200),
    Pipe("W23", "W24", 18.0, 200),
    Pipe("W24", "W25", 14.4, 300),
    Pipe("W25", "W26", 17.0, 300),
    Pipe("W26", "W30", 15.0, 300),
    Pipe("W27", "W28", 12.0, 200),
    Pipe("W28", "W29", 18.0, 200),
    Pipe("W29", "W30", 22.0, 200),
    Pipe("W30", "W31", 20.0, 300),
    Pipe("W31", "W35", 20.0, 300),
    Pipe("W32", "W33", 18.0, 200),
    Pipe("W33", "W34", 18.0, 200),
    Pipe("W34", "W35", 20.0, 200),
    Pipe("W35", "W36", 30.0, 300),
    Pipe("W36", "W37", 23.1, 300),
    Pipe("W37", "W38", 24.0, 300),
    Pipe("W38", "W39", 25.0, 300),
    Pipe("W39", "W40", 15.0, 400),
    Pipe("W40", "W41", 15.0, 400),
    Pipe("W41", "W42", 14.3, 400),
    Pipe("W42", OUTFALL, 16.1, 400),
)

#: Each stairwell's drain, by the well behind it.
STAIRWELL_DRAINS: Final = {
    "W02": "6",
    "W03": "6",
    "W08": "4",
    "W09": "4",
    "W13": "1",
    "W14": "1",
    "W15": "1",
    "W22": "5",
    "W23": "5",
    "W24": "5",
    "W28": "3",
    "W29": "3",
    "W32": "2",
    "W33": "2",
    "W34": "2",
}
#: Kitchens and shops with a drain of their own.
OWN_DRAINS: Final = {
    "1-1-101": "W16",
    "3-1-101": "W27",
    "6-2-101": "W01",
    "2-0-1": "W38",
    "2-0-2": "W38",
    "2-0-3": "W38",
    "2-0-4": "W37",
    "2-0-5": "W37",
    "2-0-6": "W37",
}

FIXTURES: Final = (
    Fixture("L01", PointKind.LAMP, "大门口", 60, 4),
    Fixture("L02", PointKind.LAMP, "公示栏前", 60, 24),
    Fixture("L03", PointKind.LAMP, "中心花坛西", 58, 58),
    Fixture("L04", PointKind.LAMP, "中心花坛东", 70, 58),
    Fixture("L05", PointKind.LAMP, "3栋4栋路口", 64, 92, "", "去年换的LED灯头。"),
    Fixture("L06", PointKind.LAMP, "5栋6栋路口", 64, 126),
    Fixture("L07", PointKind.LAMP, "西便道香樟下", 4, 40, "1", "树枝遮光，春秋各修一次。"),
    Fixture("L08", PointKind.LAMP, "东便道车棚", 138, 100),
    Fixture("F01", PointKind.EXTINGUISHER, "1栋2单元门厅", 35, 40, "1"),
    Fixture("F02", PointKind.EXTINGUISHER, "2栋2单元门厅", 98, 40, "2"),
    Fixture("F03", PointKind.EXTINGUISHER, "菜馆后门", 90, 30, "2", "店里另有两具，自查。"),
    Fixture("F04", PointKind.EXTINGUISHER, "3栋1单元门厅", 96, 80, "3"),
    Fixture("F05", PointKind.EXTINGUISHER, "4栋1单元门厅", 23, 80, "4"),
    Fixture("F06", PointKind.EXTINGUISHER, "5栋2单元门厅", 106, 120, "5"),
    Fixture("F07", PointKind.EXTINGUISHER, "6栋1单元门厅", 23, 120, "6"),
    Fixture("F08", PointKind.EXTINGUISHER, "自行车棚充电区", 132, 100, "", "两具，都要看。"),
)
#: Lamps and extinguishers in walking order: in by the gate, once round, back to the shed.
ROUND: Final = (
    "L01", "L02", "F01", "L07", "L03", "L04", "F02", "F03", "F04", "L05", "F05", "F07", "L06", "F06", "L08", "F08",
)  # fmt: skip

LIT: Final = "灯亮"
POLE_FIRM: Final = "灯杆和线盒完好"
NO_BARE_WIRE: Final = "没有露出来的电线"
COVER: Final = "灯罩外观 1好4坏"
PRESSURE_GREEN: Final = "压力表在绿区"
PIN_WHOLE: Final = "插销和铅封完好"
BOX_FREE: Final = "箱前没有杂物"
HOSE_WHOLE: Final = "软管和喷嘴完好"
BODY: Final = "瓶身锈蚀变形 1无4重"
CHECKED_YEAR: Final = "瓶身检验年份"

QUESTIONS: Final = (
    Question(PointKind.LAMP, LIT, required=True),
    Question(PointKind.LAMP, POLE_FIRM),
    Question(PointKind.LAMP, NO_BARE_WIRE, required=True),
    Question(PointKind.LAMP, COVER, Answer.GRADE),
    Question(PointKind.EXTINGUISHER, PRESSURE_GREEN, required=True),
    Question(PointKind.EXTINGUISHER, PIN_WHOLE, required=True),
    Question(PointKind.EXTINGUISHER, BOX_FREE),
    Question(PointKind.EXTINGUISHER, HOSE_WHOLE),
    Question(PointKind.EXTINGUISHER, BODY, Answer.GRADE),
    Question(PointKind.EXTINGUISHER, CHECKED_YEAR, Answer.NUMBER),
)

DRAIN_ROUTE: Final = "排水井巡检"
ROUND_ROUTE: Final = "路灯和消防器材"
