"""Imports in a process of their own (后台导入): begun by the site, with a life of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from cpkb.pipeline.last_words import LastWords

_KILLED = "它的进程被强行结束（信号 {}），可能是内存不够"
_DIED = "它的程序出错停下了；详情在网站的日志里"
NICENESS = 19  # the least share of the processor: a person who asks comes first, and an import has time


def give_way(process: int = 0) -> None:
    """Leave the processor to who asks; processes that begin from here on do so too, from their first moment."""
    os.setpriority(os.PRIO_PROCESS, process, NICENESS)


def start(home: Path, words: Sequence[str], lock: int, last_words: LastWords) -> None:
    """Run ``cpkb imports …`` on a home, handing over the lock of imports (ImportJobs.taken).

    It belongs to no request, server process or terminal: it goes on when these end. What it says is an error, and goes
    where the server's errors go; its report is in the store. Where it ends without a word, the server says how, as long
    as it is there. Raises DiskFullError.
    """
    last_words.prepare()
    command = [sys.executable, "-m", "cpkb", "--home", str(home), "imports", *words, "--held", str(lock)]
    process = subprocess.Popen(  # noqa: S603 — our own program with our own words
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(lock,), start_new_session=True
    )
    give_way(process.pid)
    threading.Thread(target=_wait, args=(process, last_words), daemon=True).start()  # else it would stay as a zombie


def _wait(process: subprocess.Popen[bytes], last_words: LastWords) -> None:
    code = process.wait()
    if code and not last_words.told():  # one that went well may have been followed by another
        last_words.tell(_KILLED.format(-code) if code < 0 else _DIED)
