"""What the operator does on the server: compounds, codes, laptops, copies, figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as pick

from models.community.tables import Compound, Person
from models.ids import NewId
from models.operations.envelope import Acting, Intent
from models.operations.judge import judge_again
from models.operations.perform import Outcome
from models.operations.tables import Conflict, HeadRow, OperationRow
from models.replication import devices
from models.replication.commission import commission
from models.replication.tables import Chain, Device, Hosted
from models.store import Store
from models.tables import table_of


@dataclass(frozen=True, slots=True)
class CompoundLine:
    """A compound that the server keeps. `pristine` while no laptop has been enrolled."""

    id: UUID
    name: str
    created_at: datetime
    pristine: bool
    head: int
    laptops: int
    people: int


class NoSuchCompound(LookupError):  # noqa: N818  # says what is the case
    """No compound, or several, go by this name or id. `n` tells how many."""

    def __init__(self, name: str, n: int) -> None:
        super().__init__(name)
        self.name, self.n = name, n


class NotAServer(Exception):  # noqa: N818  # says what is the case
    """The store is a laptop's: serving from it would mix up who judges whom."""


def begin(store: Store, *, nonce: str) -> None:
    """Make a new server's store ready; an epoch that is there stays. Raises NotAServer for a laptop's."""
    with store.write() as session:
        if devices.epoch(session):
            return
        if session.exec(pick(OperationRow.id).limit(1)).first() is not None:
            raise NotAServer(store.name)
        devices.begin_epoch(session, nonce)


def add_compound(
    store: Store, name: str, *, clock: Callable[[], datetime], new_id: NewId, zone: str | None = None
) -> tuple[UUID, Outcome]:
    """Found a compound on the server, so that laptops can be enrolled in it."""
    compound_id = new_id()
    payload: dict[str, Any] = {"name": name, "person": str(new_id())}
    if zone is not None:
        payload["zone"] = zone
    with store.write() as session:
        outcome = commission(
            session,
            [Intent("compound.found", payload)],
            Acting(compound_id, compound_id, clock, new_id),
        )
        if outcome.refused is None:
            devices.host(session, compound_id, clock(), pristine=True)
    return compound_id, outcome


def compounds(session: Session) -> list[CompoundLine]:
    """Return what the server keeps, by name."""
    laptops = _counts(session, Chain, col(Chain.device_id).in_(pick(Device.id)))
    people = _counts(session, Person, col(Person.archived).is_(False))
    names = dict(session.exec(pick(Compound.id, Compound.name)).all())
    heads = dict(session.exec(pick(HeadRow.compound_id, HeadRow.head)).all())
    lines = [
        CompoundLine(
            id=hosted.compound_id,
            name=names.get(hosted.compound_id, ""),
            created_at=hosted.created_at,
            pristine=hosted.pristine,
            head=heads.get(hosted.compound_id, 0),
            laptops=laptops.get(hosted.compound_id, 0),
            people=people.get(hosted.compound_id, 0),
        )
        for hosted in session.exec(pick(Hosted)).all()
    ]
    return sorted(lines, key=lambda line: (line.name, line.id.hex))


def find_compound(session: Session, named: str) -> CompoundLine:
    """Return the compound that a name or an id means. Raises NoSuchCompound."""
    found = [line for line in compounds(session) if named in {line.name, str(line.id), line.id.hex}]
    if len(found) != 1:
        raise NoSuchCompound(named, len(found))
    return found[0]


def find_device(session: Session, named: str) -> list[UUID]:
    """Return the laptops that a name, an id or the beginning of one means."""
    wanted = named.replace("-", "").lower()
    rows = session.exec(pick(Device)).all()
    exact = [row.id for row in rows if named == row.name or wanted == row.id.hex]
    return exact or [row.id for row in rows if len(wanted) >= 6 and row.id.hex.startswith(wanted)]  # noqa: PLR2004


def offer(
    store: Store,
    compound_id: UUID,
    *,
    randomness: bytes,
    clock: Callable[[], datetime],
    life: timedelta = devices.CODE_LIFE,
) -> tuple[str, datetime]:
    """Make a code that lets one laptop into a compound; returns it, and until when."""
    code = devices.spell_code(randomness)
    with store.write() as session:
        return code, devices.offer_code(session, compound_id, code=code, now=clock(), life=life)


def retry(store: Store, compound_id: UUID | None = None) -> dict[str, int]:
    """Judge once more what is held; returns how many got which verdict, and how many are held still."""
    with store.read() as session:
        held = session.exec(
            pick(OperationRow.compound_id).where(OperationRow.verdict == "held").distinct()
        ).all()
    said: dict[str, int] = {}
    for one in held:
        if compound_id is None or one == compound_id:
            with store.write() as session:
                for row in judge_again(session, one):
                    said[str(row.verdict)] = said.get(str(row.verdict), 0) + 1
    with store.read() as session:
        left = session.exec(
            pick(func.count()).select_from(OperationRow).where(OperationRow.verdict == "held")
        ).one()
    return said | ({"held": left} if left else {})


def stats(store: Store, *, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Return the server's figures: compounds, laptops, operations by verdict, what is open."""
    operation, conflict = table_of(OperationRow), table_of(Conflict)
    with store.read() as session:
        connection = session.connection()
        by_verdict = connection.execute(
            select(operation.c.verdict, func.count()).group_by(operation.c.verdict)
        ).all()
        lines = compounds(session)
        known = session.exec(pick(Device)).all()
        now = clock()
        return {
            "epoch": devices.epoch(session),
            "compounds": [
                {
                    "id": str(line.id),
                    "name": line.name,
                    "head": line.head,
                    "laptops": line.laptops,
                    "people": line.people,
                }
                for line in lines
            ],
            "laptops": {
                "enrolled": len(known),
                "revoked": sum(one.revoked_at is not None for one in known),
                "seen_this_week": sum(
                    one.last_seen is not None and now - one.last_seen < timedelta(days=7) for one in known
                ),
            },
            "operations": {str(verdict): count for verdict, count in by_verdict},
            "conflicts_open": connection.execute(
                select(func.count()).select_from(conflict).where(conflict.c.status == "open")
            ).scalar_one(),
        }


def _counts(session: Session, model: Any, *conditions: Any) -> dict[UUID, int]:
    table = table_of(model)
    statement = select(table.c.compound_id, func.count()).where(*conditions).group_by(table.c.compound_id)
    return {row[0]: row[1] for row in session.connection().execute(statement)}
