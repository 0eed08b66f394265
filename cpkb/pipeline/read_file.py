"""One file → records, in a child process with limits: a hostile file costs a line in the report and nothing else."""

from __future__ import annotations

import ctypes
import hashlib
import os
import resource
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cpkb.errors import CpkbError, DeclarationError, FieldError, NothingToReadError
from cpkb.extract.extractor import Draft, Extracted
from cpkb.extract.formats import READER_VERSION, documents, nothing, read_drafts
from cpkb.extract.mapping import Line, lines_of, unread_lines
from cpkb.extract.sheets import list_draft
from cpkb.extract.tables import FoundTable, found_tables
from cpkb.model.collection import collection
from cpkb.model.field_types import Value
from cpkb.model.file_types import LISTS
from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pipeline.declarations import Declaration, Declarations
from cpkb.pipeline.rows import TITLE_LIMIT, SourceOf, read_rows

MEMORY_LIMIT = 2_500_000_000  # bytes a reading process may map; recognising a page maps 1.9, text a fifth of it
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


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
    undeclared: tuple[str, ...] = ()
    """Its tables that no source.toml speaks of, by their columns: they stay part of the text."""


def limit_process(parent: int) -> None:
    """Bound a reading process: its memory, its voice, and its life by that of its parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    os.environ["RUST_BACKTRACE"] = "0"  # a library that dies would tell of its insides for a second
    _silence()
    # The pool's processes wait for ever for work from a parent that was killed; the kernel ends them with it.
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _silence() -> None:
    """What libraries say while they die is nothing for the terminal: the report tells of the file."""
    with Path(os.devnull).open("wb") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)


def reader_of(declaration: Declaration) -> str:
    """Changes when the same bytes might be read otherwise: then a file that did not change is read again."""
    return f"{READER_VERSION}-{declaration.fingerprint}"


def read_file(job: Job, sources: Path) -> ReadFile:
    """Read one file. Never raises for what a file holds: the failure names the place and what would be right."""
    try:
        declarations = Declarations(sources)
        declaration = declarations.for_file(job.path, job.root)
        data = job.path.read_bytes()
        if job.path.suffix.lower() in LISTS:
            return _read_list(data, job, declaration, declarations)
        return _read_texts(read_drafts(data, job.path.name), job, declaration, declarations)
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


def _read_texts(drafts: Sequence[Draft], job: Job, declaration: Declaration, declarations: Declarations) -> ReadFile:
    mapped = _read_tables(drafts, job, declaration, declarations)
    texts, problems = documents(mapped.rest, job.path.name)
    if not texts and not mapped.records:
        raise NothingToReadError(nothing(job.path.name, problems))
    records, found = [], [*problems, *mapped.problems]
    for text in texts:
        record, wrong = _document(text, job, declaration)
        records.append(record)
        found += [*wrong, *text.problems]
    return ReadFile((*_unique(records), *mapped.records), tuple(found), undeclared=mapped.undeclared)


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
    authority = "ocr" if text.is_recognised else ""
    source = _source(declaration, job, title=title, publisher=str(fields.get("issuer", "")), authority=authority)
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


def _read_list(data: bytes, job: Job, declaration: Declaration, declarations: Declarations) -> ReadFile:
    """The records of a TSV or CSV; a list with rows too many, too few or twice is not taken at all.

    One that no source.toml speaks of is read as the table of a document.
    """
    lines = lines_of(data, job.path.name)
    header = [cell.strip() for cell in lines[0].cells]
    tables = declaration.tables_of(job.path.name, header)
    if not tables:
        declaration = declarations.for_header(header)
        tables = declaration.tables_of("", header)
    if not tables:
        return _read_texts([_undeclared(lines, job)], job, declaration, declarations)
    unread = [f"第{p.line}行：{p.what}" for p in unread_lines(tables, lines)]
    records, problems, is_broken = read_rows([(table, lines) for table in tables], _source_of(declaration, job))
    if is_broken or not records:
        return ReadFile(failure="；".join([*unread, *problems][:5]) or "没有一行可以读")
    return ReadFile(records, (*unread, *problems))


def _undeclared(lines: Sequence[Line], job: Job) -> Draft:
    """A list that no source.toml speaks of, as a text that says so."""
    columns = "、".join(cell.strip() for cell in lines[0].cells)[:80]
    told = (
        f"没有哪个 source.toml 说明这些列（{columns}），按一份表格读入；"
        "要让每行成为条目，请在文件旁边放一个 source.toml，写明每列对应的字段"
    )
    return replace(list_draft([line.cells for line in lines], job.path.name), problems=(told,))


def _source_of(declaration: Declaration, job: Job) -> SourceOf:
    return lambda stated: _source(declaration, job, **stated)


@dataclass(slots=True)
class _Mapped:
    """What the declared tables of a document gave, and what is left of the document."""

    records: tuple[Record, ...] = ()
    problems: tuple[str, ...] = ()
    rest: list[Draft] = field(default_factory=list)
    undeclared: tuple[str, ...] = ()


def _read_tables(drafts: Sequence[Draft], job: Job, declaration: Declaration, declarations: Declarations) -> _Mapped:
    """Tables of a document that are declared become records, as the rows of a TSV do; the rest stays a document."""
    mapped = _Mapped()
    lists: dict[str, tuple[Declaration, Mapping[str, Any], list[Line]]] = {}
    for draft in drafts:
        taken: set[int] = set()
        for table in found_tables(draft.blocks):
            used = (
                declaration
                if declaration.table_in(job.path.name, table.header)
                else declarations.for_header(table.header)
            )
            declared = used.table_in(job.path.name, table.header)
            if declared is None:
                mapped.undeclared += (_described(table),)
                continue
            taken.update(table.blocks)
            name = "\t".join(table.header)
            lists.setdefault(name, (used, declared, [Line(1, table.header)]))[2].extend(table.lines)
        mapped.rest.append(replace(draft, blocks=tuple(b for at, b in enumerate(draft.blocks) if at not in taken)))
    for used, declared, lines in lists.values():
        records, problems, is_broken = read_rows([(declared, lines)], _source_of(used, job))
        if is_broken:
            raise DeclarationError(f"表“{'、'.join(lines[0].cells)[:80]}”：{'；'.join(problems[:5])}")
        mapped.records, mapped.problems = (*mapped.records, *records), (*mapped.problems, *problems)
    missing = [
        t["file"]
        for t in declaration.tables
        if t["file"] == job.path.name and "\t".join(t.get("header", ())) not in lists
    ]
    if missing:
        raise DeclarationError(
            f"没有找到 source.toml 说明的表；文件里的表：{'；'.join(mapped.undeclared[:5]) or '没有'}"
        )
    return mapped


def _described(table: FoundTable) -> str:
    page = next((line.page for line in table.lines if line.page), None)
    place = f"第{page}页起，" if page else ""
    return f"{place}{len(table.lines)} 行，列：{'、'.join(name or '（空）' for name in table.header)[:200]}"
