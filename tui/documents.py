"""Where a person looks for what was saved, and how files are called there. Loads no Textual."""

from __future__ import annotations

from pathlib import Path

from models.files.writing import write_whole

_LONGEST_NAME = 200  # bytes; a system takes 255, and a rare character has four
_TRIED = 1000


def documents() -> Path:
    """Return the folder in which a person looks for what was saved."""
    folder = Path.home() / "Documents"
    return folder if folder.is_dir() else Path.home()


def file_name(name: str) -> str:
    """Return a name as every system takes it for a file: not hidden, and with room for a date and an ending."""
    plain = "".join(char if char.isalnum() or char in "-_." else "_" for char in name).lstrip(".")
    return plain.encode()[:_LONGEST_NAME].decode(errors="ignore") or "linli"


def free_path(folder: Path, name: str, suffix: str) -> Path:
    """Return a path in a folder that nothing else is called by: the name, or the name with a number behind it."""
    stem = file_name(name)
    free = (folder / f"{stem}{'' if n == 1 else f'_{n}'}{suffix}" for n in range(1, _TRIED))
    return next((path for path in free if not path.exists()), folder / f"{stem}{suffix}")


def write_text(folder: Path, name: str, suffix: str, text: str) -> Path:
    """Write a text beside the user's documents; whatever is there stays. Raises CannotWrite."""
    path = free_path(folder, name, suffix)
    write_whole(path, text.encode("utf-8", errors="replace"))
    return path
