"""The list of laptops that `linli list devices` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models.ids import twin_of
from models.listings import ListingRow, listing
from models.operations import log
from models.operations.queries import zone_of
from models.replication import devices, identity
from models.replication.tables import Hosted, KnownDevice


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A laptop of a compound. `own` is the one we sit at."""

    id: UUID
    name: str
    enrolled_at: datetime | None
    last_seen: datetime | None
    revoked_at: datetime | None
    own: bool


def device_views(session: Session, compound_id: UUID) -> list[DeviceView]:
    """Return a compound's laptops as far as this store knows them, in the order they were enrolled."""
    own = log.device_id(session)
    if session.get(Hosted, compound_id) is not None:
        return [
            DeviceView(line.id, line.name, line.enrolled_at, line.last_seen, line.revoked_at, line.id == own)
            for line in devices.devices(session, compound_id)
        ]
    known = session.exec(
        select(KnownDevice)
        .where(KnownDevice.compound_id == compound_id)
        .order_by(col(KnownDevice.enrolled_at), col(KnownDevice.device_id))
    ).all()
    views = [
        DeviceView(
            row.device_id, row.name, row.enrolled_at, row.last_seen, row.revoked_at, row.device_id == own
        )
        for row in known
    ]
    if not any(view.own for view in views):
        views.append(DeviceView(own, identity.name_of(session) or "", None, None, None, own=True))
    return views


def names_of_laptops(views: Iterable[DeviceView]) -> dict[UUID, str]:
    """Return what laptops are called; what was counted beside one under its name is called as it is."""
    names = {view.id: view.name for view in views}
    return {twin_of(one): name for one, name in names.items()} | names


@listing("devices", "id", "name", "own", "enrolled_at", "last_seen", "revoked_at")
def list_devices(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the compound's laptops; times in its zone."""
    zone = zone_of(session, compound_id)
    for view in device_views(session, compound_id):
        yield {
            "id": str(view.id),
            "name": view.name,
            "own": view.own,
            **{
                name: None if moment is None else moment.astimezone(zone).isoformat()
                for name, moment in (
                    ("enrolled_at", view.enrolled_at),
                    ("last_seen", view.last_seen),
                    ("revoked_at", view.revoked_at),
                )
            },
        }
