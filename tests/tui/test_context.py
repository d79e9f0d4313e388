from __future__ import annotations

from concurrent.futures import Future

import pytest
from harness import MemoryContext

from tui.context import Asker, StoreShutError


def test_questions_asked_before_the_store_is_open_wait_for_it() -> None:
    context = MemoryContext(slow=0.05)
    asker = Asker(context)
    early: list[Future[None]] = [asker.write(lambda ctx, n=n: ctx.written.append(str(n))) for n in range(9)]  # type: ignore[misc]
    reads = [asker.read(MemoryContext.count) for _ in range(5)]
    asker.open()
    assert [read.result(5) for read in reads] == [10_000] * 5
    asker.close()
    assert context.written == [str(n) for n in range(9)]
    assert all(write.done() for write in early)
    assert context.closed


def test_closing_before_opening_leaves_nobody_waiting() -> None:
    asker = Asker(MemoryContext())
    read = asker.read(MemoryContext.count)
    asker.close()
    with pytest.raises(StoreShutError):
        read.result(5)


def test_a_change_made_before_the_store_is_open_is_not_lost_by_closing() -> None:
    context = MemoryContext()
    asker = Asker(context)
    asker.write(lambda ctx: ctx.written.append("note"))
    asker.close()
    assert context.written == ["note"]
