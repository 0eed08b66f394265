"""The engines there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cpkb.engines.engine import Engine
from cpkb.engines.ranking import Ranking
from cpkb.engines.whoosh.engine import WhooshEngine

ENGINES: Mapping[str, Callable[[Path, Ranking, str, int], Engine]] = {"whoosh": WhooshEngine}
