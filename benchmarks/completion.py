"""How fast completions are, and what they cost to keep: `python benchmarks/completion.py [titles]`.

Fills an empty store with made-up titles, reads the names as the service does, and types prefixes, inner words, numbers
and pinyin of random ones, as well as what nothing begins with. Prints the time of reading, the memory, and latencies.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from cpkb.knowledge_base import opened
from cpkb.settings import Settings

PLACES = ["上海", "浙江", "江苏", "山东", "广东", "河北", "四川", "湖北", "福建", "安徽", "辽宁", "陕西"]
DOINGS = ["回收", "再生利用", "处理处置", "污染防治", "减排", "在线监测", "节能", "替代", "循环利用", "协同处置"]
FORMS = ["技术规范", "可行技术指南", "管理办法", "工程技术", "装置", "工艺", "评价指标体系", "实施方案"]
ASKED = 3000


def titles(words: list[str], count: int, chosen: random.Random) -> Iterator[tuple[str, str]]:
    """(title, number) of made-up records, none twice."""
    seen: set[str] = set()
    while len(seen) < count:
        parts = [chosen.choice(some) for some in (PLACES, words, words, DOINGS, FORMS)]
        title = "".join(parts[chosen.choice((0, 1)) :])
        if title not in seen:
            seen.add(title)
            yield title, f"HJ {len(seen)}—{chosen.randint(2001, 2026)}" if chosen.random() < 0.3 else ""


def fill(database: Path, made: list[tuple[str, str]]) -> None:
    """Records with nothing but a title and a number."""
    rows = []
    for at, (title, number) in enumerate(made):
        fields = f'{{"number": "{number}"}}' if number else "{}"
        rows.append((f"r{at}", "guideline", title, title, number, f'{{"fields": {fields}}}'))
    with sqlite3.connect(database) as connection:
        connection.executemany(
            "INSERT INTO records (id, collection, title, work_key, number_key, document, is_imported, revision, added)"
            " VALUES (?, ?, ?, ?, ?, ?, 1, 1, '2026-01-01')",
            rows,
        )
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('revision', '1')")


def typed(made: list[tuple[str, str]], chosen: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, what is typed)."""
    for _ in range(ASKED // 6):
        title, number = chosen.choice(made)
        start = chosen.randrange(max(len(title) - 4, 1))
        yield "one character", title[0]
        yield "prefix", title[: chosen.randint(2, 6)]
        yield "inner", title[start : start + chosen.randint(2, 4)]
        yield "number", (number or "HJ 12").replace(" ", "").lower()[: chosen.randint(2, 6)]
        yield "initials", "".join(lazy_pinyin(title[:5], style=Style.FIRST_LETTER))[: chosen.randint(2, 5)]
        yield "pinyin", "".join(lazy_pinyin(title))[: chosen.randint(2, 16)]
        yield "two words", f"{title[:2]} {title[2:4]}"
        yield "nothing", "".join(chosen.choices("甲乙丙丁戊己庚辛", k=3))


def megabytes() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def latencies(asked: list[tuple[str, str]], complete: Callable[[str], object]) -> None:
    """Print percentiles in milliseconds by kind."""
    taken: dict[str, list[float]] = {}
    for kind, text in asked:
        begun = time.perf_counter()
        complete(text)
        spent = (time.perf_counter() - begun) * 1000
        for name in (kind, "all"):
            taken.setdefault(name, []).append(spent)
    for name, all_ in taken.items():
        row = sorted(all_)
        p50, p95, p99 = (row[int(len(row) * share)] for share in (0.5, 0.95, 0.99))
        print(f"{name:14}{len(row):6}  p50 {p50:6.2f}  p95 {p95:6.2f}  p99 {p99:6.2f}  max {row[-1]:6.2f} ms")


def main(count: int) -> None:
    """Measure with so many titles."""
    chosen = random.Random(1)  # noqa: S311 — the same titles every time
    with tempfile.TemporaryDirectory() as folder, opened(Settings(home=Path(folder))) as kb:
        words = [word for word in kb.analyzer.vocabulary() if 2 <= len(word) <= 6 and not word.isascii()]
        made = list(titles(words, count, chosen))
        fill(kb.settings.database, made)
        kb.analyzer.typed("热身")  # the dictionary is in memory for searching already
        before, begun = megabytes(), time.perf_counter()
        kb.completer.read()
        print(
            f"{count} titles read in {time.perf_counter() - begun:.1f} s, {megabytes() - before:.0f} MB kept, ", end=""
        )
        print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB of the process")
        latencies(list(typed(made, chosen)), kb.completer.complete)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
