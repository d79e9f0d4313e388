"""A world whose laptops reach their server over the network, with everything that befalls machines and roads."""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from models.errors import StoreBusy, StoreFull
from models.operations.digest import digests, mark
from models.operations.envelope import Intent, Operation
from models.operations.judge import judge_again
from models.operations.perform import Outcome
from models.operations.registry import KINDS
from models.operations.tables import CursorRow, OperationRow, TrayRow
from models.problems import Problem
from models.replication.devices import epoch
from models.replication.links import link_of
from models.store import Store, open_store
from models.tables import table_of
from simulation import faults
from simulation.devices import Clock, Ids, Laptop
from simulation.faults import Killed
from simulation.history import Life
from simulation.model import Model
from simulation.network import Carry, Center, Fault, Sky, Ticks, Traveller, Wall, narrow
from simulation.world import Dump, World, difference, dump, dump_in, thrown_away
from sync import enrolling, exchange, wire
from sync.client import SyncError
from sync.compression import inflate
from sync.rounds import OtherAtIt, Report
from sync.server import copying

#: (laptops, seed) of the histories that are lived each time.
FIXED = ((3, 1),)
MOST_LAPTOPS = 6
YEARS = timedelta(days=3652)
#: Kinds that may break on the server; decisions all of them.
FRAGILE = (
    "household.add",
    "household.edit",
    "point.add",
    "point.edit",
    "person.add",
    "route.add",
    "role.grant",
)
#: Rounds of everybody after which nothing may wait any more.
ROUNDS = 3


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


@dataclass
class Notes:
    """What happened, so that a test can see that the history was worth living."""

    counted: Counter[str] = field(default_factory=Counter)

    def __call__(self, what: str) -> None:
        self.counted[what] += 1
        print(what)  # what a history that went wrong shows


def _broke(*_: Any) -> None:
    raise ZeroDivisionError


class NetWorld(World):
    """Laptops with the real client, one real server, and what is true of them after every step."""

    acting = 0.5

    def __init__(self, folder: Path, seed: int | str, *, laptops: int, server: Store | None = None) -> None:
        self.sky = Sky()
        self.travellers: list[Traveller] = []
        self.ticks: list[Ticks] = []
        super().__init__(folder, seed, laptops=laptops, server=server)
        self.center = Center(self.server, Wall(self.sky), Ids(f"{seed}/center"))
        self.center.watchers.append(self.watch)
        for place, laptop in enumerate(self.laptops):
            self.travellers.append(Traveller(laptop, self.center, self.ticks[place], holder=f"{place}"))
        self.joined: list[list[UUID]] = [[] for _ in self.laptops]
        self.life: Life | None = None
        self.note = Notes()
        self.made: dict[UUID, Made] = {}
        self.lost: set[UUID] = set()
        self.settings = [0] * laptops
        self.events: dict[UUID, list[Event]] = {compound: [] for compound in self.models}
        #: When what took a rev was made, as far as the server knows.
        self.heard: dict[tuple[UUID, int], datetime] = {}
        self.epoch = self.ask_epoch()
        self.pasts: list[Past] = []
        self.copies: dict[int, Path] = {}
        self.backup: tuple[Path, Past] | None = None
        self.restored = False
        #: Laptops that have reason to take another name.
        self.doubles: set[int] = set()
        self.requests: list[httpx.Request] = []
        self.broken: dict[str, str] = {}
        self.busy: list[int] = []

    def laptop(self, place: int) -> Laptop:
        clock = Wall(self.sky, timedelta(minutes=7 * place) if place else timedelta())
        ticks = Ticks(clock, started=float(place))
        self.ticks.append(ticks)
        ids = Ids(f"{self.ids.seed}/{place}")
        return self.watched(self.make(f"laptop{place}"), self.ids(), clock, ids, ticks, place)

    def watched(  # noqa: PLR0917
        self, store: Store, person_id: UUID, clock: Clock, ids: Ids, ticks: Ticks, place: int
    ) -> Laptop:
        noted = partial(self.noted, place)
        return Watched(store, self.compound, person_id, clock, ids, ticks, noted)

    def ask_epoch(self) -> str:
        with self.server.read() as session:
            return epoch(session)

    # -- what lives ask of it ----------------------------------------------------------------

    def join(self) -> None:
        for compound in (self.compound, self.other):
            for place in range(len(self.laptops)):
                if compound == self.other and place == len(self.laptops) - 1 and place > 1:
                    continue  # one laptop knows nothing of the other compound
                self.enrol(place, compound, own=compound if place == 0 else None)
                self.joined[place].append(compound)
                self.sync(place, compound)

    def enrol(self, place: int, compound: UUID, *, own: UUID | None = None) -> None:
        """Enrol a laptop, however often it takes."""
        traveller = self.travellers[place]
        code = self.center.code(compound if own is None else self.center.add("还没有人用"))
        traveller.faults.clear()
        offer = enrolling.look(traveller.here, "http://center.test", code, own=own)
        assert offer.compound_id == compound or offer.adopts
        for _ in range(12):
            traveller.faults[:] = self.mishaps(place, [faults.fine]) if self.random.random() < 0.4 else []
            try:
                done = enrolling.enrol(traveller.here, offer, name=f"laptop{place}", version="test")
            except SyncError as error:
                assert error.code.startswith(("sync.", "server.")), error.code  # noqa: PT017
            else:
                assert done.compound_id == compound
                break
            finally:
                traveller.faults.clear()
        else:
            raise AssertionError("a laptop was not let in")

    def meet(self, order: Iterable[int]) -> None:
        for place in order:
            self.sync(place, faults=[faults.reply_lost])
            self.sync(place, faults=[faults.fine, faults.reply_lost])
            self.sync(place, faults=[faults.twice] * 4)
            self.sync(place)
        for place in range(len(self.laptops)):
            self.sync(place)

    def hear_late(self, _: int) -> None:
        self.arrive_late()

    def at_hand(self, place: int, compound: UUID) -> UUID:
        return compound if compound in self.joined[place] else self.compound

    def noted(self, place: int, outcome: Outcome) -> None:
        if outcome.refused is None:
            for operation in outcome.operations:
                self.made[operation.id] = Made(
                    place, operation.compound_id, operation.kind, self.sky.now, self.settings[place]
                )

    def travel(self, place: int, compound: UUID, dice: float) -> None:
        for share, happen in HAPPENINGS:
            dice -= share
            if dice < 0:
                happen(self, place, compound)
                return
        self.sync(place, compound, faults=self.mishaps(place, faults.ROAD))

    # -- a round --------------------------------------------------------------------------------

    def sync(
        self,
        place: int,
        compound: UUID | None = None,
        *,
        faults: Sequence[Fault] = (),
        during: AbstractContextManager[Any] | None = None,
    ) -> Report | None:
        """Let a laptop do one round; what is broken on the way may stop it, and nothing else may."""
        compound = compound or self.compound
        traveller = self.travellers[place]
        traveller.faults[:] = faults
        self.busy.append(place)
        report: Report | None = None
        locked_out = False
        try:
            with during or nullcontext():
                report = traveller.sync(compound)
        except SyncError as error:
            self.note(error.code)
            if error.code in {"token.unknown", "compound.closed"}:
                assert self.restored, "a laptop was locked out"
                locked_out = True
            else:
                assert faults or during, f"without any fault: {error.code} {error.params}"  # noqa: PT017
                assert error.code.startswith(("sync.", "server.")), error.code  # noqa: PT017
        except (StoreFull, StoreBusy) as error:
            assert during, "without any fault"
            self.note(type(error).__name__)
        except Killed:
            self.note("killed")
            self.reopen(place)
        finally:
            traveller.faults.clear()
            self.busy.remove(place)
        if locked_out:
            self.enrol(place, compound)
        if report is not None:
            self.note("round")
            assert not report.repaired, "a laptop had to be filled afresh"
            if report.renamed:
                self.note("renamed")
                assert place in self.doubles, "a laptop took another name without need"
        for known in self.joined[place]:
            if known == compound or self.random.random() < 0.2:
                self.check_laptop(place, known)
        return report

    def mishaps(self, place: int, choices: Sequence[Fault]) -> list[Fault]:
        """Choose what happens to the next requests."""
        dice = self.random
        plan: list[Fault] = [faults.fine] * dice.randint(1, 7)
        if dice.random() < 0.3:
            return []
        for _ in range(dice.randint(1, 2)):
            plan[dice.randrange(len(plan))] = dice.choice(choices)
        if dice.random() < 0.25:
            plan[dice.randrange(len(plan))] = self.meanwhile(place)
        return plan

    def meanwhile(self, place: int) -> Fault:
        """Something else happens while a request is on its way."""

        def happen(request: httpx.Request, carry: Carry) -> httpx.Response:
            others = [
                other
                for other in range(len(self.laptops))
                if other not in self.busy and self.compound in self.joined[other]
            ]
            if others and self.random.random() < 0.6:
                self.note("meanwhile another round")
                self.sync(self.random.choice(others))
            elif self.life is not None and self.compound in self.joined[place]:
                self.note("meanwhile an act")
                self.life.compound = self.compound
                self.life.act(place)
            return carry(request)

        return happen

    def reopen(self, place: int, *, fresh: Path | None = None) -> None:
        """Start the program again, perhaps on another file."""
        laptop = self.laptops[place]
        path = laptop.path
        laptop.store.close()
        self.stores.remove(laptop.store)
        if fresh is not None:
            shutil.copy(fresh, path)
        laptop.store = open_store(path, new_id=laptop.ids)
        self.stores.append(laptop.store)
        # It is another process, and waits until the lease of the one that is gone is over.
        self.travellers[place].holder += "'"
        self.sky.now += timedelta(minutes=5)

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
            push = wire.to_push(wire.PushBody.model_validate_json(content))
            compound, groups = push.compound_id, push.groups
        else:
            heal = wire.HealBody.model_validate_json(content)
            compound, groups = heal.compound, tuple(map(tuple, wire.to_lost(heal)))
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
        table = table_of(OperationRow)
        with self.server.read() as session:
            for compound, model in self.models.items():
                found = session.execute(select(table.c.id).where(table.c.compound_id == compound)).scalars()
                assert set(found) == model.verdicts.keys(), "a refused request did something"

    def retry(self) -> None:
        """The operator lets the server judge once more what it holds."""
        self.center.retry()
        for compound, model in self.models.items():
            held = [operation.id for group in model.held for operation in group]
            if held:
                model.judge_again(broken=self.broken)
                self.events[compound].append(Event(None, self.sky.now, dict(self.broken)))
                self.remember_times(compound, held)
                self.check_server(compound)

    def poison(self) -> None:
        """Some kinds break on the server, or its version does not know them; or all is well again."""
        self.broken = {}
        if self.random.random() < 0.6:
            for kind in self.random.sample(FRAGILE, 2):
                self.broken[kind] = self.random.choice(["handler.broke", "kind.unknown"])
        self.center.kinds = kinds_of(self.broken)
        self.note("poisoned" if self.broken else "mended")
        self.retry()

    def arrive_late(self) -> None:
        """Some request of the past arrives, for the second time, when nobody waits for the answer."""
        if self.requests:
            self.note("late")
            self.center.carry(self.random.choice(self.requests))

    # -- copies ---------------------------------------------------------------------------------------

    def present(self) -> Past:
        return Past(
            self.epoch,
            copy.deepcopy(self.models),
            {compound: dict(known) for compound, known in self.history.items()},
            {compound: list(events) for compound, events in self.events.items()},
            dict(self.heard),
        )

    def copy_server(self) -> None:
        self.note("server copied")
        file = self.folder / f"backup{len(self.pasts)}-{self.center.ids.made}.linli"
        copying.backup(self.server, file, new_id=self.center.ids)
        self.backup = file, self.present()

    def restore_server(self) -> None:
        assert self.backup is not None
        file, then = self.backup
        self.note("server restored")
        self.pasts.append(self.present())
        copying.restore(
            self.server,
            file,
            nonce=self.center.ids().hex,
            replace=True,
            new_id=self.center.ids,
            clock=self.center.clock,
        )
        self.backup = None
        self.epoch, self.restored = self.ask_epoch(), True
        now = copy.deepcopy(then)
        self.models, self.history, self.events, self.heard = now.models, now.history, now.events, now.heard
        self.doubles.update(range(len(self.laptops)))
        self.count_lost()

    def copy_laptop(self, place: int) -> None:
        self.note("laptop copied")
        self.reopen(place)
        laptop = self.laptops[place]
        laptop.store.close()
        file = self.folder / f"copy{place}-{laptop.ids.made}.linli"
        shutil.copy(laptop.path, file)
        self.copies[place] = file

    def restore_laptop(self, place: int) -> None:
        self.note("laptop restored")
        self.reopen(place, fresh=self.copies.pop(place))
        self.doubles.add(place)
        if self.life is not None:
            self.life.groups.pop(place, None)
        self.count_lost()

    def clone(self, place: int) -> None:
        """Somebody copies the store to a further laptop, and both go on."""
        self.note("laptop cloned")
        self.reopen(place)
        first = self.laptops[place]
        first.store.close()
        new = len(self.laptops)
        path = self.folder / f"laptop{new}.linli"
        shutil.copy(first.path, path)
        assert isinstance(first.clock, Wall)
        clock = Wall(self.sky, first.clock.offset)
        ids = Ids(f"{self.ids.seed}/{new}")
        ticks = Ticks(clock, started=self.ticks[place].started)
        laptop = self.watched(open_store(path, new_id=ids), first.person_id, clock, ids, ticks, new)
        self.stores.append(laptop.store)
        self.laptops.append(laptop)
        self.ticks.append(ticks)
        self.settings.append(self.settings[place])
        self.travellers.append(Traveller(laptop, self.center, ticks, holder=f"{new}"))
        self.joined.append([*self.joined[place]])
        self.doubles.update({place, new})

    def count_lost(self) -> None:
        """What nobody has any more is lost, and only that may be."""
        self.lost |= self.made.keys() - self.found_anywhere()

    def found_anywhere(self) -> set[UUID]:
        found = {operation for model in self.models.values() for operation in model.verdicts}
        for laptop in self.laptops:
            found.update(UUID(row_id) for (row_id,) in laptop.ask("SELECT id FROM operation"))
        return found

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
            tray = set(
                session.execute(
                    select(table_of(TrayRow).c.operation_id).where(
                        table_of(TrayRow).c.compound_id == compound
                    )
                ).scalars()
            )
            refused = set(
                session.execute(
                    select(table_of(OperationRow).c.id).where(
                        table_of(OperationRow).c.compound_id == compound,
                        table_of(OperationRow).c.verdict == "rejected",
                    )
                ).scalars()
            )
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

    def settle(self) -> None:
        """All is well again: in a few rounds everybody has everything."""
        self.broken, self.center.kinds = {}, {}
        self.retry()
        assert not any(model.held for model in self.models.values()), "something is held for ever"
        for _ in range(ROUNDS):
            for place in range(len(self.laptops)):
                self.sky.now += timedelta(minutes=5)
                for compound in self.joined[place]:
                    while (report := self.sync(place, compound)) is None or report.more_history:
                        pass
        for compound in self.models:
            self.check_quiet(compound)
        missing = self.made.keys() - self.lost - self.on_server() - self.in_trays()
        assert not missing, [self.made[row_id] for row_id in missing]

    def on_server(self) -> set[UUID]:
        return {row_id for model in self.models.values() for row_id in model.verdicts}

    def in_trays(self) -> set[UUID]:
        found: set[UUID] = set()
        for laptop in self.laptops:
            found.update(UUID(row_id) for (row_id,) in laptop.ask("SELECT operation_id FROM tray"))
        return {row_id for row_id in found if self.made[row_id].kind != "walk.observe"}

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


def counted(rows: Dump) -> dict[str, tuple[int, int]]:
    """Compute digests over whole tables."""
    found = {}
    for table, by_id in rows.items():
        marks = [mark(UUID(row_id), json.loads(text)["rev"]) for row_id, text in by_id.items()]
        found[table] = (len(marks), sum(marks) & ((1 << 63) - 1))
    return found


# -- what happens beside rounds ------------------------------------------------------------------------

Happening = Callable[[NetWorld, int, UUID], object]


def something_late(world: NetWorld, *_: Any) -> None:
    world.arrive_late()


def killed(world: NetWorld, place: int, compound: UUID) -> None:
    at = world.random.randint(1, 150)
    world.sync(place, compound, during=faults.killed(world.laptops[place].store, at))


def disk_of_laptop(world: NetWorld, place: int, compound: UUID) -> None:
    world.sync(place, compound, during=faults.anything(world.random, world.laptops[place].store))


def disk_of_server(world: NetWorld, place: int, compound: UUID) -> None:
    world.sync(place, compound, during=faults.anything(world.random, world.server))


def clock_is_set(world: NetWorld, place: int, _: UUID) -> None:
    world.note("clock set")
    wrong = [timedelta(), timedelta(), YEARS, -YEARS, timedelta(hours=8), timedelta(minutes=-3)]
    world.travellers[place].set_clock(world.random.choice(wrong))
    world.settings[place] += 1


def other_window(world: NetWorld, place: int, compound: UUID) -> None:
    """A second window syncs while the first one is at it; perhaps the first has slept for long."""
    sleeps = world.random.random() < 0.5
    traveller = world.travellers[place]
    second = replace(traveller, faults=[], holder=f"{traveller.holder} second")

    def happen(request: httpx.Request, carry: Carry) -> httpx.Response:
        if sleeps:
            world.sky.now += timedelta(minutes=5)
        try:
            second.sync(compound)
        except OtherAtIt:
            assert not sleeps
            world.note("other at it")
        except SyncError as error:
            assert error.code == "token.unknown"  # noqa: PT017
            assert world.restored
        else:
            assert sleeps, "two windows were at it together"
            world.note("took over")
        return carry(request)

    plan: list[Fault] = [faults.fine] * world.random.randint(0, 5) + [happen]
    try:
        world.sync(place, compound, faults=plan)
    except OtherAtIt:
        world.note("gave way")
    world.check_laptop(place, compound)


def server_copied(world: NetWorld, *_: Any) -> None:
    if world.backup is None or world.random.random() < 0.2:
        world.copy_server()
        return
    # A laptop that slept through one restore knows nothing of the time after: see sync.md.
    for place in range(len(world.laptops)):
        for compound in world.joined[place]:
            with world.laptops[place].store.read() as session:
                link = link_of(session, compound)
            if link is None or link.epoch != world.epoch:
                return
    if not world.busy:
        world.restore_server()


def laptop_copied(world: NetWorld, place: int, _: UUID) -> None:
    if place not in world.copies:
        world.copy_laptop(place)
        world.reopen(place)
    else:
        world.restore_laptop(place)


def laptop_cloned(world: NetWorld, place: int, _: UUID) -> None:
    if len(world.laptops) < MOST_LAPTOPS:
        world.clone(place)
        world.reopen(place)


def poisoned(world: NetWorld, *_: Any) -> None:
    world.poison()


HAPPENINGS: tuple[tuple[float, Happening], ...] = (
    (0.08, something_late),
    (0.07, killed),
    (0.05, disk_of_laptop),
    (0.05, disk_of_server),
    (0.05, clock_is_set),
    (0.05, other_window),
    (0.06, server_copied),
    (0.05, laptop_copied),
    (0.02, laptop_cloned),
    (0.06, poisoned),
)


def tour(world: NetWorld, life: Life) -> None:
    """Let everything happen twice, with people at work in between."""
    for _, happen in HAPPENINGS * 2:
        for place in range(len(world.laptops)):
            life.compound = world.compound
            life.act(place)
        place = world.random.randrange(len(world.laptops))
        happen(world, place, world.compound)
        for place in world.random.sample(range(len(world.laptops)), 2):
            world.sync(place, faults=world.mishaps(place, faults.ROAD))


def live(
    folder: Path,
    seed: int | str,
    *,
    laptops: int,
    steps: int,
    server: Store | None = None,
    touring: bool = False,
) -> NetWorld:
    """Live one random history to its quiet end, checked all the way, and return what is left."""
    world = NetWorld(folder, seed, laptops=laptops, server=server)
    dice = world.random
    try:
        with narrow(rows=dice.choice([5, 17, 400]), operations=dice.choice([4, 9, 500]), logged=7):
            life = Life(world)
            world.life = life
            life.begin()
            life.collide()
            if touring:
                tour(world, life)
            for _ in range(steps):
                life.step()
            world.settle()
    finally:
        world.close()
    return world
