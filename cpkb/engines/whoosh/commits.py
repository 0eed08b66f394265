"""What an engine's folder has committed: one line in CURRENT, replaced atomically, decides for everyone.

index/CURRENT        folder, generation, store revision, fingerprint
index/LOCK           held by whoever commits
index/PROGRESS       the same line for a build that has not ended, and the last record it holds
index/MERGE          held by whoever merges
index/merging/       a segment on its way to take the place of others
index/built-000001/  a Whoosh index: its table of contents by generation, the files of its segments, their columns
index/vectors.bin    vectors of the passages' meanings, by key: any built index finds its own in it
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from cpkb.engines.whoosh.columns import SUFFIX, Array, open_columns, write_columns
from cpkb.engines.whoosh.schema import schema
from cpkb.engines.whoosh.segment import Segment
from cpkb.engines.whoosh.whoosh_files import write_files

MERGING = "merging"
INDEX = "MAIN"  # Whoosh's own name for the only index of a folder
_LINE = re.compile(r"(built-\d{6}) (\d+) (-?\d+) (\S+)(?: (.+))?\n")


@dataclass(frozen=True, slots=True)
class Commit:
    """What a line tells."""

    folder: str
    generation: int
    revision: int
    fingerprint: str
    last: str = ""
    """Of a build that has not ended the last record it holds; its revision is the one it builds for."""

    def line(self) -> str:
        """As it stands in the file."""
        return " ".join(
            filter(None, (self.folder, str(self.generation), str(self.revision), self.fingerprint, self.last))
        )


class Commits:
    """The commits of one engine's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / "CURRENT"  # every question looks whether it has changed

    def current(self) -> Commit | None:
        """The last commit; None when nothing is built, or what is there was not made here."""
        return self._read("CURRENT")

    def progress(self) -> Commit | None:
        """How far a build came that has not ended."""
        return self._read("PROGRESS")

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every commit; None when there is none."""
        try:
            found = self._current.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _read(self, name: str) -> Commit | None:
        try:
            line = _LINE.fullmatch((self.folder / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        # Opening an index runs what a crafted one holds: only folders made here are opened, never ones linked in.
        if not line or (self.folder / line[1]).is_symlink():
            return None
        return Commit(line[1], int(line[2]), int(line[3]), line[4], line[5] or "")

    def segments(self, commit: Commit, known: Mapping[str, Segment]) -> list[Segment]:
        """The segments of a commit; those ``known`` by name are taken over.

        Raises OSError where a newer commit has removed them, DamagedColumnsError where their columns are not whole.
        """
        folder = self.folder / commit.folder
        found = []
        for told in TOC.read(FileStorage(str(folder)), INDEX, commit.generation, schema()).segments:
            name, deleted = told.segment_id(), frozenset(told.deleted_docs())
            old = known.get(name)
            if old is None or old.deleted != deleted:
                found.append(Segment(name, old.arrays if old else open_columns(folder / f"{name}{SUFFIX}"), deleted))
            else:
                found.append(old)
        return found

    def add_segment(self, folder: str, arrays: dict[str, Array]) -> Segment:
        """Write a segment's files; it counts once it is committed."""
        storage = FileStorage(str(self.folder / folder))
        made = W3Codec().new_segment(storage, INDEX)
        write_files(storage, made, arrays)
        write_columns(self.folder / folder / f"{made.segment_id()}{SUFFIX}", arrays)
        return self.segment(folder, made.segment_id())

    def segment(self, folder: str, name: str) -> Segment:
        """A segment whose files are written."""
        return Segment(name, open_columns(self.folder / folder / f"{name}{SUFFIX}"))

    def merging_folder(self) -> str:
        """An empty folder for one merged segment: a commit meanwhile removes what it does not know from its own."""
        shutil.rmtree(self.folder / MERGING, ignore_errors=True)
        (self.folder / MERGING).mkdir()
        return MERGING

    def move_merged(self, segment: str, folder: str) -> None:
        """Take a merged segment's files into the folder in use."""
        merging = self.folder / MERGING
        for file in merging.glob(f"{segment}.*"):
            file.rename(self.folder / folder / file.name)
        shutil.rmtree(merging)

    def commit(self, commit: Commit, segments: Sequence[Segment]) -> Commit:
        """Make segments the next generation, of the index or (where it tells a last record) of a build under way."""
        storage = FileStorage(str(self.folder / commit.folder))
        done = replace(commit, generation=commit.generation + 1)
        told = [_told(segment) for segment in segments]
        toc = f"_{INDEX}_{done.generation}.toc"
        (self.folder / commit.folder / toc).unlink(missing_ok=True)  # of a commit that was cut off
        TOC(schema(), told, done.generation).write(storage, INDEX)
        _sync(self.folder / commit.folder)
        self._replace("PROGRESS" if done.last else "CURRENT", done.line())
        clean_files(storage, INDEX, done.generation, told)
        return done

    def _replace(self, name: str, line: str) -> None:
        partial = self.folder / f"{name}.partial"
        with partial.open("w", encoding="utf-8") as out:
            out.write(line + "\n")
            out.flush()
            os.fsync(out.fileno())
        partial.replace(self.folder / name)

    def new_folder(self) -> str:
        """An empty folder for a build; what an unfinished one left is dropped."""
        self.end_build()
        current = self.current()
        for folder in self.folder.glob("built-*"):
            if folder.is_symlink():
                folder.unlink()  # what it leads to is not ours
            elif current is None or folder.name > current.folder:
                shutil.rmtree(folder)
        number = int(current.folder.removeprefix("built-")) if current else 0
        name = f"built-{number + 1:06d}"
        (self.folder / name).mkdir()
        return name

    def drop(self, folder: str) -> None:
        """Remove the folder of a build that failed."""
        shutil.rmtree(self.folder / folder)

    def end_build(self) -> None:
        """No build is under way any more."""
        (self.folder / "PROGRESS").unlink(missing_ok=True)

    def remove_old(self) -> None:
        """Folders before the one just replaced: readers may still hold that one open until their next question."""
        current = self.current()
        others = sorted(f for f in self.folder.glob("built-*") if current is None or f.name < current.folder)
        for folder in others[:-1]:
            shutil.rmtree(folder)

    def bytes(self, commit: Commit) -> int:
        """Of all files of the folder."""
        held = 0
        for file in (self.folder / commit.folder).iterdir():
            with suppress(FileNotFoundError):  # a commit or a merge takes it away meanwhile
                held += file.stat().st_size
        return held


def _told(segment: Segment) -> W3Segment:
    """A segment as Whoosh's table of contents keeps it."""
    told = W3Segment(
        W3Codec(), INDEX, segment.size, segment.name.removeprefix(f"{INDEX}_"), set(segment.deleted) or None
    )
    totals = {field: int(lengths.sum()) for field, lengths in segment.lengths.items()}
    told._fieldlengths = totals  # noqa: SLF001 — as its own writer sets it
    return told


def _sync(folder: Path) -> None:
    """Have the files of a folder on disk before they count."""
    for file in (*folder.iterdir(), folder):
        if file.is_dir() or file.suffix != SUFFIX:
            handle = os.open(file, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
