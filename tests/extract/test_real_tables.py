"""Tables of real catalogues (PDF): their rows against the rows others took from the same files, cell by cell."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from cpkb.extract.mapping import lines_of, read_table
from cpkb.extract.pdf.reader import PdfExtractor
from cpkb.extract.tables import FoundTable, found_tables
from tests.analysis.shipped import REPO

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
pytestmark = [
    pytest.mark.sources,
    pytest.mark.skipif(not SOURCES.is_dir(), reason=f"{SOURCES} is absent: real documents are not in the repository"),
]


def tables(folder: str) -> list[FoundTable]:
    data = (SOURCES / folder / "source.pdf").read_bytes()
    return found_tables(PdfExtractor().read(data, "source.pdf")[0].blocks)


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split())


def letters(text: str) -> str:
    """The characters in any order: where others took a lowered 2 to the end of its line, it is still the same cell."""
    return "".join(sorted(folded(text)))


def rows_by_page(found: Sequence[FoundTable]) -> dict[int | None, list[list[str]]]:
    pages: dict[int | None, list[list[str]]] = {}
    for table in found:
        for line in table.lines:
            pages.setdefault(line.page, []).append([letters(cell) for cell in line.cells])
    return pages


@pytest.mark.parametrize(
    ("folder", "rows", "right"),
    [
        ("comprehensive_catalogue_2021", 1055, 1055),
        (
            "permit_catalogue_2019",
            165,
            163,
        ),  # the other two are lines of a cell that the row file has as rows of their own
    ],
)
def test_the_rows_of_a_catalogue_are_those_of_its_row_file(folder: str, rows: int, right: int) -> None:
    found = tables(folder)
    heads = {tuple(letters(cell) for cell in head) for table in found for head in table.heads}
    pages = rows_by_page(found)
    lines = (SOURCES / folder / "tables_raw.tsv").read_text(encoding="utf-8").splitlines()
    wanted = [line.split("\t") for line in lines]
    body = [(int(page), [letters(cell) for cell in cells]) for page, *cells in wanted]
    body = [(page, cells) for page, cells in body if not any(_covers(head, cells) for head in heads)]
    assert len(body) == rows
    assert sum(any(_covers(row, cells) for row in pages.get(page, ())) for page, cells in body) == right


def _covers(row: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row is that of the file, in which merged cells are empty."""
    return len(row) >= len(cells) and all(not cell or cell == own for cell, own in zip(cells, row, strict=False))


def test_each_code_of_the_waste_list_stands_in_a_row_with_its_five_facts() -> None:
    declaration = tomllib.loads(
        (REPO / "corpus/sources/hazardous_waste_list_2021/source.toml").read_text(encoding="utf-8")
    )
    (declared,) = (table for table in declaration["tables"] if table["file"] == "list.tsv")
    file = SOURCES / "hazardous_waste_list_2021" / "list.tsv"
    wanted, _ = read_table(declared, lines_of(file.read_bytes(), file.name))  # with the corrections of its own errors
    rows = {line.cells[2]: line for line in tables("hazardous_waste_list_2021")[0].lines}
    right = 0
    for row in wanted:
        line, fields = rows[row.locator], row.fields
        assert line.page == row.page
        facts = [
            f"{fields['category']}{fields['category_name']}",
            fields["origin_industry"],
            row.locator,
            fields["description"],
            fields["hazard"],
        ]
        own = [
            folded(cell).removesuffix("2") if at == 0 else folded(cell) for at, cell in enumerate(line.cells)
        ]  # HW01 has note 2
        right += own[:5] == [folded(str(fact)) for fact in facts]
    assert (right, len(wanted)) == (467, 467)
