"""What the panel says of the door in front: why asking waits, what was promised, what was said, what it waits for."""

from __future__ import annotations

from typing import Final

from models.fees.queries_arrears import ArrearsLine
from models.text import mask_phone
from tui.fee_words import sum_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.fees.arrears_words import (
    owed_line,
    pause_text,
    promise_text,
    rating_text,
    state_mark,
    talk_short,
)
from tui.screens.fees.dunning import Looker
from tui.widgets.map_panel import PanelRow, PanelView
from tui.widgets.text import Tone, cut

_STRIP: Final = 24  # cells of a text that must leave room for the rest
_BESIDE: Final = 80


def panel_of(line: ArrearsLine, looker: Looker, *, told: bool) -> PanelView:
    """Return the panel's view; `told` beside the list, where there is room for more."""
    door = line.door
    due = "" if door.due_fen == door.owed_fen else sum_text(door.due_fen)
    phone = mask_phone(line.phones[0]) if line.phones else ""
    last = talk_short(line.talk, looker.zone, looker.today)
    words = cut(line.talk.words, _BESIDE if told else _STRIP) if line.talk is not None else ""
    rows = (
        PanelRow(t("arrears.column.why"), pause_text(line), Tone.WARN, bare=True),
        PanelRow(t("arrears.column.owed"), owed_line(line), bare=True),
        PanelRow(t("arrears.column.due"), due),
        PanelRow(t("arrears.column.promise"), "" if line.promise is None else promise_text(line.promise)),
        PanelRow(t("arrears.column.talk"), " ".join(part for part in (last, words) if part)),
        *(
            PanelRow(one.code, cut(one.what, _BESIDE if told else _STRIP))
            for one in (*line.grievance.open, *line.grievance.unrated)
        ),
        PanelRow(t("arrears.column.rating"), rating_text(line)),
        PanelRow(t("arrears.column.contact"), line.contact or t("arrears.nobody")),
        PanelRow(t("arrears.column.phone"), phone if told else ""),
    )
    return PanelView(
        code=line.code,
        title=listed(line.owners),
        mark=state_mark(line, looker.today),
        rows=tuple(row for row in rows if row.text),
    )
