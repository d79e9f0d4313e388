"""From faults that come again to the ground under them, and a walk over the wells between."""

from __future__ import annotations

import pytest
from inspection.street import id_of, lay, note
from repeating import HOUR, NOW, TODAY, report
from simulation.devices import Ids, Laptop

from models.inspection.queries import route_view
from models.inspection.queries_cards import walk_view
from models.inspection.sewer import Network, Pipe, Well
from models.tickets.between import Checking, Ground, checking_walk, ground_under
from models.tickets.downstream import wells_between
from models.tickets.queries_repeats import repeats

#: Two branches that meet in D; below E another comes in at G; the outfall is Z.
PIPES = ("AB", "BD", "PQ", "QD", "DE", "EG", "XG", "GH", "HZ")


def network(*pipes: str, outfalls: str = "Z") -> Network:
    codes = dict.fromkeys("".join(pipes))
    wells = [Well(code, kind="outfall" if code in outfalls else "well") for code in codes]
    return Network.build(wells, [Pipe(start, end) for start, end in pipes])


@pytest.mark.parametrize(
    ("struck", "between"),
    [
        ("A", "ABD"),  # to where other water comes in
        ("E", "EG"),
        ("H", "HZ"),  # to the outfall
        ("AB", "ABD"),  # the lower one holds up both, or what is below it
        ("AP", "ABPQDEG"),  # where they meet, and on
        ("AX", "ABDEXGHZ"),
        ("?", ""),
        ("", ""),
    ],
)
def test_the_wells_between_are_those_down_to_where_the_trouble_must_end(struck: str, between: str) -> None:
    assert "".join(wells_between(network(*PIPES), struck)) == between


def test_sewers_that_share_only_an_outfall_have_nothing_in_common() -> None:
    assert "".join(wells_between(network("AB", "BZ", "PQ", "QZ"), "AP")) == "ABPQZ"


def test_another_sewer_that_shares_the_outfall_leaves_what_two_have_between_them() -> None:
    sewers = network("AC", "CD", "BD", "DE", "EZ", "XY", "YZ")
    assert set(wells_between(sewers, "ABX")) == set("ABCDEZXY")
    assert set(wells_between(sewers, "AX")) == set("ACDXYZ")


def test_a_ring_and_a_fork_end_the_way() -> None:
    assert set(wells_between(network("AB", "BC", "CA"), "A")) == {"A"} | set("BC")
    assert "".join(wells_between(network("AB", "BC", "BD"), "A")) == "AB"


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """A line of wells; 3栋 drains into W2, one of its flats into W1."""
    lay(laptop, "W1", "W2", "W3", "W4", "W5", "OUT")
    laptop.clock.now = NOW
    for code in ("3-1-502", "3-1-402"):
        laptop.do("household.add", code=code)
    laptop.do("connection.add", point="W2", building="3")
    laptop.do("connection.add", point="W1", household="3-1-402")
    return laptop


def ground(laptop: Laptop) -> Ground:
    with laptop.store.read() as session:
        lines = repeats(session, laptop.compound_id, now=NOW + HOUR, today=TODAY)
        return ground_under(session, laptop.compound_id, lines)


def blocked(laptop: Laptop, **fields: object) -> None:
    for ago in (9, 5, 2):
        report(laptop, ago, **fields)


def test_a_household_stands_over_its_buildings_well_and_what_is_below_it(street: Laptop) -> None:
    blocked(street)
    found = ground(street)
    assert [(one.place, one.wells) for one in found.drained] == [("3-1-502", ("W2",))]
    assert [well.code for well in found.wells] == ["W2", "W3", "W4", "W5", "OUT"]
    assert (found.unseen, found.blocked) == (("W2", "W3", "W4", "W5", "OUT"), None)


def test_several_struck_households_stand_over_all_wells_between_them(street: Laptop) -> None:
    blocked(street)
    blocked(street, household_id="3-1-402")
    found = ground(street)
    assert [well.code for well in found.wells][:2] == ["W1", "W2"]
    assert [well.code for well in found.wells if well.struck] == ["W1", "W2"]


def test_what_the_locator_found_there_is_named_with_how_sure_it_is(street: Laptop) -> None:
    blocked(street)
    street.do("walk.start", name="三月")
    note(street, "三月", W1="full", W2="full", W3="full", W4="dry")
    found = ground(street)
    assert found.blocked is not None
    assert (found.blocked.start, found.blocked.end) == ("W3", "W4")
    assert found.blocked.chance > 0.8
    assert (found.walk, found.unseen) == ("三月", ("W5", "OUT"))


def test_a_blockage_elsewhere_is_none_of_theirs_and_a_look_from_before_does_not_count(street: Laptop) -> None:
    lay(street, "X1", "X2", "X3", outfall=False)
    street.clock.now -= 20 * (TODAY - TODAY.replace(day=TODAY.day - 1))
    street.do("walk.start", name="二月")
    note(street, "二月", W2="dry", X1="full", X2="dry")
    street.clock.now = NOW
    blocked(street)
    found = ground(street)
    assert (found.blocked, found.walk) == (None, "二月")
    assert "W2" in found.unseen


@pytest.mark.parametrize(
    ("fields", "wells"), [({"category": "lamp"}, ()), ({"category": "[/b] 自定"}, ("W2",))]
)
def test_a_trouble_that_has_nothing_to_do_with_water_has_no_ground(
    street: Laptop, fields: dict[str, object], wells: tuple[str, ...]
) -> None:
    blocked(street, **fields)
    assert ground(street).drained[0].wells == wells


def test_a_home_that_nobody_connected_says_so(street: Laptop) -> None:
    street.do("household.add", code="9-1-101")
    blocked(street, household_id="9-1-101")
    found = ground(street)
    assert [(one.place, one.wells) for one in found.drained] == [("9-1-101", ())]
    assert found.wells == ()


# -- walking there ---------------------------------------------------------------------------


def checking(laptop: Laptop, *codes: str, ids: Ids, may: bool = True) -> Checking:
    with laptop.store.read() as session:
        return checking_walk(
            session,
            laptop.compound_id,
            [id_of(laptop, "point", code) for code in codes],
            route="复查 3-1-502",
            walk="复查 3-1-502 05-31",
            may_add_routes=may,
            new_id=ids,
        )


def stops(laptop: Laptop, made: Checking) -> tuple[str, list[str]]:
    with laptop.store.read() as session:
        walk = walk_view(session, laptop.compound_id, made.walk_id)
        assert walk is not None
        route = None if walk.route_id is None else route_view(session, laptop.compound_id, walk.route_id)
    return walk.route, [] if route is None else [stop.code for stop in route.stops]


def test_the_walk_and_its_route_are_one_group_and_go_together(street: Laptop) -> None:
    made = checking(street, "W2", "W3", ids=Ids("check"))
    done = street.together(*made.intents)
    assert stops(street, made) == ("复查 3-1-502", ["W2", "W3"])
    street.undo(done.group_id)
    assert street.ask("select count(*) from walk where archived = 0") == [(0,)]
    assert street.ask("select count(*) from route where archived = 0") == [(0,)]


def test_the_same_wells_are_walked_again_on_the_same_route_others_get_one_of_their_own(
    street: Laptop,
) -> None:
    ids = Ids("check")
    street.together(*checking(street, "W2", "W3", ids=ids).intents)
    again = checking(street, "W2", "W3", ids=ids)
    street.together(*again.intents)
    assert (stops(street, again)[0], again.walk) == ("复查 3-1-502", "复查 3-1-502 05-31 (2)")
    other = checking(street, "W2", "W4", ids=ids)
    street.together(*other.intents)
    assert stops(street, other) == ("复查 3-1-502 (2)", ["W2", "W4"])


def test_whoever_may_not_add_routes_walks_without_one(street: Laptop) -> None:
    made = checking(street, "W2", "W3", ids=Ids("check"), may=False)
    street.together(*made.intents)
    assert [intent.kind for intent in made.intents] == ["walk.start"]
    assert stops(street, made) == ("", [])
