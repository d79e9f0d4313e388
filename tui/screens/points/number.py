"""Numbering: one point or two thousand, by writing their codes; what would happen stands beneath while one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models.community import queries as community
from models.inspection import queries
from models.inspection.number_plans import Chained, NumberPlan, plan_numbers
from models.inspection.numbering import shown_codes
from models.inspection.rules import PointKind
from models.operations.perform import Outcome
from models.text import pinyin_keys
from tui import edge
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.filling import SavingForm
from tui.screens.points.base import perform_in_order
from tui.screens.points.fields import building_field, chosen, kind_field
from tui.screens.register.words import building_word, listed
from tui.widgets.fields import ChoiceField, PickField, TextField
from tui.widgets.form import Form
from tui.widgets.picker import Option
from tui.widgets.text import Tone
from tui.words import problem_text, refusal_text

_LONGEST = 4_000
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Choices:
    """What points may be put on and beside."""

    buildings: tuple[Option, ...]
    routes: tuple[Option, ...]


def choices(desk: Desk) -> Choices:
    """Read the buildings and routes to choose from."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        return Choices(
            building_options(desk),
            tuple(
                Option(str(line.id), line.name, search=" ".join(pinyin_keys(line.name)))
                for line in queries.routes(session, compound_id)
            ),
        )


def building_options(desk: Desk) -> tuple[Option, ...]:
    with desk.store.read() as session:
        lines = community.buildings(session, desk.seat.compound_id, today=desk.today())
    return tuple(
        Option(
            str(line.id), building_word(line.code), line.name, " ".join([line.code, *pinyin_keys(line.name)])
        )
        for line in lines
    )


class NumberPoints(SavingForm):
    """Results in the values once every group is in; `outcomes` are its groups, `added` says what was done."""

    def __init__(self, given: Choices, *, typed: str = "", kind: str = PointKind.WELL.value) -> None:
        super().__init__(
            t("points.number_title"),
            [
                TextField(
                    id="codes",
                    label=t("points.codes"),
                    value=typed,
                    required=True,
                    hint=t("points.codes_hint"),
                    longest=_LONGEST,
                ),
                kind_field(kind),
                ChoiceField(
                    id="chained",
                    label=t("points.chained"),
                    value=Chained.NO.value,
                    options=tuple((one.value, t(f"points.chained.{one.value}")) for one in Chained),
                ),
                building_field(given.buildings),
                PickField(
                    id="route",
                    label=t("points.onto_route"),
                    options=(Option("", t("points.no_route")), *given.routes),
                ),
            ],
            lambda _values: (),
            draft_name="number_points",
            save=t("points.number_verb"),
        )
        self.outcomes: list[Outcome] = []
        self.added = ""

    def on_mount(self) -> None:
        self._preview(self.query_one(Form).texts)

    def _keep(self, texts: dict[str, str]) -> None:
        super()._keep(texts)
        self._preview(texts)

    def _preview(self, texts: dict[str, str]) -> None:
        if not texts["codes"].strip():
            self.flash("")
            return
        self.ask(lambda desk: _plan(desk, texts), self._show_plan, latest="plan")

    def _show_plan(self, plan: NumberPlan) -> None:
        text, tone = plan_words(plan)
        self.flash(text, tone)

    def do_save(self) -> None:
        if self._saving or self.query_one(Form).values() is None:
            return
        values: Values = dict(self.query_one(Form).values() or {})
        texts = self.query_one(Form).texts
        self._saving = True

        def number(desk: Desk) -> tuple[NumberPlan, list[Outcome]]:
            plan = _plan(desk, texts)
            return plan, perform_in_order(desk, plan.intents(edge.new_id)) if plan.does_something else []

        def failed(_error: Exception) -> None:
            self._saving = False

        self.tell(number, lambda done: self._numbered(values, *done), failed=failed)

    def _numbered(self, values: Values, plan: NumberPlan, outcomes: list[Outcome]) -> None:
        self._saving = False
        if not outcomes:
            self._show_plan(plan)
            return
        self.outcomes = outcomes
        refused = outcomes[0].refused
        if refused is not None:  # nothing at all was done: the form stays with what was typed
            self.flash(refusal_text(refused), Tone.BAD)
            return
        self.added = done_words(plan)
        self._close(values)


def _plan(desk: Desk, texts: dict[str, str]) -> NumberPlan:
    building, route = chosen(texts, "building"), chosen(texts, "route")
    with desk.store.read() as session:
        return plan_numbers(
            session,
            desk.seat.compound_id,
            texts["codes"],
            kind=chosen(texts, "kind") or PointKind.WELL.value,
            building_id=UUID(building) if building else None,
            chained=Chained(chosen(texts, "chained") or Chained.NO.value),
            route_id=UUID(route) if route else None,
        )


def plan_words(plan: NumberPlan) -> tuple[str, Tone]:
    """Return what numbering would do, in one sentence."""
    if plan.problems:
        return " ".join(problem_text(problem) for problem in plan.problems[:3]), Tone.BAD
    parts = [
        t("points.plan_new", n=len(plan.new), codes=_some(plan.new)) if plan.new else "",
        t("points.plan_there", n=len(plan.there), codes=_some(plan.there)) if plan.there else "",
        t("points.plan_archived", n=len(plan.archived), codes=_some(plan.archived)) if plan.archived else "",
        t("points.plan_pipes", n=plan.pipes) if plan.pipes else "",
        t("points.plan_stops", n=plan.stops) if plan.stops else "",
        *(t("points.plan_alike", code=new, other=there) for new, there in plan.alike[:2]),
    ]
    said = t("points.plan_comma").join(part for part in parts if part)
    if not plan.does_something:
        return f"{said} {t('points.plan_nothing')}", Tone.WARN
    return said, Tone.WARN if plan.alike or plan.archived else Tone.GOOD


def done_words(plan: NumberPlan) -> str:
    """Return what was done, for the status line."""
    parts = [
        t("points.added_n", n=len(plan.new), codes=_some(plan.new)) if plan.new else "",
        t("points.back_n", n=len(plan.archived)) if plan.archived else "",
        t("points.linked_n", n=plan.pipes) if plan.pipes else "",
        t("points.on_route_n", n=plan.stops) if plan.stops else "",
    ]
    return t("points.plan_comma").join(part for part in parts if part)


def _some(codes: Sequence[str]) -> str:
    """Return codes drawn together, and no more of them than a person reads."""
    shown = shown_codes(tuple(codes))
    rest = "…" if len(shown) > _MOST_SHOWN else ""
    return listed(shown[:_MOST_SHOWN]) + rest
