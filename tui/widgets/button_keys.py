"""Left and right between the buttons of a screen."""

from __future__ import annotations

from textual import events
from textual.dom import DOMNode
from textual.widget import Widget

from tui.widgets.text import PushButton


def step_between_buttons(screen: DOMNode, focused: Widget | None, event: events.Key) -> None:
    """Move the focus to the button beside the one that has it; a button that cannot be pressed is passed by."""
    if not isinstance(focused, PushButton) or event.key not in {"left", "right"}:
        return
    event.stop()
    buttons = [button for button in screen.query(PushButton) if button.focusable]
    place = buttons.index(focused) + (1 if event.key == "right" else -1)
    if 0 <= place < len(buttons):
        buttons[place].focus()
