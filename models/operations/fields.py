"""The kinds of value that payloads carry, each checked once, where it enters."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from models.text import normalise, normalise_note

LONGEST_NAME = 100
LONGEST_NOTE = 5_000
_PHONE = re.compile(r"\+?\d[\d-]{4,19}")


def _flat(value: object) -> object:
    return normalise(value) if isinstance(value, str) else value


def _note(value: object) -> object:
    return normalise_note(value) if isinstance(value, str) else value


def _phone(value: str) -> str:
    number = value.replace(" ", "").removeprefix("+86")
    if not _PHONE.fullmatch(number):
        raise PydanticCustomError("phone_invalid", "not a phone number")
    return number


#: One line of text in one spelling: NFKC, single spaces.
Line = Annotated[str, Field(max_length=LONGEST_NAME), BeforeValidator(_flat)]
#: A name: a line that is not empty.
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), BeforeValidator(_flat)]
#: Free text, kept as written.
Note = Annotated[str, Field(max_length=LONGEST_NOTE), BeforeValidator(_note)]
#: A phone number: digits and dashes, 5 to 20 long.
Phone = Annotated[str, BeforeValidator(_flat), AfterValidator(_phone)]
#: An area in 1/100 m², at most 100,000 m².
Area = Annotated[int, Field(ge=1, le=10_000_000)]
