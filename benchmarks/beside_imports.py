"""How long pages take while malformed files are imported beside the site, written to docs/performance.md.

    python -m benchmarks.beside_imports HOME [--files 200] [--seconds 60] [--page FILE.md]

HOME is a home with texts in it (benchmarks/serving.py makes one); it is copied first, so that it stays as it is. The
site is started as `cpkb run` starts it, on a free port of the loopback interface, and asked one page after another by a
few clients: first alone, then while `cpkb import` reads files made by tests/pipeline/hostile.py.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from benchmarks import report
from benchmarks.passages import SEED
from benchmarks.serving import questions, serving
from cpkb.knowledge_base import opened
from cpkb.settings import Settings
from tests.pipeline.hostile import hostile

CLIENTS = 2  # people at once: two cores answer two
PAUSE = 0.25  # seconds between the pages of one of them: they read
TIMEOUT = 60.0  # seconds: a page that takes longer counts as so long
LIMIT = 900.0  # seconds that the import may take at most


class Load:
    """Clients that ask pages until they are told to stop."""

    def __init__(self, address: str, asked: Sequence[str]) -> None:
        self.times: list[float] = []
        self.errors = 0
        self._address, self._asked = address, asked
        self._stopped = threading.Event()
        self._clients = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Load:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for client in self._clients:
            client.join()

    def _ask(self, number: int) -> None:
        chosen = random.Random(SEED + number)  # noqa: S311 — the same questions every time
        while not self._stopped.wait(PAUSE):
            begun = time.perf_counter()
            try:
                address = f"{self._address}/search?q={quote(chosen.choice(self._asked))}"
                urllib.request.urlopen(address, timeout=TIMEOUT).read()  # noqa: S310 — our own address
            except OSError:
                self.errors += 1
            self.times.append((time.perf_counter() - begun) * 1000)


def told(way: str, load: Load) -> tuple[str, ...]:
    """A line of the table: times in milliseconds."""
    cuts = statistics.quantiles(load.times, n=100)
    values = (cuts[49], cuts[94], cuts[98], max(load.times))
    return way, str(len(load.times)), *(f"{value:.0f}" for value in values), str(load.errors)


def measured(home: Path, inbox: Path, seconds: float) -> tuple[Load, Load, float]:
    """(alone, beside an import, seconds of the import)."""
    with opened(Settings(home=home)) as kb:
        asked = questions(kb.store)
    command = [sys.executable, "-m", "cpkb", "--home", str(home), "import", str(inbox), "--json"]
    with serving(home, cached=False) as (_, address):
        with Load(address, asked):
            time.sleep(seconds / 4)  # dictionaries and files are read
        with Load(address, asked) as alone:
            time.sleep(seconds)
        begun = time.perf_counter()
        with Load(address, asked) as beside:
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=LIMIT)
        return alone, beside, time.perf_counter() - begun


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--page", type=Path, default=report.PAGE)
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, inbox = Path(shutil.copytree(settings.home, Path(folder) / "home")), Path(folder) / "inbox"
        inbox.mkdir()
        for name, data in hostile(settings.files, SEED):
            (inbox / name).write_bytes(data)
        alone, beside, took = measured(home, inbox, settings.seconds)
    head = ("way", "pages", "p50 ms", "p95 ms", "p99 ms", "longest ms", "errors")
    lines = [told("alone", alone), told(f"beside an import of {settings.files} malformed files", beside)]
    ratio = int(lines[1][3]) / int(lines[0][3])
    text = f"{CLIENTS} clients; the import took {took:.0f} s; p95 beside it is {ratio:.2f} times that alone.\n\n"
    text = report.origin("numpy", "gunicorn") + text + report.table(head, lines)
    print(text)
    report.write(settings.page, "benchmarks/beside_imports.py", text)


if __name__ == "__main__":
    main()
