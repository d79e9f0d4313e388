"""Which laptop a store takes itself for, and how it becomes another one.

A store that was copied to a second laptop, or put back from an old copy, counts
its operations as somebody else does. It then takes a new device id, and what no
server has judged yet is counted anew, from 1, under the same operation ids.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from models.operations import replica
from models.operations.tables import CursorRow, OperationRow, OutboxRow, Setting
from models.tables import row_values, table_of

_NAME = "device_name"


def become(session: Session, device_id: UUID) -> None:
    """Let this store be another device. What waits is counted anew, and replayed under that name; ids stay."""
    operation = table_of(OperationRow)
    connection = session.connection()
    session.merge(Setting(key="device", value=device_id.hex))
    for cursor in session.exec(select(CursorRow)).all():
        waiting = session.exec(
            select(OutboxRow).where(OutboxRow.compound_id == cursor.compound_id).order_by(col(OutboxRow.n))
        ).all()
        rows = [row_values(row) | {"n": n} for n, row in enumerate(waiting, start=1)]
        if rows:
            replica.put_shadows_back(session, cursor.compound_id)
        session.expunge_all()
        connection.execute(
            delete(table_of(OutboxRow)).where(table_of(OutboxRow).c.compound_id == cursor.compound_id)
        )
        for row in rows:
            connection.execute(
                update(operation)
                .where(operation.c.compound_id == cursor.compound_id, operation.c.id == row["operation_id"])
                # One that the server holds is sent again, so that it hears of it under this name.
                .values(device_id=device_id, n=row["n"], verdict=None, code=None)
            )
        if rows:
            connection.execute(insert(table_of(OutboxRow)), rows)
        connection.execute(
            update(table_of(CursorRow))
            .where(table_of(CursorRow).c.compound_id == cursor.compound_id)
            .values(last_n=len(rows), acked_n=0)
        )
        session.expire_all()
        if rows:
            # Each field's stamp names the laptop that wrote it.
            replica.replay(session, cursor.compound_id)
    session.flush()
    session.expire_all()


def name_of(session: Session) -> str | None:
    """Return what this laptop is called, once somebody has said so."""
    row = session.get(Setting, _NAME)
    return None if row is None else str(row.value)


def call(session: Session, name: str) -> None:
    """Keep what this laptop is called. Needs a write session."""
    session.merge(Setting(key=_NAME, value=name))
