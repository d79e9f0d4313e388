"""Settings: what is this user's own on this computer, and what the compound shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult

from models.community.tables import Compound
from models.operations.drafts import load_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.roles import LEADERS
from models.replication import identity
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import LANGUAGES, t
from tui.preferences import AUTO
from tui.screens.base import LinliScreen
from tui.screens.choose import Choose
from tui.screens.filling import DRAFTS, SavingForm
from tui.screens.form import FormDialog, Values
from tui.themes import THEMES
from tui.widgets.fields import TextField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Tone
from tui.words import refusal_text

UNDO = action("settings.undo", "u", "ctrl+z")
_PRINT = "print"
_LONGEST = 200
_LONGEST_NAME = 60
#: The zones of the country that the compounds are in stand first.
_NEAR = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei")


@dataclass(frozen=True, slots=True)
class Shared:
    """What the compound shares, and whether who acts may change it; `id` is None while there is no compound.

    `draft` are words for print that were half-typed when the app was closed.
    """

    id: UUID | None = None
    name: str = ""
    zone: str = ""
    print_head: str = ""
    print_foot: str = ""
    may: bool = False
    laptop: str = ""
    draft: dict[str, str] | None = None


def look(desk: Desk) -> Shared:
    """Ask the store for what the compound shares."""
    with desk.store.read() as session:
        laptop = identity.name_of(session) or edge.laptop_name()
        if not desk.has_seat:
            return Shared(laptop=laptop)
        seat = desk.seat
        compound = session.get_one(Compound, (seat.compound_id, seat.compound_id))
        return Shared(
            seat.compound_id,
            compound.name,
            compound.zone,
            compound.print_head,
            compound.print_foot,
            desk.may(LEADERS),
            laptop,
            load_draft(session, seat.compound_id, DRAFTS + _PRINT),
        )


class SettingsScreen(LinliScreen):
    """A numbered list; each entry opens where it can be changed."""

    ROOM: ClassVar[str] = "settings"
    ACTIONS: ClassVar[tuple[Action, ...]] = (UNDO,)
    _shared: Shared | None = None

    def __init__(self) -> None:
        super().__init__()
        self._done: list[tuple[UUID, str]] = []

    def body(self) -> ComposeResult:
        yield TaskList(self._tasks(), id="settings")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self._look()

    def news(self) -> None:
        self._look()

    def _look(self) -> None:
        # In the write thread: it comes after what was just changed.
        self.tell(look, self._show)

    def _show(self, shared: Shared) -> None:
        self._shared = shared
        if shared.draft is not None:
            self.linli.drafts.setdefault(_PRINT, shared.draft)
        self.query_one(TaskList).show(self._tasks())

    def _tasks(self) -> tuple[Task, ...]:
        kept = self.linli.preferences
        shared = self._shared or Shared()
        reason = None
        if self._shared is not None and shared.id is None:
            reason = t("settings.no_compound")
        elif self._shared is not None and not shared.may:
            reason = t("settings.leaders_only")
        words = shared.print_head or shared.print_foot
        keys = t("settings.keys_own", n=len(kept.keys)) if kept.keys else t("settings.keys_usual")
        tasks = [
            Task(
                "language",
                t("settings.language"),
                t(f"language.{kept.language}"),
                t("settings.language_note"),
            ),
            Task("theme", t("settings.theme"), t(f"theme.{self.linli.theme}"), t("settings.theme_note")),
            Task("keys", t("settings.keys"), keys, t("settings.keys_note")),
            Task(
                "zone",
                t("settings.zone"),
                shared.zone,
                t("settings.zone_note"),
                reason,
            ),
            Task(
                "print",
                t("settings.print"),
                t("settings.print_set" if words else "settings.print_none") if shared.id else "",
                t("settings.print_note"),
                reason,
            ),
            Task("laptop", t("settings.laptop"), shared.laptop, t("settings.laptop_note")),
            Task("first_run", t("settings.first_run"), "", t("settings.first_run_note")),
            Task("about", t("settings.about"), "", t("settings.about_note")),
        ]
        return tuple(tasks)

    def why_not(self, action_id: str) -> str | None:
        if action_id == UNDO.id and not self._done:
            return t("settings.nothing_to_undo")
        return super().why_not(action_id)

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        self.flash("")
        match event.task_id:
            case "language":
                self._choose_language()
            case "theme":
                self._choose_theme()
            case "keys":
                from tui.screens.settings.keys import KeysScreen

                self.app.push_screen(KeysScreen())
            case "zone":
                self.ask(_zones, self._choose_zone, latest="zones")
            case "print":
                self._ask_for_words()
            case "laptop":
                self._ask_for_name()
            case "first_run":
                self.linli.enter("first_run")
            case _:
                from tui.screens.settings.about import About, facts

                self.ask(facts, lambda found: self.app.push_screen(About(found)), latest="about")

    # This user's own

    def _choose_language(self) -> None:
        options = [Option(code, t(f"language.{code}")) for code in (AUTO, *LANGUAGES)]
        self.choose(t("language.title"), options, self._speak, current=self.linli.preferences.language)

    async def _speak(self, language: str) -> None:
        await self.linli.speak(language)
        self.flash(t("settings.spoken"), Tone.GOOD)

    def _choose_theme(self) -> None:
        worn = self.linli.theme

        def chosen(theme: str | None) -> None:
            self.linli.wear(theme or worn)
            if theme is not None:
                self.linli.prefer_theme(theme)
                self.flash(t("shell.theme_now", theme=t(f"theme.{theme}")), Tone.GOOD)
            self.query_one(TaskList).show(self._tasks())

        self.app.push_screen(ChooseTheme(worn), chosen)

    # What the compound shares

    def _choose_zone(self, options: tuple[Option, ...]) -> None:
        shared = self._shared
        if shared is not None and shared.id is not None:
            title = t("settings.zone_title", compound=shared.name)
            self._show_modal(Choose(title, options, current=shared.zone, typed=True), self._set_zone)

    def _set_zone(self, zone: str) -> None:
        shared = self._shared
        if shared is None or shared.id is None or zone == shared.zone:
            return
        intent = _edit(shared.id, {"zone": shared.zone}, {"zone": zone})

        def change(desk: Desk) -> Outcome:
            outcome = desk.perform(intent)
            desk.arrive()  # the day and the hour everywhere are told in the seat's zone
            return outcome

        self.tell(change, partial(self._judged, t("settings.zone_now", zone=zone)))

    def _ask_for_words(self) -> None:
        shared = self._shared
        if shared is None or shared.id is None:
            return
        compound_id = shared.id
        old = {"print_head": shared.print_head, "print_foot": shared.print_foot}

        def plan(values: Values) -> list[Intent]:
            new = {name: str(values[name]) for name in old if str(values[name]) != old[name]}
            return [_edit(compound_id, {name: old[name] for name in new}, new)] if new else []

        form = SavingForm(
            t("settings.print_title", compound=shared.name),
            [
                TextField(
                    name,
                    t(f"settings.{name}"),
                    value=old[name],
                    hint=t(f"settings.{name}_hint"),
                    longest=_LONGEST,
                )
                for name in old
            ],
            plan,
            draft_name=_PRINT,
        )

        def saved(_values: Values) -> None:
            if form.outcome is not None:
                self._judged(t("settings.print_saved"), form.outcome)

        self._show_modal(form, saved)

    def _judged(self, said: str, outcome: Outcome) -> None:
        if outcome.refused is not None:
            self.flash(refusal_text(outcome.refused), Tone.BAD)
        else:
            self._done.append((outcome.group_id, said))
            self.flash(t("settings.changed", what=said), Tone.GOOD)
        self._look()

    def do_undo(self) -> None:
        group_id, said = self._done.pop()  # at once: who presses twice means two changes

        def undo(desk: Desk) -> Outcome:
            outcome = desk.undo(group_id)
            desk.arrive()
            return outcome

        def undone(outcome: Outcome) -> None:
            if outcome.refused is not None:
                why = refusal_text(outcome.refused)
                self.flash(t("settings.not_undone", what=said, why=why), Tone.BAD)
            else:
                self.flash(t("settings.undone", what=said), Tone.GOOD)
            self._look()

        def failed(_error: Exception) -> None:
            self._done.append((group_id, said))

        self.tell(undo, undone, failed=failed)

    # The laptop

    def _ask_for_name(self) -> None:
        name = "" if self._shared is None else self._shared.laptop
        field = TextField(
            "name",
            t("sync.laptop_name"),
            value=name,
            required=True,
            longest=_LONGEST_NAME,
            hint=t("sync.name_hint"),
        )
        self._show_modal(FormDialog(t("sync.name_title"), [field]), self._call)

    def _call(self, values: Values) -> None:
        name = str(values["name"])

        def call(desk: Desk) -> None:
            with desk.store.write() as session:
                identity.call(session, name)

        def called(_nothing: None) -> None:
            self.flash(t("settings.laptop_now", name=name), Tone.GOOD)
            self._look()

        self.tell(call, called)


class ChooseTheme(Choose):
    """The themes; the one under the cursor is worn at once."""

    def __init__(self, worn: str) -> None:
        options = [Option(made.name, t(f"theme.{made.name}")) for made in THEMES]
        super().__init__(t("settings.theme_title"), options, current=worn)

    def on_long_list_highlighted(self, event: LongList.Highlighted) -> None:
        self.linli.wear(event.row_id)


def _edit(compound_id: UUID, old: dict[str, str], new: dict[str, str]) -> Intent:
    return Intent("compound.edit", {"compound": str(compound_id), "old": old, "new": new})


def _zones(_desk: Desk) -> tuple[Option, ...]:
    """Return every time zone with what its clock is ahead of UTC today, the near ones first."""
    from zoneinfo import available_timezones

    now = edge.clock()

    def option(name: str) -> Option:
        ahead = now.astimezone(ZoneInfo(name)).strftime("%z")
        near = t(f"settings.zone.{name}") if name in _NEAR else ""
        return Option(name, name, f"{near} UTC{ahead[:3]}:{ahead[3:]}".strip())

    far = sorted(
        name for name in available_timezones() - set(_NEAR) if "/" in name and not name.startswith("Etc/")
    )
    return tuple(option(name) for name in (*_NEAR, *far))
