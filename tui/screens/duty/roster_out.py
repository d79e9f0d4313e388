"""How a roster leaves the app: as text for the chat group, on paper, as a table, as a calendar. Drafts stay inside unless asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import ShiftState
from models.text import mask_name
from tui.desk import Desk
from tui.duty_words import day_text, shift_name, span_text
from tui.i18n import t
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.duty.roster_store import Filters, Looked
from tui.widgets.picker import Option
from tui.widgets.text import Tone

if TYPE_CHECKING:
    from tui.duty_papers import Span

_CHAT: Final = frozenset({"days", "people", "gaps", "today"})
_PAPER: Final = ("page", "masked", "table")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Which days are to leave, as they were read, and whose or which post's they are."""

    looked: Looked
    first: date
    last: date
    filters: Filters = field(default_factory=Filters)

    @property
    def published(self) -> tuple[ShiftLine, ...]:
        """The shifts that everybody knows."""
        return tuple(
            line
            for line in self.looked.lines
            if line.state is ShiftState.PUBLISHED and self.first <= line.day <= self.last
        )

    @property
    def title(self) -> str:
        return t("roster.out.title", first=f"{self.first:%m-%d}", last=f"{self.last:%m-%d}")


def offer_out(screen: Shell[Any], leaving: Leaving) -> None:
    """Ask in which form a roster shall leave."""
    forms = ["days", "people", "gaps", *_PAPER]
    if leaving.looked.leads and leaving.looked.drafts:
        forms.append("draft")
    if leaving.filters.post_id or leaving.filters.person_id or leaving.looked.me:
        forms.append("calendar")
    forms.append("today")
    told = bool(leaving.published)
    options = [
        Option(
            form,
            t(f"roster.out.{form}"),
            _whose(leaving) if form == "calendar" else t(f"roster.out.{form}_note"),
            reason=None if told or form in {"draft", "calendar", "today"} else t("roster.nothing_published"),
        )
        for form in forms
    ]
    screen.choose(t("roster.out.choose"), options, partial(_let_out, screen, leaving))


def _whose(leaving: Leaving) -> str:
    return leaving.filters.post or leaving.filters.person or t("roster.filter.me")


def _let_out(screen: Shell[Any], leaving: Leaving, form: str) -> None:
    if form == "people":
        told = "\n".join([leaving.title, *person_texts(leaving.published, leaving.looked)])
        offer_text(screen, leaving.title, told)
    elif form in _CHAT:
        question = partial(_chat, leaving=leaving, form=form)
        screen.ask(question, lambda text: offer_text(screen, leaving.title, text))
    else:
        question_of: Callable[[Desk], Path] = partial(_write, leaving=leaving, form=form)
        screen.ask(question_of, lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD))


def _span(leaving: Leaving) -> Span:
    from tui.duty_papers import Span

    return Span(leaving.first, leaving.last, post_id=leaving.filters.post_id)


def _chat(desk: Desk, *, leaving: Leaving, form: str) -> str:
    from tui import duty_papers

    if form == "today":
        return duty_papers.today_chat(desk)
    tell = duty_papers.roster_chat if form == "days" else duty_papers.gaps_chat
    return tell(desk, _span(leaving))


def _write(desk: Desk, *, leaving: Leaving, form: str) -> Path:
    from tui import duty_papers

    span = _span(leaving)
    if form == "calendar":
        post_id = leaving.filters.post_id
        person_id: UUID | None = leaving.filters.person_id or leaving.looked.me
        return duty_papers.write_calendar(desk, person_id=None if post_id else person_id, post_id=post_id)
    if form == "table":
        return duty_papers.write_roster_table(desk, span)
    return duty_papers.write_roster(desk, replace(span, masked=form == "masked", drafts=form == "draft"))


def person_texts(lines: Sequence[ShiftLine], looked: Looked) -> Iterator[str]:
    """Yield each person with a line for each of their shifts, names masked."""
    shifts: dict[tuple[str, UUID], list[str]] = defaultdict(list)
    for line in lines:
        for one in _known(line):
            span = span_text(line.starts_at, line.ends_at, looked.zone)
            shifts[one.name, one.person_id].append(f"{day_text(line.day)} {span} {shift_name(line)}")
    for (name, _), held in sorted(shifts.items()):
        yield t("roster.out.person", name=mask_name(name), n=len(held))
        yield from (f"  {one}" for one in held)


def _known(line: ShiftLine) -> list[OnShift]:
    """Return who is known to be on a shift: who is by a draft is not, who goes by one still is."""
    return [one for one in line.people if one.state is ShiftState.PUBLISHED]
