"""How a laptop comes to a server: looking at a code, being let in, bringing along what it founded."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, select

from models.community.tables import Compound
from models.operations import clocks, log
from models.operations.aside import aside
from models.operations.tables import CursorRow, Setting
from models.replication import identity, links
from models.replication.devices import digest_of, tidy_code
from models.replication.tables import Link
from models.text import normalise
from sync import wire
from sync.client import Denied, Strange
from sync.rounds import Here

_PENDING = "enrolling"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a code opens. `own` is this laptop's compound that the server would adopt, or that would join, if any.

    `adopts` tells that the server has nothing there yet, so that `own` becomes
    the compound; otherwise what `own` holds may be carried over afterwards.
    """

    url: str
    code: str
    compound_id: UUID
    name: str
    rows: int
    pristine: bool
    own: UUID | None
    own_name: str

    @property
    def adopts(self) -> bool:
        """Whether the laptop's own compound takes the place of the server's."""
        return self.own is not None and self.own != self.compound_id and self.pristine

    @property
    def joins(self) -> bool:
        """Whether the laptop holds a compound of its own beside the server's."""
        return self.own is not None and self.own != self.compound_id and not self.pristine


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The compound that this laptop is enrolled in. `rows` is about how many will come down."""

    compound_id: UUID
    rows: int
    adopted: bool


def tidy_url(typed: str) -> str:
    """Return a server's address from what somebody typed. Raises `Strange` for what is none.

    Without a scheme it is https, but http for this machine and a private
    network, where nobody has certificates.
    """
    plain = normalise(typed).replace(" ", "")
    if "://" in plain and not plain.split("://", 1)[1].strip("/"):
        raise Strange("sync.address")
    plain = plain.rstrip("/")
    if "://" not in plain:
        plain = f"{'http' if _is_near(plain) else 'https'}://{plain}"
    try:
        parts = urlsplit(plain)
        port = parts.port
    except ValueError as error:
        raise Strange("sync.address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Strange("sync.address")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path}"


def _is_near(address: str) -> bool:
    host = address.split("/", 1)[0]
    host = host[1:].split("]", 1)[0] if host.startswith("[") else host.rsplit(":", 1)[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def look(here: Here, url: str, code: str, *, own: UUID | None = None) -> Offer:
    """Ask a server what a code opens; changes nothing. `own` is the compound this laptop may bring along."""
    url = tidy_url(url)
    with here.store.read() as session:
        device_id = log.device_id(session)
    with here.call(url, "") as line:
        said = line.look(code, device_id)
    with here.store.read() as session:
        own = own if own is not None else unlinked(session)
        if own is not None and links.link_of(session, own) is not None:
            own = None
        compound = None if own is None else session.get(Compound, (own, own))
    return Offer(
        url=url,
        code=code,
        compound_id=said.compound,
        name=said.name,
        rows=said.rows,
        pristine=said.pristine,
        own=None if compound is None else own,
        own_name="" if compound is None else compound.name,
    )


def unlinked(session: Session) -> UUID | None:
    """Return the one compound of this store that no server keeps; None without one, or with several."""
    linked = {link.compound_id for link in links.links(session)}
    gone = aside(session)
    own = [
        row.id
        for row in session.exec(select(Compound)).all()
        if row.id not in linked and row.id not in gone and not row.archived
    ]
    return own[0] if len(own) == 1 else None


def enrol(here: Here, offer: Offer, *, name: str, version: str, adopt: bool | None = None) -> Enrolled:
    """Use a code up and keep the link. The rows come with the first sync.

    It may be repeated: the secret is kept before it is sent, and a server lets
    the same laptop use the same code again.
    """
    adopting = offer.own if (offer.adopts if adopt is None else adopt) else None
    for attempt in range(3):
        token, device_id = _prepare(here, offer)
        body = wire.EnrolBody(
            code=offer.code, device=device_id, name=name[:80], token=token, version=version, adopt=adopting
        )
        try:
            with here.call(offer.url, "") as line:
                said = line.enrol(body)
        except Denied as error:
            if error.code != "device.taken" or attempt == 2:  # noqa: PLR2004  # the third time it is no accident
                raise
            with here.store.write() as session:
                identity.become(session, here.new_id())
                _forget_pending(session)
            continue
        _keep(here, offer.url, token, device_id, said)
        return Enrolled(said.compound, said.rows, adopting == said.compound)
    raise RuntimeError("unreachable")


def _prepare(here: Here, offer: Offer) -> tuple[str, UUID]:
    """Return the secret to show from now on: a known one on a known server, one kept from a try before, or a new one."""
    attempt = digest_of(f"{offer.url} {tidy_code(offer.code)}")
    with here.store.write() as session:
        device_id = log.device_id(session)
        for link in links.links(session):
            if link.url == offer.url and link.state == "ok" and link.device_id == device_id:
                return link.token, device_id
        pending = session.get(Setting, _PENDING)
        if pending is not None and pending.value["attempt"] == attempt:
            return str(pending.value["token"]), device_id
        token = here.new_token()
        session.merge(Setting(key=_PENDING, value={"attempt": attempt, "token": token}))
    return token, device_id


def _keep(here: Here, url: str, token: str, device_id: UUID, said: wire.EnrolReply) -> None:
    with here.store.write() as session:
        link = session.get(Link, said.compound)
        if link is None:
            link = Link(
                compound_id=said.compound,
                url=url,
                token=token,
                device_id=device_id,
                epoch=said.epoch,
                enrolled_at=here.clock(),
            )
        # With another epoch than before the server was put back from a copy: the round will compare.
        link.url, link.token, link.device_id = url, token, device_id
        link.state, link.trouble = "ok", None
        session.add(link)
        _forget_pending(session)
        log.cursor_of(session, said.compound)
        clocks.learn(session, here.clock(), here.ticks, said.now)


def _forget_pending(session: Session) -> None:
    pending = session.get(Setting, _PENDING)
    if pending is not None:
        session.delete(pending)
        session.flush()


def leave(session: Session, compound_id: UUID) -> None:
    """Forget the link: the compound is this laptop's alone again, and nothing of it is lost."""
    link = session.get(Link, compound_id)
    if link is not None:
        session.delete(link)


def waiting(session: Session, compound_id: UUID) -> bool:
    """Tell whether a compound has been enrolled and its first rows have not come yet."""
    cursor = session.get(CursorRow, compound_id)
    return cursor is not None and session.get(Compound, (compound_id, compound_id)) is None
