"""What waiting for a screen costs: as little as can be, and waiting for no less.

Textual's pilot sends every widget a message of its own and waits until it is
answered, several times for each key, and a screen is drawn sixty times a second
for nobody, and at once whenever something has moved. Here the pilot looks
whether the widgets sleep. It draws whenever it has waited, and only then: a test
always sees the present picture, and what a picture asks for has been asked.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from textual import screen
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.screen import Screen

#: Seconds between two pictures that nobody waits for.
_PICTURES = 0.1
#: A handler that waits for something outside is looked at less often after so many looks.
_PATIENCE, _NAP = 200, 0.001

_pause = Pilot.pause
_draw = Screen._compositor_refresh


def quick_pilots() -> None:
    """Let every pilot of this process wait like this from now on."""
    screen.UPDATE_PERIOD = _PICTURES  # type: ignore[misc]
    Pilot._wait_for_screen = _until_all_sleep  # type: ignore[method-assign]
    Pilot.pause = _pause_and_look  # type: ignore[method-assign]
    Screen._compositor_refresh = _draw_later  # type: ignore[method-assign]


async def _pause_and_look(self: Pilot[Any], delay: float | None = None) -> None:
    """Wait, and draw what has changed since the last picture."""
    await _pause(self, delay)
    seen = self.app.screen
    if seen._compositor._dirty_regions and seen.is_current and not self.app._batch_count:
        _draw(seen)


def _draw_later(self: Screen[Any]) -> None:
    """Leave what has changed to the next picture; a screen beneath hands it on to the one on top as always."""
    if self is not self.app.screen:
        _draw(self)
    else:
        self._dirty_widgets.clear()
        self.app._update_mouse_over(self)


async def _until_all_sleep(self: Pilot[Any], timeout: float = 30.0) -> bool:  # noqa: ASYNC109  # Textual's own signature
    """Wait until each widget of the screen has done all that it was sent; tell whether it went well."""
    app = self.app
    try:
        awake: list[MessagePump] = [app, *app.screen.walk_children(with_self=True)]
    except Exception:  # noqa: BLE001  # an app that ends has no screen
        return False
    end, looks = monotonic() + timeout, 0
    while awake:
        await asyncio.sleep(0 if looks < _PATIENCE else _NAP)
        looks += 1
        if app._exception_event.is_set():
            return False
        awake = [pump for pump in awake if not _sleeps(pump)]
        if monotonic() > end:
            raise WaitForScreenTimeout(f"still at work: {awake}")
    return True


def _sleeps(pump: MessagePump) -> bool:
    """Tell whether it waits for its next message, or for none any more."""
    if not pump._running or pump._closing or pump._closed:
        return True
    queue = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters)  # type: ignore[attr-defined]
