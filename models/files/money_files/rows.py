"""One row of a bill, as a value that knows what makes it the same row in every file it stands in. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from models.problems import Problem

#: What all platforms and banks in China write their times in.
CHINA: Final = timezone(timedelta(hours=8))


class Platform(StrEnum):
    """Whose bill it is."""

    WECHAT = "wechat"
    WECHAT_MERCHANT = "wechat_merchant"
    ALIPAY = "alipay"
    BANK = "bank"


class Direction(StrEnum):
    """Which way money went, for good: what was closed, given back or only moved between one's own accounts is `none`."""

    IN = "in"
    OUT = "out"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Money that moved, or did not.

    `fen` is never negative. It is what stayed after `refunded_fen` was given back; of a row that is `none` it is the
    amount as written. `fee_fen` is what the platform kept for itself, and not taken off `fen`. `kind`, `party`,
    `account`, `remark` and `state` are as written, without identity numbers. `row` is the line in the file.
    """

    platform: Platform
    order_no: str
    merchant_no: str
    direction: Direction
    fen: int
    at: datetime
    kind: str = ""
    party: str = ""
    account: str = ""
    remark: str = ""
    state: str = ""
    row: int = 0
    refunded_fen: int = 0
    fee_fen: int = 0
    #: What stands for the order number where the platform gives none.
    mark: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What is the same wherever this row stands: an order number alone can stand on two different rows."""
        return (
            f"{self.platform}|{self.order_no or self.mark}|{self.direction}|{self.fen}|{self.at.isoformat()}"
        )


@dataclass(frozen=True, slots=True)
class MoneyFile:
    """What a bill holds and what is wrong with it; the platform is None when it is no bill at all."""

    platform: Platform | None
    rows: tuple[MoneyRow, ...]
    problems: tuple[Problem, ...]
