"""How sync stands, in as few words as a status line has room for; the most important ones first."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tui.context import Status, SyncState
from tui.i18n import has, t
from tui.widgets.text import Mark, Tone

#: From here on a clock is wrong in a way that people will see in their entries.
_WRONG_MS = 10 * 60_000
_MINUTE_MS = 60_000
_HOUR, _DAY = 60, 24 * 60


def status_marks(status: Status) -> list[Mark]:
    """Return what the status line says of sync, the most important first."""
    state = status.sync
    if state is None:
        said = t("status.unsent", n=status.unsent) if status.unsent else t("status.sent")
        return [Mark("", said)]
    if not state.linked:
        return [Mark("", t("status.local"))]
    marks: list[Mark] = []
    if (off := clock_words(status.shift_ms)) is not None:
        marks.append(Mark("!", off, Tone.WARN))
    if state.state == "revoked":
        marks.append(Mark("×", t("status.revoked"), Tone.BAD))
    elif state.state == "outdated":
        marks.append(Mark("×", t("status.outdated"), Tone.BAD))
    if (waits := waiting_words(status)) is not None:
        marks.append(waits)
    if state.total:
        marks.append(Mark("↓", rows_words(state), Tone.INFO))
        return marks
    if state.state in {"revoked", "outdated"}:
        return [*marks, *_unsent(status)]
    return [*marks, *_contact(status, state)]


def _unsent(status: Status) -> list[Mark]:
    return [Mark("↑", t("status.to_send", n=status.unsent))] if status.unsent else []


def _contact(status: Status, state: SyncState) -> list[Mark]:
    unsent = _unsent(status)
    if state.trouble is not None and state.trouble != "sync.closed":
        return [*unsent, trouble_mark(state.trouble)]
    if unsent:
        return unsent
    if state.at is None:
        return [Mark("", t("status.not_yet"))]
    return [Mark("√", t("status.synced", at=moment(state.at, status.zone, status.today)), Tone.GOOD)]


def waiting_words(status: Status) -> Mark | None:
    """Return what waits for a person to decide, or None."""
    waits = status.waits
    if waits is None or not (waits.conflicts or waits.refused):
        return None
    if not waits.refused:
        said = t("status.conflicts", n=waits.conflicts)
    elif not waits.conflicts:
        said = t("status.refused", n=waits.refused)
    else:
        said = t("status.both", conflicts=waits.conflicts, refused=waits.refused)
    return Mark("!", said, Tone.WARN)


def trouble_mark(code: str) -> Mark:
    """Return a few words for a failed contact; the Sync screen has the whole sentence."""
    if code == "sync.away":
        return Mark("○", t("status.away"), Tone.MUTED)  # an ordinary state of an ordinary day
    key = f"status.trouble.{code}"
    return Mark("!", t(key) if has(key) else t("status.trouble"), Tone.WARN)


def rows_words(state: SyncState) -> str:
    """Return how far a long pull has come."""
    return t("status.fetching", done=f"{state.done:,}", total=f"{state.total:,}")


def clock_words(shift_ms: int | None) -> str | None:
    """Return by how much the laptop's clock is wrong, or None while it is right enough."""
    if shift_ms is None or abs(shift_ms) <= _WRONG_MS:
        return None
    return t("status.clock_slow" if shift_ms > 0 else "status.clock_fast", by=span_words(shift_ms))


def span_words(ms: int) -> str:
    """Return a span of time in its two largest units at most: `2 小时 5 分`, `3 天`."""
    minutes = round(abs(ms) / _MINUTE_MS)
    if minutes >= 2 * _DAY:
        return t("span.days", n=round(minutes / _DAY))
    if minutes < _HOUR:
        return t("span.minutes", n=minutes)
    hours, rest = divmod(minutes, _HOUR)
    said = t("span.hours", n=hours)
    return f"{said} {t('span.minutes', n=rest)}" if rest else said


def moment(at: datetime, zone: str, today: date | None) -> str:
    """Return a time of day in the compound's zone, with its date unless that is today."""
    try:
        there = at.astimezone(ZoneInfo(zone))
    except OverflowError:  # a laptop's clock may have stood at the end of time
        there = at
    if there.date() == today:
        return f"{there:%H:%M}"
    if today is not None and there.year == today.year:
        return f"{there:%m-%d %H:%M}"
    return f"{there:%Y-%m-%d %H:%M}"
