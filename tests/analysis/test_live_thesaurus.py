"""The home's thesaurus: read again when its file changes; a broken line costs itself and nothing else."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from cpkb.analysis.live_thesaurus import LiveThesaurus
from cpkb.analysis.synonyms import MOST_BYTES, Synonym
from tests.analysis.shipped import LEXICON, shipped_analyzer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "thesaurus.tsv"


@pytest.fixture
def live(tmp_path: Path, home: Path) -> LiveThesaurus:
    (tmp_path / "shipped.tsv").write_text("lay\t槽液\t药水\t指南\n", encoding="utf-8")
    return LiveThesaurus(tmp_path / "shipped.tsv", home, str.lower)


def test_a_file_that_appears_changes_and_goes_is_followed(live: LiveThesaurus, home: Path) -> None:
    assert live.now().expand("缸子") == ()
    home.write_text("lay\t镀液\t缸子\t本站\n", encoding="utf-8")
    assert live.now().expand("缸子") == (Synonym("缸子", ("镀液",)),)
    home.write_text("lay\t槽液\t缸子\t本站\n", encoding="utf-8")  # as long as before
    assert live.now().expand("缸子") == (Synonym("缸子", ("槽液",)),)
    home.unlink()
    assert live.now().expand("缸子") == ()
    assert live.now().expand("药水") == (Synonym("药水", ("槽液",)),)


def test_a_change_that_keeps_the_date_is_seen(live: LiveThesaurus, home: Path) -> None:
    home.write_text("lay\t镀液\t缸子\t本站\n", encoding="utf-8")
    dates = (home.stat().st_atime_ns, home.stat().st_mtime_ns)
    live.now()
    home.write_text("lay\t槽液\t缸子\t本站\n", encoding="utf-8")
    os.utime(home, ns=dates)
    assert live.now().expand("缸子") == (Synonym("缸子", ("槽液",)),)


def test_of_two_changes_in_one_moment_the_second_is_seen_too(
    live: LiveThesaurus, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = time.time_ns() + 10**15  # not over before the test is, however busy the machine
    monkeypatch.setattr(live, "_state", lambda: (moment, home.stat().st_size, 1))
    home.write_text("lay\t镀液\t缸子\t本站\n", encoding="utf-8")
    assert live.now().expand("缸子") == (Synonym("缸子", ("镀液",)),)
    assert live.now() is live.now()
    home.write_text("lay\t槽液\t缸子\t本站\n", encoding="utf-8")
    assert live.now().expand("缸子") == (Synonym("缸子", ("槽液",)),)


def test_without_a_change_it_stays_the_same_object(live: LiveThesaurus, home: Path) -> None:
    home.write_text("lay\t镀液\t缸子\t本站\n", encoding="utf-8")
    assert live.now() is live.now()


def test_the_home_extends_a_shipped_word_and_comes_first(live: LiveThesaurus, home: Path) -> None:
    home.write_text("lay\t镀液\t药水\t本站\n", encoding="utf-8")
    assert live.now().expand("药水") == (Synonym("药水", ("镀液", "槽液")),)


@pytest.mark.parametrize(
    "broken",
    [
        b"lay\tonly two",
        "kind\t镀液\t缸\t本站".encode(),
        "lay\t\t缸\t本站".encode(),
        "lay\t镀液\t；\t本站".encode(),
        "lay\t镀液\t，\t本站".encode(),
        "lay\t镀液\t缸\x1b[31m\t本站".encode(),
        "lay\t镀液\t缸\u2028底\t本站".encode(),
        "lay\t镀液\t缸\t本站".encode("gbk"),
        "lay\t镀液\t缸\t本".encode() + b"\xff",
        b"lay\t" + "镀".encode() * 41 + "\t缸\t本站".encode(),
        b"\0\0\0",
    ],
)
def test_a_broken_line_is_left_out_and_named(
    live: LiveThesaurus, home: Path, caplog: pytest.LogCaptureFixture, broken: bytes
) -> None:
    home.write_bytes("\ufefflay\t镀液\t缸子\t本站\r\n".encode() + broken + "\n# 说明\nlay\t镀液\t缸底\t本站".encode())
    with caplog.at_level(logging.WARNING):
        assert [found.found for found in live.now().expand("缸子 缸底 药水")] == ["缸子", "缸底", "药水"]
        live.now()
    (told,) = caplog.messages
    assert f"{home.parent.name}/thesaurus.tsv:2: " in told


def test_a_file_that_cannot_be_read_leaves_the_shipped_words(
    live: LiveThesaurus, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir()
    assert live.now().expand("药水") == (Synonym("药水", ("槽液",)),)
    home.rmdir()
    home.write_bytes(b"#" * (MOST_BYTES + 1))
    assert live.now().expand("药水") == (Synonym("药水", ("槽液",)),)
    assert len(caplog.messages) == 2


def test_a_reviewed_word_is_no_slip_of_typing(home: Path) -> None:
    live = LiveThesaurus(LEXICON / "thesaurus.tsv", home, str.lower)
    home.write_text("lay\t电镀\t店镀\t本站\n", encoding="utf-8")
    analyzer = shipped_analyzer()
    before, analyzer._live = analyzer._live, live
    try:
        assert [synonym.found for synonym in analyzer.ask("店镀", lambda _: False).synonyms] == ["店镀"]
    finally:
        analyzer._live = before
