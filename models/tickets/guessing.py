"""Which kind of job somebody means by what they typed: a guess that a person confirms, pure and without a dictionary.

The words are our own collection of what people say at a station's desk. A longer word
says more than a short one, so that 下水道漏水 is a drain and 楼上漏水 a leak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from models.tickets.rules import CATEGORIES, OTHER

#: What each kind of job is called by those who ask. Of equally likely ones the first named is meant.
_SAID: Final = MappingProxyType(
    {
        "drain": (
            "下水 下水道 地漏 反水 返水 冒水 倒灌 疏通 堵 堵了 堵塞 堵住 不通 马桶 便池 蹲坑 排水 排污 污水 化粪池 "
            "粪水 阴沟 窨井 检查井 井盖下 积水 返味 反味 管道堵 drain sewer sewage clog blocked blockage toilet manhole "
            "overflow backs backing"
        ),
        "water": (
            "停水 没水 水压 水管 水表 龙头 水龙头 自来水 供水 水箱 水泵 断水 水黄 水浑 阀门 总阀 water tap faucet "
            "pressure valve pump"
        ),
        "power": (
            "停电 没电 断电 跳闸 跳电 电表 电线 电路 插座 短路 漏电 电闸 空开 保险丝 配电 power electric electricity "
            "breaker fuse socket outage tripped trips"
        ),
        "lamp": (
            "灯 路灯 楼道灯 声控灯 感应灯 灯泡 灯管 照明 灯不亮 不亮 灯坏 太黑 黑灯 lamp light lights bulb dark"
        ),
        "lift": "电梯 困人 困在电梯 轿厢 梯门 lift elevator",
        "leak": (
            "漏 漏水 渗 渗水 滴水 返潮 潮湿 发霉 墙湿 屋顶漏 天花板 防水 leak leaks leaking drip seep damp mould mold roof"
        ),
        "door": (
            "门禁 单元门 大门 防盗门 门锁 门坏 锁坏 对讲 玻璃 窗 窗户 纱窗 门关不上 门打不开 钥匙 door lock gate window "
            "intercom key glass"
        ),
        "road": (
            "路面 坑洼 塌陷 破损 台阶 地砖 人行道 道路 坡道 扶手 栏杆 广场 健身器材 长椅 road pavement pothole step steps "
            "ramp railing bench"
        ),
        "green": "树 树枝 树木 修剪 草坪 花坛 绿化 杂草 枯枝 虫子 白蚁 tree branch hedge lawn garden weeds",
        "rubbish": (
            "垃圾 垃圾桶 清运 保洁 打扫 扫地 卫生 脏 臭 堆物 杂物 大件 建筑垃圾 老鼠 蟑螂 rubbish garbage trash litter "
            "dirty smell bin rats"
        ),
        "noise": "吵 太吵 噪音 噪声 扰民 装修声 广场舞 半夜 狗叫 敲打 音响 noise noisy loud barking music",
        "dispute": "纠纷 吵架 打架 矛盾 争执 调解 占用 侵占 邻居闹 dispute quarrel argue fight mediate neighbour",
        "safety": (
            "消防 灭火器 消火栓 着火 起火 火灾 冒烟 燃气 煤气 漏气 飞线 飞线充电 高空抛物 坠落 脱落 井盖 没井盖 充电起火 "
            "消防通道 fire smoke gas extinguisher hydrant hazard danger"
        ),
        "parking": "停车 车位 乱停 堵车 挪车 占车位 地锁 充电桩 电动车 电瓶车 parking parked car cars charger",
        "elder": (
            "老人 独居 代买 买菜 买药 陪诊 看病 送医 取药 轮椅 助老 跑腿 elderly errand shopping medicine wheelchair "
            "hospital"
        ),
        "paper": "证明 盖章 认证 办证 社保 医保 居住证 表格 复印 代办 开具 certificate stamp form paper pension proof",
    }
)
#: Where these are named, they are what it is about, whatever else is wrong with them: the lamp of a lift is the lift's.
_STRONG: Final = MappingProxyType(
    {"lift": 3, "safety": 2, "paper": 2, "elder": 1, "parking": 1, "noise": 1, "dispute": 1}
)
#: A name that the compound has given itself is meant where it is said.
_OWN: Final = 10
#: So much of a text is looked at: what is meant is said at its beginning.
_READ: Final = 300


def guesses(text: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the kinds of job that a text speaks of, the likeliest first; `own` are names of the compound's own.

    Nothing that is known gives an empty tuple.
    """
    folded = unicodedata.normalize("NFKC", text[:_READ]).casefold()
    found: dict[str, tuple[int, int]] = {}
    for name in own:
        wanted = unicodedata.normalize("NFKC", name).casefold()
        if wanted and wanted in folded and name not in CATEGORIES:
            found[name] = -2 * len(wanted) - _OWN, folded.index(wanted)
    for code, words in _SAID.items():
        said = {word: place for word in words.split() if (place := _place(word, folded)) is not None}
        # 灯 within 灯不亮 says nothing more.
        whole = [word for word in said if not any(word in other for other in said if other != word)]
        if whole:
            weight = sum(2 if word.isascii() else len(word) for word in whole) + _STRONG.get(code, 0)
            found[code] = -weight, min(said.values())
    return tuple(sorted(found, key=lambda code: found[code]))


def guess(text: str, own: Iterable[str] = ()) -> str:
    """Return the likeliest kind of job, `other` where a text says nothing that is known."""
    return next(iter(guesses(text, own)), OTHER.code)


def _place(word: str, folded: str) -> int | None:
    """Return where a word is said, None where it is not; a Latin word is said only as a whole."""
    if word.isascii():
        at = re.search(rf"(?<![a-z]){word}(?![a-z])", folded)
        return None if at is None else at.start()
    place = folded.find(word)
    return None if place < 0 else place
