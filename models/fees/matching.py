"""Whose payment a row of a bill is, with reasons and a score, for a person to accept. Pure.

Each reason has points, which are our own judgement: a number on the door says most, then a name, then an amount. What
fits one home as well as another is never sure: the nearer a rival comes, the lower the score falls, and of two homes with
equal reasons none is proposed. An amount that fits nothing is looked at by a person, however sure the home.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from models.fees.evidence import Due, Ground, Recorded, folded_name
from models.fees.proposals import Proposal, Reason, Rival
from models.fees.rooms_in_text import How
from models.files.money_files.rows import Direction, MoneyRow, Platform
from models.problems import Param

METHODS: Final = {
    Platform.WECHAT: "wechat",
    Platform.WECHAT_MERCHANT: "wechat",
    Platform.ALIPAY: "alipay",
    Platform.BANK: "bank",
}
_ROOM: Final = {How.EXACT: 60, How.BUILDING: 58, How.COMPACT: 48, How.PAIR: 50, How.UNIT: 45, How.ROOM: 40}
_SHARED = 15
_OWNER, _MEMBER, _OWNER_IN_TEXT, _MEMBER_IN_TEXT, _MASKED, _ELSEWHERE = 45, 40, 35, 30, 12, -15
_AMOUNT: Final = {"all": 28, "bill": 26, "oldest": 25, "usual": 20, "months": 12}
_ONLY_HERE, _ODD, _DUE = 12, -15, 5
_SOON, _SAME_DAY, _DAYS = 70, 55, 40
_MINUTES = timedelta(minutes=10)
_HALF_DAY = timedelta(hours=12)
_DUE_DAYS = 20
#: An amount that fits nothing, or a word about another home, keeps a row below what is accepted unseen; so does a rival within `_MARGIN`.
_AT_MOST_ODD, _MARGIN, _TIED = 80, 25, 60
#: Less than this apart, two homes have equally good reasons.
_AS_GOOD = 8
_LEAST = 30
_PAYMENT_OF_OTHER_SUM = 60
#: So many doors with one number are looked at one by one; beyond, only those that something else points to.
_FEW, _MANY = 8, 24
_FEW_BY_AMOUNT = 3
_WEAK = 30
_MOST_RIVALS = 5


@dataclass(slots=True)
class _Clues:
    """What a row's words say: points and reasons for each home, and what speaks for none."""

    points: dict[UUID, int] = field(default_factory=dict)
    reasons: dict[UUID, list[Reason]] = field(default_factory=dict)
    loose: list[Reason] = field(default_factory=list)
    payments: dict[UUID, tuple[int, Recorded, Reason]] = field(default_factory=dict)
    #: Who may be meant by a starred name; and the recorded payment that no other row has a better claim to.
    masked: set[UUID] = field(default_factory=set)
    own: UUID | None = None

    def add(self, home: UUID, points: int, reason: Reason) -> None:
        self.points[home] = self.points.get(home, 0) + points
        self.reasons.setdefault(home, []).append(reason)


def propose(rows: Sequence[MoneyRow], ground: Ground) -> tuple[Proposal, ...]:
    """Return a proposal for each row, in the rows' order. No recorded payment is proposed for two rows."""
    found: dict[int, Proposal] = {}
    taken: set[UUID] = set()
    for exactly in (True, False):
        for at, row in enumerate(rows):
            certain = None if at in found else _by_order(row, ground, taken, exactly=exactly)
            if certain is not None:
                found[at] = certain
                if certain.payment_id is not None and row.direction is Direction.IN:
                    taken.add(certain.payment_id)
    open_rows = {at: _clues(row, ground) for at, row in enumerate(rows) if at not in found}
    _pair(rows, open_rows, ground, taken)
    for at, clues in open_rows.items():
        found[at] = _weighed(rows[at], clues, ground)
    return tuple(found[at] for at in range(len(rows)))


def _by_order(row: MoneyRow, ground: Ground, taken: set[UUID], *, exactly: bool) -> Proposal | None:
    """Return what an order number alone settles, and what is nobody's payment; `exactly`: to the fen."""
    numbers = dict.fromkeys(number for number in (row.order_no, row.merchant_no) if number)
    known = [
        payment
        for number in numbers
        for payment in ground.by_order.get(number, ())
        if payment.method == METHODS[row.platform] and payment.id not in taken
    ]
    if row.direction is not Direction.IN:
        reasons = [Reason(f"row.{row.direction}")]
        if not known:
            return Proposal(row, reasons=tuple(reasons))
        reasons.append(Reason("payment.taken_back"))
        return Proposal(row, known[0].household_id, known[0].id, reasons=tuple(reasons))
    if not known:
        return None
    same = next((payment for payment in known if payment.fen == row.fen), None)
    if same is not None:
        return Proposal(row, same.household_id, same.id, score=100, reasons=(Reason("payment.order"),))
    if exactly:
        return None
    other = Reason("payment.other_amount", {"recorded_fen": known[0].fen})
    reasons = [Reason("payment.order"), other]
    return Proposal(
        row, known[0].household_id, known[0].id, score=_PAYMENT_OF_OTHER_SUM, reasons=tuple(reasons)
    )


def _clues(row: MoneyRow, ground: Ground) -> _Clues:
    clues = _Clues()
    _name_clues(row, ground, clues)
    seen: set[UUID] = set()
    for mention in (*ground.rooms.mentions(row.remark), *ground.rooms.mentions(row.party)):
        params: dict[str, Param] = {"text": mention.text}
        if mention.how is How.UNKNOWN:
            clues.loose.append(Reason("room.unknown", params))
            continue
        if len(mention.homes) == 1:
            points, reason = _ROOM[mention.how], Reason(f"room.{mention.how}", params)
        else:
            points, reason = _SHARED, Reason("room.shared", {**params, "count": len(mention.homes)})
        homes = mention.homes
        if len(homes) > _FEW:
            homes = _pointed_at(homes, row.fen, clues, ground)
            if not homes:
                clues.loose.append(reason)
        for home in homes:
            if home not in seen:
                clues.add(home, points, reason)
        seen.update(homes)
    for home in clues.masked:
        if home in clues.points or len(clues.masked) <= _FEW:
            clues.add(home, _MASKED, Reason("name.masked", {"name": row.party}))
    return clues


def _pointed_at(homes: tuple[UUID, ...], fen: int, clues: _Clues, ground: Ground) -> tuple[UUID, ...]:
    """Return those of many doors that something else points to: a name, else the amount; none when that are many too."""
    named = tuple(home for home in homes if home in clues.points or home in clues.masked)
    found = named or tuple(home for home in homes if fen in ground.dues[home])
    return found if len(found) <= _MANY else ()


def _name_clues(row: MoneyRow, ground: Ground, clues: _Clues) -> None:
    party = folded_name(row.party)
    whole = ground.names.whole(party)
    for bearer in whole:
        code, points = ("name.owner", _OWNER) if bearer.is_owner else ("name.member", _MEMBER)
        clues.add(bearer.home, points, Reason(code, {"name": row.party}))
    clues.masked = {bearer.home for bearer in ground.names.masked(party)}
    seen = {bearer.home for bearer in whole}
    text = folded_name(row.remark) if whole else f"{party}\n{folded_name(row.remark)}"
    for name, bearers in ground.names.within(text):
        for bearer in bearers:
            if bearer.home not in seen:
                seen.add(bearer.home)
                owner = bearer.is_owner
                code, points = (
                    ("name.owner_in_text", _OWNER_IN_TEXT)
                    if owner
                    else ("name.member_in_text", _MEMBER_IN_TEXT)
                )
                clues.add(bearer.home, points, Reason(code, {"name": name}))


def _pair(rows: Sequence[MoneyRow], cases: Mapping[int, _Clues], ground: Ground, taken: set[UUID]) -> None:
    """Give each row the recorded payments it may be; one that is nearer to another row is that row's."""
    pairs: list[tuple[int, timedelta, int, Recorded]] = []
    for at, clues in cases.items():
        best = max(clues.points.values(), default=0)
        for payment in _candidates(rows[at], ground, taken):
            points = clues.points.get(payment.household_id, 0) if payment.household_id else 0
            # Words that name another home say that this is another payment.
            if points == best or best < _WEAK:
                distance = abs(payment.at - rows[at].at)
                pairs.append((points + _nearness(rows[at], payment, distance), distance, at, payment))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2], pair[3].id))
    owners: dict[UUID, int] = {}
    for _points, _distance, at, payment in pairs:
        if cases[at].own is None and payment.id not in owners:
            cases[at].own = payment.id
            owners[payment.id] = at
    for _points, distance, at, payment in pairs:
        home = payment.household_id
        if home is not None and owners.get(payment.id, at) == at and home not in cases[at].payments:
            reason = Reason("payment.same", {"hours": int(distance.total_seconds()) // 3600})
            cases[at].payments[home] = _nearness(rows[at], payment, distance), payment, reason


def _candidates(row: MoneyRow, ground: Ground, taken: set[UUID]) -> Iterator[Recorded]:
    for payment in ground.recorded_near(METHODS[row.platform], row.fen, row.at):
        # Two different order numbers are two payments.
        numbers = {row.order_no, row.merchant_no} - {""}
        if (
            payment.id not in taken
            and payment.household_id in ground.homes
            and not (payment.order_no and numbers)
        ):
            yield payment


def _nearness(row: MoneyRow, payment: Recorded, distance: timedelta) -> int:
    if distance <= _MINUTES:
        return _SOON
    # Banks often give the day alone.
    same_day = payment.at.astimezone(row.at.tzinfo).date() == row.at.date()
    return _SAME_DAY if same_day or distance <= _HALF_DAY else _DAYS


@dataclass(slots=True)
class _Weight:
    """How much speaks for one home in all."""

    home: UUID
    points: int
    reasons: list[Reason]
    due: Due | None = None
    payment: Recorded | None = None
    is_odd: bool = False


def _weighed(row: MoneyRow, clues: _Clues, ground: Ground) -> Proposal:
    homes = dict.fromkeys((*clues.points, *clues.payments))
    by_amount = ground.by_fen.get(row.fen, ())
    names_unknown = any(reason.code == "room.unknown" for reason in clues.loose)
    if len(by_amount) <= _FEW_BY_AMOUNT and not names_unknown:
        homes.update(dict.fromkeys(by_amount))
    payer = ground.names.whole(folded_name(row.party))
    weights = [_weight(row, home, clues, ground, {bearer.home for bearer in payer}) for home in homes]
    weights.sort(key=lambda weight: (-weight.points, ground.places[weight.home]))
    if not weights or weights[0].points < _LEAST:
        rivals = tuple(Rival(weight.home, max(weight.points, 0)) for weight in weights[:_MOST_RIVALS])
        return Proposal(row, reasons=tuple(clues.loose) or (Reason("row.nothing"),), rivals=rivals)
    best = weights[0]
    near = [weight for weight in weights[1:] if best.points - weight.points < _MARGIN]
    is_doubtful = best.is_odd or names_unknown or _speaks_for_another(clues, best.home)
    score = min(best.points, _AT_MOST_ODD if is_doubtful else 100)
    reasons = [*best.reasons, *clues.loose]
    if near:
        score = min(score, _TIED + best.points - near[0].points)
        reasons.append(Reason("rivals", {"count": len(near), "code": ground.homes[near[0].home].code}))
    rivals = tuple(Rival(weight.home, min(weight.points, 100)) for weight in near[:_MOST_RIVALS])
    is_tied = bool(near) and best.points - near[0].points < _AS_GOOD
    if is_tied or (best.payment is not None and best.payment.id != clues.own):
        return Proposal(
            row,
            score=score,
            reasons=tuple(reasons),
            rivals=(Rival(best.home, min(best.points, 100)), *rivals),
        )
    return Proposal(
        row,
        best.home,
        None if best.payment is None else best.payment.id,
        best.due.bills if best.due is not None and best.payment is None else (),
        score,
        tuple(reasons),
        rivals,
    )


def _speaks_for_another(clues: _Clues, home: UUID) -> bool:
    """Whether the row names somebody, or a door, that is not this home's but another's."""
    own = {_named(reason) for reason in clues.reasons.get(home, ())}
    return any(
        named not in own
        for other, reasons in clues.reasons.items()
        if other != home
        for reason in reasons
        if (named := _named(reason)) is not None
    )


def _named(reason: Reason) -> Param:
    """What a reason rests on, as far as it points at few homes."""
    return (
        None
        if reason.code in {"room.shared", "name.masked"}
        else reason.params.get("name", reason.params.get("text"))
    )


def _weight(row: MoneyRow, home: UUID, clues: _Clues, ground: Ground, payers: set[UUID]) -> _Weight:
    weight = _Weight(home, clues.points.get(home, 0), list(clues.reasons.get(home, ())))
    if payers and home not in payers:
        weight.points += _ELSEWHERE
        code = ground.homes[min(payers, key=lambda payer: ground.places[payer])].code
        weight.reasons.append(Reason("name.elsewhere", {"name": row.party, "code": code}))
    if home in clues.payments:
        points, weight.payment, reason = clues.payments[home]
        weight.points += points
        weight.reasons.append(reason)
        # Somebody may well pay the same again on another day.
        weight.is_odd = points == _DAYS
        return weight
    due = weight.due = ground.dues[home].get(row.fen)
    if due is None:
        weight.is_odd = True
        weight.points += _ODD
        weight.reasons.append(Reason("amount.odd", {"owed_fen": ground.owed_fen.get(home, 0)}))
        return weight
    params: dict[str, Param] = {"amount_fen": row.fen}
    if due.code in {"oldest", "months"}:
        params["count"] = due.number
    weight.points += _AMOUNT[due.code]
    weight.reasons.append(Reason(f"amount.{due.code}", params))
    if due.bills and ground.by_fen.get(row.fen) == (home,):
        weight.points += _ONLY_HERE
        weight.reasons.append(Reason("amount.only_here"))
    if due.due_on is not None and abs(days := (row.at.date() - due.due_on).days) <= _DUE_DAYS:
        weight.points += _DUE
        weight.reasons.append(Reason("time.due", {"days": days}))
    return weight
