"""Choosing a file of fees: any of the newest, or a path; what it holds opens on top."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from tui.desk import Desk
from tui.i18n import t
from tui.screens.fees.import_preview import FilePreview, Offer
from tui.screens.register.import_file import ImportScreen
from tui.screens.register.import_plan import Unreadable
from tui.widgets.text import Line


class FeeFile(ImportScreen):
    """The files; a kind of file says what it is called here and what one of it comes to."""

    #: What stands above the files, as a key of the catalogue.
    CHOOSE: ClassVar[str]
    PREVIEW: ClassVar[type[FilePreview]]

    def look_at(self, desk: Desk, path: Path) -> Offer | Unreadable:
        """Read a file and compare it with what stands; runs in a worker."""
        raise NotImplementedError

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#choose_line", Line).show(t(self.CHOOSE))

    def _look(self, path: Path) -> None:
        self.flash(t("import.looking", name=path.name))
        # A large file takes seconds; Esc leaves it, and another file takes its place.
        self.ask(partial(self.look_at, path=path), self._take, latest="look")

    def _take(self, found: Offer | Unreadable) -> None:
        if isinstance(found, Unreadable):
            self._looked(found)
            return
        self.flash("")
        preview = self.PREVIEW(found)

        def left(_nothing: None) -> None:
            if preview.carried is not None:
                self.dismiss()  # done: there is nothing more to choose

        self.app.push_screen(preview, left)
