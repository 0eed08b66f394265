"""Identifiers (编号): standard and document numbers, articles, waste codes and model codes as whole terms.

All functions read folded text (see `normalise`). A key is what two spellings of one number share:
``HJ 1306—2023`` and ``HJ1306-2023`` give ``hj1306-2023``; ``环发〔2003〕60号`` in any bracket gives ``环发2003-60``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cpkb.model.numerals import NUMERAL, number_of

_STANDARD = re.compile(
    r"(?<![a-z])(gb|gbz|hj|db\s?\d\d|jb|hg|qb|fz|cj|cjj|sh|yb|jc|jt|jgj|ny|iso|iec)(?:\s?/\s?[a-z]{0,3})?\s{0,2}-?"
    r"(\d{1,6}(?:\.\d{1,3})?)(?:\s?-\s?((?:19|20)\d\d|\d\d)(?!\d))?(?![-./]?[a-z0-9])"
)
_DOCUMENT = re.compile(r"([一-鿿]{2,10})\s?[\[〔(【（〈［]\s?((?:19|20)\d\d)\s?[\]〕)】）〉］]\s?第?\s?(\d{1,4})\s?号")
_ORDER = re.compile(r"(?:公告|令)\s?[(（]?\s?((?:19|20)\d\d)\s?年?[)）]?\s?第\s?(\d{1,4})\s?号")
_WASTE = re.compile(r"(?<!\d)(\d{3}-\d{3}-\d\d)(?!\d)")
_ARTICLE = re.compile(rf"第\s?(\d{{1,4}}|[{NUMERAL}]{{1,8}})\s?条")
_SERIES = re.compile(r"(?<![a-z0-9./-])(?<![a-z0-9]一)([a-z]{1,4})(?=\s?系列)")
_MODEL = re.compile(r"(?<![a-z0-9])(?=[a-z0-9./一-]{2,40})[a-z0-9]+(?:[-./一][a-z0-9]+)*")
ARTICLE = "条"
"""Begins the key of an article's number."""
_LETTER = re.compile("[a-z]")
_CONFUSABLE = str.maketrans({"o": "0", "l": "1", "i": "1"})  # what OCR mixes up in public copies of the lists
_OTHER_LETTER = re.compile("[a-hjkmnp-rt-z]")  # a letter that OCR takes for no digit


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number found in a folded text: its keys (most exact first) and its span."""

    keys: tuple[str, ...]
    start: int
    end: int
    families: tuple[str, ...] = ()
    """Series a model may belong to, nearest first: what to look for where no list names the model itself."""
    branch: str = ""
    """Of a model, the key of those that begin alike: JO2-51-4 is filed under JO2, which asks for all of them."""


def find_identifiers(folded: str) -> list[Identifier]:
    """Every number in the text; overlapping findings are settled by order: standards, documents, waste, models."""
    found: list[Identifier] = []
    taken = bytearray(len(folded))
    has_letters = _LETTER.search(folded) is not None
    for pattern, sign, keys in _KINDS:
        if not (sign in folded if sign else has_letters):
            continue
        for match in pattern.finditer(folded):
            made = keys(match)
            if made and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                found.append(_model(match, made) if pattern is _MODEL else Identifier(made, *match.span()))
    return sorted(found, key=lambda i: i.start)


def _standard_keys(match: re.Match[str]) -> tuple[str, ...]:
    """With and without the year; GB/T and GB are one, as people leave the /T out."""
    bare = f"{match[1]}{match[2]}".replace(" ", "")
    return (f"{bare}-{match[3]}", bare) if match[3] else (bare,)


def _document_keys(match: re.Match[str]) -> tuple[str, ...]:
    """One key for each start, because nothing separates 根据 from 环发 in 根据环发〔2003〕60号."""
    name, tail = match[1], f"{match[2]}-{match[3]}"
    return tuple(name[start:] + tail for start in range(len(name) - 1))


def _model_keys(match: re.Match[str]) -> tuple[str, ...]:
    """A run with letters and digits is a code; see `_alike` for what is the same in it."""
    code = _written(match)
    if not (any(c.isdigit() for c in code) and any(c.isalpha() for c in code)):
        return ()
    exact = _alike(code)
    after = match.string[match.end() : match.end() + 3].lstrip()
    before = match.string[: match.start()].rstrip()[-1:]
    # 系列 names a whole series, and so does a range (SL7-30/10~SL7-1600/10) for all that lies between its ends.
    series = [_series(code)] if after.startswith("系列") else []
    series += [_series(re.split("[-/]", code)[0])] if after.startswith("~") or before == "~" else []
    return tuple(dict.fromkeys((exact, re.sub("[-./]", "", exact), *series)))


def _model(match: re.Match[str], keys: tuple[str, ...]) -> Identifier:
    written = _written(match)
    return Identifier(keys, *match.span(), _families(written), _branch(written))


def _written(match: re.Match[str]) -> str:
    """A model with the dashes that OCR reads as the numeral one (KZG4一13)."""
    return match[0].replace("一", "-")


def _alike(code: str) -> str:
    """One spelling for what OCR mixes up: O and 0, l, I and 1, and S and 5 beside another letter.

    Without another letter S is the family itself (S7, SL7): S1 would become the 5L of a five-litre can.
    """
    folded = code.translate(_CONFUSABLE)
    return folded.replace("s", "5") if _OTHER_LETTER.search(folded) else folded


def _series(code: str) -> str:
    return f"系列{_alike(code)}"


def _branch(code: str) -> str:
    """The key of what stands before the first separator, where that is a code itself; of a code without one its own."""
    head = re.split("[-/]", code)[0]
    return f"支{_alike(head)}" if any(c.isdigit() for c in head) and any(c.isalpha() for c in head) else ""


def _families(code: str) -> tuple[str, ...]:
    """The series a model may belong to: itself, what stands before each separator, its letters."""
    # No model has more than eight parts; a hostile run of thousands would cost the square of its length.
    parts = [match.start() for match in re.finditer("[-/]", code)][-8:]
    letters = re.match("[a-z]*", code)
    heads = [code, *(code[:at] for at in reversed(parts)), letters[0] if letters else ""]
    return tuple(dict.fromkeys(_series(head) for head in heads if head))


_KINDS: tuple[tuple[re.Pattern[str], str, Callable[[re.Match[str]], tuple[str, ...]]], ...] = (
    (_STANDARD, "", _standard_keys),
    (_DOCUMENT, "号", _document_keys),
    (_ORDER, "号", lambda m: (f"令{m[1]}-{m[2]}",)),
    (_ARTICLE, "条", lambda m: (f"{ARTICLE}{number_of(m[1])}",)),
    (_WASTE, "-", lambda m: (m[1],)),
    (_SERIES, "系列", lambda m: (_series(m[1]),)),
    (_MODEL, "", _model_keys),
)
"""Pattern, what every match of it holds ('' for a Latin letter), and the keys of a match: most texts hold no sign of a
number, and are not searched for it."""
