"""Letting a list out of the app: in what form, and where to."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from models.files.writing import CannotWrite, Format
from tui import exports
from tui.desk import Desk
from tui.documents import documents, file_name
from tui.exports import What
from tui.i18n import t
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.form import FormDialog, Values
from tui.screens.register.files import expanded
from tui.widgets.fields import TextField
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_CHAT = "chat"
#: What a form is in the chooser: the file's format, and whether it is masked.
_FORMS: dict[str, tuple[Format, bool]] = {
    "xlsx": ("xlsx", False),
    "csv": ("csv", False),
    "masked": ("xlsx", True),
}


class Written(Protocol):
    """Writes a file in a worker, and returns what to say."""

    def __call__(self, desk: Desk, *, path: Path) -> tuple[str, Tone]: ...


def offer_export(
    screen: Shell[Any], what: What, *, walk_id: UUID | None = None, name: str = "", text: str = ""
) -> None:
    """Ask in which form a list shall leave, then where to. `name` is what its file is called.

    A file holds the whole list; the chat group gets what a search for `text` has found.
    """

    def chosen(form: str) -> None:
        if form == _CHAT:
            screen.ask(
                lambda desk: exports.chat_lines(desk, what, text=text, walk_id=walk_id),
                lambda lines: offer_text(screen, name or t(f"export.{what}"), lines),
            )
        else:
            _ask_where(screen, what, form, walk_id=walk_id, name=name)

    screen.choose(
        t("export.title", what=t(f"export.{what}")),
        [Option(form, t(f"export.as_{form}"), t(f"export.as_{form}_note")) for form in (*_FORMS, _CHAT)],
        chosen,
    )


def _ask_where(screen: Shell[Any], what: What, form: str, *, walk_id: UUID | None, name: str) -> None:
    format_, masked = _FORMS[form]
    write = partial(_write, what=what, format_=format_, masked=masked, walk_id=walk_id)
    save_where(screen, t(f"export.as_{form}"), name or t(f"export.{what}"), format_, write)


def save_where(screen: Shell[Any], title: str, name: str, format_: Format, write: Written) -> None:
    """Ask where a file shall go, and before another is replaced; `write` writes it and tells what to say."""
    today = screen.linli.context.today()
    usual = documents() / f"{file_name(name)}_{today}.{format_}"
    field = TextField(
        "path", t("export.where"), value=str(usual), required=True, hint=t("export.where_hint"), longest=1000
    )

    def save(path: Path) -> None:
        screen.ask(partial(write, path=path), lambda said: screen.flash(*said))

    def named(values: Values) -> None:
        screen.ask(partial(_target, text=str(values["path"]), format_=format_), found)

    def found(target: tuple[Path, bool]) -> None:
        path, is_there = target
        if is_there:
            screen.confirm(
                t("export.replace", name=path.name), verb=t("export.replace_verb"), then=lambda: save(path)
            )
        else:
            save(path)

    screen._show_modal(  # noqa: SLF001 - of one family: a dialog whose result is handled where errors are told
        FormDialog(title, [field], save=t("export.verb")), named
    )


def _target(_desk: Desk, *, text: str, format_: Format) -> tuple[Path, bool]:
    """Return the file that a typed path means, and whether it is there. Raises CannotWrite for what names no file."""
    path = expanded(text)
    if not path.name:
        raise CannotWrite(path, "is_folder")
    if path.suffix.lower() != f".{format_}":
        path = path.with_name(f"{path.name}.{format_}")
    try:
        return path, path.exists()
    except OSError:
        return path, False  # writing it tells what is wrong


def _write(
    desk: Desk, *, path: Path, what: What, format_: Format, masked: bool, walk_id: UUID | None
) -> tuple[str, Tone]:
    """Write the file; return what to say. What the disk refuses is explained by whoever asks."""
    found = exports.exported(desk, what, masked=masked, walk_id=walk_id)
    if found is None:
        return t("cli.no_walk"), Tone.WARN
    exports.write(path, format_, found.table)
    said = t("cli.exported", n=len(found.table.rows), path=path)
    if found.masked and not masked:
        return f"{said} {t('export.masked_for_you')}", Tone.WARN
    return said, Tone.GOOD
