"""Operations that come up to the server, and the pages that go down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.asking import code_of, rows, team
from server.conftest import Api
from sync import exchange


def test_five_thousand_characters_come_back_as_they_went(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    note = "雨后井盖翘起，积泥约三成。" * 300
    said = director.push(
        director.operation("team.add", {"id": str(any_api.ids()), "name": "水工", "note": note})
    )
    verdict = said.json()["judgements"][0]["verdict"]
    assert verdict in {"accepted", "rejected"}
    many = [
        director.operation(
            "person.add", {"id": str(any_api.ids()), "name": f"张{number}", "note": "字" * 500}
        )
        for number in range(10)
    ]
    assert director.judge(*many) == ["accepted"] * 10
    assert {row["note"] for row in rows(director, "person")} == {"", "字" * 500}


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999-14:00",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59+08:00",
    ],
)
def test_a_wild_clock_stops_nothing(any_api: Api, moment: str) -> None:
    """A decision may be refused, because nobody was director in the year 1; an observation stands."""
    director = any_api.director(any_api.compound())
    well, walk = str(any_api.ids()), str(any_api.ids())
    ground = [
        director.operation("point.add", {"id": well, "code": "W1"}),
        director.operation("walk.start", {"id": walk, "name": "三月"}),
    ]
    assert director.judge(*ground) == ["accepted"] * 2
    fields = ("made_at", "happened_at", "at")
    teams = [team(director, **{field: moment}) for field in fields]
    assert set(director.judge(*teams)) <= {"accepted", "rejected"}
    seen = [
        director.operation(
            "walk.observe",
            {"id": str(any_api.ids()), "walk": walk, "point": well, "level": "dry"},
            **{field: moment},
        )
        for field in fields
    ]
    assert director.judge(*seen) == ["accepted"] * 3
    assert len(rows(director, "observation")) == 3
    assert any_api.lodger(director.compound).get("/v1/history").status_code == 200


@pytest.mark.parametrize(
    "moment",
    ["2026-03-02T01:00:00", "yesterday", "2026-02-30T00:00:00Z", "10000-01-01T00:00:00Z", 1e300, None],
)
def test_a_time_that_is_none_is_refused(api: Api, moment: Any) -> None:
    director = api.director(api.compound())
    assert code_of(director.push(director.operation("team.add", {}, made_at=moment))) == (
        422,
        "request.invalid",
    )


WILD = [
    {"a": 10**400},
    {"a": -(10**4000)},
    {"a": [[[[[[[[[[{}]]]]]]]]]]},
    {"a": "\0"},
    {"\0": "\0\x01\x1f\x7f\u2028\ufeff\ufffe"},
    {"a": 1e308},
    {"": None},
    {"name": "张三\0", "id": "01a201c3-cb6c-7b13-8c53-2c325b091cc7"},
]


@pytest.mark.parametrize("payload", WILD, ids=range(len(WILD)))
@pytest.mark.parametrize("kind", ["person.add", "walk.observe", "no.such"])
def test_any_json_as_a_payload_gets_a_verdict_and_comes_down_again(
    any_api: Api, kind: str, payload: dict[str, Any]
) -> None:
    director = any_api.director(any_api.compound())
    (verdict,) = director.judge(director.operation(kind, payload))
    assert verdict != "rejected" or kind == "person.add"
    other = any_api.lodger(director.compound)
    operations = other.get("/v1/history").json()["operations"]
    assert len(operations) == 2 + (verdict == "accepted")
    assert director.get("/v1/pull", acked=0).json()["judgements"][-1]["verdict"] == verdict
    again = director.push(director.operation("team.add", {"id": str(any_api.ids()), "name": "水工"}))
    assert again.json()["judgements"][0]["verdict"] == "accepted", "nothing blocks those behind it"


@pytest.mark.parametrize("depth", [30, 150, 250, 5000])
def test_nesting_without_end_is_refused_or_judged(any_api: Api, depth: int) -> None:
    director = any_api.director(any_api.compound())
    body = json.dumps(director.body([director.operation("person.add", {"a": 1})]))
    answer = director.post(
        "/v1/push", body.replace('{"a": 1}', '{"a": ' + "[" * depth + "]" * depth + "}").encode()
    )
    assert answer.status_code in {200, 422}
    assert any_api.lodger(director.compound).get("/v1/history").status_code == 200
    assert director.get("/v1/pull").status_code == 200


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_a_number_that_json_has_not_is_refused(any_api: Api, number: str) -> None:
    director = any_api.director(any_api.compound())
    body = json.dumps(director.body([director.operation("person.add", {"a": 4242})])).replace("4242", number)
    assert code_of(director.post("/v1/push", body.encode())) == (422, "request.invalid")


def test_one_operation_twice_in_a_push_is_judged_once(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    one = team(director)
    twin = {**one, "n": one["n"] + 1}
    for groups in ([[one], [twin]], [[one, twin]]):
        answer = director.post("/v1/push", director.body(*groups))
        assert code_of(answer) == (422, "request.invalid")
    assert director.judge(one) == ["accepted"]
    again = director.push(one).json()
    assert (again["replayed"], again["judgements"][0]["verdict"]) == ([one["id"]], "accepted")
    assert len(rows(director, "team")) == 1


def test_a_group_in_two_pieces_is_judged_piece_by_piece(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    body = director.body([team(director)], [team(director)])
    body["groups"][1]["id"] = body["groups"][0]["id"]
    assert director.post("/v1/push", body).status_code == 200
    later = director.body([team(director)])
    later["groups"][0]["id"] = body["groups"][0]["id"]
    assert director.post("/v1/push", later).status_code == 200
    assert len(rows(director, "team")) == 3


def test_a_count_has_no_gaps_and_no_forks(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    jumped = director.push(team(director, n=director.n + 5))
    assert (code_of(jumped), jumped.json()["params"]) == ((409, "gap"), {"last_n": 1})
    director.n = 1
    backwards = director.push(team(director, n=3), team(director, n=2))
    assert backwards.status_code == 409
    director.n = 1
    assert director.judge(team(director)) == ["accepted"]
    assert code_of(director.push(team(director, n=2))) == (409, "fork")
    for n in (0, -1, 2**53 + 1, 1.5, "x"):
        assert code_of(director.push(team(director, n=n))) == (422, "request.invalid")
    assert code_of(director.push(team(director, n=2**53))) == (409, "gap")


def test_a_push_of_nothing_and_one_for_another_epoch(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    assert director.post("/v1/push", director.body()).json()["judgements"] == []
    answer = director.post("/v1/push", director.body(epoch="another"))
    assert (code_of(answer), answer.json()["params"]) == (
        (409, "epoch"),
        {"epoch": director.epoch, "head": 2},
    )
    answer = director.post(
        "/v1/heal", {"compound": director.compound.hex, "epoch": director.epoch, "groups": []}
    )
    assert code_of(answer) == (409, "not_restored")


@pytest.mark.parametrize(
    "params",
    [
        {"after": -1}, {"after": "x"}, {"after": 2**53 + 1}, {"after": 10**30}, {"acked": "1.5"},
        {"held": "x"}, {"place": "x" * 201}, {"devices": "x" * 41}, {"compound": "x"}, {"compound": ""},
    ],
)  # fmt: skip
def test_a_parameter_out_of_bounds_is_refused(api: Api, params: dict[str, Any]) -> None:
    assert code_of(api.director(api.compound()).get("/v1/pull", **params)) == (422, "request.invalid")


@pytest.mark.parametrize(
    "place",
    [
        "x", "team", "team:1", "team:1:x", "team:x:" + "0" * 32, "nothing:1:" + "0" * 32, ":::",
        "\0", "team:1:" + "0" * 32 + ":", "team:" + "9" * 17 + ":" + "0" * 32, "team:٣:" + "0" * 32, "operation:1:" + "0" * 32,
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(any_api: Api, place: str) -> None:
    director = any_api.director(any_api.compound())
    answer = director.get("/v1/pull", place=place)
    assert code_of(answer) in {(400, "place.invalid"), (422, "request.invalid")}


def test_pages_follow_each_other_to_the_end(any_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    director = any_api.director(any_api.compound())
    many = [
        director.operation("person.add", {"id": str(any_api.ids()), "name": f"张{number}"})
        for number in range(20)
    ]
    assert set(director.judge(*many)) == {"accepted"}
    whole = director.get("/v1/pull").json()
    monkeypatch.setitem(exchange.page.__kwdefaults__, "most_rows", 3)
    found: list[Any] = []
    place, pages = "", 0
    while place or not pages:
        page = director.get("/v1/pull", place=place).json()
        assert bool(page["judgements"]) is (not page["next"]), "verdicts come with the last page"
        found += [(part["table"], row) for part in page["tables"] for row in part["rows"]]
        place, pages = page["next"], pages + 1
    assert found == [(part["table"], row) for part in whole["tables"] for row in part["rows"]]
    assert pages > 7


def test_numbers_as_large_as_they_come_are_answered(any_api: Api) -> None:
    director = any_api.director(any_api.compound())
    far = director.get("/v1/pull", after=2**53, acked=2**53, held=[any_api.ids().hex] * 100).json()
    assert (far["head"], far.get("tables", [])) == (2, [])
    assert director.get("/v1/history", after=2**53).json()["operations"] == []
    last = director.get("/v1/pull", place="team:" + "9" * 16 + ":" + "f" * 32)
    assert last.json().get("next", "") == ""
    assert any_api.http.get(
        "/v1/pull", params={"compound": director.compound}, headers=director.headers
    ).json()
