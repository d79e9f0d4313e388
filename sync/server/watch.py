"""What a server tells its operator: one line of JSON for each request, and metrics. Nobody's data is in either.

A line has the endpoint, never the query; the device's id, never a name, a
payload or a network address. Of an exception it has the type and the place.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import Request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)

_LOG = logging.getLogger("linli.server")
_BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Watch:
    """Counts and logs what one server process does."""

    def __init__(self, ticks: Callable[[], float], *, registry: CollectorRegistry | None = None) -> None:
        self._ticks = ticks
        self._own = registry or CollectorRegistry()
        self._requests = Counter(
            "linli_requests", "Requests by endpoint and status", ["endpoint", "status"], registry=self._own
        )
        self._times = Histogram(
            "linli_request_seconds", "Time for a request", ["endpoint"], buckets=_BOUNDS, registry=self._own
        )
        self._verdicts = Counter("linli_operations", "Operations by verdict", ["verdict"], registry=self._own)
        self._bytes = Counter(
            "linli_body_bytes", "Bytes of bodies as they travel", ["direction"], registry=self._own
        )

    def answered(self, request: Request, status: int, seconds: float) -> None:
        """Count and log a request that has its answer."""
        endpoint = _endpoint(request)
        self._requests.labels(endpoint, str(status)).inc()
        self._times.labels(endpoint).observe(seconds)
        line: dict[str, Any] = {
            "event": "request",
            "method": request.method,
            "endpoint": endpoint,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        device = getattr(request.state, "device", None)
        if device is not None:
            line["device"] = str(device)
        code = getattr(request.state, "code", None)
        if code is not None:
            line["code"] = code
        _LOG.info("request", extra={"line": line})

    def broke(self, request: Request, error: Exception) -> None:
        """Log a mistake of our own: what kind, and where; not what it was about."""
        places = [
            f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119  # only the name is wanted
            for frame in traceback.extract_tb(error.__traceback__)[-4:]
        ]
        line = {"event": "broke", "endpoint": _endpoint(request), "type": type(error).__name__, "at": places}
        _LOG.error("broke", extra={"line": line})

    def judged(self, verdicts: Iterable[str], replayed: int) -> None:
        """Count verdicts."""
        for verdict in verdicts:
            self._verdicts.labels(verdict).inc()
        if replayed:
            self._verdicts.labels("replayed").inc(replayed)

    def received(self, size: int) -> None:
        """Count bytes of a body that came."""
        self._bytes.labels("in").inc(size)

    def sent(self, size: int) -> None:
        """Count bytes of a body that went."""
        self._bytes.labels("out").inc(size)

    def exposition(self) -> tuple[bytes, str]:
        """Return the metrics as text, of all processes when several serve together."""
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            from prometheus_client.multiprocess import MultiProcessCollector

            everybody = CollectorRegistry()
            MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
            return generate_latest(everybody), CONTENT_TYPE_LATEST
        return generate_latest(self._own), CONTENT_TYPE_LATEST


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time in UTC, level, and what the record says."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            **(getattr(record, "line", None) or {"event": record.getMessage()}),
        }
        return json.dumps(line, ensure_ascii=False)


def _endpoint(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "path", "none"))
