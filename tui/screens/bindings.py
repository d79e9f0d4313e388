"""Actions as Textual's bindings."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding, BindingType

from tui import actions
from tui.actions import Action

_NO_KEY = "no_key"


def bindings_of(listed: Sequence[Action]) -> list[BindingType]:
    names = actions.bound_keys(listed)
    # A keymap finds a binding by its id: without one, Esc goes back whatever the user's file says.
    # An action without a key is bound to what no keyboard has, so that the user may give it one.
    return [
        Binding(
            ",".join(names[made.id]) or _NO_KEY,
            f"act('{made.id}')",
            id=None if made.fixed else made.id,
            show=False,
        )
        for made in listed
    ]
