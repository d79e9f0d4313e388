"""Hand-overs in words: what became of each baton, cash in yuan, what was found otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries_handover import HandOverLine
from models.ids import NewId
from models.operations.envelope import Intent
from models.text import mask_name, mask_phone
from models.tickets.queries import TicketLine
from tui.duty_words import day_text
from tui.i18n import t
from tui.screens.duty.times import clock_of
from tui.ticket_words import cost_text
from tui.widgets.fields import Value
from tui.widgets.text import Mark, Tone

FEN: Final = 100
_MOBILE: Final = re.compile(r"(?<!\d)1\d{10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a baton: handed `to` somebody by name, or kept for the reason in `words`."""

    to: str = ""
    name: str = ""
    words: str = ""

    def kept(self) -> dict[str, str]:
        """Return it as a draft holds it."""
        return {"to": self.to, "name": self.name, "words": self.words}

    @staticmethod
    def from_kept(values: Mapping[str, Any]) -> Decision:
        """Return what a draft holds."""
        return Decision(*(str(values.get(name, "")) for name in ("to", "name", "words")))

    def intent(self, ticket: TicketLine, doer: UUID | None, new_id: NewId) -> Intent:
        """Return what carries it out."""
        payload = {"id": str(new_id()), "ticket": str(ticket.id), "words": self.words}
        if self.to:
            return Intent("ticket.handover", payload | {"to": self.to}, doer_id=doer)
        return Intent("ticket.keep", payload, doer_id=doer)


def decision_mark(ticket: TicketLine, decision: Decision | None) -> Mark:
    """Return what becomes of a baton, or that somebody has yet to say."""
    if decision is not None and decision.to:
        return Mark("→", decision.name, Tone.GOOD)
    if decision is not None:
        return Mark("■", t("handover.kept", why=decision.words), Tone.INFO)
    if ticket.offered_to_id is not None:
        return Mark("→", t("handover.offered", person=ticket.offered_to), Tone.GOOD)
    return Mark("!", t("handover.undecided"), Tone.WARN)


def fen_of(value: Value) -> int | None:
    """Return yuan as typed in fen; None where nothing was."""
    return None if value is None or value == "" else int(Decimal(str(value)) * FEN)


def cash_text(fen: int | None) -> str:
    return t("handover.not_counted") if fen is None else cost_text(fen)


def when_text(line: HandOverLine, zone: ZoneInfo) -> str:
    """Return the day and time of a hand-over: `11-22 周日 11:30`."""
    return f"{day_text(line.at.astimezone(zone).date())} {clock_of(line.at, zone)}"


def place_text(line: HandOverLine) -> str:
    return f"{line.post} {line.shift}".strip()


def state_mark(line: HandOverLine) -> Mark:
    """Return how a hand-over stands: taken back, waiting, confirmed, or confirmed with a difference."""
    if line.archived:
        return Mark("×", t("handover.state.back"), Tone.MUTED)
    if line.confirmed_at is None:
        return Mark("◷", t("handover.state.waiting"), Tone.WARN)
    if line.differs:
        return Mark("!", t("handover.state.differs"), Tone.BAD)
    return Mark("✓", t("handover.state.confirmed"), Tone.GOOD)


def state_words() -> tuple[str, ...]:
    """Return every state with its symbol, so that a column is as wide as the widest."""
    signs = {"waiting": "◷", "differs": "!", "confirmed": "✓"}
    return tuple(f"{sign} {t(f'handover.state.{state}')}" for state, sign in signs.items())


def cash_difference(left: int | None, found: int | None) -> str:
    """Return how the cash that was found differs from what was left; nothing when it does not, or nobody counted."""
    if left is None or found is None or left == found:
        return ""
    key = "handover.cash_more" if found > left else "handover.cash_less"
    return t(key, left=cost_text(left), found=cost_text(found), n=cost_text(abs(found - left)))


def differences(line: HandOverLine, keys: str, cash: int | None) -> str:
    """Return what would be found otherwise than it was left, in words."""
    parts = [said] if (said := cash_difference(line.cash, cash)) else []
    if _plain(keys) != _plain(line.keys):
        parts.append(t("handover.keys_differ", left=line.keys or "—", found=keys or "—"))
    return t("handover.and").join(parts)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def handover_text(line: HandOverLine, zone: ZoneInfo) -> str:
    """Return a hand-over as text for the chat group, names masked; what its words say is theirs."""
    said = [
        t("handover.text.head", place=place_text(line), when=when_text(line, zone)),
        t("handover.text.who", giver=mask_name(line.giver), to=mask_name(line.to) or t("handover.anybody")),
        *([t("handover.text.words", words=masked_text(line.words))] if line.words else []),
        *([t("handover.text.keys", keys=line.keys)] if line.keys else []),
        *([t("handover.text.cash", cash=cash_text(line.cash))] if line.counts_cash or line.cash else []),
    ]
    if line.confirmed_at is not None:
        said.append(t("handover.text.confirmed", person=mask_name(line.confirmed_by)))
        said += [said_otherwise] if (said_otherwise := found_otherwise(line)) else []
    return "\n".join(said)


def masked_text(text: str) -> str:
    """Return what somebody wrote with the mobile numbers in it masked; of the names in it nobody can know."""
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)


def found_otherwise(line: HandOverLine) -> str:
    """Return what the next person found otherwise, in words."""
    return "" if line.confirmed_at is None else differences(line, line.confirmed_keys, line.confirmed_cash)


def undecided(batons: Sequence[TicketLine], decisions: Mapping[str, Decision]) -> list[TicketLine]:
    """Return the batons of which nobody has said anything yet: not here, and not before."""
    return [one for one in batons if str(one.id) not in decisions and one.offered_to_id is None]
