"""Run a town through EPA SWMM, with pipes blocked in one of several ways, and read the water in its wells."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.hydraulics.towns import Town

BLOCKAGE_KINDS = ("tiny", "rough", "orifice", "closed", "partial", "sediment")
FULL_KINDS = ("tiny", "rough", "orifice", "closed")


def _inp(town: Town, blocked: Mapping[tuple[str, str], tuple[str, float]], hours: float) -> str:
    whole, minutes = int(hours), round((hours - int(hours)) * 60)
    lines = [
        "[OPTIONS]",
        "FLOW_UNITS LPS",
        "INFILTRATION HORTON",
        "FLOW_ROUTING DYNWAVE",
        "LINK_OFFSETS DEPTH",
        "ALLOW_PONDING YES",
        "START_DATE 01/01/2024",
        "START_TIME 00:00:00",
        "REPORT_START_DATE 01/01/2024",
        "REPORT_START_TIME 00:00:00",
        f"END_DATE 01/{1 + whole // 24:02d}/2024",
        f"END_TIME {whole % 24:02d}:{minutes:02d}:00",
        "REPORT_STEP 01:00:00",
        "WET_STEP 01:00:00",
        "DRY_STEP 01:00:00",
        "ROUTING_STEP 10",
        "VARIABLE_STEP 0.75",
        "INERTIAL_DAMPING FULL",
        "THREADS 1",
        "[JUNCTIONS]",
    ]
    lines += [
        f"{w.code} {w.invert_m} {w.ground_m - w.invert_m:.3f} 0 0 50" for w in town.wells if not w.outfall
    ]
    lines.append("[OUTFALLS]")
    lines += [f"{w.code} {w.invert_m} FREE NO" for w in town.wells if w.outfall]
    conduits, shapes, orifices = ["[CONDUITS]"], ["[XSECTIONS]"], ["[ORIFICES]"]
    for number, pipe in enumerate(town.pipes):
        kind, left = blocked.get((pipe.start, pipe.end), ("", 1.0))
        name, diameter = f"P{number}", pipe.diameter_mm / 1000
        rough = 0.013
        shape = f"{name} CIRCULAR {diameter} 0 0 0 1"
        if kind == "orifice":
            orifices.append(f"{name} {pipe.start} {pipe.end} SIDE 0 {0.6 * left} NO 0")
            shapes.append(shape)
            continue
        if kind == "tiny":
            shape = f"{name} CIRCULAR {max(0.01, diameter * left**0.5)} 0 0 0 1"
        elif kind == "rough":
            rough = 0.013 / left
        elif kind == "partial":
            shape = f"{name} CIRCULAR {diameter * left**0.5} 0 0 0 1"
        elif kind == "sediment":
            shape = f"{name} FILLED_CIRCULAR {diameter} {diameter * (1 - left)} 0 0 1"
        conduits.append(f"{name} {pipe.start} {pipe.end} {max(pipe.length_m, 5)} {rough} 0 0 0 0")
        shapes.append(shape)
    lines += [*conduits, *(orifices if len(orifices) > 1 else []), *shapes, "[INFLOWS]"]
    lines += [f'{w.code} FLOW "" FLOW 1.0 1.0 {w.inflow_lps}' for w in town.wells if w.inflow_lps > 0]
    return "\n".join(lines) + "\n"


def depths_at(
    town: Town,
    blocked: Mapping[tuple[str, str], tuple[str, float]],
    hours: Sequence[float],
    *,
    onset_hours: float = 2.0,
) -> list[dict[str, float]]:
    """Water depth in metres at each well, at each of `hours` after the onset.

    `closed` pipes run free until the onset and shut then; the other kinds stand
    in the model from the start, so their water has had the onset time as well.
    """
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        from pyswmm import Links, Nodes, Simulation

        source = Path(folder) / "town.inp"
        source.write_text(_inp(town, blocked, onset_hours + max(hours) + 1), encoding="utf-8")
        shut = [
            f"P{number}"
            for number, pipe in enumerate(town.pipes)
            if blocked.get((pipe.start, pipe.end), ("", 0.0))[0] == "closed"
        ]
        moments = sorted({onset_hours, *(onset_hours + hour for hour in hours)})
        seen: dict[float, dict[str, float]] = {}
        with Simulation(str(source)) as simulation:
            nodes, links = Nodes(simulation), Links(simulation)
            started = simulation.start_time
            wells = [(well.code, nodes[well.code]) for well in town.wells]
            simulation.step_advance(900)
            for _ in simulation:
                passed = (simulation.current_time - started).total_seconds() / 3600
                if shut and passed >= onset_hours - 1e-6:
                    for name in shut:
                        links[name].target_setting = 0.0
                    shut = []
                while moments and passed >= moments[0] - 1e-6:
                    seen[moments.pop(0)] = {code: node.depth for code, node in wells}
                if not moments:
                    break
        return [seen[onset_hours + hour] for hour in hours]


def level_names(town: Town, depth_m: Mapping[str, float], *, dry_m: float = 0.01) -> dict[str, str]:
    """A volunteer's word per well, by the definitions of the survey form."""
    diameter = {pipe.start: pipe.diameter_mm / 1000 for pipe in town.pipes}
    words = {}
    for well in town.wells:
        if well.outfall:
            continue
        depth, pipe = depth_m[well.code], diameter[well.code]
        if depth >= well.ground_m - well.invert_m - 0.005:
            word = "overflow"
        elif depth >= pipe * 0.999:
            word = "full"
        elif depth >= pipe / 2:
            word = "half"
        elif depth >= dry_m:
            word = "flowing"
        else:
            word = "dry"
        words[well.code] = word
    return words
