"""Letting the map out of the app: as text for the chat group, as a drawing in characters."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from models.inspection.survey.scene import Laid, Scene
from models.inspection.survey.survey import survey
from tui.desk import Desk
from tui.i18n import t
from tui.screens import walk_store
from tui.screens.base import LinliScreen
from tui.screens.chat_text import offer_text
from tui.screens.walk_report import chat_text
from tui.widgets.picker import Option
from tui.widgets.text import Tone


def let_out(screen: LinliScreen, scene: Scene) -> None:
    """Ask in what form the map shall leave, and let it."""
    if scene.walk_id is None:
        return
    options = [
        Option("chat", t("map.out.chat"), t("map.out.chat_note")),
        Option("text", t("map.out.text"), t("map.out.text_note")),
    ]
    screen.choose(t("map.out.title"), options, partial(_chosen, screen, scene.walk, scene.walk_id))


def _chosen(screen: LinliScreen, walk: str, walk_id: UUID, form: str) -> None:
    question = {"chat": _report, "text": _drawing}[form]

    def offer(text: str | None) -> None:
        if text is None:
            screen.flash(t("walk.gone"), Tone.WARN)
        else:
            offer_text(screen, walk, text)

    screen.ask(partial(question, walk_id=walk_id), offer)


def _report(desk: Desk, walk_id: UUID) -> str | None:
    report = walk_store.report(desk, walk_id)
    return None if report is None else chat_text(report)


def _drawing(desk: Desk, walk_id: UUID) -> str:
    from tui.paper.map_text import map_text

    with desk.store.read() as session:
        return map_text(survey(session, desk.seat.compound_id, walk_id, laid=Laid.SCHEMATIC))
