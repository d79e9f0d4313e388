"""The figures of tickets as they leave the app: for a script, and as a table. Loads no Textual."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from models.files.tabling import SheetTable
from models.files.writing import Cell
from models.tickets.figures import SUMS, Figures, Report
from models.tickets.rules import OPEN, State
from tui import figures_words as words
from tui.i18n import t

#: The columns of the table between what a row is about and its times.
_COLUMNS: Final = (
    *("taken", "claimed", "open", "answered", "rejected", "cancelled", "duplicates", "reopened"),
    *("done", "closed", "late", "late_open", "overdue"),
)


def as_json(report: Report) -> dict[str, Any]:
    """Return a report under keys that stay. `to` is the last day counted; hours are medians, cost in fen."""
    return {
        "from": report.since.isoformat(),
        "to": report.last.isoformat(),
        "total": _numbers(report.total),
        "weeks": [
            {
                "week": week.code,
                "monday": week.monday.isoformat(),
                "from": week.first.isoformat(),
                "to": week.last.isoformat(),
                "days": week.days,
                **_numbers(week.figures),
            }
            for week in report.weeks
        ],
        "categories": [{"category": part.key, **_numbers(part.figures)} for part in report.categories],
        "buildings": [{"building": part.key or None, **_numbers(part.figures)} for part in report.buildings],
        "backlog": {
            "open": report.backlog.open,
            **{state.value: report.backlog.states.get(state, 0) for state in State if state in OPEN},
            "overdue": report.backlog.overdue,
            "unrated": report.backlog.unrated,
        },
    }


def _numbers(figures: Figures) -> dict[str, Any]:
    return {
        **{name: getattr(figures, name) for name in SUMS},
        "overdue": figures.overdue,
        "accept_hours": _rounded(figures.accept_hours),
        "finish_hours": _rounded(figures.finish_hours),
        "rated": figures.rated,
        "rating": _rounded(figures.rating),
        "ratings": {str(score): n for score, n in enumerate(figures.scores, start=1)},
    }


def figures_table(report: Report) -> SheetTable:
    """Return a report as one table: the total, then weeks, categories and buildings, each row saying which it is."""
    header = (
        t("figures.of"),
        t("figures.which"),
        *(t(f"figures.{name}") for name in _COLUMNS),
        *(t(f"figures.{name}") for name in ("accept_in_hours", "finish_in_hours", "rating", "rated")),
        *(t("figures.score", n=score) for score in range(1, len(report.total.scores) + 1)),
        *(t(f"figures.{name}") for name in ("work", "cost_yuan", "hands")),
    )
    total = _row(t("figures.total"), words.span_text(report.since, report.last), report.total)
    weeks = [
        _row(t("figures.week_heading"), f"{week.code} {words.days_text(week)}", week.figures)
        for week in report.weeks
    ]
    categories = [
        _row(t("figures.category"), words.category_of(part), part.figures) for part in report.categories
    ]
    buildings = [
        _row(t("figures.building"), words.building_of(part), part.figures) for part in report.buildings
    ]
    return SheetTable(header, (total, *weeks, *categories, *buildings))


def _row(of: str, which: str, figures: Figures) -> tuple[Cell, ...]:
    return (
        of,
        which,
        *(getattr(figures, name) for name in _COLUMNS),
        _rounded(figures.accept_hours),
        _rounded(figures.finish_hours),
        _rounded(figures.rating),
        figures.rated,
        *figures.scores,
        words.work_hours(figures.minutes),
        Decimal(figures.cost) / 100,
        figures.hands,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
