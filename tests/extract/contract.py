"""What every format reader promises: a draft or an ExtractError that names the file, whatever the bytes."""

from __future__ import annotations

import random
from typing import ClassVar

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.formats import extract, extractor_for

PDF_START = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
ZIP_START = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64
GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def message_of(data: bytes, name: str) -> str:
    """The message the file is refused with, or its name when it is read; any other error is a failure."""
    try:
        extract(data, name)
    except ExtractError as error:
        return str(error)
    return name


class ExtractorContract:
    """Subclasses give a good file of the format; its own start belongs to no foreign one."""

    name: ClassVar[str]
    good: ClassVar[bytes]
    own_start: ClassVar[bytes] = b""

    def _refused(self, data: bytes) -> str:
        with pytest.raises(ExtractError) as caught:
            extract(data, self.name)
        message = str(caught.value)
        assert self.name in message
        assert len(message) > len(self.name) + 8
        return message

    def test_a_good_file_is_read(self) -> None:
        documents, problems = extract(self.good, self.name)
        assert documents
        assert documents[0].passages
        assert problems == []

    def test_locators_are_unique_and_passages_are_numbered(self) -> None:
        for document in extract(self.good, self.name)[0]:
            anchors = [passage.anchor for passage in document.passages]
            assert len(set(anchors)) == len(anchors)
            assert [passage.ordinal for passage in document.passages] == list(range(len(anchors)))

    def test_an_empty_file_is_refused(self) -> None:
        assert "空" in self._refused(b"")

    def test_a_file_cut_short_is_refused(self) -> None:
        cut = self.good[: len(self.good) // 2]
        while cut and cut[-1] < 0x80 and not self.own_start:  # a text is cut inside a character
            cut = cut[:-1]
        self._refused(cut if self.own_start else cut[:-1])

    @pytest.mark.parametrize("start", [PDF_START, ZIP_START, OLE_START, GZIP_START])
    def test_a_binary_under_a_wrong_name_is_refused(self, start: bytes) -> None:
        if self.own_start and start.startswith(self.own_start):
            start = b"\x89PNG\r\n\x1a\n"
        self._refused(start + bytes(range(256)) * 4)

    @pytest.mark.parametrize("seed", range(8))
    def test_random_bytes_are_refused(self, seed: int) -> None:
        noise = random.Random(seed).randbytes(64 << seed)  # noqa: S311 - noise for a test, not a secret
        self._refused(noise)

    @pytest.mark.parametrize("seed", range(8))
    def test_its_own_start_and_noise_is_refused_or_read(self, seed: int) -> None:
        noise = random.Random(seed).randbytes(2048)  # noqa: S311
        assert self.name in message_of(self.own_start + noise, self.name)

    @pytest.mark.parametrize("seed", range(24))
    def test_a_damaged_file_is_refused_or_read(self, seed: int) -> None:
        source = random.Random(seed)  # noqa: S311
        data = bytearray(self.good)
        for _ in range(12):
            data[source.randrange(len(data))] = source.randrange(256)
        assert self.name in message_of(bytes(data), self.name)

    def test_its_suffix_leads_to_it(self) -> None:
        assert extractor_for(self.name) is extractor_for(self.name.upper())
