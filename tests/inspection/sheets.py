"""Sheets for tests: read, planned and carried out as the command line does it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from simulation.devices import Laptop

from models.files.network import read_pipes, read_wells
from models.files.observations import read_observations
from models.files.tabling import SheetTable
from models.files.writing import Format, write_table
from models.importing import ImportReport, Plan, carry_out
from models.inspection.importing import plan_pipes, plan_wells
from models.inspection.importing_observations import plan_observations


def planned(laptop: Laptop, what: str, sheet: str | bytes, *, walk: str = "", **options: Any) -> Plan:
    """Read a sheet of wells, pipes or observations, and compare it with what is stored."""
    content = sheet.encode() if isinstance(sheet, str) else sheet
    acting, compound = laptop.acting, laptop.compound_id
    with laptop.store.read() as session:
        if what == "wells":
            wells = read_wells(content)
            return plan_wells(session, compound, wells.rows, wells.problems, acting=acting, **options)
        if what == "pipes":
            pipes = read_pipes(content)
            return plan_pipes(session, compound, pipes.rows, pipes.problems, acting=acting, **options)
        seen = read_observations(content)
        return plan_observations(session, compound, walk, seen.rows, seen.problems, acting=acting, **options)


def imported(laptop: Laptop, what: str, sheet: str | bytes, **options: Any) -> ImportReport:
    """Import a sheet."""
    return carry_out(laptop.store, planned(laptop, what, sheet, **options), laptop.acting)


def outcome(report: ImportReport) -> tuple[int, int, int]:
    """Return what was added, changed, and the same."""
    return (report.added, report.changed, report.unchanged)


def found(report: ImportReport | Plan) -> list[tuple[str, int | None]]:
    """Return the problems' codes and lines."""
    return [(problem.code, problem.line) for problem in report.problems]


def written(table: SheetTable | None, format_: Format) -> bytes:
    """Write a table as a file."""
    assert table is not None
    file = BytesIO()
    write_table(file, format_, table.header, table.rows)
    return file.getvalue()
