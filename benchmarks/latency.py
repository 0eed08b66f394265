"""What everything beyond plain words costs: `python benchmarks/latency.py HOME QUESTIONS.jsonl [rounds]`.

Asks every question as a page of results does (grouped, with facets and snippets) in three ways, interleaved so that a
busy machine slows all alike: plain (words and characters), without meaning, with meaning. The first round warms up and
is not counted. Prints the median and the 95th percentile over questions of each question's median, and their ratios
to plain; embedding a question is timed apart, as a page asked again does not embed again.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from cpkb.knowledge_base import opened
from cpkb.search.evaluate import load_judged
from cpkb.search.find import Finder
from cpkb.search.request import PLAIN, parse_request
from cpkb.settings import Settings

WAYS: Mapping[str, Mapping[str, Sequence[str]]] = {"plain": PLAIN, "words": {"semantic": ["off"]}, "meaning": {}}


def milliseconds(finder: Finder, text: str, way: Mapping[str, Sequence[str]]) -> float:
    """How long one page takes."""
    query = parse_request({"q": [text], **way}).query
    begun = time.perf_counter()
    finder.find(query)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Ask and print."""
    home, file, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:] or ["5"])[0])
    texts = [judged.text for judged in load_judged(file)]
    with opened(Settings(home=home, result_cache=False)) as kb:
        taken: dict[str, list[list[float]]] = {name: [[] for _ in texts] for name in WAYS}
        for _ in range(rounds + 1):
            for at, text in enumerate(texts):
                for name, way in WAYS.items():
                    taken[name][at].append(milliseconds(kb.finder, text, way))
        embedded = []
        for text in texts if kb.embedder else ():
            begun = time.perf_counter()
            kb.embedder.question(text) if kb.embedder else None
            embedded.append((time.perf_counter() - begun) * 1000)
    plain: tuple[float, float] | None = None
    for name, questions in taken.items():
        medians = sorted(statistics.median(times[1:]) for times in questions)
        p50, p95 = statistics.median(medians), medians[int(len(medians) * 0.95)]
        plain = plain or (p50, p95)
        print(f"{name:8} p50 {p50:6.1f} ms ({p50 / plain[0]:.2f}x)  p95 {p95:6.1f} ms ({p95 / plain[1]:.2f}x)")
    if embedded:
        print(f"embedding a question: p50 {statistics.median(embedded):.1f} ms")


if __name__ == "__main__":
    main()
