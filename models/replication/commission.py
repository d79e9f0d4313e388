"""Performing on the server itself, for its operator: applied, judged and logged at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from models.operations import log
from models.operations.envelope import Acting, Intent
from models.operations.judge import judge, lock
from models.operations.perform import Outcome, enveloped, filled
from models.operations.verdicts import Rejected
from models.replication.tables import Chain


def commission(session: Session, intents: Sequence[Intent], acting: Acting) -> Outcome:
    """Do what `perform` does on a laptop, with the server's own device, at the head of the compound's order.

    The caller owns the write session. What is refused leaves nothing behind.
    """
    now = acting.clock()
    head = lock(session, acting.compound_id)
    device = log.device_id(session)
    chain = session.get(Chain, (device, acting.compound_id))
    if chain is None:
        chain = Chain(device_id=device, compound_id=acting.compound_id, enrolled_at=now)
    savepoint = session.begin_nested()
    complete = [filled(session, intent, acting) for intent in intents]
    operations = enveloped(complete, acting, device_id=device, after=chain.last_n, seen=head.head, now=now)
    verdicts = judge(session, operations, received_at=now)
    if any(isinstance(verdict, Rejected) for verdict in verdicts):
        savepoint.rollback()
        session.expire_all()
    else:
        chain.last_n += len(operations)
        session.add(chain)
        session.flush()
        savepoint.commit()
    return Outcome(operations[0].group_id, tuple(operations), tuple(verdicts))
