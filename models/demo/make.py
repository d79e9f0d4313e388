"""Making the demo compound: everything at once or nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from models.community.chosen import remember_compound
from models.community.tables import Compound
from models.demo import duty, fees, register, rounds, tickets
from models.demo.scribe import Scribe
from models.ids import NewId
from models.operations.registry import load_kinds
from models.operations.tables import Setting
from models.store import Store

ZONE: Final = ZoneInfo("Asia/Shanghai")
_DEMO: Final = "demo"


def make_demo(store: Store, *, clock: Callable[[], datetime], new_id: NewId) -> UUID:
    """Make the demo compound in one transaction, open it, and return its id.

    All its dates lie before `clock()`, which is read once: last year's walk is
    a year old and this morning's is minutes old, whenever that is.
    """
    load_kinds()
    with _uncollected(), store.write() as session:
        scribe = Scribe(session, compound_id=new_id(), now=clock().astimezone(ZONE), new_id=new_id)
        register.found(scribe)
        register.settle(scribe)
        tickets.plan(scribe)
        duty.plan(scribe)
        fees.plan(scribe)
        rounds.survey(scribe)
        rounds.walk_last_year(scribe)
        register.keep_up(scribe)
        rounds.plan_rounds(scribe)
        rounds.walk_lamps(scribe)
        register.complain(scribe)
        rounds.note_rain(scribe)
        rounds.walk_this_morning(scribe)
        scribe.catch_up(scribe.now)
        session.merge(Setting(key=_DEMO, value=scribe.compound_id.hex))
        remember_compound(session, scribe.compound_id)
    return scribe.compound_id


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave cycles uncollected for the seconds it takes: looking for them again and again would be a fifth of the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_demo(session: Session) -> bool:
    """Tell whether the store holds the demo compound and no other, so that it may be thrown away."""
    made = session.get(Setting, _DEMO)
    return made is not None and [row_id.hex for row_id in session.exec(select(Compound.id))] == [made.value]
