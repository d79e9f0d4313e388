"""Which laptop a store takes itself for, and how it becomes another one.

A store that was copied to a second laptop, or put back from an old copy, counts
its operations as somebody else does. It then takes a new device id, and what no
server has judged yet is counted anew, from 1, under the same operation ids.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy import select as core_select
from sqlmodel import Session

from models.operations import about, replica
from models.operations.tables import CursorRow, OperationRow, OutboxRow, Setting
from models.tables import table_of

_NAME = "device_name"
_ASKED = "forking"


def become(session: Session, device_id: UUID) -> None:
    """Let this store be another device. What waits is counted anew, and replayed under that name; ids stay."""
    operation = table_of(OperationRow)
    connection = session.connection()
    session.merge(Setting(key="device", value=device_id.hex))
    outbox, cursor = table_of(OutboxRow), table_of(CursorRow)
    session.flush()
    for compound_id in connection.execute(core_select(cursor.c.compound_id)).scalars().all():
        waiting = connection.execute(
            core_select(outbox).where(outbox.c.compound_id == compound_id).order_by(outbox.c.n)
        ).mappings()
        rows = [dict(row) | {"n": n} for n, row in enumerate(waiting, start=1)]
        connection.execute(delete(outbox).where(outbox.c.compound_id == compound_id))
        for row in rows:
            connection.execute(
                update(operation)
                .where(operation.c.compound_id == compound_id, operation.c.id == row["operation_id"])
                # One that the server holds is sent again, so that it hears of it under this name.
                .values(device_id=device_id, n=row["n"], verdict=None, code=None)
            )
        connection.execute(
            update(cursor).where(cursor.c.compound_id == compound_id).values(last_n=len(rows), acked_n=0)
        )
        session.expire_all()
        if rows:
            connection.execute(insert(outbox), rows)
            # Each field's stamp names the laptop that wrote it.
            replica.put_shadows_back(session, compound_id)
            replica.replay(session, compound_id)
            about.rebuild(session, compound_id)
    session.flush()
    session.expire_all()


def secret_for(session: Session, device_id: UUID, fresh: str) -> str:
    """Return the secret under which this store asks to be a device: the one it asked with before, if it did.

    A request of long ago may arrive after the one that was answered; both must say the same.
    """
    asked = session.get(Setting, _ASKED)
    if asked is not None and asked.value["device"] == device_id.hex:
        return str(asked.value["token"])
    session.merge(Setting(key=_ASKED, value={"device": device_id.hex, "token": fresh}))
    session.flush()
    return fresh


def name_of(session: Session) -> str | None:
    """Return what this laptop is called, once somebody has said so."""
    row = session.get(Setting, _NAME)
    return None if row is None else str(row.value)


def call(session: Session, name: str) -> None:
    """Keep what this laptop is called. Needs a write session."""
    session.merge(Setting(key=_NAME, value=name))
