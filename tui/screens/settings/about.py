"""About: which version runs, where its files are, and under which licences it stands."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata, requires, version
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from tui import preferences
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.bars import KeyBar
from tui.widgets.flow import Flow
from tui.widgets.text import set_border_title


@dataclass(frozen=True, slots=True)
class Facts:
    """`used` names each package that Linli needs, with its licence as it declares it."""

    version: str
    store: str
    settings: str
    licence: str
    used: tuple[tuple[str, str], ...]


def facts(desk: Desk) -> Facts:
    """Read what is installed; takes a tenth of a second."""
    needed = sorted({_name(line) for line in requires("linli") or () if "extra ==" not in line})
    return Facts(
        version("linli"),
        str(desk.path),
        str(preferences.settings_path()),
        _licence("linli"),
        tuple((name, _licence(name)) for name in needed),
    )


def _name(requirement: str) -> str:
    for end in "<>=!~;[ ":
        requirement = requirement.partition(end)[0]
    return requirement.strip()


def _licence(package: str) -> str:
    """Return a package's licence in a word, as its own description gives it."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return ""
    classified = [
        line.rpartition("::")[2].strip()
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    written = _said(said, "License-Expression") or ", ".join(classified)
    return written or _said(said, "License").partition("\n")[0][:60]


def _said(said: PackageMetadata, name: str) -> str:
    return str(said[name]) if name in said else ""


class About(Modal[None]):
    """Long paths wrap, so that they can be read out whole."""

    AUTO_FOCUS: ClassVar[str | None] = "#about-text"
    DEFAULT_CSS = "About #about-text { height: auto; max-height: 70vh; scrollbar-size-vertical: 1; }"

    def __init__(self, found: Facts) -> None:
        super().__init__()
        self.heading = t("settings.about_title")
        self.purpose = t("settings.about.purpose")
        self._found = found

    def compose(self) -> ComposeResult:
        found = self._found
        lines = [
            (t("settings.version"), found.version),
            (t("settings.store"), found.store),
            (t("settings.file"), found.settings),
            (t("settings.licence"), found.licence),
            (t("settings.licences"), ""),
            *((f"  {name}", licence) for name, licence in found.used),
        ]
        with Vertical(classes="dialog") as dialog:
            set_border_title(dialog, self.heading)
            with VerticalScroll(id="about-text"):
                for label, said in lines:
                    yield Flow(f"{label}  {said}".rstrip(), indent=4)
            yield KeyBar()
