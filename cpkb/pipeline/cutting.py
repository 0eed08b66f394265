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
    """The last one: a cutter is 60 MB, and a process seldom serves two homes."""

    @classmethod
    def by(cls, cutter: Cutter, cut: Callable[[Any, Cutter], Iterable[IndexedPassage]]) -> Cutting:
        """Cutting that uses a cutter in this process, and others like it elsewhere."""
        cls._keep(cutter.made_of, cutter)
        return cls(cut, cutter.made_of)

    def get_ready(self) -> None:
        """Have a cutter, as fast as it can be."""
        if self.made_of not in self._cutters:
            self._keep(self.made_of, Cutter(*self.made_of)).hasten()

    @classmethod
    def _keep(cls, made_of: MadeOf, cutter: Cutter) -> Cutter:
        cls._cutters.clear()
        cls._cutters[made_of] = cutter
        return cutter

    def __call__(self, work: Any) -> Iterable[IndexedPassage]:
        """The passages of a piece of work."""
        self.get_ready()
        return self.cut(work, self._cutters[self.made_of])
