from __future__ import annotations

from collections.abc import Iterator

import pytest
from pilots import quick_pilots
from styles import quick_styles

from tui import i18n

quick_styles()
quick_pilots()

TEST_TEXTS = {
    "screen.wells": "检查井",
    "screen.wells.purpose": "检查井一览。",
    "action.test.add": "添加",
    "action.test.add.help": "添加一口井",
    "action.test.break": "弄坏",
    "action.test.break.help": "故意出错",
}


@pytest.fixture(params=["zh_CN", "en"])
def each_language(request: pytest.FixtureRequest) -> str:
    speak(request.param)
    return str(request.param)


def speak(language: str) -> None:
    i18n.use(language, strict=True)
    i18n._Chosen.catalogue = {**i18n._Chosen.catalogue, **TEST_TEXTS}


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    speak("zh_CN")
    yield
    i18n.use("zh_CN", strict=False)
