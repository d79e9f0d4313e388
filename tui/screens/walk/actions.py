"""The keys of a walk. Digits first: an input method swallows bare letters, so letters are aliases."""

from __future__ import annotations

from typing import Final

from tui.actions import action

NORMAL = action("walk.normal", "enter", footer=False)
UNDO = action("walk.undo", "u")
SKIP = action("walk.skip", "s")
FIND = action("walk.find", "/", "f", "f4")
SUMMARY = action("walk.summary", "f3")
DOER = action("walk.doer", "f5", footer=False)
TICKET = action("walk.ticket", "f6", "t", footer=False)
DRY = action("walk.dry", "1", footer=False)
FLOWING = action("walk.flowing", "2", footer=False)
HALF = action("walk.half", "3", footer=False)
FULL = action("walk.full", "4", footer=False)
OVERFLOW = action("walk.overflow", "5", footer=False)
UNOPENED = action("walk.unopened", "6", footer=False)
MUD = action("walk.mud", "7", footer=False)
DEFECTS = action("walk.defects", "8", footer=False)
CHECKLIST = action("walk.checklist", "9", footer=False)
NOTE = action("walk.note", "0", footer=False)
EARLIER = action("walk.earlier", "up", "pageup", footer=False)
LATER = action("walk.later", "down", "pagedown", footer=False)
LESS = action("walk.less", "left", footer=False)
MORE = action("walk.more", "right", footer=False)
ERASE = action("walk.erase", "backspace", "delete", footer=False)
FIRST = action("walk.first", "home", footer=False)
LAST = action("walk.last", "end", footer=False)

WALK_ACTIONS: Final = (
    NORMAL, DRY, FLOWING, HALF, FULL, OVERFLOW, UNOPENED, MUD, DEFECTS, CHECKLIST, NOTE,
    UNDO, SKIP, FIND, SUMMARY, DOER, TICKET, EARLIER, LATER, LESS, MORE, ERASE, FIRST, LAST,
)  # fmt: skip
#: What answers, and so may not be done on a walk that is finished.
ANSWERING: Final = frozenset(
    made.id for made in (DRY, FLOWING, HALF, FULL, OVERFLOW, UNOPENED, MUD, DEFECTS, CHECKLIST, NOTE)
)
#: The digit of each key, for panels and for points other than wells.
DIGITS: Final = {
    made.id: digit
    for digit, made in enumerate(
        (NOTE, DRY, FLOWING, HALF, FULL, OVERFLOW, UNOPENED, MUD, DEFECTS, CHECKLIST)
    )
}
