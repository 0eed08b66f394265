"""The texts of a plain corpus: read from files, and cut. A process that cuts loads no more than this."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cpkb.analysis.cutter import Cutter
from cpkb.analysis.embedding import meaning_key, meaning_text
from cpkb.engines.passage import IndexedPassage, ZoneTerms
from cpkb.errors import QueryError
from cpkb.model.numerals import NUMERAL
from cpkb.model.record import work_key

_ARTICLE_NUMBER = re.compile(rf"第[{NUMERAL}\d]+条(之[{NUMERAL}]+)?$")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a corpus."""

    id: str
    title: str
    body: str


Document = tuple[str, list[Text]]
"""The name and the texts."""


def read_corpus(file: Path) -> Iterator[Text]:
    """The texts of a .jsonl or .jsonl.gz; raises QueryError naming the line that is not one."""
    for line in _lines(file):
        yield Text(line["id"], line["title"], line["text"])


def read_questions(file: Path) -> dict[str, str]:
    """Question by id."""
    return {line["id"]: line["text"] for line in _lines(file)}


def read_relevance(file: Path) -> dict[str, set[str]]:
    """The ids of the relevant texts of each question; rows of relevance 0 are not."""
    relevant: dict[str, set[str]] = {}
    for number, line in enumerate(_opened(file), 1):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 3 or not cells[2].isdigit():
            raise QueryError(f"{file.name}:{number}: 应是三列：问题、文本、相关（0 或 1）")
        if int(cells[2]):
            relevant.setdefault(cells[0], set()).add(cells[1])
    return relevant


def _lines(file: Path) -> Iterator[dict[str, str]]:
    for number, line in enumerate(_opened(file), 1):
        try:
            raw = json.loads(line)
            yield {"id": str(raw["id"]), "title": str(raw.get("title", "")), "text": str(raw["text"])}
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise QueryError(f"{file.name}:{number}: 应是一个带 id、text 的 JSON 对象") from error


def _opened(file: Path) -> Iterator[str]:
    """The lines of a text, unpacked; raises QueryError naming a file that is none."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            yield from lines
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise QueryError(f"{file.name}: 应是 UTF-8 文本，或压缩成 .gz 的这种文本") from error


# cutting


def documents_of(texts: Iterable[Text]) -> dict[str, list[Text]]:
    """Texts under one title, and articles of one law, are passages of one document, as in the knowledge base."""
    documents: dict[str, list[Text]] = {}
    for text in texts:
        documents.setdefault(_ARTICLE_NUMBER.sub("", text.title) or text.id, []).append(text)
    return documents


def cut(document: Document, cutter: Cutter) -> Iterator[IndexedPassage]:
    """The passages of a document."""
    name, texts = document
    for ordinal, text in enumerate(texts):
        title, body = cutter.terms(text.title), cutter.terms(text.body)
        yield IndexedPassage(
            record_id=name,
            ordinal=ordinal,
            zones={
                "title": ZoneTerms(title.words, title.latin, title.places, title.runs),
                "heading": ZoneTerms(),
                "text": ZoneTerms(body.words, body.latin, body.places, body.runs),
            },
            codes=body.codes,
            own_codes=title.codes,
            title=work_key(cutter.folded(text.title)) if len(texts) == 1 else "",
            values={},
            interval=None,
            meaning=meaning_key(meaning_text(text.title, text.body)),
        )
