"""One file → records, in a child process with limits: a hostile file costs a line in the report and nothing else."""

from __future__ import annotations

import hashlib
import re
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cpkb.errors import CpkbError, DeclarationError, FieldError, NothingToReadError
from cpkb.extract.extractor import Extracted
from cpkb.extract.formats import READER_VERSION, SUFFIXES, extract
from cpkb.extract.mapping import Row, read_table, tab_separated, unread_lines
from cpkb.model.collection import collection
from cpkb.model.field_types import Value
from cpkb.model.record import Record
from cpkb.model.source import Citation, Source
from cpkb.pipeline.declarations import Declaration, Declarations

MEMORY_LIMIT = 1_500_000_000  # bytes a reading process may map; the largest real file takes a quarter of it
TITLE_LIMIT = 300  # characters: the longest real title has 120
_IDENTITY = re.compile(r"[\w][\w.-]{0,119}")
TABLE_SUFFIXES = (".tsv", ".csv")


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read."""

    path: Path
    root: Path
    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds, or why it could not be read."""

    records: tuple[Record, ...] = ()
    problems: tuple[str, ...] = ()
    failure: str = ""
    nothing: str = ""
    """Why a sound file gives nothing."""


def limit_process() -> None:
    """Bound the memory of a reading process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def reader_of(declaration: Declaration) -> str:
    """Changes when the same bytes might be read otherwise: then a file that did not change is read again."""
    return f"{READER_VERSION}-{declaration.fingerprint}"


def read_file(job: Job, sources: Path) -> ReadFile:
    """Read one file. Never raises for what a file holds: the failure names the place and what would be right."""
    try:
        declarations = Declarations(sources)
        declaration = declarations.for_file(job.path, job.root)
        data = job.path.read_bytes()
        if job.path.suffix.lower() in TABLE_SUFFIXES:
            return _read_rows(data, job, declaration, declarations)
        return _read_texts(data, job, declaration)
    except NothingToReadError as error:
        return ReadFile(nothing=str(error))
    except CpkbError as error:
        return ReadFile(failure=str(error))
    except MemoryError:
        return ReadFile(failure=f"读它要用超过 {MEMORY_LIMIT // 10**6} MB 内存；请拆成小文件")
    except OSError as error:
        return ReadFile(failure=f"打不开：{error.strerror}")
    except Exception as error:  # noqa: BLE001 — the per-file edge: a reader's fault must not stop the import
        return ReadFile(failure=f"读取程序出错（{type(error).__name__}: {error}）；这个文件没有入库，请报告")


def _read_texts(data: bytes, job: Job, declaration: Declaration) -> ReadFile:
    if job.path.suffix.lower() not in SUFFIXES:
        return ReadFile(failure=f"不认识的格式 {job.path.suffix or '（无扩展名）'}")
    texts, problems = extract(data, job.path.name)
    records, found = [], [*problems]
    for text in texts:
        record, wrong = _document(text, job, declaration)
        records.append(record)
        found += [*wrong, *text.problems]
    return ReadFile(_unique(records), tuple(found))


def _document(text: Extracted, job: Job, declaration: Declaration) -> tuple[Record, list[str]]:
    """A document; a field value that does not fit is reported and left out, the text is kept."""
    declared = collection(text.collection)
    fields: dict[str, Value] = {}
    problems = []
    for name, raw in text.fields.items():
        try:
            fields[name] = declared.fields[name].parse(raw)
        except KeyError:
            problems.append(f"{text.title}: {declared.name} 没有字段 {name!r}")
        except FieldError as error:
            problems.append(f"{text.title}: {error}")
    unnamed = text.title == job.path.stem  # the text names itself nowhere, so what the folder declares is better
    title = declaration.about.get("title", text.title) if unnamed else text.title
    if len(title) > TITLE_LIMIT:
        problems.append(f"标题有 {len(title)} 个字，只保留前 {TITLE_LIMIT} 个")
        title = title[:TITLE_LIMIT]
    source = _source(declaration, job, title=title, publisher=str(fields.get("issuer", "")))
    ordered = {name: fields[name] for name in declared.fields if name in fields}
    record = Record(
        document_id(job.key, text.key), declared.name, title, ordered, (source,), (), text.relations, text.passages
    )
    return record, problems


def document_id(key: str, part: str) -> str:
    """The stable id of an imported text: of its folder, file name and part, so that a new edition keeps the address."""
    return hashlib.sha256(f"{key}#{part}".encode()).hexdigest()[:12]


def _source(declaration: Declaration, job: Job, **stated: str) -> Source:
    """The source as declared for the folder; what the text itself states of its title goes before."""
    about = dict(declaration.about) | {name: value for name, value in stated.items() if value}
    return Source(**({"title": job.path.name} | about), origin="imported", file=job.key, sha256=job.sha256)


def _unique(records: Sequence[Record]) -> tuple[Record, ...]:
    """Two texts of one file with the same key: the second gets a number, so that neither is lost."""
    seen: dict[str, int] = {}
    made = []
    for record in records:
        seen[record.id] = seen.get(record.id, 0) + 1
        again = seen[record.id]
        made.append(record if again == 1 else _renamed(record, f"{record.id}-{again}"))
    return tuple(made)


def _renamed(record: Record, new_id: str) -> Record:
    return Record(
        new_id, record.collection, record.title, record.fields, record.sources, record.citations, record.relations,
        record.body, record.locator,
    )  # fmt: skip


def _read_rows(data: bytes, job: Job, declaration: Declaration, declarations: Declarations) -> ReadFile:
    text = tab_separated(data, job.path.name)
    header = [cell.strip() for cell in text.partition("\n")[0].split("\t")]
    tables = declaration.tables_of(job.path.name, header)
    if not tables:
        declaration = declarations.for_header(header)
        tables = declaration.tables_of("", header)
    if not tables:
        raise DeclarationError(
            f"第1行：没有哪个 source.toml 说明这些列（{'、'.join(header)[:80]}）；"
            "请在文件旁边放一个 source.toml，写明每列对应的字段"
        )
    records: list[Record] = []
    broken: list[str] = []
    problems = [f"第{p.line}行：{p.what}" if p.line else p.what for p in unread_lines(tables, text)]
    for table in tables:
        rows, wrong = read_table(table, text)
        broken += [p.what for p in wrong if not p.line]
        problems += [f"第{p.line}行：{p.what}" if p.line else p.what for p in wrong]
        for row in rows:
            try:
                records.append(_row_record(row, table, job, declaration))
            except FieldError as error:
                problems.append(f"第{row.line}行：{error}")
    if broken or not records:
        # A list with rows too many, too few or twice is another list than the one declared: none of it is taken.
        return ReadFile(failure="；".join(problems[:5]) or "没有一行可以读")
    return ReadFile(_joined(records), tuple(problems))


def _row_record(row: Row, table: Mapping[str, Any], job: Job, declaration: Declaration) -> Record:
    declared = collection(table["collection"])
    if not _IDENTITY.fullmatch(row.identity):
        raise FieldError(f"编号 {row.identity[:40]!r} 只能用字母、数字、点和横线，最多 120 个字")
    if len(row.title) > TITLE_LIMIT:
        raise FieldError(f"标题有 {len(row.title)} 个字，最多 {TITLE_LIMIT} 个")
    if table.get("adds"):
        fields = {name: declared.fields[name].parse(value) for name, value in row.fields.items()}
    else:
        fields = declared.parse(row.fields)
    stated = {"title": row.document} | table.get("source", {})
    source = _source(declaration, job, **stated)
    citation = Citation(row.document or source.title, row.locator, row.number or source.number, row.page)
    return Record(row.identity, declared.name, row.title, fields, (source,), (citation,), (), (), row.locator)


def _joined(records: Sequence[Record]) -> tuple[Record, ...]:
    """Rows of one id become one record; texts of a field that several rows give are joined."""
    made: dict[str, Record] = {}
    for record in records:
        before = made.get(record.id)
        if before is None:
            made[record.id] = record
            continue
        fields = dict(before.fields)
        for name, value in record.fields.items():
            if isinstance(value, str) and name in fields and value not in str(fields[name]):
                fields[name] = f"{fields[name]}；{value}"
        made[record.id] = Record(
            before.id, before.collection, before.title, fields, before.sources, before.citations, (), (), before.locator
        )
    return tuple(made.values())
