"""Confidence (把握): whether what was found answers the question, from calibrated signs (index/confidence.toml).

A logistic model of a few signs of the question and its best results, fitted on questions with and without an answer
(benchmarks/calibrate.py); one model where passages have vectors and one by words alone.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cpkb.engines.results import Signs
from cpkb.errors import DeclarationError

LITTLE = 0.05  # of a long question of unknown words, a common pair or two make up as much
MUCH = 0.8  # of what was asked stands in one passage: that is worth showing, whatever the other signs say
LEVELS = ("sure", "perhaps", "none")


@dataclass(frozen=True, slots=True)
class _Model:
    """Weights by sign, the constant, and the probabilities below which it is perhaps, and none."""

    weights: Mapping[str, float]
    constant: float
    perhaps: float
    none: float

    def probability(self, signs: Mapping[str, float]) -> float:
        """That there is an answer."""
        summed = self.constant + sum(weight * signs[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(summed, 50.0), -50.0)))


@dataclass(frozen=True, slots=True)
class Confidence:
    """The two models."""

    by_words: _Model
    by_meaning: _Model

    def probability(self, signs: Signs) -> float:
        """That the results answer the question."""
        return self._model(signs).probability(values_of(signs))

    def level(self, signs: Signs | None) -> str:
        """One of LEVELS; where there are no signs, what matches is what was asked for."""
        if signs is None:
            return "sure"
        probability, model = self.probability(signs), self._model(signs)
        if signs.nearest is None and signs.share < LITTLE:
            return "none"
        if probability < model.none and signs.share < MUCH:
            return "none"
        return "perhaps" if probability < model.perhaps or signs.lacks_number else "sure"

    def _model(self, signs: Signs) -> _Model:
        return self.by_words if signs.nearest is None else self.by_meaning


def values_of(signs: Signs) -> dict[str, float]:
    """The signs by name."""
    values = {"share": signs.share, "characters": float(signs.characters), "rarity": signs.rarity}
    return values if signs.nearest is None else values | {"nearest": signs.nearest}


def load_confidence(file: Path) -> Confidence:
    """Read and check the declaration; raises DeclarationError naming what is missing or not known."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{file.name}: not valid TOML ({error})") from error
    by_words, by_meaning = (_model(raw.get(name), signs, f"{file.name}: [{name}]") for name, signs in _SIGNS.items())
    return Confidence(by_words, by_meaning)


_LIMITS = ("constant", "perhaps", "none")
_SIGNS = {
    "by_words": ("share", "characters", "rarity"),
    "by_meaning": ("share", "characters", "rarity", "nearest"),
}


def _model(raw: object, signs: Sequence[str], place: str) -> _Model:
    if not isinstance(raw, dict) or set(raw) != {*signs, *_LIMITS}:
        names = sorted(raw) if isinstance(raw, dict) else "missing"
        raise DeclarationError(f"{place}: keys are {names}; they must be {sorted((*signs, *_LIMITS))}")
    for name, value in raw.items():
        if not isinstance(value, int | float):
            raise DeclarationError(f"{place}: {name} must be a number, not {value!r}")
    return _Model({name: raw[name] for name in signs}, *(raw[name] for name in _LIMITS))
