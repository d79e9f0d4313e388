"""Names and phones as they may stand in public: whose they are must not be told."""

from __future__ import annotations

import pytest

from models.text import mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王德胜", "王**"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("尉迟恭", "尉迟*"),
        ("诸葛亮", "诸葛*"),
        ("乐正阳", "乐**"),  # a 乐 called 正阳, more likely
        ("欧阳", "欧*"),  # all of a name must never stand there
        ("单于", "单*"),
        ("张", "张*"),
        ("John Smith", "J*********"),
        ("", ""),
    ],
)
def test_of_a_name_the_surname_stands(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000001", "138****0001"),
        ("+8613800000001", "+86*******0001"),
        ("010-88886666", "010*****6666"),
        ("88886666", "****6666"),
        ("8886666", "****666"),
        ("110", "**0"),
    ],
)
def test_of_a_phone_at_least_half_of_what_tells_is_hidden(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown
