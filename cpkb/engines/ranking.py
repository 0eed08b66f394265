"""The ranking declaration (index/ranking.toml), checked."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cpkb.errors import DeclarationError

ZONES = ("title", "heading", "text")
_NUMBERS = (
    "document",
    "coverage",
    "quantity_weight",
    "k1",
    "word_share",
    "code_weight",
    "exact_title",
    "tail",
    "ended",
    "draft",
    "aside",
    "synonym_weight",
)
_KEYS = {*_NUMBERS, "zones", "cover", "meaning"}


@dataclass(frozen=True, slots=True)
class Zone:
    """Weight of one occurrence in a zone, and how strongly the zone's length counts (0…1)."""

    weight: float
    b: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """What likeness of meaning adds to a score."""

    weight: float
    """Of the nearest passage, as a share of the best score by words."""
    document: float
    """What stands for the ranking's ``document`` where meaning takes part."""
    span: float
    """Passages whose cosine is less than the nearest's by this much are far, and get nothing."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """BM25F parameters; see the reasons beside the numbers in ranking.toml."""

    k1: float
    document: float
    """What the next best passages of its document add to a passage, as a share of their mean score."""
    coverage: float
    """How much more a passage scores that holds all of the question's information."""
    quantity_weight: float
    word_share: float
    code_weight: float
    exact_title: float
    synonym_weight: float
    ended: float
    draft: float
    """Factors on the score of texts that no longer hold, or never did, on the date asked for."""
    aside: float
    """Factor on the score of what a question did not ask for (`EngineQuery.aside`)."""
    tail: float
    """Passages that score less than this share of the best are not results."""
    meaning: Meaning
    zones: Mapping[str, Zone]
    cover: tuple[tuple[int, float], ...]
    fingerprint: str

    def need(self, terms: int) -> float:
        """The least share of information a passage must hold for a question of so many terms."""
        return next((share for most, share in self.cover if terms <= most), self.cover[-1][1])


def load_ranking(file: Path) -> Ranking:
    """Read and check the declaration; raises DeclarationError naming the key."""
    text = file.read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    if set(raw) != _KEYS:
        raise DeclarationError(f"{file.name}: keys are {sorted(raw)}; they must be {sorted(_KEYS)}")
    if set(raw["zones"]) != set(ZONES):
        raise DeclarationError(f"{file.name}: zones are {sorted(raw['zones'])}; they must be {list(ZONES)}")
    return Ranking(
        **{name: float(raw[name]) for name in _NUMBERS},
        meaning=Meaning(**{name: float(value) for name, value in raw["meaning"].items()}),
        zones={name: Zone(float(zone["weight"]), float(zone["b"])) for name, zone in raw["zones"].items()},
        cover=tuple((int(step["terms"]), float(step["share"])) for step in raw["cover"]),
        fingerprint=hashlib.sha256(text.encode()).hexdigest()[:12],
    )
