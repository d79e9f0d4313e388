"""From a bill's file to a proposal for each of its rows: 10,000 rows against 2,000 households, for each platform.

Run: python tests/bench/bench_matching.py [--rows 10000] [--households 2000] [--json]

Every fourth row names its home in full, others less and less; half of the homes owe the same amount, a tenth of the
payments were written down by hand before. Printed are seconds for reading the file, for building what rows are
compared with, and for proposing; how many rows reach 85; and how many of those are the wrong door.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from models.fees.allocating import OpenBill  # noqa: E402
from models.fees.evidence import Home, Recorded, ground_of  # noqa: E402
from models.fees.matching import METHODS, propose  # noqa: E402
from models.files.money_files.reading import read_money_file  # noqa: E402
from models.files.money_files.rows import CHINA, Platform  # noqa: E402

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰国建华文志红梅春"
REMARKS = (
    "{b}-{u}-{r}",
    "{b}栋{u}单元{r}室{name}物业费",
    "{b}#{r}",
    "{r}室",
    "{name}",
    "物业费",
    "转账",
    "/",
)
WECHAT = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
ALIPAY = (
    "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"
)
MERCHANT = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,应结订单金额,微信退款单号,退款金额,退款状态,商品名称,商户数据包,手续费,订单金额"
BANK = "交易日期,交易时间,收入,支出,余额,对方户名,对方账号,摘要,附言"
SURE = 85


def homes_of(number: int, chance: random.Random) -> tuple[list[Home], dict[UUID, list[OpenBill]]]:
    """Buildings of 3 stairwells, 6 floors and 4 doors, with up to four open bills each."""
    homes, bills = [], {}
    for at in range(number):
        building, rest = divmod(at, 72)
        unit, rest = divmod(rest, 24)
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(("", chance.choice(GIVEN)))
        usual = chance.choice((12_000, 6_000 + chance.randrange(9_000)))
        homes.append(
            Home(
                UUID(int=at + 1),
                f"{building + 1}-{unit + 1}-{rest // 4 + 1}0{rest % 4 + 1}",
                (name,),
                (),
                (usual,),
            )
        )
        bills[homes[-1].id] = [
            OpenBill(UUID(int=(at + 1) * 100_000 + month), date(2026, month, 20), date(2026, month, 1), usual)
            for month in range(8, 8 + chance.randrange(5))
        ]
    return homes, bills


def payments_of(
    number: int, homes: list[Home], bills: dict[UUID, list[OpenBill]], chance: random.Random
) -> list[tuple[Home, int, datetime, str, str]]:
    """Who paid how much when, and what stands in the file as name and remark."""
    made = []
    for at in range(number):
        home = chance.choice(homes)
        building, unit, room = home.code.split("-")
        owed = sum(bill.owed_fen for bill in bills[home.id])
        fen = chance.choice(
            (owed or home.usual_fen[0], home.usual_fen[0], home.usual_fen[0], 5_000 + chance.randrange(9_000))
        )
        remark = REMARKS[at % len(REMARKS)].format(b=building, u=unit, r=room, name=home.owners[0])
        party = chance.choice((home.owners[0], f"*{home.owners[0][1:]}", "平安是福"))
        when = datetime(2026, 11, 1, tzinfo=CHINA) + timedelta(seconds=chance.randrange(2_500_000))
        made.append((home, fen, when, party, remark))
    return made


def file_of(platform: Platform, made: list[tuple[Home, int, datetime, str, str]]) -> bytes:
    """The payments as the platform writes them."""
    lines = []
    for at, (_home, fen, when, party, remark) in enumerate(made):
        yuan, clock = f"{fen // 100}.{fen % 100:02}", f"{when:%Y-%m-%d %H:%M:%S}"
        match platform:
            case Platform.WECHAT:
                lines.append(
                    f"{clock},二维码收款,{party},收款方备注:{remark},收入,¥{yuan},零钱,已收钱,10000{at:08}\t,/\t,/"
                )
            case Platform.ALIPAY:
                lines.append(
                    f"{clock} ,转账 ,{party} ,/ ,{remark} ,收入 ,{yuan} ,余额 ,交易成功 ,2026{at:08}\t,\t,,"
                )
            case Platform.WECHAT_MERCHANT:
                cells = (
                    clock,
                    "wx",
                    "1",
                    f"42{at:08}",
                    f"M{at}",
                    f"o{at}",
                    "JSAPI",
                    "SUCCESS",
                    yuan,
                    "0",
                    "0.00",
                    "",
                    remark,
                    party,
                    "0.06000",
                    yuan,
                )
                lines.append(",".join(f"`{cell}" for cell in cells))
            case Platform.BANK:
                lines.append(f"{when:%Y%m%d},{when:%H%M%S},{yuan},,{at}.00,{party},6222{at:08},转账,{remark}")
    head = {
        Platform.WECHAT: WECHAT,
        Platform.ALIPAY: ALIPAY,
        Platform.WECHAT_MERCHANT: MERCHANT,
        Platform.BANK: BANK,
    }
    before = "账单明细\n" + "说明\n" * 14 if platform is not Platform.WECHAT_MERCHANT else ""
    return (before + head[platform] + "\n" + "\n".join(lines)).encode("gb18030")


def measure(platform: Platform, rows: int, households: int) -> dict[str, float | int | str]:
    chance = random.Random(rows)
    homes, bills = homes_of(households, chance)
    made = payments_of(rows, homes, bills, chance)
    content = file_of(platform, made)
    recorded = [
        Recorded(UUID(int=10**12 + at), home.id, METHODS[platform], fen, when + timedelta(minutes=3))
        for at, (home, fen, when, _party, _remark) in enumerate(made[::10])
    ]
    start = time.perf_counter()
    file = read_money_file(content, name="bill.csv")
    read = time.perf_counter()
    ground = ground_of(homes, bills, recorded)
    built = time.perf_counter()
    proposals = propose(file.rows, ground)
    done = time.perf_counter()
    sure = [
        (proposal, home)
        for proposal, (home, *_) in zip(proposals, made, strict=True)
        if proposal.score >= SURE
    ]
    return {
        "platform": platform.value,
        "rows": len(file.rows),
        "problems": len(file.problems),
        "read_s": round(read - start, 3),
        "ground_s": round(built - read, 3),
        "propose_s": round(done - built, 3),
        "sure": len(sure),
        "sure_but_wrong": sum(proposal.household_id != home.id for proposal, home in sure),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--households", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = [measure(platform, given.rows, given.households) for platform in Platform]
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    for figure in figures:
        print("  ".join(f"{name} {value}" for name, value in figure.items()))


if __name__ == "__main__":
    main()
