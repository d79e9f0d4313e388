"""What Home asks the store. It is imported with the models, behind the first paint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.community import queries as community
from models.inspection import queries_schedules as schedules
from models.inspection import queries_walks as inspection
from models.inspection.first_steps import steps_after
from models.operations.pending import Pending, pending
from models.replication.links import link_of
from tui.desk import Desk
from tui.i18n import t
from tui.screens.register.words import listed
from tui.screens.schedules.due_words import due_mark, due_note
from tui.widgets.picker import Option
from tui.widgets.task_list import Task
from tui.widgets.text import Mark, Tone

if TYPE_CHECKING:
    # The tables of tickets, duty and fees come behind Home's first frame.
    from tui.screens.home_work import Work


@dataclass(frozen=True, slots=True)
class Today:
    """What Home shows; `places`, `rounds` and `due` are None while the store holds no compound.

    `awaits` tells that this laptop is enrolled in one whose rows are on their way,
    `unfinished` that the first steps of a new compound are not all done.
    """

    person: str
    places: community.HomeCounts | None = None
    rounds: inspection.HomeCounts | None = None
    due: schedules.DueCounts | None = None
    awaits: bool = False
    unfinished: bool = False
    waits: Pending = field(default_factory=Pending)
    linked: bool = False
    #: Tickets, duty and fees, then faults that come again and again: known a moment after the rest.
    work: Work | None = None
    repeats: int = 0


def look(desk: Desk) -> Today:
    """Ask the store what there is today. Its cost does not grow with what is stored."""
    if not desk.has_seat:
        return Today("", awaits=desk.awaited is not None)
    seat, today = desk.seat, desk.today()
    with desk.store.read() as session:
        places = community.home_counts(session, seat.compound_id, today=today)
        rounds = inspection.home_counts(session, seat.compound_id)
        return Today(
            seat.person,
            places,
            rounds,
            schedules.home_due(session, seat.compound_id, today=today),
            unfinished=steps_after(session, seat.compound_id, places, rounds).wanted,
            waits=pending(session, seat.compound_id),
            linked=link_of(session, seat.compound_id) is not None,
        )


def look_for_repeats(desk: Desk) -> int:
    """Count the faults that come again and again. It reads the tickets of a month: nobody should wait for Home because of that."""
    from models.tickets.queries_repeats import count_repeats
    from tui import edge

    if not desk.has_seat:
        return 0
    with desk.store.read() as session:
        return count_repeats(session, desk.seat.compound_id, now=edge.clock(), today=desk.today())


def tasks(today: Today) -> list[Task]:
    """Return the numbered tasks: those of the day, then the books, then the laptop."""
    if today.places is None or today.rounds is None or today.due is None:
        going = Mark("◐", t("home.awaits"), Tone.INFO) if today.awaits else ""
        return [
            Task("first_run", t("home.begin"), note=t("home.begin_note")),
            Task("demo", t("home.demo"), note=t("home.demo_note")),
            Task("enrol", t("home.enrol"), going, t("home.enrol_note")),
            Task("settings", t("screen.settings"), "", t("home.settings_note")),
        ]
    points = today.rounds.points
    return [
        _walk(today.rounds, today.due),
        *_work(today.work, today.repeats),
        Task("inspection", t("screen.inspection"), t("home.points", n=points), t("home.inspection_note")),
        _register(today.places),
        _fees(today.work),
        Task("changes", t("screen.changes"), "", t("home.changes_note"), apart=True),
        Task(
            "sync",
            t("home.sync"),
            _waiting(today.waits),
            t("home.sync_note" if today.linked else "home.sync_alone"),
        ),
        Task("settings", t("screen.settings"), "", t("home.settings_note")),
        Task("person", t("home.person"), today.person, t("home.person_note")),
    ]


def _work(work: Work | None, repeats: int) -> list[Task]:
    """Return tickets and duty, without what waits there while nobody knows it yet."""
    if work is None:
        return [Task(name, t(f"screen.{name}"), "", t(f"home.{name}_note")) for name in ("tickets", "duty")]
    from tui.screens.home_work import duty_task, tickets_task

    return [tickets_task(work, repeats), duty_task(work)]


def _register(places: community.HomeCounts) -> Task:
    """Return the register, which holds the households and the people."""
    counted = t("home.households_n", n=places.households)
    note = t("home.register_note", people=t("home.people_n", n=places.people))
    return Task("register", t("home.register"), counted, note, apart=True)


def _fees(work: Work | None) -> Task:
    if work is None:
        return Task("fees", t("screen.fees"), "", t("home.fees_note"))
    from tui.screens.home_work import fees_task

    return fees_task(work)


def _walk(rounds: inspection.HomeCounts, due: schedules.DueCounts) -> Task:
    """Return the task of walking: what is under way comes before what is due."""
    walk = rounds.open_walk
    if walk is not None:
        seen, total = walk.progress.seen, walk.progress.total
        mark = Mark("◐", t("home.walk_going", seen=seen, total=total), Tone.WARN)
        pressing = due.due + due.overdue
        note = t("home.walk_also_due", walk=walk.name, n=pressing) if pressing else walk.name
        return Task("walk", t("home.walk"), mark, note)
    if not rounds.points:
        return Task("points", t("home.walk"), "", t("home.no_points"))
    return Task("walk", t("home.walk"), due_mark(due), due_note(due) or t("home.walk_note"))


def _waiting(waits: Pending) -> Mark:
    """Return how much waits for a person to decide: nobody need open the room to see that there is nothing."""
    n = waits.conflicts + waits.refused + waits.flags
    return Mark("!", t("home.waits", n=n), Tone.WARN) if n else Mark("", "")


def options_of_people(desk: Desk) -> tuple[Option, ...]:
    """Return everybody who may be chosen to act."""
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
