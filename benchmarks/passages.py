"""The passages that `benchmarks.speed` indexes, and what it asks of them.

Real ones come from the laws of the shared sources (raw_md.tar.gz), or from a JSONL file with title, cat and text a
line; they are cut into terms once and kept in a folder. Above their number, passages are put together from the
first half of one and the second half of another, so that terms stay as frequent and as near as they are in real texts.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_WORDS = frozenset(("的", "了", "和"))  # in nearly every passage: asking for them tells engines apart by luck
LONGEST, SHORTEST = 450, 30  # characters: a passage is an article or a part of one, about 90 terms
FULL, ARTICLE = (
    320,
    80,
)  # an article begins a passage once the one before is that long; no paragraph is added beyond FULL
ARTICLE_HEAD = re.compile(r"第[一二三四五六七八九十百千]+条")
NOT_WORDS = re.compile(r"[\W_]+")
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as every engine gets it."""

    category: str
    title: Sequence[str]
    terms: Sequence[str]
    title_text: str
    text: str
    """Without punctuation, which leaves one space."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: terms for every kind but the phrase, which has its own."""

    terms: tuple[str, ...]
    category: str
    phrase: tuple[str, ...]

    @property
    def grams(self) -> tuple[str, ...]:
        """Pairs of characters of the terms, each once."""
        return tuple(dict.fromkeys(pair for term in self.terms for pair in grams(term)))


def grams(text: str) -> list[str]:
    """Pairs of neighbouring characters; none reaches across a space."""
    return [run[at : at + 2] for run in text.split() for at in range(len(run) - 1)]


def real_passages(source: Path, folder: Path) -> Path:
    """The file of real passages in random order, a line each; made in ``folder`` the first time."""
    with source.open("rb") as opened:
        file = folder / f"passages-{hashlib.file_digest(opened, 'sha256').hexdigest()[:16]}.tsv"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        found = list(dict.fromkeys(texts_of_laws(source) if source.name.endswith(".tar.gz") else _from_lines(source)))
        random.Random(SEED).shuffle(found)  # noqa: S311 — the same order every time
        partial = file.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as out:
            out.writelines(_line(*passage) for passage in found)
        partial.replace(file)
    return file


def read(file: Path, wanted: int) -> Iterator[Passage]:
    """The first so many passages; those of a smaller number begin those of a larger one."""
    with file.open(encoding="utf-8") as lines:
        real = [line.rstrip("\n") for _, line in zip(range(wanted), lines, strict=False)]
    yield from map(_passage, real)
    chosen = random.Random(SEED)  # noqa: S311 — the same passages every time
    for _ in range(wanted - len(real)):
        one, other = _passage(chosen.choice(real)), _passage(chosen.choice(real))
        terms = (*one.terms[: len(one.terms) // 2], *other.terms[len(other.terms) // 2 :])
        text = f"{one.text[: len(one.text) // 2]} {other.text[len(other.text) // 2 :]}"
        yield Passage(one.category, one.title, terms, one.title_text, text)


def questions(file: Path, among: int, many: int) -> list[Asked]:
    """Questions of 1-6 neighbouring terms, with the category and a pair or triple of terms of their passages."""
    chosen = random.Random(SEED)  # noqa: S311 — the same questions every time
    held, made = list(read(file, among)), list[Asked]()
    while len(made) < many:
        passage, size = chosen.choice(held), chosen.randint(1, 6)
        plain = [term for term in passage.terms if len(term) > 1 and not term.isascii()]
        row = chosen.choice((2, 3))
        if len(plain) > size and len(passage.terms) > row:
            at, begin = chosen.randrange(len(plain) - size), chosen.randrange(len(passage.terms) - row)
            terms = tuple(dict.fromkeys(plain[at : at + size]))
            made.append(Asked(terms, passage.category, tuple(passage.terms[begin : begin + row])))
    return made


def given_questions(file: Path, made: Sequence[Asked]) -> list[Asked]:
    """Questions from a list of {"q": [terms], "f": category}; phrases are those of the questions that were made."""
    given: list[Mapping[str, list[str] | str]] = json.loads(file.read_text(encoding="utf-8"))
    return [
        Asked(tuple(dict.fromkeys(line["q"])), str(line["f"]), other.phrase)
        for line, other in zip(given, made, strict=False)
    ]


def _line(title: str, category: str, text: str) -> str:
    held = (" ".join(_terms(title)), " ".join(_terms(text)), *(NOT_WORDS.sub(" ", t.lower()) for t in (title, text)))
    return "\t".join((NOT_WORDS.sub(" ", category), *held)) + "\n"


def _passage(line: str) -> Passage:
    category, title, terms, title_text, text = line.split("\t")
    return Passage(category, title.split(), terms.split(), title_text, text)


def _terms(text: str) -> list[str]:
    import jieba  # here, because the processes that are measured need none of it

    cut = jieba.cut_for_search(text.lower())
    return [term for term in cut if not NOT_WORDS.search(term) and term not in STOP_WORDS]


def _from_lines(source: Path) -> Iterator[tuple[str, str, str]]:
    with source.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            yield line["title"], line["cat"], line["text"]


def texts_of_laws(source: Path) -> Iterator[tuple[str, str, str]]:
    """(title, category, text) of every passage of the laws in the archive."""
    for title, category, text in laws(source):
        for passage in _articles(text):
            yield title, category, passage


def laws(source: Path) -> Iterator[tuple[str, str, str]]:
    """(title, category, text) of every law in the archive."""
    with tarfile.open(source) as archive:
        for member in archive:
            parts = member.name.strip("./").split("/")
            opened = archive.extractfile(member)
            if opened and len(parts) > 2 and member.name.endswith(".md") and parts[-1] != "_index.md":
                yield parts[-1].removesuffix(".md"), parts[-2], opened.read().decode("utf-8", "replace")


def _articles(text: str) -> Iterator[str]:
    held = ""
    for paragraph in filter(None, (line.strip("# \t\r\u3000") for line in text.split("\n"))):
        if paragraph.startswith("<!--"):
            continue
        begins = ARTICLE_HEAD.match(paragraph) and len(held) > ARTICLE
        if begins or len(held) + len(paragraph) > FULL:
            yield from _pieces(held)
            held = ""
        held += paragraph + "\n"
    yield from _pieces(held)


def _pieces(text: str) -> Iterator[str]:
    """A text in passages that end with a sentence where they can."""
    while len(text) > LONGEST:
        at = max(text.rfind(mark, LONGEST // 3, LONGEST) for mark in "。；\n") + 1 or LONGEST
        yield text[:at]
        text = text[at:]
    if len(text) > SHORTEST:
        yield text
