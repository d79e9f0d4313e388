"""Every endpoint of the server: who answers, who may ask, and whoever wants to be let in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from models.store import Store
from models.text import normalise
from server.asking import ASKED, CLOSED, ask, code_of, enrolment
from server.conftest import Api, MakeApi

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
