"""The shipped corpus: corpus/records/<collection>/*.toml (and the TSV a file names), guides as *.md → records."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cpkb.errors import DeclarationError, FieldError
from cpkb.model.collection import Collection, collection
from cpkb.model.markup import passages
from cpkb.model.record import RELATIONS, Record, Relation
from cpkb.model.source import AUTHORITIES, REVIEWS, Citation, Source
from cpkb.store.store import Store, StoredFile

_FILE_KEYS = {"source", "record", "rows"}
_RECORD_KEYS = {"id", "title", "locator", "citations", "relations", "source"}
_ROW_KEYS = {"id", "title", "locator", "document", "number", "page"}
_SEPARATOR = "；"
READER = "shipped-1"


def sync_shipped(store: Store, corpus: Path) -> int:
    """Bring the shipped corpus into the store; returns how many records changed. An editor's changes stay on top."""
    changed, present = 0, set()
    for key, file in shipped_files(corpus):
        present.add(key)
        sha256 = _content_hash(file)
        known = store.file(key)
        if known and known.sha256 == sha256 and known.reader == READER:
            continue
        records = list(read_shipped(file, key, sha256))
        change = store.put_file(StoredFile(key, sha256, file.stat().st_size, READER, "shipped"), records)
        changed += change.added + change.changed + change.removed
    for gone in store.files("shipped"):
        if gone.key not in present:
            changed += store.remove_file(gone.key).removed
    return changed


def shipped_files(corpus: Path) -> list[tuple[str, Path]]:
    """(key, file) of everything that holds shipped records, in order."""
    files = [file for file in (corpus / "records").glob("*/*") if file.suffix in (".toml", ".md")]
    return [(f"corpus/{file.relative_to(corpus)}", file) for file in sorted(files)]


def read_shipped(file: Path, key: str, sha256: str = "") -> Iterator[Record]:
    """The records of one file; raises DeclarationError naming file, record and what would be right."""
    declared = collection(file.parent.name)
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".md":
            yield _guide(text, file.stem, declared, key, sha256)
            return
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{key}: not valid TOML ({error})") from error
    _refuse_unknown(raw, _FILE_KEYS, key)
    default = dict(raw.get("source", {}))
    extra = {"file": key, "sha256": sha256, "origin": "shipped"}
    for item in raw.get("record", ()):
        place = f"{key}: record {item.get('id', '?')!r}"
        yield _record(item, declared, _source(default | item.get("source", {}), extra, place), place)
    if "rows" in raw:
        source = _source(default, extra, key)
        yield from _rows(file.parent / raw["rows"], declared, source)


def _guide(text: str, name: str, declared: Collection, key: str, sha256: str) -> Record:
    """A guide: a head in TOML between two lines of +++, and the text; its file's name is its id."""
    start, _, rest = text.partition("+++\n")
    head, _, body = rest.partition("+++\n")
    if start.strip() or not body.strip():
        raise DeclarationError(f"{key}: begin with +++, the head in TOML, +++, and then the text")
    item = tomllib.loads(head)
    if wrong := {"id", "text"} & set(item):
        raise DeclarationError(f"{key}: {', '.join(sorted(wrong))} is not written in the head")
    if "text" not in declared.fields or declared.fields["text"].kind.name != "markup":
        raise DeclarationError(f"{key}: {declared.name} has no guides; write its records as .toml")
    about = {"title": item.get("title", name), "authority": "own_summary"} | item.get("source", {})
    source = _source(about, {"file": key, "sha256": sha256, "origin": "shipped"}, key)
    made = _record({"id": name, **item, "text": body.strip()}, declared, source, key)
    return replace(made, body=passages(made.value("summary"), made.value("text")))


def _content_hash(file: Path) -> str:
    """Of the TOML and the table it may name, so that a change of either is seen."""
    made = hashlib.sha256(file.read_bytes())
    table = file.with_suffix(".tsv")
    if table.exists():
        made.update(table.read_bytes())
    return made.hexdigest()


def _source(raw: Mapping[str, Any], extra: Mapping[str, str], place: str) -> Source:
    try:
        source = Source(**{**raw, **extra})
    except TypeError as error:
        raise DeclarationError(f"{place}: source: {error}") from error
    if source.authority not in AUTHORITIES or source.review not in REVIEWS:
        raise DeclarationError(f"{place}: authority is one of {list(AUTHORITIES)}, review one of {list(REVIEWS)}")
    return source


def _record(item: dict[str, Any], declared: Collection, source: Source, place: str) -> Record:
    for name in ("id", "title"):
        if name not in item:
            raise DeclarationError(f"{place}: {name!r} is missing")
    relations = tuple(_relation(raw, place) for raw in item.get("relations", ()))
    try:
        citations = tuple(Citation(**raw) for raw in item.get("citations", ()))
        fields = declared.parse({k: v for k, v in item.items() if k not in _RECORD_KEYS})
    except (TypeError, FieldError) as error:
        raise DeclarationError(f"{place}: {error}") from error
    return Record(
        item["id"], declared.name, item["title"], fields, (source,), citations, relations, (), item.get("locator", "")
    )


def _relation(raw: Mapping[str, Any], place: str) -> Relation:
    try:
        relation = Relation(**raw)
    except TypeError as error:
        raise DeclarationError(f"{place}: relation: {error}") from error
    if relation.kind not in RELATIONS:
        raise DeclarationError(f"{place}: relation kind {relation.kind!r}; accepted: {', '.join(RELATIONS)}")
    return relation


def _rows(table: Path, declared: Collection, source: Source) -> Iterator[Record]:
    with table.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            place = f"{table.name}:{number}"
            if None in row or None in row.values():
                raise DeclarationError(f"{place}: the row has more or fewer cells than the header")
            cells = {name: value for name, value in row.items() if value}
            yield _row(cells, declared, source, place)


def _row(cells: dict[str, str], declared: Collection, source: Source, place: str) -> Record:
    raw: dict[str, Any] = {}
    for name, value in cells.items():
        if name not in _ROW_KEYS:
            many = name in declared.fields and declared.fields[name].many
            raw[name] = value.split(_SEPARATOR) if many else value
    page = int(cells["page"]) if "page" in cells else None
    citation = Citation(
        cells.get("document", source.title), cells.get("locator", ""), cells.get("number", source.number), page
    )
    item = {"id": cells.get("id"), "title": cells.get("title"), "locator": cells.get("locator", ""), **raw}
    made = _record({k: v for k, v in item.items() if v is not None}, declared, source, place)
    return Record(made.id, made.collection, made.title, made.fields, made.sources, (citation,), (), (), made.locator)


def _refuse_unknown(raw: Mapping[str, object], known: set[str], place: str) -> None:
    for name in raw:
        if name not in known:
            raise DeclarationError(f"{place}: unknown key {name!r}; accepted: {', '.join(sorted(known))}")
