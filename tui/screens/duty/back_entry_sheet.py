"""The frame of back-entry: which sheet lies on the table, the line to type into above it, the draft of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.i18n import t
from tui.screens.asking import known
from tui.screens.drafted import Drafted
from tui.screens.duty import back_entry_rows as r
from tui.screens.duty import back_entry_store as store
from tui.screens.duty.back_entry_state import Said, SheetLine, lines_of
from tui.screens.duty.back_entry_store import Sheet
from tui.screens.duty.desk_replacing import Asked
from tui.screens.form import FormDialog
from tui.widgets.deeds import Deeds
from tui.widgets.fields import DateField
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone

_A_WEEK = 7


class SheetPage(Drafted):
    """The shifts of a day or a week, of all posts or of one. `marks` are what is said of its lines."""

    AUTO_FOCUS = "#sheet"
    draft = store.DRAFT
    DEFAULT_CSS = """
    SheetPage #head { height: 1; color: $text-muted; margin-bottom: 1; }
    SheetPage #prompt { height: 1; display: none; }
    SheetPage #prompt.-shown { display: block; }
    SheetPage #asked { width: auto; color: $primary; text-style: bold; padding: 0 1 0 0; }
    SheetPage #typed { width: 1fr; }
    SheetPage.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, day: date | None = None, post_id: UUID | None = None) -> None:
        super().__init__()
        self.day = day
        self.post_id = post_id
        self.by_week = False
        self.sheet: Sheet | None = None
        self.marks: dict[str, Said] = {}
        self._begun = False
        self._answer: Callable[[str], str | None] | None = None
        self.saving = False
        #: The requests that were made of replaced people, by the group that kept them.
        self.asked: dict[UUID, tuple[Asked, ...]] = {}

    def body(self) -> ComposeResult:
        yield Line(id="head")
        with Horizontal(id="prompt"):
            yield Line(id="asked")
            yield Entry(id="typed")
        yield LongList(r.columns(), id="sheet")
        yield Deeds()

    # -- which sheet

    def on_mount(self) -> None:
        # In the write thread: it comes after what was typed here a moment ago.
        self.tell(store.begin, self._take_up)

    def _take_up(self, draft: Mapping[str, Any]) -> None:
        if draft.get("marks"):
            self.day = date.fromisoformat(str(draft["day"]))
            self.by_week = bool(draft.get("week"))
            self.post_id = UUID(str(draft["post"])) if draft.get("post") else None
            self.marks = {key: Said.from_kept(values) for key, values in draft["marks"].items()}
            self.flash(t("form.restored"), Tone.WARN)
        self.reread()

    def on_screen_resume(self) -> None:
        if self.sheet is not None:
            self.reread()

    def news(self) -> None:
        self.on_screen_resume()

    def reread(self) -> None:
        question = partial(store.sheet, day=self.day, week=self.by_week, post_id=self.post_id)
        self.read(question, self._show, latest="sheet")

    def _show(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.marks = {
            key: said for key, said in self.marks.items() if key in {line.key for line in self.lines}
        }
        self.draw()
        if not self._begun:
            self._begun = True
            self.step(-1)

    def draw(self) -> None:
        sheet = known(self.sheet)
        listed = self.query_one(LongList)
        listed.empty = t("back_entry.empty" if sheet.posts else "back_entry.no_post")
        listed.show(r.views(self.lines, self.marks, sheet, week=self.by_week), keep=True)
        self.query_one("#head", Line).show(r.head_words(self.lines, self.marks, sheet, post_id=self.post_id))
        self.refresh_keys()

    @property
    def lines(self) -> list[SheetLine]:
        """The lines of the sheet in their order."""
        return [] if self.sheet is None else lines_of(self.sheet.shifts, self.marks, now=self.sheet.now)

    @property
    def line(self) -> SheetLine | None:
        """The highlighted one."""
        if self.sheet is None or not self.is_mounted:
            return None
        chosen = self.query_one(LongList).highlighted
        return next((line for line in self.lines if line.key == chosen), None)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def step(self, here: int) -> None:
        """Go on to the next line behind a place of which nothing is said or known."""
        later = [at for at, line in enumerate(self.lines) if at > here and self._is_open(line)]
        if later or here >= 0:
            self.query_one(LongList).move_to(later[0] if later else here)

    def _is_open(self, line: SheetLine) -> bool:
        return not line.recorded and line.key not in self.marks

    # -- the line to type into

    def prompt(self, asked: str, answer: Callable[[str], str | None]) -> None:
        """Let something be typed above the sheet; `answer` takes it, or returns what is wrong with it."""
        self._answer = answer
        self.query_one("#asked", Line).show(asked)
        self.query_one("#prompt").add_class("-shown")
        entry = self.query_one("#typed", Entry)
        entry.value = ""
        entry.focus()

    @on(Entry.Submitted, "#typed")
    def _typed(self, event: Entry.Submitted) -> None:
        event.stop()
        answer = self._answer
        if answer is None:
            return
        wrong = answer(event.value.strip())
        if wrong is None:
            self._unprompt()
        else:
            self.flash(wrong, Tone.BAD)

    def _unprompt(self) -> None:
        self._answer = None
        self.query_one("#prompt").remove_class("-shown")
        self.query_one(LongList).focus()

    def do_back(self) -> None:
        if self.saving:  # a sheet that is refused has to find its page
            self.flash(t("register.saving"))
        elif self._answer is not None:
            self._unprompt()
        else:
            super().do_back()

    # -- another sheet

    def _turn(self, days: int) -> None:
        by = days * _A_WEEK if self.by_week else days
        self.day = known(self.sheet).first + timedelta(days=by)
        self.query_one(LongList).cursor = 0
        self.reread()

    def do_before(self) -> None:
        self._turn(-1)

    def do_next(self) -> None:
        self._turn(1)

    def do_week(self) -> None:
        self.day = known(self.sheet).first if self.day is None else self.day
        self.by_week = not self.by_week
        self.reread()

    def do_post(self) -> None:
        options = [Option("", t("back_entry.all_posts")), *known(self.sheet).posts]

        def chosen(post: str) -> None:
            self.post_id = UUID(post) if post else None
            self.reread()

        self.choose(t("back_entry.which_post"), options, chosen, current=str(self.post_id or ""))

    def do_day(self) -> None:
        first = known(self.sheet).first
        field = DateField(id="day", label=t("back_entry.day"), value=f"{first:%Y-%m-%d}", required=True)

        def chosen(values: Mapping[str, Any]) -> None:
            self.day = values["day"]
            self.reread()

        self._show_modal(FormDialog(t("back_entry.which_day"), [field], save=t("back_entry.show")), chosen)

    # -- drafts

    def half_typed(self) -> Mapping[str, Any]:
        if not self.marks or self.sheet is None:
            return {}
        return {
            "day": (self.day or self.sheet.first).isoformat(),
            "week": self.by_week,
            "post": str(self.post_id or ""),
            "marks": {key: said.kept() for key, said in self.marks.items()},
        }

    def clear(self) -> None:
        """Take back everything that was said of the sheet."""
        self.marks = {}
        self.draw()
