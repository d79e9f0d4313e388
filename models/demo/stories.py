"""The longer stories of the demo's year of tickets: repairs in several visits, quarrels, a lamp and a drain that fail again and again.

Days count backwards from the day the demo is made (see asked.py).
"""

from __future__ import annotations

from typing import Any, Final

from models.demo.asked import BARBER, CARPENTER, HELPER, Step, Story
from models.demo.volunteers import (
    DEPUTY,
    DIRECTOR,
    ELECTRICIAN,
    PIPE_FITTER,
    SECOND_WALKER,
    STAFF,
    TREASURER,
    TYPIST,
    VISITOR,
)


def done(day: int, hour: float, by: str, words: str, minutes: int, **more: Any) -> Step:
    """Return the end of a job."""
    return Step(day, hour, by, "ticket.finish", words, {"minutes": minutes, **more})


def rated(day: int, hour: float, by: str, score: int, words: str = "", **more: Any) -> Step:
    """Return what the requester said of it."""
    return Step(day, hour, by, "ticket.rate", words, {"score": score, **more})


def log(day: int, hour: float, by: str, words: str, minutes: int, **more: Any) -> Step:
    """Return a visit; costs in fen."""
    return Step(day, hour, by, "ticket.log", words, {"minutes": minutes, **more})


def claim(day: int, hour: float, by: str) -> Step:
    """Return somebody's taking the job."""
    return Step(day, hour, by, "ticket.accept")


#: Three reports of one lamp in a month, gathered into a case and mended for good.
LAMP: Final = tuple(
    Story(
        day,
        19,
        by,
        "L07",
        "lamp",
        what,
        (claim(day - 1, 9, ELECTRICIAN), done(day - 1, 10, ELECTRICIAN, words, 30, cost=600, parts="灯泡")),
        "chat",
        name=f"lamp{n}",
    )
    for n, (day, by, what, words) in enumerate(
        (
            (117, HELPER, "西便道香樟下路灯不亮", "换灯泡"),
            (109, TYPIST, "香樟下路灯又不亮了", "又换灯泡，亮了"),
            (101, HELPER, "香樟下路灯第三回不亮", "灯泡是好的，怀疑是线"),
        )
    )
)
LAMP_CASE: Final = Story(
    100,
    14,
    DIRECTOR,
    "L07",
    "lamp",
    "西便道路灯一个月坏三回，查线",
    (
        claim(99, 15, ELECTRICIAN),
        log(98, 16, ELECTRICIAN, "树枝磨破了线皮，下雨就短路", 60),
        log(98, 16.5, SECOND_WALKER, "扶梯子，锯树枝", 60),
        done(97, 17, ELECTRICIAN, "换了五米线，套了管", 90, cost=4800, parts="护套线", recheck=True),
        rated(90, 19, DIRECTOR, 5, "走夜路不怕了"),
    ),
    name="lamp case",
)

#: What is blocked behind W17, as the first flat on it has known for a month.
DRAIN: Final = (
    Story(
        27,
        9,
        ELECTRICIAN,
        "1-1-101",
        "drain",
        "厨房下水堵了，水池漫出来",
        (
            claim(27, 9.3, PIPE_FITTER),
            done(27, 11, PIPE_FITTER, "疏通机通了，掏出油块", 80),
            rated(26, 10, DEPUTY, 4, "通了，人也和气"),
        ),
        requester="1-1-101",
        name="drain0",
    ),
    Story(
        14,
        18,
        ELECTRICIAN,
        "1-1-101",
        "drain",
        "地漏返水，又堵了",
        (
            claim(14, 18.5, PIPE_FITTER),
            log(14, 19, PIPE_FITTER, "室内管是通的，水从外面顶回来", 60),
            done(13, 10, PIPE_FITTER, "抽掉井里的水，暂时下去了", 70),
            rated(12, 16, DEPUTY, 2, "治标不治本，老人天天闻臭"),
            Step(12, 16.2, DEPUTY, "ticket.reopen", "说没几天又慢了"),
            done(11, 9, PIPE_FITTER, "再抽一次，要开井查外面", 40),
            rated(10, 17, DEPUTY, 3, "先这样，盼着查清楚", channel="phone"),
        ),
        requester="1-1-101",
        name="drain1",
    ),
    Story(
        3,
        7.5,
        ELECTRICIAN,
        "1-1-101",
        "drain",
        "第三回堵，马桶也冲不下",
        (
            claim(3, 8, PIPE_FITTER),
            Step(3, 8.2, SECOND_WALKER, "ticket.comment", "W16满到井沿，屋里没毛病。"),
            log(3, 9, PIPE_FITTER, "抽水应急，先让老人能用厕所", 90),
            Step(
                2,
                17,
                PIPE_FITTER,
                "ticket.wait",
                "开井查到堵点再叫疏通车",
                {"until": 2, "wait_for": "contractor"},
            ),
        ),
        "phone",
        "emergency",
        requester="1-1-101",
        name="drain2",
    ),
    Story(
        2,
        20,
        HELPER,
        "1-2-302",
        "drain",
        "卫生间冲水慢，咕噜响",
        (Step(1, 9, HELPER, "ticket.join", "和101一根管", {"into": "drain2"}),),
        "chat",
    ),
)

STORIES: Final = (
    Story(
        344,
        10,
        DIRECTOR,
        "服务站门前",
        "家电",
        "家电义修日：大家把坏了的小家电拿来",
        (
            *(claim(340, 9 + n / 10, by) for n, by in enumerate((CARPENTER, ELECTRICIAN, TYPIST, HELPER))),
            log(338, 15, CARPENTER, "修了九件：风扇、电饭煲、收音机", 300, cost=8600, parts="电容、保险管"),
            log(338, 15.2, ELECTRICIAN, "修了七件，换插头居多", 300, cost=4200, parts="插头"),
            log(338, 15.4, TYPIST, "登记、拍照、贴标签", 240),
            done(338, 16, HELPER, "二十六件修好二十一件，五件没配件退回", 240),
            rated(336, 10, DIRECTOR, 5, "下回什么时候再办", channel="chat"),
        ),
        "chat",
        hands=4,
    ),
    Story(
        318,
        9,
        DEPUTY,
        "4栋屋后",
        "dispute",
        "屋后晾衣场归谁用，两家争了半年",
        (
            claim(317, 9, DEPUTY),
            log(312, 19, DEPUTY, "第一次坐下来，没谈拢", 90),
            Step(305, 10, DEPUTY, "ticket.handover", "社区出面好说些", {"to": STAFF}),
            Step(304, 14, STAFF, "ticket.take"),
            log(298, 15, STAFF, "单双日轮着晾，签了字", 60),
            done(297, 9, DEPUTY, "按单双日晾，牌子挂上了", 30, cost=1800, parts="木牌"),
            rated(283, 10, STAFF, 4, "总算不吵了"),
        ),
    ),
    Story(
        262,
        16,
        HELPER,
        "2-0-4",
        "other",
        "想在小区里摆夜市摊",
        (Step(261, 10, HELPER, "ticket.reject", "小区道路是消防通道，不能摆摊；可以问街道的疏导点"),),
    ),
    Story(
        233,
        11,
        TYPIST,
        "6-2-601",
        "leak",
        "屋面漏，雨天接三个盆",
        (
            claim(232, 9, CARPENTER),
            log(231, 10, CARPENTER, "卷材老化，补不住，要整修", 90),
            Step(230, 9, CARPENTER, "ticket.wait", "等天晴三天才能做", {"until": 222, "wait_for": "weather"}),
            Step(221, 9, CARPENTER, "ticket.start", "天晴了，开工"),
            log(220, 17, SECOND_WALKER, "背料上楼", 180),
            done(219, 17, CARPENTER, "铺了三卷卷材", 480, cost=46000, parts="防水卷材"),
            rated(205, 15, TYPIST, 5, "下了两场雨，一滴没漏"),
        ),
    ),
    Story(
        172,
        8.5,
        VISITOR,
        "5-1-102",
        "elder",
        "老人把自己锁在门外",
        (
            claim(172, 8.6, CARPENTER),
            done(172, 9.2, CARPENTER, "从窗户进去开的门", 35),
            rated(171, 9, VISITOR, 5, "急死人，来得真快"),
        ),
        "phone",
        "emergency",
    ),
    Story(
        149,
        19,
        TYPIST,
        "3-1-402",
        "noise",
        "楼下狗整夜叫",
        (Step(147, 9, TYPIST, "ticket.cancel", "狗送回乡下了，来电话说不用管了"),),
        "phone",
    ),
    Story(
        94,
        10,
        TREASURER,
        "1-3-502",
        "water",
        "水费突然多了一倍",
        (
            claim(94, 14, ELECTRICIAN),
            done(93, 10, ELECTRICIAN, "马桶漏水，换了封水圈，教他看水表", 40, cost=1200, parts="封水圈"),
            rated(91, 18, TREASURER, 5, "看得懂水表了"),
        ),
    ),
    Story(
        66,
        15,
        HELPER,
        "2-3-601",
        "safety",
        "顶楼通天台的门被锁死了",
        (
            claim(66, 16, SECOND_WALKER),
            done(66, 17, SECOND_WALKER, "换成推杆门，钥匙放服务站", 90, cost=9800, parts="推杆锁"),
            Step(64, 10, HELPER, "ticket.call", "没人接", {"channel": "phone"}),
            Step(60, 10, HELPER, "ticket.close", "打了三次没人接，现场看过是好的"),
        ),
    ),
    Story(
        47,
        10,
        DIRECTOR,
        "4-1-401",
        "door",
        "儿童房门反锁打不开",
        (
            claim(47, 10.2, CARPENTER),
            done(47, 10.8, CARPENTER, "拆锁开门", 30),
            rated(46, 9, DIRECTOR, 5, "孩子在里面，吓坏了"),
        ),
        "phone",
        "emergency",
    ),
    Story(
        19,
        10,
        HELPER,
        "5-3-401",
        "lamp",
        "四楼楼道灯一碰就灭",
        (
            claim(18, 9, ELECTRICIAN),
            done(18, 10, ELECTRICIAN, "换灯座", 20, cost=800, parts="灯座"),
            rated(16, 17, HELPER, 1, "又灭了，白修"),
            Step(16, 17.1, HELPER, "ticket.reopen", "灯又灭了"),
        ),
    ),
    # What stands open today.
    Story(6, 10, DIRECTOR, "6-2-602", "leak", "阳台顶渗水，墙皮掉了", (), "walk_in"),
    Story(
        5,
        15,
        DIRECTOR,
        "2-2-301",
        "paper",
        "老房子继承过户要哪些材料",
        (claim(5, 16, DIRECTOR), Step(4, 9, DIRECTOR, "ticket.start", "已问房管所")),
    ),
    Story(
        4,
        18,
        DEPUTY,
        "3-2-502",
        "dispute",
        "楼上漏水赔多少谈不拢",
        (Step(1, 17, DEPUTY, "ticket.handover", "明天我陪老伴住院", {"to": DIRECTOR}),),
    ),
    Story(
        4,
        9.5,
        TREASURER,
        "中心花坛",
        "green",
        "枯树要倒，旁边有孩子玩",
        (
            claim(4, 14, TREASURER),
            Step(3, 10, TREASURER, "ticket.wait", "园林站约了日子", {"until": -3, "wait_for": "contractor"}),
        ),
        "walk_in",
        "urgent",
    ),
    Story(3, 16, DIRECTOR, "自行车棚", "parking", "想加三个充电位", (), "chat", hands=2),
    Story(
        2,
        9,
        HELPER,
        "4-2-101",
        "elder",
        "想请人陪着去装助听器",
        (claim(2, 15, BARBER), done(1, 11.5, BARBER, "装好了，试听清楚", 180)),
        "phone",
    ),
    Story(
        2,
        14,
        TYPIST,
        "1-2-502",
        "door",
        "阳台推拉门掉轨",
        (claim(2, 15, CARPENTER), done(1, 10, CARPENTER, "换滑轮", 50, cost=1600, parts="滑轮")),
    ),
    Story(
        1,
        10,
        TYPIST,
        "5-2-301",
        "家电",
        "微波炉不转",
        (claim(1, 15, CARPENTER), done(1, 16.5, CARPENTER, "换转盘电机", 40, cost=2600, parts="转盘电机")),
    ),
    Story(0, 5, HELPER, "6-1-502", "power", "半边屋子没电", (), "phone", "emergency"),
    Story(0, 2, VISITOR, "3-1-301", "elder", "下周三要去取药，腿脚不便", (), "phone"),
    Story(0, 0.5, TYPIST, "1-3-301", "理发", "老人想理个发"),
    Story(
        0,
        0.1,
        PIPE_FITTER,
        "W17",
        "drain",
        "出水口须根成团，竿子进不去",
        (),
        "inspection",
        "urgent",
        seen="W17",
    ),
)
