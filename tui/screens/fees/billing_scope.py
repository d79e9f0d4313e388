"""Choosing who and what is billed: everything, one building, one item, one household."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select

from models.community.queries_places import buildings
from models.fees.tables import ChargeItem
from models.tables import table_of
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Changing
from tui.screens.fees.billing_store import Scope
from tui.widgets.picker import Option

_item = table_of(ChargeItem)
_ALL, _BUILDING, _ITEM, _HOUSEHOLD = "all", "building", "item", "household"
KINDS: Final = (_ALL, _BUILDING, _ITEM, _HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Named:
    """Something to narrow to."""

    id: UUID
    name: str


def read_items(desk: Desk) -> tuple[Named, ...]:
    """Return the charge items in their order."""
    statement = (
        select(_item.c.id, _item.c.name)
        .where(_item.c.compound_id == desk.seat.compound_id, _item.c.archived.is_(False))
        .order_by(_item.c.position, _item.c.name, _item.c.id)
    )
    with desk.store.read() as session:
        return tuple(Named(*row) for row in session.connection().execute(statement))


def read_buildings(desk: Desk) -> tuple[Named, ...]:
    """Return the buildings in their order."""
    with desk.store.read() as session:
        found = buildings(session, desk.seat.compound_id, today=desk.today())
    return tuple(Named(one.id, t("billing.building", code=one.code)) for one in found)


def read_door(desk: Desk, household_id: UUID) -> str:
    """Return what a household's door is called."""
    from models.community.queries_found import households_of

    with desk.store.read() as session:
        found = households_of(session, desk.seat.compound_id, [household_id], today=desk.today())
    return found[0].code if found else ""


class Narrowing(Changing):
    """A room in which a scope is narrowed."""

    def choose_scope(self, scope: Scope, then: Callable[[Scope], object]) -> None:
        """Let somebody narrow a scope, or widen it to everything again."""
        whole = scope.everything()

        def chosen(kind: str) -> None:
            if kind == _ALL:
                then(whole)
            elif kind == _HOUSEHOLD:
                self._choose_household(whole, then)
            else:
                self._choose_named(whole, kind, then)

        options = [Option(kind, t(f"billing.scope.{kind}")) for kind in KINDS]
        self.choose(t("billing.scope_which"), options, chosen)

    def _choose_named(self, whole: Scope, kind: str, then: Callable[[Scope], object]) -> None:
        def show(found: Sequence[Named]) -> None:
            names = {str(one.id): one.name for one in found}

            def chosen(row_id: str) -> None:
                named = replace(whole, name=names[row_id])
                if kind == _BUILDING:
                    then(replace(named, building_id=UUID(row_id)))
                else:
                    then(replace(named, item_id=UUID(row_id)))

            self.choose(t(f"billing.scope.{kind}"), [Option(*one) for one in names.items()], chosen)

        self.ask(read_buildings if kind == _BUILDING else read_items, show, latest="scope")

    def _choose_household(self, whole: Scope, then: Callable[[Scope], object]) -> None:
        from tui.screens.picking import pick_household

        def chosen(row_id: str) -> None:
            household_id = UUID(row_id)

            def named(code: str) -> None:
                then(replace(whole, name=code, household_id=household_id))

            self.ask(partial(read_door, household_id=household_id), named, latest="scope")

        self._show_modal(pick_household(t("billing.scope.household")), chosen)
