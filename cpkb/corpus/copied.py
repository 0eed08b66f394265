"""Copied words (照抄): no text of a record repeats its source, beyond names, terms and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cpkb.corpus.faults import Fault, fault, values
from cpkb.corpus.sources import RUN, Sources, SourceText, cited, squeeze
from cpkb.model.record import Record

LEAST_OWN = 8  # characters of a run beside names, terms and numbers: fewer only join them
_TEXTS = ("text", "name", "markup")
"""Kinds of fields that are written in own words."""
_PUBLIC = ("hazardous_waste", "elimination")
"""Lists: what a row names is named by the list's own words."""
_LIST = re.compile(r"(?:\w{1,10}、){3,}\w{0,10}")
"""Four names and more in a row (products, pollutants, trades, cities): whoever tells whom it binds names them."""
_NUMBERS = re.compile(r"《[^》]*》|[A-Za-z0-9%℃·/().~×ΩμΜ-]+|[^\w]")


def check(records: Sequence[Record], sources: Sources, terms: Iterable[str]) -> list[Fault]:
    """Faults of records whose source text is at hand; ``terms`` may be repeated (`index/lexicon.txt`)."""
    known = _any_of(squeeze(term) for term in terms)
    faults = []
    for record in records:
        if record.collection in _PUBLIC:
            continue
        names = _any_of({squeeze(name) for name in _names(record)})
        for text in cited(record, sources):
            for label, value in _written(record):
                faults += [
                    fault(record, f"{label}照抄{text.name}：“{run}”")
                    for run in runs(value, text)
                    if _is_own(run, names, known)
                ]
    return faults


def runs(value: str, text: SourceText) -> Iterator[str]:
    """The longest stretches of at least RUN characters that stand in both."""
    squeezed, start = squeeze(value), 0
    while start + RUN <= len(squeezed):
        if squeezed[start : start + RUN] not in text.runs:
            start += 1
            continue
        end = start + RUN
        while (
            end < len(squeezed)
            and squeezed[end - RUN + 1 : end + 1] in text.runs
            and squeezed[start : end + 1] in text.text
        ):
            end += 1
        yield squeezed[start:end]
        start = end


def _is_own(run: str, names: re.Pattern[str], terms: re.Pattern[str]) -> bool:
    """Whether so much of a run is neither name nor term nor number nor list that it is somebody's sentence."""
    told = _LIST.sub("", run)
    return len(_NUMBERS.sub("", terms.sub("", names.sub("", told)))) >= LEAST_OWN


def _names(record: Record) -> Iterator[str]:
    yield record.title
    for citation in record.citations:
        yield from (citation.document, citation.number)
    for source in record.sources:
        yield from (source.title, source.publisher, source.number)
    for name in ("issuer", "number"):
        yield record.value(name)


def _written(record: Record) -> Iterator[tuple[str, str]]:
    for name, field in record.declared.fields.items():
        if field.kind.name in _TEXTS and name not in ("issuer", "aliases"):
            yield from ((field.label, str(value)) for value in values(record, name))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    kept = sorted({word for word in words if len(word) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)) or r"(?!)")
