"""Connect this laptop to a server: address and code, a look at what the code opens, then everything comes by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from models.replication import identity, links
from models.replication.devices import CODE_LENGTH, tidy_code
from tui import actions, edge
from tui.actions import Action, action
from tui.context import Status
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.home_today import options_of_people
from tui.widgets.bars import KeyView
from tui.widgets.button_keys import step_between_buttons
from tui.widgets.fields import TextField, Value
from tui.widgets.form import Form
from tui.widgets.picker import Option
from tui.widgets.status_words import rows_words
from tui.widgets.text import Line, Mark, PushButton, Tone, joined, plain
from tui.words import explain, sync_text

if TYPE_CHECKING:
    from sync.enrolling import Offer

WHO = action("enrol.who", "f3", footer=False)
_DRAFT = "enrol"
_FORM, _OFFERED, _WAITING, _HERE = "form", "offered", "waiting", "here"
_BAR = 30


@dataclass(frozen=True, slots=True)
class _Stand:
    """How far it is: what is awaited, and what is here. `people` may be chosen from."""

    awaited: bool
    compound: str
    linked: bool
    person: str
    people: tuple[Option, ...]


class EnrolScreen(LinliScreen):
    """`url` and `called`, the laptop's name, are what the form begins with. Leaving stops nothing: rows go on coming."""

    ROOM: ClassVar[str] = "enrol"
    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.SAVE, WHO)
    AUTO_FOCUS = "Entry"
    DEFAULT_CSS = """
    EnrolScreen #intro { margin-bottom: 1; color: $text-muted; }
    EnrolScreen #offer { margin-top: 1; height: auto; max-height: 12; }
    EnrolScreen .buttons { margin: 1 0 0 0; align-horizontal: left; }
    EnrolScreen .-gone { display: none; }
    """

    def __init__(self, url: str = "", called: str = "") -> None:
        super().__init__()
        self._url, self._called = url, called
        self._state = _FORM
        self._busy = False
        self._offer: Offer | None = None
        self._stand: _Stand | None = None
        self._adopted = False

    def body(self) -> ComposeResult:
        yield Line(t("enrol.intro"), id="intro")
        yield Form(
            (
                TextField(
                    "url",
                    t("sync.server"),
                    value=self._url,
                    required=True,
                    hint=t("enrol.url_hint"),
                    longest=300,
                ),
                TextField(
                    "code",
                    t("enrol.code"),
                    required=True,
                    hint=t("enrol.code_hint"),
                    longest=60,
                    check=_wrong_code,
                ),
                TextField(
                    "name",
                    t("sync.laptop_name"),
                    value=self._called or edge.laptop_name(),
                    required=True,
                    longest=60,
                ),
            ),
            draft=self.linli.drafts.get(_DRAFT),
            drafts=self._keep,
        )
        yield Line(id="offer")
        with Horizontal(classes="buttons"):
            yield PushButton(t("enrol.look"), id="look", variant="primary")
            yield PushButton(t("enrol.leave"), id="leave", classes="-gone")
            yield PushButton(t("enrol.join"), id="join", variant="warning", classes="-gone")
            yield PushButton(t("enrol.who"), id="who", variant="primary", classes="-gone")
            yield PushButton(t("enrol.done"), id="done", classes="-gone")

    def on_mount(self) -> None:
        self._ask_stand()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._ask_stand()

    def news(self) -> None:
        self._ask_stand()

    def _keep(self, texts: dict[str, str]) -> None:
        self.linli.drafts[_DRAFT] = texts
        if self._state == _OFFERED:
            self._turn(_FORM)  # what was looked at is another address or code
            self.query_one("#offer", Line).show("")

    # -- what is shown

    def _turn(self, state: str) -> None:
        self._state = state
        shown = {
            _FORM: {"look"},
            _OFFERED: {"leave", "join"},
            _WAITING: set[str](),
            _HERE: {"who", "done"},
        }[state]
        if state == _HERE and self._stand is not None and (self._adopted or not self._stand.people):
            shown = {"done"}
        for button in self.query(PushButton):
            button.set_class(button.id not in shown, "-gone")
            button.disabled = False
        self.query_one(Form).set_class(state in {_WAITING, _HERE}, "-gone")
        self.query_one("#intro").set_class(state in {_WAITING, _HERE}, "-gone")
        self.refresh_keys()

    def _say(self, *parts: Mark | Content | str) -> None:
        self.query_one("#offer", Line).show(Content("\n").join([plain(part) for part in parts]))

    def why_not(self, action_id: str) -> str | None:
        if action_id == actions.SAVE.id and self._busy:
            return t("enrol.asking")
        if action_id == actions.SAVE.id and self._state == _WAITING:
            return t("enrol.comes_by_itself")
        if action_id == WHO.id and (self._stand is None or not self._stand.people):
            return t("home.nobody_to_choose")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        """Return the keys; F2 carries the verb of the button that it presses."""
        verb = {_FORM: "enrol.look", _OFFERED: "enrol.join", _WAITING: "enrol.done", _HERE: "enrol.done"}
        return tuple(
            replace(view, label=t(verb[self._state])) if view.action_id == actions.SAVE.id else view
            for view in super().key_views()
        )

    # -- the form

    def on_form_finished(self) -> None:
        self.query_one("#look").focus()

    def on_key(self, event: events.Key) -> None:
        step_between_buttons(self, self.focused, event)

    async def on_button_pressed(self, event: PushButton.Pressed) -> None:
        match event.button.id:
            case "look" | "join":
                await self.action_act(actions.SAVE.id)
            case "leave":
                self._turn(_FORM)
                self._say(t("enrol.left"))
            case "who":
                await self.action_act(WHO.id)
            case _:
                self._finish()

    def do_save(self) -> None:
        """Do the next thing: look at the code, then connect, then leave."""
        if self._state == _FORM:
            self._look()
        elif self._state == _OFFERED:
            self._enrol()
        else:
            self._finish()

    def _look(self) -> None:
        values = self.query_one(Form).values()
        if values is None:
            return
        url, code = str(values["url"]), str(values["code"])
        self._hold(t("enrol.asking"))

        def look(desk: Desk) -> Offer:
            from sync import enrolling

            own: UUID | None = None
            if desk.has_seat:
                with desk.store.read() as session:
                    linked = links.link_of(session, desk.seat.compound_id) is not None
                own = None if linked else desk.seat.compound_id
            return enrolling.look(desk.here(), url, tidy_code(code), own=own)

        self.contact(look, self._offered, self._failed)

    def _hold(self, said: str) -> None:
        self._busy = True
        for button in self.query(PushButton):
            button.disabled = True
        self._say(Mark("◐", said, Tone.INFO))
        self.refresh_keys()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._turn(self._state)
        said = explain(error)
        if said is None:
            self.linli.report(error)
            said = t("trouble.what")
        self._say(Mark("×", said, Tone.BAD))

    def _offered(self, offer: Offer) -> None:
        self._busy = False
        self._offer = offer
        lines: list[Mark | str] = [
            Mark("√", t("enrol.opens", name=offer.name, n=f"{offer.rows:,}"), Tone.GOOD)
        ]
        if offer.adopts:
            lines.append(Mark("◇", t("enrol.adopts", name=offer.own_name), Tone.INFO))
        elif offer.joins:
            lines.append(Mark("◇", t("enrol.joins", name=offer.own_name, other=offer.name), Tone.INFO))
        elif not offer.rows:
            lines.append(Mark("◇", t("enrol.empty"), Tone.INFO))
        self._turn(_OFFERED)
        self._say(*lines)
        self.query_one("#join", PushButton).label = plain(t("enrol.join_name", name=offer.name[:20]))
        self.query_one("#join").focus()

    # -- being let in

    def _enrol(self) -> None:
        offer, values = self._offer, self.query_one(Form).values()
        if offer is None or values is None:
            return
        name, asker = str(values["name"]), self.linli.asker
        self._hold(t("enrol.joining", name=offer.name))

        def enrol(desk: Desk) -> bool:
            from sync import enrolling

            done = enrolling.enrol(desk.here(), offer, name=name, version=version("linli"))
            with desk.store.write() as session:
                identity.call(session, name)
            # Here, not on the screen: whoever has left it meanwhile is let in all the same.
            asker.write(partial(_begin, compound_id=done.compound_id)).result()
            return done.adopted

        self.contact(enrol, self._let_in, self._failed)

    def _let_in(self, adopted: bool) -> None:  # noqa: FBT001 - an answer
        self._adopted, self._busy = adopted, False
        self.linli.drafts.pop(_DRAFT, None)
        self._turn(_WAITING)
        self._ask_stand()

    def _ask_stand(self) -> None:
        def stand(desk: Desk) -> _Stand:
            if not desk.has_seat:
                return _Stand(desk.awaited is not None, "", linked=False, person="", people=())
            with desk.store.read() as session:
                link = links.link_of(session, desk.seat.compound_id)
            linked = link is not None and link.state == "ok" and link.last_contact is not None
            return _Stand(
                desk.awaited is not None,
                desk.seat.compound,
                linked,
                desk.seat.person,
                options_of_people(desk),
            )

        self.ask(stand, self._take_stand, latest="stand")

    def _take_stand(self, stand: _Stand) -> None:
        self._stand = stand
        if stand.awaited and self._state == _FORM:
            self._turn(_WAITING)  # begun before, perhaps before the app was closed
        if self._state == _WAITING and not stand.awaited and stand.linked:
            self._turn(_HERE)
            for button in self.query("#who, #done").results(PushButton):
                if not button.has_class("-gone"):
                    button.focus()
                    break
        self._draw_course()

    def show_status(self, status: Status | None, *, failed: bool = False) -> None:
        super().show_status(status, failed=failed)
        if self.is_attached and self._state == _WAITING:
            self._draw_course()
            if status is not None and status.sync is not None and not status.sync.busy:
                self._ask_stand()

    def _draw_course(self) -> None:
        if self._state == _HERE and self._stand is not None:
            self._say_here(self._stand)
        if self._state != _WAITING:
            return
        status = self.linli.status
        state = None if status is None else status.sync
        lines: list[Mark | Content | str] = []
        if state is not None and state.total:
            full = min(_BAR, _BAR * state.done // max(1, state.total))
            bar = joined(("━" * full, "$text-success"), ("─" * (_BAR - full), "$text-muted"))
            lines.append(joined(bar, f" {rows_words(state)}"))
        elif state is not None and state.trouble not in {None, "sync.closed"}:
            lines.append(Mark("!", sync_text(str(state.trouble), {}), Tone.WARN))
        elif self._adopted and status is not None and status.unsent:
            lines.append(Mark("↑", t("enrol.sending", n=status.unsent), Tone.INFO))
        else:
            lines.append(Mark("◐", t("enrol.fetching"), Tone.INFO))
        self._say(*lines, "", t("enrol.may_leave"))

    def _say_here(self, stand: _Stand) -> None:
        lines: list[Mark | Content | str] = [Mark("√", t("enrol.here", name=stand.compound), Tone.GOOD)]
        if self._adopted:
            lines.append(t("enrol.all_sent"))
        elif not stand.people:
            lines.append(t("home.nobody"))
        elif stand.person:
            lines.append(t("enrol.acts", person=stand.person))
        self._say(*lines)

    # -- who acts

    def do_who(self) -> None:
        if self._stand is not None:
            self.choose(t("home.who"), self._stand.people, self._act_as)

    def _act_as(self, person_id: str) -> None:
        def act(desk: Desk) -> None:
            desk.act_as(UUID(person_id))

        self.tell(act, lambda _nothing: self._finish())

    def _finish(self) -> None:
        """Go to Home, which tells what there is to do."""
        self.linli.go_home()


def _begin(desk: Desk, *, compound_id: UUID) -> None:
    desk.enrolled(compound_id)


def _wrong_code(value: Value) -> str | None:
    return None if len(tidy_code(str(value))) == CODE_LENGTH else t("enrol.code_wrong", n=CODE_LENGTH)
