"""Hours given, as a page to print: by person, by team, by month; every table ends in the same sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from models.duty.hours import Hours, Tally, Work
from models.text import mask_name
from tui import hours_words as words
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import A4, page, points, section, table
from tui.paper.ticket_charts import TAKEN, bar

_STYLE: Final = """
.small{font-size:9pt;color:#333}
td svg{display:block}
"""
_COLUMNS: Final = ("duty", "walk", "ticket", "shifts", "helped", "walks", "visits", "no_shows")
#: What each sentence below the tables explains.
_EXPLAINED: Final = ("duty", "walk", "ticket", "once", "teams", "absent")


def hours_page(
    hours: Hours,
    compound: str,
    *,
    made_at: datetime,
    masked: bool = False,
    head: str = "",
    foot: str = "",
) -> str:
    """Return a page of hours. `made_at` in the compound's zone; `masked` names people by their surname only."""

    def named(name: str) -> str:
        return mask_name(line(name)) if masked else line(name)

    title = t("hours.title", compound=compound)
    span = t("hours.span", first=hours.first, last=hours.last)
    people = [(named(one.name), one.tally) for one in hours.people]
    people += [(t("hours.guest", name=named(words.guest_word(one.name))), one.tally) for one in hours.guests]
    body = joined(
        tag("h1", title),
        tag("p", f"{span} · {t('hours.made', at=f'{made_at:%Y-%m-%d %H:%M}')}", class_="lead"),
        tag(
            "p",
            t(
                "hours.sum",
                n=len(hours.people),
                spelled=words.spelled_text(hours.total.minutes),
                decimal=words.decimal_text(hours.total.minutes),
            ),
            class_="lead",
        ),
        section(t("hours.by_person"), _table(t("hours.person"), people, hours.total)),
        section(
            t("hours.by_team"),
            _table(
                t("hours.team"), [(words.team_word(one.name), one.tally) for one in hours.teams], hours.total
            ),
        ),
        section(
            t("hours.by_month"),
            _table(
                t("hours.month"),
                [(words.month_word(one.month), one.tally) for one in hours.months],
                hours.total,
            ),
        ),
        section(
            t("hours.explained"),
            tag("div", points(t(f"hours.explained.{name}") for name in _EXPLAINED), class_="small"),
        ),
    )
    return page(title, body, sheet=A4, head=head, foot=foot, style=_STYLE)


def _table(heading: str, rows: Sequence[tuple[str, Tally]], total: Tally) -> Markup:
    headings = (heading, t("hours.total"), "", *(t(f"hours.{name}") for name in _COLUMNS))
    most = max((tally.minutes for _, tally in rows), default=0)
    return table(
        headings,
        (_row(name, tally, most) for name, tally in rows),
        kinds="tntnnnnnnnn",
        sums=_row(t("hours.total"), total, 0),
    )


def _row(name: str, tally: Tally, most: int) -> tuple[str, ...]:
    told = (getattr(tally, column) for column in _COLUMNS)
    return (
        name,
        words.hm_text(tally.minutes),
        bar(tally.minutes, most, TAKEN) if most else joined(),
        *(
            (words.hm_text(n) if at < len(Work) else str(n)) if n else words.NOTHING
            for at, n in enumerate(told)
        ),
    )
