"""Performing on the server itself, for its operator: applied, judged and logged at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from models.operations import log
from models.operations.envelope import Acting, Intent, Operation
from models.operations.judge import judge, lock
from models.operations.perform import MOST_IN_A_GROUP, Outcome
from models.operations.registry import KINDS
from models.operations.verdicts import Rejected
from models.replication.tables import Chain


def commission(session: Session, intents: Sequence[Intent], acting: Acting) -> Outcome:
    """Do what `perform` does on a laptop, with the server's own device, at the head of the compound's order.

    The caller owns the write session. What is refused leaves nothing behind.
    """
    if not 0 < len(intents) <= MOST_IN_A_GROUP:
        raise ValueError(f"a group holds 1 to {MOST_IN_A_GROUP} operations, not {len(intents)}")
    now = acting.clock()
    head = lock(session, acting.compound_id)
    device = log.device_id(session)
    chain = session.get(Chain, (device, acting.compound_id))
    if chain is None:
        chain = Chain(device_id=device, compound_id=acting.compound_id, enrolled_at=now)
    group_id = acting.new_id()
    operations = [
        Operation(
            compound_id=acting.compound_id,
            id=intent.id or acting.new_id(),
            device_id=device,
            n=chain.last_n + place,
            group_id=group_id,
            batch_id=None,
            kind=intent.kind,
            v=KINDS[intent.kind].v if intent.kind in KINDS else 1,
            doer_id=intent.doer_id or acting.person_id,
            recorder_id=acting.person_id,
            payload=intent.payload,
            needs=(),
            happened_at=intent.happened_at or now,
            made_at=now,
            at=now,
            seen=head.head,
        )
        for place, intent in enumerate(intents, start=1)
    ]
    savepoint = session.begin_nested()
    verdicts = judge(session, operations, received_at=now)
    if any(isinstance(verdict, Rejected) for verdict in verdicts):
        savepoint.rollback()
        session.expire_all()
    else:
        chain.last_n += len(operations)
        session.add(chain)
        session.flush()
        savepoint.commit()
    return Outcome(group_id, tuple(operations), tuple(verdicts))
