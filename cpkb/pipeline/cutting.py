"""Cutting (切分) for the index: what an engine makes passages with, in this process or in others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from cpkb.analysis.cutter import Cutter
from cpkb.engines.passage import IndexedPassage

MadeOf = tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Cutting:
    """``cut``, which stands in a module where another process finds it, with the cutter of the process it runs in."""

    cut: Callable[[Any, Cutter], Iterable[IndexedPassage]]
    made_of: MadeOf
    _cutters: ClassVar[dict[MadeOf, Cutter]] = {}

    @classmethod
    def by(cls, cutter: Cutter, cut: Callable[[Any, Cutter], Iterable[IndexedPassage]]) -> Cutting:
        """Cutting that uses a cutter in this process, and others like it elsewhere."""
        cls._cutters[cutter.made_of] = cutter
        return cls(cut, cutter.made_of)

    def get_ready(self) -> None:
        """Have a cutter, as fast as it can be."""
        if self.made_of not in self._cutters:
            self._cutters[self.made_of] = Cutter(*self.made_of)
            self._cutters[self.made_of].hasten()

    def __call__(self, work: Any) -> Iterable[IndexedPassage]:
        """The passages of a piece of work."""
        self.get_ready()
        return self.cut(work, self._cutters[self.made_of])
