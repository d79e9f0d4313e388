"""How an amount came about, in words: each line of a bill's derivation so that anybody can do the sum again. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from models.fees.derivation import Charge, Formula, Less, Part, charge_of
from models.fees.late import LateCharge, late_charge_of
from models.fees.money import area_text, decimal_text, half_up, price_text, reading_text, yuan
from models.fees.periods import Cycle, cycle_at
from models.fees.sharing import Share
from tui.fee_words import span_text
from tui.i18n import t

#: A part of a fen is told to so many decimals of a yuan; no formula comes to more.
_EXACT_PLACES: Final = 6
_PPM_PLACES: Final = 4
_PRICES: Final = {
    Formula.METER: "fee_sum.price.unit",
    Formula.FIXED: "fee_sum.price.month",
    Formula.PARKING: "fee_sum.price.month",
}


def sum_lines(sums: Mapping[str, Any]) -> list[str]:
    """Return how a bill's amount came about, one line for each step; nothing where its derivation is not known.

    `89.5 m² × 1.20 元/m²·月 × 3 个月 = 322.20（第 2 版标准）`, then what was rounded, taken off and is left.
    """
    told = _told(sums)
    if told is None:
        return []
    return list(_charge_lines(told) if isinstance(told, Charge) else _late_lines(told))


def sum_text_short(sums: Mapping[str, Any]) -> str:
    """Return the same on one line, without versions and reasons; nothing where it is not known."""
    told = _told(sums)
    if told is None:
        return ""
    if isinstance(told, LateCharge):
        days = t("fee_sum.days", n=told.days)
        return t("fee_sum.late", principal=yuan(told.principal_fen), days=days, fen=yuan(told.amount_fen))
    text = " + ".join(_left(part) for part in told.parts) or yuan(told.gross_fen)
    if told.discount_fen:
        text += f" − {t('fee_sum.off', fen=yuan(told.discount_fen))}"
    return f"{text} {_equals(told)} {yuan(told.amount_fen)}"


def unit_texts(sums: Mapping[str, Any]) -> tuple[str, str]:
    """Return the unit price and the quantity for the columns of a receipt; those of several lines one after the other."""
    told = _told(sums)
    if told is None:
        return "", ""
    if isinstance(told, LateCharge):
        return _rate(told), t("fee_sum.days", n=told.days)
    prices = dict.fromkeys(_price(part) for part in told.parts)
    amounts = dict.fromkeys(_amount(part) for part in told.parts)
    return " / ".join(filter(None, prices)), " / ".join(filter(None, amounts))


def is_late(sums: Mapping[str, Any]) -> bool:
    """Tell whether it is a charge for paying late."""
    return isinstance(_told(sums), LateCharge)


def _told(sums: Mapping[str, Any]) -> Charge | LateCharge | None:
    """Return what a bill keeps. Bills of another program, and what was owed before, keep nothing that this could read."""
    try:
        if "parts" in sums:
            return charge_of(sums)
        return late_charge_of(sums) if "principal" in sums else None
    except (KeyError, TypeError, ValueError):
        return None


# -- charges ---------------------------------------------------------------------------------


def _charge_lines(charge: Charge) -> Iterator[str]:
    several = len(charge.parts) > 1
    for part in charge.parts:
        text = f"{_left(part)} {_sign(part)} {_exact(part.exact)}"
        if several:
            text = t("fee_sum.within", span=span_text(part.first, part.end), text=text)
        yield t("fee_sum.version", text=text, version=part.version)
    exact = sum((part.exact for part in charge.parts), Fraction())
    if exact.denominator > 1:
        yield t("fee_sum.rounded", exact=_exact(exact), fen=yuan(charge.gross_fen))
    elif several:
        yield t("fee_sum.together", fen=yuan(charge.gross_fen))
    for less in charge.discounts:
        yield _less(less)
    if charge.discounts:
        yield t(
            "fee_sum.left",
            gross=yuan(charge.gross_fen),
            less=yuan(charge.discount_fen),
            fen=yuan(charge.amount_fen),
        )
    for month in charge.gaps:
        yield t("fee_sum.gap", month=cycle_at(Cycle.MONTH, month).name)


def _left(part: Part) -> str:
    """Return what a line multiplies."""
    if part.share is not None:
        return _share(part.share, part.formula)
    counted = _metered(part) if part.formula is Formula.METER else _amount(part)
    months = t("fee_sum.months", n=part.months) if part.months else ""
    return " × ".join(filter(None, (counted, _price(part), months)))


def _price(part: Part) -> str:
    """Return what a unit costs; a share of a cost has no price."""
    if part.share is not None:
        return ""
    return t(_PRICES.get(part.formula, "fee_sum.price.m2"), price=price_text(part.price))


def _amount(part: Part) -> str:
    """Return how much is counted; what is fixed counts nothing."""
    if part.share is not None:
        weight, whole = _weights(part.share, part.formula)
        return f"{weight} / {whole}"
    match part.formula:
        case Formula.METER:
            return reading_text(part.quantity)
        case Formula.FIXED:
            return ""
        case Formula.PARKING:
            return t("fee_sum.spaces", n=part.quantity)
        case Formula.INDOOR_AREA:
            return t("fee_sum.indoor", area=area_text(part.quantity))
        case _:
            return f"{area_text(part.quantity)} m²"


def _metered(part: Part) -> str:
    used = reading_text(part.quantity)
    if part.reading is None:
        return used
    before, after = map(reading_text, part.reading)
    return t("fee_sum.meter", before=before, after=after, used=used)


def _share(share: Share, formula: Formula) -> str:
    weight, whole = _weights(share, formula)
    return t("fee_sum.share", cost=yuan(share.cost_fen), weight=weight, whole=whole)


def _weights(share: Share, formula: Formula) -> tuple[str, str]:
    if formula is Formula.SHARED_AREA:
        return area_text(share.weight), f"{area_text(share.total_weight)} m²"
    if formula is Formula.SHARED_HOUSEHOLD:
        return str(share.weight), t("fee_sum.households", n=share.total_weight)
    return str(share.weight), t("fee_sum.weights", n=share.total_weight)


def _sign(part: Part) -> str:
    """Return whether a line is exact: of a shared cost the shares are whole fen, which together are the cost."""
    share = part.share
    return "=" if share is None or share.cost_fen * share.weight == share.fen * share.total_weight else "≈"


def _equals(charge: Charge) -> str:
    exact = sum((part.exact for part in charge.parts), Fraction(0))
    inexact = any(_sign(part) == "≈" for part in charge.parts) or exact != charge.gross_fen
    return "≈" if inexact and charge.parts else "="


def _less(less: Less) -> str:
    """Return what was taken off, why, and by which rule."""
    rules = []
    if less.ppm:
        rules.append(f"{decimal_text(less.ppm, _PPM_PLACES)} %")
    if less.monthly_fen:
        rules.append(t("fee_sum.a_month", fen=yuan(less.monthly_fen)))
    if less.months:
        rules.append(t("fee_sum.months", n=less.months))
    reason = less.words or t("fee_sum.discount" if less.discount_id is not None else "fee_sum.prepaid")
    return t("fee_sum.less", reason=reason, rule=" × ".join(rules), fen=yuan(less.fen))


# -- late charges ----------------------------------------------------------------------------


def _late_lines(late: LateCharge) -> Iterator[str]:
    for stretch in late.stretches:
        exact = Fraction(stretch.principal_fen * stretch.days * late.ppm, 1_000_000)
        days = t("fee_sum.days", n=stretch.days)
        text = f"{yuan(stretch.principal_fen)} × {_rate(late)} × {days} = {_exact(exact)}"
        span = t("fee.span", first=stretch.since.isoformat(), last=stretch.until.isoformat())
        yield t("fee_sum.within", span=span, text=text)
    exact = Fraction(sum(one.principal_fen * one.days for one in late.stretches) * late.ppm, 1_000_000)
    if exact.denominator > 1:
        yield t("fee_sum.rounded", exact=_exact(exact), fen=yuan(late.earned_fen))
    elif len(late.stretches) > 1:
        yield t("fee_sum.together", fen=yuan(late.earned_fen))
    if late.is_capped:
        yield t("fee_sum.capped", principal=yuan(late.principal_fen), fen=yuan(late.cap_fen))
    if late.already_fen:
        yield t("fee_sum.already", already=yuan(late.already_fen), fen=yuan(late.amount_fen))


def _rate(late: LateCharge) -> str:
    return t("fee_sum.rate", rate=decimal_text(late.ppm, _PPM_PLACES))


def _exact(fen: Fraction) -> str:
    """Return an amount with the parts of a fen that it has, in yuan."""
    places = _EXACT_PLACES
    scaled = half_up(fen.numerator * 10 ** (places - 2), fen.denominator)
    whole, rest = divmod(abs(scaled), 10**places)
    shown = decimal_text(rest, places, least=2)
    return f"{'-' if scaled < 0 else ''}{whole:,}{shown[1:]}"
