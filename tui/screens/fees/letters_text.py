"""A letter's words as they are typed: a paragraph in each field, places by the names that the language has for them."""

from __future__ import annotations

import re
from typing import Final

from models.fees.letters import Place, canonical
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.fees.letters_store import StepText
from tui.widgets.fields import Field, TextField

#: So many paragraphs are offered beyond those that there are, and so many at most.
_MORE: Final = 1
_MOST: Final = 12
_LONGEST: Final = 1_000
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


def place_names() -> dict[str, str]:
    """Return what a place is called in the language in use: `door` is `房号`."""
    return {one.value: t(f"letters.place.{one.value}") for one in Place}


def shown_places(text: str) -> str:
    """Return a text with its places as people call them."""
    names = place_names()
    return _PLACE.sub(lambda found: "{" + names.get(found[1], found[1]) + "}", text)


def typed_places(text: str) -> str:
    """Return a text with its places by their own names, however they were typed."""
    return canonical(text, {name: place for place, name in place_names().items()})


def paragraph_fields(text: StepText) -> list[Field]:
    """Return the fields that hold a step's words."""
    parts = shown_places(text.body).splitlines()
    n = min(_MOST, len(parts) + _MORE)
    places = " ".join(f"{{{name}}}" for name in place_names().values())
    # Paragraphs beyond those that fit stand in the last field, so that none is lost.
    kept = [*parts[: n - 1], " ".join(parts[n - 1 :])] if len(parts) > n else parts
    fields: list[Field] = [
        TextField(id="title", label=t("letters.title"), value=shown_places(text.title), longest=100)
    ]
    fields += [
        TextField(
            id=f"part{at}",
            label=t("letters.paragraph", n=at + 1),
            value=kept[at] if at < len(kept) else "",
            hint=t("letters.places", places=places) if at == n - 1 else "",
            longest=_LONGEST,
        )
        for at in range(n)
    ]
    return fields


def title_of(values: Values) -> str:
    """Return the title as it is kept."""
    return typed_places(str(values["title"] or "").strip())


def body_of(values: Values) -> str:
    """Return the words of the fields, a paragraph on each line."""
    parts = (str(value or "").strip() for name, value in sorted(_parts(values)))
    return typed_places("\n".join(part for part in parts if part))


def _parts(values: Values) -> list[tuple[int, object]]:
    return [
        (int(name.removeprefix("part")), value) for name, value in values.items() if name.startswith("part")
    ]
