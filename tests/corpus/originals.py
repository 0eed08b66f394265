"""The real source texts, for the checks that compare with them: raw text of every page, without any reader of ours."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2

from cpkb.corpus.sources import SourceText, squeeze_words
from cpkb.model.record import work_key
from tests.extract.test_real_sources import SHARED, SOURCES

LISTS = {  # their tables are read from the rows: the text of the PDF has the cells of a row in several places
    "国家危险废物名录（2021年版）": "hazardous_waste_list_2021",
    "环境保护综合名录（2021年版）": "comprehensive_catalogue_2021",
    "固定污染源排污许可分类管理名录（2019年版）": "permit_catalogue_2019",
}
POLICIES = "污染防治技术政策.docx"
_STANDARD = re.compile(r"(?:GB|HJ|DB)(?:/T)?\n?\d[\d.]*(?:/\d+)?[—–-]\d{2,4}")


def originals(cited: set[str]) -> dict[str, SourceText]:
    """Texts by work key of title and number, the newest last; of the many laws those that are ``cited`` by title."""
    found: dict[str, SourceText] = {}
    for names, text in (*_pages("cee/md"), *_laws(cited), *_pages("laws_2026"), *_notices(), *_standards()):
        for name in names:
            found[work_key(name)] = text
    return found


Named = Iterator[tuple[list[str], SourceText]]


def _standards() -> Named:
    """PDFs of standards, known by file name and by the number on the cover; those without a text layer are left out."""
    pages = [page.read_text(encoding="utf-8") for page in (SOURCES / "cee" / "md").glob("*.md")]
    titles = {framed: _title(page) for page in pages if (framed := _framed(page))}
    for file in sorted([*(SOURCES / "guides").glob("*.pdf"), *(SOURCES / "cee" / "files").glob("*.pdf")]):
        name = titles.get(file) or file.stem.rpartition("__")[2].removesuffix("-unlocked")
        text = _pdf(file, name)
        if len(text.text) > 500 * len(text.pages) ** 0.5:
            yield [name, *(_printed(number) for number in _STANDARD.findall(text.pages[0])[:1])], text
    for title, folder in LISTS.items():
        rows = [squeeze_words(file.read_text(encoding="utf-8")) for file in (SOURCES / folder).glob("*.tsv")]
        yield [title], SourceText(title, (*rows, *_pdf(SOURCES / folder / "source.pdf", title).pages))


def _printed(number: str) -> str:
    """The number as records write it: in one line, with a dash before the year."""
    return re.sub(r"[–-](?=\d+$)", "—", number.replace("\n", ""))


def _framed(page: str) -> Path | None:
    """The PDF at hand that a page only frames: its text is that of the PDF, or of none where that is a scan."""
    found = re.search(r'<PDF url="/static/([^"]+)"', page)
    file = SOURCES / "cee" / "files" / found[1].replace("/", "__") if found else None
    return file if file and file.exists() else None


def _pdf(file: Path, name: str) -> SourceText:
    document = pypdfium2.PdfDocument(file)
    try:
        pages = tuple(squeeze_words(page.get_textpage().get_text_range()) for page in document)
    finally:
        document.close()
    return SourceText(name, pages, has_pages=True)


def _laws(cited: set[str]) -> Named:
    keys = {work_key(title) for title in cited}
    with tarfile.open(SOURCES / "laws" / "raw_md.tar.gz") as archive:
        for member in sorted(archive, key=lambda member: Path(member.name).name):  # of editions the newest comes last
            title = re.sub(r"[(（]\d{4}-\d\d-\d\d[)）]$", "", Path(member.name).stem)
            file = archive.extractfile(member) if work_key(title) in keys else None
            if file:
                yield [title], SourceText(title, (squeeze_words(file.read().decode()),))


def _pages(folder: str) -> Named:
    """Markdown pages; the parts of the code are one text."""
    parts = []
    for file in sorted((SOURCES / folder).glob("*.md")):
        text = file.read_text(encoding="utf-8")
        title = _title(text)
        if "ecological-environment-code" in file.name:
            parts.append(squeeze_words(text))
        elif title and not _framed(text):
            yield [title], SourceText(title, (squeeze_words(text),))
    if parts:
        yield ["中华人民共和国生态环境法典"], SourceText("生态环境法典", ("".join(parts),))


def _title(page: str) -> str:
    found = re.search(r"^title: *(.+)$", page, re.MULTILINE) or re.search(r"^# *(.+)$", page, re.MULTILINE)
    return found[1].strip("'\" ") if found else ""


def _notices() -> Named:
    for line in (SOURCES / "gov_policy_html" / "docs.jsonl").read_text(encoding="utf-8").splitlines():
        notice = json.loads(line)
        yield [notice["title"]], SourceText(notice["title"], (squeeze_words(notice["text"]),))
    for file in sorted((SHARED / "seeds").glob("*.txt")):
        text = squeeze_words(file.read_text(encoding="utf-8"))
        yield [re.sub(r"发(\d{4})-(\d+)号", r"发〔\1〕\2号", file.stem)], SourceText(file.stem, (text,))
    policies = [paragraph.text for paragraph in docx.Document(str(SOURCES / "guides" / POLICIES)).paragraphs]
    titles = [line.strip() for line in policies if line.strip().endswith("污染防治技术政策")]
    yield ["污染防治技术政策", *titles], SourceText("污染防治技术政策", (squeeze_words("\n".join(policies)),))
