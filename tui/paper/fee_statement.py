"""The public accounts as a poster: what was there, what came, what went, what is left. Nobody is named on it.

Its first sheet reads from two metres: an amount is 11 mm high on A4 and 16 mm on A3, a line 6 mm and 8 mm. What each
expense was and what is unpaid follows on the sheets behind, for whoever steps nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from models.fees.money import yuan
from models.fees.statement import Statement
from tui.i18n import t
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A4, Sheet, page, section, table
from tui.statement_words import (
    AmountLine,
    came_lines,
    days_words,
    place_word,
    rate_text,
    span_of,
    span_words,
    went_lines,
)

_PLAIN_MM: Final = 6.4
_WHOLE: Final = 100
_DAY: Final = timedelta(days=1)
_PPM_A_PERCENT: Final = 10_000
_STYLE: Final = """
html{font-size:%(size)smm;line-height:1.35}
h1{font-size:1.9em;text-align:center;letter-spacing:.06em}
.lead{font-size:1.05em;text-align:center;margin:0 0 .4em}
.head,.foot{font-size:.62em}
.sums{display:grid;grid-template-columns:1fr 1fr;gap:.45em;margin:.3em 0 .5em}
.sums div{border:.5mm solid #333;padding:.25em .5em;break-inside:avoid;white-space:nowrap}
.sums b{display:block;font-size:1.75em;line-height:1.15;text-align:right;font-variant-numeric:tabular-nums}
.sums .end{background:#111;color:#fff;border-color:#111}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.8em;align-items:start}
.two h2{font-size:1.1em;margin:.2em 0;border-bottom:.6mm solid #333}
.two table{font-size:.9em}
.two th,.two td{border:0;border-bottom:.2mm solid #999;padding:.18em .1em}
.two thead{display:none}
td.n{font-variant-numeric:tabular-nums}
tr.sum td{border-top:.5mm solid #333}
.rate{margin:.5em 0 0;break-inside:avoid}
.rate b{font-size:1.5em}
.bar{height:.7em;border:.4mm solid #333;margin-top:.15em;overflow:hidden}
.bar svg{display:block;width:100%%;height:100%%}
.near{break-before:page;font-size:.62em}
.near table{font-size:1em}
.near h2{font-size:1.3em;margin:1em 0 .3em}
.signs{display:grid;grid-template-columns:1fr 1fr 1fr;gap:1.5em;margin-top:2em}
.signs span{border-bottom:.3mm solid #333;padding-bottom:1.6em}
.small{color:#333;margin-top:1em}
"""


def statement_page(
    statement: Statement,
    compound: str,
    *,
    made_at: datetime,
    published_at: datetime | None = None,
    sheet: Sheet = A4,
    head: str = "",
    foot: str = "",
) -> str:
    """Return the poster. Times are in the compound's zone; `published_at` None says that it is a draft."""
    since, until = span_of(statement)
    title = t("accounts.poster.title", compound=compound)
    status = (
        t("accounts.poster.draft", at=f"{made_at:%Y-%m-%d %H:%M}")
        if published_at is None
        else t("accounts.poster.published", at=f"{published_at:%Y-%m-%d}")
    )
    body = joined(
        tag("h1", title),
        tag("p", _span(since, until), class_="lead"),
        _sums(statement),
        tag(
            "div",
            _side(t("accounts.poster.came"), came_lines(statement), statement.came_fen),
            _side(t("accounts.poster.went"), went_lines(statement), statement.went_fen),
            class_="two",
        ),
        *_rate(statement),
        tag("div", *_near(statement, status), class_="near"),
    )
    style = _STYLE % {"size": f"{_PLAIN_MM * sheet.width_mm / A4.width_mm:.2f}"}
    return page(f"{title} {span_words(since, until)}", body, sheet=sheet, head=head, foot=foot, style=style)


def _span(since: date, until: date) -> str:
    """Return a span by its name and its days, or by its days alone where it has no name."""
    named, days = span_words(since, until), days_words(since, until)
    return days if named == days else t("accounts.poster.span", name=named, days=days)


def _sums(statement: Statement) -> Markup:
    told = (
        ("opening", statement.opening_fen, None),
        ("came", statement.came_fen, None),
        ("went", statement.went_fen, None),
        ("closing", statement.closing_fen, "end"),
    )
    return tag(
        "div",
        *(
            tag("div", t(f"accounts.poster.{name}"), tag("b", yuan(fen)), class_=class_)
            for name, fen, class_ in told
        ),
        class_="sums",
    )


def _side(title: str, lines: Sequence[AmountLine], total: int) -> Markup:
    rows = [(one.label, yuan(one.fen)) for one in lines]
    sums = (t("accounts.total"), yuan(total))
    return tag("div", tag("h2", title), table(("", ""), rows, kinds="tn", sums=sums))


def _rate(statement: Statement) -> Iterator[Markup]:
    """Yield how much of what was billed for the span has been paid, as a number and as a bar."""
    if statement.rate_ppm is None:
        return
    percent = min(_WHOLE, statement.rate_ppm // _PPM_A_PERCENT)
    bar = tag(
        "svg",
        tag("rect", x=0, y=0, width=percent, height=10, fill="#2457a6"),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
    )
    _, until = span_of(statement)
    told = t(
        "accounts.poster.rate",
        day=(until - _DAY).isoformat(),
        paid=yuan(statement.paid_fen),
        billed=yuan(statement.billed_fen),
    )
    yield tag(
        "div",
        t("accounts.poster.rate_of"),
        " ",
        tag("b", rate_text(statement.rate_ppm)),
        " ",
        told,
        tag("div", bar, class_="bar"),
        class_="rate",
    )


def _near(statement: Statement, status: str) -> Iterator[Markup]:
    total = t("accounts.total")
    yield section(
        t("accounts.places"),
        table(
            [t(f"accounts.column.{name}") for name in ("place", "opening", "in", "out", "closing")],
            [
                (place_word(one.account, one.name), *map(yuan, (one.opening_fen, one.came_fen, one.went_fen, one.closing_fen)))
                for one in statement.places
            ],
            kinds="tnnnn",
            sums=(total, yuan(statement.opening_fen), "", "", yuan(statement.closing_fen)),
        ),
        tag("p", t("accounts.poster.held", credit=yuan(statement.credit_fen), suspense=yuan(statement.suspense_fen))),
    )  # fmt: skip
    if statement.spent:
        yield section(
            t("accounts.vouchers"),
            table(
                [t(f"accounts.column.{name}") for name in ("day", "account", "voucher", "payee", "amount")],
                [
                    (one.on, one.name, one.voucher or "—", one.payee or "—", yuan(one.fen))
                    for one in statement.spent
                ],
                kinds="kttt" + "n",
                sums=(total, "", "", "", yuan(sum(one.fen for one in statement.spent))),
            ),
        )
    if statement.items:
        yield section(
            t("accounts.items"),
            table(
                [t(f"accounts.column.{name}") for name in ("item", "received", "billed", "paid", "rate")],
                [
                    (one.name, yuan(one.received_fen), yuan(one.billed_fen), yuan(one.paid_fen), rate_text(one.rate_ppm))
                    for one in statement.items
                ],
                kinds="tnnnn",
                sums=(
                    total,
                    yuan(sum(one.received_fen for one in statement.items)),
                    yuan(statement.billed_fen),
                    yuan(statement.paid_fen),
                    rate_text(statement.rate_ppm),
                ),
            ),
        )  # fmt: skip
    if statement.buildings:
        yield section(
            t("accounts.owed"),
            table(
                [t(f"accounts.column.{name}") for name in ("building", "doors", "owed")],
                [(one.building, str(one.doors), yuan(one.owed_fen)) for one in statement.buildings],
                kinds="tnn",
                sums=(total, str(statement.doors), yuan(statement.owed_fen)),
            ),
        )
    yield tag("p", t("accounts.poster.explained"), class_="small")
    yield tag("p", status)
    yield tag(
        "div",
        *(tag("span", t(f"accounts.poster.sign.{name}")) for name in ("made", "checked", "day")),
        class_="signs",
    )
