"""The locator by hand-made examples: each small enough to settle with a pencil."""

from __future__ import annotations

import random

import pytest

from models.inspection.levels import Level
from models.inspection.locator import EVIDENCE_CODES, PROBLEM_CODES, Findings, Reading, locate
from models.inspection.sewer import HouseConnection, Network, Pipe, Well

LETTERS = {
    "d": Level.DRY,
    "f": Level.FLOWING,
    "h": Level.HALF,
    "F": Level.FULL,
    "o": Level.OVERFLOW,
    "x": Level.UNOPENED,
}


def chain(size: int, *, slope_m: float | None = None) -> Network:
    """W1 at the top flows to W2 and so on to the outfall O."""
    codes = [f"W{n}" for n in range(1, size + 1)]
    wells = [
        Well(
            code,
            ground_m=None if slope_m is None else 100 - n * slope_m,
            depth_mm=None if slope_m is None else 2000,
        )
        for n, code in enumerate(codes)
    ]
    ends = [*codes[1:], "O"]
    return Network.build(
        [*wells, Well("O", "outfall")], [Pipe(a, b, 300, 30.0) for a, b in zip(codes, ends, strict=True)]
    )


def look(network: Network, letters: str, *, mud: dict[str, int] | None = None) -> Findings:
    """Letters for W1, W2 ...: d f h F o, x unopened, . not visited."""
    return locate(
        network,
        [
            Reading(f"W{n}", LETTERS[letter], (mud or {}).get(f"W{n}"))
            for n, letter in enumerate(letters, start=1)
            if letter != "."
        ],
    )


def first(findings: Findings) -> tuple[str, str]:
    return findings.blockages[0].pipes[0]


UNSURVEYED, NEARLY_FLAT, STEEP = None, 0.05, 3.0


@pytest.mark.parametrize(
    ("letters", "blocked", "slope_m"),
    [
        ("fffFdddd", ("W4", "W5"), UNSURVEYED),
        ("ffFFffff", ("W4", "W5"), UNSURVEYED),
        ("FFFFFFFF", ("W8", "O"), UNSURVEYED),
        ("fffffffF", ("W8", "O"), UNSURVEYED),
        ("Fddddddd", ("W1", "W2"), UNSURVEYED),
        ("fffoffff", ("W4", "W5"), UNSURVEYED),
        ("ffFoffff", ("W4", "W5"), UNSURVEYED),
        ("fhFFffff", ("W4", "W5"), UNSURVEYED),
        ("FFFFFFFF", ("W8", "O"), NEARLY_FLAT),
        ("FFFFffff", ("W4", "W5"), NEARLY_FLAT),
        ("FFFodddd", ("W4", "W5"), NEARLY_FLAT),
        ("Fddddddd", ("W1", "W2"), NEARLY_FLAT),
        ("fffFdddd", ("W4", "W5"), STEEP),
        ("fffoffff", ("W4", "W5"), STEEP),
        ("fffffffF", ("W8", "O"), STEEP),
    ],
)
def test_one_blockage_with_every_well_seen_is_named_first(
    letters: str, blocked: tuple[str, str], slope_m: float | None
) -> None:
    findings = look(chain(8, slope_m=slope_m), letters)
    assert first(findings) == blocked


@pytest.mark.parametrize(
    "letters", ["ffffffff", "dddddddd", "dfdfdfdf", "ddddffff", "ffffdddd", "f.f..fff", "........"]
)
def test_low_wells_are_no_blockage(letters: str) -> None:
    assert look(chain(8), letters).blockages == ()


def test_a_single_half_among_flowing_wells_is_no_certainty() -> None:
    findings = look(chain(12), "fffffhffffff")
    assert all(blockage.confidence < 0.6 for blockage in findings.blockages)


def test_a_clear_blockage_is_nearly_certain_and_says_why() -> None:
    (blockage,) = look(chain(8), "ffFFdddd").blockages
    assert blockage.confidence > 0.85
    assert blockage.evidence[0].code == "evidence.full_above_dry"
    assert blockage.evidence[0].params == {"upper": "W4", "lower": "W5"}
    assert {e.code for e in blockage.evidence} >= {"evidence.backwater", "evidence.still_low_above"}
    assert blockage.wells == ("W4", "W3", "W2", "W1")


def test_an_outfall_blocked_at_its_last_pipe_says_so() -> None:
    (blockage,) = look(chain(4), "FFFF").blockages
    assert blockage.evidence[0].code == "evidence.backed_up_to_outfall"


def test_two_blockages_on_one_line_and_on_two_branches_are_both_named() -> None:
    findings = look(chain(12), "ffFFffffFFdd")
    assert {blockage.pipes[0] for blockage in findings.blockages} == {("W4", "W5"), ("W10", "W11")}


def test_branches_that_join_the_backed_up_stretch_back_up_too_without_being_blocked() -> None:
    links = "A1-A2 A2-J B1-B2 B2-J J-K K-L L-O"
    network = Network.build(
        [*(Well(c) for c in ["A1", "A2", "B1", "B2", "J", "K", "L"]), Well("O", "outfall")],
        [Pipe(*link.split("-"), diameter_mm=300) for link in links.split()],
    )
    levels = dict.fromkeys(["A2", "B2", "J", "K"], Level.FULL) | {
        "A1": Level.FLOWING,
        "B1": Level.HALF,
        "L": Level.DRY,
    }
    (blockage,) = locate(network, [Reading(code, level) for code, level in levels.items()]).blockages
    assert blockage.pipes[0] == ("K", "L")
    assert set(blockage.wells) == {"A1", "A2", "B1", "B2", "J", "K"}


def test_components_with_their_own_outfalls_are_searched_each_by_itself() -> None:
    links = "A-B B-C C-O X-Y Y-Z Z-P"
    network = Network.build(
        [*(Well(c) for c in "ABCXYZ"), Well("O", "outfall"), Well("P", "outfall")],
        [Pipe(*link.split("-")) for link in links.split()],
    )
    levels = {
        "A": Level.FULL,
        "B": Level.FULL,
        "C": Level.DRY,
        "X": Level.FULL,
        "Y": Level.FULL,
        "Z": Level.FLOWING,
    }
    found = locate(network, [Reading(code, level) for code, level in levels.items()]).blockages
    assert {blockage.pipes[0] for blockage in found} == {("B", "C"), ("Y", "Z")}


def test_unseen_wells_leave_candidates_and_the_well_that_splits_them_is_asked_for() -> None:
    findings = look(chain(10), "ffFF...fff")
    (blockage,) = findings.blockages
    assert set(blockage.pipes) == {("W4", "W5"), ("W5", "W6"), ("W6", "W7"), ("W7", "W8")}
    assert blockage.presence > 0.7
    assert blockage.confidence < 0.6
    assert findings.open_next[0] == "W6"
    assert "evidence.unseen" in {e.code for e in blockage.evidence}


def test_an_unopened_well_is_unseen_and_is_not_asked_for_again() -> None:
    findings = look(chain(8), "fFFxffff")
    (blockage,) = findings.blockages
    assert set(blockage.pipes) == {("W3", "W4"), ("W4", "W5")}
    assert "W4" not in findings.open_next


def test_nothing_seen_asks_for_a_well_in_the_middle() -> None:
    findings = look(chain(9), ".........")
    assert findings.blockages == ()
    assert findings.open_next[0] in {"W4", "W5", "W6"}


def test_everything_seen_asks_for_nothing() -> None:
    assert look(chain(8), "ffFFffff").open_next == ()


def test_a_dry_reading_inside_a_full_stretch_is_named_and_not_fatal() -> None:
    findings = look(chain(9), "fFFdFFfff")
    assert first(findings) == ("W6", "W7")
    doubt = {p.params["well"] for p in findings.problems if p.code == "reading.unlikely"}
    assert doubt == {"W4"}
    assert "evidence.against" in {e.code for e in findings.blockages[0].evidence}


def test_full_below_dry_with_nothing_between_is_said_with_both_wells() -> None:
    findings = look(chain(6), "ffdFff")
    (problem,) = [p for p in findings.problems if p.code == "reading.full_below_dry"]
    assert problem.params == {"upper": "W3", "lower": "W4"}


def test_full_below_dry_is_no_contradiction_where_the_ground_falls_steeply() -> None:
    findings = look(chain(6, slope_m=3.0), "ffdFff")
    assert not [p for p in findings.problems if p.code == "reading.full_below_dry"]


def test_levels_against_a_doubted_link_say_it_is_possibly_reversed() -> None:
    # Truly A-B-C-D-O; B-C was typed as C-B, so C looks like a well of its own with two ways out.
    network = Network.build(
        [*(Well(c) for c in "ABCD"), Well("O", "outfall")],
        [Pipe("A", "B"), Pipe("C", "B"), Pipe("C", "D"), Pipe("D", "O")],
    )
    levels = {"A": Level.FULL, "B": Level.FULL, "C": Level.DRY, "D": Level.DRY}
    problems = locate(network, [Reading(code, level) for code, level in levels.items()]).problems
    assert {"start": "C", "end": "B"} in [
        p.params for p in problems if p.code == "reading.pipe_maybe_reversed"
    ]


def test_a_line_backed_up_to_a_loose_end_says_the_blockage_is_beyond() -> None:
    network = Network.build([Well("A"), Well("B"), Well("C")], [Pipe("A", "B"), Pipe("B", "C")])
    findings = locate(network, [Reading(code, Level.FULL) for code in "ABC"])
    assert [p.params for p in findings.problems if p.code == "blockage.beyond_network"] == [{"well": "C"}]


def test_deep_mud_makes_the_outgoing_pipe_likelier() -> None:
    plain = look(chain(10), "ffFF..ffff").blockages[0]
    muddy = look(chain(10), "ffFF..ffff", mud={"W4": 90}).blockages[0]
    shallow = look(chain(10), "ffFF..ffff", mud={"W4": 60}).blockages[0]

    def chance(blockage: object) -> float:
        return dict(zip(blockage.pipes, blockage.probabilities, strict=True))["W4", "W5"]  # type: ignore[attr-defined]

    assert chance(muddy) > chance(plain) + 0.1
    assert chance(shallow) == pytest.approx(chance(plain))
    assert "evidence.mud" in {e.code for e in muddy.evidence}


def test_mud_alone_is_no_blockage() -> None:
    assert look(chain(8), "ffffffff", mud={"W4": 200}).blockages == ()


def test_known_heights_show_a_step_in_the_water_surface() -> None:
    (blockage,) = look(chain(8, slope_m=0.05), "FFFFffff").blockages
    (step,) = [e for e in blockage.evidence if e.code == "evidence.surface_step"]
    assert step.params["step_mm"] >= 100


def test_households_and_buildings_behind_the_blockage_are_named() -> None:
    network = Network.build(
        [Well("A"), Well("B"), Well("C"), Well("O", "outfall")],
        [Pipe("A", "B"), Pipe("B", "C"), Pipe("C", "O")],
        [HouseConnection("A", "1", "1-1-101"), HouseConnection("B", "2"), HouseConnection("C", "3")],
    )
    levels = {"A": Level.FULL, "B": Level.OVERFLOW, "C": Level.DRY}
    (blockage,) = locate(network, [Reading(code, level) for code, level in levels.items()]).blockages
    assert blockage.households == ("1-1-101",)
    assert blockage.buildings == ("2",)


def test_of_two_readings_of_a_well_the_last_counts_and_unknown_wells_are_named() -> None:
    findings = locate(
        chain(4),
        [
            Reading("W1", Level.FLOWING),
            Reading("W2", Level.OVERFLOW),
            Reading("W2", Level.FLOWING, mud_mm=-1),
            Reading("W3", Level.FLOWING),
            Reading("W4", Level.FLOWING),
            Reading("W9", Level.FULL),
        ],
    )
    assert findings.blockages == ()
    assert [p.code for p in findings.problems] == [
        "reading.repeated",
        "reading.mud_negative",
        "reading.unknown_well",
    ]


def test_a_ring_does_not_stop_the_search() -> None:
    links = "A-B B-C C-D D-B D-E E-F F-O"
    network = Network.build(
        [*(Well(c) for c in "ABCDEF"), Well("O", "outfall")],
        [Pipe(*link.split("-")) for link in links.split()],
    )
    levels = dict.fromkeys("ABCDE", Level.FULL) | {"F": Level.DRY}
    findings = locate(network, [Reading(code, level) for code, level in levels.items()])
    assert first(findings) == ("E", "F")


def test_an_empty_network_and_no_readings_find_nothing() -> None:
    assert locate(Network.build([], []), []) == Findings((), (), ())


def test_any_readings_on_any_muddle_give_sound_findings() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        codes = [f"W{n}" for n in range(rng.randrange(1, 20))]
        network = Network.build(
            [
                Well(
                    code,
                    rng.choice(("well", "well", "well", "outfall")),
                    rng.choice((None, rng.uniform(0, 9))),
                    rng.choice((None, 0, 1500)),
                )
                for code in codes
            ],
            [
                Pipe(rng.choice(codes), rng.choice(codes), rng.choice((None, 0, 300)))
                for _ in range(rng.randrange(30))
            ],
        )
        readings = [
            Reading(code, rng.choice((None, *Level)), rng.choice((None, 0, 500)))
            for code in codes
            if rng.random() < 0.7
        ]
        findings = locate(network, readings)
        seen = {reading.well for reading in readings if reading.level is not None}
        assert findings == locate(network, readings)
        assert not seen & set(findings.open_next)
        assert {p.code for p in findings.problems} <= set(PROBLEM_CODES)
        for blockage in findings.blockages:
            assert len(blockage.pipes) == len(blockage.probabilities) > 0
            assert list(blockage.probabilities) == sorted(blockage.probabilities, reverse=True)
            assert 0 < blockage.confidence == blockage.probabilities[0] <= 1
            assert {e.code for e in blockage.evidence} <= set(EVIDENCE_CODES)


def test_order_of_readings_changes_nothing() -> None:
    network = chain(12)
    readings = [
        Reading(f"W{n}", LETTERS[letter]) for n, letter in enumerate("ffFF.ffFFf.f", start=1) if letter != "."
    ]
    assert locate(network, readings) == locate(network, readings[::-1])


def test_a_large_network_is_searched_near_trouble_only_and_still_finds_it() -> None:
    findings = look(chain(3000), "f" * 1500 + "FFFF" + "." * 20 + "f" * 1476)
    (blockage,) = findings.blockages
    assert blockage.presence > 0.9
    assert ("W1504", "W1505") in blockage.pipes
    assert len(blockage.wells) >= 1504
