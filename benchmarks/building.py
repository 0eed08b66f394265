"""How fast texts become searchable, written to docs/performance.md.

    python -m benchmarks.building --passages raw_md.tar.gz [--size 100000] [--repeat 5] [--page FILE.md]

Everything an import does after reading is measured: folding, cutting, terms, segments, the commit. Every round is a
program of its own, by turns without rjieba (of the extra [speed]) and, where it is installed, with it.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks import report
from benchmarks.passages import texts_of_laws
from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.ranking import load_ranking
from cpkb.engines.registry import ENGINES
from cpkb.pipeline.corpora import index_texts
from cpkb.pipeline.corpus_texts import Text, documents_of
from cpkb.settings import Settings


def passages_a_second(archive: Path, size: int) -> tuple[float, float]:
    """Of all passages, and of the second half, when every process is at work."""
    settings, folder = Settings(), Path(tempfile.mkdtemp(prefix="cpkb-building-"))
    found = islice(texts_of_laws(archive), size)
    documents = documents_of(Text(str(at), title, text) for at, (title, _, text) in enumerate(found))
    analyzer = Analyzer(settings.lexicon, folder / "cache")
    analyzer.terms("清洁生产")  # the dictionary is read once for a program, not for every import
    engine = ENGINES[settings.engine](
        folder, load_ranking(settings.lexicon / "ranking.toml"), "building", settings.index_memory
    )
    told: list[tuple[float, int]] = [(time.perf_counter(), 0)]
    index_texts(engine, documents, analyzer, lambda _, done: told.append((time.perf_counter(), done)))
    begun, ended, held = told[0][0], time.perf_counter(), engine.status().passages
    half = next(moment for moment in told if moment[1] >= held / 2)
    engine.close()
    shutil.rmtree(folder)
    return held / (ended - begun), (held - half[1]) / (told[-1][0] - half[0])


def measured(archive: Path, size: int, *, fast: bool) -> tuple[float, float]:
    """What a program of its own measures; without ``fast`` one that finds no rjieba."""
    with tempfile.TemporaryDirectory() as folder:
        if not fast:
            (Path(folder) / "rjieba.py").write_text("raise ImportError", encoding="utf-8")
        path = os.pathsep.join(filter(None, (folder, str(Path.cwd()), os.environ.get("PYTHONPATH"))))
        command = [
            sys.executable,
            "-m",
            "benchmarks.building",
            "--passages",
            str(archive),
            "--size",
            str(size),
            "--once",
        ]
        run = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path})
        whole, half = run.stdout.split()
        return float(whole), float(half)


def page(rows: Mapping[str, Sequence[tuple[float, float]]], size: int) -> str:
    """The table, under what it was made on."""
    head = ("cutting", "passages/s, median", "least", "most", "second half, median")
    lines = [
        (
            name,
            *(f"{told:,.0f}" for told in (statistics.median(whole), min(whole), max(whole), statistics.median(half))),
        )
        for name, rounds in rows.items()
        for whole, half in [list(zip(*rounds, strict=True))]
    ]
    told = f"{size:,} passages from text to searchable; {len(next(iter(rows.values())))} rounds.\n\n"
    return report.origin("numpy", "jieba", "rjieba") + told + report.table(head, lines)


def main() -> None:
    """Measure every way in processes of their own, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--page", type=Path, default=report.PAGE)
    parser.add_argument("--once", action="store_true", help="measure in this process, and print")
    wanted = parser.parse_args()
    if wanted.once:
        print(*passages_a_second(wanted.passages, wanted.size))
        return
    ways = {"jieba": False} | ({"rjieba": True} if importlib.util.find_spec("rjieba") else {})
    told: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(wanted.repeat):
        for way, fast in ways.items():
            told[way].append(measured(wanted.passages, wanted.size, fast=fast))
            print(way, told[way][-1], flush=True)
    report.write(wanted.page, "benchmarks/building.py", page(told, wanted.size))


if __name__ == "__main__":
    main()
