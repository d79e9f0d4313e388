"""How the screens reach what lies behind them, as a type.

Screens never touch the store on the UI thread. They hand over a function of
the context; the app runs it in a worker thread once the store is open and
brings the answer back to the screen (see `tui.screens.base.Asking`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from models.operations.pending import Pending

Answer = TypeVar("Answer")
# The concrete context carries store, acting person, clock and ids. Functions
# that are asked name that type themselves; the shell need not know it.
Question = Callable[[Any], Answer]


@dataclass(frozen=True, slots=True)
class SyncState:
    """How sync stands, for the status line. `trouble` is a code of the catalogue, None when all is well.

    `linked` is False for a compound that is on this laptop alone. `at` is the
    last good contact; `fresh` counts up whenever rows have come down, `rounds`
    whenever a round has ended. `done` of about `total` rows are here while many come.
    """

    linked: bool = False
    busy: bool = False
    at: datetime | None = None
    trouble: str | None = None
    state: str = "ok"
    done: int = 0
    total: int = 0
    fresh: int = 0
    rounds: int = 0


Listener = Callable[[SyncState], None]


@dataclass(frozen=True, slots=True)
class Status:
    """What the docked line and the title bar say.

    `unsent` counts operations that no server has; `waits` also what waits for a
    person. `sync` is None for a context that knows no server. `shift_ms` is what
    the laptop's clock lacks, None while nobody knows. `today` is the day in `zone`.
    """

    compound: str = ""
    person: str = ""
    unsent: int = 0
    zone: str = "Asia/Shanghai"
    waits: Pending | None = None
    sync: SyncState | None = None
    shift_ms: int | None = None
    today: date | None = None


class Context(Protocol):
    """What the edge (tui/cli.py) gives to the app."""

    def open(self) -> None:
        """Open the store. Called once, in a worker thread; may take seconds and may raise."""

    def prepare(self) -> None:
        """Load what the first screen can do without. Called once, after its questions are answered."""

    def close(self) -> None:
        """Called once, after every question is answered."""

    def status(self) -> Status:
        """Called in a worker thread after opening and after each write."""

    def listen(self, listener: Listener) -> None:
        """Sync by itself from now on; the listener is called from other threads. Called once, after opening."""

    def arrive(self) -> None:
        """Rows have come down: know again who sits where. Called in the thread that writes."""

    def today(self) -> date:
        """The date in the compound's zone. Called on the UI thread, so it must not wait."""

    def explain(self, error: Exception) -> str | None:
        """Return a sentence for an error that a person can do something about, else None."""


class StoreShutError(Exception):
    """A question came although the store could not be opened; the person was told why."""


class Asker:
    """Runs questions in threads: reads side by side, writes one by one in the order given.

    The order matters: two quick Enters on a walk are two writes, and the second
    may build on the first. Whatever is asked before the store is open waits. Of
    that, reads are answered first, one by one, before the context prepares for
    everything else: the first screen shall not wait for what other rooms need.
    """

    def __init__(self, context: Context | Callable[[], Context]) -> None:
        """`context` may be what makes one, which is then called in the thread that opens it."""
        self._make = context if callable(context) else lambda: context
        self._context = None if callable(context) else context
        self._reads = ThreadPoolExecutor(2, "linli-read")
        self._writes = ThreadPoolExecutor(1, "linli-write")
        self._opened: Future[None] = Future()
        self._prepared: Future[None] = Future()
        # From here on nobody can cancel them: an app that quits while opening still has changes to write.
        self._opened.set_running_or_notify_cancel()
        self._prepared.set_running_or_notify_cancel()
        self._early: list[Callable[[], None]] | None = []
        self._early_lock = Lock()
        # A thread of its own: in a pool it could queue behind questions that wait for it.
        self._opener = Thread(target=self._open, name="linli-open")
        self._opener_lock = Lock()
        self._closed = False
        self._has_changes = False

    @property
    def context(self) -> Context | None:
        """The context, None while it has yet to be made."""
        return self._context

    def open(self) -> Future[None]:
        with self._opener_lock:
            if (
                not self._closed
            ):  # whoever quits in the first moment meets an app that has yet to open its store
                self._opener.start()
        return self._opened

    def _open(self) -> None:
        try:
            if self._context is None:
                self._context = self._make()
            self._context.open()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for the opening
            self._shut(error)
            return
        self._opened.set_result(None)
        self._answer_early()
        try:
            self._context.prepare()
        except Exception as error:  # noqa: BLE001 - handed to whoever asks
            self._prepared.set_exception(error)
        else:
            self._prepared.set_result(None)

    def _shut(self, error: Exception) -> None:
        """Let nobody wait any longer: the store does not open."""
        self._opened.set_exception(error)
        self._prepared.set_exception(StoreShutError())
        self._answer_early()

    def _answer_early(self) -> None:
        while True:
            with self._early_lock:
                if not self._early:
                    self._early = None
                    return
                answer = self._early.pop(0)
            answer()

    def _after_opening(self, question: Question[Answer]) -> Answer:
        self._prepared.result()
        return question(self._context)

    def read(self, question: Question[Answer]) -> Future[Answer]:
        with self._early_lock:
            future: Future[Answer] = Future()
            if self._early is None:
                try:
                    return self._reads.submit(self._after_opening, question)
                except RuntimeError:  # the app is ending, and nobody will see the answer
                    future.set_exception(StoreShutError())
                    return future
            self._early.append(partial(self._answer, question, future))
            return future

    def _answer(self, question: Question[Answer], future: Future[Answer]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            if self._opened.exception() is not None:
                raise StoreShutError  # noqa: TRY301 - told like any other failure
            future.set_result(question(self._context))
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            future.set_exception(error)

    def write(self, change: Question[Answer]) -> Future[Answer]:
        self._has_changes = True
        return self._writes.submit(self._after_opening, change)

    def apart(self, question: Question[Answer]) -> Future[Answer]:
        """Ask in a thread of its own, for what waits on a server: neither questions nor the end wait for it."""
        answered: Future[Answer] = Future()
        answered.set_running_or_notify_cancel()

        def ask() -> None:
            try:
                answered.set_result(self._after_opening(question))
            except Exception as error:  # noqa: BLE001 - handed to whoever asked
                answered.set_exception(error)

        Thread(target=ask, name="linli-apart", daemon=True).start()
        return answered

    def close(self) -> None:
        """Let every write finish, forget unanswered reads, close the context."""
        with self._opener_lock:
            self._closed = True
            if self._opener.ident is None and self._has_changes:
                self._opener.start()
        if self._opener.ident is None:
            # Closed before it was opened: a read that waits for the opening must not wait for ever.
            self._shut(StoreShutError())
        else:
            self._opener.join()
        self._writes.shutdown(wait=True)
        self._reads.shutdown(wait=True, cancel_futures=True)
        if self._context is not None:
            self._context.close()
