"""A world whose laptops reach their server over the network, with everything that befalls machines and roads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from models.errors import StoreBusy, StoreFull
from models.store import Store, open_store
from simulation import faults
from simulation.devices import Clock, Ids, Laptop
from simulation.faults import Killed
from simulation.history import Life
from simulation.network import Carry, Fault, Ticks, Traveller, Wall
from simulation.witness import Event, Past, Watched, Witness, kinds_of
from sync import enrolling
from sync.client import SyncError
from sync.rounds import Report
from sync.server import copying

#: Kinds that may break on the server; decisions all of them.
FRAGILE = (
    "household.add",
    "household.edit",
    "point.add",
    "point.edit",
    "person.add",
    "route.add",
    "role.grant",
    "ticket.report",
    "ticket.accept",
)
#: Rounds of everybody after which nothing may wait any more.
ROUNDS = 3


class NetWorld(Witness):
    """Laptops with the real client and one real server, and what befalls them."""

    acting = 0.5

    def __init__(self, folder: Path, seed: int | str, *, laptops: int, server: Store | None = None) -> None:
        self.ticks: list[Ticks] = []
        super().__init__(folder, seed, laptops=laptops, server=server)
        self.travellers = [
            Traveller(laptop, self.center, self.ticks[place], holder=f"{place}")
            for place, laptop in enumerate(self.laptops)
        ]
        self.life: Life | None = None
        #: What may happen beside rounds, and how often it does.
        self.happenings: Sequence[tuple[float, Happening]] = ()
        self.copies: dict[int, Path] = {}
        self.backup: tuple[Path, Past] | None = None
        self.restored = False
        #: Laptops that are at a round.
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

    def travel(self, place: int, compound: UUID, dice: float) -> None:
        for share, happen in self.happenings:
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

    # -- what befalls the server ------------------------------------------------------------------

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
            for kind in self.random.sample(FRAGILE, 4):
                self.broken[kind] = self.random.choice(["handler.broke", "kind.unknown"])
        self.center.kinds = kinds_of(self.broken)
        self.note("poisoned" if self.broken else "mended")
        self.retry()

    def arrive_late(self) -> None:
        """Some request of the past arrives, for the second time, when nobody waits for the answer."""
        if self.requests:
            self.note("late")
            self.center.carry(self.random.choice(self.requests))

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
        now = then.copied()
        self.models, self.history, self.events, self.heard = now.models, now.history, now.events, now.heard
        self.doubles.update(range(len(self.laptops)))
        self.count_lost()

    # -- what befalls laptops ---------------------------------------------------------------------

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


Happening = Callable[[NetWorld, int, UUID], object]
