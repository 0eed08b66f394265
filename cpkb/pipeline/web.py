"""From the web: an address → its page and the files it links to → the ordinary import, with where they are from."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cpkb.errors import CpkbError, FetchError
from cpkb.extract.html import files_of
from cpkb.fetch.client import NOTHING_KNOWN, Client, Fetched, Known
from cpkb.model.file_types import CONTAINERS, PAGES
from cpkb.model.record import passages_of
from cpkb.pipeline.declarations import FILE
from cpkb.pipeline.ingest import Importer, file_key
from cpkb.pipeline.last_words import room_for
from cpkb.pipeline.reading import within
from cpkb.pipeline.report import FileReport, ImportReport
from cpkb.store.addresses import Address, now
from cpkb.store.imports import FileLine
from cpkb.store.store import Store

ROOT = "web"  # the folder that files of the web are known by: web/<site>/<address>/<name>
FIRST, NEW, SAME = "首次取得", "有改动", "没有变化"
MOST_FILES = 30  # a page: the longest real one, a batch of standards, has 20
_ADDRESS_LENGTH = 12  # hexadecimal digits of an address in a file key: enough to tell all pages of a site apart
_SECONDS_PER_PAGE = 60
_TITLE_LENGTH = 200  # characters of the words a file is linked by
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What an address said, written for the import."""

    known: Address
    """What is to be kept of it."""
    file: Path
    key: str
    found_at: str
    """The address after redirects: where its references begin."""
    before: str
    """The words it said before; '' the first time."""


@dataclass(frozen=True, slots=True)
class WebImporter:
    """Brings pages into the store. ``client`` asks for them, ``importer`` reads and stores what came."""

    store: Store
    client: Client
    importer: Importer

    def run(self, addresses: Iterable[str], progress: Progress = lambda _: None) -> ImportReport:
        """Fetch addresses and the files they link to; what cannot be fetched is reported, and the rest goes on."""
        report = ImportReport(job=self.importer.job)
        begun = time.perf_counter()
        for address in addresses:
            with tempfile.TemporaryDirectory(prefix="cpkb-web-", dir=self.importer.room) as folder:
                for line in self._one(address, Path(folder) / ROOT, progress):
                    if line.file.startswith(("http://", "https://")):
                        self.importer.note([line])  # lines of files are kept as they are read
                    report.files.append(line)
        report.seconds = time.perf_counter() - begun
        return report

    def _one(self, address: str, root: Path, progress: Progress) -> Iterator[FileLine]:
        progress(address)
        page = self._fetched(address, root, "")
        if isinstance(page, FileReport):
            yield page
            return
        written = [page]
        linked = [(link, words) for link, words in _attachments(page) if link not in (address, page.found_at)]
        for link, words in linked[:MOST_FILES]:
            progress(link)
            found = self._fetched(link, root, words)
            if isinstance(found, FileReport):
                yield found
            else:
                written.append(found)
        if len(linked) > MOST_FILES:
            told = f"页面链接了 {len(linked)} 个文件，只读了前 {MOST_FILES} 个；其余请逐个导入"
            yield FileReport(address, "skipped", problems=(told,))
        done = {file.file: file for file in replace(self.importer, tells_declarations=False).run([root]).files}
        for one in written:
            self._note(one, done.get(one.key))
        yield from done.values()

    def _fetched(self, address: str, root: Path, words: str) -> Written | FileReport:
        """Write what an address says below ``root``; a line of the report when there is nothing new."""
        known = self.store.addresses.get(address)
        is_held = bool(self._keys(known.file))
        try:
            found = self.client.get(address, Known(known.etag, known.modified) if is_held else NOTHING_KNOWN)
        except FetchError as error:
            self.store.addresses.put(replace(known, checked=now(), outcome=str(error)))
            return FileReport(address, "failed", problems=(str(error),))
        sha256 = hashlib.sha256(found.data).hexdigest()
        if found.is_unchanged or (is_held and sha256 == known.sha256):
            self.store.addresses.put(replace(known, checked=now(), outcome=SAME))
            return FileReport(address, "unchanged")
        said = replace(known, etag=found.known.etag, modified=found.known.modified, sha256=sha256, checked=now())
        with room_for(f" {address}"):
            file = _write(found, root / _place(address), words)
        key = file_key(file, root)
        return Written(said, file, key, found.address, self._words(key))

    def _note(self, one: Written, done: FileLine | None) -> None:
        """Keep under which file an address is stored, and what came of it."""
        known = replace(one.known, file="", outcome="；".join(done.problems) if done else "")
        if self._keys(one.key):  # what was not stored is asked for whole the next time
            is_new = not one.before or one.before != self._words(one.key)
            changed = now() if is_new else known.changed
            known = replace(
                known, file=one.key, changed=changed, outcome=(NEW if one.before else FIRST) if is_new else SAME
            )
        self.store.addresses.put(known)

    def _keys(self, key: str) -> list[str]:
        """What is stored of a file: itself, and the files in it (a.zip!/b.pdf)."""
        own = [key] if key and self.store.file(key) else []
        if not key or (own and not key.lower().endswith(CONTAINERS)):
            return own
        return own + [file.key for file in self.store.files("imported") if file.key.startswith(f"{key}!/")]

    def _words(self, key: str) -> str:
        """All that a file says, without spacing: whether it says something new. Of a list, what its records hold."""
        ids = (record_id for own in self._keys(key) for record_id in self.store.lookup.contributed(own))
        records = map(self.store.record, ids)
        texts = (passage.text for record in records for passage in passages_of(record))
        return "".join("".join(text.split()) for text in texts)


def _place(address: str) -> Path:
    """The folder of an address: web/<site>/<address>."""
    return Path(urlsplit(address).hostname or "site", hashlib.sha256(address.encode()).hexdigest()[:_ADDRESS_LENGTH])


def _write(found: Fetched, folder: Path, words: str) -> Path:
    """Write a file, and the declaration of where it is from beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / found.name
    file.write_bytes(found.data)
    title = "".join(c for c in words if c.isprintable())[:_TITLE_LENGTH]
    declared = {"address": found.address, "retrieved": now()[:10], "title": title}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in declared.items() if value]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")
    return file


def _attachments(page: Written) -> list[tuple[str, str]]:
    """(address, words) of the files a page links to, found in a process with limits: the page is a stranger's."""
    if page.file.suffix not in PAGES:
        return []
    found = within(_SECONDS_PER_PAGE, _linked, page.file, page.found_at)
    return [] if isinstance(found, str) else found


def _linked(page: Path, address: str) -> list[tuple[str, str]]:
    with suppress(CpkbError):  # the import says of the page itself what is wrong with it
        return files_of(page.read_bytes(), page.name, address)
    return []
