"""How long an answer takes: `python benchmarks/answering.py HOME [QUESTIONS]`.

Asks 200 different questions (the plain titles of shipped technologies) with no page of results kept, first by words
alone, then with meaning where vectors are there. Twenty others are asked before, to load what is loaded once. Prints
the median and the 95th percentile in milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from cpkb.consultation.request import parse_ask
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.settings import Settings

WARMING = 20


def questions(kb: KnowledgeBase, most: int) -> list[str]:
    """Plain titles of technologies, spread over all of them."""
    titles = [record.value("plain_title") for record in kb.store.named() if record.collection == "technology"]
    told = list(dict.fromkeys(title for title in titles if title))
    return told[:: max(1, len(told) // most)][:most]


def milliseconds(kb: KnowledgeBase, question: str) -> float:
    """How long one answer takes."""
    begun = time.perf_counter()
    kb.consultant.answer(parse_ask({"q": [question]}))
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Ask and print."""
    home, most = Path(sys.argv[1]), int((sys.argv[2:] or ["200"])[0])
    for semantic in (False, True):
        with opened(Settings(home=home, result_cache=False, semantic=semantic)) as kb:
            asked = questions(kb, most)
            for question in questions(kb, most + WARMING)[-WARMING:]:
                milliseconds(kb, question)
            taken = sorted(milliseconds(kb, question) for question in asked)
        name = "with meaning" if semantic else "by words"
        p95 = taken[int(len(taken) * 0.95)]
        print(f"{name:13} {len(taken)} answers: p50 {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()
