"""The demo's points and walks: surveyed, walked last year, and half walked this morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from models.demo import sewer, volunteers, walks
from models.demo.scribe import Change, Scribe
from models.inspection.rules import Every, PointKind
from models.operations.envelope import Intent

_SURVEYED: Final = 385
_LAST_YEAR: Final = 364
_ROUND: Final = 33
_PLANNED: Final = 40
_RAINED: Final = 3

#: How long half the yard takes two people, and how long ago they wrote the last card.
_WALK: Final = timedelta(minutes=85)
_LAST_CARD: Final = timedelta(minutes=3)
#: When a drain walk sets out, if the demo is not made before it could be half done.
_SETTING_OUT: Final = (8, 30)


def survey(scribe: Scribe) -> None:
    """The pipe fitter puts the sewer, the lamps and the extinguishers on the map, and lays the routes."""
    at = scribe.at(_SURVEYED, 14)
    scribe.write_many(volunteers.PIPE_FITTER, at, _points_and_pipes(scribe))
    scribe.write(volunteers.PIPE_FITTER, at + timedelta(minutes=50), *_routes(scribe))


def _points_and_pipes(scribe: Scribe) -> Iterator[Change]:
    for well in sewer.WELLS:
        yield (
            "point.add",
            {
                "id": scribe.name("point", well.code),
                "code": well.code,
                "kind": "outfall" if well.code == sewer.OUTFALL else "well",
                "name": well.name,
                "building_id": scribe.ref("building", well.building) if well.building else None,
                "x_m": well.x_m,
                "y_m": well.y_m,
                "ground_m": well.ground_m,
                "depth_mm": well.depth_mm,
                "note": well.note,
            },
        )
    for fixture in sewer.FIXTURES:
        yield (
            "point.add",
            {
                "id": scribe.name("point", fixture.code),
                "code": fixture.code,
                "kind": fixture.kind.value,
                "name": fixture.name,
                "building_id": scribe.ref("building", fixture.building) if fixture.building else None,
                "x_m": fixture.x_m,
                "y_m": fixture.y_m,
                "note": fixture.note,
            },
        )
    for pipe in sewer.PIPES:
        yield (
            "pipe.add",
            {
                "id": scribe.fresh(),
                "start": scribe.ref("point", pipe.start),
                "end": scribe.ref("point", pipe.end),
                "diameter_mm": pipe.diameter_mm,
                "length_m": pipe.length_m,
                "material": pipe.material,
                "system": pipe.system.value,
            },
        )
    for well_code, building in sewer.STAIRWELL_DRAINS.items():
        drain = {"point": scribe.ref("point", well_code), "building": scribe.ref("building", building)}
        yield "connection.add", {"id": scribe.fresh(), **drain}
    for household, well_code in sewer.OWN_DRAINS.items():
        drain = {"point": scribe.ref("point", well_code), "household": scribe.ref("household", household)}
        yield "connection.add", {"id": scribe.fresh(), **drain}


def _routes(scribe: Scribe) -> Iterator[Change]:
    for name, note, stops in (
        (
            sewer.DRAIN_ROUTE,
            "先西支后东支，最后主管到市政接口。两人一组，只开盖看，不下井。",
            [well.code for well in sewer.WELLS],
        ),
        (sewer.ROUND_ROUTE, "每月一次，天黑后走，灯和灭火器一起看。", list(sewer.ROUND)),
    ):
        yield (
            "route.add",
            {
                "id": scribe.name("route", name),
                "name": name,
                "note": note,
                "stops": [scribe.ref("point", stop) for stop in stops],
            },
        )
    for position, question in enumerate(sewer.QUESTIONS, start=1):
        yield (
            "checklist.add",
            {
                "id": scribe.name("question", f"{question.kind}:{question.text}"),
                "point_kind": question.kind.value,
                "text": question.text,
                "answer": question.answer.value,
                "required": question.required,
                "position": position,
            },
        )


def _walk(scribe: Scribe, name: str, route: str, note: str) -> dict[str, Any]:
    return {
        "id": scribe.fresh(),
        "name": name,
        "route": scribe.ref("route", route),
        "note": note,
    }


def _observation(scribe: Scribe, walk: dict[str, Any], seen: walks.Seen) -> dict[str, Any]:
    return {
        "id": scribe.name("observation", f"{walk['name']}:{seen.well}"),
        "walk": walk["id"],
        "point": scribe.ref("point", seen.well),
        "level": seen.level.value,
        "mud_mm": seen.mud_mm,
        "defects": [
            {"code": defect.code, "grade": defect.grade, "note": defect.note} for defect in seen.defects
        ],
        "note": seen.note,
    }


def walk_last_year(scribe: Scribe) -> None:
    """Three mornings on paper; two evenings after the last, the typist wrote them down for the walkers."""
    first = scribe.at(_LAST_YEAR, *_SETTING_OUT)
    walk = _walk(
        scribe,
        f"{first.year}年{first.month}月排水井巡检",
        sewer.DRAIN_ROUTE,
        "建图后第一次全开，三个上午开了41口，W23没撬开。",
    )
    pairs = (
        (volunteers.PIPE_FITTER, volunteers.SECOND_WALKER),
        (volunteers.PIPE_FITTER, volunteers.ELECTRICIAN),
        (volunteers.SECOND_WALKER, volunteers.TYPIST),
    )
    paper = [Intent("walk.start", walk, scribe.uuid("person", volunteers.PIPE_FITTER), happened_at=first)]
    morning, stop, at = -1, 0, first
    for seen in walks.LAST_YEAR:
        if seen.well in walks.MORNINGS:
            morning, stop = morning + 1, 0
        at = first + timedelta(days=morning, minutes=4 + stop * 9 + stop * 5 % 4)
        doer = scribe.uuid("person", pairs[morning][stop % 2])
        paper.append(Intent("walk.observe", _observation(scribe, walk, seen), doer, happened_at=at))
        stop += 1
    finish = Intent("walk.finish", {"walk": walk["id"]}, happened_at=at + timedelta(minutes=12))
    scribe.write_many(volunteers.TYPIST, scribe.at(_LAST_YEAR - 4, 19, 40), [*paper, finish])


def plan_rounds(scribe: Scribe) -> None:
    """From now on nobody has to remember: the lamps each month, the drains each year and after hard rain."""
    rounds = (
        (sewer.ROUND_ROUTE, Every.MONTH, scribe.day(_ROUND), 7),
        (sewer.DRAIN_ROUTE, Every.YEAR, scribe.day(_LAST_YEAR - 2), 14),
        (sewer.DRAIN_ROUTE, Every.RAIN, scribe.day(_PLANNED), 2),
    )
    schedules = [
        (
            "schedule.add",
            {
                "id": scribe.fresh(),
                "route": scribe.ref("route", route),
                "every": every.value,
                "since": since.isoformat(),
                "within_days": within_days,
            },
        )
        for route, every, since, within_days in rounds
    ]
    scribe.write(volunteers.PIPE_FITTER, scribe.at(_PLANNED, 20, 5), *schedules)


def note_rain(scribe: Scribe) -> None:
    """It poured some days ago: that is why the drains are open this morning."""
    rain = {
        "id": scribe.fresh(),
        "day": scribe.day(_RAINED).isoformat(),
        "note": "下了一下午，西便道积水没过鞋面。",
    }
    scribe.write(volunteers.TYPIST, scribe.at(_RAINED, 18, 30), ("rain.add", rain))


def walk_lamps(scribe: Scribe) -> None:
    """Last month's evening round of lamps and extinguishers, card by card."""
    start = scribe.at(_ROUND, 18, 40)
    walk = _walk(scribe, f"{start.year}年{start.month}月路灯消防", sewer.ROUND_ROUTE, "")
    scribe.write(volunteers.ELECTRICIAN, start, ("walk.start", walk))
    kinds = {fixture.code: fixture.kind for fixture in sewer.FIXTURES}
    at = start
    for stop, checked in enumerate(walks.last_round(start.year)):
        at = start + timedelta(minutes=3 + stop * 4)
        kind = kinds[checked.point]
        by = volunteers.ELECTRICIAN if kind is PointKind.LAMP else volunteers.SECOND_WALKER
        card = {
            "id": scribe.fresh(),
            "walk": walk["id"],
            "point": scribe.ref("point", checked.point),
            "answers": {
                scribe.ref("question", f"{kind}:{text}"): answer for text, answer in checked.answers.items()
            },
            "note": checked.note,
        }
        scribe.write(by, at, ("walk.observe", card))
    scribe.write(volunteers.ELECTRICIAN, at + timedelta(minutes=5), ("walk.finish", {"walk": walk["id"]}))


def setting_out(scribe: Scribe) -> datetime:
    """Return when the walk that is under way set out."""
    return min(scribe.at(0, *_SETTING_OUT), scribe.now - _LAST_CARD - _WALK)


def this_morning(scribe: Scribe) -> str:
    """Return the name of the walk that is under way."""
    start = setting_out(scribe)
    return f"{start.year}年{start.month}月排水井巡检"


def walk_this_morning(scribe: Scribe) -> None:
    """The walk that is under way: 25 wells seen, the last of them minutes ago."""
    last = scribe.now - _LAST_CARD
    start = setting_out(scribe)
    walk = _walk(
        scribe,
        this_morning(scribe),
        sewer.DRAIN_ROUTE,
        "1栋101一个月堵了三回，全小区开一遍，找到堵的那段再叫疏通车。",
    )
    scribe.write(volunteers.PIPE_FITTER, start, ("walk.start", walk))
    by = volunteers.PIPE_FITTER
    for seen, at in zip(walks.THIS_MORNING, _card_times(start, last, len(walks.THIS_MORNING)), strict=True):
        by = volunteers.SECOND_WALKER if seen.well == walks.SECOND_FROM else by
        scribe.write(by, at, ("walk.observe", _observation(scribe, walk, seen)))


def _card_times(start: datetime, last: datetime, cards: int) -> Iterator[datetime]:
    """Two thirds of the cards from the start on; the rest, after a pause if the day is older, up to `last`."""
    pace = _WALK / cards
    before_pause = cards * 2 // 3
    for card in range(cards):
        if card < before_pause:
            yield start + pace * (card + 1)
        else:
            yield last - pace * (cards - 1 - card)
