"""What the walk screens ask of the store and change in it; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.community.queries import people_for_picker
from models.inspection.answered import Given, answers_given, group_of_answer
from models.inspection.locating import LocatedFindings, locate_walk
from models.inspection.queries import RouteLine, count_points, routes
from models.inspection.queries_cards import WalkView, walk_view
from models.inspection.queries_schedules import DueLine, due_routes
from models.inspection.queries_walks import WalkLine, other_walks_to_join, walks_page
from models.operations.drafts import drop_draft, load_draft, load_drafts, save_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.screens.register.words import listed
from tui.screens.walk.state import Edit, Step, Walking
from tui.widgets.picker import Option


@dataclass(frozen=True, slots=True)
class Opened:
    """A walk as it is taken up: its cards, what was half-typed, what may be taken back, who is there."""

    view: WalkView
    edits: Mapping[UUID, Edit]
    given: tuple[Given, ...]
    recorder_id: UUID
    recorder: str
    doer_id: UUID
    doer: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What a new walk may go over, what presses most first; `points` counts all living points.

    `due` holds the most urgent schedule of each route that has one.
    """

    routes: tuple[RouteLine, ...]
    points: int
    taken: frozenset[str]
    due: Mapping[UUID, DueLine]


def walk_subject(walk_id: UUID) -> str:
    """Name the draft that keeps a walk's own settings; those of its points begin with it."""
    return f"walk:{walk_id.hex}:"


def point_subject(walk_id: UUID, point_id: UUID) -> str:
    """Name the draft of one card."""
    return f"{walk_subject(walk_id)}{point_id.hex}"


def list_walks(desk: Desk) -> tuple[WalkLine, ...]:
    """Return the open walks, newest first, and then the finished ones."""
    with desk.store.read() as session:
        walks = walks_page(session, desk.seat.compound_id)
    return tuple(sorted(walks, key=lambda walk: walk.finished_at is not None))


def open_walk(desk: Desk, walk_id: UUID) -> Opened | None:
    """Return a walk as somebody takes it up, None if there is none."""
    seat = desk.seat
    recorder_id = seat.person_id or seat.compound_id
    with desk.store.read() as session:
        view = walk_view(session, seat.compound_id, walk_id)
        if view is None:
            return None
        subject = walk_subject(view.id)
        kept = load_drafts(session, seat.compound_id, subject)
        given = answers_given(session, seat.compound_id, view.id)
        people = people_for_picker(session, seat.compound_id, today=desk.today(), workers_only=False)
    names = {person.id: person.name for person in people}
    settings = kept.pop(subject, {})
    doer_id = UUID(settings["doer"]) if "doer" in settings else recorder_id
    if doer_id not in names:
        doer_id = recorder_id
    edits = {UUID(key.removeprefix(subject)): Edit.from_json(values) for key, values in kept.items()}
    return Opened(view, edits, given, recorder_id, seat.person, doer_id, names.get(doer_id, seat.person))


def people(desk: Desk) -> tuple[Option, ...]:
    """Return who may lift covers: everyone with work to do here."""
    with desk.store.read() as session:
        found = people_for_picker(session, desk.seat.compound_id, today=desk.today())
    return tuple(
        Option(
            str(person.id),
            person.name,
            listed([t(f"role.{role.value}") for role in person.roles]),
            person.search,
        )
        for person in found
    )


def observing(walking: Walking, step: Step, doer_id: UUID) -> Intent:
    """Return the intent that records a step."""
    said = step.after
    assert said is not None  # noqa: S101 - only given answers are recorded
    answer = said.answer
    payload: dict[str, Any] = {
        "id": str(step.id),
        "walk": str(walking.view.id),
        "point": str(walking.cards[step.index].point_id),
        "level": answer.level,
        "mud_mm": answer.mud_mm,
        "defects": [
            {"code": found.code, "grade": found.grade, "note": found.note} for found in answer.defects
        ],
        "answers": dict(answer.answers),
        "note": answer.note,
    }
    return Intent("walk.observe", payload, doer_id=doer_id, happened_at=said.at)


def record(desk: Desk, step: Step, intent: Intent, subject: str) -> Outcome:
    """Store an answer and forget its draft in one transaction: a crash keeps the one or the other."""
    with desk.store.write() as session:
        outcome = perform(session, [intent], desk.acting())
        if outcome.refused is None:
            drop_draft(session, desk.seat.compound_id, subject)
    if outcome.refused is None:
        step.group_id = outcome.group_id
    return outcome


def take_back(desk: Desk, step: Step) -> Outcome | None:
    """Undo an answer; None if it was never stored, or the log no longer knows it."""
    group_id = step.group_id
    if group_id is None:
        with desk.store.read() as session:
            group_id = group_of_answer(session, desk.seat.compound_id, step.id)
    return None if group_id is None else desk.undo(group_id)


def keep_drafts(desk: Desk, drafts: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Write drafts by subject; None forgets one."""
    compound_id = desk.seat.compound_id
    with desk.store.write() as session:
        for subject, values in drafts.items():
            if values is None:
                drop_draft(session, compound_id, subject)
            else:
                save_draft(session, compound_id, subject, values)


def offered(desk: Desk) -> Offered:
    """Return what a new walk may go over."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        due: dict[UUID, DueLine] = {}
        for line in due_routes(session, compound_id, desk.today()):
            due.setdefault(line.route_id, line)
        order = {route_id: place for place, (route_id, line) in enumerate(due.items()) if line.presses}
        return Offered(
            tuple(sorted(routes(session, compound_id), key=lambda made: order.get(made.id, len(order)))),
            count_points(session, compound_id),
            frozenset(walk.name for walk in walks_page(session, compound_id)),
            due,
        )


def start(desk: Desk, name: str, route_id: UUID | None, points: Sequence[UUID] = ()) -> tuple[Outcome, UUID]:
    """Start a walk over a route, or over just these points, and return its id; one that is the same is joined."""
    walk_id = edge.new_id()
    payload: dict[str, Any] = {
        "id": str(walk_id),
        "name": name,
        "route": None if route_id is None else str(route_id),
    }
    if points:
        payload["points"] = [str(point) for point in points]
    return desk.perform(Intent("walk.start", payload)), walk_id


def finish(desk: Desk, walk_id: UUID) -> Outcome:
    """Close a walk."""
    return desk.perform(Intent("walk.finish", {"walk": str(walk_id)}))


def reopen(desk: Desk, walk_id: UUID) -> Outcome:
    """Open a closed walk again."""
    return desk.perform(Intent("walk.reopen", {"walk": str(walk_id)}))


def others(desk: Desk, walk_id: UUID) -> tuple[WalkLine, ...]:
    """Return the walks that this one may be joined with."""
    with desk.store.read() as session:
        return other_walks_to_join(session, desk.seat.compound_id, walk_id)


def join(desk: Desk, walk_id: UUID, into: UUID) -> Outcome:
    """Let one walk be part of another; what is half-typed moves along."""
    compound_id = desk.seat.compound_id
    with desk.store.write() as session:
        intent = Intent("walk.join", {"walk": str(walk_id), "into": str(into)})
        outcome = perform(session, [intent], desk.acting())
        if outcome.refused is None:
            old = walk_subject(walk_id)
            for subject, values in load_drafts(session, compound_id, old).items():
                moved = walk_subject(into) + subject.removeprefix(old)
                if load_draft(session, compound_id, moved) is None:
                    save_draft(session, compound_id, moved, values)
                drop_draft(session, compound_id, subject)
    return outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What a walk amounts to; `half_typed` counts the cards that were left unfinished."""

    view: WalkView
    findings: LocatedFindings
    compound: str
    half_typed: int


def report(desk: Desk, walk_id: UUID) -> Report | None:
    """Return what a walk amounts to, and where it says that the sewer is blocked."""
    seat = desk.seat
    with desk.store.read() as session:
        view = walk_view(session, seat.compound_id, walk_id)
        if view is None:
            return None
        findings = locate_walk(session, seat.compound_id, view.id)
        subject = walk_subject(view.id)
        half_typed = len(load_drafts(session, seat.compound_id, subject).keys() - {subject})
    return Report(view, findings, seat.compound, half_typed)
