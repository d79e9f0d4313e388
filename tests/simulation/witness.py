"""What is true of laptops and their server after each request and each round, held against the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from models.operations.digest import digests
from models.operations.envelope import Intent, Operation
from models.operations.judge import judge_again
from models.operations.perform import Outcome
from models.operations.registry import KINDS
from models.operations.tables import CursorRow, OperationRow, TrayRow
from models.problems import Problem
from models.replication.devices import epoch
from models.replication.links import link_of
from models.store import Store
from models.tables import table_of
from simulation.devices import Ids, Laptop
from simulation.model import FACTS, Model
from simulation.network import Center, Sky, Wall
from simulation.reading import Dump, counted, dump, dump_in, gather, just, listed_afresh, only
from simulation.world import World, difference, thrown_away
from sync import exchange, spelling, wire
from sync.compression import inflate


@dataclass
class Event:
    """What the server took in: a group, or everything held once more; and what was broken there then."""

    group: tuple[Operation, ...] | None
    received_at: datetime
    broken: dict[str, str]


@dataclass
class Past:
    """How a server stood when it was copied, or what it had said before a copy was put back."""

    epoch: str
    models: dict[UUID, Model]
    history: dict[UUID, dict[int, Dump]]
    events: dict[UUID, list[Event]]
    heard: dict[tuple[UUID, int], datetime]

    def copied(self) -> Past:
        """Return what goes on by itself from here."""
        return Past(
            self.epoch,
            {compound: model.copied() for compound, model in self.models.items()},
            {compound: dict(known) for compound, known in self.history.items()},
            {compound: list(events) for compound, events in self.events.items()},
            dict(self.heard),
        )


@dataclass
class Made:
    """An operation that somebody saw committed."""

    place: int
    compound: UUID
    kind: str
    truth: datetime
    settings: int


@dataclass
class Watched(Laptop):
    """A laptop whose acts are noted."""

    noted: Callable[[Outcome], None] = lambda _: None

    def attempt(self, kind: str, raw: Mapping[str, Any] | None = None, /, **fields: Any) -> Outcome | Problem:
        outcome = super().attempt(kind, raw, **fields)
        if isinstance(outcome, Outcome):
            self.noted(outcome)
        return outcome

    def together(self, *intents: Intent) -> Outcome:
        outcome = super().together(*intents)
        self.noted(outcome)
        return outcome

    def undo(self, group_id: UUID) -> Outcome:
        outcome = super().undo(group_id)
        self.noted(outcome)
        return outcome


@dataclass
class Notes:
    """What happened, so that a test can see that the history was worth living."""

    counted: Counter[str] = field(default_factory=Counter)

    def __call__(self, what: str) -> None:
        self.counted[what] += 1
        print(what)  # what a history that went wrong shows


def _broke(*_: Any) -> None:
    raise ZeroDivisionError


class Witness(World):
    """A world whose server and laptops are looked at after whatever they do."""

    def __init__(self, folder: Path, seed: int | str, *, laptops: int, server: Store | None = None) -> None:
        self.sky = Sky()
        super().__init__(folder, seed, laptops=laptops, server=server)
        self.center = Center(self.server, Wall(self.sky), Ids(f"{seed}/center"), at_once=True)
        self.center.watchers.append(self.watch)
        #: Which compounds each laptop has.
        self.joined: list[list[UUID]] = [[] for _ in self.laptops]
        self.note = Notes()
        self.made: dict[UUID, Made] = {}
        self.lost: set[UUID] = set()
        #: How often each laptop's clock was set.
        self.settings = [0] * laptops
        self.events: dict[UUID, list[Event]] = {compound: [] for compound in self.models}
        #: When what took a rev was made, as far as the server knows.
        self.heard: dict[tuple[UUID, int], datetime] = {}
        self.epoch = self.ask_epoch()
        self.pasts: list[Past] = []
        #: Laptops that have reason to take another name.
        self.doubles: set[int] = set()
        self.requests: list[httpx.Request] = []
        self.broken: dict[str, str] = {}

    def ask_epoch(self) -> str:
        with self.server.read() as session:
            return epoch(session)

    def noted(self, place: int, outcome: Outcome) -> None:
        if outcome.refused is None:
            for operation in outcome.operations:
                self.made[operation.id] = Made(
                    place, operation.compound_id, operation.kind, self.sky.now, self.settings[place]
                )

    # -- what the server does ---------------------------------------------------------------------

    def watch(self, request: httpx.Request, status: int, answered: bytes) -> None:
        """Hold what the server has done against the model."""
        path = request.url.path
        if request.method == "POST" and path in {"/v1/push", "/v1/heal", "/v1/fork"}:
            self.requests.append(request)
        if path not in {"/v1/push", "/v1/heal"}:
            return
        if status != httpx.codes.OK:
            self.check_idle()
            return
        content = inflate(request.content, most=1 << 26)
        if path == "/v1/push":
            push = spelling.to_push(wire.PushBody.model_validate_json(content))
            compound, groups = push.compound_id, push.groups
        else:
            heal = wire.HealBody.model_validate_json(content)
            compound, groups = heal.compound, tuple(map(tuple, spelling.to_lost(heal)))
            self.note("healed")
        self.take_in(compound, groups, afresh=path == "/v1/push")
        reply = wire.PushReply.model_validate_json(inflate(answered, most=1 << 26))
        expected = self.models[compound].verdicts
        assert [said.id for said in reply.judgements] == [o.id for group in groups for o in group]
        for said in reply.judgements:
            assert (said.verdict, said.code) == expected[said.id]
            self.note(said.verdict)
        self.check_server(compound)

    def take_in(self, compound: UUID, groups: Sequence[tuple[Operation, ...]], *, afresh: bool) -> None:
        model = self.models[compound]
        new = [group for group in groups if group[0].id not in model.verdicts]
        rows = self.rows_of(compound, [operation.id for group in new for operation in group])
        for group in new:
            for operation in group:
                received = rows[operation.id].received_at
                assert self.sky.now - timedelta(minutes=3) < received <= self.sky.now
                earliest = (
                    self.heard.get((compound, operation.seen), operation.at) if afresh else operation.at
                )
                at = min(max(operation.at, earliest), received)
                assert (rows[operation.id].at or rows[operation.id].made_at) == at
                self.check_time(operation, at)
        for group in new:
            received = rows[group[0].id].received_at
            put_right = tuple(replace(one, at=rows[one.id].at or rows[one.id].made_at) for one in group)
            self.events[compound].append(Event(put_right, received, dict(self.broken)))
            judged = tuple(replace(one, made_at=rows[one.id].at or rows[one.id].made_at) for one in group)
            model.judge(judged, broken=self.broken)
        self.remember_times(compound, [operation.id for group in new for operation in group])

    def remember_times(self, compound: UUID, operation_ids: Iterable[UUID]) -> None:
        rows = self.rows_of(compound, operation_ids)
        for row in rows.values():
            if row.rev is not None:
                self.heard[compound, row.rev] = row.at or row.made_at

    def rows_of(self, compound: UUID, operation_ids: Iterable[UUID]) -> dict[UUID, Any]:
        table = table_of(OperationRow)
        columns = table.c["id", "at", "made_at", "received_at", "rev", "verdict"]
        with self.server.read() as session:
            found = session.execute(
                select(*columns).where(table.c.compound_id == compound, table.c.id.in_(list(operation_ids)))
            ).all()
        return {row.id: row for row in found}

    def check_time(self, operation: Operation, at: datetime) -> None:
        """Whatever the laptop's clock said: where it was not set in between, the server knows when it was."""
        made = self.made.get(operation.id)
        if made is not None and made.settings == self.settings[made.place] and made.place not in self.doubles:
            assert abs(at - made.truth) < timedelta(minutes=3), (operation.kind, at, made.truth)

    def check_idle(self) -> None:
        """What was answered with a refusal was not done."""
        with self.server.read() as session:
            for compound, model in self.models.items():
                found = gather(session, table_of(OperationRow), compound, ("id",), only)
                assert set(found) == model.verdicts.keys(), "a refused request did something"

    # -- what is lost, and what must not be ---------------------------------------------------------

    def present(self) -> Past:
        return Past(self.epoch, self.models, self.history, self.events, self.heard).copied()

    def count_lost(self) -> None:
        """What nobody has any more is lost, and only that may be."""
        self.lost |= self.made.keys() - self.found_anywhere()

    def found_anywhere(self) -> set[UUID]:
        found = {operation for model in self.models.values() for operation in model.verdicts}
        for laptop in self.laptops:
            found.update(UUID(row_id) for (row_id,) in laptop.ask("SELECT id FROM operation"))
        return found

    def on_server(self) -> set[UUID]:
        return {row_id for model in self.models.values() for row_id in model.verdicts}

    def in_trays(self) -> set[UUID]:
        found: set[UUID] = set()
        for laptop in self.laptops:
            found.update(UUID(row_id) for (row_id,) in laptop.ask("SELECT operation_id FROM tray"))
        return {row_id for row_id in found if self.made[row_id].kind not in FACTS}

    # -- what must be true --------------------------------------------------------------------------

    def as_known_to(
        self, place: int, compound: UUID
    ) -> tuple[dict[int, Dump], list[dict[UUID, tuple[str, str | None]]]]:
        """A laptop that has not heard of a restore yet stands on what was before."""
        with self.laptops[place].store.read() as session:
            link = link_of(session, compound)
        history, verdicts = self.history[compound], [self.models[compound].verdicts]
        if link is not None and link.epoch not in {"", self.epoch}:
            past = next(past for past in self.pasts if past.epoch == link.epoch)
            later = self.pasts[self.pasts.index(past) :]
            return past.history[compound], [*(one.models[compound].verdicts for one in later), *verdicts]
        # What a server refused before it was restored is in the tray, and need not come to its ears again.
        refused = {
            row_id: said
            for past in self.pasts
            for row_id, said in past.models[compound].verdicts.items()
            if said[0] == "rejected" and row_id not in verdicts[0]
        }
        return history, [*verdicts, refused]

    def check_laptop(self, place: int, compound: UUID) -> None:
        if compound not in self.joined[place]:
            return
        super().check_laptop(place, compound)
        laptop = self.laptops[place]
        with laptop.store.read() as session:
            cursor = session.get(CursorRow, compound)
            kept = dict(digests(session, compound))
            tray = set(gather(session, table_of(TrayRow), compound, ("operation_id",), only))
            said = gather(session, table_of(OperationRow), compound, ("id", "verdict"), just)
        refused = {row_id for row_id, verdict in said if verdict == "rejected"}
        history, _ = self.as_known_to(place, compound)
        assert kept == counted(history[0 if cursor is None else cursor.cursor]), "digests lie"
        own = {row_id for row_id in refused if row_id in self.made and self.made[row_id].place == place}
        assert own <= tray, "what was refused is not shown"
        others = set(laptop.ask("SELECT DISTINCT compound_id FROM household")) - {
            (one.hex,) for one in self.joined[place]
        }
        assert not others, "rows of another compound"

    def check_server(self, compound: UUID) -> None:
        super().check_server(compound)
        with self.server.read() as session:
            assert dict(digests(session, compound)) == counted(
                self.history[compound][self.models[compound].head]
            )

    def check_quiet(self, compound: UUID) -> None:
        rows = dump(self.server, compound)
        model = self.models[compound]
        said = {row_id: (model.verdicts[row_id][0], rev) for row_id, rev in model.revs.items()}
        for place, laptop in enumerate(self.laptops):
            if compound not in self.joined[place]:
                continue
            waits = laptop.ask("SELECT n FROM outbox WHERE compound_id = ?", compound.hex)
            assert waits == [], (place, waits)
            assert dump(laptop.store, compound) == rows, difference(dump(laptop.store, compound), rows)
            listed_afresh(laptop.store, compound)
            logged = laptop.ask(
                "SELECT id, verdict, rev FROM operation WHERE compound_id = ? AND rev IS NOT NULL",
                compound.hex,
            )
            assert {UUID(row_id): (verdict, rev) for row_id, verdict, rev in logged} == said, "logs differ"
        self.check_model(compound, rows)
        self.check_batching(compound, rows)

    def check_batching(self, compound: UUID, rows: Dump) -> None:
        """The same groups in the same order, each alone, make the same rows."""
        with thrown_away(self.scratch) as session, ExitStack() as stack:
            for event in self.events[compound]:
                self.center.kinds = kinds_of(event.broken)
                with self.center.own_kinds():
                    if event.group is None:
                        judge_again(session, compound)
                    else:
                        exchange.heal(session, compound, [event.group], received_at=event.received_at)
            stack.callback(self.center.kinds.clear)
            found = dump_in(session, compound)
            assert found == rows, difference(found, rows)


def kinds_of(broken: dict[str, str]) -> dict[str, Any]:
    return {
        kind: None if code == "kind.unknown" else replace(KINDS[kind], handler=_broke)
        for kind, code in broken.items()
    }
