"""What hostile folders, names and declarations may cost: a line in the report, never the import."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpkb.errors import DeclarationError
from cpkb.extract.mapping import check_table
from cpkb.pipeline.declarations import load_declaration
from cpkb.pipeline.ingest import Importer
from cpkb.search.request import field_names
from cpkb.search.text import MOST_NODES, parse_text
from cpkb.settings import Settings
from cpkb.store.store import Store

SAMPLE = "示例通知\n\n一、示例内容，请节约用水。\n"


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    store = Store(tmp_path / "home" / "cpkb.sqlite")
    yield Importer(store, Settings().corpus / "sources", tmp_path / "home" / "originals")
    store.close()


def test_a_name_in_another_encoding_and_links_in_a_ring_leave_the_good_file_alone(
    importer: Importer, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(SAMPLE, encoding="utf-8")
    other = os.fsencode(str(folder)) + b"/\xca\xbe\xc0\xfd.txt"
    Path(os.fsdecode(other)).write_text(SAMPLE + "二、又一条。", encoding="utf-8")
    (folder / "ring-a").symlink_to(folder / "ring-b")
    (folder / "ring-b").symlink_to(folder / "ring-a")
    outcomes = {file.file: file.outcome for file in importer.run([folder]).files}
    assert outcomes["in/good.txt"] == "stored"
    assert len(outcomes) == 2


@pytest.mark.parametrize(
    "text",
    [
        'address = "javascript:alert(1)"',
        "title = 5",
        "tables = 3",
        'ignore = [{ file = "x" }]',
        "title = " + "[" * 5000,
        'authority = ["official"]',
    ],
)
def test_a_declaration_that_is_not_one_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "source.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"source\.toml"):
        load_declaration(file)


def test_a_declaration_is_never_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('secret = "x"', encoding="utf-8")
    (tmp_path / "source.toml").symlink_to(tmp_path / "outside.toml")
    with pytest.raises(DeclarationError, match="链接"):
        load_declaration(tmp_path / "source.toml")


@pytest.mark.parametrize("template", ["{name.__class__}", "{name:>9999999}", "{name!r}"])
def test_a_template_names_columns_and_nothing_else(template: str) -> None:
    table = {
        "file": "a.tsv",
        "collection": "elimination",
        "header": ["name"],
        "identity": template,
        "locator": "{name}",
        "expected": [1, 1],
        "fields": {"note": "name"},
    }
    with pytest.raises(DeclarationError, match="braces"):
        check_table(table)


def test_a_question_of_many_exclusions_asks_only_the_first_few_once() -> None:
    many = " ".join(f"-词{number} -词{number}" for number in range(200))
    assert len(parse_text(many, field_names()).nodes) == MOST_NODES
