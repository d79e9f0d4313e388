"""The demo's posts, the shifts that come again and again at them, and what people say about their time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.demo import volunteers
from models.demo.asked import BARBER, CARPENTER, HELPER
from models.demo.scribe import Change, Scribe
from models.duty.crew import Days, Said
from models.duty.needs import needs_of
from models.duty.rules import AvailabilityKind, Pattern, Template, Weeks

DESK: Final = "服务台"
PATROL: Final = "夜巡"
CLEANING: Final = "清洁日"
MORNING: Final = 8 * 60 + 30
AFTERNOON: Final = 14 * 60 + 30
_EVENING: Final = 19 * 60 + 30
_DAY: Final = timedelta(days=1)
KEYS: Final = "大门钥匙一把、手电柜钥匙一把"


@dataclass(frozen=True, slots=True)
class Held:
    """A shift that comes again and again; of a pool, if it is one pool's."""

    post: str
    name: str
    starts: int
    minutes: int
    weekdays: tuple[int, ...] = ()
    weeks: Weeks = Weeks.ALL
    hands: int = 1
    needs: tuple[str, ...] = ()
    pool: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says about their time, in their words; `on` is how many days ago they said what is not of every week."""

    name: str
    said: Said
    note: str
    on: int = 0


#: Pools by the weekdays they sit at the desk, as their notes say.
_TURNS: Final = (("一组", "支部党员", (1, 4)), ("二组", "物管会委员", (2, 5)), ("三组", "志愿者", (3, 6)))
HELD: Final = (
    *(
        Held(DESK, f"{short}{name}", starts, 180, weekdays=weekdays, pool=pool)
        for short, pool, weekdays in _TURNS
        for name, starts in (("早班", MORNING), ("午班", AFTERNOON))
    ),
    Held(PATROL, "晚班", _EVENING, 90, weekdays=(3, 7), hands=2),
    Held(PATROL, "周五晚班", _EVENING, 90, weekdays=(5,), hands=2, needs=("role:committee:1",)),
    Held(CLEANING, "大扫除", MORNING, 120, weekdays=(6,), weeks=Weeks.ODD, hands=4),
)
TOGETHER: Final = (volunteers.VISITOR, BARBER)
APART: Final = (volunteers.ELECTRICIAN, CARPENTER)
#: In percent of a plain share.
SHARES: Final = {CARPENTER: 50}


def always_said() -> tuple[Word, ...]:
    """Return what people say of every week."""
    kind = AvailabilityKind
    workdays = frozenset(range(1, 6))
    evening = 18 * 60
    return (
        Word(volunteers.TREASURER, Said(kind.CAN, frozenset({2})), "只有周二有空，别的日子给人代账。"),
        Word(volunteers.TYPIST, Said(kind.CANNOT, workdays, 8 * 60, evening), "白天上班。"),
        Word(BARBER, Said(kind.CANNOT, workdays, 0, 12 * 60), "上午接送孙子。"),
        Word(volunteers.PIPE_FITTER, Said(kind.RATHER_NOT, starts=evening), "晚上眼睛不好，能不排就不排。"),
        Word(volunteers.SECOND_WALKER, Said(kind.RATHER, starts=evening), "愿意夜巡。"),
    )


def lately_said(today: date, gap: date) -> tuple[Word, ...]:
    """Return what was said in the last days: one has hurt herself, and two are away on the same day, that of the gap."""
    kind = AvailabilityKind
    return (
        Word(CARPENTER, Said(kind.CANNOT, days=Days(gap, gap + 2 * _DAY)), "去长沙看女儿。", 3),
        Word(HELPER, Said(kind.CANNOT, days=Days(gap, gap + _DAY)), "回娘家吃喜酒。", 2),
        Word(BARBER, Said(kind.PAUSE, days=Days(today, today + 14 * _DAY)), "扭了脚，医生叫歇两周。", 1),
    )


def set_up(scribe: Scribe) -> Iterator[Change]:
    """Yield the posts, and the shifts that come again and again at them."""
    for position, (name, place, note, keys) in enumerate(
        (
            (DESK, "党群服务站", "接待、登记、收发钥匙；备用金当面点。", KEYS),
            (PATROL, "大门口集合", "两人一组，看路灯、消防通道、独居老人窗户的灯。", "巡逻包、手电"),
            (CLEANING, "中心花坛集合", "单周的周六，扫帚和手套服务站领。", ""),
        ),
        start=1,
    ):
        post = {"id": scribe.name("post", name), "name": name, "place": place, "note": note, "keys": keys}
        yield "post.add", {**post, "counts_cash": name == DESK, "position": position}
    for position, held in enumerate(HELD, start=1):
        yield (
            "shift_template.add",
            {
                "id": scribe.name("shift_template", held.name),
                "post": scribe.ref("post", held.post),
                "name": held.name,
                "starts": held.starts,
                "minutes": held.minutes,
                "hands": held.hands,
                "needs": list(held.needs),
                "weekdays": list(held.weekdays),
                "weeks": held.weeks.value,
                "team_id": scribe.ref("team", held.pool) if held.pool else None,
                "position": position,
            },
        )


def templates(scribe: Scribe) -> tuple[Template, ...]:
    """Return the same as the rules of patterns read it."""
    return tuple(
        Template(
            id=scribe.uuid("shift_template", held.name),
            post_id=scribe.uuid("post", held.post),
            name=held.name,
            starts=held.starts,
            minutes=held.minutes,
            hands=held.hands,
            needs=needs_of(held.needs),
            pattern=Pattern(frozenset(held.weekdays), held.weeks),
            team_id=scribe.uuid("team", held.pool) if held.pool else None,
        )
        for held in HELD
    )


def people(scribe: Scribe) -> Iterator[Change]:
    """Yield what people say of every week, who sits with whom, and whose share is not a plain one."""
    for word in always_said():
        yield say(scribe, word)
    for two, together in ((TOGETHER, True), (APART, False)):
        one, other = (scribe.ref("person", name) for name in two)
        yield "duty_pair.add", {"id": scribe.fresh(), "person": one, "other": other, "together": together}
    for name, share in SHARES.items():
        yield "duty_share.add", {"id": scribe.fresh(), "person": scribe.ref("person", name), "share": share}


def say(scribe: Scribe, word: Word) -> Change:
    """Return the keeping of what somebody says."""
    said = word.said
    return (
        "availability.add",
        {
            "id": scribe.fresh(),
            "person": scribe.ref("person", word.name),
            "kind": said.kind.value,
            "weekdays": sorted(said.weekdays),
            "starts": said.starts,
            "ends": said.ends,
            "since": None if said.days.since is None else said.days.since.isoformat(),
            "until": None if said.days.until is None else said.days.until.isoformat(),
            "note": word.note,
        },
    )
