"""Laptops, one server and the road between them, in one process, with everything that happens on roads."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import Session

from models.ids import derived_id
from models.operations import replica
from models.operations.envelope import Operation
from models.operations.log import device_id
from models.operations.perform import Outcome
from models.operations.tables import CursorRow, OperationRow, OutboxRow, Setting
from models.store import Store, open_store
from models.tables import synced_models, table_of, values_from_json
from simulation.devices import MORNING, Clock, Ids, Laptop
from simulation.model import FACTS, Model
from simulation.model_ground import conflict_id
from simulation.model_story import STATES
from simulation.reading import Dump, archived, dump, dump_in, gather, just, records, shadows_in
from sync import exchange
from sync.messages import Page, Push

#: Taken when everything is whole: what checks a broken replay must not be broken with it.
REPLAY = replica.replay
#: Kinds by which a row may come back that is not named in them.
BRINGS_BACK = {
    "route.arrange": frozenset({"route_stop"}),
    "conflict.resolve": frozenset({"ticket_hand", "assignment"}),
    "ticket.take_back": frozenset({"ticket_hand"}),
    "ticket.put_back": frozenset({"ticket_event", "ticket_hand"}),
    "shift.restore": frozenset({"shift"}),
    "duty.plan": frozenset({"shift"}),
    "duty.settle": frozenset({"duty_balance"}),
    "duty.unsettle": frozenset({"duty_balance"}),
    "duty.put_handover_back": frozenset({"handover", "log_entry"}),
    "person.merge": frozenset({"assignment", "duty_balance"}),
    **dict.fromkeys(
        ("duty.fill", "duty.assign", "duty.take", "duty.withdraw", "swap.accept", "swap.undo", "swap.redo"),
        frozenset({"assignment"}),
    ),
} | {f"ticket.{verb}": frozenset({"ticket_hand"}) for verb in ("accept", "assign", "start", "finish")}
LOG = ("id", "group_id", "kind", "rev", "verdict", "code")
OWN_LOG = ("n", "id", "kind", "verdict", "code", "device_id")


class LidClosed(Exception):  # noqa: N818
    """The laptop goes to sleep in the middle of something."""


@dataclass
class Line:
    """One laptop's traffic in one compound: what it may still hear of, late or again."""

    pushes: list[Push] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


class World:
    """One seed's worth of laptops and a server, watched closely."""

    #: How often somebody does something; else something is on its way.
    acting = 0.72

    def __init__(self, folder: Path, seed: int | str, *, laptops: int, server: Store | None = None) -> None:
        self.random = random.Random(str(seed))
        self.ids = Ids(f"{seed}")
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.compound, self.other = self.ids(), self.ids()
        self.stores: list[Store] = []
        self.server = server or self.make("server")
        self.scratch = self.make("scratch")
        self.laptops = [self.laptop(place) for place in range(laptops)]
        self.lines: dict[tuple[int, UUID], Line] = {}
        self.models = {compound: Model(compound) for compound in (self.compound, self.other)}
        self.received: dict[UUID, list[tuple[Operation, ...]]] = {compound: [] for compound in self.models}
        #: What the server's rows were at each head: what a laptop with that cursor has to stand on.
        self.history: dict[UUID, dict[int, Dump]] = {compound: {0: {}} for compound in self.models}

    def make(self, name: str) -> Store:
        """Make a store. Migrating is slow, so later ones are copies of the first with a name of their own."""
        template = self.folder.parent / "template.linli"
        if not template.exists():
            open_store(template, new_id=Ids("template")).close()
        path = self.folder / f"{name}.linli"
        shutil.copy(template, path)
        store = open_store(path, new_id=self.ids)
        with store.write() as session:
            device = session.get(Setting, "device")
            assert device is not None
            device.value = self.ids().hex
            session.add(device)
        self.stores.append(store)
        return store

    def laptop(self, place: int) -> Laptop:
        # Each clock is wrong in its own way: causality, not the clock, decides who knew what.
        clock = Clock(MORNING.replace(minute=place * 7, second=place))
        return Laptop(
            self.make(f"laptop{place}"), self.compound, self.ids(), clock, Ids(f"{self.ids.seed}/{place}")
        )

    def close(self) -> None:
        for store in self.stores:
            store.close()

    # -- what lives ask of it --------------------------------------------------------------

    def join(self) -> None:
        """Let the server adopt what laptop 0 has founded, and everybody join."""
        for compound in self.models:
            self.arrive(self.whole_push(0, compound))
            for place in range(len(self.laptops)):
                self.pull(place, compound)

    def meet(self, order: Iterable[int]) -> None:
        """Let laptops push in an order, with every mishap of the road once on the way."""
        for place in order:
            self.pull(place)
            push = self.whole_push(place, self.compound)
            self.arrive(push)
            self.arrive(push)
            self.pull(place, falls_asleep=True)
            self.pull(place)
        for place in range(len(self.laptops)):
            self.pull(place)

    def hear_late(self, place: int) -> None:
        """A page that was overtaken arrives."""
        self.take(place, self.line(place, self.compound).pages[-2])

    def travel(self, place: int, compound: UUID, dice: float) -> None:
        """Something is on its way between a laptop and the server."""
        if dice < 0.46:
            self.push(place, compound, arrives=self.random.random() < 0.85)
        elif dice < 0.57:
            self.push_again(place, compound)
        elif dice < 0.89:
            self.pull(place, compound, falls_asleep=self.random.random() < 0.15)
        else:
            self.pull_late(place, compound)

    def at_hand(self, _: int, compound: UUID) -> UUID:
        """Return that compound, or one that the laptop knows."""
        return compound

    def noted(self, place: int, outcome: Outcome) -> None:
        """Somebody has done something."""

    # -- the road ------------------------------------------------------------------------

    def line(self, place: int, compound: UUID) -> Line:
        return self.lines.setdefault((place, compound), Line())

    def push(self, place: int, compound: UUID | None = None, *, arrives: bool = True) -> None:
        """Send what waits. The reply is never needed: the next page says the same."""
        compound = compound or self.compound
        with self.laptops[place].store.read() as session:
            push = exchange.outgoing(session, compound)
        if self.random.random() < 0.3 and push.groups:
            # The laptop is cut off after some groups; the rest goes next time.
            push = Push(
                push.compound_id, push.device_id, push.groups[: self.random.randint(1, len(push.groups))]
            )
        self.line(place, compound).pushes.append(push)
        if arrives:
            self.arrive(push)

    def push_again(self, place: int, compound: UUID | None = None) -> None:
        """Some push of the past arrives, perhaps for the second time."""
        pushes = self.line(place, compound or self.compound).pushes
        if pushes:
            self.arrive(self.random.choice(pushes))

    def arrive(self, push: Push) -> None:
        """Let the server judge a push and commit, and hold what it said against the model."""
        sendable = self.in_order(push)
        if not sendable.groups:
            return
        with self.server.write() as session:
            verdicts = exchange.receive(session, sendable)
        for group in sendable.groups:
            if group[0].id not in self.models[push.compound_id].verdicts:
                self.received[push.compound_id].append(group)
            self.models[push.compound_id].judge(group)
        expected = self.models[push.compound_id].verdicts
        assert [j.operation_id for j in verdicts.judgements] == [o.id for g in sendable.groups for o in g]
        for judgement in verdicts.judgements:
            said = (judgement.verdict, judgement.code)
            assert said == expected[judgement.operation_id], (judgement, expected[judgement.operation_id])
        self.check_server(push.compound_id)

    def in_order(self, push: Push) -> Push:
        """Leave out groups that come before their time: the protocol answers those with a gap."""
        with self.server.read() as session:
            known = dict(
                session.execute(
                    select(table_of(OperationRow).c.id, table_of(OperationRow).c.n).where(
                        table_of(OperationRow).c.compound_id == push.compound_id,
                        table_of(OperationRow).c.device_id == push.device_id,
                    )
                ).all()
            )
        last = max(known.values(), default=0)
        groups = []
        for group in push.groups:
            if group[0].n > last + 1:
                break
            groups.append(group)
            last = max(last, group[-1].n)
        return Push(push.compound_id, push.device_id, tuple(groups))

    def pull(self, place: int, compound: UUID | None = None, *, falls_asleep: bool = False) -> None:
        """Fetch a page and take it in, or close the lid in the middle of that."""
        compound = compound or self.compound
        page = self.fetch(place, compound)
        self.line(place, compound).pages.append(page)
        self.take(place, page, falls_asleep=falls_asleep)

    def fetch(self, place: int, compound: UUID) -> Page:
        with self.laptops[place].store.read() as session:
            device, cursor, acked_n = exchange.wanted(session, compound)
        with self.server.read() as session:
            return exchange.page(session, compound, device_id=device, after=cursor, acked_n=acked_n)

    def pull_late(self, place: int, compound: UUID | None = None) -> None:
        """A page of the past arrives, overtaken by others or for the second time."""
        pages = self.line(place, compound or self.compound).pages
        if pages:
            self.take(place, self.random.choice(pages))

    def take(self, place: int, page: Page, *, falls_asleep: bool = False) -> None:
        laptop = self.laptops[place]
        before = dump(laptop.store, page.compound_id) if falls_asleep else None
        try:
            with laptop.store.write() as session:
                exchange.take_page(session, page)
                if falls_asleep:
                    raise LidClosed  # noqa: TRY301  # in the middle is the point
        except LidClosed:
            assert dump(laptop.store, page.compound_id) == before
        self.check_laptop(place, page.compound_id)

    def settle(self) -> None:
        """Let every laptop reach the server undisturbed; two rounds must do."""
        for _ in range(2):
            for compound in self.models:
                for place in range(len(self.laptops)):
                    self.arrive(self.whole_push(place, compound))
                for place in range(len(self.laptops)):
                    self.pull(place, compound)
        for compound in self.models:
            self.check_quiet(compound)

    def whole_push(self, place: int, compound: UUID) -> Push:
        with self.laptops[place].store.read() as session:
            return exchange.outgoing(session, compound)

    # -- what must be true -----------------------------------------------------------------

    def check_server(self, compound: UUID) -> None:
        """Revs are gapless, groups whole, facts kept; and nothing archived came back by itself."""
        model, rows = self.models[compound], dump(self.server, compound)
        with self.server.read() as session:
            log = gather(session, table_of(OperationRow), compound, LOG, just)
        revs = sorted(rev for _, _, _, rev, _, _ in log if rev is not None)
        assert revs == list(range(1, model.head + 1)), "revs have gaps"
        fates: dict[UUID, set[str]] = {}
        for row_id, group_id, kind, rev, verdict, code in log:
            assert model.revs.get(row_id) == rev
            assert (rev is None) == (verdict in {"rejected", "held"}), "only what is applied takes a rev"
            assert (verdict, code) == model.verdicts[row_id]
            assert verdict != "rejected" or code, "a refusal has no reason"
            if kind in FACTS:
                assert verdict != "rejected", "a fact was refused"
            else:
                fates.setdefault(group_id, set()).add(verdict if rev is None else "applied")
        assert all(len(fate) == 1 for fate in fates.values()), "a group fell apart"
        self.check_tickets(rows)
        self.check_archive(compound, rows, {rev: kind for _, _, kind, rev, _, _ in log})
        self.history[compound][model.head] = rows

    def check_tickets(self, rows: Dump) -> None:
        """Whatever people did apart: lawful states, gapless numbers, nobody at what nobody has taken."""
        tickets = loaded(rows, "ticket")
        assert {row["state"] for row in tickets} <= STATES
        assert sorted(row["number"] for row in tickets) == list(range(1, len(tickets) + 1)), (
            "numbers have gaps"
        )
        assert len({row["code"] for row in tickets}) == len(tickets), "two tickets have one code"
        at_it = {row["ticket_id"] for row in loaded(rows, "ticket_hand") if not row["archived"]}
        free = {row["id"] for row in tickets if row["state"] == "reported"}
        assert not at_it & free, "somebody is at a job that nobody has taken"

    def check_archive(self, compound: UUID, rows: Dump, kinds: Mapping[int | None, str]) -> None:
        known = self.history[compound]
        last = max(known)
        before = known[last]
        brought_back = {kind.removesuffix(".unarchive") for rev, kind in kinds.items() if rev and rev > last}
        for kind in [*brought_back]:
            brought_back |= BRINGS_BACK.get(kind, frozenset())
        for table, by_id in rows.items():
            for row_id, text in by_id.items():
                earlier = before.get(table, {}).get(row_id)
                if earlier not in {None, text} and archived(earlier) and not archived(text):
                    assert table in brought_back, (table, row_id)

    def check_laptop(self, place: int, compound: UUID) -> None:
        """The replica invariant, by another way than the one that keeps it.

        What the server had at the laptop's cursor is written into an empty store
        and the laptop's unjudged operations are replayed on it. Rows and shadows
        must be the same; the shadows must lead back to the server's rows.
        """
        store = self.laptops[place].store
        with store.read() as session:
            cursor = session.get(CursorRow, compound) or CursorRow(compound_id=compound)
            rows, shadows = dump_in(session, compound), shadows_in(session, compound)
            waiting = _waiting(session, compound)
            log = gather(session, table_of(OperationRow), compound, OWN_LOG, just)
            device = device_id(session)
        fresh = [row for row in loaded(rows, "ticket") if row["rev"] == 0]
        assert all(row["number"] is None for row in fresh), "a laptop gave a number"
        history, verdicts = self.as_known_to(place, compound)
        assert cursor.cursor in history, "the cursor is at no head the server ever had"
        confirmed = history[cursor.cursor]
        assert _put_back(rows, shadows) == confirmed, "confirmed rows are not the server's at the cursor"
        rebuilt, rebuilt_shadows = self.rebuild(compound, confirmed, waiting)
        assert rows == rebuilt, difference(rows, rebuilt)
        assert shadows == rebuilt_shadows, "shadows are not those of the rows that wait"
        own = sorted(n for n, *_, author in log if author == device)
        assert own == list(range(1, cursor.last_n + 1)), "own operations have gaps"
        in_outbox = {operation["id"] for operation, _ in waiting}
        for _, operation_id, kind, verdict, code, author in log:
            # What others' operations wait for is heard of when they wait no longer.
            if operation_id not in in_outbox and (verdict != "held" or author == device):
                said = (verdict, code)
                expected = [known.get(operation_id) for known in verdicts]
                assert said in expected, f"a verdict got lost: {operation_id} {kind} {said} {expected}"
                assert verdict != "rejected" or kind not in FACTS, "a fact is in the tray"

    def as_known_to(
        self, _: int, compound: UUID
    ) -> tuple[dict[int, Dump], list[dict[UUID, tuple[str, str | None]]]]:
        """Return what the server had at each head, and what it said of operations, as far as a laptop knows."""
        return self.history[compound], [self.models[compound].verdicts]

    def rebuild(
        self, compound: UUID, confirmed: Dump, waiting: list[tuple[dict[str, Any], dict[str, Any]]]
    ) -> tuple[Dump, dict[tuple[str, str], str]]:
        if not waiting:
            return confirmed, {}
        with thrown_away(self.scratch) as session:
            for name, model in synced_models().items():
                values = [
                    values_from_json(model, json.loads(text)) for text in confirmed.get(name, {}).values()
                ]
                if values:
                    session.connection().execute(insert(table_of(model)), values)
            if waiting:
                session.connection().execute(insert(table_of(OperationRow)), [row for row, _ in waiting])
                session.connection().execute(insert(table_of(OutboxRow)), [row for _, row in waiting])
            REPLAY(session, compound)
            return dump_in(session, compound), shadows_in(session, compound)

    def check_quiet(self, compound: UUID) -> None:
        """Everybody has everything, and everything is what the model says."""
        rows = dump(self.server, compound)
        for place, laptop in enumerate(self.laptops):
            assert laptop.ask("SELECT n FROM outbox WHERE compound_id = ?", compound.hex) == [], place
            assert dump(laptop.store, compound) == rows, difference(dump(laptop.store, compound), rows)
        self.check_model(compound, rows)
        self.check_batching(compound, rows)

    def check_model(self, compound: UUID, rows: Dump) -> None:
        state = self.models[compound].state
        for table in sorted({*state.rows, *rows} - {"alias", "conflict", "flag"}):
            expected = {row["id"].hex: wire(row) for row in state.rows[table].values()}
            found = {row_id: json.loads(text) for row_id, text in rows.get(table, {}).items()}
            assert found.keys() == expected.keys(), table
            for row_id, row in expected.items():
                kept = {name: found[row_id][name] for name in row}
                assert kept == row, (table, kept, row)
        aliases = {row["id"]: (row["table_name"], row["to_id"]) for row in loaded(rows, "alias")}
        assert aliases == {gone.hex: (table, to.hex) for (table, gone), to in state.aliases.items()}
        conflicts = [
            (
                row["id"],
                row["table_name"],
                row["row_id"],
                row["field"],
                plain(row["kept"]),
                plain(row["lost"]),
                row["status"],
            )
            for row in loaded(rows, "conflict")
        ]
        expected_conflicts = []
        for conflict in state.conflicts:
            operation, table, row_id, name, kept, lost = conflict
            found_as = derived_id(operation, "conflict", f"{table}:{row_id}:{name}")
            assert found_as == conflict_id(conflict)
            status, _ = state.settled.get(found_as, ("open", None))
            said = (found_as.hex, table, row_id.hex, name, kept.strip("'"), lost.strip("'"), status)
            expected_conflicts.append(said)
        assert sorted(conflicts) == sorted(expected_conflicts)
        flags = {(row["operation_id"], row["code"]) for row in loaded(rows, "flag")}
        assert flags == {(operation.hex, code) for operation, code in state.flags}

    def check_batching(self, compound: UUID, rows: Dump) -> None:
        """The same groups in the same order, pushed in other portions, make the same rows."""
        with thrown_away(self.scratch) as session:
            for group in self.received[compound]:
                exchange.receive(session, Push(compound, group[0].device_id, (group,)))
            assert dump_in(session, compound) == rows, "the result depends on how pushes were cut"


def _waiting(session: Session, compound: UUID) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    operation, outbox = table_of(OperationRow), table_of(OutboxRow)
    rows = {row["operation_id"]: row for row in records(session, outbox, compound)}
    if not rows:
        return []
    statement = select(operation).where(operation.c.compound_id == compound, operation.c.id.in_(rows))
    return [(dict(m), rows[m["id"]]) for m in session.execute(statement).mappings()]


def _put_back(rows: Dump, shadows: Mapping[tuple[str, str], str]) -> Dump:
    confirmed = {table: dict(by_id) for table, by_id in rows.items()}
    for (table, row_id), before in shadows.items():
        confirmed.setdefault(table, {}).pop(row_id, None)
        if before != "null":
            confirmed[table][row_id] = before
    return {table: by_id for table, by_id in confirmed.items() if by_id}


@contextmanager
def thrown_away(store: Store) -> Iterator[Session]:
    try:
        with store.write() as session:
            yield session
            raise LidClosed  # noqa: TRY301  # rolls back
    except LidClosed:
        pass


def loaded(rows: Dump, table: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in rows.get(table, {}).values()]


def wire(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model's row as the wire spells it."""
    spelled: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, UUID):
            spelled[name] = value.hex
        else:
            spelled[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return spelled


def plain(value: Any) -> str:
    return repr(value).strip("'")


def difference(one: Dump, other: Dump) -> str:
    """Name the rows in which two dumps differ."""
    lines = [
        f"{table} {row_id}:\n  {one.get(table, {}).get(row_id)}\n  {other.get(table, {}).get(row_id)}"
        for table in sorted({*one, *other})
        for row_id in sorted({*one.get(table, {}), *other.get(table, {})})
        if one.get(table, {}).get(row_id) != other.get(table, {}).get(row_id)
    ]
    return "\n".join(lines[:5])
