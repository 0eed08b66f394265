"""The engines that `benchmarks.speed` measures: each builds and answers from the same terms.

Two indexes each: over one field of terms with their places, and over four (terms and pairs of characters, of title and
text). Every answer is a list of (passage number, score), the number read from the index. An engine is imported when
it is opened, so that a process holds one of them only.
"""

from __future__ import annotations

import importlib
import importlib.util
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from benchmarks.passages import Asked, Passage, grams

REPO = Path(__file__).resolve().parents[1]
Hits = list[tuple[int, float]]
KINDS = {
    "or": "OR, top 10",
    "and": "AND, top 10",
    "filter": "OR + filter",
    "facet": "OR + facet counts",
    "phrase": "phrase",
    "fields": "four fields, OR",
}
MEGABYTES = 512  # what a writer may hold before it writes: as much for every engine that can be told


class Peer(Protocol):
    """An engine with an index in a folder of its own."""

    def build(self, passages: Iterable[Passage], *, fields: bool) -> None:
        """Index passages under their numbers; with ``fields`` in four fields, else in one."""
        ...

    def ask(self, kind: str, asked: Asked, limit: int = 10) -> Hits:
        """The best passages for a question of a kind."""
        ...

    def counts(self) -> Mapping[str, int]:
        """What the last question of the kind facet counted, by category."""
        ...


def texts(passage: Passage) -> dict[str, str]:
    """The four fields with their terms between spaces."""
    pairs = {"title_grams": grams(passage.title_text), "text_grams": grams(passage.text)}
    held = {"title": passage.title, "text": passage.terms, **pairs}
    return {name: " ".join(terms) for name, terms in held.items()}


FOUR = ("title", "text", "title_grams", "text_grams")


def kinds_of(name: str, asked: Asked) -> Sequence[str]:
    """What is asked of one of the four fields."""
    return asked.grams if name.endswith("grams") else asked.terms


class Cpkb:
    """This project's engine. The one field is the grams of the text, which have places; so do pairs of characters."""

    def __init__(self, folder: Path) -> None:
        from cpkb.engines import passage, query
        from cpkb.engines.ranking import load_ranking
        from cpkb.engines.whoosh.engine import WhooshEngine

        self._going_in, self._asked = passage, query
        self._engine = WhooshEngine(folder, load_ranking(REPO / "index" / "ranking.toml"), "speed")
        self._counts: Mapping[str, int] = {}

    def build(self, passages: Iterable[Passage], *, fields: bool) -> None:
        """See the protocol; segments are merged as the program's worker merges them."""
        with self._engine.writing(1, rebuild=True) as writer:
            for number, passage in enumerate(passages):
                record = f"{number:08}"  # in the order of ids, as a rebuild wants it
                writer.put(record, [self._indexed(record, passage, fields=fields)])
        while self._engine.merge():
            pass

    def _indexed(self, record: str, passage: Passage, *, fields: bool) -> Any:
        zone, none = self._going_in.ZoneTerms, self._going_in.ZoneTerms()
        zones = {"title": none, "heading": none, "text": zone((), *_placed(passage.terms))}
        if fields:
            zones["title"] = zone(tuple(passage.title), *_placed(grams(passage.title_text)))
            zones["text"] = zone(tuple(passage.terms), *_placed(grams(passage.text)))
        return self._going_in.IndexedPassage(
            record_id=record, ordinal=0, zones=zones, codes=(), own_codes=(), title="",
            values={"cat": (passage.category,)}, interval=None,
        )  # fmt: skip

    def ask(self, kind: str, asked: Asked, limit: int = 10) -> Hits:
        """See the protocol."""
        found = self._engine.search(self._query(kind, asked, limit))
        self._counts = found.facets.get("cat", {})
        return [(int(hit.record_id), hit.score) for hit in found.hits]

    def _query(self, kind: str, asked: Asked, limit: int) -> Any:
        scored, query = self._asked.Scored, partial(self._asked.EngineQuery, grouped=False, limit=limit, counted=False)
        terms = tuple(("grams", term) for term in asked.terms)
        if kind == "phrase":
            return query(match=self._asked.InARow(tuple(zip(*_placed(asked.phrase), strict=True)), ("text",)))
        if kind == "and":
            return query(match=scored(terms, len(terms)))
        if kind == "filter":
            return query(match=scored(terms), filters=(("cat", (asked.category,)),))
        if kind == "facet":
            return query(match=scored(terms), facets=("cat",))
        both = (*(("words", term) for term in asked.terms), *(("grams", gram) for gram in asked.grams))
        return query(match=scored(both if kind == "fields" else terms))

    def counts(self) -> Mapping[str, int]:
        """See the protocol."""
        return self._counts


def _placed(terms: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    return tuple(terms), tuple(range(len(terms)))


class Tantivy:
    """The engine in Rust, through its Python package. Numbers are read from its fast column, not its store."""

    def __init__(self, folder: Path) -> None:
        self._t = importlib.import_module("tantivy")
        folder.mkdir(parents=True, exist_ok=True)
        held = self._t.Index.exists(str(folder))
        self._index = self._t.Index.open(str(folder)) if held else None
        self._folder = folder
        self._searcher = self._index.searcher() if self._index else None
        self._counts: Mapping[str, int] = {}

    def build(self, passages: Iterable[Passage], *, fields: bool) -> None:
        """See the protocol; one thread, as the others have."""
        schema = self._t.SchemaBuilder().add_integer_field("id", fast=True)
        schema = schema.add_text_field("cat", fast=True, tokenizer_name="raw", index_option="basic")
        for name in FOUR if fields else FOUR[1:2]:
            option = "freq" if fields and not name.endswith("grams") else "position"
            schema = schema.add_text_field(name, tokenizer_name="whitespace", index_option=option)
        self._index = self._t.Index(schema.build(), path=str(self._folder))
        writer = self._index.writer(MEGABYTES << 20, 1)
        for number, passage in enumerate(passages):
            held = texts(passage) if fields else {"text": " ".join(passage.terms)}
            writer.add_document(self._t.Document(id=number, cat=passage.category, **held))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, kind: str, asked: Asked, limit: int = 10) -> Hits:
        """See the protocol."""
        assert self._searcher, "nothing is built"  # noqa: S101 — a slip of this program, not of its user
        query = self._query(kind, asked)
        if kind == "facet":
            counted = self._searcher.aggregate(query, {"cat": {"terms": {"field": "cat", "size": 1000}}})
            self._counts = {bucket["key"]: bucket["doc_count"] for bucket in counted["cat"]["buckets"]}
        found = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values("id", [address for _, address in found])
        return [(number, score) for number, (score, _) in zip(numbers, found, strict=True)]

    def _query(self, kind: str, asked: Asked) -> Any:
        query, occur, schema = self._t.Query, self._t.Occur, self._index.schema if self._index else None
        if kind == "phrase":
            return query.phrase_query(schema, "text", list(asked.phrase))
        how = occur.Must if kind == "and" else occur.Should
        names = FOUR if kind == "fields" else FOUR[1:2]
        terms = [(how, query.term_query(schema, name, term)) for name in names for term in kinds_of(name, asked)]
        if kind != "filter":
            return query.boolean_query(terms)
        wanted = query.const_score_query(query.term_query(schema, "cat", asked.category), 0.0)
        return query.boolean_query([(occur.Must, query.boolean_query(terms)), (occur.Must, wanted)])

    def counts(self) -> Mapping[str, int]:
        """See the protocol."""
        return self._counts


class Fts5:
    """SQLite's full text search, without a copy of the texts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "fts5.sqlite", isolation_level=None)
        self._database.executescript("PRAGMA mmap_size=4000000000; PRAGMA cache_size=-200000")  # all of it in memory
        self._counts: Mapping[str, int] = {}

    def build(self, passages: Iterable[Passage], *, fields: bool) -> None:
        """See the protocol; everything in one transaction, then merged into one."""
        names = FOUR if fields else FOUR[1:2]
        # To the ASCII tokenizer every character beyond ASCII is part of a word: the terms stay as they are cut.
        options = "content='', tokenize='ascii'"
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            f"CREATE VIRTUAL TABLE passages USING fts5({', '.join(names)}, {options});"
            "CREATE TABLE kept(id INTEGER PRIMARY KEY, cat TEXT)"
        )
        self._database.execute("BEGIN")
        insert = f"INSERT INTO passages(rowid, {', '.join(names)}) VALUES (?{', ?' * len(names)})"  # noqa: S608 — our own names
        for number, passage in enumerate(passages):
            held = texts(passage) if fields else {"text": " ".join(passage.terms)}
            self._database.execute(insert, (number, *held.values()))
            self._database.execute("INSERT INTO kept VALUES (?, ?)", (number, passage.category))
        self._database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        self._database.execute("CREATE INDEX by_cat ON kept(cat)")
        self._database.execute("COMMIT")

    def ask(self, kind: str, asked: Asked, limit: int = 10) -> Hits:
        """See the protocol."""
        wanted = _match(kind, asked)
        if kind == "facet":
            counted = "SELECT cat, count(*) FROM passages JOIN kept ON kept.id = passages.rowid WHERE passages MATCH ?"
            self._counts = dict(self._database.execute(f"{counted} GROUP BY cat", (wanted,)))
        best = "SELECT passages.rowid, -rank FROM passages {} WHERE passages MATCH ? {} ORDER BY rank LIMIT ?"
        joined = best.format("JOIN kept ON kept.id = passages.rowid", "AND cat = ?")
        if kind == "filter":
            return self._database.execute(joined, (wanted, asked.category, limit)).fetchall()
        return self._database.execute(best.format("", ""), (wanted, limit)).fetchall()

    def counts(self) -> Mapping[str, int]:
        """See the protocol."""
        return self._counts


def _match(kind: str, asked: Asked) -> str:
    if kind == "phrase":
        return f'"{" ".join(asked.phrase)}"'
    if kind != "fields":
        return (" AND " if kind == "and" else " OR ").join(f'"{term}"' for term in asked.terms)
    words, pairs = (" OR ".join(f'"{term}"' for term in terms) for terms in (asked.terms, asked.grams))
    return f"{{title text}} : ({words})" + (f" OR {{title_grams text_grams}} : ({pairs})" if pairs else "")


PEERS: Mapping[str, Callable[[Path], Peer]] = {"cpkb": Cpkb, "cpkb+numba": Cpkb, "tantivy": Tantivy, "fts5": Fts5}
INDEX_OF = {"cpkb+numba": "cpkb"}
"""One that asks what another has built."""
NEEDS = {"cpkb+numba": "numba", "tantivy": "tantivy"}
"""What must be installed beside the program."""


def missing(name: str) -> str:
    """The package that an engine needs and that is not there; '' where nothing is missing."""
    needed = NEEDS.get(name, "")
    return needed if needed and importlib.util.find_spec(needed) is None else ""
