"""Which laptops a server lets in: one-time codes, tokens, rights to compounds.

Of codes and tokens only hashes are kept: who reads the database cannot enrol
with it, nor speak as a laptop.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, SQLModel, col, select

from models import crockford
from models.operations.tables import CursorRow, DigestRow, HeadRow, OperationRow, Setting
from models.replication.tables import Chain, Device, Enrolment, Hosted
from models.tables import synced_models, table_of

CODE_LENGTH = 10
#: How long a code lets somebody in unless another time is asked for.
CODE_LIFE = timedelta(hours=24)

_EPOCH = "epoch"


class NotLetIn(Exception):  # noqa: N818  # says what is the case
    """A code or a token opens nothing. `code` names the reason for the catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Admitted:
    """A laptop whose token is good, and the compounds it may read and write."""

    device_id: UUID
    name: str
    compounds: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A laptop of one compound, for a list."""

    id: UUID
    name: str
    compound_id: UUID
    enrolled_at: datetime
    last_seen: datetime | None
    revoked_at: datetime | None
    operations: int


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: SHA-256, hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def tidy_code(typed: str) -> str:
    """Return a code as it was given out, from what somebody typed: small letters, dashes, O for 0."""
    return crockford.tidy(typed)


def spell_code(randomness: bytes) -> str:
    """Return a fresh code of 50 random bits in two halves: `7K3QM-9D2XA`."""
    letters = crockford.spell(randomness[:8], CODE_LENGTH)
    return f"{letters[:5]}-{letters[5:]}"


def epoch(session: Session) -> str:
    """Return the server's nonce; empty until `begin_epoch` has given it one."""
    row = session.get(Setting, _EPOCH)
    return "" if row is None else str(row.value)


def begin_epoch(session: Session, nonce: str) -> None:
    """Give the server a new nonce: every laptop will compare what it holds with what the server has."""
    session.merge(Setting(key=_EPOCH, value=nonce))
    session.flush()


def host(session: Session, compound_id: UUID, now: datetime, *, pristine: bool) -> None:
    """Keep a compound on this server from now on."""
    if session.get(Hosted, compound_id) is None:
        session.add(Hosted(compound_id=compound_id, created_at=now, pristine=pristine))
        session.flush()


def offer_code(
    session: Session, compound_id: UUID, *, code: str, now: datetime, life: timedelta = CODE_LIFE
) -> datetime:
    """Let one laptop in with `code`; returns until when. Codes that are over are forgotten."""
    session.connection().execute(
        delete(table_of(Enrolment)).where(col(Enrolment.expires_at) < now - timedelta(days=30))
    )
    session.add(
        Enrolment(
            code_hash=digest_of(tidy_code(code)),
            compound_id=compound_id,
            created_at=now,
            expires_at=now + life,
        )
    )
    session.flush()
    return now + life


def look_at_code(session: Session, code: str, *, now: datetime) -> Enrolment:
    """Return what a code opens. Raises NotLetIn for one that is unknown, used or over."""
    row = session.get(Enrolment, digest_of(tidy_code(code)), with_for_update=True)
    if row is None:
        raise NotLetIn("code.unknown")
    if row.used_at is not None:
        raise NotLetIn("code.used")
    if row.expires_at < now:
        raise NotLetIn("code.over")
    return row


def was_used_by(session: Session, code: str, device_id: UUID) -> bool:
    """Tell whether a laptop has used a code up: it repeats itself, because the reply was lost."""
    return use_of(session, code, device_id) is not None


def use_of(session: Session, code: str, device_id: UUID) -> Enrolment | None:
    """Return what a code has opened for a laptop, None when that has not used it."""
    row = session.get(Enrolment, digest_of(tidy_code(code)))
    return row if row is not None and row.used_at is not None and row.device_id == device_id else None


def admit(
    session: Session, code: str, *, device_id: UUID, name: str, token: str, version: str, now: datetime
) -> tuple[UUID, Device]:
    """Use a code up for a laptop. The same laptop may repeat it, because a reply may be lost."""
    row = session.get(Enrolment, digest_of(tidy_code(code)), with_for_update=True)
    if row is not None and was_used_by(session, code, device_id):
        known = session.get(Device, device_id)
        if known is not None and known.token_hash == digest_of(token) and known.revoked_at is None:
            return row.compound_id, known
    row = look_at_code(session, code, now=now)
    device = session.get(Device, device_id)
    if device is not None and device.token_hash != digest_of(token):
        # The same store on two laptops, or this very laptop after it was revoked: it takes another name.
        raise NotLetIn("device.taken")
    if device is not None and device.revoked_at is not None:
        raise NotLetIn("device.taken")
    if device is None:
        device = Device(id=device_id, name=name, token_hash=digest_of(token), created_at=now, version=version)
        session.add(device)
    if session.get(Chain, (device_id, row.compound_id)) is None:
        session.add(Chain(device_id=device_id, compound_id=row.compound_id, enrolled_at=now))
    row.used_at, row.device_id = now, device_id
    session.add(row)
    hosted = session.get(Hosted, row.compound_id)
    if hosted is not None and hosted.pristine:
        hosted.pristine = False
        session.add(hosted)
    session.flush()
    return row.compound_id, device


def adopt(session: Session, code: str, compound_id: UUID, *, now: datetime) -> None:
    """Let a code open a compound that a laptop founded, in place of one that nobody has used yet.

    What the server had put there for it, its founding and nothing else, goes.
    Raises NotLetIn when the code's compound is in use or the laptop's is hosted already.
    """
    row = look_at_code(session, code, now=now)
    if row.compound_id == compound_id:
        return
    hosted = session.get(Hosted, row.compound_id, with_for_update=True)
    if hosted is None or not hosted.pristine or _operations(session, row.compound_id) > 1:
        raise NotLetIn("compound.in_use")
    if session.get(Hosted, compound_id) is not None:
        raise NotLetIn("compound.hosted")
    _forget(session, row.compound_id)
    session.connection().execute(
        table_of(Enrolment)
        .update()
        .where(col(Enrolment.compound_id) == row.compound_id)
        .values(compound_id=compound_id)
    )
    session.expire_all()
    host(session, compound_id, now, pristine=False)
    session.add(HeadRow(compound_id=compound_id))
    session.flush()


def _operations(session: Session, compound_id: UUID) -> int:
    return session.exec(
        select(func.count()).select_from(OperationRow).where(OperationRow.compound_id == compound_id)
    ).one()


def _forget(session: Session, compound_id: UUID) -> None:
    models: list[type[SQLModel]] = [
        *synced_models().values(),
        OperationRow,
        HeadRow,
        CursorRow,
        DigestRow,
        Hosted,
    ]
    for table in map(table_of, models):
        session.connection().execute(delete(table).where(table.c.compound_id == compound_id))
    session.expire_all()


def recognise(session: Session, token: str) -> Admitted:
    """Return whose token it is. Raises NotLetIn for an unknown or a revoked one."""
    device = session.exec(select(Device).where(Device.token_hash == digest_of(token))).first()
    if device is None:
        raise NotLetIn("token.unknown")
    if device.revoked_at is not None:
        raise NotLetIn("token.revoked")
    compounds = session.exec(select(Chain.compound_id).where(Chain.device_id == device.id)).all()
    return Admitted(device.id, device.name, frozenset(compounds))


def fork(session: Session, of: UUID, *, device_id: UUID, token: str, now: datetime) -> Device:
    """Make a copied laptop a device of its own, with the same rights. It may be repeated."""
    source = session.get(Device, of)
    if source is None:
        raise NotLetIn("token.unknown")
    known = session.get(Device, device_id, with_for_update=True)
    if known is not None and (known.replaces != of or known.revoked_at is not None):
        raise NotLetIn("device.taken")
    if known is None:
        known = Device(
            id=device_id,
            name=source.name,
            token_hash=digest_of(token),
            created_at=now,
            replaces=of,
            version=source.version,
        )
    known.token_hash = digest_of(token)
    session.add(known)
    for chain in session.exec(select(Chain).where(Chain.device_id == of)).all():
        if session.get(Chain, (device_id, chain.compound_id)) is None:
            session.add(Chain(device_id=device_id, compound_id=chain.compound_id, enrolled_at=now))
    session.flush()
    return known


def revoke(session: Session, device_id: UUID, *, now: datetime) -> Device | None:
    """Let a laptop in no more; None when there is no such laptop."""
    device = session.get(Device, device_id, with_for_update=True)
    if device is not None and device.revoked_at is None:
        device.revoked_at = now
        session.add(device)
        session.flush()
    return device


def devices(session: Session, compound_id: UUID | None = None) -> list[DeviceLine]:
    """Return the laptops of a compound, or of all, in the order they were enrolled."""
    statement = (
        select(Device, Chain)
        .join(Chain, col(Chain.device_id) == Device.id)
        .order_by(col(Chain.enrolled_at), col(Device.id))
    )
    if compound_id is not None:
        statement = statement.where(Chain.compound_id == compound_id)
    return [
        DeviceLine(
            id=device.id,
            name=device.name,
            compound_id=chain.compound_id,
            enrolled_at=chain.enrolled_at,
            last_seen=device.last_seen,
            revoked_at=device.revoked_at,
            operations=chain.last_n,
        )
        for device, chain in session.exec(statement)
    ]
