"""Whatever the document allows, and what it does not: never a mistake of the server's, never somebody else's data.

Bounded and always the same; `--seeds N` or LINLI_SEEDS makes it N times as long and different each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from operations.payloads import DIRECTOR, EXAMPLES, GROUND, fixed
from schemathesis import GenerationMode

from models.operations.registry import KINDS, Nature
from models.replication import devices
from models.store import Store
from models.tables import synced_models
from server.conftest import Api, Lodger, MakeApi
from sync.server.limits import Limits

#: What no answer to a stranger may hold.
SECRET = "机密"  # noqa: S105  # a mark to look for
OPEN_HANDED = Limits(burst=10**9, stranger_burst=10**9, wait_seconds=0.0)


@pytest.fixture
def often(request: pytest.FixtureRequest) -> Callable[[int], Any]:
    """How hypothesis runs: `n` examples, the same in each run unless more are asked for."""
    seeds = int(request.config.getoption("--seeds"))

    def bounds(n: int) -> Any:
        return settings(
            max_examples=n * max(1, seeds),
            derandomize=not seeds,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )

    return bounds


@pytest.fixture
def town(make_api: MakeApi) -> tuple[Api, Lodger, Lodger]:
    """A server with a compound full of secrets, and another one next door."""
    api = make_api(limits=OPEN_HANDED)
    return api, _secret(api), api.director(api.compound("隔壁"))


def _secret(api: Api) -> Lodger:
    director = api.director(api.compound(f"{SECRET}小区"))
    team = {"id": str(api.ids()), "name": f"{SECRET}队", "note": SECRET}
    assert director.judge(director.operation("team.add", team)) == ["accepted"]
    return director


def _cases(api: Api, bounds: Any, *, well_formed: int, wild: int) -> Iterator[httpx.Request]:
    """Yield requests that schemathesis makes of the app's own document, some of which break it."""
    schema = schemathesis.openapi.from_dict(api.document)
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode, examples in ((GenerationMode.POSITIVE, well_formed), (GenerationMode.NEGATIVE, wild)):
            takes_nothing = operation.path in {"/healthz", "/readyz", "/metrics"}
            if mode is GenerationMode.NEGATIVE and takes_nothing:
                continue
            yield from _made(operation.as_strategy(generation_mode=mode), bounds(examples))


def _made(strategy: Any, bounds: Any) -> list[httpx.Request]:
    made: list[httpx.Request] = []

    @bounds
    @given(strategy)
    def make(case: schemathesis.Case) -> None:
        with suppress(UnicodeError, TypeError, ValueError, httpx.InvalidURL):  # nobody can send that
            made.append(httpx.Request(**_as_httpx(case)))

    make()
    return made


def _as_httpx(case: schemathesis.Case) -> dict[str, Any]:
    values = case.as_transport_kwargs(base_url="http://center.test")
    headers = {
        name: value
        for name, value in values["headers"].items()
        if name.lower().startswith(("linli", "content-type", "authorization"))
    }
    content = values.get("data")
    asked = {"method": values["method"], "url": values["url"], "params": values["params"], "headers": headers}
    if "json" in values:
        return asked | {"json": values["json"]}
    return asked | {"content": content if isinstance(content, bytes | str) else b""}


def _aim(request: httpx.Request, target: Lodger, turn: int) -> httpx.Request:
    """Point a request at a compound that there is, two times of three: made-up ids alone reach nothing."""
    if turn % 3 == 0:
        return request
    url = request.url
    if "compound" in url.params:
        url = url.copy_set_param("compound", target.compound.hex)
    content = request.read()
    body: Any = None
    with suppress(ValueError):
        body = json.loads(content)
    if isinstance(body, dict):
        for name, value in (("compound", target.compound), ("device", target.device)):
            if isinstance(body.get(name), str):
                body[name] = value.hex
        if isinstance(body.get("epoch"), str):
            body["epoch"] = target.epoch
        content = json.dumps(body).encode("utf-8", "surrogatepass")
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, url, headers=headers, content=content)


def _send(api: Api, request: httpx.Request, token: str | None) -> httpx.Response:
    """Send a request; the client's hook holds the answer against the document."""
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    answer = api.http.send(
        httpx.Request(request.method, request.url, headers=headers, content=request.read())
    )
    assert answer.status_code < 500, (request.method, request.url, answer.text)
    return answer


def _everything(api: Api, compound: UUID) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a compound, whatever table it is in; but for when its laptops were last seen."""
    tables = [*(model.__table__ for model in synced_models().values())]
    from models.operations.tables import DigestRow, HeadRow, OperationRow
    from models.replication.tables import Chain, Enrolment, Hosted
    from models.tables import table_of

    tables += map(table_of, (OperationRow, HeadRow, DigestRow, Chain, Enrolment, Hosted))
    with api.store.read() as session:
        return {
            table.name: sorted(
                map(str, session.connection().execute(table.select().where(table.c.compound_id == compound)))
            )
            for table in tables
        }


def test_a_stranger_gets_nothing_and_changes_nothing(
    town: tuple[Api, Lodger, Lodger], often: Callable[[int], Any]
) -> None:
    """With no token, with a neighbour's, and with one that was revoked."""
    api, own, neighbour = town
    revoked = api.lodger(own.compound)
    with api.store.write() as session:
        devices.revoke(session, revoked.device, now=api.clock())
    before = _everything(api, own.compound)
    sent = 0
    statuses: set[int] = set()
    for turn, made in enumerate(_cases(api, often, well_formed=6, wild=4)):
        request = _aim(made, own, turn)
        for token in (None, neighbour.token, revoked.token):
            answer = _send(api, request, token)
            assert SECRET not in answer.text, (request.method, request.url)
            statuses.add(answer.status_code)
            sent += 1
    assert sent > 200
    assert statuses >= {200, 401, 403, 404, 422}, "all of this has been met"
    assert _everything(api, own.compound) == before


def test_a_laptop_breaks_nothing_and_reaches_no_neighbour(
    town: tuple[Api, Lodger, Lodger], often: Callable[[int], Any]
) -> None:
    api, other, own = town
    before = _everything(api, other.compound)
    statuses: set[int] = set()
    for turn, made in enumerate(_cases(api, often, well_formed=8, wild=4)):
        answer = _send(api, _aim(made, own if turn % 2 else other, turn), own.token)
        assert SECRET not in answer.text, (made.method, made.url)
        statuses.add(answer.status_code)
    assert statuses >= {200, 403, 409, 422}
    assert _everything(api, other.compound) == before
    assert own.get("/v1/pull").status_code == 200


# -- pushes of a good form and wild contents ------------------------------------------------

_IDS = [fixed(n) for n in (*range(3, 26), 90, 91, 92)]
_WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63), 2**64, 10**40]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        ["", "\0", "3-1-502", "9999-12-31", "0001-01-01", "2026-02-30", "男", "full", "director"]
    ),
    st.sampled_from(_IDS),
    st.lists(st.sampled_from(_IDS), max_size=4),
    st.dictionaries(st.sampled_from(["name", "area", "phones", "note"]), st.text(max_size=5), max_size=3),
)


@st.composite
def _payloads(draw: Any, kind: str) -> dict[str, Any]:
    payload = dict(EXAMPLES[kind])
    for _ in range(draw(st.integers(0, 3))):
        fields = [*sorted(payload), "extra", *KINDS[kind].payload.model_fields]
        name = draw(st.sampled_from(fields))
        if draw(st.integers(0, 4)) == 0:
            payload.pop(name, None)
        elif isinstance(payload.get(name), dict) and draw(st.booleans()):
            payload[name] = {**payload[name], draw(st.sampled_from([*payload[name], "x"])): draw(_WILD)}
        else:
            payload[name] = draw(_WILD)
    return payload


_TIMES = st.sampled_from(
    [None, "2026-03-02T09:00:00+08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)


@st.composite
def _operations(draw: Any) -> dict[str, Any]:
    facts = sorted(name for name, kind in KINDS.items() if kind.nature is Nature.FACT)
    kind = draw(st.one_of(st.sampled_from(sorted(KINDS)), st.sampled_from([*facts, "no.such"])))
    operation = {
        "kind": kind,
        "payload": draw(_payloads(kind)) if kind in KINDS else {"a": draw(_WILD)},
        "v": draw(st.sampled_from([1, 1, 1, 2])),
        "doer": draw(st.sampled_from(["director", "director", "volunteer", "nobody", "founder"])),
        "needs": draw(st.lists(st.sampled_from([UUID(one).hex for one in _IDS]), max_size=2)),
        "seen": draw(st.integers(0, 60)),
    }
    moment = draw(_TIMES)
    return operation if moment is None else operation | {draw(st.sampled_from(["at", "happened_at"])): moment}


_PUSHES = st.lists(st.lists(_operations(), min_size=1, max_size=4), min_size=1, max_size=6)


def _settle_in(api: Api) -> tuple[Lodger, dict[str, str]]:
    """Return a laptop in a compound where the rows of the examples stand, and who may be at it."""
    director = api.director(api.compound())
    here = {DIRECTOR: director.person.hex}  # who directs this compound bears another id than in the examples
    ground = [
        director.operation(kind, {name: here.get(str(value), value) for name, value in payload.items()})
        for kind, payload in GROUND
    ]
    assert set(director.judge(*ground)) == {"accepted"}
    people = {"director": director.person.hex, "volunteer": UUID(fixed(6)).hex, "nobody": UUID(fixed(7)).hex}
    return director, people | {"founder": director.compound.hex}


def _is_fact(operation: dict[str, Any]) -> bool:
    kind = KINDS.get(operation["kind"])
    return kind is not None and kind.nature is Nature.FACT


def _push_wild(api: Api, bounds: Any) -> None:
    director, people = _settle_in(api)
    head = director.get("/v1/pull").json()["head"]
    verdicts: dict[str, int] = {}
    fresh = count(1000)

    @bounds
    @given(_PUSHES)
    def push(groups: list[list[dict[str, Any]]]) -> None:
        nonlocal head
        spelled = [
            [director.operation(**one | {"doer": people[one["doer"]], "payload": _own(one)}) for one in group]
            for group in groups
        ]
        answer = director.post("/v1/push", director.body(*spelled))
        assert answer.status_code == 200, answer.text
        said = answer.json()["judgements"]
        operations = [operation for group in spelled for operation in group]
        assert [one["id"] for one in said] == [operation["id"] for operation in operations]
        for one, operation in zip(said, operations, strict=True):
            verdicts[one["verdict"]] = verdicts.get(one["verdict"], 0) + 1
            placed = one["verdict"] in {"accepted", "merged", "conflict"}
            assert placed or one["verdict"] in {"rejected", "held"}
            assert not (_is_fact(operation) and one["verdict"] == "rejected"), operation
            assert ("rev" in one and one["rev"] is not None) is placed
            if placed:
                head += 1
                assert one["rev"] == head, "each takes the next place"

    def _own(one: dict[str, Any]) -> dict[str, Any]:
        """Let what is added be new, half the time: the same id again and again would only clash."""
        payload = dict(one["payload"])
        number = next(fresh)
        if payload.get("id") == fixed(90) and number % 2:
            payload["id"] = fixed(number)
        return payload

    push()
    assert {"accepted", "rejected", "held"} <= set(verdicts), verdicts
    page = director.get("/v1/pull").json()
    assert page["head"] == head
    assert page["last_n"] == director.n
    sizes = {part["table"]: len(part["rows"]) for part in page["tables"]}
    assert {name: pair[0] for name, pair in page["digests"].items() if pair[0]} == sizes
    assert api.lodger(director.compound).get("/v1/history").status_code == 200


def test_any_push_of_a_good_form_is_judged_to_the_last_operation(
    make_api: MakeApi, often: Callable[[int], Any]
) -> None:
    _push_wild(make_api(limits=OPEN_HANDED), often(60))


def test_any_push_of_a_good_form_is_judged_on_postgresql_too(
    make_api: MakeApi, open_postgres: Callable[[], Store], often: Callable[[int], Any]
) -> None:
    _push_wild(make_api(open_postgres(), limits=OPEN_HANDED), often(20))
