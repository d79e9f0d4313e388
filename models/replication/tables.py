"""Rows that sync keeps for itself, on a laptop or on a server. None of them travels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel

# -- on a laptop ---------------------------------------------------------------------


class Link(SQLModel, table=True):
    """How this laptop reaches the server of one compound, and how that went so far.

    `token` is this laptop's secret. `epoch` is the server's nonce, which a
    restored server changes. `state` is "ok", "revoked" or "outdated"; `trouble`
    the code of the last failure, None after a good contact. `history` is the
    last rev whose operation came down. `busy_until` is the lease of the one
    process that syncs just now. `up` and `down` count bytes for ever. `device_id`
    is who the server takes this laptop for. `missed` is this version's schema when
    a newer server sent rows or columns it has no place for: after an upgrade
    everything is pulled afresh.
    """

    __tablename__ = "link"

    compound_id: UUID = Field(primary_key=True)
    url: str
    token: str
    device_id: UUID
    epoch: str = ""
    state: str = "ok"
    trouble: str | None = None
    enrolled_at: datetime
    last_contact: datetime | None = None
    last_attempt: datetime | None = None
    history: int = Field(default=0, sa_type=BigInteger)
    up: int = Field(default=0, sa_type=BigInteger)
    down: int = Field(default=0, sa_type=BigInteger)
    busy_until: datetime | None = None
    busy_with: str = ""
    repaired_at: datetime | None = None
    devices_tag: str = ""
    missed: str = ""


class Stage(SQLModel, table=True):
    """A pull that takes several pages, and how far it has come: a cut line or a dead battery goes on here.

    `afresh` tells that the pages replace everything this laptop holds of the
    compound. `base` is the cursor or the end of the pass before, `until` the
    head when the present pass began, `place` where its next page begins.
    """

    __tablename__ = "stage"

    compound_id: UUID = Field(primary_key=True)
    epoch: str
    afresh: bool = False
    base: int = Field(sa_type=BigInteger)
    until: int = Field(sa_type=BigInteger)
    place: str = ""
    pages: int = 0
    rows: int = 0
    total: int = 0


class StagedPage(SQLModel, table=True):
    """One page of a pull, as it came: JSON, compressed with zstd."""

    __tablename__ = "staged_page"

    compound_id: UUID = Field(primary_key=True)
    place: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class KnownDevice(SQLModel, table=True):
    """A laptop of a compound as the server last told of it."""

    __tablename__ = "known_device"

    compound_id: UUID = Field(primary_key=True)
    device_id: UUID = Field(primary_key=True)
    name: str
    enrolled_at: datetime
    last_seen: datetime | None = None
    revoked_at: datetime | None = None


# -- on a server ---------------------------------------------------------------------


class Hosted(SQLModel, table=True):
    """A compound that a server keeps. `pristine` until the first laptop is enrolled: it may still be adopted."""

    __tablename__ = "hosted"

    compound_id: UUID = Field(primary_key=True)
    created_at: datetime
    pristine: bool = True


class Device(SQLModel, table=True):
    """A laptop that a server knows, by the hash of its token. `replaces` is the one it was copied from."""

    __tablename__ = "device"
    __table_args__ = (Index(None, "token_hash", unique=True),)

    id: UUID = Field(primary_key=True)
    name: str
    token_hash: str
    created_at: datetime
    last_seen: datetime | None = None
    revoked_at: datetime | None = None
    replaces: UUID | None = None
    version: str = ""


class Chain(SQLModel, table=True):
    """A laptop's right to a compound, and how far its operations there have come: they count without gaps."""

    __tablename__ = "chain"
    __table_args__ = (Index(None, "compound_id"),)

    device_id: UUID = Field(primary_key=True)
    compound_id: UUID = Field(primary_key=True)
    enrolled_at: datetime
    last_n: int = Field(default=0, sa_type=BigInteger)


class Enrolment(SQLModel, table=True):
    """A code that lets one laptop in, once, until it expires. Only its hash is kept."""

    __tablename__ = "enrolment"

    code_hash: str = Field(primary_key=True)
    compound_id: UUID
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    device_id: UUID | None = None
