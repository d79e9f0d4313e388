"""The kinds of job: how soon each is taken and done, whose it is, and when a fault that comes again alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from models.text import normalise
from models.tickets.queries_categories import CategoryLine, Origin
from models.tickets.rules import BEST_SCORE, Ruling, Urgency
from tui.actions import Action, action
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.tickets import kinds_store as store
from tui.screens.tickets.marks import urgency_mark
from tui.ticket_words import urgency_word
from tui.widgets.deeds import Deeds
from tui.widgets.fields import ChoiceField, Field, NumberField, PickField, TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Line, Mark, Tone, joined

PICK = action("ticket_kinds.pick", "enter")
EDIT = action("ticket_kinds.edit", "1", footer=False)
ADD = action("ticket_kinds.add", "2", "f5", "insert", footer=False)
BACK = action("ticket_kinds.put_back", "3", "delete", footer=False)
RULE = action("ticket_kinds.rule", "4", footer=False)
_CHANGES = frozenset({PICK.id, EDIT.id, ADD.id, BACK.id, RULE.id})
_DAY_HOURS = 24
_YEAR_HOURS = 24 * 365


class TicketKinds(Changing):
    """The kinds in the order they are offered."""

    ROOM: ClassVar[str] = "ticket_kinds"
    AUTO_FOCUS = "#kinds"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, ADD, BACK, RULE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    TicketKinds #told { height: auto; margin-bottom: 1; }
    TicketKinds.-short #told { margin-bottom: 0; }
    TicketKinds Deeds { margin-top: 1; }
    TicketKinds.-short Deeds { margin-top: 0; }
    """
    _kinds: store.Kinds | None = None

    def body(self) -> ComposeResult:
        yield Line(id="told")
        yield LongList(
            (
                Column(t("ticket_kinds.kind"), 14, priority=9, grow=True),
                Column(t("ticket_kinds.accept"), 8, priority=8, align="right"),
                Column(t("ticket_kinds.finish"), 8, priority=8, align="right"),
                Column(t("ticket_kinds.urgency"), 12, priority=6),
                Column(t("ticket_kinds.origin"), 10, priority=7),
                Column(t("ticket_kinds.team"), 10, priority=5, grow=True),
                Column(t("ticket_kinds.skill"), 8, priority=3, grow=True),
            ),
            id="kinds",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="kinds")

    def _show(self, kinds: store.Kinds) -> None:
        self._kinds = kinds
        said = joined(
            (t("ticket_kinds.told", n=kinds.ruling.repeats, days=kinds.ruling.repeat_days), "bold"),
            ("  " + t("ticket_kinds.told_score", score=kinds.ruling.low_score), "$text-muted"),
        )
        self.query_one("#told", Line).show(said)
        self.query_one(LongList).show([_row(line) for line in kinds.lines], keep=True)
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    @property
    def kinds(self) -> store.Kinds:
        """What is shown; actions wait until it is read."""
        return known(self._kinds)

    @property
    def chosen(self) -> CategoryLine | None:
        """The kind under the highlight."""
        if self._kinds is None or not self.is_mounted:
            return None
        return self._kinds.line(self.query_one(LongList).highlighted)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id in _CHANGES:
            if self._kinds is None:
                return t("list.reading")
            if not self.kinds.may:
                return t("ticket_kinds.leaders_only")
            if action_id == BACK.id and (self.chosen is None or self.chosen.id is None):
                return t("ticket_kinds.as_built_in")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        self.do_edit()

    def do_edit(self) -> None:
        line, kinds = self.chosen, self.kinds
        if line is None:
            return
        word = category_word(line.code)
        self.fill_in(
            t("ticket_kinds.edit_title", kind=word),
            _fields(line, kinds),
            lambda values: store.setting(kinds, line.code, _wanted(values)),
            lambda _values: t("ticket_kinds.changed", kind=word),
            draft=f"ticket_kind:{line.code}",
        )

    def do_add(self) -> None:
        kinds = self.kinds

        def check(name: object) -> str | None:
            meant = store.taken(kinds, str(name), {one.code: category_word(one.code) for one in kinds.lines})
            return None if meant is None else t("ticket_kinds.there_already", kind=category_word(meant))

        def plan(values: Values) -> Sequence[Intent]:
            return store.setting(kinds, normalise(str(values["name"])), _wanted(values))

        self.fill_in(
            t("ticket_kinds.add_title"),
            [
                TextField(
                    id="name",
                    label=t("ticket_kinds.name"),
                    required=True,
                    longest=LONGEST_NAME,
                    hint=t("ticket_kinds.name_hint"),
                    check=check,
                ),
                *_fields(None, kinds),
            ],
            plan,
            lambda values: t("ticket_kinds.added", kind=str(values["name"])),
            draft="ticket_kind",
        )

    def do_put_back(self) -> None:
        line = self.chosen
        if line is not None:
            key = "ticket_kinds.removed" if store.is_own(line) else "ticket_kinds.is_built_in_again"
            self.change([store.putting_back(line)], t(key, kind=category_word(line.code)))

    def do_rule(self) -> None:
        ask_thresholds(self, self.kinds)


def ask_thresholds(room: Changing, kinds: store.Kinds) -> None:
    """Ask when a fault that comes again alarms and which scores are low, and set it."""
    stands = kinds.ruling
    room.fill_in(
        t("ticket_kinds.rule_title"),
        [
            NumberField(
                id="repeats",
                label=t("ticket_kinds.repeats"),
                value=str(stands.repeats),
                required=True,
                minimum=2,
                maximum=50,
                hint=t("ticket_kinds.repeats_hint"),
            ),
            NumberField(
                id="repeat_days",
                label=t("ticket_kinds.repeat_days"),
                value=str(stands.repeat_days),
                required=True,
                minimum=1,
                maximum=366,
            ),
            NumberField(
                id="low_score",
                label=t("ticket_kinds.low_score"),
                value=str(stands.low_score),
                required=True,
                minimum=0,
                maximum=BEST_SCORE,
                hint=t("ticket_kinds.low_score_hint"),
            ),
        ],
        lambda values: store.ruling_intents(kinds, _ruling(values)),
        lambda _values: t("ticket_kinds.ruled"),
        draft="ticket_ruling",
    )


def _ruling(values: Mapping[str, Any]) -> Ruling:
    return Ruling(int(values["repeats"]), int(values["repeat_days"]), int(values["low_score"]))


def _fields(line: CategoryLine | None, kinds: store.Kinds) -> list[Field]:
    def hours(name: str, label: str, value: int | None) -> Field:
        return NumberField(
            id=name,
            label=label,
            value="" if value is None else str(value),
            required=True,
            minimum=1,
            maximum=_YEAR_HOURS,
            hint=t("ticket_kinds.hours_hint"),
        )

    teams = [
        Option(str(team_id), name) for team_id, name in sorted(kinds.teams.items(), key=lambda one: one[1])
    ]
    return [
        hours("accept_hours", t("ticket_kinds.accept_hours"), None if line is None else line.accept_hours),
        hours("finish_hours", t("ticket_kinds.finish_hours"), None if line is None else line.finish_hours),
        ChoiceField(
            id="urgency",
            label=t("ticket_kinds.urgency"),
            value=(Urgency.NORMAL if line is None else line.urgency).value,
            options=tuple((urgency.value, urgency_word(urgency)) for urgency in Urgency),
        ),
        PickField(
            id="team",
            label=t("ticket_kinds.team"),
            value="" if line is None or line.team_id is None else str(line.team_id),
            options=(Option("", t("ticket_kinds.no_team")), *teams),
        ),
        TextField(
            id="skill",
            label=t("ticket_kinds.skill"),
            value="" if line is None else line.skill,
            longest=LONGEST_NAME,
            hint=t("ticket_kinds.skill_hint"),
        ),
    ]


def _wanted(values: Values) -> dict[str, Any]:
    team = values["team"]
    return {
        "accept_hours": values["accept_hours"],
        "finish_hours": values["finish_hours"],
        "urgency": str(values["urgency"] or Urgency.NORMAL.value),
        "team_id": str(UUID(str(team))) if team else None,
        "skill": str(values["skill"] or ""),
    }


def hours_text(hours: int) -> str:
    """Return a span of hours as people say it: whole days as days."""
    days, rest = divmod(hours, _DAY_HOURS)
    return t("ticket_kinds.hours", n=hours) if rest else t("ticket_kinds.days", n=days)


def _row(line: CategoryLine) -> RowView:
    origin = {
        Origin.BUILT_IN: Mark("·", t("ticket_kinds.built_in"), Tone.MUTED),
        Origin.CHANGED: Mark("◆", t("ticket_kinds.is_changed"), Tone.INFO),
        Origin.OWN: Mark("+", t("ticket_kinds.own"), Tone.GOOD),
    }[line.origin]
    cells = (
        category_word(line.code),
        hours_text(line.accept_hours),
        hours_text(line.finish_hours),
        urgency_mark(line.urgency),
        origin,
        line.team,
        line.skill,
    )
    return RowView(line.code, cells)
