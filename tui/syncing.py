"""Syncing by itself while the app is open: soon after a change, on news, on waking up, and now and then.

Two threads of their own: one does the rounds, one waits at the server for
news. Neither touches the screen; what they find is told to a listener, which
the app calls on its own thread. Nobody waits for them and nobody has to click.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from threading import Event, Lock, Thread
from uuid import UUID

from models.operations.tables import CursorRow
from models.replication import links
from models.store import Store
from sync import rounds
from sync.client import Line, SyncError
from tui import edge

#: Seconds from a change to the round that sends it: a walk's next answers go along.
SOON = 2.0
#: Seconds between rounds when nothing happens, on average.
REGULAR = 60.0
#: Seconds until the next try after a failure: at first, and at most.
FIRST_WAIT, LONGEST_WAIT = 4.0, 600.0
#: A clock that has gone on by so many seconds more than we have waited belongs to a laptop that slept.
_SLEPT = 20.0
_STEP = 5.0


def here_of(store: Store) -> rounds.Here:
    """Return what a round needs of this laptop."""
    return rounds.Here(
        store=store,
        clock=edge.clock,
        ticks=edge.ticks,
        new_id=edge.new_id,
        new_token=edge.new_token,
        call=Line,
        holder=edge.holder(),
    )


@dataclass(frozen=True, slots=True)
class SyncState:
    """How sync stands, for the status line. `trouble` is a code of the catalogue, None when all is well.

    `linked` is False for a compound that is on this laptop alone. `at` is the
    last good contact; `fresh` counts up whenever rows have come down.
    """

    linked: bool = False
    busy: bool = False
    at: datetime | None = None
    trouble: str | None = None
    state: str = "ok"
    done: int = 0
    total: int = 0
    fresh: int = 0


Listener = Callable[[SyncState], None]


class Syncer:
    """Keeps one compound of an open store in step with its server until it is closed."""

    def __init__(
        self,
        store: Store,
        compound_id: UUID,
        listener: Listener,
        *,
        here: rounds.Here | None = None,
        random: Random | None = None,
    ) -> None:
        self._store, self._compound_id, self._listener = store, compound_id, listener
        self._here = here or here_of(store)
        self._random = random or Random()  # noqa: S311  # jitter is no secret
        self._wanted, self._closed = Event(), Event()
        self._soon = False
        self._lock = Lock()
        self._state = SyncState()
        self._failures = 0
        self._waiter: Line | None = None
        self._threads = [
            Thread(target=self._work, name="linli-sync", daemon=True),
            Thread(target=self._listen, name="linli-news", daemon=True),
        ]

    @property
    def state(self) -> SyncState:
        """How sync stands now."""
        return self._state

    def open(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop. A round under way breaks off where it may; nothing is lost by that."""
        self._closed.set()
        self._wanted.set()
        self._threads[0].join(timeout=10)

    def changed(self) -> None:
        """Something was done here: send it soon, with what follows in the next moments."""
        self._soon = True
        self._wanted.set()

    def now(self) -> None:
        """Somebody asked for a round at once, whatever has failed before."""
        self._failures = 0
        self._soon = False
        self._wanted.set()

    # -- the rounds ---------------------------------------------------------------------------

    def _work(self) -> None:
        self._look_at_link()
        while not self._closed.is_set():
            if self._state.linked:
                self._round()
            self._rest()

    def _rest(self) -> None:
        """Wait for a change, for news, for waking up, or for the time to be over."""
        left = self._pause()
        while left > 0 and not self._closed.is_set():
            step = min(left, _STEP)
            clock = self._here.clock()
            if self._wanted.wait(step):
                self._wanted.clear()
                if self._failures and self._soon:
                    # A change alone does not call a server that is away more often.
                    self._soon = False
                    continue
                if self._soon:
                    self._soon = False
                    self._closed.wait(SOON)
                    self._wanted.clear()
                return
            left -= step
            if (self._here.clock() - clock).total_seconds() > step + _SLEPT:
                self._failures = 0
                return

    def _pause(self) -> float:
        """Return how long to rest: a jittered minute, or with each failure longer, at random up to a bound."""
        if not self._failures:
            return REGULAR * self._random.uniform(0.75, 1.25)
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 10))
        return max(self._asked_to_wait, self._random.uniform(1.0, longest))

    _asked_to_wait = 0.0

    def _round(self) -> None:
        self._tell(busy=True, done=0, total=0)
        try:
            report = rounds.sync(self._here, self._compound_id, progress=self._progress)
        except rounds.OtherAtIt:
            self._tell(busy=False)
        except rounds.NotLinked:
            self._tell(linked=False, busy=False)
        except SyncError as error:
            self._failures += 1
            self._asked_to_wait = error.wait or 0.0
            self._look_at_link(busy=False)
        except Exception as error:  # noqa: BLE001  # the disk, or a mistake of ours: the app must go on
            self._failures += 1
            self._asked_to_wait = 0.0
            self._tell(busy=False, trouble=getattr(error, "code", "sync.broke"))
        else:
            self._failures = 0
            fresh = self._state.fresh + (1 if report.pulled or report.verdicts else 0)
            self._look_at_link(busy=False, fresh=fresh)
            if report.more_history:
                self._wanted.set()

    def _progress(self, done: int, total: int) -> None:
        self._tell(done=done, total=total)
        if self._closed.is_set():
            raise SyncError("sync.closed")

    def _look_at_link(self, **more: object) -> None:
        with self._store.read() as session:
            link = links.link_of(session, self._compound_id)
        if link is None:
            self._tell(linked=False, **more)
        else:
            self._tell(linked=True, at=link.last_contact, trouble=link.trouble, state=link.state, **more)

    def _tell(self, **changes: object) -> None:
        with self._lock:
            state = replace(self._state, **changes)  # type: ignore[arg-type]
            if state == self._state:
                return
            self._state = state
        if not self._closed.is_set():
            self._listener(state)

    # -- news ---------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Hang at the server until it has something new; while it is away, wait for a round to reach it."""
        while not self._closed.is_set():
            if not self._state.linked or self._state.trouble is not None or self._state.at is None:
                self._closed.wait(_STEP)
                continue
            if not self._hang():
                self._closed.wait(_STEP * 4)

    def _hang(self) -> bool:
        with self._store.read() as session:
            link = links.link_of(session, self._compound_id)
            cursor = session.get(CursorRow, self._compound_id)
        if link is None or cursor is None:
            return False
        try:
            with self._here.call(link.url, link.token) as line:
                reply = line.wait(self._compound_id, after=cursor.cursor)
        except SyncError:
            return False
        if reply.head > cursor.cursor or reply.epoch != link.epoch:
            with self._store.read() as session:
                present = session.get(CursorRow, self._compound_id)
            if present is not None and present.cursor < reply.head:
                self._wanted.set()
                # The round will bring it; asking again before that would only turn in circles.
                self._closed.wait(SOON)
        return True
