"""The rules of the house: imports point down, files stay small, nobody prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
MODULES = sorted((REPO / "cpkb").rglob("*.py"))
MOST_LINES = 400
FORBIDDEN_ROOMS = {"core", "common", "utils", "helpers", "services", "managers", "views", "models"}


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ran = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(REPO)))
def test_a_module_is_small_and_says_what_it_is_for(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert text.startswith('"""')
    assert not re.search(r"^\s*print\(", text, re.MULTILINE), "people are spoken to by cli.py through rich and click"


def test_no_room_is_named_after_nothing() -> None:
    names = {part for module in MODULES for part in module.relative_to(REPO).with_suffix("").parts}
    assert names & FORBIDDEN_ROOMS == set()


def test_every_room_has_tests() -> None:
    rooms = {folder.name for folder in (REPO / "cpkb").iterdir() if (folder / "__init__.py").is_file()}
    assert sorted(room for room in rooms if not list((REPO / "tests" / room).glob("test_*.py"))) == []
