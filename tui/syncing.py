"""Syncing by itself while the app is open: soon after a change, on news, on waking up, and now and then.

Two threads of their own: one does the rounds, one waits at the server for
news. Neither touches the screen; what they find is told to a listener, which
the app brings to its own thread. Nobody waits for them and nobody has to click.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from threading import Event, Lock, Thread
from typing import Any, Self, cast
from uuid import UUID

from models.operations.tables import CursorRow
from models.replication import links
from models.store import Store
from sync import rounds
from sync.client import Line, SyncError
from tui import edge
from tui.context import Listener, SyncState

#: Seconds from a change to the round that sends it: a walk's next answers go along.
SOON = 2.0
#: Seconds between rounds when nothing happens, on average.
REGULAR = 60.0
#: Seconds until the next try after a failure: at first, and at most.
FIRST_WAIT, LONGEST_WAIT = 4.0, 600.0
#: A clock that has gone on by so many seconds more than we have waited belongs to a laptop that slept.
_SLEPT = 20.0
_STEP = 5.0
#: A long poll that breaks off after so many seconds has worked.
_SILENCE = 20.0
#: Seconds that whoever closes waits for a server, and for what is being written to the disk.
_PATIENCE, _WRITING = 0.3, 10.0


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
        is_gone=edge.is_gone,
    )


class _Guarded:
    """A line on which nothing more is asked once the app closes, so that a round breaks off there."""

    def __init__(self, line: Line, closed: Event, speaking: Event) -> None:
        self._line, self._closed, self._speaking = line, closed, speaking

    def __enter__(self) -> Self:
        self._line.__enter__()
        return self

    def __exit__(self, *given: object) -> None:
        self._line.__exit__(*given)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._line, name)
        if not callable(found) or name in {"read", "speak_as"}:
            return found

        def ask(*given: Any, **named: Any) -> Any:
            self._hold()
            self._speaking.set()
            try:
                return found(*given, **named)
            finally:
                self._speaking.clear()
                self._hold()

        return ask

    def _hold(self) -> None:
        if self._closed.is_set():
            raise SyncError("sync.closed")


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
        self.compound_id = compound_id
        self._store, self._listener = store, listener
        self._here = here or here_of(store)
        self._random = random or Random()  # noqa: S311  # jitter is no secret
        self._wanted, self._closed, self._speaking = Event(), Event(), Event()
        self._soon = False
        self._lock = Lock()
        self._state = SyncState()
        self._place: tuple[int, int] | None = None
        self._failures = 0
        self._asked_to_wait = 0.0
        self._rounds = Thread(target=self._work, name="linli-sync", daemon=True)
        self._news = Thread(target=self._listen, name="linli-news", daemon=True)

    @property
    def state(self) -> SyncState:
        """How sync stands now."""
        return self._state

    def open(self) -> None:
        """Begin. How it stands is known before anything is asked of a server."""
        self._look_at_link()
        self._rounds.start()
        self._news.start()

    def close(self) -> None:
        """Stop. A round breaks off at its next word with the server, and goes on from there another time.

        Nobody waits for a server that does not answer; what is being written is written.
        """
        self._closed.set()
        self._wanted.set()
        if self._rounds.ident is None:
            return
        self._rounds.join(timeout=_PATIENCE)
        if self._rounds.is_alive() and not self._speaking.is_set():
            self._rounds.join(timeout=_WRITING)
        if self._rounds.is_alive() and self._speaking.is_set():
            # It will find out that it is over when the server answers. Whoever comes next need not wait for that.
            with self._store.write() as session:
                links.give_back(session, self.compound_id, holder=self._here.holder)

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
            self._look_at_link()  # another window of this laptop may have synced

    def _pause(self) -> float:
        """Return how long to rest: a jittered minute, or with each failure longer, at random up to a bound."""
        if not self._failures:
            return REGULAR * self._random.uniform(0.75, 1.25)
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 10))
        return max(self._asked_to_wait, self._random.uniform(1.0, longest))

    def _round(self) -> None:
        self._tell(busy=True, done=0, total=0)
        try:
            here = replace(self._here, call=self._call)
            report = rounds.sync(here, self.compound_id, progress=self._progress)
        except rounds.OtherAtIt:
            self._look_at_link(busy=False)
        except rounds.NotLinked:
            self._tell(linked=False, busy=False)
        except SyncError as error:
            self._failures += 1
            self._asked_to_wait = error.wait or 0.0
            self._look_at_link(busy=False)
        except Exception as error:  # noqa: BLE001  # the disk, or a mistake of ours: the app must go on
            self._failures += 1
            self._asked_to_wait = 0.0
            self._tell(busy=False, rounds=self._state.rounds + 1, trouble=_code_of(error))
        else:
            self._failures = 0
            self._look_at_link(busy=False, came=bool(report.pulled or report.verdicts))
            if report.more_history:
                self._wanted.set()

    def _call(self, url: str, token: str) -> Line:
        return cast("Line", _Guarded(self._here.call(url, token), self._closed, self._speaking))

    def _progress(self, done: int, total: int) -> None:
        self._tell(done=done, total=total)
        if self._closed.is_set():
            raise SyncError("sync.closed")

    def _look_at_link(self, *, busy: bool | None = None, came: bool = False) -> None:
        """Tell what the store says. Rows are fresh when the cursor has moved, whoever has moved it."""
        if self._closed.is_set():
            return
        try:
            with self._store.read() as session:
                link = links.link_of(session, self.compound_id)
                cursor = session.get(CursorRow, self.compound_id)
        except Exception as error:  # noqa: BLE001  # as in a round
            self._tell(busy=False, trouble=_code_of(error))
            return
        changes: dict[str, object] = {}
        place = None if cursor is None else (cursor.cursor, cursor.acked_n)
        if came or (place != self._place and self._place is not None):
            changes["fresh"] = self._state.fresh + 1
        self._place = place
        if busy is not None:
            changes |= {"busy": busy, "rounds": self._state.rounds + 1, "done": 0, "total": 0}
        if link is None:
            self._tell(linked=False, **changes)
        else:
            self._tell(linked=True, at=link.last_contact, trouble=link.trouble, state=link.state, **changes)

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
            try:
                heard = self._hang()
            except Exception:  # noqa: BLE001  # the rounds tell what is wrong; news can wait for them
                heard = False
            if not heard:
                self._closed.wait(_STEP * 4)

    def _hang(self) -> bool:
        with self._store.read() as session:
            link = links.link_of(session, self.compound_id)
            cursor = session.get(CursorRow, self.compound_id)
        if link is None or cursor is None:
            return False
        began = self._here.ticks()
        try:
            with self._here.call(link.url, link.token) as line:
                reply = line.wait(self.compound_id, after=cursor.cursor)
        except SyncError as error:
            # Whatever lies between cuts off who is silent for long: that is no news, and nothing to wait for.
            return error.code == "sync.away" and self._here.ticks() - began > _SILENCE
        if self._closed.is_set():
            return False
        if reply.head > cursor.cursor or reply.epoch != link.epoch:
            with self._store.read() as session:
                present = session.get(CursorRow, self.compound_id)
            if present is not None and (present.cursor < reply.head or reply.epoch != link.epoch):
                self._wanted.set()
                # The round will bring it; asking again before that would only turn in circles.
                self._closed.wait(SOON)
        return True


def _code_of(error: Exception) -> str:
    """Return what the catalogue calls an error of the store, or of ours."""
    code: str | None = getattr(error, "code", None)
    return code if code in {"store.full", "store.busy"} else "sync.broke"
