"""The page of one ticket: what was asked, where it stands, its whole story, and what can be done about it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from models.text import pinyin_keys
from models.tickets.queries import TicketLine
from tui.actions import Action, action, shown_key, variants
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.changing import Ledger
from tui.screens.chat_text import offer_text
from tui.screens.register.words import archived_mark
from tui.screens.tickets import page_deeds as deeds
from tui.screens.tickets.marks import due_mark, state_mark, urgency_mark
from tui.screens.tickets.moves_ties import TicketTies
from tui.screens.tickets.page_store import Page, look
from tui.screens.tickets.page_words import dispute_text, facts_of, link_text, other_text, told
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.facts import Facts
from tui.widgets.flow import Flow
from tui.widgets.picker import Option
from tui.widgets.story import Story
from tui.widgets.text import Line, Tone, joined, plain, width

OPEN = action("ticket.open", "enter")
TAKEN_BACK = action("ticket.taken_back", "f4", footer=False)
OUT = action("ticket.out", "f5")
HISTORY = action("ticket.history", "f7")
WHOLE = action("ticket.whole", "f3", footer=False)
_OUT = ("chat", "card")
_TALL = 30  # lines from which on the code stands in a block of its own
_WIDE = 100  # columns from which on facts and story stand side by side


class TicketPage(TicketTies):
    """One ticket. The digits are deeds; which ones depends on where it stands."""

    ROOM: ClassVar[str] = "ticket"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, OUT, HISTORY, WHOLE, TAKEN_BACK, deeds.MORE, *deeds.DEEDS)
    DEEDS: ClassVar[tuple[Action, ...]] = deeds.DEEDS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(variants(str(digit))), f"deed({digit})", show=False) for digit in range(1, 10)
    ]
    CSS_PATH = "page.tcss"

    def __init__(self, ticket_id: UUID, ledger: Ledger | None = None) -> None:
        super().__init__(ticket_id, ledger)
        self._taken_back = False

    @property
    def heading(self) -> str:
        page = self.page
        if page is None:
            return super().heading
        heading = t("ticket_page.heading", code=page.ticket.code)
        return f"{heading} {archived_mark()}" if page.ticket.archived else heading

    def body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(id="dispute")
        with VerticalScroll(id="both"):
            with VerticalScroll(id="asked"):
                yield Vertical(id="what")
                yield Line(id="what-more")
                yield Facts()
            with VerticalScroll(id="story"):
                yield Line(t("ticket_page.story"), id="story-title")
                yield Story()
        yield Deeds()

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()
        self._show_head()
        self.call_after_refresh(self._show_length)

    def _lay_out(self) -> None:
        """Let the arrows scroll what is on screen: the page as a whole, or, side by side, one column of it."""
        wide = self.app.size.width >= _WIDE
        both, columns = self.query_one("#both"), (self.query_one("#story"), self.query_one("#asked"))
        both.can_focus = not wide
        for column in columns:
            column.can_focus = wide
        if self.focused is None or not self.focused.can_focus:
            (columns[0] if wide else both).focus()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(look, ticket_id=self.ticket_id), self._show, latest="ticket")

    async def _show(self, page: Page | None) -> None:
        if page is None:
            self.flash(t("ticket_page.gone"), Tone.WARN)
            return
        before, self.page = self.page, page
        self._show_head()
        said = dispute_text(page)
        dispute = self.query_one("#dispute", Line)
        dispute.show(plain(f"! {said}", "bold $text-error") if said else "")
        dispute.display = bool(said)
        what = self.query_one("#what", Vertical)
        # Composed again in another language, the page has lost its lines.
        if not what.children or before is None or before.ticket.what != page.ticket.what:
            await what.remove_children()
            await what.mount(*(Flow(line) for line in page.ticket.what.split("\n")))
            self.call_after_refresh(self._show_length)
        self.query_one(Facts).show(facts_of(page))
        self._tell_story()
        self.refresh_frame()

    def _show_head(self) -> None:
        if self.page is not None:
            tall = self.app.size.height >= _TALL
            self.query_one("#head", Line).show(_head(self.page.ticket, self.page, tall=tall))

    def _show_length(self) -> None:
        """Say that there is more of a long text than stands above the facts, and which key shows it."""
        said = ""
        if self.page is not None and not self.has_class("-whole") and self._is_cut():
            said = t("ticket_page.whole", key=shown_key(WHOLE.current_keys[0]), n=len(self.page.ticket.what))
        more = self.query_one("#what-more", Line)
        more.show(said)
        more.display = bool(said)

    def _is_cut(self) -> bool:
        lines = sum(flow.size.height for flow in self.query_one("#what").query(Flow))
        return lines > self.query_one("#what").size.height

    def do_whole(self) -> None:
        self.toggle_class("-whole")
        self._show_length()

    def _tell_story(self) -> None:
        page = self.page
        if page is None:
            return
        self.query_one(Story).show(told(page, taken_back=self._taken_back))
        hidden = 0 if self._taken_back else len(page.story.taken_back)
        key = shown_key(TAKEN_BACK.current_keys[0])
        more = t("ticket_page.story_hidden", n=hidden, key=key) if hidden else ""
        self.query_one("#story-title", Line).show(
            " · ".join(part for part in (t("ticket_page.story"), more) if part)
        )

    # Deeds

    def deeds_here(self) -> tuple[Action, ...]:
        return () if self.page is None else deeds.first_deeds(self.page)

    def deed_views(self) -> tuple[KeyView, ...]:
        page = self.page
        if page is None:
            return ()
        views = [
            KeyView(deed.id, str(number), deeds.label(page, deed), self.why_not(deed.id))
            for number, deed in enumerate(self.deeds_here(), 1)
        ]
        return (*views, KeyView(deeds.MORE.id, shown_key(deeds.MORE.current_keys[0]), deeds.MORE.label))

    async def action_deed(self, digit: int) -> None:
        here = self.deeds_here()
        if digit <= len(here):
            await self.action_act(here[digit - 1].id)
        else:
            self.flash(t("ticket_page.no_such_digit", key=shown_key(deeds.MORE.current_keys[0])))

    def why_not(self, action_id: str) -> str | None:
        if not action_id.startswith("ticket."):
            return super().why_not(action_id)
        page = self.page
        if page is None:
            return t("register.reading")
        if action_id == WHOLE.id and not self.has_class("-whole") and not self._is_cut():
            return t("ticket_page.why.all_there")
        if action_id == TAKEN_BACK.id and not page.story.taken_back:
            return t("ticket_page.why.nothing_taken_back")
        if action_id == OPEN.id and not _behind(page):
            return t("ticket_page.why.nothing_behind")
        return deeds.why_not(page, action_id) or super().why_not(action_id)

    def do_more(self) -> None:
        """Offer everything else that can be done, and say of the rest why it cannot."""
        title = t("ticket_page.more_title", code=self.code)
        # Asked in a worker: reading the dictionary for pinyin takes longer than drawing the list.
        self.ask(
            partial(_more, page=self.known_page), lambda found: self.choose(title, found, self.action_act)
        )

    def do_taken_back(self) -> None:
        self._taken_back = not self._taken_back
        self._tell_story()
        shown = "taken_back_shown" if self._taken_back else "taken_back_hidden"
        self.flash(t(f"ticket_page.{shown}"))

    def do_out(self) -> None:
        """Let the ticket leave the app: to the chat group, or on paper."""
        options = [
            Option(form, t(f"ticket_page.out.{form}"), t(f"ticket_page.out.{form}_note")) for form in _OUT
        ]
        self.choose(t("ticket_page.out_title", code=self.code), options, self._let_out)

    def _let_out(self, form: str) -> None:
        if form == "chat":
            said = partial(offer_text, self, t("ticket_page.heading", code=self.code))
            self.ask(partial(_chat, ticket_id=self.ticket_id), said)
        else:
            self.ask(partial(_card, ticket_id=self.ticket_id), self._printed)

    def _printed(self, path: Path) -> None:
        self.flash(t("chat.saved", path=path), Tone.GOOD)

    def do_history(self) -> None:
        self.linli.enter("changes", row_id=self.ticket_id, table="ticket")

    # What lies behind

    def do_open(self) -> None:
        """Open what the ticket is about: the only thing there is, or the one that is chosen."""
        options = _behind(self.known_page)
        if len(options) == 1:
            self._open(options[0].id)
        else:
            self.choose(t("ticket_page.open_title"), options, self._open)

    def _open(self, chosen: str) -> None:
        kind, _, row = chosen.partition(":")
        if kind == "ticket":
            self.app.push_screen(TicketPage(UUID(row), self.ledger))
        elif kind == "incident":
            from tui.screens.tickets.incidents_card import IncidentScreen

            self.app.push_screen(IncidentScreen(UUID(row)))
        else:
            from tui.screens.palette import card_of

            self.app.push_screen(card_of(kind, row))

    def do_parent(self) -> None:
        parent = self.known_page.story.parent
        if parent is not None:
            self._open(f"ticket:{parent.id}")


def _head(ticket: TicketLine, page: Page, *, tall: bool) -> Content:
    """Return the line on top: code, number, state, urgency, kind of job and the deadline that counts.

    The code stands in a block of three lines where there is room: it is what people say on the telephone.
    """
    due = due_mark(ticket, page.clock)
    code = f"  {ticket.code}  "
    block = "bold $block-cursor-foreground on $block-cursor-background"
    said = joined(
        (code, block),
        (f" #{ticket.number}" if ticket.number is not None else "", "$text-muted"),
        *(
            part
            for mark in (state_mark(ticket.state), urgency_mark(ticket.urgency))
            for part in ("   ", mark)
        ),
        "   ",
        (category_word(ticket.category), "bold"),
        *(("   ", due) if str(due) else ()),
        *(("   ", t("ticket_page.is_case")) if ticket.is_case else ()),
    )
    if not tall:
        return said
    blank = joined((" " * width(code), block))
    return Content("\n").join([blank, said, blank])


def _behind(page: Page) -> list[Option]:
    """Return what Enter may open: who asked, where it is, what it is linked with."""
    ticket, story = page.ticket, page.story
    found = [
        (ticket.household_id, "household", t("ticket_page.open.household", code=ticket.household)),
        (ticket.requester_id, "person", t("ticket_page.open.person", name=ticket.requester)),
        (ticket.point_id, "point", t("ticket_page.open.point", code=ticket.point)),
    ]
    options = [Option(f"{kind}:{row}", said) for row, kind, said in found if row is not None]
    options += [
        Option(f"point:{link.point_id}", link_text(link, page.clock)) for link in story.links if link.point_id
    ]
    options += [
        Option(f"ticket:{one.id}", other_text(one))
        for one in (*((story.parent,) if story.parent else ()), *story.parts)
    ]
    if ticket.incident_id is not None:
        options.append(Option(f"incident:{ticket.incident_id}", story.incident))
    return list({option.id: option for option in options}.values())


# Questions, asked in a worker


def _more(_desk: Desk, page: Page) -> tuple[Option, ...]:
    labels = {deed: deeds.label(page, deed) for deed in deeds.more_deeds(page)}
    return tuple(
        Option(deed.id, said, deed.help, " ".join(pinyin_keys(said)), deeds.why_not(page, deed.id))
        for deed, said in labels.items()
    )


def _chat(desk: Desk, ticket_id: UUID) -> str:
    from tui.ticket_papers import ticket_chat

    return ticket_chat(desk, ticket_id)


def _card(desk: Desk, ticket_id: UUID) -> Path:
    from tui.ticket_papers import write_card

    return write_card(desk, [ticket_id])
