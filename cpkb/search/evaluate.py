"""Evaluate: judged questions in, the usual measures by type out (shared judgement format, docs/evaluation.md).

A question is one JSON object a line: qid, type, query, gold[]; a gold item names the document (any of several
names), the locator, a quote copied from the text, and a grade (2 answers, 1 helps). A result is a hit when one of
its names is one of the gold names and the quote stands in the first 800 characters of its text, both compared
after NFKC without white space; where there is no quote (of texts that may not be copied) the locator must be the same.
A shipped record stands for the clauses it cites: its first three citations count, by document or number and locator.
A gold item with an ``id`` is that record and no other.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cpkb.errors import QueryError
from cpkb.search.find import Finder
from cpkb.search.request import PLAIN, parse_request
from cpkb.search.shapes import hit_shape

DEPTH = 10
READ = 800
CITES = 3  # citations of a result that are read: more would let a record stand for a whole guide
MEASURES = ("hit@1", "hit@5", "hit@10", "hit2@5", "nDCG@10", "MRR@10", "false_none")
_EXTENSION = re.compile(r"\.(pdf|docx?|txt|md|html?|tsv|csv|jsonl?|xlsx?)$", re.IGNORECASE)
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One judged question."""

    qid: str
    kind: str
    text: str
    gold: tuple[Mapping[str, Any], ...]


def load_judged(file: Path) -> list[Judged]:
    """Read judged questions; raises QueryError naming the line that is not one."""
    judged = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise QueryError(f"{file.name}: 不是 UTF-8 文本；每行应是一个 JSON 对象") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            judged.append(Judged(raw["qid"], raw["type"], raw["query"], tuple(raw["gold"])))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise QueryError(
                f"{file.name}:{number}: 应是一个带 qid、type、query、gold 的 JSON 对象（{error}）"
            ) from error
    return judged


def run(
    finder: Finder, judged: Iterable[Judged], only: str, done: Callable[[], None] = lambda: None, *, plain: bool = False
) -> list[Shape]:
    """Ask every question; ``only`` is imported, shipped or all. A line of the run file each.

    ``plain`` asks for the question's own words and characters only: no synonyms, no likeness of meaning.
    """
    switches = PLAIN if plain else {}
    filters = () if only == "all" else (("origin", (only,)),)
    lines = []
    for question in judged:
        request = parse_request({"q": [question.text], **switches}, grouped=False)
        query = replace(request.query, filters=filters, facets=(), limit=DEPTH)
        hits = finder.find(query).hits
        lines.append({"qid": question.qid, "results": [hit_shape(hit) for hit in hits], "none": not hits})
        done()
    return lines


def table(
    judged: Sequence[Judged], lines: Sequence[Shape], *, by_citation: bool = False, guides: Collection[str] = ()
) -> dict[str, dict[str, float]]:
    """Mean of every measure by question type, and over all answerable ones.

    ``by_citation`` also takes a result for the clauses that it cites; problems whose gold lies in texts of the titles
    ``guides`` then have a row of their own.
    """
    by_id = {line["qid"]: line for line in lines}
    titles = {name_key(title) for title in guides}
    rows: dict[str, list[dict[str, float]]] = {}
    for question in judged:
        scores = score(question, by_id.get(question.qid, {"results": [], "none": True}), by_citation=by_citation)
        rows.setdefault(question.kind, []).append(scores)
        if question.kind == "problem" and titles & _documents(question):
            rows.setdefault(IN_GUIDES, []).append(scores)
        if question.gold:
            rows.setdefault("ALL answerable", []).append(scores)
    return {kind: {"n": len(found)} | _means(found) for kind, found in rows.items()}


IN_GUIDES = "problem, guides"


def _documents(question: Judged) -> set[str]:
    return {name_key(name) for gold in question.gold for name in gold["document"]}


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {measure: sum(row[measure] for row in rows) / len(rows) for measure in rows[0]}


def score(question: Judged, line: Shape, *, by_citation: bool = False) -> dict[str, float]:
    """The measures of one question."""
    results = [] if line["none"] else line["results"][:DEPTH]
    if not question.gold:
        return {"says none": float(not results)}
    found = [[at for at, gold in enumerate(question.gold) if _is_hit(result, gold, by_citation)] for result in results]
    grades = [[question.gold[at]["grade"] for at in items] for items in found]
    first = next((rank for rank, items in enumerate(found, 1) if items), math.inf)
    answer = next((rank for rank, held in enumerate(grades, 1) if 2 in held), math.inf)
    return {
        "hit@1": float(first <= 1),
        "hit@5": float(first <= 5),
        "hit@10": float(first <= 10),
        "hit2@5": float(answer <= 5),
        "nDCG@10": _ndcg(question.gold, found),
        "MRR@10": 1 / first,
        "false_none": float(not results),
    }


def _ndcg(gold: Sequence[Mapping[str, Any]], found: Sequence[Sequence[int]]) -> float:
    """Gain 2^grade - 1; a gold item counts once, where it is found first; ideal is one item a rank."""
    seen: set[int] = set()
    gained = 0.0
    for rank, items in enumerate(found, 1):
        new = [at for at in items if at not in seen]
        if new:
            gained += (2 ** max(gold[at]["grade"] for at in new) - 1) / math.log2(rank + 1)
            seen.update(new)
    best = sorted((item["grade"] for item in gold), reverse=True)[:DEPTH]
    ideal = sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(best, 1))
    return min(1.0, float(gained / ideal))


def _is_hit(result: Shape, gold: Mapping[str, Any], by_citation: bool) -> bool:  # noqa: FBT001 — one place calls it
    return _says(result, gold) or (by_citation and _cites(result, gold))


def _cites(result: Shape, gold: Mapping[str, Any]) -> bool:
    wanted = {name_key(name) for name in gold["document"]}
    return any(
        cite["locator"]
        and wanted & {name_key(cite["document"]), name_key(cite.get("number", ""))} - {""}
        and _squeezed(cite["locator"]) == _squeezed(gold.get("locator", ""))
        for cite in result["cites"][:CITES]
    )


def _says(result: Shape, gold: Mapping[str, Any]) -> bool:
    if "id" in gold:
        return bool(result["id"] == gold["id"])
    names = {name_key(result["document"]), name_key(result["title"]), name_key(result["file"])}
    names |= set(_squeezed(result["file"]).replace("\\", "/").split("/"))
    wanted = {name_key(name) for name in gold["document"]}
    if not names & wanted:
        return False
    if "quote" in gold:
        return _squeezed(gold["quote"]) in _squeezed(result["text"])[:READ]
    return _squeezed(gold["locator"]) == _squeezed(result["locator"])


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))


def name_key(name: str) -> str:
    """A document name without folders, extension, -unlocked, country and book marks."""
    last = _EXTENSION.sub("", _squeezed(name).replace("\\", "/").rsplit("/", 1)[-1])
    return re.sub("[《》〈〉]", "", last.removesuffix("-unlocked").removeprefix("中华人民共和国"))


def as_text(measured: Mapping[str, Mapping[str, float]]) -> str:
    """The table as it is printed."""
    lines = [f"{'type':17}{'n':>4}" + "".join(f"{name:>11}" for name in MEASURES)]
    for kind, row in measured.items():
        if "says none" in row:
            lines.append(f"{kind:17}{row['n']:4.0f}  says none: {row['says none']:.3f}")
        else:
            lines.append(f"{kind:17}{row['n']:4.0f}" + "".join(f"{row[name]:11.3f}" for name in MEASURES))
    return "\n".join(lines)
