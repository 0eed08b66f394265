"""Lines of Chinese: where they break, where they must not, and that no character is lost."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cpkb.writers.blocks import Run
from cpkb.writers.lines import CLOSING, OPENING, broken


def width_of(text: str, _is_bold: bool) -> float:  # noqa: FBT001 — as `Measure` says
    """A Chinese character is as wide as it is high, a Latin one half as wide."""
    return sum(0.5 if ord(c) < 0x2000 else 1.0 for c in text)


def lines(text: str, width: float, *, cut_at: int = 0) -> list[str]:
    runs = [Run(text[:cut_at]), Run(text[cut_at:], is_bold=True)]
    return ["".join(piece.text for piece in line) for line in broken(runs, width, width_of)]


@pytest.mark.parametrize(
    ("text", "width", "broken_as"),
    [
        ("镀铬漂洗水应当回用", 5, ["镀铬漂洗水", "应当回用"]),
        ("漂洗水应当回用，逐级漂洗。", 7, ["漂洗水应当回", "用，逐级漂洗。"]),
        ("应当按照《示例条例》执行", 5, ["应当按照", "《示例条", "例》执行"]),
        ("见“示例”（试行）", 4, ["见“示", "例”（试", "行）"]),
        ("浓度不超过 0.5 mg/L 时", 7, ["浓度不超过", "0.5 mg/L 时"]),
        ("见 HJ 1306—2023 第五章", 7, ["见", "HJ 1306—2023", "第五章"]),
        ("一\n\n二", 9, ["一", "", "二"]),
        ("上文  下文", 2, ["上文", "下文"]),
        ("", 9, []),
    ],
)
def test_a_line_breaks_where_chinese_may_break(text: str, width: float, broken_as: list[str]) -> None:
    assert lines(text, width) == broken_as


def test_a_long_address_breaks_at_its_signs_and_a_long_word_anywhere() -> None:
    assert lines("http://127.0.0.1/documents/sample", 10) == ["http://127.0.0.1/", "documents/sample"]
    assert lines("A" * 25, 5) == ["A" * 10, "A" * 10, "A" * 5]


def test_looks_do_not_move_a_break() -> None:
    text = "漂洗水应当回用，逐级漂洗。"
    assert all(lines(text, 7, cut_at=at) == lines(text, 7) for at in range(len(text)))


PROSE = st.text(alphabet="镀铬漂洗水 Ab1.,—，。、《》（）“”％\n", max_size=80)


@given(text=PROSE, width=st.integers(6, 30))
def test_no_character_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    found = lines(text, width, cut_at=len(text) // 3)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(width_of(line, False) <= width for line in found)  # noqa: FBT003 — as `Measure` says


@given(text=st.text(alphabet="镀铬漂洗水，。》《（", max_size=60), width=st.integers(12, 30))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, width: int) -> None:
    marks = "".join("x" if c in OPENING + CLOSING else " " for c in text).split()
    assume(2 * max(map(len, marks), default=0) < width)  # marks that are wider than a line have to break somewhere
    found = lines(text, width)
    assert not [line for line in found[1:] if line[0] in CLOSING]
    assert not [line for line in found[:-1] if line[-1] in OPENING]
