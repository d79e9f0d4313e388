"""What a server's app costs once in a process, and not once in each app: the forms of its answers."""

from __future__ import annotations

from functools import cache

from fastapi import routing

from sync.server import app


def quick_apps() -> None:
    """Let every app of this process share what is said of answers: it is the same in each, and nobody changes it."""
    routing.create_model_field = cache(routing.create_model_field)  # type: ignore[attr-defined]
    app._about = cache(app._about)
