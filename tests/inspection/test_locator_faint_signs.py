"""Signs that are faint but plain to a person: one raised well among low ones, and branches that share a surface.

Each network is small enough to settle with a pencil. The kinds of walks are those in which
a second set of EPA SWMM networks, written apart from the first, showed blockages going unnamed.
"""

from __future__ import annotations

import pytest

from models.inspection.levels import Level
from models.inspection.locator import Findings, Reading, locate
from models.inspection.sewer import Network, Pipe, Well

DRY, FLOWING, HALF, FULL = Level.DRY, Level.FLOWING, Level.HALF, Level.FULL

# Each well's next one below; W1 is the last before the outfall, the numbers grow upstream.
CHAIN = {"W1": "O", **{f"W{n}": f"W{n - 1}" for n in range(2, 11)}}
BINARY = {"W1": "O", **{f"W{n}": f"W{n // 2}" for n in range(2, 16)}}
STAR = {"W1": "O", **{f"W{n}": "W1" for n in range(2, 7)}}


def sewer(below: dict[str, str], *, step_m: float | None = None, depth_mm: int = 2000) -> Network:
    """Pipes of 300 mm; each well's invert lies `step_m` above the one below it, or no height is known."""
    invert = {"O": 50.0}
    for code, end in below.items():
        invert[code] = invert[end] + (step_m or 0.0)
    wells = [
        Well(code, "outfall")
        if code == "O"
        else Well(code, ground_m=invert[code] + depth_mm / 1000, depth_mm=depth_mm)
        if step_m is not None
        else Well(code)
        for code in invert
    ]
    return Network.build(wells, [Pipe(code, end, 300, 30.0) for code, end in below.items()])


def walk(network: Network, ordinary: Level, **levels: Level) -> Findings:
    """Every well seen: `ordinary`, but for those named."""
    codes = [code for code in network.wells if not network.is_outfall(code)]
    return locate(network, [Reading(code, levels.get(code, ordinary)) for code in codes])


def first(findings: Findings) -> tuple[str, str]:
    assert findings.blockages
    return findings.blockages[0].pipes[0]


@pytest.mark.parametrize("step_m", [None, 0.1, 0.6])
@pytest.mark.parametrize("ordinary", [DRY, FLOWING])
@pytest.mark.parametrize(
    ("below", "blocked"),
    [(CHAIN, "W10"), (CHAIN, "W5"), (CHAIN, "W1"), (BINARY, "W12"), (BINARY, "W2"), (BINARY, "W1")],
    ids=["chain top", "chain middle", "chain last", "tree top", "tree middle", "tree last"],
)
def test_one_well_at_half_among_low_ones_is_named(
    below: dict[str, str], blocked: str, ordinary: Level, step_m: float | None
) -> None:
    findings = walk(sewer(below, step_m=step_m), ordinary, **{blocked: HALF})
    assert first(findings) == (blocked, below[blocked])
    assert len(findings.blockages) == 1


def test_one_well_at_half_is_not_called_sure() -> None:
    (blockage,) = walk(sewer(CHAIN), FLOWING, W1=HALF).blockages
    assert blockage.confidence < 0.5


def test_half_over_a_dry_well_is_surer_than_over_a_flowing_one() -> None:
    """The day's own flow cannot lift a well whose water never reaches the next one."""
    over_dry = walk(sewer(CHAIN), FLOWING, W5=HALF, W4=DRY).blockages[0]
    over_flowing = walk(sewer(CHAIN), FLOWING, W5=HALF).blockages[0]
    assert over_dry.pipes[0] == over_flowing.pipes[0] == ("W5", "W4")
    assert over_dry.confidence > over_flowing.confidence


def test_half_above_half_is_laid_to_the_lower_pipe() -> None:
    assert first(walk(sewer(CHAIN, step_m=0.06), FLOWING, W5=HALF, W6=HALF)) == ("W5", "W4")


@pytest.mark.parametrize("ordinary", [DRY, FLOWING])
@pytest.mark.parametrize(
    ("below", "blocked"), [(BINARY, "W1"), (BINARY, "W3"), (STAR, "W1")], ids=["last", "middle", "star"]
)
def test_a_deep_full_well_that_reaches_none_of_its_branches_is_named(
    below: dict[str, str], blocked: str, ordinary: Level
) -> None:
    """One surface explains all low branches at once: the water just stands lower than the lowest of them."""
    findings = walk(sewer(below, step_m=0.6, depth_mm=3000), ordinary, **{blocked: FULL})
    assert first(findings) == (blocked, below[blocked])


@pytest.mark.parametrize("ordinary", [DRY, FLOWING])
@pytest.mark.parametrize(("below", "blocked"), [(CHAIN, "W1"), (BINARY, "W1"), (BINARY, "W3"), (STAR, "W1")])
def test_a_full_well_under_low_branches_is_named_without_heights(
    below: dict[str, str], blocked: str, ordinary: Level
) -> None:
    assert first(walk(sewer(below), ordinary, **{blocked: FULL})) == (blocked, below[blocked])


@pytest.mark.parametrize("step_m", [None, 0.6])
def test_of_two_branches_the_one_with_backwater_does_not_argue_against_the_low_one(
    step_m: float | None,
) -> None:
    """W2 lies low enough to be reached, W3 does not."""
    below = dict(BINARY)
    network = sewer(below, step_m=step_m, depth_mm=3000)
    assert first(walk(network, FLOWING, W1=FULL, W2=HALF)) == ("W1", "O")


def test_an_orderly_walk_raises_no_alarm() -> None:
    for step_m in (None, 0.05, 0.6):
        for ordinary in (DRY, FLOWING):
            assert walk(sewer(BINARY, step_m=step_m), ordinary).blockages == ()


def test_half_wells_here_and_there_are_a_busy_day_and_nothing_sure() -> None:
    findings = walk(sewer(BINARY, step_m=0.1), FLOWING, W4=HALF, W7=HALF, W10=HALF)
    assert all(blockage.confidence < 0.5 for blockage in findings.blockages)


def test_an_overflowing_well_under_low_branches_is_named_without_heights() -> None:
    assert first(walk(sewer(STAR), DRY, W1=Level.OVERFLOW, W2=FLOWING)) == ("W1", "O")
