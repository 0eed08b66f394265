"""CSV and TSV: header, rows with their lines, and ragged rows reported."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.delimited import Row, read_table


def test_a_csv_is_read_with_the_line_each_row_starts_on() -> None:
    table = read_table('名称,说明\n甲,"两行的\n说明"\n乙,一行\n'.encode(), "a.csv")
    assert table.header == ("名称", "说明")
    assert table.rows == (Row(2, ("甲", "两行的\n说明")), Row(4, ("乙", "一行")))
    assert table.problems == ()


def test_a_quote_mark_in_a_tsv_is_a_character() -> None:
    table = read_table('名称\t说明\n甲\t"未闭合\n'.encode(), "a.tsv")
    assert table.rows == (Row(2, ("甲", '"未闭合')),)


def test_ragged_rows_are_reported_by_line_and_the_others_read() -> None:
    table = read_table(b"a\tb\n1\t2\n3\n4\t5\t6\n7\t8\n", "a.tsv")
    assert [row.line for row in table.rows] == [2, 5]
    assert table.problems == ("a.tsv:3 有 1 列，列名有 2 列；此行未读入", "a.tsv:4 有 3 列，列名有 2 列；此行未读入")


def test_blank_lines_are_passed_over() -> None:
    assert [row.line for row in read_table(b"a,b\n\n1,2\n\n", "a.csv").rows] == [3]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,a\n1,2\n", "出现多次"),
        (b"a,,c\n1,2,3\n", "第 2 列没有列名"),
        (b'a,b\n"1,2\n', r"a\.csv:2 引号"),
        (b'a,b\n"x"y,2\n', r"a\.csv:2 引号"),
    ],
)
def test_a_broken_table_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ExtractError, match=says):
        read_table(data, "a.csv")
