"""The log book's lines as values: what is asked for, pages of rows, a day as text for the chat group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.searching import Found
from models.duty.queries_log import LogAsked, LogLine, count_log, find_log, log_of, page_log, span_of_log
from models.text import mask_name
from tui.desk import Desk
from tui.duty_words import day_text
from tui.i18n import t
from tui.screens.duty.desk_store import everybody, posts_of
from tui.screens.duty.handover_words import masked_text
from tui.screens.duty.times import clock_of, moment
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What the book is narrowed to: a post, who wrote, from the first day to the last."""

    post_id: UUID | None = None
    post: str = ""
    person_id: UUID | None = None
    person: str = ""
    first: date | None = None
    last: date | None = None

    def words(self) -> tuple[str, ...]:
        """Return what narrows it, in words."""
        days = ""
        if self.first is not None or self.last is not None:
            first, last = (f"{day:%Y-%m-%d}" if day else "…" for day in (self.first, self.last))
            days = first if first == last else f"{first} – {last}"
        return tuple(word for word in (self.post, self.person, days) if word)

    def asked(self, text: str, zone: ZoneInfo) -> LogAsked:
        """Return the question."""
        return LogAsked(
            text=text,
            post_id=self.post_id,
            person_id=self.person_id,
            since=None if self.first is None else moment(self.first, 0, zone),
            until=None if self.last is None else moment(self.last + timedelta(days=1), 0, zone),
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the book may be narrowed by, and where a line may be written."""

    posts: tuple[Option, ...]
    people: tuple[Option, ...]


def columns() -> tuple[Column, ...]:
    return (
        Column(t("log_book.at"), 18, priority=9),
        Column(t("log_book.who"), 9, priority=8),
        Column(t("log_book.post"), 8, priority=5),
        Column(t("log_book.words"), 20, priority=9, grow=True),
    )


@dataclass(slots=True)
class SoughtLog:
    """The rows of one search: made once, by the count. `known` keeps the lines of the pages read."""

    text: str
    filters: LogFilters
    known: dict[str, LogLine] = field(default_factory=dict)
    _found: Found | None = None

    def count(self, desk: Desk) -> int:
        asked = self.filters.asked(self.text, ZoneInfo(desk.seat.zone))
        with desk.store.read() as session:
            if not self.text:
                return count_log(session, desk.seat.compound_id, asked)
            self._found = find_log(session, desk.seat.compound_id, asked)
        return len(self._found)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        zone = ZoneInfo(desk.seat.zone)
        asked, compound_id = self.filters.asked(self.text, zone), desk.seat.compound_id
        with desk.store.read() as session:
            if self._found is None:
                lines = page_log(session, compound_id, asked, offset=offset, limit=limit)
            else:
                lines = log_of(session, compound_id, self._found.ids(offset, limit))
        self.known.update((str(line.id), line) for line in lines)
        return [_row(line, zone) for line in lines]


def when_text(line: LogLine, zone: ZoneInfo) -> str:
    return f"{day_text(line.at.astimezone(zone).date())} {clock_of(line.at, zone)}"


def _row(line: LogLine, zone: ZoneInfo) -> RowView:
    words = " ".join(line.words.split())
    return RowView(
        str(line.id),
        (
            when_text(line, zone),
            line.person or "—",
            line.post,
            Mark("⇄", words or t("log_book.handover"), Tone.INFO) if line.is_handover else words,
        ),
    )


def choices(desk: Desk) -> Choices:
    """Return the posts and people there are."""
    return Choices(posts_of(desk), everybody(desk))


def day_as_text(desk: Desk, filters: LogFilters, day: date) -> str:
    """Return a day's lines as text for the chat group, oldest first, names masked."""
    zone = ZoneInfo(desk.seat.zone)
    asked = replace(filters, first=day, last=day).asked("", zone)
    assert asked.since is not None and asked.until is not None  # noqa: S101, PT018 - a day has both
    with desk.store.read() as session:
        lines = span_of_log(session, desk.seat.compound_id, asked.since, asked.until, post_id=filters.post_id)
    said = [t("log_book.text.head", day=f"{day:%Y-%m-%d}", post=filters.post)]
    for line in lines:
        words = masked_text(line.words) or t("log_book.handover")
        said.append(
            t(
                "log_book.text.line",
                time=clock_of(line.at, zone),
                person=mask_name(line.person) or "—",
                words=words,
            )
        )
    return "\n".join(said)
