"""The form that founds a compound. What is half-typed outlives the app, although there is no compound to keep it for."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

from sqlmodel import Session
from textual.timer import Timer

from models.operations.drafts import drop_draft, load_draft, save_draft
from tui.desk import Desk
from tui.i18n import t
from tui.screens.form import FormDialog
from tui.widgets.fields import TextField

FOUND = "found"
#: Drafts belong to a compound; this one stands for the compound that there is not yet.
_NONE_YET = UUID(int=0)
_PAUSE = 0.4  # seconds without a key before what was typed is written
_LONGEST = 100
# What a list is called besides the compound whose list it is.
_NO_NAME = re.compile(
    r"住户|业主|户主|人员|房屋|信息|登记|花名册|名单|名册|台账|台帐|清单|汇总|统计|导入|最新|模板|副本|列表|表格|表"
    r"|households?|residents?|owners?|register|list|copy|import|export|final|new"
    r"|\d{4}年?|\d+月?日?|[\s_\-—.·,，、()（）【】\[\]]+",
    re.IGNORECASE,
)


class FoundForm(FormDialog):
    """Results in the name of the compound and of its first person. `name` is a guess, used where nothing was typed."""

    def __init__(self, name: str = "") -> None:
        self._guess = name
        self._unkept: dict[str, str] | None = None
        self._pause: Timer | None = None
        super().__init__(
            t("first_run.found"),
            [
                TextField(
                    "name",
                    t("home.compound_name"),
                    value=name,
                    required=True,
                    longest=_LONGEST,
                    hint=t("first_run.name_hint"),
                ),
                TextField(
                    "person",
                    t("home.your_name"),
                    required=True,
                    longest=_LONGEST,
                    hint=t("first_run.person_hint"),
                ),
            ],
            draft_name=FOUND,
            save=t("home.found_verb"),
        )

    def _keep(self, texts: dict[str, str]) -> None:
        if not any(texts.values()) or texts == {"name": self._guess, "person": ""}:
            return  # inputs tell of their first texts as well
        super()._keep(texts)
        self._unkept = texts
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self._write)

    def _write(self) -> None:
        texts, self._unkept = self._unkept, None
        if texts is not None:
            self.linli.asker.write(partial(_save, texts=texts))

    def on_unmount(self) -> None:
        self._write()

    def do_save(self) -> None:
        self._unkept = None
        super().do_save()


def guessed_name(stem: str) -> str:
    """Return the compound that a list's file name seems to speak of, empty where it does not."""
    place = re.search(r"[\u4e00-\u9fff]{1,12}?(?:小区|新村|花园|家园|苑|社区)", stem)
    name = place.group() if place else _NO_NAME.sub("", stem)
    return name if len(name) > 1 else ""


def kept_texts(session: Session) -> dict[str, str] | None:
    """Return what was half-typed when the app was closed."""
    kept = load_draft(session, _NONE_YET, FOUND)
    return None if kept is None else {name: str(text) for name, text in kept.items()}


def drop_kept(desk: Desk) -> None:
    """Forget what was half-typed: the compound stands."""
    with desk.store.write() as session:
        drop_draft(session, _NONE_YET, FOUND)


def _save(desk: Desk, *, texts: dict[str, str]) -> None:
    if not desk.has_seat:
        with desk.store.write() as session:
            save_draft(session, _NONE_YET, FOUND, texts)
