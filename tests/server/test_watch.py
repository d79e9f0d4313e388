"""What the server tells its operator: lines of JSON and figures, and nobody's data in either."""

from __future__ import annotations

import io
import json
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.operations.registry import KINDS
from server.conftest import Api
from server.running import served, until
from sync.server.watch import JsonLines

NAMES = ("王德胜", "欧阳晓燕", "老王的电脑", "耐火小区")
PHONES = ("19900000001", "13812345678")
PAYLOAD = ("井盖翘起", "3-1-502")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as `linli serve` writes it, at every level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))  # this test's own
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def busy_day(api: Api, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Do everything that may leave a trace; returns the secrets that were used."""
    compound = api.compound(NAMES[3])
    director = api.director(compound)
    code = api.code(compound)
    api.http.post("/v1/enrol/look", json={"code": code})
    api.http.post("/v1/enrol/look", json={"code": NAMES[1] * 3})
    api.http.get(f"/v1/{NAMES[1]}", params={"name": NAMES[0]})
    director.get("/v1/pull", place=f"{NAMES[1]}:1:{PHONES[0]}")
    director.get("/v1/devices", compound=NAMES[1])
    person = {"id": str(api.ids()), "name": NAMES[1], "phones": list(PHONES)}
    director.judge(director.operation("person.add", person))
    director.judge(director.operation("household.add", {"id": str(api.ids()), "code": PAYLOAD[1]}))
    director.judge(director.operation("person.add", {"name": PHONES[0], "nobody": PAYLOAD[0]}))
    director.post("/v1/push", f'{{"compound": "{NAMES[1]}", "{PHONES[0]}": 1}}'.encode())
    director.post("/v1/push", NAMES[1].encode("gb18030"))
    director.get("/v1/history")
    api.http.get(
        "/v1/devices", params={"compound": compound.hex}, headers={"Authorization": f"Bearer {PHONES[1]}"}
    )

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"{NAMES[1]} {PHONES[0]}")

    with monkeypatch.context() as patch:
        patch.setitem(KINDS, "team.add", replace(KINDS["team.add"], handler=broken))
        director.judge(director.operation("team.add", {"id": str(api.ids()), "name": PAYLOAD[0]}))
        patch.setattr(api.office, "history", broken)
        api.http.event_hooks["response"].clear()  # a mistake of our own is in no document
        assert director.get("/v1/history").status_code == 500
    return [code, code.replace("-", ""), director.token, *NAMES, *PHONES, *PAYLOAD]


def test_the_log_is_json_and_names_nobody(
    any_api: Api, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = busy_day(any_api, monkeypatch)
    text = lines.getvalue()
    entries = [json.loads(line) for line in text.splitlines()]
    assert sum(entry["event"] == "request" for entry in entries) > 15
    assert [entry["type"] for entry in entries if entry["event"] == "broke"] == ["ZeroDivisionError"]
    for secret in (*secrets, "127.0.0.1", "testclient", "compound=", "INSERT", "SELECT"):
        assert secret not in text, secret
    for entry in entries:
        if entry["event"] == "request":
            assert set(entry) <= {
                "time", "level", "event", "method", "endpoint", "status", "ms", "device", "code",
            }  # fmt: skip
            assert entry["endpoint"] in {"none", *any_api.document["paths"]}


def test_a_refused_request_is_logged_with_why(any_api: Api, lines: io.StringIO) -> None:
    director = any_api.director(any_api.compound())
    director.get("/v1/pull", after=-1)
    last = json.loads(lines.getvalue().splitlines()[-1])
    assert (last["status"], last["code"], last["endpoint"]) == (422, "request.invalid", "/v1/pull")


def figures(api: Api) -> dict[tuple[str, ...], float]:
    answer = api.http.get("/metrics")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels) if name != "le")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }


def test_figures_count_requests_verdicts_and_bytes(any_api: Api) -> None:
    assert figures(any_api).get(("linli_requests_total", "/metrics", "200")) is None
    director = any_api.director(any_api.compound())
    one = director.operation("team.add", {"id": str(any_api.ids()), "name": "水工"})
    first, again = director.push(one), director.push(one)
    director.judge(director.operation("person.add", {}))
    director.get("/v1/pull", after=-1)
    any_api.http.get("/nothing/of/the/kind/王德胜")
    found = figures(any_api)
    assert found["linli_requests_total", "/v1/push", "200"] == 4
    assert found["linli_requests_total", "/v1/enrol", "200"] == 1
    assert found["linli_requests_total", "/v1/pull", "422"] == 1
    assert found["linli_requests_total", "none", "404"] == 1
    assert found["linli_request_seconds_count", "/v1/push"] == 4
    assert found["linli_operations_total", "accepted"] == 2, "a replay is no operation more"
    assert found["linli_operations_total", "rejected"] == 1
    assert found["linli_operations_total", "replayed"] == 1
    assert found["linli_body_bytes_total", "in"] > len(first.request.content) + len(again.request.content)
    assert found["linli_body_bytes_total", "out"] > 500
    assert not [key for key in found if "王德胜" in "".join(key)]


def test_a_laptop_that_breaks_off_is_no_mistake_of_the_servers(api: Api, lines: io.StringIO) -> None:
    """A push cut in the middle, as on a bad line: nothing to wake an operator for, and nothing is judged."""
    director = api.director(api.compound())
    body = json.dumps(director.body([director.operation("team.add", {"name": "水工"})])).encode()
    with served(api.app) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            head = (
                "POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {director.token}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(head.encode() + body[: len(body) // 2])
            time.sleep(0.2)
        until(lambda: '"code": "request.broken_off"' in lines.getvalue())
    entries = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert not [entry for entry in entries if entry["event"] == "broke" or entry["level"] == "error"]
    assert director.get("/v1/pull").json()["last_n"] == 1
