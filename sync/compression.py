"""zstd both ways. What is compressed is known by how it begins: a proxy may have taken the header off, or the zstd."""

from __future__ import annotations

import zstandard

_MAGIC = b"\x28\xb5\x2f\xfd"
#: The largest window a stream may ask memory for.
_MOST_WINDOW = 1 << 23
_LEVEL = 3
#: Below this many bytes compressing saves nothing.
_WORTH_IT = 200


class TooLarge(ValueError):  # noqa: N818  # says what is the case
    """What comes out is larger than it may be."""


class Garbled(ValueError):  # noqa: N818  # says what is the case
    """It begins as zstd and is none, or it was cut short."""


def squeeze(content: bytes) -> bytes:
    """Return content compressed, or as it is where that is not worth it."""
    if len(content) < _WORTH_IT:
        return content
    return zstandard.ZstdCompressor(level=_LEVEL).compress(content)


def is_squeezed(content: bytes) -> bool:
    """Tell whether content is compressed."""
    return content.startswith(_MAGIC)


def inflate(content: bytes, *, most: int) -> bytes:
    """Return content as it was before `squeeze`. Never holds more than `most` bytes of it."""
    if not is_squeezed(content):
        if len(content) > most:
            raise TooLarge
        return content
    stream = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).decompressobj()
    parts: list[bytes] = []
    size = 0
    try:
        # Fed in small pieces, so that a bomb is noticed before it has gone off.
        for start in range(0, len(content), 1024):
            if stream.eof:
                raise Garbled
            part = stream.decompress(content[start : start + 1024])
            size += len(part)
            if size > most:
                raise TooLarge
            parts.append(part)
    except zstandard.ZstdError as error:
        raise Garbled from error
    if not stream.eof or stream.unused_data:
        raise Garbled
    return b"".join(parts)
