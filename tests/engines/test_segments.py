"""Segments on disk: columns that are whole or refused, files any Whoosh reads, merges that change no answer."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from whoosh import formats
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo
from whoosh.filedb.filestore import FileStorage
from whoosh.util.numeric import byte_to_length

from cpkb.engines.engine import Unfinished
from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import EngineQuery, Every
from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh.columns import Array, DamagedColumnsError, Strings, open_columns, strings, write_columns
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.engines.whoosh.inverted import CHUNK, LAST_POSITION, Dictionary, dictionary, hash_of, hashes, invert, keys_of
from cpkb.engines.whoosh.merging import MOST_SEGMENTS, merged, to_merge
from cpkb.engines.whoosh.segment import Segment
from cpkb.engines.whoosh.whoosh_files import _posted
from tests.engines.opened import fill, ids
from tests.engines.passages import passage, placed_grams, row, words
from tests.engines.test_exactness import WORDS, Random
from tests.engines.test_whoosh import RANKING, open_whoosh

ARRAYS: dict[str, Array] = {
    "bytes": np.arange(7, dtype=np.uint8),
    "none": np.zeros(0, dtype=np.float64),
    "numbers": np.linspace(-1, 1, 33),
    "last": np.zeros(0, dtype=np.int32),
}


def committed(folder: Path) -> Path:
    """The folder in use."""
    return folder / (folder / "CURRENT").read_text(encoding="utf-8").split()[0]


class TestColumns:
    def test_arrays_come_back_as_they_went(self, tmp_path: Path) -> None:
        write_columns(tmp_path / "a.columns", ARRAYS)
        found = open_columns(tmp_path / "a.columns", verify=True)
        assert list(found) == list(ARRAYS)
        for name, array in ARRAYS.items():
            assert (found[name].dtype, found[name].tolist()) == (array.dtype, array.tolist())

    def test_what_is_mapped_cannot_be_written(self, tmp_path: Path) -> None:
        write_columns(tmp_path / "a.columns", ARRAYS)
        with pytest.raises(ValueError, match="read-only"):
            open_columns(tmp_path / "a.columns")["bytes"][0] = 1

    @pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
    def test_a_file_that_was_cut_off_is_refused(self, tmp_path: Path, share: float) -> None:
        file = tmp_path / "a.columns"
        write_columns(file, ARRAYS)
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(DamagedColumnsError, match=r"a\.columns"):
            open_columns(file)

    @pytest.mark.parametrize("at", [0, 9, 17, 30])
    def test_a_damaged_head_is_refused(self, tmp_path: Path, at: int) -> None:
        file = tmp_path / "a.columns"
        write_columns(file, ARRAYS)
        data = bytearray(file.read_bytes())
        data[at] ^= 1
        file.write_bytes(data)
        with pytest.raises(DamagedColumnsError):
            open_columns(file)

    def test_a_changed_byte_is_found_where_all_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "a.columns"
        write_columns(file, ARRAYS)
        data = bytearray(file.read_bytes())
        data[-100] ^= 1  # among the numbers: arrays without items and what fills up the last 64 bytes come after
        file.write_bytes(data)
        with pytest.raises(DamagedColumnsError, match="numbers"):
            open_columns(file, verify=True)

    def test_strings_of_any_script_come_back(self) -> None:
        texts = ["", "铬", "Cr⁶⁺", "𠮷", "a b"]
        assert list(Strings(*strings(texts))) == texts
        assert [Strings(*strings(texts))[at] for at in range(5)] == texts


def occurrences(held: Dictionary) -> Iterator[tuple[int, int, int, int]]:
    """(term, row, zone, place) of every one, in that order."""
    for number in range(len(held.terms)):
        for posting in range(*held.extent(number).indices(len(held.rows))):
            places = iter(held.positions[held.begin(posting) : held.begin(posting + 1)].tolist())
            for zone, counts in enumerate(held.counts):
                many = int(counts[posting]) if counts is not None else 0
                yield from ((number, int(held.rows[posting]), zone, place) for place in islice(places, many))


class TestInverting:
    def test_many_terms_hash_as_one_does(self) -> None:
        terms = ["", "铬", "含铬废水", "a", "ab", "x" * 300, "𠮷"]
        assert hashes(*strings(terms)).tolist() == [hash_of(term.encode()) for term in terms]
        assert hash_of(b"foobar") == 0x85944171F73967E8, "the value its authors give"

    def test_every_occurrence_is_found_under_its_term(self) -> None:
        source = random.Random(1)  # noqa: S311 — no secret
        terms = sorted(f"词{number}" for number in range(50))
        told = sorted({
            (source.randrange(50), source.randrange(40), source.randrange(3), source.randrange(9)) for _ in range(2000)
        })  # fmt: skip
        keys = np.concatenate([
            keys_of(np.array([t]), np.array([r]), z, np.array([p])) for t, r, z, p in source.sample(told, len(told))
        ])  # fmt: skip
        arrays = {f"k.{name}": array for name, array in invert(terms, keys, 3, placed=True).items()}
        held = dictionary(arrays, "k", 3)
        assert list(occurrences(held)) == told
        assert [held.find(term) for term in terms] == list(range(50))
        assert held.find("无") == -1

    def test_a_kind_without_any_term_has_all_its_arrays(self) -> None:
        made = invert([], np.zeros(0, np.uint64), 3, placed=True)
        assert made.pop("starts").tolist() == [0]
        assert {name: len(array) for name, array in made.items() if len(array)} == {}
        assert {"rows", "counts0", "counts1", "counts2", "blocks", "positions"} <= set(made)

    def test_postings_never_part_where_they_are_made_in_pieces(self) -> None:
        keys = keys_of(np.zeros(CHUNK + 5, np.uint32), np.repeat([0, 1], [10, CHUNK - 5]), 0, 0)
        held = invert(["词"], keys, 1, placed=False)
        assert (held["rows"].tolist(), held["counts0"].tolist()) == ([0, 1], [10, CHUNK - 5])

    def test_places_beyond_the_last_are_kept_at_it(self, tmp_path: Path) -> None:
        engine = open_whoosh(tmp_path, "one")
        text = f"a {'/ ' * LAST_POSITION}/ b c"
        fill(engine, [passage("long", text)])
        assert ids(engine, words("b")) == ["long"]


def sample(count: int = 40) -> list[IndexedPassage]:
    made = Random()
    return [p for number in range(count) for p in made.record(f"r{number:03}")]


class TestWhooshReadsIt:
    """A Whoosh that knows nothing of columns."""

    def test_every_term_with_its_passages_and_frequencies(self, tmp_path: Path) -> None:
        made = sample()
        fill(open_whoosh(tmp_path, "one"), made)
        told: dict[tuple[str, bytes], dict[tuple[str, int], float]] = defaultdict(dict)
        for p in made:
            cut = {f"{zone}_words": p.zones[zone].words for zone in ZONES}
            cut |= {f"{zone}_grams": tuple(gram for gram, _ in placed_grams(p.zones[zone])) for zone in ZONES}
            for field, held in (cut | {"codes": p.codes, "own_codes": p.own_codes, "record": (p.record_id,)}).items():
                for term, many in Counter(held).items():
                    told[field, term.encode()][p.record_id, p.ordinal] = many
        with whoosh_index.open_dir(str(committed(tmp_path)), readonly=True).reader() as reader:
            assert set(reader.all_terms()) == set(told)
            for (field, encoded), expected in told.items():
                matcher, found = reader.postings(field, encoded), {}
                while matcher.is_active():
                    stored = reader.stored_fields(matcher.id())
                    found[stored["record"], stored["ordinal"]] = matcher.weight()
                    matcher.next()
                assert found == expected, (field, encoded)
                assert reader.doc_frequency(field, encoded) == len(expected)

    @pytest.mark.parametrize(
        "held",
        [
            {5: 1},
            {5: 300},
            {0: 1, 1: 1},
            {0: 2, 1: 2, 9: 2},
            {0: 1, 1: 3},
            dict.fromkeys(range(128), 1),
            dict.fromkeys(range(129), 1),
            dict.fromkeys(range(0, 1024, 2), 2) | {1025: 1},
            {0: 1, 65_535: 1, 70_000: 1},
            {1: 1, 65_537: 2, 69_999: 1},
            {row: 1 + row % 3 for row in range(69_700, 70_001)},
        ],
        ids=lambda held: f"{len(held)} rows, the last {max(held)}",
    )
    def test_postings_of_any_number_and_distance(self, tmp_path: Path, held: dict[int, int]) -> None:
        storage, lengths = FileStorage(str(tmp_path)), np.arange(70_001).astype(np.uint8)
        rows, counts = np.array(list(held), dtype=np.uint32), np.array(list(held.values()), dtype=np.uint16)
        with storage.create_file("postings") as out:
            out.write(b"what stands before")
            (info,) = _posted(rows, counts, np.array([len(held)]), lengths, out)
        told = W3TermInfo.from_bytes(info)
        assert (told.doc_frequency(), told.weight(), told.max_weight()) == (len(held), counts.sum(), counts.max())
        assert (told.min_id(), told.max_id()) == (min(held), max(held))
        assert told.min_length() == byte_to_length(int(lengths[rows].min()))
        found = {}
        with closing(storage.open_file("postings")) as opened:
            matcher = W3Codec().postings_reader(opened, told, formats.Existence())
            while matcher.is_active():
                found[matcher.id()] = matcher.weight()
                assert matcher.block_max_weight() >= matcher.weight()
                matcher.next()
        assert found == held

    def test_its_own_search_finds_the_same_passages(self, tmp_path: Path) -> None:
        engine = open_whoosh(tmp_path, "one")
        fill(engine, sample())
        with whoosh_index.open_dir(str(committed(tmp_path)), readonly=True).searcher() as searcher:
            hits = searcher.search(whoosh_query.Term("text_words", WORDS[3]), limit=None)
            ours = engine.search(EngineQuery(words(WORDS[3]), grouped=False, limit=1000)).hits
            assert {(h["record"], h["ordinal"]) for h in hits} <= {(h.record_id, h.ordinal) for h in ours}
            assert hits.scored_length() > 0


def many_segments(folder: Path, made: list[IndexedPassage]) -> WhooshEngine:
    engine = open_whoosh(folder, "one")
    size = len(made) // (MOST_SEGMENTS + 4)
    records: dict[str, list[IndexedPassage]] = {}
    for p in made:
        records.setdefault(p.record_id, []).append(p)
    own = list(records.values())
    for revision, at in enumerate(range(0, len(own), max(size // 3, 1)), 1):
        fill(engine, [p for group in own[at : at + max(size // 3, 1)] for p in group], revision)
    with engine.writing(1000) as writer:
        for name in list(records)[5:15]:
            writer.drop(name)
    return engine


class TestMerging:
    QUESTIONS = (words(" ".join(WORDS[:2])), words(f"{WORDS[7]} {WORDS[30]}"), row(" ".join(WORDS[1:4:2])), Every())

    def told(self, engine: WhooshEngine) -> list[object]:
        return [engine.search(EngineQuery(q, grouped=False, limit=1000, facets=("kind",))) for q in self.QUESTIONS]

    def test_no_answer_changes(self, tmp_path: Path) -> None:
        engine = many_segments(tmp_path, sample())
        searcher = engine._open()
        assert searcher is not None
        assert len(searcher.segments) > MOST_SEGMENTS
        before = self.told(engine)
        while engine.merge():
            assert engine.revision() == 1000, "a merge is no change of what is held"
        tidied = engine._open()
        assert tidied is not None
        assert len(tidied.segments) <= MOST_SEGMENTS
        assert self.told(engine) == before

    def test_what_does_not_fit_in_the_memory_given_is_not_merged(self, tmp_path: Path) -> None:
        searcher = many_segments(tmp_path, sample())._open()
        assert searcher is not None
        whole = [segment for segment in searcher.segments if not segment.deleted]
        assert len(whole) > MOST_SEGMENTS
        assert len(to_merge(whole, 160)) > 1
        assert to_merge(whole, 0) == []

    @pytest.mark.parametrize("chunk", [1, 7, 100])
    def test_postings_are_the_same_copied_in_few_stretches_or_many(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
    ) -> None:
        searcher = many_segments(tmp_path, sample())._open()
        assert searcher is not None
        assert any(len(segment.deleted) for segment in searcher.segments)
        at_once = merged(searcher.segments, tmp_path)
        monkeypatch.setattr("cpkb.engines.whoosh.merging.CHUNK", chunk)
        in_pieces = merged(searcher.segments, tmp_path)
        assert {name: array.tolist() for name, array in in_pieces.items()} == {
            name: array.tolist() for name, array in at_once.items()
        }

    def test_what_is_deleted_meanwhile_stays_deleted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

        engine = many_segments(tmp_path, sample())

        def merged_while_another_writes(chosen: Sequence[Segment], folder: Path) -> dict[str, Array]:
            made = merged(chosen, folder)
            with open_whoosh(tmp_path, "one").writing(1001) as writer:
                writer.drop("r020")
                writer.put("r021", [passage("r021", f"{WORDS[0]} 新")])
            return made

        monkeypatch.setattr("cpkb.engines.whoosh.engine.merged", merged_while_another_writes)
        assert engine.merge()
        assert engine.revision() == 1001
        assert ids(engine, words("新")) == ["r021"]
        records = {hit.record_id for hit in engine.search(EngineQuery(Every(), limit=1000)).hits}
        assert "r020" not in records
        assert len(records) == 29

    def test_the_files_of_merged_segments_are_removed(self, tmp_path: Path) -> None:
        engine = many_segments(tmp_path, sample())
        while engine.merge():
            pass
        searcher = engine._open()
        assert searcher is not None
        columns = {file.stem for file in committed(tmp_path).glob("*.columns")}
        assert columns == {segment.name for segment in searcher.segments}


class TestBuilding:
    def test_a_build_that_was_cut_off_is_gone_on_with(self, tmp_path: Path) -> None:
        engine = WhooshEngine(tmp_path, RANKING, "one", megabytes=1)  # every record becomes a segment at once
        made = sample(6)
        with suppress(KeyboardInterrupt), engine.writing(7, rebuild=True) as writer:
            for name in ("r000", "r001", "r002"):
                writer.put(name, [p for p in made if p.record_id == name])
            raise KeyboardInterrupt
        assert (engine.unfinished(), engine.revision()) == (Unfinished(7, "r002"), -1)
        with engine.writing(8, rebuild=True, resume=True) as writer:
            for name in ("r001", "r003", "r004", "r005"):
                writer.put(name, [p for p in made if p.record_id == name])
        assert (engine.unfinished(), engine.revision()) == (None, 8)
        whole = open_whoosh(tmp_path / "whole", "one")
        fill(whole, made)
        for question in TestMerging.QUESTIONS:
            query = EngineQuery(question, grouped=False, limit=1000)
            assert engine.search(query).hits == whole.search(query).hits

    def test_a_build_by_another_analysis_is_not_gone_on_with(self, tmp_path: Path) -> None:
        engine = WhooshEngine(tmp_path, RANKING, "one", megabytes=1)
        with suppress(KeyboardInterrupt), engine.writing(7, rebuild=True) as writer:
            writer.put("a", [passage("a", "铬")])
            raise KeyboardInterrupt
        other = open_whoosh(tmp_path, "two")
        assert other.unfinished() is None
        fill(other, [passage("b", "铬")])
        assert ids(other, words("铬")) == ["b"]
        assert engine.unfinished() is None

    def test_damaged_columns_count_as_not_built(self, tmp_path: Path) -> None:
        engine = open_whoosh(tmp_path, "one")
        fill(engine, [passage("a", "铬")])
        engine.close()
        (file,) = committed(tmp_path).glob("*.columns")
        file.write_bytes(b"damaged")
        engine = open_whoosh(tmp_path, "one")
        assert (engine.revision(), engine.search(EngineQuery()).total) == (-1, 0)
        fill(engine, [passage("a", "铬")], 2)
        assert ids(engine, words("铬")) == ["a"]
