"""Spreadsheets on this computer: where they usually lie, and what a typed or dropped path means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui.widgets.search import folded

SUFFIXES = (".xlsx", ".xls", ".csv")
_MOST = 200
_QUOTES = "\"'“”‘’「」"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A spreadsheet, or a folder to look into. `size` in bytes."""

    path: Path
    size: int
    changed: datetime
    is_folder: bool = False


def path_of(text: str) -> str:
    """Return the path in a typed, pasted or dropped text.

    Terminals drop a file in quotes, with a backslash before each space, or as a file URL.
    """
    path = text.strip().strip(_QUOTES).strip()
    if path.startswith("file://"):
        path = unquote(urlsplit(path).path)
        path = path[1:] if re.match(r"/[A-Za-z]:", path) else path
    elif "\\ " in path and not re.match(r"[A-Za-z]:|\\\\", path):
        path = re.sub(r"\\(.)", r"\1", path)
    return path


def looks_like_path(text: str) -> bool:
    path = path_of(text)
    return any(sign in path for sign in "/\\") or path.startswith("~") or bool(re.match(r"[A-Za-z]:", path))


def expanded(text: str) -> Path:
    try:
        return Path(path_of(text)).expanduser()
    except RuntimeError:
        return Path(path_of(text))


def usual_folders() -> tuple[Path, ...]:
    """Return the folders where a spreadsheet usually lies, in the system's own language."""
    from platformdirs import user_desktop_path, user_documents_path, user_downloads_path

    folders = [user_downloads_path(), user_desktop_path(), user_documents_path(), *_here(), Path.home()]
    folders += [folder for mount in _mounts() for folder in _subfolders(mount)]
    return tuple(dict.fromkeys(folders))


def _here() -> list[Path]:
    """Return the working folder, which is gone when its U-disk was pulled."""
    try:
        return [Path.cwd()]
    except OSError:
        return []


def _mounts() -> Iterable[Path]:
    """Return where a U-disk appears."""
    for place in (Path("/media"), Path("/run/media"), Path("/Volumes")):
        yield place
        yield from _subfolders(place)


def _subfolders(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return


def recent_files(folders: Sequence[Path] | None = None) -> tuple[FoundFile, ...]:
    """Return the spreadsheets in the usual folders, newest first."""
    found: dict[Path, FoundFile] = {}
    for folder in usual_folders() if folders is None else folders:
        for entry in _entries(folder):
            if not entry.is_folder:
                found[entry.path] = entry
    return tuple(sorted(found.values(), key=lambda entry: entry.changed, reverse=True)[:_MOST])


def completions(text: str) -> tuple[FoundFile, ...]:
    """Return what a path typed so far may become: folders first, then spreadsheets, by name."""
    path = expanded(text)
    typed = path_of(text)
    folder, begun = (path, "") if typed.endswith(("/", "\\")) or typed == "~" else (path.parent, path.name)
    entries = [
        entry
        for entry in _entries(folder)
        if folded(entry.path.name).startswith(folded(begun))
        and (begun.startswith(".") or not entry.path.name.startswith("."))
    ]
    entries.sort(key=lambda entry: (not entry.is_folder, entry.path.name))
    return tuple(entries[:_MOST])


def _entries(folder: Path) -> Iterator[FoundFile]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        # A spreadsheet program keeps a lock file of this name beside an open file.
        if entry.name.startswith(("~$", ".~")):
            continue
        try:
            is_folder = entry.is_dir()
            if not is_folder and entry.suffix.lower() not in SUFFIXES:
                continue
            known = entry.stat()
        except OSError:
            continue
        yield FoundFile(entry, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC), is_folder)
