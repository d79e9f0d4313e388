"""The demo's register: founded by its director, filled from the household list, kept up since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, Final

from models.community.rules import Relation, Subject
from models.demo import volunteers
from models.demo.homes import HOUSES, Home, House, Resident, homes
from models.demo.scribe import Change, Scribe

NAME: Final = "耐火小区"
ADDRESS: Final = "湖南省湘潭市耐火路18号"
NOTE: Final = "演示小区：人名、电话、门牌和数据都是编的，可以随便改，也可以整个重来。"

_FOUNDED: Final = 430


def found(scribe: Scribe) -> None:
    """The director founds the compound, and writes down who does what."""
    director = volunteers.DIRECTOR
    person = scribe.name("person", director)
    at = scribe.at(_FOUNDED, 15)
    compound = str(scribe.compound_id)
    founding = {"name": NAME, "address": ADDRESS, "person": person, "person_name": director}
    scribe.write(director, at, ("compound.found", founding))
    scribe.write(
        director,
        at + timedelta(minutes=4),
        ("compound.edit", {"compound": compound, "old": {"note": ""}, "new": {"note": NOTE}}),
        *(("building.add", _building(scribe, house)) for house in HOUSES),
    )
    scribe.write(director, at + timedelta(minutes=30), *_people(scribe))
    scribe.write(director, at + timedelta(minutes=55), *_offices(scribe), *_teams(scribe))


def settle(scribe: Scribe) -> None:
    """The treasurer imports the household list; the director says who visits whom and answers for what."""
    at = scribe.at(_FOUNDED - 1, 9, 20)
    scribe.write_many(
        volunteers.TREASURER, at, (("household.add", _household(scribe, home)) for home in homes().values())
    )
    scribe.write_many(volunteers.TREASURER, at + timedelta(minutes=40), _occupancies(scribe))
    since = scribe.day(_FOUNDED - 2).isoformat()
    scribe.write(
        volunteers.DIRECTOR,
        scribe.at(_FOUNDED - 2, 16),
        *(
            (
                "contact.assign",
                {"id": scribe.fresh(), "since": since, **_household_and_person(scribe, code, name)},
            )
            for code, name in visits().items()
        ),
        *(("responsibility.assign", _duty(scribe, duty)) for duty in volunteers.DUTIES),
    )


def visits() -> dict[str, str]:
    """Return who visits which household: named ones, else whoever visits the stairwell."""
    stairs = {
        code: name for code in homes() if (name := volunteers.STAIRS.get(code.rpartition("-")[0])) is not None
    }
    return stairs | volunteers.VISITS


def _building(scribe: Scribe, house: House) -> dict[str, Any]:
    return {
        "id": scribe.name("building", house.code),
        "code": house.code,
        "name": house.name,
        "floors": house.floors,
        "has_lift": False,
        "note": house.note,
    }


@cache
def _residents() -> dict[str, Resident]:
    """Who will be added by name: the volunteers, and whoever held an office before them."""
    named = {person.name for person in volunteers.VOLUNTEERS} | {office.name for office in volunteers.OFFICES}
    return {
        resident.name: resident
        for home in homes().values()
        for resident in home.residents
        if resident.name in named
    }


def _people(scribe: Scribe) -> Iterator[Change]:
    """The director writes his own phone and skills, then adds the others."""
    known = {person.name: person for person in volunteers.VOLUNTEERS}
    for name, resident in _residents().items():
        fields: dict[str, Any] = {"sex": resident.sex, "phones": list(resident.phones)}
        if name in known:
            fields |= {"skills": list(known[name].skills), "note": known[name].note}
        if name == volunteers.DIRECTOR:
            blank = {"sex": "", "phones": [], "skills": [], "note": ""}
            yield "person.edit", {"person": scribe.ref("person", name), "old": blank, "new": fields}
        else:
            yield "person.add", {"id": scribe.name("person", name), "name": name, **fields}
    yield (
        "person.add",
        {
            "id": scribe.name("person", volunteers.STAFF),
            "name": volunteers.STAFF,
            "sex": "female",
            "phones": [volunteers.STAFF_PHONE],
            "skills": ["认证", "救助申请"],
            "note": "社区网格员，每周三下午在服务站。",
        },
    )


def _offices(scribe: Scribe) -> Iterator[Change]:
    for office in volunteers.OFFICES:
        until = None
        if office.limited:
            until = scribe.day(office.since_days_ago - volunteers.TERM_DAYS).isoformat()
        elif office.ended_days_ago is not None:
            until = scribe.day(office.ended_days_ago).isoformat()
        yield (
            "role.grant",
            {
                "id": scribe.fresh(),
                "person": scribe.ref("person", office.name),
                "role": office.role.value,
                "building": scribe.ref("building", office.building) if office.building else None,
                "since": scribe.day(office.since_days_ago).isoformat(),
                "until": until,
            },
        )


def _teams(scribe: Scribe) -> Iterator[Change]:
    for name, note in {**volunteers.POOLS, **volunteers.TEAMS}.items():
        yield "team.add", {"id": scribe.name("team", name), "name": name, "note": note}
    since = scribe.day(_FOUNDED).isoformat()
    for person in volunteers.VOLUNTEERS:
        for team in (person.pool, *person.teams):
            yield (
                "team.join",
                {
                    "id": scribe.fresh(),
                    "team": scribe.ref("team", team),
                    "person": scribe.ref("person", person.name),
                    "since": since,
                },
            )


def _household(scribe: Scribe, home: Home) -> dict[str, Any]:
    """A household with those who are known by living there, and live there still."""
    known = _residents()
    return {
        "id": scribe.name("household", home.code),
        "code": home.code,
        "floor": home.floor,
        "area": home.area,
        "indoor_area": home.indoor_area,
        "kind": home.kind,
        "layout": home.layout,
        "status": home.status,
        "note": home.note,
        "occupants": [
            {
                "person": scribe.name("person", _told_apart(resident.name, home.code)),
                "occupancy": scribe.name("occupancy", _told_apart(resident.name, home.code)),
                "name": resident.name,
                "sex": resident.sex,
                "phones": list(resident.phones),
                "relation": resident.relation.value,
                "since": resident.since.isoformat(),
            }
            for resident in home.residents
            if resident.until is None and resident.name not in known
        ],
    }


def _told_apart(name: str, code: str) -> str:
    """Two people may share a name; in here each goes by name and door."""
    return f"{name}@{code}"


def _occupancies(scribe: Scribe) -> Iterator[Change]:
    """Where the volunteers live, and who lived somewhere before."""
    known = _residents()
    for home in homes().values():
        for resident in home.residents:
            if resident.name not in known and resident.until is None:
                continue
            if resident.name in known:
                person = scribe.ref("person", resident.name)
            else:
                person = scribe.name("person", _told_apart(resident.name, home.code))
                yield (
                    "person.add",
                    {
                        "id": person,
                        "name": resident.name,
                        "sex": resident.sex,
                        "phones": list(resident.phones),
                        "note": f"{home.code}的前{'租户' if resident.relation is Relation.TENANT else '业主'}。",
                    },
                )
            yield (
                "occupancy.start",
                {
                    "id": scribe.fresh(),
                    "household": scribe.ref("household", home.code),
                    "person": person,
                    "relation": resident.relation.value,
                    "since": resident.since.isoformat(),
                    "until": None if resident.until is None else resident.until.isoformat(),
                },
            )


def _household_and_person(scribe: Scribe, code: str, name: str) -> dict[str, Any]:
    return {"household": scribe.ref("household", code), "person": scribe.ref("person", name)}


def _duty(scribe: Scribe, duty: volunteers.Duty) -> dict[str, Any]:
    of_building = duty.subject is Subject.BUILDING
    return {
        "id": scribe.fresh(),
        "subject": duty.subject.value,
        "building": scribe.ref("building", duty.what) if of_building else None,
        "place": "" if of_building else duty.what,
        "person": scribe.ref("person", duty.name),
        "since": scribe.day(_FOUNDED - 2).isoformat(),
        "note": duty.note,
    }


def keep_up(scribe: Scribe) -> None:
    """What changed in a year: covers were mended, a tenant moved out and another in, a visitor stepped back."""
    scribe.write(
        volunteers.PIPE_FITTER,
        scribe.at(339, 16, 10),
        _note(scribe, "point", "W23", "", "封住的盖板已切开，换成球墨铸铁盖。"),
        _note(scribe, "point", "W29", "", "断盖已换球墨铸铁盖，社区出钱。"),
    )
    flat, leaving, coming = "1-1-401", "胡涛", "谭晓东"
    lead = volunteers.ELECTRICIAN
    gone = {
        "occupancy": scribe.ref("occupancy", _told_apart(leaving, flat)),
        "until": scribe.day(214).isoformat(),
    }
    scribe.write(lead, scribe.at(212, 10, 25), ("occupancy.end", gone))
    scribe.write(
        lead,
        scribe.at(197, 17, 5),
        (
            "person.add",
            {
                "id": scribe.name("person", coming),
                "name": coming,
                "sex": "male",
                "phones": [volunteers.TENANT_PHONE],
            },
        ),
        (
            "occupancy.start",
            {
                "id": scribe.fresh(),
                **_household_and_person(scribe, flat, coming),
                "relation": Relation.TENANT.value,
                "since": scribe.day(199).isoformat(),
            },
        ),
    )
    scribe.write(
        volunteers.DIRECTOR,
        scribe.at(96, 11, 30),
        (
            "contact.assign",
            {
                "id": scribe.fresh(),
                "since": scribe.day(96).isoformat(),
                **_household_and_person(scribe, "5-3-301", volunteers.SECOND_WALKER),
            },
        ),
    )


def complain(scribe: Scribe) -> None:
    """The last month of 1-1-101: each time its drain blocks, its lead adds to the note."""
    code = "1-1-101"
    before = homes()[code].note
    for days_ago, hour, more in (
        (27, 9, "厨房下水堵，疏通机通了。"),
        (14, 18, "半个月又堵，地漏返水。"),
        (3, 7, "第三回堵，马桶也冲不下，怀疑外面管子堵了。"),
    ):
        after = f"{before}\n{scribe.day(days_ago):%m-%d} {more}"
        change = _note(scribe, "household", code, before, after)
        scribe.write(volunteers.ELECTRICIAN, scribe.at(days_ago, hour, 40), change)
        before = after


def _note(scribe: Scribe, noun: str, name: str, before: str, after: str) -> Change:
    edit = {noun: scribe.ref(noun, name), "old": {"note": before}, "new": {"note": after}}
    return f"{noun}.edit", edit
