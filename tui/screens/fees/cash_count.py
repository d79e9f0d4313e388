"""Counting cash note by note: whoever hands it in, and whoever takes it. What differs is said before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Vertical

from models.fees.money import yuan
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action
from tui.cash_words import WORTHS, counted_fen, difference_text, worth_word
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import Ledger, Values
from tui.screens.drafted import Drafted
from tui.screens.drafting import dropping_draft
from tui.screens.fees import cash_store as store
from tui.screens.fees.cash_store import Counting
from tui.widgets.bars import KeyView
from tui.widgets.fields import Field, NumberField, PickField, TextField, read
from tui.widgets.form import Form, PickLine
from tui.widgets.search import Entry
from tui.widgets.text import Line, Tone, joined, tone_style
from tui.words import refusal_text

DONE = action("cash_count.done", "f2", "ctrl+s")
_MOST_PIECES: Final = 100_000
_WORDS: Final = 500


class CountPage(Drafted):
    """Pieces of each note and coin, and beneath them what they come to against what should be there.

    `kept_as` is told what was done, once it stands.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (DONE,)
    AUTO_FOCUS = ""
    #: Whether one note or coin must be there at least; who counts after somebody else may find none.
    NEEDS_SOME: ClassVar[bool] = True
    DEFAULT_CSS = """
    CountPage #head { height: auto; }
    CountPage #count { height: 1fr; }
    CountPage Form { height: 1fr; }
    CountPage #sum { height: 1; text-style: bold; }
    CountPage.-tall #head, CountPage.-tall #sum { margin-bottom: 1; }
    CountPage Form { max-width: 64; }
    """

    def __init__(self, kept_as: Callable[[str], object], ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.kept_as = kept_as
        self.counting: Counting | None = None
        self._saving = False
        self._gone = False

    # -- what a page says

    def load(self, desk: Desk) -> Counting | None:
        """Return what is counted, None where that is not there any more."""
        raise NotImplementedError

    def fields(self, counting: Counting) -> list[Field]:
        """Return what is asked besides the pieces."""
        raise NotImplementedError

    def head(self, counting: Counting) -> str:
        """Return what stands above the pieces."""
        raise NotImplementedError

    def intent(self, fen: int, counts: Mapping[int, int], values: Values) -> Intent:
        """Return what keeps the count."""
        raise NotImplementedError

    def done_text(self, fen: int) -> str:
        """Return what is told of it once it stands."""
        raise NotImplementedError

    # -- what is shown

    def body(self) -> ComposeResult:
        yield Line(id="head")
        yield Vertical(id="count")
        yield Line(id="sum")

    def on_mount(self) -> None:
        # In the write thread: it comes after what was typed here a moment ago.
        self.tell(self.load, self._take_up)

    def reread(self) -> None:
        """Ask nothing again: who counts must not see the sum change under their hands."""

    async def _take_up(self, counting: Counting | None) -> None:
        self.counting, self._gone = counting, counting is None
        if counting is None:
            self.flash(t("cash.gone"), Tone.WARN)
            return
        form = Form(self._all_fields(counting), draft=counting.draft, drafts=self._typing)
        await self.query_one("#count", Vertical).mount(form)
        self.query_one("#head", Line).show(self.head(counting))
        form.rows[0].control.focus()
        if counting.draft:
            self.flash(t("form.restored"))
        self._show_sum()
        self.refresh_frame()

    def _all_fields(self, counting: Counting) -> list[Field]:
        pieces: list[Field] = [
            NumberField(
                id=str(worth), label=worth_word(worth), minimum=0, maximum=_MOST_PIECES, unit=t("cash.pieces")
            )
            for worth in WORTHS
        ]
        return [*pieces, *self.fields(counting)]

    def counts(self) -> dict[int, int] | None:
        """Return the pieces as typed, None while one of them is no number."""
        counts: dict[int, int] = {}
        for form in self.query(Form):
            for row in form.rows:
                if isinstance(row.field, NumberField):
                    value, wrong = read(row.field, row.text)
                    if wrong is not None:
                        return None
                    counts[int(row.field.id)] = int(str(value or 0))
        return counts

    def _show_sum(self) -> None:
        counts, should = self.counts(), self.counting.should_fen if self.counting is not None else 0
        line = self.query_one("#sum", Line)
        if counts is None:
            line.show(joined((f"✗ {t('cash.unclear')}", tone_style(Tone.BAD))))
            return
        fen = counted_fen(counts)
        said = t("cash.sum", fen=yuan(fen), should=yuan(should))
        differs = difference_text(fen, should)
        tone = Tone.GOOD if fen == should else Tone.BAD
        line.show(joined((said, ""), "  ", (differs if fen else "", tone_style(tone))))

    # -- drafts

    def _typing(self, _texts: dict[str, str]) -> None:
        self._show_sum()
        self.keep_soon()
        self.refresh_keys()

    def half_typed(self) -> Mapping[str, Any]:
        return {name: text for form in self.query(Form) for name, text in form.texts.items() if text}

    def clear(self) -> None:
        for form in self.query(Form):
            for row in form.rows:
                if isinstance(row.control, Entry | PickLine):
                    row.control.value = ""
        self._show_sum()

    # -- what can be done

    def key_views(self) -> tuple[KeyView, ...]:
        return tuple(view for view in super().key_views() if not view.action_id.endswith(".undo"))

    def why_not(self, action_id: str) -> str | None:
        if action_id == DONE.id:
            if self._gone:
                return t("cash.gone")
            counts = self.counts() if self.counting is not None else {}
            if self.counting is None or self._saving:
                return t("list.reading")
            if counts is not None and not counted_fen(counts) and self.NEEDS_SOME:
                return t("cash.nothing_counted")
        return super().why_not(action_id)

    def do_done(self) -> None:
        counting, form = self.counting, self.query_one(Form)
        values, counts = form.values(), self.counts()
        if values is None or counts is None or counting is None:
            return
        fen = counted_fen(counts)
        keep = partial(self._keep, self.intent(fen, counts, values), self.done_text(fen))
        if fen == counting.should_fen:
            keep()
            return
        said = difference_text(fen, counting.should_fen).partition(" ")[2]
        self.confirm(
            t("cash.differs", fen=yuan(fen), should=yuan(counting.should_fen), difference=said),
            verb=t("cash.differs_verb", fen=yuan(fen)),
            safe_verb=t("cash.differs_not"),
            then=keep,
        )

    def _keep(self, intent: Intent, said: str) -> None:
        if self._saving:
            return
        self._saving = True

        def made(outcome: Outcome) -> None:
            self._saving = False
            if outcome.refused is not None:
                self.flash(refusal_text(outcome.refused), Tone.BAD)
                return
            self.kept()
            self.tell(dropping_draft(self.draft))
            self.dismiss()
            self.kept_as(said)

        def failed(_error: Exception) -> None:
            self._saving = False

        self.tell(lambda desk: desk.perform(intent), made, failed=failed)


class HandIn(CountPage):
    """Somebody hands in the cash they took; `collector_id` says whose it is."""

    ROOM: ClassVar[str] = "hand_in"

    def __init__(
        self, collector_id: UUID, kept_as: Callable[[str], object], ledger: Ledger | None = None
    ) -> None:
        super().__init__(kept_as, ledger)
        self.collector_id = collector_id
        # One id however often it is tried: the second try would be the same hand-in.
        self._hand_in_id = edge.new_id()

    @property
    def draft(self) -> str:
        return f"hand_in:{self.collector_id}"

    def load(self, desk: Desk) -> Counting:
        return store.handing_in(desk, self.collector_id, self.draft)

    def fields(self, counting: Counting) -> list[Field]:
        return [
            PickField(id="to", label=t("cash.to"), options=counting.people, required=True),
            TextField(id="words", label=t("cash.words"), longest=_WORDS),
        ]

    def head(self, counting: Counting) -> str:
        return t("cash.hand_in_head", name=counting.name, fen=yuan(counting.should_fen))

    def intent(self, fen: int, counts: Mapping[int, int], values: Values) -> Intent:
        payload: dict[str, Any] = {
            "id": str(self._hand_in_id),
            "collector": str(self.collector_id),
            "fen": fen,
            "expected_fen": known_fen(self.counting),
            "to": values["to"],
            "counts": {str(worth): n for worth, n in counts.items() if n},
            "words": values["words"],
        }
        return Intent("payment.hand_in", payload)

    def done_text(self, fen: int) -> str:
        return t("cash.handed_in", name="" if self.counting is None else self.counting.name, fen=yuan(fen))


class TakeIn(CountPage):
    """Whoever took the cash counts it."""

    ROOM: ClassVar[str] = "take_in"
    NEEDS_SOME: ClassVar[bool] = False

    def __init__(
        self, hand_in_id: UUID, kept_as: Callable[[str], object], ledger: Ledger | None = None
    ) -> None:
        super().__init__(kept_as, ledger)
        self.hand_in_id = hand_in_id

    @property
    def draft(self) -> str:
        return f"take_in:{self.hand_in_id}"

    def load(self, desk: Desk) -> Counting | None:
        return store.taking(desk, self.hand_in_id, self.draft)

    def fields(self, counting: Counting) -> list[Field]:
        del counting
        return [TextField(id="words", label=t("cash.words"), longest=_WORDS)]

    def head(self, counting: Counting) -> str:
        return t("cash.take_in_head", name=counting.name, fen=yuan(counting.should_fen))

    def intent(self, fen: int, counts: Mapping[int, int], values: Values) -> Intent:
        del counts  # how many of each was told by whoever handed in
        payload = {"hand_in": str(self.hand_in_id), "fen": fen, "words": values["words"]}
        return Intent("payment.confirm_hand_in", payload)

    def done_text(self, fen: int) -> str:
        return t("cash.taken_in", fen=yuan(fen))


def known_fen(counting: Counting | None) -> int:
    """Return what should be there, as it stood when counting began."""
    return 0 if counting is None else counting.should_fen
