"""What can go wrong with a store, as exceptions.

LinliError
└── StoreError            each has a `code` for the catalogue, and the path
    ├── StoreTooNew       written by a later version; left untouched
    ├── StoreUnreadable   not a store, damaged, or locked with another key
    ├── StoreUnwritable   the folder or file cannot be written
    ├── StoreFull         no room on the disk
    └── StoreBusy         another program kept it locked too long
"""

from __future__ import annotations

from typing import ClassVar


class LinliError(Exception):
    """Base of everything this package raises on purpose."""


class StoreError(LinliError):
    """Something about the store or the disk; nothing half-written is left behind."""

    code: ClassVar[str] = "store.error"

    def __init__(self, path: str, **params: str | int) -> None:
        super().__init__(path)
        self.path = path
        self.params: dict[str, str | int] = {"path": path, **params}


class StoreTooNew(StoreError):  # noqa: N818  # reads as what is the case
    """The store was written by a later version of the program."""

    code = "store.too_new"


class StoreUnreadable(StoreError):  # noqa: N818  # reads as what is the case
    """The file is no store, is damaged, or needs another key."""

    code = "store.unreadable"


class StoreUnwritable(StoreError):  # noqa: N818  # reads as what is the case
    """The file or its folder cannot be written."""

    code = "store.unwritable"


class StoreFull(StoreError):  # noqa: N818  # reads as what is the case
    """The disk has no room left."""

    code = "store.full"


class StoreBusy(StoreError):  # noqa: N818  # reads as what is the case
    """Another program held the store for longer than we wait."""

    code = "store.busy"
