"""One change: what it was before and after, who made it, when and where, what became of it, and its undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.operations.change_lines import ChangeLine
from models.operations.one_change import CARDS, ChangeDetail, detail
from models.operations.perform import Outcome
from models.operations.undo import undo_change
from models.replication.links import link_of
from tui.actions import Action, action
from tui.change_words import row_title, sentence, state_of, who
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import content_words, field_word, kind_word, value_words
from tui.screens.base import LinliScreen
from tui.screens.changes.rows import laptop_words, state_mark
from tui.screens.sync.rows import where_of
from tui.screens.sync.words import Where
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Fact, Facts
from tui.widgets.text import Line, Mark, Tone, plain
from tui.words import code_text, refusal_text

UNDO = action("change.undo", "1", "u", "ctrl+z", footer=False)
ROW = action("change.row", "2", footer=False)
HISTORY = action("change.history", "3", footer=False)
PARTS = action("change.parts", "4", footer=False)
_LONG = 600  # characters of a value that are shown
_SHORT_ID = 13


@dataclass(frozen=True, slots=True)
class Seen:
    """A change as it was read, in words. `why_not` is why it cannot be undone, "" when it can."""

    detail: ChangeDetail
    said: str
    facts: tuple[Fact, ...]
    fields: tuple[Fact, ...]
    why_not: str


class ChangeScreen(LinliScreen):
    """The operation of that id, with whatever was done together with it."""

    ROOM: ClassVar[str] = "change"
    DEEDS: ClassVar[tuple[Action, ...]] = (UNDO, ROW, HISTORY, PARTS)
    ACTIONS: ClassVar[tuple[Action, ...]] = DEEDS
    DEFAULT_CSS = """
    ChangeScreen #said { text-style: bold; height: auto; max-height: 3; margin-bottom: 1; }
    ChangeScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    ChangeScreen VerticalScroll:focus { background: $surface; }
    ChangeScreen #fields { margin-bottom: 1; }
    ChangeScreen Deeds { margin-top: 1; }
    ChangeScreen.-short Deeds { margin-top: 0; }
    """

    def __init__(self, operation_id: UUID) -> None:
        super().__init__()
        self.operation_id = operation_id
        self._seen: Seen | None = None
        self._gone = False
        self._writing = False

    def body(self) -> ComposeResult:
        yield Line(id="said")
        with VerticalScroll():
            yield Facts(id="fields")
            yield Facts(id="facts")
        yield Deeds()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(partial(look, operation_id=self.operation_id), self._show, latest="change")

    def _show(self, seen: Seen | None) -> None:
        self._seen, self._gone = seen, seen is None
        said = t("changes.gone") if seen is None else seen.said
        self.query_one("#said", Line).show(plain(said))
        fields = self.query_one("#fields", Facts)
        fields.show(() if seen is None else seen.fields)
        fields.display = bool(fields.facts)
        self.query_one("#facts", Facts).show(() if seen is None else seen.facts)
        self.refresh_keys()

    # -- actions

    def why_not(self, action_id: str) -> str | None:
        if action_id not in {made.id for made in self.DEEDS}:
            return super().why_not(action_id)
        seen = self._seen
        if seen is None or self._writing:
            return t("changes.gone" if self._gone else "changes.reading")
        reasons = {
            UNDO.id: seen.why_not,
            ROW.id: "" if self._card() is not None else t("changes.no_row"),
            HISTORY.id: "" if seen.detail.about is not None else t("changes.no_history"),
            PARTS.id: "" if seen.detail.number > 1 else t("changes.alone"),
        }
        return reasons[action_id] or None

    def _card(self) -> str | None:
        """Return the room of the row this is about, if there is one."""
        about = None if self._seen is None else self._seen.detail.about
        return about[0] if about is not None and about[0] in CARDS else None

    def do_row(self) -> None:
        from tui.screens.palette import card_of

        about = None if self._seen is None else self._seen.detail.about
        if about is not None:
            table, row_id = about
            self.app.push_screen(card_of(table, str(row_id)))

    def do_history(self) -> None:
        from tui.screens.changes.history import HistoryScreen

        about = None if self._seen is None else self._seen.detail.about
        if about is not None:
            table, row_id = about
            self.app.push_screen(HistoryScreen(row_id, table))

    def do_parts(self) -> None:
        from tui.screens.changes.history import PartsScreen

        if self._seen is not None:
            line = self._seen.detail.line
            self.app.push_screen(PartsScreen(line.change_id, self._seen.said))

    def do_undo(self) -> None:
        seen = self._seen
        if seen is None:
            return
        change_id = seen.detail.line.change_id
        self._writing = True

        def taken_back(outcome: Outcome) -> None:
            self._writing = False
            if outcome.refused is not None:
                self.flash(t("changes.not_undone", why=refusal_text(outcome.refused)), Tone.BAD)
            else:
                self.flash(t("changes.undone", what=_all_of(seen)), Tone.GOOD)
            self.reread()

        def failed(_error: Exception) -> None:
            self._writing = False
            self.refresh_keys()

        def undo(desk: Desk) -> Outcome:
            with desk.store.write() as session:
                return undo_change(session, change_id, desk.acting())

        self.tell(undo, taken_back, failed=failed)


def _all_of(seen: Seen) -> str:
    more = seen.detail.number - 1
    return t("did.and_more", what=seen.said, n=more) if more else seen.said


# Questions, asked in a worker


def look(desk: Desk, *, operation_id: UUID) -> Seen | None:
    """Read a change and put it in words."""
    with desk.store.read() as session:
        found = detail(session, operation_id, desk.acting())
        if found is None:
            return None
        where = where_of(desk, session, [dict(found.line.payload)])
        linked = link_of(session, desk.seat.compound_id) is not None
    return Seen(
        detail=found,
        said=sentence(found.line, found.names),
        facts=tuple(_facts(found, where, linked=linked)),
        fields=tuple(_fields(found, where.names)),
        why_not=_why_not(found, where),
    )


def _fields(found: ChangeDetail, names: Mapping[UUID, str]) -> Sequence[Fact]:
    """Return old and new of each field of an edit, else what the change carried."""
    payload = found.line.payload
    new, old = payload.get("new"), payload.get("old") or {}
    if not isinstance(new, Mapping):
        return [Fact(word, value[:_LONG]) for word, value in content_words(payload, names)]
    return [
        Fact(
            field_word(name),
            t(
                "changes.old_new",
                old=value_words(name, old.get(name), names)[:_LONG],
                new=value_words(name, value, names)[:_LONG],
            ),
        )
        for name, value in new.items()
    ]


def _facts(found: ChangeDetail, where: Where, *, linked: bool) -> list[Fact]:
    line = found.line
    facts = [
        Fact(t("changes.fact.who"), who(line)),
        Fact(t("changes.fact.state"), state_mark(state_of(line, linked=linked))),
        *_times(line, where),
        Fact(t("changes.fact.laptop"), laptop_words(where, line.device_id)),
        Fact(t("changes.fact.kind"), kind_word(line.kind)),
        Fact(t("changes.fact.number"), str(line.id)[:_SHORT_ID]),
    ]
    if found.number > 1:
        facts.append(Fact(t("changes.fact.together"), t("changes.fact.together_n", n=found.number)))
    if line.code and line.verdict == "rejected":
        why = code_text("refusal", line.code, line.params)
        facts.append(Fact(t("changes.fact.why"), Mark("×", why, Tone.BAD)))
    if found.undone_by is not None:
        facts.append(Fact(t("changes.fact.undone"), _by_at(found.undone_by, where)))
    if found.undoes is not None:
        facts.append(Fact(t("changes.fact.undoes"), sentence(found.undoes, found.names)))
    return [*facts, *_came_of_it(found, where)]


def _times(line: ChangeLine, where: Where) -> list[Fact]:
    """Return when it was made; when it happened, was put right and received, where that is another time."""
    times = {"happened": line.happened_at, "put_right": line.at, "received": line.received_at}
    return [
        Fact(t("changes.fact.made"), where.when(line.made_at)),
        *(
            Fact(t(f"changes.fact.{name}"), where.when(at))
            for name, at in times.items()
            if at is not None and at != line.made_at
        ),
    ]


def _came_of_it(found: ChangeDetail, where: Where) -> list[Fact]:
    """Return what is odd about it, and the values it met."""
    odd = [Mark("!", code_text("flag", flag.code, flag.params), Tone.WARN) for flag in found.flags]
    disputes = [
        t(
            "changes.fact.conflict_of",
            row=row_title(found.names.get(one.row_id), found.names),
            field=field_word(one.field),
            kept=value_words(one.field, one.kept, where.names)[:_LONG],
            lost=value_words(one.field, one.lost, where.names)[:_LONG],
        )
        for one in found.disputes
    ]
    return [
        *(Fact(t("changes.fact.flag"), mark) for mark in odd),
        *(Fact(t("changes.fact.conflict"), words) for words in disputes),
    ]


def _by_at(line: ChangeLine, where: Where) -> str:
    return t("changes.fact.by_at", who=who(line), when=where.when(line.at))


def _why_not(found: ChangeDetail, where: Where) -> str:
    """Return why a change cannot be undone, naming who stands in the way where that is known."""
    reason = found.why_not
    if reason is None:
        return ""
    by = reason.by
    if by is not None and reason.refused.code == "undo.already":
        return t("changes.already_by", who=who(by), when=where.when(by.at))
    if by is not None:
        return t("changes.changed_by", who=who(by), when=where.when(by.at), what=kind_word(by.kind))
    return refusal_text(reason.refused)
