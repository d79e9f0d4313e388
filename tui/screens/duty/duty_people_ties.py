"""What a person's card of duty shows: facts above, and below what they have said, whom they sit with, and their shifts."""

from __future__ import annotations

from datetime import date

from models.duty.queries_on_duty import SaidLine
from models.duty.rules import AvailabilityKind
from tui.duty_words import availability_word, points_text, said_when, shift_title, span_text
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.screens.duty.duty_people_rows import share_text, state_of
from tui.screens.duty.duty_people_store import MEMBER, PAIR, SAID, SHIFT, View
from tui.widgets.facts import Fact
from tui.widgets.rows import RowView
from tui.widgets.text import Mark, Tone


def facts_of(view: View) -> list[Fact]:
    card = view.card
    facts = [
        Fact(t("duty_setup.state"), state_of(card.said, card.share, view.today)),
        Fact(t("duty_setup.share"), share_text(card.share)),
        Fact(t("duty_setup.owed"), owed_mark(view.owed)),
        Fact(t("duty_setup.pools"), listed([one.team for one in view.teams])),
        Fact(t("register.roles"), listed([role_word(role) for role in card.person.roles])),
        Fact(t("register.skills"), listed(card.person.skills)),
    ]
    if card.coming:
        facts.append(Fact(t("duty_setup.next_shift"), shift_title(card.coming[0])))
    return facts


def owed_mark(owed: int | None) -> Mark | str:
    """Return what somebody owes: who owes much comes first next time."""
    if owed is None:
        return t("duty_setup.owes_unknown")
    if owed > 0:
        return Mark("▲", t("duty_setup.owes", points=points_text(owed)), Tone.WARN)
    if owed < 0:
        return Mark("▼", t("duty_setup.ahead_by", points=points_text(-owed)), Tone.INFO)
    return Mark("●", t("duty_setup.even"), Tone.GOOD)


def ties_of(view: View) -> list[RowView]:
    """Return what was said that holds, pools, pairs and shifts to come; what is over comes last."""
    today = view.today
    said = [_said(line, today) for line in view.card.said]
    rows = [row for row in said if not row.muted]
    rows += [
        RowView(
            f"{SHIFT}:{line.id}",
            (
                t("duty_setup.tie_shift"),
                f"{shift_title(line)} {span_text(line.starts_at, line.ends_at, view.zone)}",
                line.place,
                Mark("◇", t("duty_setup.to_come"), Tone.INFO),
            ),
        )
        for line in view.card.coming
    ]
    rows += [
        RowView(
            f"{PAIR}:{pair.id}",
            (
                t("duty_setup.pair.together" if pair.together else "duty_setup.pair.apart"),
                pair.other,
                "",
                Mark("●", t("register.now"), Tone.GOOD),
            ),
        )
        for pair in view.card.pairs
        if not pair.archived
    ]
    rows += [
        RowView(
            f"{MEMBER}:{one.id}",
            (t("duty_setup.tie_pool"), one.team, "", Mark("●", t("register.now"), Tone.GOOD)),
        )
        for one in view.teams
    ]
    return [*rows, *(row for row in said if row.muted)]


def _said(line: SaidLine, today: date) -> RowView:
    over = line.over(today)
    if over:
        state = Mark("○", t("register.over"), Tone.MUTED)
    elif line.since is not None and line.since > today:
        state = Mark("◇", t("register.not_yet"), Tone.INFO)
    else:
        tone = Tone.WARN if line.kind == AvailabilityKind.PAUSE else Tone.GOOD
        state = Mark("●", t("register.now"), tone)
    return RowView(
        f"{SAID}:{line.id}", (availability_word(line.kind), said_when(line), line.note, state), muted=over
    )
