"""Explanation (解释): why a result is there, as a few readable lines with each one's share of the score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cpkb.model.results import PARTS, ZONE_LABELS, Hit, ScorePart

Pairs = Sequence[tuple[str, Sequence[str]]]
"""(word of the question, terms searched beside it)."""


@dataclass(frozen=True, slots=True)
class Line:
    """All parts of one kind: what they are, and how much of the score they make."""

    label: str
    says: str
    percent: float
    """Of what was added up before anything was taken away; negative where it takes away."""

    @property
    def width(self) -> float:
        """Of its bar, out of 100."""
        return round(min(abs(self.percent), 100.0), 1)

    @property
    def shown(self) -> str:
        """3%, −15%, 不到 1%."""
        if abs(self.percent) < 1:
            return "不到 1%"
        return f"{'−' if self.percent < 0 else ''}{abs(self.percent):.0f}%"


def account(hit: Hit, also_searched: Pairs) -> list[Line]:
    """Why a hit is there: one line a kind of part, the largest first, what takes away last."""
    added = sum(part.score for part in hit.parts if part.score > 0)
    kinds = {kind: [part for part in hit.parts if part.kind == kind] for kind in PARTS}
    lines = (_line(kind, parts, added, also_searched) for kind, parts in kinds.items() if parts)
    return sorted(lines, key=lambda line: -line.percent)


def _line(kind: str, parts: Sequence[ScorePart], added: float, also_searched: Pairs) -> Line:
    share = 100 * sum(part.score for part in parts) / added if added else 0.0
    says = _synonyms(parts, also_searched) if kind == "synonyms" else _SAYS[kind](parts)
    return Line(PARTS[kind], says, share)


def _words(parts: Sequence[ScorePart]) -> str:
    """标题、正文：锅炉、蒸吨；正文：含铬废水."""
    places: dict[tuple[str, ...], list[str]] = {}
    for part in parts:
        places.setdefault(part.zones, []).append(part.term)
    return "；".join(f"{_places(zones)}：{'、'.join(_longest(words))}" for zones, words in places.items())


def _places(zones: Iterable[str]) -> str:
    return "、".join(ZONE_LABELS[zone] for zone in zones)


def _longest(words: Sequence[str]) -> list[str]:
    """Words that stand in no other of them: 含铬 is told by 含铬废水."""
    return [word for word in words if not any(word in other and word != other for other in words)]


def _grams(parts: Sequence[ScorePart]) -> str:
    return f"问题里的单字和相邻两字，有 {len(parts)} 组在这里"


def _synonyms(parts: Sequence[ScorePart], also_searched: Pairs) -> str:
    """黄雾 → 铬酸雾."""
    asked = {term: word for word, terms in reversed(also_searched) for term in terms}
    return "、".join(f"{asked[p.term]} → {p.term}" if p.term in asked else p.term for p in parts)


def _coverage(parts: Sequence[ScorePart]) -> str:
    shares = [part.term for part in parts]
    if shares == ["100%"]:
        return "问到的这里都有"
    return f"问到的有 {'、'.join(shares)} 在这里，少见的词算得多"


def _numbers(parts: Sequence[ScorePart]) -> str:
    # Numbers are kept in small letters; nobody writes them so.
    named = "、".join(part.term.upper() for part in parts if part.term)
    return f"这里有 {named}，或它的系列" if named else "这里有所查的编号"


def _quantities(parts: Sequence[ScorePart]) -> str:
    return f"这里的数值合于{'、'.join(f'“{part.term}”' for part in parts)}"


def _always(says: str) -> Callable[[Sequence[ScorePart]], str]:
    return lambda _: says


_SAYS: Mapping[str, Callable[[Sequence[ScorePart]], str]] = {
    "words": _words,
    "grams": _grams,
    "coverage": _coverage,
    "number": _numbers,
    "quantity": _quantities,
    "phrase": _always("引号里或限定处的字，在这里连在一起"),
    "meaning": _always("这一段的意思和问题接近，用词可以不同"),
    "title": _always("问题就是这份文件的名称，或者提到了它"),
    "document": _always("这份文件里还有别的段落也对得上"),
    "ended": _always("到所选日期已不再有效，排得靠后一些"),
    "aside": _always("问题没有问这一类（限值、术语），它排得靠后一些"),
    "draft": _always("草案没有施行，排得靠后一些"),
}
