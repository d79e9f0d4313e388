"""How the doors that owe leave the app: a walking sheet, figures for the chat group without a name or a door, letters."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.fees.queries_arrears import ArrearsLine, ArrearsView, every_arrears
from models.fees.queries_arrears_totals import arrears_totals, total_of
from models.text import mask_name, mask_phone
from tui.desk import Desk
from tui.documents import documents, write_text
from tui.fee_words import sum_text
from tui.i18n import t
from tui.paper.fee_walking import WalkingDoor, WalkingPart, WalkingSheet, walking_page
from tui.paper.own_words import words_for_print
from tui.row_words import building_word, listed
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.fees.arrears_rows import ArrearsFilters
from tui.screens.fees.arrears_words import (
    pause_text,
    promise_mark,
    since_text,
    talk_short,
)
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_CHAT: Final = "chat"
_SHEET: Final = "sheet"


def offer_out(screen: Shell[Any], filters: ArrearsFilters) -> None:
    """Ask in which form the doors that owe shall leave."""
    options = [
        Option(form, t(f"arrears.out.{form}"), t(f"arrears.out.{form}_note")) for form in (_SHEET, _CHAT)
    ]

    def chosen(form: str) -> None:
        if form == _CHAT:
            text = partial(chat_text, filters=filters)
            screen.ask(text, partial(offer_text, screen, t("arrears.chat.name")))
        else:
            screen.ask(partial(write_sheet, filters=filters), partial(_saved, screen))

    screen.choose(t("arrears.out.title"), options, chosen)


def _saved(screen: Shell[Any], path: Path | None) -> None:
    if path is None:
        screen.flash(t("arrears.empty.doors"), Tone.WARN)
    else:
        screen.flash(t("chat.saved", path=path), Tone.GOOD)


def chat_text(desk: Desk, filters: ArrearsFilters) -> str:
    """Return what the chat group may know: sums by building. No door, no name: nobody is shamed in public."""
    today = desk.today()
    with desk.store.read() as session:
        asked = filters.asked(today, ArrearsView.DOORS)
        totals = arrears_totals(session, desk.seat.compound_id, asked)
    whole = totals.whole
    lines = [
        t("arrears.chat.title", compound=desk.seat.compound, day=today.isoformat()),
        t("arrears.chat.whole", n=whole.doors, fen=sum_text(whole.due_fen)),
        *(
            t(
                "arrears.chat.building",
                building=building_word(one.name),
                n=one.doors,
                fen=sum_text(one.due_fen),
            )
            for one in totals.buildings
        ),
    ]
    if whole.fix_first:
        lines.append(t("arrears.chat.fix", n=whole.fix_first))
    return "\n".join((*lines, t("arrears.chat.thanks")))


def write_sheet(desk: Desk, filters: ArrearsFilters) -> Path | None:
    """Write the walking sheets of the doors that are past their day, one for each volunteer; None where there is none."""
    today, zone = desk.today(), ZoneInfo(desk.seat.zone)
    head, foot = words_for_print(desk)
    with desk.store.read() as session:
        lines = tuple(every_arrears(session, desk.seat.compound_id, filters.asked(today, ArrearsView.DOORS)))
    if not lines:
        return None
    by_visitor: dict[tuple[UUID | None, str], list[ArrearsLine]] = {}
    for line in lines:
        by_visitor.setdefault((line.contact_id, line.contact), []).append(line)
    # Whose doors are nobody's come last, on a sheet that is still to be given to somebody.
    ordered = sorted(by_visitor.items(), key=lambda item: (item[0][0] is None, item[0][1]))
    sheets = [
        WalkingSheet(desk.seat.compound, name, _sum(of), today, _parts(of, zone, desk))
        for (_, name), of in ordered
    ]
    drawn = walking_page(sheets, head=head, foot=foot)
    name = "_".join((t("paper.walking.title"), *filters.words(), today.isoformat()))
    return write_text(documents(), name, ".html", drawn)


def _sum(lines: list[ArrearsLine]) -> str:
    total = total_of(line.door for line in lines)
    return t("arrears.doors_sum", n=total.doors, fen=sum_text(total.owed_fen))


def _parts(lines: list[ArrearsLine], zone: ZoneInfo, desk: Desk) -> tuple[WalkingPart, ...]:
    by_building: dict[str, list[ArrearsLine]] = {}
    for line in lines:
        by_building.setdefault(line.building, []).append(line)
    return tuple(
        WalkingPart(building_word(code), _sum(of), tuple(_door(line, zone, desk) for line in of))
        for code, of in sorted(by_building.items(), key=lambda item: (len(item[0]), item[0]))
    )


def _door(line: ArrearsLine, zone: ZoneInfo, desk: Desk) -> WalkingDoor:
    today = desk.today()
    tickets = listed([one.what for one in (*line.grievance.open, *line.grievance.unrated)])
    waits = pause_text(line) if line.door.fix_first else ""
    return WalkingDoor(
        code=line.code,
        who=listed([mask_name(name) for name in line.owners]),
        phone=mask_phone(line.phones[0]) if line.phones else "",
        owed=sum_text(line.door.owed_fen),
        since=t("paper.walking.since", since=since_text(line.door.since), n=line.door.bills),
        waits=" ".join(part for part in (waits, tickets) if part),
        last=talk_short(line.talk, zone, today),
        promise="" if line.promise is None else str(promise_mark(line.promise, today)),
    )
