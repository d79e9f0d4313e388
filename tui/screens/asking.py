"""How a screen asks the store and is answered: in threads beside it, drawn in its own handlers."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import on
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from tui.context import Question
from tui.widgets.long_list import LongList
from tui.widgets.rows import Fetched, PageSource, RowView
from tui.widgets.work import in_worker

if TYPE_CHECKING:
    from tui.app import LinliApp

Answer = TypeVar("Answer")


def known(read: Answer | None) -> Answer:
    """Return what a screen has read. `why_not` holds its actions off until then, so a lack of it is a bug."""
    if read is None:
        raise RuntimeError("nothing is read yet")
    return read


class Asking(Screen[ScreenResultType]):
    """A screen whose data come from questions; every Shell is one."""

    #: Answers that came while the screen is composed again and has no widgets to show them in.
    held: list[Asking.Answered] | None = None

    @dataclass
    class Answered(Message, bubble=False):
        """A question came back; the screen draws it in its own handler."""

        then: Callable[[Any], object]
        answer: Any

    @property
    def linli(self) -> LinliApp:
        return cast("LinliApp", self.app)

    def refresh_keys(self) -> None:
        """Draw what can be done again, since an answer may change it."""
        raise NotImplementedError

    def ask(
        self,
        question: Question[Answer],
        then: Callable[[Answer], object],
        *,
        latest: str | None = None,
    ) -> None:
        """Ask `question(context)` in a worker thread; `then(answer)` runs in this screen's handler.

        With `latest`, an earlier question of that name that has not come back is
        dropped (a search while typing). A screen that is gone is not answered.
        """
        future = self.linli.asker.read(question)
        in_worker(
            self,
            partial(self._bring, asyncio.wrap_future(future), then, None),
            group=latest or "ask",
            exclusive=latest is not None,
        )

    def tell(
        self,
        change: Question[Answer],
        then: Callable[[Answer], object] | None = None,
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Make a change. Changes run one by one, in order, even if the screen goes meanwhile."""
        future: Future[Answer] = self.linli.asker.write(change)
        in_worker(self.linli, partial(self._change, future, then, failed), group="tell")

    def contact(
        self,
        question: Question[Answer],
        then: Callable[[Answer], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Ask what takes a server to answer. `failed` says what went wrong, where the person looks."""

        async def bring() -> None:
            try:
                answer = await asyncio.wrap_future(self.linli.asker.apart(question))
            except Exception as error:  # noqa: BLE001 - told by the screen
                self.post_message(self.Answered(failed, error))
            else:
                self.post_message(self.Answered(then, answer))

        in_worker(self, bring, group="contact", exclusive=True)

    async def _change(
        self,
        future: Future[Answer],
        then: Callable[[Answer], object] | None,
        failed: Callable[[Exception], object] | None,
    ) -> None:
        # Shielded, because a cancelled worker would cancel a change that still queues.
        await self._bring(asyncio.shield(asyncio.wrap_future(future)), then, failed)
        self.linli.refresh_status()

    async def _bring(
        self,
        answer: asyncio.Future[Answer],
        then: Callable[[Answer], object] | None,
        failed: Callable[[Exception], object] | None,
    ) -> None:
        try:
            brought = await answer
        except Exception as error:  # noqa: BLE001 - whatever fails behind the screen is told, not fatal
            self.linli.report(error)
            if failed is not None:
                self.post_message(self.Answered(failed, error))
            return
        if then is not None:
            self.post_message(self.Answered(then, brought))

    @on(Answered)
    async def _draw_answer(self, event: Answered) -> None:
        if self.held is not None:
            self.held.append(event)
            return
        if inspect.isawaitable(drawn := event.then(event.answer)):
            await drawn
        self.refresh_keys()

    def news(self) -> None:
        """Rows have come from elsewhere while this screen is on top: a screen that shows some asks again.

        What somebody is typing, the highlighted row and what is scrolled to must stay.
        """

    def source(self, count: Question[int], page: Callable[[Any, int, int], Sequence[RowView]]) -> PageSource:
        """Return a source for a LongList from `count(context)` and `page(context, offset, limit)`."""
        asker = self.linli.asker
        return Fetched(
            lambda: asker.read(count).result(),
            lambda offset, limit: asker.read(lambda context: page(context, offset, limit)).result(),
        )

    def on_long_list_failed(self, event: LongList.Failed) -> None:
        self.linli.report(event.error)
