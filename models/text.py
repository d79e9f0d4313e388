"""Text as people type and read it: normalised, searchable by pinyin, masked for the chat group."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

#: Surnames whose reading as a surname differs from their usual one.
#: Source: 《现代汉语词典》 entries marked 姓; the list holds those met in common name registers.
SURNAME_READINGS = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "曾": "zeng",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "任": "ren",
    "区": "ou",
    "华": "hua",
    "朴": "piao",
    "盖": "ge",
    "乐": "yue",
    "缪": "miao",
    "燕": "yan",
    "翟": "zhai",
    "覃": "qin",
    "葛": "ge",
    "员": "yun",
    "黑": "he",
    "种": "chong",
    "折": "she",
    "繁": "po",
    "纪": "ji",
    "尹": "yin",
    "薄": "bo",
    "石": "shi",
    "柏": "bai",
    "曲": "qu",
    "那": "na",
    "宁": "ning",
    "沈": "shen",
    "洗": "xian",
    "冼": "xian",
    "晁": "chao",
    "召": "shao",
    "秘": "bi",
    "逄": "pang",
}

#: Surnames of two characters: those of 《百家姓》 and of the later peoples of the north that are still borne. Some of the
#: book (乐正, 宗政, 梁丘, 左丘, 段干, 谷梁) are left out: one who bears them is rarer than a 乐 or 梁 whose own name begins so.
_TWO_BY_TWO = (
    "万俟司马上官欧阳夏侯诸葛闻人东方赫连皇甫尉迟公羊澹台公冶濮阳淳于单于太叔申屠公孙仲孙轩辕令狐钟离宇文长孙"
    "慕容鲜于闾丘司徒司空亓官司寇子车颛孙端木巫马公西漆雕壤驷公良拓跋夹谷宰父百里东郭南门呼延羊舌微生东门西门"
    "南宫第五独孤贺兰纳兰完颜耶律叶赫哥舒"
)
COMPOUND_SURNAMES = frozenset(_TWO_BY_TWO[start : start + 2] for start in range(0, len(_TWO_BY_TWO), 2))
#: A mobile has eleven digits; of a shorter number the first three and the last four would be nearly all.
_MOBILE_DIGITS = 11


def normalise(text: str) -> str:
    """Return text in one spelling: NFKC, no control characters, single spaces, trimmed."""
    flat = unicodedata.normalize("NFKC", text)
    if flat.isprintable():
        return " ".join(flat.split())
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in flat).split())


def normalise_note(text: str) -> str:
    """Return a note as written, without control characters other than line breaks."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return kept.strip()


def fold(text: str) -> str:
    """Return text as it is compared: normalised, case folded, without spaces."""
    return normalise(text).casefold().replace(" ", "")


@lru_cache(maxsize=4096)
def pinyin_keys(text: str) -> tuple[str, ...]:
    """Return what somebody may type for a Chinese name: full pinyin and initials, per reading."""
    if text.isascii():
        return ()
    # The phrase dictionary takes 0.15 s to load and says nothing of names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    plain = normalise(text)
    readings = [lazy_pinyin(plain)]
    for length in (2, 1):
        surname = SURNAME_READINGS.get(plain[:length])
        if surname is not None:
            readings.insert(0, [*surname.split(), *lazy_pinyin(plain[length:])])
            break
    keys: dict[str, None] = {}
    for syllables in readings:
        keys["".join(syllables).casefold()] = None
        keys["".join(syllable[:1] for syllable in syllables).casefold()] = None
    return tuple(keys)


def search_text(*names: str | None, words: Iterable[str | None] = ()) -> str:
    """Return the text that a search looks in: names with their pinyin, and words as they are."""
    keys: dict[str, None] = {}
    for name in names:
        if name:
            keys[fold(name)] = None
            keys.update(dict.fromkeys(pinyin_keys(name)))
    for word in words:
        if word:
            keys[fold(word)] = None
    return " ".join(keys)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that nobody has taken: itself, else with the next number behind it."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def mask_name(name: str) -> str:
    """Return a name as it may stand in public: the surname only (`张**`, `欧阳*`); a name of two characters shows one."""
    length = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1  # noqa: PLR2004  # a surname of two and a name
    return name[:length] + "*" * max(len(name) - length, 1) if name else ""


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden (`138****0001`); a shorter one shows its last digits, four at most."""
    shown = 3 if len(phone) >= _MOBILE_DIGITS else 0  # a mobile's prefix says nothing of its owner
    tail = min(4, len(phone) // 2)
    return phone[:shown] + "*" * (len(phone) - shown - tail) + phone[len(phone) - tail :]
