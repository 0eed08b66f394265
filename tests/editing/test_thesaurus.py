"""Editing a home's thesaurus: what is refused and by which line, what is written, and what a check finds."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest

from cpkb.analysis.synonyms import Entry
from cpkb.editing.checks import problems_of
from cpkb.editing.thesaurus import HomeThesaurus
from cpkb.errors import DeclarationError, NotFoundError, StoreError

HELD = {"槽液", "镀液", "甲", "乙", "丙"}
SHIPPED = "# 说明\nlay\t槽液\t药水\t指南 3.1\nsame\t汞\t水银\t名录\n"
EACH = 15


def opened(folder: Path) -> HomeThesaurus:
    return HomeThesaurus(folder / "thesaurus.tsv", folder / "shipped.tsv", str.lower)


@pytest.fixture
def home(tmp_path: Path) -> HomeThesaurus:
    (tmp_path / "shipped.tsv").write_text(SHIPPED, encoding="utf-8")
    return opened(tmp_path)


def add(home: HomeThesaurus, lay: str, *formal: str, kind: str = "lay", source: str = "本站") -> Entry:
    return home.add(kind, lay, formal, source, HELD.__contains__)


def lines(home: HomeThesaurus) -> list[str]:
    return home.file.read_text(encoding="utf-8").splitlines()


def test_an_entry_is_a_line_that_says_where_it_was_seen(home: HomeThesaurus) -> None:
    entry = add(home, "缸子水", "槽液", "镀液")
    assert lines(home)[0].startswith("#")
    assert lines(home)[1:] == ["lay\t槽液；镀液\t缸子水\t本站"]
    assert home.read() == ([entry], [])
    assert entry.place == f"{home.file.parent.name}/thesaurus.tsv:2"
    assert list(home.file.parent.glob("*.new")) == []


@pytest.mark.parametrize(
    ("lay", "formal", "said"),
    [
        ("", "槽液", "“”是空的"),
        ("  ", "槽液", "是空的"),
        ("缸" * 41, "槽液", "超过 40 个字"),
        ("缸\t水", "槽液", "制表符"),
        ("缸\n水", "槽液", "不可见"),
        ("缸\x1b水", "槽液", "“缸□水”"),
        ("缸；水", "槽液", "分开写"),
        ("？！", "槽液", "只有标点"),
        ("缸水", "槽液；镀液", "分开写"),
        ("缸水", "", "是空的"),
        ("缸水", "无处可见", "没有一段含有正式词“无处可见”"),
        ("槽液", "槽液", "不必再搜它自己"),
        ("药水", "槽液", "shipped.tsv:2: 已经有“药水 → 槽液”"),
        ("缸子水", "镀液", "thesaurus.tsv:2: 已经有“缸子水 → 镀液”"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_written(
    home: HomeThesaurus, lay: str, formal: str, said: str
) -> None:
    add(home, "缸子水", "镀液")
    before = lines(home)
    with pytest.raises(DeclarationError) as refused:
        add(home, lay, formal)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert lines(home) == before


def test_a_source_is_one_printable_cell(home: HomeThesaurus) -> None:
    with pytest.raises(DeclarationError, match="出处"):
        add(home, "缸子水", "槽液", source="甲\t乙")


def test_what_leads_both_ways_is_known_from_either_side(home: HomeThesaurus) -> None:
    with pytest.raises(DeclarationError, match=r"shipped\.tsv:3: 已经有“汞 → 水银”"):
        home.add("same", "汞", ("水银",), "本站", lambda _: True)


def test_a_removed_word_leaves_the_others_of_its_line(home: HomeThesaurus) -> None:
    home.file.write_text("# 手写\nlay\t槽液\t缸子水；缸汤\t本站\r\nlay\t镀液\t缸子水\t本站\nbroken\n", encoding="utf-8")
    assert [entry.line for entry in home.remove("缸子水")] == [2, 3]
    assert lines(home) == ["# 手写", "lay\t槽液\t缸汤\t本站", "broken"]


def test_what_is_not_there_cannot_be_removed(home: HomeThesaurus) -> None:
    with pytest.raises(NotFoundError, match=r"没有“缸子水”$"):
        home.remove("缸子水")
    with pytest.raises(NotFoundError, match=r"shipped\.tsv:2 里的是随程序来的"):
        home.remove("药水")


def test_lines_in_another_encoding_are_written_back_as_they_were(home: HomeThesaurus) -> None:
    broken = "lay\t槽液\t缸\t本站".encode("gbk")
    home.file.write_bytes(broken)
    add(home, "缸子水", "槽液")
    assert home.file.read_bytes().split(b"\n")[0] == broken
    assert len(home.read()[1]) == 1


def test_a_file_that_cannot_be_written_is_named(home: HomeThesaurus) -> None:
    (home.file.parent / "thesaurus.tsv.new").mkdir()
    with pytest.raises(StoreError, match=r"thesaurus\.tsv: 写不进去"):
        add(home, "缸子水", "槽液")


def add_many(folder: Path, name: str) -> None:
    home = opened(folder)
    for at in range(EACH):
        add(home, f"{name}{at}", "槽液")


def test_two_editors_at_once_both_keep_their_lines(home: HomeThesaurus) -> None:
    context = get_context("spawn")
    processes = [context.Process(target=add_many, args=(home.file.parent, name)) for name in ("左", "右")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    entries, problems = home.read()
    assert (len(entries), problems) == (2 * EACH, [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["lay\t槽液\t缸子水\t本站"], []),
        (["lay\t槽液"], ["thesaurus.tsv:1: 应是四列"]),
        (["lay\t槽液\t药水\t本站"], ["thesaurus.tsv:1: “药水 → 槽液”在", "shipped.tsv:2 已经有了"]),
        (["lay\t甲\t丁\t本站", "lay\t甲\t丁\t本站"], ["thesaurus.tsv:2: “丁 → 甲”在", "thesaurus.tsv:1 已经有了"]),
        (["lay\t无处可见\t丁\t本站"], ["thesaurus.tsv:1: 没有一段含有正式词“无处可见”"]),
        (
            ["lay\t乙\t甲\t本站", "narrower\t丙\t乙\t本站", "lay\t甲\t丙\t本站"],
            ["thesaurus.tsv:1: 绕回自己：甲 → 乙 → 丙 → 甲", "thesaurus.tsv:3: 绕回自己：丙 → 甲 → 乙 → 丙"],
        ),
        (["same\t甲\t乙\t本站"], []),
    ],
)
def test_a_check_names_what_is_wrong(home: HomeThesaurus, written: list[str], said: list[str]) -> None:
    home.file.write_text("\n".join(written) + "\n", encoding="utf-8")
    found = problems_of(home, HELD.__contains__)
    assert bool(found) == bool(said)
    assert all(part in "\n".join(found) for part in said)
