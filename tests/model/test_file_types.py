"""Which files there are is said once, and what is said is so."""

from __future__ import annotations

from cpkb.extract.archives import ARCHIVES as READERS_OF_ARCHIVES
from cpkb.extract.formats import EXTRACTORS
from cpkb.fetch.content import KINDS
from cpkb.model.file_types import ANNOUNCED, ARCHIVES, ATTACHED, IMPORTED, LISTS, PAGES, PICTURES, SAVE_AS


def test_what_can_be_imported_is_what_has_a_reader() -> None:
    read = {suffix for extractor in EXTRACTORS for suffix in extractor.suffixes}
    assert set(IMPORTED) == read | {*LISTS, *ARCHIVES}
    assert set(READERS_OF_ARCHIVES) <= set(ARCHIVES)
    assert len(IMPORTED) == len(set(IMPORTED))
    assert set(ANNOUNCED) <= set(IMPORTED)


def test_a_page_carries_whatever_can_be_imported_but_pages_and_pictures() -> None:
    assert {*ATTACHED, *PAGES, *PICTURES} == {*IMPORTED, *SAVE_AS}
    assert not {*ATTACHED} & {*PAGES, *PICTURES}


def test_a_content_type_names_a_file_that_can_be_imported() -> None:
    assert set(KINDS.values()) <= set(IMPORTED)


def test_what_cannot_be_imported_is_saved_as_something_that_can() -> None:
    assert set(SAVE_AS.values()) <= set(IMPORTED)
    assert not set(SAVE_AS) & set(IMPORTED)
