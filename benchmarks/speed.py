"""How fast the engine is beside its peers, written to docs/performance.md with pictures in docs/images/.

    python -m benchmarks.speed --passages raw_md.tar.gz --sizes 100000 300000 1000000
        [--only cpkb tantivy…] [--kinds or and…] [--queries FILE.json] [--repeat 9] [--folder FOLDER] [--page FILE.md]

Run from the repository with the extras `[bench]` and `[speed]`. Every engine builds and asks in a process of its own;
the passages, their terms and the questions are the same for all (`benchmarks.passages`). Engines are asked by turns,
never two at once. The page is written after every size, so that a run that is cut off leaves what it has measured.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.passages import Asked, Passage, given_questions, questions, read, real_passages
from benchmarks.peers import INDEX_OF, KINDS, PEERS, Peer, missing
from benchmarks.plots import plot

NUMBA_SWITCH = "CPKB_NUMBA"
"""The environment variable by which the engine goes without numba (0)."""
QUESTIONS = 200  # enough for a 95th percentile that ten questions stand above
ASKED_FROM = 20_000  # passages that questions are made from: they are in random order, and these fit into memory
WARMING = 20  # questions of their own before the clock runs: code is loaded, terms are still new
CHUNK = 1000  # passages read at a time, off the clock
TARGET = 2.0  # times tantivy: of a page's 20 ms and more, what lies below that is not seen
SLOW = ("fts5",)  # measured at the smallest size only: at the largest it alone would take longer than all others
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """An index that an engine makes or is asked."""

    peer: str
    size: int
    index: Path
    passages: Path


class Feed:
    """Passages for an engine, and how long reading them took, which is not the engine's time."""

    def __init__(self, source: Iterator[Passage]) -> None:
        self._source = source
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Passage]:
        while True:
            begun = time.perf_counter()
            held = list(islice(self._source, CHUNK))
            self.seconds += time.perf_counter() - begun
            if not held:
                return
            yield from held


def build(job: Job, *, fields: bool) -> Row:
    """Seconds from ready terms to an index that can be asked, and its megabytes."""
    feed, begun = Feed(read(job.passages, job.size)), time.perf_counter()
    PEERS[job.peer](job.index).build(feed, fields=fields)
    spent = time.perf_counter() - begun - feed.seconds
    held = sum(file.stat().st_size for file in job.index.rglob("*") if file.is_file())
    return {"seconds": spent, "rate": job.size / spent, "mb": held / 1e6}


class _Own:
    """What a process asks."""

    peer: Peer


def open_index(job: Job, kind: str, asked: Asked) -> Row:
    """Milliseconds until it is open, and until it has answered; memory before."""
    PEERS[job.peer](job.index)  # loads the engine's code, which is not opening an index
    before, begun = report.memory(), time.perf_counter()
    _Own.peer = PEERS[job.peer](job.index)
    opened = time.perf_counter()
    _Own.peer.ask(kind, asked)
    return {"before": before, "open": (opened - begun) * 1000, "first": (time.perf_counter() - begun) * 1000}


def ask(kind: str, asked: Sequence[Asked]) -> list[float]:
    """Milliseconds of each question; the last ones warm up."""
    for one in asked[-WARMING:]:
        _Own.peer.ask(kind, one)
    return [_milliseconds(kind, one) for one in asked[:-WARMING]]


def _milliseconds(kind: str, asked: Asked) -> float:
    begun = time.perf_counter()
    _Own.peer.ask(kind, asked)
    return (time.perf_counter() - begun) * 1000


def latencies(rounds: Sequence[Sequence[float]]) -> Row:
    """p50 and p95 over the questions of each question's median, and p50 of the first time each is asked."""
    medians = sorted(map(statistics.median, zip(*rounds, strict=True)))
    return {
        "p50": statistics.median(medians),
        "p95": medians[int(len(medians) * 0.95)],
        "first": statistics.median(rounds[0]),
    }


class Alone:
    """A process of its own for an engine, in which nothing else has been loaded."""

    def __init__(self, peer: str) -> None:
        self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        os.environ[NUMBA_SWITCH] = "0" if peer == "cpkb" else "1"  # inherited by the process, which begins now
        self(time.time)

    def __call__(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """What the work gives, done there."""
        return self._process.submit(work, *given, **named).result()

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()


def measure(wanted: argparse.Namespace, file: Path, asked: Sequence[Asked], size: int) -> list[Row]:
    """A row for every engine at a size."""
    names = [name for name in wanted.only if name not in SLOW or size == min(wanted.sizes)]
    rows: dict[str, Row] = {name: {"peer": name, "size": size, "kinds": {}} for name in names}
    layouts = {"terms": [kind for kind in wanted.kinds if kind != "fields"], "fields": {"fields"} & set(wanted.kinds)}
    for layout, kinds in ((layout, tuple(kinds)) for layout, kinds in layouts.items() if kinds):
        indexes = {name: wanted.folder / "indexes" / f"{INDEX_OF.get(name, name)}-{size}-{layout}" for name in names}
        jobs = {name: Job(name, size, index, file) for name, index in indexes.items()}
        built: dict[Path, Row] = {}
        for name, index in indexes.items():
            if index not in built:
                shutil.rmtree(index, ignore_errors=True)
                with Alone(INDEX_OF.get(name, name)) as alone:
                    built[index] = alone(build, jobs[name], fields=layout == "fields")
        for name, told in asked_by_turns(jobs, kinds, asked, wanted.repeat).items():
            rows[name]["kinds"] |= told.pop("kinds")
            rows[name][layout] = built[indexes[name]] | told
    shutil.rmtree(wanted.folder / "indexes", ignore_errors=True)
    return list(rows.values())


def asked_by_turns(
    jobs: Mapping[str, Job], kinds: Sequence[str], asked: Sequence[Asked], repeat: int
) -> dict[str, Row]:
    """What asking each engine took: one after the other, all again and again, so that a busy while is everybody's."""
    with ExitStack() as opened:
        engines = {name: opened.enter_context(Alone(name)) for name in jobs}
        told = {name: alone(open_index, jobs[name], kinds[0], asked[-1]) for name, alone in engines.items()}
        rounds: dict[tuple[str, str], list[list[float]]] = {(name, kind): [] for name in jobs for kind in kinds}
        for _, kind, name in product(range(repeat), kinds, jobs):
            rounds[name, kind].append(engines[name](ask, kind, asked))
        return {
            name: told[name]
            | {"kinds": {kind: latencies(rounds[name, kind]) for kind in kinds}, "memory": alone(report.memory)}
            for name, alone in engines.items()
        }


# the page


def page(rows: Sequence[Row], kinds: Sequence[str], images: Path) -> str:
    """The tables of all sizes, and a picture for every kind where there is more than one size."""
    sizes = sorted({row["size"] for row in rows})
    parts = [report.origin("numpy", "numba", "tantivy"), *(_of_size(rows, size, kinds) for size in sizes)]
    if len(sizes) > 1:
        images.mkdir(exist_ok=True)
        parts += [_picture(rows, kind, images / f"speed-{kind}.svg") for kind in kinds]
    return "\n".join(parts)


def _of_size(rows: Sequence[Row], size: int, kinds: Sequence[str]) -> str:
    of_size = [row for row in rows if row["size"] == size]
    base: Row = next((row["kinds"] for row in of_size if row["peer"] == "tantivy"), {})
    head = ("engine", *(KINDS[kind] for kind in kinds))
    cells = [[row["peer"], *(_cell(row, kind, base) for kind in kinds)] for row in of_size]
    layouts = [(row, layout) for layout in ("terms", "fields") for row in of_size if layout in row]
    return "\n".join(
        (
            f"### {size:,} passages\n",
            "p50 / p95 in ms, in brackets p50 as a multiple of tantivy's (in bold where the target is missed); then "
            "p50 of the first asking.\n",
            report.table(head, cells),
            report.table(COLUMNS, [_kept(row["peer"], layout, row[layout]) for row, layout in layouts]),
        )
    )


def _cell(row: Row, kind: str, base: Row) -> str:
    told = row["kinds"][kind]
    shown = f"{told['p50']:.3f} / {told['p95']:.3f}"
    if kind in base:
        ratio = told["p50"] / base[kind]["p50"]
        is_missed = row["peer"].startswith("cpkb") and ratio > TARGET
        shown += f" (**{ratio:.2f}×**)" if is_missed else f" ({ratio:.2f}×)"
    return f"{shown}; {told['first']:.3f}"


COLUMNS = (
    "engine", "index", "build s", "passages/s", "MB", "open ms", "first answer ms",
    "RSS MB", "USS MB", "no file MB", "before MB",
)  # fmt: skip


def _kept(peer: str, layout: str, told: Row) -> list[str]:
    held = [told["memory"][name] for name in ("rss", "uss", "anonymous")] + [told["before"]["rss"]]
    built = f"{told['seconds']:.1f}", f"{told['rate']:,.0f}", f"{told['mb']:.0f}"
    return [peer, layout, *built, f"{told['open']:.1f}", f"{told['first']:.1f}", *(f"{mb:.0f}" for mb in held)]


def _picture(rows: Sequence[Row], kind: str, file: Path) -> str:
    peers = dict.fromkeys(row["peer"] for row in rows)
    lines = {p: [(float(r["size"]), float(r["kinds"][kind]["p50"])) for r in rows if r["peer"] == p] for p in peers}
    file.write_text(plot(f"{KINDS[kind]}: p50", "passages", "ms", lines), encoding="utf-8")
    return f"![{KINDS[kind]}: p50 in ms against passages](images/{file.name})\n"


def main() -> None:
    """Measure, and write the page after every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", required=True)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cpkb-speed")
    parser.add_argument("--page", type=Path, default=report.PAGE)
    wanted = parser.parse_args()
    for name in filter(missing, wanted.only):
        print(f"{name} is left out: {missing(name)} is not installed")
    wanted.only = [name for name in wanted.only if not missing(name)]
    file = real_passages(wanted.passages, wanted.folder)
    made = questions(file, min(*wanted.sizes, ASKED_FROM), QUESTIONS + WARMING)
    if wanted.queries:
        made = [*given_questions(wanted.queries, made[:QUESTIONS]), *made[QUESTIONS:]]
    rows: list[Row] = []
    for size in sorted(wanted.sizes):
        rows += (found := measure(wanted, file, made, size))
        print(*found, sep="\n", flush=True)
        report.write(wanted.page, "benchmarks/speed.py", page(rows, wanted.kinds, wanted.page.parent / "images"))


if __name__ == "__main__":
    main()
