"""Where solving runs: in a thread that the process waits for when it ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def waited_for(question: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """Return a question that is asked in a thread of its own which does not end with the app.

    The solver's own threads are like the one they are made by, and one that Python ends in the midst of
    its work takes the whole process down. Whoever asks lets the solver stop when they leave.
    """
    return partial(_ask, question)


def _ask(question: Callable[[Any], Answer], context: Any) -> Answer:
    answered: Future[Answer] = Future()

    def ask() -> None:
        try:
            answered.set_result(question(context))
        except BaseException as error:  # noqa: BLE001 - handed to whoever asked
            answered.set_exception(error)

    Thread(target=ask, name="linli-roster", daemon=False).start()
    return answered.result()
