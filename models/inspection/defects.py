"""The words for defects of wells and pipes, as people write them on paper.

Wells: the drain-well inspection form. Pipes: the codes of CJJ 181-2012, 《城镇排水
管道检测与评估技术规程》. The first Chinese and the first English word are the ones
a sheet is written with; all are read.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from models.text import fold

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """What a defect is called."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


DEFECT_WORDS: Final[dict[str, Words]] = {
    "buried": Words(("井盖埋没", "埋没", "被埋", "掩埋"), ("buried",)),
    "cover_missing": Words(
        ("井盖缺失", "井盖丢失", "缺井盖", "无井盖", "缺盖"), ("cover missing", "missing cover", "no cover")
    ),
    "cover_broken": Words(
        ("井盖破损", "井盖损坏", "井盖破裂", "井盖坏"), ("cover broken", "broken cover", "cover damaged")
    ),
    "frame_broken": Words(
        ("井框破损", "井框损坏", "井圈破损", "井圈损坏"), ("frame broken", "broken frame", "frame damaged")
    ),
    "gap": Words(("盖框间隙", "间隙", "缝隙", "盖框缝隙"), ("gap",)),
    "height_difference": Words(("盖框高差", "高差"), ("height difference",)),
    "sunken": Words(
        ("井盖凸出或凹陷", "井盖凸出", "井盖凹陷", "凸出", "凹陷", "突出", "下沉", "沉陷"),
        ("raised or sunken", "sunken", "raised"),
    ),
    "rocking": Words(
        ("跳动和声响", "跳动", "响动", "松动", "异响", "声响"), ("rocking", "noise", "loose", "rattling")
    ),
    "road_damage": Words(
        ("周边路面破损", "路面破损", "路面损坏", "路面沉陷"), ("road damage", "pavement damage")
    ),
    "wrong_mark": Words(
        ("井盖标示错误", "井盖标识错误", "标示错误", "标识错误", "标志错误"), ("wrong mark", "wrong label")
    ),
    "lock": Words(("链条或锁具", "锁具", "锁坏", "链条"), ("lock", "chain", "lock broken")),
    "ladder": Words(
        ("爬梯松动锈蚀缺损", "爬梯", "爬梯损坏", "爬梯松动", "爬梯锈蚀", "踏步"), ("ladder", "steps")
    ),
    "silt": Words(
        ("井底积泥垃圾", "积泥", "淤泥", "淤积", "垃圾", "泥垃圾", "杂物"),
        ("silt", "mud", "rubbish", "debris", "silt and rubbish"),
    ),
    "crack": Words(("井壁裂缝", "裂缝", "开裂", "井壁破裂", "井壁开裂"), ("crack", "cracked", "wall crack")),
    "seepage": Words(("井壁渗漏", "井壁渗水", "渗水"), ("seepage", "wall leak")),
    "plaster": Words(("抹面脱落", "粉刷脱落", "抹灰脱落"), ("plaster loss", "plaster")),
    "hole": Words(("管口孔洞", "孔洞", "空洞"), ("hole at pipe mouth", "hole")),
    "channel": Words(("流槽破损", "流槽损坏", "流槽"), ("channel damage", "channel")),
    "slow_flow": Words(("水流不畅", "流水不畅", "不畅", "水流慢"), ("slow flow", "slow")),
    "scum": Words(("井内浮渣",), ("scum in well",)),
    "fall_net": Words(
        ("防坠设施", "防坠网", "防坠网损坏", "无防坠网", "防坠网缺失"), ("fall net", "safety net")
    ),
    "PL": Words(("破裂", "管道破裂"), ("fracture", "pipe fracture")),
    "BX": Words(("变形", "管道变形"), ("deformation",)),
    "FS": Words(("腐蚀", "管道腐蚀"), ("corrosion",)),
    "CK": Words(("错口", "错位"), ("displaced joint", "joint offset")),
    "QF": Words(("起伏",), ("undulation", "sag")),
    "TJ": Words(("脱节",), ("open joint", "disconnected joint")),
    "TL": Words(("接口材料脱落",), ("joint material loss", "seal loss")),
    "AJ": Words(("支管暗接", "暗接"), ("hidden branch", "blind branch")),
    "CR": Words(("异物穿入",), ("foreign object through wall", "intrusion")),
    "SL": Words(("渗漏", "管道渗漏", "漏水"), ("leak", "infiltration", "leakage")),
    "CJ": Words(("沉积", "沉积物"), ("deposit", "deposits", "sediment")),
    "JG": Words(("结垢",), ("scaling", "encrustation", "grease")),
    "ZW": Words(("障碍物", "障碍", "异物"), ("obstacle", "obstruction")),
    "CQ": Words(("残墙坝根", "残墙", "坝根"), ("remains of a wall", "dam remains")),
    "SG": Words(("树根",), ("roots", "tree roots", "root")),
    "FZ": Words(("浮渣",), ("floating scum", "pipe scum")),
    "other": Words(("其他", "其它"), ("other",)),
}

_CODE_OF: Final[dict[str, str]] = {
    fold(name).replace("_", ""): code
    for code, words in DEFECT_WORDS.items()
    for name in (code, *words.zh, *words.en)
}


def defect_code(text: str) -> str | None:
    """Return the code of a defect from its code or one of its words; None if the words are unknown."""
    return _CODE_OF.get(fold(text).replace("_", ""))


def defect_word(code: str, language: Language) -> str:
    """Return the word that a sheet has for a defect; an unknown code stays as it is."""
    words = DEFECT_WORDS.get(code)
    if words is None:
        return code
    return words.zh[0] if language == "zh" else words.en[0]
