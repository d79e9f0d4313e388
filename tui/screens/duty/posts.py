"""Where people serve and when: the posts, and under each the shifts that come again and again."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.duty.queries_setup import PostLine, TemplateLine
from models.operations.envelope import Intent
from tui.actions import Action, action, shown_key
from tui.duty_words import pattern_text
from tui.duty_words_setup import template_text, times_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Values
from tui.screens.duty import posts_store as store
from tui.screens.duty.posts_forms import (
    PreviewForm,
    ahead_text,
    look_ahead,
    post_fields,
    post_values,
    refusal_of,
    template_fields,
    template_values,
)
from tui.screens.register.words import archived_mark
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Line, Mark, Tone, joined, plain
from tui.words import problem_text

PICK = action("posts.pick", "enter")
EDIT = action("posts.edit", "1", footer=False)
ADD_SHIFT = action("posts.add_shift", "2", "insert", footer=False)
ADD_POST = action("posts.add_post", "3", "f5", footer=False)
CLOSED = action("posts.closed", "4", footer=False)
ARCHIVE = action("posts.archive", "5", "delete", footer=False)
READY = action("posts.ready", "6", footer=False)
ARCHIVED = action("posts.show_archived", "f7")
_CHANGES = frozenset({EDIT.id, ADD_SHIFT.id, ADD_POST.id, ARCHIVE.id, READY.id})
_OF_A_ROW = frozenset({PICK.id, EDIT.id, ADD_SHIFT.id, CLOSED.id, ARCHIVE.id})
_POST, _TEMPLATE = "post", "shift_template"


class Posts(Changing):
    """The posts in their order, each with its templates."""

    ROOM: ClassVar[str] = "posts"
    AUTO_FOCUS = "#posts"
    DEEDS: ClassVar[tuple[Action, ...]] = (EDIT, ADD_SHIFT, ADD_POST, CLOSED, ARCHIVE, READY)
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, *DEEDS, ARCHIVED)
    DEFAULT_CSS = """
    Posts #ahead { height: auto; max-height: 4; margin-top: 1; }
    Posts.-short #ahead { margin-top: 0; }
    Posts Deeds { margin-top: 1; }
    Posts.-short Deeds { margin-top: 0; }
    """
    _setup: store.Setup | None = None
    _archived = False

    def body(self) -> ComposeResult:
        yield LongList(
            (
                Column(t("duty_setup.post_or_shift"), 16, priority=9, grow=True),
                Column(t("duty_setup.which_days"), 20, priority=8, grow=True),
                Column(t("duty_setup.times"), 13, priority=8),
                Column(t("duty_setup.hands_short"), 5, priority=7, align="right"),
                Column(t("duty_setup.next_month"), 10, priority=6, align="right"),
                Column(t("duty_setup.pool"), 10, priority=4, grow=True),
                Column(t("duty_setup.state"), 10, priority=5),
            ),
            id="posts",
        )
        yield Line(id="ahead")
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(store.look, self._show, latest="posts")

    def _show(self, setup: store.Setup) -> None:
        self._setup = setup
        shown = self.query_one(LongList)
        shown.empty = t(
            "duty_setup.no_posts",
            ready=shown_key(READY.current_keys[0]),
            add=shown_key(ADD_POST.current_keys[0]),
        )
        rows: list[RowView] = []
        for post in setup.posts:
            if post.archived and not self._archived:
                continue
            rows.append(_post_row(setup, post))
            rows += [
                _template_row(setup, one) for one in post.templates if self._archived or not one.archived
            ]
        shown.show(rows, keep=True)
        self._tell_ahead()
        self.refresh_frame()

    def on_long_list_highlighted(self) -> None:
        self._tell_ahead()
        self.refresh_keys()

    def _tell_ahead(self) -> None:
        """Say of the highlighted shift in one sentence what it is, and on which days it comes."""
        line = self.query_one("#ahead", Line)
        if self._setup is None:
            return
        post, template = self.chosen
        if template is None:
            line.show(plain("" if post is None else _about(post), "$text-muted"))
            return
        setup = self._setup
        teams = {team.hex: name for team, name in setup.teams.items()}
        found = setup.problems(template)
        days = setup.days(template, setup.today, setup.until)
        second: Mark | tuple[str, str] = (ahead_text(days), "$text-muted")
        if found:
            second = Mark("!", problem_text(found[0]), Tone.BAD)
        line.show(joined((template_text(template, teams), "bold"), "\n", second))

    @property
    def setup(self) -> store.Setup:
        """What is shown; actions wait until it is read."""
        return known(self._setup)

    @property
    def chosen(self) -> tuple[PostLine | None, TemplateLine | None]:
        """The post under the highlight and, where a shift of it is highlighted, that."""
        if self._setup is None or not self.is_mounted:
            return None, None
        noun, _, row_id = (self.query_one(LongList).highlighted or "").partition(":")
        if noun == _POST:
            return self._setup.post(UUID(row_id)), None
        template = self._setup.template(UUID(row_id)) if noun else None
        return (None, None) if template is None else (self._setup.post(template.post_id), template)

    # Keys

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("posts.") and self._setup is None:
            return t("list.reading")
        if action_id in _CHANGES and not self.setup.may:
            return t("duty_setup.keepers_only")
        post, template = self.chosen
        if action_id in _OF_A_ROW and post is None:
            return t("duty_setup.add_first", ready=shown_key(READY.current_keys[0]))
        if action_id == CLOSED.id and template is None:
            return t("duty_setup.of_a_shift")
        if action_id in {EDIT.id, ADD_SHIFT.id} and post is not None:
            shut = post.archived or (action_id == EDIT.id and template is not None and template.archived)
            return t("duty_setup.bring_back_first", key=shown_key(ARCHIVE.current_keys[0])) if shut else None
        return super().why_not(action_id)

    async def on_long_list_picked(self) -> None:
        await self.action_act(PICK.id)

    def do_pick(self) -> None:
        """Open a shift; a post has nothing to open, so it is changed."""
        post, template = self.chosen
        if template is not None:
            self._open(template)
        elif post is not None and (why := self.why_not(EDIT.id)) is not None:
            self.flash(why, Tone.WARN)
        else:
            self.do_edit()

    def do_closed(self) -> None:
        _, template = self.chosen
        if template is not None:
            self._open(template)

    def _open(self, template: TemplateLine) -> None:
        from tui.screens.duty.patterns import ShiftPattern

        self.app.push_screen(ShiftPattern(template.id, self.ledger))

    def do_show_archived(self) -> None:
        self._archived = not self._archived
        self._show(self.setup)
        self.flash(t("duty_setup.archived_shown" if self._archived else "duty_setup.archived_hidden"))

    # Changes

    def do_edit(self) -> None:
        post, template = self.chosen
        if template is not None and post is not None:
            ask_template(self, self.setup, post, template)
        elif post is not None:
            meant = post
            self.fill_in(
                t("duty_setup.edit_title", what=post.name),
                post_fields(self.setup, post),
                lambda values: store.editing_post(meant, post_values(values)),
                lambda values: t("duty_setup.changed", what=values["name"]),
                draft=f"post:{post.id}",
            )

    def do_add_post(self) -> None:
        setup = self.setup
        self.fill_in(
            t("duty_setup.add_post_title"),
            post_fields(setup),
            lambda values: store.adding_post(setup, post_values(values)),
            lambda values: t(
                "duty_setup.post_added", what=values["name"], key=shown_key(ADD_SHIFT.current_keys[0])
            ),
            draft="post",
        )

    def do_add_shift(self) -> None:
        post, _ = self.chosen
        if post is not None:
            ask_template(self, self.setup, post, None)

    def do_archive(self) -> None:
        post, template = self.chosen
        row = template or post
        if row is not None:
            noun = _POST if template is None else _TEMPLATE
            key = "duty_setup.brought_back" if row.archived else "duty_setup.archived"
            self.change([store.archiving(noun, row.id, back=row.archived)], t(key, what=row.name))

    def do_ready(self) -> None:
        intents = store.adding_ready(self.setup)
        if intents:
            n = sum(intent.kind == "post.add" for intent in intents)
            self.change(intents, t("duty_setup.ready_added", n=n))
        else:
            self.flash(t("duty_setup.ready_there"))


def ask_template(room: Changing, setup: store.Setup, post: PostLine, line: TemplateLine | None) -> None:
    """Ask for a shift of a post, a new one or `line`, telling meanwhile on which days it would be held."""
    fields = template_fields(setup, line)

    def plan(values: Values) -> list[Intent]:
        wanted = template_values(values, line)
        return store.adding_template(post, wanted) if line is None else store.editing_template(line, wanted)

    form = PreviewForm(
        t("duty_setup.add_shift_title", post=post.name)
        if line is None
        else t("duty_setup.edit_title", what=f"{post.name} {line.name}"),
        fields,
        plan,
        look_ahead(setup, fields, line),
        draft_name=f"shift_template:{post.id if line is None else line.id}",
        refuse=lambda values: refusal_of(setup, template_values(values, line)),
    )
    key = "duty_setup.shift_added" if line is None else "duty_setup.shift_changed"
    room.show_form(form, lambda values: t(key, what=values["name"]))


def _about(post: PostLine) -> str:
    """Return in one line what is known of a post."""
    cash = t("duty_setup.cash") if post.counts_cash else ""
    return " · ".join(part for part in (post.place, post.keys, cash, post.note) if part)


def _post_row(setup: store.Setup, post: PostLine) -> RowView:
    living = [one for one in post.templates if not one.archived]
    shifts = t("duty_setup.shifts_n", n=len(living)) if living else t("duty_setup.no_shifts")
    count = sum(setup.count(one) for one in living)
    state: Cell = archived_mark() if post.archived else ""
    cells: tuple[Cell, ...] = (
        Mark("■", post.name),
        shifts,
        "",
        "",
        t("duty_setup.times_n", n=count) if count else "",
        post.team or t("duty_setup.everybody_short"),
        state,
    )
    return RowView(f"{_POST}:{post.id}", cells, muted=post.archived)


def _template_row(setup: store.Setup, one: TemplateLine) -> RowView:
    cells: tuple[Cell, ...] = (
        f"   {one.name}",
        pattern_text(one),
        times_text(one.starts, one.minutes),
        str(one.hands),
        t("duty_setup.times_n", n=setup.count(one)),
        one.team,
        state_of(setup, one),
    )
    return RowView(f"{_TEMPLATE}:{one.id}", cells, muted=one.archived)


def state_of(setup: store.Setup, one: TemplateLine) -> Cell:
    """Return what is odd about a template: put away, impossible, with exceptions to come; nothing else."""
    if one.archived:
        return archived_mark()
    if setup.problems(one):
        return Mark("!", t("duty_setup.never"), Tone.BAD)
    n = sum(setup.today <= day <= setup.until for day in setup.said(one.id))
    return Mark("◆", t("duty_setup.exceptions_n", n=n), Tone.INFO) if n else ""
