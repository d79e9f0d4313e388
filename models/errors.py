"""What can go wrong with a store, as exceptions.

LinliError
└── StoreError               each has a `code` for the catalogue, and the path or the address
    ├── StoreTooNew          written by a later version; left untouched
    ├── StoreUnreadable      not a store, damaged, or locked with another key
    ├── StoreUnwritable      the folder, file or database cannot be written
    ├── StoreFull            no room on the disk
    ├── StoreBusy            another program kept it locked too long
    ├── StoreUnreachable     no database server answers
    ├── StoreRefused         the database server does not let us in
    ├── StoreAbsent          the database server has no such database
    ├── StoreAddressUnclear  no address of a store
    └── StoreDriverMissing   what talks to PostgreSQL is not installed
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


class StoreUnreachable(StoreError):  # noqa: N818  # reads as what is the case
    """No database server answers at the address, or it went away."""

    code = "store.unreachable"


class StoreRefused(StoreError):  # noqa: N818  # reads as what is the case
    """The database server does not let this user in, or not with this password."""

    code = "store.refused"


class StoreAbsent(StoreError):  # noqa: N818  # reads as what is the case
    """The database server has no database of this name."""

    code = "store.absent"


class StoreAddressUnclear(StoreError):  # noqa: N818  # reads as what is the case
    """The text is no address of a store. `path` shows only how it begins: it may hold a password."""

    code = "store.address_unclear"


class StoreDriverMissing(StoreError):  # noqa: N818  # reads as what is the case
    """The package that talks to PostgreSQL is not installed here."""

    code = "store.driver_missing"
