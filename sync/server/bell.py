"""Waking those who wait for news of a compound, in this process and, over PostgreSQL, in the others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from threading import Event, Thread
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from models.store import Store

_CHANNEL = "linli_head"


class Bell:
    """Long polls hang here. Whoever waits also looks by itself now and then, so a lost ring costs seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = Event()
        self._listener: Thread | None = None
        self._many = store.engine.dialect.name == "postgresql"

    @property
    def patience(self) -> float:
        """Seconds after which a waiter looks for itself."""
        return 20.0 if self._many else 2.0

    def open(self) -> None:
        """Begin to listen; called once the event loop runs."""
        self._loop = asyncio.get_running_loop()
        if self._many:
            self._listener = Thread(target=self._listen, name="linli-bell", daemon=True)
            self._listener.start()

    def close(self) -> None:
        """Wake everybody and stop listening."""
        self._stop.set()
        for compound_id in list(self._waiting):
            self._wake(compound_id)
        if self._listener is not None:
            self._listener.join(timeout=5)

    def announce(self, session: Session, compound_id: UUID) -> None:
        """Tell the other processes, in the transaction that moves the head."""
        if self._many:
            session.connection().execute(
                text("SELECT pg_notify(:channel, :compound)"),
                {"channel": _CHANNEL, "compound": compound_id.hex},
            )

    def ring(self, compound_id: UUID) -> None:
        """Wake those who wait in this process; safe from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):  # the loop is closing
                self._loop.call_soon_threadsafe(self._wake, compound_id)

    async def wait(self, compound_id: UUID, seconds: float) -> None:
        """Wait for a ring, at most so long."""
        event = asyncio.Event()
        self._waiting[compound_id].add(event)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), min(seconds, self.patience))
        finally:
            waiting = self._waiting[compound_id]
            waiting.discard(event)
            if not waiting:
                del self._waiting[compound_id]

    def _wake(self, compound_id: UUID) -> None:
        for event in self._waiting.get(compound_id, ()):
            event.set()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear()
            except Exception:  # noqa: BLE001  # the database is away: waiters look by themselves meanwhile
                self._stop.wait(2.0)

    def _hear(self) -> None:
        connection = self._store.engine.raw_connection()
        try:
            driver = connection.driver_connection
            assert driver is not None  # noqa: S101  # an open connection has one
            driver.autocommit = True
            driver.execute(f"LISTEN {_CHANNEL}")
            while not self._stop.is_set():
                for notice in driver.notifies(timeout=1.0):
                    self.ring(UUID(notice.payload))
                    if self._stop.is_set():
                        break
        finally:
            connection.invalidate()
            connection.close()
