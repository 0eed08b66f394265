"""CSV and TSV (分隔文本): a header and rows with their line numbers; what the rows mean is decided elsewhere."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from cpkb.errors import ExtractError
from cpkb.extract.text import decode


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it starts on (the header is on line 1)."""

    line: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header, its rows, and the rows that could not be used, each with its line number."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


def read_table(data: bytes, name: str) -> Table:
    """The table in a .csv or .tsv file; rows with too many or too few cells become problems.

    TSV knows no quoting: a quote mark is a character. Raises ExtractError when there is no usable header.
    """
    rows = _tsv(decode(data, name)) if name.lower().endswith(".tsv") else _csv(decode(data, name), name)
    filled = [row for row in rows if any(value.strip() for value in row.values)]
    if not filled:
        raise ExtractError(f"{name}：没有任何行；第一行应是列名")
    header = tuple(value.strip() for value in filled[0].values)
    _check_header(header, name)
    good = tuple(row for row in filled[1:] if len(row.values) == len(header))
    ragged = [row for row in filled[1:] if len(row.values) != len(header)]
    problems = tuple(f"{name}:{r.line} 有 {len(r.values)} 列，列名有 {len(header)} 列；此行未读入" for r in ragged)
    return Table(header, good, problems)


def _check_header(header: tuple[str, ...], name: str) -> None:
    if "" in header:
        raise ExtractError(f"{name}：第 {header.index('') + 1} 列没有列名；每列都应有不同的列名")
    for column in header:
        if header.count(column) > 1:
            raise ExtractError(f"{name}：列名“{column}”出现多次；每列都应有不同的列名")


def _tsv(text: str) -> list[Row]:
    return [Row(n, tuple(line.split("\t"))) for n, line in enumerate(text.split("\n"), 1)]


def _csv(text: str, name: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), strict=True)
    rows, line = [], 1
    try:
        for values in reader:
            rows.append(Row(line, tuple(values)))
            line = reader.line_num + 1
    except csv.Error as error:
        # Also met when one cell passes csv's own bound (131,072 characters): a quote that is never closed.
        raise ExtractError(f"{name}:{line} 引号或分隔符有误（{error}）；请按 CSV 规则成对使用引号") from error
    return rows
