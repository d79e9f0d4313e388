"""Asking the server for anything: every endpoint with something that it understands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from server.conftest import Api, Lodger

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


def enrolment(api: Api, code: str, **changes: Any) -> dict[str, Any]:
    return {"code": code, "device": api.ids().hex, "name": "甲", "token": api.ids().hex * 2, **changes}


def rows(director: Lodger, table: str) -> list[dict[str, Any]]:
    for part in director.get("/v1/pull").json().get("tables", []):
        if part["table"] == table:
            return [dict(zip(part["columns"], row, strict=True)) for row in part["rows"]]
    return []


def team(lodger: Lodger, **envelope: Any) -> dict[str, Any]:
    row_id = lodger.api.ids()
    return lodger.operation("team.add", {"id": str(row_id), "name": f"队{row_id.hex[-6:]}"}, **envelope)
