"""What other processes do to a store while a test watches: run as `python workers.py WHAT ADDRESS ...`."""

from __future__ import annotations

import os
import sys
from uuid import UUID

from simulation.devices import Clock, Ids

from models.ids import uuid7
from models.operations.envelope import Acting, Intent
from models.operations.perform import perform
from models.operations.registry import load_kinds
from models.operations.tables import Setting
from models.store import Store, open_database


def make(address: str) -> None:
    """Make the store and say which device it became."""
    store = open_database(address, new_id=Ids(f"process {os.getpid()}"))
    with store.read() as session:
        device = session.get(Setting, "device")
        assert device is not None
        print(device.value, flush=True)
    store.close()


def count(address: str, times: str) -> None:
    """Add one to a setting, many times."""
    store = open_database(address, new_id=Ids())
    for _ in range(int(times)):
        add_one(store)
    store.close()


def add_one(store: Store) -> None:
    with store.write() as session:
        row = session.get(Setting, "count") or Setting(key="count", value=0)
        row.value += 1
        session.add(row)


def perform_for_ever(address: str, compound: str, person: str) -> None:
    """Perform groups of three until somebody kills this."""
    load_kinds()
    store = open_database(address, new_id=Ids())

    def new_id() -> UUID:
        return uuid7(0, os.urandom(10))

    acting = Acting(UUID(compound), UUID(person), Clock(), new_id)
    print("ready", flush=True)
    while True:
        people = [{"person": str(new_id()), "occupancy": str(new_id()), "name": "张三"}]
        code = f"{new_id().hex[-6:]}-1-101"
        intents = [
            Intent("household.add", {"id": str(new_id()), "code": code, "occupants": people}),
            Intent("person.add", {"id": str(new_id()), "name": "李四"}),
            Intent("team.add", {"id": str(new_id()), "name": new_id().hex}),
        ]
        with store.write() as session:
            assert perform(session, intents, acting).refused is None


if __name__ == "__main__":
    {"make": make, "count": count, "perform": perform_for_ever}[sys.argv[1]](*sys.argv[2:])
