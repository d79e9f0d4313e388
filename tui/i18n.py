"""Words on screen: one flat catalogue per language, read from tui/locale.

Loads no Textual, so that the headless commands can speak too. A catalogue is
many small JSON files, one per feature; keys are unique over all of them. Where
a number matters, English writes `key.one` and `key.other` and the caller
passes `n`; Chinese writes `key` alone.
"""

from __future__ import annotations

import json
import locale
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LANGUAGES = ("zh_CN", "en")
_FOLDER = Path(__file__).parent / "locale"


class MissingTextError(LookupError):
    """A key or a parameter that a catalogue lacks; raised in tests only."""


class _Chosen:
    """The language in use. Nothing is loaded before the first word is asked for."""

    language: str = ""
    catalogue: Mapping[str, str] = {}
    strict: bool = False


def pick_language(
    asked: str | None = None, environ: Mapping[str, str] = os.environ, *, kept: str | None = None
) -> str:
    """Return the language of `--lang`, else of LINLI_LANG, else the one `kept`, else of the system's locale."""
    named = asked or environ.get("LINLI_LANG") or kept or _system_locale(environ)
    return "zh_CN" if named.lower().startswith(("zh", "chinese")) else "en"


def is_sure(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether somebody or the system has said which language to speak; "C" says nothing."""
    named = environ.get("LINLI_LANG") or _system_locale(environ)
    return named.partition(".")[0] not in {"", "C", "POSIX"}


def _system_locale(environ: Mapping[str, str]) -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(variable):
            return environ[variable]
    # Windows sets none of these; there the C library knows.
    return locale.getlocale()[0] or ""


@cache
def load(language: str) -> Mapping[str, str]:
    """Return the whole catalogue of one language, read once."""
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.json")):
        texts.update(json.loads(file.read_text("utf-8")))
    return MappingProxyType(texts)


def use(language: str, *, strict: bool | None = None) -> None:
    """Speak `language` from now on. With `strict`, a missing text raises MissingTextError."""
    _Chosen.catalogue = load(language)
    _Chosen.language = language
    if strict is not None:
        _Chosen.strict = strict


def language() -> str:
    """Return the language in use, choosing it if nobody has."""
    if not _Chosen.language:
        use(pick_language())
    return _Chosen.language


def has(key: str) -> bool:
    """Tell whether the catalogue knows `key`, for texts that some callers may leave out."""
    language()
    return key in _Chosen.catalogue


def t(key: str, /, **params: object) -> str:
    """Return the text of `key` with `params` put in as they are.

    A missing key yields the key itself: a strange word on the screen does less
    harm than a crash in a stairwell.
    """
    language()
    text = _Chosen.catalogue.get(key)
    if text is None and "n" in params:
        text = _Chosen.catalogue.get(f"{key}.{'one' if params['n'] == 1 else 'other'}")
    if text is None:
        if _Chosen.strict:
            raise MissingTextError(key)
        return key
    try:
        return text.format(**params)
    except (KeyError, IndexError, ValueError) as error:
        if _Chosen.strict:
            raise MissingTextError(f"{key}: {error!r}") from error
        return text
