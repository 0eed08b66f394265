"""Texts become searchable in a program of its own, with and without rjieba."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.building import measured, page
from tests.benchmarks.test_serving import archive


@pytest.mark.parametrize("fast", [False, True])
def test_a_round_gives_passages_a_second_of_the_whole_and_of_the_second_half(tmp_path: Path, *, fast: bool) -> None:
    whole, half = measured(archive(tmp_path / "laws.tar.gz"), 6, fast=fast)
    assert whole > 0
    assert half >= 0


def test_the_page_tells_the_median_and_the_ends() -> None:
    told = page({"jieba": [(2000.0, 2100.0), (3000.0, 3100.0), (2400.0, 2500.0)]}, 100_000)
    assert "|jieba|2,400|2,000|3,000|2,500|" in told
    assert "100,000 passages from text to searchable; 3 rounds" in told
