"""What the program makes of a real file: records as an import stores them, blocks as its reader gives them."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from cpkb.errors import CpkbError
from cpkb.extract.extractor import Block
from cpkb.extract.formats import extractor_for
from cpkb.model.record import Record
from cpkb.pipeline.read_file import Job, read_file

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"
DECLARATIONS = REPO / "corpus" / "sources"


def fold(text: str) -> str:
    """A text without white space and in one width: all that a fact may differ in and still be the same."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Reading:
    """The records and blocks of a file, or why there are none."""

    records: tuple[Record, ...] = ()
    blocks: tuple[Block, ...] = ()
    failure: str = ""


@cache
def read(file: str) -> Reading:
    """Read ``guides/….pdf`` or ``laws/raw_md.tar.gz#member`` the way an import does, in this process."""
    with _on_disk(file) as path:
        data = path.read_bytes()
        job = Job(path, path.parent, f"{path.parent.name}/{path.name}", hashlib.sha256(data).hexdigest())
        result = read_file(job, DECLARATIONS)
        blocks, failure = _blocks(data, path.name)
    return Reading(result.records, blocks, result.failure or result.nothing or failure)


def _blocks(data: bytes, name: str) -> tuple[tuple[Block, ...], str]:
    try:
        return tuple(block for draft in extractor_for(name).read(data, name) for block in draft.blocks), ""
    except CpkbError as error:
        return (), str(error)


@contextmanager
def _on_disk(file: str) -> Iterator[Path]:
    """The path of a source file; a member of an archive is unpacked for as long as it is read."""
    name, _, member = file.partition("#")
    source = (SHARED if name.startswith("seeds/") else SHARED / "sources") / name
    if not member:
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / source.parent.name / PurePosixPath(member).name  # a declaration knows the folder's name
        path.parent.mkdir()
        path.write_bytes(_members(source)[member])
        yield path


@cache
def _members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as packed:
        files = [entry for entry in packed if entry.isfile()]
        return {entry.name: content.read() for entry in files if (content := packed.extractfile(entry))}
