"""The fonts of PDFs: they have every character the product writes, a licence beside them, and little weight."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cpkb.settings import Settings
from cpkb.writers.pdf_text import BOLD, REGULAR, registered

FONTS = Settings().fonts
REPO = Path(__file__).resolve().parents[2]
WEIGHT = 6_000_000  # bytes of both: a quarter of what the repository may weigh


def gb2312() -> set[str]:
    pairs = (bytes((a, b)) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF))
    return {pair.decode("gb2312", errors="ignore") for pair in pairs} - {""}


def characters(folder: str) -> set[str]:
    files = [f for f in (REPO / folder).rglob("*") if f.suffix in (".toml", ".tsv", ".md", ".txt", ".html")]
    found = set().union(*(f.read_text(encoding="utf-8") for f in files))
    return {c for c in found if unicodedata.category(c) not in ("Cc", "Co")}  # some lists hold private characters


def test_every_character_of_gb_2312_is_covered() -> None:
    assert len(gb2312()) == 7445
    assert {c for c in gb2312() if ord(c) not in registered(FONTS)} == set()


@pytest.mark.parametrize("character", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉ₓ≤≥±×÷℃‰μΩ㎡①⑳Ⅻ·—…“”〔〕\u2009\u3000")
def test_signs_of_units_formulas_and_numbers_are_covered(character: str) -> None:
    assert ord(character) in registered(FONTS)


@pytest.mark.parametrize("folder", ["corpus", "web"])
def test_every_character_that_ships_is_covered(folder: str) -> None:
    assert {c for c in characters(folder) if ord(c) not in registered(FONTS)} == set()


def test_the_licence_stands_beside_them_and_their_source_is_named() -> None:
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Noto Sans SC" in (FONTS / "README.md").read_text(encoding="utf-8")


def test_they_weigh_little() -> None:
    assert sum((FONTS / f"{name}.ttf").stat().st_size for name in (REGULAR, BOLD)) < WEIGHT
