"""What the server does for one request, in sessions of its own: the endpoints' work, without HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from models.community.tables import Compound
from models.migrations import HEAD
from models.operations import log
from models.operations.digest import digests
from models.operations.judge import lock
from models.operations.tables import HeadRow, OperationRow
from models.replication import devices
from models.replication.devices import Admitted, NotLetIn
from models.replication.tables import Device, Hosted
from models.store import Store
from sync import exchange, spelling, wire
from sync.server.bell import Bell
from sync.server.problems import Trouble
from sync.server.restores import restored_to

#: How far back the log goes down to a laptop that joins.
HISTORY = timedelta(days=365)
_MOST_LOGGED = 1000
_SEEN = timedelta(minutes=10)


class Office:
    """The server's store, its clock, and the answers to laptops."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime], version: str) -> None:
        self.store = store
        self.clock = clock
        self.version = version
        self.bell = Bell(store)
        # SQLite lets one write at a time, and is unfair to those who wait: in one process we queue instead.
        self._queue: Any = Lock() if store.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a write session."""
        with self._queue, self.store.write() as session:
            yield session

    # -- who ----------------------------------------------------------------------------

    def admitted(self, token: str) -> Admitted:
        """Return whose token it is, and note now and then that the laptop was here."""
        with self.store.read() as session:
            who = devices.recognise(session, token)
            row = session.get(Device, who.device_id)
            now = self.clock()
            fresh = row is not None and row.last_seen is not None and abs(now - row.last_seen) < _SEEN
        if not fresh:
            with self.writing() as session:
                device = session.get(Device, who.device_id)
                if device is not None:
                    device.last_seen = now
                    session.add(device)
        return who

    def hello(self) -> wire.HelloReply:
        """Say who answers."""
        with self.store.read() as session:
            epoch = devices.epoch(session)
        return wire.HelloReply(epoch=epoch, now=self.clock(), schema_revision=HEAD, version=self.version)

    # -- operations up --------------------------------------------------------------------

    def push(self, who: Admitted, body: wire.PushBody) -> wire.PushReply:
        """Judge what a laptop sends."""
        self._check_right(who, body.compound)
        if body.device != who.device_id:
            raise Trouble(409, "fork")
        push = spelling.to_push(body)
        with self.writing() as session:
            epoch = self._check_epoch(session, body.compound, body.epoch)
            head = _head(session, body.compound)
            try:
                verdicts = exchange.receive(session, push, received_at=self.clock())
            except exchange.Gap as gap:
                raise Trouble(409, "gap", last_n=gap.last_n) from gap
            except exchange.Forked as error:
                raise Trouble(409, "fork") from error
            moved = _head(session, body.compound) > head
            if moved:
                self.bell.announce(session, body.compound)
        if moved:
            self.bell.ring(body.compound)
        return _said(epoch, verdicts)

    def heal(self, who: Admitted, body: wire.HealBody) -> wire.PushReply:
        """Take what a laptop still has of operations that this server lost when it was restored."""
        self._check_right(who, body.compound)
        with self.writing() as session:
            epoch = self._check_epoch(session, body.compound, body.epoch)
            if restored_to(session, body.compound, "") is None:
                raise Trouble(409, "not_restored")
            groups = spelling.to_lost(body)
            verdicts = exchange.heal(session, body.compound, groups, received_at=self.clock())
            self.bell.announce(session, body.compound)
        self.bell.ring(body.compound)
        return _said(epoch, verdicts)

    # -- rows down ------------------------------------------------------------------------

    def pull(
        self,
        who: Admitted,
        compound_id: UUID,
        *,
        after: int,
        acked_n: int,
        held: list[UUID],
        place: str,
        devices_tag: str,
    ) -> dict[str, Any]:
        """Return a page, as JSON values."""
        self._check_right(who, compound_id)
        with self.store.read() as session:
            epoch = devices.epoch(session)
            try:
                page = exchange.page(
                    session,
                    compound_id,
                    device_id=who.device_id,
                    after=after,
                    acked_n=acked_n,
                    held=held,
                    place=place,
                )
            except (ValueError, OverflowError) as error:
                raise Trouble(400, "place.invalid") from error
            values = {"linli": wire.PROTOCOL, "epoch": epoch, "now": self.clock()} | spelling.page_values(
                page
            )
            if not page.next:
                values |= _devices_if_changed(session, compound_id, devices_tag)
        return values

    def history(self, who: Admitted, compound_id: UUID, *, after: int) -> dict[str, Any]:
        """Return operations of others after a rev, oldest first; none older than a year.

        A laptop has its own; under a name it had before it was copied, it has them too or needs them.
        """
        self._check_right(who, compound_id)
        with self.store.read() as session:
            head = _head(session, compound_id)
            if after == 0:
                after = self._year_ago(session, compound_id, head)
            rows = session.exec(
                select(OperationRow)
                .where(
                    OperationRow.compound_id == compound_id,
                    col(OperationRow.rev) > after,
                    OperationRow.device_id != who.device_id,
                )
                .order_by(col(OperationRow.rev))
                .limit(_MOST_LOGGED)
            ).all()
            return {
                "linli": wire.PROTOCOL,
                "epoch": devices.epoch(session),
                "head": head,
                "upto": rows[-1].rev if len(rows) == _MOST_LOGGED else head,
                "operations": [spelling.logged(log.from_row(row), log.judgement_of(row)) for row in rows],
            }

    def _year_ago(self, session: Session, compound_id: UUID, head: int) -> int:
        """Return the last rev that is older than the log that goes down; revs go with time."""
        since = self.clock() - HISTORY
        low, high = 0, head
        while low < high:
            middle = (low + high + 1) // 2
            statement = select(OperationRow.received_at).where(
                OperationRow.compound_id == compound_id, OperationRow.rev == middle
            )
            received = session.exec(statement).first()
            if received is not None and received < since:
                low = middle
            else:
                high = middle - 1
        return low

    def head(self, who: Admitted, compound_id: UUID) -> tuple[str, int]:
        """Return the epoch and how far a compound is."""
        self._check_right(who, compound_id)
        with self.store.read() as session:
            return devices.epoch(session), _head(session, compound_id)

    def devices(self, who: Admitted, compound_id: UUID) -> dict[str, Any]:
        """Return the laptops of a compound."""
        self._check_right(who, compound_id)
        with self.store.read() as session:
            found = _devices_if_changed(session, compound_id, "")
            return {"linli": wire.PROTOCOL, "epoch": devices.epoch(session), **found}

    # -- joining --------------------------------------------------------------------------

    def look(self, body: wire.LookBody) -> wire.LookReply:
        """Say what a code opens."""
        with self.writing() as session:
            now = self.clock()
            used = None if body.device is None else devices.use_of(session, body.code, body.device)
            row = used or devices.look_at_code(session, body.code, now=now)
            compound = session.get(Compound, (row.compound_id, row.compound_id))
            hosted = session.get(Hosted, row.compound_id)
            return wire.LookReply(
                epoch=devices.epoch(session),
                now=now,
                compound=row.compound_id,
                name="" if compound is None else compound.name,
                pristine=hosted is not None and hosted.pristine,
                rows=_rows(session, row.compound_id),
                expires_at=row.expires_at,
            )

    def enrol(self, body: wire.EnrolBody) -> wire.EnrolReply:
        """Let a laptop in with a code, and adopt what it has founded where the code's compound is unused."""
        now = self.clock()
        with _names_are_free(), self.writing() as session:
            if body.adopt is not None and not devices.was_used_by(session, body.code, body.device):
                devices.adopt(session, body.code, body.adopt, now=now)
            compound_id, device = devices.admit(
                session,
                body.code,
                device_id=body.device,
                name=body.name,
                token=body.token,
                version=body.version,
                now=now,
            )
            return wire.EnrolReply(
                epoch=devices.epoch(session),
                now=now,
                compound=compound_id,
                device=device.id,
                rows=_rows(session, compound_id),
            )

    def fork(self, who: Admitted, body: wire.ForkBody) -> wire.ForkReply:
        """Make a copied laptop one of its own."""
        with _names_are_free(), self.writing() as session:
            device = devices.fork(
                session, who.device_id, device_id=body.device, token=body.token, now=self.clock()
            )
            return wire.ForkReply(epoch=devices.epoch(session), device=device.id)

    # -- inside ---------------------------------------------------------------------------

    def _check_right(self, who: Admitted, compound_id: UUID) -> None:
        if compound_id not in who.compounds:
            raise Trouble(403, "compound.closed")

    def _check_epoch(self, session: Session, compound_id: UUID, known: str) -> str:
        """Return the server's nonce. A laptop that knows another compares first what each of them has."""
        # A restore changes the nonce, and must not run between this check and the judging.
        lock(session, compound_id)
        current = devices.epoch(session)
        if known != current:
            head = restored_to(session, compound_id, known)
            raise Trouble(
                409, "epoch", epoch=current, head=_head(session, compound_id) if head is None else head
            )
        return current


@contextmanager
def _names_are_free() -> Iterator[None]:
    """Tell a laptop whose number or secret another one has that it needs a new one."""
    try:
        yield
    except IntegrityError as error:
        raise NotLetIn("device.taken") from error


def _said(epoch: str, verdicts: Any) -> wire.PushReply:
    return wire.PushReply(
        epoch=epoch,
        judgements=[
            wire.WireJudgement.model_construct(
                id=said.operation_id,
                n=said.n,
                verdict=said.verdict,
                rev=said.rev,
                code=said.code,
                params=dict(said.params),
            )
            for said in verdicts.judgements
        ],
        replayed=sorted(verdicts.replayed),
    )


def _head(session: Session, compound_id: UUID) -> int:
    statement = select(HeadRow.head).where(HeadRow.compound_id == compound_id)
    return session.exec(statement).first() or 0


def _rows(session: Session, compound_id: UUID) -> int:
    return sum(n for n, _ in digests(session, compound_id).values())


def _devices_if_changed(session: Session, compound_id: UUID, tag: str) -> dict[str, Any]:
    lines = devices.devices(session, compound_id)
    spelled = [
        {
            "id": line.id.hex,
            "name": line.name,
            "enrolled_at": line.enrolled_at,
            "last_seen": line.last_seen,
            "revoked_at": line.revoked_at,
        }
        for line in lines
    ]
    # When they were last here changes all the time, and is told along with what else has changed.
    steady = repr([(line.id, line.name, line.revoked_at) for line in lines])
    present = hashlib.sha256(steady.encode()).hexdigest()[:12]
    if present == tag:
        return {"devices_tag": present}
    return {"devices_tag": present, "devices": spelled}


def compounds_hosted(session: Session) -> int:
    """Count what this server keeps; what readiness asks."""
    return session.exec(select(func.count()).select_from(Hosted)).one()
