import re
from pathlib import Path

import models.files
from models.files.fee_history import read_fee_history
from models.files.households import read_households
from models.files.network import read_pipes, read_wells
from models.files.observations import read_observations
from models.files.problem_codes import PROBLEM_CODES, WARNING_CODES

SOURCES = [
    path for path in Path(models.files.__file__).parent.rglob("*.py") if path.name != "problem_codes.py"
]
_CODE = re.compile(
    r'"((?:file|header|columns?|row|cells?|text|number|date|flag|choice|phone|room|household|person|code|well|pipe|observation|mud|defect|money|past)\.[a-z_]+)"'
)


def test_the_list_of_codes_is_what_the_room_uses_no_more_and_no_less() -> None:
    used = {code for path in SOURCES for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    assert used - {"content.xml"} == set(PROBLEM_CODES)
    assert set(PROBLEM_CODES) >= WARNING_CODES


def test_problems_carry_the_parameters_the_list_promises() -> None:
    texts = [
        "", "x", "楼号,单元\n1,1\n", "编号,类型,颜色,编号\nW1,天线,,\nW1,well,,\n,well,,\n编号,类型,颜色,编号\n",
        "房号,姓名,手机号,面积,楼层,电梯,关系\n1-1-1,甲,1,-1,999,x,y\n1-1-1,甲,110101199001011234,5,x,有,\n2001-02-03,,,,,,\n3,,,,,,\n,,,1,,,\n1-1-1,,13800010001,6,,,,,q\n",
        '起点,终点,管径\nA,A,1\nA,B,=1\nA,B,1\nB,C\n"x\n', "编号,水位,积泥,井深,缺陷,时间,备注\nW,满,9,1,a:9,x,\nW,满,,,,2026-01-01,\nW,满,,,,2026-01-01,\nV,,,,,1800-01-01,\nV,,,,,2026-01-01,\n",
        ("房屋,收费项目,缴费周期,开始时间,结束时间,应缴金额,实缴金额\n1,a,9,2025-01-01,2025-01-01,1,\n1,a,,2025-01-01,,1,\n1,a,,2025-01-01,2025-02-01,-1,x\n,,,,,,1\n"
        "110101199001011234,a,周,2025-01-01,2025-02-01,1,\n1,a,,2025-01-01,2025-02-01,1,\n1,a,,2025-01-01,2025-02-01,1,\n"),
    ]  # fmt: skip
    seen: set[str] = set()
    for text in texts:
        for read in (read_households, read_wells, read_pipes, read_observations, read_fee_history):
            for problem in read(text.encode(), name="f").problems:
                assert tuple(sorted(problem.params)) == tuple(sorted(PROBLEM_CODES[problem.code])), problem
                seen.add(problem.code)
    assert len(seen) > 25
