"""Links that keep what was asked: the same search with one thing added, taken away or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlencode

from cpkb.model.record import addressed as addressed  # how a page leads to a record is known from here too

_PLACE = "page"  # any other change begins at the first page again


@dataclass(frozen=True, slots=True)
class Here:
    """An address with its parameters, in their order."""

    path: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: str, asked: Mapping[str, Sequence[str]]) -> Here:
        """The address of a request; empty parameters are left out."""
        return cls(path, tuple((n, v.strip()) for n, values in asked.items() for v in values if v.strip()))

    def plus(self, name: str, value: str) -> str:
        """The address that also asks for this value."""
        begins = _unturned(self)
        return f"{begins}{'&' if '?' in begins else '?'}{_quoted(name, value)}"

    def minus(self, name: str, *values: str) -> str:
        """The address without these values of a parameter (all of them when none is given)."""
        return self._address(p for p in self._without_place() if p[0] != name or (values and p[1] not in values))

    def having(self, name: str, value: str) -> str:
        """The address with a parameter set to one value, or taken away when that is empty."""
        kept = [p for p in self._without_place() if p[0] != name]
        return self._address([*kept, (name, value)] if value else kept)

    def at(self, path: str) -> str:
        """The same question asked of another page."""
        return Here(path, self._without_place()).whole()

    def unturned(self) -> str:
        """This address at its first page."""
        return self._address(self._without_place())

    def whole(self) -> str:
        """This very address."""
        return self._address(self.pairs)

    def turned(self, page: int) -> str:
        """The same question's page of results."""
        return self._address([*self._without_place(), *([(_PLACE, str(page))] if page > 1 else [])])

    def value(self, name: str) -> str:
        """The first value of a parameter, or ''."""
        return next((v for n, v in self.pairs if n == name), "")

    def hidden(self, *shown: str) -> list[tuple[str, str]]:
        """What a form must carry along besides the fields it shows."""
        return [p for p in self._without_place() if p[0] not in shown]

    def _without_place(self) -> tuple[tuple[str, str], ...]:
        return tuple(p for p in self.pairs if p[0] != _PLACE)

    def _address(self, pairs: Iterable[tuple[str, str]]) -> str:
        found = "&".join(_quoted(name, value) for name, value in pairs)
        return f"{self.path}?{found}" if found else self.path


@lru_cache(64)  # of a page of results forty addresses begin with it
def _unturned(here: Here) -> str:
    return here.unturned()


@lru_cache(2048)  # a page of results has a hundred addresses, made of the same few pairs
def _quoted(name: str, value: str) -> str:
    return urlencode({name: value}, quote_via=quote)


def with_query(address: str, **parameters: str) -> str:
    """An address (which may end in a fragment) with parameters; empty ones are left out."""
    path, mark, fragment = address.partition("#")
    query = "&".join(_quoted(name, value) for name, value in parameters.items() if value)
    return f"{path}{f'?{query}' if query else ''}{mark}{_fragment(fragment)}"


@lru_cache(2048)  # articles are numbered alike in every law
def _fragment(text: str) -> str:
    return quote(text)


def printed(address: str, site: str) -> str:
    """An address as it stands on paper: whole, readable, without what was asked."""
    path, mark, fragment = address.partition("#")
    return f"{site.rstrip('/')}{path.partition('?')[0]}{mark}{unquote(fragment)}"


def pages_around(current: int, last: int, around: int = 2) -> list[int | None]:
    """Page numbers to link: the first, the last, those around the current one; None stands for a gap."""
    numbers = sorted({1, last, *range(max(1, current - around), min(last, current + around) + 1)})
    row: list[int | None] = []
    for number in numbers:
        if row and row[-1] is not None and number > row[-1] + 1:
            row.append(None)
        row.append(number)
    return row
