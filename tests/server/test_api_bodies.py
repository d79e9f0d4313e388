"""Whatever may be sent to the server."""

from __future__ import annotations

import gzip
import json
import time

import pytest
import zstandard

from server.asking import code_of
from server.conftest import Api, MakeApi
from sync.compression import squeeze
from sync.server.limits import Limits

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
