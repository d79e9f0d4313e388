"""Two laptops put one route in order, neither knowing of the other."""

from __future__ import annotations

from simulation.network import Traveller
from village import Village


def order(traveller: Traveller) -> list[str]:
    rows = traveller.laptop.ask(
        "SELECT p.code FROM route_stop s JOIN point p ON p.id = s.point_id WHERE NOT s.archived ORDER BY s.position"
    )
    return [code for (code,) in rows]


def test_points_that_both_added_are_on_the_route_and_what_one_took_out_is_not(village: Village) -> None:
    a, b = village.laptops["a"], village.laptop("b")
    ids = {code: str(a.laptop.ids()) for code in ("W1", "W2", "W3", "W4", "W5")}
    for code, row_id in ids.items():
        a.laptop.do("point.add", id=row_id, code=code)
    a.laptop.do("route.add", name="东线", stops=[ids["W1"], ids["W2"], ids["W3"]])
    village.all_sync()
    before = [ids["W1"], ids["W2"], ids["W3"]]
    a.laptop.do("route.arrange", route="东线", stops=[ids["W1"], ids["W4"], ids["W2"]], before=before)
    b.laptop.do(
        "route.arrange", route="东线", stops=[ids["W3"], ids["W2"], ids["W1"], ids["W5"]], before=before
    )
    village.all_sync()
    village.all_agree()
    for traveller in (a, b):
        assert sorted(order(traveller)) == ["W1", "W2", "W4", "W5"]
