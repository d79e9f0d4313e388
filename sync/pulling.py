"""Bringing rows down: one page when little has changed, else many, kept on disk until the last has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col
from sqlmodel import select as pick
from sqlmodel.sql.expression import SelectOfScalar

from models.migrations import HEAD
from models.operations import about, log
from models.operations.digest import digests
from models.operations.tables import CursorRow, OperationRow, OutboxRow, TrayRow
from models.operations.verdicts import Judgement
from models.replication import twins
from models.replication.tables import KnownDevice, Link, Stage, StagedPage
from models.store import Store
from models.tables import synced_models, table_of
from sync import exchange, spelling, wire
from sync.client import Line, Strange
from sync.messages import Operation, Page

#: A laptop that does not agree with its server is filled afresh by itself, at most this often.
REPAIR_AGAIN = timedelta(days=1)
_MOST_HELD = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What a pull brought. `last_n` is the server's count of this laptop's operations, `own_last_n` its own."""

    epoch: str
    now: datetime
    rows: int
    last_n: int
    own_last_n: int
    repaired: bool


class Puller:
    """Pulls one compound over one line."""

    def __init__(
        self,
        store: Store,
        line: Line,
        compound_id: UUID,
        *,
        epoch: str,
        alive: Callable[[Session], object],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """`alive` is called in each transaction: whoever else waits for the lease sees us work.

        It raises where another window has had the lease: the pages on disk may be gone, or its own.
        """
        self.store, self.line, self.compound_id, self.epoch = store, line, compound_id, epoch
        self.alive, self.progress = alive, progress

    def pull(self, *, heard: Sequence[Judgement], afresh: bool, now: datetime) -> Taken:
        """Bring this laptop up to the server's head, in one transaction at the end."""
        repaired = False
        taken, agreed = self._pull_once(heard, afresh=afresh)
        if not agreed and self._may_repair(now):
            repaired = True
            taken, _ = self._pull_once((), afresh=True)
        return Taken(taken.epoch, taken.now, taken.rows, taken.last_n, taken.own_last_n, repaired)

    def _pull_once(self, heard: Sequence[Judgement], *, afresh: bool) -> tuple[Taken, bool]:
        with self.store.read() as session:
            own = session.get(CursorRow, self.compound_id) or CursorRow(compound_id=self.compound_id)
            held = _held(session, self.compound_id)
            stage = session.get(Stage, self.compound_id)
            link = session.get(Link, self.compound_id)
            tag = "" if link is None else link.devices_tag
        # This version may have got a place for what an earlier one had to leave out.
        afresh = afresh or (link is not None and link.missed not in {"", HEAD})
        quiet = stage is None and not afresh and not heard and link is not None and link.epoch == self.epoch
        if stage is not None and (stage.epoch != self.epoch or (afresh and not stage.afresh)):
            self._drop_stage()
            stage = None
        afresh = afresh or (stage is not None and stage.afresh)
        after = stage.until if stage is not None and not stage.place else (0 if afresh else own.cursor)
        if stage is not None and stage.place:
            after = stage.base
        place = "" if stage is None else stage.place
        rows = 0 if stage is None else stage.rows
        while True:
            reply, content = self.line.pull(
                self.compound_id, after=after, acked_n=own.acked_n, held=held, place=place, devices_tag=tag
            )
            self._check(reply, after)
            if self.epoch and reply.epoch != self.epoch:
                raise OtherEpoch(reply.epoch)
            self.epoch = reply.epoch
            count = sum(len(part.rows) for part in reply.tables)
            rows += count
            if not reply.next and not place:
                break  # this one page is a snapshot
            place, after = self._stage(reply, content, after=after, place=place, afresh=afresh, rows=rows)
        taken = Taken(reply.epoch, reply.now, rows, reply.last_n, own.last_n, repaired=False)
        if quiet and not (rows or reply.judgements or reply.devices) and reply.head == own.cursor:
            return taken, True  # an idle round leaves the disk alone
        return taken, self._finish(reply, heard, afresh=afresh, rows=rows)

    def _check(self, reply: wire.PullReply, after: int) -> None:
        if reply.compound != self.compound_id or reply.after != after:
            raise Strange("sync.strange")

    # -- many pages --------------------------------------------------------------------------

    def _stage(
        self, reply: wire.PullReply, content: bytes, *, after: int, place: str, afresh: bool, rows: int
    ) -> tuple[str, int]:
        """Keep a page on disk; returns the place and the rev to ask from next."""
        total = sum(pair[0] for pair in reply.digests.values())
        with self.store.write() as session:
            self.alive(session)
            stage = session.get(Stage, self.compound_id)
            if stage is None:
                stage = Stage(
                    compound_id=self.compound_id,
                    epoch=self.epoch,
                    afresh=afresh,
                    base=after,
                    until=reply.head,
                )
            if not place:
                # A pass begins: whatever changes from here on comes with the next one.
                stage.base, stage.until = after, reply.head
            session.add(StagedPage(compound_id=self.compound_id, place=stage.pages, content=content))
            stage.pages += 1
            stage.place, stage.rows, stage.total = reply.next, rows, total
            session.add(stage)
            goes_on = (stage.place, stage.base) if stage.place else ("", stage.until)
        if self.progress is not None:
            self.progress(rows, max(total, rows))
        return goes_on

    def _drop_stage(self) -> None:
        with self.store.write() as session:
            _clear_stage(session, self.compound_id)

    # -- the end -------------------------------------------------------------------------------

    def _finish(self, reply: wire.PullReply, heard: Sequence[Judgement], *, afresh: bool, rows: int) -> bool:
        """Take everything in, in one transaction; tells whether both sides now hold the same."""
        page = spelling.to_page(reply)
        with self.store.write() as session:
            self.alive(session)
            staged = session.exec(
                pick(StagedPage)
                .where(StagedPage.compound_id == self.compound_id)
                .order_by(col(StagedPage.place))
            ).all()
            pages = [*(spelling.to_page(self.line.read(one.content)) for one in staged), page]
            exchange.take_pages(session, pages, judgements=heard, afresh=afresh)
            _clear_stage(session, self.compound_id)
            self._keep_link(session, reply, pages, afresh=afresh)
            agreed = _agrees(session, self.compound_id, page)
        if self.progress is not None:
            self.progress(rows, rows)
        return agreed

    def _keep_link(
        self, session: Session, reply: wire.PullReply, pages: Sequence[Page], *, afresh: bool
    ) -> None:
        link = session.get(Link, self.compound_id)
        if link is None:
            return
        link.epoch = reply.epoch
        if _leaves_out(pages):
            link.missed = HEAD
        elif afresh:
            link.missed = ""
        if reply.devices is not None:
            link.devices_tag = reply.devices_tag
            table = table_of(KnownDevice)
            session.flush()  # what is forgotten next must have been written
            session.connection().execute(delete(table).where(table.c.compound_id == self.compound_id))
            session.expire_all()
            for one in reply.devices:
                session.add(
                    KnownDevice(
                        compound_id=self.compound_id,
                        device_id=one.id,
                        name=one.name,
                        enrolled_at=one.enrolled_at,
                        last_seen=one.last_seen,
                        revoked_at=one.revoked_at,
                    )
                )
        session.add(link)

    def _may_repair(self, now: datetime) -> bool:
        with self.store.write() as session:
            link = session.get(Link, self.compound_id)
            if link is None or (link.repaired_at is not None and abs(now - link.repaired_at) < REPAIR_AGAIN):
                return False
            link.repaired_at = now
            session.add(link)
        return True


class OtherEpoch(Exception):  # noqa: N818  # says what is the case
    """The server is not the one this laptop knew: it was put back from a copy. Carries its nonce."""

    def __init__(self, epoch: str) -> None:
        super().__init__(epoch)
        self.epoch = epoch


def keep_history(store: Store, compound_id: UUID, reply: wire.HistoryReply) -> None:
    """Write operations of everybody into the log.

    What is there already, this laptop's own above all, gets the time at which
    the server has put it, and what a restored server says of it now. What a server
    tells has the numbers there that it has on the server.
    """
    with store.write() as session:
        link = session.get(Link, compound_id)
        if link is None or reply.epoch != link.epoch:
            return
        arrived = [spelling.to_logged(compound_id, one) for one in reply.operations]
        operations = [operation for operation, _ in arrived]
        known = log.rows_of(session, compound_id, [operation.id for operation in operations])
        moved = twins.make_way(session, compound_id, operations, known)
        if moved is None:
            return  # another laptop has counted under this one's name: the next push will find that out
        rows = [
            log.to_values(operation, rev=said.rev) | {"verdict": said.verdict, "params": dict(said.params)}
            for operation, said in arrived
            if operation.id not in known
        ]
        log.keep(session, rows)
        if moved:
            about.rebuild(session, compound_id)
        for operation, said in arrived:
            row = known.get(operation.id)
            if row is not None:
                _put_right(session, row, operation, said)
        link.history = reply.upto
        session.add(link)


def _put_right(session: Session, row: OperationRow, operation: Operation, said: Judgement) -> None:
    at = None if operation.at == operation.made_at else operation.at
    if at != row.at:
        row.at = at
        session.add(row)
        about.put_right(session, row)
    if row.rev == said.rev or session.exec(_waits(row)).first() is not None:
        return
    refused = session.get(TrayRow, (row.compound_id, row.id))
    if refused is not None and refused.settled is None:
        session.delete(refused)
    row.verdict, row.code, row.rev, row.params = said.verdict, None, said.rev, dict(said.params)
    session.add(row)


def _waits(row: OperationRow) -> SelectOfScalar[int]:
    return pick(OutboxRow.n).where(OutboxRow.compound_id == row.compound_id, OutboxRow.operation_id == row.id)


def forget_history(session: Session, compound_id: UUID, after: int) -> None:
    """Drop others' operations after a rev from the log: a restored server may order them otherwise."""
    table = table_of(OperationRow)
    device = log.device_id(session)
    session.connection().execute(
        delete(table).where(
            table.c.compound_id == compound_id, table.c.rev > after, table.c.device_id != device
        )
    )
    session.connection().execute(
        update(table_of(Link))
        .where(table_of(Link).c.compound_id == compound_id, table_of(Link).c.history > after)
        .values(history=after)
    )
    about.rebuild(session, compound_id)
    session.expire_all()


def _held(session: Session, compound_id: UUID) -> list[UUID]:
    """Return own operations that the server holds: their verdict is asked for by id."""
    statement = (
        pick(OperationRow.id)
        .join(
            OutboxRow,
            (col(OutboxRow.compound_id) == OperationRow.compound_id)
            & (col(OutboxRow.operation_id) == OperationRow.id),
        )
        .where(OutboxRow.compound_id == compound_id, OperationRow.verdict == "held")
        .order_by(col(OutboxRow.n))
        .limit(_MOST_HELD)
    )
    return list(session.exec(statement))


def _leaves_out(pages: Sequence[Page]) -> bool:
    """Tell whether pages hold tables or columns that this version has no place for."""
    models = synced_models()
    return any(
        part.table not in models or not set(part.columns) <= set(table_of(models[part.table]).columns.keys())
        for page in pages
        for part in page.tables
    )


def _clear_stage(session: Session, compound_id: UUID) -> None:
    for table in (table_of(StagedPage), table_of(Stage)):
        session.connection().execute(delete(table).where(table.c.compound_id == compound_id))
    session.expire_all()


def _agrees(session: Session, compound_id: UUID, page: Page) -> bool:
    """Compare digests of the tables that both sides know."""
    if not page.digests:
        return True
    own = digests(session, compound_id)
    return all(own.get(name, (0, 0)) == tuple(page.digests.get(name, (0, 0))) for name in synced_models())
