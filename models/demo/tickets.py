"""The demo's tickets, told in the order of time between everything else that happened that year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, Final

from models.codes import parse_room_code
from models.demo import volunteers
from models.demo.asked import AT_THE_DESK, CURRENT, FORMER, HELPER, KINDS, Small, Step, Story, small_jobs
from models.demo.homes import homes
from models.demo.rounds import this_morning
from models.demo.scribe import Change, Entry, Scribe
from models.demo.stories import DRAIN, LAMP, LAMP_CASE, STORIES
from models.operations.envelope import Intent

_SET: Final = 400
_STRUCK: Final = 45
#: Until this day the station kept its tickets in a book; so many lines of it are typed in at a time.
_TYPED: Final = 105
_PAGE: Final = 150


def plan(scribe: Scribe) -> None:
    """Put the year's tickets into the diary: each entry is told when its time has come."""
    asked = [
        *(entry for n, small in enumerate(small_jobs()) for entry in _story(scribe, _told(small, n))),
        *(entry for story in (*LAMP, *DRAIN, *STORIES) for entry in _story(scribe, story)),
        *_case(scribe),
    ]
    typed = scribe.at(_TYPED, 19)
    kinds = Entry(scribe.at(_SET, 20), volunteers.DIRECTOR, partial(_kinds, scribe))
    in_the_book = sorted((entry for entry in asked if entry.at < typed), key=attrgetter("at"))
    scribe.plan([kinds, *_incidents(scribe), *(entry for entry in asked if entry.at >= typed)])
    scribe.plan(_typed_in(scribe, in_the_book, typed))


def _typed_in(scribe: Scribe, book: Sequence[Entry], at: datetime) -> Iterator[Entry]:
    """The station kept a book until it had Linli: the typist copied it one evening, with who did what and when."""

    def copied(page: Sequence[Entry]) -> list[Intent]:
        return [
            Intent(kind, payload, scribe.uuid("person", entry.by), happened_at=entry.at)
            for entry in page
            for kind, payload in entry.changes()
        ]

    for n, start in enumerate(range(0, len(book), _PAGE)):
        page = book[start : start + _PAGE]
        yield Entry(at + timedelta(minutes=25 * n), volunteers.TYPIST, partial(copied, page))


def _kinds(scribe: Scribe) -> list[Change]:
    return [
        (
            "ticket_category.add",
            {
                "id": scribe.fresh(),
                "code": kind.code,
                "accept_hours": kind.accept,
                "finish_hours": kind.finish,
                "urgency": kind.urgency,
                "team_id": scribe.ref("team", kind.team),
                "skill": kind.skill,
                "position": position,
            },
        )
        for position, kind in enumerate(KINDS, start=1)
    ]


def _told(small: Small, n: int) -> Story:
    """A small job as a story: claimed and done in one go, rated some days after by whoever sits at the desk then."""
    ended = small.day - small.later
    desk = [name for name in AT_THE_DESK if name != small.doer]
    asked, called = desk[n % len(desk)], desk[(n + 2) % len(desk)]
    begun = 8.5 + n % 9
    finished = max(begun + 2.5, 11) if small.later == 0 else 9.5 + n % 7
    finish = {"minutes": small.minutes, "cost": small.cost, "parts": small.parts}
    return Story(
        small.day,
        begun,
        asked,
        small.where,
        small.category,
        small.what,
        (
            Step(small.day, begun + 1.5, small.doer, "ticket.accept"),
            Step(ended, finished, small.doer, "ticket.finish", small.done, finish),
            Step(ended - 2, 10 + n % 8, called, "ticket.rate", small.said, {"score": small.score}),
        ),
        small.channel,
        name=f"small{n}",
    )


def _time(scribe: Scribe, day: int, hour: float) -> datetime:
    if day == 0:
        return scribe.now - timedelta(hours=hour)
    return scribe.at(day, 0) + timedelta(hours=hour)


def _story(scribe: Scribe, story: Story) -> Iterator[Entry]:
    name = story.name or f"{story.day}:{story.where}:{story.what}"
    yield Entry(_time(scribe, story.day, story.hour), story.by, partial(_report, scribe, story, name))
    for step in story.steps:
        yield Entry(_time(scribe, step.day, step.hour), step.by, partial(_step, scribe, step, name))


def _report(scribe: Scribe, story: Story, name: str) -> list[Change]:
    report: dict[str, Any] = {
        "id": scribe.name("ticket", name),
        "code": _code(scribe),
        "what": story.what,
        "category": story.category,
        "channel": story.channel,
        "wanted_hands": story.hands,
        **_where(scribe, story),
    }
    if story.urgency:
        report["urgency"] = story.urgency
    if story.seen:
        report["observations"] = [scribe.ref("observation", f"{this_morning(scribe)}:{story.seen}")]
    return [("ticket.report", report)]


def _code(scribe: Scribe) -> str:
    """Return the next code of the laptop that stood in the station all year."""
    return f"KT{scribe.count('ticket')}"


def _where(scribe: Scribe, story: Story) -> dict[str, Any]:
    """Return where it is, and who asked if a flat did: whoever the household list names first."""
    room = parse_room_code(story.where)
    if room is None:
        if scribe.knows("point", story.where):
            return {"point_id": scribe.ref("point", story.where)}
        return {"place": story.where}
    resident = next(one for one in homes()[str(room)].residents if one.until is None)
    person = resident.name if scribe.knows("person", resident.name) else f"{resident.name}@{room}"
    return {
        "household_id": scribe.ref("household", str(room)),
        "requester_id": scribe.ref("person", person),
        "requester_phone": resident.phones[0] if resident.phones else None,
    }


def _step(scribe: Scribe, step: Step, name: str) -> list[Change]:
    given = {"id": scribe.fresh(), "ticket": scribe.ref("ticket", name), "words": step.words, **step.more}
    if "until" in given:
        given["until"] = scribe.day(int(given["until"])).isoformat()
    if "to" in given:
        given["to"] = scribe.ref("person", str(given["to"]))
    if "into" in given:
        given["into"] = scribe.ref("ticket", str(given["into"]))
    return [(step.kind, given)]


def _case(scribe: Scribe) -> Iterator[Entry]:
    """The three reports of one lamp become a case, which is worked on like any ticket."""

    def gather() -> list[Change]:
        case = {
            "id": scribe.name("ticket", LAMP_CASE.name),
            "code": _code(scribe),
            "what": LAMP_CASE.what,
            "tickets": [scribe.ref("ticket", story.name) for story in LAMP],
            "join": True,
        }
        return [("ticket.gather", case)]

    yield Entry(_time(scribe, LAMP_CASE.day, LAMP_CASE.hour), LAMP_CASE.by, gather)
    for step in LAMP_CASE.steps:
        yield Entry(_time(scribe, step.day, step.hour), step.by, partial(_step, scribe, step, LAMP_CASE.name))


def _incidents(scribe: Scribe) -> Iterator[Entry]:
    """One trouble of a whole building a while ago, and one that lasts."""
    struck = ("5-1-201", "5-2-102", "5-3-602")
    begun = _time(scribe, _STRUCK, 8)
    yield Entry(
        begun,
        volunteers.VISITOR,
        partial(_incident, scribe, FORMER, "water", "5", "水泵坏了，师傅在修，下午四点前来水。"),
    )
    for n, home in enumerate(struck):
        story = Story(
            _STRUCK, 8.5 + n / 3, volunteers.VISITOR, home, "water", "家里没水", (), "phone", name=home
        )
        yield from _story(scribe, story)

    def end() -> list[Change]:
        over = {"incident": scribe.ref("incident", FORMER), "words": "水泵已修好，来水了，先放几分钟黄水。"}
        answered = [
            ("ticket.finish", {"id": scribe.fresh(), "ticket": scribe.ref("ticket", home), "words": "来水了"})
            for home in struck
        ]
        return [("incident.end", over), *answered]

    def rate() -> list[Change]:
        return [
            (
                "ticket.rate",
                {"id": scribe.fresh(), "ticket": scribe.ref("ticket", home), "score": 4, "channel": "phone"},
            )
            for home in struck
        ]

    yield Entry(begun + timedelta(hours=7.5), volunteers.ELECTRICIAN, end)
    yield Entry(begun + timedelta(days=2), volunteers.VISITOR, rate)
    yield Entry(
        scribe.now - timedelta(hours=3),
        volunteers.ELECTRICIAN,
        partial(
            _incident,
            scribe,
            CURRENT,
            "power",
            "2",
            "供电局换电缆，傍晚六点前恢复；冰箱少开门，别坐充电的轮椅出门。",
        ),
    )
    yield from _story(
        scribe,
        Story(0, 2.5, HELPER, "2-1-402", "power", "家里没电了", (), "phone"),
    )


def _incident(scribe: Scribe, name: str, category: str, building: str, words: str) -> list[Change]:
    return [
        (
            "incident.open",
            {
                "id": scribe.name("incident", name),
                "name": name,
                "words": words,
                "category": category,
                "buildings": [scribe.ref("building", building)],
            },
        )
    ]
