"""The desk a person sits at: an open store, one compound, and who acts.

Screens and headless commands alike reach the models through it. It is the
concrete `tui.context.Context`, and it knows no Textual.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.community.chosen import default_actor, default_compound, remember_actor, remember_compound
from models.community.queries_places import compounds
from models.community.tables import Compound, Person
from models.operations import clocks
from models.operations.envelope import Acting, Intent
from models.operations.pending import Pending, pending
from models.operations.registry import load_kinds
from models.operations.tables import CursorRow
from models.problems import Problem
from models.replication import links
from models.store import Store, open_database, open_store
from tui import edge
from tui.context import Listener, Status, SyncState

if TYPE_CHECKING:
    from models.operations.perform import Outcome
    from models.operations.roles import Role

    # Speaking to a server takes a third of a second to import; a compound on this laptop alone never does.
    from sync.rounds import Here
    from tui.syncing import Syncer

DEFAULT_ZONE = "Asia/Shanghai"


class DeskError(Exception):
    """The desk cannot be taken: no such compound, no such person. Carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Seat:
    """Which compound is open, who acts there (None: nobody has been named yet), and its zone."""

    compound_id: UUID
    compound: str
    zone: str
    person_id: UUID | None
    person: str


class Desk:
    """An open store with a compound and an acting person."""

    def __init__(
        self,
        path: Path,
        *,
        compound: str | None = None,
        person: str | None = None,
        demo: bool = False,
        guess: bool = True,
        address: str | None = None,
        here: Callable[[Store], Here] | None = None,
        hurried: bool = False,
    ) -> None:
        """`guess` opens the compound of last time where a store holds several and none is named.

        `address` is a server's database, where an operator sits: what is done
        there is judged at once. `here` tells how servers are reached and what
        time it is, where that is not this machine's own business. A `hurried`
        desk loads only with `prepare` what it takes to act.
        """
        self.path = path
        self._address = address
        self._guess = guess
        self._demo = demo
        self._compound = compound
        self._person = person
        self._store: Store | None = None
        self._seat: Seat | None = None
        self._syncer: Syncer | None = None
        self._listener: Listener | None = None
        self._here = here
        self._hurried = hurried
        self._counted: int | None = None
        #: A compound that this laptop is enrolled in and whose first rows are on their way.
        self.awaited: UUID | None = None

    # -- the context of the screens --------------------------------------------------

    def open(self) -> None:
        """Open the store and, when it holds a compound, take a seat there."""
        if not self._hurried:
            load_kinds()
        if self._address is None:
            self._store = open_store(self.path, new_id=edge.new_id)
        else:
            self._store = open_database(self._address, new_id=edge.new_id)
        self.sit()
        if self._demo and not self.has_seat:
            from models.demo import make_demo

            make_demo(self._store, clock=edge.clock, new_id=edge.new_id)
            self.sit()

    def prepare(self) -> None:
        """Load every kind of operation: acting takes them, and other rooms count on it."""
        load_kinds()

    def close(self) -> None:
        """Close the store."""
        self._stop_syncing()
        if self._store is not None:
            self._store.close()
            self._store = None

    def status(self) -> Status:
        """Return what the docked line says."""
        if self._seat is None:
            return Status(waits=Pending(), sync=self.sync_state if self.awaited is not None else None)
        with self.store.read() as session:
            waits = pending(session, self._seat.compound_id)
            cursor = session.get(CursorRow, self._seat.compound_id)
            shift_ms = clocks.shift_now(session)
        counted = 0 if cursor is None else cursor.last_n
        if self._syncer is not None and counted != self._counted and waits.unsent:
            self._syncer.changed()
        self._counted = counted
        return Status(
            compound=self._seat.compound,
            person=self._seat.person,
            # While another compound is awaited, this one is on no server: nothing of it is on its way.
            unsent=0 if self.awaited is not None else waits.unsent,
            zone=self._seat.zone,
            waits=waits,
            sync=self.sync_state,
            shift_ms=shift_ms,
            today=self.today(),
        )

    # -- syncing ---------------------------------------------------------------------

    @property
    def sync_state(self) -> SyncState:
        """How sync stands; a compound on this laptop alone has a state that says so."""
        return SyncState() if self._syncer is None else self._syncer.state

    def here(self) -> Here:
        """Return what a contact with a server needs of this laptop."""
        from tui.syncing import here_of

        return (self._here or here_of)(self.store)

    def listen(self, listener: Listener) -> None:
        """Sync by itself from now on, and tell how it stands; called from threads of its own."""
        self._listener = listener
        self._sync_here()

    def sync_now(self) -> None:
        """Do a round at once."""
        if self._syncer is not None:
            self._syncer.now()

    def _sync_here(self) -> None:
        """Let the syncer work for the seat that is taken, or for the compound that is awaited.

        A compound on this laptop alone has none.
        """
        if self._listener is None or self._store is None:
            return
        with self._store.read() as session:
            self.awaited = _awaited(session)
            compound_id = self.awaited or (None if self._seat is None else self._seat.compound_id)
            linked = compound_id is not None and links.link_of(session, compound_id) is not None
        self._stop_syncing()
        if compound_id is not None and linked:
            from tui.syncing import Syncer

            load_kinds()  # a round applies operations, and may begin at once

            self._syncer = Syncer(self._store, compound_id, self._listener, here=self.here())
            self._syncer.open()

    def _stop_syncing(self) -> None:
        if self._syncer is not None:
            self._syncer.close()
            self._syncer = None

    def enrolled(self, compound_id: UUID) -> None:
        """Work in a compound that this laptop was just enrolled in: at once, or when its rows have come."""
        with self.store.write() as session:
            remember_compound(session, compound_id)
        self._sync_here()
        self.arrive()

    def arrive(self) -> None:
        """Know again who sits where, after rows have come down; sit down where that was awaited."""
        if self._store is None:
            return
        with self._store.read() as session:
            waiting = self.awaited is not None and _awaited(session) == self.awaited
        if waiting:
            return
        if self.awaited is not None:
            self._compound, self.awaited = str(self.awaited), None
            self._person = None
        elif self._seat is not None:
            # Not the one opened last: another window may have opened another compound since.
            self._compound = str(self._seat.compound_id)
        with suppress(DeskError):  # archived by now, or somebody gone: the seat stays until the app is closed
            self.sit()

    def today(self) -> date:
        """Return the date in the compound's zone."""
        zone = DEFAULT_ZONE if self._seat is None else self._seat.zone
        return edge.clock().astimezone(ZoneInfo(zone)).date()

    def explain(self, error: Exception) -> str | None:
        """Return a sentence for an error that a person can do something about."""
        from tui import words

        return words.explain(error)

    def move_to_demo(self) -> None:
        """Leave an empty store for the demo's own."""
        self.close()
        self.path = edge.demo_path(None)
        self._compound = self._person = None
        self._demo = True
        self.open()
        self._sync_here()

    # -- seats -----------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """The open store."""
        if self._store is None:
            raise RuntimeError("the desk is not open")
        return self._store

    @property
    def seat(self) -> Seat:
        """The seat taken; raises DeskError while the store holds no compound."""
        if self._seat is None:
            raise DeskError(Problem("compound.none", params={"path": str(self.path)}))
        return self._seat

    @property
    def has_seat(self) -> bool:
        """Whether the store holds a compound to work in."""
        return self._seat is not None

    def sit(self) -> None:
        """Take a seat: the compound and the person asked for, else those of last time."""
        with self.store.read() as session:
            compound = self._find_compound(session)
            if compound is None:
                self._seat = None
                return
            person_id = self._find_person(session, compound)
            person = None if person_id is None else session.get(Person, (compound.id, person_id))
            self._seat = Seat(
                compound_id=compound.id,
                compound=compound.name,
                zone=compound.zone,
                person_id=person_id,
                person="" if person is None else person.name,
            )

    def act_as(self, person_id: UUID) -> None:
        """Let a person act from now on, and when the store is next opened."""
        seat = self.seat
        with self.store.write() as session:
            remember_actor(session, seat.compound_id, person_id)
        self._person = None
        self.sit()

    def acting(self) -> Acting:
        """Return who acts, for `perform`. Before the first person is named, the founder does."""
        seat = self.seat
        return Acting(
            seat.compound_id, seat.person_id or seat.compound_id, edge.clock, edge.new_id, edge.ticks
        )

    def may(self, roles: Collection[Role]) -> bool:
        """Tell whether whoever acts holds one of some roles today; before the first director anybody may do anything."""
        from models.operations.workspace import Workspace

        seat = self.seat
        with self.store.read() as session:
            workspace = Workspace(session, seat.compound_id, keep_shadows=False)
            if seat.person_id is None:
                return not workspace.has_director()
            return not workspace.roles(seat.person_id, self.today()).isdisjoint(roles)

    # -- changes ---------------------------------------------------------------------

    def perform(self, *intents: Intent) -> Outcome:
        """Perform a group in a transaction of its own."""
        from models.operations.perform import perform
        from models.replication.commission import commission

        load_kinds()
        with self.store.write() as session:
            if self._address is not None:
                return commission(session, intents, self.acting())
            return perform(session, intents, self.acting())

    def perform_all(self, intents: Sequence[Intent], *, size: int = 200) -> list[Outcome]:
        """Perform many intents, a group at a time."""
        return [self.perform(*intents[start : start + size]) for start in range(0, len(intents), size)]

    def undo(self, group_id: UUID) -> Outcome:
        """Take a group back."""
        from models.operations.undo import undo

        load_kinds()
        with self.store.write() as session:
            return undo(session, group_id, self.acting())

    def found(self, name: str, director: str = "") -> Outcome:
        """Found a compound and sit down in it; without a director, the first person added is one."""
        from models.operations.perform import perform

        load_kinds()
        compound_id, person_id = edge.new_id(), edge.new_id()
        founder = person_id if director else compound_id
        acting = Acting(compound_id, founder, edge.clock, edge.new_id, edge.ticks)
        payload = {"name": name, "person": str(person_id), "person_name": director}
        with self.store.write() as session:
            outcome = perform(session, [Intent("compound.found", payload)], acting)
            if outcome.refused is None:
                remember_compound(session, compound_id)
        self._compound = None
        self.sit()
        return outcome

    # -- inside ----------------------------------------------------------------------

    def _find_compound(self, session: Session) -> Compound | None:
        known = {view.id: view.name for view in compounds(session, every=self._compound is not None)}
        if self._compound is not None:
            matching = [row_id for row_id, name in known.items() if self._compound in {name, str(row_id)}]
            if len(matching) != 1:
                code = "compound.ambiguous" if matching else "compound.unknown"
                raise DeskError(
                    Problem(code, params={"name": self._compound, "known": "、".join(known.values()) or "—"})
                )
            chosen: UUID | None = matching[0]
        else:
            chosen = default_compound(session) if self._guess or len(known) == 1 else None
            if chosen is None and len(known) > 1:
                raise DeskError(Problem("compound.several", params={"known": "、".join(known.values())}))
        return None if chosen is None else session.get(Compound, (chosen, chosen))

    def _find_person(self, session: Session, compound: Compound) -> UUID | None:
        compound_id = compound.id
        if self._person is None:
            today = edge.clock().astimezone(ZoneInfo(compound.zone)).date()
            return default_actor(session, compound_id, today=today)
        from models.operations.resolve import find_row

        load_kinds()
        found = find_row(session, compound_id, "person", self._person)
        if isinstance(found, Problem):
            raise DeskError(found)
        if session.get(Person, (compound_id, found)) is None:
            raise DeskError(
                Problem("reference.unknown", params={"table": "person", "text": self._person, "n": 0})
            )
        return found


def _awaited(session: Session) -> UUID | None:
    """Return the compound, enrolled last, whose first rows have not come yet."""
    waiting = [
        link.compound_id
        for link in links.links(session)
        if session.get(Compound, (link.compound_id, link.compound_id)) is None
    ]
    return waiting[-1] if waiting else None
