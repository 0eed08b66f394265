"""Where a cited clause is read: in the imported text when it is held, else at what is registered of it."""

from __future__ import annotations

from functools import lru_cache

from cpkb.model.answer import Rest
from cpkb.model.record import Record
from cpkb.model.source import Citation
from cpkb.model.validity import DATED
from cpkb.store.store import Store

KEPT = 512  # documents whose clauses are known: a few kB each


class Places:
    """Looks cited clauses up in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clauses = lru_cache(KEPT)(self._clauses_now)

    def of(self, citation: Citation) -> Rest:
        """The citation with its address."""
        address, clauses = self._clauses(citation.document, self._store.revision())
        anchor = "".join(citation.locator.split())
        if anchor and anchor in clauses:
            return Rest(citation, f"{clauses[anchor]}#{anchor}", is_clause=True)
        return Rest(citation, address)

    def _clauses_now(self, document: str, _revision: int) -> tuple[str, dict[str, str]]:
        """(address of the document or '', anchor → address of the text that has it)."""
        heads = [head for name in DATED for head in self._store.same_work(Record("", name, document))]
        held = [record.id for record, has_body in heads if has_body]
        clauses: dict[str, str] = {}
        for record_id in held:
            for locator in self._store.locators(record_id):
                clauses.setdefault("".join(locator.split()), f"/documents/{record_id}")
        if held:
            return f"/documents/{held[0]}", clauses
        return (heads[0][0].address if heads else ""), clauses
