"""Today: the numbered tasks of the compound, and who acts here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual.app import ComposeResult

from tui.actions import Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Line, Mark, Tone

if TYPE_CHECKING:
    # Home is drawn before the store opens: what it asks for is imported where it is asked.
    from models.community import queries as community
    from models.inspection import queries_walks as inspection
    from models.operations.pending import Pending
    from models.operations.perform import Outcome
    from tui.desk import Desk
    from tui.screens.form import Values

PERSON = action("home.person", "f3")


def _nothing_waits() -> Pending:
    from models.operations.pending import Pending

    return Pending()


@dataclass(frozen=True, slots=True)
class Today:
    """What Home shows; `places` and `rounds` are None while the store holds no compound.

    `awaits` tells that this laptop is enrolled in one whose rows are on their way.
    """

    person: str
    places: community.HomeCounts | None
    rounds: inspection.HomeCounts | None
    awaits: bool = False
    waits: Pending = field(default_factory=_nothing_waits)
    linked: bool = False


def look(desk: Desk) -> Today:
    """Ask the store what there is today. Its cost does not grow with what is stored."""
    if not desk.has_seat:
        return Today("", None, None, awaits=desk.awaited is not None)
    from models.community import queries as community
    from models.inspection import queries_walks as inspection
    from models.operations.pending import pending
    from models.replication.links import link_of

    seat = desk.seat
    with desk.store.read() as session:
        return Today(
            seat.person,
            community.home_counts(session, seat.compound_id, today=desk.today()),
            inspection.home_counts(session, seat.compound_id),
            waits=pending(session, seat.compound_id),
            linked=link_of(session, seat.compound_id) is not None,
        )


class HomeScreen(LinliScreen):
    """The first screen."""

    ROOM: ClassVar[str] = "home"
    ACTIONS: ClassVar[tuple[Action, ...]] = (PERSON,)
    _today: Today | None = None

    def body(self) -> ComposeResult:
        yield Line(id="greeting")
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self.ask(look, self._show, latest="today")

    def news(self) -> None:
        self.ask(look, self._show, latest="today")

    def why_not(self, action_id: str) -> str | None:
        if action_id == PERSON.id and (self._today is None or self._today.places is None):
            return t("home.no_compound_yet")
        return super().why_not(action_id)

    def _show(self, today: Today) -> None:
        self._today = today
        greeting = self.query_one("#greeting", Line)
        if today.places is None:
            greeting.show(t("home.welcome"))
            going = Mark("◐", t("home.awaits"), Tone.INFO) if today.awaits else ""
            self.query_one(TaskList).show(
                [
                    Task("found", t("home.found"), note=t("home.found_note")),
                    Task("demo", t("home.demo"), note=t("home.demo_note")),
                    Task("enrol", t("home.enrol"), going, t("home.enrol_note")),
                ]
            )
            return
        greeting.show(t("home.greeting", person=today.person) if today.person else t("home.nobody"))
        self.query_one(TaskList).show(self._tasks(today))

    def _tasks(self, today: Today) -> list[Task]:
        places, rounds = today.places, today.rounds
        if places is None or rounds is None:
            return []
        walk = rounds.open_walk
        if walk is not None:
            going = Mark(
                "◐", t("home.walk_going", seen=walk.progress.seen, total=walk.progress.total), Tone.WARN
            )
            walk_note = walk.name
        else:
            going = Mark("", t("home.points", n=rounds.points))
            walk_note = t("home.walk_note") if rounds.points else t("home.no_points")
        return [
            Task("walk", t("home.walk"), going, walk_note),
            Task(
                "households",
                t("home.households"),
                t("home.households_n", n=places.households),
                t("home.households_note"),
            ),
            Task("people", t("home.people"), t("home.people_n", n=places.people), t("home.people_note")),
            Task("import", t("home.import"), "", t("home.import_note")),
            Task("person", t("home.person"), today.person, t("home.person_note")),
            Task(
                "sync",
                t("home.sync"),
                _waiting(today),
                t("home.sync_note" if today.linked else "home.sync_alone"),
            ),
        ]

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        match event.task_id:
            case "walk":
                self.linli.enter("walk")
            case "households":
                self.linli.enter("register")
            case "people":
                self.linli.enter("register", view="people")
            case "import":
                self.linli.enter("import")
            case "person":
                self.do_person()
            case "sync":
                self.linli.enter("sync")
            case "enrol":
                self.linli.enter("enrol")
            case "found":
                self._ask_for_compound()
            case "demo":
                self.tell(lambda desk: desk.move_to_demo(), self._founded)

    # Who acts

    def do_person(self) -> None:
        self.ask(options_of_people, self._choose_person)

    def _choose_person(self, options: tuple[Option, ...]) -> None:
        if not options:
            self.flash(t("home.nobody_to_choose"), Tone.WARN)
            return
        self.choose(t("home.who"), options, self._act_as)

    def _act_as(self, person_id: str) -> None:
        def change(desk: Desk) -> str:
            desk.act_as(UUID(person_id))
            return desk.seat.person

        self.tell(change, self._acting)

    def _acting(self, person: str) -> None:
        self.flash(t("home.now_acting", person=person), Tone.GOOD)
        self.ask(look, self._show, latest="today")

    # The first compound

    def _ask_for_compound(self) -> None:
        from tui.screens.form import FormDialog
        from tui.widgets.fields import TextField

        form = FormDialog(
            t("home.found"),
            [
                TextField("name", t("home.compound_name"), required=True, longest=100),
                TextField("person", t("home.your_name"), required=True, longest=100),
            ],
            draft_name="found",
            save=t("home.found_verb"),
        )
        self._show_modal(form, self._found)

    def _found(self, values: Values) -> None:
        name, person = str(values["name"]), str(values["person"])
        self.tell(lambda desk: desk.found(name, person), self._founded)

    def _founded(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.refused is not None:
            from tui import words

            self.flash(words.refusal_text(outcome.refused), Tone.BAD)
            return
        self.flash("")
        self.refresh_frame()
        self.ask(look, self._show, latest="today")


def _waiting(today: Today) -> Mark:
    """Return how much waits for a person to decide: nobody need open the room to see that there is nothing."""
    waits = today.waits.conflicts + today.waits.refused + today.waits.flags
    return Mark("!", t("home.waits", n=waits), Tone.WARN) if waits else Mark("", "")


def options_of_people(desk: Desk) -> tuple[Option, ...]:
    """Return everybody who may be chosen to act."""
    from models.community import queries as community
    from tui.screens.register_words import listed

    with desk.store.read() as session:
        people = community.people_for_picker(session, desk.seat.compound_id, today=desk.today())
    return tuple(
        Option(
            str(person.id),
            person.name,
            listed([t(f"role.{role.value}") for role in person.roles]),
            person.search,
        )
        for person in people
    )
