"""One round of sync on a laptop: what waits goes up, what is new comes down, in an order that loses nothing.

Push comes before pull, so that the rows that come down hold what has just been
judged. Whatever breaks off leaves everything as it was, or further on: the next
round goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from models.ids import NewId
from models.operations import about, clocks, replica
from models.operations.tables import CursorRow, OperationRow
from models.operations.verdicts import Judgement
from models.replication import identity, links
from models.replication.tables import Link
from models.store import Store
from models.tables import table_of
from sync import exchange, healing, pulling, spelling, wire
from sync.client import Denied, Line, SyncError
from sync.messages import Push

#: Pages of the log that one round fetches; the rest comes with the next rounds.
MOST_HISTORY = 20
_MOST_TURNS = 10_000


class NotLinked(Exception):  # noqa: N818  # says what is the case
    """The compound is on this laptop alone: it was never enrolled."""


class OtherAtIt(Exception):  # noqa: N818  # says what is the case
    """Another window of this laptop is syncing just now, or has while this one slept."""


class Progress(Protocol):
    """Hears how far a long pull has come."""

    def __call__(self, done: int, total: int) -> None:
        """`done` rows are here of about `total`."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a round needs of this laptop: its store, clocks, ids, secrets, and how to reach a server."""

    store: Store
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    new_id: NewId
    new_token: Callable[[], str]
    call: Callable[[str, str], Line]
    holder: str = "linli"
    #: Tells whether a holder's process has ended without giving its lease back.
    is_gone: Callable[[str], bool] = lambda _holder: False


@dataclass(slots=True)
class Report:
    """What a round did.

    `verdicts` counts them by name; `up` and `down` are bytes of bodies;
    `push_ms`, `pull_ms` and `history_ms` how long each part took, in
    milliseconds. `more_history`: the log goes on, and comes with the next rounds.
    """

    pushed: int = 0
    pulled: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    refused: int = 0
    up: int = 0
    down: int = 0
    healed: int = 0
    renamed: bool = False
    repaired: bool = False
    more_history: bool = False
    push_ms: float = 0.0
    pull_ms: float = 0.0
    history_ms: float = 0.0


def sync(here: Here, compound_id: UUID, *, progress: Progress | None = None) -> Report:
    """Do one whole round. Raises `SyncError` with what has gone wrong, after noting it with the link."""
    report = Report()
    link, knows_time = _begin(here, compound_id)
    with here.call(link.url, link.token) as line:
        try:
            _Round(here, line, link, report, progress).run(knows_time=knows_time)
        except SyncError as error:
            _end(here, compound_id, line, error)
            raise
        except BaseException:
            _give_back(here, compound_id)
            raise
        _end(here, compound_id, line, None)
        report.up, report.down = line.up, line.down
    return report


def _begin(here: Here, compound_id: UUID) -> tuple[Link, bool]:
    """Take the lease; returns the link, and whether it is known how far this laptop's clock is off."""
    now = here.clock()
    with here.store.write(lightly=True) as session:
        link = links.link_of(session, compound_id)
        if link is None:
            raise NotLinked
        if link.busy_with and here.is_gone(link.busy_with):
            links.give_back(session, compound_id, holder=link.busy_with)
        if not links.take_lease(session, compound_id, holder=here.holder, now=now):
            raise OtherAtIt
        return link, clocks.is_known(session, now, here.ticks)


def _give_back(here: Here, compound_id: UUID) -> None:
    with here.store.write(lightly=True) as session:
        links.give_back(session, compound_id, holder=here.holder)


def _end(here: Here, compound_id: UUID, line: Line, failed: SyncError | None) -> None:
    """Give the lease back and keep how the contact went, for the status line and the Sync screen."""
    now = here.clock()
    trouble = None if failed is None else failed.code
    with here.store.write(lightly=True) as session:
        links.give_back(session, compound_id, holder=here.holder)
        link = session.get(Link, compound_id)
        if link is None:
            return
        link.up += line.up
        link.down += line.down
        link.trouble = trouble
        link.last_attempt = now
        if failed is None:
            link.last_contact, link.state = now, "ok"
        elif failed.code in {"token.revoked", "token.unknown", "compound.closed"}:
            link.state = "revoked"
        elif failed.code == "protocol":
            link.state = "outdated"
        session.add(link)


class _Round:
    """The steps of one round, in order."""

    def __init__(self, here: Here, line: Line, link: Link, report: Report, progress: Progress | None) -> None:
        self.here, self.line, self.report, self.progress = here, line, report, progress
        self.compound_id = link.compound_id
        self.epoch = link.epoch
        self.device_known = link.device_id
        self.afresh = False
        self.heard: list[Judgement] = []

    def run(self, *, knows_time: bool) -> None:
        """Push, pull, and fetch some of the log."""
        if not knows_time:
            # Before anything made in this stretch of the clock goes up, learn how far the clock is off.
            self._hear_clock(self.line.hello().now)
        ticks = self.here.ticks
        began = ticks()
        self._push()
        pushed = ticks()
        self._pull()
        pulled = ticks()
        self._fetch_history()
        report = self.report
        report.push_ms, report.pull_ms = (pushed - began) * 1000, (pulled - pushed) * 1000
        report.history_ms = (ticks() - pulled) * 1000

    # -- the time ---------------------------------------------------------------------------

    def _hear_clock(self, server: datetime) -> None:
        with self.here.store.write(lightly=True) as session:
            clocks.learn(session, self.here.clock(), self.here.ticks, server)

    # -- up -----------------------------------------------------------------------------------

    def _push(self) -> None:
        after = 0
        for _ in range(_MOST_TURNS):
            with self.here.store.read() as session:
                push = exchange.outgoing(
                    session, self.compound_id, after=after, most=exchange.MOST_OPERATIONS
                )
            if not push.groups:
                return
            if push.device_id != self.device_known:
                self._be_another(push.device_id)
                continue
            try:
                reply = self.line.push(push, self.epoch)
            except Denied as error:
                after = 0
                self._answer(error)
                continue
            after = push.groups[-1][-1].n
            self._keep_times(push)
            self._heard(reply)
        raise SyncError("sync.endless")

    def _answer(self, error: Denied) -> None:
        """Do what makes the push good that the server has just refused."""
        if error.code == "gap":
            with self.here.store.write() as session:
                if not healing.wait_again(session, self.compound_id, int(error.params.get("last_n", 0))):
                    raise error  # the server is not of one mind with itself
            self.heard.clear()
        elif error.code == "fork":
            self._be_another(None)
        elif error.code == "epoch":
            self._heal(str(error.params["epoch"]), int(error.params.get("head", 0)))
        else:
            raise error

    def _keep_times(self, push: Push) -> None:
        """Keep the times that were put right: the clock's stretch that tells them goes with the outbox."""
        late = [one for group in push.groups for one in group if one.at != one.made_at]
        if not late:
            return
        operation = table_of(OperationRow)
        with self.here.store.write() as session:
            replica.put_shadows_back(session, self.compound_id)
            for one in late:
                session.connection().execute(
                    update(operation)
                    .where(operation.c.compound_id == self.compound_id, operation.c.id == one.id)
                    .values(at=one.at, happened_at=one.happened_at)
                )
                about.put_right(session, one)
            session.expire_all()
            replica.replay(session, self.compound_id)

    def _heard(self, reply: wire.PushReply) -> None:
        replayed = set(reply.replayed)
        for said in reply.judgements:
            self.heard.append(spelling.to_judgement(said))
            if said.id not in replayed:
                self.report.pushed += 1
            self.report.verdicts[said.verdict] += 1
            self.report.conflicts += said.verdict == "conflict"
            self.report.refused += said.verdict == "rejected"

    def _be_another(self, device_id: UUID | None) -> None:
        """Become a device of one's own: this store was copied, or put back from an old copy."""
        fresh = self.here.new_token()
        with self.here.store.write() as session:
            if device_id is None:
                device_id = self.here.new_id()
                identity.become(session, device_id)
            token = identity.secret_for(session, device_id, fresh)
        self.line.fork(device_id, token)
        with self.here.store.write() as session:
            link = session.get(Link, self.compound_id)
            if link is None:
                raise NotLinked
            for other in links.links(session):
                if other.url == link.url:
                    other.token, other.device_id = token, device_id
                    session.add(other)
        self.line.speak_as(token)
        self.device_known = device_id
        self.heard.clear()
        self.report.renamed = True

    def _heal(self, epoch: str, head: int) -> None:
        """Give a restored server what it lost of this laptop's and others' operations; then take all afresh."""
        with self.here.store.read() as session:
            portions = healing.logged_after(session, self.compound_id, head)
        for portion in portions:
            with self.here.store.read() as session:
                groups = healing.logged(session, self.compound_id, portion)
            reply = self.line.heal(self.compound_id, epoch, groups)
            self.report.healed += len(reply.judgements) - len(reply.replayed)
            with self.here.store.write() as session:
                said = [spelling.to_judgement(one) for one in reply.judgements]
                if replica.judge_anew(session, self.compound_id, said):
                    replica.put_shadows_back(session, self.compound_id)
                    replica.replay(session, self.compound_id)
        with self.here.store.write() as session:
            pulling.forget_history(session, self.compound_id, head)
            healing.wait_again(session, self.compound_id, 0, held=True)  # the copy may be older than they are
            healing.ask_again(session, self.compound_id)  # or older than what was said of them
        self.epoch, self.afresh = epoch, True

    # -- down ---------------------------------------------------------------------------------

    def _pull(self) -> None:
        try:
            taken = self._pull_rows()
        except pulling.OtherEpoch:
            # The server was put back from a copy while nothing waited here: a push of nothing tells from where.
            self._push_of_nothing()
            taken = self._pull_rows()
        self._hear_clock(taken.now)
        self.report.pulled = taken.rows
        self.report.repaired = taken.repaired
        if taken.last_n > taken.own_last_n and not self.report.renamed:
            # The server has counted operations of this laptop that it does not remember: it is an old copy.
            self._be_another(None)
        self.epoch = taken.epoch

    def _pull_rows(self) -> pulling.Taken:
        here = self.here
        puller = pulling.Puller(
            here.store,
            self.line,
            self.compound_id,
            epoch=self.epoch,
            alive=self._keep_lease,
            progress=self.progress,
        )
        return puller.pull(heard=self.heard, afresh=self.afresh, now=here.clock())

    def _keep_lease(self, session: Session) -> None:
        here = self.here
        if not links.renew_lease(session, self.compound_id, holder=here.holder, now=here.clock()):
            raise OtherAtIt

    def _push_of_nothing(self) -> None:
        nothing = Push(self.compound_id, self.device_known, ())
        try:
            self.line.push(nothing, self.epoch)
        except Denied as error:
            self._answer(error)
            self._push()

    def _fetch_history(self) -> None:
        """Fetch who did what, a bounded part: the Changes screen may fill up behind the rest."""
        for _ in range(MOST_HISTORY):
            with self.here.store.read() as session:
                link = links.link_of(session, self.compound_id)
                cursor = session.get(CursorRow, self.compound_id)
            if link is None or cursor is None or link.history >= cursor.cursor:
                return
            reply = self.line.history(self.compound_id, after=link.history)
            pulling.keep_history(self.here.store, self.compound_id, reply)
            if reply.upto >= reply.head:
                return
        self.report.more_history = True
