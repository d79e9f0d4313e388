"""Whose name on a voucher may stand in public: a firm's as it is, a person's masked. Pure."""

from __future__ import annotations

import re
from typing import Final

from models.text import mask_name

#: What names of firms and offices hold; a name with none of these that is as short as a person's is taken for one.
_FIRM: Final = re.compile(
    r"公司|集团|企业|工厂|商行|商店|超市|五金|建材|物业|保洁|电梯|维修|服务|中心|银行|支行|电力|供电|自来水|水务|燃气|热力|消防"
    r"|通信|移动|联通|电信|保险|税务|街道|社区|居委|村委|学校|医院|门诊|药房|印务|图文|广告|文印|园林|绿化|环卫|保安|门卫|物流|快递"
    r"|[厂店部局所站院行社队馆场]$|\b(?:co|ltd|inc|llc|company|shop|store|bank|service|services|office|works)\b",
    re.IGNORECASE,
)
_LONGEST_NAME: Final = 4
_CHINESE: Final = re.compile(r"[一-鿿·]+")
_LATIN: Final = re.compile(r"[A-Za-z.'-]+(?: [A-Za-z.'-]+){0,2}")


def public_payee(payee: str) -> str:
    """Return a payee as it may stand in public. In doubt it is a person, since a masked firm harms nobody."""
    name = " ".join(payee.split())
    if _FIRM.search(name):
        return name
    if _CHINESE.fullmatch(name) and len(name) <= _LONGEST_NAME:
        return mask_name(name)
    if _LATIN.fullmatch(name):
        return mask_name(name)
    return name
