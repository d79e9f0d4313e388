from __future__ import annotations

import threading
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


def test_what_is_asked_early_is_answered_in_order_before_the_context_prepares() -> None:
    context = MemoryContext()
    asker = Asker(context)
    early = [asker.read(lambda ctx, n=n: ctx.asked.append(str(n))) for n in range(3)]  # type: ignore[misc]
    late = asker.write(lambda ctx: ctx.asked.append("written"))
    asker.open()
    late.result(5)
    assert [read.result(5) for read in early] == [None] * 3
    assert (context.asked, context.prepared_after) == (["0", "1", "2", "written"], 3)
    asker.close()


def test_a_question_that_fails_early_is_told_to_who_asked_and_to_nobody_else() -> None:
    asker = Asker(MemoryContext())
    failing = asker.read(lambda ctx: ctx.asked[7])
    fine = asker.read(MemoryContext.count)
    asker.open()
    assert fine.result(5) == 10_000
    with pytest.raises(IndexError):
        failing.result(5)
    asker.close()


def test_a_store_that_does_not_open_refuses_early_and_late_questions() -> None:
    asker = Asker(MemoryContext(broken=OSError("gone")))
    early = asker.read(MemoryContext.count)
    opened = asker.open()
    with pytest.raises(OSError, match="gone"):
        opened.result(5)
    for question in (early, asker.read(MemoryContext.count), asker.write(MemoryContext.count)):
        with pytest.raises(StoreShutError):
            question.result(5)
    asker.close()


def test_what_goes_wrong_in_preparing_is_told_to_who_asks() -> None:
    class Unprepared(MemoryContext):
        def prepare(self) -> None:
            raise ImportError("half an installation")

    asker = Asker(Unprepared())
    early = asker.read(MemoryContext.count)
    asker.open()
    assert early.result(5) == 10_000
    with pytest.raises(ImportError, match="half"):
        asker.write(MemoryContext.count).result(5)
    asker.close()


def test_a_context_can_be_made_where_it_is_opened() -> None:
    made: list[str] = []

    def make() -> MemoryContext:
        made.append(threading.current_thread().name)
        return MemoryContext()

    asker = Asker(make)
    count = asker.read(MemoryContext.count)
    assert (made, asker.context) == ([], None)
    asker.open()
    assert (count.result(5), made) == (10_000, ["linli-open"])
    asker.close()
    assert isinstance(asker.context, MemoryContext)
    assert asker.context.closed


@pytest.mark.parametrize("changes", [0, 1])
def test_opening_and_asking_after_the_end_is_refused_and_breaks_nothing(changes: int) -> None:
    context = MemoryContext()
    asker = Asker(context)
    for number in range(changes):
        asker.write(lambda ctx, number=number: ctx.written.append(str(number)))  # type: ignore[misc]
    asker.close()
    late = asker.read(MemoryContext.count)
    asker.open()
    with pytest.raises(StoreShutError):
        late.result(5)
    assert len(context.written) == changes
