"""Anki's client library against Anki's sync server. Runs in Anki's own environment, as a process of its own.

Linli never imports this file; `measuring.py` starts it by path and reads what it prints. The phases and the
records are those of `phases.mjs`.
"""

import hashlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from anki.collection import AddNoteRequest, Collection, SyncAuth, SyncOutput
from anki.notes import NoteId

FIELDS = ("id", "walk", "point", "level", "mud_mm", "note", "at", "by")
MUD = FIELDS.index("mud_mm")
LEVELS = ("clear", "slow", "standing", "blocked")
START = datetime(2026, 3, 1, tzinfo=UTC)
ADDED_AT_ONCE = 2000


def tell(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)
    if not sys.stdin.readline():
        sys.exit(1)


def phase(name: str, act: Callable[[], object], **more: object) -> None:
    tell({"begin": name})
    start = time.perf_counter()
    act()
    tell({"end": name, "seconds": time.perf_counter() - start, **more})


def an_id(kind: str, n: int) -> str:
    said = hashlib.md5(f"{kind}-{n}".encode(), usedforsecurity=False).hexdigest()
    return "-".join((said[:8], said[8:12], said[12:16], said[16:20], said[20:]))


def observation(n: int) -> list[str]:
    return [
        an_id("row", n),
        an_id("walk", n // 40),
        an_id("point", n % 400),
        LEVELS[n % 4],
        str(n * 7 % 180),
        f"井盖松动，淤泥已清一半 {n}" if n % 4 == 3 else "",
        (START + timedelta(seconds=37 * n)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        an_id("person", n % 12),
    ]


class Client:
    """A collection in its own file, and the login of its user."""

    def __init__(self, path: Path, url: str) -> None:
        self.collection = Collection(str(path))
        self.auth: SyncAuth = self.collection.sync_login("bench", "bench", url)

    def sync(self) -> None:
        """One normal round, which refuses to be a full one: that would be a file copied, not changes merged."""
        said = self.collection.sync_collection(self.auth, sync_media=False)
        if said.required not in (SyncOutput.NO_CHANGES, SyncOutput.NORMAL_SYNC):
            raise RuntimeError(f"a full sync was asked for: {said}")

    def full(self, *, upload: bool) -> None:
        self.collection.sync_collection(self.auth, sync_media=False)
        self.collection.close_for_full_sync()
        self.collection.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.collection.reopen(after_full_sync=True)

    def make_notetype(self) -> None:
        models = self.collection.models
        kind = models.new("observation")
        for name in FIELDS:
            models.add_field(kind, models.new_field(name))
        template = models.new_template("card")
        template["qfmt"], template["afmt"] = "{{id}}", "{{mud_mm}}"
        models.add_template(kind, template)
        models.add(kind)

    def add(self, count: int) -> None:
        kind = self.collection.models.by_name("observation")
        deck = self.collection.decks.id("Default")
        for first in range(0, count, ADDED_AT_ONCE):
            requests = []
            for n in range(first, min(first + ADDED_AT_ONCE, count)):
                note = self.collection.new_note(kind)
                note.fields = observation(n)
                requests.append(AddNoteRequest(note=note, deck_id=deck))
            self.collection.add_notes(requests)

    def notes(self) -> list[NoteId]:
        return [NoteId(row) for row in self.collection.db.list("select id from notes order by id")]

    def alter(self, ids: list[NoteId], value: int) -> None:
        notes = [self.collection.get_note(note_id) for note_id in ids]
        for n, note in enumerate(notes):
            note.fields[MUD] = str(value + n)
        self.collection.update_notes(notes)

    def content(self) -> list[object]:
        return self.collection.db.all("select id, flds from notes order by id")


def main() -> None:
    given = json.loads(os.environ["LINLI_PEER"])
    folder, url, few = Path(given["folder"]), given["url"] + "/", given["catch_up_records"]
    count = max(given["changes"], few)
    one, two = Client(folder / "one.anki2", url), Client(folder / "two.anki2", url)

    def same() -> None:
        if len(one.content()) != count or one.content() != two.content():
            raise RuntimeError("the peer's result is wrong: the two clients differ")

    # Anki wants one full copy before changes can be merged: an empty collection with the note type in it.
    one.make_notetype()
    one.full(upload=True)
    two.full(upload=False)
    one.sync()
    two.sync()

    one.add(count)
    phase("push_new", one.sync, changes=count, messages=2 * count)
    phase("pull_new", two.sync, changes=count, messages=2 * count)
    same()

    ids = one.notes()
    edited = ids[: given["edits"]]
    one.alter(edited, 1000)
    phase("push_edits", one.sync, changes=len(edited), messages=len(edited))
    phase("pull_edits", two.sync, changes=len(edited), messages=len(edited))
    same()

    for _ in range(5):
        two.sync()
    tell({"begin": "idle"})
    took = []
    for _ in range(given["rounds"]):
        start = time.perf_counter()
        two.sync()
        took.append(time.perf_counter() - start)
    tell({"end": "idle", "rounds": len(took), "median_ms": 1000 * statistics.median(took)})

    made = 0
    while made < given["catch_up_changes"]:
        one.alter(ids[:few], 5000 + made)
        one.sync()
        made += few
    phase("catch_up", two.sync, changes=made, records=few, received=few)
    same()
    # For comparison with the catch-up and the pull: what Anki itself does for a client that has nothing.
    three = Client(folder / "three.anki2", url)
    phase("fresh_copy", lambda: three.full(upload=False), changes=count)


if __name__ == "__main__":
    main()
