"""What happened on duty in the demo: who came and when, what was handed over, what the log book says.

Whoever served signs a sheet at the station; on Sunday evening, and when a month ends, the typist copies it. What is
younger than that was done at the laptop, as it happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import cycle, pairwise
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from models.demo import volunteers
from models.demo.duty_asked import WATCH, Swapped, Watch
from models.demo.duty_posts import AFTERNOON, CLEANING, DESK, KEYS, PATROL
from models.demo.duty_turns import Days, Turn
from models.demo.scribe import Change, Entry, Scribe
from models.duty.rules import Absence
from models.operations.envelope import Intent
from models.tables import table_of
from models.tickets.rules import UNANSWERED
from models.tickets.tables import Ticket

_TICKET: Final = table_of(Ticket)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_SUNDAY: Final = 7
_COPIED: Final = time(21, 30)
#: Minutes from the start to coming, and from the end to going, turn about. One comes late, one leaves early.
_CAME: Final = (-7, -4, -12, -2, -9, -5, 3, -6, -3, -15, -8, 24, -5, -1, -10, -4)
_LEFT: Final = (3, 6, 2, 9, 4, 1, -25, 5, 2, 7, 4)
#: Fen in the box before the first hand-over, and what came into it or went out, turn about.
_BOX: Final = 20000
_TAKINGS: Final = (0, 450, 0, 200, -1200, 0, 350, 0, 0, 600, -300)
#: What was left to say, now and then; else one of the plain words.
_LEFT_WORDS: Final = (
    "3栋送来的助听器说明书在抽屉，等家属来取。",
    "打印机卡纸，已经取出来了，先别连打二十张以上。",
    "有人送来一串捡到的钥匙，挂在墙上，三把，红绳。",
    "5栋小孩的水杯落在服务站，妈妈说明天来拿。",
    "公示栏左边那张过期了，新的在桌上没来得及换。",
    "血压计电池换过了，旧的在回收盒。",
    "借出手推车一辆，4-1-302，说好明早还。",
    "订的A4纸到了两包，收据夹在账本里。",
    "雨伞借出三把，名字写在伞架旁边的纸上。",
    "饮水机漏水，总阀关了，等小易来看。",
)
_PLAIN_WORDS: Final = ("没有要交的，钥匙都在。", "钱当面点过，别的没有。", "一切正常。")
_SELDOM: Final = 3
_NOTED: Final = (
    (DESK, "物业师傅来抄公共水表，读数写在墙上本子里。"),
    (PATROL, "6栋西头消防通道停着一辆白色面包车，打电话挪走了。"),
    (DESK, "上门推销净水器的进了4栋，请出去了，告诉各楼组长留神。"),
    (DESK, "3-2-301的老人今天没下楼，打电话，是感冒，儿子晚上来。"),
    (PATROL, "西便道香樟下的灯亮着，自行车棚的灯闪，报了修。"),
    (DESK, "社区送来二十份体检通知，已按楼栋分好。"),
    (DESK, "一位老人来问高龄补贴，材料齐了，周三交给小文。"),
    (PATROL, "2栋门面油烟机半夜还开着，跟店主说好十点关。"),
    (DESK, "垃圾分类督导员来过，说东边桶要挪两米，等物管会定。"),
    (DESK, "借出梯子一架，5栋欧阳师傅用，傍晚还。"),
    (PATROL, "1栋二单元门禁没关严，带上了；门口杂物请楼组长说一声。"),
    (DESK, "来办居住证的年轻人问要带什么，给了他清单一张。"),
    (DESK, "电梯加装的事又有三户来问，登记了电话，等社区答复。"),
    (PATROL, "八点半巡到5栋，独居的几户灯都亮着。"),
    (DESK, "志愿者帮老人手机缴费，教会了两位。"),
    (DESK, "燃气公司来安检，下周二到3栋，通知贴在单元门上。"),
)
#: What the next one once found too little in the box, in fen, and how many days ago.
_SHORT, _SHORT_DAYS = 500, 9
_FIVE_SHORT: Final = "少了五块，当面数了两遍；和上一班对过，是买信封没记账，已补记。"
_KEPT: Final = ("还没办完，我接着跟。", "约好了人，下一班不用管。", "等回话，手机上联系。")
_GUEST: Final = "小向"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something somebody did."""

    at: datetime
    by: str
    kind: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on a turn, from when to when."""

    turn: Turn
    name: str
    came: datetime
    left: datetime

    @property
    def key(self) -> str:
        """Return what the demo knows the check-in by."""
        return f"{self.turn.id}:{self.name}"


@dataclass(frozen=True, slots=True)
class Odd:
    """What did not go as it should last month: who was missed and why, who forgot to sign, where a guest helped."""

    absent: dict[str, tuple[Turn, str, Absence, str]]
    forgot: Turn
    helped: Turn


def _odd(days: Days, turns: Sequence[Turn]) -> Odd:
    def at(post: str) -> list[Turn]:
        return [t for t in turns if t.held.post == post and t.planned.day < days.this_month]

    patrol, cleaning = at(PATROL)[4], at(CLEANING)
    missed, ill = patrol.people[1], cleaning[0].people[2]
    return Odd(
        {
            f"{patrol.id}:{missed}": (patrol, missed, Absence.NO_SHOW, "记成了第二天，没来也没打招呼。"),
            f"{cleaning[0].id}:{ill}": (cleaning[0], ill, Absence.EXCUSED, "头天打了电话，感冒发烧。"),
        },
        at(DESK)[8],
        cleaning[1],
    )


@dataclass
class Diary:
    """What is told of two months: on sheets that were copied, or as it happened."""

    scribe: Scribe
    days: Days
    sheets: dict[datetime, list[Deed]] = field(default_factory=lambda: defaultdict(list))
    live: list[Deed] = field(default_factory=list)

    def tell(self, turn: Turn, deed: Deed) -> None:
        """Keep what happened on a turn; nothing of what is yet to come."""
        sheet = self.sheet(turn)
        if sheet is not None:
            self.sheets[sheet].append(deed)
        elif deed.at <= self.scribe.now:
            self.live.append(deed)

    def sheet(self, turn: Turn) -> datetime | None:
        """Return when a turn was copied: the evening of a Sunday, or of last month's last day. None: not yet."""
        day = turn.planned.day
        while day.isoweekday() != _SUNDAY and day + _DAY != self.days.this_month:
            day += _DAY
        copied = datetime.combine(day, _COPIED, self.scribe.now.tzinfo)
        return copied if copied <= self.scribe.now else None

    def sign(self, visit: Visit, **more: Any) -> None:
        """Tell that somebody came, and went."""
        turn = visit.turn
        given = {
            "id": self.scribe.name("checkin", visit.key),
            "shift": str(turn.id),
            "post": self.scribe.ref("post", turn.held.post),
            **more,
        }
        if visit.name == _GUEST:
            given |= {"guest": _GUEST, "words": "路过的年轻租户，帮着抬了两趟枯枝。"}
        copied = self.sheet(turn) is not None
        if copied:
            given["left_at"] = visit.left.isoformat()
        self.tell(turn, Deed(visit.came, visit.name, "duty.check_in", given))
        if not copied:
            out = {"checkin": given["id"]}
            self.tell(turn, Deed(visit.left, visit.name, "duty.check_out", out))


def happened(
    scribe: Scribe, days: Days, turns: Sequence[Turn], swapped: Swapped, watch: Watch
) -> Iterator[Entry]:
    """Yield all of it, up to now."""
    diary = Diary(scribe, days)
    odd = _odd(days, turns)
    visits = _visits(diary, odd, turns, swapped)
    _keep_the_log(diary, visits)
    box = _hand_over(diary, turns, swapped, visits)
    for evening, deeds in diary.sheets.items():
        copied = [
            Intent(deed.kind, deed.given, _doer(scribe, deed.by), happened_at=deed.at)
            for deed in sorted(deeds, key=attrgetter("at"))
        ]
        yield Entry(evening, volunteers.TYPIST, partial(list, copied))
    for deed in (*diary.live, *_watched(scribe, watch, box)):
        yield Entry(deed.at, deed.by, partial(_done, scribe, deed))
    for turn, name, absence, words in odd.absent.values():
        missed = {"assignment": turn.place(scribe, name), "absence": absence.value, "words": words}
        next_day = datetime.combine(turn.planned.day + _DAY, time(9), scribe.now.tzinfo)
        yield Entry(next_day, volunteers.DEPUTY, partial(list, [("duty.mark_absent", missed)]))


def _visits(diary: Diary, odd: Odd, turns: Sequence[Turn], swapped: Swapped) -> list[Visit]:
    """Tell who came and who went; return the first of each turn."""
    scribe, came, left = diary.scribe, cycle(_CAME), cycle(_LEFT)
    found = []
    for turn in turns:
        planned, first = turn.planned, True
        for name in swapped.people(turn):
            late = next(came)
            # Nobody is late today but the one who is missed at this moment.
            late = -abs(late) if planned.day == diary.days.today else late
            visit = Visit(
                turn, name, planned.starts_at + late * _MINUTE, planned.ends_at + next(left) * _MINUTE
            )
            if visit.came > scribe.now or visit.key in odd.absent:
                continue
            forgot = turn.id == odd.forgot.id
            witness = volunteers.DIRECTOR if name == volunteers.DEPUTY else volunteers.DEPUTY
            reason = {"reason": "忙着接待，忘了签到，事后补的。", "witness": scribe.ref("person", witness)}
            diary.sign(visit, **(reason if forgot else {}))
            found += [visit] if first else []
            first = False
        if turn.id == odd.helped.id:
            diary.sign(Visit(turn, _GUEST, planned.starts_at + 12 * _MINUTE, planned.ends_at))
    return found


def _keep_the_log(diary: Diary, visits: Sequence[Visit]) -> None:
    """Tell the lines of the log book one after the other, every few turns, by whoever sat there."""
    between = len(visits) // len(_NOTED)
    waiting = list(_NOTED)
    since = between
    for visit in visits:
        since += 1
        if waiting and since >= between and visit.turn.held.post == waiting[0][0]:
            post, words = waiting.pop(0)
            given = {"id": diary.scribe.fresh(), "post": diary.scribe.ref("post", post), "words": words}
            at = visit.turn.planned.starts_at + 40 * _MINUTE
            diary.tell(visit.turn, Deed(at, visit.name, "duty.note", given))
            since = 0


def _hand_over(diary: Diary, turns: Sequence[Turn], swapped: Swapped, visits: Sequence[Visit]) -> int:
    """Tell what each afternoon at the desk left behind, and what the next turn found; return what is in the box."""
    scribe, box = diary.scribe, _BOX
    desk = [turn for turn in turns if turn.held.post == DESK]
    came = {visit.turn.id: visit for visit in visits}
    takings, plain, told = cycle(_TAKINGS), cycle(_PLAIN_WORDS), 0
    counted_again = False
    for turn, following in pairwise(desk):
        visit = came.get(turn.id)
        if visit is None or turn.held.starts != AFTERNOON or visit.left > scribe.now:
            continue
        box += next(takings)
        left = {
            "id": scribe.fresh(),
            "checkin": scribe.ref("checkin", visit.key),
            "to": scribe.ref("person", swapped.people(following)[0]),
            "words": _LEFT_WORDS[told // _SELDOM % len(_LEFT_WORDS)] if told % _SELDOM == 1 else next(plain),
            "keys": KEYS,
            "cash": box,
        }
        told += 1
        diary.tell(turn, Deed(visit.left - 2 * _MINUTE, visit.name, "duty.hand_over", left))
        found = {"handover": left["id"], "keys": KEYS, "words": "都对。"}
        if not counted_again and turn.planned.day >= scribe.day(_SHORT_DAYS):
            box, counted_again = box - _SHORT, True
            found["words"] = _FIVE_SHORT
        next_one = came.get(following.id)
        if next_one is not None:
            given = {**found, "cash": box}
            diary.tell(following, Deed(next_one.came + 3 * _MINUTE, next_one.name, "duty.confirm", given))
    return box


def _watched(scribe: Scribe, watch: Watch, box: int) -> Iterator[Deed]:
    """Yield how the watch began: the electrician left what is needed to the director, who came in time."""
    here = {"post": scribe.ref("post", DESK), "shift": scribe.name("shift", WATCH)}
    director = watch.people[0]
    yield Deed(
        watch.starts_at - 4 * _MINUTE,
        director,
        "duty.check_in",
        {"id": scribe.fresh(), "shift": here["shift"]},
    )
    left = {
        **here,
        "id": scribe.fresh(),
        "to": scribe.ref("person", director),
        "words": "2栋停电：手电两把充好了，顶楼两位老人已上门看过；供电局抢修电话贴在桌上。",
        "keys": KEYS,
        "cash": box,
    }
    yield Deed(watch.starts_at + _MINUTE, volunteers.ELECTRICIAN, "duty.hand_over", left)


def _doer(scribe: Scribe, name: str) -> UUID:
    """Return who did it; whoever copies the sheet has seen the guest."""
    return scribe.uuid("person", volunteers.TYPIST if name == _GUEST else name)


def _done(scribe: Scribe, deed: Deed) -> list[Change]:
    """Return a deed as it is performed; nobody goes home over an open question without a word."""
    kept: list[Change] = []
    if deed.kind == "duty.check_out":
        kept = [
            ("ticket.keep", {"id": scribe.fresh(), "ticket": str(ticket), "words": words})
            for ticket, words in zip(_open_batons(scribe, deed.by), cycle(_KEPT), strict=False)
        ]
    return [*kept, (deed.kind, deed.given)]


def _open_batons(scribe: Scribe, name: str) -> Sequence[UUID]:
    statement = (
        select(_TICKET.c.id)
        .where(
            _TICKET.c.compound_id == scribe.compound_id,
            _TICKET.c.holder_id == scribe.uuid("person", name),
            _TICKET.c.state.in_(sorted(UNANSWERED)),
            _TICKET.c.offered_to_id.is_(None),
            _TICKET.c.archived.is_(False),
        )
        .order_by(_TICKET.c.opened_at)
    )
    return scribe.session.connection().execute(statement).scalars().all()
