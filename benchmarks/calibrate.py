"""Fit index/confidence.toml: questions with and without an answer, asked of a home that holds the judged documents.

    python benchmarks/calibrate.py HOME --fit QUESTIONS.jsonl… [--held-out QUESTIONS.jsonl…]

For both models (by words, by meaning) it prints the fitted lines of the declaration, figures from five-fold
cross-validation on the questions fitted on, and figures on the held-out ones. A question whose gold is empty has no
answer. Thresholds: how many answerable questions may fall below is in LOST; among all count those that need no
signs (a number that is held, a title, a passage with every word).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.engine import Engine
from cpkb.engines.results import Signs
from cpkb.knowledge_base import opened
from cpkb.model.query import AllOf, Query, Words
from cpkb.search.compile import compile_query
from cpkb.search.confidence import values_of
from cpkb.search.evaluate import load_judged
from cpkb.search.questions import Questions
from cpkb.settings import Settings

MODELS = {
    "by_words": ("share", "characters", "rarity"),
    "by_meaning": ("share", "characters", "rarity", "nearest"),
}
# Of all answerable questions, how many may fall below; by words the signs are weaker, and more must be given up.
LOST = {"by_words": {"none": 0.04, "perhaps": 0.12}, "by_meaning": {"none": 0.03, "perhaps": 0.12}}
RIDGE = 0.01  # holds weights of signs that go together from running away from one another
Floats = NDArray[np.float64]


def signs_of(
    files: Sequence[Path], engine: Engine, questions: Questions, *, meaning: bool
) -> tuple[list[tuple[Signs, bool]], int]:
    """The signs of every question that has some, and whether it has an answer; how many are answered without signs."""
    found, certain = [], 0
    for file in files:
        for judged in load_judged(file):
            query = Query(text=AllOf((Words(judged.text, meaning=meaning),)))
            results = engine.search(compile_query(query, questions))
            if results.signs:
                found.append((results.signs, bool(judged.gold)))
            elif results.hits and judged.gold:
                certain += 1
    return found, certain


def fit(x: Floats, y: Floats) -> Floats:
    """Weights and constant of a ridge logistic regression on standardised signs, by Newton's method."""
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-12
    z = np.c_[(x - mean) / deviation, np.ones(len(x))]
    w = np.zeros(z.shape[1])
    pull = RIDGE * np.r_[np.ones(len(w) - 1), 0.0]
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        gradient = z.T @ (p - y) / len(y) + pull * w
        w -= np.linalg.solve((z.T * (p * (1 - p))) @ z / len(y) + np.diag(pull + 1e-9), gradient)
    weights = w[:-1] / deviation
    return np.asarray(np.r_[weights, w[-1] - weights @ mean])


def probability(model: Floats, x: Floats) -> Floats:
    """That each question is answered."""
    return np.asarray(1 / (1 + np.exp(-(x @ model[:-1] + model[-1]))))


def separation(p: Floats, y: Floats) -> float:
    """The area under the ROC curve: how often an answerable question stands above one that is not."""
    above = (p[y == 1][:, None] > p[y == 0][None, :]).mean() + 0.5 * (p[y == 1][:, None] == p[y == 0][None, :]).mean()
    return float(above)


def limit_of(p: Floats, certain: int, lost: float) -> float:
    """The probability below which the given share of all answerable questions lies; ``p`` of those that have signs."""
    return float(np.quantile(p, lost * (len(p) + certain) / len(p)))


def cross_validated(x: Floats, y: Floats, certain: int, lost: float) -> tuple[float, float, float]:
    """Separation, share of the unanswerable said to be none, and of the answerable, each fold judged by the others."""
    fold = np.random.default_rng(0).integers(0, 5, len(y))
    p, said_none = np.zeros(len(y)), np.zeros(len(y), dtype=bool)
    for at in range(5):
        model = fit(x[fold != at], y[fold != at])
        inside = probability(model, x[fold != at])
        p[fold == at] = probability(model, x[fold == at])
        limit = limit_of(inside[y[fold != at] == 1], certain * 4 // 5, lost)
        said_none[fold == at] = p[fold == at] < limit
    false = float(said_none[y == 1].sum() / (y.sum() + certain))
    return separation(p, y), float(said_none[y == 0].mean()), false


def arrays(found: Sequence[tuple[Signs, bool]], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Signs, shape (questions, names), and 1 for those that have an answer."""
    values = [values_of(signs) for signs, _ in found]
    return np.array([[v[n] for n in names] for v in values]), np.array([float(answered) for _, answered in found])


def main() -> None:
    """Print both models and how well they tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--fit", nargs="+", type=Path, required=True)
    parser.add_argument("--held-out", nargs="*", type=Path, default=[])
    asked = parser.parse_args()
    with opened(Settings(home=asked.home, result_cache=False)) as kb:
        questions = Questions(kb.analyzer, kb.engine, kb.embedder)
        for name, columns in MODELS.items():
            meaning = "nearest" in columns
            if meaning and kb.embedder is None:
                continue
            found, certain = signs_of(asked.fit, kb.engine, questions, meaning=meaning)
            x, y = arrays(found, columns)
            model = fit(x, y)
            p = probability(model, x)
            limits = {level: limit_of(p[y == 1], certain, lost) for level, lost in LOST[name].items()}
            print(f"\n[{name}]")
            for column, weight in zip((*columns, "constant"), model, strict=True):
                print(f"{column} = {weight:.4g}")
            for level, limit in limits.items():
                print(f"{level} = {limit:.3f}")
            auc, none, false = cross_validated(x, y, certain, LOST[name]["none"])
            print(f"# {len(y)} questions and {certain} that need no signs, cross-validated:")
            print(f"# separation {auc:.3f}, none {none:.3f}, false none {false:.3f}")
            if asked.held_out:
                held, sure = signs_of(asked.held_out, kb.engine, questions, meaning=meaning)
                xh, yh = arrays(held, columns)
                ph = probability(model, xh)
                for level, limit in limits.items():
                    print(
                        f"# held out: below {level} {int((ph[yh == 0] < limit).sum())} of {int((yh == 0).sum())}"
                        f" without an answer, {(ph[yh == 1] < limit).sum() / (yh.sum() + sure):.3f} of those with one"
                    )


if __name__ == "__main__":
    main()
