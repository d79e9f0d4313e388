"""What stands above the lists of the Sync screen: facts about laptop and server, and one sentence on how it goes."""

from __future__ import annotations

from textual.content import Content

from tui.context import Status
from tui.i18n import t
from tui.screens.sync.rows import Contact, Overview
from tui.screens.sync.words import bytes_words
from tui.widgets.facts import Fact
from tui.widgets.status_words import clock_words, rows_words
from tui.widgets.text import Mark, Tone, joined, plain
from tui.words import sync_text

_BAR = 24


def facts_of(found: Overview) -> tuple[Fact, ...]:
    """Return what is known of this laptop and its server."""
    name = found.name or t("sync.no_name")
    if found.known_as and found.known_as != found.name:
        name = t("sync.known_as", name=found.name, known_as=found.known_as) if found.name else found.known_as
    contact = found.contact
    if contact is None:
        return (Fact(t("sync.laptop_name"), name), Fact(t("sync.server"), t("sync.no_server")))
    last = found.where.when(contact.last) or t("sync.never")
    used = t("sync.used", up=bytes_words(contact.up), down=bytes_words(contact.down))
    return (
        Fact(t("sync.laptop_name"), name),
        Fact(t("sync.last"), last),
        Fact(t("sync.server"), contact.url),
        Fact(t("sync.data"), used),
    )


def said_of(found: Overview, status: Status | None) -> Content:
    """Return how it goes as sentences: the clock, then a long pull, then what is wrong or that all is well."""
    sentences: list[Mark | Content] = []
    off = clock_words(found.shift_ms) if found.contact is not None else None
    if off is not None:
        sentences.append(Mark("!", t("sync.clock", off=off), Tone.WARN))
    sentences.append(_course(found, status))
    if found.beside is not None:
        sentences.append(Mark("◇", t("sync.beside", name=found.beside[1]), Tone.INFO))
    return Content("\n").join([plain(one) for one in sentences])


def _course(found: Overview, status: Status | None) -> Mark | Content:
    contact = found.contact
    if contact is None:
        return Mark("", t("sync.alone"))
    state = None if status is None else status.sync
    if state is not None and state.total:
        full = min(_BAR, _BAR * state.done // max(1, state.total))
        return joined(
            ("━" * full, "$text-success"), ("─" * (_BAR - full), "$text-muted"), f" {rows_words(state)}"
        )
    trouble = contact.trouble
    if state is not None and state.linked and state.trouble is not None:
        trouble = state.trouble
    if contact.state == "revoked":
        return Mark("×", t("sync.revoked", said=_said(contact), n=found.waits.unsent), Tone.BAD)
    if trouble is not None and trouble != "sync.closed":
        tone = Tone.MUTED if trouble == "sync.away" else Tone.WARN
        return Mark("○" if trouble == "sync.away" else "!", sync_text(trouble, {}), tone)
    if contact.last is None:
        return Mark("", t("sync.soon"))
    waits = found.waits
    odd = waits.conflicts or waits.refused or waits.flags
    return Mark("!", t("sync.well_but"), Tone.WARN) if odd else Mark("√", t("sync.well"), Tone.GOOD)


def _said(contact: Contact) -> str:
    return sync_text(contact.trouble or "token.revoked", {})
