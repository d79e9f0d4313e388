"""Crockford's base 32: letters and digits that nobody takes for each other, forgiving to read back. Pure."""

from __future__ import annotations

from typing import Final

#: No letter that is taken for a digit, and no U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def tidy(typed: str) -> str:
    """Return what somebody typed in the alphabet: small letters, full width, O for 0; dashes and the rest go."""
    plain = typed.translate(_FULL_WIDTH).upper().translate(_LOOKALIKES)
    return "".join(letter for letter in plain if letter in ALPHABET)


def spell(randomness: bytes, length: int) -> str:
    """Return so many letters that stand for 5 bits each, of the bytes read as one big-endian number's low end."""
    number = int.from_bytes(randomness, "big")
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(length))
