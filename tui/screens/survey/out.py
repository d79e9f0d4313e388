"""Letting the map out of the app: as text for the chat group, as a drawing in characters, as files to print."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import UUID

from models.inspection.survey.scene import Laid, Scene
from models.inspection.survey.survey import names_to_hide, survey
from tui.desk import Desk
from tui.documents import documents, write_text
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.chat_text import offer_text
from tui.screens.walk import store as walk_store
from tui.screens.walk.report import chat_text
from tui.widgets.picker import Option
from tui.widgets.text import Tone


def let_out(screen: LinliScreen, scene: Scene) -> None:
    """Ask in what form the map shall leave, and let it."""
    if scene.walk_id is None:
        return
    options = [
        Option("chat", t("map.out.chat"), t("map.out.chat_note")),
        Option("text", t("map.out.text"), t("map.out.text_note")),
        Option("page", t("map.out.page"), t("map.out.page_note")),
        Option("board", t("map.out.board"), t("map.out.board_note")),
        Option("svg", t("map.out.svg"), t("map.out.svg_note")),
    ]
    screen.choose(t("map.out.title"), options, partial(_chosen, screen, scene, scene.walk_id))


def _chosen(screen: LinliScreen, scene: Scene, walk_id: UUID, form: str) -> None:
    if form in {"chat", "text"}:
        question = _report if form == "chat" else _drawing
        screen.ask(partial(question, walk_id=walk_id), partial(_offer, screen, scene.walk))
        return
    write = partial(_write, scene=scene, form=form, folder=documents())
    screen.ask(write, lambda path: screen.flash(t("chat.saved", path=path), Tone.GOOD))


def _offer(screen: LinliScreen, walk: str, text: str | None) -> None:
    if text is None:
        screen.flash(t("walk.gone"), Tone.WARN)
    else:
        offer_text(screen, walk, text)


def _report(desk: Desk, walk_id: UUID) -> str | None:
    report = walk_store.report(desk, walk_id)
    return None if report is None else chat_text(report)


def _drawing(desk: Desk, walk_id: UUID) -> str:
    from tui.paper.map_text import map_text
    from tui.screens.survey.store import calls_here

    with desk.store.read() as session:
        scene = survey(session, desk.seat.compound_id, walk_id, laid=Laid.SCHEMATIC)
        return map_text(calls_here(desk, session).laid_on(scene))


def _write(desk: Desk, *, scene: Scene, form: str, folder: Path) -> Path:
    """Write the map as it is on the screen beside the user's documents; whatever is there stays. Raises CannotWrite."""
    from tui.paper.map_page import map_page
    from tui.paper.map_svg import map_svg
    from tui.paper.own_words import words_for_print

    if form == "svg":
        drawn = map_svg(scene)
    else:
        head, foot = words_for_print(desk)
        with desk.store.read() as session:
            names = names_to_hide(session, desk.seat.compound_id)
        drawn = map_page(scene, head=head, foot=foot, names=names, masked=form == "board")
    return write_text(folder, scene.walk, ".svg" if form == "svg" else ".html", drawn)
