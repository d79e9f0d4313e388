"""Every endpoint of the server, and whatever may be sent to it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
import pytest
import zstandard
from fastapi.routing import APIRoute
from simulation.devices import Ids
from sqlalchemy import event

from models import store_sqlite
from models.store import Store, open_database
from models.text import normalise
from server.conftest import Api, Lodger, MakeApi
from server.running import until
from sync import exchange
from sync.compression import squeeze
from sync.server.limits import Limits

TOKEN = "t" * 64

#: Every endpoint with something that it understands.
ASKED: dict[str, tuple[str, dict[str, Any] | None]] = {
    "/v1/hello": ("GET", None),
    "/v1/push": ("POST", {"compound": "0" * 32, "device": "0" * 32, "groups": []}),
    "/v1/heal": ("POST", {"compound": "0" * 32, "epoch": "", "groups": []}),
    "/v1/pull": ("GET", None),
    "/v1/history": ("GET", None),
    "/v1/wait": ("GET", None),
    "/v1/devices": ("GET", None),
    "/v1/enrol/look": ("POST", {"code": "AAAAA-AAAAA"}),
    "/v1/enrol": ("POST", {"code": "AAAAA-AAAAA", "device": "0" * 32, "name": "x", "token": TOKEN}),
    "/v1/fork": ("POST", {"device": "0" * 32, "token": TOKEN}),
    "/healthz": ("GET", None),
    "/readyz": ("GET", None),
    "/metrics": ("GET", None),
}
OPEN = {"/v1/hello", "/v1/enrol/look", "/v1/enrol", "/healthz", "/readyz", "/metrics"}
CLOSED = sorted(set(ASKED) - OPEN)


def ask(api: Api, path: str, compound: UUID | None = None, **headers: Any) -> httpx.Response:
    method, body = ASKED[path]
    params = {"compound": (compound or UUID(int=0)).hex} if method == "GET" and path in CLOSED else {}
    body = body and {**body, **({"compound": compound.hex} if compound and "compound" in body else {})}
    return api.http.request(method, path, params=params, json=body, headers=headers)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# -- who answers -------------------------------------------------------------------------


def test_a_healthy_server_says_so(any_api: Api) -> None:
    assert ask(any_api, "/healthz").json() == {"linli": 1, "status": "ok"}
    any_api.compound()
    assert ask(any_api, "/readyz").json() == {"linli": 1, "status": "ok", "compounds": 1}
    hello = ask(any_api, "/v1/hello").json()
    assert (hello["epoch"], hello["version"]) == (any_api.lodger(any_api.compound("二")).epoch, "test")


def test_a_server_without_its_database_is_alive_and_not_ready(
    make_api: MakeApi, postgres_server: Any, open_postgres: Callable[[], Store]
) -> None:
    api = make_api(open_postgres())
    lodger = api.lodger(api.compound())
    name = api.store.engine.url.database
    assert name is not None
    postgres_server.drop(name)
    assert ask(api, "/healthz").status_code == 200
    for answer in (ask(api, "/readyz"), ask(api, "/v1/hello"), lodger.get("/v1/pull"), lodger.push()):
        assert code_of(answer) == (503, "server.store")
        assert int(answer.headers["retry-after"]) >= 1


def test_the_document_covers_every_endpoint_and_this_table_too(api: Api) -> None:
    routes = {route.path: route.methods for route in api.app.routes if isinstance(route, APIRoute)}
    assert routes == {path: {method} for path, (method, _) in ASKED.items()}
    assert set(api.document["paths"]) == set(routes)
    for path, (method, body) in ASKED.items():
        about = api.document["paths"][path][method.lower()]
        assert ("requestBody" in about) is (body is not None)
        assert about.get("description")
        # Hello is for anybody, but a laptop may say which one it is.
        assert ("security" in about) is (path in {*CLOSED, "/v1/hello"}), path


def test_no_part_of_the_document_points_nowhere(api: Api) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [one for part in value.values() for one in references(part)]
        return [one for part in value for one in references(part)] if isinstance(value, list) else []

    found = references(api.document)
    assert found
    for reference in found:
        place = api.document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/v1"), ("GET", "/docs"), ("PUT", "/v2/x")]
)
def test_what_is_not_there_is_refused_in_our_own_words(api: Api, method: str, path: str) -> None:
    assert api.http.request(method, path).json() == {"linli": 1, "code": "request.no_such_thing"}


def test_a_method_that_an_endpoint_has_not_is_refused_with_those_it_has(api: Api) -> None:
    answer = api.http.request("DELETE", "/v1/push")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


# -- who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", CLOSED)
def test_an_endpoint_of_laptops_lets_nobody_else_in(api: Api, path: str) -> None:
    own, foreign = api.compound(), api.compound("三元")
    lodger = api.lodger(own)
    api.lodger(foreign)
    for header in (b"", b"Bearer", b"Bearer ", b"Basic dDp0", b"Bearer unknown", b"Bearer \xe9\xff"):
        answer = ask(api, path, own, Authorization=header)
        assert code_of(answer) == (401, "token.unknown"), header
    if path != "/v1/fork":
        for compound in (foreign, UUID(int=0)):
            assert code_of(ask(api, path, compound, **lodger.headers)) == (403, "compound.closed")
    with api.store.write() as session:
        from models.replication import devices

        devices.revoke(session, lodger.device, now=api.clock())
    assert code_of(ask(api, path, own, **lodger.headers)) == (403, "token.revoked")


def test_another_laptops_device_is_no_way_in(api: Api) -> None:
    compound = api.compound()
    one, other = api.lodger(compound), api.lodger(compound)
    one.device = other.device
    assert code_of(one.push(one.operation("team.add", {}))) == (409, "fork")


@pytest.mark.parametrize("path", sorted(set(ASKED) - {"/healthz", "/readyz", "/metrics"}))
def test_another_version_of_the_protocol_is_told_first(api: Api, path: str) -> None:
    answer = ask(api, path, **{"Linli-Protocol": "2"})
    assert (code_of(answer), answer.json()["params"]) == ((426, "protocol"), {"protocol": 1})
    assert ask(api, path, **{"Linli-Protocol": "1"}).status_code != 426
    assert ask(api, path, **{"Linli-Protocol": "1" * 11}).status_code == 422


# -- enrolling ---------------------------------------------------------------------------


def enrolment(api: Api, code: str, **changes: Any) -> dict[str, Any]:
    return {"code": code, "device": api.ids().hex, "name": "甲", "token": api.ids().hex * 2, **changes}


def test_a_code_lets_one_laptop_in_however_often_it_asks(any_api: Api) -> None:
    api, code = any_api, any_api.code(any_api.compound())
    looked = api.http.post("/v1/enrol/look", json={"code": code}).json()
    assert (looked["name"], looked["pristine"]) == ("耐火小区", True)
    body = enrolment(api, code)
    answers = [api.http.post("/v1/enrol", json=body).json() for _ in range(2)]
    assert answers[0]["device"] == answers[1]["device"] == body["device"]
    assert code_of(api.http.post("/v1/enrol", json=enrolment(api, code))) == (410, "code.used")
    assert code_of(api.http.post("/v1/enrol/look", json={"code": code})) == (410, "code.used")


def test_two_who_use_a_code_at_once_are_one_too_many(any_api: Api) -> None:
    api, code = any_api, any_api.code(any_api.compound())
    bodies = [enrolment(api, code) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: api.http.post("/v1/enrol", json=body).status_code, bodies))
    assert sorted(answers) == [200, 410, 410, 410]


def test_a_code_that_is_over_or_unknown_opens_nothing(api: Api) -> None:
    from datetime import timedelta

    over = api.code(api.compound(), life=timedelta(seconds=-1))
    for code, expected in ((over, (410, "code.over")), ("AAAAA-AAAAA", (404, "code.unknown"))):
        assert code_of(api.http.post("/v1/enrol/look", json={"code": code})) == expected
        assert code_of(api.http.post("/v1/enrol", json=enrolment(api, code))) == expected


def test_a_number_or_a_secret_of_another_laptop_is_taken(any_api: Api) -> None:
    api = any_api
    compound = api.compound()
    lodger = api.lodger(compound)
    for changes in ({"device": lodger.device.hex}, {"token": lodger.token}):
        answer = api.http.post("/v1/enrol", json=enrolment(api, api.code(compound), **changes))
        assert code_of(answer) == (409, "device.taken")
    other = api.lodger(compound)
    for body in (
        {"device": other.device.hex, "token": api.ids().hex * 2},
        {"device": api.ids().hex, "token": other.token},
        {"device": api.ids().hex, "token": lodger.token},
    ):
        assert code_of(lodger.post("/v1/fork", body)) == (409, "device.taken")
    body = {"device": api.ids().hex, "token": api.ids().hex * 2}
    assert [lodger.post("/v1/fork", body).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "name", ["\0", "甲\0乙", "\u202e", "\x1b[2J甲\n乙", "   ", "'; DROP TABLE device; --", "😀" * 80]
)
def test_a_laptop_may_have_any_name(any_api: Api, name: str) -> None:
    api, compound = any_api, any_api.compound()
    lodger = api.lodger(compound, name=name)
    (known,) = lodger.get("/v1/devices").json()["devices"]
    assert known["name"] == normalise(name)
    assert known["name"].isprintable()
    assert ask(api, "/readyz").status_code == 200


# -- bodies ------------------------------------------------------------------------------


BODIES: dict[str, tuple[bytes, tuple[int, str]]] = {
    "nothing": (b"", (422, "request.invalid")),
    "half": (b"{", (422, "request.invalid")),
    "list": (b"[]", (422, "request.invalid")),
    "null": (b"null", (422, "request.invalid")),
    "bytes": (b"\xff\xfe\x00", (422, "request.invalid")),
    "mark": (b"\xef\xbb\xbf{}", (422, "request.invalid")),
    "page": ("<html>登录</html>".encode(), (422, "request.invalid")),
    "gzip": (gzip.compress(b"{}"), (422, "request.invalid")),
    "nested": (b"[" * 100_000, (422, "request.invalid")),
    "nan": (b'{"compound": NaN}', (422, "request.invalid")),
    "infinity": (b'{"compound": "' + b"0" * 32 + b'", "groups": Infinity}', (422, "request.invalid")),
    "surrogate": (b'{"compound": "\\ud800"}', (422, "request.invalid")),
    "digits": (b'{"a": 1' + b"0" * 100_000 + b"}", (422, "request.invalid")),
    "zstd without anything": (b"\x28\xb5\x2f\xfd", (400, "body.garbled")),
    "zstd and no zstd": (b"\x28\xb5\x2f\xfd" + b"x" * 5000, (400, "body.garbled")),
    "zstd cut": (squeeze(b'{"a": "' + bytes(range(40, 90)) * 50)[:-3], (400, "body.garbled")),
    "zstd and more": (squeeze(b" " * 1000) + b"more", (400, "body.garbled")),
    "zstd twice": (squeeze(b" " * 1000) * 2, (400, "body.garbled")),
    "zstd of nonsense": (squeeze(b"x" * 1000), (422, "request.invalid")),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", ["/v1/push", "/v1/enrol"])
def test_a_body_that_is_none_is_refused(api: Api, path: str, body: str) -> None:
    content, expected = BODIES[body]
    lodger = api.lodger(api.compound())
    assert code_of(lodger.post(path, content)) == expected


def test_a_body_is_bounded_as_it_comes_and_as_it_inflates(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(body=3000, inflated=20_000))
    lodger = api.lodger(api.compound())
    spaces = json.dumps(lodger.body()).encode()
    fits, more = spaces + b" " * (2900 - len(spaces)), spaces + b" " * 3000
    assert lodger.post("/v1/push", fits).status_code == 200
    answer = lodger.post("/v1/push", more)
    assert (code_of(answer), answer.json()["params"]) == ((413, "body.too_large"), {"most": 3000})
    assert lodger.post("/v1/push", squeeze(spaces + b" " * 19_000)).status_code == 200
    answer = lodger.post("/v1/push", squeeze(spaces + b" " * 21_000))
    assert (code_of(answer), answer.json()["params"]) == ((413, "body.too_large"), {"most": 20_000})


def test_a_bomb_is_put_out_before_it_has_gone_off(api: Api) -> None:
    """A gigabyte of nothing takes 32 KiB to send."""
    lodger = api.lodger(api.compound())
    compressor = zstandard.ZstdCompressor(level=3).compressobj()
    bomb = b"".join([compressor.compress(bytes(1 << 20)) for _ in range(1024)]) + compressor.flush()
    assert len(bomb) < 100_000
    began = time.perf_counter()
    assert code_of(lodger.post("/v1/push", bomb)) == (413, "body.too_large")
    assert time.perf_counter() - began < 2.0
    greedy = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    )
    stream = greedy.compressobj()
    content = stream.compress(b"{}" + b" " * 5000) + stream.flush()
    assert code_of(lodger.post("/v1/push", content)) == (400, "body.garbled")


def test_what_a_refusal_says_is_never_what_was_sent(api: Api) -> None:
    lodger = api.lodger(api.compound())
    body = lodger.body([lodger.operation("person.add", {"name": "张三"}, made_at="张三 19900000001")])
    answer = lodger.post("/v1/push", body)
    assert answer.status_code == 422
    assert "张三" not in answer.text
    assert "19900000001" not in answer.text
    assert answer.json()["params"]["problems"][0]["field"].endswith("made_at")


def test_answers_are_compressed_for_those_who_can_read_that(api: Api) -> None:
    director = api.director(api.compound())
    plain = director.api.http.get(
        "/v1/pull",
        params={"compound": director.compound.hex},
        headers=director.headers | {"Accept-Encoding": "gzip"},
    )
    squeezed = director.get("/v1/pull")
    assert ("content-encoding" in plain.headers, squeezed.headers["content-encoding"]) == (False, "zstd")
    assert plain.json().keys() == squeezed.json().keys()
    assert int(squeezed.headers["content-length"]) < int(plain.headers["content-length"])


# -- operations --------------------------------------------------------------------------


def rows(director: Lodger, table: str) -> list[dict[str, Any]]:
    for part in director.get("/v1/pull").json().get("tables", []):
        if part["table"] == table:
            return [dict(zip(part["columns"], row, strict=True)) for row in part["rows"]]
    return []


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


def team(lodger: Lodger, **envelope: Any) -> dict[str, Any]:
    row_id = lodger.api.ids()
    return lodger.operation("team.add", {"id": str(row_id), "name": f"队{row_id.hex[-6:]}"}, **envelope)


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


# -- limits ------------------------------------------------------------------------------


def test_a_laptop_in_a_hurry_is_asked_to_wait_and_others_are_not(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(burst=5, per_second=0.5))
    compound = api.compound()
    hasty, calm = api.lodger(compound), api.lodger(compound)
    assert [hasty.get("/v1/devices").status_code for _ in range(5)] == [200] * 5
    answer = hasty.get("/v1/devices")
    assert code_of(answer) == (429, "server.too_many")
    wait = int(answer.headers["retry-after"])
    assert 2 <= wait <= 3
    assert calm.get("/v1/devices").status_code == 200
    api.ticks.now += wait
    assert [hasty.get("/v1/devices").status_code for _ in range(2)] == [200, 429]
    api.ticks.now += 10_000
    assert [hasty.get("/v1/devices").status_code for _ in range(6)] == [200] * 5 + [429]


def test_codes_cannot_be_tried_by_the_thousand(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(stranger_burst=10, stranger_per_second=0.1))
    code = api.code(api.compound())
    answers = [api.http.post("/v1/enrol/look", json={"code": "AAAAA-AAAAA"}).status_code for _ in range(12)]
    assert answers == [404] * 10 + [429] * 2
    limited = api.http.post("/v1/enrol/look", json={"code": code})
    assert (limited.status_code, int(limited.headers["retry-after"])) == (429, 10)
    api.ticks.now += 10
    assert api.http.post("/v1/enrol/look", json={"code": code}).status_code == 200
    assert api.http.get("/healthz").status_code == 200


def test_unknown_tokens_cannot_be_tried_by_the_thousand(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(stranger_burst=10, stranger_per_second=0.1))
    compound = api.compound()
    lodger = api.lodger(compound)
    answers = [ask(api, "/v1/devices", compound, Authorization=f"Bearer {n}").status_code for n in range(20)]
    assert set(answers) == {401, 429}
    assert answers[-1] == 429
    assert lodger.get("/v1/devices").status_code == 200, "a known laptop is no stranger"


def test_work_that_takes_too_long_is_put_off(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(seconds=0.1))
    api.office.hello = lambda: time.sleep(0.5)
    began = time.perf_counter()
    answer = ask(api, "/v1/hello")
    assert code_of(answer) == (503, "server.slow")
    assert time.perf_counter() - began < 0.4
    assert int(answer.headers["retry-after"]) >= 5


def test_a_database_that_somebody_keeps_is_busy_for_a_while(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch, open_here: Callable[..., Store]
) -> None:
    monkeypatch.setattr(store_sqlite, "BUSY_MS", 50)
    api = make_api()
    director = api.director(api.compound())
    one = team(director)
    with open_here("server.linli").write() as session:
        session.connection()
        answer = director.push(one)
        assert code_of(answer) == (503, "server.busy")
        assert int(answer.headers["retry-after"]) >= 1
        assert director.get("/v1/pull").status_code == 200, "reading goes on"
    assert director.judge(one) == ["accepted"]


def test_a_full_disk_takes_nothing_in_and_loses_nothing(api: Api) -> None:
    director = api.director(api.compound())
    api.store.engine.dispose()
    full = [True]

    @event.listens_for(api.store.engine, "connect")
    def no_room(connection: Any, _record: object) -> None:
        if full:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    many = [
        director.operation("person.add", {"id": str(api.ids()), "name": f"张{n}", "note": "字" * 400})
        for n in range(200)
    ]
    answer = director.push(*many)
    assert code_of(answer) == (503, "server.full")
    assert int(answer.headers["retry-after"]) >= 30
    assert director.get("/v1/pull").json()["head"] == 2
    full.clear()
    api.store.engine.dispose()
    assert director.judge(*many) == ["accepted"] * 200


# -- news --------------------------------------------------------------------------------


def waiting(api: Api) -> bool:
    return bool(api.office.bell._waiting)


def test_news_reach_whoever_waits_as_soon_as_they_come(any_api: Api) -> None:
    compound = any_api.compound()
    director, other = any_api.director(compound), any_api.lodger(compound)
    assert other.get("/v1/wait", after=1).json()["head"] == 2, "what is there already is told at once"
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(other.get, "/v1/wait", after=2)
        until(lambda: waiting(any_api))
        began = time.perf_counter()
        assert director.judge(team(director)) == ["accepted"]
        assert told.result(5).json() == {"linli": 1, "epoch": director.epoch, "head": 3}
    assert time.perf_counter() - began < 1.5
    assert not waiting(any_api), "nobody is left behind"


def test_news_of_another_compound_wake_nobody(api: Api) -> None:
    one, other = api.director(api.compound()), api.director(api.compound("三元"))
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(one.get, "/v1/wait", after=2)
        until(lambda: waiting(api))
        assert other.judge(team(other)) == ["accepted"]
        time.sleep(0.2)
        assert not told.done()
        assert one.judge(team(one)) == ["accepted"]
        assert told.result(5).json()["head"] == 3


def test_whoever_waits_for_nothing_is_answered_in_the_end(make_api: MakeApi) -> None:
    api = make_api(limits=Limits(wait_seconds=0.3))
    director = api.director(api.compound())
    api.ticks.runs = True
    began = time.perf_counter()
    assert director.get("/v1/wait", after=2).json()["head"] == 2
    assert 0.2 < time.perf_counter() - began < 2.0


def test_news_pass_from_one_process_to_another_over_postgresql(
    make_api: MakeApi, open_postgres: Callable[[], Store]
) -> None:
    store = open_postgres()
    address = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    second = open_database(address, new_id=Ids("second"))
    one, two = make_api(store), make_api(second)
    try:
        director = one.director(one.compound())
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(
                two.http.get,
                "/v1/wait",
                params={"compound": director.compound.hex, "after": 2},
                headers=director.headers,
            )
            until(lambda: waiting(two))
            time.sleep(0.3)  # the listener has said LISTEN by then
            began = time.perf_counter()
            assert director.judge(team(director)) == ["accepted"]
            assert told.result(10).json()["head"] == 3
        assert time.perf_counter() - began < 3.0
    finally:
        two.http.close()
        second.close()
