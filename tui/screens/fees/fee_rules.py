"""What holds for all fees: when bills are due, the target, who approves which expense, what stands on receipts and letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from textual.app import ComposeResult

from models.fees.money import yuan
from models.fees.queries import ruling_of
from models.fees.rules import APPROVALS, WHOLE, Approval, Ruling
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME, LONGEST_NOTE
from models.operations.roles import LEADERS, Role
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.screens.asking import known
from tui.screens.changing import Changing
from tui.screens.fees.money_fields import (
    amount_field,
    amount_typed,
    percent_field,
    percent_text,
    percent_typed,
)
from tui.screens.form import Values
from tui.screens.register.fields import note_from_line, note_to_line
from tui.widgets.deeds import Deeds
from tui.widgets.fields import Field, NumberField, TextField, TicksField
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

PICK = action("fee_rules.pick", "enter")
EDIT = action("fee_rules.edit", "1", footer=False)
APPROVE = action("fee_rules.approve", "2", footer=False)
BACK = action("fee_rules.put_back", "3", "delete", footer=False)
_MOST_DAYS: Final = 3_650
_TIERS: Final = 3
_RULES: Final = ("due_days", "target_ppm", "twice_ppm", "bulk_score", "payee", "pay_to")
_APPROVING: Final = (Role.TREASURER, Role.COMMITTEE, Role.DIRECTOR)


@dataclass(frozen=True, slots=True)
class Rules:
    """What is set, and whether whoever looks may set it."""

    ruling: Ruling
    may: bool


def look(desk: Desk) -> Rules:
    """Return what is set."""
    with desk.store.read() as session:
        ruling = ruling_of(session, desk.seat.compound_id)
    return Rules(ruling, desk.may(LEADERS))


class FeeRules(Changing):
    """The rules, one to a line."""

    ROOM: ClassVar[str] = "fee_rules"
    AUTO_FOCUS = "#rules"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, APPROVE, BACK)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS)
    DEFAULT_CSS = """
    FeeRules Deeds { margin-top: 1; }
    """
    _rules: Rules | None = None

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("fee_rules.rule"), 24, priority=9),
                Column(t("fee_rules.is"), 30, priority=9, grow=True),
                Column(t("fee_rules.from_where"), 10, priority=5),
            ),
            id="rules",
        )
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(look, self._show, latest="rules")

    def _show(self, rules: Rules) -> None:
        self._rules = rules
        rows = [_row(name, _said(name, rules.ruling), _same(name, rules.ruling)) for name in _RULES]
        built_in = rules.ruling.approvals == APPROVALS
        rows += [
            _row(f"approval:{n}", _approval_text(one), built_in, label=_tier_text(one))
            for n, one in enumerate(rules.ruling.approvals)
        ]
        self.query_one(LongList).show(rows, keep=True)
        self.refresh_frame()

    @property
    def rules(self) -> Rules:
        """What is shown; actions wait until it is read."""
        return known(self._rules)

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("fee_rules."):
            if self._rules is None:
                return t("list.reading")
            if not self.rules.may:
                return t("fee_rules.leaders_only")
            if action_id == BACK.id and self.rules.ruling == Ruling():
                return t("fee_rules.as_built_in")
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        highlighted = self.query_one(LongList).highlighted or ""
        if highlighted.startswith("approval"):
            self.do_approve()
        else:
            self.do_edit()

    def do_edit(self) -> None:
        ruling = self.rules.ruling
        self.fill_in(
            t("fee_rules.title"),
            _fields(ruling),
            lambda values: _setting(ruling, _plain_values(values)),
            lambda _values: t("fee_rules.set"),
            draft="fee_ruling",
        )

    def do_approve(self) -> None:
        ruling = self.rules.ruling
        self.fill_in(
            t("fee_rules.approvals_title"),
            _approval_fields(ruling.approvals),
            lambda values: _setting(ruling, {"approvals": _approvals_typed(values)}),
            lambda _values: t("fee_rules.set"),
            draft="fee_approvals",
        )

    def do_put_back(self) -> None:
        ruling = self.rules.ruling
        back = {name: getattr(Ruling(), name) for name in _RULES} | {"approvals": []}
        self.change(_setting(ruling, back), t("fee_rules.was_put_back"))


def _carried(ruling: Ruling) -> dict[str, Any]:
    """Return a ruling as its operation carries it; built-in approvals are none."""
    approvals = [] if ruling.approvals == APPROVALS else [_line(one) for one in ruling.approvals]
    return {name: getattr(ruling, name) for name in _RULES} | {"approvals": approvals}


def _line(one: Approval) -> dict[str, Any]:
    return {"up_to_fen": one.up_to_fen, "roles": [role.value for role in one.roles], "hands": one.hands}


def _setting(stands: Ruling, wanted: Mapping[str, Any]) -> Sequence[Intent]:
    """Return what sets the rules, nothing if they stand like that."""
    before = _carried(stands)
    after = before | dict(wanted)
    return [] if after == before else [Intent("fee.rule", {**after, "before": before})]


def _fields(ruling: Ruling) -> list[Field]:
    return [
        NumberField(
            id="due_days",
            label=t("fee_rules.rule.due_days"),
            value=str(ruling.due_days),
            required=True,
            minimum=0,
            maximum=_MOST_DAYS,
            hint=t("fee_rules.hint.due_days"),
        ),
        percent_field("target_ppm", t("fee_rules.rule.target_ppm"), ruling.target_ppm, required=True),
        NumberField(
            id="twice_ppm",
            label=t("fee_rules.rule.twice_ppm"),
            value=str(ruling.twice_ppm * 100 // WHOLE),
            required=True,
            minimum=100,
            maximum=10_000,
            unit="%",
            hint=t("fee_rules.hint.twice_ppm"),
        ),
        NumberField(
            id="bulk_score",
            label=t("fee_rules.rule.bulk_score"),
            value=str(ruling.bulk_score),
            required=True,
            minimum=50,
            maximum=100,
            hint=t("fee_rules.hint.bulk_score"),
        ),
        TextField(
            id="payee",
            label=t("fee_rules.rule.payee"),
            value=ruling.payee,
            longest=LONGEST_NAME,
            hint=t("fee_rules.hint.payee"),
        ),
        TextField(
            id="pay_to",
            label=t("fee_rules.rule.pay_to"),
            value=note_to_line(ruling.pay_to),
            longest=LONGEST_NOTE,
            hint=t("fee_rules.hint.pay_to"),
        ),
    ]


def _plain_values(values: Values) -> dict[str, Any]:
    return {
        "due_days": int(str(values["due_days"])),
        "target_ppm": percent_typed(values["target_ppm"]),
        "twice_ppm": int(str(values["twice_ppm"])) * WHOLE // 100,
        "bulk_score": int(str(values["bulk_score"])),
        "payee": str(values["payee"] or ""),
        "pay_to": note_from_line(str(values["pay_to"] or "")),
    }


def _approval_fields(approvals: Sequence[Approval]) -> list[Field]:
    """Ask for three lines: up to an amount, up to a larger one, and any amount beyond."""
    standing = (*approvals[:-1][: _TIERS - 1], *([approvals[-1]] * _TIERS))[:_TIERS]
    fields: list[Field] = []
    for n, one in enumerate(standing):
        last = n == _TIERS - 1
        if not last:
            fields.append(
                amount_field(
                    f"up_to_{n}",
                    t("fee_rules.up_to", n=n + 1),
                    one.up_to_fen,
                    required=False,
                    hint=t("fee_rules.up_to_hint") if n else "",
                )
            )
        fields += [
            TicksField(
                id=f"roles_{n}",
                label=t("fee_rules.roles", n=n + 1),
                value=",".join(role.value for role in one.roles),
                required=True,
                options=tuple((role.value, role_word(role)) for role in _APPROVING),
            ),
            NumberField(
                id=f"hands_{n}",
                label=t("fee_rules.hands", n=n + 1),
                value=str(one.hands),
                required=True,
                minimum=1,
                maximum=5,
            ),
        ]
    return fields


def _approvals_typed(values: Values) -> list[dict[str, Any]]:
    """Return the lines that were typed, the smaller amounts first; one without an amount is left out."""
    lines: list[dict[str, Any]] = []
    for n in range(_TIERS):
        up_to = None if n == _TIERS - 1 else amount_typed(values.get(f"up_to_{n}"))
        if up_to is None and n < _TIERS - 1:
            continue
        roles = [name for name in str(values[f"roles_{n}"]).split(",") if name]
        lines.append({"up_to_fen": up_to, "roles": roles, "hands": int(str(values[f"hands_{n}"]))})
    return sorted(lines, key=lambda line: (line["up_to_fen"] is None, line["up_to_fen"] or 0))


_SAID: Final[Mapping[str, Callable[[Ruling], str]]] = {
    "due_days": lambda ruling: t("fee_rules.days", n=ruling.due_days),
    "target_ppm": lambda ruling: f"{percent_text(ruling.target_ppm)}%",
    "twice_ppm": lambda ruling: f"{percent_text(ruling.twice_ppm)}%",
    "bulk_score": lambda ruling: str(ruling.bulk_score),
    "payee": lambda ruling: ruling.payee or t("fee_rules.nothing"),
    "pay_to": lambda ruling: note_to_line(ruling.pay_to) or t("fee_rules.nothing"),
}


def _said(name: str, ruling: Ruling) -> str:
    return _SAID[name](ruling)


def _same(name: str, ruling: Ruling) -> bool:
    return bool(getattr(ruling, name) == getattr(Ruling(), name))


def _tier_text(one: Approval) -> str:
    if one.up_to_fen is None:
        return t("fee_rules.any_amount")
    return t("fee_rules.approve_up_to", fen=yuan(one.up_to_fen))


def _approval_text(one: Approval) -> str:
    return t("fee_rules.approved_by", n=one.hands, roles=listed([role_word(role) for role in one.roles]))


def _row(row_id: str, said: str, built_in: bool, *, label: str = "") -> RowView:  # noqa: FBT001  # a column
    origin = (
        Mark("·", t("fee_rules.built_in"), Tone.MUTED)
        if built_in
        else Mark("◆", t("fee_rules.is_changed"), Tone.INFO)
    )
    return RowView(row_id, (label or t(f"fee_rules.rule.{row_id}"), said, origin))
