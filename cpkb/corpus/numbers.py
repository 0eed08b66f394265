"""Numbers of figures (数据中的数): each stands in the source, on a cited page or the one after it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from cpkb.corpus.faults import Fault, fault, values
from cpkb.corpus.sources import Sources, source_of
from cpkb.model.field_types import figure_parts
from cpkb.model.record import Record

_SMALL = "〇一二三四五六七八九十"
"""Small numbers that a text may write in Chinese."""
_AFTER = 1  # pages: a clause or table goes on
_NUMBER = re.compile(r"(?<![A-Za-z\d.^])\d+(?:\.\d+)?(?![\d.])")


def check(records: Sequence[Record], sources: Sources) -> list[Fault]:
    """Faults of records all of whose citations name texts that are at hand, with pages."""
    return [
        fault(record, f"{record.declared.fields[name].label}“{value}”里的 {'、'.join(lost)} 在引用的页上没有")
        for record in records
        if (text := _cited(record, sources))
        for name in _figures(record)
        for value in values(record, name)
        if (lost := [number for number in _numbers(str(value)) if not _stands(number, text)])
    ]


def _figures(record: Record) -> list[str]:
    return [name for name, field in record.declared.fields.items() if field.kind.name == "figure"]


def _numbers(value: str) -> Iterable[str]:
    """The numbers of a figure; those of a remark in brackets (表 2 可行技术 1) are places and conditions."""
    name, value, _ = figure_parts(value)
    return dict.fromkeys(_NUMBER.findall(unicodedata.normalize("NFKC", f"{name} {value}")))


def _stands(number: str, text: str) -> bool:
    if number.isdigit() and int(number) < len(_SMALL) and _SMALL[int(number)] in text:
        return True
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return bool(re.search(rf"(?<![\d.])(?:{re.escape(number)}|{re.escape(plain)}(?:\.0+)?)(?!\d|\.\d)", text))


def _cited(record: Record, sources: Sources) -> str:
    """The cited pages, without breaks and thousands separators; '' where one is not at hand."""
    pages: dict[tuple[str, int], str] = {}
    for citation in record.citations:
        text = source_of(citation.document, citation.number, sources)
        if text is None or not text.has_pages or citation.page is None:
            return ""
        for at in range(citation.page - 1, min(citation.page + _AFTER, len(text.pages))):
            pages[text.name, at] = text.pages[at]
    joined = "".join(pages.values())
    return "\n".join((joined, joined.replace("\n", "")))
