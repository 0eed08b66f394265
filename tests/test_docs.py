"""The documentation speaks of everything there is, and of nothing that is not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cpkb.app import create_app
from cpkb.cli import main
from cpkb.knowledge_base import opened
from cpkb.model.collection import collections
from cpkb.settings import Settings

REPO = Path(__file__).resolve().parents[1]
PAGES = (REPO / "README.md", *sorted((REPO / "docs").rglob("*.md")))
LINKING = (*PAGES, REPO / "CONTRIBUTING.md", REPO / "CHANGELOG.md")


@cache
def everything() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES if page.is_file())


def named(what: str) -> str:
    return f"{what} stands nowhere in README.md or docs/; say there what it is for"


@pytest.mark.parametrize("name", collections())
def test_every_collection_is_documented(name: str) -> None:
    assert f"`{name}`" in everything(), named(f"the collection `{name}`")


@pytest.mark.parametrize("name", [name for name, command in main.commands.items() if not command.hidden])
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"\bcpkb {name}\b", everything()), named(f"the command `cpkb {name}`")


@pytest.mark.parametrize("name", [name for name, command in main.commands.items() if command.hidden])
def test_a_command_for_contributors_is_told_to_them(name: str) -> None:
    assert f"./run cpkb {name}`" in (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    text = (REPO / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"`CPKB_{name.upper()}`" in text, f"docs/settings.md does not name CPKB_{name.upper()}"


def test_every_setting_that_is_documented_exists() -> None:
    mentioned = set(re.findall(r"\bCPKB_[A-Z_]+\b", everything()))
    assert mentioned <= {f"CPKB_{name.upper()}" for name in Settings.model_fields}


def test_every_address_is_documented(tmp_path: Path) -> None:
    with opened(Settings(home=tmp_path)) as kb:
        rules = {rule.rule for rule in create_app(kb).url_map.iter_rules()}
    text = re.sub(r"<[^>]*>|…", "<>", everything())
    missing = sorted(rule for rule in rules if f"`{re.sub(r'<[^>]*>', '<>', rule)}" not in text)
    assert missing == [], named(f"the address {', '.join(missing)}")


TOP = ("cpkb", "corpus", "index", "web", "tests", "docs", "benchmarks", ".ci")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)]*))?\)")
"""Its words, its file ('' for the same page), its heading."""


def is_repo_path(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.\-/]+", text)) and "/" in text and text.split("/")[0] in TOP


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_every_path_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    written = [code.strip() for code in CODE.findall(text)]
    # Indented blocks of other pages also draw the home, where index/ is another folder.
    lines = text.splitlines() if page.name in ("README.md", "ARCHITECTURE.md") else []
    drawn = [line.split()[0] for line in lines if line.startswith("    ") and line.split()]
    paths = {path for path in (*written, *drawn) if is_repo_path(path)}
    assert sorted(path for path in paths if not (REPO / path).exists()) == []


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings: lower case, without punctuation, hyphens for spaces."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", LINKING, ids=lambda page: str(page.relative_to(REPO)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [(page.parent / file if file else page, to) for _, file, to in LINK.findall(page.read_text("utf-8"))]
    assert [str(file) for file, _ in links if not file.exists()] == []
    assert [(file.name, heading) for file, heading in links if heading and heading not in headings(file)] == []


@pytest.mark.parametrize("page", LINKING, ids=lambda page: str(page.relative_to(REPO)))
def test_a_decision_is_called_by_its_number(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    called = [(words, f"decision {Path(file).name[:4]}") for words, file, _ in links if words.startswith("decision ")]
    assert [words for words, right in called if words != right] == []


def test_the_architecture_speaks_of_every_room() -> None:
    text = (REPO / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {folder.name for folder in (REPO / "cpkb").iterdir() if (folder / "__init__.py").is_file()}
    assert sorted(room for room in rooms if f"`cpkb/{room}/`" not in text) == []
