"""What an import would do, as rows to look at. Runs in a worker; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.community.importing import MERE_WARNINGS, plan_households
from models.community.rules import Relation
from models.files.households import HouseholdRow, read_households
from models.importing import Change, Plan
from models.problems import Problem
from models.tables import Json
from tui.desk import Desk
from tui.i18n import t
from tui.screens.register.import_drains import changed_row, drain_rows, look_at_drains
from tui.screens.register.words import area_text, building_word, floor_text, listed, relation_word, sex_word
from tui.widgets.rows import RowView
from tui.widgets.text import Mark, Tone
from tui.words import problem_text

ADDED, CHANGED, UNCHANGED, PROBLEMS = "added", "changed", "unchanged", "problems"

_FIELDS = {
    "floor": "register.floor",
    "area": "register.area",
    "indoor_area": "register.indoor_area",
    "kind": "register.kind",
    "layout": "register.layout",
    "status": "register.status",
    "phones": "register.phones",
    "sex": "register.sex",
    "occupant": "register.occupant",
    "floors": "register.floors",
    "has_lift": "register.lift",
}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of which nothing could be read, and why."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan with its rows for the four views. `wrong` counts problems that cost something.

    `drains` tells that the file is one of wells or pipes, not of households.
    """

    name: str
    plan: Plan = field(repr=False)
    rows: dict[str, tuple[RowView, ...]] = field(repr=False)
    wrong: int = 0
    drains: bool = False

    @property
    def writes(self) -> int:
        """How many households, wells or pipes would be written."""
        return self.plan.added + self.plan.changed

    @property
    def does_something(self) -> bool:
        return bool(self.plan.groups)


def look_at(desk: Desk, path: Path) -> Preview | Unreadable:
    """Read a file and compare it with the register."""
    reading = read_households(path)
    if not reading.rows:
        found = look_at_drains(desk, path)
        if found is not None:
            return _drains(path.name, *found)
        return Unreadable(reading.problems or (Problem("file.no_rows", params={"name": path.name}),))
    with desk.store.read() as session:
        plan = plan_households(
            session, desk.seat.compound_id, reading.rows, reading.problems, acting=desk.acting()
        )
    return Preview(path.name, plan, _rows(plan, reading.rows), sum(map(_costs, plan.problems)))


def _drains(name: str, plan: Plan, lines: Mapping[str, tuple[int, str]]) -> Preview:
    touched = {*plan.new_codes, *(change.code for change in plan.changes)}
    skipped = {problem.line for problem in plan.problems}
    rows = {
        ADDED: drain_rows(lines, plan.new_codes),
        CHANGED: tuple(changed_row(number, change) for number, change in enumerate(plan.changes)),
        UNCHANGED: drain_rows(
            lines, [code for code, (line, _) in lines.items() if code not in touched and line not in skipped]
        ),
        PROBLEMS: problem_rows(plan.problems),
    }
    return Preview(name, plan, rows, sum(map(_costs, plan.problems)), drains=True)


def _costs(problem: Problem) -> bool:
    return problem.code not in MERE_WARNINGS


def _rows(plan: Plan, rows: Sequence[HouseholdRow]) -> dict[str, tuple[RowView, ...]]:
    new = set(plan.new_codes)
    touched = new | {change.code for change in plan.changes}
    skipped = {
        str(problem.params.get("code")) for problem in plan.problems if problem.code.startswith("import.")
    }
    return {
        ADDED: tuple(_added(row) for row in rows if row.code in new),
        CHANGED: tuple(_changed(number, change) for number, change in enumerate(plan.changes)),
        UNCHANGED: tuple(_unchanged(row) for row in rows if row.code not in touched | skipped),
        PROBLEMS: problem_rows(plan.problems),
    }


def _people(row: HouseholdRow) -> str:
    return listed([person.name for person in row.occupants])


def _added(row: HouseholdRow) -> RowView:
    area = f"{area_text(row.area)} m²" if row.area is not None else ""
    return RowView(row.code, (row.code, _people(row), area, floor_text(row.floor), str(row.line)))


def _unchanged(row: HouseholdRow) -> RowView:
    return RowView(row.code, (row.code, _people(row), str(row.line)))


def _changed(number: int, change: Change) -> RowView:
    """Return a change as `面积 89 m² -> 89.5 m²`."""
    field_word = t(_FIELDS[change.field]) if change.field in _FIELDS else change.field
    old, new = _value(change.field, change.old), _value(change.field, change.new)
    # Buildings change too: their code has no dash.
    code = change.code if "-" in change.code else building_word(change.code)
    return RowView(str(number), (code, change.person, field_word, f"{old} → {new}", str(change.line)))


def _value(name: str, value: Json) -> str:
    """Return a value as people write it, with its unit."""
    match value:
        case None | "" | []:
            return t("import.blank")
        case bool():
            return t("form.yes") if value else t("form.no")
        case list():
            return listed([str(one) for one in value])
        case int() if name in {"area", "indoor_area"}:
            return f"{area_text(value)} m²"
    words = {"sex": sex_word, "occupant": _relation}
    return words.get(name, str)(str(value))


def _relation(value: str) -> str:
    return relation_word(Relation(value)) if value in set(Relation) else value


def _in_words(problem: Problem) -> Problem:
    """Return a problem whose parameters are words where the plan knows codes only."""
    if problem.code != "import.relation_differs":
        return problem
    spoken = {name: str(problem.params.get(name, "")) for name in ("stands", "value")}
    words = {name: listed([_relation(one) for one in text.split(", ")]) for name, text in spoken.items()}
    return replace(problem, params={**problem.params, **words})


def problem_rows(problems: Sequence[Problem]) -> tuple[RowView, ...]:
    """Return problems with their line in words; what costs a value is told apart from a mere note."""
    return tuple(
        RowView(
            str(number),
            (
                Mark("!", t("import.costs"), Tone.WARN)
                if _costs(problem)
                else Mark("·", t("import.note"), Tone.MUTED),
                problem_text(_in_words(problem)),
            ),
        )
        for number, problem in enumerate(problems)
    )
