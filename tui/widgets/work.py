"""Start work beside the UI."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def in_worker(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, group: str = "", exclusive: bool = False
) -> Worker[None]:
    """Run `work()` in a worker of `node`; with `exclusive`, cancel what runs in `group`.

    Takes a function, never a coroutine: one that is cancelled before it starts
    would be left unawaited.
    """
    return node.run_worker(work, group=group or "default", exclusive=exclusive)
