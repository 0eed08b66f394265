"""What benchmarks write: tables between marks in a page of docs/, under a line that says where they come from."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
END = "<!-- end -->"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("|" + "|".join(cells) + "|" for cells in (head, ("---",) * len(head), *lines)) + "\n"


def write(page: Path, maker: str, text: str) -> None:
    """Put the text between the marks of its maker."""
    begin = f"<!-- begin: {maker} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{begin}\n{text}{END}{after}", encoding="utf-8")


def origin(*packages: str) -> str:
    """The machine, the versions and the date."""
    cpus = {line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")}
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    machine = f"{os.cpu_count()} cores ({', '.join(sorted(cpus)) or platform.machine()}), {memory / 1e6:.0f} GB"
    held = (f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", *map(_version, packages))
    return f"Measured on {dt.datetime.now(dt.UTC).date()}: {machine}; {', '.join(filter(None, held))}.\n\n"


def memory(process: int | str = "self") -> dict[str, float]:
    """MB of a process: ``rss`` all, ``pss`` with its part of what is shared, ``uss`` its own, ``anonymous`` no file."""
    told = {line.split(":")[0]: int(line.split()[1]) for line in _lines(f"/proc/{process}/smaps_rollup")[1:]}
    own = told["Private_Clean"] + told["Private_Dirty"]
    named = {"rss": told["Rss"], "pss": told["Pss"], "uss": own, "anonymous": told["Anonymous"]}
    return {name: kilobytes * 1024 / 1e6 for name, kilobytes in named.items()}


def processor_time() -> tuple[int, int]:
    """Ticks of all processors since the machine began, and how many of them the host of a virtual machine took."""
    ticks = [int(held) for held in _lines("/proc/stat")[0].split()[1:9]]  # user … steal; guests are in user
    return sum(ticks), ticks[-1]


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
