"""Chinese numerals of articles."""

from __future__ import annotations

import pytest

from cpkb.model.numerals import number_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十七", 27),
        ("一百", 100),
        ("一百零四", 104),
        ("一百一十", 110),
        ("九百六十七", 967),
        ("一千零五十二", 1052),
        ("一千二百四十二", 1242),
        ("二〇〇三", 2003),
        ("27", 27),
        ("", 0),
        ("示例", 0),
    ],
)
def test_a_numeral_has_its_value(text: str, value: int) -> None:
    assert number_of(text) == value
