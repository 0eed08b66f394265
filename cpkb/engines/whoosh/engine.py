"""The engine on disk: folders of built indexes, the one that is CURRENT, one writer at a time.

index/CURRENT        the name of the folder in use (replaced atomically)
index/LOCK           held by the writer
index/built-000001/  a Whoosh index, with STATE.json: the store revision and the fingerprint it was built for
index/vectors.bin    vectors of the passages' meanings, by key: any built index finds its own in it
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index

from cpkb.engines.engine import FEATURES, EngineQuery, EngineResults, EngineStatus, IndexedPassage
from cpkb.engines.ranking import Ranking
from cpkb.engines.vectors import Floats, VectorFile
from cpkb.engines.whoosh.schema import schema
from cpkb.engines.whoosh.searcher import Searcher
from cpkb.engines.whoosh.segment import stored_values
from cpkb.errors import IndexBusyError

LAYOUT = "9"  # bump when schema or stored values change: the fingerprint changes with it
WRITER_MEGABYTES = 192  # Whoosh keeps this much of a batch in memory before it sorts to disk


_NAME = re.compile(r"built-\d{6}")


class _Writer:
    """Puts and drops records in a Whoosh writer."""

    def __init__(self, writer: Any, *, is_new: bool) -> None:
        self._writer = writer
        self._is_new = is_new

    def put(self, record_id: str, passages: Iterable[IndexedPassage]) -> None:
        if not self._is_new:
            self.drop(record_id)
        for passage in passages:
            fields: dict[str, Any] = {}
            for zone, terms in passage.zones.items():
                fields[f"{zone}_words"] = terms.words
                fields[f"{zone}_grams"] = terms.grams
            self._writer.add_document(
                record=record_id,
                values=stored_values(passage),
                codes=passage.codes,
                own_codes=passage.own_codes,
                **fields,
            )

    def drop(self, record_id: str) -> None:
        self._writer.delete_by_term("record", record_id)


class WhooshEngine:
    """Keeps the built index in ``folder``; ``fingerprint`` names the analysis and facets it must be built with."""

    def __init__(self, folder: Path, ranking: Ranking, fingerprint: str) -> None:
        self._folder = folder
        self._ranking = ranking
        self.fingerprint = f"whoosh-{LAYOUT}-{fingerprint}"
        self._vectors = VectorFile(folder / "vectors.bin")
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._seen: tuple[str, int] | None = None

    # reading

    def search(self, query: EngineQuery) -> EngineResults:
        """See the port."""
        searcher = self._open()
        return searcher.search(query) if searcher else EngineResults((), 0, 0, {})

    def knows(self, gram: str) -> bool:
        """See the port."""
        searcher = self._open()
        return searcher is not None and searcher.knows(gram)

    def without_vector(self, keys: Sequence[int]) -> list[int]:
        """See the port."""
        wanted = np.unique(np.array([key for key in keys if key], dtype=np.uint64))
        return [int(key) for key in wanted[self._vectors.table().rows(wanted) < 0]]

    def add_vectors(self, keys: Sequence[int], vectors: Floats) -> None:
        """See the port."""
        with self._writer_lock():
            self._vectors.append(keys, vectors)

    def status(self) -> EngineStatus:
        """See the port."""
        state, searcher = self._state(), self._open()
        if searcher is None:
            return EngineStatus(-1, "", 0, 0, 0)
        size = sum(f.stat().st_size for f in self._current().iterdir())
        held = searcher.passages, searcher.terms, size, searcher.vectors
        return EngineStatus(state["revision"], state["fingerprint"], *held)

    def revision(self) -> int:
        """The revision caught up with, -1 when there is no index or it was built with other analysis."""
        state = self._state()
        return int(state["revision"]) if state["fingerprint"] == self.fingerprint else -1

    def can(self, feature: str) -> bool:
        """See the port."""
        if feature == "meaning":
            searcher = self._open()
            return searcher is not None and searcher.has_meaning
        return feature in FEATURES

    def close(self) -> None:
        """See the port."""
        self._searcher = None
        self._seen = None

    def _current(self) -> Path:
        name = (self._folder / "CURRENT").read_text(encoding="utf-8").strip()
        folder = self._folder / name
        # Opening an index runs what a crafted one holds: only folders made here are opened, never ones linked in.
        if not _NAME.fullmatch(name) or folder.is_symlink():
            raise FileNotFoundError(folder)
        return folder

    def _state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads((self._current() / "STATE.json").read_text(encoding="utf-8"))
            return {"revision": int(state["revision"]), "fingerprint": str(state["fingerprint"])}
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return {"revision": -1, "fingerprint": ""}  # what cannot be read is rebuilt

    def _open(self) -> Searcher | None:
        """The searcher of the newest committed generation; reopened when that changes.

        None when nothing is built, or what is built has another layout and waits to be rebuilt.
        """
        if not self._state()["fingerprint"].startswith(f"whoosh-{LAYOUT}-"):
            return None
        try:
            current = self._current()
            generation = _generation(current)
        except FileNotFoundError:
            return None
        seen = (current.name, generation)
        if self._seen == seen:
            return self._searcher
        with self._lock:
            if self._seen != seen:
                opened = whoosh_index.open_dir(str(current), schema=schema())
                self._searcher = Searcher(opened.reader(), self._ranking, self._vectors)
                self._seen = seen
        return self._searcher

    # writing

    @contextmanager
    def writing(self, revision: int, *, rebuild: bool = False) -> Iterator[_Writer]:
        """See the port. Nothing is visible, and CURRENT is untouched, until the block ends without an error."""
        with self._writer_lock():
            is_new = rebuild or self.revision() < 0
            folder = self._new_folder() if is_new else self._current()
            opened = whoosh_index.open_dir(str(folder), schema=schema()) if not is_new else _create(folder)
            writer = opened.writer(limitmb=WRITER_MEGABYTES)
            try:
                yield _Writer(writer, is_new=is_new)
            except BaseException:
                writer.cancel()
                if is_new:
                    shutil.rmtree(folder)
                raise
            writer.commit()
            _write_atomically(
                folder / "STATE.json", json.dumps({"revision": revision, "fingerprint": self.fingerprint})
            )
            if is_new:
                _write_atomically(self._folder / "CURRENT", folder.name)
                self._remove_old(folder)

    @contextmanager
    def _writer_lock(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "LOCK").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusyError("索引正由另一个进程更新；资料已存好，稍后会自动补上") from error
            yield

    def _new_folder(self) -> Path:
        numbers = [int(f.name.rsplit("-", 1)[1]) for f in self._folder.iterdir() if _NAME.fullmatch(f.name)]
        folder = self._folder / f"built-{max(numbers, default=0) + 1:06d}"
        folder.mkdir()
        return folder

    def _remove_old(self, current: Path) -> None:
        """Folders before the one just replaced: readers may still hold that one open until their next question."""
        others = sorted(f for f in self._folder.glob("built-*") if f != current)
        for folder in others[:-1]:
            shutil.rmtree(folder)


def _create(folder: Path) -> Any:
    return whoosh_index.create_in(str(folder), schema())


def _generation(folder: Path) -> int:
    """The newest table of contents of a Whoosh folder, by its file name ``_MAIN_<n>.toc``."""
    numbers = [int(f.stem.rsplit("_", 1)[1]) for f in folder.glob("_MAIN_*.toc")]
    if not numbers:
        raise FileNotFoundError(folder)
    return max(numbers)


def _write_atomically(file: Path, text: str) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
